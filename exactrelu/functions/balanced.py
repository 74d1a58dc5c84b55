"""The balanced scaling of a shallow network: irrational, hence kept symbolic."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import gmpy2
from gmpy2 import mpq

from exactrelu.arithmetic import RadicalSum, UnsupportedError
from exactrelu.functions.display import latex
from exactrelu.functions.exact import Exact, simplest, squared_norm

if TYPE_CHECKING:
    from exactrelu.functions.shallow_network import ShallowNetwork

_ZERO = mpq(0)


@dataclass(frozen=True, slots=True)
class BalancedNetwork:
    """A shallow network with units ``(a_j/γ_j) σ(γ_j w_j x + γ_j b_j)``, ``|a_j|/γ_j = γ_j ‖(w_j[, b_j])‖``.

    Among the rescalings of a unit, which leave its function alone, this one minimises
    ``½ (a² + ‖(w[, b])‖²)``, by the inequality of the means; the minimum is ``|a| ‖(w[, b])‖``.

    Attributes
    ----------
    network : ShallowNetwork
        The units before scaling. Units that compute 0 or cost nothing are left out of it: the former
        without trace, the latter (constants, when biases are free) moved into the output bias.
    penalize_bias : bool
    squared_scales : tuple of mpq or RadicalSum
        ``γ_j² = |a_j| / ‖(w_j[, b_j])‖``.

    >>> from exactrelu.functions import ShallowNetwork
    >>> balanced = ShallowNetwork([1], [2], [3]).balanced()
    >>> balanced.squared_scales
    (RadicalSum([('3/5', '5')]),)
    >>> balanced.parameter_cost == balanced.network.cost()
    True
    """

    network: "ShallowNetwork"
    penalize_bias: bool
    squared_scales: tuple[Exact, ...]

    @property
    def parameter_cost(self) -> Exact:
        """``½ Σ (ã_j² + w̃_j² [+ b̃_j²])`` of the scaled weights, which is ``Σ |a_j| ‖(w_j[, b_j])‖``."""
        return self.network.cost(penalize_bias=self.penalize_bias, skip=True)

    def float_weights(self) -> tuple[Any, Any, Any]:
        """The scaled input weights, biases and output weights as float64 arrays, each within one ulp.

        Raises OverflowError if a weight is beyond the range of float64.
        """
        import numpy as np

        rows = []
        for (w, b, a), scale in zip(_units(self.network), self.squared_scales, strict=True):
            with gmpy2.context(precision=128):
                gamma = gmpy2.sqrt(_mpfr(scale))
                rows.append([float(v) for v in (_mpfr(w) * gamma, _mpfr(b) * gamma, _mpfr(a) / gamma)])
            if any(map(gmpy2.is_infinite, rows[-1])):
                raise OverflowError(f"a balanced weight of unit {len(rows) - 1} exceeds the range of float64")
        columns = np.array(rows, dtype=float).reshape(-1, 3).T
        return columns[0].copy(), columns[1].copy(), columns[2].copy()

    def _repr_latex_(self) -> str:
        rows = [
            rf"\gamma_{{{j + 1}}} = \sqrt{{{latex(scale)}}}" for j, scale in enumerate(self.squared_scales)
        ]
        text = ",\\quad ".join(rows)
        return r"$f(x) = \sum_j \frac{a_j}{\gamma_j} \sigma(\gamma_j w_j x + \gamma_j b_j)" + (
            rf",\quad {text}$" if rows else "$"
        )


def balance(network: "ShallowNetwork", *, penalize_bias: bool) -> BalancedNetwork:
    """The balanced scaling of ``network``; see `BalancedNetwork`. ``O(m)``."""
    units, scales = [], []
    constant: Exact = network.output_bias
    for j, (w, b, a) in enumerate(_units(network)):
        norm = squared_norm(w, b, j) if penalize_bias else w * w
        if norm and a:
            units.append((w, b, a))
            scales.append(simplest(RadicalSum._make([(1 / norm, norm)]) * abs(a)))
        elif a and b > 0:
            constant += a * b
    constant = simplest(constant)
    if isinstance(constant, RadicalSum):
        raise UnsupportedError(f"the constant units add up to {constant}; an output bias is rational here")
    w, b, a = zip(*units, strict=True) if units else ((), (), ())
    pruned = type(network)._make(w, b, a, constant, network.skip_slope)
    return BalancedNetwork(pruned, penalize_bias, tuple(scales))


def _units(network: "ShallowNetwork") -> "zip[tuple[mpq, Exact, Exact]]":
    return zip(network.input_weights, network.biases, network.output_weights, strict=True)


def _mpfr(value: Exact) -> Any:
    return gmpy2.mpfr(value.enclosure(160).midpoint if isinstance(value, RadicalSum) else value)
