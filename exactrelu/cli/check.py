"""`exactrelu check`: the independent checker on a certificate."""

import click

from exactrelu.arithmetic.errors import InputError
from exactrelu.arithmetic.text import seconds
from exactrelu.cli import options
from exactrelu.cli.alarm import deadline


@click.command(
    short_help="Run the independent checker on a certificate.",
    epilog="Example: exactrelu interpolate data.csv --certificate proof.json && exactrelu check proof.json",
)
@click.argument("certificate", metavar="CERTIFICATE")
@options.timeout
@options.max_digits
def command(certificate: str, timeout: float | None, max_digits: int) -> int:
    """Decide whether CERTIFICATE proves its claim; "-" reads standard input.

    The checker shares no code with the solvers. It runs without exactrelu too: python -I checker.py FILE.
    Exit code 0 when accepted, 1 when rejected, 2 when the file is no certificate.
    """
    from exactrelu.certificates import check_file

    path = "/dev/stdin" if certificate == "-" else certificate
    with deadline(timeout, f"the certificate was not checked within {seconds(timeout)}; allow more time"):
        try:
            report = check_file(path, max_digits=max_digits)
        except ValueError as error:  # a null character in the name
            raise InputError(f"{certificate}: the file cannot be read: {error}") from None
    if report.code == 2:
        reason = report.message.removeprefix("rejected: ")
        if reason.startswith("cannot read the file: "):
            reason = f"the file {reason.replace('read the file', 'be read').lower()}"
        raise InputError(f"{certificate}: {reason}")
    click.echo(report.message)
    return report.code
