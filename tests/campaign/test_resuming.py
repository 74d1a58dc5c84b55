"""Interrupted campaigns: whenever and however it happens, their report goes on to the uninterrupted one."""

import contextlib
import copy
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exactrelu.arithmetic import InputError
from exactrelu.campaign import Report, replay, resume, verify
from exactrelu.campaign.keeping import UnwrittenReportError
from exactrelu.campaign.outcome import Outcome, Verdicts
from exactrelu.campaign.state import Done
from exactrelu.theorems import registry
from tests.processes import hears_signals


def apart_from_times(report):
    """The report as the text that is written, without what depends on the clock."""
    document = report.to_json()
    for name in ("seconds", "seconds_by_theorem"):
        document["run"].pop(name)
    return json.dumps(document, indent=2)


def interrupting(after):
    """A progress callback that is Ctrl-C at its call number `after`."""
    calls = itertools.count(1)

    def progress(*_):
        if next(calls) == after:
            raise KeyboardInterrupt

    return progress


@pytest.fixture
def files(theorem_file, false_file):
    return [theorem_file(), false_file]


@pytest.fixture
def whole(files):
    return verify(files, instances=60, seed=5)


@pytest.fixture
def part(files, tmp_path):
    """A campaign interrupted in the middle: the path of its report."""
    path = tmp_path / "part.json"
    with pytest.raises(KeyboardInterrupt):
        verify(files, instances=60, seed=5, report=path, progress=interrupting(4))
    return path


# -- the result -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("after", [2, 3, 4, 5, 6])
def test_the_result_is_that_of_a_campaign_never_interrupted(files, whole, tmp_path, after):
    path = tmp_path / "report.json"
    with pytest.raises(KeyboardInterrupt):
        verify(files, instances=60, seed=5, report=path, progress=interrupting(after))
    seen = Report.load(path)
    assert not seen.ok
    assert seen.exit_code == 130
    assert 0 < seen.done <= seen.total == 120
    assert str(seen).splitlines()[-2:] != str(whole).splitlines()[-2:]
    assert f"unfinished, {seen.done:,} of 120 instances done; " in str(seen)
    with contextlib.suppress(KeyboardInterrupt):  # once more, unless only shrinking is left
        resume(path, files, progress=interrupting(2))
    assert Report.load(path).done >= seen.done
    assert apart_from_times(resume(path, files)) == apart_from_times(whole)
    assert apart_from_times(Report.load(path)) == apart_from_times(whole)


def test_an_interruption_at_any_line_of_the_bookkeeping(theorem_file, tmp_path):
    """Ctrl-C arrives between any two instructions, also between adding up and noting what was added."""
    name, path = theorem_file(), tmp_path / "report.json"
    whole = apart_from_times(verify(name, instances=12))
    lines, stop = 0, 0

    def trace(frame, event, _):
        nonlocal lines
        if not frame.f_code.co_filename.endswith(("runner.py", "feed.py", "state.py", "outcome.py")):
            return None
        lines += event == "line"
        if lines == stop:
            lines += 1
            raise KeyboardInterrupt
        return trace

    def campaign(at):
        nonlocal lines, stop
        lines, stop = 0, at
        before = sys.gettrace()
        sys.settrace(trace)
        try:
            return verify(name, instances=12, report=path)
        finally:
            sys.settrace(before)

    campaign(-1)
    resumed = 0
    for at in range(1, lines, 11):
        path.unlink(missing_ok=True)
        with contextlib.suppress(KeyboardInterrupt):
            campaign(at)
        if path.exists():
            resumed += 1
            assert apart_from_times(resume(path, name)) == whole
    assert resumed > 5


def test_where_it_goes_on_does_not_matter(files, whole, part, tmp_path):
    other = tmp_path / "other.json"
    before = part.read_bytes()
    with ThreadPoolExecutor(3) as threads:
        assert resume(part, files, executor=threads, report=other) == whole
    assert part.read_bytes() == before
    assert Report.load(other) == whole
    assert apart_from_times(resume(part, files, jobs=2)).replace(
        '"jobs": 2', '"jobs": 1'
    ) == apart_from_times(whole)


def test_a_finished_report_comes_back(files, tmp_path):
    path, copied = tmp_path / "report.json", tmp_path / "copy.json"
    done = verify(files, instances=7, report=path)
    written = path.read_bytes()
    assert resume(path, files, report=copied) == done
    assert path.read_bytes() == copied.read_bytes() == written


def test_an_interruption_before_the_first_batch_leaves_an_older_report_alone(files, tmp_path):
    path = tmp_path / "report.json"
    path.write_text("older")
    with pytest.raises(KeyboardInterrupt):
        verify(files, instances=60, report=path, progress=interrupting(1))
    assert path.read_text() == "older"


