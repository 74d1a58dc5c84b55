"""The group of commands: loads each on first use and turns every outcome into an exit code."""

import contextlib
import difflib
import errno
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Any, NoReturn

import click

from exactrelu._version import __version__

_SEE_HELP = "see 'exactrelu --help'"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What `exactrelu --help` says of a command, without loading it."""

    module: str
    summary: str
    example: str


COMMANDS = {
    "verify": _Entry(
        "exactrelu.cli.verify",
        "Check theorems, and refute their mutants, on random instances.",
        "exactrelu verify --instances 50 --seed 1",
    ),
    "theorems": _Entry(
        "exactrelu.cli.theorems",
        "List the theorems: statement, source, what is checked, mutants.",
        "exactrelu theorems",
    ),
    "interpolate": _Entry(
        "exactrelu.cli.interpolate",
        "Compute the minimal-norm interpolant of data, exactly.",
        "exactrelu interpolate --free-bias data.csv",
    ),
    "lasso": _Entry(
        "exactrelu.cli.lasso",
        "Train networks with weight decay as exact Lasso problems: one beta, or the whole path.",
        "exactrelu lasso --layers 3 --beta 1/2 data.csv",
    ),
    "memorize": _Entry(
        "exactrelu.cli.memorize",
        "Build a network that takes given labels, exactly.",
        "exactrelu memorize --construction grid labels.csv",
    ),
    "classify": _Entry(
        "exactrelu.cli.classify",
        "Compute the classifier of least norm with margin 1, exactly; gradient flow beside it.",
        "exactrelu classify --no-skip labels.csv",
    ),
    "regions": _Entry(
        "exactrelu.cli.regions",
        "Count the linear regions of a network, exactly.",
        "exactrelu regions network.pt",
    ),
    "norm": _Entry(
        "exactrelu.cli.norm",
        "Print the four representation costs of a function or network.",
        "exactrelu norm function.json",
    ),
    "inspect": _Entry(
        "exactrelu.cli.inspect",
        "Look at a trained network exactly: its function, its costs, its excess over the minimum.",
        "exactrelu inspect network.onnx --data training.csv",
    ),
    "check": _Entry(
        "exactrelu.cli.check",
        "Run the independent checker on a certificate.",
        "exactrelu check certificate.json",
    ),
}


class LazyGroup(click.Group):
    """A click group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of the help text."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the module of the command."""
        entry = COMMANDS.get(cmd_name)
        if entry is None:
            return None
        command = import_module(entry.module).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelt one is answered with the nearest name."""
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            near = difflib.get_close_matches(name, COMMANDS, n=1)
            advice = f"did you mean {near[0]!r}?" if near else f"{_SEE_HELP} for the list"
            raise click.UsageError(f"there is no command {name!r}; {advice}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands, then an example of each."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in COMMANDS.items()])
        with formatter.section("Examples"):
            for entry in COMMANDS.values():
                formatter.write_text(entry.example)

    def main(  # type: ignore[override]
        self, args: str | Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run and exit with the code that the outcome calls for; only a failure of ours is code 3."""
        arguments = sys.argv[1:] if args is None else args.split() if isinstance(args, str) else list(args)
        try:
            if sys.stdout is None:  # as after `>&-`
                raise click.ClickException("standard output is closed, and the result is printed there")
            if not arguments:
                with self.make_context("exactrelu", [], resilient_parsing=True) as ctx:
                    click.echo(self.get_help(ctx), err=True)
                sys.exit(2)
            with self.make_context(prog_name or "exactrelu", arguments, **extra) as ctx:
                result = self.invoke(ctx)
            sys.stdout.flush()
        except click.exceptions.Exit as done:
            sys.exit(done.exit_code)
        except Exception as error:
            sys.exit(_report(error))
        except KeyboardInterrupt:
            sys.exit(130)
        sys.exit(result if isinstance(result, int) else 0)


def _report(error: Exception) -> int:
    """Say on stderr in one line what went wrong, and return the exit code."""
    if isinstance(error, BrokenPipeError):
        # The reader of our output has gone, as after `| head`: what a shell reports for SIGPIPE.
        silence_stdout()
        return 141
    if isinstance(error, click.UsageError):
        where = error.ctx.command_path if error.ctx is not None else "exactrelu"
        message = _one_line(error.format_message()).rstrip(".")
        hint = "" if "--help" in message or "did you mean" in message.lower() else f"; see '{where} --help'"
        return _say(message[:1].lower() + message[1:] + hint, 2)
    if isinstance(error, click.ClickException):
        return _say(error.format_message(), 2)

    from exactrelu.arithmetic import errors

    # A budget is the user's, and so is the remedy; code 3 is left to what should be reported to us.
    ours = (errors.InputError, errors.UnsupportedError, errors.MissingExtraError, errors.BudgetExceeded)
    if isinstance(error, ours):
        return _say(str(error), 2)
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        silence_stdout()
        return _say(f"the result cannot be written: {(error.strerror or str(error)).lower()}", 2)
    if os.environ.get("EXACTRELU_DEBUG"):
        import traceback

        traceback.print_exception(error)
    return _say(
        f"exactrelu itself failed ({type(error).__name__}: {error}); "
        "set EXACTRELU_DEBUG=1 to see the traceback, and please report it",
        3,
    )


def _say(message: str, code: int) -> int:
    with contextlib.suppress(OSError):  # when nobody listens, the exit code still tells
        click.echo(f"error: {_one_line(message)}", err=True)
    return code


def _one_line(text: str, limit: int = 1500) -> str:
    """The text in one line; what could be thousands of digits is cut."""
    words = (word if len(word) <= 400 else f"{word[:100]}..." for word in text.split())
    line = " ".join(words)
    return line if len(line) <= limit else f"{line[:limit]}..."


def silence_stdout() -> None:
    """Point standard output elsewhere, so that the interpreter does not fail once more on its last flush."""
    with contextlib.suppress(OSError, ValueError, AttributeError):  # stdout may be no file, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


@click.group(
    cls=LazyGroup,
    name="exactrelu",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Exact-arithmetic verification of theorems about one-dimensional ReLU networks.",
    epilog="Exit codes: 0 holds or done; 1 refuted or rejected; 2 bad usage or input; 3 the tool failed; "
    "130 interrupted.",
)
@click.version_option(__version__, "--version", prog_name="exactrelu", message="%(prog)s %(version)s")
def cli() -> None:
    pass
