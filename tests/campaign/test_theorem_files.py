"""Files of theorems: what they register, and a sentence with file and line for everything that goes wrong."""

import sys

import pytest

from exactrelu.arithmetic import InputError
from exactrelu.campaign import load, verify
from exactrelu.campaign.sources import Source, select
from exactrelu.theorems import registry

ONE = """
from exactrelu.theorems import theorem

@theorem({name!r}, statement="s", source="s")
def {function}(data):
    return {verdict}
"""


BOTH = """
from exactrelu.theorems import theorem

@theorem("sample.one", statement="s", source="s")
def one(data):
    return True

@theorem("sample.two", statement="s", source="s")
def two(data):
    return data.n > 0

@theorem("other", statement="s", source="s")
def other(data):
    return True
"""


def one(name, function="check", verdict=True):
    return ONE.format(name=name, function=function, verdict=verdict)


def test_a_file_registers_its_theorems(theorem_file):
    path = theorem_file()
    assert Source.read(path).register() == ("sample.signs",)
    assert registry["sample.signs"].mutants[0].name == "always-convex"
    module = load(path)
    assert module.__file__ == path
    assert registry["sample.signs"].check is module.counts


def test_the_same_text_runs_once_and_a_new_text_replaces_it(theorem_file, capsys):
    path = theorem_file("print('run')\n" + one("sample.a") + one("sample.b", "other"))
    assert load(path) is load(path)
    assert capsys.readouterr().out == "run\n"
    assert {"sample.a", "sample.b"} <= set(registry)
    theorem_file(one("sample.a", "renamed", False))
    load(path)
    assert registry["sample.a"].refutation(0) == "the check returned False"
    assert "sample.b" not in registry


def test_modules_beside_the_file_can_be_imported(theorem_file, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "beside_the_theorem.py").write_text("NAME = 'sample.beside'\n")
    path = theorem_file(
        "from beside_the_theorem import NAME\n" + one("sample.x").replace("'sample.x'", "NAME")
    )
    assert Source.read(path).register() == ("sample.beside",)


def test_the_main_block_does_not_run(theorem_file):
    load(theorem_file(one("sample.main") + "\nif __name__ == '__main__':\n    raise SystemExit(7)\n"))


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("x = 1\ndef f(:\n", 2, "SyntaxError: invalid syntax"),
        ("x = (\n", 1, "SyntaxError: '(' was never closed"),
        ("x = 1\n\n1 / 0\n", 3, "ZeroDivisionError: division by zero"),
        (
            "import no_such_module_anywhere\n",
            1,
            "ModuleNotFoundError: No module named 'no_such_module_anywhere'",
        ),
        ("import sys\nsys.exit(3)\n", 2, "SystemExit: 3"),
        ("raise ValueError('two\\nlines')\n", 1, "ValueError: two lines"),
        ("raise KeyboardInterrupt2\n", 1, "NameError: name 'KeyboardInterrupt2' is not defined"),
        (one("a b"), 4, "the name of a theorem has to be letters, digits"),
        (one("sample.x") + one("sample.x", "other"), 10, "theorem sample.x is already registered, at "),
        (one("sample.x") * 2, 10, "theorem sample.x is already registered, at "),  # which would replace it
        ("def f():\n    g()\ndef g():\n    1 / 0\nf()\n", 4, "ZeroDivisionError"),
        (
            one("sample.x").replace("(data)", "()"),
            4,
            "the check of theorem sample.x has to accept one argument",
        ),
    ],
)
def test_a_broken_file_is_named_with_its_line(theorem_file, text, line, message):
    path = theorem_file(text)
    with pytest.raises(InputError) as caught:
        load(path)
    sentence = str(caught.value)
    assert sentence.startswith(f"{path}:{line}: {message}")
    assert "\n" not in sentence
    assert not [name for name in registry if name.startswith("sample.")]


