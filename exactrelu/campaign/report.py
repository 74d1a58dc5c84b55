"""The report of a campaign: immutable, the same for any number of jobs, written to JSON and read back."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Self

from exactrelu.arithmetic.atomic import atomic_write
from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.state import Done, integer, number

SCHEMA = "exactrelu/report/1"
_MAX_BYTES = 10**8
_TROUBLE = {
    "held": "its witness does not refute it: the mutant holds there",
    "not applicable": "its witness does not refute it: the check does not apply there",
    "failed": "its witness does not refute it: the check fails there",
}


@dataclass(frozen=True, slots=True)
class FailureReport:
    """An exception that was no verdict. `where` says on which instance; `python` pastes, where possible."""

    where: str
    summary: str
    python: str | None
    traceback: str


@dataclass(frozen=True, slots=True)
class Counterexample:
    """An instance that refutes a theorem.

    `found` says which instance it was, `clause` what failed there; `python` is source that builds the
    simplest instance found by shrinking and prints `shrunk_clause`. `complete` is False when shrinking ran
    out of its budget of checks; with `out_of_time` its time was up before, and another run may come further.
    It is None in the report of an unfinished campaign, which shrinks nothing yet. `as_drawn` says why
    `python` builds the instance as it was drawn instead, and is empty where it does not.
    """

    found: str
    index: int | None
    clause: str
    python: str
    shrunk_clause: str
    complete: bool | None
    out_of_time: bool = False
    as_drawn: str = ""

    @property
    def shrunk(self) -> str:
        """How far shrinking came, in words."""
        if self.as_drawn:
            return f"As drawn ({self.as_drawn})"
        if self.complete is None:
            return "Not shrunk yet"
        if self.complete:
            return "Shrunk"
        if self.out_of_time:
            return "Shrunk as far as the time went (another run may come further)"
        return "Shrunk as far as the budget went"


@dataclass(frozen=True, slots=True)
class MutantRow:
    """What became of one mutant.

    `held`, `refuted`, `inapplicable` and `failed` count random instances; `first` is the index of the first
    one that refutes it. `witness` is what its pinned witness did: "refuted", "held", "not applicable",
    "failed", or "none" where no witness is pinned.
    """

    name: str
    statement: str
    held: int
    refuted: int
    inapplicable: int
    failed: int
    first: int | None
    clause: str | None
    witness: str
    failure: FailureReport | None = None

    @property
    def is_refuted(self) -> bool:
        """Whether a random instance or the witness refutes it, and its check did not fail."""
        return self.failure is None and (self.refuted > 0 or self.witness == "refuted")

    @property
    def ok(self) -> bool:
        """Whether it is refuted, and its witness, where there is one, does refute it."""
        return self.is_refuted and self.trouble is None

    @property
    def verdict(self) -> str:
        """ "refuted (search)", "refuted (witness)", "refuted (search, witness)", "not refuted", "failed"."""
        if self.failure is not None:
            return "failed"
        ways = {"search": self.refuted > 0, "witness": self.witness == "refuted"}
        found = ", ".join(way for way, there in ways.items() if there)
        return f"refuted ({found})" if found else "not refuted"

    @property
    def trouble(self) -> str | None:
        """What is wrong with its witness; None where nothing is, or none is pinned."""
        return _TROUBLE.get(self.witness)


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one theorem; the counts are of random instances, `counts` those the checks reported."""

    theorem: str
    statement: str
    source: str
    held: int
    refuted: int
    inapplicable: int
    failed: int
    counts: tuple[tuple[str, int], ...] = ()
    mutants: tuple[MutantRow, ...] = ()
    counterexample: Counterexample | None = None
    failure: FailureReport | None = None

    @property
    def verdict(self) -> str:
        """ "refuted", "failed" (the tool did), "untested" (no instance met the hypotheses) or "holds"."""
        if self.counterexample is not None:
            return "refuted"
        if self.failure is not None:
            return "failed"
        return "holds" if self.held else "untested"

    @property
    def remark(self) -> str | None:
        """What a reader of the verdict should know beside it; None where there is nothing."""
        if self.verdict == "untested" and self.inapplicable:
            return "every instance is outside its domain"
        return None if self.mutants else "no mutants"


