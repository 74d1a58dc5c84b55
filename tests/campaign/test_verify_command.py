"""`exactrelu verify` and `exactrelu theorems`: output, exit codes, one sentence for every bad input."""

import contextlib
import json
import os
import pty
import shlex
import subprocess
import sys
import threading

import pytest

from exactrelu.campaign import Report, verify
from exactrelu.cli.group import cli
from exactrelu.theorems import registry


@pytest.fixture
def run(capsys):
    """Run the command line in this process: exit code, standard output, standard error."""

    def call(*arguments):
        with pytest.raises(SystemExit) as caught:
            cli.main([str(a) for a in arguments])
        out, err = capsys.readouterr()
        return caught.value.code, out, err

    return call


def test_a_file_of_ones_own_that_holds(run, theorem_file):
    code, out, err = run("verify", theorem_file(), "--instances", 30)
    assert (code, err) == (0, "")
    assert out.splitlines()[0].split() == ["theorem", "/", "mutant", "instances", "held", "verdict"]
    assert "1 of 1 theorem held; 2 of 2 mutants refuted\n30 instances each, seed 0, size 8, 8 bits\n" in out
    assert "prepared: 31" in out
    assert run("verify", theorem_file(), "--instances", 30) == (code, out, err)
    assert run("verify", theorem_file(), "--instances", 30, "--jobs", 2) == (code, out, err)


def test_a_refuted_one_pastes_into_python(run, false_file, printed):
    code, out, err = run("verify", false_file, "--instances", 30, "--seed", 2)
    assert (code, err) == (1, "")
    source, clause = out.split("Shrunk, as Python:\n\n")[1].rstrip("\n").split("\n# ")
    assert printed(source) == clause
    assert clause.startswith("the curvature at x = ")


def test_a_failing_one_is_code_3(run, theorem_file):
    path = theorem_file(
        "from exactrelu.theorems import theorem\n"
        "@theorem('sample.x', statement='s', source='s')\ndef check(data):\n    return 1 / 0\n"
    )
    code, out, err = run("verify", path, "--instances", 3)
    assert (code, err) == (3, "")
    assert f"the check failed on instance 0 of seed 0: ZeroDivisionError: division by zero at {path}:4" in out


def test_built_in_theorems_by_prefix(run):
    name = next(iter(registry))
    code, out, _ = run("verify", name, "--instances", 3, "--size", 4)
    assert code == 0
    assert out.splitlines()[1].startswith(name)


def test_the_report_replays(run, theorem_file, false_file, tmp_path):
    target = tmp_path / "out.json"
    code, out, _ = run("verify", theorem_file(), false_file, "--instances", 20, "--report", target)
    assert code == 1
    document = json.loads(target.read_text())
    assert document["settings"]["files"][0][0] == theorem_file()
    code, again, err = run("verify", "--replay", target, theorem_file(), false_file)
    assert (code, err) == (1, "")
    assert again == f"{out}\nthe report {target} is reproduced\n"
    holds = theorem_file(
        "from exactrelu.theorems import theorem\n"
        "@theorem('sample.convex', statement='s', source='s')\ndef f(d): pass\n",
        "false_theorem.py",
    )
    code, again, err = run("verify", "--replay", target, theorem_file(), holds)
    assert code == 1
    assert err == f"note: {holds} is not the version that the report is about\n"
    assert f"differs from {target}: sample.convex: verdict holds against refuted" in again


