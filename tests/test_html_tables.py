"""What notebooks show of results: small, escaped, and short however long the data or their numbers are."""

import pickle
from html.parser import HTMLParser

import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu.arithmetic import Enclosure
from exactrelu.certificates import CheckReport
from exactrelu.functions import html
from exactrelu.theorems import Mutant, NotApplicable, Refuted, Theorem, registry


class _Reader(HTMLParser):
    """The cells of a table by rows; fails on tags that are not closed in order."""

    def __init__(self, text):
        super().__init__()
        self.open, self.rows, self.title, self.tags = [], [], "", set()
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.tags.add(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1] == "caption":
            self.title += data
        else:
            self.rows[-1][-1] += data


def shown(result):
    return _Reader(result._repr_html_())


def facts(result):
    return dict(shown(result).rows)


def test_dataset():
    small = shown(er.Dataset.read([1, 0], ["1/3", 2]))
    assert small.title == "Dataset: 2 points"
    assert small.rows == [["x", "y"], ["0", "2"], ["1", "1/3"]]
    many = shown(er.Dataset(range(10_000), range(10_000)))
    assert many.title == "Dataset: 10,000 points"
    assert len(many.rows) == 14
    assert many.rows[6:9] == [["5", "5"], ["…", "…"], ["9994", "9994"]]
    long = er.Dataset([0, 1], [0, mpq(10) ** 100_000 / 3])._repr_html_()
    assert "~ 3.33333333333333e99999" in long
    assert len(long) < 1000


def test_interpolant():
    s = er.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3])
    told = facts(s)
    assert told["function"] == "1 kink: 0 · x + 0 at the left, the slope changes by 2 at 3/2"
    assert told["cost"] == "sqrt(13) ~ 3.60555127546399"
    assert (told["unique"], told["certificate"]) == ("yes", "optimality")
    assert facts(er.min_norm_interpolant([0, 1], [-1, 1]))["function"] == "2 · x - 1, affine"
    n = 1500
    large = er.min_norm_interpolant(range(n), [i % 3 for i in range(n)], penalize_bias=False)
    told = facts(large)
    assert told["certificate"] == "made when asked for"
    assert "certificate" not in vars(large)
    assert told["function"].endswith(", …")
    assert len(large._repr_html_()) < 2000


def test_classifier():
    told = facts(er.max_margin_classifier([0, 1, 2], [-1, 1, -1]))
    assert told["function"] == "1 kink: 2 · x - 1 at the left, the slope changes by -4 at 1"
    assert told["cost"] == "4*sqrt(2) ~ 5.65685424949238"
    assert (told["certificate"], told["support"]) == ("classification", "3 of 3 points")


def test_lasso():
    path = er.lasso.path([0, 1, 2, 3], [0, 0, 1, 3])
    assert shown(path).title == "Lasso path: ReLU, 2 layers, 4 points, 4 breakpoints"
    assert shown(path).rows[1:3] == [["5", "0", "0", "3"], ["5/3", "1", "2/3", "17/9"]]
    told = facts(path.at("1/10"))
    assert (told["β"], told["objective"], told["norm |z|₁"]) == ("1/10", "19/100", "9/5")
    assert told["non-zero coefficients"] == "2 of 8"
    sign = facts(er.lasso.solve([0, 1, 2], [0, 1, 0], beta="1/10", activation="sign"))
    assert "function" not in sign
    long = er.lasso.path(range(40), [(7 * i * i) % 11 for i in range(40)])
    assert len(long) > 14
    assert len(shown(long).rows) == 14


def test_other_results():
    R = er.ridgeless_interpolants([0, 1, 2, 3], [0, 0, 1, 3])
    assert repr(R) == "<RidgelessInterpolants: 4 points, cost 2, 1 kink or more, not unique>"
    told = facts(R)
    assert (told["cost"], told["fewest kinks"], told["unique"]) == ("2", "1", "no")
    assert told["a sparsest one"] == "1 kink: 0 · x + 0 at the left, the slope changes by 2 at 3/2"
    m = er.memorization.memorize(range(16), [0, 1] * 8, "grid")
    told = facts(m)
    assert (told["data"], told["construction"]) == ("16 points of R^1", "grid")
    assert told["parameters"] == f"{m.parameters:,}"
    report = er.check(er.min_norm_interpolant([0, 1], [0, 1]).certificate)
    assert report._repr_html_().startswith("<p>✓ accepted: ")
    assert "&lt;" in CheckReport(False, "rejected: a < b", 1)._repr_html_()


