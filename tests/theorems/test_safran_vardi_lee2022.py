"""Safran, Vardi, Lee: pinned witnesses, worked examples, and evidence tampered with."""

from dataclasses import replace
from random import Random

import pytest
from gmpy2 import mpq

import exactrelu as er
from exactrelu.campaign import shrink
from exactrelu.classification import kkt_certificate, max_margin_classifier, regions
from exactrelu.functions import Dataset, DeepNetwork, PiecewiseLinear
from exactrelu.instances import Stream
from exactrelu.theorems import NotApplicable, Refuted, Tally, registry
from exactrelu.theorems.safran_vardi_lee2022 import (
    boundaries,
    generalisation,
    kkt,
    kkt_regions,
    minimum,
    networks,
    penalized,
    subject,
)

PAPER = "safran_vardi_lee2022"
THEOREMS = registry.select([PAPER])


@pytest.mark.parametrize("theorem", THEOREMS, ids=lambda t: t.name)
def test_what_is_no_instance_does_not_apply(theorem):
    """Shrinking proposes labels that are none, networks without units, teachers that are constant."""
    for nothing in (
        Dataset.read([0, 1], [0, 3]),
        subject.Case(Dataset.read([0, 1], [1, -1]), ()),
        subject.Case(Dataset.read([0, 1], [1, -1]), ((mpq(1), mpq(1), mpq(0)),)),
        networks.Drawn(()),
        generalisation.Sample(PiecewiseLinear.from_kinks(0, 1), (mpq(0), mpq(1)), ()),
    ):
        drawn = theorem.instances(Random(0), 4, 4)
        if type(nothing) is type(drawn):
            with pytest.raises(NotApplicable):
                theorem.subject(nothing, Tally())


# -- mutants shrink, and the shrunk instance pastes -----------------------------------------------------


@pytest.mark.parametrize(
    ("name", "mutant"),
    [("kkt-cost", "optimal"), ("kkt-decided", "multipliers-of-any-sign"), ("regions", "patterns")],
)
def test_counterexamples_shrink(monkeypatch, name, mutant):
    monkeypatch.setattr(shrink, "MAX_CANDIDATES", 500)
    theorem = registry[f"{PAPER}.{name}"]

    def fails(instance):
        return theorem.refutation(instance, mutant=mutant)

    instance = next(
        case for case in (theorem.instances(Stream(1, "shrink", i), 8, 8) for i in range(500)) if fails(case)
    )
    shrunk = shrink.shrink(instance, fails(instance), fails, max_checks=200)
    assert fails(shrunk.value) == shrunk.clause
    assert len(repr(shrunk.value)) <= len(repr(instance))


# -- worked examples ------------------------------------------------------------------------------------


def test_the_exhibit_with_penalised_biases_bends_inside_the_last_gap():
    data = Dataset.read(["-100/7", "-40/7", "20/7"], [-1, 1, -1])
    found = penalized.zigzag(data, Tally())
    assert found.minimiser.function.kinks == ((mpq(-7, 20), mpq(-560, 449)),)
    assert found.minimiser.cost == 28 / er.sqrt(449)
    assert found.last
    assert not found.first
    assert penalized.missed(found) == []  # a group of one datum


def test_a_margin_point_is_missed():
    found = penalized.zigzag(subject.MARGIN_MISSED, Tally())
    assert penalized.missed(found) == [mpq(-2)]
    assert found.minimiser.function.knots == (mpq(-1),)


def test_two_units_cost_less_than_a_constant_and_have_three_regions():
    found = kkt.two_units(Dataset.read(["-12/5", "12/5"], [1, 1]), Tally())
    assert found.norm == mpq(10, 13)
    assert found.regions == 3
    assert found.is_kkt
    assert not kkt.close(found)
    assert abs(float(found.minimum.cost.midpoint) - 10 / 13) < 1e-9


def test_a_suboptimal_kkt_point_that_is_constant_between_its_data():
    """(σ(x + 1) + σ(1 - x))/2 is 1 on [-1, 1] and costs √2; the constant costs 1."""
    found = kkt.two_units(Dataset.read([-1, 1], [1, 1]), Tally())
    assert found.is_kkt
    assert found.norm == er.sqrt(2)
    assert found.minimum.cost == 1


def test_the_kkt_points_of_four_alternating_data():
    found = subject.kkt_point(kkt.FOUR, Tally())
    assert found.function.linear_regions == 5
    assert kkt_certificate(found.answer.network, found.data.x, found.data.y)
    best = max_margin_classifier(found.data.x, found.data.y, skip=False)
    assert found.norm / found.margin > (best.cost if best.is_exact else best.cost.upper)


def test_tents_upon_tents():
    found = networks.counted(networks._TENTS)
    assert found.regions.linear == regions(DeepNetwork(networks._TENTS.layers)).linear
    assert found.regions.linear > found.regions.units + 1


