"""The checker on the corpus and on hostile files: the line and the exit code."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import oracle
import pytest
from cases import Case, corpus, hostile, run

from exactrelu import checker

CORPUS = corpus()
PROGRAM = Path(checker.__file__)


@pytest.fixture(scope="module")
def hostile_cases(tmp_path_factory):
    return hostile(tmp_path_factory.mktemp("hostile"))


def test_there_is_a_corpus():
    assert sum(case.code == 0 for case in CORPUS) >= 250
    assert sum(case.code == 1 for case in CORPUS) >= 120
    assert sum(case.code == 2 for case in CORPUS) >= 100


@pytest.mark.parametrize("case", CORPUS, ids=lambda case: case.name)
def test_corpus(case: Case):
    assert run(checker.main, case.arguments) == (case.code, case.line)


@pytest.mark.parametrize("case", [c for c in CORPUS if c.code < 2], ids=lambda case: case.name)
def test_oracle_agrees(case: Case):
    document = checker.read_document(case.arguments[0])
    proved = oracle.holds(document)
    # These duals are too weak to show a uniqueness that holds; the others are true, but too large.
    weak = ("unique-free-outside", "classifier-needless-datum")
    weak += ("counting-huge-group_size", "counting-huge-groups")
    assert proved == (case.code == 0 or case.name.removeprefix("incorrect/") in weak)


def test_hostile_files_come_to_an_end(hostile_cases):
    for case in hostile_cases:
        assert run(checker.main, case.arguments) == (case.code, case.line), case.name


def test_runs_alone(hostile_cases, tmp_path):
    """As a program, isolated, from a copy: one line, no traceback, the right exit code."""
    copy = tmp_path / "checker.py"
    copy.write_bytes(PROGRAM.read_bytes())
    picked = [c for c in CORPUS if c.name.endswith(("example-1", "dual-sign", "x-unsorted", "arabic"))]
    for case in picked + [c for c in hostile_cases if c.name.startswith(("deep", "digits-a", "no-", "two"))]:
        result = subprocess.run(
            [sys.executable, "-I", str(copy), *case.arguments],
            capture_output=True, text=True, cwd=tmp_path, env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        assert (result.returncode, result.stdout.removesuffix("\n")) == (case.code, case.line)
        assert "\n" not in result.stdout.removesuffix("\n")
        assert result.stderr in ("", "usage: python -I checker.py [--max-digits N] FILE\n")


@pytest.mark.parametrize("name", ["interpolation-one-point", "x-unsorted"])
def test_verdict_stands_when_nobody_can_read_it(name):
    case = next(c for c in CORPUS if c.name.endswith(name))
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-I", str(PROGRAM), *case.arguments]
        result = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True)
    assert (result.returncode, result.stderr) == (case.code, "")


def test_uses_the_standard_library_only():
    text = PROGRAM.read_text()
    modules = {line.split()[1] for line in text.splitlines() if line.startswith(("import ", "from "))}
    assert modules <= {"json", "sys", "collections.abc", "fractions", "itertools", "math", "typing"}
    lines = text.splitlines()
    assert len(lines) <= 1200
    nodes = list(ast.walk(ast.parse(text)))
    functions = [n for n in nodes if isinstance(n, ast.FunctionDef)]
    assert max(n.end_lineno - n.lineno + 1 for n in functions) <= 60
    assert not [n for n in nodes if isinstance(n, ast.Constant) and isinstance(n.value, float)]
    assert not [n for n in nodes if isinstance(n, ast.Name) and n.id in ("float", "round", "eval", "exec")]


def test_leaves_the_digit_limit_alone(tmp_path):
    before = sys.get_int_max_str_digits()
    try:
        for limit in (640, 4300, 0):
            sys.set_int_max_str_digits(limit)
            case = next(c for c in CORPUS if c.name == "correct/long-numbers")
            assert run(checker.main, case.arguments) == (case.code, case.line)
            assert sys.get_int_max_str_digits() == limit
    finally:
        sys.set_int_max_str_digits(before)
