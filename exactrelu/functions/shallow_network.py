"""Shallow ReLU networks of one variable, exact."""

from collections.abc import Iterable, Iterator, Mapping, Set
from typing import Any, NoReturn

from gmpy2 import mpq

from exactrelu.arithmetic import RadicalSum, format_rational, rational, rationals
from exactrelu.arithmetic.errors import InputError, UnsupportedError
from exactrelu.functions.balanced import BalancedNetwork, balance
from exactrelu.functions.display import network_latex, paste, paste_list, show
from exactrelu.functions.exact import Exact, simplest, squared_norm
from exactrelu.functions.minimal_network import minimal_units
from exactrelu.functions.piecewise_linear import PiecewiseLinear

_set = object.__setattr__
_ZERO = mpq(0)
_LISTS = ("input_weights", "biases", "output_weights")


class ShallowNetwork:
    """``x -> Σ a_j σ(w_j x + b_j) + skip_slope x + output_bias`` with ``σ(z) = max(z, 0)``; immutable.

    Parameters
    ----------
    input_weights, biases, output_weights : sequences of equal length ``m >= 0``
        ``w_j``, ``b_j`` and ``a_j``, rational-like. Biases and output weights may also be `RadicalSum`:
        some minimal networks need √3 (input weights never do, since the scale of a unit is free).
    output_bias, skip_slope : rational-like

    Raises
    ------
    InputError
        If a weight is of no such kind, or the lengths differ.

    >>> network = ShallowNetwork([1, -2], [0, 3], [2, "1/2"])
    >>> network.function
    PiecewiseLinear.from_kinks(-1, '3/2', [(0, 2), ('3/2', 1)])
    >>> network(1), network.cost(penalize_bias=False, skip=False)
    (mpq(5,2), mpq(3,1))
    """

    __slots__ = ("_function", "biases", "input_weights", "output_bias", "output_weights", "skip_slope")

    input_weights: tuple[mpq, ...]
    biases: tuple[Exact, ...]
    output_weights: tuple[Exact, ...]
    output_bias: mpq
    skip_slope: mpq
    _function: PiecewiseLinear | None

    def __init__(
        self,
        input_weights: Any,
        biases: Any,
        output_weights: Any,
        *,
        output_bias: Any = 0,
        skip_slope: Any = 0,
    ) -> None:
        lists = (
            rationals(input_weights, name="input_weights"),
            _weights(biases, "biases"),
            _weights(output_weights, "output_weights"),
        )
        if len({len(values) for values in lists}) > 1:
            sizes = ", ".join(f"{n} has {len(v)}" for n, v in zip(_LISTS, lists, strict=True))
            raise InputError(f"the lists of weights must be equally long, one entry a unit, but {sizes}")
        for name, values in zip(_LISTS, lists, strict=True):
            _set(self, name, values)
        _set(self, "output_bias", rational(output_bias, name="output_bias"))
        _set(self, "skip_slope", rational(skip_slope, name="skip_slope"))
        _set(self, "_function", None)

    @classmethod
    def minimal(
        cls, f: PiecewiseLinear, *, penalize_bias: bool = True, skip: bool = True
    ) -> "ShallowNetwork":
        """A network that computes ``f`` at its representation cost, exactly.

        All weights are rational, except with ``penalize_bias=True, skip=False`` where the cost needs it:
        there two biases and one output weight may be ``p + q √3``. At most ``K + 3`` units. ``O(K)``.

        >>> f = PiecewiseLinear.from_kinks(1, 1)
        >>> network = ShallowNetwork.minimal(f, skip=False)
        >>> network.function == f, network.cost(skip=False)
        (True, RadicalSum([('1', '1'), ('1', '3')]))
        """
        units = minimal_units(f, penalize_bias=penalize_bias, skip=skip)
        return cls._make(
            tuple(units.input_weights),
            tuple(units.biases),
            tuple(units.output_weights),
            units.output_bias,
            units.skip_slope,
        )

    @classmethod
    def _make(
        cls,
        input_weights: tuple[mpq, ...],
        biases: tuple[Exact, ...],
        output_weights: tuple[Exact, ...],
        output_bias: mpq,
        skip_slope: mpq,
    ) -> "ShallowNetwork":
        """Trusted constructor: equally long tuples, rational RadicalSums turned into mpq."""
        self = object.__new__(cls)
        _set(self, "input_weights", input_weights)
        _set(self, "biases", biases)
        _set(self, "output_weights", output_weights)
        _set(self, "output_bias", output_bias)
        _set(self, "skip_slope", skip_slope)
        _set(self, "_function", None)
        return self

    @property
    def width(self) -> int:
        """The number of hidden units."""
        return len(self.input_weights)

    @property
    def function(self) -> PiecewiseLinear:
        """The function computed, in canonical form. ``O(m log m)``.

        Raises UnsupportedError if it has irrational kinks or coefficients.
        """
        if self._function is None:
            _set(self, "_function", self._compute_function())
        assert self._function is not None
        return self._function

    def _compute_function(self) -> PiecewiseLinear:
        # Left of all kinks the units with w < 0 are on; each unit changes the slope by a |w| at -b/w.
        slope: Exact = self.skip_slope
        intercept: Exact = self.output_bias
        changes: dict[Exact, Exact] = {}
        for w, b, a in zip(self.input_weights, self.biases, self.output_weights, strict=True):
            if w == 0:
                intercept += a * max(b, _ZERO)
                continue
            if w < 0:
                slope += a * w
                intercept += a * b
            t = simplest(-b / w)
            changes[t] = changes.get(t, _ZERO) + a * abs(w)
        return PiecewiseLinear._merge(
            _rational(slope, "a slope"),
            _rational(intercept, "an intercept"),
            [(_rational(t, "a kink"), _rational(c, "a slope change")) for t, c in changes.items() if c != 0],
        )

    def __call__(self, v: Any) -> Any:
        """Evaluate exactly: a number gives an mpq, an array or sequence an object array of its shape."""
        return self.function(v)

    def cost(self, *, penalize_bias: bool = True, skip: bool = True) -> Exact:
        """``Σ |a_j| ‖(w_j, b_j)‖``, or ``Σ |a_j| |w_j|`` without penalised biases. ``O(m)``.

        It is what ``½ Σ (a_j² + w_j² [+ b_j²])`` becomes after the best rescaling of each unit
        (`balanced`).

        Raises
        ------
        InputError
            If the network has a term that the variant lacks: a skip slope when ``skip=False``, an output bias
            when ``skip=False`` and biases are penalised.
        UnsupportedError
            If a unit with irrational weights has a cost that is no sum of square roots of rationals.
        """
        self._check_variant(penalize_bias=penalize_bias, skip=skip)
        terms: list[tuple[mpq, mpq]] = []
        for j, (w, b, a) in enumerate(zip(self.input_weights, self.biases, self.output_weights, strict=True)):
            d = squared_norm(w, b, j) if penalize_bias else w * w
            size = abs(a)
            if isinstance(size, RadicalSum):
                terms.extend((q, d * e) for q, e in size.terms)
            else:
                terms.append((size, d))
        return simplest(RadicalSum._make(terms))

    def _check_variant(self, *, penalize_bias: bool, skip: bool) -> None:
        if skip:
            return
        if self.skip_slope:
            raise InputError(
                f"skip_slope = {show(self.skip_slope)} must be 0 when skip=False: that variant has no skip "
                "connection"
            )
        if penalize_bias and self.output_bias:
            raise InputError(
                f"output_bias = {show(self.output_bias)} must be 0 when penalize_bias=True and skip=False: "
                "that variant has no output bias; use a unit with input weight 0"
            )

    def balanced(self, *, penalize_bias: bool = True) -> BalancedNetwork:
        """The same function with every unit rescaled so that ``|a_j| = ‖(w_j[, b_j])‖``, kept symbolic."""
        return balance(self, penalize_bias=penalize_bias)

    # -- object protocol ------------------------------------------------------------------------------

    def _key(self) -> tuple[Any, ...]:
        return self.input_weights, self.biases, self.output_weights, self.output_bias, self.skip_slope

    def __eq__(self, other: object) -> bool:
        """Equal weights in equal order; compare ``.function`` for equal functions."""
        return self._key() == other._key() if isinstance(other, ShallowNetwork) else NotImplemented

    def __hash__(self) -> int:
        return hash((ShallowNetwork, self._key()))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"ShallowNetwork is immutable; cannot set {name!r}")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"ShallowNetwork is immutable; cannot delete {name!r}")

    def __reduce__(self) -> tuple[Any, ...]:
        return ShallowNetwork._make, self._key()

    def __repr__(self) -> str:
        parts = [paste_list(getattr(self, name)) for name in _LISTS]
        named = [(name, getattr(self, name)) for name in ("output_bias", "skip_slope")]
        parts += [f"{name}={paste(q)}" for name, q in named if q]
        return f"ShallowNetwork({', '.join(parts)})"

    def _repr_latex_(self) -> str:
        return network_latex(self)

    # -- exchange -------------------------------------------------------------------------------------

    def to_json(self) -> dict[str, Any]:
        """A JSON-ready dict of the five constructor arguments, numbers as strings ``"p/q"``.

        An irrational weight is a radical sum, ``{"terms": [["q", "d"], ...], "decimal": "..."}``.
        """
        document: dict[str, Any] = {name: [_to_json(q) for q in getattr(self, name)] for name in _LISTS}
        document["output_bias"] = format_rational(self.output_bias)
        document["skip_slope"] = format_rational(self.skip_slope)
        return document

    @classmethod
    def from_json(cls, document: Any) -> "ShallowNetwork":
        """Read what `to_json` wrote; other keys are ignored. Raises InputError on anything else."""
        if not isinstance(document, dict):
            raise InputError(f"a network is a JSON object with {', '.join(_LISTS)}, not {show(document)}")
        for name in _LISTS:
            if name not in document:
                raise InputError(f"the network lacks the key {name!r}; it needs {', '.join(_LISTS)}")
            if not isinstance(document[name], list | tuple):
                raise InputError(f"{name} must be a list of numbers, not {show(document[name])}")
        lists = [
            [RadicalSum.from_json(v) if isinstance(v, dict) else v for v in document[name]] for name in _LISTS
        ]
        return cls(
            *lists, output_bias=document.get("output_bias", 0), skip_slope=document.get("skip_slope", 0)
        )


def _weights(values: Any, name: str) -> tuple[Exact, ...]:
    """Like `rationals`, with RadicalSum admitted."""
    if isinstance(values, Iterator):
        values = list(values)  # looked at twice
    row = isinstance(values, Iterable) and not isinstance(values, Mapping | Set)
    if not (row and getattr(values, "ndim", 1) == 1 and any(isinstance(v, RadicalSum) for v in values)):
        return rationals(values, name=name)
    return tuple(
        simplest(v) if isinstance(v, RadicalSum) else rational(v, name=f"{name}[{i}]")
        for i, v in enumerate(values)
    )


def _rational(value: Exact, what: str) -> mpq:
    q = simplest(value)
    if isinstance(q, RadicalSum):
        raise UnsupportedError(f"the network's function has {what} that is irrational, {q}")
    return q


def _to_json(value: Exact) -> Any:
    return value.to_json() if isinstance(value, RadicalSum) else format_rational(value)
