"""`exactrelu lasso`, against the Python interface and the checker."""

import json
from contextlib import contextmanager
from pathlib import Path

import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu.certificates import CheckReport

NILE = str(Path(__file__).parents[1] / "data" / "nile.csv")
GOLDEN = "x,y\n0,0\n4,0\n5,0\n7,2\n10,3\n11,3\n"
X, Y = [0, 4, 5, 7, 10, 11], [0, 0, 0, 2, 3, 3]
ARCHITECTURES = [
    ([], {}),
    (["--layers", "3"], {"layers": 3}),
    (["--activation", "leaky_relu", "--slope", "1/10"], {"activation": "leaky_relu", "slope": "1/10"}),
    (["--activation", "abs", "--layers", "3"], {"activation": "abs", "layers": 3}),
    (["--activation", "threshold"], {"activation": "threshold"}),
    (
        ["--activation", "sign", "--layers", "4", "--shape", "tree", "--widths", "2,2"],
        {"activation": "sign", "layers": 4, "shape": "tree", "widths": [2, 2]},
    ),
]


@pytest.mark.parametrize(("arguments", "options"), ARCHITECTURES)
def test_json_of_a_solution(run, arguments, options):
    result = run("lasso", "-", "--beta", "0.5", "--json", *arguments, stdin=GOLDEN)
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    s = er.lasso.solve(X, Y, beta="1/2", **options)
    assert document["schema"] == "exactrelu/lasso/1"
    assert document["certified"] is True
    assert (document["columns"], document["distinct"]) == (len(s.dictionary), len(s.dictionary.distinct))
    assert [(j, mpq(v)) for j, v in document["coefficients"]] == list(zip(s.support, s.values, strict=True))
    assert document["networks"] == [s.dictionary.label(j) for j in s.support]
    assert mpq(document["beta"]) == s.beta
    assert mpq(document["intercept"]) == s.intercept
    assert mpq(document["objective"]) == s.objective
    assert document["unique"] is s.is_unique


@pytest.mark.parametrize(("arguments", "options"), ARCHITECTURES)
def test_json_of_the_path(run, arguments, options):
    result = run("lasso", "-", "--path", "--json", *arguments, stdin=GOLDEN)
    assert (result.exit_code, result.stderr) == (0, "")
    document = json.loads(result.stdout)
    p = er.lasso.path(X, Y, **options)
    assert document["schema"] == "exactrelu/lasso-path/1"
    assert document["certified"] is True
    assert [mpq(b["beta"]) for b in document["breakpoints"]] == list(p.breakpoints)
    for b, s in zip(document["breakpoints"], p.solutions, strict=True):
        assert {j: mpq(v) for j, v in b["coefficients"]} == dict(zip(s.support, s.values, strict=True))
        assert (mpq(b["intercept"]), mpq(b["objective"])) == (s.intercept, s.objective)


def test_tables(run):
    result = run("lasso", "-", "--layers", "3", "--beta", "1", stdin=GOLDEN)
    assert result.exit_code == 0
    assert "σ(6 - σ(x - 4))" in result.stdout
    assert "144, 30 of them distinct and not zero" in result.stdout
    assert "objective     3/4 = 0.75" in result.stdout
    result = run("lasso", "-", stdin=GOLDEN)
    assert result.exit_code == 0
    assert "beta -> 0     interpolation, sum of |z| 2" in result.stdout
    assert "certified     yes, at every beta" in result.stdout
    result = run("lasso", "-", "--activation", "leaky_relu", "--slope", "1", stdin=GOLDEN)
    assert "least squares" in result.stdout
    result = run("lasso", "-", "--beta", "100", stdin=GOLDEN)
    assert "units         0" in result.stdout
    result = run("lasso", "-", stdin="3,4\n")
    assert result.exit_code == 0
    assert "1 point, 3" in result.stdout


def test_a_certificate_and_a_picture(run, tmp_path):
    result = run("lasso", "-", "--beta", "1/3", "--certificate", "c.json", stdin=GOLDEN)
    assert result.exit_code == 0
    assert er.check(er.Certificate.load(tmp_path / "c.json")).accepted
    for name in ("p.png", "p.svg", "p.pdf"):
        assert run("lasso", "-", "--plot", name, stdin=GOLDEN).exit_code == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert run("lasso", "-", "--plot", "flat.svg", stdin="0,1\n1,1\n").exit_code == 0
    many = "".join(f"{k},{k * k % 7}\n" for k in range(20))
    assert run("lasso", "-", "--plot", "many.svg", stdin=many).exit_code == 0


def test_a_rejected_certificate_is_reported(run, monkeypatch):
    monkeypatch.setattr("exactrelu.certificates.check", lambda *_, **__: CheckReport(False, "no", 1))
    for more in (["--beta", "1"], []):
        result = run("lasso", "-", *more, stdin=GOLDEN)
        assert result.exit_code == 1
        assert "did not accept" in result.stderr
        assert "certified     no" in result.stdout


def test_the_path_shows_its_progress_on_a_terminal_only(run, monkeypatch):
    quiet = run("lasso", "-", stdin=GOLDEN)
    assert quiet.stderr == ""
    shown = []

    @contextmanager
    def bar(doing):
        yield lambda *state: shown.append(state)

    monkeypatch.setattr("exactrelu.cli.lasso.progress_bar", bar)
    assert run("lasso", "-", stdin=GOLDEN).stdout == quiet.stdout
    total = shown[0][1]
    assert shown == [(done, total, "checking") for done in range(total)]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--beta", "-1"], "-1 is negative"),
        (["--beta", "x"], "it is not a number"),
        (["--beta", "1", "--path"], "exclude each other"),
        (["--certificate", "c.json"], "give --beta"),
        (["--beta", "1", "--certificate", "missing/c.json"], "does not exist"),
        (["--beta", "1", "--plot", "p.png"], "leave out --beta"),
        (["--plot", "p.gif"], "must end in"),
        (["--layers", "5"], "up to 4 layers"),
        (["--layers", "1"], "--layers"),
        (["--activation", "tanh"], "--activation"),
        (["--activation", "leaky_relu"], "needs slope"),
        (["--slope", "1"], "slope belongs"),
        (["--activation", "sign", "--layers", "3"], "need widths"),
        (["--activation", "sign", "--layers", "3", "--widths", "2;3"], "no list of integers"),
        (["--activation", "sign", "--layers", "3", "--widths", "2,3"], "widths has 2 entries"),
        (["--timeout", "1e-9"], "within 1e-09 seconds"),
    ],
)
def test_refused(refused, arguments, message):
    assert message in refused("lasso", "-", *arguments, stdin=GOLDEN)


def test_too_many_columns(refused):
    data = "".join(f"{k},{k % 3}\n" for k in range(200))
    arguments = ("--activation", "sign", "--layers", "3", "--widths", "100")
    assert "more than 2000000 columns" in refused("lasso", "-", *arguments, stdin=data)


def test_huge_values_leave_json_alone(run, capfd):
    """LAPACK writes to the standard output of the process when numbers overflow."""
    data = "0,0\n1e200,1\n3e200,1\n4e200,0\n5e200,2\n"
    arguments = ("--activation", "abs", "--layers", "3", "--beta", "1e100", "--json")
    assert json.loads(run("lasso", "-", *arguments, stdin=data).stdout)["certified"] is True
    assert capfd.readouterr().out == ""


def test_refused_data(refused):
    assert "same x" in refused("lasso", "-", stdin="0,1\n0,2\n")


def test_timeout_on_a_long_path(refused):
    assert "seconds" in refused("lasso", NILE, "--layers", "3", "--timeout", "0.2")
