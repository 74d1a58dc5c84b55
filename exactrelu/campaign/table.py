"""The report as a table and as text."""

import io
from collections.abc import Iterator

from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

from exactrelu.campaign.report import FailureReport, MutantRow, Report, Row

_STYLES = {"holds": "green", "refuted": "bold red", "failed": "bold magenta", "untested": "yellow"}


def print_report(report: Report, console: Console) -> None:
    """Print the table, one line that sums up, and every counterexample and failure as Python.

    Names are never cut: on a terminal they fold, elsewhere the table is as wide as it needs to be.
    """
    table = _table(report)
    if console.is_terminal:
        console.print(table)
    else:
        console.width = max(
            80, Measurement.get(console, console.options.update(max_width=1000), table).maximum
        )
        with console.capture() as captured:
            console.print(table)
        for line in captured.get().splitlines():
            console.print(line.rstrip(), markup=False, highlight=False, soft_wrap=True)
    width = console.width if console.is_terminal else None
    for line in ("", *_folded(summary(report), width), _conditions(report)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)
    for line in (*(f"note: {event}" for event in report.events), *_details(report)):
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def plain(report: Report) -> str:
    """The same as a string without colours."""
    buffer = io.StringIO()
    print_report(report, Console(file=buffer, color_system=None, force_terminal=False, width=80))
    return buffer.getvalue().rstrip("\n")


def _table(report: Report) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    table.add_column("theorem / mutant", overflow="fold")
    table.add_column("instances", justify="right", no_wrap=True)
    table.add_column("held", justify="right", no_wrap=True)
    table.add_column("verdict", overflow="fold")
    for row, partly in _begun(report):
        style = _STYLES[row.verdict]
        verdict = f"[{style}]{row.verdict}[/{style}]"
        if partly and row.verdict == "holds":
            verdict += " so far"
        if row.remark is not None:
            verdict += f" ({row.remark})"
        table.add_row(escape(row.theorem), str(row.held + row.refuted), share(row), verdict)
        for mutant in row.mutants:
            table.add_row(
                f"  mutant {escape(mutant.name)}",
                str(mutant.held + mutant.refuted),
                share(mutant),
                _mutant_verdict(mutant, partly),
            )
        for note in _notes(row):
            table.add_row(f"  [dim]{note}[/dim]")
    return table


def _begun(report: Report) -> Iterator[tuple[Row, bool]]:
    """The rows, without those that an unfinished campaign has not reached, and whether a part is missing."""
    if report.unfinished is None:
        yield from ((row, False) for row in report.rows)
        return
    whole = ((0, report.settings.instances),)
    for row, part in zip(report.rows, report.unfinished, strict=True):
        if part.outcome.instances:
            yield row, part.ranges != whole


def share(row: Row | MutantRow) -> str:
    """The share of the instances it applies to on which it held; "100 %" and "0 %" only where exact."""
    of = row.held + row.refuted
    if not of:
        return "-"
    percent = (200 * row.held + of) // (2 * of)
    if percent == 100 and row.refuted:
        return ">99 %"
    return "<1 %" if percent == 0 and row.held else f"{percent} %"


def outside(row: Row) -> str:
    """To how many instances the theorem does not apply, in words."""
    if row.held or row.refuted or row.failed:
        return f"does not apply to {row.inapplicable:,} more"
    return f"applies to none of {row.inapplicable:,}"


def _mutant_verdict(mutant: MutantRow, partly: bool) -> str:
    if partly and mutant.verdict == "not refuted":
        return "not refuted yet"
    style = "bold magenta" if mutant.failure is not None else "" if mutant.is_refuted else "bold red"
    verdict = f"[{style}]{mutant.verdict}[/{style}]" if style else mutant.verdict
    return verdict if mutant.trouble is None else f"{verdict}; [bold red]{mutant.trouble}[/bold red]"


def _notes(row: Row) -> Iterator[str]:
    if row.counts:
        yield ", ".join(f"{escape(name)}: {count:,}" for name, count in row.counts)
    if row.inapplicable:
        yield outside(row)


def summary(report: Report) -> str:
    """What the report comes to, on one line."""
    mutants = [m for row in report.rows for m in row.mutants]
    verdicts = [row.verdict for row in report.rows]
    parts = [f"unfinished, {report.done:,} of {_number(report.total, 'instance')} done"] * (
        report.unfinished is not None
    )
    so_far = "" if report.unfinished is None else " so far"
    parts += [f"{verdicts.count('holds')} of {_number(len(verdicts), 'theorem')} held{so_far}"]
    if mutants:
        refuted = sum(m.is_refuted for m in mutants)
        parts.append(f"{refuted} of {_number(len(mutants), 'mutant')} refuted")
        if wrong := sum(m.is_refuted and not m.ok for m in mutants):
            parts.append("1 witness does not" if wrong == 1 else f"{wrong} witnesses do not")
    else:
        parts.append("no mutants")
    other = [v for v in ("refuted", "failed", "untested") if v in verdicts]
    parts += [f"{_number(verdicts.count(v), 'theorem')} {v}" for v in other]
    return "; ".join(parts)


def _folded(line: str, width: int | None) -> list[str]:
    """The line, on a narrow terminal broken between its parts and not within them."""
    lines = [""]
    for part in line.split("; "):
        longer = f"{lines[-1]}; {part}" if lines[-1] else part
        if lines[-1] and width is not None and len(longer) >= width:
            lines[-1] += ";"
            lines.append(part)
        else:
            lines[-1] = longer
    return lines


def _conditions(report: Report) -> str:
    s = report.settings
    return f"{_number(s.instances, 'instance')} each, seed {s.seed}, size {s.size}, {_number(s.bits, 'bit')}"


def _number(n: int, what: str) -> str:
    return f"{n:,} {what}" if n == 1 else f"{n:,} {what}s"


def _details(report: Report) -> Iterator[str]:
    for row in report.rows:
        found = row.counterexample
        if found is not None:
            yield f"\n{row.theorem} is refuted by {found.found}: {found.clause}"
            yield f"{found.shrunk}, as Python:\n"
            yield found.python
            yield f"# {' '.join(found.shrunk_clause.split())}"
        if row.failure is not None:
            yield from _failed(row, row.failure)
        for mutant in row.mutants:
            if mutant.failure is not None:
                yield from _failed(row, mutant.failure)


def _failed(row: Row, failure: FailureReport) -> Iterator[str]:
    yield f"\n{row.theorem}: the check failed on {failure.where}: {failure.summary}"
    if failure.python is not None:
        yield "The instance, as Python:\n"
        yield failure.python
