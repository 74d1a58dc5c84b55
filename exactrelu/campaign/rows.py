"""From what the batches showed to the row of the report: counterexamples shrunk and written as Python."""

from collections.abc import Callable
from typing import Any

from exactrelu.campaign.anatomy import can_shrink
from exactrelu.campaign.examine import make
from exactrelu.campaign.outcome import Failure, Outcome, Verdicts, Witnessed
from exactrelu.campaign.paste import NotPastable, described, in_order, snippet
from exactrelu.campaign.report import Counterexample, FailureReport, MutantRow, Row, Settings
from exactrelu.campaign.sources import Source
from exactrelu.theorems.registry import Mutant, Theorem

STRAYED = (
    "# The generator might not make this instance, and domain= of the theorem does not say what it makes.\n"
    "# As it was drawn (from exactrelu.campaign import instance):"
)

UNSTEADY = (
    "# Run again, the check did not refute this instance each time: it gives different answers, and the\n"
    "# counterexample may not replay."
)
AGAIN = 3
NOT_SHRUNK = "instances of this kind are not shrunk"
NOT_PASTABLE = "the shrunk one, in the comment, has no form that pastes"


def row_of(
    theorem: Theorem, home: Source | str, outcome: Outcome, settings: Settings, *, final: bool = True
) -> Row:
    """The row of a theorem; shrinks its counterexample, if it has one.

    If not `final`, only names the instances by where they come from, which takes no time and runs no code of
    the user's.
    """
    paste = _Paste(theorem, home, settings, final)
    seen = outcome.theorem
    witnesses = [(m, outcome.witnesses[m.name]) for m in theorem.mutants if m.name in outcome.witnesses]
    counterexample = None
    if seen.refutation is not None:
        index, clause = seen.refutation
        counterexample = paste.counterexample(f"instance {index} of seed {settings.seed}", index, clause)
    else:
        for mutant, seen_there in witnesses:
            if seen_there.theorem_clause is not None:
                place = f"the witness of mutant {mutant.name}"
                counterexample = paste.counterexample(place, mutant, seen_there.theorem_clause)
                break
    return Row(
        theorem.name,
        theorem.statement,
        theorem.source,
        seen.held,
        seen.refuted,
        seen.inapplicable,
        seen.failed,
        tuple(sorted(outcome.tally.items())),
        tuple(
            _mutant(mutant, verdicts, outcome.witnesses.get(mutant.name), paste)
            for mutant, verdicts in zip(theorem.mutants, outcome.mutants, strict=True)
        ),
        counterexample,
        None if seen.failure is None else paste.failure(seen.failure, None),
    )


def _mutant(mutant: Mutant, seen: Verdicts, witnessed: Witnessed | None, paste: "_Paste") -> MutantRow:
    index, clause = seen.refutation or (None, None)
    failure = seen.failure or (witnessed.failure if witnessed is not None else None)
    if clause is None and witnessed is not None:
        clause = witnessed.clause
    return MutantRow(
        mutant.name,
        mutant.statement,
        seen.held,
        seen.refuted,
        seen.inapplicable,
        seen.failed,
        index,
        clause,
        "none" if witnessed is None else witnessed.mutant,
        None if failure is None else paste.failure(failure, mutant),
    )


