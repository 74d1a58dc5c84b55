"""How far a theorem is: the instances examined, as ranges, and what they showed. JSON both ways.

This is what an interrupted campaign continues from. It takes constant space: batches that meet become one
range.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

from exactrelu.campaign.outcome import Failure, Outcome, Verdicts, Witnessed

_WITNESSED = ("refuted", "held", "not applicable", "failed")
_COUNTS = ("held", "refuted", "inapplicable", "failed")


@dataclass(frozen=True, slots=True)
class Done:
    """The part of a theorem's instances that is done; never changed in place.

    `ranges` are half-open, increasing, and do not touch. A campaign that is interrupted between any two
    instructions holds either the state before a batch or the one after it.
    """

    ranges: tuple[tuple[int, int], ...]
    outcome: Outcome

    @classmethod
    def nothing(cls, mutants: int) -> Self:
        """Before the first batch."""
        return cls((), Outcome.empty(mutants))

    def plus(self, start: int, stop: int, outcome: Outcome) -> "Done":
        """With instances `start` to `stop - 1` done too.

        Raises
        ------
        RuntimeError
            If one of them was done before: no instance may count twice.
        """
        ranges: list[tuple[int, int]] = []
        more = [(start, stop)] * (start < stop)  # the witnesses may come without instances
        for a, b in sorted([*self.ranges, *more]):
            if ranges and a < ranges[-1][1]:
                raise RuntimeError(f"instance {a} was to be counted twice")
            if ranges and a == ranges[-1][1]:
                ranges[-1] = ranges[-1][0], b
            else:
                ranges.append((a, b))
        both = Outcome.empty(len(self.outcome.mutants))
        both.add(self.outcome)
        both.add(outcome)
        return Done(tuple(ranges), both)

    def gaps(self, instances: int) -> Iterator[tuple[int, int]]:
        """The ranges below `instances` that are still to do."""
        before = 0
        for a, b in (*self.ranges, (instances, instances)):
            if a > before:
                yield before, a
            before = b

    def to_json(self, mutants: tuple[str, ...]) -> dict[str, Any]:
        """As JSON data; `mutants` are the names of the theorem's mutants."""
        seen = self.outcome
        return {
            "ranges": [list(r) for r in self.ranges],
            "seconds": round(seen.seconds, 3),
            "theorem": asdict(seen.theorem),
            "mutants": {name: asdict(v) for name, v in zip(mutants, seen.mutants, strict=True)},
            "counts": dict(sorted(seen.tally.items())),
            "witnesses": {name: asdict(witnessed) for name, witnessed in seen.witnesses.items()},
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any], instances: int) -> Self:
        """Read what :meth:`to_json` gives.

        Raises
        ------
        ValueError, TypeError, KeyError, AttributeError
            If it cannot have come from there: ranges that overlap, counts that do not add up.
        """
        ranges = tuple((natural(a), natural(b)) for a, b in data["ranges"])
        ends = [0, *(end for r in ranges for end in r), instances]
        if sorted(ends) != ends or len(set(ends[1:-1])) < len(ends) - 2:
            raise ValueError(f"the instances {data['ranges']} are no increasing ranges below {instances}")
        total = sum(b - a for a, b in ranges)
        witnesses = {str(name): _witnessed(w) for name, w in data["witnesses"].items()}
        tally = Counter({str(name): integer(count) for name, count in data["counts"].items()})
        theorem = _verdicts(data["theorem"], total, instances)
        if theorem.held + theorem.refuted + theorem.inapplicable + theorem.failed < total:
            raise ValueError(f"the counts of {total} instances do not add up")
        mutants = [_verdicts(v, total, instances) for v in data["mutants"].values()]
        return cls(ranges, Outcome(theorem, mutants, tally, witnesses, total, number(data["seconds"])))


def _verdicts(data: Mapping[str, Any], total: int, instances: int) -> Verdicts:
    held, refuted, inapplicable, failed = counts = [natural(data[name]) for name in _COUNTS]
    refutation, failure = data["refutation"], data["failure"]
    # A mutant is not looked at where the theorem's own machinery failed: its counts may sum to less.
    if sum(counts) > total or (refuted > 0) is (refutation is None) or (failed > 0) is (failure is None):
        raise ValueError(f"the counts {counts} of {total} instances do not add up")
    if refutation is not None:
        index, clause = refutation
        refutation = _below(index, instances), str(clause)
    if failure is not None:
        failure = _failure(failure)
        _below(failure.index, instances)
    return Verdicts(held, refuted, inapplicable, failed, refutation, failure)


def _witnessed(data: Mapping[str, Any]) -> Witnessed:
    if data["mutant"] not in _WITNESSED:
        raise ValueError(f"a witness is {_WITNESSED}, not {data['mutant']!r}")
    failure = None if data["failure"] is None else _failure(data["failure"])
    return Witnessed(data["mutant"], _text(data["clause"]), _text(data["theorem_clause"]), failure)


def _failure(data: Mapping[str, Any]) -> Failure:
    index = None if data["index"] is None else natural(data["index"])
    lost = bool(data.get("lost", False))
    return Failure(index, str(data["summary"]), str(data["traceback"]), bool(data["made"]), lost)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)


def number(value: Any) -> float:
    """The value, if it is a number of seconds; ValueError otherwise."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e18:
        raise ValueError(f"{value!r} is no number of seconds")
    return float(value)


def integer(value: Any) -> int:
    """The value, if it is an integer; ValueError otherwise."""
    if type(value) is not int:
        raise ValueError(f"{value!r} is not an integer")
    return value


def natural(value: Any) -> int:
    """The value, if it is a non-negative integer; ValueError otherwise."""
    if integer(value) < 0:
        raise ValueError(f"{value!r} is negative")
    return int(value)


def _below(index: Any, instances: int) -> int:
    if natural(index) >= instances:
        raise ValueError(f"there is no instance {index}")
    return int(index)
