"""The benchmark table as Markdown: ``python -m tests.benchmarks.table [GROUP ...]``.

One run, one process, one thread; processor time.  The first row of a task is ours, and the ratios are to it.
The last column is the relative error of the answer, against the exact one.
"""

import math
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import sympy
from gmpy2 import mpq
from scipy.optimize import linprog
from sklearn.linear_model import lars_path
from threadpoolctl import threadpool_limits

import exactrelu as er
from exactrelu.arithmetic import RadicalSum
from exactrelu.interpolation.float_penalized import solve as float_penalized
from tests.benchmarks.measure import HAS_CVXPY, Row, error, markdown, rows
from tests.peers import lasso_matrix, penalized_skip_clarabel, penalized_skip_cvxpy, penalized_skip_grid

EXACT = "0"
Method = tuple[str, Callable[[], Any], Callable[[Any], str]]


def random_data(n: int) -> tuple[Any, Any]:
    """``n`` points of a grid of quarters with noise, as float64."""
    rng = np.random.default_rng(n)
    return np.sort(rng.choice(np.arange(8 * n), n, replace=False)) / 4.0, rng.integers(-50, 50, n) / 2.0


def penalized() -> Iterator[Row]:
    """Minimal-norm interpolants with penalised biases."""
    for n in (3_200, 100_000):
        x, y = random_data(n)
        exact = er.min_norm_interpolant(x, y).cost.enclosure(200).midpoint
        yield from rows(f"penalised biases, random, n = {n:,}", _penalized(x, y, exact))
    x = np.linspace(0, 10, 5_000)
    y = np.sin(x)
    exact = er.min_norm_interpolant(x, y, tolerance="1e-45").cost.midpoint
    within = lambda s: "below 1e-30, certified"  # noqa: E731
    yield from rows(
        "penalised biases, `sin` on a grid, n = 5,000",
        [
            ("tolerance 1e-30", lambda: er.min_norm_interpolant(x, y, tolerance="1e-30"), within),
            *_penalized(x, y, exact)[3:],
        ],
    )


def _penalized(x: Any, y: Any, exact: mpq) -> list[Method]:
    def off(value: Any) -> str:
        return error(value, exact)

    return [
        ("exact", lambda: er.min_norm_interpolant(x, y), lambda s: EXACT),
        ("exact, and the cost to 16 digits", lambda: float(er.min_norm_interpolant(x, y).cost), off),
        (
            "exact, certificate built and checked",
            lambda: _certified(er.min_norm_interpolant(x, y).certificate),
            lambda accepted: f"{EXACT}, {'accepted' if accepted else '**rejected**'}",
        ),
        ("float path", lambda: float_penalized(x, y)[3], off),
        ("Clarabel, set up directly", lambda: penalized_skip_clarabel(x, y), off),
        *([("CVXPY with Clarabel", lambda: penalized_skip_cvxpy(x, y), off)] if HAS_CVXPY else []),
        ("grid program, 100 slopes", lambda: penalized_skip_grid(x, y), off),
    ]


