"""What holds of every theorem: it holds, and random search alone refutes each of its mutants."""

import pytest

import exactrelu as er
from exactrelu.instances import Stream
from exactrelu.theorems import NotApplicable, Refuted, Tally, registry

THEOREMS = pytest.mark.parametrize("theorem", registry.values(), ids=lambda t: t.name)
INSTANCES = {
    "boursier_flammarion2023": 300,
    "boursier_flammarion2023.minimum-without-skip": 60,
    "hanin2021": 400,
    "safran_vardi_lee2022": 150,
    "savarese2019": 400,
    "siegel2023": 120,
    "zeger2024": 60,
    "zeger2024.beta-max": 160,
}


def test_they_are_there():
    papers = {
        "boursier_flammarion2023": "cost-formula cost-order cost-without-skip dual-attained independent-runs "
        "kink-count minimiser minimum-order minimum-without-skip outer-gaps rational reflection ridgeless "
        "run-kinks signs six-points sparsity touching unique value-function",
        "hanin2021": "error lipschitz members minimal-cost sharp sparsest",
        "safran_vardi_lee2022": "boundaries closed-form four-minima generalisation kkt-cost kkt-decided "
        "kkt-regions kkt-regions-sharp margin-points minimiser-regions one-sort regions unique zigzag",
        "savarese2019": "minimal-cost",
        "siegel2023": "any-points barrier bit-extraction grid growth many-bits piecewise-linear pieces "
        "separated shattering sign-patterns triangle-waves",
        "zeger2024": "beta-max depth dual-norms equivalence limits path reflections sign-networks",
    }
    assert set(registry) == {f"{paper}.{name}" for paper, names in papers.items() for name in names.split()}


@THEOREMS
def test_it_holds_and_random_search_alone_refutes_every_mutant(theorem):
    instances = INSTANCES.get(theorem.name) or INSTANCES[theorem.name.partition(".")[0]]
    held, refuted = 0, set()

    def applies(decide, *arguments):
        try:
            decide(*arguments)
        except NotApplicable:
            return False
        return True

    for index in range(instances):
        tally = Tally()
        try:
            prepared = theorem.subject(theorem.instances(Stream(3, theorem.name, index), 8, 8), tally)
        except NotApplicable:
            continue
        held += applies(theorem.decide, prepared, tally)  # raises Refuted where the theorem fails
        for mutant in theorem.mutants:
            try:
                applies(mutant.decide, prepared, tally)
            except Refuted:
                refuted.add(mutant.name)
    assert held > instances / 3
    assert refuted == {mutant.name for mutant in theorem.mutants}


@THEOREMS
@pytest.mark.parametrize(("size", "bits"), [(1, 1), (2, 60), (3, 1), (14, 40)])
def test_any_size_and_bit_length(theorem, size, bits):
    for index in range(8):
        instance = theorem.instances(Stream(0, theorem.name, index), size, bits)
        assert theorem.refutation(instance) is None


def test_few_instances_suffice():
    assert er.verify(instances=3).ok
