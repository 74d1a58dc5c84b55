"""Labels on a regular grid by bit extraction (Siegel 2023, Theorem 14 with Propositions 15 and 17).

Large entries go into a piecewise-linear function. The others are written as blocks of steps (`encoding`). One
piecewise-linear function gives the pointer at the start of the block that holds ``n``, another a number whose
bits are the block, and a network replays the block: Lemma 16 or 18 once a step. Width 17 (15 without large
entries).

Two slips of the paper are mended here. Large entries keep their signs (the text has ``|x_i|``). The layers
listed in the proof of Lemma 18 add up to ``4α + 12``; the ``4α + 8`` that it states are reached when the
integer delta is computed once and both signs are served in one layer.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import isqrt

from gmpy2 import mpq

from exactrelu.functions.dataset import Dataset
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.memorization.encoding import Block, Code, ceil_log2_ratio, cut, encode, longest_stay
from exactrelu.memorization.gadgets import delta, extract_bits
from exactrelu.memorization.wiring import Quantity, Wiring

_ZERO = mpq(0)


@dataclass(frozen=True, slots=True)
class GridPlan:
    """All choices of the construction, from which its exact size follows before anything is built.

    Attributes
    ----------
    length : int
        ``N``.
    large : PiecewiseLinear
        The entries of size at least `threshold`, zero at the other integers.
    code : Code
        The other entries.
    blocks : tuple of Block
    steps : int
        The length of the longest block: how many steps the network replays.
    start, bits : PiecewiseLinear
        ``J`` and ``R``: where ``n``'s block starts, and its bits as a binary fraction.
    digits : int
        The number of bits of the fraction.
    """

    length: int
    large: PiecewiseLinear
    code: Code
    blocks: tuple[Block, ...]
    steps: int
    start: PiecewiseLinear
    bits: PiecewiseLinear
    digits: int

    @property
    def layers_a_step(self) -> int:
        """``4α + 16`` (Lemma 16) or ``4α + 8`` (Lemma 18)."""
        return 4 * self.code.bits + (16 if self.code.sparse else 8)

    @property
    def depth(self) -> int:
        """The number of hidden layers."""
        kinks = len(self.large.kinks) + len(self.start.kinks) + len(self.bits.kinks)
        return kinks + self.steps * self.layers_a_step

    @property
    def width(self) -> int:
        """The largest number of units of a layer."""
        if not self.steps:
            return 5 if self.depth else 0
        return 17 if self.large.kinks else 15

    @property
    def widths(self) -> Iterator[int]:
        """Units of every hidden layer, as the lemmas have them."""
        extra = 2 if self.large.kinks else 0
        yield from [5] * len(self.large.kinks)
        if not self.steps:
            return
        yield from [5 + extra] * len(self.start.kinks)
        yield from [7 + extra] * len(self.bits.kinks)
        alpha = self.code.bits
        if self.code.sparse:
            half = [9 + extra] * 3 + [15 + extra] * 4 + [7 + extra]
            step = [13 + extra] * (4 * alpha) + half + half
        else:
            step = [13 + extra] * 8 + [15 + extra] * (4 * alpha - 4) + [13 + extra] * 3 + [8 + extra]
        for _ in range(self.steps):
            yield from step

    @property
    def parameters(self) -> int:
        """Weights and biases of the network, zeros included, for one input."""
        total, before = 0, 1
        for w in self.widths:
            total += w * (before + 1)
            before = w
        return total + before + 1


def plan(
    entries: Mapping[int, int], length: int, *, block: int | None = None, threshold: int | None = None
) -> GridPlan:
    """Choose threshold and block length so that the depth is least.

    Parameters
    ----------
    entries : mapping
        The non-zero entries of the vector by position, counted from 1.
    length : int
        ``N``.
    block : int, optional
        The largest number of steps of a block, instead of the best one.
    threshold : int, optional
        The size from which on entries are large, instead of the best one.

    Notes
    -----
    The threshold is Siegel's ``S``, a power of two, or above all entries; the block length is searched around
    the balance of lookup and replay. Linear in ``M`` (or ``N``) for each of the few candidates.
    """
    entries = {position: v for position, v in entries.items() if v}
    if threshold is not None:
        return _plan(entries, length, threshold, block)
    total = sum(map(abs, entries.values()))
    top = max(map(abs, entries.values()), default=0)
    thresholds = {top + 1}
    if total:
        # Siegel's thresholds, rounded up: √(M/(5 + ⌈log2(N/M)⌉)), or M √(4 + ⌈log2(M/N)⌉)/√N.
        if total <= length:
            siegel = isqrt(total // (5 + ceil_log2_ratio(length, total))) + 1
        else:
            siegel = isqrt(total * total * (4 + ceil_log2_ratio(total, length)) // length) + 1
        # Powers of two that separate the same entries make the same plan, so one for each length will do.
        lengths = {1, *(v.bit_length() for v in entries.values())}
        thresholds |= {min(siegel, top + 1), *(1 << k for k in lengths if k < top.bit_length())}
    plans = [_plan(entries, length, threshold, block) for threshold in sorted(thresholds)]
    return min(plans, key=lambda p: p.depth)


def _plan(entries: Mapping[int, int], length: int, threshold: int, block: int | None) -> GridPlan:
    large = {n: v for n, v in entries.items() if abs(v) >= threshold}
    code = encode({n: v for n, v in entries.items() if abs(v) < threshold}, length)
    least, steps = longest_stay(code), len(code.steps)
    layers = 4 * code.bits + (16 if code.sparse else 8)
    if block is None:
        # 4 kinks for each of the about R/B blocks and `layers` layers for each of B steps: B = √(4R/layers).
        middle = isqrt(4 * steps // layers) + 1
        sizes = {max(least, s) for s in range(max(1, middle - 6), 2 * middle + 2)}
        block = min(sizes, key=lambda size: (4 * len(cut(code, size)) + layers * size, size))
    blocks = cut(code, max(block, least))
    starts = [b.start for b in blocks]
    texts = [code.text(code.steps[b.begin : b.end]) for b in blocks]
    digits = max(map(len, texts), default=0)
    fractions = [mpq(int(text, 2), 1 << len(text)) for text in texts]
    return GridPlan(
        length,
        _spikes(large),
        code,
        tuple(blocks),
        max((b.end - b.begin for b in blocks), default=0),
        _stairs(starts, list(map(mpq, starts))),
        _stairs(starts, fractions),
        digits,
    )


def _stairs(starts: list[int], values: list[mpq]) -> PiecewiseLinear:
    """``values[k]`` at the integers ``starts[k] < n <= starts[k + 1]``, ramps in middle thirds between."""
    x, y = [_ZERO], [values[0] if values else _ZERO]
    for k in range(1, len(starts)):
        if values[k] != values[k - 1]:
            x += [mpq(3 * starts[k] + 1, 3), mpq(3 * starts[k] + 2, 3)]
            y += [values[k - 1], values[k]]
    x.append(mpq(starts[-1] + 1 if starts else 1))
    y.append(y[-1])
    return PiecewiseLinear._through(Dataset._make(tuple(x), tuple(y)))


def _spikes(large: Mapping[int, int]) -> PiecewiseLinear:
    """The given values at these integers and 0 at all others: at most three kinks each."""
    if not large:
        return PiecewiseLinear._make(_ZERO, _ZERO, ())
    knots = {min(large) - 2: 0, max(large) + 2: 0}
    for n in large:
        for m in (n - 1, n, n + 1):
            knots[m] = large.get(m, 0)
    x = sorted(knots)
    return PiecewiseLinear._through(Dataset._make(tuple(map(mpq, x)), tuple(mpq(knots[n]) for n in x)))


def network(plan: GridPlan, *, epsilon: mpq | None = None) -> DeepNetwork:
    """The network ``n -> x_n``, ``n = 1..N``, of exactly the size that the plan states.

    `epsilon` overrides the width of the steps in the bit extractors.
    """
    wiring = Wiring(1)
    return wiring.network([wire(wiring, wiring.units()[0], plan, epsilon=epsilon)])


def wire(wiring: Wiring, n: Quantity, plan: GridPlan, *, epsilon: mpq | None = None) -> Quantity:
    """The construction on a given quantity ``n``; returns the label."""
    held: list[Quantity] = []
    if plan.large.kinks:
        value, (n,) = wiring.piecewise_linear(plan.large, n, keep_x=True)
        held = [value]
    if not plan.steps:
        return held[0] if held else n.times(0)
    start, (n, *held) = wiring.piecewise_linear(plan.start, n, held, keep_x=True)
    code, (n, start, *held) = wiring.piecewise_linear(plan.bits, n, [start, *held], keep_x=True)
    gap, total = n.minus(start), n.times(0)
    step = _sparse_step if plan.code.sparse else _dense_step
    for _ in range(plan.steps):
        gap, code, total, held = step(wiring, gap, code, total, held, plan, epsilon)
    return total.plus(held[0]) if held else total


_State = tuple[Quantity, Quantity, Quantity, list[Quantity]]


def _sparse_step(
    wiring: Wiring,
    gap: Quantity,
    code: Quantity,
    total: Quantity,
    held: list[Quantity],
    plan: GridPlan,
    epsilon: mpq | None,
) -> _State:
    """Lemma 16: an offset of α bits; then the two bits of the increment, each counts where the gap is 0."""
    digits = plan.digits
    code, offset, (gap, total, *held) = extract_bits(
        wiring, code, digits, plan.code.bits, [gap, total, *held], epsilon=epsilon
    )
    gap = gap.minus(offset)
    for sign in (1, -1):
        here, (gap, code, total, *held) = wiring.piecewise_linear(
            delta(), gap, [code, total, *held], keep_x=True
        )
        code, one, (gap, here, total, *held) = extract_bits(
            wiring, code, digits, 1, [gap, here, total, *held], epsilon=epsilon
        )
        (counts,), (gap, code, total, *held) = wiring.with_kept(
            [here.plus(one).times(1, -1)], [gap, code, total, *held]
        )
        total = total.plus(counts.times(sign))
    return gap, code, total, held


def _dense_step(
    wiring: Wiring,
    gap: Quantity,
    code: Quantity,
    total: Quantity,
    held: list[Quantity],
    plan: GridPlan,
    epsilon: mpq | None,
) -> _State:
    """Lemma 18: an offset of one bit; then sign and size of the increment, which counts at gap 0."""
    digits, alpha = plan.digits, plan.code.bits
    code, offset, (gap, total, *held) = extract_bits(
        wiring, code, digits, 1, [gap, total, *held], epsilon=epsilon
    )
    gap = gap.minus(offset)
    code, minus, (gap, total, *held) = extract_bits(
        wiring, code, digits, 1, [gap, total, *held], epsilon=epsilon
    )
    code, size, (gap, minus, total, *held) = extract_bits(
        wiring, code, digits, alpha - 1, [gap, minus, total, *held], epsilon=epsilon
    )
    here, (gap, code, minus, size, total, *held) = wiring.piecewise_linear(
        delta(), gap, [code, minus, size, total, *held], keep_x=True
    )
    # size < 2^α: it survives in the first unit iff the gap is 0 and the sign +, in the second iff -.
    away = here.times(-1, 1)
    plus_unit = size.minus(away.plus(minus).times(1 << alpha))
    minus_unit = size.minus(away.minus(minus).times(1, 1).times(1 << alpha))
    (up, down), (gap, code, total, *held) = wiring.with_kept(
        [plus_unit, minus_unit], [gap, code, total, *held]
    )
    return gap, code, total.plus(up).minus(down), held
