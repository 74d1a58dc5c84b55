"""The building blocks of bit extraction, as networks with the sizes that their papers claim.

Sources: J. W. Siegel, Optimal approximation rates for deep ReLU neural networks on Sobolev and Besov spaces,
JMLR 24 (2023); P. Bartlett, N. Harvey, C. Liaw, A. Mehrabian, Nearly-tight VC-dimension and pseudodimension
bounds for piecewise linear neural networks, JMLR 20 (2019), in `many_bits`; G. Vardi, G. Yehudai, O. Shamir,
On the optimal memorization power of ReLU neural networks, ICLR 2022; M. Telgarsky, Benefits of depth in
neural networks, COLT 2016.
"""

from collections.abc import Sequence

from gmpy2 import mpq

from exactrelu.arithmetic.errors import InputError
from exactrelu.functions.deep_network import DeepNetwork
from exactrelu.functions.piecewise_linear import PiecewiseLinear
from exactrelu.memorization.wiring import Quantity, Wiring

_ZERO, _ONE = mpq(0), mpq(1)


def class_parameters(width: int, depth: int, *, inputs: int = 1, outputs: int = 1) -> int:
    """The number of parameters of the class ``Υ^{W,L}(R^d, R^k)``: ``L`` hidden layers of ``W`` units each.

    Raises InputError for negative sizes, and without inputs or outputs.

    >>> class_parameters(5, 8)
    226
    """
    if min(width, depth) < 0 or min(inputs, outputs) < 1:
        sizes = f"width {width}, depth {depth}, {inputs} inputs and {outputs} outputs"
        raise InputError(f"there is no class of {sizes}")
    if not depth:
        return outputs * (inputs + 1)
    return width * (inputs + 1) + (depth - 1) * width * (width + 1) + outputs * (width + 1)


def piecewise_linear(f: PiecewiseLinear) -> DeepNetwork:
    """A function of ``k`` pieces in width 5 and depth ``k - 1`` (Siegel 2023, Proposition 8).

    >>> network = piecewise_linear(PiecewiseLinear.through([0, 1, 2, 3], [0, 1, 1, 5]))
    >>> network.width, network.depth, network(2.5)
    (5, 2, mpq(3,1))
    """
    wiring = Wiring(1)
    value, _ = wiring.piecewise_linear(f, wiring.units()[0])
    return wiring.network([value])


def first_bit(epsilon: mpq) -> PiecewiseLinear:
    """``b_ε``: 0 up to ``1/2 - ε``, then a ramp of slope ``1/ε``, 1 from ``1/2`` on (Siegel 2023, App. C)."""
    half = mpq(1, 2)
    return PiecewiseLinear._make(_ZERO, _ZERO, ((half - epsilon, 1 / epsilon), (half, -1 / epsilon)))


def drop_integer(epsilon: mpq) -> PiecewiseLinear:
    """``g_ε``: ``x`` up to ``1 - ε``, ``x - 1`` from 1 on, steep in between (Siegel 2023, App. C)."""
    return PiecewiseLinear._make(_ONE, _ZERO, ((1 - epsilon, -1 / epsilon), (_ONE, 1 / epsilon)))


def step_width(n: int) -> mpq:
    """``ε = 2^{-n-1}``, less than ``2^{-n}`` as Proposition 10 asks."""
    return mpq(1, 1 << (n + 1))


def extract_bits(
    wiring: Wiring, x: Quantity, n: int, m: int, kept: Sequence[Quantity], *, epsilon: mpq | None = None
) -> tuple[Quantity, Quantity, list[Quantity]]:
    """``0.x_1..x_n -> (0.x_{m+1}..x_n, x_1..x_m)`` in ``4m`` layers of 9 units, and two a kept quantity."""
    epsilon = step_width(n) if epsilon is None else epsilon
    bit, rest_of = first_bit(epsilon), drop_integer(epsilon)
    number: Quantity = x.times(0)
    held = list(kept)
    for _ in range(m):
        # Two piecewise-linear maps of three pieces each: first the rest of the bits, then the first bit.
        rest, (x, number, *held) = wiring.piecewise_linear(rest_of, x.times(2), [x, number, *held])
        first, (rest, number, *held) = wiring.piecewise_linear(bit, x, [rest, number, *held])
        x, number = rest, number.times(2).plus(first)
    return x, number, held


def bit_extractor(n: int, m: int, *, epsilon: mpq | None = None) -> DeepNetwork:
    """``0.x_1..x_n -> (0.x_{m+1}..x_n, x_1..x_m)``, width 9, depth ``4m`` (Siegel 2023, Proposition 10).

    Its weights are as large as ``2^{n+1}``. `epsilon` overrides the width ``2^{-n-1}`` of the steps. Raises
    InputError unless ``0 <= m <= n``.

    >>> extractor = bit_extractor(5, 2)
    >>> extractor.width, extractor.depth, extractor.weight_bits
    (9, 8, 7)
    >>> extractor(mpq(0b10011, 32))
    (mpq(3,8), mpq(2,1))
    """
    _require(0 <= m <= n, f"0 <= m <= n is expected, not m = {m} and n = {n}")
    wiring = Wiring(1)
    rest, number, _ = extract_bits(wiring, wiring.units()[0], n, m, [], epsilon=epsilon)
    return wiring.network([rest, number])


def teeth(
    wiring: Wiring, z: Sequence[Quantity], kept: Sequence[Quantity]
) -> tuple[list[Quantity], list[Quantity]]:
    """``φ(z) = σ(σ(2z) - σ(4z - 2))`` for each ``z``, two layers; `kept` quantities are non-negative."""
    new = wiring.layer([q for v in z for q in (v.times(2), v.times(4, -2))] + list(kept))
    pairs = [new[2 * i].minus(new[2 * i + 1]) for i in range(len(z))]
    out = wiring.layer(pairs + new[2 * len(z) :])
    return out[: len(z)], out[len(z) :]


