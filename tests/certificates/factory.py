"""Random correct certificates of every kind, for the campaign and the tests."""

from random import Random

from gmpy2 import mpq, sign

import exactrelu as er
from exactrelu import certificates as build
from exactrelu.arithmetic import InputError, UnsupportedError
from exactrelu.classification import kkt_certificate
from exactrelu.functions import PiecewiseLinear, bias_path_excess, representation_cost
from exactrelu.instances import Stream, datasets, number
from exactrelu.memorization import lower_bound

VARIANTS = [(False, True), (False, False), (True, True), (True, False)]


def random_function(rng: Random, data) -> PiecewiseLinear:
    """Up to eight kinks, at data, between, outside and at round places; sometimes an affine function."""
    kind = rng.choice(["integer", "rational", "float64"])
    kinks = {}
    for _ in range(rng.choice([0, 0, 1, 1, 2, 3, 5, 8])):
        t = rng.choice(data.x) if rng.random() < 0.3 else number(rng, kind, 8)
        c = number(rng, kind, 8)
        if c:
            kinks[t] = c
    slope, intercept = (number(rng, kind, 8) if rng.random() < 0.8 else mpq(0) for _ in range(2))
    return PiecewiseLinear._make(slope, intercept, tuple(sorted(kinks.items())))


def some_interpolant(rng: Random, data) -> PiecewiseLinear:
    if data.n == 1:
        slope = number(rng, "integer", 8)
        f = PiecewiseLinear._make(slope, data.y[0] - slope * data.x[0], ())
    else:
        f = er.min_norm_interpolant(data.x, data.y, penalize_bias=rng.random() < 0.5).function
    if rng.random() < 0.5:  # something that vanishes at the data
        a, b = (data.x[-1], data.x[-1] + 1) if data.n == 1 else rng.sample(data.x, 2)
        t = [min(a, b), (a + b) / 2, max(a, b)]
        bump = PiecewiseLinear.from_kinks(0, 0, [(t[0], 1), (t[1], -2), (t[2], 1)])
        f = f + bump - PiecewiseLinear.through(data.x, [bump(x) for x in data.x])
    return f


def interpolation(rng, data):
    return build.interpolation(data, some_interpolant(rng, data))


def cost(penalize_bias, skip):
    def make(rng, data):
        f = random_function(rng, data) if rng.random() < 0.7 else some_interpolant(rng, data)
        if penalize_bias and not skip and rng.random() < 0.3:  # D = 0 and edges of the zonotope
            a, b = bias_path_excess(f).residual
            if all(isinstance(v, mpq) for v in (a, b)):
                f = f - PiecewiseLinear.from_kinks(a / 2, b / 2)
        total = representation_cost(f, penalize_bias=penalize_bias, skip=skip)
        return build.representation_cost(f, penalize_bias=penalize_bias, skip=skip, cost=total)

    return make


def optimality(penalize_bias, skip):
    def make(rng, data):
        return er.min_norm_interpolant(data.x, data.y, penalize_bias=penalize_bias, skip=skip).certificate

    return make


def tolerance(skip):
    def make(rng, data):
        q = mpq(1, 10 ** rng.randint(1, 15))
        return er.min_norm_interpolant(data.x, data.y, skip=skip, tolerance=q).certificate

    return make


def exact_dual(certificate):
    document = certificate.to_json()
    if document["claim"] != "optimality":
        return None
    return {name: list(map(mpq, values)) for name, values in document["dual"].items()}


def uniqueness(penalize_bias, skip):
    def make(rng, data):
        # Exact only if D = 0 for the minimiser with a skip, which is decided quickly.
        slow = penalize_bias and not skip and data.n > 1
        if slow and bias_path_excess(er.min_norm_interpolant(data.x, data.y).function).value:
            return None
        result = er.min_norm_interpolant(data.x, data.y, penalize_bias=penalize_bias, skip=skip)
        dual = exact_dual(result.certificate)
        if dual is None or not result.is_unique:
            return None
        return build.uniqueness(data, result.function, penalize_bias=penalize_bias, skip=skip, dual=dual)

    return make


def non_uniqueness(penalize_bias, skip):
    def make(rng, data):
        result = er.min_norm_interpolant(data.x, data.y, penalize_bias=penalize_bias, skip=skip)
        if result.is_unique:
            return None
        second = another_minimizer(rng, data, result)
        dual = exact_dual(result.certificate)
        return build.non_uniqueness(
            data, result.function, second, penalize_bias=penalize_bias, skip=skip, dual=dual
        )

    return make


def another_minimizer(rng, data, result):
    f = result.function
    if data.n == 1:
        return f + PiecewiseLinear.from_kinks(1, -data.x[0])
    members = er.ridgeless_interpolants(data.x, data.y)
    total = mpq(0) if result.skip else abs(data.slopes[0] + data.slopes[-1]) - members.cost
    for _ in range(50):
        g = members.sample(rng)
        if total > 0:  # both outer slopes change, by total/2 together
            left = mpq(rng.randint(0, 4), 8) * total * sign(data.slopes[0] + data.slopes[-1])
            right = left - total / 2 * sign(data.slopes[0] + data.slopes[-1])
            t, u = data.x[0] - rng.randint(0, 2), data.x[-1] + rng.randint(0, 2)
            g = g + hinge(t, left) - PiecewiseLinear.from_kinks(left, -left * data.x[0])
            g = g + PiecewiseLinear.from_kinks(0, left * (t - data.x[0])) + hinge(u, right)
        if g != f:
            return g
    raise AssertionError("no second minimiser found")


