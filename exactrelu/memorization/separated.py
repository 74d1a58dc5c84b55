"""Labels of δ-separated points by bit extraction, in three stages (Vardi, Yehudai, Shamir 2022, Theorem 3.1).

1. Project to a line and scale, so that projections are at least 2 apart: the integer part of each is its key.
2. Look up the block of about ``√(N/log N)`` points that the projection lies in: one number holds the keys of
   the block, another its labels, a fixed number of bits each.
3. Scan the block: extract key after key and label after label with triangle waves, and add the label whose
   key fits. Width 12.

The paper's bound for the keys is ``log2 R``, ``R = 10 r N² √(πd)/δ``; here the direction is found by search
and ``R`` is what it gives. Width and depth are those of this construction, whose layers are counted below;
the paper's text was not at hand.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.memorization.gadgets import bit_of, shifted_pair, teeth
from exactrelu.memorization.projection import Projection
from exactrelu.memorization.wiring import NOTHING, Quantity, Wiring

_LAYERS_A_BIT = 3


@dataclass(frozen=True, slots=True)
class SeparatedPlan:
    """All choices of the construction.

    Attributes
    ----------
    projection : Projection
    scale, shift : mpq
        The point ``p`` has the position ``scale (direction · p) + shift``.
    keys, labels : tuple of tuple of int
        Integer parts of the positions and labels, block by block, increasing.
    key_bits, label_bits : int
        ρ and c.
    """

    projection: Projection
    scale: mpq
    shift: mpq
    keys: tuple[tuple[int, ...], ...]
    labels: tuple[tuple[int, ...], ...]
    key_bits: int
    label_bits: int

    @property
    def block(self) -> int:
        """The number of points of a block; the last may have fewer."""
        return len(self.keys[0])

    @property
    def depth(self) -> int:
        """``(m - 1) + n (3 max(ρ, c) + 2)`` for ``m`` blocks of ``n`` points."""
        return _depth(len(self.keys), self.block, self.key_bits, self.label_bits)

    @property
    def width(self) -> int:
        """12: four units for each of two pairs of waves; two numbers, position and result carried on."""
        return 12

    @property
    def widths(self) -> Iterator[int]:
        """Units of every hidden layer."""
        yield from [5] * (len(self.keys) - 1)
        most, least = max(self.key_bits, self.label_bits), min(self.key_bits, self.label_bits)
        for _ in range(self.block):
            yield from [12, 8, 10] * least
            yield from [10, 8, 9] * (most - least)
            yield from [9, 7]

    @property
    def parameters(self) -> int:
        """Weights and biases, zeros included."""
        total, before = 0, len(self.projection.direction)
        for w in self.widths:
            total += w * (before + 1)
            before = w
        return total + before + 1


def _depth(blocks: int, block: int, key_bits: int, label_bits: int) -> int:
    return blocks - 1 + block * (_LAYERS_A_BIT * max(key_bits, label_bits) + 2)


def plan(projection: Projection, labels: Sequence[int], *, block: int | None = None) -> SeparatedPlan:
    """Choose the block length so that the depth is least, unless it is given. ``O(N log N)``.

    Labels are integers ``>= 0``; projections are distinct.
    """
    scale = 2 / projection.separation if projection.separation else mpq(1)
    shift = -scale * min(projection.values)
    keyed = sorted(
        (int((scale * v + shift) // 1), label) for v, label in zip(projection.values, labels, strict=True)
    )
    key_bits = max(keyed[-1][0].bit_length(), 1)
    label_bits = max(max(labels).bit_length(), 1)
    n = len(keyed)
    if block is None:
        block = min(
            range(1, n + 1), key=lambda size: (_depth(-(-n // size), size, key_bits, label_bits), size)
        )
    cuts = range(0, n, block)
    return SeparatedPlan(
        projection,
        scale,
        shift,
        tuple(tuple(key for key, _ in keyed[i : i + block]) for i in cuts),
        tuple(tuple(label for _, label in keyed[i : i + block]) for i in cuts),
        key_bits,
        label_bits,
    )


def network(plan: SeparatedPlan, *, shift: int = 0) -> DeepNetwork:
    """The network, of exactly the size that the plan states; `shift` is added to all labels."""
    wiring = Wiring(len(plan.projection.direction))
    x = NOTHING.times(1, plan.shift)
    for u, q in zip(plan.projection.direction, wiring.units(), strict=True):
        x = x.plus(q.times(plan.scale * u))
    x, keys, labels = _look_up(wiring, x, plan)
    return wiring.network([_scan(wiring, x, keys, labels, plan).times(1, shift)])


def packed(values: Sequence[int], bits: int, size: int) -> int:
    """The concatenation of `size` numbers of `bits` bits, zeros for the missing ones."""
    number = 0
    for k in range(size):
        number = (number << bits) | (values[k] if k < len(values) else 0)
    return number


def _look_up(wiring: Wiring, x: Quantity, plan: SeparatedPlan) -> tuple[Quantity, Quantity, Quantity]:
    """Stage 2: a layer of 5 units for each jump. All three quantities are non-negative throughout.

    Between the last key ``a`` of a block and the first of the next, which is at least ``a + 2``, both numbers
    run linearly over ``[a + 1, a + 2]``: beyond the last point's position and up to the next point's.
    """
    numbers = [
        [packed(values, bits, plan.block) for values in blocks]
        for blocks, bits in ((plan.keys, plan.key_bits), (plan.labels, plan.label_bits))
    ]
    keys, labels = (NOTHING.times(1, values[0]) for values in numbers)
    for j in range(1, len(plan.keys)):
        end = plan.keys[j - 1][-1] + 1
        up, back, x, keys, labels = wiring.layer([x.times(1, -end), x.times(1, -end - 1), x, keys, labels])
        ramp = up.minus(back)
        keys = keys.plus(ramp.times(numbers[0][j] - numbers[0][j - 1]))
        labels = labels.plus(ramp.times(numbers[1][j] - numbers[1][j - 1]))
    return x, keys, labels


def _scan(wiring: Wiring, x: Quantity, keys: Quantity, labels: Quantity, plan: SeparatedPlan) -> Quantity:
    """Stage 3."""
    rho, c, size = plan.key_bits, plan.label_bits, plan.block
    digits = (rho * size, c * size)
    waves = [shifted_pair(keys, digits[0]), shifted_pair(labels, digits[1])]
    result = NOTHING
    read = [0, 0]
    for _ in range(size):
        numbers = [NOTHING, NOTHING]
        for k in range(max(rho, c)):
            active = [i for i, bits in enumerate((rho, c)) if k < bits]
            idle = [q for i in (0, 1) if i not in active for q in waves[i]]
            z, kept = teeth(wiring, [q for i in active for q in waves[i]], [*idle, x, result, *numbers])
            for i in active:
                read[i] += 1
            bits = [bit_of(z[2 * p : 2 * p + 2], digits[i], read[i]) for p, i in enumerate(active)]
            new = wiring.layer([*z, *kept, *bits])
            for p, i in enumerate(active):
                waves[i] = new[2 * p : 2 * p + 2]
            rest = new[2 * len(active) :]
            for i in (0, 1):
                if i not in active:
                    waves[i], rest = rest[:2], rest[2:]
            x, result, *numbers = rest[:4]
            for p, i in enumerate(active):
                numbers[i] = numbers[i].times(2).plus(rest[4 + p])
        key, label = numbers
        # off = 0 iff key <= x <= key + 1; for all other keys of points it is at least 1.
        below, above, label, x, result, *flat = wiring.layer(
            [key.minus(x), x.minus(key).times(1, -1), label, x, result, *waves[0], *waves[1]]
        )
        off = below.plus(above)
        found, x, result, *flat = wiring.layer([label.minus(off.times(1 << c)), x, result, *flat])
        waves = [flat[:2], flat[2:]]
        result = result.plus(found)
    return result
