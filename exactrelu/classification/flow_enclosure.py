"""A rigorous enclosure of the gradient flow of a small network: the true solution, not a simulation of it."""

from __future__ import annotations

import time as clock
from collections.abc import Callable
from dataclasses import replace
from numbers import Integral
from typing import Any

import gmpy2
from gmpy2 import mpq

from exactrelu.arithmetic import InputError, format_rational, rational
from exactrelu.arithmetic.options import read_timeout
from exactrelu.classification.flow import read_loss
from exactrelu.classification.flow_field import Undecided, ball
from exactrelu.classification.flow_integrator import Integrator, Step
from exactrelu.classification.flow_result import FlowEnclosure, FlowEvent, FlowSegment, flow_field, flow_units
from exactrelu.classification.flow_tube import State, exact, norm, working
from exactrelu.classification.kkt import Unit
from exactrelu.classification.labels import read_labels
from exactrelu.functions import Dataset, ShallowNetwork

_GUARD_BITS = 48  # beyond those of the tolerance, in the first attempt
_IDLE = 40  # steps in a row that are cut short, with nothing happening
_ZERO = mpq(0)


def flow_enclosure(
    network: ShallowNetwork,
    x: Any,
    labels: Any,
    *,
    time: Any,
    loss: str = "exponential",
    tolerance: Any = "1e-6",
    max_bits: int = 256,
    timeout: float | None = None,
    progress: Callable[[mpq, mpq, str], object] | None = None,
) -> FlowEnclosure:
    """Enclose the gradient flow from given weights up to a time, rigorously.

    The flow is ``dθ/dτ = -∇ log L``, that of ``-∇L`` in the time of `gradient_flow`, ``dτ = L dt``, with any
    subgradients ``σ' ∈ [0, 1]`` where a kink is at a datum: all solutions are enclosed, as kinks pass data,
    slide along with them or rest there. Where it is not decided how the flow goes on, even with `max_bits`,
    the enclosure ends and says so.

    Parameters
    ----------
    network : ShallowNetwork
        The initial weights, rational (floats as the dyadic rationals that they hold; `initial_network` has
        those of `gradient_flow`), no output bias, no skip.
    x, labels : sequences of equal length
        As for `max_margin_classifier`.
    time : non-negative rational-like number
        Where to end.
    loss : "exponential" or "logistic"
    tolerance : positive rational-like number
        The radius that the enclosure may have at most, at all times.
    max_bits : int
        The most bits to calculate with. They are doubled as long as the enclosure does not reach the end.
    timeout : positive number of seconds, optional
        Then the longest enclosure found is returned.
    progress : callable, optional
        Called as ``progress(reached, time, "flow enclosure")`` at each step.

    Raises
    ------
    InputError, UnsupportedError
        For bad data, options, or a network that has other parts or irrational weights.

    Notes
    -----
    Made for small networks: up to 8 units and 6 data take some 10 to 100 steps for each unit of time, each of
    ``O((width + n) n)`` operations on series of ``bits/4`` terms, about a hundredth of a second; more where
    weights or data are large. Others are for `gradient_flow`.

    References
    ----------
    Interval Taylor methods: Moore 1966; Nedialkov, Jackson, Corliss 1999. Discontinuous fields: Filippov
    1988. The bound of the growth of errors, which stays the same however stiff the flow becomes, is derived
    for exactrelu (`Field.growth`, ``proofs/flow_growth.py``).

    >>> import math
    >>> from exactrelu.functions import ShallowNetwork
    >>> found = flow_enclosure(ShallowNetwork([1], [0], [1]), [1], [1], time="1/2", tolerance="1e-12")
    >>> found.complete, found.final.classifies, found.final.radius < 1e-12
    (True, True, True)
    >>> z, v = math.cosh(0.5 * 2**0.5), math.sinh(0.5 * 2**0.5)  # (z, v)' = (2 v, z) from (1, 1)
    >>> abs((z + 2**0.5 * v) * (z + v / 2**0.5) - float(found.final.margins[0].midpoint)) < 1e-12
    True
    """
    units, data = flow_units(network), read_labels(x, labels)
    until, width = rational(time, name="time"), rational(tolerance, name="tolerance")
    _check(until, width)
    loss, max_bits = read_loss(loss), _bits(max_bits)
    timeout = read_timeout(timeout)
    deadline = None if timeout is None else clock.monotonic() + timeout
    bits = min(_GUARD_BITS + max(0, -int(gmpy2.floor(gmpy2.log2(width)))), max_bits)
    best: FlowEnclosure | None = None
    while True:
        steps, ending, reason = _attempt(units, data, until, loss, width, bits, deadline, progress)
        found = _enclosure(network, data, loss, ending, reason, bits, steps)
        if best is None or found.end >= best.end:
            best = found
        if ending == "timeout" and best is not found:
            best = replace(best, ending=ending, reason=f"{best.reason}, and time was up with {bits}")
        if best.complete or ending == "timeout" or bits == max_bits:
            return best
        bits = min(2 * bits, max_bits)


