"""What a solver of the minimal-norm problem returns."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, Any

from exactrelu.arithmetic import Enclosure
from exactrelu.functions import Dataset, PiecewiseLinear, ShallowNetwork, html

if TYPE_CHECKING:
    from typing import TypeAlias

    from gmpy2 import mpq

    from exactrelu.arithmetic import RadicalSum
    from exactrelu.certificates import Certificate

    Cost: TypeAlias = mpq | RadicalSum | Enclosure


@dataclass(frozen=True)
class MinNormInterpolant:
    """A minimal-norm interpolant of some data, with the proof that it is one.

    Attributes
    ----------
    data : Dataset
        The data, sorted, repeated points merged.
    function : PiecewiseLinear
        The interpolant.
    cost : mpq, RadicalSum or Enclosure
        Its representation cost, which is minimal; an ``Enclosure`` of the minimal cost where only a
        certified approximation was asked for or can be given.
    is_unique : bool or None
        Whether it is the only minimiser; None where that was not decided.
    penalize_bias, skip : bool
        The variant of the problem.
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
    # The solver module (by its name in this package, so that the result pickles) whose `certify(result)`
    # builds the certificate and whose `second_minimizer(result)` differs from `function`, and what these
    # need beyond the fields above.
    _solver: str = field(repr=False, compare=False)
    _evidence: Any = field(default=None, repr=False, compare=False)

    @property
    def is_exact(self) -> bool:
        """True unless the cost is known only up to an `Enclosure`."""
        return not isinstance(self.cost, Enclosure)

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate of optimality; `exactrelu.check` judges it without trusting the solver."""
        solver = import_module(f"exactrelu.interpolation.{self._solver}")
        certificate: Certificate = solver.certify(self)
        return certificate

    @cached_property
    def uniqueness_certificate(self) -> Certificate | None:
        """What `is_unique` says, proved on the same evidence; None where the checker knows no proof of it.

        Its claim is ``"uniqueness"``, or ``"non_uniqueness"`` with a second minimiser as the proof.
        """
        if self.is_unique is None or self.certificate.claim != "optimality":
            return None
        if self.is_unique:
            return self.certificate.as_uniqueness()
        solver = import_module(f"exactrelu.interpolation.{self._solver}")
        return self.certificate.as_non_uniqueness(solver.second_minimizer(self))

    @cached_property
    def network(self) -> ShallowNetwork:
        """A network that computes `function` at its representation cost."""
        return ShallowNetwork.minimal(self.function, penalize_bias=self.penalize_bias, skip=self.skip)

    def __repr__(self) -> str:
        return html.solution_summary(self)

    def _repr_html_(self) -> str:
        return html.facts("Interpolant of minimal norm", html.solution_rows(self))