def free() -> Iterator[Row]:
    """Free biases."""
    n = 300
    rng = np.random.default_rng(n)
    x, y = np.cumsum(rng.exponential(size=n)), rng.normal(size=n)
    exact = er.min_norm_interpolant(x, y, penalize_bias=False).cost

    def program() -> float:
        """A neuron at every datum."""
        ramps = np.maximum(x[:, None] - x, 0)
        A = np.hstack([ramps, -ramps, np.ones((n, 1)), x[:, None]])
        cost = np.concatenate([np.ones(2 * n), [0.0, 0.0]])
        bounds = [(0, None)] * (2 * n) + [(None, None)] * 2
        return float(linprog(cost, A_eq=A, b_eq=y, bounds=bounds).fun)

    yield from rows(
        f"free biases, random, n = {n}",
        [
            ("exact", lambda: er.min_norm_interpolant(x, y, penalize_bias=False), lambda s: EXACT),
            ("HiGHS, a neuron at every datum", program, lambda v: error(v, exact)),
        ],
    )
    n = 10_000
    u, v = np.cumsum(rng.exponential(size=n)), rng.normal(size=n)
    exact_sum = er.min_norm_interpolant(u, v, penalize_bias=False).cost

    def total(kind: Callable[[Any], Any]) -> Any:
        a, b = [kind(t) for t in u.tolist()], [kind(t) for t in v.tolist()]
        slopes = [(b[i + 1] - b[i]) / (a[i + 1] - a[i]) for i in range(n - 1)]
        return sum((abs(slopes[i + 1] - slopes[i]) for i in range(n - 2)), kind(0))

    def as_mpq(value: Any) -> str:
        return error(mpq(int(value.numerator), int(value.denominator)), exact_sum)

    yield from rows(
        f"free biases, the minimal cost of {n:,} float64 points",
        [
            (
                "exact, with the interpolant",
                lambda: er.min_norm_interpolant(u, v, penalize_bias=False).cost,
                lambda s: EXACT,
            ),
            ("floats, by hand", lambda: total(float), lambda value: error(value, exact_sum)),
            ("`Fraction`, by hand", lambda: total(Fraction), as_mpq),
        ],
    )
    k = 1_000
    u, v, n = u[:k], v[:k], k
    exact_sum = er.min_norm_interpolant(u, v, penalize_bias=False).cost
    yield from rows(
        f"free biases, the minimal cost of {n:,} float64 points",
        [
            (
                "exact, with the interpolant",
                lambda: er.min_norm_interpolant(u, v, penalize_bias=False).cost,
                lambda s: EXACT,
            ),
            ("`Fraction`, by hand", lambda: total(Fraction), as_mpq),
            ("sympy, by hand", lambda: total(sympy.Rational), as_mpq),
        ],
    )


def lasso_data(n: int) -> tuple[list[int], list[int]]:
    """Integers: ``n`` distinct points below 10 n, and noise."""
    rng = np.random.default_rng(n)
    x = np.sort(rng.choice(10 * n, size=n, replace=False))
    return x.tolist(), rng.integers(-50, 51, size=n).tolist()


def lasso() -> Iterator[Row]:
    """Regularisation paths."""
    from tests.benchmarks.test_lasso import textbook

    for n, layers in ((20, 2), (100, 2), (300, 2), (16, 3), (64, 3)):
        x, y = lasso_data(n)
        path = er.lasso.path(x, y, layers=layers)
        A = lasso_matrix(path.dictionary)
        centred, target = A - A.mean(axis=0), np.array(y, dtype=float) - np.mean(y)

        def lars(A: Any = centred, y: Any = target) -> tuple[Any, Any]:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                alphas, _, z = lars_path(A, y, method="lasso")
            return len(y) * alphas, z

        def excess(found: tuple[Any, Any], A: Any = centred, y: Any = target, path: Any = path) -> str:
            """The largest relative excess of its objective at its own breakpoints, and where it stops."""
            worst = 0.0
            for beta, z in zip(found[0], found[1].T, strict=True):
                r = y - A @ z
                exact = path.at(float(beta)).objective
                value = mpq(float(r @ r)) / 2 + mpq(float(beta)) * mpq(float(np.abs(z).sum()))
                worst = max(worst, float((value - exact) / exact) if exact > 1e-9 * float(y @ y) else 0.0)
            gone = float(found[0][-1] / path.beta_max)
            off = f"**diverges**, {worst:.0e}" if worst >= 1 else f"{worst:.0e}"
            return f"{off}; {len(found[0])} breakpoints, ends at {gone:.0e} β_max"

        methods: list[Method] = [
            (
                "exact, whole path",
                lambda x=x, y=y, layers=layers: er.lasso.path(x, y, layers=layers),
                lambda p: f"{EXACT}; {len(p)} breakpoints",
            ),
            ("scikit-learn `lars_path`", lars, excess),
        ]
        if n == 20:
            d = path.dictionary
            columns = [[Fraction(int(v)) for v in d.column(j)] for j in d.distinct]
            values = [Fraction(v) for v in y]
            methods.append(
                (
                    "textbook homotopy in `Fraction`",
                    lambda c=columns, v=values: textbook(c, v, 1e9),
                    lambda found, path=path: f"{_most(found, path)}; {len(found)} breakpoints",
                )
            )
        if (n, layers) == (64, 3):
            methods.append(
                (
                    "exact, and a certificate of each breakpoint checked",
                    lambda x=x, y=y: [
                        _certified(s.certificate) for s in er.lasso.path(x, y, layers=3).solutions
                    ],
                    lambda accepted: f"{EXACT}, {sum(accepted)} of {len(accepted)} accepted",
                )
            )
        yield from rows(f"Lasso path, {layers} layers, n = {n}", methods)
    yield from rows("Lasso at β = β_max/50, 3 layers, n = 48", list(_one_beta(48)))


