"""A solution of the Lasso problem at one β, and the set of all of them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from math import comb
from typing import Any

from gmpy2 import mpq, mpz

from exactrelu.arithmetic import linear, lp
from exactrelu.arithmetic.errors import BudgetExceeded
from exactrelu.arithmetic.sums import total
from exactrelu.certificates import Certificate
from exactrelu.certificates.lasso import lasso
from exactrelu.functions import Dataset, PiecewiseLinear, html
from exactrelu.functions.display import count, summary
from exactrelu.lasso.dictionary import Dictionary
from exactrelu.lasso.network import ParallelNetwork, parallel

_ZERO = mpq(0)
MAX_BASES = 50_000
MOST_SWITCHES = 10**5
"""More than data show that have a dictionary; what is beyond is not told in a certificate."""


@dataclass(frozen=True)
class LassoSolution:
    """A minimiser of ``½|A z + ξ - y|² + β|z|_1``; at β = 0 its limit.

    That is the solution of least ``|z|_1`` among interpolants, or among least-squares fits if there are none.

    Attributes
    ----------
    data : Dataset
    dictionary : Dictionary
    beta : mpq
    support : tuple of int
        The columns with non-zero coefficients, one of each set of equal columns.
    values : tuple of mpq
        Their coefficients.
    dual : tuple of mpq
        ``w`` with ``Σ w_i = 0``, ``|A_jᵀ w| <= 1`` for all columns and ``w·A z = |z|_1``. The residual
        ``y - A z - ξ`` is ``β w``; at β = 0 it is orthogonal to all columns.
    """

    data: Dataset
    dictionary: Dictionary
    beta: mpq
    support: tuple[int, ...]
    values: tuple[mpq, ...]
    dual: tuple[mpq, ...]

    @classmethod
    def _constant(cls, data: Dataset, dictionary: Dictionary, beta: mpq) -> "LassoSolution":
        """The mean alone, the solution for all β from β_max on."""
        mean = total(data.y) / data.n
        # β_max = 0 for y that no column helps to fit, constant or not; there w = 0 is the dual of z = 0.
        dual = tuple((y - mean) / beta for y in data.y) if beta else (_ZERO,) * data.n
        return cls(data, dictionary, beta, (), (), dual)

    @property
    def coefficients(self) -> tuple[mpq, ...]:
        """``z``, one entry for each column of the dictionary."""
        z = [_ZERO] * len(self.dictionary)
        for j, v in zip(self.support, self.values, strict=True):
            z[j] = v
        return tuple(z)

    @cached_property
    def _combination(self) -> tuple[mpq, ...]:
        """``A z``."""
        scale = self.dictionary.scale
        sums = [_ZERO] * self.data.n
        for j, v in zip(self.support, self.values, strict=True):
            share = v / scale
            sums = [t + share * a for t, a in zip(sums, self.dictionary.integers(j), strict=True)]
        return tuple(sums)

    @cached_property
    def intercept(self) -> mpq:
        """``ξ``, not regularised: the mean of ``y - A z``."""
        if self.beta:
            first = self.dictionary.first_entry
            return self.fitted[0] - total(
                v * first(j) for j, v in zip(self.support, self.values, strict=True)
            )
        return (total(self.data.y) - total(self._combination)) / self.data.n

    @cached_property
    def fitted(self) -> tuple[mpq, ...]:
        """``A z + ξ``; the same for all solutions."""
        if self.beta:
            return tuple(y - self.beta * w for y, w in zip(self.data.y, self.dual, strict=True))
        return tuple(v + self.intercept for v in self._combination)

    @cached_property
    def residual(self) -> tuple[mpq, ...]:
        """``y - A z - ξ``."""
        return tuple(y - v for y, v in zip(self.data.y, self.fitted, strict=True))

    @property
    def norm(self) -> mpq:
        """``|z|_1``; the same for all solutions."""
        return total(map(abs, self.values))

    @cached_property
    def objective(self) -> mpq:
        """``½|A z + ξ - y|² + β|z|_1``."""
        return total(r * r for r in self.residual) / 2 + self.beta * self.norm

    @cached_property
    def network(self) -> ParallelNetwork:
        """The network of this solution; its regularised objective is `objective`, exactly."""
        networks = [self.dictionary[j] for j in self.support]
        return parallel(self.dictionary.architecture, networks, self.values, self.intercept)

    @property
    def function(self) -> PiecewiseLinear:
        """The function of the network; UnsupportedError for sign and threshold networks."""
        return self.network.function

    @cached_property
    def solution_set(self) -> "SolutionSet":
        """All solutions at this β."""
        return SolutionSet._of(self)

    @property
    def is_unique(self) -> bool:
        """Whether no other coefficients on the distinct columns are optimal (equal columns counted once)."""
        if self.dictionary.is_all_ramps:
            # A rising and a falling ramp with the same bends are two columns, equal up to sign and constant.
            return not self.support
        return self.solution_set.is_single

    @cached_property
    def certificate(self) -> Certificate:
        """Primal and dual for the independent checker.

        It proves optimality over all networks of the architecture, and so not for a `Dictionary.without`.
        """
        of, dictionary = self.dictionary.architecture, self.dictionary
        kind: dict[str, Any] = {"activation": of.activation}
        units: list[tuple[mpq, Sequence[Sequence[Any]]]] = []
        if of.activation == "sign":
            kind["switches"] = min(of.switches, MOST_SWITCHES)
            for j, v in zip(self.support, self.values, strict=True):
                # With 2 layers columns start at -1, and the certificate's units at +1.
                sign = -1 if of.layers == 2 else 1
                units.append((sign * v, [(t,) for t in dictionary.switches(j)]))
        else:
            kind["layers"] = of.layers
            if of.activation == "leaky_relu":
                kind["slope"] = of.slope
            units += [(v, dictionary[j].steps) for j, v in zip(self.support, self.values, strict=True)]
        return lasso(
            self.data,
            kind,
            beta=self.beta,
            units=units,
            bias=self.intercept,
            dual=self.dual,
            minimum=self.objective,
        )

    def __repr__(self) -> str:
        return summary(
            self,
            str(self.dictionary.architecture),
            count(self.data.n, "point"),
            f"beta {html.number(self.beta)}",
            f"objective {html.number(self.objective)}",
            count(len(self.support), "non-zero coefficient"),
        )

    def _repr_html_(self) -> str:
        of = self.dictionary.architecture
        return html.facts(
            "Lasso solution",
            [
                ("architecture", of),
                ("data", count(self.data.n, "point")),
                ("β", html.number(self.beta)),
                ("objective", html.number(self.objective)),
                ("norm |z|₁", html.number(self.norm)),
                ("intercept ξ", html.number(self.intercept)),
                ("non-zero coefficients", f"{len(self.support):,} of {self.dictionary.size:,}"),
                *([("function", html.function(self.function))] if of.is_continuous else []),
            ],
        )


@dataclass(frozen=True)
class SolutionSet:
    """The polytope of all solutions at one β, over the distinct columns that can be non-zero.

    ``z`` is optimal iff it is zero off ``columns``, ``signs[k] z[columns[k]] >= 0``, and
    ``equations · z[columns] = right`` (the fitted values are the same for all solutions).

    Attributes
    ----------
    columns : tuple of int
        The equicorrelation set: ``|A_jᵀ w| = 1`` for the dual w.
    signs : tuple of int
    equations : tuple of rows of mpq
        In reduced row echelon form.
    right : tuple of mpq
    point : tuple of mpq
        One solution.
    """

    columns: tuple[int, ...]
    signs: tuple[int, ...]
    equations: tuple[tuple[mpq, ...], ...]
    right: tuple[mpq, ...]
    point: tuple[mpq, ...]

    def __repr__(self) -> str:
        return summary(self, count(len(self.columns), "column"), count(len(self.equations), "equation"))

    @classmethod
    def _of(cls, s: LassoSolution) -> "SolutionSet":
        design, dictionary = s.dictionary.design, s.dictionary
        columns: list[int] = []
        signs: list[int] = []
        if design.size and any(s.dual):
            scores = design.scores(s.dual)
            for j, members in enumerate(design.members):
                if abs(scores[j]) == design.scale:
                    for m in members:
                        columns.append(m.column)
                        signs.append(m.sign if scores[j] > 0 else -m.sign)
        values = dict(zip(s.support, s.values, strict=True))
        point = tuple(values.get(j, _ZERO) for j in columns)
        rows, right = [], []
        for i in range(s.data.n - 1):
            # Differences of neighbouring fitted values: the intercept drops out.
            rows.append([mpz(dictionary.integers(j)[i + 1] - dictionary.integers(j)[i]) for j in columns])
            right.append((s.fitted[i + 1] - s.fitted[i]) * dictionary.scale)
        echelon, pivots = linear.rref(
            [[*row, b] for row, b in zip(rows, right, strict=True)], columns=len(columns) + 1
        )
        assert len(columns) not in pivots
        return cls(
            tuple(columns),
            tuple(signs),
            tuple(row[:-1] for row in echelon),
            tuple(row[-1] for row in echelon),
            point,
        )

    @cached_property
    def is_single(self) -> bool:
        """Whether there is one solution only."""
        k = len(self.columns)
        if len(self.equations) == k:
            return True
        used = [i for i in range(k) if self.point[i]]
        if linear.rank([[row[i] for i in used] for row in self.equations], columns=len(used)) < len(used):
            return False
        idle = [i for i in range(k) if not self.point[i]]
        # Otherwise another solution is non-zero where this one is not.
        return not self._most(idle)

    def _most(self, entries: list[int]) -> mpq:
        """The largest ``Σ |z_i|`` over some entries."""
        found = lp.maximize(
            [mpq(int(i in set(entries))) for i in range(len(self.columns))],
            A_eq=[[s * v for s, v in zip(self.signs, row, strict=True)] for row in self.equations],
            b_eq=self.right,
        )
        assert found.value is not None  # bounded: |z|_1 is the same for all solutions
        return found.value

    @cached_property
    def dimension(self) -> int:
        """The dimension of the polytope."""
        if self.is_single:
            return 0
        live = [i for i in range(len(self.columns)) if self.point[i] or self._most([i])]
        rank = linear.rank([[row[i] for i in live] for row in self.equations], columns=len(live))
        return len(live) - rank

    def __contains__(self, z: object) -> bool:
        """Whether values on `columns` are a solution."""
        if not isinstance(z, tuple) or len(z) != len(self.columns):
            return False
        if any(s * v < 0 for s, v in zip(self.signs, z, strict=True)):
            return False
        return all(
            sum((a * v for a, v in zip(row, z, strict=True)), _ZERO) == b
            for row, b in zip(self.equations, self.right, strict=True)
        )

    def vertices(self) -> tuple[tuple[mpq, ...], ...]:
        """All vertices, as values on `columns`; BudgetExceeded when there are too many bases to try."""
        return tuple(sorted(set(self._vertices())))

    def _vertices(self) -> Iterator[tuple[mpq, ...]]:
        k, rank = len(self.columns), len(self.equations)
        if comb(k, rank) > MAX_BASES:
            raise BudgetExceeded(
                f"{comb(k, rank)} bases are too many to list the vertices; use equations, right and signs"
            )
        for basis in combinations(range(k), rank):
            rows = [[row[i] for i in basis] for row in self.equations]
            if rank and linear.rank(rows, columns=rank) < rank:
                continue
            solved = linear.solve(rows, self.right, columns=rank)
            assert solved is not None
            z = [_ZERO] * k
            for i, v in zip(basis, solved, strict=True):
                z[i] = v
            if all(s * v >= 0 for s, v in zip(self.signs, z, strict=True)):
                yield tuple(z)
