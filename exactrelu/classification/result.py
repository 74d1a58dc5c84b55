"""What a solver of the max-margin problem returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, InputError
from exactrelu.functions import Dataset, PiecewiseLinear, ShallowNetwork, html, representation_cost

if TYPE_CHECKING:
    from typing import TypeAlias

    from exactrelu.arithmetic import RadicalSum
    from exactrelu.certificates import Certificate

    Cost: TypeAlias = mpq | RadicalSum | Enclosure


@dataclass(frozen=True)
class MaxMarginClassifier:
    """A function of least cost among those with ``s_i f(x_i) >= 1``, with the proof that it is one.

    Attributes
    ----------
    data : Dataset
        The data, sorted, labels ±1, equal points merged.
    function : PiecewiseLinear
        The classifier; called, it is evaluated.
    cost : mpq, RadicalSum or Enclosure
        The minimal cost, exactly or in rational bounds.
    is_unique : bool or None
        Whether it is the only minimiser; None where that was not decided.
    penalize_bias, skip : bool
        The variant of the problem.
    support : tuple of int
        The data that hold the optimum: any function of least cost for these alone, that classifies the
        others as well, is optimal.  Multipliers are zero elsewhere.
    certificate : Certificate
        The claim with its primal and dual, for ``exactrelu.check``; built when first asked for.
    network : ShallowNetwork
        A network that computes the function at its cost; built when first asked for.
    """

    data: Dataset
    function: PiecewiseLinear
    cost: Cost
    is_unique: bool | None
    penalize_bias: bool
    skip: bool
    support: tuple[int, ...]
    # The module of this package whose `certify(result)` builds the certificate, and what it needs for that.
    _solver: str = field(repr=False, compare=False)
    _evidence: Any = field(default=None, repr=False, compare=False)

    def __call__(self, v: Any) -> Any:
        """Evaluate exactly: a number gives an mpq, an array an object array of its shape."""
        return self.function(v)

    @property
    def is_exact(self) -> bool:
        """True unless the cost is known only up to an `Enclosure`."""
        return not isinstance(self.cost, Enclosure)

    @cached_property
    def margins(self) -> tuple[mpq, ...]:
        """``s_i f(x_i)`` for the data, all at least 1."""
        return margins(self.function, self.data)

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate of optimality; `exactrelu.check` judges it without trusting the solver."""
        solver = import_module(f"exactrelu.classification.{self._solver}")
        certificate: Certificate = solver.certify(self)
        return certificate

    @cached_property
    def network(self) -> ShallowNetwork:
        """A network that computes `function` at its representation cost."""
        return ShallowNetwork.minimal(self.function, penalize_bias=self.penalize_bias, skip=self.skip)

    def __repr__(self) -> str:
        return html.solution_summary(self)

    def _repr_html_(self) -> str:
        support = [("support", f"{len(self.support):,} of {self.data.n:,} points")]
        return html.facts("Max-margin classifier", [*html.solution_rows(self), *support])

    def why_not_optimal(self, f: PiecewiseLinear | ShallowNetwork) -> str | None:
        """Why `f` is no solution of the problem, in a sentence; None if it is one.  The whole solution set.

        Of a network, its function is judged.  Raises InputError for anything else, and where only an
        enclosure of the minimum is known.

        >>> from exactrelu.classification import max_margin_classifier
        >>> s = max_margin_classifier([0, 1, 2, 3], [-1, 1, 1, -1], penalize_bias=False)
        >>> trapezoid = PiecewiseLinear.through([0, 1, 2, 3], [-1, 1, 1, -1])
        >>> s.function == trapezoid, s.why_not_optimal(trapezoid)
        (False, None)
        >>> s.why_not_optimal(2 * trapezoid)
        'it costs 8, and the minimum is 4'
        """
        if isinstance(self.cost, Enclosure):
            raise InputError("only bounds of the minimum are known: optimality is not decided")
        if isinstance(f, ShallowNetwork):
            f = f.function
        if not isinstance(f, PiecewiseLinear):
            raise InputError(
                f"only a PiecewiseLinear or a ShallowNetwork can be a solution, not {type(f).__name__}"
            )
        for x, margin in zip(self.data.x, margins(f, self.data), strict=True):
            if margin < 1:
                return f"its margin at x = {x} is {margin}, and at least 1 is needed"
        cost = representation_cost(f, penalize_bias=self.penalize_bias, skip=self.skip)
        return None if cost == self.cost else f"it costs {cost}, and the minimum is {self.cost}"


def margins(f: PiecewiseLinear, data: Dataset) -> tuple[mpq, ...]:
    """``s_i f(x_i)``.  Linear."""
    return tuple(s * v for s, v in zip(data.y, f.values_at_sorted(data.x), strict=True))
