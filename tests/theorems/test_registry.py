"""The registry: what the decorator accepts, how names are found, what a verdict is."""

from collections import Counter
from importlib import metadata

import numpy
import pytest

from exactrelu.arithmetic import InputError
from exactrelu.functions import Dataset
from exactrelu.theorems import Mutant, NotApplicable, Refuted, Registry, Theorem, registry, theorem
from exactrelu.theorems import registry as the_registry

TRIANGLE = Dataset.read([0, 1, 2], [0, 1, 0])


def make(name="t", check=lambda data: True, **more):
    return Theorem(name, **{"statement": "a statement", "source": "a paper", "check": check, **more})


def test_every_built_in_theorem_is_complete():
    assert len(registry) > 0
    for name, one in registry.items():
        assert name == one.name
        assert one.checks, f"{name} does not say what is checked"
        assert one.mutants, f"{name} has no mutant"
        assert all(mutant.has_witness for mutant in one.mutants), f"a mutant of {name} has no witness"


def test_the_witness_of_every_mutant_refutes_it_and_not_the_theorem():
    for one in registry.values():
        for mutant in one.mutants:
            assert one.refutation(mutant.witness) is None
            assert one.refutation(mutant.witness, mutant=mutant.name) is not None


def test_the_decorator_returns_the_function_and_registers_it():
    def check(data):
        """What is checked."""
        return data.n == 3

    try:
        decorated = theorem("test-registry.one", statement="n is 3", source="none")(check)
        assert decorated is check
        assert the_registry["test-registry.one"].checks == "What is checked."
        assert the_registry["test-registry.one"].refutation(TRIANGLE) is None
    finally:
        the_registry.discard(["test-registry.one"])
    assert "test-registry.one" not in the_registry


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ("a2020.first", ["a2020.first", "a2020.first-part"]),
        ("a2020.first-part", ["a2020.first-part"]),
        ("a2020", ["a2020.first", "a2020.first-part", "a2020.second"]),
        ("a2020.", ["a2020.first", "a2020.first-part", "a2020.second"]),
        ("*.second", ["a2020.second", "b.second"]),
        ("[ab]*.s?cond", ["a2020.second", "b.second"]),
    ],
)
def test_names_prefixes_and_globs(wanted, found):
    names = Registry(modules=())
    for name in ("a2020.first", "a2020.first-part", "a2020.second", "b.second"):
        names.add(make(name, check=lambda data, name=name: True))
    assert [t.name for t in names.select([wanted])] == found
    assert [t.name for t in names.select([wanted, wanted])] == found
    assert names.select([]) == ()
    assert len(names.select()) == 4


@pytest.mark.parametrize("wanted", ["a202", "a2020.fir", "c", "", "A2020"])
def test_an_unknown_name_is_an_input_error(wanted):
    names = Registry(modules=())
    names.add(make("a2020.first"))
    with pytest.raises(InputError, match="there is no theorem named"):
        names.select([wanted])


def test_an_unknown_name_is_answered_with_the_nearest():
    names = Registry(modules=())
    names.add(make("hanin2021.minimal-cost"))
    with pytest.raises(InputError, match=r"did you mean 'hanin2021.minimal-cost'\?"):
        names.select(["hanin2021.minimal-cots"])
    with pytest.raises(InputError, match=r"did you mean 'hanin\*'\?"):
        names.select(["hanin"])


def test_outside_its_domain_a_theorem_does_not_apply():
    def check(data):
        return False

    even = Theorem("even", statement="s", source="t", check=check, domain=lambda n: n % 2 == 0)
    assert even.refutation(4) == "the check returned False"
    assert even.refutation(3) is None
    with pytest.raises(InputError, match="the domain of theorem even has to be a function"):
        Theorem("even", statement="s", source="t", check=check, domain=2)


def test_a_name_belongs_to_one_function_which_may_be_defined_again():
    names = Registry(modules=())

    def define():
        def check(data):
            return True

        return make("t", check=check)

    first, again = define(), define()
    names.add(first)
    names.add(again)
    assert names["t"] is again
    with pytest.raises(InputError, match=r"already registered, at .*test_registry.py:\d+; choose"):
        names.add(make("t"))


@pytest.mark.parametrize("name", ["", "a b", "-a", "ä", "a/b", 3, None])
def test_names_are_plain(name):
    with pytest.raises(InputError, match="has to be letters, digits"):
        make(name)


