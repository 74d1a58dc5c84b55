"""The regularisation path: all breakpoints in β with their solutions, exact."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rational
from exactrelu.arithmetic.errors import InputError
from exactrelu.certificates import Certificate
from exactrelu.functions import Dataset, html
from exactrelu.functions.display import count, summary
from exactrelu.lasso import ramps
from exactrelu.lasso.dense import DenseColumns
from exactrelu.lasso.design import coprime
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.lasso.hinges import HingeColumns
from exactrelu.lasso.homotopy import Columns, Homotopy, Segment
from exactrelu.lasso.ramps import RampColumns
from exactrelu.lasso.solution import LassoSolution

_ZERO = mpq(0)


class Problem:
    """Data and dictionary in the integers of the solver, and the way back."""

    def __init__(self, data: Dataset, dictionary: Dictionary, *, timeout: float | None = None) -> None:
        self.data, self.dictionary = data, dictionary
        self.columns, scale, stretch = _columns(dictionary, [v - data.y[0] for v in data.y])
        self.homotopy = Homotopy(self.columns, timeout=timeout)
        # In integers the columns are scale·A and the target is stretch·y: z' = z·stretch/scale, and β' =
        # β·factor·scale·stretch.
        self.scale, self.stretch = scale, stretch
        self.z_unit = scale / stretch
        self.beta_unit = 1 / (self.columns.factor * scale * stretch)

    def solution(self, segment: Segment, beta: mpq) -> LassoSolution:
        """The solution at β on a segment (β as the user has it)."""
        inner = beta / self.beta_unit
        values = self._values(segment.at(inner))
        support = tuple(sorted(values))
        if beta:
            share = 1 / (self.stretch * beta)
            dual = tuple(share * v for v in segment.fit.residual(inner))
        else:
            # The limit of residual/β where there is no residual, and a dual for |z| in any case.
            share = self.scale * self.columns.factor
            dual = tuple(share * v for v in segment.fit.drift())
        return LassoSolution(
            self.data, self.dictionary, beta, support, tuple(values[j] for j in support), dual
        )

    def _values(self, z: dict[int, mpq]) -> dict[int, mpq]:
        """Coefficients by the column of the dictionary."""
        if isinstance(self.columns, RampColumns):
            return ramps.columns_of(self.data.n, {j: 2 * self.z_unit * v for j, v in z.items()})
        members = self.dictionary.design.members
        return {members[j][0].column: v * self.z_unit for j, v in z.items()}

    @property
    def beta_max(self) -> mpq:
        """From it on the solution is constant; 0 if y is orthogonal to all columns, centred."""
        return self.homotopy.top * self.beta_unit

    @property
    def is_dense(self) -> bool:
        """Whether a support is found by trying columns, and so a guess of it helps."""
        return isinstance(self.columns, DenseColumns)

    def from_support(self, columns: Sequence[int], signs: Sequence[int], beta: mpq) -> LassoSolution | None:
        """The solution with this support and these signs at β > 0, if there is one; decided exactly."""
        place = {m.column: (k, m.sign) for k, c in enumerate(self.dictionary.design.members) for m in c}
        classes = [place[j][0] for j in columns]
        inner = beta / self.beta_unit
        turned = [place[j][1] * s for j, s in zip(columns, signs, strict=True)]
        segment = self.homotopy.guessed(classes, turned, inner)
        return None if segment is None else self.solution(segment, beta)


def _columns(dictionary: Dictionary, y: list[mpq]) -> tuple[Columns, mpq, mpq]:
    """The columns as the architecture allows to treat them, and the scales of columns and target."""
    of = dictionary.architecture
    target, stretch = coprime(y)
    if dictionary.is_all_ramps:
        places, unit = coprime([t - dictionary.x[0] for t in dictionary.x])
        return RampColumns(places, target), unit, stretch
    design = dictionary.design
    make = HingeColumns if of.is_continuous and of.layers == 2 else DenseColumns
    return make(design, target), design.scale, stretch


@dataclass(frozen=True, slots=True)
class LassoPath:
    """The path from ``β_max`` (constant solution) to 0, piecewise linear in β between breakpoints.

    Attributes
    ----------
    data : Dataset
    dictionary : Dictionary
    breakpoints : tuple of mpq
        Decreasing, the last one 0.
    solutions : tuple of LassoSolution
        One at each breakpoint.
    """

    data: Dataset
    dictionary: Dictionary
    breakpoints: tuple[mpq, ...]
    solutions: tuple[LassoSolution, ...]

    @property
    def beta_max(self) -> mpq:
        """The solution is constant iff ``β >= beta_max = max_j |A_jᵀ (y - ȳ)|``."""
        return self.breakpoints[0]

    @property
    def limit(self) -> LassoSolution:
        """At β = 0: least ``|z|_1`` among interpolants, or among least squares where there is none."""
        return self.solutions[-1]

    def at(self, beta: Any) -> LassoSolution:
        """The solution at any ``β >= 0``: between breakpoints coefficients are affine in β."""
        b = rational(beta, name="beta")
        if b < 0:
            raise InputError(f"beta = {b}: a non-negative number is expected")
        if b >= self.beta_max:
            return LassoSolution._constant(self.data, self.dictionary, b)
        # The first breakpoint that is at most b; breakpoints decrease.
        k = bisect_left(self.breakpoints, -b, key=lambda v: -v)
        if self.breakpoints[k] == b:
            return self.solutions[k]
        return self._between(self.solutions[k - 1], self.solutions[k], b)

    def _between(self, above: LassoSolution, below: LassoSolution, b: mpq) -> LassoSolution:
        share = (b - below.beta) / (above.beta - below.beta)
        z = {j: (1 - share) * v for j, v in zip(below.support, below.values, strict=True)}
        for j, v in zip(above.support, above.values, strict=True):
            z[j] = z.get(j, _ZERO) + share * v
        if self.dictionary.is_all_ramps:  # as few ramps as there are bends
            z = ramps.columns_of(self.data.n, ramps.bends_of(self.data.n, z))
        # The residual is affine in β, and β w: so β w interpolates. At β = 0 the residual may not vanish.
        bottom = [below.beta * w for w in below.dual] if below.beta else list(below.residual)
        dual = tuple(
            (share * above.beta * w + (1 - share) * r) / b for w, r in zip(above.dual, bottom, strict=True)
        )
        support = tuple(sorted(j for j, v in z.items() if v))
        return LassoSolution(self.data, self.dictionary, b, support, tuple(z[j] for j in support), dual)

    def certificates(self) -> Iterator[Certificate]:
        """Certificates at all breakpoints and halfway between neighbours: together they prove the whole path.

        Between two breakpoints coefficients and correlations are affine in β. Halfway every coefficient that
        is not zero has a correlation of size β; its size is at most β at both ends, so it is β there too, and
        all along. So the certificate holds all along.
        """
        for k, solution in enumerate(self.solutions):
            if k:
                yield self.at((self.breakpoints[k - 1] + self.breakpoints[k]) / 2).certificate
            yield solution.certificate

    def __len__(self) -> int:
        return len(self.breakpoints)

    def __repr__(self) -> str:
        points, many = count(self.data.n, "point"), count(len(self), "breakpoint")
        return summary(self, str(self.dictionary.architecture), points, many)

    def _repr_html_(self) -> str:
        heads = ("β", "non-zero coefficients", "norm |z|₁", "objective")
        rows = []
        for i in html.outer(len(self)):
            if i is None:
                rows.append(("…",) * len(heads))
                continue
            s = self.solutions[i]
            numbers = (html.number(s.norm), html.number(s.objective))
            rows.append((html.number(s.beta), f"{len(s.support):,}", *numbers))
        points, many = count(self.data.n, "point"), count(len(self), "breakpoint")
        title = f"Lasso path: {self.dictionary.architecture}, {points}, {many}"
        return html.table(title, heads, rows)


def whole_path(data: Dataset, dictionary: Dictionary, *, timeout: float | None = None) -> LassoPath:
    """The complete path."""
    problem = Problem(data, dictionary, timeout=timeout)
    solutions = [LassoSolution._constant(data, dictionary, problem.beta_max)]
    solutions += [problem.solution(s, s.lower * problem.beta_unit) for s in problem.homotopy.segments()]
    return LassoPath(data, dictionary, tuple(s.beta for s in solutions), tuple(solutions))
