"""--timeout holds for all that a command does: reading, solving, checking, writing numbers, drawing."""

import json
import os
import re
import signal
import sys
import threading
import time

import click
import pytest
from hypothesis import settings

from exactrelu.arithmetic.errors import BudgetExceeded
from exactrelu.campaign import shrink as shrinking
from exactrelu.campaign.shrink import shrink
from exactrelu.cli import group
from exactrelu.cli.alarm import deadline
from exactrelu.functions import Dataset

POINTS = "".join(f"{k},{k * k % 1009}\n" for k in range(100_000))
HUGE = "0,0\n1,1e99990\n2,1\n3,7e-99990\n4,5\n5,1e80000\n6,3e-70000\n7,1\n"
LABELS = "".join(f"{k},{(-1) ** (k * k % 7 // 2)}\n" for k in range(100_000))
CLASSES = "".join(f"{k},{k},{k % 2}\n" for k in range(60_000))
WIDE = json.dumps({
    "input_weights": [str(7 * k + 1) for k in range(40_000)],
    "biases": [str(k * k % 1009) for k in range(40_000)],
    "output_weights": [str(k % 13 + 1) for k in range(40_000)],
})  # fmt: skip
CASES = [
    *(["interpolate", *o] for o in ([], ["--no-skip"], ["--free-bias"], ["--tolerance", "1e-300"])),
    *(["lasso", *o] for o in ([], ["--beta", "1"], ["--layers", "3"], ["--activation", "sign"])),
    *(["classify", *o] for o in ([], ["--no-skip"], ["--free-bias"])),
    *(["memorize", *o] for o in ([], ["--compare"], ["--construction", "piecewise-linear"])),
    *([name] for name in ("regions", "norm", "inspect")),
]


@pytest.mark.parametrize("case", CASES, ids=" ".join)
def test_heavy_inputs(run, tmp_path, case):
    """Each of them takes many seconds, and half of them more than a minute."""
    inputs = {
        "classify": [LABELS],
        "memorize": [CLASSES],
        "interpolate": [POINTS, HUGE],
        "lasso": [POINTS, HUGE],
    }
    for text in inputs.get(case[0], [WIDE]):
        ended = run(*case, "-", "--timeout", "0.25", "--max-digits", "10000000", stdin=text)
        assert (ended.exit_code, ended.stdout) == (2, "")
        *notes, said = ended.stderr.splitlines()
        assert said.startswith("error: ")
        assert re.search(r"within 0\.25 seconds; |was not reached in the time given; ", said)
        assert all(note.startswith("note: the exact kinks have denominators of") for note in notes)
    assert list(tmp_path.iterdir()) == []


def test_reading_counts(process):
    """Standard input that never ends."""
    for command in ("interpolate", "lasso", "classify", "memorize", "regions", "norm", "inspect", "check"):
        running = process(command, "-", "--timeout", "0.5", env={**os.environ, "PYTHONWARNINGS": "ignore"})
        said = running.stderr.read().decode()
        assert (running.wait(60), running.stdout.read()) == (2, b""), command
        assert re.match(r"error: [^\n]* within 0\.5 seconds; allow more time\n$", said), (command, said)


def test_an_alarm_in_a_finaliser_is_not_lost(capsys, monkeypatch):
    """Python ignores what is raised there, and says so on standard error."""
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)

    class Slow:
        def __del__(self):
            time.sleep(600)

    def block():
        with deadline(0.05, "too late"):
            Slow()
            time.sleep(600)

    with pytest.raises(BudgetExceeded, match=r"^too late$"):
        block()
    assert capsys.readouterr() == ("", "")
    assert sys.unraisablehook is sys.__unraisablehook__


def test_what_else_is_ignored_in_a_finaliser_is_said_as_ever(capsys, monkeypatch):
    monkeypatch.setattr(sys, "unraisablehook", sys.__unraisablehook__)

    class Fails:
        def __del__(self):
            raise ZeroDivisionError

    with deadline(600, "too late"):
        Fails()
    assert "ZeroDivisionError" in capsys.readouterr().err


