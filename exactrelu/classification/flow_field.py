"""The field of the gradient flow, for balls and for power series in the time.

In the time ``dτ = L dt`` the flow ``θ' = -∇L`` of ``L = Σ ℓ(q_i)``, ``q_i = s_i N_θ(x_i)``, is that of
``log L``: ``dθ/dτ = Σ p_i s_i ∂N(x_i)``, ``p_i = -ℓ'(q_i)/L``.  With the pull ``(P, B)_j = Σ_i p_i s_i σ'_ij
(x_i, 1)`` of a unit,

    (w_j, b_j)' = v_j (P, B)_j,    v_j' = (w_j, b_j)·(P, B)_j.

A **pattern** has a word for each unit and a letter for each datum, for ``z = w_j x_i + b_j``:

    +  z > 0, so σ' = 1                 0  z = 0 and stays so: the kink slides along with the datum
    -  z < 0, so σ' = 0                 .  z = 0 and the unit is dead: σ' = 0, none of its data pulls
    ?  unknown, during an event: σ' in [0, 1]
    >  z >= 0 and σ' in [1 - slack, 1]      <  z <= 0 and σ' in [0, slack]: the end of a slide

With the first four only, the field is smooth in all of space: ``σ(z)`` stands for ``z`` or 0 as the letter
says, wherever the kink is.  A unit that slides at ``x_i`` lives on the line ``w x_i + b = 0``: there its
weights are replaced by their projection on the line, and so is its pull.  That is the field of Filippov:
``σ'_i`` moves the pull by a multiple of ``(x_i, 1)``, the normal of the line, and ``z' = 0`` removes just the
normal part.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from flint import arb, arb_series, fmpq
from gmpy2 import mpq

Number = Any  # a ball, or a power series with balls as coefficients; flint has no types
Pattern = tuple[str, ...]
PULLING = "+?<>"


class Undecided(Exception):  # noqa: N818 - the end of a run, not an error
    """The enclosure cannot be continued; the message says why."""


def ball(q: mpq) -> Any:
    """The rational number as a ball."""
    return arb(fmpq(int(q.numerator), int(q.denominator)))


def lives(word: str) -> bool:
    """Whether some datum moves, or may move, the unit of this word."""
    return any(letter in "+0?<>" for letter in word)


class Field:
    """The field for data ``(x_i, s_i)``; a state is ``[w_1, …, w_m, b_1, …, b_m, v_1, …, v_m]``."""

    def __init__(self, x: Sequence[mpq], signs: list[int], logistic: bool) -> None:
        self.x, self.signs, self.logistic = [ball(t) for t in x], signs, logistic
        # The data that do not move kinks along each datum: (x_k, 1)·(x_i, 1) = 0.
        self.across = [frozenset(k for k, u in enumerate(x) if u * t == -1) for t in x]
        self.squares = [1 + t * t for t in self.x]
        self.inverses = [1 / t for t in self.squares]
        self.slopes = {"?": arb(0.5, 0.5)}
        self.set_slack(arb(0))

    def set_slack(self, slack: Any) -> None:
        """For the letters ``<`` and ``>``, a ball of radius 0."""
        self.slack = slack
        self.slopes["<"] = arb(0).union(slack)
        self.slopes[">"] = 1 - self.slopes["<"]

    def motion(
        self, theta: list[Number], pattern: Pattern, shares: list[Number] | None = None
    ) -> list[Number]:
        """``dθ/dτ``; exactly 0 for dead units.  The shares may be given, if they are known better."""
        w, b, v = self._held(theta, pattern)
        if shares is None:
            shares = self.shares(self._margins(w, b, v, pattern))
        pulls = self.pulls(shares, pattern)
        dw, db, dv = ([0] * len(w) for _ in range(3))
        for j, pull in enumerate(pulls):
            if pull is not None:
                p, q = pull
                dw[j], db[j], dv[j] = v[j] * p, v[j] * q, w[j] * p + b[j] * q
        return dw + db + dv

    def margins(self, theta: list[Number], pattern: Pattern) -> list[Number]:
        """``q_i``."""
        return self._margins(*self._held(theta, pattern), pattern)

    def pulls(self, shares: list[Number], pattern: Pattern) -> list[tuple[Number, Number] | None]:
        """``(P, B)_j`` for each unit, projected where it slides; None for dead units."""
        found: list[tuple[Number, Number] | None] = []
        for word in pattern:
            if not lives(word):
                found.append(None)
                continue
            p, q = self._pull(shares, word, range(len(word)))
            at = word.find("0")
            if at >= 0:
                x = self.x[at]
                along = (p - x * q) * self.inverses[at]
                p, q = along, -x * along
            found.append((p, q))
        return found

    def rates(
        self, theta: list[Number], shares: list[Number], word: str, j: int, i: int
    ) -> tuple[Number, Number]:
        """``z'`` of unit ``j`` at datum ``i`` for ``σ'_ij = 0`` and for ``σ'_ij = 1``.

        The first is exactly 0 where no other datum moves the kink.
        """
        v = theta[2 * (len(theta) // 3) + j]
        p, q = self._pull(shares, word, (k for k in range(len(word)) if k != i and k not in self.across[i]))
        rest = v * (p * self.x[i] + q)
        return rest, rest + v * (self.signs[i] * shares[i] * self.squares[i])

    def shares(self, margins: list[Number], gaps: list[Number] | None = None) -> list[Number]:
        """``p_i = -ℓ'(q_i)/L``; the differences ``q_i - q_1`` may be given, if they are known better.

        With ``ℓ(q) = e^-q g``, ``-ℓ'(q) = e^-q s`` it is ``s_i/(g_i + e^q_i Σ_{k≠i} e^-q_k g_k)``, where few
        numbers occur twice, and all exponents may be less by the same number.  With the logistic loss ``g``
        and ``s = 1/(1 + e^-q)`` are near 1 for large margins.

        They are in [0, 1], however wide the balls: with the exponential loss their sum is 1, and with the
        logistic one ``y/(1 + y) <= log(1 + y)`` for ``y = e^-q``.
        """
        gaps = margins if gaps is None else gaps
        falls = [_exp(-gap) for gap in gaps]
        if self.logistic:
            slopes = [1 / (1 + _exp(-q)) for q in margins]
            weights = [_relative_loss(q, s) for q, s in zip(margins, slopes, strict=True)]
        else:
            slopes = weights = [arb(1)] * len(margins)
        terms = [f * g for f, g in zip(falls, weights, strict=True)]
        return [
            _share(s, g + _exp(gap) * _sum(terms[:i] + terms[i + 1 :]))
            for i, (s, g, gap) in enumerate(zip(slopes, weights, gaps, strict=True))
        ]

    def log_loss(self, margins: list[Any]) -> Any:
        """``log L`` for balls."""
        losses = [_exp(-q).log1p() if self.logistic else _exp(-q) for q in margins]
        return _sum(losses).log()

    def growth(self, box: list[Any], pattern: Pattern) -> Any:
        """A bound of the rate at which solutions with this pattern depart from each other, on a box.

        The field is ``-∇ log L``, so its derivative ``-∇² log L = Σ p_i ∇²q_i - Gᵀ H G`` is symmetric: ``G``
        has the rows ``∇q_i``, ``H = diag(ℓ''_i/L) - p pᵀ``.  The distance of two solutions grows at most at
        the rate of its largest eigenvalue on the segment between them.  (Where units slide, it is restricted
        to a subspace.)  ``q_i`` is bilinear in ``v`` and ``(w, b)``, so the first term has the eigenvalues
        ``0, ±|(P, B)_j|``.  With the exponential loss ``Σp = 1`` and ``H = diag(p) - p pᵀ >= 0``.  With the
        logistic one ``ℓ'' = r (1 - r)``, ``r = -ℓ'``, and by Cauchy's inequality ``(p·u)² <= Σp Σ p_i u_i²``,
        so that ``H >= -diag(p_i (Σp + r_i - 1))``.
        """
        w, b, v = self._held(box, pattern)
        margins = self._margins(w, b, v, pattern)
        shares = self.shares(margins)
        most = arb(0)
        for p, q in filter(None, self.pulls(shares, pattern)):
            most = most.max((p.abs_upper() ** 2 + q.abs_upper() ** 2).sqrt())
        if not self.logistic:
            return most.upper()
        total, more = _sum(shares), arb(0)
        for i, (q, p) in enumerate(zip(margins, shares, strict=True)):
            concave = (total + 1 / (1 + _exp(q)) - 1).upper()
            if concave > 0:
                gradient = _sum(
                    v[j] ** 2 * self.squares[i] + (w[j] * self.x[i] + b[j]) ** 2
                    for j, word in enumerate(pattern)
                    if word[i] == "+"
                )
                more += (p * concave * gradient).abs_upper()
        return (most + more).upper()

    def _held(self, theta: list[Number], pattern: Pattern) -> tuple[list[Number], list[Number], list[Number]]:
        """``w, b, v`` with the units that slide put on their lines."""
        m = len(pattern)
        w, b, v = theta[:m], theta[m : 2 * m], theta[2 * m :]
        for j, word in enumerate(pattern):
            at = word.find("0")
            if at >= 0:
                x = self.x[at]
                w[j] = (w[j] - x * b[j]) * self.inverses[at]
                b[j] = -x * w[j]
        return w, b, v

    def _margins(self, w: list[Number], b: list[Number], v: list[Number], pattern: Pattern) -> list[Number]:
        slopes = [v[j] * w[j] if lives(word) else None for j, word in enumerate(pattern)]
        levels = [v[j] * b[j] if lives(word) else None for j, word in enumerate(pattern)]
        found = []
        for i, x in enumerate(self.x):
            on = [j for j, word in enumerate(pattern) if word[i] == "+"]
            value = _sum(slopes[j] for j in on) * x + _sum(levels[j] for j in on)
            for j, word in enumerate(pattern):
                if word[i] in "?>":  # with balls only
                    value += v[j] * (w[j] * x + b[j]).nonnegative_part()
            found.append(self.signs[i] * value)
        return found

    def _pull(self, shares: list[Number], word: str, data: Iterable[int]) -> tuple[Number, Number]:
        p, q = arb(0), arb(0)
        for i in data:
            if word[i] in PULLING:
                share = self.signs[i] * shares[i]
                if word[i] != "+":
                    share *= self.slopes[word[i]]
                p, q = p + share * self.x[i], q + share
        return p, q


def _sum(values: Iterable[Number]) -> Number:
    return sum(values, arb(0))


def _exp(a: Number) -> Number:
    """``e^a``, positive for wide balls too, where arb's own would reach below 0."""
    if isinstance(a, arb):
        return a.lower().exp().union(a.upper().exp())
    return _exp(a[0]) * arb_series([0, *a.coeffs()[1:]], a.prec).exp()


