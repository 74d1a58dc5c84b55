"""The four minima: against outside solvers, under symmetries, with degenerate data; their certificates."""

import copy
import pickle

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu.arithmetic import BudgetExceeded, Enclosure, InputError
from exactrelu.classification import max_margin_classifier
from exactrelu.functions import Dataset, PiecewiseLinear, representation_cost
from exactrelu.strategies import datasets
from tests.classification import peers

VARIANTS = [(False, True), (False, False), (True, True), (True, False)]
LABELS = st.sampled_from([-1, 1])


@st.composite
def labelled(draw, min_size=1, max_size=8, span=20, denominators=3):
    """Small rational points with labels."""
    numbers = st.fractions(-span, span, max_denominator=denominators).map(
        lambda q: mpq(q.numerator, q.denominator)
    )
    x = sorted(draw(st.lists(numbers, min_size=min_size, max_size=max_size, unique=True)))
    return Dataset.read(x, draw(st.lists(LABELS, min_size=len(x), max_size=len(x))))


@st.composite
def any_labelled(draw):
    """The points of the public strategy: ties, floats, huge and tiny scales."""
    x = draw(datasets(max_size=7)).x
    return Dataset.read(x, draw(st.lists(LABELS, min_size=len(x), max_size=len(x))))


def solve(data, penalize_bias, skip, **options):
    return max_margin_classifier(data.x, data.y, penalize_bias=penalize_bias, skip=skip, **options)


def bounds(cost):
    return (cost.lower, cost.upper) if isinstance(cost, Enclosure) else (cost, cost)


# -- outside solvers ------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(labelled(max_size=10))
@pytest.mark.parametrize("skip", [True, False])
def test_free_biases_against_highs(skip, data):
    exact = float(solve(data, False, skip).cost)
    assert peers.free_biases(data.x, data.y, skip=skip) == pytest.approx(exact, rel=1e-6, abs=1e-7)


@settings(max_examples=60)
@given(labelled(min_size=3, max_size=10))
def test_penalised_biases_with_a_skip_against_clarabel(data):
    exact = float(solve(data, True, True).cost)
    assert peers.penalized_skip(data.x, data.y) == pytest.approx(exact, rel=1e-5, abs=1e-5)


@settings(max_examples=20)
@given(labelled(max_size=6, span=4))
def test_penalised_biases_without_a_skip_against_many_units(data):
    lower, upper = map(float, bounds(solve(data, True, False).cost))
    outside = peers.penalized(data.x, data.y, directions=2000)
    assert lower * (1 - 1e-7) <= outside <= upper * (1 + 1e-4)


# -- certificates ---------------------------------------------------------------------------------------


@settings(max_examples=60)
@given(any_labelled())
@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
def test_the_answer_is_a_classifier_with_an_accepted_certificate(penalize_bias, skip, data):
    s = solve(data, penalize_bias, skip, tolerance="1/1000")
    assert min(s.margins) >= 1
    assert er.check(s.certificate).accepted
    lower, upper = bounds(s.cost)
    assert lower <= upper
    cost = representation_cost(s.function, penalize_bias=penalize_bias, skip=skip)
    assert cost <= upper
    if s.is_exact:
        assert cost == s.cost
        assert s.why_not_optimal(s.function) is s.why_not_optimal(s.network) is None
        with pytest.raises(InputError, match="not int"):
            s.why_not_optimal(5)
        assert s.network.cost(penalize_bias=penalize_bias, skip=skip) == s.cost
    assert s.network.function == s.function
    assert pickle.loads(pickle.dumps(s)) == s


ALTERED = {
    "a kink moved": lambda d: d["primal"]["function"]["kinks"][0].__setitem__(0, "17/19"),
    "a slope change doubled": lambda d: d["primal"]["function"]["kinks"][0].__setitem__(1, "40"),
    "another intercept": lambda d: d["primal"]["function"].__setitem__("intercept", "1000"),
    "a label turned": lambda d: d["problem"]["labels"].__setitem__(1, "-1"),
    "a point moved": lambda d: d["problem"]["x"].__setitem__(2, "7/8"),
    "no support": lambda d: d["dual"].__setitem__("support", []),
    "a datum too few": lambda d: d["dual"]["support"].pop(),
    "a larger minimum": lambda d: _scale(d, mpq(101, 100)),
    "a smaller minimum": lambda d: _scale(d, mpq(99, 100)),
}


