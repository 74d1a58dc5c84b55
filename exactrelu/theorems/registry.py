"""The registry of theorems, and the decorator that adds one.

A theorem is a name, its statement as the paper has it, a generator of random instances, an exact check of
one instance, and mutants: nearby false statements that the same machinery has to refute, because a check
that cannot fail proves nothing.

A complete one::

    import exactrelu as er
    from exactrelu import instances
    from exactrelu.functions import Dataset
    from exactrelu.theorems import Mutant, Refuted, theorem


    def interpolant(data, tally):                      # done once an instance; every check below gets it
        s = er.min_norm_interpolant(data.x, data.y, penalize_bias=False)
        if not er.check(s.certificate).accepted:
            raise Refuted("the certificate of the optimum is rejected")
        tally["certificates"] += 1                     # named counts appear in the table
        return s


    def kinks_only_at_data(s):                         # one clause changed; a mistake that people make
        return all(t in s.data.x for t, _ in s.function.kinks)


    @theorem(
        "hanin2021.minimal-cost",
        statement="The minimal total variation of f' over interpolants f is the sum of |kappa_i|.",
        source="Hanin 2021, Theorem 1",
        instances=instances.datasets,                  # also the default
        prepare=interpolant,
        mutants=[
            Mutant(
                "kinks-at-data",
                statement="The sparsest ridgeless interpolant has its kinks at data points.",
                check=kinks_only_at_data,
                witness=Dataset.read([0, 1, 2, 3], [0, 0, 1, 3]),
            )
        ],
    )
    def minimal_cost(s):
        \"""The cost of the solver's optimum against the sum of |kappa_i|.\"""
        if s.cost != sum(map(abs, s.data.curvatures)):
            raise Refuted(f"minimal value: the optimum costs {s.cost}")

The rules:

- A generator is a function ``(rng, size, bits) -> instance``. It takes all its randomness from ``rng``, a
  seeded `random.Random`, so that instance ``i`` of a seed is the same for any number of jobs. ``size``
  bounds the number of points (roughly), ``bits`` the length of numerators and denominators. An instance is
  any value: a `Dataset`, or a tuple such as ``(data, function)``.
- A check is a function of the instance, or of what ``prepare`` made of it, and, if it takes two arguments,
  of a `Tally`. It returns ``True`` or ``None`` when the statement holds of the instance; it returns ``False``
  or raises `Refuted` (saying which clause fails, and where) when it does not; it raises `NotApplicable` when
  the instance does not meet the hypotheses of the theorem. Any other exception is a failure of the tool.
- ``domain``, optional, is a function ``(instance) -> bool``: which instances the statement speaks of.
  Elsewhere it is not applicable. Shrinking needs to know: it tries values that the generator would not make.
- ``prepare``, optional, is a function ``(instance)`` or ``(instance, tally)`` for the work that the check
  and the mutants share. It may raise `Refuted` and `NotApplicable` too.
- A mutant's check has the form of the theorem's. ``witness``, optional, is an instance on which the mutant
  fails. The theorem itself is checked on it as well, where it must hold or not apply.

The decorated function stays a plain function.
"""

import difflib
import inspect
import pkgutil
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass, field
from fnmatch import fnmatchcase
from importlib import import_module, metadata
from random import Random
from typing import Any, TypeVar

from exactrelu.arithmetic.errors import InputError

Tally = Counter[str]
"""Named counts that a check reports, such as ``tally["certificates"] += 1``."""

Generator = Callable[[Random, int, int], Any]
Check = Callable[..., bool | None]
_Function = TypeVar("_Function", bound=Callable[..., Any])

ENTRY_POINTS = "exactrelu.theorems"
_set = object.__setattr__
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


class Refuted(Exception):  # noqa: N818 - a verdict, not an error
    """The statement is false of this instance; the message says which clause fails, and where."""


class NotApplicable(Exception):  # noqa: N818 - a verdict, not an error
    """The instance does not meet the hypotheses of the statement."""


class _Missing:
    def __repr__(self) -> str:
        return "no witness"


