"""Labelled points: reading them, and the two data next to each switch of label."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from exactrelu.arithmetic import InputError, rationals
from exactrelu.functions import Dataset
from exactrelu.functions.display import two_names

_ONE = mpq(1)


def read_labels(x: Any, labels: Any, *, rows: Sequence[object] | None = None) -> Dataset:
    """The data ``(x_i, s_i)``, sorted, with labels ``s_i = ±1``; equal data are merged.

    Labels are ±1, or 0 and 1, where 0 stands for -1.

    Raises
    ------
    InputError
        As `Dataset.read`; and if a label is none of these, naming its row.
    """
    try:
        read = rationals(labels, name="labels")
    except InputError as error:
        raise InputError(f"{error}; labels are -1 and 1, or 0 and 1{_written(labels)}") from None
    return signed(Dataset.read(x, read, rows=rows))


def _written(labels: Any) -> str:
    """How to write labels that are conditions or names."""
    if isinstance(labels, str) or not isinstance(labels, Collection) or getattr(labels, "ndim", 1) != 1:
        return ""
    values = [v.item() if hasattr(v, "item") else v for v in labels]
    if any(isinstance(v, bool) for v in values):
        return "; of a condition write 2*(y > 0) - 1"
    return two_names(values) if all(isinstance(v, str) for v in values) else ""


def signed(data: Dataset) -> Dataset:
    """The data with the labels 0 and 1, if it has these, turned into -1 and 1."""
    values = set(data.y)
    if values <= {_ONE, -_ONE}:
        return data
    if values <= {_ONE, 0 * _ONE}:
        return Dataset._make(data.x, tuple(2 * v - 1 for v in data.y))
    allowed = (-1, 0, 1)
    for x, label in zip(data.x, data.y, strict=True):
        if label not in allowed:
            raise InputError(f"the label at x = {x} is {label}; labels are -1 and 1, or 0 and 1")
    raise InputError("there are labels -1, 0 and 1 at once; labels are -1 and 1, or 0 and 1")


@dataclass(frozen=True, slots=True)
class Switches:
    """The switches of the labels ``s``: gaps between neighbouring data of different labels.

    Attributes
    ----------
    before : tuple of int
        For each switch the index of the datum on its left; the one on its right is the next.
    """

    data: Dataset
    before: tuple[int, ...]

    @classmethod
    def of(cls, data: Dataset) -> Switches:
        """The switches of data with labels ±1. Linear."""
        y = data.y
        return cls(data, tuple(i for i in range(len(y) - 1) if y[i] != y[i + 1]))

    @property
    def count(self) -> int:
        """The number of switches ``K``."""
        return len(self.before)

    @property
    def points(self) -> tuple[int, ...]:
        """The indices of the data next to a switch, increasing: at most ``2K``."""
        return tuple(dict.fromkeys(j for i in self.before for j in (i, i + 1)))

    @property
    def lengths(self) -> list[mpq]:
        """The lengths ``g_k`` of the gaps."""
        x = self.data.x
        return [x[i + 1] - x[i] for i in self.before]

    @property
    def slopes(self) -> list[mpq]:
        """The slopes of the lines through both data of each switch: ``±2/g_k``, alternating."""
        y = self.data.y
        return [-2 * y[i] / g for i, g in zip(self.before, self.lengths, strict=True)]

    @property
    def peaks(self) -> list[mpq]:
        """Where the lines of neighbouring switches meet: between, or at, the data of the group between."""
        x, d = self.data.x, self.slopes
        found = []
        for k, (i, j) in enumerate(zip(self.before, self.before[1:], strict=False)):
            # Both lines have the value s at the ends a, b of the group:  d (t - a) = d' (t - b).
            a, b = x[i + 1], x[j]
            found.append((d[k] * a - d[k + 1] * b) / (d[k] - d[k + 1]))
        return found
