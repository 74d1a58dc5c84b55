"""Estimators for scikit-learn: the exact solvers behind `fit` and `predict`.

They take one feature, an array or data frame of shape (n, 1). The fitted exact result is in ``solution_``;
what `predict` returns are floats, each the exact value correctly rounded.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Self

from gmpy2 import mpq

from exactrelu.arithmetic import rational, rationals
from exactrelu.arithmetic.errors import InputError, MissingExtraError
from exactrelu.functions import PiecewiseLinear

try:
    import numpy as np
    from sklearn.base import BaseEstimator, ClassifierMixin, RegressorMixin
    from sklearn.utils.multiclass import check_classification_targets, type_of_target
    from sklearn.utils.validation import (
        check_array,
        check_consistent_length,
        check_is_fitted,
        column_or_1d,
        validate_data,
    )
except ImportError:
    raise MissingExtraError.of("the estimators need scikit-learn", "sklearn") from None


class _OneFeature(BaseEstimator):  # type: ignore[misc]
    """What the estimators share: one feature, and a fitted ``function_``."""

    function_: PiecewiseLinear

    def _values(self, X: Any) -> Any:
        """The exact values of ``function_`` at the points of `X`, as float64."""
        check_is_fitted(self, "function_")
        x = _feature(X, self, fitting=False)
        order = np.argsort(x, kind="stable")
        exact = self.function_.values_at_sorted(rationals(x[order], name="X"))
        values = np.empty(len(x))
        values[order] = [float(v) for v in exact]
        return values


def _feature(X: Any, estimator: Any, *, fitting: bool) -> Any:
    """The single column of `X`, which scikit-learn has validated; strings and sparse matrices are refused."""
    x = validate_data(estimator, X, dtype=[np.float64, np.float32], reset=fitting)
    if x.shape[1] != 1:
        raise InputError(
            f"X has {x.shape[1]} features, and one is expected: {type(estimator).__name__} is about "
            "functions of one variable"
        )
    return x[:, 0]


def _regression(estimator: Any, X: Any, y: Any) -> tuple[Sequence[mpq], Sequence[mpq]]:
    """The data as exact numbers, equal x merged if `ties` says so."""
    if y is None:
        raise ValueError(f"{type(estimator).__name__} requires y to be passed, but the target y is None")
    x = _feature(X, estimator, fitting=True)
    target = column_or_1d(check_array(y, ensure_2d=False, dtype="numeric", input_name="y"), warn=True)
    check_consistent_length(x, target)
    xs, ys = rationals(x, name="X"), rationals(target, name="y")
    if estimator.ties not in ("error", "mean"):
        raise InputError(f"ties = {estimator.ties!r}: 'error' or 'mean' is expected")
    if estimator.ties == "error":
        return xs, ys
    groups: dict[mpq, list[mpq]] = defaultdict(list)
    for a, b in zip(xs, ys, strict=True):
        groups[a].append(b)
    return list(groups), [sum(g, mpq(0)) / len(g) for g in groups.values()]


class MinNormReLURegressor(RegressorMixin, _OneFeature):  # type: ignore[misc]
    """The minimal-norm ReLU network through the data (`exactrelu.min_norm_interpolant`).

    Parameters
    ----------
    penalize_bias, skip : bool
        The variant of the norm.
    tolerance : rational-like, optional
        Ask for a certified approximation; see `exactrelu.min_norm_interpolant`.
    ties : "error" or "mean"
        What to do with equal x that have different y: refuse them, or take their exact mean.

    Attributes
    ----------
    solution_ : MinNormInterpolant
    function_ : PiecewiseLinear

    >>> model = MinNormReLURegressor().fit([[0], [1], [2], [3]], [0, 0, 1, 3])
    >>> model.predict([[1.5], [4]]), str(model.solution_.cost)
    (array([0., 5.]), 'sqrt(13)')
    """

    def __init__(
        self, *, penalize_bias: bool = True, skip: bool = True, tolerance: Any = None, ties: str = "error"
    ) -> None:
        self.penalize_bias = penalize_bias
        self.skip = skip
        self.tolerance = tolerance
        self.ties = ties

    def fit(self, X: Any, y: Any) -> Self:
        """Interpolate. Raises InputError (a ValueError) for data that no function fits."""
        from exactrelu.interpolation import min_norm_interpolant

        x, target = _regression(self, X, y)
        self.solution_ = min_norm_interpolant(
            x, target, penalize_bias=self.penalize_bias, skip=self.skip, tolerance=self.tolerance
        )
        self.function_ = self.solution_.function
        return self

    def predict(self, X: Any) -> Any:
        """The values of the interpolant, shape (n,)."""
        return self._values(X)


class LassoReLURegressor(RegressorMixin, _OneFeature):  # type: ignore[misc]
    """A network trained to optimality with weight decay, as an exact Lasso problem (`exactrelu.lasso.solve`).

    Parameters
    ----------
    beta : rational-like
        The weight of the regularisation; 0 asks for its limit.
    layers : int
    activation : str
        One with a continuous function: "relu", "abs" or "leaky_relu".
    slope : rational-like, optional
        For "leaky_relu" only, which needs it: the slope for negative arguments.
    ties : "error" or "mean"
        As for `MinNormReLURegressor`. With "mean" each x counts once in the loss.

    Attributes
    ----------
    solution_ : LassoSolution
    function_ : PiecewiseLinear

    >>> model = LassoReLURegressor(beta="1/4").fit([[0], [1], [2]], [0, 0, 1])
    >>> model.predict([[0], [2]]), model.solution_.objective
    (array([0.   , 0.75]), mpq(3,16))
    """

    def __init__(
        self,
        *,
        beta: Any = "1/10",
        layers: int = 2,
        activation: str = "relu",
        slope: Any = None,
        ties: str = "error",
    ) -> None:
        self.beta = beta
        self.layers = layers
        self.activation = activation
        self.slope = slope
        self.ties = ties

    def fit(self, X: Any, y: Any) -> Self:
        """Solve. Raises InputError (a ValueError) for data that give one x two different y."""
        from exactrelu.lasso import solve

        x, target = _regression(self, X, y)
        self.solution_ = solve(
            x,
            target,
            beta=rational(self.beta, name="beta"),
            layers=self.layers,
            activation=self.activation,
            slope=self.slope,
        )
        self.function_ = self.solution_.function
        return self

    def predict(self, X: Any) -> Any:
        """The values of the network, shape (n,)."""
        return self._values(X)


class MinNormReLUClassifier(ClassifierMixin, _OneFeature):  # type: ignore[misc]
    """The max-margin classifier by a ReLU network (`exactrelu.max_margin_classifier`), for two classes.

    Parameters
    ----------
    penalize_bias, skip : bool
        The variant of the norm.

    Attributes
    ----------
    classes_ : array of shape (2,)
        The labels, sorted; the second is where the function is positive.
    solution_ : MaxMarginClassifier
    function_ : PiecewiseLinear

    >>> model = MinNormReLUClassifier().fit([[0], [1], [3], [4]], ["out", "in", "in", "out"])
    >>> model.predict([[0.2], [2], [9]]), model.decision_function([[1]])
    (array(['out', 'in', 'out'], dtype='<U3'), array([-1.]))
    """

    def __init__(self, *, penalize_bias: bool = True, skip: bool = True) -> None:
        self.penalize_bias = penalize_bias
        self.skip = skip

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.classifier_tags.multi_class = False
        return tags

    def fit(self, X: Any, y: Any) -> Self:
        """Separate. Raises InputError (a ValueError) unless there are two classes, one at each x."""
        from exactrelu.classification import max_margin_classifier

        if y is None:
            raise ValueError("MinNormReLUClassifier requires y to be passed, but the target y is None")
        target = column_or_1d(y, warn=True)
        check_classification_targets(target)
        check_consistent_length(X, target)
        self.classes_, index = np.unique(target, return_inverse=True)
        if len(self.classes_) > 2:
            raise InputError(
                f"Only binary classification is supported. The type of the target is {type_of_target(target)}"
            )
        if len(self.classes_) == 1:
            (only,) = self.classes_.tolist()
            raise InputError(f"y has one class, {only!r}; two are needed to tell apart")
        x = _feature(X, self, fitting=True)
        self.solution_ = max_margin_classifier(
            rationals(x, name="X"),
            [2 * int(i) - 1 for i in index],
            penalize_bias=self.penalize_bias,
            skip=self.skip,
        )
        self.function_ = self.solution_.function
        return self

    def decision_function(self, X: Any) -> Any:
        """The values of the function, shape (n,): at least 1 in size at the data."""
        return self._values(X)

    def predict(self, X: Any) -> Any:
        """The class of every point, shape (n,): the second where the function is positive."""
        values = self._values(X)
        return self.classes_[(values > 0).astype(int)]