def _scale(document, factor):
    relation = document["relation"]
    if "minimum" not in relation:  # bounds: the lower one above the upper one, the upper one below the lower
        key, other = ("lower", "upper") if factor > 1 else ("upper", "lower")
        relation[key] = str(mpq(relation[other]) * factor)
    elif isinstance(relation["minimum"], str):
        relation["minimum"] = str(mpq(relation["minimum"]) * factor)
    else:
        for term in relation["minimum"]["terms"]:
            term[0] = str(mpq(term[0]) * factor)
        relation["minimum"].pop("decimal", None)


@pytest.mark.parametrize("change", ALTERED)
@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
@pytest.mark.parametrize("x", [(0, "1/2", 1, 4), (-3, 0, 1, 2)])
def test_altered_certificates_are_rejected(penalize_bias, skip, change, x):
    s = max_margin_classifier(x, [-1, 1, 1, -1], penalize_bias=penalize_bias, skip=skip)
    assert er.check(s.certificate).accepted
    document = copy.deepcopy(s.certificate.to_json())
    ALTERED[change](document)
    assert document != s.certificate.to_json()
    assert not er.check(er.Certificate(document)).accepted


@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
def test_a_dual_pushed_beyond_its_bound_is_rejected(penalize_bias, skip):
    s = max_margin_classifier([0, 1, 3, 4], [-1, 1, 1, -1], penalize_bias=penalize_bias, skip=skip)
    document = copy.deepcopy(s.certificate.to_json())
    (key,) = set(document["dual"]) & {"g", "nu", "signed_squares"}
    document["dual"][key] = [str(mpq(v) * mpq(11, 10)) for v in document["dual"][key]]
    assert not er.check(er.Certificate(document)).accepted


# -- laws -----------------------------------------------------------------------------------------------


@given(labelled(max_size=6), st.fractions("1/8", 8, max_denominator=8))
def test_free_biases_know_no_place_and_scale_inversely(data, factor):
    factor = mpq(factor.numerator, factor.denominator)
    for skip in (True, False):
        s = solve(data, False, skip)
        moved = max_margin_classifier(
            [factor * t + 5 for t in data.x], data.y, penalize_bias=False, skip=skip
        )
        assert moved.cost * factor == s.cost


@settings(max_examples=40)
@given(labelled(max_size=6))
@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
def test_mirror_images_and_opposite_labels_cost_the_same(penalize_bias, skip, data):
    s = solve(data, penalize_bias, skip, tolerance="1/1000")
    lower, upper = bounds(s.cost)
    for x, y in (([-t for t in data.x], data.y), (data.x, [-v for v in data.y])):
        other = bounds(
            max_margin_classifier(x, y, penalize_bias=penalize_bias, skip=skip, tolerance="1/1000").cost
        )
        assert other[0] <= upper
        assert lower <= other[1]
        assert s.is_exact <= (other == (lower, upper))


@settings(max_examples=40)
@given(labelled(min_size=2, max_size=8), st.data())
@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
def test_fewer_data_cost_no_more_and_the_support_is_enough(penalize_bias, skip, data, draw):
    s = solve(data, penalize_bias, skip, tolerance="1/1000")
    dropped = draw.draw(st.integers(0, data.n - 1))
    kept = [i for i in range(data.n) if i != dropped]
    fewer = Dataset.read([data.x[i] for i in kept], [data.y[i] for i in kept])
    assert bounds(solve(fewer, penalize_bias, skip, tolerance="1/1000").cost)[0] <= bounds(s.cost)[1]
    core = Dataset.read([data.x[i] for i in s.support], [data.y[i] for i in s.support])
    alone = solve(core, penalize_bias, skip, tolerance="1/1000")
    assert bounds(s.cost)[0] <= bounds(alone.cost)[1]
    assert alone.cost == s.cost or not s.is_exact


@settings(max_examples=40)
@given(labelled(max_size=8), st.data())
def test_no_classifier_is_cheaper(data, draw):
    """Random classifiers: values of at least 1 on the right side, connected."""
    sizes = draw.draw(st.lists(st.integers(1, 3), min_size=data.n, max_size=data.n))
    f = PiecewiseLinear._through(
        Dataset._make(data.x, tuple(v * s for v, s in zip(data.y, sizes, strict=True)))
    )
    for penalize_bias, skip in VARIANTS:
        s = solve(data, penalize_bias, skip, tolerance="1/1000")
        cost = representation_cost(f, penalize_bias=penalize_bias, skip=skip)
        assert bounds(s.cost)[0] <= cost
        if s.is_exact and s.is_unique and f != s.function:
            assert cost > s.cost
            assert "it costs" in s.why_not_optimal(f)