def test_zeros():
    assert boundaries.zeros(PiecewiseLinear.from_kinks(1, 0, [(0, -2)])) == [0]
    assert boundaries.zeros(PiecewiseLinear.from_kinks(-1, -1, [(0, 2)])) == [-1, 1]
    assert boundaries.zeros(PiecewiseLinear.from_kinks(0, 1)) == []


# -- evidence tampered with -----------------------------------------------------------------------------


def refuted(theorem, prepared):
    with pytest.raises(Refuted) as caught:
        registry[f"{PAPER}.{theorem}"].decide(prepared, Tally())
    return str(caught.value)


def test_tampered_minima():
    data = subject.ZIGZAG
    found = minimum.free(data, Tally())
    assert "with a skip" in refuted("closed-form", found._replace(skip=replace(found.skip, cost=mpq(6))))
    assert "without a skip" in refuted(
        "closed-form", found._replace(no_skip=replace(found.skip, cost=mpq(9)))
    )
    four = minimum.four(data, Tally())
    cheap = replace(four.penalized_skip, cost=mpq(1))
    assert "penalised biases" in refuted("four-minima", four._replace(penalized_skip=cheap))
    cheap = replace(four.penalized, cost=mpq(1))
    assert "without a skip" in refuted("four-minima", four._replace(penalized=cheap))
    loose = replace(four.free, function=2 * four.free.function)
    assert "least margin is 2" in refuted("four-minima", four._replace(free=loose))
    bent = minimum.bent(data, Tally())
    straight = replace(bent.free, function=PiecewiseLinear._through(subject.HAT))
    assert "2 regions, 3 switches" in refuted("minimiser-regions", bent._replace(free=straight))
    assert "expected: False" in refuted("unique", bent._replace(switches=bent.switches[:1]))


def test_tampered_shapes():
    found = penalized.zigzag(subject.MARGIN_MISSED, Tally())
    assert "expected at []" in refuted("margin-points", found._replace(last=False))
    assert "it bends at" in refuted("zigzag", found._replace(last=False))
    assert "both exceptions" in refuted("zigzag", found._replace(first=True))
    zero = boundaries.boundary(subject.HAT, Tally())
    assert "free biases" in refuted("boundaries", zero._replace(free=zero.free[:1]))
    assert "1 zeros, 2 switches" in refuted("boundaries", zero._replace(penalized=zero.penalized[:1]))
    assert "is not between" in refuted("boundaries", zero._replace(penalized=[mpq(0), mpq(3, 2)]))


def test_tampered_kkt_points():
    found = subject.judged(kkt.FOUR, Tally())
    answer = found.answer
    fewer = tuple(m - m if i == 1 else m for i, m in enumerate(answer.multipliers))
    for other in (
        replace(answer, multipliers=tuple(-m for m in answer.multipliers)),
        replace(answer, multipliers=tuple(2 * m for m in answer.multipliers)),
        replace(answer, multipliers=fewer),
        replace(answer, subgradients={k: 2 * v for k, v in answer.subgradients.items()}),
        replace(answer, is_kkt=False),
    ):
        assert refuted("kkt-decided", replace(found, answer=other))
    cost = kkt.cost(kkt.FOUR, Tally())
    assert "Σ λ_i" in refuted("kkt-cost", cost._replace(norm=cost.norm * 2))
    dear = replace(cost.minimum, cost=mpq(1000))
    assert "below" in refuted("kkt-cost", cost._replace(minimum=dear))
    many = PiecewiseLinear.from_kinks(0, 1, [(t, 1) for t in range(200)])
    network = er.ShallowNetwork.minimal(many, penalize_bias=True, skip=False)
    wild = replace(found, answer=replace(answer, network=network))
    assert refuted("kkt-regions", wild) == "201 regions"
    assert "201 regions, 3 switches" in refuted("kkt-regions-sharp", wild)
    assert kkt_regions.as_few_as_needed(wild) is False
    near = kkt.two_units(Dataset.read([-2, 2], [1, 1]), Tally())
    assert "KKT point" in refuted("one-sort", near._replace(is_kkt=False))
    assert "2 regions" in refuted("one-sort", near._replace(regions=2))
    assert "the network costs" in refuted("one-sort", near._replace(norm=near.norm * 2))


def test_tampered_counts():
    found = networks.counted(networks._CANCEL)
    more = replace(found.regions, patterns=3)
    assert "of the pattern" in refuted("regions", found._replace(regions=more))
    bent = replace(found.regions, function=PiecewiseLinear.from_kinks(0, 0, [(0, 1)]), linear=2)
    assert "by brute force" in refuted("regions", found._replace(regions=bent))
    pupil = generalisation.pupil(generalisation._SEEN, Tally())
    assert "does not change" in refuted("generalisation", pupil._replace(boundaries=[]))
    assert "0 kinks" in refuted("generalisation", pupil._replace(gaps=[(mpq(0), mpq(1))] * 2))