NO_WITNESS = _Missing()


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """A nearby false statement: one clause of the theorem changed, as someone could mistake it.

    Parameters
    ----------
    name : str
        Short, and unique within the theorem.
    statement : str
        The false statement.
    check : function
        Of the same form as the theorem's check.
    witness : instance, optional
        An instance on which the mutant fails and the theorem does not.

    Raises
    ------
    InputError
        If an argument is not of this kind.
    """

    name: str
    _: KW_ONLY
    statement: str
    check: Check
    witness: Any = NO_WITNESS
    takes_tally: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _require_name(self.name, "the name of a mutant")
        _require_text(self.statement, f"the statement of mutant {self.name}")
        _set(self, "takes_tally", _takes_tally(self.check, f"the check of mutant {self.name}"))

    @property
    def has_witness(self) -> bool:
        """Whether a witness is pinned."""
        return self.witness is not NO_WITNESS

    def decide(self, subject: Any, tally: Tally) -> None:
        """Check the mutant; as :meth:`Theorem.decide`."""
        _decide(self.check, self.takes_tally, self.name, subject, tally)


@dataclass(frozen=True, slots=True, eq=False)
class Theorem:
    """A statement with all that is needed to check it; made by the decorator :func:`theorem`."""

    name: str
    _: KW_ONLY
    statement: str
    source: str
    check: Check
    instances: Generator | None = None
    domain: Callable[[Any], bool] | None = None
    prepare: Callable[..., Any] | None = None
    mutants: tuple[Mutant, ...] = ()
    takes_tally: bool = field(init=False, repr=False)
    prepare_takes_tally: bool = field(init=False, repr=False)

    def __post_init__(self) -> None:
        _require_name(self.name, "the name of a theorem")
        _require_text(self.statement, f"the statement of theorem {self.name}")
        _require_text(self.source, f"the source of theorem {self.name}")
        _set(self, "takes_tally", _takes_tally(self.check, f"the check of theorem {self.name}"))
        if self.instances is not None and not callable(self.instances):
            raise InputError(
                f"the instances of theorem {self.name} have to be a function (rng, size, bits) -> instance, "
                f"not {self.instances!r}"
            )
        if self.domain is not None and not callable(self.domain):
            raise InputError(
                f"the domain of theorem {self.name} has to be a function of an instance, not {self.domain!r}"
            )
        prepare = self.prepare
        tally = prepare is not None and _takes_tally(prepare, f"the prepare of theorem {self.name}")
        _set(self, "prepare_takes_tally", tally)
        _set(self, "mutants", tuple(self.mutants))
        seen: set[str] = set()
        for mutant in self.mutants:
            if not isinstance(mutant, Mutant):
                raise InputError(
                    f"the mutants of theorem {self.name} have to be Mutant objects, not {mutant!r}"
                )
            if mutant.name in seen:
                raise InputError(f"theorem {self.name} has two mutants named {mutant.name}")
            seen.add(mutant.name)

    @property
    def checks(self) -> str:
        """What is checked, in words: the docstring of the check."""
        return inspect.getdoc(self.check) or ""

    def subject(self, instance: Any, tally: Tally) -> Any:
        """What the checks look at: the instance, or what `prepare` makes of it.

        Raises
        ------
        NotApplicable
            If the instance is outside the theorem's domain.
        Refuted, NotApplicable
            Where `prepare` does.
        TypeError
            If the domain returns something other than True or False.
        """
        if self.domain is not None and not _truth(self.domain(instance), self.name):
            raise NotApplicable("the instance is outside the domain of the statement")
        if self.prepare is None:
            return instance
        return self.prepare(instance, tally) if self.prepare_takes_tally else self.prepare(instance)

    def decide(self, subject: Any, tally: Tally) -> None:
        """Check the statement; return when it holds.

        Raises
        ------
        Refuted, NotApplicable
            The other two verdicts.
        TypeError
            If the check returns something that is not a verdict.
        """
        _decide(self.check, self.takes_tally, self.name, subject, tally)

    def refutation(self, instance: Any, *, mutant: str | None = None) -> str | None:
        """Check one instance: the clause that fails, or None where the statement holds or does not apply.

        With `mutant`, the name of one, the mutant is checked instead. Raises InputError if there is none.

        >>> even = Theorem("even", statement="every n is even", source="none", check=lambda n: n % 2 == 0)
        >>> even.refutation(3)
        'the check returned False'
        >>> even.refutation(4) is None
        True
        """
        claim: Theorem | Mutant = self
        if mutant is not None:
            found = [m for m in self.mutants if m.name == mutant]
            if not found:
                raise InputError(f"theorem {self.name} has no mutant {mutant!r}")
            claim = found[0]
        tally: Tally = Counter()
        try:
            claim.decide(self.subject(instance, tally), tally)
        except Refuted as refuted:
            return str(refuted)
        except NotApplicable:
            pass
        return None