@pytest.mark.parametrize("field", ["statement", "source"])
@pytest.mark.parametrize("text", ["", "  ", None, 3])
def test_statement_and_source_are_sentences(field, text):
    with pytest.raises(InputError, match=f"the {field} of theorem t has to be a sentence"):
        make(**{field: text})


@pytest.mark.parametrize(
    "check",
    [None, 3, lambda: True, lambda a, b, c: True, lambda a, *, b: True],
    ids=["none", "number", "no-arguments", "three-arguments", "keyword"],
)
def test_a_check_takes_an_instance_and_perhaps_a_tally(check):
    with pytest.raises(InputError, match="the check of theorem t has to"):
        make(check=check)
    with pytest.raises(InputError, match="the check of mutant m has to"):
        Mutant("m", statement="s", check=check)


def test_who_gets_the_tally():
    tally = Counter()

    def two(data, counts):
        counts["two"] += 1

    def option(data, strict=True):
        return strict is True

    def any_number(*arguments):
        return len(arguments) == 1

    make(check=two).decide(TRIANGLE, tally)
    make(check=option).decide(TRIANGLE, tally)
    make(check=any_number).decide(TRIANGLE, tally)
    assert tally == {"two": 1}


def test_mutants_are_mutants_with_names_of_their_own():
    mutant = Mutant("m", statement="s", check=lambda data: False)
    with pytest.raises(InputError, match="two mutants named m"):
        make(mutants=[mutant, mutant])
    with pytest.raises(InputError, match="have to be Mutant objects"):
        make(mutants=["m"])
    with pytest.raises(InputError, match="theorem t has no mutant 'n'"):
        make(mutants=[mutant]).refutation(TRIANGLE, mutant="n")


def test_instances_are_made_by_a_function():
    with pytest.raises(InputError, match=r"a function \(rng, size, bits\)"):
        make(instances=[TRIANGLE])


def refuted(data):
    raise Refuted("the second clause")


def not_applicable(data):
    raise NotApplicable("too few points")


@pytest.mark.parametrize(
    ("check", "clause"),
    [
        (lambda data: True, None),
        (lambda data: None, None),
        (lambda data: False, "the check returned False"),
        (lambda data: numpy.bool_(data.n == 3), None),
        (lambda data: numpy.bool_(data.n == 4), "the check returned False"),
        (refuted, "the second clause"),
        (not_applicable, None),
    ],
)
def test_verdicts(check, clause):
    assert make(check=check).refutation(TRIANGLE) == clause
    one = make(mutants=[Mutant("m", statement="s", check=check)])
    assert one.refutation(TRIANGLE, mutant="m") == clause
    assert one.refutation(TRIANGLE) is None
    assert make(prepare=lambda data: data, check=check).refutation(TRIANGLE) == clause


@pytest.mark.parametrize("verdict", [0, 1, "yes", [], 0.5])
def test_anything_else_is_no_verdict(verdict):
    with pytest.raises(TypeError, match="it has to return True, False or None"):
        make(check=lambda data: verdict).refutation(TRIANGLE)


def test_check_and_mutants_see_what_prepare_made():
    seen = []
    one = make(
        prepare=lambda data: data.n,
        check=lambda n: seen.append(n),
        mutants=[Mutant("m", statement="s", check=lambda n: n != 3)],
    )
    assert one.refutation(TRIANGLE) is None
    assert seen == [3]
    assert one.refutation(TRIANGLE, mutant="m") == "the check returned False"


def test_theorems_are_immutable():
    with pytest.raises(AttributeError):
        make().name = "other"
    with pytest.raises(AttributeError):
        Mutant("m", statement="s", check=lambda data: True).witness = TRIANGLE


def test_installed_packages_register_by_entry_point(tmp_path, monkeypatch):
    (tmp_path / "plugin_of_test_registry.py").write_text(
        "from exactrelu.theorems import theorem\n"
        "@theorem('test-plugin.one', statement='s', source='s')\n"
        "def check(data):\n    return True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    value = "plugin_of_test_registry"

    def entry_points(*, group):
        return [metadata.EntryPoint("plugin", value, group)]

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    monkeypatch.setattr(the_registry, "_loaded", False)
    try:
        assert "test-plugin.one" in the_registry
    finally:
        the_registry.discard(["test-plugin.one"])
    value = "no_such_plugin_of_test_registry"
    monkeypatch.setattr(the_registry, "_loaded", False)
    with pytest.raises(InputError, match=r"entry point plugin = no_such_plugin.* does not load"):
        len(the_registry)