@dataclass(frozen=True, slots=True)
class Settings:
    """What determines the rows of a report: theorems, seed, instances, their size and bit length.

    `files` are the user's files as pairs of path and SHA-256.
    """

    theorems: tuple[str, ...]
    instances: int
    seed: int
    size: int
    bits: int
    files: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """The result of :func:`exactrelu.verify`.

    `settings` determine `rows`, on any number of jobs; `run` says how this run went (seconds, versions, and
    as ``"events"`` what went wrong on the way and was made good) and takes no part in comparisons.
    `unfinished` is None, or, of a campaign that was interrupted, what is done of every theorem:
    :func:`exactrelu.campaign.resume` continues from there.
    """

    settings: Settings
    rows: tuple[Row, ...]
    run: tuple[tuple[str, Any], ...] = field(default=(), compare=False)
    unfinished: tuple[Done, ...] | None = field(default=None, compare=False)

    @property
    def ok(self) -> bool:
        """Whether every theorem holds, every mutant is refuted and nothing failed."""
        return self.exit_code == 0

    @property
    def exit_code(self) -> int:
        """0 when all is well; 1 a theorem is refuted, else 3 a check failed, else 1; 130 when unfinished.

        The last 1 means that a mutant is not refuted, or that no instance met a theorem's hypotheses.
        """
        if self.unfinished is not None:
            return 130
        if any(row.verdict == "refuted" for row in self.rows):
            return 1
        failed = (m.failure for row in self.rows for m in row.mutants)
        if any(row.failure for row in self.rows) or any(failed):
            return 3
        fine = all(row.verdict == "holds" and all(m.ok for m in row.mutants) for row in self.rows)
        return 0 if fine else 1

    @property
    def events(self) -> tuple[str, ...]:
        """What went wrong on the way and was made good, such as workers that were lost."""
        return tuple(map(str, dict(self.run).get("events", ())))

    @property
    def done(self) -> int:
        """The number of instances examined, of all theorems together."""
        if self.unfinished is None:
            return self.total
        return sum(part.outcome.instances for part in self.unfinished)

    @property
    def total(self) -> int:
        """The number of instances that the campaign is to examine."""
        return self.settings.instances * len(self.settings.theorems)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON data; :meth:`from_json` reads it back."""
        document: dict[str, Any] = {
            "schema": SCHEMA,
            "ok": self.ok,
            "exit_code": self.exit_code,
            "settings": _lists(asdict(self.settings)),
            "rows": [
                {
                    "verdict": row.verdict,
                    **_lists(asdict(row)),
                    "counts": dict(row.counts),
                    "mutants": [
                        {"verdict": m.verdict, "trouble": m.trouble, **_lists(asdict(m))} for m in row.mutants
                    ],
                }
                for row in self.rows
            ],
            "run": dict(self.run),
        }
        if self.unfinished is not None:
            document["unfinished"] = [
                part.to_json(tuple(m.name for m in row.mutants))
                for part, row in zip(self.unfinished, self.rows, strict=True)
            ]
        return document

    @classmethod
    def from_json(cls, document: Any) -> Self:
        """Read what :meth:`to_json` gives.

        Raises
        ------
        InputError
            If the document is no report of this schema.
        """
        if not isinstance(document, dict) or document.get("schema") != SCHEMA:
            raise InputError(f'this is no campaign report: its "schema" has to be {SCHEMA!r}')
        try:
            s = document["settings"]
            settings = Settings(
                theorems=tuple(map(str, s["theorems"])),
                instances=integer(s["instances"]),
                seed=integer(s["seed"]),
                size=integer(s["size"]),
                bits=integer(s["bits"]),
                files=tuple((str(path), str(digest)) for path, digest in s["files"]),
            )
            rows = tuple(map(_row, document["rows"]))
            unfinished = _unfinished(document.get("unfinished"), settings, rows)
            return cls(settings, rows, _run(document["run"]), unfinished)
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise InputError(
                f"this campaign report is damaged ({type(error).__name__}: {error}); write it again with "
                "'exactrelu verify --report FILE.json'"
            ) from error

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the report as JSON, all or nothing. Raises InputError when the place cannot be written."""
        atomic_write(path, json.dumps(self.to_json(), indent=2, ensure_ascii=False) + "\n")

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a report from a file. Raises InputError when it cannot be read or is no report."""
        name = os.fspath(path)
        try:
            with Path(name).open("rb") as stream:
                content = stream.read(_MAX_BYTES + 1)
            if len(content) > _MAX_BYTES:
                raise InputError(f"{name} is larger than 100 MB; name a report written by 'exactrelu verify'")
            document = json.loads(content)
        except OSError as error:
            raise InputError(f"cannot read {name}: {(error.strerror or str(error)).lower()}") from error
        except (ValueError, RecursionError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"{name} is not JSON ({error}); name a report of 'exactrelu verify'") from error
        try:
            return cls.from_json(document)
        except InputError as error:
            raise InputError(f"{name}: {error}") from error

    def differences(self, other: "Report") -> list[str]:
        """What verdicts, counts and counterexamples of two reports do not have in common, a line for each."""
        mine, theirs = ({row.theorem: row for row in report.rows} for report in (self, other))
        lines = [f"{name} is in one of them only" for name in mine.keys() ^ theirs.keys()]
        for name in mine.keys() & theirs.keys():
            one, two = _facts(mine[name]), _facts(theirs[name])
            lines += [
                f"{name}: {fact} {one.get(fact)} against {two.get(fact)}"
                for fact in sorted(one.keys() | two.keys())
                if one.get(fact) != two.get(fact)
            ]
        return sorted(lines)

    def __repr__(self) -> str:
        from exactrelu.campaign.table import summary

        return f"<Report: {summary(self)}>"

    def __str__(self) -> str:
        from exactrelu.campaign.table import plain

        return plain(self)

    def _repr_html_(self) -> str:
        from exactrelu.campaign.html import notebook

        return notebook(self)


def _facts(row: Row) -> dict[str, Any]:
    """What a second run must reproduce: all but tracebacks and shrinking, whose last resort is the clock."""
    facts: dict[str, Any] = {"verdict": row.verdict, **{f"count {k}": v for k, v in row.counts}}
    for prefix, claim in (("", row), *((f"mutant {m.name} ", m) for m in row.mutants)):
        for fact in ("held", "refuted", "inapplicable", "failed"):
            facts[prefix + fact] = getattr(claim, fact)
    for mutant in row.mutants:
        facts[f"mutant {mutant.name} first refuted by"] = mutant.first
        facts[f"mutant {mutant.name} witness"] = mutant.witness
    if row.counterexample is not None:
        facts["counterexample"] = (row.counterexample.found, row.counterexample.clause)
    return facts


def _lists(value: Any) -> Any:
    if isinstance(value, tuple | list):
        return [_lists(v) for v in value]
    return {k: _lists(v) for k, v in value.items()} if isinstance(value, dict) else value


def _run(data: Any) -> tuple[tuple[str, Any], ...]:
    run = dict(data)
    number(run.get("seconds", 0))
    events = run.get("events", [])
    if not isinstance(events, list) or not all(isinstance(event, str) for event in events):
        raise ValueError(f"the events are {events!r}, no list of sentences")
    return tuple(run.items())


def _unfinished(data: Any, settings: Settings, rows: tuple[Row, ...]) -> tuple[Done, ...] | None:
    if data is None:
        return None
    if tuple(row.theorem for row in rows) != settings.theorems or len(data) != len(rows):
        raise ValueError("it does not have what is done of every theorem")
    for part, row in zip(data, rows, strict=True):
        if list(part["mutants"]) != [m.name for m in row.mutants]:
            raise ValueError(f"the mutants of {row.theorem} are {list(part['mutants'])} in one place only")
    return tuple(Done.from_json(part, settings.instances) for part in data)


def _row(data: dict[str, Any]) -> Row:
    fields = {k: v for k, v in data.items() if k != "verdict"}
    fields["counts"] = tuple((str(k), integer(v)) for k, v in data["counts"].items())
    fields["mutants"] = tuple(map(_mutant, data["mutants"]))
    fields["counterexample"] = _optional(Counterexample, data["counterexample"])
    fields["failure"] = _optional(FailureReport, data["failure"])
    return Row(**fields)


def _mutant(data: dict[str, Any]) -> MutantRow:
    fields = {k: v for k, v in data.items() if k not in ("verdict", "trouble")}
    return MutantRow(**{**fields, "failure": _optional(FailureReport, data["failure"])})


def _optional(kind: Any, data: dict[str, Any] | None) -> Any:
    return None if data is None else kind(**data)
