"""Judges an exactrelu certificate; needs nothing but the Python standard library.

    python -I checker.py [--max-digits N] FILE

prints one line, ``accepted: ...`` or ``rejected: ... at ...``, and exits with 0, 1, or 2 when the file is
malformed. The format and the reasons why each certificate proves its claim are in CERTIFICATES.md, whose
section numbers the comments quote. No decision uses a float or a tolerance. This file shares no code
with the rest of exactrelu and trusts nothing that it has not computed itself.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from itertools import pairwise
from math import isqrt, lcm, prod
from typing import Any, NamedTuple

SCHEMA = "exactrelu/certificate/1"
PRIMAL = "primal.function"
MAX_BYTES = 10**8  # of a file
MAX_DIGITS = 100_000  # of a number
MAX_ENTRIES = 500_000  # of a list
MAX_PRECISION = 1 << 16  # bits after the binary point, in deciding the sign of a sum
MAX_WORK = 1 << 28  # these bits times the number of terms
MAX_EFFORT = 2_000_000  # points times units, or times what else a network's certificate takes
EULER = Fraction(2718281829, 10**9)  # above e

Numbers = list[Fraction]
Pair = tuple[Fraction, Fraction]
Terms = list[Pair]  # [(q, d), ...] stands for sum q sqrt(d), d >= 0
Values = dict[str, Any]  # the fields of a certificate by their names, read


class RejectedError(Exception):
    """The certificate does not prove its claim: the reason and the place."""


class MalformedError(Exception):
    """The document does not follow the format: what is wrong and where."""


class Function(NamedTuple):
    """A continuous piecewise-linear function: left-most piece, then slope changes c at kinks t."""

    slope: Fraction
    intercept: Fraction
    t: Numbers
    c: Numbers


class Problem(NamedTuple):
    """The data, x strictly increasing, and the variant."""

    x: Numbers
    y: Numbers
    penalize_bias: bool
    skip: bool


# Reading ----------------------------------------------------------------------------------------------------

def reject_literal(text: str) -> None:
    """JSON has no NaN and no infinity, and a number with a point may have been rounded by who wrote it."""
    raise MalformedError(f'the literal {text[:30]} must be a string such as "1/10" at the JSON text')


def read_index(text: str) -> int:
    """JSON integers serve as indices only; a number of the mathematics is a string."""
    if len(text) > 9:
        raise MalformedError(f"the integer {text[:30]}... must be a string at the JSON text")
    return int(text)


def read_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose keys are distinct: with a repeated key readers differ on what it says."""
    result: dict[str, Any] = {}
    for key, value in pairs:
        if key in result:
            raise MalformedError(f"the key {show_text(key)} is repeated at the JSON text")
        result[key] = value
    return result


def read_document(path: str) -> Any:
    """The JSON document in a file, or MalformedError."""
    with open(path, "rb") as file:
        raw = file.read(MAX_BYTES + 1)
    if len(raw) > MAX_BYTES:
        raise MalformedError(f"the file has more than {MAX_BYTES} bytes at the JSON text")
    if sum(map(raw.count, (b",", b"[", b"{"))) > 10 * MAX_ENTRIES:
        raise MalformedError(f"the file has more than {10 * MAX_ENTRIES} entries at the JSON text")
    hooks: Any = {"parse_constant": reject_literal, "parse_float": reject_literal, "parse_int": read_index}
    try:
        return json.loads(raw.decode("utf-8"), object_pairs_hook=read_object, **hooks)
    except RecursionError:
        raise MalformedError("the nesting is too deep at the JSON text") from None
    except UnicodeDecodeError as error:
        raise MalformedError(f"not UTF-8 at byte {error.start} of the JSON text") from None
    except json.JSONDecodeError as error:
        raise MalformedError(f"not JSON ({error.msg}) at line {error.lineno}") from None


def show_text(value: object) -> str:
    """A JSON value, cut short, in one line."""
    return ascii(value[:40]) + "..." * (len(value) > 40) if isinstance(value, str) else type(value).__name__


def count(**things: int) -> str:
    """So many things of each kind."""
    return ", ".join(f"{number} {noun}{'s' * (number != 1)}" for noun, number in things.items())


def show(q: Fraction) -> str:
    """A number for a message; long ones only by their size."""
    bits = max(q.numerator.bit_length(), q.denominator.bit_length())
    return str(q) if bits <= 256 else f"(a number of {bits} bits)"


def fields(value: Any, place: str, names: Iterable[str], optional: Iterable[str] = ()) -> dict[str, Any]:
    """An object that has the named fields, maybe the optional ones, and no others."""
    if type(value) is not dict:
        raise MalformedError(f"an object was expected, not {show_text(value)} at {place}")
    for name in names:
        if name not in value:
            raise MalformedError(f'the field "{name}" is missing at {place}')
    for name in value:
        if name not in names and name not in optional:
            raise MalformedError(f"the field {show_text(name)} is unknown at {place}")
    return value


def entries(value: Any, place: str, length: int | None = None) -> list[Any]:
    """A list of bounded length, of the given one if any."""
    if type(value) is not list:
        raise MalformedError(f"a list was expected, not {show_text(value)} at {place}")
    if len(value) > MAX_ENTRIES:
        raise MalformedError(f"the list has {len(value)} entries, more than {MAX_ENTRIES} at {place}")
    if length is not None and len(value) != length:
        raise MalformedError(f"the list has length {len(value)} instead of {length} at {place}")
    return value


def flag(value: Any, place: str, digits: int) -> bool:
    """True or false."""
    if type(value) is not bool:
        raise MalformedError(f"true or false was expected, not {show_text(value)} at {place}")
    return value


def index(value: Any, place: str, length: int) -> int:
    """A 0-based index."""
    if type(value) is not int or not 0 <= value < length:
        raise MalformedError(f"an index from 0 to {length - 1} was expected at {place}")
    return value


def integer(digits: str) -> int:
    """A string of ASCII digits as an integer, in pieces below CPython's limit whatever that is set to."""
    if len(digits) <= 600:
        return int(digits)
    low = len(digits) // 2
    power: int = 10**low
    return integer(digits[:-low]) * power + integer(digits[-low:])


def number(value: Any, place: str, digits: int) -> Fraction:
    """A rational from "p" or "p/q"."""
    if type(value) is not str:
        raise MalformedError(f'a string such as "3/4" was expected, not {show_text(value)} at {place}')
    top, slash, bottom = value.partition("/")
    size = top[1:] if top[:1] == "-" else top
    if max(len(size), len(bottom)) > digits:
        raise MalformedError(f"the number has more than {digits} digits at {place}")
    if not (value.isascii() and size.isdigit() and bottom.isdigit() == bool(slash)):
        raise MalformedError(f'{show_text(value)} is not a number such as "3/4" at {place}')
    denominator = integer(bottom or "1")
    if not denominator:
        raise MalformedError(f"the denominator is 0 at {place}")
    return Fraction(integer(size) if size is top else -integer(size), denominator)


def natural(value: Any, place: str, digits: int) -> int:
    """A positive integer, as a string."""
    q = number(value, place, digits)
    if q.denominator != 1 or q < 1:
        raise MalformedError(f"a positive integer was expected at {place}")
    return q.numerator


def numbers(value: Any, place: str, digits: int, length: int | None = None) -> Numbers:
    """A list of rationals, of the given length if any."""
    return [number(v, f"{place}[{i}]", digits) for i, v in enumerate(entries(value, place, length))]


def increasing(values: Numbers, place: str) -> Numbers:
    """The values, which increase strictly."""
    for i, (a, b) in enumerate(pairwise(values)):
        if a.numerator * b.denominator >= b.numerator * a.denominator:
            raise MalformedError(f"the values do not increase strictly at {place}[{i + 1}]")
    return values


