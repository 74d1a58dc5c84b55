"""Writes the corpus: `correct/`, `incorrect/`, and in each an `index.json` with the line to be reported.

Run by hand: `python tests/certificates/make_corpus.py`. The lines of the incorrect ones are written by hand
here; the script complains where the checker says anything else, and changes nothing then.
"""

import json
import sys
from pathlib import Path
from random import Random

from gmpy2 import mpq, mpz

import exactrelu as er
from exactrelu import certificates as build
from exactrelu import checker
from exactrelu.functions import Dataset, PiecewiseLinear, representation_cost

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))
import factory  # noqa: E402
import wrong  # noqa: E402

# Random documents that tell mutants of the checker apart (score.py); the oracle agrees with these verdicts.
FOUND = json.loads((HERE / "found.json").read_text())
THROUGH, KINKS = PiecewiseLinear.through, PiecewiseLinear.from_kinks
EXAMPLES = {
    "example-1": ([0, 1, 2, 3], [0, 0, 1, 3]),
    "example-2": ([0, 1, 2, 3, 4], [0, 0, 1, 3, 6]),
    "squares": (list(range(-3, 4)), [t * t for t in range(-3, 4)]),
    "outer-kink": (["-100/7", "-40/7", "20/7"], [4, "5/4", 3]),
    "outer-kink-left": (["-20/7", "40/7", "100/7"], [3, "5/4", 4]),
    "one-point": ([2], [3]),
    "two-points": ([-1, 2], [3, "1/2"]),
    "collinear": ([-1, 0, 2], [1, 0, -2]),
    "zeros": (list(range(7)), [0, 0, 1, 3, 5, 8, 12]),
    "signs": ([-2, -1, 0, 1, 2, 3], [0, 1, 0, 2, 3, 3]),
    "large": ([-(10**30), 0, 10**29], ["1e20", 0, "-7e25"]),
    "tiny": (["-1e-30", 0, "1e-29"], ["1e-20", 0, "-7e-25"]),
    "kink-at-datum": ([-1, 0, 1], [1, 0, 1]),
}


def correct():
    """Name and certificate."""
    for name, (x, y) in EXAMPLES.items():
        data = Dataset.read(x, y)
        line = THROUGH(x, y) if data.n > 1 else KINKS(1, 1)
        if name in ("one-point", "two-points", "signs", "large"):
            yield f"interpolation-{name}", build.interpolation(data, line)
            yield f"membership-{name}", build.ridgeless_membership(data, line)
        for penalize_bias, skip in factory.VARIANTS:
            label = f"{'penalised' if penalize_bias else 'free'}-{'skip' if skip else 'no-skip'}-{name}"
            result = er.min_norm_interpolant(x, y, penalize_bias=penalize_bias, skip=skip)
            yield f"{result.certificate.claim.replace('_', '-')}-{label}", result.certificate
            dual = factory.exact_dual(result.certificate)
            if result.is_unique and dual:
                yield (
                    f"uniqueness-{label}",
                    build.uniqueness(
                        data, result.function, penalize_bias=penalize_bias, skip=skip, dual=dual
                    ),
                )
            elif dual:
                rng = factory.Stream(0, label, 0)
                second = factory.another_minimizer(rng, data, result)
                yield (
                    f"non-uniqueness-{label}",
                    build.non_uniqueness(
                        data, result.function, second, penalize_bias=penalize_bias, skip=skip, dual=dual
                    ),
                )
        yield f"bounds-skip-{name}", er.min_norm_interpolant(x, y, tolerance="1/1000").certificate
    yield from costs()
    yield from ridgeless()
    yield from refutations()
    yield from others()
    yield from weight_decay()
    yield from ((f"found-{k}", er.Certificate(v["document"])) for k, v in enumerate(FOUND) if not v["code"])
    yield from counting()
    yield from critical()
    yield from classifiers()
    for name in factory.KINDS:
        found = (factory.instance(name, i, largest=7) for i in range(1000))
        count = 12 if name in ("kkt", "lasso") else 3
        for i, certificate in zip(range(count), (c for c in found if c), strict=False):
            label = name.replace(" (", "-").replace(", ", "-").replace(" ", "-").strip(")")
            yield f"random-{label}-{i}", certificate