def test_an_error_in_a_module_beside_the_file_is_placed_where_it_is_imported(
    theorem_file, tmp_path, monkeypatch
):
    monkeypatch.setattr(sys, "path", list(sys.path))
    (tmp_path / "broken_beside_the_theorem.py").write_text("\n\nx = 1 / 0\n")
    with pytest.raises(InputError, match=r"my_theorem.py:2: ZeroDivisionError"):
        load(theorem_file("\nimport broken_beside_the_theorem\n"))
    (tmp_path / "broken_beside_the_theorem.py").write_text("\n\nx = = 1\n")
    with pytest.raises(InputError, match=r"broken_beside_the_theorem.py:3: SyntaxError"):
        load(theorem_file("\n\nimport broken_beside_the_theorem\n"))


def test_a_file_that_registers_nothing(theorem_file):
    with pytest.raises(InputError, match="registers no theorem; decorate a check"):
        load(theorem_file("x = 1\n"))
    with pytest.raises(InputError, match="registers no theorem"):
        load(theorem_file("", "empty.py"))


def test_names_of_other_files_and_of_built_in_theorems_are_taken(theorem_file):
    taken = next(iter(registry))
    with pytest.raises(InputError, match=f"theorem {taken} is already registered"):
        load(theorem_file(one(taken)))
    assert registry[taken].source != "s"
    load(theorem_file(one("sample.mine"), "first.py"))
    with pytest.raises(InputError, match=r"theorem sample.mine is already registered, at .*first.py:4"):
        load(theorem_file(one("sample.mine"), "second.py"))


def test_what_is_no_python_file(tmp_path):
    with pytest.raises(InputError, match="no such file or directory; name a Python file of theorems"):
        Source.read(tmp_path / "missing.py")
    with pytest.raises(InputError, match="is a directory"):
        Source.read(tmp_path)
    (tmp_path / "binary.py").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xfe")
    with pytest.raises(InputError, match="is not a text file"):
        Source.read(tmp_path / "binary.py")
    (tmp_path / "nulls.py").write_bytes(b"x = 1\0\n")
    with pytest.raises(InputError, match="null bytes"):
        load(tmp_path / "nulls.py")
    (tmp_path / "large.py").write_bytes(b"#" * (10**7 + 1))
    with pytest.raises(InputError, match="larger than 10 MB"):
        Source.read(tmp_path / "large.py")


def test_a_name_beside_a_file_selects_from_it(theorem_file, false_file):
    path = theorem_file(BOTH, "both.py")

    def chosen(*names):
        return list(select(names))

    assert chosen(path) == ["sample.one", "sample.two", "other"]
    assert chosen(path, "sample.two") == chosen("sample.two", path) == ["sample.two"]
    assert chosen(path, "sample") == ["sample.one", "sample.two"]
    assert chosen(path, "*.two", "other") == ["sample.two", "other"]
    assert chosen(path, false_file, "sample.two") == ["sample.two", "sample.convex"]
    assert chosen(false_file, path, "sample.convex")[1:] == ["sample.one", "sample.two", "other"]
    built_in = next(iter(registry))
    assert chosen(built_in, path) == [built_in, "sample.one", "sample.two", "other"]
    with pytest.raises(InputError, match=r"there is no theorem named 'sample.three'"):
        chosen(path, "sample.three")


def test_workers_find_the_theorems_of_a_file_by_name(theorem_file):
    path = theorem_file(BOTH, "both.py")
    beside = verify([path, "sample.two"], instances=8, jobs=2)
    assert [row.theorem for row in beside.rows] == ["sample.two"]
    assert beside == verify([path, "sample.two"], instances=8)
    # The file is known by now; the report names it all the same.
    assert verify("sample.two", instances=8, jobs=2) == beside
    assert [name for name, _ in beside.settings.files] == [path]


@pytest.mark.parametrize("names", [3, [3], ["sample", None], 1.5, b"bytes"])
def test_names_are_text_or_paths(names):
    with pytest.raises(InputError, match=r"^names have to be names of theorems or paths of files, not "):
        verify(names)
