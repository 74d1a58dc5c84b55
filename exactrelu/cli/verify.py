"""`exactrelu verify`: theorems on random instances."""

import os
import shlex
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import click

from exactrelu.arithmetic.text import seconds
from exactrelu.cli import options
from exactrelu.cli.alarm import deadline
from exactrelu.cli.group import silence_stdout
from exactrelu.cli.source import check_outputs
from exactrelu.cli.verify_running import interruptible, progress_bar

if TYPE_CHECKING:
    from exactrelu.campaign.report import Report
    from exactrelu.campaign.runner import Progress

_POSITIVE = click.IntRange(min=1)
_FIXED_BY_REPORT = ("instances", "seed", "size", "bits")


@click.command(
    short_help="Check theorems, and refute their mutants, on random instances.",
    epilog="Example: exactrelu verify hanin2021 my_theorem.py --instances 1000 --jobs 2. "
    "Only one theorem of a file: exactrelu verify my_theorem.py mine.sparsest",
)
@click.argument("names", metavar="[NAME or FILE.py]...", nargs=-1)
@click.option(
    "--instances",
    type=_POSITIVE,
    default=100,
    show_default=True,
    metavar="N",
    help="Random instances of each theorem.",
)
@click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    metavar="S",
    help="The same seed gives the same instances.",
)
@click.option(
    "--size",
    type=_POSITIVE,
    default=8,
    show_default=True,
    metavar="n",
    help="Points of an instance, roughly; one in twenty has 50 and more.",
)
@click.option(
    "--bits",
    type=_POSITIVE,
    default=8,
    show_default=True,
    metavar="B",
    help="Bit length of random numerators and denominators.",
)
@click.option(
    "--jobs",
    type=_POSITIVE,
    default=1,
    show_default=True,
    metavar="J",
    help="Worker processes, at most four a core; the result does not depend on it.",
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Run on the Dask cluster of this scheduler, such as tcp://10.0.0.1:8786.",
)
@click.option("--report", metavar="FILE.json", help="Write the report as JSON, now and then and at the end.")
@click.option("--html", metavar="FILE.html", help="Write the report as one self-contained page.")
@click.option(
    "--plot", metavar="FILE", help="Draw the share of instances on which each held: .png, .pdf or .svg."
)
@click.option("--resume", metavar="FILE.json", help="Go on with the interrupted campaign of this report.")
@click.option("--replay", metavar="FILE.json", help="Run the campaign of this report again, and compare.")
@options.timeout
@click.pass_context
def command(
    context: click.Context,
    /,
    names: tuple[str, ...],
    jobs: int,
    scheduler: str | None,
    report: str | None,
    html: str | None,
    plot: str | None,
    resume: str | None,
    replay: str | None,
    timeout: float | None,
    **settings: Any,
) -> int:
    """Check theorems on random instances in exact arithmetic, and refute their mutants.

    A NAME is a theorem, the beginning of several (hanin2021) or a pattern ("*.minimal-*"); a FILE.py
    registers theorems of your own, and means all of them, or only those that a NAME beside it means. With
    neither, all theorems are checked. Every theorem has mutants: nearby false statements that the same check
    must refute, at random (search) or on a pinned instance (witness).

    A campaign that is interrupted shows what it has done, leaves it in the --report too, and --resume goes on
    from there; the result is the same. With --jobs 2 or more, a check that kills its worker process (memory,
    a crash) is set aside after three tries and counts as failed.

    Exit code 0 when all theorems hold and all mutants are refuted; 1 when not; 3 when a check itself fails;
    130 when interrupted.
    """
    if resume is not None and replay is not None:
        raise click.UsageError(
            "--resume goes on with a campaign, --replay runs it again; give one of them", context
        )
    report = resume if report is None else report
    check_outputs(report, html, plot=plot, sources=names)
    if replay is not None:
        _only_with_a_new_campaign(context, names)
    places: dict[str, Any] = {"jobs": jobs, "scheduler": scheduler}
    doing = ""
    begun = _stamp(report)

    def going_on() -> str | None:
        if resume is None and _stamp(report) == begun:
            return None
        return f"go on with: {_resuming(report, names)}"

    def too_long() -> str:
        what = f"checking {doing}" if doing and not doing.startswith("shrinking ") else doing
        while_doing = f" (it was {what})" if what else ""
        advice = going_on() or "allow more time or fewer instances"
        return f"the campaign was not done within {seconds(timeout)}{while_doing}; {advice}"

    try:
        with interruptible(), deadline(timeout, too_long), progress_bar() as show:

            def progress(done: int, total: int, what: str) -> None:
                nonlocal doing
                doing = what
                show(done, total, what)

            differences: list[str] = []
            if replay is not None:
                done, differences = _again(replay, names, report, progress, places)
            elif resume is not None:
                done = _on(resume, names, report, progress, places, _chosen(context, settings))
            else:
                from exactrelu.campaign import verify

                done = verify(names or None, report=report, progress=progress, **settings, **places)
    except KeyboardInterrupt as stopped:
        _print_part(stopped)
        nothing = "nothing was done yet"
        if report is None:
            nothing = "what was done is not kept; with --report FILE.json it can go on"
        ending = going_on() or nothing
        with suppress(OSError):  # the terminal may have gone
            click.echo(f"interrupted; {ending}", err=True)
        return 130
    except RuntimeError as error:
        _print_part(error)
        if type(error).__name__ != "WorkersLostError":
            raise
        hint = going_on()
        click.echo(f"error: {error}" + (f"; {hint}" if hint else ""), err=True)
        return 3
    except Exception as error:
        _print_part(error)
        raise
    _print(done)
    if replay is not None:
        _print_differences(replay, differences)
    if html is not None:
        from exactrelu.campaign.html import save_html

        save_html(done, html)
    if plot is not None:
        from exactrelu import plotting

        plotting.save(plotting.campaign(done), plot)
    return done.exit_code or int(bool(differences))