def abscissae(value: Any, place: str, digits: int) -> Numbers:
    """At least one, strictly increasing."""
    x = increasing(numbers(value, place, digits), place)
    if not x:
        raise MalformedError(f"there are no data at {place}")
    return x


def read_labels(value: Any, place: str, digits: int) -> Numbers:
    """Labels 1 and -1."""
    labels = numbers(value, place, digits)
    for i, s in enumerate(labels):
        if abs(s) != 1:
            raise MalformedError(f"a label must be 1 or -1 at {place}[{i}]")
    return labels


def function(value: Any, place: str, digits: int) -> Function:
    """A piecewise-linear function in its only representation: t increases strictly, no c is 0."""
    fields(value, place, ("slope", "intercept", "kinks"))
    kinks = each(numbers, 2)(value["kinks"], f"{place}.kinks", digits)
    for k, (_, c) in enumerate(kinks):
        if not c:
            raise MalformedError(f"a kink changes the slope by 0 at {place}.kinks[{k}][1]")
    slope, intercept = (number(value[name], f"{place}.{name}", digits) for name in ("slope", "intercept"))
    t = increasing([t for t, _ in kinks], f"{place}.kinks")
    return Function(slope, intercept, t, [c for _, c in kinks])


def stated_cost(value: Any, place: str, digits: int) -> Terms:
    """A stated total: a rational, or {"terms": [["q", "d"], ...]}."""
    if type(value) is str:
        return [(number(value, place, digits), Fraction(1))]
    terms = each(numbers, 2)(fields(value, place, ("terms",))["terms"], f"{place}.terms", digits)
    for i, (_, d) in enumerate(terms):
        if d < 0:
            raise MalformedError(f"the radicand is negative at {place}.terms[{i}][1]")
    return [(q, d) for q, d in terms]


def each(reader: Callable[..., Any], *more: Any) -> Callable[[Any, str, int], list[Any]]:
    """The reader of a list of what another one reads."""

    def read_all(value: Any, place: str, digits: int) -> list[Any]:
        return [reader(v, f"{place}[{i}]", digits, *more) for i, v in enumerate(entries(value, place))]

    return read_all


def parallel(value: Any, place: str, digits: int) -> tuple[Fraction, list[Numbers]]:
    """A sub-network {"z": ..., "chain": [[...], ...]}."""
    fields(value, place, ("z", "chain"))
    z = number(value["z"], f"{place}.z", digits)
    return z, each(numbers)(value["chain"], f"{place}.chain", digits)


def subgradient(value: Any, place: str, digits: int) -> tuple[Any, Any, Terms]:
    """A list [unit, datum, number]."""
    unit, datum, share = entries(value, place, 3)
    return unit, datum, stated_cost(share, f"{place}[2]", digits)


SIZES = "width depth parameters groups group_size"
READERS: dict[str, Callable[[Any, str, int], Any]] = {
    "x": abscissae,
    "labels": read_labels,
    **dict.fromkeys(["y", "split", "lambda", "g", "signed_squares", "w"], numbers),
    **dict.fromkeys(["lower", "upper", "sum", "beta", "bias", "slope"], number),
    **dict.fromkeys(["minimum", "cost"], stated_cost),
    **dict.fromkeys(SIZES.split(), natural),
    **dict.fromkeys(["penalize_bias", "skip", "unique"], flag),
    **dict.fromkeys(["function", "second", "competitor"], function),
    "units": each(numbers, 3),
    "parallel": each(parallel),
    "multipliers": each(stated_cost),
    "vectors": each(numbers, 2),
    "subgradients": each(subgradient),
}
# When a field is there, by the mark before its name: `?` optional, and by the variant, which is read first.
MARKS: dict[str, Callable[[Values], bool]] = {
    "free": lambda v: not v["penalize_bias"],
    "penalized": lambda v: bool(v["penalize_bias"]),
    "excess": lambda v: v["penalize_bias"] and not v["skip"],
    "two": lambda v: v.get("unique") is False,
}


def read(document: Any, formats: dict[str, str], digits: int) -> Values:
    """The fields of all parts by name; lists that belong together have equal lengths."""
    values: Values = {}
    for part, text in formats.items():
        names, optional = [], []
        for mark, _, name in (word.rpartition(":") for word in text.replace("/parallel", "").split()):
            if mark == "?":
                optional.append(name)
            elif not mark or MARKS[mark](values):
                names.append(name)
        found = fields(document[part], part, names, optional)
        for name in (name for name in [*names, *optional] if name in found):
            reader = READERS.get("parallel" if f"{name}/parallel" in text else name)
            values[name] = reader(found[name], f"{part}.{name}", digits) if reader else found[name]
            size = {"lambda": 2, "split": len(values["function"].t) if name == "split" else 0}.get(name)
            if name in ("y", "labels", "w") or (name in ("g", "signed_squares") and "support" not in text):
                size = len(values["x"])
            if size is not None:
                entries(values[name], f"{part}.{name}", size)
    return values


# Arithmetic -------------------------------------------------------------------------------------------------

def sign(q: Fraction | int) -> int:
    """-1, 0 or 1."""
    return (q > 0) - (q < 0)


def total(values: Iterable[Fraction], place: str, bits: int) -> Fraction:
    """An exact sum, refused when it outgrows what a certificate could state."""
    result = Fraction(0)
    for value in values:
        result += value
        if result.denominator.bit_length() > bits:
            raise RejectedError(f"the sum has a denominator of more than {bits} bits at {place}")
    return result


def sign_plus_root(a: int, b: int, d: int) -> int:
    """The sign of a + b sqrt(d) for integers, d >= 0."""
    s = sign(b) if d else 0
    if sign(a) * s >= 0:
        return sign(a) or s
    return sign(a) * sign(a * a - b * b * d)


# Odd primes p. Two radicands in one square class have equal parity of the exponent of p, and what is left
# without p is a square modulo p for both or for neither.
CHARACTERS = (83, 89, 97, 101, 103, 107, 109, 113, 127, 131, 137, 139, 149, 151, 157, 163, 167, 173, 179, 181)
CHARACTERS_PRODUCT = prod(CHARACTERS)


