"""`exactrelu interpolate`, against the Python interface and the checker."""

import json
import os
import subprocess
import sys
from itertools import product
from pathlib import Path

import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu import checker
from exactrelu.certificates import CheckReport
from exactrelu.cli.data import read_data

DATA = Path(__file__).parents[1] / "data"
NILE, CO2 = str(DATA / "nile.csv"), str(DATA / "co2_weekly.csv")
KEYS = ["certified", "cost", "intercept", "kinks", "schema", "slope", "unique"]
CONVEX = "x,y\n0,0\n1,0\n2,1\n3,3\n4,6\n"


def answer(result):
    """The parsed output of --json, its form checked."""
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    assert sorted(document) == KEYS
    assert document["schema"] == "exactrelu/interpolant/1"
    assert document["certified"] is True
    return document


def cost(document):
    """A cost of JSON as a number."""
    value = document["cost"]
    if isinstance(value, str):
        return mpq(value)
    return er.RadicalSum.from_json(value) if "terms" in value else er.Enclosure.from_json(value)


@pytest.mark.parametrize("path", [NILE, CO2])
@pytest.mark.parametrize(("free_bias", "no_skip"), list(product([True, False], repeat=2)))
def test_real_data_in_all_variants(run, path, free_bias, no_skip):
    options = ["--free-bias"] * free_bias + ["--no-skip"] * no_skip
    document = answer(run("interpolate", path, "--json", *options))
    points, f = read_data(path).points, er.PiecewiseLinear.from_json(document)
    assert f.values_at_sorted(points.x) == list(points.y)
    minimal = er.representation_cost(f, penalize_bias=not free_bias, skip=not no_skip)
    if isinstance(cost(document), er.Enclosure):
        assert cost(document).contains(minimal)
    else:
        assert cost(document) == minimal
    assert document["unique"] is (not free_bias)


def test_nile_in_words(run):
    result = run("interpolate", "--free-bias", NILE)
    assert (result.exit_code, result.stderr) == (0, "")
    s = er.min_norm_interpolant(*columns(NILE), penalize_bias=False)
    lines = result.stdout.splitlines()
    assert lines[0].split() == ["kink", "location", "(rounded)", "slope", "change"]
    table = [line.split() for line in lines[1 : 1 + len(s.function.kinks)]]
    assert [(mpq(t), mpq(c)) for _, t, _, c in table] == list(s.function.kinks)
    assert "data          volume over year: 100 points, 1871 to 1970" in lines
    assert f"minimal norm  {s.cost}" in lines
    assert "unique        no" in lines
    assert "certified     yes" in lines


def columns(path):
    points = read_data(path).points
    return points.x, points.y


def test_short_numbers_are_exact_in_words(run):
    assert run("interpolate", "-", stdin=CONVEX).stdout == (
        "kink  location         (rounded)  slope change  (rounded)\n"
        "   1     28/19  1.47368421052632         19/10        1.9\n"
        "   2     32/11  2.90909090909091         11/10        1.1\n"
        "\n"
        "data          y over x: 5 points, 0 to 4\n"
        "biases        penalised\n"
        "skip          free\n"
        "kinks         2\n"
        "first piece   0\n"
        "last piece    3 * x - 6\n"
        "minimal norm  sqrt(1145)/5 ~ 6.76756972627545227274132159015\n"
        "unique        yes\n"
        "certified     yes\n"
    )


@pytest.mark.parametrize(
    ("data", "slope", "intercept"),
    [
        ("5,7\n", "0", "7"),
        ("5,7\n5,7\n5,7.0\n", "0", "7"),
        ("5,7\n6,9\n", "2", "-3"),
        ("1,3\n2,3\n4,3\n9,3\n", "0", "3"),
        ("0,1/3\n1,2/3\n2,1\n7,8/3\n", "1/3", "1/3"),
    ],
)
@pytest.mark.parametrize("options", [[], ["--free-bias"]])
def test_affine_data(run, data, slope, intercept, options):
    document = answer(run("interpolate", "-", "--json", *options, stdin=data))
    assert (document["kinks"], document["slope"], document["intercept"]) == ([], slope, intercept)
    assert document["cost"] == "0"
    assert document["unique"] is (read_points(data) > 1)
    text = run("interpolate", "-", *options, stdin=data)
    assert text.exit_code == 0
    assert f"{read_points(data)} point" in text.stdout
    assert "function" in text.stdout
    assert "certified     yes" in text.stdout


def read_points(data):
    return len({line.split(",")[0] for line in data.split()})


@pytest.mark.parametrize("options", [["--no-skip"], ["--no-skip", "--free-bias"]])
def test_affine_data_without_skip(run, options):
    for data in ("5,7\n", "5,7\n6,9\n", "1,3\n2,3\n4,3\n9,3\n", "-1,0\n0,0\n"):
        document = answer(run("interpolate", "-", "--json", *options, stdin=data))
        f = er.PiecewiseLinear.from_json(document)
        points = [tuple(map(mpq, line.split(","))) for line in data.split()]
        assert [f(x) for x, _ in points] == [y for _, y in points]


