"""ONNX in and out: the chain of operators, exact weights, refusals by name."""

import numpy as np
import onnx
import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

import exactrelu as er
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.interop import ActivatedNetwork, load_network, rounded, save_network
from exactrelu.interop.onnx_files import to_model


def model(nodes, constants, *, inputs=1, outputs=1, dtype=np.float32, opset=13):
    """A model from the input "x" to the output "y"."""
    element = helper.np_dtype_to_tensor_dtype(np.dtype(dtype))
    tensors = [
        value if isinstance(value, TensorProto) else numpy_helper.from_array(np.array(value, dtype), name)
        for name, value in constants.items()
    ]
    ends = [helper.make_tensor_value_info(n, element, [None, k]) for n, k in (("x", inputs), ("y", outputs))]
    graph = helper.make_graph(nodes, "test", ends[:1], ends[1:], tensors)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)], ir_version=8)


def node(kind, *names, **attributes):
    return helper.make_node(kind, names[:-1], names[-1:], **attributes)


INTEGERS = numpy_helper.from_array(np.eye(2, dtype=np.int32), "I")
A, B = [[1.5, -2.0], [0.25, 1.0]], [[1.0], [-0.5]]


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
@pytest.mark.parametrize("activation", ["Relu", "LeakyRelu", "Abs", "Sign"])
def test_every_operator_agrees_with_the_reference(dtype, activation):
    proto = model(
        [
            node("Flatten", "x", "f"),
            node("Identity", "f", "i"),
            node("MatMul", "i", "A", "m"),
            node("Add", "a", "m", "s"),
            node(activation, "s", "r", **({"alpha": 0.25} if activation == "LeakyRelu" else {})),
            node("Gemm", "r", "B", "b", "y", alpha=0.5, beta=2.0),
        ],
        {"A": A, "a": [0.5, -1.0], "B": B, "b": [0.75]},
        inputs=2,
        dtype=dtype,
    )
    onnx.checker.check_model(proto)
    network = load_network(proto)
    assert isinstance(network, DeepNetwork if activation == "Relu" else ActivatedNetwork)
    assert (network.inputs, network.outputs, network.width, network.depth) == (2, 1, 2, 1)
    points = np.array([[0, 0], [1, 2], [-3, 0.5], [2, -2.25], [-1, -1]], dtype)
    (expected,) = ReferenceEvaluator(proto).run(None, {"x": points})
    # Few bits: numpy's arithmetic is exact here.
    assert [mpq(float(v)) for v in expected[:, 0]] == list(network(points.tolist()))


def test_one_number_added_to_all_inputs():
    nodes = [node("Relu", "x", "r"), node("Add", "r", "b", "s"), node("Gemm", "s", "B", "y")]
    network = load_network(model(nodes, {"b": [0.5], "B": B}, inputs=2))
    assert (network.inputs, network([1, -3])) == (2, mpq(5, 4))
    with pytest.raises(InputError, match="takes 2 inputs, but the step before gives 1"):
        load_network(model([node("Add", "x", "b", "y")], {"b": [1.0, 2.0]}))


def test_default_slope_of_leaky_relu_is_the_float32_number():
    network = load_network(model([node("LeakyRelu", "x", "z"), node("Add", "z", "b", "y")], {"b": [0.0]}))
    assert network.activations[0].slope == mpq(float(np.float32(0.01)))
    assert network(-1) == -mpq(float(np.float32(0.01)))