def _truth(answer: Any, name: str) -> bool:
    """What the domain of the theorem answered, if that is an answer."""
    numpy = sys.modules.get("numpy")  # whoever returns a numpy.bool_ has imported it
    if isinstance(answer, bool) or (numpy is not None and isinstance(answer, numpy.bool_)):
        return bool(answer)
    raise TypeError(f"the domain of {name} returned {answer!r}; it has to return True or False")


def _decide(check: Check, takes_tally: bool, name: str, subject: Any, tally: Tally) -> None:
    verdict = check(subject, tally) if takes_tally else check(subject)
    if verdict is True or verdict is None:
        return
    numpy = sys.modules.get("numpy")  # whoever returns a numpy.bool_ has imported it
    if numpy is not None and isinstance(verdict, numpy.bool_):
        verdict = bool(verdict)
    if verdict is True:
        return
    if verdict is False:
        raise Refuted("the check returned False")
    raise TypeError(
        f"the check of {name} returned {verdict!r}; it has to return True, False or None, "
        "or to raise Refuted or NotApplicable"
    )


class Registry(Mapping[str, Theorem]):
    """Theorems by name, in the order in which they were registered.

    The ones that come with exactrelu, and those of installed packages with an entry point in the group
    ``exactrelu.theorems`` (a module that registers theorems when imported), load on first use.

    >>> from exactrelu.theorems import registry
    >>> "hanin2021.no-such-theorem" in registry
    False
    """

    def __init__(self, modules: Iterable[str] | None = None) -> None:
        self._theorems: dict[str, Theorem] = {}
        self._modules = modules
        self._loaded = False
        self._watchers: list[list[str]] = []

    def __getitem__(self, name: str) -> Theorem:
        self._load()
        return self._theorems[name]

    def __iter__(self) -> Iterator[str]:
        self._load()
        return iter(tuple(self._theorems))

    def __len__(self) -> int:
        self._load()
        return len(self._theorems)

    def __repr__(self) -> str:
        return f"<{len(self)} theorems: {', '.join(self)}>"

    def add(self, theorem: Theorem) -> None:
        """Register a theorem; defining the same function again (a notebook cell, a reload) replaces it.

        Raises
        ------
        InputError
            If the name is taken by another function, or taken before in the same file of theorems.
        """
        known = self._theorems.get(theorem.name)
        twice = any(theorem.name in names for names in self._watchers)
        if known is not None and (twice or _origin(known) != _origin(theorem)):
            raise InputError(
                f"theorem {theorem.name} is already registered, {_place(known)}; choose another name"
            )
        self._theorems[theorem.name] = theorem
        for names in self._watchers:
            names.append(theorem.name)

    def discard(self, names: Iterable[str]) -> None:
        """Forget theorems; names that are not registered are passed over."""
        for name in names:
            self._theorems.pop(name, None)

    @contextmanager
    def watch(self) -> Iterator[list[str]]:
        """The names that are registered while the context is open."""
        self._load()
        names: list[str] = []
        self._watchers.append(names)
        try:
            yield names
        finally:
            self._watchers.remove(names)

    def select(self, names: Iterable[str] | None = None) -> tuple[Theorem, ...]:
        """The theorems that the names mean: full names, prefixes that end at a dot or dash, or globs.

        Raises
        ------
        InputError
            If a name means no theorem.
        """
        self._load()
        if names is None:
            return tuple(self._theorems.values())
        chosen: dict[str, Theorem] = {}
        for wanted in names:
            found = [t for name, t in self._theorems.items() if _means(wanted, name)]
            if not found:
                near = difflib.get_close_matches(wanted, self._theorems, n=1, cutoff=0.5)
                hint = f"did you mean {near[0]!r}?" if near else "'exactrelu theorems' lists them"
                if wanted and any(name.startswith(wanted) for name in self._theorems):
                    hint = f"did you mean '{wanted}*'?"
                raise InputError(f"there is no theorem named {wanted!r}; {hint}")
            chosen.update((t.name, t) for t in found)
        return tuple(chosen.values())

    def _load(self) -> None:
        if self._loaded:
            return
        self._loaded = True  # first, because the modules loaded here may look at the registry
        try:
            for module in _our_modules() if self._modules is None else self._modules:
                import_module(module)
            if self._modules is None:
                for entry in metadata.entry_points(group=ENTRY_POINTS):
                    _load_entry_point(entry)
        except BaseException:
            self._loaded = False
            raise


