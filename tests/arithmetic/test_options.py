"""Options of the public routines: what is accepted, and what is refused in a sentence."""

from fractions import Fraction

import numpy as np
import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu.arithmetic import InputError
from exactrelu.arithmetic.options import check_flags, read_count, read_timeout, read_tolerance


def test_numbers_of_any_make():
    times = (None, 2, 0.5, np.int64(3), np.float32(0.5), Fraction(1, 4), 10**400)
    assert [read_timeout(v) for v in times] == [None, 2.0, 0.5, 3.0, 0.5, 0.25, 3e9]
    assert [read_count(v, "n") for v in (None, 2, np.int32(3))] == [None, 2, 3]
    assert [read_tolerance(v) for v in (None, "1/3", 0.5)] == [None, mpq(1, 3), mpq(1, 2)]
    check_flags(skip=True, penalize_bias=False)


@pytest.mark.parametrize("value", [0, -1, True, "1", float("nan"), 1j, [1]])
def test_refused(value):
    with pytest.raises(InputError, match=r"^timeout is .*; it must be a positive number of seconds$"):
        read_timeout(value)
    with pytest.raises(InputError, match=r"^n is .*; it must be a positive integer$"):
        read_count(value, "n")
    with pytest.raises(InputError, match=r"^skip is .*; it must be True or False$"):
        check_flags(skip=0 if value is True else value)
    if value != "1":
        with pytest.raises(InputError, match=r"^tolerance"):
            read_tolerance(value)


@pytest.mark.parametrize(
    "solve",
    [
        lambda **options: er.min_norm_interpolant([0, 1], [0, 1], **options),
        lambda **options: er.max_margin_classifier([0, 1], [0, 1], **options),
    ],
)
@pytest.mark.parametrize(
    "options", [{"penalize_bias": 0}, {"skip": "no"}, {"skip": None}, {"tolerance": 0}, {"timeout": 0}]
)
def test_solvers_check_their_options(solve, options):
    with pytest.raises(InputError, match=next(iter(options))):
        solve(**options)
