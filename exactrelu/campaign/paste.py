"""Values as Python source, so that a counterexample can be pasted."""

import dataclasses
import re
import sys
from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from gmpy2 import mpq, mpz

from exactrelu.campaign.anatomy import is_array
from exactrelu.functions.dataset import Dataset
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.functions.shallow_network import ShallowNetwork

_PLAIN = (bool, int, str, bytes, type(None))
_LONGEST = 1000  # characters of a repr


class NotPastable(Exception):  # noqa: N818 - caught here in the campaign, it offers the seed instead
    """The value contains something that has no source form."""


def expression(value: Any) -> tuple[str, frozenset[str]]:
    """A Python expression that gives the value back, and the import lines that it needs.

    >>> expression((mpq(1, 2), [3]))
    ("(mpq('1/2'), [3])", frozenset({'from gmpy2 import mpq'}))

    Raises
    ------
    NotPastable
        If the value contains an object of a class that cannot be imported, or whose form is not known.
    """
    imports = _Imports()
    return _write(value, imports), frozenset(imports)


class _Imports(set[str]):
    """Import lines, and the file whose classes go by the name ``module``."""

    def __init__(self, home: str | None = None) -> None:
        super().__init__()
        self.home, self.uses_home = home, False


def snippet(value: Any, call: str, opening: Sequence[str] = (), home: str | None = None) -> str:
    """Lines of Python that build `value` and then evaluate `call`, in which ``{}`` stands for the value.

    Classes of the module `home`, which a line ``load(...)`` of the opening makes, are taken from there.

    >>> print(snippet(Dataset.read([0, 1], ["1/2", 3]), "len({})"))
    from exactrelu.functions import Dataset
    <BLANKLINE>
    x = [0, 1]
    y = ['1/2', 3]
    len(Dataset.read(x, y))
    """
    imports = _Imports(home)
    if isinstance(value, Dataset):
        imports.add("from exactrelu.functions import Dataset")
        body = [f"x = {_numbers(value.x)}", f"y = {_numbers(value.y)}"]
        name = "Dataset.read(x, y)"
    else:
        body = [f"instance = {_write(value, imports)}"]
        name = "instance"
    if imports.uses_home:
        opening = [f"module = {line}" if line.startswith("load(") else line for line in opening]
    return in_order([*opening, *sorted(imports), *body, call.format(name)])


def in_order(lines: Sequence[str]) -> str:
    """One piece of source: the import lines first, one a module, then an empty line and the rest."""
    head, names = set(), defaultdict(set)
    for line in filter(_is_import, lines):
        module, _, name = line.removeprefix("from ").partition(" import ")
        if name:
            names[module].add(name)
        else:
            head.add(line)
    head |= {f"from {module} import {', '.join(sorted(found))}" for module, found in names.items()}
    return "\n".join([*sorted(head), "", *(line for line in lines if not _is_import(line))])


def _is_import(line: str) -> bool:
    return line.startswith(("from ", "import "))


def _write(value: Any, imports: _Imports) -> str:
    if type(value) in _PLAIN:
        return _integer(value) if type(value) is int else repr(value)
    if isinstance(value, type(mpq())):
        imports.add("from gmpy2 import mpq")
        return f"mpq({str(value)!r})"
    if isinstance(value, type(mpz())):
        imports.add("from gmpy2 import mpz")
        return f"mpz({str(value)!r})"
    if type(value) is Fraction:
        imports.add("from fractions import Fraction")
        return f"Fraction({_integer(value.numerator)}, {_integer(value.denominator)})"
    if type(value) is float:
        return repr(value) if value - value == 0 else f"float({str(value)!r})"
    if isinstance(value, Dataset | PiecewiseLinear) or type(value) is ShallowNetwork:
        imports.add(f"from exactrelu.functions import {type(value).__name__}")
        if "RadicalSum" in (text := repr(value)):
            imports.add("from exactrelu.arithmetic import RadicalSum")
        return text
    if is_array(value):
        imports.add("import numpy")
        entries = _write(value.tolist(), imports)
        return f"numpy.array({entries}, dtype={value.dtype.name!r}){_shaped(value.shape)}"
    return _container(value, imports)


def _shaped(shape: tuple[int, ...]) -> str:
    # No list says how wide a matrix without rows is, and objects may be lists themselves.
    return "" if len(shape) == 1 else f".reshape({shape})"


def _container(value: Any, imports: _Imports) -> str:
    kind = type(value)
    if kind is tuple:
        inner = ", ".join(_write(v, imports) for v in value)
        return f"({inner},)" if len(value) == 1 else f"({inner})"
    if kind is list:
        return "[" + ", ".join(_write(v, imports) for v in value) + "]"
    if kind is dict:
        return "{" + ", ".join(f"{_write(k, imports)}: {_write(v, imports)}" for k, v in value.items()) + "}"
    if kind is set or kind is frozenset:
        return f"{kind.__name__}([{', '.join(_write(v, imports) for v in sorted(value, key=repr))}])"
    module = sys.modules.get(kind.__module__)
    at_home = imports.home is not None and kind.__module__ == imports.home
    if getattr(module, kind.__name__, None) is not kind or not (at_home or _importable(kind.__module__)):
        raise NotPastable(kind.__qualname__)
    if isinstance(value, tuple) and hasattr(kind, "_fields"):
        fields = [(name, getattr(value, name)) for name in kind._fields]
    elif dataclasses.is_dataclass(value):
        fields = [(f.name, getattr(value, f.name)) for f in dataclasses.fields(value) if f.init]
    else:
        raise NotPastable(kind.__qualname__)
    name = kind.__name__
    if at_home:
        imports.uses_home, name = True, f"module.{name}"
    else:
        imports.add(f"from {kind.__module__} import {name}")
    return f"{name}({', '.join(f'{name}={_write(v, imports)}' for name, v in fields)})"


def _importable(module: str) -> bool:
    # Files given to `verify` are modules without a spec: no import statement finds them.
    return module != "__main__" and getattr(sys.modules.get(module), "__spec__", None) is not None


def described(value: Any) -> str:
    """What stands for a value that has no source form: its repr, cut where it is long, on one line.

    >>> described(object())
    '<object object>'
    """
    kind = type(value)
    try:
        text = repr(value)
        inside = getattr(value, "__dict__", None)
        if inside and getattr(kind, "__repr__", None) == object.__repr__:
            text = f"{kind.__qualname__} object with {inside!r}"
    except Exception:  # a repr of the user's
        text = f"an object of class {kind.__qualname__} without a repr"
    text = " ".join(re.sub(r" at 0x[0-9a-fA-F]+", "", text).split())
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}... ({len(text):,} characters)"


def _integer(value: int) -> str:
    # repr stops at CPython's limit of 4,300 digits; hexadecimal literals have none.
    return repr(value) if value.bit_length() < 4000 else hex(value)


def _numbers(values: Sequence[mpq]) -> str:
    return "[" + ", ".join(_number(q) for q in values) + "]"


def _number(q: mpq) -> str:
    text = str(q)
    return text if q.denominator == 1 and len(text) <= 40 else repr(text)