def triangle_wave(times: int) -> DeepNetwork:
    """``φ`` iterated: ``2^{times-1}`` teeth of height 1 on [0, 1], width 2, depth ``2 times`` (Telgarsky).

    >>> triangle_wave(3)([0, "1/8", "1/4", "3/8"])
    array([mpq(0,1), mpq(1,1), mpq(0,1), mpq(1,1)], dtype=object)
    """
    _require(times >= 1, f"times >= 1 is expected, not {times}")
    wiring = Wiring(1)
    z = wiring.units()
    for _ in range(times):
        z, _ = teeth(wiring, z, [])
    return wiring.network(z)


def nth_bit(n: int, i: int) -> DeepNetwork:
    """``BIN_i``: the ``i``-th bit from the top of the integers ``0 <= x < 2^n``, width 4, depth ``2i + 1``.

    ``σ(2^{n+2-i} [φ^{(i)}(x/2^n + 2^{-n-2}) - φ^{(i)}(x/2^n + 2^{-n-1})])`` (Vardi, Yehudai, Shamir 2022).

    >>> [int(nth_bit(3, 2)(x)) for x in range(8)]
    [0, 0, 1, 1, 0, 0, 1, 1]
    """
    _require(1 <= i <= n, f"1 <= i <= n is expected, not i = {i} and n = {n}")
    wiring = Wiring(1)
    z = shifted_pair(wiring.units()[0], n)
    for _ in range(i):
        z, _ = teeth(wiring, z, [])
    return wiring.network(wiring.layer([bit_of(z, n, i)]))


def shifted_pair(x: Quantity, n: int) -> list[Quantity]:
    """``x/2^n + 2^{-n-2}`` and ``x/2^n + 2^{-n-1}``."""
    return [x.times(mpq(1, 1 << n), mpq(1, 1 << (n + s))) for s in (2, 1)]


def bit_of(z: Sequence[Quantity], n: int, i: int) -> Quantity:
    """What ``BIN_i`` is the positive part of, from the two triangle waves."""
    return z[0].minus(z[1]).times(mpq(2) ** (n + 2 - i))


def extract_range(n: int, i: int, j: int) -> DeepNetwork:
    """Bits ``i..j`` from the top of an integer below ``2^n``, as an integer.

    Width 5, depth ``2(i-1) + 3(j-i+1)`` (after Vardi, Yehudai, Shamir 2022).

    >>> network = extract_range(6, 2, 4)
    >>> network.width, network.depth, network(0b011010)
    (5, 11, mpq(6,1))
    """
    _require(1 <= i <= j <= n, f"1 <= i <= j <= n is expected, not i = {i}, j = {j}, n = {n}")
    wiring = Wiring(1)
    z = shifted_pair(wiring.units()[0], n)
    for _ in range(i - 1):
        z, _ = teeth(wiring, z, [])
    number: list[Quantity] = [z[0].times(0)]
    for k in range(i, j + 1):
        z, number = teeth(wiring, z, number)
        *z, one, total = wiring.layer([*z, bit_of(z, n, k), number[0]])
        number = [total.times(2).plus(one)]
    return wiring.network(number)


def delta() -> PiecewiseLinear:
    """``h``: 1 at 0 and 0 at all other integers, three kinks (Siegel 2023, equation 3.6)."""
    return PiecewiseLinear._make(_ZERO, _ZERO, ((-_ONE, _ONE), (_ZERO, mpq(-2)), (_ONE, _ONE)))


def indicator(low: mpq, high: mpq, ramp: mpq) -> DeepNetwork:
    """1 on ``[low, high]``, 0 outside ``(low - ramp, high + ramp)``: width 2, depth 2.

    ``σ(1 - σ((low - x)/ramp)) + σ(1 - σ((x - high)/ramp)) - 1`` (Bartlett et al. 2019, proof of Lemma 13).

    >>> indicator(mpq(1), mpq(2), mpq(1, 4))([0, "7/8", 1, 2, 3])
    array([mpq(0,1), mpq(1,2), mpq(1,1), mpq(1,1), mpq(0,1)], dtype=object)
    """
    _require(low <= high and ramp > 0, f"low <= high and ramp > 0 are expected, not {low}, {high}, {ramp}")
    wiring = Wiring(1)
    x = wiring.units()[0]
    a, b = wiring.layer([x.times(-1 / ramp, low / ramp), x.times(1 / ramp, -high / ramp)])
    a, b = wiring.layer([a.times(-1, 1), b.times(-1, 1)])
    return wiring.network([a.plus(b).times(1, -1)])


def parity(n: int) -> DeepNetwork:
    """The parity of ``n`` bits: their sum, folded until it is 0 or 1. Width 2, depth ``⌈log2(n + 1)⌉``.

    >>> network = parity(5)
    >>> network.width, network.depth, network([1, 0, 1, 1, 0]), network([1, 1, 0, 0, 0])
    (2, 3, mpq(1,1), mpq(0,1))
    """
    _require(n >= 1, f"n >= 1 is expected, not {n}")
    wiring = Wiring(n)
    total = wiring.units()[0].times(0)
    for q in wiring.units():
        total = total.plus(q)
    top = 1 << n.bit_length()
    # On 0..top the fold s -> top/2 - |s - top/2| maps onto 0..top/2 and keeps the parity (top is even).
    while top > 1:
        half = top // 2
        a, b = wiring.layer([total, total.times(1, -half)])
        total = a.minus(b.times(2))
        top = half
    return wiring.network([total])


def _require(holds: bool, message: str) -> None:
    if not holds:
        raise InputError(message)
