"""`exactrelu lasso`: networks with weight decay as exact Lasso problems."""

import json
import re
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import InputError, format_rational
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.text import parse_rational, seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.data import Data, read_data
from exactrelu.cli.judging import judged
from exactrelu.cli.source import check_outputs
from exactrelu.cli.verify_running import progress_bar

if TYPE_CHECKING:
    from exactrelu.certificates import CheckReport
    from exactrelu.lasso import Dictionary, LassoPath, LassoSolution

SCHEMA, PATH_SCHEMA = "exactrelu/lasso/1", "exactrelu/lasso-path/1"
_ACTIVATIONS = ("relu", "leaky_relu", "abs", "sign", "threshold")


def _rational(ctx: click.Context, parameter: click.Parameter, value: str | None) -> mpq | None:
    try:
        return None if value is None else parse_rational(value)
    except InputError as error:
        raise click.BadParameter(str(error), ctx, parameter) from None


def _beta(ctx: click.Context, parameter: click.Parameter, value: str | None) -> mpq | None:
    beta = _rational(ctx, parameter, value)
    if beta is not None and beta < 0:
        raise click.BadParameter(f"{value} is negative", ctx, parameter)
    return beta


def _widths(ctx: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not re.fullmatch(r"[0-9]{1,6}(,[0-9]{1,6})*", value):
        raise click.BadParameter(f"{value!r} is no list of integers such as 3,2", ctx, parameter)
    return tuple(map(int, value.split(",")))


@click.command(
    short_help="Networks with weight decay as exact Lasso problems.",
    epilog="Example: exactrelu lasso --layers 3 --beta 1/2 data.csv",
)
@click.argument("data", metavar="DATA")
@options.columns
@click.option(
    "--layers",
    type=click.IntRange(min=2),
    default=2,
    show_default=True,
    metavar="L",
    help="Layers, the output layer included.",
)
@click.option(
    "--activation",
    type=click.Choice(_ACTIVATIONS),
    default="relu",
    show_default=True,
    help="What acts between the layers.",
)
@click.option("--slope", metavar="Q", callback=_rational, help="With leaky_relu: its slope left of 0.")
@click.option(
    "--shape",
    type=click.Choice(["rectangular", "tree"]),
    help="With sign and 3 layers or more: how the units are wired; by default rectangular.",
)
@click.option(
    "--widths",
    metavar="M1,M2,...",
    callback=_widths,
    help="With sign and 3 layers or more: units of each hidden layer but the last, which has one.",
)
@click.option("--beta", metavar="Q", callback=_beta, help="Solve at this beta; 0 means the limit.")
@click.option("--path", "whole", is_flag=True, help="The whole path in beta (the default).")
@click.option("--certificate", metavar="FILE", help="With --beta: write the certificate of optimality.")
@click.option("--plot", metavar="FILE", help="Without --beta: draw the path: .png, .pdf or .svg.")
@options.as_json
@options.timeout
@options.max_digits
def command(
    data: str,
    x: str | None,
    y: str | None,
    layers: int,
    activation: str,
    slope: mpq | None,
    shape: str | None,
    widths: tuple[int, ...] | None,
    beta: mpq | None,
    whole: bool,
    certificate: str | None,
    plot: str | None,
    as_json: bool,
    timeout: float | None,
    max_digits: int,
) -> int:
    """Train a parallel network on DATA with weight decay, to the global optimum and exactly.

    The network minimises half the squared error plus beta/L times the sum of the L-th powers of its weights,
    L the number of layers, output bias and biases free (of sign and threshold units the amplitude of the
    last hidden one and the output weight count, as for L = 2). That is a Lasso problem with a column for each
    sub-network, counted from 0. DATA is CSV (header optional) or JSON {"x": [...], "y": [...]}; "-" reads
    standard input; rows of equal x and different y are refused. The independent checker judges every answer
    before it is printed.
    """
    _refuse(data, beta, whole, certificate, plot)
    drawn = None
    with deadline(timeout, f"there was no certified answer within {seconds(timeout)}; allow more time"):
        read = read_data(data, x=x, y=y, max_digits=max_digits)
        from exactrelu.lasso import Dictionary
        from exactrelu.lasso.architecture import architecture
        from exactrelu.lasso.path import whole_path
        from exactrelu.lasso.solve import solution

        of = architecture(layers=layers, activation=activation, slope=slope, shape=shape, widths=widths)
        columns = Dictionary._make(read.points.x, of)
        if beta is not None:
            found = solution(read.points, columns, beta, timeout=timeout)
            verdict = judged(found.certificate, max_digits=max_digits)
            text = _json(found, verdict) if as_json else _text(read, found, verdict)
        else:
            with progress_bar("solving") as show:
                path = whole_path(read.points, columns, timeout=timeout)
                for done, each in enumerate(path.certificates()):
                    show(done, 2 * len(path) - 1, "checking")
                    verdict = judged(each, max_digits=max_digits)
                    if not verdict.accepted:
                        break
            text = _path_json(path, verdict) if as_json else _path_text(read, path, verdict)
            if plot is not None:
                from exactrelu import plotting

                drawn = plotting.image(plotting.path_figure(path), plot)
    if certificate is not None:
        found.certificate.save(certificate)
    if plot is not None and drawn is not None:
        atomic_write(plot, drawn)
    click.echo(text)
    if not verdict.accepted:
        click.echo(f"error: the checker did not accept a certificate: {verdict.message}", err=True)
        return 1
    return 0


def _refuse(data: str, beta: mpq | None, whole: bool, certificate: str | None, plot: str | None) -> None:
    """Options that do not go together, and files that cannot be written."""
    if beta is not None and whole:
        raise click.UsageError("--beta and --path exclude each other")
    if certificate is not None and beta is None:
        raise click.UsageError("--certificate belongs to one solution: give --beta")
    if plot is not None and beta is not None:
        raise click.UsageError("--plot draws the path: leave out --beta")
    check_outputs(certificate, plot=plot, sources=[data])


def _architecture_json(columns: "Dictionary") -> dict[str, Any]:
    of = columns.architecture
    document: dict[str, Any] = {"activation": of.activation, "layers": of.layers}
    if of.activation == "leaky_relu":
        document["slope"] = format_rational(of.slope)
    if of.widths:
        document |= {"shape": of.shape, "widths": list(of.widths)}
    return {**document, "columns": columns.size, "distinct": columns.distinct_count}


def _solution_json(s: "LassoSolution") -> dict[str, Any]:
    pairs = zip(s.support, s.values, strict=True)
    return {
        "beta": format_rational(s.beta),
        "intercept": format_rational(s.intercept),
        "objective": format_rational(s.objective),
        "coefficients": [[j, format_rational(v)] for j, v in pairs],
        "networks": [s.dictionary.label(j) for j in s.support],
    }


def _json(s: "LassoSolution", verdict: "CheckReport") -> str:
    document = {
        "schema": SCHEMA,
        **_architecture_json(s.dictionary),
        **_solution_json(s),
        **({"network": s.network.to_json()} if s.dictionary.architecture.is_continuous else {}),
        "unique": s.is_unique,
        "certified": verdict.accepted,
    }
    return json.dumps(document, ensure_ascii=False)


def _path_json(path: "LassoPath", verdict: "CheckReport") -> str:
    document = {
        "schema": PATH_SCHEMA,
        **_architecture_json(path.dictionary),
        "breakpoints": [_solution_json(s) for s in path.solutions],
        "certified": verdict.accepted,
    }
    return json.dumps(document, ensure_ascii=False)


def _text(read: Data, s: "LassoSolution", verdict: "CheckReport") -> str:
    lines = []
    if s.support:
        titles, columns = display.number_columns(s.values, "coefficient")
        names = [s.dictionary.label(j) for j in s.support]
        width = max(len("sub-network"), *map(len, names))
        columns = [[str(j) for j in s.support], *columns, [name.ljust(width) for name in names]]
        rows = list(zip(*columns, strict=True))
        lines = [*display.aligned(rows, titles=["column", *titles, "sub-network".ljust(width)]), ""]
    summary = [
        *_about(read, s.dictionary),
        ("beta", display.number(s.beta)),
        ("units", str(len(s.support))),
        ("intercept", display.number(s.intercept)),
        ("sum of |z|", display.cost(s.norm)),
        ("objective", display.cost(s.objective)),
        ("unique", "yes" if s.is_unique else "no"),
        ("certified", "yes" if verdict.accepted else "no"),
    ]
    return "\n".join(lines + [f"{title:<12}  {value}" for title, value in summary])


def _path_text(read: Data, path: "LassoPath", verdict: "CheckReport") -> str:
    titles, columns = ["breakpoint"], [[str(k) for k in range(1, len(path) + 1)]]
    values = (path.breakpoints, [s.norm for s in path.solutions], [s.objective for s in path.solutions])
    for column, title in zip(values, ("beta", "sum of |z|", "objective"), strict=True):
        more_titles, more_columns = display.number_columns(column, title)
        titles += more_titles
        columns += more_columns
    titles.append("units")
    columns.append([str(len(s.support)) for s in path.solutions])
    limit = path.limit
    kind = "least squares" if any(limit.residual) else "interpolation"
    summary = [
        *_about(read, path.dictionary),
        ("breakpoints", str(len(path))),
        ("beta max", display.cost(path.beta_max)),
        ("beta -> 0", f"{kind}, sum of |z| {display.cost(limit.norm)}"),
        ("certified", "yes, at every beta" if verdict.accepted else "no"),
    ]
    table = display.aligned(list(zip(*columns, strict=True)), titles=titles)
    return "\n".join([*table, "", *(f"{title:<12}  {value}" for title, value in summary)])


def _about(read: Data, columns: "Dictionary") -> list[tuple[str, str]]:
    distinct, apart = columns.distinct_count, "distinct and not zero"
    return [
        ("data", read.extent),
        ("networks", str(columns.architecture)),
        ("columns", f"{columns.size}" if distinct is None else f"{columns.size}, {distinct} of them {apart}"),
    ]
