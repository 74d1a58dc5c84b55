"""One name for the pictures of all results."""

from collections.abc import Callable, Sequence
from typing import Any

from exactrelu.arithmetic.errors import InputError
from exactrelu.plotting.campaign import campaign
from exactrelu.plotting.classification import classifier, flow
from exactrelu.plotting.interpolant import interpolant
from exactrelu.plotting.lasso_path import path_figure
from exactrelu.plotting.memorization import growth_figure
from exactrelu.plotting.networks import network

# By name: whoever holds a result has loaded its module, and pictures of others need not.
_PICTURES: dict[str, Callable[..., Any]] = {
    "MinNormInterpolant": interpolant,
    "MaxMarginClassifier": classifier,
    "LassoPath": path_figure,
    "Memorizer": growth_figure,
    "Inspection": network,
    "Report": campaign,
    "FlowRun": flow,
}


def figure(found: Any, **options: Any) -> Any:
    """A matplotlib `Figure` of a result: that of the function of this package for its kind.

    Parameters
    ----------
    found : MinNormInterpolant, MaxMarginClassifier, LassoPath, Memorizer, Inspection, Report, FlowRun(s)
        `interpolant`, `classifier`, `path_figure`, `growth_figure`, `network`, `campaign` and `flow` draw it:
        of an interpolant, for example, the data, the function and its kinks.
    options : keywords of that function
        ``x_label`` and ``y_label`` for the first two and for `Inspection`.

    Raises
    ------
    InputError
        For anything else, and when a number is beyond the range of floats, in which pictures are drawn.
    MissingExtraError
        Without matplotlib.
    """
    many = isinstance(found, Sequence) and len(found) > 0
    kind = type(found[0] if many else found)
    draw = _PICTURES.get(kind.__name__) if kind.__module__.startswith("exactrelu.") else None
    if draw is None or (many and draw is not flow):
        raise InputError(
            f"there is no picture of an object of type {type(found).__name__}; there are some of results of "
            f"the types {', '.join(_PICTURES)}"
        )
    return draw([found] if draw is flow and not many else found, **options)
