# ruff: noqa: E501  (tables of long lines)
"""What the checker must print for which command line: the corpus, and files made to exhaust it."""

import io
import json
from contextlib import redirect_stderr, redirect_stdout
from fractions import Fraction
from math import isqrt
from pathlib import Path
from typing import NamedTuple

from gmpy2 import mpz

HERE = Path(__file__).parent
MALFORMED = "rejected: malformed certificate: "


class Case(NamedTuple):
    """Arguments of the program, its exit code and its line on stdout."""

    name: str
    arguments: list[str]
    code: int
    line: str


def corpus() -> list[Case]:
    """The files of `correct/` and `incorrect/`."""
    cases = []
    for folder in ("correct", "incorrect"):
        index = json.loads((HERE / folder / "index.json").read_text())
        for name, verdict in sorted(index.items()):
            path = HERE / folder / f"{name}.json"
            cases.append(Case(f"{folder}/{name}", [str(path)], verdict["code"], verdict["line"]))
    return cases


def run(main, arguments: list[str]) -> tuple[int, str]:
    """Exit code and stdout of the checker's `main`, in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = main(arguments)
    return code, out.getvalue().removesuffix("\n")


def certificate(claim, problem, relation=None, function=None, dual=None, **primal):
    function = function or {"slope": "0", "intercept": "0", "kinks": []}
    return {
        "schema": "exactrelu/certificate/1",
        "claim": claim,
        "problem": problem,
        "relation": relation or {},
        "primal": {"function": function, **primal},
        "dual": dual or {},
    }


SKIP = {"x": ["0"], "y": ["0"], "penalize_bias": True, "skip": True}


def interpolation(**changes):
    return certificate("interpolation", {"x": ["0"], "y": ["0"], **changes})


def sum_of_kinks(kinks, cost):
    function = {"slope": "0", "intercept": "0", "kinks": kinks}
    return certificate(
        "representation_cost", {"penalize_bias": False, "skip": True}, {"cost": cost}, function
    )


def root_two(extra_bits):
    """An upper bound of sqrt 2 that is too large by less than 2^-extra_bits."""
    return f"{mpz(isqrt(2 << 2 * extra_bits) + 1)}/{mpz(1 << extra_bits)}"


def root_bound(upper, lower="0"):
    kinks = {"slope": "0", "intercept": "0", "kinks": [["1", "1"]]}
    return certificate("optimality_bounds", SKIP, {"lower": lower, "upper": upper}, kinks, {"g": ["0"]})


def alike(count):
    """Radicands 1 + k P in many square classes that no character of the checker tells apart."""
    product = 1
    for p in (
        83,
        89,
        97,
        101,
        103,
        107,
        109,
        113,
        127,
        131,
        137,
        139,
        149,
        151,
        157,
        163,
        167,
        173,
        179,
        181,
    ):
        product *= p
    terms = [["1", str(1 + k * product)] for k in range(1, count + 1)]
    minimum = {"terms": terms + [[f"-{q}", d] for q, d in terms]}
    return certificate("optimality", SKIP, {"minimum": minimum}, None, {"signed_squares": ["0"]})


INTERPOLATES = "accepted: the function interpolates the data (1 point)"
BOUNDED = "accepted: the minimum is within the stated bounds (1 point, biases penalised, skip)"
OPTIMAL = "accepted: the function is a minimal interpolant and has the stated cost (1 point, biases penalised, skip)"
COSTS = "representation cost"
TOO_LONG = "rejected: the coefficients have a denominator beyond 4 bits at primal.units"
TOO_MANY = "rejected: there are too many points and units for this check at primal.units"
TOO_LARGE = "the numbers are too large for this check at problem"
# 100 points times 20,000: units and their steps, with what the search for the largest product takes.
UNITS = [
    ("relu-2", ("relu", 10_000, 1), {"layers": 2}),
    ("relu-4", ("relu", 5_000, 3), {"layers": 4}),
    ("abs-2", ("abs", 10_000, 1), {"layers": 2}),
    ("abs-3", ("abs", 3_333, 2), {"layers": 3}),
    ("sign-2", ("sign", 9_999, 1), {"switches": 2}),
    ("sign-1000", ("sign", 9_950, 1), {"switches": 1000}),
]


def many_units(activation, units, steps, **kind):
    """100 points, and many units with coefficients whose common denominator is too long with --max-digits 1."""
    x = sorted({Fraction(s * p, q) for s in (1, -1) for p in range(10) for q in range(1, 10)})[:100]
    step = ["0"] if activation == "sign" else ["1", "0"]
    chains = [{"z": f"1/{k % 9 + 1}", "chain": [step] * steps} for k in range(units)]
    problem = {"x": [str(v) for v in x], "y": ["0"] * 100, "beta": "1", "activation": activation, **kind}
    document = certificate("lasso", problem, dual={"w": ["0"] * 100}, units=chains, bias="0")
    del document["primal"]["function"]
    return document


def many_terms(units, terms):
    """A unit for each of many multipliers' terms, and a datum on the wrong side."""
    problem = {"x": ["0"], "labels": ["-1"]}
    dual = {"multipliers": [{"terms": [["1", "2"]] * terms}], "subgradients": []}
    return {**certificate("kkt_point", problem, dual=dual), "primal": {"units": [["0", "1", "1"]] * units}}


