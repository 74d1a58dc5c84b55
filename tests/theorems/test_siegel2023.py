"""Siegel's theorems: their checks look at every stage of the constructions."""

import pytest

from exactrelu.instances import Stream
from exactrelu.memorization import constructions as memorization
from exactrelu.memorization import grid, separated
from exactrelu.theorems import registry
from exactrelu.theorems.siegel2023 import constructions


def verdicts(name, count=60):
    """On which instances the theorem fails."""
    theorem = registry[name]
    return [theorem.refutation(theorem.instances(Stream(5, name, index), 8, 8)) for index in range(count)]


def test_the_scan_of_several_points_is_looked_at(monkeypatch):
    """The best blocks of few points have one point each; with this change all others are forgotten."""
    packed = separated.packed
    monkeypatch.setattr(separated, "packed", lambda values, *size: packed(values[:1], *size))
    assert sum(v is not None for v in verdicts("siegel2023.separated")) > 30


@pytest.mark.parametrize("step", ["_sparse_step", "_dense_step"])
def test_both_ways_to_replay_are_looked_at(monkeypatch, step):
    """The networks of least depth for short vectors often replay nothing."""
    right = getattr(grid, step)

    def wrong(*arguments):
        gap, code, total, held = right(*arguments)
        return gap, code, total.times(1, 1), held

    monkeypatch.setattr(grid, step, wrong)
    assert sum(v is not None for v in verdicts("siegel2023.grid")) > 15


def test_the_depth_that_theorem_14_allows():
    """2√(88 · 9) + 4 = 60.3 for N = 16, M = 1, and 2√(88 · 16) + 68 = 143.05 for N = 2, M = 18."""
    for vector, most in (((0,) * 15 + (1,), 60), ((9, -9), 143)):
        assert constructions.is_allowed(most, vector)
        assert not constructions.is_allowed(most + 1, vector)


def test_points_of_the_plane_are_looked_at(monkeypatch):
    """A projection that forgets the second coordinate is right on the line only."""
    monkeypatch.setattr(memorization, "_along", lambda direction, wiring: wiring.units()[0])
    assert sum(v is not None for v in verdicts("siegel2023.any-points", 30)) > 10
