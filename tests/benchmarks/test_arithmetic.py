"""The arithmetic beside Fraction, sympy, mpmath, FLINT, SciPy: ratios within one run, never a time.

Every peer does the same task on the same input, and its answer is compared with ours in the same test; the
largest relative error it made is recorded as ``error`` (0: exact).  A group holds one task.  sympy keeps the
results of earlier calls; its cache is emptied before each round.
"""

import math
import random
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import flint
import mpmath
import numpy as np
import pytest
import sympy
from gmpy2 import mpq
from pytest_benchmark.fixture import BenchmarkFixture
from scipy.optimize import linprog
from sympy.core.cache import clear_cache

from exactrelu.arithmetic import RadicalSum, parse_rational, rationals, sqrt
from exactrelu.arithmetic.linear import solve
from exactrelu.arithmetic.lp import maximize

RNG = random.Random(2)


def number(bits: int = 32) -> tuple[int, int]:
    return RNG.getrandbits(bits) - (1 << (bits - 1)), RNG.getrandbits(bits) + 1


def run(benchmark: BenchmarkFixture, function: Callable[..., Any], *args: Any) -> Any:
    """Measure it; sympy from an empty cache, whoever else takes part."""
    return benchmark.pedantic(
        function, setup=lambda: (clear_cache(), (args, {}))[1], rounds=15, warmup_rounds=1, iterations=1
    )


def relative_error(value: Any, exact: Any) -> float:
    """|value − exact| / |exact| for a value that `mpq` reads, 0.0 for an exact one."""
    return float(abs((mpq(value) - exact) / (exact if exact else 1)))


# -- reading and adding rationals -----------------------------------------------------------------------

TEXTS = ["{}/{}".format(*number()) for _ in range(1000)]
FLOATS = np.random.default_rng(3).normal(size=1000)
PAIRS = [number() for _ in range(200)]


@pytest.mark.benchmark(group="read 1,000 strings p/q")
@pytest.mark.parametrize(
    "read", [parse_rational, Fraction, sympy.Rational], ids=["exactrelu", "Fraction", "sympy"]
)
def test_read_strings(benchmark: BenchmarkFixture, read: Callable[[str], Any]) -> None:
    values = run(benchmark, lambda: [read(text) for text in TEXTS])
    assert [str(v) for v in values] == [str(Fraction(text)) for text in TEXTS]


@pytest.mark.benchmark(group="read a float64 array of 1,000 exactly")
@pytest.mark.parametrize(
    "read",
    [rationals, lambda a: [Fraction(v) for v in a], lambda a: [sympy.Rational(float(v)) for v in a]],
    ids=["exactrelu", "Fraction", "sympy"],
)
def test_read_floats(benchmark: BenchmarkFixture, read: Callable[[Any], Any]) -> None:
    values = run(benchmark, read, FLOATS)
    assert [str(v) for v in values] == [str(Fraction(v)) for v in FLOATS]


@pytest.mark.benchmark(group="add up 200 rationals of 32 bits")
@pytest.mark.parametrize(
    "kind", [mpq, Fraction, flint.fmpq, sympy.Rational], ids=["mpq", "Fraction", "fmpq", "sympy"]
)
def test_add(benchmark: BenchmarkFixture, kind: Callable[[int, int], Any]) -> None:
    values = [kind(p, q) for p, q in PAIRS]
    total = run(benchmark, lambda: sum(values[1:], values[0]))
    assert str(total) == str(sum(Fraction(p, q) for p, q in PAIRS))


# -- signs of sums of square roots ----------------------------------------------------------------------

TERMS = [(mpq(*number(16)), mpq(RNG.randint(1, 10**6))) for _ in range(100)]


def mp_sum(context: Any, terms: list[tuple[mpq, mpq]]) -> Any:
    return sum(
        context.mpf(int(q.numerator)) / int(q.denominator) * context.sqrt(context.mpf(int(d)))
        for q, d in terms
    )


def sign_by_us(terms: list[tuple[mpq, mpq]]) -> int:
    return RadicalSum._make(terms).sign()