def lasso(x, chains):
    """A network of three layers, a unit of norm 1 for each chain."""
    problem = {"x": x, "y": ["0"] * len(x), "beta": "1", "activation": "relu", "layers": 3}
    units = [{"z": "1", "chain": chain} for chain in chains]
    primal = {"units": units, "bias": "0"}
    return {**certificate("lasso", problem, dual={"w": ["1"] * len(x)}), "primal": primal}


def too_small(width, depth):
    sizes = {"width": width, "depth": depth, "parameters": 9, "groups": 1, "group_size": 1}
    return {**certificate("impossibility", {name: str(v) for name, v in sizes.items()}), "primal": {}}


def hostile(folder: Path) -> list[Case]:
    """Cases too large for the corpus; their files are written into `folder`."""
    long, many = "1" * 100_000, 10**6
    nines = "9" * 700
    texts = {
        "deep-lists": ("[" * many, [], 2, MALFORMED + "the nesting is too deep at the JSON text"),
        "deep-objects": ('{"a":' * many, [], 2, MALFORMED + "the nesting is too deep at the JSON text"),
        "commas": ("[" + "0," * 5_000_001 + "0]", [], 2,
                   MALFORMED + "the file has more than 5000000 entries at the JSON text"),
        "brackets": ("[" + "[[[[[[[[[[]]]]]]]]]]," * 500_001 + "0]", [], 2,
                     MALFORMED + "the file has more than 5000000 entries at the JSON text"),
        "not-utf-8": (b'{"schema": "\xff"}', [], 2, MALFORMED + "not UTF-8 at byte 12 of the JSON text"),
        "byte-order-mark": (b"\xef\xbb\xbf{}", [], 2,
                            MALFORMED + "not JSON (Unexpected UTF-8 BOM (decode using utf-8-sig)) at line 1"),
        "many-points": (interpolation(x=["0"] * many, y=["0"] * many), [], 2,
                        MALFORMED + "the list has 1000000 entries, more than 500000 at problem.x"),
        "many-terms": (sum_of_kinks([], {"terms": [["1", "2"]] * many}), [], 2,
                       MALFORMED + "the list has 1000000 entries, more than 500000 at relation.cost.terms"),
        "500001-entries": (interpolation(x=["0"] * 500_001), [], 2,
                           MALFORMED + "the list has 500001 entries, more than 500000 at problem.x"),
        "500000-entries": (interpolation(x=["0"] * 500_000), [], 2,
                           MALFORMED + "the values do not increase strictly at problem.x[1]"),
        "digits": (interpolation(x=[long + "1"]), [], 2, MALFORMED + "the number has more than 100000 digits at problem.x[0]"),
        "digits-below": (interpolation(x=["1/" + long + "1"]), [], 2,
                         MALFORMED + "the number has more than 100000 digits at problem.x[0]"),
        "digits-both": (interpolation(x=["-" + long + "/" + long + "1"]), [], 2,
                        MALFORMED + "the number has more than 100000 digits at problem.x[0]"),
        "digits-of-all": (interpolation(x=["-" + long * 3]), [], 2,
                          MALFORMED + "the number has more than 100000 digits at problem.x[0]"),
        "digits-allowed": (interpolation(x=["-" + long + "/" + long]), [], 0, INTERPOLATES),
        "digits-7": (interpolation(x=["1234567"]), ["--max-digits", "6"], 2,
                     MALFORMED + "the number has more than 6 digits at problem.x[0]"),
        "digits-6": (interpolation(x=["-123456/654321"]), ["--max-digits", "6"], 0, INTERPOLATES),
        "digits-raised": (interpolation(x=[long + "1"]), ["--max-digits", "100001"], 0, INTERPOLATES),
        "digits-words": (interpolation(x=["x" * 6]), ["--max-digits", "6"], 2,
                         MALFORMED + "'xxxxxx' is not a number such as \"3/4\" at problem.x[0]"),
        "digits-of-words": (interpolation(x=["x" * 7]), ["--max-digits", "6"], 2,
                            MALFORMED + "the number has more than 6 digits at problem.x[0]"),
        "long-parts": (certificate("interpolation", {"x": ["0"], "y": [nines]}, None,
                                   {"slope": "0", "intercept": "1" + "0" * 700, "kinks": [["-1", "-1"]]}), [], 0, INTERPOLATES),
        **{f"effort-{label}-allowed": (many_units(*made, **kind), ["--max-digits", "1"], 1, TOO_LONG)
           for label, made, kind in UNITS},
        **{f"effort-{label}": (many_units(made[0], made[1] + 1, made[2], **kind), ["--max-digits", "1"], 1, TOO_MANY)
           for label, made, kind in UNITS},
        "effort-kkt": ({**certificate("kkt_point", {"x": [str(i) for i in range(100)], "labels": ["1"] * 100}, dual={
            "multipliers": [], "subgradients": []}), "primal": {"units": [["1", "1", "1"]] * 20_001}}, [], 1, TOO_MANY),
        "effort-kkt-terms": (many_terms(101, 20_000), [], 1, TOO_MANY),
        "effort-kkt-terms-allowed": (many_terms(100, 20_000), [], 1, "rejected: the margin is -100 at problem.x[0]"),
        "effort-kkt-few-terms": (many_terms(1, 20_000), [], 1, "rejected: the margin is -1 at problem.x[0]"),
        "chain-too-long": (lasso(["0"], [[["1", "-1/7"], ["1", "-1/5"]]]), ["--max-digits", "1"], 1,
                           "rejected: the sum has a denominator of more than 4 bits at primal.units"),
        "chain-just-fits": (lasso(["0"], [[["1", "-1/5"], ["1", "-1/3"]]]), ["--max-digits", "1"], 1,
                            "rejected: the sum is not 0 at dual.w"),
        "outputs-too-long": (lasso(["0"], [[["1", "-1/7"], ["1", "0"]], [["1", "-1/5"], ["1", "0"]]]),
                             ["--max-digits", "1"], 1,
                             "rejected: the sum has a denominator of more than 4 bits at primal.units"),
        "outputs-just-fit": (lasso(["0"], [[["1", "-1/5"], ["1", "0"]], [["1", "-1/3"], ["1", "0"]]]),
                             ["--max-digits", "1"], 1, "rejected: the sum is not 0 at dual.w"),
        "network-width-8": (too_small(8, 1), ["--max-digits", "2"], 1, "rejected: counting does not exclude it at problem"),
        "network-width-9": (too_small(9, 1), ["--max-digits", "2"], 1, "rejected: " + TOO_LARGE),
        "network-depth-8": (too_small(1, 8), ["--max-digits", "2"], 1, "rejected: counting does not exclude it at problem"),
        "network-depth-9": (too_small(1, 9), ["--max-digits", "2"], 1, "rejected: " + TOO_LARGE),
        "commas-allowed": ("[" + "0," * 4_999_999 + "0]", [], 2, MALFORMED + "an object was expected, not list at the document"),
        "alike-100": (alike(100), [], 0, OPTIMAL),
        "alike-101": (alike(101), [], 1, "rejected: too many radicands look alike at relation.minimum"),
        "settled": (root_bound(root_two(40_000)), [], 0, BOUNDED),
        "unsettled": (root_bound(root_two(70_000)), [], 1,
                      "rejected: the sign of a sum is not settled by 65536 bits at primal.function"),
        "sum-fits": (sum_of_kinks([["0", "1/1023"], ["1", "1/1024"]], "2047/1047552"), ["--max-digits", "7"], 0,
                     "accepted: the function (2 kinks) has the stated " + COSTS),
        "sum-too-long": (sum_of_kinks([["0", "1/32768"], ["1", "1/16383"]], "0"), ["--max-digits", "7"], 1,
                         "rejected: the sum has a denominator of more than 28 bits at relation.cost"),
        "sum-just-fits": (sum_of_kinks([["0", "1/16384"], ["1", "1/16383"]], "0"), ["--max-digits", "7"], 1,
                          "rejected: the stated number is not the total at relation.cost"),
        "line-too-long": (certificate("interpolation", {"x": ["5"], "y": ["0"]}, None, {
            "slope": "0", "intercept": "0", "kinks": [["0", "1/32768"], ["1", "1/16383"]]}), ["--max-digits", "7"], 1,
            "rejected: the line outgrows 28 bits at primal.function.kinks[1]"),
        "line-just-fits": (certificate("interpolation", {"x": ["5"], "y": ["0"]}, None, {
            "slope": "0", "intercept": "0", "kinks": [["0", "1/16384"], ["1", "1/16383"]]}), ["--max-digits", "7"], 1,
            "rejected: primal.function(x) = 147451/268419072 misses y = 0 at problem.y[0]"),
        "intercept-too-long": (certificate("interpolation", {"x": ["5"], "y": ["0"]}, None, {
            "slope": "0", "intercept": "0", "kinks": [["1/32768", "1"], ["1/16383", "2"]]}), ["--max-digits", "7"], 1,
            "rejected: the line outgrows 28 bits at primal.function.kinks[1]"),
    }  # fmt: skip
    cases = []
    for name, (content, options, code, line) in texts.items():
        path = folder / f"{name}.json"
        raw = content if isinstance(content, bytes) else (
            content if isinstance(content, str) else json.dumps(content)
        ).encode()  # fmt: skip
        path.write_bytes(raw)
        cases.append(Case(name, [*options, str(path)], code, line))
    example = str(HERE / "correct" / "interpolation-one-point.json")
    return [
        *cases,
        Case(
            "endless", ["/dev/zero"], 2, MALFORMED + "the file has more than 100000000 bytes at the JSON text"
        ),
        Case(
            "no-file",
            [str(folder / "missing")],
            2,
            "rejected: cannot read the file: No such file or directory",
        ),
        Case("a-folder", [str(folder)], 2, "rejected: cannot read the file: Is a directory"),
        Case("no-arguments", [], 2, ""),
        Case("two-files", [example, example], 2, ""),
        Case("three-files", [example, "7", example], 2, ""),
        Case("digits-without-file", ["--max-digits", "7"], 2, ""),
        Case("digits-two-files", ["--max-digits", "7", example, example], 2, ""),
        Case("other-option", ["--digits", "7", example], 2, ""),
        Case("digits-no-number", ["--max-digits", "x", example], 2, ""),
        Case("digits-negative", ["--max-digits", "-1", example], 2, ""),
        Case("digits-given", ["--max-digits", "7", example], 0, INTERPOLATES),
        Case("digits-huge", ["--max-digits", "9" * 5000, example], 0, INTERPOLATES),
    ]
