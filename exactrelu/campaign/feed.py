"""What is still to be done, cut into batches that take a fraction of a second each.

How the instances are cut into batches depends on timing; what comes out does not.
"""

from collections.abc import Callable, Iterator

from exactrelu.campaign.examine import Task
from exactrelu.campaign.outcome import Outcome
from exactrelu.campaign.report import Settings
from exactrelu.campaign.sources import Home
from exactrelu.campaign.state import Done
from exactrelu.theorems.registry import Theorem

Plan = list[tuple[Theorem, Home]]
"""The theorems to check, each with the place where a worker finds it."""

_BATCH_SECONDS = 0.2
_BATCHES_A_SECOND = 200  # what one parent hands out and adds up easily, to however many workers


class Feed:
    """The tasks, theorem by theorem, without what is `done` already.

    `width` is asked before each batch how many workers there are.
    """

    def __init__(
        self,
        plan: Plan,
        settings: Settings,
        done: list[Done],
        width: Callable[[], int],
        tell: Callable[[str], None],
    ) -> None:
        self._plan, self._settings, self._width, self._tell = plan, settings, width, tell
        self._gaps = [list(part.gaps(settings.instances)) for part in done]
        self._under_way = [0] * len(plan)
        self._seconds = [part.outcome.seconds for part in done]
        self._instances = [part.outcome.instances for part in done]
        self._witnessed = [bool(part.outcome.witnesses) for part in done]

    def learn(self, position: int, outcome: Outcome) -> None:
        """Note how long the instances of a theorem take."""
        if outcome.seconds:  # not of instances that were set aside
            self._seconds[position] += outcome.seconds
            self._instances[position] += outcome.instances
        self._under_way[position] -= outcome.instances

    @property
    def doing(self) -> str | None:
        """The first theorem with a batch under way."""
        names = (theorem.name for (theorem, _), n in zip(self._plan, self._under_way, strict=True) if n)
        return next(names, None)

    def tasks(self) -> Iterator[tuple[Task, int]]:
        """The batches, each cut when it is asked for, with the position of its theorem in the plan."""
        s = self._settings
        for position, (theorem, home) in enumerate(self._plan):
            begun = False
            gaps, witnessed = self._gaps[position], self._witnessed[position]
            apart = not gaps or gaps[0][0] > 0  # lost with their worker just before an interruption
            if apart and not witnessed and any(m.has_witness for m in theorem.mutants):
                yield Task(theorem.name, home, s.seed, s.size, s.bits, 0, 0, True), position
            for start, end in gaps:
                while start < end:
                    stop = start + self._size(position, end - start)
                    self._under_way[position] += stop - start
                    if not begun:
                        begun = True
                        self._tell(self.doing or theorem.name)
                    witnesses = start == 0 and not witnessed
                    yield Task(theorem.name, home, s.seed, s.size, s.bits, start, stop, witnesses), position
                    start = stop

    def _size(self, position: int, left: int) -> int:
        known, seconds = self._instances[position], self._seconds[position]
        if not known or not seconds:
            return min(left, 4)
        rate, workers = known / max(seconds, 1e-6), max(1, self._width())
        most = int(rate * max(_BATCH_SECONDS, workers / _BATCHES_A_SECOND))
        # Towards the end of a theorem smaller batches, so that workers end together.
        return max(1, min(most, left if workers == 1 else -(-left // (2 * workers))))
