"""The rigorous enclosure of the gradient flow: closed forms, float runs, events, mistakes."""

import pickle
from itertools import pairwise

import mpmath
import numpy as np
import pytest
from flint import arb
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from exactrelu.arithmetic import InputError, UnsupportedError, sqrt
from exactrelu.classification import flow_enclosure, flow_steps, gradient_flow, initial_network
from exactrelu.classification.flow import LOSSES
from exactrelu.classification.flow_field import Field
from exactrelu.classification.flow_tube import State, Tubes, working
from exactrelu.functions import ShallowNetwork

X, Y = [-2, -1, 1, 3], [1, -1, -1, 1]


def network(*units):
    return ShallowNetwork(*zip(*units, strict=True))


def simulate(units, x, s, time, *, loss="exponential", step=1e-3, slope=None, force=1.0):
    """Runge and Kutta's steps of ``dθ/dτ`` in float64, on its own: `slope` and `force` are for mistakes."""
    x, s = np.array(x, float), np.array(s, float)

    def motion(theta):
        w, b, v = theta
        z = np.outer(w, x) + b[:, None]
        q = s * (v @ np.maximum(z, 0))
        if loss == "exponential":
            p = np.exp(q.min() - q)
            p = p / p.sum()
        else:
            p = 1 / (1 + np.exp(q)) / np.logaddexp(0, -q).sum()
        gains = force * p * s * ((z > 0) if slope is None else slope(z))
        pull, level = gains @ x, gains.sum(1)
        return np.stack([v * pull, v * level, w * pull + b * level])

    theta = np.array([[float(t) for t in unit] for unit in units]).T
    count = int(np.ceil(float(time) / step))
    h = float(time) / count
    for _ in range(count):
        a = motion(theta)
        b = motion(theta + h / 2 * a)
        c = motion(theta + h / 2 * b)
        d = motion(theta + h * c)
        theta = theta + h / 6 * (a + 2 * b + 2 * c + d)
    return ShallowNetwork(*theta)


quarters = st.integers(-6, 6).map(lambda k: mpq(k, 4))


@given(quarters, quarters, quarters, st.integers(-4, 4).map(lambda k: mpq(k, 2)), st.sampled_from([-1, 1]))
@settings(max_examples=25, deadline=None)
def test_one_unit_and_one_datum(w, b, v, x, s):
    """``z' = s c² v, v' = s z`` with ``c² = 1 + x²`` as long as ``z > 0``; at ``z = 0`` it dies."""
    z, time = w * x + b, mpq(3, 4)
    found = flow_enclosure(network((w, b, v)), [x], [s], time=time, tolerance="1e-15")
    if not found.complete:
        # A kink at the datum that is driven to neither side, or to both.
        assert (z, found.end) == (0, 0)
        assert s * v >= 0
        assert "not decided" in found.reason
        return
    end = found.final
    mpmath.mp.dps = 30
    c, t = mpmath.sqrt(1 + mpmath.mpf(int(4 * x * x)) / 4), mpmath.mpf(3) / 4
    zs, vs = mpmath.mpf(int(16 * z)) / 16, mpmath.mpf(int(4 * v)) / 4
    died = z > 0 and s * v < 0 and z < -s * v * sqrt(1 + x * x)
    if died:
        t = min(t, mpmath.atanh(-zs / (s * c * vs)) / c)
    if z > 0:
        zs, vs = (
            zs * mpmath.cosh(c * t) + s * c * vs * mpmath.sinh(c * t),
            vs * mpmath.cosh(c * t) + s * zs / c * mpmath.sinh(c * t),
        )
    true = mpq(str(mpmath.nstr(vs, 25)))
    lower, upper = end.weights[0][2].lower, end.weights[0][2].upper
    assert lower - mpq(1, 10**20) <= true <= upper + mpq(1, 10**20)
    assert end.radius <= mpq(1, 10**15)
    if died and t < 0.75:
        assert end.pattern == (".",)
        (event,) = found.events
        assert (event.unit, event.datum, event.letter) == (0, 0, ".")
        assert float(event.start) - 1e-12 <= float(t) <= float(event.end) + 1e-12
    # The wrong velocity does not pass: half of it, and none of it.
    if z > 0 and v and not died:
        wrong = simulate([(w, b, v)], [x], [s], time, force=0.5)
        assert not end.contains(wrong, within="1e-6")
        assert end.contains(simulate([(w, b, v)], [x], [s], time), within="1e-9")


