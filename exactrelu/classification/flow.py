"""Gradient flow of shallow networks on separable data, simulated in float64 for many seeds at once.

The flow ``θ' = -∇L(θ)`` of ``L = Σ ℓ(q_i)``, ``q_i = s_i N_θ(x_i)``, with the exponential loss
``ℓ(q) = e^{-q}`` or the logistic one ``log(1 + e^{-q})``.

**Stable for huge margins.**  Time is measured by ``dτ = L dt``, which leaves the trajectory as it is: then
``dθ/dτ = Σ p_i s_i ∇N(x_i)`` with ``p_i = -ℓ'(q_i)/L``, computed from differences of margins only, so nothing
underflows.  With the exponential loss ``Σ p_i = 1``.

**Steps.**  The ``p_i`` react to changes of the margins at the rate ``‖∇N‖²``, which grows without bound: the
flow is stiff.  So a step is implicit in them: it takes the ``p`` that belongs to the margins at its end, the
minimum of a function of ``n`` unknowns, and the gradients ``∇N`` half way.  Its length is such that no unit
changes by more than a few per cent, so a number of steps logarithmic in the final margin is enough.  A step
that raises the loss, as the flow never does, is taken back and made shorter.

**Events.**  The field jumps where the kink of a unit passes a datum.  A step that would pass one ends there
(or shortly after, lest many events in a row take many steps; later among more than 50 data), and within a
step the activation pattern is fixed, so the rule is applied to smooth fields only.  At the event the fields
on both sides decide: the kink passes, or, if both drive it back, it stays at the datum and slides along
(Filippov), with the subgradient ``σ'`` in [0, 1] that keeps it there, until that leaves [0, 1]: as in the
KKT conditions.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from numbers import Integral
from typing import Any

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from exactrelu.arithmetic import InputError, rational
from exactrelu.arithmetic.options import read_count
from exactrelu.classification.flow_steps import Simulation
from exactrelu.classification.kkt import plain_units
from exactrelu.classification.labels import read_labels
from exactrelu.classification.residual import KKTResidual, residual_of
from exactrelu.functions import Dataset, ShallowNetwork

Floats = NDArray[np.float64]
LOSSES = ("exponential", "logistic")
_SNAPS = (mpq(1, 10**9), mpq(1, 1000), mpq(1, 50))
_ENDINGS = ("steps", "margin", "stalled", "precision")  # in the order of the codes of `flow_steps`
_LOOK = 300  # steps after which a loss that does not fall is a reason to stop
_BLOCK = 1_000_000  # values of units at data that are held at once


@dataclass(frozen=True, eq=False)
class FlowRun:
    """Where the flow of one seed ended, judged exactly.

    Attributes
    ----------
    network : ShallowNetwork
        The final weights, float64 read as dyadic rationals.
    data : Dataset
    seed : int
    steps : int
    ending : "margin", "stalled", "precision" or "steps"
        Why it ended there: it reached the margin that was asked for; it hardly moves any more; float64
        follows it no further; or it was still on its way after the most steps.
    time : float
        ``τ = ∫ L dt``.
    events : int
        How often a kink passed a datum.
    history : array of shape (k, 3)
        ``τ``, the normalised margin ``min q_i/‖θ‖²`` and ``log L``, at k times.
    """

    network: ShallowNetwork = field(repr=False)
    data: Dataset = field(repr=False)
    seed: int
    steps: int
    time: float
    events: int
    history: Floats = field(repr=False)
    ending: str = "margin"

    @property
    def converged(self) -> bool:
        """Whether the margin that was asked for was reached."""
        return self.ending == "margin"

    @cached_property
    def residual(self) -> KKTResidual:
        """Margin and KKT residual, exactly (`kkt_residual`), for the best of several distances to snap."""
        units = plain_units(self.network)
        answers = [residual_of(units, self.data, snap) for snap in _SNAPS]
        return min(answers, key=lambda answer: answer.bound if answer.bound is not None else mpq(10))

    @property
    def accuracy(self) -> mpq:
        """The share of the data on their right sides, exactly."""
        values = self.network.function.values_at_sorted(self.data.x)
        return mpq(sum(int(s * v > 0) for s, v in zip(self.data.y, values, strict=True)), self.data.n)


def gradient_flow(
    x: Any,
    labels: Any,
    *,
    width: int = 32,
    seeds: Any = 1,
    loss: str = "exponential",
    initial_scale: Any = 0.1,
    steps: int = 2000,
    margin: Any = 1e4,
    records: int = 60,
    progress: Callable[[int, int, str], object] | None = None,
) -> list[FlowRun]:
    """Simulate gradient flow from random initial weights, one run a seed, all at once.

    Parameters
    ----------
    x, labels : sequences of equal length
        As for `max_margin_classifier`.
    width : int
        Number of units.
    seeds : int or sequence of int
        Seeds, non-negative, or how many of ``0, 1, …``. A run depends on its own seed only.
    loss : "exponential" or "logistic"
    initial_scale : positive rational-like number
        Units start balanced: ``(w, b)`` uniform on the circle of this radius, ``v = ±`` this.
    steps : int
        The most steps of a run.
    margin : positive rational-like number
        A run ends when its least margin ``q`` is this large, at most 1e5 (a loss of ``e^{-100000}``).  What
        the initial weights leave in the direction of the units falls as ``initial_scale/√q``.
    records : int
        Length of the history.
    progress : callable, optional
        Called as ``progress(done, total, "gradient flow")`` with numbers of steps now and then.

    Returns
    -------
    list of FlowRun
        In the order of the seeds; each can be judged exactly, and says whether it `converged`.

    Raises
    ------
    InputError
        For bad data or options, and data beyond the range of float64.

    Notes
    -----
    ``O(width · n + min(n, width)² · max(n, width))`` a step and run.  Badly scaled data (far from 0, very far
    apart, very close) make the flow so stiff that it does not converge; centre and scale them first.
    Nothing about the trajectory is certified; the end point is what it is, and everything said about it
    afterwards is exact.

    >>> run = gradient_flow([-1, 1], [-1, 1], width=8, seeds=[3])[0]
    >>> run.accuracy, run.residual.bound < 0.05
    (mpq(1,1), True)
    """
    data = read_labels(x, labels)
    logistic = read_loss(loss) == "logistic"
    width, steps, records = _count(width, "width"), _count(steps, "steps"), _count(records, "records")
    initial_scale, margin = _positive(initial_scale, "initial_scale"), _positive(margin, "margin")
    if margin > 1e5:
        raise InputError(f"margin is {margin!r}; float64 resolves the flow up to margins of 1e5")
    chosen = _seeds(seeds)
    points, signs = float_points(data), np.array(data.y, dtype=float)
    together = max(_BLOCK // (width * data.n), 1)
    blocks = [chosen[k : k + together] for k in range(0, len(chosen), together)]
    every = max(steps // records, 1)
    runs: list[FlowRun] = []
    for done, block in enumerate(blocks):
        theta = np.stack([_initial(seed, width, initial_scale) for seed in block])
        simulation = Simulation(points, signs, theta, logistic)
        history: list[Floats] = []
        with np.errstate(all="ignore"):
            for k in range(steps):
                if progress is not None:
                    progress(done * steps + k, len(blocks) * steps, "gradient flow")
                if k % every == 0:
                    history.append(simulation.record())
                if k and k % _LOOK == 0:
                    simulation.stop_stalled()
                if not simulation.advance(margin):
                    break
            history.append(simulation.record())
        runs += _runs(data, block, simulation, history)
    return runs


def initial_network(seed: int, *, width: int = 32, initial_scale: Any = 0.1) -> ShallowNetwork:
    """The weights from which `gradient_flow` starts for a seed, exactly.

    InputError for bad options.

    >>> initial_network(3, width=2, initial_scale=0.5).output_weights
    (mpq(-1,2), mpq(1,2))
    """
    size = _positive(initial_scale, "initial_scale")
    return ShallowNetwork(*_initial(_seeds([seed])[0], _count(width, "width"), size))


def _runs(
    data: Dataset, seeds: list[int], simulation: Simulation, history: list[Floats]
) -> Iterator[FlowRun]:
    for r, (seed, weights) in enumerate(zip(seeds, simulation.theta, strict=True)):
        yield FlowRun(
            ShallowNetwork(*weights), data, seed, int(simulation.steps[r]), float(simulation.time[r]),
            int(simulation.events[r]), np.array([row[r] for row in history]),
            _ENDINGS[simulation.ended[r]],
        )  # fmt: skip


def float_points(data: Dataset) -> Floats:
    """The data in float64; InputError beyond its range."""
    try:
        return np.array(data.x, dtype=float)
    except OverflowError:
        raise InputError("a number is too large for the float simulation (above 1.8e308)") from None


def badly_scaled(data: Dataset) -> bool:
    """Whether the flow had better be run on centred and scaled points: they lie far from 0, wide or close.

    >>> badly_scaled(Dataset.read([1000, 1001], [1, -1])), badly_scaled(Dataset.read([-2, 3], [1, -1]))
    (True, False)
    """
    largest = max(abs(data.x[0]), abs(data.x[-1]))
    extent = data.x[-1] - data.x[0]
    return largest > 50 or 0 < largest < mpq(1, 50) or (data.n > 1 and largest > 20 * extent)


def _seeds(seeds: Any) -> list[int]:
    if isinstance(seeds, Integral):
        if seeds is True or int(seeds) < 1:
            raise InputError(
                f"seeds is {seeds}; it must be a positive number of seeds, or a sequence of seeds"
            )
        return list(range(int(seeds)))
    try:
        given = list(seeds)
        chosen = [operator.index(seed) for seed in given]
    except TypeError:
        raise InputError(f"seeds is {seeds!r}; it must be an integer or a sequence of integers") from None
    for k, seed in enumerate(chosen):
        if seed < 0 or isinstance(given[k], bool):
            raise InputError(f"seeds[{k}] is {given[k]!r}; a seed is an integer that is not negative")
    return chosen


def read_loss(loss: Any) -> str:
    """The name of the loss; InputError for others."""
    if not isinstance(loss, str) or loss not in LOSSES:
        raise InputError(f"loss is {loss!r:.60}; it must be one of {', '.join(LOSSES)}")
    return loss


def _count(value: Any, name: str) -> int:
    count = read_count(value, name)
    if count is None:
        raise InputError(f"{name} is None; it must be a positive integer")
    return count


def _positive(value: Any, name: str) -> float:
    try:
        number = float(rational(value, name=name))
    except OverflowError:
        number = np.inf
    if not 0 < number < np.inf:
        raise InputError(f"{name} is {value!r:.60}; it must be a positive number, a float64")
    return number


def _initial(seed: int, width: int, scale: float) -> Floats:
    """Rows ``w, b, v``."""
    rng = np.random.default_rng(seed)
    angle = rng.uniform(0.0, 2 * np.pi, width)
    return scale * np.stack([np.cos(angle), np.sin(angle), rng.choice([-1.0, 1.0], width)])
