"""Steps of the gradient flow of many runs at once, in float64; see `flow`."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

_CHANGE = 0.05  # of a unit in a regular step, relative
_SHORTEST = 0.02  # of a regular step
_CROWD = 50  # data for each of which a step is at least that much longer
_RISE = 1e-3  # of log L in a step, relative, that is put down to rounding and to kinks that overshoot
_STILL = 1e-4  # the least fall of log L in many steps
_FINEST = 1e-6  # of a regular step; the flow is lost where shorter ones still raise the loss

RUNNING, MARGIN, REST, PRECISION = range(4)


class Simulation:
    """The state of all runs: `theta` of shape (runs, 3, width), rows ``w, b, v``."""

    def __init__(self, x: Floats, s: Floats, theta: Floats, logistic: bool) -> None:
        self.x, self.s, self.theta, self.logistic = x, s, theta, logistic
        runs, n = len(theta), len(x)
        self.time, self.steps, self.events = np.zeros(runs), np.zeros(runs, int), np.zeros(runs, int)
        # How each run has ended, and the length of its steps as a share of the regular one.
        self.ended, self.scale = np.full(runs, RUNNING), np.ones(runs)
        # The activation pattern, and for each unit the datum at which its kink slides, or -1.
        self.on = (self._inner(theta) > 0).astype(float)
        self.slides = np.full((runs, theta.shape[2]), -1)
        self.shares = np.full((runs, n), 1 / n)
        # Among many data, each of little weight, a kink may pass several in a step.
        self.crowd = 1 + n // _CROWD
        self.past_loss = np.full(runs, np.inf)

    def record(self) -> Floats:
        """``τ``, normalised margin, ``log L``, one row a run."""
        q = self._margins(self.theta, self._inner(self.theta), self.on)
        normalized = q.min(axis=1) / (self.theta**2).sum((1, 2))
        return np.stack([self.time, normalized, self._log_loss(q)], axis=1)

    def advance(self, margin: float) -> bool:
        """One step of every run that is not done; False when all are.

        The loss never rises along the flow.  A step that raises it is taken back, and shorter ones follow.
        """
        rows = np.flatnonzero(self.ended == RUNNING)
        q = self._margins(self.theta[rows], self._inner(self.theta[rows]), self.on[rows])
        done = q.min(axis=1) >= margin
        self.ended[rows[done]] = MARGIN
        rows = rows[~done]
        if not len(rows):
            return False
        theta, on, slides = self.theta[rows], self.on[rows], self.slides[rows]
        z = self._inner(theta)
        q = self._margins(theta, z, on)
        shares = self._shares(q)
        for _ in range(min(self.crowd, 3)):
            if not self._decide(theta, z, on, slides, shares):
                break
        pulls = self._pulls(shares, on)
        rate = np.sqrt((pulls**2).sum(1)).max(1)
        regular = self.scale[rows] * _CHANGE / np.maximum(rate, 1e-4 * np.abs(self.x).max(initial=1.0))
        # The step without regard to events, then again with the length up to the first one.
        slope = self._slope(theta, on, slides, regular, q, rows)
        change = slope[:, 0, :, None] * self.x + slope[:, 1, :, None]
        distance = np.where(on > 0, z, -z).clip(min=0)
        approach = np.where(on > 0, -change, change)
        still = (approach <= 0) | _at(slides, len(self.x))
        reach = np.where(still, np.inf, distance / np.where(still, 1.0, approach))
        first = reach.reshape(len(rows), -1).min(axis=1)
        passing = first < regular
        shortest = min(_SHORTEST * self.crowd, 0.5)
        h = np.where(passing, np.maximum(first, shortest * regular), regular)
        if passing.any():
            slope = self._slope(theta, on, slides, h, q, rows)
        step = h[:, None, None] * slope
        # A narrow network may come to rest before it has separated the data.
        resting = ~passing & (np.abs(step).max((1, 2)) <= 1e-7 * self.scale[rows] * np.abs(theta).max((1, 2)))
        self.ended[rows[resting]] = REST
        theta = theta + step
        self._hold(theta, slides)
        before, after = self._log_loss(q), self._log_loss(self._margins(theta, self._inner(theta), on))
        good = after <= before + _RISE * (1 + np.abs(before))  # false for NaN, too
        kept = rows[good]
        self.theta[kept], self.on[kept], self.slides[kept] = theta[good], on[good], slides[good]
        self.time[kept] += h[good]
        self.steps[rows] += 1
        self.events[kept] += passing[good]
        self.scale[rows] = np.where(good, np.minimum(1.0, 2 * self.scale[rows]), self.scale[rows] / 4)
        self.ended[rows[self.scale[rows] < _FINEST]] = PRECISION
        return True

    def stop_stalled(self) -> None:
        """End the runs that misclassify and whose loss has hardly fallen since the last call."""
        q = self._margins(self.theta, self._inner(self.theta), self.on)
        log_loss = self._log_loss(q)
        still = (q.min(1) <= 0) & (self.past_loss - log_loss < _STILL) & (self.ended == RUNNING)
        self.ended[still] = REST
        self.past_loss = log_loss

    def _slope(
        self, theta: Floats, on: Floats, slides: Integers, h: Floats, q: Floats, rows: Integers
    ) -> Floats:
        """The mean of ``dθ/dτ`` over steps of the lengths `h`: the implicit midpoint rule.

        ``N`` is quadratic in ``θ`` as long as the pattern stays, so margins change by the gradients half way
        times the step exactly, and the step meets the ``p`` at its own end, however large the margins.
        """
        shares, middle = self.shares[rows], theta
        half = h[:, None, None] / 2
        slope = np.zeros_like(theta)
        for _ in range(10):
            shares = self._implicit(middle, on, h, q, shares)
            self._settle(middle, on, slides, shares)
            before, slope = slope, self._field(middle, self._pulls(shares, on))
            middle = theta + half * slope
            off = np.abs(half * (slope - before)).max((1, 2)) * np.abs(theta).max((1, 2))
            if (off < 1e-3).all():
                break
        self.shares[rows] = shares
        return slope

    def _implicit(self, theta: Floats, on: Floats, h: Floats, q: Floats, start: Floats) -> Floats:
        """Shares ``c = p(q + h K c)``, ``K`` the inner products of the ``s_i ∇N(x_i)`` at `theta`.

        There ``h c·Kc/2 + log L(q + h K c)`` is stationary: its minimum, by Newton steps with backtracking.
        It is convex with the exponential loss; with the logistic one ``log L`` is not quite.
        """
        kernel = _Kernel.of(self._factor(theta, on), h)
        c = start
        value, u = self._objective(kernel, q, c)
        moving = np.ones(len(c), dtype=bool)  # runs whose equations are not solved yet
        for _ in range(60):
            p = self._shares(u)
            bend = p * (1.0 if not self.logistic else 1 / (1 + np.exp(-u)))
            d = kernel.newton(bend, p, p - c)
            moving &= np.abs(d).max(1) >= 1e-9  # false for NaN
            if not moving.any():
                break
            d[~moving] = 0.0
            length = np.ones(len(c))
            for _ in range(20):
                trial, _ = self._objective(kernel, q, c + length[:, None] * d)
                worse = ~(trial <= value + 1e-12 * np.abs(value))
                if not worse.any():
                    break
                length[worse] /= 2
            length[worse] = 0.0
            moving &= ~worse
            c = c + length[:, None] * d
            value, u = self._objective(kernel, q, c)
        return self._shares(u)

    def _objective(self, kernel: _Kernel, q: Floats, c: Floats) -> tuple[Floats, Floats]:
        moved = kernel.times(c)
        return (c * moved).sum(1) / 2 + self._log_loss(q + moved), q + moved

    def _decide(self, theta: Floats, z: Floats, on: Floats, slides: Integers, shares: Floats) -> bool:
        """Let kinks that have reached a datum pass or slide, and end slides; changes `on` and `slides`.

        False when there was nothing to decide.

        With ``g_k = s_k p_k (1 + x_k x_i)`` the value of unit ``j`` at datum ``i`` changes at the rate
        ``v_j (Σ_{k≠i} σ'_k g_k + σ'_i g_i) = rest + σ'_i own``.  Both sides drive it back iff
        ``rest > 0 > rest + own``; it rests for ``σ'_i = -rest/own``.
        """
        change, own = self._rates(theta, on, shares)
        outside = np.where(on > 0, (z <= 0) & (change < 0), (z >= 0) & (change > 0))
        # None of a unit that slides; and at most one datum of a unit at a time, unless data are many.
        arrived = outside & (slides < 0)[:, :, None]
        if self.crowd == 1:
            arrived &= np.cumsum(outside, axis=2) == 1
        looked_at = arrived | _at(slides, len(self.x))
        if not looked_at.any():
            return False
        rest = change - on * own
        held = looked_at & (rest > 0) & (rest + own < 0)
        freed = looked_at & ~held
        held &= np.cumsum(held, axis=2) == 1
        on[held] = (-rest / np.where(own == 0, 1.0, own))[held]
        on[freed] = (rest > 0)[freed]
        slides[...] = np.where(held.any(2), held.argmax(2), -1)
        return bool(arrived.any())

    def _settle(self, theta: Floats, on: Floats, slides: Integers, shares: Floats) -> None:
        """The subgradients that keep sliding kinks where they are, for these shares; changes `on`."""
        sliding = _at(slides, len(self.x))
        if sliding.any():
            change, own = self._rates(theta, on, shares)
            rest = change - on * own
            on[sliding] = (-rest / np.where(own == 0, 1.0, own))[sliding].clip(0, 1)

    def _rates(self, theta: Floats, on: Floats, shares: Floats) -> tuple[Floats, Floats]:
        """``v_j Σ_k σ'_k g_k`` at every datum (see `_decide`), and ``v_j g_i`` of the datum itself."""
        v, weights = theta[:, 2, :, None], (shares * self.s)[:, None, :]
        gains = weights * on
        change = v * ((gains * self.x).sum(2)[:, :, None] * self.x + gains.sum(2)[:, :, None])
        return change, v * weights * (1 + self.x**2)

    def _hold(self, theta: Floats, slides: Integers) -> None:
        """Put the kinks that slide back exactly on their data."""
        x = self.x[slides]
        off = np.where(slides >= 0, theta[:, 0] * x + theta[:, 1], 0.0) / (1 + x**2)
        theta[:, 0] -= off * x
        theta[:, 1] -= off

    def _inner(self, theta: Floats) -> Floats:
        """``w_j x_i + b_j``, of shape (runs, width, n)."""
        values: Floats = theta[:, 0, :, None] * self.x + theta[:, 1, :, None]
        return values

    def _margins(self, theta: Floats, z: Floats, on: Floats) -> Floats:
        margins: Floats = self.s * (theta[:, 2, None, :] @ (z * (on > 0)).clip(min=0))[:, 0]
        return margins

    def _factor(self, theta: Floats, on: Floats) -> Floats:
        """``F`` of shape (runs, n, 2 width) with ``F Fᵀ`` the inner products of the ``s_i ∇N(x_i)``.

        A unit adds ``σ'_i σ'_k (x_i, 1) (v² + u uᵀ) (x_k, 1)ᵀ``, ``u = (w, b)``; the factor is Cholesky's.
        """
        w, b, v = (theta[:, row, :, None] for row in range(3))
        first = np.sqrt(v**2 + w**2)
        safe = np.where(first == 0, 1.0, first)
        second = np.where(first == 0, np.abs(b), np.abs(v) * np.sqrt(v**2 + w**2 + b**2) / safe)
        parts = np.concatenate([(first * self.x + w * b / safe) * on, second * on], axis=1) * self.s
        return parts.transpose(0, 2, 1)

    def _pulls(self, shares: Floats, on: Floats) -> Floats:
        """``Σ_i p_i s_i σ'_ij (x_i, 1)``, of shape (runs, 2, width)."""
        weights = (shares * self.s)[:, None, :] * on
        return np.stack([(weights * self.x).sum(2), weights.sum(2)], axis=1)

    def _field(self, theta: Floats, pulls: Floats) -> Floats:
        """``Σ p_i s_i ∇N(x_i)``, as `theta`."""
        w, b, v = theta[:, 0], theta[:, 1], theta[:, 2]
        return np.stack([v * pulls[:, 0], v * pulls[:, 1], w * pulls[:, 0] + b * pulls[:, 1]], axis=1)

    def _log_losses(self, q: Floats) -> Floats:
        """``log ℓ(q_i)``."""
        if not self.logistic:
            return -q
        # log(1 + e^{-q}) is e^{-q} up to a factor of 1 - e^{-q}/2 for large q.
        return np.where(q > 30, -q, np.log(np.logaddexp(0.0, -np.minimum(q, 30.0))))

    def _log_loss(self, q: Floats) -> Floats:
        """``log L``, from differences only."""
        losses = self._log_losses(q)
        top = losses.max(axis=1, keepdims=True)
        total: Floats = top[:, 0] + np.log(np.exp(losses - top).sum(axis=1))
        return total

    def _shares(self, q: Floats) -> Floats:
        """``p_i = -ℓ'(q_i)/L``."""
        top = -np.logaddexp(0.0, q) if self.logistic else -q
        shares: Floats = np.exp(top - self._log_loss(q)[:, None])
        return shares


