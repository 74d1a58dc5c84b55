"""Values as Python source: what is printed gives the value back."""

from collections import namedtuple
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pytest
from gmpy2 import mpq, mpz
from hypothesis import given
from hypothesis import strategies as st

from exactrelu.campaign.paste import NotPastable, described, expression, snippet
from exactrelu.functions import Dataset, PiecewiseLinear, ShallowNetwork
from exactrelu.instances import Stream, datasets

Named = namedtuple("Named", "left right")


@dataclass(frozen=True)
class Box:
    content: object


LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.text(),
    st.binary(),
    st.fractions(),
    st.floats(allow_nan=False),
    st.fractions().map(mpq),
    st.integers().map(mpz),
    st.integers(0, 10**6).map(lambda i: datasets(Stream(0, "paste", i), 5, 8)),
    st.integers(0, 10**6)
    .map(lambda i: datasets(Stream(0, "paste", i), 5, 8))
    .map(lambda d: PiecewiseLinear.through(d.x, d.y)),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(), inner, max_size=3),
        st.builds(Named, inner, inner),
        st.builds(Box, inner),
        st.frozensets(st.integers(), max_size=3),
    ),
    max_leaves=6,
)


def run(source):
    """Execute all lines but the last, and evaluate that one."""
    *lines, last = source.splitlines()
    names = {}
    exec("\n".join(lines), names)
    return eval(last, names)


@given(VALUES)
def test_pasted_values_are_the_values(value):
    source, imports = expression(value)
    assert "\n" not in source
    back = run("\n".join([*sorted(imports), source]))
    assert back == value
    assert type(back) is type(value)


@given(st.integers(0, 10**6), st.integers(1, 12), st.integers(1, 80))
def test_pasted_data_are_the_data(index, size, bits):
    data = datasets(Stream(1, "paste", index), size, bits)
    source = snippet(data, "{}")
    assert run(source) == data
    assert "\nx = [" in source
    assert "\ny = [" in source


def test_numbers_of_any_length():
    long = mpq(10**6000 + 1, 3)
    data = Dataset.read([0, str(long)], [0, 1])
    assert run(snippet(data, "{}")) == data
    assert run("from gmpy2 import mpq\n" + expression(long)[0]) == long
    assert run(expression(7**9000)[0]) == 7**9000
    half = Fraction(7**9000, 2)
    assert run("from fractions import Fraction\n" + expression(half)[0]) == half


def test_infinities_and_nan_have_a_form():
    assert run(expression(float("-inf"))[0]) == float("-inf")
    nan = run(expression(float("nan"))[0])
    assert nan != nan


def test_imports_come_first_and_once():
    opening = ["from exactrelu.functions import Dataset", "load('file.py')"]
    lines = snippet(Dataset.read([0], [0]), "f({})", opening).splitlines()
    assert lines == [
        "from exactrelu.functions import Dataset",
        "",
        "load('file.py')",
        "x = [0]",
        "y = [0]",
        "f(Dataset.read(x, y))",
    ]


def test_what_cannot_be_imported_is_not_pasted():
    @dataclass
    class Local:
        number: int

    for value in (Local(3), [Local(3)], object(), lambda: 0, {1: object()}):
        with pytest.raises(NotPastable):
            expression(value)


def test_arrays_and_networks():
    for array in (
        np.array([3, -4], dtype="int32"),
        np.array([[0.1, float("inf")], [2.0, 3.0]]),
        np.zeros((0, 2)),
        np.array([mpq(1, 3), 7], dtype=object),
        np.array([True, False]),
    ):
        source, imports = expression(array)
        back = run("\n".join([*sorted(imports), source]))
        assert (back.dtype, back.shape) == (array.dtype, array.shape)
        assert (back == array).all()
    for skip in (True, False):  # without skip there are square roots among the weights
        network = ShallowNetwork.minimal(PiecewiseLinear.from_kinks(1, 1, [("1/3", 2)]), skip=skip)
        source, imports = expression((network, 5))
        assert run("\n".join([*sorted(imports), source])) == (network, 5)


def test_a_repr_stands_for_what_is_not_pasted():
    class Plain:
        def __init__(self, number):
            self.number = number

    class Wordy:
        def __repr__(self):
            return "w" * 5000

    class Broken:
        def __repr__(self):
            raise ValueError("no repr")

    assert described(Plain(7)).endswith("Plain object with {'number': 7}")
    assert described([Plain(7)]).endswith("Plain object>]")
    assert described(Wordy()).endswith("www... (5,000 characters)")
    assert len(described(Wordy())) < 1100
    assert described(Broken()).endswith("Broken without a repr")
