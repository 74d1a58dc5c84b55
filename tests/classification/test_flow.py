"""Gradient flow: deterministic, downhill, attentive to events, and towards KKT points."""

from fractions import Fraction

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu.arithmetic import InputError
from exactrelu.classification import (
    flow,
    gradient_flow,
    initial_network,
    kkt_certificate,
    max_margin_classifier,
    regions,
)
from exactrelu.classification.flow import LOSSES
from exactrelu.classification.flow_steps import Simulation, _Kernel

X, Y = [-2, -1, 1, 3], [1, -1, -1, 1]


def same(a, b):
    return a.network == b.network and (a.steps, a.time, a.events) == (b.steps, b.time, b.events)


def test_a_run_depends_on_its_seed_only():
    together = gradient_flow(X, Y, width=12, seeds=[5, 2, 9])
    assert [run.seed for run in together] == [5, 2, 9]
    again = gradient_flow(X, Y, width=12, seeds=[5, 2, 9])
    assert all(same(a, b) for a, b in zip(together, again, strict=True))
    assert len({run.network for run in together}) == 3
    (alone,) = gradient_flow(X, Y, width=12, seeds=[2])
    for a, b in zip(alone.history[0], together[1].history[0], strict=True):
        assert a == pytest.approx(b, rel=1e-9)
    assert float(alone.residual.normalized_margin) == pytest.approx(
        float(together[1].residual.normalized_margin), rel=1e-3
    )


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_falls_and_the_margin_rises_once_the_data_are_separated(loss):
    for run in gradient_flow(X, Y, width=16, seeds=4, loss=loss, records=400):
        assert run.accuracy == 1
        time, margin, log_loss = run.history.T
        assert (np.diff(time) >= 0).all()
        assert (np.diff(log_loss) <= 1e-9 * np.abs(log_loss[1:])).all()
        # Lyu, Li 2020: the smoothed normalised margin never falls once L < 1/n or so.
        late = margin[log_loss < -5]
        assert len(late) > 3
        assert (np.diff(late) >= -2e-2 * late[1:]).all()


@pytest.mark.parametrize("loss", LOSSES)
def test_it_comes_near_a_kkt_point_that_is_no_better_than_the_optimum(loss):
    best = max_margin_classifier(X, Y, skip=False)
    cost = best.cost if best.is_exact else best.cost.upper
    for run in gradient_flow(X, Y, width=24, seeds=3, loss=loss):
        judged = run.residual
        assert judged.bound < mpq(1, 10)
        assert 2 * judged.normalized_margin * mpq(float(cost)) <= 1 + mpq(1, 10**9)


def test_larger_margins_have_smaller_residuals():
    near, far = (gradient_flow(X, Y, width=16, seeds=[1], margin=m)[0].residual.bound for m in (50, 20000))
    assert far < near


def test_events_are_kinks_that_pass_data():
    run = gradient_flow(X, Y, width=16, seeds=[0])[0]
    assert run.events > 0
    quiet = gradient_flow([5], [1], width=1, seeds=[0])[0]
    assert quiet.events <= 1


def test_a_kink_slides_along_a_datum_where_both_sides_drive_it_back():
    """x = 1 alone: a unit that ends at the datum stays there with a subgradient between 0 and 1."""
    theta = np.array([[[1.0], [-1.0], [1.0]]])  # σ(x - 1), kink at the datum 1
    simulation = Simulation(np.array([1.0, 2.0]), np.array([-1.0, 1.0]), theta, False)
    for _ in range(5):
        simulation.advance(10.0)
    w, b, _ = simulation.theta[0, :, 0]
    assert np.isfinite(simulation.theta).all()
    assert simulation.slides[0, 0] in (-1, 0)
    if simulation.slides[0, 0] == 0:
        assert w + b == pytest.approx(0, abs=1e-12)
        assert 0 <= simulation.on[0, 0, 0] <= 1


