"""Rigorous steps of the gradient flow: Taylor's formula between events, differential inclusions at events.

**Between events** the solution is in a tube of `flow_tube`, for the field of its pattern. The letters
hold as long as the **guards** do: ``z > 0`` for ``+``, ``z < 0`` for ``-``, and for ``0`` both sides
drive the kink back, ``z' > 0`` with ``σ' = 0`` and ``z' < 0`` with ``σ' = 1`` (or the former is exactly
0, where all other data that move the unit have ``(x_k, 1)`` at right angles). A step ends shortly
before one may fail. Until then the solution with this pattern is one for any subgradients at 0, and the
only one: where ``z ≠ 0``, the field is smooth; where both sides drive ``z`` back to 0 it stays there.

**At events** the letters in doubt become ``?``: the solutions of the inclusion ``θ' ∈ F(θ)``, ``σ' ∈
[0, 1]``, are those for every choice of subgradients at 0. Let ``Θ`` be a box around the state, and let
``Θ + [0, h] F(B)`` lie in the interior of a box ``B``. As long as a solution that starts in ``Θ`` is in
``B``, it is its start plus the integral of values in ``F(B)``, so in the interior: it cannot reach the
boundary before the time ``h``. `_decide` finds how all of them leave the event, from the signs of
``z'`` on the box; if it cannot, a longer step is tried.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flint import arb
from gmpy2 import mpq

from exactrelu.classification.flow_field import PULLING, Field, Pattern, Undecided, ball, lives
from exactrelu.classification.flow_tube import (
    Key,
    State,
    Tube,
    Tubes,
    around,
    largest,
    norm,
)

_DOUBLINGS = 60


@dataclass(frozen=True, slots=True)
class Step:
    """`reach` bounds the distance from the centre of `start` at all times of the step."""

    start: State
    end: State
    reach: Any
    doubtful: tuple[Key, ...] = ()  # the guards that may fail after it
    passed: tuple[tuple[Key, str], ...] = ()  # the pairs whose letters changed, and their letters after
    is_event: bool = False


class Integrator:
    """Steps at one precision, which has to be flint's (`working`)."""

    def __init__(self, field: Field, bits: int) -> None:
        self.field, self.bits = field, bits
        self.tubes = Tubes(field, bits)
        self.tiny = self.tubes.tiny
        self.least = mpq(1, 2**bits)

    def smooth(self, state: State, end: mpq, longest: mpq) -> Step:
        """A step to the time `end`, to a doubtful guard, or as far as one step goes."""
        tube = self.tubes.of(state, min(end - state.time, longest))
        h, doubtful = tube.length, list[Key]()
        if any(self._undecided(box, state.pattern, state.fresh) for box in tube.boxes):
            h, doubtful = self._quiet(state, tube)
        reached = tube.after(state, h)
        there = around(reached.center, reached.radius)
        fresh = [key for key in state.fresh if self._undecided(there, state.pattern, frozenset(), [key])]
        reach = largest([_reach(box, state) for box in tube.boxes])
        return Step(state, replace(reached, fresh=frozenset(fresh)), reach, tuple(doubtful))

    def within(self, state: State, h: mpq) -> State:
        """The state `h` later, if the guards are known to hold until then."""
        end = state.time + h
        while state.time < end:
            tube = self.tubes.of(state, end - state.time)
            state = tube.after(state, tube.length)
        return state

    def event(self, state: State, doubtful: tuple[Key, ...], longest: mpq) -> Step:
        """A step across an event, during which the letters of `doubtful` are unknown."""
        here, h = around(state.center, state.radius), self.least
        doubts = {key: self._doubt(key, here, state.pattern) for key in doubtful}
        self.field.set_slack(self.tiny)
        for _ in range(self.bits + _DOUBLINGS):
            pattern = _with(state.pattern, doubts)
            # The rates are those of units that do not slide at another datum.
            free = all("0" not in pattern[j] for j, _ in doubts)
            box = self._box(state, h, pattern) if free and h <= longest else None
            if box is None:
                break
            more = [key for key in self._undecided(box, pattern, state.fresh) if key not in doubts]
            slack = self._slack(box, pattern, doubts)
            if more:
                doubts |= {key: self._doubt(key, box, state.pattern) for key in more}
            elif not slack <= self.field.slack:
                self.field.set_slack((2 * slack).upper())
            else:
                step = self._across(state, box, pattern, doubts, h)
                if step is not None:
                    return step
                h *= 2
        met = " and ".join(f"the kink of unit {j} meets datum {i}" for j, i in sorted(doubts)[:3])
        raise Undecided(f"it is not decided how the flow goes on where {met}")

    def _across(
        self, state: State, box: list[Any], pattern: Pattern, doubts: dict[Key, str], h: mpq
    ) -> Step | None:
        """The step of length `h` in the box; None if it is too short to tell the letters after it."""
        motion = [ball(h) * f for f in self.field.motion(list(box), pattern)]
        center = tuple((c + f).mid() for c, f in zip(state.center, motion, strict=True))
        # The change of the distance from the centre is the integral of the motion less its middle.
        drift = norm([c + f - d for c, f, d in zip(state.center, motion, center, strict=True)])
        radius = (state.radius + drift).upper()
        after = around(center, radius)
        letters = {}
        for key in doubts:
            letter = self._decide(key, state, box, after, pattern, h)
            if letter is None:
                return None
            letters[key] = letter
        fresh = (state.fresh - doubts.keys()) | {key for key, letter in letters.items() if letter in "+-"}
        end = State(state.time + h, center, radius, _with(state.pattern, letters), fresh)
        passed = tuple((k, c) for k, c in sorted(letters.items()) if c != state.pattern[k[0]][k[1]])
        return Step(state, end, _reach(box, state), passed=passed, is_event=True)

    def _doubt(self, key: Key, box: list[Any], pattern: Pattern) -> str:
        """The letter for the time of an event: for a slide, the side that holds less firmly."""
        j, i = key
        if pattern[j][i] == "0":
            off, on = self.field.rates(box, self._shares(box, pattern), pattern[j], j, i)
            return ">" if (off + on).mid() > 0 else "<"
        return "?"

    def _slack(self, box: list[Any], pattern: Pattern, doubts: dict[Key, str]) -> Any:
        """An upper bound of ``σ'`` for ``<`` and of ``1 - σ'`` for ``>``, at almost all times.

        With ``<`` and ``on < 0``, ``z`` stays at 0 or below.  Where it is below, ``σ' = 0``.  At almost all
        times where it is 0, ``z' = off + σ' (on - off)`` is 0, too: ``off >= 0``, and ``σ' <= off/-on``.
        """
        most = arb(0)
        for (j, i), letter in doubts.items():
            if letter in "<>":
                off, on = self.field.rates(box, self._shares(box, pattern), pattern[j], j, i)
                loose, firm = (off, -on) if letter == "<" else (-on, off)
                if firm > 0:
                    most = most.max((loose.nonnegative_part() / firm).upper())
        return most.upper()

    def _decide(
        self, key: Key, state: State, box: list[Any], after: list[Any], pattern: Pattern, h: mpq
    ) -> str | None:
        """The letter after an event of length `h`; None if that cannot be told yet.

        Let ``off`` and ``on`` enclose ``z'`` for ``σ' = 0`` and ``1`` on the box; each ``z'`` lies between.
        """
        j, i = key
        before = state.pattern[j][i]
        off, on = self.field.rates(box, self._shares(box, pattern), pattern[j], j, i)
        if before == "0":
            # One side still drives the kink back, so it cannot leave to there; at the end, the other side
            # drives it away: it is on that side or at 0, and goes on from there.
            now_off, now_on = self.field.rates(after, self._shares(after, pattern), pattern[j], j, i)
            if pattern[j][i] == "<" and on < 0 and now_off < 0:
                return "-"
            return "+" if pattern[j][i] == ">" and off > 0 and now_on > 0 else None
        # z has the gradient (x, 1): at the start it is that of the centre up to the radius times its norm.
        start = self._value(state.center, j, i) + arb(0, 1) * state.radius * self.field.squares[i].sqrt()
        # z is strictly monotone, and its sign at the end is known. (A ball around both rates would be rounded
        # by more than the smaller one, where they differ much.)
        if off > 0 and on > 0:
            return "+" if start + ball(h) * off.min(on) > 0 else None
        if off < 0 and on < 0:
            return "-" if start + ball(h) * off.max(on) < 0 else None
        # As long as z < 0 it rises at the rate off, as long as z > 0 it falls at the rate -on: it is 0
        # before the end, and cannot leave 0 again.
        far = abs(start).upper()
        if off > 0 and on < 0:
            return "0" if far < ball(h) * off and far < -ball(h) * on else None
        # No other datum moves the kink, so z' = σ' on: z falls to 0, and cannot leave it, as z' = 0 below.
        # If no other datum moves the unit at all, it is dead: so v stays, and with it the sign of on.
        if off.is_zero() and before in "+?" and on < 0:
            alone = not any(letter in PULLING for k, letter in enumerate(pattern[j]) if k != i)
            return ("." if alone else "0") if far < -ball(h) * on else None
        return None

    def _box(self, state: State, h: mpq, pattern: Pattern) -> list[Any] | None:
        """``B`` with ``Θ + [0, h] F(B)`` inside it, or None."""
        start = around(state.center, state.radius)
        time, box = arb(0).union(ball(h)), start
        for _ in range(12):
            motion = self.field.motion(list(box), pattern)
            image = [s + time * f for s, f in zip(start, motion, strict=True)]
            if not all(a.is_finite() for a in image):
                return None
            if all(b.contains_interior(a) for a, b in zip(image, box, strict=True)):
                return box
            box = [
                a.union(s) + (a - s) * arb(0, 0.25) + arb(0, 1) * self.tiny**2
                for a, s in zip(image, start, strict=True)
            ]
        return None

    def _quiet(self, state: State, tube: Tube) -> tuple[mpq, list[Key]]:
        """How long all guards hold for certain, and those which may fail then."""
        h = tube.length
        wide = arb(0, 1) * tube.width(state, h)
        low, width = mpq(0), h / 8
        while True:
            high = min(low + width, h)
            time = ball(low).union(ball(high))
            doubtful = self._undecided([p(time) + wide for p in tube.centre], state.pattern, state.fresh)
            if not doubtful:
                low, width = high, 2 * width
                if low == h:
                    return h, []
            elif width <= self.least * max(h, 1):
                return low, doubtful
            else:
                width /= 2

    def _undecided(
        self, box: list[Any], pattern: Pattern, fresh: frozenset[Key], keys: list[Key] | None = None
    ) -> list[Key]:
        """The pairs whose guards may fail in the box, of living units."""
        found, shares = [], None
        for j, word in enumerate(pattern):
            if not lives(word):
                continue
            for i, letter in enumerate(word):
                if letter in "?.<>" or (keys is not None and (j, i) not in keys):
                    continue
                if letter == "0" or ((j, i) in fresh and "0" not in word):
                    shares = self._shares(box, pattern) if shares is None else shares
                    off, on = self.field.rates(box, shares, word, j, i)
                    back = (off > 0 or off.is_zero()) and on < 0
                    holds = {"0": back, "+": on > 0, "-": off < 0}[letter]
                else:
                    z = self._value(box, j, i)
                    holds = z > 0 if letter == "+" else z < 0
                if not holds:
                    found.append((j, i))
        return found

    def _shares(self, box: list[Any], pattern: Pattern) -> list[Any]:
        return self.field.shares(self.field.margins(list(box), pattern))

    def _value(self, box: Any, j: int, i: int) -> Any:
        return box[j] * self.field.x[i] + box[len(box) // 3 + j]


def _reach(box: list[Any], state: State) -> Any:
    return norm([b - c for b, c in zip(box, state.center, strict=True)])


def _with(pattern: Pattern, letters: dict[Key, str]) -> Pattern:
    rows = [list(word) for word in pattern]
    for (j, i), letter in letters.items():
        rows[j][i] = letter
    return tuple("".join(row) for row in rows)