@st.composite
def starts(draw):
    count = draw(st.integers(1, 5))
    x = sorted(draw(st.sets(st.integers(-4, 4), min_size=1, max_size=5)))
    s = draw(st.lists(st.sampled_from([-1, 1]), min_size=len(x), max_size=len(x)))
    # Kinks off the data.
    weight = st.integers(-9, 9).map(lambda k: mpq(2 * k + 1, 16))
    units = [(draw(weight), draw(weight) + mpq(1, 37), draw(weight)) for _ in range(count)]
    return units, [mpq(t, 2) for t in x], s


@given(starts(), st.sampled_from(LOSSES))
@settings(max_examples=12, deadline=None)
def test_float_trajectories_are_contained(start, loss):
    units, x, s = start
    found = flow_enclosure(network(*units), x, s, time="1/2", loss=loss, tolerance="1e-9")
    assert found.complete, found.reason
    for time in (mpq(1, 3), mpq(1, 2)):
        # Steps of floats are of first order only where kinks pass data.
        float_run = simulate(units, x, s, time, loss=loss)
        assert found.at(time).contains(float_run, within="1e-9" if not found.events else "5e-3")
    # v² - w² - b² is conserved, unit by unit.
    r = found.final.radius
    for (w, b, v), after in zip(units, found.final.weights, strict=True):
        p, q, u = (each.midpoint for each in after)
        off = u * u - p * p - q * q - (v * v - w * w - b * b)
        assert abs(off) <= 2 * r * (abs(p) + abs(q) + abs(u)) + 3 * r * r
    # The loss falls.
    losses = [
        found.at(segment.start).log_loss for segment in found.segments[:: max(len(found.segments) // 5, 1)]
    ]
    for before, after in pairwise(losses):
        assert after.lower <= before.upper


LARGE = [  # weights with which a step spans margins that are known up to a factor of their exponentials only
    ([(-3, 0, -3)], [-4, -1], [-1, 1]),
    ([(1, 4, -4)], [0, 1, 2], [-1, -1, 1]),
    ([(0, -2, -2), ("-1/3", "4/3", "-11/6"), ("-7/6", "1/6", "5/3"), ("-2/3", 1, "-1/6"), ("1/2", -2, 1)],
     [-3, -2, "-1/2", "1/3"], [1, 1, 1, 1]),
]  # fmt: skip


@pytest.mark.parametrize(("units", "x", "s"), LARGE)
@pytest.mark.parametrize("loss", LOSSES)
def test_wide_margins(units, x, s, loss):
    units = [tuple(map(mpq, unit)) for unit in units]
    found = flow_enclosure(network(*units), x, s, time="1/2", loss=loss, max_bits=75)
    assert found.complete, found.reason
    floats = [float(mpq(t)) for t in x]
    for segment in found.segments:
        for share in (mpq(1, 3), mpq(3, 4)):
            now = found.at(segment.start + share * (segment.end - segment.start))
            assert now.radius <= segment.reach
    run = simulate(units, floats, s, mpq(1, 2), loss=loss, step=1e-4)
    assert found.final.contains(run, within="1e-6" if not found.events else "1e-2")


@pytest.mark.parametrize("loss", LOSSES)
def test_a_kink_that_hardly_moves_on_has_passed(loss):
    """Datum 1 drives the kink of unit 1 across; only datum 0, of a share below e^-40, drives it on."""
    found = flow_enclosure(network((-4, 3, -4), (-1, "9/8", -1)), [-2, 1], [-1, 1], time="1/8", loss=loss)
    assert found.complete, found.reason
    assert [(e.unit, e.datum, e.letter) for e in found.events] == [(1, 1, "-")]
    assert abs(found.final.margins[1].midpoint) < mpq(1, 10**12)


CASES = [
    (
        [("1/2", "1/4", "1/3"), ("-1/2", "1/3", "1/2"), ("1/3", "-1/5", "-1/2")],
        [-1, 1, 2],
        [1, -1, 1],
        "exponential",
    ),
    (
        [("1/2", "1/4", "1/3"), ("-1/2", "1/3", "-1/2"), ("1/3", "-1/5", "-1/2")],
        [-2, -1, 1],
        [1, 1, -1],
        "logistic",
    ),
]


@pytest.mark.parametrize(("units", "x", "s", "loss"), CASES)
def test_wrong_fields_are_not_contained(units, x, s, loss):
    units = [[mpq(t) for t in unit] for unit in units]
    end = flow_enclosure(network(*units), x, s, time="1/2", loss=loss).final
    assert end.contains(simulate(units, x, s, 0.5, loss=loss), within="2e-3")
    mistakes = {
        "loss derivative halved": {"force": 0.5},
        "wrong sign": {"force": -1.0},
        "subgradient 1 everywhere": {"slope": lambda z: np.ones_like(z)},
        "subgradient of the other side": {"slope": lambda z: z < 0},
        "leaky by 1/20": {"slope": lambda z: np.where(z > 0, 1, 0.05)},
    }
    for name, mistake in mistakes.items():
        wrong = simulate(units, x, s, 0.5, loss=loss, **mistake)
        assert not end.contains(wrong, within="2e-3"), name
    other = {"exponential": "logistic", "logistic": "exponential"}[loss]
    assert not end.contains(simulate(units, x, s, 0.5, loss=other), within="2e-3")


def test_kinks_that_pass_slide_leave_and_rest():
    found = flow_enclosure(initial_network(2, width=4, initial_scale=0.5), X, Y, time="3/2")
    assert found.complete
    assert [(e.unit, e.datum, e.letter) for e in found.events] == [
        (1, 3, "-"), (1, 2, "-"), (2, 2, "0"), (2, 2, "+")
    ]  # fmt: skip
    met, left = found.events[2:]
    sliding = found.at((met.end + left.start) / 2)
    assert sliding.pattern[2] == "--0+"
    w, b, _ = sliding.weights[2]
    assert w.lower + b.lower <= 0 <= w.upper + b.upper  # the datum is 1
    assert w.upper + b.upper < mpq(1, 10**6)
    w, b, _ = found.final.weights[2]
    assert w.lower + b.lower > 0
    # In the midst of an event, the letter is open.
    assert found.at((met.start + met.end) / 2).pattern[2] == "--?+"
    died = flow_enclosure(initial_network(3, width=4, initial_scale=0.5), X, Y, time="3/2")
    assert {e.letter for e in died.events} == {".", "+", "-", "0"}
    dead = next(e for e in died.events if e.letter == ".")
    before, after = died.at(dead.end).weights[dead.unit], died.final.weights[dead.unit]
    for a, b in zip(before, after, strict=True):
        assert abs(a.midpoint - b.midpoint) < mpq(1, 10**9)
    for run in (found, died):
        seed = 2 if run is found else 3
        units = np.array([run.network.input_weights, run.network.biases, run.network.output_weights]).T
        for time in (run.end / 2, run.end):
            assert run.at(time).contains(simulate(units, X, Y, time), within="1e-2"), seed


def test_simultaneous_events():
    """Units that are equal, or mirrored, meet data at the same time."""
    one = ("1/2", "1/8", -1)
    mirrored = ("-1/2", "1/8", -1)
    single = flow_enclosure(network(one, mirrored), [-2, 2], [1, 1], time=1)
    assert single.complete
    assert len(single.events) == 2
    assert single.events[0].start == single.events[1].start
    twice = flow_enclosure(network(one, one, mirrored, mirrored), [-2, 2], [1, 1], time=1)
    assert twice.complete
    assert len(twice.events) == 4
    w = twice.final.weights
    assert abs(w[0][2].midpoint - w[1][2].midpoint) < twice.final.radius * 2 + mpq(1, 10**12)


def test_kinks_at_data_from_the_start():
    # z = 0 at the datum 1; the datum 2 moves the kink away, or back.
    leaves = flow_enclosure(network((1, -1, 1)), [1, 2], [1, 1], time="1/8")
    assert leaves.complete
    assert leaves.final.pattern == ("++",)
    slides = flow_enclosure(network((1, -1, 1)), [1, 2], [-1, 1], time="1/8")
    assert slides.complete
    assert slides.final.pattern == ("0+",)
    resting = flow_enclosure(network((1, -1, 1)), [1], [-1], time=3)
    assert resting.complete
    assert resting.final.pattern == (".",)
    assert resting.final.distance(resting.network).upper < mpq(1, 10**6)
    both = flow_enclosure(network((1, -1, 1)), [1], [1], time=3)
    assert (both.ending, both.end, both.complete) == ("undecided", 0, False)
    assert "unit 0 meets datum 0" in both.reason
    assert both.final.distance(both.network).lower == 0
    zero = flow_enclosure(network((0, 0, 0), (1, 1, 1)), [1, 2], [1, 1], time="1/4")
    assert zero.complete
    assert zero.final.weights[0][0].width < mpq(1, 10**6)
    empty = flow_enclosure(ShallowNetwork([], [], []), [1], [1], time=5)
    assert empty.complete
    assert empty.final.margins[0].contains(0)
    assert empty.final.normalized_margin is None


def test_data_at_right_angles():
    """The datum 1 does not move a kink at the datum -1: it rests there exactly, though the unit lives."""
    start = initial_network(1, width=4, initial_scale=0.5)
    found = flow_enclosure(start, [-1, 1], [-1, 1], time=1)
    assert found.complete
    assert (2, 0, "0") in [(e.unit, e.datum, e.letter) for e in found.events]
    w, b, _ = found.final.weights[2]
    assert w.lower <= b.upper
    assert b.lower <= w.upper
    units = np.array([start.input_weights, start.biases, start.output_weights]).T
    assert found.final.contains(simulate(units, [-1, 1], [-1, 1], 1), within="5e-3")


def test_two_precisions_agree_and_the_finer_is_finer():
    start = initial_network(2, width=4, initial_scale=0.5)
    coarse = flow_enclosure(start, X, Y, time=1, max_bits=np.int64(256))
    fine = flow_enclosure(start, X, Y, time=1, tolerance="1e-20")
    a, b = coarse.final, fine.final
    assert b.radius < mpq(1, 10**20) < a.radius
    assert a.distance(b.center).lower <= b.radius
    assert a.contains(b.center)
    for p, q in zip(a.margins, b.margins, strict=True):
        assert p.lower <= q.lower <= q.upper <= p.upper
    assert [(e.unit, e.datum, e.letter) for e in coarse.events] == [
        (e.unit, e.datum, e.letter) for e in fine.events
    ]


@pytest.mark.parametrize("loss", LOSSES)
def test_the_simulation_is_as_far_off_as_its_steps_are_long(loss, monkeypatch):
    start = initial_network(5, width=4, initial_scale=0.5)
    off = []
    for change in (0.05, 0.0125):
        monkeypatch.setattr(flow_steps, "_CHANGE", change)
        run = gradient_flow(X, Y, width=4, seeds=[5], initial_scale=0.5, loss=loss, steps=int(0.5 / change))[
            0
        ]
        assert 0.2 < run.time < 3
        found = flow_enclosure(start, X, Y, time=run.time, loss=loss)
        assert found.complete
        off.append(found.final.distance(run.network).upper)
        loss_seen = mpq(float(run.history[-1][2]))
        assert abs(found.final.log_loss.midpoint - loss_seen) < mpq(1, 10)
    assert off[1] < off[0] < mpq(1, 10)


def test_margins_and_what_is_said_of_them():
    found = flow_enclosure(network((1, "1/2", 1), (-1, "1/2", -1)), [-1, 1], [-1, 1], time="3/2")
    assert found.complete
    end = found.final
    assert end.classifies is True
    assert end.normalized_margin.lower > 0
    size = sum((w * w + b * b + v * v) for w, b, v in zip(
        end.center.input_weights, end.center.biases, end.center.output_weights, strict=True
    ))  # fmt: skip
    assert end.normalized_margin.contains(min(end.center(1), -end.center(-1)) / size)
    assert end.margins[1].contains(end.center(1))
    assert found.at(0).log_loss.lower > end.log_loss.upper
    wrong = flow_enclosure(network((1, "1/2", -1)), [1], [1], time=0)
    assert wrong.final.classifies is False
    assert pickle.loads(pickle.dumps(found)) == found
    assert hash(found) == hash(pickle.loads(pickle.dumps(found)))
    assert "segments" not in repr(found)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("pattern", [("+-+", "++-", "--+"), ("+0-", "++-", "---")])
def test_errors_grow_no_faster_than_claimed(loss, pattern):
    """The largest eigenvalue of the derivative of the field, by differences; half the bound is not one."""
    rng = np.random.default_rng(7)
    closest = 0.0
    with working(200):
        field = Field([mpq(-2), mpq(1, 2), mpq(3)], [1, -1, 1], loss == "logistic")
        for _ in range(15):
            theta = [arb(float(t)) for t in rng.normal(size=9) * rng.choice([0.3, 1, 3])]
            if "0" in pattern[0]:
                theta[3] = -theta[0] / 2
            h = arb(2) ** -60
            here = field.motion(list(theta), pattern)
            columns = []
            for k in range(9):
                moved = [t + h if i == k else t for i, t in enumerate(theta)]
                there = field.motion(moved, pattern)
                columns.append(
                    [
                        float(((a - b) / h).mid()) if a is not b else 0.0
                        for a, b in zip(there, here, strict=True)
                    ]
                )
            derivative = np.array(columns).T
            assert derivative == pytest.approx(derivative.T, abs=1e-9 * (1 + np.abs(derivative).max()))
            largest = np.linalg.eigvalsh((derivative + derivative.T) / 2)[-1]
            bound = float(field.growth(theta, pattern))
            assert largest <= bound * (1 + 1e-12) + 1e-9
            closest = max(closest, largest / bound)
    assert closest > 0.5


def test_the_last_term_of_the_defect_counts(monkeypatch):
    """With long steps the error of the polynomial is seen; ``b = v = e^t`` for the datum 0."""
    with working(64):
        field = Field([mpq(0)], [1], False)
        start = State(mpq(0), (arb(0), arb(1), arb(1)), arb(0), ("+",))

        def reached():
            tubes = Tubes(field, 64)
            tubes.tiny = arb(2) ** -20
            tube = tubes.of(start, mpq(10))
            end = tube.after(start, tube.length)
            true = arb(float(tube.length)).exp()
            return sum(((c - true) ** 2 for c in end.center[1:]), arb(0)).sqrt(), end.radius

        error, radius = reached()
        assert error > arb(2) ** -40
        assert error <= radius
        late = Tubes._late
        monkeypatch.setattr(Tubes, "_late", lambda *given: (late(*given)[0], arb(0)))
        error, radius = reached()
        assert error > radius


def test_it_ends_honestly():
    start = initial_network(2, width=4, initial_scale=0.5)
    late = flow_enclosure(start, X, Y, time=100, timeout=0.3)
    assert (late.ending, late.complete) == ("timeout", False)
    assert 0 <= late.end < 100
    rough = flow_enclosure(start, X, Y, time=2, tolerance="1e-18", max_bits=60)
    assert rough.ending == "tolerance"
    assert "60 bits" in rough.reason
    assert rough.final.radius <= mpq(1, 10**18)
    seen = []
    flow_enclosure(start, X, Y, time="1/4", progress=lambda *told: seen.append(told))
    assert seen[0] == (0, mpq(1, 4), "flow enclosure")
    assert [reached for reached, _, _ in seen] == sorted(reached for reached, _, _ in seen)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"time": -1}, "time is -1; it must not be negative"),
        ({"time": float("nan")}, "time"),
        ({"tolerance": 0}, "tolerance is 0; it must be positive"),
        ({"loss": "hinge"}, "exponential, logistic"),
        ({"max_bits": 5}, "max_bits is 5"),
        ({"max_bits": True}, "max_bits is True"),
        ({"max_bits": 64.0}, "max_bits is 64.0"),
        ({"loss": None}, "exponential, logistic"),
        ({"timeout": -1}, "timeout is -1"),
        ({"labels": [1, 2, 1, 1]}, "labels"),
        ({"x": [1, 1, 2, 3]}, "rows 0 and 1"),
        ({"network": None}, "must be a ShallowNetwork"),
        ({"network": ShallowNetwork([1], [1], [1], output_bias=1)}, "without output bias"),
    ],
)
def test_bad_input(options, words):
    given_ = {"network": network((1, 0, 1)), "x": X, "labels": Y, "time": 1, **options}
    start, x, labels = (given_.pop(name) for name in ("network", "x", "labels"))
    with pytest.raises(InputError, match=words):
        flow_enclosure(start, x, labels, **given_)


def test_bad_questions():
    found = flow_enclosure(network((1, 0, 1)), [1], [1], time="1/4")
    with pytest.raises(InputError, match="from 0 to 1/4"):
        found.at(1)
    with pytest.raises(InputError, match="2 units"):
        found.final.distance(network((1, 0, 1), (1, 1, 1)))
    with pytest.raises(UnsupportedError, match="irrational"):
        flow_enclosure(ShallowNetwork([1], [sqrt(2)], [1]), [1], [1], time=1)
    with pytest.raises(InputError, match="width"):
        initial_network(0, width=0)
    with pytest.raises(InputError, match="seed"):
        initial_network(-1)
