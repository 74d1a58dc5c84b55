"""`exactrelu classify`: the classifier of least norm with margin 1."""

import json
import time
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import BudgetExceeded, Enclosure, InputError, format_rational, parse_rational
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import classify_flow, display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.data import Data, read_data
from exactrelu.cli.judging import judged
from exactrelu.cli.source import check_outputs

if TYPE_CHECKING:
    from exactrelu.certificates import CheckReport
    from exactrelu.classification import MaxMarginClassifier

SCHEMA = "exactrelu/classifier/1"
WIDTH = 32  # units of the networks that --flow trains


@click.command(
    short_help="The classifier of least norm with margin 1, exactly.",
    epilog="Example: exactrelu classify --no-skip --flow 5 labels.csv",
)
@click.argument("data", metavar="DATA")
@click.option("--x", "x", metavar="NAME", help="The column of x in DATA: a name, or a number from 1.")
@click.option("--y", "y", metavar="NAME", help="The column of labels, likewise; by default the last one.")
@options.variant
@options.tolerance
@click.option("--certificate", metavar="FILE", help="Write the certificate of optimality.")
@click.option("--plot", metavar="FILE", help="Draw data, function, margin and kinks: .png, .pdf or .svg.")
@click.option(
    "--flow",
    type=click.IntRange(1, 10_000),
    metavar="N",
    help="Also train networks by gradient flow from N random starts, and judge each exactly.",
)
@click.option(
    "--width",
    type=click.IntRange(1, 10_000),
    metavar="M",
    help=f"With --flow: units of these networks; by default {WIDTH}.",
)
@options.as_json
@options.timeout
@options.max_digits
def command(
    data: str,
    x: str | None,
    y: str | None,
    free_bias: bool,
    no_skip: bool,
    tolerance: mpq | None,
    certificate: str | None,
    plot: str | None,
    flow: int | None,
    width: int | None,
    as_json: bool,
    timeout: float | None,
    max_digits: int,
) -> int:
    """Compute the function f of least norm with label * f(x) >= 1 on DATA, exactly.

    DATA is CSV (header optional), x and then the label, or JSON {"x": [...], "y": [...]} ("labels" will do
    for "y"); "-" reads standard input. Labels are -1 and 1, or 0 and 1. By default biases count in the norm
    and an affine function is free. The independent checker judges the certificate of every answer before it
    is printed. With --no-skip and penalised biases it mostly certifies two bounds of the norm; "certified"
    and "unique" say what is in the certificate and what is not.

    \b
    The columns of --flow, after the answer; each network is judged exactly:
      % right        labels on their right side
      regions        linear regions of the function (float weights hardly ever cancel)
      within 1%      those left when bends of 1 % of the margin between the data are overlooked
      KKT residual   an upper bound of the distance from a KKT point, relative to the norm
      margin / best  least margin over the largest one possible for weights of this norm,
                     which is that with penalised biases and no skip, whatever the options
      converged      whether the least margin reached 10000 within 2000 steps

    A step of --flow costs about N times M times the number of points, and more among hundreds of points.
    Where x is far from 0, very wide or very close together the flow is stiff and does not converge: centre
    and scale x first. --timeout counts for everything; the exact answer is printed before the flow begins.
    """
    started = time.monotonic()
    if flow is not None:
        classify_flow.one_thread()
    if width is not None and flow is None:
        raise click.UsageError("--width is for the networks that --flow trains")
    check_outputs(certificate, plot=plot, sources=[data])
    if plot is not None:
        from exactrelu import plotting
    drawn = None
    with deadline(timeout, f"there was no certified answer within {seconds(timeout)}; allow more time"):
        read = read_data(
            data, x=x, y=y, y_last=True, y_advice="labels are -1 and 1, or 0 and 1", max_digits=max_digits
        )
        from exactrelu.classification.solve import classify

        try:
            found = classify(
                read.points,
                penalize_bias=not free_bias,
                skip=not no_skip,
                tolerance=tolerance,
                timeout=timeout,
            )
            if flow is not None:
                from exactrelu.classification.flow import float_points

                float_points(found.data)
        except BudgetExceeded:
            raise
        except InputError as error:
            raise InputError(f"{read.name}: {error}") from None
        verdict = judged(found.certificate, max_digits=max_digits)
        document, text = _json(found, verdict), _text(read, found, verdict)
        if plot is not None and flow is None:
            figure = plotting.classifier(found, x_label=read.x_name, y_label=read.y_name)
            drawn = plotting.image(figure, plot)
    if certificate is not None:
        found.certificate.save(certificate)
    if drawn is not None and plot is not None:
        atomic_write(plot, drawn)
    if not as_json:
        click.echo(text)
    if flow is not None:
        doing = ""

        def told(what: str) -> None:
            nonlocal doing
            doing = what

        def too_long() -> str:
            return (
                f"the classifier was found, but --flow was not done within {seconds(timeout)} (it was: "
                f"{doing}); allow more time, or fewer runs or units"
            )

        rest = None if timeout is None else max(timeout - (time.monotonic() - started), 1e-3)
        try:
            with deadline(rest, too_long):
                trained = classify_flow.train(found, runs=flow, width=width or WIDTH, told=told)
                document["flow"] = [classify_flow.entry(each) for each in trained]
                lines = classify_flow.table(trained, found)
                if plot is not None:
                    told("the picture")
                    runs = [each.run for each in trained]
                    labels = {"x_label": read.x_name, "y_label": read.y_name}
                    drawn = plotting.image(plotting.classifier(found, runs=runs, **labels), plot)
        except BudgetExceeded:
            if as_json:
                click.echo(json.dumps({**document, "flow": None}))
            raise
        if drawn is not None and plot is not None:
            atomic_write(plot, drawn)
        if not as_json:
            click.echo("\n".join(lines))
    if as_json:
        click.echo(json.dumps(document))
    if not verdict.accepted:
        click.echo(f"error: the checker did not accept the certificate: {verdict.message}", err=True)
        return 1
    return 0


