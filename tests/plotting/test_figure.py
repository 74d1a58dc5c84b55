"""`figure` draws each kind of result as its own function does."""

import pytest

import exactrelu as er
from exactrelu import plotting
from exactrelu.arithmetic.errors import InputError
from exactrelu.classification import gradient_flow

X, S = [-2, -1, 1, 3], [1, -1, -1, 1]


def results():
    network = er.ShallowNetwork([1, -1], [0, 1], [1, 2])
    return [
        (er.min_norm_interpolant(X, S), plotting.interpolant, "Minimal-norm interpolant"),
        (er.max_margin_classifier(X, S), plotting.classifier, "Classifier of least norm"),
        (er.lasso.path(X, S), plotting.path_figure, ""),
        (er.memorization.memorize(X, S), plotting.growth_figure, ""),
        (er.interop.inspect_network(network, X, S), plotting.network, "The function of a network"),
        (er.verify(["hanin2021.sparsest"], instances=2), plotting.campaign, ""),
        (gradient_flow(X, S, width=4, seeds=2, steps=5), plotting.flow, "Gradient flow, 2 seeds"),
    ]


def test_every_kind_of_result():
    for found, draw, title in results():
        one, other = plotting.figure(found), draw(found)
        assert [a.get_title() for a in one.axes] == [a.get_title() for a in other.axes]
        assert one.axes[0].get_title().startswith(title)
        assert len(one.axes[0].get_lines()) == len(other.axes[0].get_lines())


def test_one_run_is_a_flow_too():
    (run,) = gradient_flow(X, S, width=4, steps=5)
    assert plotting.figure(run, best=0.1).axes[0].get_title() == "Gradient flow, 1 seed"


@pytest.mark.parametrize("found", [3, None, [], "abc", er.ShallowNetwork([1], [0], [1]), [1, 2]])
def test_no_result(found):
    with pytest.raises(InputError, match=r"there is no picture of an object of type .*MaxMarginClassifier"):
        plotting.figure(found)
    with pytest.raises(InputError, match="of type list"):
        plotting.figure([er.max_margin_classifier(X, S)])