def costs():
    """Functions on every face of the zonotope of the excess D (proofs/bias_excess.py)."""
    for name, f in {
        "one": KINKS(0, 1),
        "minus-one": KINKS(0, -1),
        "x": KINKS(1, 0),
        "x-plus-1": KINKS(1, 1),
        "1-minus-x": KINKS(-1, 1),
        "steep-line": KINKS(5, 1),
        "boundary-direction": KINKS(3, "1"),
        "zero": KINKS(0, 0),
        "below-the-corner": KINKS(3, 2),
        "above-the-corner": KINKS(9, 5),
        "hinge": KINKS(0, 0, [(1, 2)]),
        "inside": KINKS(0, 0, [(-1, 1), (1, 1)]),
        "edge-flat": KINKS("1/4", 3, [(1, 1)]),
        "edge-steep": KINKS(1, 5, [(-3, 2), (4, -1)]),
        "vertex": KINKS(-7, 2, [(-3, 2), (0, 1), (4, -1)]),
        "corner": KINKS(-3, 9, [(-3, 2), (0, 1), (4, "-1/3")]),
        "cancelling": KINKS(0, "1/2", [(0, 1), ("3/4", -1), ("4/3", -3)]),
        "many": KINKS("2/7", -3, [(mpq(k, 3), mpq(1 + k % 4, 1 + k % 5) * (-1) ** k) for k in range(-6, 9)]),
    }.items():
        for penalize_bias, skip in factory.VARIANTS:
            cost = representation_cost(f, penalize_bias=penalize_bias, skip=skip)
            label = f"{'penalised' if penalize_bias else 'free'}-{'skip' if skip else 'no-skip'}-{name}"
            yield (
                f"cost-{label}",
                build.representation_cost(f, penalize_bias=penalize_bias, skip=skip, cost=cost),
            )
    pieces = [["1/2", "18"], ["1", "7/4"], ["-1/2", "7"], ["1/4", "2"], ["1/8", "8"], ["5", "0"], ["0", "3"]]
    whole = build.representation_cost(f, penalize_bias=True, skip=True, cost=cost).to_json()
    whole["primal"]["function"] = {"slope": "0", "intercept": "0", "kinks": [["1", "2"]]}
    for power in (31, 33):  # a prime of the checker's characters, to a high power
        prime = mpz(83)
        terms = [["1", str(2 * prime**power)], [str(-(prime ** (power // 2))), str(2 * prime)]]
        cost = {"cost": {"terms": [["2", "2"], *terms]}}
        yield f"cost-stated-with-power-{power}", er.Certificate({**whole, "relation": cost})
    cost = {"cost": {"terms": [["2", "2"], ["1", str(83 * mpz(2) ** 210)], [str(-(mpz(2) ** 105)), "83"]]}}
    yield "cost-stated-with-power-of-2", er.Certificate({**whole, "relation": cost})
    # 83 + 32 = 5 * 23 and p - 32 are no powers of p.
    for p, a, b in ((83, 5, 23), (83, 3, 17), (89, 3, 19), (97, 5, 13), (101, 3, 23), (109, 7, 11)):
        cost = {"cost": {"terms": [["2", "2"], ["1", str(p * a * b * b)], [str(-b), str(p * a)]]}}
        yield f"cost-stated-{p}-with-square-of-{b}", er.Certificate({**whole, "relation": cost})
    yield "cost-stated-in-pieces", er.Certificate({**whole, "relation": {"cost": {"terms": pieces}}})


def ridgeless():
    """Members and non-members with the reason at each kind of place."""
    x, y = EXAMPLES["zeros"]
    data = Dataset.read(x, y)
    yield "membership-sparsest", build.ridgeless_membership(data, er.ridgeless_interpolants(x, y).sparsest())
    bent = [KINKS(0, 0, [(-1, 1), (0, -1)]), KINKS(0, 0, [(6, 1)]), KINKS(0, 0, [(0, 1), (8, 1)])]
    bent += [KINKS(0, 0, [(7, 1)]), KINKS(0, 0, [("7/2", "1/9"), (4, "-2/9"), ("9/2", "1/9")])]
    for i, extra in enumerate(bent):
        f = THROUGH(x, y) + extra
        yield f"non-membership-bent-{i}", build.ridgeless_non_membership(data, f)
    yield "non-membership-misses", build.ridgeless_non_membership(data, THROUGH(x, y) + KINKS(0, 0, [(5, 2)]))
    yield "non-membership-misses-first", build.ridgeless_non_membership(data, KINKS(0, 1), datum=0)
    wrong = KINKS(0, 0, [(1, 1), (2, 1), ("5/2", -1)])
    yield "non-membership-wrong-sign", build.ridgeless_non_membership(data, wrong, kink=2)
    collinear = build.ridgeless_non_membership(data, KINKS(0, 0, [(3, 1)]), kink=0)
    yield "non-membership-at-collinear-datum", collinear
    turning = Dataset.read([0, 1, 2, 3], [0, 0, -1, -1])
    inside = KINKS(0, 0, [("3/2", -1)])
    yield "non-membership-signs-differ", build.ridgeless_non_membership(turning, inside, kink=0)
    yield "non-membership-misses-below", build.ridgeless_non_membership(data, KINKS(0, -1), datum=0)


def refutations():
    def minimal(statement, x, y, label="", **more):
        result = er.min_norm_interpolant(x, y)
        dual = factory.exact_dual(result.certificate)
        return f"refutation-{statement}{label}", build.refutation(
            statement, data=Dataset.read(x, y), function=result.function, dual=dual, **more
        )

    for name in ("outer-kink", "outer-kink-left"):
        yield minimal("affine-on-outer-gaps", *EXAMPLES[name], label=f"-{name}")
        yield minimal("minimiser-is-ridgeless", *EXAMPLES[name], label=f"-{name}")
    yield minimal("at-most-n-minus-3-kinks", *EXAMPLES["outer-kink"])
    yield minimal("at-most-n-minus-3-kinks", *EXAMPLES["kink-at-datum"], label="-at-datum")
    yield minimal("at-most-n-minus-3-kinks", [0, 1, 2, 3], [0, 1, 0, 1], label="-of-4-points")
    x, y = [-3, -2, -1, 3], [-1, 0, 0, -2]
    rival = KINKS(1, 2, [("-5/3", "-3/2")])  # the lines x + 2 and -(x + 1)/2 of the outer gaps meet at -5/3
    yield minimal("sparsest-without-6-points", x, y, competitor=rival)
    for i, (x, y) in enumerate(MIDDLE_GAP_WRONG):
        yield minimal("middle-gap-criterion", x, y, label=f"-{i}")
        yield minimal("middle-gap-criterion", x, [-v for v in y], label=f"-{i}-mirrored")
    yield minimal("middle-gap-criterion", [-8, -7, -5, -3, -1, 3], [0, -3, -3, -1, 3, 27])
    yield minimal("middle-gap-criterion", [-8, -7, -5, -3, -1, 3], [0, 3, 3, 1, -3, -27], label="-concave")
    zeros = Dataset.read(*EXAMPLES["zeros"])
    few = KINKS(0, 0, [("3/2", 2), ("9/2", 2)])
    yield "refutation-zeros-continue-runs", build.refutation("zeros-continue-runs", data=zeros, function=few)
    straight = Dataset.read([0, 1, 2, 3], [1, 2, 3, 4])
    yield (
        "refutation-zeros-continue-runs-affine",
        build.refutation("zeros-continue-runs", data=straight, function=KINKS(1, 1)),
    )
    turning = Dataset.read(list(range(7)), [0, 0, 1, 3, 5, 6, 6])
    few = er.ridgeless_interpolants(turning.x, turning.y).sparsest()
    yield (
        "refutation-zeros-continue-runs-turning",
        build.refutation("zeros-continue-runs", data=turning, function=few),
    )
    shapes = [(KINKS(0, 1), (0, 1)), (KINKS(1, 4, [(2, 1)]), (4, 4)), (KINKS(0, -3), (0, -1))]
    for i, (f, v) in enumerate(shapes):
        yield (
            f"refutation-plain-euclidean-excess-{i}",
            build.refutation("plain-euclidean-excess", function=f, direction=(mpq(v[0]), mpq(v[1]))),
        )
    data = Dataset.read([0, 1, 2, 3, 4], [0, 1, 4, 9, 16])
    for label, sign in (("", 1), ("-concave", -1)):
        f = THROUGH([0, 1, "3/2", 2, "5/2", 3, 4], [0, 1, "3/2", 4, "11/2", 9, 16])
        mirrored = Dataset.read(data.x, [sign * v for v in data.y])
        yield (
            f"refutation-ridgeless-without-data-clause{label}",
            build.refutation("ridgeless-without-data-clause", data=mirrored, function=sign * f),
        )


def classifiers():
    """Classifiers of least cost, and networks that are KKT points or not."""
    sets = {
        "hat": ([-2, -1, 1, 2], [-1, 1, 1, -1]),
        "alternating": ([-2, -1, 1, 2], [1, -1, 1, -1]),
        "inside-switch": (["-100/7", "-40/7", "20/7"], [-1, 1, -1]),
        "one-class": ([0, 1], [1, 1]),
        "one-switch": ([-3, 0, 1, 5], [-1, -1, 1, 1]),
        "one-datum": ([1], [-1]),
        "centred": ([-1, 0, 1], [1, -1, 1]),
        "long": (list(range(-4, 5)), [1, 1, -1, -1, 1, -1, 1, 1, 1]),
    }
    for name, (x, labels) in sets.items():
        for penalize_bias, skip in factory.VARIANTS:
            label = f"{'penalised' if penalize_bias else 'free'}-{'skip' if skip else 'no-skip'}-{name}"
            result = er.max_margin_classifier(x, labels, penalize_bias=penalize_bias, skip=skip)
            yield f"{result.certificate.claim.replace('_', '-')}-{label}", result.certificate
            if not skip and not penalize_bias:
                continue
            network = result.network
            if not skip and name in ("alternating", "centred", "one-class"):
                yield f"kkt-{name}", factory.kkt_certificate(network, x, labels).certificate
    x, labels = sets["alternating"]
    hat = er.ShallowNetwork([1, 1], [1, -1], [3, -6])
    yield "kkt-no-point", factory.kkt_certificate(hat, x, labels).certificate
    x, labels = sets["hat"]
    tent = er.ShallowNetwork([1, 1, 1, 0], [2, 0, -2, 0], [1, -2, 1, 1], output_bias=0)
    yield "kkt-misclassified", factory.kkt_certificate(tent, x, labels).certificate
    # Both units vanish at the tight datum 0: half a subgradient each.
    vee = er.ShallowNetwork([1, -1, 0], [0, 0, 1], [1, 1, -1])
    yield "kkt-vee", factory.kkt_certificate(vee, [-2, 0, 2], [1, -1, 1]).certificate
    data = Dataset.read([-2, -1, 1, 2], [1, -1, 1, -1])
    units = [(mpq(1), mpq(1), mpq(3)), (mpq(1), mpq(-1), mpq(-6))]
    yield "kkt-margin-zero", build.kkt_refutation(data, units, datum=0)
    steep = er.ShallowNetwork([1, -1, 0], [0, 0, 1], [2, 2, -1])  # only the middle datum is tight
    yield "kkt-vectors", factory.kkt_certificate(steep, [-2, 0, 2], [1, -1, 1]).certificate
    data = Dataset.read([-2, 0, 2], [1, -1, 1])
    units = [(mpq(1), mpq(0), mpq(1)), (mpq(-1), mpq(0), mpq(1)), (mpq(0), mpq(2), mpq(-1, 2))]
    units.append((mpq(5), mpq(5), mpq(0)))  # computes 0
    half = mpq(1, 2)
    shares = {(0, 1): half, (1, 1): half}
    yield "kkt-by-hand", build.kkt_point(data, units, [half, mpq(2), half], shares)
    yield (
        "kkt-dead-unit-first",
        build.kkt_point(data, [units[3], *units[:3]], [half, mpq(2), half], {(1, 1): half, (2, 1): half}),
    )
    units += [(mpq(1), mpq(0), mpq(0)), (mpq(-1), mpq(0), mpq(0))]  # any subgradients
    shares |= {(4, 1): mpq(2), (5, 1): mpq(0)}
    yield "kkt-subgradients-0-and-1", build.kkt_point(data, units, [half, mpq(2), half], shares)


def weight_decay():
    """Networks with weight decay: every architecture, at several beta, and degenerate data."""
    golden = [0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3]
    small = [-1, 0, 2, 3], [1, 0, "1/2", -1]
    leaky = {"activation": "leaky_relu", "slope": "1/3"}
    line = {"activation": "leaky_relu", "slope": 1}
    for name, data, beta, options in (
        ("relu-2", golden, "1/2", {}),
        ("relu-2-limit", golden, 0, {}),
        ("relu-3", golden, "1/2", {"layers": 3}),
        ("relu-3-limit", golden, 0, {"layers": 3}),
        ("relu-4", small, "1/10", {"layers": 4}),
        ("relu-constant", golden, 28, {}),
        ("relu-one-point", ([2], [3]), "1/2", {}),
        ("relu-flat", ([0, 1, 2], [5, 5, 5]), 1, {"layers": 3}),
        ("leaky", small, "1/5", leaky),
        ("least-squares", small, 0, line),
        ("abs-2", small, "1/5", {"activation": "abs"}),
        ("abs-3", ([0, 1, 3, 4], [0, 2, 1, "1/2"]), "1/5", {"activation": "abs", "layers": 3}),
        ("threshold", small, "1/5", {"activation": "threshold"}),
        ("sign-2", small, "1/5", {"activation": "sign"}),
        ("sign-3", small, "1/5", {"activation": "sign", "layers": 3, "widths": [2]}),
        ("sign-tree", small, 0, {"activation": "sign", "layers": 4, "shape": "tree", "widths": [2, 2]}),
    ):
        yield f"lasso-{name}", er.lasso.solve(*data, beta=beta, **options).certificate
    kind = {"activation": "relu", "layers": 99}
    constant = {"beta": mpq(1), "units": [], "bias": mpq(1), "dual": [mpq(0), mpq(0)]}
    yield "lasso-relu-99", build.lasso(Dataset.read([0, 1], [1, 1]), kind, **constant)


SIZES = ("parameters", "groups", "group_size")
SMALL_NETWORKS = [  # width, depth, parameters, groups
    (5, 8, 226, 500), (5, 15, 436, 500), (12, 8, 1129, 2000), (1, 1, 4, 5), (1, 1, 1, 2), (2, 3, 21, 40),
    (3, 1, 7, 20),
]  # fmt: skip


def counting():
    """Networks that are too small to fit all labels: at the least size of groups for which this follows."""
    for width, depth, parameters, groups in SMALL_NETWORKS:
        sizes = {"width": width, "depth": depth, "parameters": parameters, "groups": groups}
        low, high = 1, 2**1000
        while high - low > 1:
            middle = (low + high) // 2
            excluded = er.memorization.lower_bound(**sizes, group_size=middle).impossible
            low, high = (low, middle) if excluded else (middle, high)
        yield f"impossibility-{width}-{depth}-{groups}", build.impossibility(**sizes, group_size=high)


def critical():
    """The largest beta at which a constant is not optimal, or nearly so: the largest product is 1 exactly."""
    rng = Random(1)
    for name, options in {
        "relu-2": {},
        "relu-3": {"layers": 3},
        "leaky-third": {"activation": "leaky_relu", "slope": "1/3"},
        "leaky-falling": {"activation": "leaky_relu", "slope": "-1/2"},
        "leaky-steep": {"activation": "leaky_relu", "slope": 2},
        "abs-2": {"activation": "abs"},
        "abs-3": {"activation": "abs", "layers": 3},
        "threshold": {"activation": "threshold"},
        "sign-2": {"activation": "sign"},
        "sign-3": {"activation": "sign", "layers": 3, "widths": [2]},
        "sign-3-wide": {"activation": "sign", "layers": 3, "widths": [3]},
    }.items():
        for k in range(6):
            x = sorted(rng.sample(range(-8, 9), 6))
            y = [rng.randint(-4, 4) for _ in range(5)]
            y.append(-sum(y))
            beta = er.lasso.path(x, y, **options).beta_max
            yield f"lasso-critical-{name}-{k}", er.lasso.solve(x, y, beta=beta, **options).certificate

    # Here the largest product is only at midpoints of two data, and only at data.
    options = {"activation": "abs", "layers": 3}
    for label, sets in (("midpoint", BEST_AT_MIDPOINTS), ("datum", BEST_AT_DATA)):
        for k, (x, y) in enumerate(sets):
            beta = er.lasso.path(x, y, **options).beta_max
            yield f"lasso-critical-{label}-{k}", er.lasso.solve(x, y, beta=beta, **options).certificate


BEST_AT_DATA = [
    ([-7, -1, 1, 2, 6], [-3, 1, 4, 0, -2]),
    ([-8, -6, -1, 3], [-1, 3, -4, 2]),
    ([-6, -4, -2, 1, 3], [-1, -3, 1, 4, -1]),
    ([-7, -1, 2, 5, 7], [1, -3, -3, 1, 4]),
]
BEST_AT_MIDPOINTS = [
    ([-8, -4, -2, 4], [1, -2, 3, -2]),
    ([-7, -6, -5, -3, -1, 4], [-2, -2, 3, 2, -4, 3]),
    ([0, 4, 5, 6, 7], [2, -4, 4, 0, -2]),
    ([-3, -1, 0, 7, 8], [1, -2, 2, 4, -5]),
    ([-4, -3, -2, 0, 4, 8], [-3, 4, -2, 2, 4, -5]),
    ([-8, -6, -5, -1, 0, 2], [-4, 1, 1, 3, -2, 1]),
]
MIDDLE_GAP_WRONG = [
    ([-2, 1, 3, 5, 6, 7], [0, -12, -12, -10, -8, 0]),
    ([-2, 2, 4, 6, 7, 8], [0, -16, -16, -8, -3, 5]),
    ([-2, 1, 3, 6, 7, 8], [0, -3, 1, 13, 20, 28]),
    ([-2, 1, 3, 6, 7, 8], [0, -12, -10, 2, 9, 17]),
]
MIDDLE_GAP_RIGHT = [
    ([-4, 0, 1, 3, 4, 5], [0, -16, -18, -20, -14, -6]),
    ([-3, -1, 1, 2, 3, 8], [0, 8, 10, 8, 3, -32]),
    ([-3, -2, 0, 2, 5, 7], [0, -2, 4, 14, 35, 51]),
    ([-4, -2, -1, 4, 6, 8], [0, 2, 2, -3, -11, -23]),
    ([-2, 1, 3, 6, 7, 8], [0, 6, 12, 24, 30, 38]),
    ([-2, 1, 3, 6, 7, 8], [0, -9, -13, -16, -13, -7]),
]


def built_wrong(right):
    """Wrong certificates that are not a correct one with a few entries changed."""
    mirrored = [(x, [-v for v in y]) for x, y in MIDDLE_GAP_RIGHT]
    for i, (x, y) in enumerate(MIDDLE_GAP_RIGHT + mirrored):
        result = er.min_norm_interpolant(x, y)
        dual = factory.exact_dual(result.certificate)
        data = Dataset.read(x, y)
        same = build.refutation("middle-gap-criterion", data=data, function=result.function, dual=dual)
        yield f"criterion-right-{i}", same, "the criterion is right on this instance at problem"
    runs = {"11": 1, "1110": 2, "1-": 2, "11-": 2, "-0-11": 3, "0-": 1, "1-1": 3}
    for curvatures, kinks in runs.items():
        slopes, y = [mpq(0)], [mpq(0), mpq(0)]
        for c in curvatures:
            slopes.append(slopes[-1] + {"1": 1, "0": 0, "-": -1}[c])
            y.append(y[-1] + slopes[-1])
        data = Dataset.read(list(range(len(y))), y)
        f = er.ridgeless_interpolants(data.x, data.y).sparsest()
        assert len(f.kinks) == kinks
        count = f"the count is {kinks}, the function has no fewer kinks at primal.function.kinks"
        counted = build.refutation("zeros-continue-runs", data=data, function=f)
        yield f"count-right-{curvatures}", counted, count
    for example in ("example-1", "example-2", "squares", "signs", "zeros"):
        few = er.min_norm_interpolant(*EXAMPLES[example])
        f = few.function
        evidence = {"data": few.data, "function": f, "dual": factory.exact_dual(few.certificate)}
        for name in ("at-most-n-minus-3-kinks", "affine-on-outer-gaps", "minimiser-is-ridgeless"):
            if name == "minimiser-is-ridgeless" and f not in er.ridgeless_interpolants(*EXAMPLES[example]):
                continue
            true = build.refutation(name, **evidence)
            yield f"{name}-{example}", true, "the statement is true of this instance at primal.function"
        six = build.refutation("middle-gap-criterion", **evidence)
        line = "the statement is about 6 points with curvatures of one sign at problem"
        yield f"criterion-{example}", six, line
        dots = THROUGH(few.data.x, few.data.y)
        if len(dots.kinks) > len(f.kinks) and example in ("example-1", "signs"):
            rival = build.refutation("sparsest-without-6-points", competitor=dots, **evidence)
            line = "the competitor does not have fewer kinks at primal.competitor.kinks"
            yield f"competitor-with-more-kinks-{example}", rival, line
    late = er.min_norm_interpolant(range(9), [0, 1, 0, 1, 0, 0, 1, 3, 6])
    evidence = {"data": late.data, "function": late.function, "dual": factory.exact_dual(late.certificate)}
    rival = build.refutation("sparsest-without-6-points", competitor=KINKS(0, 0), **evidence)
    yield "sparsest-late-run", rival, "4 neighbouring curvatures have one sign at problem.x[4]"
    data = Dataset.read([0, 1, 2, 3], [0, 0, 1, 3])
    counted = build.refutation("zeros-continue-runs", data=data, function=THROUGH(data.x, data.y))
    line = "the count is 1, the function has no fewer kinks at primal.function.kinks"
    yield "count-right-more-kinks", counted, line
    # One kink inside a gap: beyond the chord on its left or right, or where the curvatures differ in sign.
    for side, y, t, value in (
        ("left", [0, 1, 4, 9, 16], "5/4", "6/5"),
        ("right", [0, 1, 4, 9, 16], "7/4", "27/10"),
        ("left-of-6", [0, 1, 4, 9, 16, 25], "9/4", "47/10"),
        ("left-of-7", [0, 1, 4, 9, 16, 25, 36], "13/4", "51/5"),
        ("right-of-6", [0, 1, 4, 9, 16, 25], "11/4", "36/5"),
        ("turning", [0, 0, 1, 1, 2], "3/2", "5/4"),
        ("turning-back", [0, 0, -1, -1, -2], "3/2", "-5/4"),
        ("turning-up", [0, 1, 1, 2, 3], "3/2", "3/2"),
        ("turning-down", [0, -1, -1, -2, -3], "3/2", "-3/2"),
    ):
        data = Dataset.read(list(range(len(y))), y)
        bent = THROUGH(*zip(*sorted([*zip(data.x, data.y, strict=True), (mpq(t), mpq(value))]), strict=True))
        beyond = build.refutation("ridgeless-without-data-clause", data=data, function=bent)
        k = [kink[0] for kink in bent.kinks].index(mpq(t))
        line = f"the conditions exclude this kink at primal.function.kinks[{k}]"
        yield f"clause-{side}-chord", beyond, line
    for n in (4, 5, 6):
        data = Dataset.read(list(range(n)), [i * i for i in range(n)])
        last = THROUGH(data.x, data.y) + KINKS(0, 0, [(n - 1, 1)])
        line = f"the conditions exclude this kink at primal.function.kinks[{n - 2}]"
        beyond = build.refutation("ridgeless-without-data-clause", data=data, function=last)
        yield f"clause-last-datum-of-{n}", beyond, line
    data = Dataset.read(list(range(5)), [0, 0, -1, -1, 0])
    bent = {"penalize_bias": False, "skip": True, "dual": {"g": [mpq(v) for v in (0, -1, 1, 1, 0)]}}
    yield (
        "unique-free-third-gap",
        build.uniqueness(data, THROUGH(data.x, data.y), **bent),
        "the dual touches its bound on a whole gap at dual.g[2], dual.g[3]",
    )
    # Not excluded, but only by the fraction of 2e|X|(L+1)Q/P.
    for sizes in ((11, 18, 2), (13, 18, 3), (14, 19, 3), (17, 20, 7)):
        barely = build.impossibility(width=1, depth=1, **dict(zip(SIZES, sizes, strict=True)))
        yield f"counting-fraction-{sizes[0]}", barely, "counting does not exclude it at problem"
    for name, document in right.items():
        if name.startswith("impossibility-"):
            size = {"group_size": str(int(document["problem"]["group_size"]) - 1)}
            smaller = er.Certificate({**document, "problem": document["problem"] | size})
            yield f"{name}-smaller", smaller, "counting does not exclude it at problem"
        if name.startswith("lasso-"):
            scaled = [str(mpq(v) * (1 + mpq(1, 10**30))) for v in document["dual"]["w"]]
            tight = document["primal"]["units"] or name.startswith("lasso-critical-")
            if any(mpq(v) for v in scaled) and tight:
                wrong_dual = er.Certificate({**document, "dual": {"w": scaled}})
                yield f"{name}-scaled", wrong_dual, "a sub-network has a larger product than 1 at dual.w"
    # A sum below 0 by less than two units of the first enclosure; and above.
    unit = mpq(1, 2**64)
    y = [mpq(0), mpq(6, 10) * unit, mpq(18, 10) * unit]
    data = Dataset.read([-1, 0, 1], y)
    lower = mpq(6, 10) * unit + unit / 10**6
    yield (
        "lower-barely-64",
        build.optimality_bounds(
            data,
            THROUGH(data.x, y),
            skip=True,
            lower=lower,
            upper=mpq(1),
            dual={"g": [mpq(0), mpq(1), mpq(0)]},
        ),
        "the dual value is below the stated bound at relation.lower",
    )
    f = KINKS(0, 0, [("3/4", mpq(48, 100) * unit), ("4/3", mpq(36, 100) * unit)])
    yield (
        "upper-barely-64",
        build.optimality_bounds(
            Dataset.read([0], [0]), f, skip=True, lower=mpq(0), upper=mpq(11, 10) * unit, dual={"g": [mpq(0)]}
        ),
        "the cost of the function is above the stated bound at relation.upper",
    )


def others():
    """Duals that no solver emits."""
    data = Dataset.read([0, 1], [0, 2])
    ramp = KINKS(0, 0, [(0, 2)])
    yield (
        "free-no-skip-kinks-outside",
        build.optimality(
            data,
            KINKS(1, -3, [(-3, 1), (5, -1)]),
            penalize_bias=False,
            skip=False,
            dual={"g": [mpq(1), mpq(0)]},
        ),
    )
    yield (
        "free-no-skip-multipliers",
        build.optimality(
            data, ramp, penalize_bias=False, skip=False, dual={"nu": [mpq(-1), mpq(1)]}, cost=mpq(2)
        ),
    )
    down = Dataset.read([0, 1], [0, -2])
    yield (
        "free-no-skip-falling",
        build.optimality(
            down, KINKS(0, 0, [(0, -2)]), penalize_bias=False, skip=False, dual={"nu": [mpq(1), mpq(-1)]}
        ),
    )
    bend = Dataset.read([0, 1, 2], [0, 0, 1])
    f = KINKS(0, 0, [(1, 1)])
    for m in (mpq(0), mpq(1, 3), mpq(1)):
        yield (
            f"free-no-skip-boundary-{m.numerator}-{m.denominator}",
            build.optimality(bend, f, penalize_bias=False, skip=False, dual={"g": [m, mpq(1), mpq(0)]}),
        )
    yield (
        "free-no-skip-unique-boundary",
        build.uniqueness(bend, f, penalize_bias=False, skip=False, dual={"g": [mpq(1, 3), mpq(1), mpq(0)]}),
    )
    flat = Dataset.read([0, 1, 2, 4], [0, 1, 2, 4])
    yield (
        "free-skip-slack-dual",
        build.uniqueness(
            flat, KINKS(1, 0), penalize_bias=False, skip=True, dual={"g": [mpq(0), mpq(1), mpq(-1), mpq(0)]}
        ),
    )
    slack = ["0", "1", "-3", "0"]
    yield (
        "penalised-skip-slack-dual",
        build.uniqueness(
            flat, KINKS(1, 0), penalize_bias=True, skip=True, dual={"signed_squares": list(map(mpq, slack))}
        ),
    )
    touching = Dataset.read([-2, 1, 3], [0, 0, 0])  # g touches inside the first gap although nothing bends
    squares = {"signed_squares": [mpq(0), mpq(9, 5), mpq(0)]}
    yield (
        "penalised-skip-touch-without-kink",
        build.uniqueness(touching, KINKS(0, 0), penalize_bias=True, skip=True, dual=squares),
    )
    huge = mpq(10**5000 + 1, 3**4000)
    yield "long-numbers", build.interpolation(Dataset.read([huge, 2 * huge], [0, huge]), KINKS(1, -huge))
    close = Dataset.read([0], [0])
    for digits in (1, 25, 60, 200):
        upper = mpq(int(er.sqrt(2).enclosure(1000).lower * 10**digits) + 1, 10**digits)
        yield (
            f"bounds-close-{digits}",
            build.optimality_bounds(
                close, KINKS(0, 0, [(1, 1)]), skip=True, lower=mpq(0), upper=upper, dual={"g": [mpq(0)]}
            ),
        )
    constant = Dataset.read([0], [1])
    yield (
        "bounds-no-skip-constant",
        build.optimality_bounds(
            constant, KINKS(0, 1), skip=False, lower=mpq(1), upper=mpq(1), dual={"nu": [mpq(1)]}
        ),
    )
    yield (
        "bounds-no-skip-bent",
        build.optimality_bounds(
            constant,
            KINKS(0, 0, [(-1, 1)]),
            skip=False,
            lower=mpq(-1),
            upper=mpq(3, 2),
            dual={"nu": [mpq(-1)]},
        ),
    )
    for x in (mpq(4, 3), mpq(-4, 3)):  # the dual touches sqrt(1+t^2) on a ray, at -1/x
        right = KINKS(0, 0, [(-1 / x, "4/5")])
        yield f"bounds-no-skip-touch-{'left' if x > 0 else 'right'}", build.optimality_bounds(
            Dataset.read([x], ["5/3"]), right if x > 0 else right - KINKS("4/5", "-3/5"),
            skip=False, lower=mpq(1), upper=mpq(1), dual={"nu": [mpq(3, 5)]},
        )  # fmt: skip
    yield (
        "uniqueness-penalised-no-skip-zero",
        build.uniqueness(
            Dataset.read([3], [0]),
            KINKS(0, 0),
            penalize_bias=True,
            skip=False,
            dual={"signed_squares": [mpq(0)]},
        ),
    )
    yield "classification-bounds-multiplier-zero", build.classification_bounds(
        Dataset.read([0, 1], [-1, 1]), KINKS(2, -1), support=[0, 1], lower=mpq(1, 2), upper=mpq(9),
        nu=[mpq(0), mpq(1, 2)],
    )  # fmt: skip
    yield "bounds-no-skip-two", build.optimality_bounds(
        Dataset.read([-1, 1], [1, 1]), KINKS(0, 1), skip=False, lower=mpq(1), upper=mpq(1),
        dual={"nu": [mpq(1, 2), mpq(1, 2)]},
    )  # fmt: skip
    yield "bounds-equal", build.optimality_bounds(
        Dataset.read([-1, 0, 1], [1, 0, 1]), KINKS(-1, 0, [(0, 2)]), skip=True, lower=mpq(2), upper=mpq(2),
        dual={"g": [mpq(0), mpq(1), mpq(0)]},
    )  # fmt: skip


def edited(document, edits):
    """The document with entries replaced at dotted paths, or removed."""
    document = json.loads(json.dumps(document))
    for path, value in edits.items():
        *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
        holder = document
        for step in steps:
            holder = holder[step]
        if value is ...:
            del holder[last]
        else:
            holder[last] = value
    return document


def incorrect(documents):
    """Name, document or text, and what must be reported."""
    for prefix, code, cases in (("malformed certificate: ", 2, wrong.MALFORMED), ("", 1, wrong.REJECTED)):
        for name, base, edits, line in cases:
            content = edits[""] if base is None else edited(documents[base], edits)
            yield name, content, {"code": code, "line": f"rejected: {prefix}{line}"}
    for name, certificate, line in built_wrong(documents):
        yield name, certificate.to_json(), {"code": 1, "line": f"rejected: {line}"}
    for k, case in enumerate(FOUND):
        if case["code"]:
            yield f"found-{k}", case["document"], {"code": case["code"], "line": case["line"]}


def write(folder, documents, lines):
    target = HERE / folder
    target.mkdir(exist_ok=True)
    for old in target.glob("*"):
        old.unlink()
    for name, content in documents.items():
        text = content if isinstance(content, str) else json.dumps(content) + "\n"
        (target / f"{name}.json").write_text(text, encoding="utf-8")
    (target / "index.json").write_text(json.dumps(lines, indent=0, sort_keys=True) + "\n")


def main():
    right, wrongs, lines, complaints = {}, {}, {}, 0
    for name, certificate in correct():
        assert name not in right, name
        right[name] = certificate.to_json()
        code, line = checker.judge(right[name])
        lines[name] = {"code": 0, "line": line}
        if code:
            complaints += 1
            print(f"not accepted: {name}: {line}")
    expected = {}
    for name, content, verdict in incorrect(right):
        assert name not in wrongs, name
        wrongs[name], expected[name] = content, verdict
        if isinstance(content, dict):
            got = checker.judge(content)
            if got != (verdict["code"], verdict["line"]):
                complaints += 1
                print(f"{name}:\n  wanted {verdict['code']} {verdict['line']}\n  got    {got[0]} {got[1]}")
    print(len(right), "correct", len(wrongs), "incorrect", complaints, "complaints")
    if not complaints:
        write("correct", right, lines)
        write("incorrect", wrongs, expected)


if __name__ == "__main__":
    main()
