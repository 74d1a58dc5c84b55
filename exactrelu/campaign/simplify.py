"""Hypothesis strategies that simplify a given value: one of the two things that shrinking searches.

Hypothesis shrinks what it has generated itself, towards the simplest choices. So a strategy here makes a
fixed number of choices, one for every part of the value: choice 0 is the simplest form of that part, and
nearly every random choice leaves it as it is. The first random example is then, almost surely, the value
itself, and Hypothesis's shrinker lowers the choices from there.
"""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from gmpy2 import mpq
from hypothesis import reject
from hypothesis import strategies as st

from exactrelu.campaign.anatomy import Unfit, entries, is_whole, kept, numbers, unfold, with_numbers
from exactrelu.campaign.vectors import simpler_numbers

Stage = Literal["parts", "numbers"]
"""What a strategy changes: which parts are there (points, kinks, list entries), or each number."""
STAGES: tuple[Stage, ...] = ("parts", "numbers")

_T = TypeVar("_T")
_Pick = Callable[[int], int]
"""Given n, a number from 0 (the simplest of n forms) to n - 1 (nearly always: as it is)."""

# Hypothesis replaces one random integer in twenty by a constant it finds interesting or sees in the program.
# Choices counted from here are out of reach of these.
_BASE = 3**31 + 17**9
_BLOCKS = 40  # more entries than this are kept or dropped in blocks
_FEW = 12  # of up to so many numbers every simpler one is tried
_MOST = 80  # more numbers are left to the structured passes
_SMALL = 1000  # numerators up to this are lowered one by one


def simplified(value: Any, stage: Stage) -> st.SearchStrategy[Any]:
    """A strategy of simpler forms of `value`, `value` itself by far the most frequent.

    Knows what `anatomy.unfold` knows; anything else is left as it is. Draws of parts that do not fit together
    are rejected.
    """
    simplify = {"parts": _fewer, "numbers": _lower}[stage]
    simpler_forms = 0

    def as_it_is(n: int) -> int:
        nonlocal simpler_forms
        simpler_forms += n - 1
        return n - 1

    simplify(as_it_is, value)
    # A choice leaves its part as it is unless it falls among its simpler forms. With so many possible values
    # all choices do so together in about three random examples of four; fewer values are faster to shrink.
    choices = st.integers(_BASE, _BASE + 4 * simpler_forms)

    @st.composite
    def draws(draw: Callable[[st.SearchStrategy[int]], int]) -> Any:
        try:
            return simplify(lambda n: min(draw(choices) - _BASE, n - 1), value)
        except Unfit:
            reject()

    return draws()


def _fewer(pick: _Pick, value: Any) -> Any:
    """Without some entries; many go in blocks, which get finer as they become fewer."""
    length = entries(value)
    if length is not None:
        width = max(-(-length // _BLOCKS), 1)
        blocks = [range(start, min(start + width, length)) for start in range(0, length, width)]
        value = kept(value, [i for block in blocks if _choose(pick, (False, True)) for i in block])
    parts = None if is_whole(value) else unfold(value)
    return value if parts is None else parts.changed([_fewer(pick, part) for part in parts.values])


def _lower(pick: _Pick, value: Any) -> Any:
    """With simpler numbers."""
    now = [q for _, q in numbers(value)]
    if len(now) > _MOST:
        return value
    way = _first if len(now) <= _FEW else _choose
    return with_numbers(value, [_rational(pick, q, way) for q in now])


def _choose(pick: _Pick, options: Sequence[_T]) -> _T:
    """One of the options, the simplest first, by one choice."""
    return options[0] if len(options) == 1 else options[pick(len(options))]


def _first(pick: _Pick, options: Sequence[_T]) -> _T:
    """The same by one yes or no for each option: the shrinker tries them all, which costs more choices."""
    for option in options[:-1]:
        if pick(2) == 0:
            return option
    return options[-1]


def _rational(pick: _Pick, q: mpq, way: Callable[[_Pick, Sequence[mpq]], mpq]) -> mpq:
    """A number of at most the same length: a simple one near 0 or near `q`, or one of smaller numerator."""
    q = way(pick, simpler_numbers(q))
    p = abs(q.numerator)
    if 1 < p <= _SMALL:
        p = pick(int(p) + 1)
        return mpq(p if q > 0 else -p, q.denominator)
    return q
