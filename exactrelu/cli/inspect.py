"""`exactrelu inspect`: an exact look at a trained network."""

import json
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import Enclosure, RadicalSum, format_rational
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.data import Data, read_data
from exactrelu.cli.network import read_network
from exactrelu.cli.source import check_outputs
from exactrelu.functions import PiecewiseLinear, ShallowNetwork

if TYPE_CHECKING:
    from exactrelu.interop.inspection import CostRow, Fit, Inspection

SCHEMA = "exactrelu/inspection/1"


@click.command(
    short_help="An exact look at a trained network.",
    epilog="Example: exactrelu inspect network.onnx --data training.csv",
)
@click.argument("network", metavar="NETWORK")
@click.option("--data", metavar="DATA", help="The training data: CSV, or JSON with x and y.")
@options.columns
@options.state_dict
@click.option("--plot", metavar="FILE", help="Draw function, kinks and data: .png, .pdf or .svg.")
@options.as_json
@options.timeout
@options.max_digits
def command(
    network: str,
    data: str | None,
    x: str | None,
    y: str | None,
    activation: str,
    slope: str,
    plot: str | None,
    as_json: bool,
    timeout: float | None,
    max_digits: int,
) -> None:
    """Read a network of one input and one output exactly, and say what it computes and what it costs.

    NETWORK is .onnx, .pt or .pth (PyTorch), .skops (scikit-learn), or else JSON, also of a function, which
    stands for a minimal network of it; "-" reads JSON from standard input. Float weights are taken as the
    exact numbers that they hold. With DATA, each cost is compared with the least cost of any
    function that takes the network's own values at the data.

    JSON of a network is {"layers": [{"weights": [[...], ...], "biases": [...]}, ...]}, where a sparse layer
    has "inputs" and rows such as {"0": 2}, or {"input_weights": [...], "biases": [...], "output_weights":
    [...]}; of a function {"slope": ..., "intercept": ..., "kinks": [[t, c], ...]}.
    """
    check_outputs(plot=plot, sources=[network, data])
    if data is None and (x is not None or y is not None):
        raise click.UsageError("--x and --y choose columns of --data, which is not given")
    drawn = None
    with deadline(timeout, f"the network was not inspected within {seconds(timeout)}; allow more time"):
        read = None if data is None else read_data(data, x=x, y=y, max_digits=max_digits)
        from exactrelu.interop.inspection import inspect_network

        loaded = read_network(network, activation=activation, slope=slope, max_digits=max_digits)
        if isinstance(loaded, PiecewiseLinear):
            loaded = ShallowNetwork.minimal(loaded)
        points = (None, None) if read is None else (read.points.x, read.points.y)
        found = inspect_network(loaded, *points)
        text = json.dumps(_json(found)) if as_json else "\n".join(_text(found, read))
        if plot is not None:
            from exactrelu import plotting

            labels = {} if read is None else {"x_label": read.x_name, "y_label": read.y_name}
            drawn = plotting.image(plotting.network(found, **labels), plot)
    if plot is not None and drawn is not None:
        atomic_write(plot, drawn)
    click.echo(text)


def _text(found: "Inspection", read: Data | None) -> list[str]:
    from exactrelu.interop import ActivatedNetwork

    f, n = found.function, found.network
    shape = f"width {n.width}"
    if not isinstance(n, ShallowNetwork):
        shape += f", depth {n.depth}, {n.parameters} parameters of up to {n.weight_bits} bits"
    slopes = [display.number(q, 10) for q in (min(f.slopes), max(f.slopes), f.lipschitz_constant)]
    rows = [("network", shape)]
    if isinstance(n, ActivatedNetwork):
        rows.append(("activations", ", ".join(dict.fromkeys(map(str, n.activations)))))
    rows += [
        ("function", f"{_count(f.linear_regions, 'linear region')}, {_count(len(f.kinks), 'kink')}"),
        ("kinks", display.places(f.knots, 5)),
        ("slopes", f"{slopes[0]} to {slopes[1]} (Lipschitz constant {slopes[2]})"),
    ]
    if found.fit is not None and read is not None:
        rows += _fit_rows(found, found.fit, read)
    return [f"{title:<11}  {value}" for title, value in rows] + ["", *_cost_table(found), *_notes(found)]


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'s' * (number != 1)}"