def _our_modules() -> list[str]:
    import exactrelu.theorems as package

    names = sorted(module.name for module in pkgutil.iter_modules(package.__path__))
    return [f"{package.__name__}.{name}" for name in names if name != "registry" and not name.startswith("_")]


def _load_entry_point(entry: metadata.EntryPoint) -> None:
    try:
        entry.load()
    except Exception as error:
        raise InputError(
            f"the entry point {entry.name} = {entry.value} of group {ENTRY_POINTS} does not load "
            f"({type(error).__name__}: {error}); repair or uninstall that package"
        ) from error


registry = Registry()
"""All theorems by name."""


def theorem(
    name: str,
    *,
    statement: str,
    source: str,
    instances: Generator | None = None,
    domain: Callable[[Any], bool] | None = None,
    prepare: Callable[..., Any] | None = None,
    mutants: Sequence[Mutant] = (),
) -> Callable[[_Function], _Function]:
    """Register the decorated check as a theorem; the function itself is returned unchanged.

    Parameters
    ----------
    name : str
        Letters, digits, ``.``, ``_`` and ``-``, for instance ``"hanin2021.minimal-cost"``.
    statement : str
        The statement as the source has it.
    source : str
        Paper and number.
    instances : function ``(rng, size, bits) -> instance``, optional
        The generator; the default is the fixed mixture of data sets, `exactrelu.instances.datasets`.
    domain : function ``(instance) -> bool``, optional
        The instances that the statement speaks of. Give it where the generator makes only some of the values
        of its kind, labels -1 and 1 for instance: shrinking tries others. It knows numbers, data sets,
        functions, shallow networks, numpy arrays, and tuples, lists, dictionaries, sets, named tuples and
        dataclasses of these; instances of other kinds are shown as they were drawn.
    prepare : function ``(instance)`` or ``(instance, tally)``, optional
        Makes, once an instance, what the check and the mutants look at.
    mutants : sequence of Mutant
        Nearby false statements.

    Raises
    ------
    InputError
        If an argument is not of this kind, or the name is taken.
    """

    def register(check: _Function) -> _Function:
        registry.add(
            Theorem(
                name,
                statement=statement,
                source=source,
                check=check,
                instances=instances,
                domain=domain,
                prepare=prepare,
                mutants=tuple(mutants),
            )
        )
        return check

    return register


def _origin(theorem: Theorem) -> tuple[str, str]:
    """What makes two definitions of a name the same one: module and name of the function."""
    check = inspect.unwrap(theorem.check)
    return getattr(check, "__module__", None) or "?", getattr(check, "__qualname__", None) or repr(check)


def _place(theorem: Theorem) -> str:
    check = inspect.unwrap(theorem.check)
    code = getattr(check, "__code__", None)
    return f"in {check.__module__}" if code is None else f"at {code.co_filename}:{code.co_firstlineno}"


def _means(wanted: str, name: str) -> bool:
    if name == wanted or fnmatchcase(name, wanted):
        return True
    return name.startswith(wanted) and (wanted[-1:] in (".", "-") or name[len(wanted)] in ".-")


def _takes_tally(function: object, what: str) -> bool:
    if not callable(function):
        raise InputError(f"{what} has to be a function, not {function!r}")
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return False  # some builtins do not tell; they get the instance alone
    needed = 0
    possible = 0
    for p in parameters:
        if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD):
            possible += 1
            needed += p.default is p.empty
        elif p.kind is p.VAR_POSITIONAL:
            possible += 2
        elif p.kind is p.KEYWORD_ONLY and p.default is p.empty:
            needed = 3
    if not possible or needed > 2:
        raise InputError(f"{what} has to accept one argument, the instance, or two, the instance and a tally")
    # `check(instance, strict=True)` has an option of its own; only a second argument it needs is the tally.
    return needed == 2


def _require_name(name: object, what: str) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise InputError(f"{what} has to be letters, digits, '.', '_' and '-' only, not {name!r}")


def _require_text(text: object, what: str) -> None:
    if not isinstance(text, str) or not text.strip():
        raise InputError(f"{what} has to be a sentence, not {text!r}")
