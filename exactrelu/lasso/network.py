"""Networks rebuilt from coefficients: parallel sub-networks with weights ``|z|^(1/L)``, evaluated exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import UnsupportedError
from exactrelu.functions import Dataset, PiecewiseLinear
from exactrelu.functions.arrays import is_array, on_array
from exactrelu.functions.display import count, summary
from exactrelu.lasso.architecture import Architecture
from exactrelu.lasso.subnetwork import SubNetwork, activate

_ZERO, _ONE = mpq(0), mpq(1)


@dataclass(frozen=True, slots=True)
class Root:
    """The number ``coefficient * radicand^(exponent/degree)``, ``radicand > 0``, ``0 <= exponent < degree``.

    >>> w = Root(mpq(-3), mpq(5), 1, 3)
    >>> (w * w * w).coefficient  # exponent 0: a rational
    mpq(-135,1)
    """

    coefficient: mpq
    radicand: mpq
    exponent: int
    degree: int

    def __mul__(self, other: "Root") -> "Root":
        turns, exponent = divmod(self.exponent + other.exponent, self.degree)
        coefficient = self.coefficient * other.coefficient * self.radicand**turns
        return Root(coefficient, self.radicand, exponent, self.degree)

    def __add__(self, other: "Root") -> "Root":
        # Along a sub-network all summands of a unit scale alike; anything else would be a mistake of ours.
        if not other.coefficient:
            return self
        if not self.coefficient:
            return other
        if self.exponent != other.exponent or self.radicand != other.radicand:
            raise UnsupportedError("roots of different kinds are not added")
        return Root(self.coefficient + other.coefficient, self.radicand, self.exponent, self.degree)

    def power(self) -> mpq:
        """``|value|^degree``, a rational."""
        return abs(self.coefficient) ** self.degree * self.radicand**self.exponent

    def __float__(self) -> float:
        return float(self.coefficient) * float(float(self.radicand) ** (self.exponent / self.degree))

    def __str__(self) -> str:
        if not self.exponent or not self.coefficient:
            return str(self.coefficient)
        sign = {1: "", -1: "-"}.get(self.coefficient, f"{self.coefficient}·")
        return f"{sign}({self.radicand})^({self.exponent}/{self.degree})"


@dataclass(frozen=True)
class ScaledSubNetwork:
    """The sub-network of one non-zero coefficient ``z``, with ``γ = |z|^(1/L)`` shared out evenly.

    Continuous activations: every weight is ``s_l γ``, the bias of layer l is ``-s_l c_l γ^l``, the output
    weight is ``sign(z) γ``. Sign and threshold: the size of weights below does not matter; the last
    hidden unit has the amplitude γ and the output weight is ``sign(z) γ``, ``γ = √|z|``.
    """

    network: SubNetwork
    z: mpq

    def root(self, coefficient: mpq, exponent: int) -> Root:
        """``coefficient * γ^exponent``."""
        degree = self.network.architecture.degree
        turns, rest = divmod(exponent, degree)
        size = abs(self.z)
        return Root(coefficient * size**turns, size, rest, degree)

    @cached_property
    def hidden(self) -> tuple[tuple[tuple[tuple[Root, ...], ...], tuple[Root, ...]], ...]:
        """Weights (one row a unit) and biases of the hidden layers."""
        scaled = int(self.network.architecture.is_continuous)
        return tuple(
            (
                tuple(tuple(self.root(w, scaled) for w in row) for row in weights),
                tuple(self.root(b, scaled * depth) for b in biases),
            )
            for depth, (weights, biases) in enumerate(self.network.layers, 1)
        )

    @cached_property
    def amplitude(self) -> Root:
        """What the last hidden unit is multiplied by: 1 for continuous activations."""
        return self.root(_ONE, int(not self.network.architecture.is_continuous))

    @cached_property
    def output(self) -> Root:
        """The output weight."""
        return self.root(_ONE if self.z > 0 else -_ONE, 1)

    @property
    def penalised(self) -> tuple[Root, ...]:
        """The weights that the regularisation counts."""
        if not self.network.architecture.is_continuous:
            return (self.amplitude, self.output)
        return (*(w for weights, _ in self.hidden for row in weights for w in row), self.output)

    def __call__(self, x: mpq) -> mpq:
        """The output, by a forward pass through the scaled weights."""
        of = self.network.architecture
        values = [self.root(x, 0)]
        for weights, biases in self.hidden:
            after = []
            for row, b in zip(weights, biases, strict=True):
                v = b
                for w, below in zip(row, values, strict=True):
                    v = w * below + v
                # γ > 0 does not change the sign, and continuous activations are positively homogeneous.
                after.append(Root(activate(of, v.coefficient), v.radicand, v.exponent, v.degree))
            values = after
        out = values[0] * self.amplitude * self.output
        assert not out.exponent or not out.coefficient
        return out.coefficient


@dataclass(frozen=True)
class ParallelNetwork:
    """Sub-networks side by side, their outputs and an output bias added up; exact.

    Attributes
    ----------
    architecture : Architecture
    units : tuple of ScaledSubNetwork
    output_bias : mpq

    Calling it with a number gives an mpq, with an array or sequence an object array of its shape.
    """

    architecture: Architecture
    units: tuple[ScaledSubNetwork, ...]
    output_bias: mpq

    def __repr__(self) -> str:
        return summary(self, str(self.architecture), count(len(self.units), "unit"))

    def __call__(self, v: Any) -> Any:
        """The output, by an exact forward pass."""
        if is_array(v):
            return on_array(v, lambda xs: list(map(self._at, xs)))
        return self._at(rational(v, name="v"))

    def _at(self, x: mpq) -> mpq:
        return sum((unit(x) for unit in self.units), self.output_bias)

    @property
    def function(self) -> PiecewiseLinear:
        """The function of a network with a continuous activation; UnsupportedError for steps."""
        if not self.architecture.is_continuous:
            raise UnsupportedError("a step function is not continuous; call the network to evaluate it")
        total = PiecewiseLinear._make(_ZERO, self.output_bias, ())
        for unit in self.units:
            total = total + unit.z * unit.network.function
        return total

    @property
    def layers(self) -> tuple[tuple[tuple[tuple[mpq, ...], ...], tuple[mpq, ...]], ...]:
        """Pairs ``(W, b)`` with rational weights and the same values: what `exactrelu.DeepNetwork` takes.

        Hidden weights are those of the sub-networks, with zeros between them, and the coefficients are the
        output weights: activations are positively homogeneous, or steps, so the weights ``|z|^(1/L)`` of
        least cost can be shared out otherwise.
        """
        if not self.units:
            return ((((_ZERO,),), (self.output_bias,)),)
        parts = [unit.network.layers for unit in self.units]
        layers = []
        for depth in range(len(parts[0])):
            blocks = [part[depth] for part in parts]
            sizes = [len(weights[0]) if depth else 0 for weights, _ in blocks]
            rows, before = [], 0
            for (weights, _), size in zip(blocks, sizes, strict=True):
                after = sum(sizes) - before - size
                rows += [(_ZERO,) * before + tuple(row) + (_ZERO,) * after for row in weights]
                before += size
            layers.append((tuple(rows), tuple(b for _, biases in blocks for b in biases)))
        return (*layers, ((tuple(unit.z for unit in self.units),), (self.output_bias,)))

    def to_json(self) -> dict[str, Any]:
        """`layers` as a network in JSON, as `exactrelu.load_network` reads it; UnsupportedError for steps."""
        of = self.architecture
        if not of.is_continuous:
            raise UnsupportedError(f"a network of {of.activation} units jumps, and is not written as JSON")
        document: dict[str, Any] = {"layers": []}
        for weights, biases in self.layers:
            layer = {"weights": [list(map(str, row)) for row in weights], "biases": list(map(str, biases))}
            document["layers"].append(layer)
        for layer in document["layers"][:-1]:
            layer["activation"] = of.activation
            if of.activation == "leaky_relu":
                layer["slope"] = str(of.slope)
        return document

    @property
    def parameters(self) -> int:
        """The number of weights and biases, output bias included."""
        count = 1
        for unit in self.units:
            layers = unit.network.layers
            count += sum(len(biases) + sum(map(len, weights)) for weights, biases in layers) + 1
            count += not self.architecture.is_continuous
        return count

    @property
    def regularization(self) -> mpq:
        """``(1/L) Σ |θ_w|^L``, from the weights; for steps ``½ Σ (amplitude² + output²)``."""
        powers = (w.power() for unit in self.units for w in unit.penalised)
        return sum(powers, _ZERO) / self.architecture.degree

    def objective(self, data: Dataset, beta: mpq) -> mpq:
        """``½ Σ (f(x_i) - y_i)² + β * regularization``."""
        loss = sum(((self._at(x) - y) ** 2 for x, y in zip(data.x, data.y, strict=True)), _ZERO) / 2
        return loss + beta * self.regularization

    def __str__(self) -> str:
        terms = [f"{unit.z}·{unit.network}" for unit in self.units]
        return " + ".join([*terms, str(self.output_bias)])


def parallel(
    architecture: Architecture, networks: Sequence[SubNetwork], z: Sequence[mpq], intercept: mpq
) -> ParallelNetwork:
    """The network of coefficients ``z != 0``."""
    units = tuple(ScaledSubNetwork(s, v) for s, v in zip(networks, z, strict=True))
    return ParallelNetwork(architecture, units, intercept)