def sign_by_mpmath(terms: list[tuple[mpq, mpq]]) -> int:
    with mpmath.workprec(128):  # not rigorous
        return int(mpmath.sign(mp_sum(mpmath.mp, terms)))


def sign_by_mpmath_intervals(terms: list[tuple[mpq, mpq]]) -> int:
    mpmath.iv.prec = 128
    value = mp_sum(mpmath.iv, terms)
    return 1 if value > 0 else -1 if value < 0 else 0


def sign_by_arb(terms: list[tuple[mpq, mpq]]) -> int:
    with flint.ctx.workprec(128):
        total = flint.arb(0)
        for q, d in terms:
            total += flint.fmpq(int(q.numerator), int(q.denominator)) * flint.arb(int(d)).sqrt()
    return 1 if total > 0 else -1 if total < 0 else 0


def in_sympy(terms: list[tuple[mpq, mpq]]) -> Any:
    return sympy.Add(
        *(
            sympy.Rational(int(q.numerator), int(q.denominator))
            * sympy.sqrt(sympy.Rational(int(d.numerator), int(d.denominator)))
            for q, d in terms
        )
    )


def sign_by_sympy(terms: list[tuple[mpq, mpq]]) -> int:
    return int(sympy.sign(in_sympy(terms)))


SIGNS = [sign_by_us, sign_by_mpmath, sign_by_mpmath_intervals, sign_by_arb, sign_by_sympy]
SIGN_NAMES = ["exactrelu", "mpmath", "mpmath.iv", "arb", "sympy"]


@pytest.mark.benchmark(group="sign of a sum of 100 square roots")
@pytest.mark.parametrize("sign", SIGNS, ids=SIGN_NAMES)
def test_sign_of_a_plain_sum(benchmark: BenchmarkFixture, sign: Callable[[Any], int]) -> None:
    assert run(benchmark, sign, TERMS) == sign_by_us(TERMS)


CLOSE = [(mpq((-1) ** i * math.comb(9, i)), mpq(10**9 + 7 + i)) for i in range(10)]


@pytest.mark.benchmark(group="sign of the ninth difference of √ at 1,000,000,007, about -1e-73")
@pytest.mark.parametrize("sign", [sign_by_us, sign_by_sympy], ids=["exactrelu", "sympy"])
def test_sign_of_a_close_sum(benchmark: BenchmarkFixture, sign: Callable[[Any], int]) -> None:
    assert run(benchmark, sign, CLOSE) == -1


ZERO = [(mpq(1), mpq(6 * k * k)) for k in range(1, 21)] + [(mpq(-k), mpq(6)) for k in range(1, 21)]


@pytest.mark.benchmark(group="a disguised zero of 40 terms")
@pytest.mark.parametrize("sign", [sign_by_us, sign_by_sympy], ids=["exactrelu", "sympy"])
def test_zero(benchmark: BenchmarkFixture, sign: Callable[[Any], int]) -> None:
    # Intervals alone, at any precision, never decide this one, so mpmath and arb do not take part.
    assert run(benchmark, sign, ZERO) == 0


# -- rounding -------------------------------------------------------------------------------------------

MANY = [(mpq((-1) ** k), mpq(k)) for k in range(1, 5001)]


def float_by_fsum(terms: list[tuple[mpq, mpq]]) -> float:
    return math.fsum(float(q) * math.sqrt(d) for q, d in terms)


def float_by_mpmath(terms: list[tuple[mpq, mpq]]) -> float:
    with mpmath.workprec(80):
        return float(mp_sum(mpmath.mp, terms))


@pytest.mark.benchmark(group="float of a sum of 5,000 square roots")
@pytest.mark.parametrize(
    "to_float",
    [lambda terms: float(RadicalSum._make(terms)), float_by_fsum, float_by_mpmath],
    ids=["exactrelu", "fsum", "mpmath"],
)
def test_float(benchmark: BenchmarkFixture, to_float: Callable[[Any], float]) -> None:
    value = run(benchmark, to_float, MANY)
    exact = RadicalSum._make(MANY).enclosure(200).midpoint
    benchmark.extra_info["error"] = relative_error(value, exact)
    assert relative_error(value, exact) < 1e-12