@given(st.integers(0, 1000))
@settings(max_examples=15)
def test_a_small_step_is_a_step_of_the_flow(seed):
    """Away from events: finite differences of the trajectory against -∇L/L computed on its own."""
    rng = np.random.default_rng(seed)
    x, s = np.array([-1.5, -0.5, 0.7, 2.0]), np.array([1.0, -1.0, 1.0, 1.0])
    theta = rng.normal(size=(1, 3, 4))
    simulation = Simulation(x, s, theta.copy(), False)
    z = theta[0, 0][:, None] * x + theta[0, 1][:, None]
    q = s * (theta[0, 2] @ np.maximum(z, 0))
    p = np.exp(-(q - q.min()))
    p = p / p.sum() * s
    on = z > 0
    v = theta[0, 2]
    expected = np.stack([v * ((on * x) @ p), v * (on @ p), np.maximum(z, 0) @ p])
    found = simulation._field(simulation.theta, simulation._pulls(np.abs(p)[None], simulation.on))[0]
    assert found == pytest.approx(expected)
    before = simulation.theta.copy()
    simulation.advance(1e9)
    step = (simulation.theta - before)[0]
    cosine = (step * expected).sum() / np.linalg.norm(step) / np.linalg.norm(expected)
    assert cosine > 0.9
    assert simulation.record()[0, 2] <= -np.log(np.exp(q.min())) + np.log(np.exp(-(q - q.min())).sum()) + 1e-9


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"width": 0}, "width"),
        ({"steps": True}, "steps"),
        ({"records": -1}, "records"),
        ({"loss": "hinge"}, "exponential, logistic"),
        ({"initial_scale": 0}, "initial_scale"),
        ({"initial_scale": float("nan")}, "initial_scale"),
        ({"initial_scale": 10**400}, "initial_scale is 1000.* a float64"),
        ({"initial_scale": 1e-400}, "initial_scale is 0.0"),
        ({"margin": 1e6}, "1e5"),
        ({"margin": None}, "margin = None"),
        ({"margin": True}, "margin = True"),
        ({"width": None}, "width is None"),
        ({"loss": np.array([1, 2])}, "exponential, logistic"),
        ({"seeds": [3, -1]}, r"seeds\[1\] is -1"),
        ({"seeds": -1}, "positive number of seeds"),
        ({"seeds": 0}, "positive number of seeds"),
        ({"seeds": [0.5]}, "sequence of integers"),
        ({"seeds": [True]}, "seeds"),
        ({"seeds": True}, "seeds"),
        ({"seeds": iter([2, -1])}, r"seeds\[1\] is -1"),
    ],
)
def test_bad_options(options, words):
    with pytest.raises(InputError, match=words):
        gradient_flow(X, Y, **options)


def test_numbers_of_any_kind():
    plain = {"width": 4, "steps": 9, "records": 3, "margin": 0.25, "initial_scale": 0.125}
    few = [gradient_flow(X, Y, seeds=seeds, **plain) for seeds in (2, np.int64(2), iter([0, 1]))]
    other = {k: np.int64(v) if isinstance(v, int) else Fraction(v) for k, v in plain.items()}
    few.append(gradient_flow(X, Y, seeds=np.arange(2), **other))
    assert len({tuple(run.network for run in runs) for runs in few}) == 1
    start = initial_network(np.int64(3), width=np.int32(2), initial_scale="1/2")
    assert start == initial_network(3, width=2, initial_scale=0.5)


def test_bad_data():
    with pytest.raises(InputError, match="too large"):
        gradient_flow(["1e400", 0], [1, -1])
    with pytest.raises(InputError, match="rows 0 and 1"):
        gradient_flow([0, 0], [1, -1])
    assert gradient_flow(X, Y, seeds=[]) == []


@pytest.mark.parametrize(
    ("x", "y"), [([3], [-1]), ([0], [1]), ([-1, 0, 1], [1, 1, 1]), ([1e-6, 2e-6], [1, 1])]
)
def test_degenerate_data(x, y):
    for run in gradient_flow(x, y, width=8, seeds=2):
        assert run.accuracy == 1
        assert run.residual.bound is not None