def _at(slides: Integers, n: int) -> NDArray[np.bool_]:
    """Where a unit slides, as a mask of shape (runs, width, n)."""
    mask: NDArray[np.bool_] = slides[:, :, None] == np.arange(n)
    return mask


class _Kernel(NamedTuple):
    """``h K = h F Fᵀ``, ``F`` of shape (runs, n, m), as a matrix or, where n is larger than m, by `F`."""

    matrix: Floats | None
    factor: Floats
    h: Floats

    @classmethod
    def of(cls, factor: Floats, h: Floats) -> _Kernel:
        """The form with the smaller systems."""
        _, n, m = factor.shape
        matrix = h[:, None, None] * (factor @ factor.transpose(0, 2, 1)) if n <= m else None
        return cls(matrix, factor, h)

    def times(self, c: Floats) -> Floats:
        """``h K c``."""
        if self.matrix is not None:
            moved: Floats = np.einsum("rij,rj->ri", self.matrix, c)
            return moved
        along = (c[:, None, :] @ self.factor).transpose(0, 2, 1)
        found: Floats = self.h[:, None] * (self.factor @ along)[:, :, 0]
        return found

    def newton(self, bend: Floats, p: Floats, rest: Floats) -> Floats:
        """The solution of ``(1 + H h K) d = rest`` for ``H = diag(bend) - p pᵀ``; NaN where there is none.

        Where n is large by ``d = rest - h H F (1 + h Fᵀ H F)^-1 Fᵀ rest`` (Woodbury): ``O(n m²)``.
        """
        with np.errstate(all="ignore"):
            try:
                if self.matrix is not None:
                    one = np.eye(rest.shape[1])
                    hessian = bend[:, :, None] * one - p[:, :, None] * p[:, None, :]
                    solved = np.linalg.solve(one + hessian @ self.matrix, rest[:, :, None])
                    return np.asarray(solved[:, :, 0], dtype=np.float64)
                f, h = self.factor, self.h[:, None, None]
                across = f.transpose(0, 2, 1)
                bent = bend[:, :, None] * f - p[:, :, None] * (p[:, None, :] @ f)
                inner = np.linalg.solve(np.eye(f.shape[2]) + h * (across @ bent), across @ rest[:, :, None])
                return rest - (h * (bent @ inner))[:, :, 0]
            except np.linalg.LinAlgError:
                return np.full_like(rest, np.nan)