@pytest.mark.benchmark(group="1,000 digits of √2")
@pytest.mark.parametrize(
    "digits",
    [
        lambda: sqrt(2).decimal(1000),
        lambda: mpmath.nstr(mpmath.mp.sqrt(2), 1000),
        lambda: str(sympy.sqrt(2).evalf(1000)),
    ],
    ids=["exactrelu", "mpmath", "sympy"],
)
def test_digits(benchmark: BenchmarkFixture, digits: Callable[[], str]) -> None:
    with mpmath.workdps(1010):
        assert run(benchmark, digits) == sqrt(2).decimal(1000)


# -- equations and linear programmes --------------------------------------------------------------------

SIZE = 40
A = [[mpq(RNG.randint(-99, 99), RNG.randint(1, 9)) for _ in range(SIZE)] for _ in range(SIZE)]
B = [mpq(RNG.randint(-99, 99)) for _ in range(SIZE)]


def solve_by_fractions() -> list[Fraction]:
    rows = [
        [Fraction(int(v.numerator), int(v.denominator)) for v in (*row, b)]
        for row, b in zip(A, B, strict=True)
    ]
    for k in range(SIZE):
        pivot = next(i for i in range(k, SIZE) if rows[i][k])
        rows[k], rows[pivot] = rows[pivot], rows[k]
        inverse = 1 / rows[k][k]
        rows[k] = [v * inverse for v in rows[k]]
        for i in range(SIZE):
            if i != k and (factor := rows[i][k]):
                rows[i] = [v - factor * w for v, w in zip(rows[i], rows[k], strict=True)]
    return [row[-1] for row in rows]


def solve_by_sympy() -> Any:
    from sympy.polys.matrices import DomainMatrix

    def domain_matrix(rows: list[list[mpq]]) -> Any:
        entries = [[sympy.QQ(int(v.numerator), int(v.denominator)) for v in row] for row in rows]
        return DomainMatrix(entries, (len(rows), len(rows[0])), sympy.QQ)

    solution = domain_matrix(A).lu_solve(domain_matrix([[b] for b in B]))
    return [row[0] for row in solution.to_list()]


def solve_by_numpy() -> Any:
    return np.linalg.solve([[float(v) for v in row] for row in A], [float(v) for v in B])


@pytest.mark.benchmark(group="solve 40 rational equations")
@pytest.mark.parametrize(
    ("solver", "is_exact"),
    [
        (lambda: solve(A, B), True),
        (solve_by_fractions, True),
        (solve_by_sympy, True),
        (solve_by_numpy, False),
    ],
    ids=["exactrelu", "Fraction", "sympy DomainMatrix", "numpy"],
)
def test_solve(benchmark: BenchmarkFixture, solver: Callable[[], Any], is_exact: bool) -> None:
    solution = run(benchmark, solver)
    exact = solve(A, B)
    assert exact is not None
    if is_exact:
        assert [str(v) for v in solution] == [str(v) for v in exact]
    benchmark.extra_info["error"] = max(
        0.0 if is_exact else relative_error(float(v), w) for v, w in zip(solution, exact, strict=True)
    )


C = [RNG.randint(0, 20) for _ in range(30)]
G = [[RNG.randint(0, 20) for _ in range(30)] for _ in range(20)]
H = [RNG.randint(50, 100) for _ in range(20)]


@pytest.mark.benchmark(group="linear programme, 20 inequalities, 30 variables")
@pytest.mark.parametrize(
    "solver",
    [lambda: maximize(C, A_ub=G, b_ub=H).value, lambda: -linprog([-c for c in C], A_ub=G, b_ub=H).fun],
    ids=["exactrelu, exact with dual", "HiGHS, float"],
)
def test_linear_programme(benchmark: BenchmarkFixture, solver: Callable[[], Any]) -> None:
    value = run(benchmark, solver)
    error = relative_error(value, maximize(C, A_ub=G, b_ub=H).value)
    benchmark.extra_info["error"] = error
    assert error < 1e-9
