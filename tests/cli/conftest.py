"""The command line, run in this process and in one of its own."""

import subprocess
import sys

import pytest
from click.testing import CliRunner

from exactrelu.cli.group import cli
from tests.processes import hears_signals


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Runs a command in an empty directory; the result has exit_code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def invoke(*arguments, stdin=None):
        return CliRunner().invoke(cli, list(arguments), input=stdin)

    return invoke


@pytest.fixture
def refused(run):
    """Runs a command that must be refused as bad input, with one sentence and nothing else."""

    def invoke(*arguments, stdin=None):
        result = run(*arguments, stdin=stdin)
        assert result.exit_code == 2, result.output
        assert result.stdout == ""
        assert result.stderr.startswith("error: ")
        assert result.stderr.count("\n") == 1
        return result.stderr.removeprefix("error: ").strip()

    return invoke


@pytest.fixture
def process(tmp_path):
    """Starts `python -m exactrelu` in an empty directory."""
    started = []

    def start(*arguments, **options):
        command = [sys.executable, "-m", "exactrelu", *arguments]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        heard = {"preexec_fn": hears_signals}
        started.append(subprocess.Popen(command, cwd=tmp_path, **(pipes | heard | options)))
        return started[-1]

    yield start
    for running in started:
        with running:
            running.kill()