def test_an_interrupted_campaign_goes_on(run, theorem_file, false_file, tmp_path, monkeypatch):
    files, path = [theorem_file(), false_file], tmp_path / "report.json"
    code, out, err = run("verify", *files, "--instances", 40, "--seed", 3, "--report", path)
    whole = json.loads(path.read_text())
    assert (code, err) == (1, "")

    def stop(done, total, doing):
        if done > 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(files, instances=40, seed=3, report=path, progress=stop)
    unfinished = path.read_text()
    assert json.loads(unfinished)["exit_code"] == 130
    for options, message in (
        (["--seed", 4], "is of a campaign with seed 3, not 4; leave seed out"),
        (["--instances", 41], "is of a campaign with instances 40, not 41"),
        (
            ["hanin2021.minimal-cost"],
            "is of a campaign with other theorems: hanin2021.minimal-cost is not in it",
        ),
        (["--scheduler", "nonsense"], "no Dask scheduler answers at 'nonsense'"),
    ):
        code, printed, err = run("verify", "--resume", path, *files, *options)
        assert (code, printed, err.count("\n")) == (2, "", 1)
        assert message in err
        assert path.read_text() == unfinished
    assert run("verify", "--resume", path, *files, "--seed", 3) == (1, out, "")
    resumed = json.loads(path.read_text())
    for document in (whole, resumed):
        del document["run"]["seconds"], document["run"]["seconds_by_theorem"]
    assert json.dumps(resumed) == json.dumps(whole)
    assert run("verify", "--resume", path, *files) == (1, out, "")  # finished: shown once more
    path.write_text(unfinished[: len(unfinished) // 2])
    code, printed, err = run("verify", "--resume", path, *files)
    assert (code, printed, err.count("\n")) == (2, "", 1)
    assert "is not JSON" in err


def test_the_report_into_a_pipe_or_after_what_is_printed(theorem_file, tmp_path):
    command = [sys.executable, "-m", "exactrelu", "verify", theorem_file(), "--instances", "5"]
    for place in ("/dev/stdout", "/dev/fd/1"):
        done = subprocess.run([*command, "--report", place], capture_output=True, text=True, timeout=300)
        assert (done.returncode, done.stderr) == (0, "")
        report, end = json.JSONDecoder().raw_decode(done.stdout)
        assert Report.from_json(report).settings.instances == 5
        assert done.stdout[end:].lstrip().startswith("theorem / mutant")
    with (tmp_path / "out").open("w+") as target:
        target.write("before\n")
        target.flush()
        subprocess.run([*command, "--report", "/dev/stdout"], stdout=target, timeout=300)
        target.seek(0)
        text = target.read()
    assert text.startswith('before\n{\n  "schema"')
    assert "5 instances each, seed 0" in text


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["no-such-theorem"], "there is no theorem named 'no-such-theorem'"),
        (["missing.py"], "cannot read missing.py: no such file or directory"),
        (["--instances", "0"], "'--instances'"),
        (["--instances", "many"], "'--instances'"),
        (["--seed", "1.5"], "'--seed'"),
        (["--jobs", "0"], "'--jobs'"),
        (["--size", "-3"], "'--size'"),
        (["--report", "no/such/place/report.json"], "no/such/place"),
        (["--report", "."], "directory"),
        (["--replay", "missing.json"], "cannot read missing.json: no such file or directory"),
        (["--replay", "r.json", "--seed", "0"], "--replay takes --seed from the report"),
        (["--replay", "r.json", "--instances", "7"], "--replay takes --instances from the report"),
        (["--replay", "r.json", "hanin2021"], "--replay takes the theorems from the report"),
        (["--resume", "missing.json"], "cannot read missing.json: no such file or directory"),
        (["--resume", "r.json", "--replay", "r.json"], "--replay runs it again; give one of them"),
        (["--jobs", "-1"], "'--jobs'"),
        (["--timeout", "0"], "seconds"),
        (["--nonsense"], "--nonsense"),
    ],
)
def test_bad_usage_is_one_sentence_and_code_2(run, tmp_path, monkeypatch, arguments, message):
    monkeypatch.chdir(tmp_path)
    code, out, err = run("verify", *arguments)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert message in err
    assert list(tmp_path.iterdir()) == []


def test_a_broken_file_is_one_sentence_and_code_2(run, theorem_file):
    path = theorem_file("def f(:\n")
    assert run("verify", path) == (2, "", f"error: {path}:1: SyntaxError: invalid syntax\n")
    assert run("theorems", path) == (2, "", f"error: {path}:1: SyntaxError: invalid syntax\n")


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_time_limit_names_the_theorem_that_was_running(run, theorem_file, tmp_path, jobs):
    """The second theorem rings the alarm itself, so that nothing here depends on the speed of the machine."""
    path = theorem_file(
        f"""
import os, signal, time
from exactrelu.theorems import theorem

@theorem("sample.quick", statement="s", source="s")
def quick(data):
    return True

@theorem("sample.slow", statement="s", source="s")
def slow(data):
    os.kill({os.getpid()}, signal.SIGALRM)
    time.sleep(600)
"""
    )
    target = tmp_path / "report.json"
    code, out, err = run(
        "verify", path, "--instances", 1, "--timeout", "500", "--jobs", jobs, "--report", target
    )
    assert code == 2
    assert ("unfinished, 1 of 2 instances done; 1 of 2 theorems held so far; " in out) is target.exists()
    assert ("sample.quick" in out) is target.exists()
    assert "sample.slow" not in out  # nothing of it is done
    slow = "sample.slow" if jobs == 1 else err.split("checking ")[1].split(")")[0]  # or both at once
    assert slow in ("sample.slow", "sample.quick")
    ending = f"go on with: {shlex.join(['exactrelu', 'verify', '--resume', str(target), path])}"
    if not target.exists():  # nothing was done yet
        ending = "allow more time or fewer instances"
    assert err == f"error: the campaign was not done within 500 seconds (it was checking {slow}); {ending}\n"
    assert jobs == 2 or Report.load(target).done == 1


