"""Files are written all or nothing."""

import os
import stat
import threading

import pytest

from exactrelu.arithmetic.atomic import atomic_write, obstacle
from exactrelu.arithmetic.errors import InputError


def test_new_and_replaced(tmp_path):
    target = tmp_path / "f"
    atomic_write(target, "one – ½\n")
    assert target.read_bytes() == "one – ½\n".encode()
    target.chmod(0o640)
    atomic_write(str(target), b"two\n")
    assert target.read_bytes() == b"two\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["f"]


def test_a_new_file_is_as_readable_as_any(tmp_path):
    (tmp_path / "plain").write_text("")
    atomic_write(tmp_path / "f", "")
    assert (tmp_path / "f").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "f").write_text("one")
    (tmp_path / "link").symlink_to("f")
    atomic_write(tmp_path / "link", "two")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "f").read_text() == "two"


def test_a_pipe_is_written_directly(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text()))
    reader.start()
    atomic_write(pipe, "through")
    reader.join()
    assert read == ["through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError])
@pytest.mark.parametrize("step", ["fsync", "chmod", "replace"])
def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch, step, failure):
    target = tmp_path / "f"
    target.write_text("old")

    def fail(*_, **__):
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(failure):
        atomic_write(target, "new")
    assert target.read_text() == "old"
    assert os.listdir(tmp_path) == ["f"]


def test_places_that_cannot_be_written(tmp_path):
    (tmp_path / "f").write_text("")
    for place, reason in [
        (tmp_path, "is a directory"),
        (tmp_path / "no" / "f", "no such file or directory"),
        (tmp_path / "f" / "g", "not a directory"),
        (tmp_path / ("n" * 300), "file name too long"),
    ]:
        with pytest.raises(InputError, match=reason):
            atomic_write(place, "x")
        assert obstacle(place) == reason  # as it is known beforehand
    assert os.listdir(tmp_path) == ["f"]
    assert [obstacle(tmp_path / name) for name in ("f", "g")] == [None, None]
    assert os.listdir(tmp_path) == ["f"]


def test_the_reader_of_standard_output_has_gone(process):
    """As after `| head`: the exit code of SIGPIPE and no word, wherever the output came from."""
    data = "".join(f"{k},{k * k * k % 101}\n" for k in range(2000))
    running = process("interpolate", "--free-bias", "--certificate", "/dev/stdout", "-")
    running.stdout.close()
    running.stdin.write(data.encode())
    running.stdin.close()
    assert running.stderr.read() == b""
    assert running.wait(120) == 141