def _attempt(
    units: list[Unit],
    data: Dataset,
    until: mpq,
    loss: str,
    width: mpq,
    bits: int,
    deadline: float | None,
    progress: Callable[[mpq, mpq, str], object] | None,
) -> tuple[list[Step], str, str]:
    """Steps at one precision, how they ended and why; at the last, one of no length."""
    steps: list[Step] = []
    with working(bits):
        integrator = Integrator(flow_field(data, loss), bits)
        state, longest = _start(units, data), mpq(1)
        doubtful = tuple(
            (j, i) for j, word in enumerate(state.pattern) for i, c in enumerate(word) if c == "?"
        )
        idle = 0
        ending, reason = "time", "the time that was asked for is reached"
        while state.time < until:
            if progress is not None:
                progress(state.time, until, "flow enclosure")
            if deadline is not None and clock.monotonic() > deadline:
                ending, reason = "timeout", "time was up"
                break
            try:
                if doubtful:
                    step = integrator.event(state, doubtful, longest)
                else:
                    step = integrator.smooth(state, until, longest)
                    longest = 2 * (step.end.time - state.time) + mpq(1, 1000)
            except Undecided as error:
                ending, reason = "undecided", f"{error} with {bits} bits"
                break
            if not step.end.radius <= ball(width):
                ending = "tolerance"
                reason = f"the enclosure becomes wider than the tolerance with {bits} bits"
                break
            idle = 0 if step.passed or not (step.is_event or step.doubtful) else idle + 1
            if idle > _IDLE:
                ending, reason = "undecided", f"kinks stay too near data with {bits} bits"
                break
            steps.append(step)
            state, doubtful = step.end, step.doubtful
        steps.append(Step(state, state, state.radius))
    return steps, ending, reason


def _start(units: list[Unit], data: Dataset) -> State:
    weights = [ball(unit[k]) for k in range(3) for unit in units]
    center = tuple(a.mid() for a in weights)
    words = []
    for w, b, v in units:
        values = [w * x + b for x in data.x]
        # A unit of zeros stays so, whatever the subgradients: its motion is linear in its weights.
        zero = "?" if w or b or v else "."
        words.append("".join("+" if z > 0 else "-" if z < 0 else zero for z in values))
    return State(_ZERO, center, norm([a - c for a, c in zip(weights, center, strict=True)]), tuple(words))


def _enclosure(
    network: ShallowNetwork, data: Dataset, loss: str, ending: str, reason: str, bits: int, steps: list[Step]
) -> FlowEnclosure:
    segments, events = [], []
    for step in steps:
        a, b, pattern = step.start, step.end, step.start.pattern
        if step.passed:
            events += [FlowEvent(a.time, b.time, j, i, letter) for (j, i), letter in step.passed]
        if step.is_event:
            pattern = tuple(
                "".join(c if c == d else "?" for c, d in zip(*words, strict=True))
                for words in zip(pattern, b.pattern, strict=True)
            )
        center = tuple(map(exact, a.center))
        segments.append(
            FlowSegment(a.time, b.time, center, exact(a.radius), exact(step.reach), pattern, step.is_event)
        )
    return FlowEnclosure(network, data, loss, ending, reason, bits, tuple(segments), tuple(events))


def _check(until: mpq, width: mpq) -> None:
    if until < 0:
        raise InputError(f"time is {format_rational(until)}; it must not be negative")
    if width <= 0:
        raise InputError(f"tolerance is {format_rational(width)}; it must be positive")


def _bits(max_bits: Any) -> int:
    if isinstance(max_bits, bool) or not isinstance(max_bits, Integral) or not 32 <= int(max_bits) <= 100_000:
        raise InputError(f"max_bits is {max_bits!r:.60}; it must be an integer from 32 to 100000")
    return int(max_bits)
