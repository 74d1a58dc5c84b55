"""The architectures whose training problem is a Lasso problem, and what is asked of their parameters."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import prod
from numbers import Integral
from typing import Any, Literal, TypeAlias, cast

from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.functions.display import show

Activation: TypeAlias = Literal["relu", "leaky_relu", "abs", "sign", "threshold"]
Shape: TypeAlias = Literal["narrow", "rectangular", "tree"]

ACTIVATIONS: tuple[Activation, ...] = ("relu", "leaky_relu", "abs", "sign", "threshold")
DEEPEST: dict[Activation, int] = {"relu": 4, "leaky_relu": 2, "abs": 3, "threshold": 2}
WIDEST = 10**9


@dataclass(frozen=True, slots=True)
class Architecture:
    """Parallel sub-networks of one kind, their outputs added up; validated by `architecture`.

    Attributes
    ----------
    activation : str
    layers : int
        ``L >= 2``, the output layer counted: ``L - 1`` hidden layers.
    slope : mpq
        Of leaky ReLU for negative arguments; 0 otherwise.
    shape : str
        ``"narrow"``: one unit in each hidden layer of a sub-network. Sign activation with ``L >= 3`` only:
        ``"rectangular"`` (fully connected) or ``"tree"`` (the units below a unit are its own).
    widths : tuple of int
        ``m_1 .. m_{L-2}`` of a rectangular or tree sub-network, whose last hidden layer has one unit. In a
        tree each unit of hidden layer ``l + 1`` has ``m_l`` units below it.
    """

    activation: Activation
    layers: int
    slope: mpq
    shape: Shape
    widths: tuple[int, ...]

    @property
    def is_continuous(self) -> bool:
        """Whether sub-networks are continuous functions."""
        return self.activation not in ("sign", "threshold")

    @property
    def degree(self) -> int:
        """The degree in which the penalised weights of a sub-network scale its output.

        All ``L`` weights of a narrow network of a homogeneous activation; otherwise the amplitude of the last
        hidden unit and the output weight.
        """
        return self.layers if self.is_continuous else 2

    @property
    def switches(self) -> int:
        """Sign activation: the largest number of sign changes of a sub-network.

        A unit changes its sign only where a unit below does. So it is 1 for ``L = 2``; ``m_1`` for a
        rectangular sub-network, where all changes come from the first layer; ``m_1 ... m_{L-2}`` for a tree.
        """
        if self.layers == 2:
            return 1
        return self.widths[0] if self.shape == "rectangular" else prod(self.widths)

    def __str__(self) -> str:
        names = {"relu": "ReLU", "leaky_relu": f"leaky ReLU ({self.slope})", "abs": "absolute value"}
        name = names.get(self.activation, self.activation)
        if self.widths:
            name += f", {self.shape} {'-'.join(map(str, self.widths))}"
        return f"{name}, {self.layers} layers"


def architecture(
    *,
    layers: Any = 2,
    activation: Any = "relu",
    slope: Any = None,
    shape: Any = None,
    widths: Any = None,
) -> Architecture:
    """Validate; raises InputError for arguments that make no sense, UnsupportedError for what is not known.

    >>> str(architecture(layers=3, activation="sign", shape="tree", widths=[3]))
    'sign, tree 3, 3 layers'
    """
    if activation not in ACTIVATIONS:
        raise InputError(f"activation = {show(activation)}: one of {', '.join(ACTIVATIONS)} is expected")
    if isinstance(layers, bool) or not isinstance(layers, Integral) or int(layers) < 2:
        raise InputError(
            f"layers = {show(layers)}: an integer of at least 2 is expected (output layer included)"
        )
    kind, layers = cast(Activation, activation), int(layers)
    if layers > DEEPEST.get(kind, layers):
        raise UnsupportedError(
            f"{kind} networks are known as Lasso problems up to {DEEPEST[kind]} layers, not {show(layers)}"
        )
    if (kind == "leaky_relu") != (slope is not None):
        raise InputError(
            "leaky_relu needs slope, the slope for negative arguments"
            if slope is None
            else f"slope belongs to leaky_relu, not to {kind}"
        )
    below = mpq(0) if slope is None else rational(slope, name="slope")
    if kind != "sign" or layers == 2:
        if widths is not None or shape not in (None, "narrow"):
            raise InputError("shape and widths belong to sign networks of 3 layers or more")
        return Architecture(kind, layers, below, "narrow", ())
    if shape not in (None, "rectangular", "tree"):
        raise InputError(f"shape = {show(shape)}: rectangular or tree is expected")
    return Architecture(kind, layers, below, shape or "rectangular", _widths(widths, layers))


def _widths(widths: Any, layers: int) -> tuple[int, ...]:
    if widths is None or not isinstance(widths, Iterable) or isinstance(widths, str | bytes):
        raise InputError(
            f"sign networks of {show(layers)} layers need widths, a sequence of {show(layers - 2)}: of all "
            "hidden layers but the last, which has one unit"
        )
    found = tuple(widths)
    if len(found) != layers - 2:
        raise InputError(f"widths has {len(found)} entries; {show(layers)} layers need {show(layers - 2)}")
    for i, m in enumerate(found):
        if isinstance(m, bool) or not isinstance(m, Integral) or not 1 <= int(m) <= WIDEST:
            raise InputError(f"widths[{i}] = {show(m)}: an integer from 1 to {WIDEST} is expected")
    return tuple(map(int, found))