def long_results():
    x = range(300)
    y = [k * k % 7 for k in x]
    labels = [1 if v > 3 else -1 for v in y]
    yield er.min_norm_interpolant(x, y)
    yield er.min_norm_interpolant(x, y, tolerance="1e-9")
    yield er.min_norm_interpolant(x, y, penalize_bias=False)
    yield er.max_margin_classifier(x, labels)
    yield er.ridgeless_interpolants(x, y)
    yield er.memorization.memorize(x, y)
    path = er.lasso.path(x[:50], y[:50])
    yield path
    solution = path.at("1/10")
    yield from (solution, solution.network, solution.solution_set)


def test_the_prompt_stays_short_and_results_are_what_they_were():
    for result in long_results():
        assert repr(result).startswith(f"<{type(result).__name__}: ")
        assert len(repr(result)) < 160
        again = pickle.loads(pickle.dumps(result))
        assert again == result
        assert hash(again) == hash(result)
        assert repr(again) == repr(result)


def test_numbers():
    assert html.number(mpq(-1, 3)) == "-1/3"
    assert html.number(er.sqrt(2)) == "sqrt(2) ~ 1.4142135623731"
    assert html.number(sum((er.sqrt(p) for p in (2, 3, 5, 7)), er.RadicalSum())).startswith("~ 8.02")
    assert html.number(Enclosure(1, "1.001")) == "~ 1.0005, an enclosure of width ~ 0.0010"
    assert html.number(Enclosure(2, 2)) == "2"
    assert html.facts("<i>", [("<b>", "&")]) == (
        "<table><caption>&lt;i&gt;</caption><tbody><tr><th>&lt;b&gt;</th><td>&amp;</td></tr></tbody></table>"
    )


@pytest.fixture
def verified():
    """Runs a campaign on theorems made of a check and more fields; they are forgotten afterwards."""
    names = []

    def run(*theorems):
        for name, check, more in theorems:
            registry.add(Theorem(name, statement="s", source="t", check=check, **more))
            names.append(name)
        return er.verify(names, instances=5)

    yield run
    registry.discard(names)


def _outside(data):
    raise NotApplicable("too few points")


def _refuted(data):
    raise Refuted("no")


def test_report(verified):
    report = verified(
        ("shown.fine", lambda data: True, {"mutants": [Mutant("m", statement="s", check=_refuted)]}),
        ("shown.alone", lambda data: True, {}),
        ("shown.false", _refuted, {}),
        ("shown.nowhere", lambda data: True, {"domain": lambda data: False}),
        ("shown.outside", _outside, {}),
    )
    assert shown(report).rows == [
        ["theorem", "instances", "held", "verdict", "mutants"],
        ["shown.fine", "5", "100 %", "holds", "1 of 1 refuted"],
        ["shown.alone", "5", "100 %", "holds (no mutants)", "-"],
        ["shown.false", "5", "0 %", "refuted (no mutants)", "-"],
        ["shown.nowhere", "0", "-", "untested (every instance is outside its domain)", "-"],
        ["shown.outside", "0", "-", "untested (every instance is outside its domain)", "-"],
    ]
    assert "untested (every instance is outside its domain)" in str(report)
    assert "holds (no mutants)" in str(report)


def test_report_of_many_theorems_is_cut_but_not_what_is_wrong(verified):
    fine = [(f"many.fine-{k}", lambda data: True, {}) for k in range(120)]
    report = verified(*fine, ("many.false", _refuted, {}))
    table = shown(report)
    assert len(table.rows) == 101
    assert table.rows[-1][0] == "many.false"
    assert table.title.endswith("100 of 121 theorems shown")
    assert "; no mutants; " in table.title


def test_a_mutant_whose_witness_fails_is_not_refuted(verified):
    def check(data):
        if data.n == 2 and data.x == (0, 1):
            raise ZeroDivisionError("broken")
        raise Refuted("no")

    mutant = Mutant("m", statement="s", check=check, witness=er.Dataset([0, 1], [0, 0]))
    report = verified(("failing.witness", lambda data: True, {"mutants": [mutant]}))
    ((seen,),) = (row.mutants for row in report.rows)
    assert seen.refuted
    assert (seen.verdict, seen.is_refuted, seen.ok) == ("failed", False, False)
    assert "0 of 1 mutant refuted" in str(report)
    assert report.exit_code == 3


@pytest.mark.parametrize("answer", [None, 1, "yes", mpq(0)])
def test_a_domain_answers_with_a_boolean(verified, answer):
    report = verified(("odd.domain", lambda data: True, {"domain": lambda data: answer}))
    (row,) = report.rows
    assert row.verdict == "failed"
    sentence = f"the domain of odd.domain returned {answer!r}; it has to return True or False"
    assert sentence in row.failure.summary