def test_other_errors_leave_a_report_too(files, tmp_path):
    path = tmp_path / "report.json"

    def fail(done, total, doing):
        if done > 60:
            raise OSError("a full disk, say")

    with pytest.raises(OSError, match="a full disk, say"):
        verify(files, instances=60, report=path, progress=fail)
    assert Report.load(path).done > 60


def test_the_report_of_an_unfinished_campaign_names_instances_and_shrinks_nothing(part):
    report = Report.load(part)
    found = report.rows[1].counterexample
    assert found is None or (found.complete, found.shrunk) == (None, "Not shrunk yet")
    assert report.rows[0].held == 60 - report.rows[0].inapplicable
    assert Report.from_json(report.to_json()).to_json() == report.to_json()


def test_the_report_does_not_grow_with_the_instances(false_file, tmp_path):
    sizes = []
    for instances in (400, 4000):
        path = tmp_path / f"{instances}.json"
        stop = instances // 2

        def progress(done, total, doing, stop=stop):
            if done > stop:
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            verify(false_file, instances=instances, report=path, progress=progress)
        sizes.append(path.stat().st_size)
    assert sizes[1] < sizes[0] + 50


def test_a_report_that_cannot_be_written_at_the_end_is_not_lost(files, tmp_path):
    place = tmp_path / "place"
    place.mkdir()

    def progress(done, total, doing):
        if doing.startswith("shrinking"):
            place.rmdir()

    with pytest.raises(UnwrittenReportError, match="no such file or directory") as caught:
        verify(files, instances=60, seed=5, report=place / "report.json", progress=progress)
    assert caught.value.report == verify(files, instances=60, seed=5)


# -- what does not go on --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"seed": 6}, "seed 5, not 6"),
        ({"instances": 61}, "instances 60, not 61"),
        ({"seed": 5, "size": 9}, "size 8, not 9"),
        ({"bits": 1}, "bits 8, not 1"),
    ],
)
def test_other_settings_are_refused(part, files, settings, message):
    with pytest.raises(InputError, match=rf"part.json is of a campaign with {message}; leave "):
        resume(part, files, settings=settings)
    assert resume(part, files, settings={"seed": 5, "instances": 60}).unfinished is None


def test_other_theorems_are_refused(part, files, theorem_file):
    with pytest.raises(InputError, match=r"other theorems: sample.convex is not among those named; leave"):
        resume(part, "sample.signs")
    with pytest.raises(InputError, match=r"other theorems: hanin2021\S* is not in it; leave"):
        resume(part, ["sample.signs", "sample.convex", "hanin2021"])
    theorem_file(Path(files[0]).read_text() + "\n# changed\n")
    with pytest.raises(
        InputError, match=r"was not begun with \S*my_theorem.py as it is now; restore the file"
    ):
        resume(part, files)
    registry.discard(["sample.convex"])
    with pytest.raises(
        InputError, match=r"theorem sample.convex, which is not registered; name its file again"
    ):
        resume(part)


