"""KKT points of the max-margin problem ``min ½‖θ‖²  s.t.  s_i N_θ(x_i) >= 1`` (Safran, Vardi, Lee 2022).

``N_θ(x) = Σ v_j σ(w_j x + b_j)``, all parameters penalised.  The conditions are: multipliers ``λ_i >= 0``,
zero where the constraint is not tight, and subgradients ``σ'_ij`` (1 or 0 where ``w_j x_i + b_j`` is positive
or negative, anything in [0, 1] where it is 0) with, for every unit,

    v_j = Σ λ_i s_i σ(w_j x_i + b_j),    (w_j, b_j) = v_j z_j,    z_j = Σ λ_i s_i σ'_ij (x_i, 1).

**Directions.**  ``∇N`` is homogeneous of degree 1 in ``θ``, so ``θ`` and ``c θ`` satisfy the equations with
the same ``λ``: a direction is a KKT point iff they hold for ``θ`` as it is, with the data of least margin,
which has to be positive, as the tight ones.

**A rational form.**  The two equations give ``v_j² = ‖(w_j, b_j)‖²``: units are balanced.  A balanced unit is
``(w, b, v) = (c u, a/c)``, ``c² = |a|/‖u‖``, for any rational ``u``, ``a`` with the same function.
Then the second equation reads ``c u = (a/c) z``, that is

    z_j = sign(a_j) u_j/‖u_j‖,

and implies the first one: ``Σ λ_i s_i σ(u·(x_i, 1)) = u·z = sign(a)‖u‖``.  These are linear equations for
``λ_i`` and ``μ_ij = λ_i σ'_ij`` (``0 <= μ_ij <= λ_i``), coefficients rational, square roots on the right:
`cone` decides them.  If there is no solution, rational vectors ``η_j`` prove it: ``Σ η_j·z_j <= 0`` for all
multipliers and subgradients, yet ``Σ sign(a_j) η_j·u_j/‖u_j‖ > 0``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gmpy2 import mpq

from exactrelu.arithmetic import InputError, RadicalSum, UnsupportedError
from exactrelu.classification.cone import nonnegative_solution
from exactrelu.classification.labels import read_labels
from exactrelu.functions import Dataset, ShallowNetwork
from exactrelu.functions.exact import Exact

if TYPE_CHECKING:
    from exactrelu.certificates import Certificate

_ZERO = mpq(0)
Unit = tuple[mpq, mpq, mpq]
"""``(w, b, v)`` of a unit ``v σ(w x + b)``."""


@dataclass(frozen=True)
class KKTAnswer:
    """Whether the direction of a network is a KKT point, with the proof.

    Attributes
    ----------
    is_kkt : bool
    reason : str
        What was found, in a sentence.
    margins : tuple of mpq
        ``s_i N(x_i)`` for the sorted data.
    tight : tuple of int
        The data of least margin.
    multipliers : tuple of mpq or RadicalSum, or None
        ``λ_i`` for all data.
    subgradients : dict of (unit, datum) -> mpq or RadicalSum
        ``μ_ij = λ_i σ'_ij`` where unit ``j`` vanishes at the tight datum ``i``.
    farkas : tuple of pairs, or None
        The vectors ``η_j`` that refute it, one a unit.
    certificate : Certificate
        For ``exactrelu.check``, of either answer.
    """

    network: ShallowNetwork = field(repr=False)
    data: Dataset = field(repr=False)
    is_kkt: bool
    reason: str
    margins: tuple[mpq, ...] = field(repr=False)
    tight: tuple[int, ...]
    multipliers: tuple[Exact, ...] | None = field(default=None, repr=False)
    subgradients: dict[tuple[int, int], Exact] = field(default_factory=dict, hash=False, repr=False)
    farkas: tuple[tuple[mpq, mpq], ...] | None = field(default=None, repr=False)

    def __bool__(self) -> bool:
        return self.is_kkt

    @cached_property
    def certificate(self) -> Certificate:
        """The certificate: multipliers and subgradients; or the vectors, or the datum, that refute it."""
        from exactrelu import certificates

        units = plain_units(self.network)
        if self.multipliers is not None:
            return certificates.kkt_point(self.data, units, self.multipliers, self.subgradients)
        return certificates.kkt_refutation(
            self.data, units, farkas=self.farkas, datum=None if self.farkas else self.tight[0]
        )


def kkt_certificate(network: ShallowNetwork, x: Any, labels: Any) -> KKTAnswer:
    """Decide whether the direction of a network is a KKT point of the max-margin problem.

    Parameters
    ----------
    network : ShallowNetwork
        ``Σ v_j σ(w_j x + b_j)`` with rational weights, without output bias and skip.  It stands for its
        balanced scaling (`ShallowNetwork.balanced`), which computes the same function and is irrational in
        general.  A unit whose ``v`` or whose ``(w, b)`` is zero is balanced to the zero unit and
        left out.  A dead unit, whose weights are not zero but which is inactive at all data, is not: the
        norm decreases with its weights and the margins do not change, so the answer is False.
    x, labels : sequences of equal length
        As for `max_margin_classifier`.

    Returns
    -------
    KKTAnswer
        True or False as a condition, with the certificate of either answer.

    Raises
    ------
    InputError
        As `max_margin_classifier`; and if the network has an output bias or a skip slope.
    UnsupportedError
        If the network has irrational weights.

    Notes
    -----
    Two equations a unit (units of one direction and sign share theirs); exact pivoting.

    >>> hat = ShallowNetwork([1, 1], [1, -1], [3, -6])
    >>> bool(kkt_certificate(hat, [-2, -1, 1, 2], [1, -1, 1, -1]))
    False
    >>> from exactrelu.classification import max_margin_classifier
    >>> s = max_margin_classifier([-2, -1, 1, 2], [1, -1, 1, -1], skip=False)
    >>> answer = kkt_certificate(s.network, s.data.x, s.data.y)
    >>> answer.is_kkt, sum(answer.multipliers) == s.cost
    (True, True)
    """
    return kkt_answer(network, read_labels(x, labels))


def kkt_answer(network: ShallowNetwork, data: Dataset) -> KKTAnswer:
    """`kkt_certificate` of data that are read already: `y` are the labels ±1."""
    units = [unit for unit in plain_units(network) if unit[2] and (unit[0] or unit[1])]
    x, s = data.x, data.y
    values = [sum((v * max(w * t + b, _ZERO) for w, b, v in units), _ZERO) for t in x]
    margins = tuple(a * b for a, b in zip(s, values, strict=True))
    least = min(margins)
    tight = tuple(i for i, m in enumerate(margins) if m == least)
    if least <= 0:
        reason = f"the margin at x = {x[tight[0]]} is {least}: the network does not classify the data"
        return KKTAnswer(network, data, False, reason, margins, tight)
    # Units of one direction and one sign have the same equations.
    groups: dict[tuple[mpq, mpq, int], int] = {}
    for w, b, v in units:
        size = max(abs(w), abs(b))
        groups.setdefault((w / size, b / size, 1 if v > 0 else -1), len(groups))
    columns, rows, right = _equations(list(groups), tight, x, s)
    answer = nonnegative_solution(rows, right)
    numbers = [
        groups[w / max(abs(w), abs(b)), b / max(abs(w), abs(b)), 1 if v > 0 else -1]
        if v and (w or b)
        else None
        for w, b, v in plain_units(network)
    ]
    if answer.solution is None:
        assert answer.farkas is not None
        eta = answer.farkas
        chosen: set[int] = set()
        vectors = []
        for g in numbers:  # one representative of each group carries its vector
            first = g is not None and g not in chosen
            chosen |= {g} if g is not None else set()
            vectors.append((-eta[2 * g], -eta[2 * g + 1]) if g is not None and first else (_ZERO, _ZERO))
        reason = "no multipliers and subgradients make it stationary"
        return KKTAnswer(network, data, False, reason, margins, tight, farkas=tuple(vectors))
    found = dict(zip(columns, answer.solution, strict=True))
    multipliers = tuple(found.get(("λ", 0, i), _ZERO) for i in range(len(x)))
    subgradients = {
        (j, i): value
        for j, g in enumerate(numbers)
        for (kind, h, i), value in found.items()
        if kind == "μ" and h == g
    }
    return KKTAnswer(
        network, data, True, "multipliers and subgradients make it stationary", margins, tight, multipliers,
        subgradients,
    )  # fmt: skip


Column = tuple[str, int, int]


def _equations(
    groups: Sequence[tuple[mpq, mpq, int]], tight: Sequence[int], x: Sequence[mpq], s: Sequence[mpq]
) -> tuple[list[Column], list[list[mpq]], list[Exact]]:
    """Names of the unknowns, rows and right-hand sides: two rows a group, one an undecided subgradient."""
    active = [[w * x[i] + b for i in tight] for w, b, _ in groups]
    undecided = [(g, k) for g, row in enumerate(active) for k, z in enumerate(row) if not z]
    columns: list[Column] = [("λ", 0, i) for i in tight]
    columns += [(kind, g, tight[k]) for g, k in undecided for kind in ("μ", "τ")]
    position = {column: k for k, column in enumerate(columns)}
    rows: list[list[mpq]] = []
    right: list[Exact] = []
    for g, (w, b, sign) in enumerate(groups):
        norm = w * w + b * b
        pair = [[_ZERO] * len(columns), [_ZERO] * len(columns)]
        for k, i in enumerate(tight):
            if active[g][k] < 0:
                continue
            j = position["λ", 0, i] if active[g][k] else position["μ", g, i]
            pair[0][j], pair[1][j] = s[i] * x[i], s[i]
        rows += pair
        right += [RadicalSum._make([(sign * u / norm, norm)]) for u in (w, b)]
    for g, k in undecided:  # λ = μ + τ
        row = [_ZERO] * len(columns)
        row[position["λ", 0, tight[k]]] = mpq(1)
        row[position["μ", g, tight[k]]] = row[position["τ", g, tight[k]]] = mpq(-1)
        rows.append(row)
        right.append(_ZERO)
    return columns, rows, right


def plain_units(network: ShallowNetwork) -> list[Unit]:
    """``(w_j, b_j, v_j)``, all rational.

    Raises InputError for another kind of network, or one with an output bias or a skip slope.
    """
    if not isinstance(network, ShallowNetwork) or network.output_bias or network.skip_slope:
        raise InputError("the KKT conditions are for shallow networks without output bias and skip slope")
    units: list[Unit] = []
    weights = zip(network.input_weights, network.biases, network.output_weights, strict=True)
    for j, (w, b, v) in enumerate(weights):
        if isinstance(b, RadicalSum) or isinstance(v, RadicalSum):
            raise UnsupportedError(
                f"unit {j} has an irrational weight; give a rational multiple of the unit, as its balanced "
                "scaling is meant anyway"
            )
        units.append((w, b, v))
    return units
