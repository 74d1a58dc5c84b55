"""PyTorch's file format, without PyTorch: tensors and plain modules read, state dicts written.

A `.pt` file holds a pickle and, apart from it, the raw numbers of every tensor. A pickle may ask for any
function by name and have it called; here names are looked up in one short table and nowhere else, as
``torch.load(weights_only=True)`` does, and what stands in the table only makes the inert objects below.

Sources: ``torch/serialization.py`` for the archive, in use since PyTorch 1.6, and for the stream before it;
the Python documentation of `pickle`, "Restricting Globals".
"""

import pickle
import pickletools
import zipfile
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import BytesIO
from math import prod
from typing import Any, BinaryIO

from exactrelu.arithmetic.errors import ExactReluError, InputError, UnsupportedError

MODULES = ("Linear", "ReLU", "LeakyReLU", "Identity", "Flatten", "Dropout", "Sequential")
FLOATS = ("float16", "bfloat16", "float32", "float64")
_MAGIC = 0x1950A86A20F9469CFC6C  # what the older stream begins with
_NUMPY = {"float16": "f2", "bfloat16": "u2", "float32": "f4", "float64": "f8"}
_STORAGES = {
    "HalfStorage": "float16",
    "BFloat16Storage": "bfloat16",
    "FloatStorage": "float32",
    "DoubleStorage": "float64",
    "BoolStorage": "bool",
    "ByteStorage": "uint8",
    "CharStorage": "int8",
    "ShortStorage": "int16",
    "IntStorage": "int32",
    "LongStorage": "int64",
}
_SIZES = {"bool": 1, "uint8": 1, "int8": 1, "int16": 2, "int32": 4, "int64": 8} | {
    kind: int(code[1]) for kind, code in _NUMPY.items()
}


class Module:
    """A module of a file: the name of its class, and its ``state``, which is data."""

    kind = ""
    state: Any = None

    def __setstate__(self, state: Any) -> None:
        self.state = state


_KINDS: dict[str, type] = {kind: type(kind, (Module,), {"kind": kind}) for kind in MODULES}


@dataclass(slots=True)
class Storage:
    """The numbers that tensors are views of; ``raw`` is filled in when the file is read to its end."""

    kind: str
    count: int
    raw: bytes = field(default=b"", repr=False)
    order: str = "<"


@dataclass(frozen=True, slots=True)
class Tensor:
    """A view of a storage: from `offset`, with a `shape` and a stride for every axis."""

    storage: Storage
    offset: int
    shape: tuple[int, ...]
    strides: tuple[int, ...]

    @property
    def kind(self) -> str:
        """The type of its numbers, as PyTorch calls it."""
        return self.storage.kind

    def entries(self) -> Any:
        """Nested lists of floats, which hold the numbers exactly; `kind` is one of FLOATS."""
        import numpy as np

        store, size = self.storage, _SIZES[self.kind]
        if not all(type(v) is int and v >= 0 for v in (self.offset, *self.shape, *self.strides)):
            raise ValueError("sizes that are no numbers")
        if len(self.shape) != len(self.strides) or len(store.raw) != store.count * size:
            raise ValueError("sizes that do not fit")
        # Nothing is read outside the storage, and no view is larger than it.
        last = self.offset + sum((n - 1) * s for n, s in zip(self.shape, self.strides, strict=True))
        if prod(self.shape) and (last >= store.count or prod(self.shape) > store.count):
            raise ValueError("a view beyond its storage")
        flat = np.frombuffer(store.raw, dtype=store.order + _NUMPY[self.kind])
        if self.kind == "bfloat16":  # the upper half of a float32
            flat = (flat.astype("u4") << 16).view("f4")
        places = np.full(self.shape, self.offset)
        for axis, (n, s) in enumerate(zip(self.shape, self.strides, strict=True)):
            places += (np.arange(n) * s).reshape([-1 if k == axis else 1 for k in range(len(self.shape))])
        return flat[places].tolist()


