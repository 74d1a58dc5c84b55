"""The report as one self-contained page: no scripts, no fonts or styles from elsewhere, light and dark."""

import os
import shlex
from collections.abc import Iterator
from html import escape
from itertools import groupby

from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.campaign.report import FailureReport, MutantRow, Report, Row
from exactrelu.campaign.table import outside, share, summary
from exactrelu.functions.html import table

_MARKS = {"holds": "✓", "refuted": "✗", "failed": "!", "untested": "–"}
_GOOD = {"holds": "good", "refuted": "bad", "failed": "bad", "untested": "warn"}

_ROWS = 100  # theorems in the table of a notebook

_BARE = "the check returned False"  # what the registry says of a check that gives no reason

_STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #57606a; --page: #ffffff; --card: #f6f8fa;
  --line: #d8dee4; --good: #05603a; --bad: #b42318; --warn: #8a5300; --bar: #0072b2; --rest: #d55e00; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --soft: #9da7b3; --page: #0d1117;
  --card: #161b22; --line: #30363d; --good: #56d39b; --bad: #ff8d85; --warn: #e8b04b; --bar: #56b4e9;
  --rest: #e69f00; } }
* { box-sizing: border-box; }
body { margin: 0 auto; padding: 1.5rem 1rem 3rem; max-width: 62rem; color: var(--ink);
  background: var(--page); font: 1rem/1.5 system-ui, sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.15rem; margin: 2.5rem 0 .5rem; }
h3 { font-size: 1rem; margin: 0; overflow-wrap: anywhere; }
p { margin: .35rem 0; overflow-wrap: anywhere; }
a { color: inherit; }
.soft { color: var(--soft); }
.good { color: var(--good); } .bad { color: var(--bad); } .warn { color: var(--warn); }
.verdict { font-weight: 600; white-space: nowrap; }
code, pre { font: .875rem/1.45 ui-monospace, "DejaVu Sans Mono", Menlo, Consolas, monospace; }
pre { margin: .5rem 0; padding: .75rem; overflow-x: auto; background: var(--page);
  border: 1px solid var(--line); border-radius: 6px; }
code { overflow-wrap: anywhere; }
pre.command { white-space: pre-wrap; overflow-x: visible; }
table { width: 100%; border-collapse: collapse; margin: .5rem 0; }
th, td { text-align: left; vertical-align: top; padding: .4rem .75rem .4rem 0;
  border-bottom: 1px solid var(--line); }
th { font-weight: 600; color: var(--soft); font-size: .875rem; }
tr:last-child td { border-bottom: 0; }
.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.name, .wide { overflow-wrap: anywhere; }
.bar { display: block; height: 6px; min-width: 5rem; margin-top: .2rem; border-radius: 3px; overflow: hidden;
  background: var(--rest); }
.bar i { display: block; height: 100%; background: var(--bar); border-right: 1px solid var(--page); }
.card { margin: 1rem 0; padding: 1rem; background: var(--card); border: 1px solid var(--line);
  border-radius: 8px; }
