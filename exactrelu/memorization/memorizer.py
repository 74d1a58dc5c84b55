"""A network that memorises data, and what is known of it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isfinite
from numbers import Integral
from typing import Any, TypeAlias

from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, RadicalSum
from exactrelu.arithmetic.errors import BudgetExceeded, InputError
from exactrelu.arithmetic.options import read_count
from exactrelu.functions import html
from exactrelu.functions.deep_floating import evaluate
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.deep_trace import MAX_SEGMENTS, distance_until
from exactrelu.functions.display import count, show, summary

Point = tuple[mpq, ...]
Margin: TypeAlias = mpq | RadicalSum | Enclosure | None


@dataclass(frozen=True, slots=True)
class MemorizationCheck:
    """The verdict on every point; true if all labels are right.

    Attributes
    ----------
    points : int
        How many were evaluated.
    wrong : tuple of int
        The positions of those whose output is not the label.
    """

    points: int
    wrong: tuple[int, ...]

    @property
    def correct(self) -> bool:
        """Whether every label is right."""
        return not self.wrong

    def __bool__(self) -> bool:
        return self.correct


@dataclass(frozen=True, slots=True)
class Alternative:
    """A construction that was considered: its exact size (None each), or the reason why it does not apply."""

    construction: str
    width: int | None
    depth: int | None
    parameters: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class Memorizer:
    """A network, its data, and the construction it comes from; made by `memorize`.

    Attributes
    ----------
    network : DeepNetwork
    points : tuple of tuple of mpq
        Distinct points of ``R^d``, repeated ones merged, in the order given.
    labels : tuple of mpq
    construction : str
    direction : tuple of int
        The network sees a point ``p`` through ``direction · p`` only.
    alternatives : tuple of Alternative
        All constructions, with their size or the reason why they do not apply.
    """

    network: DeepNetwork
    points: tuple[Point, ...]
    labels: tuple[mpq, ...]
    construction: str
    direction: tuple[int, ...]
    alternatives: tuple[Alternative, ...]

    @property
    def width(self) -> int:
        """The largest number of units of a hidden layer."""
        return self.network.width

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        return self.network.depth

    @property
    def parameters(self) -> int:
        """Weights and biases, zeros included."""
        return self.network.parameters

    @property
    def weight_bits(self) -> int:
        """The bit length of the longest numerator or denominator of a weight."""
        return self.network.weight_bits

    def __repr__(self) -> str:
        size = f"width {self.width}", f"depth {self.depth:,}", count(self.parameters, "parameter")
        return summary(self, self._data, self.construction, *size)

    def _repr_html_(self) -> str:
        return html.facts(
            "Memorizer",
            [
                ("data", self._data),
                ("construction", self.construction),
                ("width", f"{self.width:,}"),
                ("depth", f"{self.depth:,}"),
                ("parameters", f"{self.parameters:,}"),
                ("weight bits", f"{self.weight_bits:,}"),
            ],
        )

    @property
    def _data(self) -> str:
        return f"{count(len(self.points), 'point')} of R^{len(self.direction)}"

    def check(self) -> MemorizationCheck:
        """Evaluate every point exactly and compare it with its label."""
        (outputs,) = self.network._values(self.points)
        wrong = tuple(i for i, (a, b) in enumerate(zip(outputs, self.labels, strict=True)) if a != b)
        return MemorizationCheck(len(self.points), wrong)

    def float_check(self, *, precision: str = "float64") -> MemorizationCheck:
        """Evaluate in floating point; an output is right if it is off by less than half the `tolerance`.

        `precision` is "float32", "float64" or "double-double". Outputs are compared exactly, as labels may be
        further apart, or closer together, than floats can tell; infinities and NaN are wrong.
        """
        outputs = evaluate(self.network, self.points, precision=precision)[:, 0].tolist()
        half = self.tolerance / 2
        wrong = (
            i
            for i, (v, label) in enumerate(zip(outputs, self.labels, strict=True))
            if not (isfinite(v) and abs(mpq(v) - label) < half)
        )
        return MemorizationCheck(len(self.points), tuple(wrong))

    @property
    def tolerance(self) -> mpq:
        """The least distance of two different labels; 1 if there is one label only."""
        ordered = sorted(set(self.labels))
        return min((b - a for a, b in pairwise(ordered)), default=mpq(1))

    def margins(
        self, indices: Iterable[int] | None = None, *, pieces: int = MAX_SEGMENTS
    ) -> tuple[Margin, ...]:
        """How far each point may move before its label breaks, exactly where that can be told.

        Parameters
        ----------
        indices : iterable of int, optional
            Which points; by default all.
        pieces : int
            How many affine pieces of the network to follow from a point to either side.

        Returns
        -------
        tuple of mpq, RadicalSum, Enclosure or None
            The largest ``r`` such that the output stays within less than half the `tolerance` of the label at
            all points nearer than ``r`` (Euclidean distance); None if there is no such bound. Next to a jump
            between two blocks a network may oscillate astronomically often without leaving the interval. So
            where `pieces` do not suffice, the answer is an `Enclosure`: its lower end is how far they
            reached, its upper end the distance of the next point of another label.

        Raises
        ------
        InputError
            If there is no such point.
        BudgetExceeded
            If pieces do not suffice and no point of another label bounds the margin.

        Notes
        -----
        About one scalar evaluation of the network for each affine piece within the margin.
        """
        most = read_count(pieces, "pieces") or MAX_SEGMENTS
        chosen = range(len(self.points)) if indices is None else [self._place(i) for i in indices]
        u = self.direction
        positions = [sum((w * q for w, q in zip(u, p, strict=True)), mpq(0)) for p in self.points]
        return tuple(self._margin(i, positions, most) for i in chosen)

    def _place(self, i: Any) -> int:
        last = len(self.points) - 1
        if isinstance(i, bool) or not isinstance(i, Integral) or not 0 <= int(i) <= last:
            raise InputError(f"there is no point {show(i)}; positions go from 0 to {last}")
        return int(i)

    def _margin(self, i: int, positions: Sequence[mpq], pieces: int) -> Margin:
        # A step v changes direction · p by at most |direction| |v|, and just that along the direction. So
        # only the line p + t direction/|direction|² matters, on which direction · p grows by t, at the price
        # of |t|/|direction|.
        norm = sum(u * u for u in self.direction)
        half = self.tolerance / 2
        low, high = self.labels[i] - half, self.labels[i] + half
        least: mpq | None = None  # no exit before it
        most: mpq | None = None  # an exit
        for sign in (1, -1):
            step = [mpq(sign * u, norm) for u in self.direction]
            t, known = distance_until(self.network, self.points[i], step, low, high, max_segments=pieces)
            if t is None:
                continue
            least = t if least is None else min(least, t)
            if not known:
                # The network sees positions only, so the label breaks at the next position of another label.
                others = (p for p, y in zip(positions, self.labels, strict=True) if y != self.labels[i])
                beyond = [d for d in (sign * (p - positions[i]) for p in others) if d > 0]
                if not beyond:
                    continue
                t = min(beyond)
            most = t if most is None else min(most, t)
        if least is None:
            return None
        if most is None:
            raise BudgetExceeded(f"the margin of point {i} takes too many pieces, and no point bounds it")
        if least == most:
            return _length(least, norm)
        low_end, high_end = _length(least, norm), _length(most, norm)
        return Enclosure(_rational(low_end, lower=True), _rational(high_end, lower=False))


def _length(t: mpq, norm: int) -> mpq | RadicalSum:
    """``t/√norm``."""
    length = RadicalSum._make([(t / norm, mpq(norm))])
    rational = length.as_rational()
    return length if rational is None else rational


def _rational(length: mpq | RadicalSum, *, lower: bool) -> mpq:
    if isinstance(length, RadicalSum):
        enclosure = length.enclosure(64)
        return enclosure.lower if lower else enclosure.upper
    return length


def read_data(points: Sequence[Point], labels: Sequence[mpq]) -> tuple[tuple[Point, ...], tuple[mpq, ...]]:
    """Merge repeated points; raises InputError that names two rows with equal points and different labels."""
    seen: dict[Point, int] = {}
    for i, (p, label) in enumerate(zip(points, labels, strict=True)):
        j = seen.setdefault(p, i)
        if labels[j] != label:
            raise InputError(
                f"rows {j} and {i} are the same point with different labels, {show(labels[j])} and "
                f"{show(label)}"
            )
    kept = sorted(seen.values())
    return tuple(points[i] for i in kept), tuple(labels[i] for i in kept)