def _most(found: list[tuple[Fraction, Fraction]], path: Any) -> str:
    """The largest relative error of the norms of a path, and where the first is."""
    pairs = [(beta, mpq(norm), path.at(mpq(beta)).norm) for beta, norm in found]
    wrong = [(beta, abs(a - b) / b) for beta, a, b in pairs if a != b]
    if not wrong:
        return "0"
    first = float(wrong[0][0] / path.beta_max)
    return f"{float(max(e for _, e in wrong)):.0e} from {first:.0e} β_max on, after a tie"


def _certified(certificate: Any) -> bool:
    return er.check(certificate).accepted


def _one_beta(n: int) -> Iterator[Method]:
    import clarabel
    from scipy import sparse

    x, y = lasso_data(n)
    path = er.lasso.path(x, y, layers=3)
    beta = path.beta_max / 50
    exact = path.at(beta).objective
    A = lasso_matrix(path.dictionary)
    target = np.array(y, dtype=float)
    p = A.shape[1]

    def off(value: Any) -> str:
        return error(value, exact)

    def with_cvxpy() -> float:
        import cvxpy

        z, shift = cvxpy.Variable(p), cvxpy.Variable()
        loss = cvxpy.sum_squares(A @ z + shift - target) / 2 + float(beta) * cvxpy.norm1(z)
        return float(cvxpy.Problem(cvxpy.Minimize(loss)).solve(solver=cvxpy.CLARABEL))

    def with_clarabel() -> float:
        """``½|r|² + β Σ(z⁺ + z⁻)`` with ``r = A(z⁺ - z⁻) + ξ - y``."""
        settings = clarabel.DefaultSettings()
        settings.verbose = False
        settings.tol_gap_rel = settings.tol_gap_abs = settings.tol_feas = 1e-10
        size = n + 2 * p + 1
        square = sparse.diags([1.0] * n + [0.0] * (2 * p + 1), format="csc")
        cost = np.r_[np.zeros(n), np.full(2 * p, float(beta)), 0.0]
        equal = sparse.hstack([-sparse.eye(n), sparse.csc_matrix(A), sparse.csc_matrix(-A), np.ones((n, 1))])
        signs = sparse.hstack([sparse.csc_matrix((2 * p, n)), -sparse.eye(2 * p), np.zeros((2 * p, 1))])
        cones = [clarabel.ZeroConeT(n), clarabel.NonnegativeConeT(2 * p)]
        right = np.r_[target, np.zeros(2 * p)]
        rows_ = sparse.csc_matrix(sparse.vstack([equal, signs]))
        assert rows_.shape == (n + 2 * p, size)
        found = clarabel.DefaultSolver(sparse.csc_matrix(square), cost, rows_, right, cones, settings).solve()
        return float(found.obj_val)

    yield "exact", lambda: er.lasso.solve(x, y, beta=beta, layers=3).objective, lambda v: EXACT
    yield "Clarabel, set up directly", with_clarabel, off
    if HAS_CVXPY:
        yield "CVXPY with Clarabel", with_cvxpy, off