def test_an_alarm_that_is_caught_rings_again():
    lost = []

    def block():
        with deadline(0.05, lambda: "too late"):
            ours = signal.signal(signal.SIGALRM, lambda *_: lost.append(True))  # the first is not heard
            while not lost:
                time.sleep(0.01)
            signal.signal(signal.SIGALRM, ours)
            time.sleep(600)

    with pytest.raises(BudgetExceeded, match=r"^too late$"):
        block()
    assert lost
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


@pytest.mark.parametrize("seconds", [1e-9, 0.05])
def test_nothing_takes_the_alarm_for_a_failure_of_its_own(seconds):
    before = signal.getsignal(signal.SIGALRM)

    def block():
        with deadline(seconds, "too late"):
            try:
                time.sleep(600)
            except Exception:
                time.sleep(600)

    with pytest.raises(BudgetExceeded, match=r"^too late$"):
        block()
    assert signal.getsignal(signal.SIGALRM) is before


def test_the_code_of_others_is_let_come_to_its_end():
    """An exception in the middle of it may leave a lock behind that nobody opens again."""
    namespace = {"__name__": "coverage.collector", "sleep": time.sleep, "left": []}
    exec("def locked():\n    for _ in range(20): sleep(0.005)\n    left.append(True)", namespace)

    def block():
        with deadline(0.01, "too late"):
            namespace["locked"]()
            time.sleep(600)

    with pytest.raises(BudgetExceeded, match=r"^too late$"):
        block()
    assert namespace["left"] == [True]


def test_but_not_for_ever():
    with pytest.raises(BudgetExceeded, match=r"^too late$"), deadline(0.01, "too late"):
        threading.Event().wait(600)


@pytest.mark.parametrize("seconds", [0.2 + 0.013 * k for k in range(12)])
def test_an_alarm_while_shrinking(seconds):
    """Hypothesis takes an interrupted draw for a strategy that changes its mind."""
    data = Dataset(range(30), [k * k * k % 1009 for k in range(30)])

    def fails(candidate):
        return "clause" if sum(candidate.y) > 40 else None

    def block():
        with deadline(seconds, "too late"):
            while True:
                shrink(data, "clause", fails)

    with pytest.raises(BudgetExceeded, match=r"^too late$"):
        block()


def test_an_alarm_at_each_candidate_while_shrinking(monkeypatch):
    """Hypothesis takes one in the last replay of a search for a failure, and adds a note to it."""
    monkeypatch.setattr(shrinking, "_QUIET", settings(shrinking._QUIET, print_blob=True))  # as on CI
    data = Dataset(range(4), [0, 50, 3, 7])
    key, seen, rings_at = shrinking._key, 0, 0

    def counted(value):
        nonlocal seen
        seen += 1
        if seen == rings_at:
            signal.raise_signal(signal.SIGALRM)
        return key(value)

    monkeypatch.setattr(shrinking, "_key", counted)

    def run():
        with deadline(600, "too late"):
            shrink(data, "clause", lambda candidate: "clause" if sum(candidate.y) > 40 else None)

    run()
    assert seen > 100
    for k in range(1, seen + 1):
        seen, rings_at = 0, k
        with pytest.raises(BudgetExceeded, match=r"^too late$") as caught:
            run()
        assert not vars(caught.value)


def test_what_fails_within_the_time_fails_as_ever():
    with pytest.raises(ZeroDivisionError), deadline(600, "too late"):
        1 / 0  # noqa: B018
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_every_command_that_may_take_long_has_a_time_limit():
    for name in set(group.COMMANDS) - {"theorems"}:
        command = group.cli.get_command(click.Context(group.cli), name)
        assert "timeout" in {p.name for p in command.params}, name