def _share(s: Number, total: Number) -> Number:
    """``s/total``, known to be in [0, 1].

    Raises Undecided for series where the total may be 0.
    """
    if not isinstance(total, arb):
        if not total[0] > 0:
            raise Undecided("numbers are not told from 0")
        return s / total
    share = s / total
    return share.intersection(arb(0.5, 0.5)) if share.is_finite() else arb(0.5, 0.5)


def _relative_loss(q: Number, s: Number) -> Number:
    """``g = log(1 + e^-q) e^q`` for balls and series, ``s = 1/(1 + e^-q)``.

    It rises with ``q``: ``log(1 + y)/y``, a mean of the slopes of the concave ``log(1 + y)``, falls with
    ``y``.  Its derivative is ``g' = q' (g - s)``, from that of ``g e^-q = log(1 + e^-q)``.
    """
    first = q if isinstance(q, arb) else q[0]
    low, high = ((-end).exp() for end in (first.lower(), first.upper()))
    start = (low.log1p() / low).union(high.log1p() / high)
    if isinstance(q, arb):
        return start
    speed, found = q.derivative(), [start]
    for k in range(q.prec - 1):
        found.append(sum(speed[i] * (found[k - i] - s[k - i]) for i in range(k + 1)) / (k + 1))
    return arb_series(found, q.prec)