def test_what_the_prompt_shows_is_short():
    run = gradient_flow(X, Y, width=9, steps=5)[0]
    assert repr(run).startswith("FlowRun(seed=0, steps=5, time=")
    assert repr(regions(run.network)).startswith("Regions(linear=")
    assert repr(kkt_certificate(run.network, X, Y)).startswith("KKTAnswer(is_kkt=False, reason='")
    assert max(len(repr(r)) for r in (run, regions(run.network), kkt_certificate(run.network, X, Y))) < 200


def test_a_run_says_whether_it_converged():
    assert [run.ending for run in gradient_flow(X, Y, width=12, seeds=2)] == ["margin", "margin"]
    (short,) = gradient_flow(X, Y, width=12, steps=5)
    assert (short.ending, short.converged, short.steps) == ("steps", False, 5)
    for x in (["1e6", 1000001], ["1e-300", "-1e-300"]):
        for run in gradient_flow(x, [1, -1], seeds=2):
            assert run.ending in ("stalled", "precision")
            assert max(abs(w) for w in run.network.output_weights) < 10
    far = gradient_flow([1000, 1001, 1003], [1, -1, 1])[0]
    assert (far.ending, far.accuracy) == ("stalled", mpq(2, 3))


def test_the_loss_falls_among_many_data_too():
    """More data than twice the units, where steps are longer and systems are solved by their factors."""
    x = np.linspace(-2, 2, 150)
    y = np.where(np.abs(x) > 1.1, 1, -1)
    for run in gradient_flow(x, y, width=8, seeds=[1, 2], records=2000):
        log_loss = run.history[:, 2]
        assert (np.diff(log_loss) <= 1e-3 * (1 + np.abs(log_loss[1:]))).all()
        assert run.converged
        assert run.accuracy == 1


@given(st.integers(0, 1000), st.integers(1, 12))
@settings(max_examples=15)
def test_the_factored_system_is_the_same(seed, n):
    """Woodbury's form, and the Cholesky factor of the gradients, against the definitions."""
    rng = np.random.default_rng(seed)
    theta, on = rng.normal(size=(2, 3, 2)), (rng.random((2, 2, n)) < 0.7).astype(float)
    x, s = rng.normal(size=n), rng.choice([-1.0, 1.0], n)
    simulation = Simulation(x, s, theta, False)
    w, b, v = (theta[:, row, :, None] for row in range(3))
    gradients = s * np.concatenate([v * x * on, v * on, (w * x + b) * on], axis=1)
    factor = simulation._factor(theta, on)
    inner = factor @ factor.transpose(0, 2, 1)
    assert inner == pytest.approx(gradients.transpose(0, 2, 1) @ gradients, abs=1e-9)
    h, bend = rng.random(2), rng.random((2, n))
    p, rest = rng.dirichlet(np.ones(n), 2), rng.normal(size=(2, n))
    full, factored = (_Kernel(matrix, factor, h) for matrix in (h[:, None, None] * inner, None))
    assert factored.times(rest) == pytest.approx(full.times(rest), abs=1e-9)
    assert factored.newton(bend, p, rest) == pytest.approx(full.newton(bend, p, rest), rel=1e-6, abs=1e-6)


def test_blocks_of_seeds_and_progress(monkeypatch):
    whole = gradient_flow(X, Y, width=6, seeds=5)
    monkeypatch.setattr(flow, "_BLOCK", 2 * 6 * len(X))
    seen = []
    parts = gradient_flow(X, Y, width=6, seeds=5, progress=lambda *told: seen.append(told))
    assert [run.seed for run in parts] == [0, 1, 2, 3, 4]
    for a, b in zip(whole, parts, strict=True):
        assert float(a.residual.normalized_margin) == pytest.approx(
            float(b.residual.normalized_margin), rel=1e-3
        )
    assert seen[0] == (0, 6000, "gradient flow")
    assert [done for done, _, _ in seen] == sorted(done for done, _, _ in seen)
    assert max(done for done, _, _ in seen) >= 4000
