"""Shrinking: the simplest instance found on which a check fails in the same way."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from random import Random
from time import monotonic
from typing import Any

from hypothesis import HealthCheck, Phase, Verbosity, configuration, find, settings
from hypothesis.errors import NoSuchExample, Unsatisfiable

from exactrelu.arithmetic.errors import InputError
from exactrelu.campaign.anatomy import complexity, outline
from exactrelu.campaign.fresh import fresh
from exactrelu.campaign.moves import descend
from exactrelu.campaign.simplify import STAGES, Stage, simplified
from exactrelu.theorems.registry import Theorem, registry

MAX_CHECKS = 2000
MAX_DRAWS = 12_000  # divided by the length
MAX_ATOMS = 500  # what has more is too large for Hypothesis
MAX_IN_VAIN = 300  # candidates in a row
MAX_CANDIDATES = 20_000  # Hypothesis proposes many more than once
# The last resort, for checks that take a large part of a second each: where it ends depends on the machine,
# and the report says so. Hypothesis has such a limit too, 300 seconds a search; ours comes first.
MAX_SECONDS = 240.0
_QUIET = settings(
    max_examples=50,
    database=None,
    deadline=None,
    report_multiple_bugs=False,  # else ten seconds on the clock end the search for others
    phases=(Phase.generate, Phase.shrink),
    verbosity=Verbosity.quiet,
    suppress_health_check=list(HealthCheck),
)


@dataclass(frozen=True, slots=True)
class Shrunk:
    """The simplest instance, what fails on it, and whether the search came to its end within its budget.

    `out_of_time` says that the clock, not the count of checks, ended it.
    """

    value: Any
    clause: str
    checks: int
    complete: bool
    out_of_time: bool = False


def shrink(
    value: Any,
    clause: str,
    fails: Callable[[Any], str | None],
    *,
    max_checks: int = MAX_CHECKS,
    max_seconds: float = MAX_SECONDS,
) -> Shrunk:
    """Simplify `value`, on which `fails` returns `clause`, as long as `fails` returns some clause.

    The budget is a number of checks, so that the result is the same on any machine under any load; only where
    `max_seconds` run out (`out_of_time`) it is not. `fails` returns None for candidates on which nothing
    fails; it must not raise.

    Notes
    -----
    Alternates structured passes (`moves.py`), draws of small data (`fresh.py`) and Hypothesis searches for
    fewer parts and for simpler numbers (`simplify.py`) until none of them helps. The passes end with single
    steps; where shrinking is complete, none of these helps any more.
    """
    search = _Search(value, clause, fails, max_checks, monotonic() + max_seconds)
    with _hypothesis_home(), suppress(_Spent):
        search.settle()
    return Shrunk(search.best, search.clause, search.checks, not search.spent, search.out_of_time)


def simplest(name: str, value: Any, *, mutant: str | None = None) -> Shrunk:
    """The simplest instance found that refutes a theorem, or its mutant, as `value` does.

    So `verify` shrinks the counterexample of a theorem. The instances that refute mutants it only counts;
    the report has the index of the ``first``, from which :func:`exactrelu.campaign.instance` makes it again.

    Raises
    ------
    InputError
        If there is no such theorem or mutant, or `value` does not refute it.

    >>> from exactrelu.campaign import instance
    >>> data = instance("hanin2021.sparsest", index=3)
    >>> data.n, simplest("hanin2021.sparsest", data, mutant="unique").value.n
    (7, 5)
    """
    if name not in registry:
        raise InputError(f"there is no theorem named {name!r}; 'exactrelu theorems' lists them")
    clause = registry[name].refutation(value, mutant=mutant)
    if clause is None:
        what = name if mutant is None else f"mutant {mutant} of {name}"
        raise InputError(f"this instance does not refute {what}, so that there is nothing to shrink")
    return shrink(value, clause, clause_of(registry[name], mutant))


def clause_of(theorem: Theorem, mutant: str | None = None) -> Callable[[Any], str | None]:
    """What fails on an instance; None where nothing does, or where the check itself fails."""

    def clause(value: Any) -> str | None:
        try:
            return theorem.refutation(value, mutant=mutant)
        except (Exception, SystemExit):
            return None

    return clause


@contextmanager
def _hypothesis_home() -> Iterator[None]:
    """Keep Hypothesis from leaving its directory `.hypothesis` in the directory where the user works."""
    before = configuration.storage_directory(intent_to_write=False).home_directory
    with tempfile.TemporaryDirectory(prefix="exactrelu-", ignore_cleanup_errors=True) as home:
        configuration.set_hypothesis_home_dir(home)
        try:
            yield
        finally:
            configuration.set_hypothesis_home_dir(before)


class _Spent(BaseException):
    """The budget is spent. No Exception: Hypothesis would take it for a failing test and shrink on."""


class _InVain(BaseException):
    """Nothing simpler has come for long: Hypothesis is to stop."""


class _Search:
    def __init__(
        self, value: Any, clause: str, fails: Callable[[Any], str | None], max_checks: int, deadline: float
    ) -> None:
        self.best, self.clause = value, clause
        self.checks, self.candidates = 0, 0
        self.spent, self.out_of_time = False, False
        self._in_vain = 0
        self._fails, self._max_checks, self._deadline = fails, max_checks, deadline
        self._known: dict[bytes, str | None] = {_key(value): clause}

    def settle(self) -> None:
        """Go all ways, again and again, until none of them helps."""
        hypothesis = (partial(self.run, stage) for stage in STAGES)
        ways: list[Callable[[], None]] = [self.descend, self.draw, *hypothesis]
        settled: dict[int, bytes] = {}  # where each of the ways began last
        while any(settled.get(i) != _key(self.best) for i in range(len(ways))):
            for i, way in enumerate(ways):
                if settled.get(i) != _key(self.best):
                    settled[i] = _key(self.best)
                    way()

    def draw(self) -> None:
        """Replace the best instance by a simpler random one; the longer it is, the more are tried."""
        atoms, _, digits, *_ = complexity(self.best)
        before, left = self.checks, self._max_checks - self.checks
        most = min(atoms * atoms * digits // 8, MAX_DRAWS // max(atoms, 1), left // 2)
        for candidate in fresh(self.best, 4 * most):
            if self._accepts(candidate) or self.checks - before >= most:
                return

    def descend(self) -> None:
        """Replace the best instance by what the structured passes come to."""
        descend(self.best, self._accepts)

    def _accepts(self, candidate: Any) -> bool:
        if complexity(candidate) >= complexity(self.best):
            return False
        self._in_vain = 0  # that counts what Hypothesis proposes
        return self._refutes(candidate)

    def run(self, stage: Stage) -> None:
        """Replace the best instance by what Hypothesis shrinks it to, unless that is no simpler."""
        self._in_vain = 0
        if complexity(self.best)[0] > MAX_ATOMS:
            return
        with suppress(NoSuchExample, Unsatisfiable, _InVain):
            find(simplified(self.best, stage), self._refutes, settings=_QUIET, random=Random(0))

    def _refutes(self, candidate: Any) -> bool:
        self.candidates += 1
        self._stop_if(self.candidates > MAX_CANDIDATES)
        self._in_vain += 1
        if self._in_vain > MAX_IN_VAIN:
            raise _InVain
        key = _key(candidate)
        if key not in self._known:
            self._stop_if(self.checks >= self._max_checks)
            self.out_of_time = monotonic() > self._deadline
            self._stop_if(self.out_of_time)
            self.checks += 1
            self._known[key] = self._fails(candidate)
        clause = self._known[key]
        if clause is not None and complexity(candidate) < complexity(self.best):
            self.best, self.clause, self._in_vain = candidate, clause, 0
        return clause is not None

    def _stop_if(self, spent: bool) -> None:
        if spent:
            self.spent = True
            raise _Spent


def _key(value: Any) -> bytes:
    return blake2b(outline(value).encode(), digest_size=16).digest()
