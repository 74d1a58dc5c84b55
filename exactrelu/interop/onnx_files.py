"""ONNX files: a chain of affine maps and activations, read exactly and written after rounding."""

from collections.abc import Iterator
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rational, rationals
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.interop.activated import Activation
from exactrelu.interop.chain import Affine, Network, Shift, Step, assemble
from exactrelu.interop.extras import require
from exactrelu.interop.rounding import exact_arrays

_FLOATS = ("FLOAT16", "BFLOAT16", "FLOAT", "DOUBLE")
_INTEGERS = tuple(f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64))
_OPERATORS = "Gemm, MatMul, Add, Relu, LeakyRelu, Abs, Sign, Identity, Flatten"
_SIMPLE = {"Relu": "relu", "Abs": "abs", "Sign": "sign"}


def _onnx() -> Any:
    return require("onnx", extra="onnx", purpose="ONNX files")


def load(path: str) -> Network:
    """Read an ONNX file. Raises InputError for a broken one, UnsupportedError naming an operator."""
    onnx = _onnx()
    try:
        model = onnx.load(path)
        onnx.checker.check_model(model)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(
            f"{path}: the file cannot be read: {(error.strerror or str(error)).lower()}"
        ) from None
    except Exception as error:  # protobuf's and ONNX's own classes, which differ between versions
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError(f"{path}: this is no valid ONNX model: {reason:.300}") from None
    return from_model(model, path)


def from_model(model: Any, source: str = "the ONNX model") -> Network:
    """The network of an `onnx.ModelProto` whose graph is one chain from its input to its output."""
    graph = model.graph
    constants = {tensor.name: tensor for tensor in graph.initializer}
    inputs = [v.name for v in graph.input if v.name not in constants]
    if len(inputs) != 1 or len(graph.output) != 1:
        raise UnsupportedError(
            f"{source}: the graph has {len(inputs)} inputs and {len(graph.output)} outputs; one of each is "
            "supported"
        )
    if graph.sparse_initializer:
        raise UnsupportedError(f"{source}: sparse weights are not supported; store them dense")
    steps = list(_steps(graph, constants, inputs[0], source))
    # What is added first may be one number for all entries of the input: only its shape tells how many.
    if isinstance(next((s for s in steps if not isinstance(s, Activation)), None), Shift):
        (declared,) = (v.type.tensor_type.shape.dim for v in graph.input if v.name == inputs[0])
        if declared and (n := declared[-1].dim_value):
            steps.insert(0, Affine([[int(i == k) for k in range(n)] for i in range(n)], [0] * n, "the input"))
    return assemble(steps, source)


def _steps(graph: Any, constants: dict[str, Any], value: str, source: str) -> Iterator[Step]:
    """Follow the chain from `value`, the name of the input, to the output of the graph."""
    for i, node in enumerate(graph.node):
        name = f"{node.op_type} {node.name!r}" if node.name else f"{node.op_type} (node {i})"
        where = f"{source}: {name}"
        if node.domain not in ("", "ai.onnx"):
            raise UnsupportedError(
                f"{source}: the operator {node.domain}.{node.op_type} is not supported; {_OPERATORS} are"
            )
        attributes = {a.name: a for a in node.attribute}
        if node.op_type == "Constant":
            constants[node.output[0]] = _constant(attributes, where)
            continue
        if node.op_type == "Identity" and node.input[0] in constants:
            constants[node.output[0]] = constants[node.input[0]]
            continue
        if node.op_type not in (*_SIMPLE, "Gemm", "MatMul", "Add", "LeakyRelu", "Identity", "Flatten"):
            raise UnsupportedError(
                f"{source}: the operator {node.op_type} is not supported; {_OPERATORS} are"
            )
        if list(node.input).count(value) != 1:
            raise UnsupportedError(
                f"{where} does not continue the chain from the input (it needs {value!r} once); branches "
                "are not supported"
            )
        yield from _step(node, attributes, constants, value, where, name)
        value = node.output[0]
    if value != graph.output[0].name:
        raise UnsupportedError(f"{source}: the output {graph.output[0].name!r} is not the end of the chain")


def _constant(attributes: dict[str, Any], where: str) -> Any:
    """The tensor of a Constant, which holds one or has numbers as an attribute: float32 or int64."""
    import numpy as np

    for name, dtype in (("value_float", np.float32), ("value_int", np.int64)):
        if name in attributes:
            attribute = attributes[name]
            number = attribute.f if dtype is np.float32 else attribute.i
            return _onnx().numpy_helper.from_array(np.array(number, dtype))
        if f"{name}s" in attributes:
            attribute = attributes[f"{name}s"]
            numbers = attribute.floats if dtype is np.float32 else attribute.ints
            return _onnx().numpy_helper.from_array(np.array(numbers, dtype))
    if "value" not in attributes:
        kinds = ", ".join(attributes) or "nothing"
        raise UnsupportedError(f"{where}: a constant of dense numbers is supported, and this has {kinds}")
    return attributes["value"].t


def _step(
    node: Any, attributes: dict[str, Any], constants: dict[str, Any], value: str, where: str, name: str
) -> Iterator[Step]:
    kind = node.op_type
    if kind in _SIMPLE:
        yield Activation(_SIMPLE[kind])
    elif kind == "LeakyRelu":
        alpha = attributes["alpha"].f if "alpha" in attributes else _float32("0.01")
        yield Activation.read("leaky_relu", alpha, name=f"{where}: alpha")
    elif kind == "Flatten":
        if "axis" in attributes and attributes["axis"].i not in (1, -1):
            raise UnsupportedError(f"{where}: only axis 1 is supported, not {attributes['axis'].i}")
    elif kind == "Gemm":
        yield _gemm(node, attributes, constants, value, where, name)
    elif kind == "MatMul":
        if node.input[0] != value:
            raise UnsupportedError(f"{where}: the weights must be the second factor")
        weights = _matrix(constants, node.input[1], where)
        yield Affine(weights.T.tolist(), [0] * weights.shape[1], name)
    elif kind == "Add":
        (other,) = (v for v in node.input if v != value)
        yield Shift(_vector(constants, other, where), name)