@given(st.lists(st.floats(width=32, allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_weights_are_the_numbers_that_they_hold(values):
    w, b, v, c = values
    proto = model(
        [node("Gemm", "x", "W", "b", "z"), node("Relu", "z", "r"), node("Gemm", "r", "V", "c", "y")],
        {"W": [[w]], "b": [b], "V": [[v]], "c": [c]},
    )
    network = load_network(proto)
    assert network == DeepNetwork([([[w]], [b]), ([[v]], [c])])
    assert load_network(to_model(network)) == network


def test_constants_of_other_origins_and_shapes():
    bias = numpy_helper.from_array(np.array([[1.0, 2.0]], np.float32))
    scalar = numpy_helper.from_array(np.array(0.5, np.float32))
    proto = model(
        [
            helper.make_node("Constant", [], ["b"], value=bias),
            helper.make_node("Constant", [], ["s"], value=scalar),
            node("Identity", "A", "A2"),
            node("Gemm", "x", "A2", "b", "z", transB=1),
            node("Add", "z", "s", "r"),
            node("Gemm", "r", "B", "y"),
        ],
        {"A": A, "B": B},
        inputs=2,
    )
    (layer,) = load_network(proto).layers  # affine maps are multiplied out
    assert layer == (((mpq(1.5) - mpq(0.125), -2 - mpq(0.5)),), (mpq(1.5) - mpq(1.25),))


@pytest.mark.parametrize(
    ("attributes", "bias"),
    [
        ({"value_float": 0.1}, [mpq(float(np.float32(0.1)))] * 2),
        ({"value_floats": [0.1, -3.0]}, [mpq(float(np.float32(0.1))), -3]),
        ({"value_int": 2**62 + 1}, [2**62 + 1] * 2),
        ({"value_ints": [-5, 2**53 + 1]}, [-5, 2**53 + 1]),
    ],
)
def test_constants_that_are_numbers(attributes, bias):
    proto = model(
        [
            helper.make_node("Constant", [], ["b"], **attributes),
            node("MatMul", "x", "A", "z"),
            node("Add", "z", "b", "y"),
        ],
        {"A": [[1.0, 2.0]]},
    )
    ((rows, biases),) = load_network(proto).layers
    assert (rows, list(biases)) == (((1,), (2,)), bias)


@pytest.mark.parametrize("dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_integer_weights(dtype):
    """The largest and the smallest number of the type, which float64 does not hold, come out as they are."""
    low, high = np.iinfo(dtype).min, np.iinfo(dtype).max
    proto = model(
        [
            node("Gemm", "x", "W", "b", "z", alpha=3.0, beta=-2.0),
            node("Abs", "z", "a"),
            node("MatMul", "a", "V", "y"),
        ],
        {"W": [[low, high]], "b": [high], "V": [[1], [high - 1]]},
        dtype=dtype,
    )
    network = load_network(proto)
    assert network.layers == ((((3 * low,), (3 * high,)), (-2 * high, -2 * high)), (((1, high - 1),), (0,)))


def test_an_integer_network_agrees_with_the_reference():
    proto = model(
        [node("Gemm", "x", "W", "b", "z"), node("Relu", "z", "r"), node("Gemm", "r", "V", "c", "y")],
        {"W": [[3, -2]], "b": [1, 4], "V": [[5], [-7]], "c": [11]},
        dtype=np.int32,
        opset=14,
    )
    points = np.arange(-4, 5, dtype=np.int32)[:, None]
    (expected,) = ReferenceEvaluator(proto).run(None, {"x": points})
    assert list(load_network(proto)(points[:, 0])) == expected[:, 0].tolist()


def test_bfloat16():
    import ml_dtypes

    weights = numpy_helper.from_array(np.array([[1.5]], ml_dtypes.bfloat16), "W")
    network = load_network(model([node("MatMul", "x", "W", "y")], {"W": weights}))
    assert network.layers == ((((mpq(3, 2),),), (0,)),)


@pytest.mark.parametrize(
    ("nodes", "constants", "message"),
    [
        ([node("Tanh", "x", "y")], {}, "operator Tanh is not supported; Gemm, MatMul"),
        ([node("Relu", "x", "y", domain="my.ops")], {}, "operator my.ops.Relu is not supported"),
        ([node("Add", "x", "x", "y")], {}, "branches"),
        ([node("Relu", "x", "z"), node("Add", "z", "x", "y")], {}, "'x' is computed by the graph"),
        ([node("Gemm", "x", "A", "y", transA=1)], {"A": A}, "not be transposed"),
        ([node("MatMul", "A", "x", "y")], {"A": A}, "weights must be the second factor"),
        ([node("Add", "x", "A", "y")], {"A": A}, r"has shape \(2, 2\); a bias"),
        ([node("Flatten", "x", "y", axis=0)], {}, "only axis 1"),
        (
            [node("MatMul", "x", "I", "y")],
            {"I": numpy_helper.from_array(np.eye(2, dtype=np.bool_), "I")},
            "'I' is of type BOOL; FLOAT16, BFLOAT16, FLOAT, DOUBLE, INT8, INT16,",
        ),
        ([node("Gemm", "x", "I", "y", alpha=0.5)], {"I": INTEGERS}, "alpha and beta must be integers"),
        (
            [helper.make_node("Constant", [], ["s"], value_string="1"), node("Add", "x", "s", "y")],
            {},
            "a constant of dense numbers is supported, and this has value_string",
        ),
        ([node("Relu", "x", "z"), node("Identity", "B", "y")], {"B": B}, "not the end of the chain"),
    ],
)
def test_refused_by_name(nodes, constants, message):
    with pytest.raises(UnsupportedError, match=message):
        load_network(model(nodes, constants))


@pytest.mark.parametrize(
    ("nodes", "constants", "message"),
    [
        ([node("Relu", "x", "y")], {}, "no affine layer"),
        (
            [node("MatMul", "x", "A", "z"), node("MatMul", "z", "C", "y")],
            {"A": A, "C": [[1.0]]},
            "takes 1 inputs",
        ),
        ([node("MatMul", "x", "N", "y")], {"N": [[np.nan]]}, "nan"),
        ([node("Gemm", "x", "A", "b", "y", beta=2.0)], {"A": A, "b": [np.inf, 0]}, r"b\[0\] = inf"),
        ([node("Gemm", "x", "A", "y", alpha=np.inf)], {"A": A}, r"model: Gemm \(node 0\): alpha = inf"),
        (
            [node("MatMul", "x", "A", "z"), node("LeakyRelu", "z", "y", alpha=np.nan)],
            {"A": A},
            r"LeakyRelu \(node 1\): alpha = nan",
        ),
        ([node("MatMul", "x", "Z", "y")], {"Z": np.zeros((1, 0))}, "no rows"),
    ],
)
def test_bad_models(nodes, constants, message):
    with pytest.raises(InputError, match=message):
        load_network(model(nodes, constants))


def test_files(tmp_path):
    target = tmp_path / "n.onnx"
    with pytest.raises(InputError, match="no such file"):
        load_network(target)
    target.write_bytes(b"hello")
    with pytest.raises(InputError, match="no valid ONNX model"):
        load_network(target)
    f = er.PiecewiseLinear.through([0, 1, 3], [0, "1/3", -1])
    done = save_network(f, target, interval=(-10, 10))
    assert load_network(target) == done.network
    onnx.checker.check_model(onnx.load(target), full_check=True)
    grid = np.linspace(-10, 10, 201, dtype=np.float32)
    (out,) = ReferenceEvaluator(str(target)).run(None, {"x": grid[:, None]})
    assert max(abs(mpq(float(v)) - f(x)) for x, v in zip(grid, out[:, 0], strict=True)) < done.error + mpq(
        1, 10**5
    )


def test_rounded_twice_is_rounded_once():
    network = DeepNetwork([([["1/3"], ["2/7"]], [1, "-1/5"]), ([[1, "1/9"]], [0])])
    for dtype in ("float16", "float32", "float64"):
        once = rounded(network, dtype=dtype)
        assert once.changed == 4
        again = rounded(once.network, dtype=dtype)
        assert (again.changed, again.error, again.network) == (0, 0, once.network)