.card > header { display: flex; flex-wrap: wrap; gap: .25rem 1rem; justify-content: space-between;
  align-items: baseline; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem 1rem; margin: .5rem 0; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
summary { cursor: pointer; }
@media (min-width: 50.01rem) { .wide:first-child { width: 50%; } }
@media (max-width: 50rem) {
  thead { position: absolute; left: -9999px; }
  tr { display: grid; grid-template-columns: 1fr auto; gap: 0 .75rem; padding: .5rem 0;
    border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; }
  td { display: block; border: 0; padding: .1rem 0; }
  td.name, td.wide { grid-column: 1 / -1; text-align: left; white-space: normal; }
  td[data-label]::before { content: attr(data-label) " "; color: var(--soft); }
  td.n { text-align: left; white-space: normal; }
}
@media (max-width: 30rem) { dl { grid-template-columns: 1fr; } dd { margin-bottom: .35rem; } }
@media print { .card { break-inside: avoid; } body { max-width: none; } }
"""


def save_html(report: Report, path: str | os.PathLike[str]) -> None:
    """Write `page` to a file, all or nothing. Raises InputError when the place cannot be written."""
    atomic_write(path, page(report))


def page(report: Report) -> str:
    """The report as HTML: statements, counts, verdicts, mutants, counterexamples, versions, the command."""
    return "\n".join(
        [
            "<!DOCTYPE html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>exactrelu: {escape(summary(report))}</title>",
            f"<style>{_STYLE}</style></head>",
            "<body>",
            *_opening(report),
            "<main>",
            *_overview(report),
            "<h2>Theorems</h2>",
            *(line for row in report.rows for line in _card(row)),
            "</main>",
            "</body></html>",
            "",
        ]
    )


def notebook(report: Report) -> str:
    """The report as a small table for notebooks; of many theorems the last that hold are left out."""
    order = sorted(report.rows, key=lambda row: row.verdict == "holds" and all(m.ok for m in row.mutants))
    kept = {id(row) for row in order[:_ROWS]}
    rows = []
    for row in report.rows:
        if id(row) in kept:
            mutants = f"{sum(m.is_refuted for m in row.mutants)} of {len(row.mutants)} refuted"
            verdict = row.verdict if row.remark is None else f"{row.verdict} ({row.remark})"
            count = f"{row.held + row.refuted:,}"
            cells = (row.theorem, count, share(row), verdict, mutants if row.mutants else "-")
            rows.append(tuple(_cut(cell) for cell in cells))
    title = f"Report: {summary(report)}"
    if len(kept) < len(report.rows):
        title += f"; {len(kept)} of {len(report.rows):,} theorems shown"
    return table(title, ("theorem", "instances", "held", "verdict", "mutants"), rows)


def _cut(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"


def command(report: Report) -> str:
    """The command that runs this campaign again."""
    from exactrelu.theorems.registry import registry

    s = report.settings
    words = ["exactrelu", "verify", *(path for path, _ in s.files)]
    if s.files or set(s.theorems) != set(registry):
        words += _names(s.theorems)
    options = {"--instances": s.instances, "--seed": s.seed, "--size": s.size, "--bits": s.bits}
    return shlex.join([*words, *(w for name, value in options.items() for w in (name, str(value)))])


def _names(theorems: tuple[str, ...]) -> Iterator[str]:
    """The theorems, those of one paper by its name where they are all there and in their order."""
    from exactrelu.theorems.registry import registry

    for paper, group in groupby(theorems, key=lambda name: name.partition(".")[0]):
        names = list(group)
        whole = [name for name in registry if name.partition(".")[0] == paper]
        yield from [paper] if names == whole and len(names) > 1 else names


def _opening(report: Report) -> Iterator[str]:
    run, s = dict(report.run), report.settings
    good = "good" if report.ok else "bad"
    word = "All is well" if report.ok else "Not all is well"
    certificates = sum(count for row in report.rows for name, count in row.counts if name == "certificates")
    yield "<header>"
    yield "<h1>Campaign of exact checks</h1>"
    mark = "✓" if report.ok else "✗"
    yield f'<p><span class="verdict {good}">{mark} {word}:</span> {escape(summary(report))}</p>'
    yield "<dl>"
    facts = [
        ("instances", f"{s.instances:,} a theorem, of about {s.size} points and {s.bits} bits"),
        ("seed", str(s.seed)),
    ]
    if certificates:
        facts.append(("certificates", f"{certificates:,} counted by the checks; exactrelu's own judge each"))
    versions = [f"{name} {run[name]}" for name in ("exactrelu", "python") if name in run]
    facts += [("versions", ", ".join(versions))] if versions else []
    if "seconds" in run:
        jobs = run.get("jobs", 1)
        facts.append(("time", f"{run['seconds']:,.1f} s with {jobs} worker{'s' * (jobs != 1)}"))
    facts += [("file", f"{path} (SHA-256 {digest})") for path, digest in s.files]
    for name, value in facts:
        yield f"<dt>{escape(name)}</dt><dd>{escape(value)}</dd>"
    yield "</dl>"
    yield '<p class="soft">The same run again:</p>'
    yield f'<pre class="command"><code>{escape(command(report))}</code></pre>'
    yield "</header>"


def _overview(report: Report) -> Iterator[str]:
    yield "<h2>Overview</h2><table>"
    yield (
        '<thead><tr><th>theorem</th><th class="n">instances</th><th>held</th><th>verdict</th>'
        '<th class="n">mutants refuted</th></tr></thead><tbody>'
    )
    for row in report.rows:
        refuted = f"{sum(m.is_refuted for m in row.mutants)} of {len(row.mutants)}" if row.mutants else "-"
        if not all(m.ok for m in row.mutants):
            refuted = f'<span class="verdict bad">✗ {refuted}</span>'
        yield (
            f'<tr><td class="name"><a href="#{_anchor(row)}">{escape(row.theorem)}</a></td>'
            f'<td class="n" data-label="instances">{row.held + row.refuted:,}</td>'
            f'<td data-label="held">{_held(row)}</td><td>{_verdict(row)}</td>'
            f'<td class="n" data-label="mutants refuted">{refuted}</td></tr>'
        )
    yield "</tbody></table>"


def _card(row: Row) -> Iterator[str]:
    yield f'<section class="card" id="{_anchor(row)}">'
    yield f"<header><h3>{escape(row.theorem)}</h3><span>{_verdict(row)}</span></header>"
    yield f"<p>{escape(row.statement)}</p>"
    yield f'<p class="soft">Source: {escape(row.source)}</p>'
    of = row.held + row.refuted
    notes = [f"held on {row.held:,} of {of:,} instances"] if of else ["judged on no instance"]
    notes += [f"the check failed on {row.failed:,}"] if row.failed else []
    notes += [outside(row)] if row.inapplicable else []
    notes += [f"{name}: {count:,}" for name, count in row.counts]
    yield f"<p>{escape('; '.join(notes))}</p>"
    found = row.counterexample
    if found is not None:
        yield f'<p class="bad"><strong>Refuted by {escape(found.found)}:</strong> {escape(found.clause)}</p>'
        yield f"<p>{escape(found.shrunk)}, as Python:</p>"
        shrunk = " ".join(found.shrunk_clause.split())
        yield _code(f"{found.python}\n# {shrunk}")
    if row.failure is not None:
        yield from _failure(row.failure)
    if row.mutants:
        yield (
            '<table><thead><tr><th>mutant, a nearby false statement</th><th class="n">held on</th>'
            "<th>verdict</th></tr></thead><tbody>"
        )
        for mutant in row.mutants:
            yield from _mutant(mutant)
        yield "</tbody></table>"
    yield "</section>"


def _mutant(mutant: MutantRow) -> Iterator[str]:
    mark, good = "✓", "good" if mutant.ok else "warn"
    if mutant.failure is not None or not mutant.is_refuted:
        mark, good = "✗" if mutant.failure is None else "!", "bad"
    verdict = f'<span class="verdict {good}">{mark} {escape(mutant.verdict)}</span>'
    if mutant.trouble is not None:
        verdict += f'<br><span class="warn">{escape(mutant.trouble)}</span>'
    told = mutant.clause and mutant.clause != _BARE
    clause = f'<br><span class="soft">{escape(str(mutant.clause))}</span>' if told else ""
    yield (
        f'<tr><td class="wide" data-label="mutant"><code>{escape(mutant.name)}</code><br>'
        f"{escape(mutant.statement)}</td>"
        f'<td class="n" data-label="held on">{escape(share(mutant))}</td>'
        f'<td class="wide">{verdict}{clause}</td></tr>'
    )
    if mutant.failure is not None:
        yield f'<tr><td class="wide" colspan="3">{"".join(_failure(mutant.failure))}</td></tr>'


def _failure(failure: FailureReport) -> Iterator[str]:
    where = escape(failure.where)
    yield f'<p class="bad"><strong>The check failed on {where}:</strong> {escape(failure.summary)}</p>'
    if failure.python is not None:
        yield f"<p>The instance, as Python:</p>{_code(failure.python)}"
    yield f"<details><summary>Traceback</summary>{_code(failure.traceback)}</details>"


def _code(text: str) -> str:
    # A block that scrolls takes part in the order of the keyboard.
    return f'<pre tabindex="0"><code>{escape(text)}</code></pre>'


def _verdict(row: Row) -> str:
    verdict = f'<span class="verdict {_GOOD[row.verdict]}">{_MARKS[row.verdict]} {row.verdict}</span>'
    return verdict if row.remark is None else f'{verdict} <span class="soft">({row.remark})</span>'


def _held(row: Row) -> str:
    """The share in words, with a bar; the bar is decoration."""
    of = row.held + row.refuted
    if not of:
        return "-"
    percent = 100 * row.held / of
    bar = f'<span class="bar" aria-hidden="true"><i style="width:{percent:.2f}%"></i></span>'
    return f"{escape(share(row))}{bar}"


def _anchor(row: Row) -> str:
    return escape("".join(c if c.isalnum() or c in "-_." else "-" for c in row.theorem))