def _proved(found: "MaxMarginClassifier") -> tuple[Enclosure | None, bool]:
    """The bounds that the certificate claims in place of an exact norm, and whether uniqueness is in it."""
    relation = found.certificate.to_json()["relation"]
    bounds = None
    if "lower" in relation:
        bounds = Enclosure(parse_rational(relation["lower"]), parse_rational(relation["upper"]))
    return bounds, "unique" in relation


def _json(found: "MaxMarginClassifier", verdict: "CheckReport") -> dict[str, Any]:
    from exactrelu.classification.labels import Switches

    cost = found.cost
    bounds, with_uniqueness = _proved(found)
    return {
        "schema": SCHEMA,
        **found.function.to_json(),
        "cost": format_rational(cost) if isinstance(cost, mpq) else cost.to_json(),
        "unique": found.is_unique,
        "switches": Switches.of(found.data).count,
        "support": list(found.support),
        "margins": [format_rational(m) for m in found.margins],
        "certified": verdict.accepted,
        "certified_bounds": None if bounds is None else bounds.to_json(),
        "certified_unique": verdict.accepted and with_uniqueness,
    }


def _certified(found: "MaxMarginClassifier", verdict: "CheckReport") -> tuple[str, str]:
    """What is said of uniqueness, and of what the checker has accepted."""
    bounds, with_uniqueness = _proved(found)
    unique = {True: "yes", False: "no", None: "not decided"}[found.is_unique]
    if found.is_unique is not None and not with_uniqueness:
        unique += " (proved, but not in the certificate)"
    if not verdict.accepted:
        return unique, "no"
    if bounds is None:
        return unique, "yes"
    if isinstance(found.cost, Enclosure):
        return unique, "yes, these bounds"
    return unique, f"yes, {display.cost(bounds)}" if bounds.width else "yes"


def _text(read: Data, found: "MaxMarginClassifier", verdict: "CheckReport") -> str:
    """The kinks as a table, then the summary."""
    from exactrelu.classification.labels import Switches

    f, count = found.function, Switches.of(found.data).count
    tight = sum(m == 1 for m in found.margins)
    unique, certified = _certified(found, verdict)
    summary = [
        ("data", f"{read.extent}, {count} switch{'es' * (count != 1)}"),
        ("biases", "penalised" if found.penalize_bias else "free"),
        ("skip", "free" if found.skip else "none"),
        *display.pieces(f),
        ("margin", f"1, taken at {tight} point{'s' * (tight != 1)}"),
        ("minimal norm", display.cost(found.cost)),
        ("unique", unique),
        ("certified", certified),
    ]
    return "\n".join(display.kink_table(f) + [f"{title:<12}  {value}" for title, value in summary])
