"""The dual plane and the dual certificate: what is drawn is what the mathematics says."""

from itertools import pairwise
from math import hypot, sqrt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import exactrelu as er
from exactrelu import plotting
from exactrelu.plotting.dual import _root

CASES = {
    "one-bend": ([0, 1, 2, 3], [0, 0, 1, 3]),
    "reflected": ([-3, -2, -1, 0, 1, 2, 3], [9, 4, 1, 0, 1, 4, 9]),
    "outer-gap": (["-100/7", "-40/7", "20/7"], [4, "5/4", 3]),
    "mirrored": (["-20/7", "40/7", "100/7"], [3, "5/4", 4]),
    "both-signs": ([-2, -1, 0, 1, 2, 3, 4, 5], [1, 0, 0, 1, -1, -4, -4, 0]),
    "straight": ([0, 1, 2], [0, 1, 2]),
    "two-points": ([1, 2], [0, 5]),
}


def lines(axes):
    return {line.get_label(): line for line in axes.get_lines()}


def length(line):
    points = list(zip(line.get_xdata(), line.get_ydata(), strict=True))
    return sum(hypot(c - a, d - b) for (a, b), (c, d) in pairwise(points))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("penalize_bias", [True, False])
def test_plane(tmp_path, name, penalize_bias):
    found = er.min_norm_interpolant(*CASES[name], penalize_bias=penalize_bias)
    figure = plotting.dual_plane(found)
    plotting.save(figure, tmp_path / "p.svg")
    plane, *strip = figure.axes
    path = lines(plane)["path"]
    assert list(path.get_xdata()) == [float(a) for a, _ in found.function.pieces]
    assert list(path.get_ydata()) == [float(b) for _, b in found.function.pieces]
    assert bool(strip) == (penalize_bias and bool(found.function.kinks))
    if penalize_bias:
        # The cost is the length of the path.
        assert length(path) == pytest.approx(float(found.cost), abs=1e-12)
    # Every datum is visited: its line passes through a point of the path.
    for x, y in zip(found.data.x, found.data.y, strict=True):
        gaps = [a * x + b - y for a, b in found.function.pieces]
        assert min(gaps) <= 0 <= max(gaps)


@pytest.mark.parametrize("name", CASES)
def test_lines_of_the_data_cross_the_frame(name):
    found = er.min_norm_interpolant(*CASES[name])
    plane = plotting.dual_plane(found).axes[0]
    (drawn,) = plane.collections
    assert drawn.get_label() == f"lines of the data ({found.data.n})"
    (left, right), (low, high) = plane.get_xlim(), plane.get_ylim()
    segments = drawn.get_segments()
    assert len(segments) == found.data.n  # each passes through a chord, which is shown
    for x, y, segment in zip(found.data.x, found.data.y, segments, strict=True):
        for a, b in segment:
            assert a * float(x) + b == pytest.approx(float(y), abs=1e-9)
            assert a in (left, right) or b in (low, high)


@pytest.mark.parametrize("name", ["one-bend", "reflected", "outer-gap", "mirrored"])
def test_unfolding_keeps_lengths(name):
    """With one run only, the unfolded path is as long as the folded one, and straight pieces are fewer."""
    found = er.min_norm_interpolant(*CASES[name])
    plane, strip = plotting.dual_plane(found).axes
    unfolded = lines(strip)["_path"]
    assert length(unfolded) == pytest.approx(float(found.cost), rel=1e-12)
    assert len(unfolded.get_xdata()) <= len(lines(plane)["path"].get_xdata())


def test_reflections_are_counted():
    plane = plotting.dual_plane(er.min_norm_interpolant(*CASES["reflected"])).axes[0]
    assert "reflections (3)" in lines(plane)


def test_a_single_datum_has_no_path():
    with pytest.raises(er.UnsupportedError, match="single datum"):
        plotting.dual_plane(er.min_norm_interpolant([1], [2]))


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("options", [{}, {"penalize_bias": False}, {"tolerance": "1e-9"}], ids=str)
def test_dual(tmp_path, name, options):
    found = er.min_norm_interpolant(*CASES[name], **options)
    figure = plotting.dual_certificate(found, x_label="time")
    plotting.save(figure, tmp_path / "d.png")
    (axes,) = figure.axes
    drawn = lines(axes)
    assert axes.get_xlabel() == "time"
    height = (lambda t: sqrt(1 + t * t)) if found.penalize_bias else lambda t: 1.0
    g = drawn["dual g"]
    for t, v in zip(g.get_xdata(), g.get_ydata(), strict=True):
        assert abs(v) <= height(t) + 1e-9
    # Weak duality: Σ κ_i g(x_i) is the cost.
    values = list(g.get_ydata())[2:-2]
    total = sum(float(k) * v for k, v in zip(found.data.curvatures, values, strict=True))
    cost = found.cost.midpoint if isinstance(found.cost, er.Enclosure) else found.cost
    assert total == pytest.approx(float(cost), rel=1e-8, abs=1e-12)
    touches = sum(int(label.rpartition("(")[2][:-1]) for label in drawn if label.startswith("kinks"))
    assert touches == len(found.function.kinks)


def test_dual_without_skip_is_another_one():
    with pytest.raises(er.UnsupportedError, match="with a skip connection"):
        plotting.dual_certificate(er.min_norm_interpolant([0, 1], [0, 1], skip=False))


@given(st.fractions())
@settings(max_examples=50)
def test_signed_roots(r):
    q = er.rational(r)
    sign = -1 if q < 0 else 1
    assert _root(q) == pytest.approx(sign * sqrt(abs(r)), rel=1e-14)
    tiny = q / 2**3000  # far below the range of floats
    assert abs(_root(tiny)) < 1e-200


def test_long_data(tmp_path):
    x = [er.rational(k) / 50 for k in range(-100, 101)]
    found = er.min_norm_interpolant(x, [v * v for v in x], tolerance="1e-6")
    plotting.save(plotting.dual_plane(found), tmp_path / "p.png")
    plotting.save(plotting.dual_certificate(found), tmp_path / "d.png")
    plane, strip = plotting.dual_plane(found).axes
    assert length(lines(plane)["path"]) == pytest.approx(float(found.cost.midpoint), rel=1e-6)
    assert length(lines(strip)["_path"]) == pytest.approx(float(found.cost.midpoint), rel=1e-6)


@pytest.mark.parametrize("size", [10**155, 10**299])
@pytest.mark.parametrize("x", [[-1, 0, 1], [0, "1e-9", "2e-9", 1]])
def test_numbers_whose_squares_are_no_floats(tmp_path, size, x):
    found = er.min_norm_interpolant([size * er.rational(v) for v in x], [0, 1, 4, 2][: len(x)])
    straight = er.min_norm_interpolant([-size, size], [0, 1])
    for draw in (plotting.dual_certificate, plotting.dual_plane, plotting.figure):
        for k, each in enumerate((found, straight)):
            plotting.save(draw(each), tmp_path / f"{k}.svg")
    bound = lines(plotting.dual_certificate(found).axes[0])["bounds ±√(1 + t²)"]
    assert max(bound.get_ydata()) == max(map(abs, bound.get_xdata()))
    with pytest.raises(er.InputError, match="too large to be drawn"):
        plotting.dual_certificate(er.min_norm_interpolant([0, 1, 10**307], [0, 1, 0]))
