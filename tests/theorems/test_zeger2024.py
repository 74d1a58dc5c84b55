"""Zeger et al.: pinned witnesses, the searches of proofs/, oracles that share no code."""

import random
from itertools import product

import numpy as np
import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu.functions import Dataset
from exactrelu.lasso.solve import solution
from exactrelu.theorems import Refuted, Tally
from exactrelu.theorems.zeger2024 import dual_norms, equivalence, reflections, subject
from proofs import lasso_searches


def test_the_lower_bound_notices_a_smaller_dictionary():
    """With a column left out, the dual is infeasible for the whole dictionary, and the check says so."""
    data = equivalence.GOLDEN
    d = subject.columns(data, "relu-2")
    whole = solution(data, d, mpq(1, 2))
    worse = solution(data, d.without(whole.support[0]), mpq(1, 2))
    fake = equivalence.Solved(subject.Case(data, "relu-2", mpq(1, 2)), worse)
    with pytest.raises(Refuted, match="lower bound"):
        equivalence.equivalence(fake, Tally())


def test_dual_norm_by_random_deep_networks():
    """Depth up to 7, any real thresholds: never above max h - min h, and 3 layers attain it."""
    rng = random.Random(0)
    data = Dataset.read([0, 1, 3, 4, 7], [1, -3, 2, 4, -4])
    w = np.array([float(v) for v in data.y])
    x = np.array([float(v) for v in data.x])
    h = [float(v) for v in dual_norms.hinge_sums(data.x, data.y)]
    best = max(h) - min(h)
    for _ in range(5000):
        f = x
        for _ in range(rng.randint(2, 6)):
            f = np.maximum(rng.choice((1, -1)) * (f - rng.uniform(f.min() - 1, f.max() + 1)), 0)
        assert abs(w @ f) <= best + 1e-9
    d = er.lasso.dictionary(data.x, layers=3)
    products = (sum(a * b for a, b in zip(d.column(j), data.y, strict=True)) for j in d.distinct)
    assert max(map(abs, products)) == mpq(best)


def test_gradient_descent_does_not_get_below():
    """The training problem itself, in floats, from 200 random starts: the Lasso optimum is not beaten."""
    data, beta = equivalence.GOLDEN, 0.5
    optimum = float(er.lasso.solve(data.x, data.y, beta="1/2").objective)
    x, y = (np.array([float(v) for v in values]) for values in (data.x, data.y))
    rng = np.random.default_rng(0)
    w, b, a = (rng.normal(size=(200, 8)) for _ in range(3))
    c, best = np.zeros(200), np.inf
    for step in range(4000):
        rate = 0.004 if step < 3000 else 0.001
        z = w[:, :, None] * x + b[:, :, None]
        s = np.maximum(z, 0)
        r = (a[:, :, None] * s).sum(axis=1) + c[:, None] - y
        value = (r**2).sum(axis=1) / 2 + beta / 2 * ((w**2).sum(axis=1) + (a**2).sum(axis=1))
        best = min(best, float(value.min()))
        g = (r[:, None, :] * (z > 0)) * a[:, :, None]
        size = np.maximum(1.0, np.abs(g).max(axis=(1, 2)) / 20)[:, None]
        a, w, b = (
            a - rate / size * ((r[:, None, :] * s).sum(axis=2) + beta * a),
            w - rate / size * ((g * x).sum(axis=2) + beta * w),
            b - rate / size * g.sum(axis=2),
        )
        c = c - rate * r.sum(axis=1)
    assert best >= optimum - 1e-9
    assert best <= 1.2 * optimum


def test_sign_networks_by_enumeration():
    """All 3-layer networks of width 2 over 5 points: at most 2 switches, and all of these."""
    n, found = 5, set()
    steps = [[s * (1 if i >= k else -1) for i in range(n)] for k in range(n) for s in (1, -1)]
    for f, g in product(steps, repeat=2):
        for p, q, bias in product((-2, -1, 0, 1, 2), (-1, 0, 1), (-2.5, -1.5, -0.5, 0.5, 1.5, 2.5)):
            found.add(tuple(1 if p * a + q * b + bias >= 0 else -1 for a, b in zip(f, g, strict=True)))
    d = er.lasso.dictionary(range(n), activation="sign", layers=3, widths=[2])
    patterns = {tuple(map(int, d.column(j))) for j in range(len(d))}
    assert {p if p[0] == 1 else tuple(-v for v in p) for p in found} == patterns


@pytest.mark.parametrize("name", lasso_searches.SEARCHES)
def test_the_smallest_data(name):
    points, bits, found = lasso_searches.SEARCHES[name].run()
    assert (points, bits) == (4, 5)
    if name == "mirrored-breakpoint":
        assert reflections.SMALLEST in found
    else:
        assert Dataset.read([-2, -1, 0, 1], [0, 0, 1, 0]) in found


def test_a_fourth_layer_never_helps_on_small_integer_data():
    pairs, different = lasso_searches.fourth_layer(largest=6, points=5)
    assert pairs > 10_000
    assert different == 0