class _Paste:
    """Writes instances of one theorem as Python that reproduces what happened on them."""

    def __init__(self, theorem: Theorem, home: Source | str, settings: Settings, final: bool) -> None:
        self.theorem, self.settings, self.final = theorem, settings, final
        self.opening = ["from exactrelu.theorems import registry"]
        self._module: str | None = None
        if isinstance(home, Source):
            self._module = home.module
            self.opening += ["from exactrelu.campaign import load", f"load({home.path!r})"]
        elif home != "__main__" and not home.startswith("exactrelu."):
            self.opening.append(f"import {home}")
        # Theorems of the house meet strange instances with NotApplicable.
        foreign = isinstance(home, Source) or not home.startswith("exactrelu.")
        self._may_stray = foreign and theorem.instances is not None and theorem.domain is None

    def counterexample(self, found: str, at: int | Mutant, clause: str) -> Counterexample:
        """Shrink instance `at`, or the witness of the mutant `at`."""
        index = at if isinstance(at, int) else None
        if not self.final:
            return Counterexample(found, index, clause, self._place(at), clause, None)
        from exactrelu.campaign.shrink import clause_of, shrink

        value = at.witness if isinstance(at, Mutant) else self._make(at)
        refutes = clause_of(self.theorem)
        if not can_shrink(value):
            python = f"{_steadiness(refutes, value)}{self._value(value) or self._shown(value, at)}"
            return Counterexample(found, index, clause, python, clause, True, as_drawn=NOT_SHRUNK)
        shrunk = shrink(value, clause, refutes)
        pasted = self._value(shrunk.value)
        if pasted is None:
            python = f"{_steadiness(refutes, value)}{self._shown(shrunk.value, at)}"
            return Counterexample(
                found, index, clause, python, clause, shrunk.complete, shrunk.out_of_time, NOT_PASTABLE
            )
        if index is not None and self._may_stray and shrunk.value is not value:
            pasted = f"{STRAYED}\n# {self._drawn(index)}\n{pasted}"
        python = f"{_steadiness(refutes, shrunk.value)}{pasted}"
        return Counterexample(
            found, index, clause, python, shrunk.clause, shrunk.complete, shrunk.out_of_time
        )

    def failure(self, failure: Failure, mutant: Mutant | None) -> FailureReport:
        """The failure with the instance on which it happened, not shrunk."""
        option = "" if mutant is None else f", mutant={mutant.name!r}"
        where = "" if mutant is None else f"mutant {mutant.name} on "
        python = None
        if failure.index is None:
            assert mutant is not None
            where += "its witness"
            if self.final and not failure.lost:
                python = self._value(mutant.witness, option)
            python = python or self._place(mutant, option)
        else:
            where += f"instance {failure.index} of seed {self.settings.seed}"
            if not failure.made:
                where = f"making {where}"
            elif self.final and not failure.lost:  # what killed a worker would kill this process too
                python = self._value(self._make(failure.index), option)
            python = python or self._place(failure.index, option)
        return FailureReport(where, failure.summary, python, failure.traceback)

    def _make(self, index: int) -> Any:
        s = self.settings
        return make(self.theorem, s.seed, index, s.size, s.bits)

    def _value(self, value: Any, option: str = "") -> str | None:
        try:
            return snippet(value, self._call("{}", option), self.opening, self._module)
        except NotPastable:
            return None

    def _shown(self, value: Any, at: int | Mutant) -> str:
        return f"# {described(value)}\n{self._place(at)}"

    def _place(self, at: int | Mutant, option: str = "") -> str:
        """The instance by where it comes from, for values that have no source form."""
        name = self.theorem.name
        if isinstance(at, Mutant):
            source = [f"value = next(m.witness for m in registry[{name!r}].mutants if m.name == {at.name!r})"]
        else:
            source = ["from exactrelu.campaign import instance", f"value = {self._drawn(at)}"]
        return in_order([*self.opening, *source, self._call("value", option)])

    def _drawn(self, index: int) -> str:
        s = self.settings
        name = self.theorem.name
        return f"instance({name!r}, index={index}, seed={s.seed}, size={s.size}, bits={s.bits})"

    def _call(self, instance: str, option: str) -> str:
        return f"print(registry[{self.theorem.name!r}].refutation({instance}{option}))"


def _steadiness(refutes: Callable[[Any], str | None], value: Any) -> str:
    """A warning where the check does not refute the instance every time."""
    return "" if all(refutes(value) is not None for _ in range(AGAIN)) else f"{UNSTEADY}\n"
