"""The rules of the house: lint, types, floors, sizes, and documents that agree with the code."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import exactrelu

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "exactrelu"
MODULES = sorted(PACKAGE.rglob("*.py"))

# A module imports floors below its own, and its own floor; solvers do not import each other.
FLOORS = {
    "_version": 0,
    "arithmetic": 1,
    "functions": 2,
    "certificates": 2,
    "dualplane": 2.5,
    "interpolation": 3,
    "lasso": 3,
    "memorization": 3,
    "classification": 3,
    "floating": 3.5,
    "theorems": 4,
    "strategies": 4,
    "instances": 4,
    "campaign": 5,
    "cli": 6,
    "plotting": 6,
    "interop": 6,
    "__main__": 7,
}
SOLVERS = 3


def tool(*arguments):
    result = subprocess.run([sys.executable, "-m", *arguments], cwd=ROOT, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def test_ruff():
    tool("ruff", "check", ".")
    tool("ruff", "format", "--check", ".")


def test_mypy():
    tool("mypy")


def part(path):
    """The part of the house that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported_parts(path):
    """The parts of the house that a file imports, at any depth of its code."""
    for node in ast.walk(ast.parse(path.read_text())):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import"
            names = [node.module]
            if node.module == "exactrelu":
                names = [f"exactrelu.{alias.name}" for alias in node.names]
        for name in names:
            if name.startswith("exactrelu."):
                yield name.split(".")[1]


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_floors(path):
    here = part(path)
    if here == "__init__":
        return  # the table of public names, which loads nothing
    imported = set(imported_parts(path))
    if here == "checker":
        assert not imported
        return
    if "checker" in imported:
        assert here == "certificates", "only er.check uses the checker"
        imported.remove("checker")
    for other in imported - {here}:
        assert FLOORS[other] <= FLOORS[here], f"{here} imports {other} from a floor above"
        assert FLOORS[here] != SOLVERS or FLOORS[other] != SOLVERS, f"the solver {here} imports {other}"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_sizes(path):
    limit = 1200 if path.name == "checker.py" else 600
    assert len(path.read_text().splitlines()) <= limit


def test_the_checker_needs_the_standard_library_only():
    tree = ast.parse((PACKAGE / "checker.py").read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            assert all(alias.name.split(".")[0] in sys.stdlib_module_names for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.module.split(".")[0] in sys.stdlib_module_names


def test_public_names():
    for name in exactrelu.__all__:
        assert getattr(exactrelu, name) is not None
    assert set(exactrelu.__all__) <= set(dir(exactrelu))
    with pytest.raises(AttributeError, match="nonsense"):
        exactrelu.nonsense  # noqa: B018


def test_import_is_light():
    program = (
        "import sys, exactrelu; exactrelu.rational('1/3');"
        "heavy = {'sympy', 'hypothesis', 'numpy', 'click', 'rich', 'matplotlib'} & set(sys.modules);"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_errors_are_the_classes_that_the_interface_names():
    bases = {
        "InputError": ValueError,
        "UnsupportedError": NotImplementedError,
        "CertificateError": Exception,
        "MissingExtraError": ImportError,
        "BudgetExceeded": Exception,
    }
    for name, base in bases.items():
        assert issubclass(getattr(exactrelu, name), (exactrelu.ExactReluError, base))
        assert issubclass(getattr(exactrelu, name), base)


def test_documents_agree_on_the_version():
    assert f"version: {exactrelu.__version__}" in (ROOT / "CITATION.cff").read_text()
    released = re.findall(r"^## \[([0-9.]+)\]", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)
    assert not released or released[0] == exactrelu.__version__


def test_the_commands_of_the_readme():
    """`.ci/run` takes the test command out of the README; each marked block holds one command."""
    readme = (ROOT / "README.md").read_text()
    for mark in ("verify command", "test command"):
        (block,) = re.findall(rf"<!-- {mark} -->\n```sh\n(.*?)```", readme, re.DOTALL)
        (command,) = block.splitlines()
        assert command.startswith("python3 -m venv .venv && .venv/bin/pip install ")
    assert "README.md" in (ROOT / ".ci" / "run").read_text()


def test_the_entry_point_and_the_supported_versions():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    module, _, name = project["scripts"]["exactrelu"].partition(":")
    assert callable(getattr(import_module(module), name))
    assert project["requires-python"] == ">=3.11"
    assert sys.version_info[:2] >= (3, 11)
    assert (PACKAGE / "py.typed").exists()
