"""The scripts that print tables and draw growth: what they compute, on small sizes."""

import pytest
from gmpy2 import mpq

import exactrelu as er
from tests.benchmarks import growth, measure, stages, table, targets
from tests.campaigns import flow, memorization, penalized


def test_exponents():
    assert measure.exponent([1, 10, 100], [2, 200, 20_000]) == pytest.approx(2)
    assert measure.exponent([2, 8], [5, 5]) == pytest.approx(0)


def test_errors():
    assert measure.error(1.5, mpq(1)) == "5e-01"
    assert measure.error(mpq(1, 3), mpq(1, 3)) == measure.error(0.0, mpq(0)).replace("0e+00", "0")


def test_a_task_with_all_its_methods():
    x, y = table.random_data(30)
    exact = er.min_norm_interpolant(x, y).cost.enclosure(200).midpoint
    found = list(measure.rows("thirty points", table._penalized(x, y, exact)))
    assert found[0].accuracy == "0"
    assert found[2].accuracy == "0, accepted"
    assert all(float(row.accuracy) < 1e-3 for row in found[3:])
    lines = measure.markdown(found).splitlines()
    assert len(lines) == len(found) + 2
    assert lines[2].startswith("| thirty points | **exact** | ")
    assert all(line.count("|") == 6 for line in lines)


def test_one_beta_by_three_solvers():
    ours, *peers = (method[2](method[1]()) for method in table._one_beta(12))
    assert ours == "0"
    assert all(float(accuracy) < 1e-4 for accuracy in peers)


def test_signs():
    found = {}
    for row in table.roots_of(200):
        found.setdefault(row.task, []).append(row.accuracy)
    assert all(accuracies[0] == "right, proved" for accuracies in found.values())
    assert any("**wrong sign**" in accuracies for accuracies in found.values())
    assert any("undecided" in accuracies for accuracies in found.values())


def test_every_panel_runs(tmp_path):
    small = []
    for panel in growth.panels():
        ours, peer = (
            c and growth.Curve(c.name, c.task, (8, 16) if panel.against == "n" else (10, 20))
            for c in (panel.ours, panel.peer)
        )
        small.append(growth.Panel(panel.title, panel.against, ours, peer))
        small[-1].measure()
        assert small[-1].row().count("|") == 8
    growth.draw(small, str(tmp_path / "growth.svg"))
    assert (tmp_path / "growth.svg").read_text(encoding="utf-8").count("<svg") == 1


def test_rows_of_the_other_scripts(capsys):
    assert stages.main(["sign of"]) == 0
    assert "bounds.interval" in capsys.readouterr().out
    assert targets.main(["--one", "sign of a sum of 100,000 roots"]) == 0
    assert capsys.readouterr().out.startswith("| sign of a sum of 100,000 roots | seconds | ")
    assert table.main(["none"]) == 2


@pytest.mark.parametrize("campaign", [flow, memorization, penalized])
def test_campaigns_say_how_they_are_called(campaign, capsys):
    for arguments, code in ((["--help"], 0), (["nosuch"], 2)):
        with pytest.raises(SystemExit) as left:
            campaign.main(arguments)
        assert left.value.code == code
    printed = capsys.readouterr()
    assert printed.out.startswith("usage: python -m tests.campaigns.")
    assert "error: " in printed.err


@pytest.mark.parametrize("script", [stages, targets, growth])
def test_names_that_choose_nothing(script, capsys):
    with pytest.raises(SystemExit) as left:
        script.main(["nosuch"])
    assert left.value.code == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "no name has 'nosuch' in it; there are:\n  " in printed.err
    with pytest.raises(SystemExit) as left:
        script.main(["--help"])
    assert left.value.code == 0
    assert "python -m tests.benchmarks." in capsys.readouterr().out
