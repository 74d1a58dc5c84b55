"""`exactrelu regions`: the linear regions of a network or function, exactly."""

import json
import math
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import UnsupportedError
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.network import read_network

if TYPE_CHECKING:
    from exactrelu.functions import DeepNetwork

SCHEMA = "exactrelu/regions/1"


@click.command(
    short_help="The linear regions of a network or function, exactly.",
    epilog="Example: exactrelu regions network.pt",
)
@click.argument("network", metavar="NETWORK_OR_FUNCTION")
@options.state_dict
@click.option("--list", "as_list", is_flag=True, help="List every region with its slope and intercept.")
@options.as_json
@options.timeout
@options.max_digits
def command(
    network: str,
    activation: str,
    slope: str,
    as_list: bool,
    as_json: bool,
    timeout: float | None,
    max_digits: int,
) -> None:
    """Count the linear regions of a ReLU network of one input and one output, or of a function.

    NETWORK_OR_FUNCTION is .onnx, .pt or .pth (PyTorch), .skops (scikit-learn), or else JSON; "-" reads JSON
    from standard input. Float weights are taken as the exact numbers that they hold. Regions of the function
    are those on which it is affine. Regions of the activation pattern, which code that looks at units counts,
    may be more: units can cancel.

    \b
    JSON is one of these (numbers may be strings such as "1/3"):
      {"layers": [{"weights": [[...], ...], "biases": [...]}, ...]}   a row a unit
      {"layers": [{"inputs": 1, "weights": [{"0": 2}, ...], ...}]}    of sparse rows
      {"input_weights": [...], "biases": [...], "output_weights": [...]}
      {"slope": ..., "intercept": ..., "kinks": [[t, c], ...]}        a function
    or what interpolate, classify, lasso and inspect print with --json.
    """
    with deadline(timeout, f"the regions were not counted within {seconds(timeout)}; allow more time"):
        from exactrelu.classification.regions import Regions, regions
        from exactrelu.functions import DeepNetwork, PiecewiseLinear, ShallowNetwork

        loaded = read_network(network, activation=activation, slope=slope, max_digits=max_digits)
        found: Regions | None = None
        if isinstance(loaded, PiecewiseLinear):
            f = loaded
        elif isinstance(loaded, DeepNetwork) and not as_list and (count := _too_many(loaded)):
            _say_how_many(loaded, count, as_json)
            return
        elif isinstance(loaded, ShallowNetwork | DeepNetwork):
            found = regions(loaded)
            f = found.function
        else:
            raise UnsupportedError(
                f"{network}: the regions of networks with other activations than ReLU are not counted; "
                "inspect says what such a network computes"
            )
    if as_json:
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "linear_regions": f.linear_regions,
            "activation_regions": None if found is None else found.patterns,
            "units": None if found is None else found.units,
            **f.to_json(),
        }
        click.echo(json.dumps(document))
        return
    if as_list:
        click.echo("\n".join([*_listing(f.knots, f.pieces), ""]))
    summary = []
    if found is None or isinstance(loaded, PiecewiseLinear):
        summary.append(("linear regions", str(f.linear_regions)))
    else:
        summary += [
            ("network", _shape(1 if isinstance(loaded, ShallowNetwork) else loaded.depth, found.units)),
            ("linear regions", f"{found.linear} of the function"),
            ("", f"{found.patterns} of the activation pattern"),
        ]
    _print([*summary, ("kinks", display.places(f.knots, 6))])


def _print(summary: list[tuple[str, str]]) -> None:
    click.echo("\n".join(f"{title:<14}  {value}" for title, value in summary))


def _shape(depth: int, units: int) -> str:
    return f"{depth} hidden layer{'s' * (depth != 1)}, {units} unit{'s' * (units != 1)}"


def _too_many(network: "DeepNetwork") -> int:
    """The number of linear regions if they are too many to be listed, which counting needs not; else 0."""
    from exactrelu.classification.regions import MAX_PIECES

    # A layer of w units cuts a piece into w + 1 at most.
    possible = math.prod(w + 1 for w in network.widths)
    if possible <= MAX_PIECES or network.inputs != 1 or network.outputs != 1:
        return 0
    count = network.linear_regions
    return count if count > MAX_PIECES else 0


def _say_how_many(network: "DeepNetwork", count: int, as_json: bool) -> None:
    if as_json:
        unlisted = dict.fromkeys(("activation_regions", "slope", "intercept", "kinks"))
        click.echo(
            json.dumps({"schema": SCHEMA, "linear_regions": count, "units": network.units, **unlisted})
        )
        return
    _print([
        ("network", _shape(network.depth, network.units)),
        ("linear regions", f"{count} of the function"),
        ("kinks", "too many to be listed"),
    ])  # fmt: skip


def _listing(knots: tuple[mpq, ...], pieces: tuple[tuple[mpq, mpq], ...]) -> list[str]:
    ends = ["-inf", *(display.number(t) for t in knots), "inf"]
    rows = [[str(k + 1), ends[k], ends[k + 1], display.affine(*piece)] for k, piece in enumerate(pieces)]
    return display.aligned(rows, titles=["region", "from", "to", "function"])