def test_tolerance(run):
    for tolerance in ("1e-3", "1/10000000000"):
        document = answer(run("interpolate", "-", "--tolerance", tolerance, "--json", stdin=CONVEX))
        assert set(document["cost"]) == {"lower", "upper"}
        assert cost(document).relative_width <= er.rational(tolerance)
        assert cost(document).contains(er.sqrt(1145) / 5)
    text = run("interpolate", "-", "--tolerance", "1e-9", stdin=CONVEX).stdout
    line = next(line for line in text.splitlines() if line.startswith("minimal norm"))
    _, low, _, high = line.removeprefix("minimal norm").split()
    assert er.Enclosure(low, high).contains(er.sqrt(1145) / 5)


def test_certificate_file(run, tmp_path):
    result = run("interpolate", "-", "--certificate", "c.json", stdin=CONVEX)
    assert result.exit_code == 0
    assert run("check", "c.json").stdout.startswith("accepted: ")
    command = [sys.executable, "-I", checker.__file__, "c.json"]
    alone = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (alone.returncode, alone.stdout) == (0, run("check", "c.json").stdout)
    assert [path.name for path in tmp_path.iterdir()] == ["c.json"]


@pytest.mark.parametrize(
    ("data", "options", "says"),
    [
        (CONVEX, [], "the function is the only minimal interpolant"),
        (CONVEX, ["--free-bias"], "the two functions are different minimal interpolants"),
        ("1,2\n", [], "the two functions are different minimal interpolants"),
    ],
)
def test_uniqueness_file(run, tmp_path, data, options, says):
    assert run("interpolate", "-", "--uniqueness", "u.json", *options, stdin=data).exit_code == 0
    assert says in run("check", "u.json").stdout


def test_uniqueness_that_nobody_decided(run, tmp_path):
    options = ["--no-skip", "--uniqueness", "u.json", "--certificate", "c.json"]
    result = run("interpolate", "-", *options, stdin="0,1\n1,2\n2,0\n")
    assert result.exit_code == 2
    assert "--uniqueness has nothing to write" in result.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "extent"),
    [
        ("0,0\n1,1\n1,1.0\n", "2 points, 0 to 1 (1 row repeats another)"),
        ('{"x": [0, "0", "0/1"], "y": [1, 1, 1]}', "1 point, 0 (2 rows repeat others)"),
    ],
)
def test_repeated_rows_are_counted(run, data, extent):
    assert f"data          y over x: {extent}\n" in run("interpolate", "-", stdin=data).stdout


def test_uniqueness_of_an_approximation(run, tmp_path):
    result = run("interpolate", "-", "--uniqueness", "u.json", "--tolerance", "1e-6", stdin=CONVEX)
    assert result.exit_code == 2
    assert "--uniqueness proves it of an exact answer, and --tolerance asks for another" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_certified_only_when_the_checker_accepts(run, monkeypatch):
    report = CheckReport(False, "rejected: something at primal.kinks[0]", 1)
    monkeypatch.setattr("exactrelu.certificates.check", lambda *_, **__: report)
    result = run("interpolate", "-", "--json", stdin=CONVEX)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["certified"] is False
    assert result.stderr.startswith("error: ")
    assert report.message in result.stderr
    assert "certified     no" in run("interpolate", "-", stdin=CONVEX).stdout


@pytest.mark.parametrize("option", ["--certificate", "--plot"])
def test_output_that_cannot_be_written(refused, tmp_path, option):
    (tmp_path / "d.svg").mkdir()
    (tmp_path / "f").write_text("")
    for place in ("no/such/directory.svg", "d.svg", "f/g.svg", "n" * 300 + ".svg"):
        assert refused("interpolate", "-", option, place, stdin=CONVEX).startswith(
            f"cannot write '{place}': "
        )
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.svg", "f"]


@pytest.mark.parametrize("option", ["--certificate", "--uniqueness", "--plot"])
def test_what_cannot_be_written_is_said_before_anything_is_solved(refused, tmp_path, monkeypatch, option):
    def solve(*_, **__):
        raise AssertionError("solved")

    monkeypatch.setattr("exactrelu.interpolation.solve.interpolate", solve)
    (tmp_path / "link.svg").symlink_to("no/such/place.svg")
    others = {"--certificate": "c.json", "--uniqueness": "u.json", "--plot": "p.svg"}
    for place, reason in (
        ("link.svg", "no such file or directory"),
        ("no/f.svg", f"the directory '{tmp_path / 'no'}' does not exist"),
        ("n" * 300 + ".svg", "file name too long"),
        ("", "it has no name"),
    ):
        options = [word for pair in (others | {option: place}).items() for word in pair]
        assert refused("interpolate", "-", *options, stdin=CONVEX) == f"cannot write {place!r}: {reason}"
    assert [path.name for path in tmp_path.iterdir()] == ["link.svg"]


