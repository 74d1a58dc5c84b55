"""scikit-learn: perceptrons read exactly, estimators that keep its contract."""

import warnings

import numpy as np
import pandas as pd
import polars as pl
import pytest
import skops.io
from gmpy2 import mpq
from sklearn.base import clone
from sklearn.model_selection import cross_val_score
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import (
    MaxAbsScaler,
    MinMaxScaler,
    PolynomialFeatures,
    RobustScaler,
    StandardScaler,
)
from sklearn.utils import estimator_checks

import exactrelu as er
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.interop import (
    LassoReLURegressor,
    MinNormReLUClassifier,
    MinNormReLURegressor,
    inspect_network,
    load_network,
)

X = np.linspace(-2, 2, 9)[:, None]
Y = np.sin(2 * X[:, 0])


def fitted(kind=MLPRegressor, y=Y, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that training has not converged
        return kind(max_iter=60, random_state=0, **options).fit(X, y)


@pytest.mark.parametrize("sizes", [(200,), (7, 5)])
def test_perceptrons_from_their_files(tmp_path, sizes):
    model, target = fitted(hidden_layer_sizes=sizes), tmp_path / "model.skops"
    skops.io.dump(model, target)
    network = load_network(target)
    assert network == load_network(model)
    assert (network.width, network.depth) == (max(sizes), len(sizes))
    assert [float(v) for v in network(X[:, 0])] == pytest.approx(list(model.predict(X)), abs=1e-12)
    report = inspect_network(target, X[:, 0], Y)
    assert report.function.linear_regions > 1
    assert all(getattr(row.excess, "upper", row.excess) >= 0 for row in report.costs)
    assert (report.costs[0].network is None) == (len(sizes) > 1)


def test_classifiers_give_their_logit():
    labels = np.where(Y > 0, "up", "down")
    model = fitted(MLPClassifier, labels, hidden_layer_sizes=(6,))
    network = load_network(model)
    up = model.predict_proba(X)[:, 1]
    assert [1 / (1 + np.exp(-float(v))) for v in network(X[:, 0])] == pytest.approx(list(up), abs=1e-12)


@pytest.mark.parametrize(
    "scalers",
    [
        [StandardScaler()],
        [MinMaxScaler(), "passthrough", StandardScaler(with_mean=False)],
        [StandardScaler(with_std=False), MinMaxScaler((-3, 5))],
        [RobustScaler(), MaxAbsScaler()],
        [RobustScaler(with_centering=False, unit_variance=True), RobustScaler(with_scaling=False)],
        [],
    ],
    ids=str,
)
def test_scalers_before_a_perceptron(tmp_path, scalers):
    model = make_pipeline(*scalers, MLPRegressor(hidden_layer_sizes=(6,), max_iter=30))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.fit(X, Y)
    skops.io.dump(model, tmp_path / "model.skops")
    network = load_network(tmp_path / "model.skops")
    assert network == load_network(model)
    assert (network.width, network.depth) == (6, 1)
    assert [float(v) for v in network(X[:, 0])] == pytest.approx(list(model.predict(X)), abs=1e-12)


def test_what_else_is_before_a_perceptron_is_refused():
    last = fitted()
    for first, name in [
        (PolynomialFeatures(1), "PolynomialFeatures"),
        (StandardScaler(), "StandardScaler before a perceptron is not supported, or not fitted"),
        (MinMaxScaler(clip=True).fit(X), "MinMaxScaler"),
    ]:
        with pytest.raises(UnsupportedError, match=name):
            load_network(Pipeline([("first", first), ("last", last)]))
    with pytest.raises(UnsupportedError, match="alone or at the end"):
        load_network(make_pipeline(StandardScaler().fit(X), StandardScaler()))


def test_damaged_models(tmp_path):
    model = fitted(hidden_layer_sizes=(2,))
    for coefs in (3, [None, None], [np.zeros((1, 2))], [np.zeros((1, 2)), np.array([["a"], ["b"]])]):
        model.coefs_ = coefs
        skops.io.dump(model, tmp_path / "m.skops")
        with pytest.raises(InputError, match=r"m\.skops: "):
            load_network(tmp_path / "m.skops")


def test_perceptrons_refused(tmp_path):
    with pytest.raises(InputError, match="not fitted"):
        load_network(MLPRegressor())
    with pytest.raises(UnsupportedError, match="'tanh' is not supported"):
        load_network(fitted(activation="tanh"))
    with pytest.raises(UnsupportedError, match="StandardScaler is not supported"):
        load_network(StandardScaler())
    skops.io.dump(StandardScaler().fit(X), tmp_path / "s.skops")
    with pytest.raises(UnsupportedError, match="StandardScaler"):
        load_network(tmp_path / "s.skops")
    (tmp_path / "s.skops").write_text("hello")
    with pytest.raises(InputError, match="no file of skops"):
        load_network(tmp_path / "s.skops")
    with pytest.raises(InputError, match="no such file"):
        load_network(tmp_path / "none.skops")


# Checks that no estimator of one variable can pass, and why.
MORE_FEATURES = {"check_n_features_in_after_fitting": "it takes features away, and there is only one"}
LOW_SCORE = {"check_regressors_train": "it sees one of the ten features that make the target, and smooths"}
TIES = dict.fromkeys(
    ("check_positive_only_tag_during_fit", "check_estimators_dtypes", "check_classifier_data_not_an_array"),
    "its data give one x two different y, which no function has",
)


@pytest.mark.parametrize(
    ("estimator", "expected"),
    [
        (MinNormReLURegressor(ties="mean"), MORE_FEATURES),
        (MinNormReLURegressor(penalize_bias=False, ties="mean"), MORE_FEATURES),
        (MinNormReLURegressor(tolerance="1e-9", ties="mean"), MORE_FEATURES),
        (MinNormReLURegressor(penalize_bias=False, skip=False, ties="mean"), MORE_FEATURES),
        (LassoReLURegressor(beta=10, ties="mean"), MORE_FEATURES | LOW_SCORE),
        (LassoReLURegressor(beta=100, activation="abs", ties="mean"), MORE_FEATURES | LOW_SCORE),
        (
            LassoReLURegressor(beta=100, activation="leaky_relu", slope=0.25, ties="mean"),
            MORE_FEATURES | LOW_SCORE,
        ),
        (MinNormReLUClassifier(), MORE_FEATURES | TIES),
        (MinNormReLUClassifier(skip=False), MORE_FEATURES | TIES),
        (MinNormReLUClassifier(penalize_bias=False), MORE_FEATURES | TIES),
    ],
    ids=str,
)
def test_contract_of_scikit_learn(monkeypatch, estimator, expected):
    """All checks on the first feature of their data; replaces a private function of scikit-learn."""

    def first(estimator, X, X_test=None, kernel=None):
        return X[:, :1] if X_test is None else (X[:, :1], X_test[:, :1])

    monkeypatch.setattr(estimator_checks, "_enforce_estimator_tags_X", first)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the checks provoke warnings themselves
        results = estimator_checks.check_estimator(
            estimator, expected_failed_checks=expected, on_skip=None, on_fail=None
        )
    failed = [(r["check_name"], r["exception"]) for r in results if r["status"] == "failed"]
    assert failed == []
    assert sum(r["status"] == "passed" for r in results) >= 45


def test_regressor():
    model = MinNormReLURegressor().fit([[3], [0], [1], [2]], [3, 0, 0, 1])
    assert model.function_ == er.min_norm_interpolant([0, 1, 2, 3], [0, 0, 1, 3]).function
    assert er.check(model.solution_.certificate).accepted
    assert list(model.predict([[1.5], [-7], [4]])) == [0, 0, 5]
    for frame, target in (
        (pd.DataFrame({"time": [0, 1, 2, 3]}), pd.Series([0, 0, 1, 3], index=[5, 6, 7, 8])),
        (pl.DataFrame({"time": [0, 1, 2, 3]}), pl.Series([0, 0, 1, 3])),
    ):
        model.fit(frame, target)
        assert list(model.feature_names_in_) == ["time"]
        assert model.score(frame, target) == 1
    scores = cross_val_score(make_pipeline(StandardScaler(), MinNormReLURegressor()), X, Y, cv=3)
    assert np.isfinite(scores).all()


def test_ties():
    with pytest.raises(InputError, match="rows 0 and 1 have the same x"):
        MinNormReLURegressor().fit([[0], [0], [1]], [0, 1, 2])
    model = MinNormReLURegressor(ties="mean").fit([[0], [0], [0], [1]], [0, 1, 0, 2])
    assert model.function_(0) == mpq(1, 3)
    with pytest.raises(InputError, match="ties = 'first'"):
        MinNormReLURegressor(ties="first").fit([[0]], [0])


def test_lasso():
    model = LassoReLURegressor(beta="1/4").fit([[0], [1], [2]], [0, 0, 1])
    exact = er.lasso.solve([0, 1, 2], [0, 0, 1], beta="1/4")
    assert model.solution_.objective == exact.objective
    assert list(model.predict([[0], [1], [2]])) == [float(v) for v in exact.fitted]
    assert LassoReLURegressor(beta=0, layers=3).fit(X, Y).score(X, Y) == pytest.approx(1)
    with pytest.raises(InputError, match="beta"):
        LassoReLURegressor(beta=-1).fit(X, Y)
    leaky = clone(LassoReLURegressor(activation="leaky_relu", slope="1/10")).fit(X, Y)
    assert leaky.get_params()["slope"] == "1/10"
    assert (
        leaky.solution_.certificate
        == er.lasso.solve(X[:, 0], Y, beta="1/10", activation="leaky_relu", slope="1/10").certificate
    )
    with pytest.raises(InputError, match="leaky_relu needs slope"):
        LassoReLURegressor(activation="leaky_relu").fit(X, Y)


def test_classifier():
    model = MinNormReLUClassifier().fit([[0], [1], [3], [4]], ["out", "in", "in", "out"])
    assert list(model.classes_) == ["in", "out"]
    assert list(model.predict([[0], [2], [9]])) == ["out", "in", "out"]
    assert list(model.decision_function([[0], [1], [3], [4]])) == [1, -1, -1, 1]
    frame = pl.DataFrame({"t": [0, 1, 3, 4]})
    assert list(model.fit(frame, pl.Series(["out", "in", "in", "out"])).predict(frame)[:2]) == ["out", "in"]
    with pytest.raises(InputError, match="y has one class, 'a'; two"):
        MinNormReLUClassifier().fit([[0], [1]], ["a", "a"])
    with pytest.raises(InputError, match="Only binary"):
        MinNormReLUClassifier().fit([[0], [1], [2]], [0, 1, 2])
    for estimator in (model, MinNormReLURegressor(), LassoReLURegressor()):
        with pytest.raises(InputError, match="2 features, and one is expected"):
            estimator.fit([[0, 1], [1, 2]], [0, 1])
