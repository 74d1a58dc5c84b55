"""`exactrelu norm`: the four representation costs."""

import json
from typing import Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import InputError, RadicalSum, format_rational
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.network import read_network
from exactrelu.functions import PiecewiseLinear, ShallowNetwork, representation_cost

_VARIANTS = [(False, True), (False, False), (True, True), (True, False)]


@click.command(
    short_help="The four representation costs of a function or network.",
    epilog="Example: exactrelu interpolate data.csv --json | exactrelu norm -",
)
@click.argument("source", metavar="NETWORK_OR_FUNCTION")
@options.state_dict
@options.as_json
@options.timeout
@options.max_digits
def command(
    source: str, activation: str, slope: str, as_json: bool, timeout: float | None, max_digits: int
) -> None:
    """Print what a shallow ReLU network must pay to compute a function: its minimal norm, four ways.

    NETWORK_OR_FUNCTION is .onnx, .pt or .pth (PyTorch), .skops (scikit-learn), or else JSON; "-" reads JSON
    from standard input. A function has the keys slope, intercept (of the left-most piece) and kinks (pairs
    of location and slope change); a network has input_weights, biases, output_weights and perhaps
    output_bias, skip_slope; or {"layers": [{"weights": [[...], ...], "biases": [...]}, ...]}, where a sparse
    layer has "inputs" and rows such as {"0": 2}. The output of interpolate and classify with --json will do,
    and that of lasso --beta Q --json, unless sign or threshold units make the network jump. (A path holds
    many.)
    The own cost of a network with one hidden layer of ReLU, after the best rescaling of each unit, is
    printed beside the minimal one.
    """
    with deadline(timeout, f"the costs were not found within {seconds(timeout)}; allow more time"):
        from exactrelu.interop.inspection import as_shallow

        read = read_network(source, activation=activation, slope=slope, max_digits=max_digits)
        f = read if isinstance(read, PiecewiseLinear) else read.function
        network = None if isinstance(read, PiecewiseLinear) else as_shallow(read)
        costs = [
            (p, s, representation_cost(f, penalize_bias=p, skip=s), _own(network, penalize_bias=p, skip=s))
            for p, s in _VARIANTS
        ]
        text = json.dumps(_json(costs, network is not None)) if as_json else _text(costs, network is not None)
    click.echo(text)


def _text(costs: list[tuple[bool, bool, Any, Any]], with_network: bool) -> str:
    lines = []
    for penalize_bias, skip, minimal, own in costs:
        title = f"biases {'penalised' if penalize_bias else 'free'}, {'skip free' if skip else 'no skip'}"
        lines.append(f"{title:<28}{display.cost(minimal)}")
        if with_network:
            lines.append(f"{'':<28}this network: {own if isinstance(own, str) else display.cost(own)}")
    return "\n".join(lines)


def _own(network: ShallowNetwork | None, *, penalize_bias: bool, skip: bool) -> "mpq | RadicalSum | str":
    """The cost of the network itself, or why it has none in this variant."""
    if network is None:
        return ""
    try:
        return network.cost(penalize_bias=penalize_bias, skip=skip)
    except InputError as error:
        return f"none, {error}"


def _json(costs: list[tuple[bool, bool, Any, Any]], with_network: bool) -> dict[str, Any]:
    document: dict[str, Any] = {"schema": "exactrelu/norms/1", "norms": []}
    for penalize_bias, skip, minimal, own in costs:
        entry = {"penalize_bias": penalize_bias, "skip": skip, "cost": _value(minimal)}
        if with_network:
            entry["network_cost"] = None if isinstance(own, str) else _value(own)
        document["norms"].append(entry)
    return document


def _value(value: "mpq | RadicalSum") -> Any:
    return value.to_json() if isinstance(value, RadicalSum) else format_rational(value)