def _gemm(
    node: Any, attributes: dict[str, Any], constants: dict[str, Any], value: str, where: str, name: str
) -> Affine:
    """``alpha x B + beta C``, the transposition of ``B`` undone."""
    transposed = {k: attributes[k].i if k in attributes else 0 for k in ("transA", "transB")}
    scale = {
        k: rational(attributes[k].f if k in attributes else 1, name=f"{where}: {k}")
        for k in ("alpha", "beta")
    }
    if node.input[0] != value or transposed["transA"]:
        raise UnsupportedError(f"{where}: the input must be the first factor and not be transposed")
    weights = _matrix(constants, node.input[1], where)
    if weights.dtype.kind in "iu" and any(q.denominator > 1 for q in scale.values()):
        raise UnsupportedError(
            f"{where}: with integer weights alpha and beta must be integers, as ONNX does not say how their "
            "products are rounded"
        )
    rows = (weights if transposed["transB"] else weights.T).tolist()
    biases = [0] * len(rows)
    if len(node.input) > 2 and node.input[2]:
        biases = _vector(constants, node.input[2], where)
        biases *= len(rows) if len(biases) == 1 else 1
    try:
        return Affine(
            [_times(scale["alpha"], row, f"W[{i}]") for i, row in enumerate(rows)],
            _times(scale["beta"], biases, "b"),
            name,
        )
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def _times(scale: mpq, row: list[Any], name: str) -> list[Any]:
    """Exact products; the factor is nearly always 1."""
    return row if scale == 1 else [scale * q for q in rationals(row, name=name)]


def _vector(constants: dict[str, Any], name: str, where: str) -> list[Any]:
    """A constant of shape (), (N,) or (1, N) as a list."""
    array = _array(constants, name, where)
    if array.ndim > 2 or (array.ndim == 2 and array.shape[0] != 1):
        raise UnsupportedError(
            f"{where}: {name!r} has shape {array.shape}; a bias of shape (N,) or (1, N) is supported"
        )
    return list(array.reshape(-1).tolist())


def _matrix(constants: dict[str, Any], name: str, where: str) -> Any:
    array = _array(constants, name, where)
    if array.ndim != 2:
        raise UnsupportedError(f"{where}: {name!r} has shape {array.shape}; a matrix is supported")
    return array


def _array(constants: dict[str, Any], name: str, where: str) -> Any:
    """The constant as an array of floats or integers that hold its entries exactly."""
    onnx = _onnx()
    if name not in constants:
        raise UnsupportedError(f"{where}: {name!r} is computed by the graph; a constant is supported")
    kind = onnx.TensorProto.DataType.Name(constants[name].data_type)
    if kind not in (*_FLOATS, *_INTEGERS):
        kinds = ", ".join((*_FLOATS, *_INTEGERS))
        raise UnsupportedError(f"{where}: {name!r} is of type {kind}; {kinds} are supported")
    array = onnx.numpy_helper.to_array(constants[name])
    return array.astype("float64") if kind == "BFLOAT16" else array


def _float32(text: str) -> float:
    import numpy as np

    return float(np.float32(text))


def to_model(network: DeepNetwork, *, dtype: str = "float32") -> Any:
    """An `onnx.ModelProto` of Gemm and Relu for weights that `dtype` holds exactly (see `rounded`).

    Input "x" of shape (N, inputs), output "y" of shape (N, outputs). Any other weights raise InputError.
    """
    onnx = _onnx()
    helper, tensors, nodes, value = onnx.helper, [], [], "x"
    arrays = exact_arrays(network, dtype)
    for i, (weights, biases) in enumerate(arrays):
        tensors += [
            onnx.numpy_helper.from_array(weights, f"weight_{i}"),
            onnx.numpy_helper.from_array(biases, f"bias_{i}"),
        ]
        end = "y" if i == network.depth else f"z_{i}"
        names = [value, f"weight_{i}", f"bias_{i}"]
        nodes.append(helper.make_node("Gemm", names, [end], name=f"gemm_{i}", transB=1))
        value = end
        if i < network.depth:
            value = f"a_{i}"
            nodes.append(helper.make_node("Relu", [end], [value], name=f"relu_{i}"))
    element = getattr(
        onnx.TensorProto, {"float16": "FLOAT16", "float32": "FLOAT", "float64": "DOUBLE"}[dtype]
    )
    ends = [
        helper.make_tensor_value_info(name, element, ["N", size])
        for name, size in (("x", network.inputs), ("y", network.outputs))
    ]
    graph = helper.make_graph(nodes, "exactrelu", ends[:1], ends[1:], tensors)
    # The oldest versions that have all of this, so that any runtime reads the file.
    opset = helper.make_opsetid("", 13)
    return helper.make_model(graph, producer_name="exactrelu", opset_imports=[opset], ir_version=7)


def save(network: DeepNetwork, path: str, *, dtype: str = "float32") -> None:
    """Write `to_model` to a file, all or nothing."""
    atomic_write(path, to_model(network, dtype=dtype).SerializeToString())