def _stamp(report: str | None) -> tuple[int, int] | None:
    """Tells whether a report has been written meanwhile."""
    try:
        found = os.stat(report or "")
    except (OSError, ValueError):
        return None
    return found.st_ino, found.st_mtime_ns


def _resuming(report: str | None, names: tuple[str, ...]) -> str:
    """The command that goes on with the campaign."""
    from exactrelu.campaign.sources import is_file

    return shlex.join(["exactrelu", "verify", "--resume", str(report), *filter(is_file, names)])


def _chosen(context: click.Context, settings: dict[str, int]) -> dict[str, int]:
    """The settings that are on the command line."""
    default = click.core.ParameterSource.DEFAULT
    return {
        name: value for name, value in settings.items() if context.get_parameter_source(name) is not default
    }


def _on(
    path: str,
    names: tuple[str, ...],
    report: str | None,
    progress: "Progress",
    places: dict[str, Any],
    settings: dict[str, int],
) -> "Report":
    from exactrelu.campaign import resume

    other = None if report == path else report
    return resume(path, names or None, report=other, progress=progress, settings=settings, **places)


def _only_with_a_new_campaign(context: click.Context, names: tuple[str, ...]) -> None:
    from exactrelu.campaign.sources import is_file

    for option in _FIXED_BY_REPORT:
        if context.get_parameter_source(option) is not click.core.ParameterSource.DEFAULT:
            raise click.UsageError(f"--replay takes --{option} from the report; leave it out", context)
    if not all(map(is_file, names)):
        raise click.UsageError("--replay takes the theorems from the report; name only files", context)


def _again(
    path: str, files: tuple[str, ...], report: str | None, progress: "Progress", places: dict[str, Any]
) -> "tuple[Report, list[str]]":
    from exactrelu.campaign import Report, replay
    from exactrelu.campaign.sources import Source

    before = Report.load(path)
    known = {digest for _, digest in before.settings.files}
    for file in files:
        if Source.read(file).digest not in known:
            click.echo(f"note: {file} is not the version that the report is about", err=True)
    again = replay(before, files, saved_as=report, progress=progress, **places)
    return again, again.differences(before)


def _print(report: "Report") -> None:
    from rich.console import Console

    from exactrelu.campaign.table import print_report

    class Output(Console):
        def on_broken_pipe(self) -> None:
            raise  # rich would end with exit code 1, which means "refuted"

    print_report(report, Output(file=sys.stdout))


def _print_part(error: BaseException) -> None:
    """What was done of a campaign that has ended early, or all of one whose report cannot be written."""
    so_far = getattr(error, "report", None)
    if so_far is None or not so_far.done:
        return
    try:
        _print(so_far)
        sys.stdout.flush()
    except OSError:  # nobody reads it, and the exit code is that of what has happened
        silence_stdout()


def _print_differences(path: str, differences: list[str]) -> None:
    if not differences:
        click.echo(f"\nthe report {path} is reproduced")
    for line in differences:
        click.echo(f"differs from {path}: {line}")
