"""Piecewise-linear functions: canonical form, evaluation, arithmetic, other representations."""

import json
import pickle
from itertools import pairwise

import numpy as np
import pytest
import sympy
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu import InputError, PiecewiseLinear
from exactrelu.strategies import datasets, piecewise_linear, rationals

functions = piecewise_linear()


def by_definition(f, x):
    return f.slope * x + f.intercept + sum(c * max(x - t, 0) for t, c in f.kinks)


def witnesses(f, *others):
    """Points that determine a piecewise-linear function whose kinks are among those of the arguments."""
    knots = sorted({t for g in (f, *others) for t in g.knots}) or [mpq(0)]
    middles = [(s + t) / 2 for s, t in pairwise(knots)]
    return [knots[0] - 2, knots[0] - 1, *knots, *middles, knots[-1] + 1, knots[-1] + 2]


# -- canonical form ---------------------------------------------------------------------------------------


@given(functions, st.randoms(use_true_random=False), rationals(), rationals())
def test_equal_functions_are_equal_objects(f, random, t, c):
    kinks = [*f.kinks, (t, c), (t, -c), (t, 0)]
    kinks += [(s, d / 3) for s, d in f.kinks] + [(s, -d / 3) for s, d in f.kinks]
    random.shuffle(kinks)
    g = PiecewiseLinear.from_kinks(f.slope, f.intercept, kinks)
    assert g == f
    assert hash(g) == hash(f)
    assert all(s < t for s, t in zip(g.knots, g.knots[1:], strict=False))
    assert all(d for _, d in g.kinks)


@given(functions, functions)
def test_equality_is_equality_of_values(f, g):
    points = witnesses(f, g)
    assert (f == g) == (list(f(points)) == list(g(points)))
    assert f != f.kinks
    assert f != 0


@given(functions)
def test_shape(f):
    assert f.linear_regions == len(f.slopes) == len(f.kinks) + 1
    assert all(s != t for s, t in zip(f.slopes, f.slopes[1:], strict=False))
    assert f.lipschitz_constant == max(abs(s) for s in f.slopes)
    for (a, b), (c, d), t in zip(f.pieces, f.pieces[1:], f.knots, strict=False):
        assert a * t + b == c * t + d == f(t)


# -- interpolation ----------------------------------------------------------------------------------------


@given(datasets(max_size=25))
def test_through_connects_the_dots(data):
    f = PiecewiseLinear.through(data.x, data.y)
    assert tuple(f(data.x)) == data.y
    assert set(f.knots) <= set(data.x[1:-1])
    if data.n > 1:
        assert (f.slopes[0], f.slopes[-1]) == (data.slopes[0], data.slopes[-1])
    else:
        assert f.slopes == (0,)


@given(functions)
def test_through_its_own_values_gives_the_function_back(f):
    points = witnesses(f)
    assert PiecewiseLinear.through(points, f(points)) == f


# -- evaluation -------------------------------------------------------------------------------------------


@given(functions, st.lists(rationals(), max_size=12))
def test_evaluation_follows_the_definition(f, extra):
    points = [*extra, *witnesses(f)]
    expected = [by_definition(f, x) for x in points]
    assert [f(x) for x in points] == expected
    assert list(f(points)) == expected
    assert f.values_at_sorted(sorted(points)) == [by_definition(f, x) for x in sorted(points)]
    assert list(f(sorted(points))) == [by_definition(f, x) for x in sorted(points)]


@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)])
def test_arrays_keep_their_shape_and_are_exact(order):
    f = PiecewiseLinear.from_kinks("1/3", 0, [(0, 1), ("1/2", -2)])
    grid = np.linspace(-1, 1, 12)[order].reshape(2, 3, 2)
    values = f(grid)
    assert values.dtype == object
    assert values.shape == grid.shape
    assert all(type(v) is type(mpq()) for v in values.flat)
    assert all(v == by_definition(f, mpq(x)) for v, x in zip(values.flat, grid.flat, strict=True))
    assert f(np.zeros((0, 3))).shape == (0, 3)
    assert f(np.arange(3)).tolist() == [f(0), f(1), f(2)]
    assert f(np.array(0.5)) == f(np.float64(0.5)) == f("0.5") == f(mpq(1, 2))


@pytest.mark.parametrize(
    "v", [float("nan"), "x", None, True, 1j, {}, {1}, [1, float("inf")], [[1], [2, 3]], "1e999999999"]
)
def test_refuses_to_evaluate_at_what_is_no_number(v):
    with pytest.raises(InputError, match="v"):
        PiecewiseLinear.from_kinks(1, 0)(v)


# -- arithmetic -------------------------------------------------------------------------------------------


@given(functions, functions, rationals(), rationals())
def test_arithmetic_is_pointwise(f, g, q, x):
    assert (f + g)(x) == f(x) + g(x)
    assert (f - g)(x) == f(x) - g(x)
    assert (-f)(x) == -f(x)
    assert (q * f)(x) == (f * q)(x) == q * f(x)
    assert (f + q)(x) == (q + f)(x) == f(x) + q
    assert (f - q)(x) == -(q - f)(x) == f(x) - q
    if q:
        assert f / q == (1 / q) * f


@given(functions, functions, functions, rationals(), rationals())
def test_vector_space_laws(f, g, h, p, q):
    assert f + g == g + f
    assert (f + g) + h == f + (g + h)
    assert f - f == 0 * f == PiecewiseLinear.from_kinks(0, 0)
    assert p * (f + g) == p * f + p * g
    assert (p + q) * f == p * f + q * f
    assert p * (q * f) == (p * q) * f