def test_the_time_limit_holds_for_shrinking(run, theorem_file):
    path = theorem_file(
        """
import os, signal
from exactrelu.theorems import theorem

calls = []

@theorem("sample.rings", statement="s", source="s")
def rings(data):
    calls.append(data)
    if len(calls) == 3:  # the first after the two instances of the campaign
        os.kill(os.getpid(), signal.SIGALRM)
    return False
"""
    )
    code, out, err = run("verify", path, "--instances", 2, "--timeout", "500")
    assert code == 2
    assert "sample.rings is refuted by instance 0 of seed 0" in out
    assert "Not shrunk yet, as Python:" in out
    assert "within 500 seconds (it was shrinking sample.rings); " in err


def test_the_list_of_theorems(run):
    code, out, err = run("theorems")
    assert (code, err) == (0, "")
    blocks = out.split("\n\n")
    assert [block.splitlines()[0] for block in blocks] == list(registry)
    assert all("\n  Source: " in block for block in blocks)
    assert max(map(len, out.splitlines())) <= 110


def test_one_theorem_in_full(run, theorem_file):
    code, out, err = run("theorems", theorem_file())
    assert (code, err) == (0, "")
    assert out == (
        "sample.signs\n"
        "  A data set has no more signs of curvature than inner points.\n"
        "  Source: counting\n"
        "  Checked: The lengths.\n"
        "  Mutant always-convex: All data are convex.\n"
        "  Mutant no-zero (no witness): No three consecutive points are collinear.\n"
    )
    assert run("theorems", "sample") == (code, out, err)
    code, out, err = run("theorems", "no-such")
    assert (code, out) == (2, "")
    assert "there is no theorem named 'no-such'" in err


@pytest.mark.parametrize("command", ["verify", "theorems"])
def test_the_help_has_an_example(run, command):
    code, out, _ = run(command, "--help")
    assert code == 0
    assert f"Example: exactrelu {command}" in " ".join(out.split())


@pytest.mark.parametrize("no_color", [False, True])
def test_progress_is_on_a_terminal_and_the_result_on_standard_output(theorem_file, no_color):
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color", "COLUMNS": "100"}
    environment.pop("NO_COLOR", None)
    if no_color:
        environment["NO_COLOR"] = "1"
    command = [sys.executable, "-m", "exactrelu", "verify", theorem_file(), "--instances", "1000"]
    shown = bytearray()

    def read():
        with contextlib.suppress(OSError):  # how a terminal says that the other end has gone
            while chunk := os.read(ours, 4096):
                shown.extend(chunk)

    reader = threading.Thread(target=read)
    reader.start()
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, env=environment, timeout=300)
    os.close(theirs)
    reader.join(300)
    os.close(ours)
    assert done.returncode == 0
    assert b"\x1b" not in done.stdout
    assert b"sample.signs" in shown
    assert b"/1000" in shown
    assert (b"\x1b[38" in shown) is not no_color


def test_a_resumed_campaign_that_comes_no_further_goes_on_all_the_same(run, theorem_file, tmp_path):
    path, ring = tmp_path / "report.json", tmp_path / "ring"
    name = theorem_file(
        f"""
import os, pathlib, signal, time
from exactrelu.theorems import theorem

RING = pathlib.Path({str(ring)!r})

@theorem("sample.rings", statement="s", source="s")
def rings(data):
    if RING.exists():
        os.kill({os.getpid()}, getattr(signal, RING.read_text()))
        time.sleep(600)
"""
    )

    def stop(done, total, doing):
        if done > 5:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        verify(name, instances=20000, report=path, progress=stop)
    before = path.read_bytes()
    command = shlex.join(["exactrelu", "verify", "--resume", str(path), name])
    ring.write_text("SIGTERM")
    assert run("verify", "--resume", path, name) == (130, "", f"interrupted; go on with: {command}\n")
    ring.write_text("SIGALRM")
    code, out, err = run("verify", "--resume", path, name, "--timeout", "500")
    assert (code, out) == (2, "")
    assert err.endswith(f"within 500 seconds (it was checking sample.rings); go on with: {command}\n")
    assert path.read_bytes() == before


@pytest.mark.parametrize("encoding", ["utf-8", "ascii"])
def test_a_reader_of_the_table_that_leaves_is_no_refutation(theorem_file, encoding):
    command = [sys.executable, "-m", "exactrelu", "verify", theorem_file(), "--instances", "3"]
    environment = {**os.environ, "PYTHONIOENCODING": encoding}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdout=pipe, stderr=pipe, env=environment) as process:
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(300) == 141
