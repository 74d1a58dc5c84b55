"""Networks written as a sequence of layers over named quantities.

A quantity is an affine combination of the units of the newest layer. `Wiring.layer` takes quantities, applies
ReLU to each and returns the new units; the quantities of before cannot be used any more, they have to be
carried on (`with_kept`), as the papers do it: two units for a number of any sign, σ(v) and σ(-v).
"""

from collections.abc import Sequence
from typing import NamedTuple

from gmpy2 import mpq

from exactrelu.functions.deep_layer import Layer, sparse_row
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.piecewise_linear import PiecewiseLinear

_ZERO, _ONE = mpq(0), mpq(1)


class Quantity(NamedTuple):
    """``Σ w_k u_k + shift`` over the units ``u_k`` of the newest layer; supports + - and scaling."""

    weights: dict[int, mpq]
    shift: mpq

    def plus(self, other: "Quantity") -> "Quantity":
        """The sum."""
        weights = dict(self.weights)
        for k, w in other.weights.items():
            weights[k] = weights.get(k, _ZERO) + w
        return Quantity(weights, self.shift + other.shift)

    def times(self, factor: mpq | int, shift: mpq | int = 0) -> "Quantity":
        """``factor * self + shift``."""
        return Quantity({k: w * factor for k, w in self.weights.items()}, self.shift * factor + shift)

    def minus(self, other: "Quantity") -> "Quantity":
        """The difference."""
        return self.plus(other.times(-1))


NOTHING = Quantity({}, _ZERO)


class Wiring:
    """A network under construction."""

    def __init__(self, inputs: int) -> None:
        self._size = inputs
        self._layers: list[Layer] = []

    def units(self) -> list[Quantity]:
        """The units of the newest layer, at first the inputs."""
        return [Quantity({k: _ONE}, _ZERO) for k in range(self._size)]

    def layer(self, quantities: Sequence[Quantity]) -> list[Quantity]:
        """A hidden layer with one unit ``σ(q)`` a quantity ``q``."""
        self._layers.append(self._affine(quantities))
        self._size = len(quantities)
        return self.units()

    def network(self, outputs: Sequence[Quantity]) -> DeepNetwork:
        """The finished network."""
        return DeepNetwork._make((*self._layers, self._affine(outputs)))

    def _affine(self, quantities: Sequence[Quantity]) -> Layer:
        rows = tuple(sparse_row(q.weights) for q in quantities)
        return Layer(rows, tuple(mpq(q.shift) for q in quantities), self._size)

    # -- pieces that occur in every construction --------------------------------------------------------

    def with_kept(
        self, units: Sequence[Quantity], kept: Sequence[Quantity]
    ) -> tuple[list[Quantity], list[Quantity]]:
        """A layer of `units`, and two units for each kept quantity of any sign."""
        doubled = [q for v in kept for q in (v, v.times(-1))]
        new = self.layer([*units, *doubled])
        pairs = new[len(units) :]
        return new[: len(units)], [pairs[2 * i].minus(pairs[2 * i + 1]) for i in range(len(kept))]

    def piecewise_linear(
        self, f: PiecewiseLinear, x: Quantity, kept: Sequence[Quantity] = (), *, keep_x: bool = False
    ) -> tuple[Quantity, list[Quantity]]:
        """``f(x)`` by as many layers as ``f`` has kinks, five units each and two a kept quantity.

        Siegel 2023, Proposition 8: ``x`` and the sum so far are carried on, one unit is the next kink. With
        `keep_x`, ``x`` comes back first among the kept quantities, at no cost.
        """
        total = x.times(f.slope, f.intercept)
        held = list(kept)
        for t, c in f.kinks:
            (bend,), (x, total, *held) = self.with_kept([x.times(1, -t)], [x, total, *held])
            total = total.plus(bend.times(c))
        return total, [x, *held] if keep_x else held