# -- degenerate data ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("penalize_bias", "skip"), VARIANTS)
@pytest.mark.parametrize(
    ("x", "y"),
    [
        ([0], [1]),
        ([5], [-1]),
        ([0, 1, 2], [1, 1, 1]),
        ([-1, 1], [-1, -1]),
        ([0, 1], [1, -1]),
        ([0, 1, 2, 3], [1, 1, -1, -1]),
        ([3, 1, 2, 1], [1, -1, 1, -1]),  # unsorted, and one datum twice
        (["1e300", "-1e300", 0], [1, 1, -1]),
        (["1e-300", "-1e-300", 0], [1, 1, -1]),
        ([2**0.5, 0.1, 0.1 + 2**-55], [1, -1, 1]),
        (list(range(60)), [(-1) ** i for i in range(60)]),
    ],
)
def test_degenerate_data(penalize_bias, skip, x, y):
    s = max_margin_classifier(x, y, penalize_bias=penalize_bias, skip=skip, tolerance="1/100")
    assert min(s.margins) >= 1
    assert er.check(s.certificate).accepted


def test_one_sort_of_labels_costs_nothing_where_something_is_free():
    for penalize_bias, skip in VARIANTS[:3]:
        s = max_margin_classifier([0, 1], [1, 1], penalize_bias=penalize_bias, skip=skip)
        assert s.cost == 0
        assert not s.is_unique
    assert max_margin_classifier([3, 4], [1, 1], skip=False).cost == 1 / er.sqrt(10)
    assert max_margin_classifier([-1, 1], [-1, -1], skip=False).cost == 1


@pytest.mark.parametrize(
    ("x", "y", "words"),
    [
        ([0, 1, 0], [1, 1, -1], ["rows 0 and 2", "x = 0"]),
        ([0, 1], [1, 2], ["label at x = 1 is 2"]),
        ([0, 1, 2], [-1, 0, 1], ["labels -1, 0 and 1 at once"]),
        ([0, 1], [1], ["2", "1"]),
        ([], [], ["empty"]),
        ([0, float("nan")], [1, -1], ["nan"]),
        ([0, 1], [1, True], ["True"]),
    ],
)
def test_bad_data(x, y, words):
    for penalize_bias, skip in VARIANTS:
        with pytest.raises(InputError) as caught:
            max_margin_classifier(x, y, penalize_bias=penalize_bias, skip=skip)
        assert all(word in str(caught.value) for word in words), caught.value


@pytest.mark.parametrize("option", [{"tolerance": 0}, {"tolerance": -1}, {"timeout": 0}, {"timeout": True}])
def test_bad_options(option):
    with pytest.raises(InputError, match=next(iter(option))):
        max_margin_classifier([0, 1], [1, -1], skip=False, **option)


def test_timeout():
    with pytest.raises(BudgetExceeded, match="more time"):
        max_margin_classifier([0, 1, 5], [1, -1, 1], skip=False, tolerance="1e-30", timeout=1e-9)


@settings(max_examples=25)
@given(labelled(max_size=5, span=4), st.integers(2, 12))
def test_the_tolerance_is_kept(data, digits):
    s = solve(data, True, False, tolerance=mpq(1, 10**digits))
    assume(not s.is_exact)
    assert s.cost.upper - s.cost.lower <= s.cost.lower / 10**digits
    finer = solve(data, True, False, tolerance=mpq(1, 10 ** (digits + 3)))
    assert s.cost.lower <= finer.cost.upper
    assert finer.cost.lower <= s.cost.upper


@pytest.mark.parametrize("labels", [["a", "b"], [True, False], [1, None]], ids=repr)
def test_labels_that_are_no_numbers(labels):
    with pytest.raises(InputError, match=r"labels\[\d\].*labels are -1 and 1, or 0 and 1"):
        max_margin_classifier([0, 1], labels)


def test_how_to_write_labels_that_are_no_numbers():
    y = np.array([-2.0, 3.0, 1.0])
    for labels in (y > 0, list(y > 0), [False, True, True]):
        with pytest.raises(InputError, match=r"of a condition write 2\*\(y > 0\) - 1$"):
            max_margin_classifier([0, 1, 2], labels)
    assert max_margin_classifier([0, 1, 2], 2 * (y > 0) - 1).data.y == (-1, 1, 1)
    for labels in (["dog", "cat", "dog"], np.array(["dog", "cat", "dog"])):
        with pytest.raises(InputError, match=r"write -1 for 'cat' and 1 for 'dog'$"):
            max_margin_classifier([0, 1, 2], labels)
    for labels in (
        ["dog", "cat", "cow"],
        ["1", "cat", "1"],
        ["", "cat", ""],
        [[], "cat", "dog"],
        "ab",
        7,
        np.array("a"),
    ):
        with pytest.raises(InputError) as caught:
            max_margin_classifier([0, 1, 2], labels)
        assert "write -1 for" not in str(caught.value)