def hinge(t, c):
    return PiecewiseLinear.from_kinks(0, 0, [(t, c)] if c else [])


def membership(rng, data):
    return build.ridgeless_membership(data, er.ridgeless_interpolants(data.x, data.y).sample(rng))


def non_membership(rng, data):
    members = er.ridgeless_interpolants(data.x, data.y)
    for f in (some_interpolant(rng, data), random_function(rng, data)):
        if f not in members:
            return build.ridgeless_non_membership(data, f)
    return None


def refutation(rng, data):
    if data.n < 3:
        f = PiecewiseLinear.from_kinks(0, number(rng, "integer", 8) or 1)
        return build.refutation("plain-euclidean-excess", function=f, direction=(mpq(0), f.intercept))
    small = type(data)._make(data.x[:3], data.y[:3])
    result = er.min_norm_interpolant(small.x, small.y)
    if not result.function.kinks:
        return None
    dual = exact_dual(result.certificate)
    name = "at-most-n-minus-3-kinks"
    if not small.x[0] <= small.x[1] <= result.function.kinks[0][0] <= small.x[1]:
        name = rng.choice([name, "affine-on-outer-gaps", "minimiser-is-ridgeless"])
    return build.refutation(name, function=result.function, data=small, dual=dual)


def some_labels(rng, data):
    flips = 1 if rng.random() < 0.2 else rng.choice([2, 3, 5])
    cuts = sorted(rng.sample(range(data.n + 1), min(flips, data.n)))
    first = rng.choice([1, -1])
    return [first * (-1) ** sum(c <= i for c in cuts) for i in range(data.n)]


def classification(penalize_bias, skip):
    def make(rng, data):
        labels = some_labels(rng, data)
        return er.max_margin_classifier(data.x, labels, penalize_bias=penalize_bias, skip=skip).certificate

    return make


def kkt(rng, data):
    """Optimal networks with free and with penalised biases, and some with random weights."""
    labels = some_labels(rng, data)
    how = rng.randrange(3)
    if how == 2:
        small = [number(rng, "integer", 2) for _ in range(3 * rng.randint(1, 3))]
        network = er.ShallowNetwork(small[::3], small[1::3], small[2::3])
    else:
        best = er.max_margin_classifier(data.x, labels, penalize_bias=how == 1, skip=False)
        try:
            return kkt_certificate(best.network, data.x, labels).certificate
        except (InputError, UnsupportedError):  # an output bias, irrational weights
            return None
    return kkt_certificate(network, data.x, labels).certificate


def lasso(rng, data):
    options = rng.choice([
        {}, {"layers": 3}, {"layers": 4}, {"activation": "leaky_relu", "slope": "1/3"}, {"activation": "abs"},
        {"activation": "threshold"}, {"activation": "sign"},
    ])  # fmt: skip
    few = type(data)._make(data.x[:6], data.y[:6])
    beta = rng.choice([0, mpq(1, 10), 1])
    return er.lasso.solve(few.x, few.y, beta=beta, **options).certificate


def impossibility(rng, data):
    """At the least size of groups that counting excludes, or up to some times as large."""
    width, depth = rng.randint(1, 6), rng.randint(1, 4)
    parameters = None if rng.random() < 0.5 else rng.randint(1, 60)
    known = {"width": width, "depth": depth, "parameters": parameters}
    try:
        groups = lower_bound(**known, groups=1, group_size=2).parameters + rng.randint(1, 40)
        low, high = 1, 4
        while not lower_bound(**known, groups=groups, group_size=high).impossible:
            low, high = high, high * high
            if high.bit_length() > 5000:
                return None
        while high - low > 1:
            middle = (low + high) // 2
            excluded = lower_bound(**known, groups=groups, group_size=middle).impossible
            low, high = (low, middle) if excluded else (middle, high)
    except InputError:  # more parameters than polynomials
        return None
    return lower_bound(**known, groups=groups, group_size=high * rng.choice([1, 1, 2, 1000])).certificate


def _names(prefix, make, variants):
    label = {True: "penalised", False: "free"}
    return {f"{prefix} ({label[p]}, {'skip' if s else 'no skip'})": make(p, s) for p, s in variants}


KINDS = {
    "interpolation": interpolation,
    **_names("representation cost", cost, VARIANTS),
    **_names("optimality", optimality, VARIANTS),
    "bounds (skip)": tolerance(True),
    "bounds (no skip)": tolerance(False),
    **_names("uniqueness", uniqueness, VARIANTS),
    **_names("non-uniqueness", non_uniqueness, VARIANTS[:3]),
    "ridgeless membership": membership,
    "ridgeless non-membership": non_membership,
    "refutation": refutation,
    **_names("classification", classification, VARIANTS),
    "kkt": kkt,
    "lasso": lasso,
    "impossibility": impossibility,
}


def instance(name, index, seed=0, largest=40):
    """A random certificate of a kind; None where the instance has none (a unique minimiser, say)."""
    rng = Stream(seed, name, index)
    data = datasets(rng, rng.randint(1, largest), 8)
    return KINDS[name](rng, data)
