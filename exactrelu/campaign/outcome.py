"""What a batch of instances showed, in constant memory; outcomes of batches add up in any order."""

from collections import Counter
from dataclasses import dataclass, field

from exactrelu.theorems.registry import Tally


@dataclass(frozen=True, slots=True)
class Failure:
    """An exception that is no verdict: the check, the generator or exactrelu itself failed.

    `index` is the instance, or None for a pinned witness; `summary` one line; `made` is False when there is
    no instance because the generator failed, `lost` True when it is not known because the process died.
    """

    index: int | None
    summary: str
    traceback: str
    made: bool = True
    lost: bool = False


@dataclass(slots=True)
class Verdicts:
    """How often one statement held, with the first instance that refuted it and the first that failed."""

    held: int = 0
    refuted: int = 0
    inapplicable: int = 0
    failed: int = 0
    refutation: tuple[int, str] | None = None  # index of the instance, clause
    failure: Failure | None = None

    def add(self, later: "Verdicts") -> None:
        """Add the verdicts on other instances."""
        self.held += later.held
        self.refuted += later.refuted
        self.inapplicable += later.inapplicable
        self.failed += later.failed
        if later.refutation is not None and (
            self.refutation is None or later.refutation[0] < self.refutation[0]
        ):
            self.refutation = later.refutation
        if later.failure is not None and (self.failure is None or _at(later.failure) < _at(self.failure)):
            self.failure = later.failure

    def refute(self, index: int, clause: Exception) -> None:
        """Count a refutation; instances come in increasing order within a batch."""
        self.refuted += 1
        if self.refutation is None:
            self.refutation = index, str(clause)

    def fail(self, failure: Failure) -> None:
        """Count a failure."""
        self.failed += 1
        if self.failure is None:
            self.failure = failure


def _at(failure: Failure) -> int:
    return -1 if failure.index is None else failure.index


@dataclass(frozen=True, slots=True)
class Witnessed:
    """What the pinned witness of a mutant showed.

    `mutant` is "refuted", "held", "not applicable" or "failed"; `clause` the clause of the mutant that it
    refutes; `theorem_clause` the clause of the theorem itself that fails there, which should be None.
    """

    mutant: str
    clause: str | None = None
    theorem_clause: str | None = None
    failure: Failure | None = None


@dataclass(slots=True)
class Outcome:
    """What some instances of one theorem showed."""

    theorem: Verdicts
    mutants: list[Verdicts]
    tally: Tally = field(default_factory=Counter)
    witnesses: dict[str, Witnessed] = field(default_factory=dict)
    instances: int = 0
    seconds: float = 0.0

    @classmethod
    def empty(cls, mutants: int) -> "Outcome":
        """Nothing seen yet."""
        return cls(Verdicts(), [Verdicts() for _ in range(mutants)])

    def add(self, other: "Outcome") -> None:
        """Add what other instances of the same theorem showed."""
        self.theorem.add(other.theorem)
        for mine, theirs in zip(self.mutants, other.mutants, strict=True):
            mine.add(theirs)
        self.tally.update(other.tally)
        self.witnesses.update(other.witnesses)
        self.instances += other.instances
        self.seconds += other.seconds
