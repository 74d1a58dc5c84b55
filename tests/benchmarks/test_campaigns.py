"""Batches of campaigns, and the script that measures campaigns on small numbers."""

import pytest

from exactrelu.campaign.examine import Task, perform
from exactrelu.theorems import registry
from tests.benchmarks import campaigns


@pytest.fixture
def names():
    registered = campaigns.register()
    yield registered
    registry.discard([*registered, "benchmark.sparsest"])


@pytest.mark.parametrize("position", range(4))
@pytest.mark.benchmark(group="200 instances: solve, certify, check, one mutant")
def test_a_batch(benchmark, names, position):
    """Ridgeless and penalised, eight points and the mixture."""
    task = Task(names[position], campaigns.__name__, 0, 8, 8, 0, 200)
    outcome = benchmark(perform, task)
    assert outcome.theorem.held == outcome.instances == 200
    assert 0 < outcome.mutants[0].refuted < 200


def test_the_script(names, capsys):
    assert campaigns.main(["throughput", "40"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in lines[3:]] == [f"| {name}" for name in names]
    assert campaigns.main(["memory", "2000"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("| 2,000 | ")
    assert campaigns.main([]) == 2


def test_the_subpackages_of_a_stack():
    assert campaigns._subpackage(campaigns.HOME / "campaign" / "runner.py") == "campaign"
    assert campaigns._subpackage(campaigns.HOME / "checker.py") == "checker"
    assert campaigns._subpackage(__file__) is None