def _fit_rows(found: "Inspection", fit: "Fit", read: Data) -> list[tuple[str, str]]:
    points, size = fit.data, display.decimal
    extent = f"{display.number(points.x[0], 8)} to {display.number(points.x[-1], 8)}"
    rows = [
        ("data", f"{read.y_name} over {read.x_name}: {points.n} point{'s' * (points.n > 1)}, {extent}"),
        ("misfit", f"at most {size(fit.largest, 4)}, mean square {size(fit.mean_square, 4)}"),
    ]
    if fit.misclassified is not None:
        least = min(v * y for v, y in zip(fit.values, points.y, strict=True))
        rows[-1] = (
            "classes",
            f"{fit.misclassified} of {points.n} points on the wrong side; label times value at least "
            f"{size(least, 4)}",
        )
    kinks = len(found.function.kinks)
    if kinks:
        rows.append(("outside", f"{fit.outside} of {_count(kinks, 'kink')} left or right of all data"))
    if fit.kkt is not None:
        margin = f"{size(fit.kkt.normalized_margin, 4)}, divided by the square of the norm"
        cost = fit.classifier_cost
        if cost is not None and fit.kkt.normalized_margin > 0:
            share = 200 * float(_middle(cost)) * float(fit.kkt.normalized_margin)
            margin += f"; {share:.3g} % of the largest possible"
        rows.append(("margin", margin))
        if fit.kkt.bound is not None:
            rows.append(("KKT", f"residual at most {size(fit.kkt.bound, 4)} (relative to the norm)"))
        else:
            rows.append(("KKT", "no residual: some points are on the wrong side"))
    elif fit.misclassified is not None:
        rows.append(("KKT", "no residual: that is for one hidden layer of ReLU units without output bias"))
    if fit.not_ridgeless is None:
        rows.append(
            ("ridgeless", "yes, no function with the same values at the data has less slope variation")
        )
    else:
        rows.append(("ridgeless", f"no, {fit.misplaced} of {_count(kinks, 'kink')} out of place"))
        rows.append(("", f"the largest: {_reason(fit.not_ridgeless)}"))
    return rows


def _reason(reason: Any) -> str:
    """`str(reason)` with short numbers."""
    t, c = display.decimal(reason.at, 6), display.decimal(reason.found, 6)
    shape = {1: "convex", -1: "concave", 0: "affine"}[int(reason.expected)]
    place = {
        "OUTER_PIECES": "left of the second datum and right of the last but one",
        "AT_DATUM": f"across the datum x_{reason.index}",
    }.get(reason.clause.name, f"between the data x_{reason.index} and x_{reason.index + 1}")
    return f"the slope changes by {c} at x = {t}, but a minimal function is {shape} {place}"


def _cost_table(found: "Inspection") -> list[str]:
    costs = found.costs
    titles = ["cost", "this network", "its function"]
    if costs[0].least is not None:
        titles += ["least for its values", "excess"]
    lines = [titles]
    for row in costs:
        name = (
            f"biases {'penalised' if row.penalize_bias else 'free'}, {'skip free' if row.skip else 'no skip'}"
        )
        cells = [name, _short(row.network), _short(row.function)]
        if row.least is not None:
            cells += [_short(row.least), _share(row)]
        lines.append(cells)
    widths = [max(len(line[i]) for line in lines) for i in range(len(titles))]
    return [
        "  ".join(
            c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]


def _notes(found: "Inspection") -> list[str]:
    """What the columns of the table mean."""
    lines = [
        "",
        "cost: the sum of slope changes |c|, times sqrt(1 + t^2) at the kink t where biases are penalised",
    ]
    if found.fit is not None:
        lines.append("least for its values: of all functions that take the network's own values at the data")
    if any(row.network is None for row in found.costs):
        shallow = any(row.network is not None for row in found.costs)
        why = "with an output bias or skip" if shallow else "that is no shallow ReLU network"
        lines.append(f"-: no such cost for a network {why}")
    return lines


def _short(value: "mpq | RadicalSum | Enclosure | None") -> str:
    if value is None:
        return "-"
    if isinstance(value, RadicalSum):
        return value.decimal(8)
    return display.decimal(value.midpoint if isinstance(value, Enclosure) else value, 8)


def _share(row: "CostRow") -> str:
    """The excess in per cent of the least cost."""
    if isinstance(row.excess, Enclosure):
        if not row.excess.lower:
            return f"< {display.decimal(row.excess.upper, 2)}"
    elif row.excess == 0:
        return "0"
    if row.least is None or row.excess is None or float(_middle(row.least)) == 0:
        return _short(row.excess)
    return f"{100 * float(_middle(row.excess)) / float(_middle(row.least)):.3g} %"


def _middle(value: "mpq | RadicalSum | Enclosure") -> "mpq | RadicalSum":
    return value.midpoint if isinstance(value, Enclosure) else value


def _json(found: "Inspection") -> dict[str, Any]:
    document: dict[str, Any] = {
        "schema": SCHEMA,
        "function": found.function.to_json(),
        "linear_regions": found.function.linear_regions,
        "lipschitz_constant": format_rational(found.function.lipschitz_constant),
        "costs": [
            {
                "penalize_bias": row.penalize_bias,
                "skip": row.skip,
                **{key: _value(getattr(row, key)) for key in ("network", "function", "least", "excess")},
            }
            for row in found.costs
        ],
    }
    fit = found.fit
    if fit is not None:
        document["fit"] = {
            "points": fit.data.n,
            "largest": format_rational(fit.largest),
            "mean_square": format_rational(fit.mean_square),
            "kinks_outside": fit.outside,
            "ridgeless": fit.not_ridgeless is None,
            "kinks_misplaced": fit.misplaced,
            "why_not": None if fit.not_ridgeless is None else str(fit.not_ridgeless),
            "misclassified": fit.misclassified,
            "kkt_residual": _value(None if fit.kkt is None else fit.kkt.bound),
            "normalized_margin": _value(None if fit.kkt is None else fit.kkt.normalized_margin),
            "classifier_cost": _value(fit.classifier_cost),
        }
    return document


def _value(value: "mpq | RadicalSum | Enclosure | None") -> Any:
    if value is None:
        return None
    return format_rational(value) if isinstance(value, mpq) else value.to_json()
