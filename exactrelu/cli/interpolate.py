"""`exactrelu interpolate`: the minimal-norm interpolant of data from a file."""

import json
from typing import TYPE_CHECKING, Any

import click
from gmpy2 import mpq

from exactrelu.arithmetic import BudgetExceeded, Enclosure, InputError, format_rational
from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import display, options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.data import Data, read_data
from exactrelu.cli.judging import judged
from exactrelu.cli.source import check_outputs

if TYPE_CHECKING:
    from exactrelu.certificates import CheckReport
    from exactrelu.interpolation.result import MinNormInterpolant

SCHEMA = "exactrelu/interpolant/1"
LONG = 4096  # bits of a number, from which on the certificate takes long to check


@click.command(
    short_help="The minimal-norm interpolant of data, exactly.",
    epilog="Example: exactrelu interpolate --free-bias --json data.csv",
)
@click.argument("data", metavar="DATA")
@options.columns
@options.variant
@options.tolerance
@click.option("--certificate", metavar="FILE", help="Write the certificate of optimality.")
@click.option("--uniqueness", metavar="FILE", help="Write the certificate that it is the only one, or not.")
@click.option("--plot", metavar="FILE", help="Draw the interpolant: .png, .pdf or .svg.")
@click.option(
    "--picture",
    type=click.Choice(["interpolant", "plane", "dual"]),
    help="What --plot draws: data and kinks (the default), the path in the dual plane, or the dual function.",
)
@options.as_json
@options.timeout
@click.option(
    "--max-bits",
    type=click.IntRange(min=1),
    metavar="N",
    help="With penalised biases and a skip: give up when the exact answer needs longer numbers.",
)
@options.max_digits
def command(
    data: str,
    x: str | None,
    y: str | None,
    free_bias: bool,
    no_skip: bool,
    tolerance: mpq | None,
    certificate: str | None,
    uniqueness: str | None,
    plot: str | None,
    picture: str | None,
    as_json: bool,
    timeout: float | None,
    max_bits: int | None,
    max_digits: int,
) -> int:
    """Compute the interpolant of DATA by a shallow ReLU network of minimal norm, exactly.

    DATA is CSV (header optional) or JSON {"x": [...], "y": [...]}; "-" reads standard input. 0.1 means the
    rational 1/10. By default biases count in the norm and an affine function is free. The independent
    checker judges the certificate of every answer before it is printed.
    """
    if picture is not None and plot is None:
        raise click.UsageError("--picture says what --plot draws, and there is no --plot")
    if uniqueness is not None and tolerance is not None and not free_bias:
        raise click.UsageError("--uniqueness proves it of an exact answer, and --tolerance asks for another")
    check_outputs(certificate, uniqueness, plot=plot, sources=[data])
    read = drawn = None
    try:
        with deadline(timeout, f"there was no certified answer within {seconds(timeout)}"):
            read = read_data(data, x=x, y=y, max_digits=max_digits)
            from exactrelu.interpolation.solve import interpolate

            found = interpolate(
                read.points,
                penalize_bias=not free_bias,
                skip=not no_skip,
                tolerance=tolerance,
                max_bits=max_bits,
                timeout=timeout,
            )
            if not free_bias and tolerance is None:
                _warn_of_long_numbers(found)
            verdict = judged(found.certificate, max_digits=max_digits)
            if verdict.accepted and found.uniqueness_certificate is not None:
                verdict = judged(found.uniqueness_certificate, max_digits=max_digits)
            if uniqueness is not None and found.uniqueness_certificate is None:
                raise InputError("--uniqueness has nothing to write: here the checker knows no proof of it")
            text = _json(found, verdict) if as_json else _text(read, found, verdict)
            if plot is not None:
                from exactrelu import plotting

                drawn = plotting.image(_draw(found, picture, read), plot)
    except BudgetExceeded as error:
        advice = "allow more time"
        if no_skip and not free_bias:
            advice += ", or a larger --tolerance (it is 1e-12 by default)"
        elif not free_bias and tolerance is None and read is not None:
            advice = "ask for a certified approximation with short numbers: --tolerance 1e-12"
        raise BudgetExceeded(f"{str(error).partition(';')[0]}; {advice}") from error
    if certificate is not None:
        found.certificate.save(certificate)
    if uniqueness is not None and found.uniqueness_certificate is not None:
        found.uniqueness_certificate.save(uniqueness)
    if plot is not None and drawn is not None:
        atomic_write(plot, drawn)
    click.echo(text)
    if not verdict.accepted:
        click.echo(f"error: the checker did not accept the certificate: {verdict.message}", err=True)
        return 1
    return 0


def _warn_of_long_numbers(found: "MinNormInterpolant") -> None:
    """Say so before minutes are spent on checking and printing what nobody can read."""
    bits = max((q.denominator.bit_length() for kink in found.function.kinks for q in kink), default=0)
    if bits > LONG:
        digits = round(bits * 0.30103, -2)
        click.echo(
            f"note: the exact kinks have denominators of about {digits:.0f} digits, and checking and "
            "printing take long; --tolerance 1e-12 gives a certified approximation in short numbers",
            err=True,
        )


def _draw(found: "MinNormInterpolant", picture: str | None, read: Data) -> Any:
    from exactrelu import plotting

    if picture == "plane":
        return plotting.dual_plane(found)
    if picture == "dual":
        return plotting.dual_certificate(found, x_label=read.x_name)
    return plotting.figure(found, x_label=read.x_name, y_label=read.y_name)


def _json(found: "MinNormInterpolant", verdict: "CheckReport") -> str:
    """The document of INTERFACE: every number exact, `certified` only when the checker accepted this run."""
    cost = found.cost
    document: dict[str, Any] = {
        "schema": SCHEMA,
        **found.function.to_json(),
        "cost": format_rational(cost) if isinstance(cost, mpq) else cost.to_json(),
        "unique": found.is_unique,
        "certified": verdict.accepted,
    }
    return json.dumps(document)


def _text(read: Data, found: "MinNormInterpolant", verdict: "CheckReport") -> str:
    """The kinks as a table, then the summary, which so stays on the screen."""
    f = found.function
    summary = [
        ("data", read.extent),
        ("biases", "penalised" if found.penalize_bias else "free"),
        ("skip", "free" if found.skip else "none"),
        *display.pieces(f),
        ("minimal norm", display.cost(found.cost)),
        ("unique", _unique(found)),
        ("certified", _certified(found) if verdict.accepted else "no"),
    ]
    return "\n".join(display.kink_table(f) + [f"{title:<12}  {value}" for title, value in summary])


def _unique(found: "MinNormInterpolant") -> str:
    text = {True: "yes", False: "no", None: "not decided"}[found.is_unique]
    if found.is_unique and not found.is_exact:
        text += ", the minimiser (a theorem; the function above is within the bounds of it)"
    elif found.is_unique is not None and found.uniqueness_certificate is None:
        text += " (proved, but not in the certificate)"
    return text


def _certified(found: "MinNormInterpolant") -> str:
    """What the checker has accepted: the cost itself, or bounds of it."""
    if not found.is_exact:
        return "yes, these bounds"
    bounds = found.certificate.to_json()["relation"] if found.certificate.claim == "optimality_bounds" else {}
    if not bounds or bounds["lower"] == bounds["upper"]:
        return "yes"
    return f"yes, {display.cost(Enclosure(mpq(bounds['lower']), mpq(bounds['upper'])))}"