class _Reader(pickle.Unpickler):
    """Unpickles what the table names; every storage that it meets is in ``storages``."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__(stream, encoding="utf-8")
        self.storages: dict[str, Storage] = {}

    def find_class(self, module: str, name: str) -> Any:
        """What the pickle may call; anything else is refused by name."""
        if module == "torch" and name in _STORAGES:
            return _STORAGES[name]
        if module.startswith("torch.nn."):
            if name in _KINDS:
                return _KINDS[name]
            raise UnsupportedError(f"the module {name:.80} is not supported; {', '.join(MODULES)} are")
        if (module, name) == ("torch._utils", "_rebuild_tensor_v2"):
            return self._tensor
        if (module, name) == ("torch._utils", "_rebuild_parameter"):
            return self._parameter
        if (module, name) == ("collections", "OrderedDict"):
            return OrderedDict
        if (module, name) in (("builtins", "set"), ("__builtin__", "set")):
            return set
        raise InputError(
            f"it is refused: it holds {module:.80}.{name:.80}, and only dense tensors and plain modules "
            "are loaded; save model.state_dict() with torch.save"
        )

    def persistent_load(self, pid: Any) -> Any:
        """A storage: ``("storage", type, key, device, count)``, in the older stream with a None more.

        That has ``("module", class, file, source)`` too, for a class of modules.
        """
        what, kind, *_ = pid
        if what == "module" and kind in _KINDS.values():
            return kind
        what, kind, key, _, count, *view = pid
        if (what, type(key), view) not in (("storage", str, []), ("storage", str, [None])):
            raise ValueError("no storage")
        return self.storages.setdefault(key, Storage(kind, count))

    def _tensor(self, storage: Storage, offset: int, shape: Any, strides: Any, *_: Any) -> Tensor:
        return Tensor(storage, offset, tuple(shape), tuple(strides))

    def _parameter(self, tensor: Tensor, *_: Any) -> Tensor:
        return tensor


def read(stream: BinaryIO) -> Any:
    """The content of a file of ``torch.save``: containers of numbers, texts, `Tensor` and `Module`.

    Raises InputError for anything else, UnsupportedError for a module that is not supported. Linear.
    """
    try:
        start = stream.read(4)
        stream.seek(0)
        return _read_archive(stream) if start == b"PK\x03\x04" else _read_stream(stream)
    except (ExactReluError, OSError):
        raise
    except Exception as error:  # a damaged pickle may make any class of exception
        raise InputError("it is not in PyTorch's format, or damaged") from error


def _read_archive(stream: BinaryIO) -> Any:
    with zipfile.ZipFile(stream) as archive:
        names = archive.namelist()
        (top,) = (name.removesuffix("data.pkl") for name in names if name.rpartition("/")[2] == "data.pkl")
        if any(name.startswith(f"{top}code/") for name in names):
            raise UnsupportedError(
                "a TorchScript program is not supported; save model.state_dict() with torch.save"
            )

        def record(name: str) -> bytes:
            # PyTorch compresses nothing, and so nothing is longer than the file.
            if archive.getinfo(top + name).compress_type != zipfile.ZIP_STORED:
                raise ValueError("a compressed record")
            return archive.read(top + name)

        reader, content = _unpickled(BytesIO(record("data.pkl")))
        big = f"{top}byteorder" in names and record("byteorder") == b"big"
        for key, storage in reader.storages.items():
            storage.raw, storage.order = record(f"data/{key}"), ">" if big else "<"
    return content


def _read_stream(stream: BinaryIO) -> Any:
    """The format before 1.6: pickles of magic number, version, machine and content, the keys, the numbers."""
    header = [_unpickled(stream)[1] for _ in range(3)]
    if header[0] != _MAGIC:
        raise ValueError("another magic number")
    reader, content = _unpickled(stream)
    _, keys = _unpickled(stream)
    little = header[2]["little_endian"]
    for key in keys:
        storage = reader.storages[key]
        storage.order = "<" if little else ">"
        count = int.from_bytes(stream.read(8), "little" if little else "big", signed=True)
        storage.raw = stream.read(max(count, 0) * _SIZES[storage.kind])
    return content


def _unpickled(stream: BinaryIO) -> tuple[_Reader, Any]:
    """The next pickle of the stream."""
    start, most = stream.tell(), 0
    for operation, argument, _ in pickletools.genops(stream):
        if "PUT" in operation.name and argument is not None:
            most = max(most, int(argument))
    # Python makes room for as many objects as the largest number among them says.
    if most > stream.tell() - start:
        raise ValueError("more objects than bytes")
    stream.seek(start)
    reader = _Reader(stream)
    return reader, reader.load()


def archive(tensors: Iterable[tuple[str, Any]], *, dtype: str) -> bytes:
    """A file that ``torch.load`` reads as a state dict: names with arrays of `dtype`, in order."""
    kind = next(name for name, type_ in _STORAGES.items() if type_ == dtype)
    program: list[bytes] = [b"\x80\x02ccollections\nOrderedDict\n)R("]
    raws: list[bytes] = []
    for name, array in tensors:
        strides = [prod(array.shape[k + 1 :]) for k in range(array.ndim)]
        program += [
            _text(name), b"ctorch._utils\n_rebuild_tensor_v2\n((", _text("storage"),
            f"ctorch\n{kind}\n".encode(), _text(str(len(raws))), _text("cpu"), _integer(array.size), b"tQ",
            _integer(0), b"(", *map(_integer, array.shape), b"t(", *map(_integer, strides), b"t",
            b"\x89ccollections\nOrderedDict\n)RtR",
        ]  # fmt: skip
        raws.append(array.astype("<" + _NUMPY[dtype]).tobytes())
    program.append(b"u.")
    records = {"data.pkl": b"".join(program), "byteorder": b"little"}
    records |= {f"data/{k}": raw for k, raw in enumerate(raws)} | {"version": b"3\n"}
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, record in records.items():
            # A fixed date, so that equal networks make equal files.
            target.writestr(zipfile.ZipInfo(f"archive/{name}"), record)
    return content.getvalue()


def _text(text: str) -> bytes:
    return b"X" + len(text.encode()).to_bytes(4, "little") + text.encode()


def _integer(value: int) -> bytes:
    return b"J" + value.to_bytes(4, "little", signed=True)
