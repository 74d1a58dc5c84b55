"""scikit-learn's perceptrons, alone or behind scalers, read exactly; `.skops` files without code."""

from typing import Any

from exactrelu.arithmetic import rational, rationals
from exactrelu.arithmetic.errors import ExactReluError, InputError, UnsupportedError
from exactrelu.interop.activated import Activation
from exactrelu.interop.chain import Affine, Network, Step, assemble
from exactrelu.interop.extras import require

# A perceptron keeps its optimizer, of these plain classes of scikit-learn; skops trusts the rest by itself.
_TRUSTED = [
    f"sklearn.neural_network._stochastic_optimizers.{name}" for name in ("AdamOptimizer", "SGDOptimizer")
]


def load(path: str) -> Network:
    """Read a fitted perceptron from a file of ``skops.io.dump``, which holds no code (a pickle does)."""
    io = require("skops.io", extra="sklearn", purpose="scikit-learn models in .skops files")
    try:
        model = io.load(path, trusted=_TRUSTED)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except Exception as error:  # a zip or JSON error, or types that skops does not trust
        reason = " ".join(str(error).split()) or type(error).__name__
        raise InputError(
            f"{path}: this is no file of skops.io.dump that can be trusted: {reason:.200}"
        ) from None
    try:
        return from_estimator(model, path)
    except ExactReluError:
        raise
    except Exception as error:  # attributes of a fitted model that are not what they should be
        raise InputError(f"{path}: the {type(model).__name__} is damaged ({error!s:.100})") from None


def from_estimator(model: Any, source: str = "the estimator") -> Network:
    """The network of a fitted ``MLPRegressor`` or ``MLPClassifier`` with activation relu or identity.

    A classifier's network ends before the logistic function or softmax: its outputs are the logits. A
    ``Pipeline`` may put ``StandardScaler``, ``RobustScaler``, ``MinMaxScaler`` or ``MaxAbsScaler`` before;
    they become affine layers, exactly.
    """
    from sklearn.pipeline import Pipeline

    parts = [model]
    if type(model) is Pipeline:
        parts = [part for _, part in model.steps if part is not None and part != "passthrough"]
    steps = [step for part in parts[:-1] for step in _scaler(part, source)]
    return assemble([*steps, *_perceptron(parts[-1], source)], source)


def _scaler(model: Any, source: str) -> list[Step]:
    """``x -> (x - mean) / scale`` or ``x -> x scale + min``, of each feature."""
    from sklearn.preprocessing import MaxAbsScaler, MinMaxScaler, RobustScaler, StandardScaler

    name = type(model).__name__
    centres = {StandardScaler: "mean_", RobustScaler: "center_", MaxAbsScaler: ""}
    fitted = hasattr(model, "n_features_in_") and not getattr(model, "clip", False)
    if type(model) is MinMaxScaler and fitted:
        scale = rationals(model.scale_, name=f"{source}: {name} scale_")
        shift = rationals(model.min_, name=f"{source}: {name} min_")
    elif type(model) in centres and fitted:
        count, centre = model.n_features_in_, centres[type(model)]
        # Only what the scaler uses: a StandardScaler may hold means that it does not subtract.
        means = getattr(model, centre, None) if getattr(model, "with_mean", True) else None
        means = [0] * count if means is None else means
        scales = [1] * count if model.scale_ is None else model.scale_
        scale = tuple(1 / q for q in rationals(scales, name=f"{source}: {name} scale_"))
        means = rationals(means, name=f"{source}: {name} {centre}")
        shift = tuple(-m * q for m, q in zip(means, scale, strict=True))
    else:
        raise UnsupportedError(
            f"{source}: {name} before a perceptron is not supported, or not fitted; StandardScaler, "
            "RobustScaler, MinMaxScaler and MaxAbsScaler without clipping are"
        )
    rows = [[q if i == j else rational(0) for j in range(len(scale))] for i, q in enumerate(scale)]
    return [Affine(rows, shift, name)]


def _perceptron(model: Any, source: str) -> list[Step]:
    from sklearn.neural_network import MLPClassifier, MLPRegressor

    if type(model) not in (MLPRegressor, MLPClassifier):
        raise UnsupportedError(
            f"{source}: {type(model).__name__} is not supported; MLPRegressor and MLPClassifier are, alone "
            "or at the end of a Pipeline of scalers"
        )
    if not hasattr(model, "coefs_"):
        raise InputError(f"{source}: this {type(model).__name__} is not fitted; call its fit first")
    if model.activation not in ("relu", "identity"):
        raise UnsupportedError(
            f"{source}: the activation {model.activation!r} is not supported; 'relu' and 'identity' are"
        )
    last = model.out_activation_
    if last != "identity" and type(model) is MLPRegressor:
        raise UnsupportedError(f"{source}: the output activation {last!r} is not supported; 'identity' is")
    steps: list[Step] = []
    for i, (weights, biases) in enumerate(zip(model.coefs_, model.intercepts_, strict=True)):
        if steps and model.activation == "relu":
            steps.append(Activation("relu"))
        steps.append(Affine(weights.T.tolist(), biases.tolist(), f"coefs_[{i}]"))
    return steps