def test_an_unfinished_report_is_not_replaced(part, files, whole, tmp_path):
    """Hours of work may be in it. A finished one, or what is no report, is replaced like any output."""
    before = part.read_bytes()
    done, other = tmp_path / "done.json", tmp_path / "other.json"
    verify(files, instances=3, report=done)
    other.write_bytes(before)
    message = r"part.json is the report of an unfinished campaign \(\d+ of 120 instances done\); go on with: "
    for again in (
        lambda: verify(files, instances=60, seed=5, report=part),
        lambda: replay(Report.load(done), files, saved_as=part),
        lambda: resume(other, files, report=part),
    ):
        with pytest.raises(InputError, match=message) as refused:
            again()
        assert f"verify --resume {part} {' '.join(files)}; or remove it" in str(refused.value)
        assert part.read_bytes() == before
    link = tmp_path / "link.json"
    link.symlink_to(part)
    assert resume(part, files, report=link) == whole
    assert Report.load(part).unfinished is None
    assert verify(files, instances=4, report=part) == Report.load(part)
    for older in (b"", b"no report", before[: len(before) // 2], b'{"schema": "exactrelu/report/1"}'):
        other.write_bytes(older)
        assert verify(files, instances=4, report=other) == Report.load(other)


def test_another_version_is_refused(part, files):
    document = json.loads(part.read_text())
    document["run"]["exactrelu"] = "0.0.1"
    part.write_text(json.dumps(document))
    with pytest.raises(InputError, match=r"was begun with exactrelu 0.0.1, and this is "):
        resume(part, files)


def leaves(value, path=()):
    if isinstance(value, dict | list) and value:
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from leaves(inner, (*path, key))
    yield path


def test_damage_anywhere_is_one_sentence(part, files):
    document = json.loads(part.read_text())
    for path in [*leaves(document["unfinished"], ("unfinished",)), ("run", "seconds"), ("run", "events")]:
        for damage in (None, -1, 10**6, "x", [3], {}, [[7, 3]], 1.5):
            damaged = copy.deepcopy(document)
            place = damaged
            for key in path[:-1]:
                place = place[key]
            place[path[-1]] = damage
            with contextlib.suppress(InputError):
                report = Report.from_json(damaged)  # what it could be: another count, clause or name
                again = Report.from_json(json.loads(json.dumps(report.to_json())))
                assert again.to_json() == report.to_json()


def test_a_cut_report_is_one_sentence(part, files):
    text = part.read_bytes()
    for length in range(0, len(text) - 2, len(text) // 50):
        part.write_bytes(text[:length])
        with pytest.raises(InputError, match=r"part.json is not JSON"):
            resume(part, files)


# -- ranges ---------------------------------------------------------------------------------------------


@given(st.lists(st.integers(1, 5), min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_batches_in_any_order_become_one_range(lengths, rng):
    ends = [0, *itertools.accumulate(lengths)]
    batches = list(itertools.pairwise(ends))
    rng.shuffle(batches)
    done = Done.nothing(1)
    seen = set()
    for start, stop in batches:
        gaps = {i for a, b in done.gaps(ends[-1]) for i in range(a, b)}
        assert gaps == set(range(ends[-1])) - seen
        n = stop - start
        done = done.plus(start, stop, Outcome(Verdicts(held=n), [Verdicts(held=n)], instances=n))
        seen |= set(range(start, stop))
        assert Done.from_json(json.loads(json.dumps(done.to_json(("m",)))), ends[-1]) == done
        with pytest.raises(RuntimeError, match="counted twice"):
            done.plus(rng.choice(sorted(seen)), ends[-1] + 1, Outcome.empty(1))
    assert done.ranges == ((0, ends[-1]),)
    assert done.outcome.instances == ends[-1]


# -- whole processes ------------------------------------------------------------------------------------

SLOW = """
import time
from exactrelu.theorems import theorem

@theorem("sample.a", statement="s", source="s")
def a(data, tally):
    tally["points"] += data.n

@theorem("sample.b", statement="s", source="s")
def b(data, tally):
    time.sleep({seconds})
    tally["points"] += data.n
"""


def run(folder, *options):
    return subprocess.Popen(
        [sys.executable, "-m", "exactrelu", "verify", "slow.py", *options],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=hears_signals,
    )


def written(path):
    """Wait for the first report that is there before the campaign ends."""
    end = time.monotonic() + 300
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


@pytest.mark.parametrize("kill", ["SIGKILL", "SIGTERM", "SIGINT", "SIGHUP"])
def test_a_process_that_is_stopped(tmp_path, kill):
    (tmp_path / "slow.py").write_text(SLOW.format(seconds=0.02))
    path = tmp_path / "report.json"
    jobs = ["--jobs", "2"] if kill in ("SIGKILL", "SIGTERM") else []
    process = run(tmp_path, "--instances", "100", "--seed", "3", "--report", "report.json", *jobs)
    written(path)
    os.killpg(process.pid, getattr(signal, kill))
    out, err = process.communicate(timeout=300)
    if process.returncode != (130 if kill != "SIGKILL" else -9):  # it was faster than the signal
        assert process.returncode == 0
    elif kill != "SIGKILL":
        assert err == "interrupted; go on with: exactrelu verify --resume report.json slow.py\n"
        assert f"unfinished, {Report.load(path).done} of 200 instances done; " in out
    seen = Report.load(path)
    (tmp_path / "slow.py").write_text(SLOW.format(seconds=0))
    process = run(tmp_path, "--resume", "report.json")
    _, err = process.communicate(timeout=300)
    if seen.unfinished is not None:
        assert process.returncode == 2
        assert "was not begun with slow.py as it is now" in err
        (tmp_path / "slow.py").write_text(SLOW.format(seconds=0.02))
        process = run(tmp_path, "--resume", "report.json", "--seed", "3")
        out, err = process.communicate(timeout=300)
        assert (process.returncode, err) == (0, "")
        assert "100 instances each, seed 3" in out
    whole = run(tmp_path, "--instances", "100", "--seed", "3", "--report", "whole.json")
    whole.communicate(timeout=300)
    resumed, straight = Report.load(path), Report.load(tmp_path / "whole.json")
    drop = "jobs", "seconds", "seconds_by_theorem"
    one, two = (
        {**r.to_json(), "run": {k: v for k, v in r.run if k not in drop}} for r in (resumed, straight)
    )
    assert json.dumps(one) == json.dumps(two)
    # SIGKILL in the instant of writing may leave the new file that was to take the old one's name.
    left = {p.name for p in tmp_path.iterdir() if not p.name.endswith(".tmp")}
    assert left - {"__pycache__"} == {"slow.py", "report.json", "whole.json"}
