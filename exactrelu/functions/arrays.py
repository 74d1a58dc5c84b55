"""Functions of a number, on arrays of them."""

from collections.abc import Callable, Sequence
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import rational, rationals


def is_array(v: Any) -> bool:
    """Whether a function is asked for its values at many numbers: an array or a sequence."""
    return hasattr(v, "__len__") and not isinstance(v, str | bytes)


def on_array(v: Any, values: Callable[[tuple[mpq, ...]], Sequence[mpq]]) -> Any:
    """``values`` at all numbers of an array or sequence: an object array of its shape, or an mpq for no axes.

    InputError for what is no rational number, which says where it is.
    """
    import numpy as np

    array = v if isinstance(v, np.ndarray) else np.asarray(v, dtype=object)
    if array.ndim == 0:
        return values((rational(array.item(), name="v"),))[0]
    out = np.empty(array.size, dtype=object)
    out[:] = values(rationals(array.reshape(-1), name="v"))
    return out.reshape(array.shape)
