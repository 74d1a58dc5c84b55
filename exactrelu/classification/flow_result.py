"""What an enclosure of the gradient flow holds: segments, events, and the state at any time."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from flint import arb
from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, InputError, format_rational, rational, sqrt
from exactrelu.classification.flow_field import Field, ball
from exactrelu.classification.flow_integrator import Integrator
from exactrelu.classification.flow_tube import State, exact, working
from exactrelu.classification.kkt import Unit, plain_units
from exactrelu.functions import Dataset, ShallowNetwork

_ZERO = mpq(0)


@dataclass(frozen=True, slots=True)
class FlowSegment:
    """What is proved of the solution from `start` to `end`.

    Attributes
    ----------
    start, end : mpq
        Times.
    center : tuple of mpq
        ``w_1, …, w_m, b_1, …, b_m, v_1, …, v_m``.
    radius, reach : mpq
        The solution is no farther (Euclidean) from the centre at the start, and at any time of the segment.
    pattern : tuple of str
        For each unit a letter a datum: ``+`` and ``-`` on and off, ``0`` the kink slides along with the
        datum, ``.`` it rests there and the unit is dead, ``?`` one of these, during an event.
    is_event : bool
        Whether letters may change in the segment.
    """

    start: mpq
    end: mpq
    center: tuple[mpq, ...]
    radius: mpq
    reach: mpq
    pattern: tuple[str, ...]
    is_event: bool = False


@dataclass(frozen=True, slots=True)
class FlowEvent:
    """Between `start` and `end` the kink of a unit met or left a datum; `letter` is that afterwards."""

    start: mpq
    end: mpq
    unit: int
    datum: int
    letter: str


@dataclass(frozen=True, slots=True)
class FlowState:
    """What is proved of the solution at one time.

    Attributes
    ----------
    time : mpq
    center : ShallowNetwork
    radius : mpq
        The weights are no farther (Euclidean, all together) from those of the centre.
    pattern : tuple of str
        As in `FlowSegment`.
    margins : tuple of Enclosure
        ``s_i N(x_i)``.
    normalized_margin : Enclosure or None
        ``min s_i N(x_i)/‖θ‖²``; None where all weights may be 0.
    log_loss : Enclosure
        ``log L``.
    """

    time: mpq
    center: ShallowNetwork
    radius: mpq
    pattern: tuple[str, ...]
    margins: tuple[Enclosure, ...]
    normalized_margin: Enclosure | None
    log_loss: Enclosure

    @property
    def weights(self) -> tuple[tuple[Enclosure, Enclosure, Enclosure], ...]:
        """``(w, b, v)`` of each unit."""
        r = self.radius
        return tuple(
            tuple(Enclosure._make(u - r, u + r) for u in unit)  # type: ignore[misc]
            for unit in plain_units(self.center)
        )

    @property
    def classifies(self) -> bool | None:
        """Whether all data are on their right sides; None if the enclosure does not tell."""
        if all(q.lower > 0 for q in self.margins):
            return True
        return False if any(q.upper <= 0 for q in self.margins) else None

    def distance(self, network: ShallowNetwork) -> Enclosure:
        """The Euclidean distance of the weights of a network from those of the solution.

        So it tells how far off a simulation was.  InputError for a network of another width.
        """
        units = flow_units(network)
        if len(units) != self.center.width:
            raise InputError(
                f"the network has {len(units)} units, but the flow is that of {self.center.width}"
            )
        square = sum(
            (
                (a - b) ** 2
                for u, c in zip(units, plain_units(self.center), strict=True)
                for a, b in zip(u, c, strict=True)
            ),
            _ZERO,
        )
        found = sqrt(square).enclosure()
        return Enclosure._make(max(found.lower - self.radius, _ZERO), found.upper + self.radius)

    def contains(self, network: ShallowNetwork, *, within: Any = 0) -> bool:
        """Whether a network may be as close to the solution as `within`.

        False is a proof that it is farther; True, that it is no farther than `within` and twice the radius.
        """
        return bool(self.distance(network).lower <= rational(within, name="within"))


@dataclass(frozen=True)
class FlowEnclosure:
    """The solution of the gradient flow from given weights, enclosed at all times up to `end`.

    Attributes
    ----------
    network : ShallowNetwork
        The initial weights, exactly.
    data : Dataset
    loss : "exponential" or "logistic"
    ending : "time", "undecided", "tolerance" or "timeout"
        Why it ends: the time that was asked for is reached; it is not decided how the flow goes on; the
        enclosure is wider than the tolerance; time was up. `reason` says it in a sentence.
    bits : int
        The precision of the last attempt.
    segments : tuple of FlowSegment
    events : tuple of FlowEvent
    """

    network: ShallowNetwork = field(repr=False)
    data: Dataset = field(repr=False)
    loss: str
    ending: str
    reason: str
    bits: int
    segments: tuple[FlowSegment, ...] = field(repr=False)
    events: tuple[FlowEvent, ...] = field(repr=False)

    @property
    def complete(self) -> bool:
        """Whether the time that was asked for was reached."""
        return self.ending == "time"

    @property
    def end(self) -> mpq:
        """The last time at which the solution is enclosed."""
        return self.segments[-1].end

    @property
    def final(self) -> FlowState:
        """The state at the end."""
        return self.at(self.end)

    def at(self, time: Any) -> FlowState:
        """What is proved of the solution at a time from 0 to `end`; InputError for others.

        One step of Taylor's formula from the last segment before it.
        """
        t = rational(time, name="time")
        if not 0 <= t <= self.end:
            raise InputError(
                f"time is {format_rational(t)}; the flow is enclosed from 0 to {format_rational(self.end)}"
            )
        segment = self.segments[bisect_right(self.segments, t, key=lambda s: s.start) - 1]
        with working(self.bits):
            flow = flow_field(self.data, self.loss)
            center, radius = segment.center, segment.radius
            if t > segment.start and segment.is_event:
                radius = segment.reach
            elif t > segment.start:
                begin = State(segment.start, tuple(map(ball, center)), ball(radius).upper(), segment.pattern)
                state = Integrator(flow, self.bits).within(begin, t - segment.start)
                center, radius = tuple(map(exact, state.center)), exact(state.radius)
            return _state(t, center, radius, segment.pattern, flow)


def flow_units(network: ShallowNetwork) -> list[Unit]:
    """``(w_j, b_j, v_j)``; InputError, UnsupportedError as `flow_enclosure`."""
    if not isinstance(network, ShallowNetwork):
        raise InputError(f"network is {network!r}; it must be a ShallowNetwork")
    if network.output_bias or network.skip_slope:
        raise InputError("the flow is that of networks without output bias and skip slope")
    return plain_units(network)


def _state(t: mpq, center: tuple[mpq, ...], radius: mpq, pattern: tuple[str, ...], flow: Field) -> FlowState:
    m = len(pattern)
    box = [ball(c) + arb(0, 1) * ball(radius).upper() for c in center]
    # σ(z) for the whole box, whatever the pattern.
    margins = flow.margins(box, ("?" * len(flow.x),) * m)
    size = sum((u * u for u in box), arb(0))
    relative = _interval(_least(margins) / size) if size > 0 else None
    return FlowState(
        t, ShallowNetwork(center[:m], center[m : 2 * m], center[2 * m :]), radius, pattern,
        tuple(map(_interval, margins)), relative, _interval(flow.log_loss(margins)),
    )  # fmt: skip


def _least(values: Sequence[Any]) -> Any:
    least = values[0]
    for value in values[1:]:
        least = least.min(value)
    return least


def _interval(value: Any) -> Enclosure:
    return Enclosure._make(exact(value.lower()), exact(value.upper()))


def flow_field(data: Dataset, loss: str) -> Field:
    """The field for data, at flint's precision."""
    return Field(data.x, [int(s) for s in data.y], loss == "logistic")
