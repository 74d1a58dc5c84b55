"""The campaign that is run by hand: as many mutants as asked for, and a line that says what was done."""

from collections import Counter

import campaign
import pytest

from exactrelu.arithmetic import BudgetExceeded


@pytest.mark.parametrize("wanted", [1, 10, 100])
def test_about_so_many_mutants(wanted):
    found, failures = campaign.mutate("optimality (free, skip)", wanted, 0)
    assert wanted <= found["mutants"] <= wanted + campaign.FEW
    assert failures == []


def test_what_the_solver_gives_up_is_counted(monkeypatch, capsys):
    instance = campaign.factory.instance

    def second_fails(name, i, *rest):
        if i == 1:
            raise BudgetExceeded("too long")
        return instance(name, i, *rest)

    monkeypatch.setattr(campaign.factory, "instance", second_fails)
    counts, sizes, seconds, failures = campaign.accept("optimality (free, skip)", range(3), 0)
    assert (counts["asked"], counts["built"], counts["given up"], failures) == (3, 2, 1, [])
    assert "too long" in capsys.readouterr().out
    assert campaign.summary(counts, sizes, seconds).endswith(", 1 more given up by the solver")


def test_no_sizes_where_there_are_no_data():
    assert campaign.summary(Counter(built=2), Counter(), 4e-6) == "2 certificates, 2 us each"
    assert campaign.summary(Counter(built=2), Counter({1: 1, 5: 1}), 4e-6) == (
        "2 certificates, n <= 2 in 1, n up to 5, 2 us each"
    )