def class_key(d: int) -> tuple[int, ...]:
    """What is equal for radicands d > 0 of one square class, and mostly different otherwise."""
    key, rest_modulo = [], d % CHARACTERS_PRODUCT
    for p in CHARACTERS:
        r, odd = rest_modulo % p, 0
        if not r:
            rest, power = d, p**32
            while not rest % power:
                rest //= power
            while not rest % p:
                rest, odd = rest // p, 1 - odd
            r = rest % p
        key += [odd, pow(r, p // 2, p)]
    return tuple(key)


def is_zero(terms: Terms, place: str, bits: int) -> bool:
    """Whether sum q sqrt(d) = 0 exactly: iff its part in each square class is 0 (CERTIFICATES.md 2), where
    sqrt(n/m) = sqrt(nm)/m, and sqrt(e) = sqrt(d) sqrt(ed)/d for e and d of one class."""
    buckets: dict[tuple[int, ...], list[tuple[int, Numbers]]] = {}
    for q, d in terms:
        if not q or not d:
            continue
        e = d.numerator * d.denominator
        q = q / d.denominator
        bucket = buckets.setdefault(class_key(e), [])
        for representative, coefficients in bucket:
            root = isqrt(representative * e)
            if root * root == representative * e:
                coefficients.append(q * Fraction(root, representative))
                break
        else:
            if len(bucket) >= 100:
                raise RejectedError(f"too many radicands look alike at {place}")
            bucket.append((e, [q]))
    return not any(
        total(coefficients, place, bits) for bucket in buckets.values() for _, coefficients in bucket
    )


def sign_of_sum(terms: Terms, place: str, bits: int) -> int:
    """The sign of sum q sqrt(d): by enclosures, and by the zero test if they do not settle it."""
    precision = 64
    while precision <= min(MAX_PRECISION, MAX_WORK // max(len(terms), 1)):
        low = high = 0
        for q, d in terms:
            n, m = q.numerator, q.denominator
            # floor of |q| sqrt(d) 2^precision
            size = isqrt((n * n * d.numerator << 2 * precision) // (m * m * d.denominator))
            low += size if n >= 0 else -size - 1
            high += size + 1 if n >= 0 else -size
        if low > 0 or high < 0:
            return sign(low)
        if precision == 256 and is_zero(terms, place, bits):
            return 0
        precision *= 2
    raise RejectedError(f"the sign of a sum is not settled by {precision // 2} bits at {place}")


def require_total(terms: Terms, stated: Terms, place: str, bits: int) -> None:
    """The stated total is the computed one."""
    if not is_zero(terms + [(-q, d) for q, d in stated], place, bits):
        raise RejectedError(f"the stated number is not the total at {place}")


# The primal side --------------------------------------------------------------------------------------------

def values_at(f: Function, x: Numbers, bits: int, place: str) -> Iterator[Fraction]:
    """f(x_i) for every i, in one sweep that carries the piece s x + b in force."""
    s, b, k, kinks = f.slope, f.intercept, 0, len(f.t)
    for u in x:
        while k < kinks and f.t[k] < u:
            s += f.c[k]
            b -= f.c[k] * f.t[k]
            if s.denominator.bit_length() > bits or b.denominator.bit_length() > bits:
                raise RejectedError(f"the line outgrows {bits} bits at {place}.kinks[{k}]")
            k += 1
        yield s * u + b


def require_interpolation(f: Function, x: Numbers, y: Numbers, bits: int, place: str = PRIMAL) -> None:
    """f(x_i) = y_i for every i."""
    for i, (v, value) in enumerate(zip(y, values_at(f, x, bits, place), strict=True)):
        if value != v:
            raise RejectedError(f"{place}(x) = {show(value)} misses y = {show(v)} at problem.y[{i}]")


def locate(t: Numbers, x: Numbers) -> list[int]:
    """For each kink the index i with x[i] <= t < x[i+1]: -1 on the left of the data, n-1 from x[n-1] on."""
    result, i, last = [], -1, len(x) - 1
    for u in t:
        while i < last and x[i + 1] <= u:
            i += 1
        result.append(i)
    return result


def chord_slopes(x: Numbers, y: Numbers) -> Numbers:
    """The slopes between neighbouring data."""
    return [(y[i + 1] - y[i]) / (x[i + 1] - x[i]) for i in range(len(x) - 1)]


def curvature_signs(x: Numbers, y: Numbers) -> list[int]:
    """The sign of the slope change of the data at every x_i; 0 at both ends, where there is none."""
    slopes = chord_slopes(x, y)
    return [0, *(sign(b - a) for a, b in pairwise(slopes)), 0][: len(x)]


def kink_costs(f: Function, penalize_bias: bool) -> Terms:
    """sum |c|, or sum |c| sqrt(1 + t^2), as terms."""
    return [(abs(c), 1 + t * t if penalize_bias else Fraction(1)) for t, c in zip(f.t, f.c, strict=True)]


def residual(f: Function, split: Numbers, bits: int) -> Pair:
    """X - sum phi_k |c_k| (1, -t_k), X = (2 slope, 2 intercept) + sum c_k (1, -t_k) (CERTIFICATES.md 3)."""
    for k, phi in enumerate(split):
        if abs(phi) > 1:
            raise RejectedError(f"|phi| = {show(abs(phi))} exceeds 1 at primal.split[{k}]")
    rest = [c - phi * abs(c) for phi, c in zip(split, f.c, strict=True)]
    first = total(rest, "primal.split", bits)
    second = total((t * r for t, r in zip(f.t, rest, strict=True)), "primal.split", bits)
    return 2 * f.slope + first, 2 * f.intercept - second


def excess_above(rest: Pair) -> Terms:
    """N(rest) >= D, the support function of {|lambda| <= 1, |lambda_2| <= 1/2} (CERTIFICATES.md 3)."""
    a, b = rest
    if 3 * b * b <= a * a:
        return [(Fraction(1), a * a + b * b)]
    return [(abs(a) / 2, Fraction(3)), (abs(b) / 2, Fraction(1))]


def excess_below(f: Function, squares: Numbers, bits: int, cap: Fraction) -> Terms:
    """lambda.X - sum |lambda.p_k|, at most D if cap = 1/4; lambda by signed squares (CERTIFICATES.md 3)."""
    one, two = squares
    if abs(one) + abs(two) > 1 or abs(two) > cap:
        raise RejectedError("lambda is too long at dual.lambda")
    signs = [Fraction(sign(one - t * abs(t) * two)) for t in f.t]
    return [(sign(v) * r, abs(v)) for v, r in zip(squares, residual(f, signs, bits), strict=True)]


# The dual side: feasibility, and complementary slackness kink by kink ---------------------------------------

def free_dual(problem: Problem, g: Numbers) -> tuple[Numbers, Fraction]:
    """Feasible with free biases: H = g - m/2, m = g(x_1), |H| <= 1 - |m|/2 (CERTIFICATES.md 4.1 and 4.2)."""
    for i in (0, len(g) - 1) if problem.skip else (len(g) - 1,):
        if g[i]:
            raise RejectedError(f"the dual must be 0 at dual.g[{i}]")
    half = g[0] / 2
    bound = 1 - abs(half)
    shifted = [v - half for v in g] if half else g
    for i, v in enumerate(shifted):
        if abs(v) > bound:
            raise RejectedError(f"the dual value {show(g[i])} is infeasible at dual.g[{i}]")
    return shifted, bound


def require_free_slackness(problem: Problem, f: Function, g: Numbers, place: str, bits: int) -> None:
    """H(t) = sign(c) (1 - |m|/2) at every kink; without skip also |A| <= V, and sign(m) A = V for m != 0,
    where V = sum |c| and A = f'(-inf) + f'(+inf) (CERTIFICATES.md 4.2)."""
    shifted, bound = free_dual(problem, g)
    for k, (i, t, c) in enumerate(zip(locate(f.t, problem.x), f.t, f.c, strict=True)):
        peak = bound if c > 0 else -bound
        left = shifted[max(i, 0)]
        right = left if problem.x[i] == t or i + 1 == len(g) else shifted[i + 1]
        if left != peak or right != peak:
            raise RejectedError(f"the dual does not touch its bound at {place}.kinks[{k}]")
    # (V - sA)/2 = -s slope + sum of the |c| with sign(c) = -s.
    for s in () if problem.skip else (1, -1):
        terms = [(-s * f.slope, Fraction(1)), *((abs(c), Fraction(1)) for c in f.c if s * c < 0)]
        rest = sign_of_sum(terms, place, bits)
        if rest < 0 or (rest > 0 and sign(g[0]) == s):
            raise RejectedError(f"the slopes at both infinities contradict slackness at {place}")


Ray = tuple[int, int, int, int]  # a, b, p, q: the point a/b, and the dual sign(p) sqrt(|p|/q) at (b, a)


def ray(x: Fraction, square: Fraction) -> Ray:
    """The point x with the signed square of g(x); the dual is homogeneous, so g(x) is multiplied by b."""
    return x.numerator, x.denominator, square.numerator * x.denominator**2, square.denominator


def exceeds(left: Ray, right: Ray) -> bool:
    """Whether g, within sqrt(1+x^2) at two points, exceeds it between them: u < g g' and Q < 0, everything
    times the denominators q q' (CERTIFICATES.md 4.3, with the homogeneous points (b, a) as v and v')."""
    a, b, p, q = left
    e, d, r, s = right
    inner, scale = a * e + b * d, q * s
    radicand, turn = abs(p * r) * scale, sign(p) * sign(r)
    if sign_plus_root(inner * scale, -turn, radicand) >= 0:
        return False
    rest = (e * b - a * d) ** 2 * scale - (a * a + b * b) * abs(r) * q - (e * e + d * d) * abs(p) * s
    return sign_plus_root(rest, 2 * inner * turn, radicand) < 0


def require_feasible(rays: list[Ray], name: str) -> None:
    """|g| <= sqrt(1+t^2) at the points and between them."""
    for i, (a, b, p, q) in enumerate(rays):
        if abs(p) > (a * a + b * b) * q:
            raise RejectedError(f"the dual exceeds sqrt(1+x^2) at {name}[{i}]")
    for i, (left, right) in enumerate(pairwise(rays)):
        if exceeds(left, right):
            where = f"{name}[{i}], {name}[{i + 1}]"
            raise RejectedError(f"the dual exceeds sqrt(1+t^2) between two data at {where}")


def penalized_dual(x: Numbers, squares: Numbers, name: str) -> None:
    """Feasibility with penalised biases and skip."""
    for i in (0, len(squares) - 1):
        if squares[i]:
            raise RejectedError(f"the dual must vanish at the first and the last datum at {name}[{i}]")
    require_feasible(list(map(ray, x, squares)), name)


def touches(s: int, t: Fraction, x: Fraction, square: Fraction) -> bool:
    """Whether g(x) = s (1 + t x)/sqrt(1 + t^2): g touches at t = x, or inside a gap if so at both ends."""
    a, b, e, f = x.numerator, x.denominator, t.numerator, t.denominator
    v = b * f + a * e
    return square.numerator * (b * b * (e * e + f * f)) == s * v * abs(v) * square.denominator


def require_penalized_slackness(problem: Problem, f: Function, squares: Numbers, place: str) -> None:
    """g(t) = sign(c) sqrt(1+t^2) at every kink (CERTIFICATES.md 4.3)."""
    x = problem.x
    for k, (i, t, c) in enumerate(zip(locate(f.t, x), f.t, f.c, strict=True)):
        ends = (i, i + 1) if 0 <= i < len(x) - 1 else ()
        touched = [touches(sign(c), t, x[j], squares[j]) for j in ends if x[i] != t or j == i]
        if not touched or not all(touched):
            raise RejectedError(f"the dual does not touch its bound at {place}.kinks[{k}]")


def require_optimum(problem: Problem, f: Function, v: Values, bits: int, place: str = PRIMAL) -> None:
    """f interpolates and attains the dual bound."""
    require_interpolation(f, problem.x, problem.y, bits, place)
    if problem.penalize_bias:
        penalized_dual(problem.x, v["signed_squares"], "dual.signed_squares")
        require_penalized_slackness(problem, f, v["signed_squares"], place)
        require_no_excess(f, v, bits)
    else:
        require_free_slackness(problem, f, v["g"], place, bits)


def require_no_excess(f: Function, v: Values, bits: int) -> None:
    """D = 0, where the variant has it (CERTIFICATES.md 4.4)."""
    if "split" in v and any(residual(f, v["split"], bits)):
        raise RejectedError("the split leaves a residual, so D = 0 is not shown at primal.split")


def require_unique(problem: Problem, v: Values) -> None:
    """The touching set of the dual leaves a single interpolant (CERTIFICATES.md 5)."""
    if len(problem.x) == 1 and problem.skip:
        raise RejectedError("every line through a single datum is minimal at problem.x")
    if problem.penalize_bias:
        return
    if abs(v["g"][0]) == 1:
        raise RejectedError("the dual touches its bound outside the data at dual.g[0]")
    shifted, bound = free_dual(problem, v["g"])
    for i, (a, b) in enumerate(pairwise(shifted)):
        if a == b and abs(a) == bound:
            raise RejectedError(f"the dual touches its bound on a whole gap at dual.g[{i}], dual.g[{i + 1}]")


# Claims: each takes the fields of the certificate, read, and returns what was proved ------------------------

def describe(problem: Problem) -> str:
    """The variant and the size."""
    bias = "penalised" if problem.penalize_bias else "free"
    return f"{count(point=len(problem.x))}, biases {bias}, {'skip' if problem.skip else 'no skip'}"


def check_interpolation(v: Values, bits: int) -> str:
    """f(x_i) = y_i."""
    require_interpolation(v["function"], v["x"], v["y"], bits)
    return f"the function interpolates the data ({count(point=len(v['x']))})"


def check_cost(v: Values, bits: int) -> str:
    """The representation cost of a function (CERTIFICATES.md 3)."""
    f: Function = v["function"]
    terms = kink_costs(f, v["penalize_bias"])
    if "split" in v:
        above = excess_above(residual(f, v["split"], bits))
        require_total(above, excess_below(f, v["lambda"], bits, Fraction(1, 4)), "dual.lambda", bits)
        terms += above
    elif not v["penalize_bias"] and not v["skip"]:
        outer = 2 * f.slope + total(f.c, "primal.function.kinks", bits)
        variation = total(map(abs, f.c), "primal.function.kinks", bits)
        terms = [(max(variation, abs(outer)), Fraction(1))]
    require_total(terms, v["cost"], "relation.cost", bits)
    return f"the function ({count(kink=len(f.t))}) has the stated representation cost"


def check_optimality(v: Values, bits: int) -> str:
    """f is a minimiser; by slackness the minimum is the cost of its kinks in all four variants."""
    problem, f = Problem(v["x"], v["y"], v["penalize_bias"], v["skip"]), v["function"]
    require_optimum(problem, f, v, bits)
    if "minimum" in v:
        require_total(kink_costs(f, problem.penalize_bias), v["minimum"], "relation.minimum", bits)
    addition = " and has the stated cost" * ("minimum" in v)
    return f"the function is a minimal interpolant{addition} ({describe(problem)})"


def check_uniqueness(v: Values, bits: int) -> str:
    """f is the only minimiser."""
    problem = Problem(v["x"], v["y"], v["penalize_bias"], v["skip"])
    require_optimum(problem, v["function"], v, bits)
    require_unique(problem, v)
    return f"the function is the only minimal interpolant ({describe(problem)})"


def check_non_uniqueness(v: Values, bits: int) -> str:
    """Two minimisers that differ; a function has only one representation, so comparing these will do."""
    problem = Problem(v["x"], v["y"], v["penalize_bias"], v["skip"])
    if problem.penalize_bias and not problem.skip:
        raise MalformedError("no proof of non-uniqueness is known for this variant at problem")
    require_optimum(problem, v["function"], v, bits)
    if v["function"] == v["second"]:
        raise RejectedError("the two functions are equal at primal.second")
    require_optimum(problem, v["second"], v, bits, "primal.second")
    return f"the two functions are different minimal interpolants ({describe(problem)})"


def require_no_skip_feasible(problem: Problem, g: Numbers, s: Fraction) -> None:
    """The right and the left units, and the constant one, are within the dual bound (CERTIFICATES.md 4.5)."""
    if abs(s) > 1:
        raise RejectedError(f"the multipliers sum to {show(s)}, beyond 1 at dual.sum")
    if g[-1]:
        raise RejectedError(f"the dual must vanish at the last datum at dual.g[{len(g) - 1}]")
    limit = ((s * abs(s)).numerator, s.denominator**2)
    right = [ray(x, v * abs(v)) for x, v in zip(problem.x, g, strict=True)]
    moment = g[0] + s * problem.x[0]
    other = [v - moment + s * x for x, v in zip(problem.x, g, strict=True)]
    left = [ray(x, v * abs(v)) for x, v in zip(problem.x, other, strict=True)]
    require_feasible(right, "dual.g")
    require_feasible(left, "the left units' dual.g")
    if exceeds((-1, 0, *limit), right[0]):
        raise RejectedError("the dual exceeds sqrt(1+t^2) on the left of the data at dual.g[0]")
    if exceeds(left[-1], (1, 0, *limit)):
        raise RejectedError("the dual exceeds sqrt(1+t^2) on the right of the data at dual.sum")


def require_bounds(v: Values, problem: Problem, bits: int) -> None:
    """The dual value is at least the stated lower bound, and the cost of f at most the upper one. That value
    is sum nu_i y_i = (sum nu) y_1 - sum delta_i (g(x_{i+1}) - g(x_i)) (CERTIFICATES.md 4.5)."""
    f, g, multipliers = v["function"], v["g"], v.get("sum", Fraction(0))
    cost, below = kink_costs(f, True), [(multipliers * problem.y[0] - v["lower"], Fraction(1))]
    for d, (a, b) in zip(chord_slopes(problem.x, problem.y), pairwise(g), strict=True):
        below.append((d * (a - b), Fraction(1)))
    if problem.skip:
        penalized_dual(problem.x, [w * abs(w) for w in g], "dual.g")
    else:
        require_no_skip_feasible(problem, g, multipliers)
        cost += excess_above(residual(f, v["split"], bits))
    if sign_of_sum(below, "dual.g", bits) < 0:
        raise RejectedError("the dual value is below the stated bound at relation.lower")
    if sign_of_sum([*cost, (-v["upper"], Fraction(1))], PRIMAL, bits) > 0:
        raise RejectedError("the cost of the function is above the stated bound at relation.upper")


def check_bounds(v: Values, bits: int) -> str:
    """lower <= minimum <= cost(f) <= upper, biases penalised."""
    problem = Problem(v["x"], v["y"], v["penalize_bias"], v["skip"])
    if not problem.penalize_bias:
        raise MalformedError("with free biases the exact claim is to be made at problem.penalize_bias")
    require_interpolation(v["function"], problem.x, problem.y, bits)
    require_bounds(v, problem, bits)
    return f"the minimum is within the stated bounds ({describe(problem)})"


def forbidden_kinks(f: Function, x: Numbers, signs: list[int]) -> list[int]:
    """The kinks that no ridgeless interpolant has (CERTIFICATES.md 6); the signs at both ends are 0."""
    located = enumerate(zip(locate(f.t, x), f.t, f.c, strict=True))
    return [k for k, (i, t, c) in located if signs[i] != sign(c) or (x[i] != t and signs[i + 1] != sign(c))]


def check_membership(v: Values, bits: int) -> str:
    """f interpolates with minimal total variation of the slope."""
    f, x, y = v["function"], v["x"], v["y"]
    require_interpolation(f, x, y, bits)
    for k in forbidden_kinks(f, x, curvature_signs(x, y)):
        raise RejectedError(f"no ridgeless interpolant has this kink at primal.function.kinks[{k}]")
    return f"the function is a ridgeless interpolant ({count(point=len(x))})"


def check_non_membership(v: Values, bits: int) -> str:
    """f misses a datum, or has a kink that no ridgeless interpolant has."""
    f, x, y = v["function"], v["x"], v["y"]
    if ("datum" in v) == ("kink" in v):
        raise MalformedError("either a datum or a kink is to be named at dual")
    if "kink" in v:
        k = index(v["kink"], "dual.kink", len(f.t))
        if k not in forbidden_kinks(f, x, curvature_signs(x, y)):
            raise RejectedError(f"ridgeless interpolants may have this kink at primal.function.kinks[{k}]")
        return f"the function is no ridgeless interpolant: kink {k}"
    i = index(v["datum"], "dual.datum", len(x))
    if list(values_at(f, x[i : i + 1], bits, PRIMAL)) == [y[i]]:
        raise RejectedError(f"the function does pass through the datum at problem.y[{i}]")
    return f"the function is no ridgeless interpolant: it misses datum {i}"


def check_impossibility(v: Values, bits: int) -> str:
    """Counting excludes that networks of this size fit all labels (CERTIFICATES.md 10)."""
    w, d, p, k, size = (v[name] for name in SIZES.split())
    if max(w, d) > bits or 8 * (p + k) * (w * d + (k * size * p).bit_length()) > MAX_WORK:
        raise RejectedError("the numbers are too large for this check at problem")
    ups, patterns = ((w + 1) ** d + 1) // 2, 2 ** (w * d)
    polynomials = k * size * (patterns + w * (patterns - 1) // (2**w - 1))
    if polynomials < p:
        raise RejectedError("there are fewer polynomials than parameters at problem.parameters")
    if Fraction(k * (size - 1), ups) ** k <= 2 * (2 * EULER * polynomials * (d + 1) / p) ** p:
        raise RejectedError("counting does not exclude it at problem")
    network = f"networks of width {w}, depth {d} and {count(parameter=p)}"
    return f"{network} do not fit all labels of {2 * k} points, 2 in each group of {show(Fraction(size))}"


# Classification: labels s_i = +1 or -1, and s_i f(x_i) >= 1 (CERTIFICATES.md 8) -----------------------------

def supported(v: Values, penalize_bias: bool, skip: bool) -> tuple[list[int], Problem]:
    """Indices of data, at least one, strictly increasing; and the problem of these data."""
    x, s, listed = v["x"], v["labels"], entries(v["support"], "dual.support")
    support = [index(i, f"dual.support[{k}]", len(x)) for k, i in enumerate(listed)]
    if not support or any(i >= j for i, j in pairwise(support)):
        raise MalformedError("indices that increase strictly were expected at dual.support")
    for name in ("g", "signed_squares"):
        entries(v.get(name, support), f"dual.{name}", len(support))
    return support, Problem([x[i] for i in support], [s[i] for i in support], penalize_bias, skip)


def multiplier_signs(problem: Problem, squares: Numbers, total: Fraction, bits: int) -> list[int]:
    """The signs of the second differences of g (-total and 0 are its outer slopes): 0 or the label's."""
    x, signs = problem.x, []
    for i, v in enumerate(squares):
        terms = [(Fraction(0) if i else total, Fraction(1))]
        for j in (i - 1, i + 1):
            if 0 <= j < len(x):
                h = abs(x[j] - x[i])
                terms += [(sign(squares[j]) / h, abs(squares[j])), (-sign(v) / h, abs(v))]
        signs.append(sign_of_sum(terms, f"dual.support[{i}]", bits))
        if signs[i] * problem.y[i] < 0:
            raise RejectedError(f"the multiplier has the sign of the other label at dual.support[{i}]")
    return signs


def require_margins(f: Function, x: Numbers, s: Numbers, tight: set[int], bits: int, place: str) -> None:
    """s_i f(x_i) >= 1, with equality at the tight data."""
    for i, (label, value) in enumerate(zip(s, values_at(f, x, bits, place), strict=True)):
        if label * value < 1 or (i in tight and label * value != 1):
            wanted = "1, its multiplier being not 0" if i in tight else "at least 1"
            raise RejectedError(f"{place}: margin {show(label * value)}, not {wanted} at problem.x[{i}]")


def check_classification(v: Values, bits: int) -> str:
    """f is a classifier of least cost: weak duality, with s_i f(x_i) = 1 where the multiplier is not 0."""
    x, f, unique, penalized = v["x"], v["function"], v.get("unique"), v["penalize_bias"]
    support, part = supported(v, penalized, v["skip"])
    g = v["signed_squares" if penalized else "g"]
    if penalized:
        penalized_dual(part.x, g, "dual.signed_squares")
    signs = multiplier_signs(part, g if penalized else [w * abs(w) for w in g], Fraction(0), bits)
    tight = {i for i, w in zip(support, signs, strict=True) if w}
    candidates = {PRIMAL: f}
    if unique is False:
        candidates["primal.second"] = v["second"]
        if v["second"] == f or "split" in v:
            raise RejectedError("no second minimiser is shown at primal.second")
    for place, h in candidates.items():
        require_margins(h, x, v["labels"], tight, bits, place)
        if penalized:
            require_penalized_slackness(part, h, g, place)
        else:
            require_free_slackness(part, h, g, place, bits)
    require_no_excess(f, v, bits)
    if unique:
        if len(tight) < len(support):
            raise RejectedError("a multiplier is 0, so its datum is not needed at dual.support")
        require_unique(part, v)
    if "minimum" in v:
        require_total(kink_costs(f, penalized), v["minimum"], "relation.minimum", bits)
    detail = "" if unique is None else ", the only one" if unique else ", not the only one"
    return f"the function is a classifier of least cost{detail} ({describe(part._replace(x=x))})"


def check_classification_bounds(v: Values, bits: int) -> str:
    """lower <= least cost of a classifier <= cost(f) <= upper, biases penalised, no skip."""
    _, part = supported(v, True, False)
    multiplier_signs(part, [w * abs(w) for w in v["g"]], v["sum"], bits)
    require_margins(v["function"], v["x"], v["labels"], set(), bits, PRIMAL)
    require_bounds(v, part, bits)
    return f"the least cost of a classifier is within the stated bounds ({describe(part._replace(x=v['x']))})"


def neurons(v: Values, bits: int) -> tuple[list[Any], Numbers, list[list[int]], Numbers]:
    """The units (w, b, v), w^2 + b^2 or 0 where v is, the signs of w x_i + b unit by unit, and s_i N(x_i)."""
    x, units = v["x"], v["units"]
    if len(units) * max(len(x), sum(map(len, v.get("multipliers", ())))) > MAX_EFFORT:
        raise RejectedError("there are too many points and units for this check at primal.units")
    margins = [s * total((a * max(w * t + b, Fraction(0)) for w, b, a in units), "primal.units", bits)
               for t, s in zip(x, v["labels"], strict=True)]
    inner = [[sign(w * t + b) for t in x] for w, b, _ in units]
    return units, [(w * w + b * b) * abs(sign(a)) for w, b, a in units], inner, margins


def check_kkt_point(v: Values, bits: int) -> str:
    """z_j = sign(v) (w, b)/|(w, b)| for every unit, z_j the sum of lambda_i s_i sigma'_ij (x_i, 1)."""
    x, s = v["x"], v["labels"]
    units, norms, inner, margins = neurons(v, bits)
    multipliers, least = v["multipliers"], min(margins)
    entries(multipliers, "dual.multipliers", len(x))
    if least <= 0:
        raise RejectedError(f"the margin is {show(least)} at problem.x[{margins.index(least)}]")
    for i, terms in enumerate(multipliers):
        positive = sign_of_sum(terms, f"dual.multipliers[{i}]", bits)
        if positive < 0 or (positive and margins[i] != least):
            raise RejectedError(f"a negative multiplier, or a datum not tight at dual.multipliers[{i}]")
    shares: dict[tuple[int, int], Terms] = {}
    for k, (unit, datum, share) in enumerate(v["subgradients"]):
        place = f"dual.subgradients[{k}]"
        j, i = index(unit, place, len(units)), index(datum, place, len(x))
        if (j, i) in shares or inner[j][i] or sign_of_sum(share, place, bits) < 0:
            raise RejectedError(f"not a number >= 0 where the unit vanishes, given once at {place}")
        if sign_of_sum(multipliers[i] + [(-q, d) for q, d in share], place, bits) < 0:
            raise RejectedError(f"the subgradient exceeds 1 at {place}")
        shares[j, i] = share
    for j, ((w, b, a), norm) in enumerate(zip(units, norms, strict=True)):
        if not norm:
            continue
        active = [(i, multipliers[i] if z else shares.get((j, i), [])) for i, z in enumerate(inner[j])]
        for u, factors in ((w, [t * label for t, label in zip(x, s, strict=True)]), (b, s)):
            terms = [(factors[i] * q, d) for i, share in active if inner[j][i] >= 0 for q, d in share]
            if not is_zero([*terms, (-sign(a) * u / norm, norm)], f"primal.units[{j}]", bits):
                raise RejectedError(f"the multipliers do not make the unit stationary at primal.units[{j}]")
    return f"the direction of the network is a KKT point ({count(point=len(x), unit=len(units))})"


def check_kkt_refutation(v: Values, bits: int) -> str:
    """A datum is misclassified; or vectors e_j have sum e_j.z_j <= 0 for all multipliers and subgradients,
    but sum sign(v_j) e_j.(w_j, b_j)/|(w_j, b_j)| > 0."""
    x = v["x"]
    units, norms, inner, margins = neurons(v, bits)
    if "datum" in v or "vectors" not in v:
        i = index(v.get("datum"), "dual.datum", len(x))
        if margins[i] > 0:
            raise RejectedError(f"the margin is {show(margins[i])} at problem.x[{i}]")
        return "the network does not classify the data, so its direction is no KKT point"
    vectors, least = v["vectors"], min(margins)
    entries(vectors, "dual.vectors", len(units))
    for i, (t, label) in enumerate(zip(x, v["labels"], strict=True)):
        parts = zip(vectors, norms, inner, strict=True)
        gains = [(label * (e * t + f), z[i]) for (e, f), norm, z in parts if norm and z[i] >= 0]
        most = total((g if z else max(g, Fraction(0)) for g, z in gains), f"problem.x[{i}]", bits)
        if margins[i] == least and most > 0:
            raise RejectedError(f"the multiplier of a tight datum is not excluded at problem.x[{i}]")
    live = [(e, u, norm) for e, u, norm in zip(vectors, units, norms, strict=True) if norm]
    terms = [(sign(a) * (e * w + f * b) / norm, norm) for (e, f), (w, b, a), norm in live]
    if sign_of_sum(terms, "dual.vectors", bits) <= 0:
        raise RejectedError("the vectors do not separate at dual.vectors")
    return f"the direction of the network is no KKT point ({count(point=len(x), unit=len(units))})"


# Refutations: statements about all data, each refuted by one instance (CERTIFICATES.md 7) -------------------

def minimizer(v: Values, bits: int) -> Function:
    """The unique minimal interpolant with penalised biases and a skip."""
    problem, f = Problem(v["x"], v["y"], True, True), v["function"]
    require_optimum(problem, f, v, bits)
    require_unique(problem, v)
    return Function(*f)


def refute_shape(v: Values, bits: int) -> None:
    """The minimiser has a kink in an outer gap; or is not ridgeless; or of n >= 3 points has n-2 kinks."""
    f, x = minimizer(v, bits), v["x"]
    refuted = {
        "affine-on-outer-gaps": any(t < x[1] or t > x[-2] for t in f.t),
        "minimiser-is-ridgeless": bool(forbidden_kinks(f, x, curvature_signs(x, v["y"]))),
        "at-most-n-minus-3-kinks": 3 <= len(x) < len(f.t) + 3,
    }
    if not refuted[v["statement"]]:
        raise RejectedError("the statement is true of this instance at primal.function")


def refute_sparsest(v: Values, bits: int) -> None:
    """No 4 neighbouring curvatures have one sign, and yet a competitor has fewer kinks."""
    f, rival, signs = minimizer(v, bits), v["competitor"], curvature_signs(v["x"], v["y"])
    for i in range(len(signs) - 3):
        if abs(sum(signs[i : i + 4])) == 4:
            raise RejectedError(f"4 neighbouring curvatures have one sign at problem.x[{i}]")
    require_interpolation(rival, v["x"], v["y"], bits, "primal.competitor")
    if len(rival.t) >= len(f.t):
        raise RejectedError("the competitor does not have fewer kinks at primal.competitor.kinks")


def refute_middle_gap(v: Values, bits: int) -> None:
    """The notebook's criterion and the truth differ on whether the two-kink candidate is minimal."""
    f, x, y = minimizer(v, bits), v["x"], v["y"]
    signs = curvature_signs(x, y)
    if len(x) != 6 or abs(sum(signs)) != 4:
        raise RejectedError("the statement is about 6 points with curvatures of one sign at problem")
    d = chord_slopes(x, y)
    # The lines of gaps i and i+2 meet between x_{i+1} and x_{i+2}.
    b = [w - s * u for s, u, w in zip(d, x[:-1], y[:-1], strict=True)]
    t = [(b[i + 2] - b[i]) / (d[i] - d[i + 2]) for i in (0, 2)]
    candidate = Function(d[0], b[0], t, [d[2] - d[0], d[4] - d[2]])
    inner = [signs[1] * (1 + u * w) * abs(1 + u * w) / (1 + u * u) for u, w in zip(t, x[2:4], strict=True)]
    if exceeds(ray(x[2], inner[0]), ray(x[3], inner[1])) != (f == candidate):
        raise RejectedError("the criterion is right on this instance at problem")


def refute_zeros(v: Values, bits: int) -> None:
    """An interpolant has fewer kinks than a count in which a zero does not end a run."""
    f, x, y = v["function"], v["x"], v["y"]
    require_interpolation(f, x, y, bits)
    count = length = current = 0
    for s in curvature_signs(x, y)[1:-1]:
        if s * current < 0:
            count, length = count + (length + 1) // 2, 0
        length, current = length + 1, s or current
    count += (length + 1) // 2
    if len(f.t) >= count:
        raise RejectedError(f"the count is {count}, the function has no fewer kinks at primal.function.kinks")


def refute_euclidean(v: Values, bits: int) -> None:
    """D is smaller than the Euclidean distance."""
    above = excess_above(residual(v["function"], v["split"], bits))
    below = excess_below(v["function"], v["lambda"], bits, Fraction(1))
    if sign_of_sum(below + [(-q, d) for q, d in above], "dual.lambda", bits) <= 0:
        raise RejectedError("the Euclidean distance is not shown to be larger than D at dual.lambda")


def refute_without_clause(v: Values, bits: int) -> None:
    """f meets the conditions gap by gap, and yet its total variation is not minimal."""
    f, x, y = v["function"], v["x"], v["y"]
    require_interpolation(f, x, y, bits)
    signs, d, last = curvature_signs(x, y), chord_slopes(x, y), len(x) - 1
    if not forbidden_kinks(f, x, signs):
        raise RejectedError("the total variation is minimal at primal.function")
    heights = values_at(f, f.t, bits, PRIMAL)
    for k, (i, t, c, height) in enumerate(zip(locate(f.t, x), f.t, f.c, heights, strict=True)):
        if 0 < i < last and x[i] == t:
            continue
        # On a gap f is bent to one side, so it is on that side of a line iff its kinks are.
        if not (signs[i] == sign(c) == signs[i + 1]) or any(
            sign(height - y[j] - d[j] * (t - x[j])) == -signs[i] for j in (i - 1, i + 1)
        ):
            raise RejectedError(f"the conditions exclude this kink at primal.function.kinks[{k}]")


# Lasso: parallel networks with weight decay (CERTIFICATES.md 9) ---------------------------------------------

NARROW = {"relu": range(2, 100), "leaky_relu": range(2, 3), "abs": range(2, 4), "threshold": range(2, 3)}


class Units(NamedTuple):
    """An architecture: activation, layers (0 for sign networks), leaky slope, most sign changes."""

    kind: str
    layers: int
    slope: Fraction
    switches: int

    def activate(self, v: Fraction) -> Fraction:
        """The activation of a number."""
        if self.kind == "threshold":
            return Fraction(v >= 0)
        return v if v >= 0 else -v if self.kind == "abs" else self.slope * v

    def values(self, chain: list[Numbers], x: Numbers, bits: int) -> Numbers:
        """A sub-network with unit weights at the data: each [s, c] of its chain maps f to sigma(s(f - c))."""
        if self.kind == "sign":
            return [Fraction((-1) ** sum(t <= v for (t,) in chain)) for v in x]
        for s, c in chain:
            x = [self.activate(s * total((v, -c), "primal.units", bits)) for v in x]
        return x

    def largest(self, x: Numbers, w: Numbers) -> Fraction:
        """max |w . f(X)| over all sub-networks f with unit weights, for w of sum 0 (CERTIFICATES.md 9)."""
        if self.kind in ("sign", "threshold"):
            most = min(1 if self.kind == "threshold" else self.switches, len(x))
            up = down = [Fraction(0)] * (most + 1)
            for v in w:
                up, down = (
                    [s * v + (max(a[k], b[k - 1]) if k else a[0]) for k in range(most + 1)]
                    for s, a, b in ((1, up, down), (-1, down, up))
                )
            return max(up[-1], down[-1]) / (1 if self.kind == "sign" else 2)
        if (self.kind, self.layers) == ("abs", 3):
            corners = [(a, abs(b - a)) for a in x for b in x]
            corners += [((a + b) / 2, (b - a) / 2) for a in x for b in x if a < b]
            products = ([v * abs(abs(t - a) - r) for t, v in zip(x, w, strict=True)] for a, r in corners)
            return max(abs(sum(p, Fraction(0))) for p in products)
        h, slope = [Fraction(0)], Fraction(0)
        for (t, u), v in zip(pairwise(x[::-1]), w[::-1], strict=False):
            slope += v
            h.append(h[-1] + slope * (t - u))
        if self.layers > 2:
            return max(h) - min(h)
        a, m = (Fraction(-1) if self.kind == "abs" else self.slope), h[-1]
        return max(max(abs((1 - a) * v + a * m), abs((1 - a) * v - m)) for v in h)


def architecture(v: Values) -> Units:
    """The architecture, if something is known about it."""
    kind: str = v["activation"]
    if kind == "sign":
        return Units(kind, 0, Fraction(0), index(v["switches"], "problem.switches", 10**6))
    if type(v["layers"]) is not int or v["layers"] not in NARROW[kind]:
        raise MalformedError("nothing is known for this number of layers at problem.layers")
    return Units(kind, v["layers"], v.get("slope", Fraction(0)), 0)


def require_chain(chain: list[Numbers], units: Units, place: str) -> None:
    """A sub-network: [s, c] for each hidden layer, s = 1 or -1; of a sign network [t] for each switch."""
    for i, step in enumerate(chain):
        entries(step, f"{place}[{i}]", 1 if units.kind == "sign" else 2)
    if units.kind == "sign":
        if len(chain) > units.switches:
            raise MalformedError(f"the number of switches exceeds {units.switches} at {place}")
    elif len(chain) != units.layers - 1 or any(abs(step[0]) != 1 for step in chain):
        raise MalformedError(f"expected {count(layer=units.layers - 1)} with signs 1 or -1 at {place}")


def check_lasso(v: Values, bits: int) -> str:
    """The network minimises squared loss plus beta times weight decay; for beta = 0 it is the limit."""
    units, x, y, beta, w = architecture(v), v["x"], v["y"], v["beta"], v["w"]
    if beta < 0:
        raise MalformedError("the number is negative at problem.beta")
    z, chains = [item[0] for item in v["units"]], [item[1] for item in v["units"]]
    for k, chain in enumerate(chains):
        require_chain(chain, units, f"primal.units[{k}].chain")
    effort = len(z) + sum(map(len, chains)) + min(units.switches, len(x))
    if len(x) * (effort + len(x) ** 2 * (units[:2] == ("abs", 3))) > MAX_EFFORT:
        raise RejectedError("there are too many points and units for this check at primal.units")
    common = lcm(*(a.denominator for a in z))
    if common.bit_length() > bits:
        raise RejectedError(f"the coefficients have a denominator beyond {bits} bits at primal.units")
    sums = [Fraction(0)] * len(x)
    for scale, chain in zip(z, chains, strict=True):
        scaled = scale * common
        reached = zip(sums, units.values(chain, x, bits), strict=True)
        sums = [total((s, scaled * a), "primal.units", bits) for s, a in reached]
    outputs, norm = [s / common for s in sums], total(map(abs, z), "primal.units", bits)
    rest = [b - a - v["bias"] for a, b in zip(outputs, y, strict=True)]
    if total(w, "dual.w", bits):
        raise RejectedError("the sum is not 0 at dual.w")
    if units.largest(x, w) > 1:
        raise RejectedError("a sub-network has a larger product than 1 at dual.w")
    if total((a * v for a, v in zip(outputs, w, strict=True)), "dual.w", bits) != norm:
        raise RejectedError("a unit is not tight, primal and dual differ at primal.units")
    if beta and any(r != beta * v for r, v in zip(rest, w, strict=True)):
        raise RejectedError("the residual is not beta times the dual at dual.w")
    if not beta and (total(rest, "primal.bias", bits) or units.largest(x, rest)):
        raise RejectedError("the fit is not a least-squares fit at primal.units")
    if "minimum" in v:
        loss = total((r * r for r in rest), "relation.minimum", bits) / 2
        require_total([(loss + beta * norm, Fraction(1))], v["minimum"], "relation.minimum", bits)
    name = units.kind + (f", {units.layers} layers" if units.layers else f", switches <= {units.switches}")
    return f"the network is optimal at beta = {show(beta)} ({count(point=len(x))}, {name})"


# Dispatch ---------------------------------------------------------------------------------------------------

VARIANT = "x y penalize_bias skip"
EXACT = "free:g penalized:signed_squares"
LASSO = ("?:minimum", "bias units/parallel", "w")
MINIMIZER = ("x y", "statement", "function", "signed_squares")
# Claim, and the fields of problem, relation, primal and dual, with their MARKS.
CLAIMS: dict[str, tuple[Callable[[Values, int], str | None], str, str, str, str]] = {
    "interpolation": (check_interpolation, "x y", "", "function", ""),
    "representation_cost": (check_cost, "penalize_bias skip", "cost", "function excess:split",
                            "excess:lambda"),
    "optimality": (check_optimality, VARIANT, "?:minimum", "function excess:split", EXACT),
    "uniqueness": (check_uniqueness, VARIANT, "", "function excess:split", EXACT),
    "non_uniqueness": (check_non_uniqueness, VARIANT, "", "function second", EXACT),
    "optimality_bounds": (check_bounds, VARIANT, "lower upper", "function excess:split", "g excess:sum"),
    "ridgeless_membership": (check_membership, "x y", "", "function", ""),
    "ridgeless_non_membership": (check_non_membership, "x y", "", "function", "?:datum ?:kink"),
    "classification": (check_classification, "x labels penalize_bias skip", "?:minimum ?:unique",
                       "function excess:split two:second", f"support {EXACT}"),
    "classification_bounds": (check_classification_bounds, "x labels", "lower upper", "function split",
                              "support g sum"),
    "kkt_point": (check_kkt_point, "x labels", "", "units", "multipliers subgradients"),
    "kkt_refutation": (check_kkt_refutation, "x labels", "", "units", "?:datum ?:vectors"),
    **dict.fromkeys(["lasso: relu", "lasso: abs", "lasso: threshold"],
                    (check_lasso, "x y beta activation layers", *LASSO)),
    "lasso: leaky_relu": (check_lasso, "x y beta activation layers slope", *LASSO),
    "lasso: sign": (check_lasso, "x y beta activation switches", *LASSO),
    "impossibility": (check_impossibility, SIZES, "", "", ""),
    **dict.fromkeys(["refutation: affine-on-outer-gaps", "refutation: minimiser-is-ridgeless",
                     "refutation: at-most-n-minus-3-kinks"], (refute_shape, *MINIMIZER)),
    "refutation: sparsest-without-6-points": (refute_sparsest, "x y", "statement", "function competitor",
                                              "signed_squares"),
    "refutation: middle-gap-criterion": (refute_middle_gap, *MINIMIZER),
    "refutation: zeros-continue-runs": (refute_zeros, "x y", "statement", "function", ""),
    "refutation: plain-euclidean-excess": (refute_euclidean, "", "statement", "function split", "lambda"),
    "refutation: ridgeless-without-data-clause": (refute_without_clause, "x y", "statement", "function", ""),
}  # fmt: skip
# Claims that depend on the value of a field of the named part.
DEPENDENT = {"refutation": ("relation", "statement"), "lasso": ("problem", "activation")}
PARTS = ("problem", "relation", "primal", "dual")


def prove(document: Any, max_digits: int) -> str:
    """What the document proves, or RejectedError or MalformedError."""
    fields(document, "the document", ("schema", "claim", *PARTS))
    schema, claim = document["schema"], document["claim"]
    if schema != SCHEMA:
        raise MalformedError(f"the schema {show_text(schema)} is not {SCHEMA} at schema")
    if type(claim) is str and claim in DEPENDENT:
        part, name = DEPENDENT[claim]
        value = fields(document[part], part, (name,), document[part])[name]
        claim = f"{claim}: {value}" if type(value) is str else claim
        if claim not in CLAIMS:
            raise MalformedError(f"the {name} {show_text(value)} is unknown at {part}.{name}")
    elif type(claim) is not str or ":" in claim or claim not in CLAIMS:
        raise MalformedError(f"the claim {show_text(claim)} is unknown at claim")
    check, *formats = CLAIMS[claim]
    values = read(document, dict(zip(PARTS, formats, strict=True)), max_digits)
    said = check(values, 4 * max_digits)
    return said or f'the instance refutes the statement "{claim[12:]}"'


def judge(source: Any, digits: int = MAX_DIGITS, reader: Callable[..., Any] | None = None) -> tuple[int, str]:
    """The verdict on a document, or on what the reader makes of its path: exit code and line."""
    try:
        return 0, f"accepted: {prove(reader(source) if reader else source, digits)}"
    except RejectedError as error:
        return 1, f"rejected: {error}"
    except MalformedError as error:
        return 2, f"rejected: malformed certificate: {error}"
    except OSError as error:
        return 2, f"rejected: cannot read the file: {error.strerror}"
    except MemoryError:
        return 2, "rejected: not enough memory for this certificate"


def main(arguments: list[str]) -> int:
    """Check the file named on the command line."""
    digits = MAX_DIGITS
    if len(arguments) == 3 and arguments[0] == "--max-digits" and arguments[1].isdecimal():
        digits, arguments = int(arguments[1][:9]), arguments[2:]
    if len(arguments) != 1:
        print("usage: python -I checker.py [--max-digits N] FILE", file=sys.stderr)
        return 2
    code, line = judge(arguments[0], digits, read_document)
    try:
        print(line, flush=True)
    except OSError:  # nobody can read it; the exit code is still the verdict
        sys.stdout = None
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