@given(functions, rationals(), rationals(), rationals(), rationals(), rationals())
def test_affine_substitution(f, p, q, r, s, x):
    assert f.compose_affine(p, q)(x) == f(p * x + q)
    assert f.compose_affine(p, q).compose_affine(r, s) == f.compose_affine(p * r, p * s + q)
    assert f.compose_affine(-1).compose_affine(-1) == f


def test_numbers_of_other_makers_scale_from_both_sides():
    f = PiecewiseLinear.from_kinks(1, 0, [(0, 2)])
    for two in (np.float64(2), np.int64(2), 2.0, sympy.Integer(2), mpq(2)):
        assert two * f == f * two == f + f
    assert f / 2.0 == f * 0.5


class Foreign:
    """An operand of a foreign type: arithmetic leaves it its turn."""

    def __radd__(self, other):
        return "foreign"

    def __rmul__(self, other):
        return "foreign"

    def __rsub__(self, other):
        return "foreign"


def test_not_implemented_discipline():
    f = PiecewiseLinear.from_kinks(1, 0)
    assert f + Foreign() == f * Foreign() == f - Foreign() == "foreign"
    for wrong in ("2", [1], None, f.kinks):
        with pytest.raises(TypeError):
            f * wrong
        with pytest.raises(TypeError):
            wrong - f
    with pytest.raises(TypeError):
        f * f
    with pytest.raises(InputError, match="nan"):
        f * float("nan")
    with pytest.raises(ZeroDivisionError):
        f / 0


# -- other representations --------------------------------------------------------------------------------


@given(functions)
def test_round_trips(f):
    for g in (
        pickle.loads(pickle.dumps(f)),
        eval(repr(f)),
        PiecewiseLinear.from_json(json.loads(json.dumps(f.to_json()))),
    ):
        assert g == f
        assert hash(g) == hash(f)


@settings(max_examples=25)
@given(piecewise_linear(max_kinks=3))
def test_sympy_agrees(f):
    x = sympy.Symbol("x", real=True)
    expression = f.to_sympy()
    assert expression == f.to_sympy(x)
    for q in witnesses(f):
        value = expression.subs(x, sympy.Rational(int(q.numerator), int(q.denominator)))
        assert (int(value.p), int(value.q)) == (f(q).numerator, f(q).denominator)


def test_latex():
    f = PiecewiseLinear.from_kinks(-1, "1/2", [(0, 2), ("3/2", -1)])
    assert f._repr_latex_() == (
        r"$f(x) = \begin{cases} -x + \tfrac{1}{2} & x \le 0 \\ "
        r"x + \tfrac{1}{2} & 0 \le x \le \tfrac{3}{2} \\ 2 & x \ge \tfrac{3}{2} \end{cases}$"
    )
    assert PiecewiseLinear.from_kinks("-1/2", 0)._repr_latex_() == r"$f(x) = -\tfrac{1}{2} x$"
    long = PiecewiseLinear.through(range(100), [i * i for i in range(100)])
    assert r"\vdots" in long._repr_latex_()
    assert len(long._repr_latex_()) < 1000


def test_is_immutable_and_built_by_name():
    f = PiecewiseLinear.from_kinks(1, 0)
    with pytest.raises(AttributeError, match="immutable"):
        f.slope = mpq(2)
    with pytest.raises(AttributeError, match="immutable"):
        del f.kinks
    with pytest.raises(TypeError, match="through"):
        PiecewiseLinear()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((1, 0, [1]), r"kinks\[0\] must be a pair"),
        ((1, 0, [(1, 2), (1, 2, 3)]), r"kinks\[1\] must be a pair .* 3 entries"),
        ((1, 0, [[1]]), r"kinks\[0\] must be a pair .* 1 entry$"),
        ((1, 0, [{"t": 1, "c": 2}]), r"kinks\[0\] must be a pair \(location, slope change\), not "),
        ((1, 0, [(1, float("inf"))]), r"kinks\[0\]\[1\]"),
        ((1, 0, ["12"]), r"kinks\[0\] must be a pair"),
        ((1, 0, {1: 2}), "kinks must be a sequence"),
        ((1, 0, 3), "kinks must be a sequence"),
        (("one", 0, []), "slope"),
        ((1, True, []), "intercept"),
    ],
)
def test_from_kinks_refuses(arguments, message):
    with pytest.raises(InputError, match=message):
        PiecewiseLinear.from_kinks(*arguments)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ([1, 2], "a function is a JSON object"),
        (None, "a function is a JSON object"),
        ({"slope": "1", "intercept": "0"}, "lacks the key 'kinks'"),
        ({"slope": "1", "intercept": "0", "kinks": "none"}, "kinks must be a sequence"),
        ({"slope": "1", "intercept": "0", "kinks": [["1"]]}, "pair"),
        ({"slope": "1", "intercept": None, "kinks": []}, "intercept"),
        ({"slope": "1e999999999", "intercept": "0", "kinks": []}, "slope"),
        ([10**5000], "a function is a JSON object"),
    ],
)
def test_from_json_refuses(document, message):
    with pytest.raises(InputError, match=message):
        PiecewiseLinear.from_json(document)


def test_evaluation_on_sorted_points_is_linear():
    """40,000 points on 20,000 pieces: a scan of all kinks a point would take minutes."""
    f = PiecewiseLinear.from_kinks(0, 0, [(i, (-1) ** i) for i in range(20_000)])
    values = f.values_at_sorted([mpq(i, 2) for i in range(40_000)])
    assert values[:6] == [0, mpq(1, 2), 1, 1, 1, mpq(3, 2)]
    assert values[-1] == 10_000