def test_an_option_is_not_the_name_of_a_file(refused, tmp_path):
    (tmp_path / "bend.csv").write_text("0,0\n1,0\n2,1\n")
    assert refused("interpolate", "--uniqueness", "--certificate", "bend.csv") == (
        "--certificate looks like an option where the name of an output file is expected; "
        "write ./--certificate for a file of that name"
    )
    assert [p.name for p in tmp_path.iterdir()] == ["bend.csv"]


def test_a_picture_of_an_unknown_kind(refused):
    assert ".png, .pdf, .svg" in refused("interpolate", "-", "--plot", "f.jpeg", stdin=CONVEX)


def test_without_matplotlib(refused, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.setitem(sys.modules, "exactrelu.plotting.picture", None)  # it may have been imported before
    assert "pip install '.[plot]'" in refused("interpolate", "-", "--plot", "f.png", stdin=CONVEX)


def test_numbers_that_cannot_be_drawn(refused, tmp_path):
    data = "0,1e400\n1,0\n2,0\n"
    options = ["--free-bias", "--certificate", "c.json", "--plot", "f.png"]
    assert "too large to be drawn" in refused("interpolate", "-", *options, stdin=data)
    assert list(tmp_path.iterdir()) == []


SMOOTH = "".join(f"{i / 500!r},{1.01 ** (i + i / 3)!r}\n" for i in range(1500))


def test_budgets_advise_a_tolerance(refused, run):
    for budget in (["--timeout", "0.5"], ["--max-bits", "1000"]):
        assert "--tolerance" in refused("interpolate", "-", *budget, stdin=SMOOTH)
    assert run("interpolate", "-", "--tolerance", "1e-9", "--max-bits", "1000", stdin=SMOOTH).exit_code == 0
    said = refused("interpolate", "-", "--no-skip", "--timeout", "0.05", stdin=SMOOTH)
    assert said.endswith("allow more time, or a larger --tolerance (it is 1e-12 by default)")


def test_max_digits(refused, run):
    data = f"0,0\n{'1' * 60},1\n"
    assert "more than 59 digits; --max-digits allows more" in refused(
        "interpolate", "-", "--max-digits", "59", stdin=data
    )
    answer(run("interpolate", "-", "--max-digits", "60", "--free-bias", "--json", stdin=data))


@pytest.mark.parametrize(
    ("command", "content"),
    [
        ("interpolate --certificate", CONVEX),
        ("interpolate --uniqueness", CONVEX),
        ("interpolate --plot", CONVEX),
        ("classify --certificate", "0,1\n1,-1\n"),
        ("classify --plot", "0,1\n1,-1\n"),
        ("lasso --beta 1 --certificate", CONVEX),
        ("lasso --plot", CONVEX),
        ("memorize --network", CONVEX),
        ("memorize --plot", CONVEX),
        ("inspect --plot", '{"slope": 1, "intercept": 0, "kinks": []}'),
        ("verify --html", "# theorems\n"),
    ],
)
def test_no_output_replaces_the_input(refused, tmp_path, command, content):
    name = "data.svg"
    (tmp_path / name).write_text(content)
    for same in (name, f"./{name}", str(tmp_path / name)):
        assert refused(*command.split(), same, name) == f"cannot write {same!r}: it is the input"
    assert (tmp_path / name).read_text() == content
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("options", ["--certificate --uniqueness", "--certificate --plot"])
def test_no_output_replaces_another(refused, run, tmp_path, options):
    first, second = options.split()
    said = refused("interpolate", "-", first, "f.svg", second, "./f.svg", stdin=CONVEX)
    assert said == "cannot write './f.svg': two options name this file; give each its own"
    assert list(tmp_path.iterdir()) == []
    both = run("interpolate", "-", "--certificate", os.devnull, "--uniqueness", os.devnull, stdin=CONVEX)
    assert both.exit_code == 0


def test_a_note_before_long_answers(run, monkeypatch):
    data = "0,0\n1,1/3\n2,1/7\n3,2\n"
    silent = run("interpolate", "-", "--json", stdin=data)
    answer(silent)
    monkeypatch.setattr("exactrelu.cli.interpolate.LONG", 2)
    noted = run("interpolate", "-", "--json", stdin=data)
    assert (noted.exit_code, noted.stdout) == (0, silent.stdout)
    assert noted.stderr.startswith("note: the exact kinks have denominators of about")
    assert "--tolerance 1e-12" in noted.stderr
    assert noted.stderr.count("\n") == 1


def test_bad_data(refused):
    assert refused("interpolate", "nowhere.csv") == "nowhere.csv: there is no such file"
    assert refused("interpolate", "-", stdin="x,y\n1,2\n3,abc\n").startswith(
        "standard input: row 3, column 'y'"
    )
    assert "--x and --y" in refused("interpolate", "-", stdin="1,2,3\n")