def roots() -> Iterator[Row]:
    """Signs of sums of square roots."""
    return roots_of(100_000)


def roots_of(m: int) -> Iterator[Row]:
    """Signs of sums of so many square roots."""
    rng = random.Random(2)

    def terms(m: int) -> list[tuple[mpq, mpq]]:
        return [
            (mpq(rng.randint(-(2**15), 2**15) or 1, rng.randint(1, 2**16)), mpq(rng.randint(1, 10**12)))
            for _ in range(m)
        ]

    def by_arb(t: list[tuple[mpq, mpq]], bits: int = 128) -> int | None:
        with flint.ctx.workprec(bits):
            total = flint.arb(0)
            for q, d in t:
                total += flint.fmpq(int(q.numerator), int(q.denominator)) * flint.arb(int(d)).sqrt()
        return 1 if total > 0 else -1 if total < 0 else None

    def by_mpmath(t: list[tuple[mpq, mpq]], bits: int = 128) -> int:
        with mpmath.workprec(bits):
            total = mpmath.mpf(0)
            for q, d in t:
                total += mpmath.mpf(int(q.numerator)) / int(q.denominator) * mpmath.sqrt(int(d))
            return int(mpmath.sign(total))

    def by_sympy(t: list[tuple[mpq, mpq]]) -> int:
        from sympy.core.cache import clear_cache

        clear_cache()
        number = sympy.Rational
        added = (number(int(q.numerator), int(q.denominator)) * sympy.sqrt(int(d)) for q, d in t)
        return int(sympy.sign(sympy.Add(*added)))

    def by_floats(t: list[tuple[mpq, mpq]]) -> int:
        total = math.fsum(float(q) * math.sqrt(d) for q, d in t)
        return (total > 0) - (total < 0)

    def judged(sign: int) -> Callable[[Any], str]:
        return lambda v: "undecided" if v is None else "right" if v == sign else "**wrong sign**"

    def task(name: str, t: list[tuple[mpq, mpq]], sign: int, with_sympy: bool = False) -> Iterator[Row]:
        methods: list[Method] = [
            ("exact", lambda: RadicalSum._make(t).sign(), lambda v: f"{'right' if v == sign else v}, proved"),
            ("arb, 128 bits", lambda: by_arb(t), judged(sign)),
            ("mpmath, 128 bits, not rigorous", lambda: by_mpmath(t), judged(sign)),
            ("floats with `fsum`", lambda: by_floats(t), judged(sign)),
        ]
        if with_sympy:
            methods.append(("sympy", lambda: by_sympy(t), judged(sign)))
        yield from rows(name, methods)

    few, many = terms(100), terms(m)
    yield from task("sign of 100 roots", few, RadicalSum._make(few).sign(), with_sympy=True)
    yield from task(f"sign of {m:,} roots", many, RadicalSum._make(many).sign())
    other = [(-q / k, d * k * k) for k, (q, d) in enumerate(many, 2)]
    rng.shuffle(other)
    for bits in (60, 250):
        value = RadicalSum._make(many).enclosure(bits)
        t = [*many, (-value.lower, mpq(1))]
        yield from task(f"{m:,} roots less their sum to {bits} bits", t, 1)
    zero = [*many, *other]
    yield from task(f"{2 * m:,} roots that cancel, with other radicands", zero, 0)


GROUPS: dict[str, Callable[[], Iterator[Row]]] = {
    "penalized": penalized,
    "free": free,
    "lasso": lasso,
    "roots": roots,
}


def main(names: list[str]) -> int:
    """Print the table of these groups, or of all."""
    unknown = set(names) - set(GROUPS)
    if unknown:
        print(f"no group {', '.join(sorted(unknown))}; there are {', '.join(GROUPS)}", file=sys.stderr)
        return 2
    with threadpool_limits(1):
        found = [row for name in names or GROUPS for row in GROUPS[name]()]
    print(markdown(found))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
