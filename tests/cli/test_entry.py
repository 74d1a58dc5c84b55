"""Help, version, and how each outcome becomes an exit code."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time

import click
import pytest

from exactrelu import __version__, cli
from exactrelu.arithmetic import errors
from exactrelu.cli import group


def test_help_has_an_example_for_each_command(run):
    result = run("--help")
    assert result.exit_code == 0
    for name in group.COMMANDS:
        assert f"\n  exactrelu {name}" in result.stdout
        assert f"\n  {name} " in result.stdout


@pytest.mark.parametrize("name", group.COMMANDS)
def test_help_of_each_command_has_an_example(run, name):
    result = run(name, "-h")
    assert result.exit_code == 0
    assert f"exactrelu {name}" in " ".join(result.stdout.split("xample")[-1].split())


def test_help_loads_nothing_heavy():
    program = (
        "import sys\n"
        "from exactrelu.cli.group import cli\n"
        "try: cli.main(['--help'])\n"
        "except SystemExit as done: assert done.code == 0\n"
        "heavy = {'sympy', 'hypothesis', 'numpy', 'gmpy2', 'mpmath', 'rich'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)


def test_version(run):
    assert run("--version").stdout == f"exactrelu {__version__}\n"


def test_no_command_shows_the_help(run):
    result = run()
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Commands:" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["interpolat"], "there is no command 'interpolat'; did you mean 'interpolate'?"),
        (["frobnicate"], "there is no command 'frobnicate'; see 'exactrelu --help' for the list"),
        (["--frobnicate"], "no such option '--frobnicate'; see 'exactrelu --help'"),
        (["norm"], "missing argument 'NETWORK_OR_FUNCTION'; see 'exactrelu norm --help'"),
        (["norm", "a", "b"], "got unexpected extra argument (b); see 'exactrelu norm --help'"),
        (["interpolate", "d.csv", "--max-bits", "0"], None),
        (["interpolate", "d.csv", "--max-bits", "9" * 5000], None),
        (["interpolate", "d.csv", "--timeout", "nan"], None),
        (["interpolate", "d.csv", "--timeout", "-1"], None),
        (["interpolate", "d.csv", "--timeout", "1e300"], None),
        (["interpolate", "d.csv", "--tolerance", "0"], None),
        (["interpolate", "d.csv", "--tolerance", "small"], None),
        (["interpolate", "d.csv", "--tolerance", "1e-999999999"], None),
    ],
)
def test_bad_usage(refused, arguments, sentence):
    said = refused(*arguments)
    if sentence is None:
        assert arguments[-2] in said
        assert "see 'exactrelu interpolate --help'" in said
    else:
        assert said == sentence


OUTCOMES = {
    "nothing": (None, 0, ""),
    "code": (1, 1, ""),
    "input": (errors.InputError("x[3] = nan:\na finite number is expected"), 2, "x[3] = nan: a finite"),
    "unsupported": (errors.UnsupportedError("not this"), 2, "not this"),
    "extra": (errors.MissingExtraError("needs the extra plot"), 2, "needs the extra plot"),
    "budget": (errors.BudgetExceeded("too long"), 2, "too long"),
    "usage": (click.BadParameter("Nonsense."), 2, "invalid value: Nonsense; see 'exactrelu norm --help'"),
    "disk": (OSError(28, "No space left on device"), 2, "cannot be written: no space left"),
    "certificate": (errors.CertificateError("rejected"), 3, "EXACTRELU_DEBUG=1"),
    "bug": (ZeroDivisionError("division"), 3, "ZeroDivisionError: division"),
    "recursion": (RecursionError("too deep"), 3, "RecursionError"),
    "memory": (MemoryError(), 3, "MemoryError"),
    "interrupt": (KeyboardInterrupt(), 130, ""),
    "pipe": (BrokenPipeError(32, "Broken pipe"), 141, ""),
}


@pytest.fixture
def outcome(monkeypatch):
    """Lets the command `norm` end as told."""

    def install(result):
        @click.command
        @click.argument("source")
        def command(source):
            if isinstance(result, BaseException):
                raise result
            return result

        monkeypatch.setattr("exactrelu.cli.norm.command", command)

    return install


@pytest.mark.parametrize("name", OUTCOMES)
def test_exit_codes(run, outcome, monkeypatch, name):
    monkeypatch.delenv("EXACTRELU_DEBUG", raising=False)
    result, code, said = OUTCOMES[name]
    outcome(result)
    ended = run("norm", "-")
    assert ended.exit_code == code
    assert ended.stdout == ""
    if said:
        assert said in ended.stderr
        assert ended.stderr.startswith("error: ")
        assert ended.stderr.count("\n") == 1
    else:
        assert ended.stderr == ""


def test_debug_shows_the_traceback_of_a_failure_only(run, outcome, monkeypatch):
    monkeypatch.setenv("EXACTRELU_DEBUG", "1")
    outcome(ZeroDivisionError("division"))
    assert "Traceback (most recent call last)" in run("norm", "-").stderr
    outcome(errors.InputError("no"))
    assert run("norm", "-").stderr == "error: no\n"


def test_python_dash_m(process):
    running = process("interpolate", "-", "--free-bias", "--json")
    output, said = running.communicate(b"0,0\n1,0\n2,1\n3,3\n")
    assert (running.returncode, said) == (0, b"")
    assert json.loads(output)["kinks"] == [["3/2", "2"]]


# Smooth data: the exact answer takes minutes. They are more than a pipe holds, so that the process is past
# its start when they are written.
SLOW = "".join(f"{i / 500!r},{1.01 ** (i + i / 3)!r}\n" for i in range(4000)).encode()


@pytest.mark.parametrize("waits_for_input", [True, False])
def test_ctrl_c_ends_at_once_and_leaves_nothing(process, tmp_path, waits_for_input):
    running = process("interpolate", "-", "--certificate", "c.json", "--plot", "p.png")
    assert len(SLOW) > 1 << 16
    running.stdin.write(SLOW)
    running.stdin.flush()
    if not waits_for_input:
        running.stdin.close()
        running.stdin = None
        with pytest.raises(subprocess.TimeoutExpired):
            running.wait(1)
    running.send_signal(signal.SIGINT)
    output, said = running.communicate(timeout=60)
    assert (running.returncode, output, said) == (130, b"", b"")
    assert list(tmp_path.iterdir()) == []


def test_a_reader_that_leaves_is_no_error(process):
    running = process("interpolate", "-")
    running.stdout.close()
    running.stdout = None
    _, said = running.communicate(b"0,0\n1,0\n2,1\n3,3\n")
    assert (running.returncode, said) == (141, b"")


def test_main_ends_with_the_exit_code(monkeypatch, capsys):
    for arguments, code in ([["--version"], 0], [["frobnicate"], 2]):
        monkeypatch.setattr(sys, "argv", ["exactrelu", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        assert ended.value.code == code
    assert capsys.readouterr().out == f"exactrelu {__version__}\n"


@pytest.mark.parametrize("where", ["start", "command"])
def test_an_interruption_does_not_wait_for_workers(monkeypatch, outcome, where):
    """Neither at the start, while modules load, nor in a command; worker processes are killed."""

    class LeftError(Exception):
        pass

    def leave(code):
        raise LeftError(code)

    def interrupt(**_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sys, "argv", ["exactrelu", "norm", "-"])
    monkeypatch.setattr(os, "_exit", leave)
    if where == "start":
        monkeypatch.setattr(group.cli, "main", interrupt)
    else:
        outcome(KeyboardInterrupt())
    worker = multiprocessing.get_context("spawn").Process(target=time.sleep, args=(600,))
    worker.start()
    handler = signal.getsignal(signal.SIGINT)
    try:
        with pytest.raises(LeftError) as left:
            cli.main()
        worker.join(10)
        assert (left.value.args, worker.exitcode) == ((130,), -signal.SIGKILL)
    finally:
        signal.signal(signal.SIGINT, handler)
        worker.kill()
        worker.join()


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252", "utf-8"])
def test_characters_that_the_terminal_lacks(tmp_path, encoding):
    (tmp_path / "data.csv").write_text("\N{GREEK SMALL LETTER SIGMA},y\n0,1\n1,2\n2,7\n", encoding="utf-8")
    for command in ("lasso data.csv --beta 1/2", "interpolate data.csv"):
        done = subprocess.run(
            [sys.executable, "-m", "exactrelu", *command.split()],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": encoding},
            capture_output=True,
            check=False,
        )
        assert (done.returncode, done.stderr) == (0, b"")
        assert b"certified" in done.stdout


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("interpolate data.csv >&-", "standard output is closed, and the result is printed there"),
        ("classify - --certificate data.csv < data.csv", "cannot write 'data.csv': it is the input"),
        ("interpolate - <&-", "standard input is closed, and data are expected there"),
        ("regions - <&-", "standard input is closed, and data are expected there"),
        ("check - <&-", "-: the file cannot be read"),
        ("interpolate ''", "'': there is no such file"),
        ("interpolate data.csv --certificate ''", "cannot write '': it has no name"),
    ],
)
def test_closed_streams_and_empty_names(tmp_path, command, said):
    (tmp_path / "data.csv").write_text("0,1\n1,2\n")
    shell = f'"{sys.executable}" -m exactrelu {command}'
    done = subprocess.run(shell, shell=True, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {said}")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_an_output_that_is_cut_off_is_no_success(process, tmp_path, unbuffered):
    """A file may not grow beyond a kilobyte, as on a disk that is nearly full."""
    resource = pytest.importorskip("resource")
    with (tmp_path / "out").open("wb") as target:
        running = process(
            "interpolate",
            "-",
            "--free-bias",
            stdout=target,
            env={**os.environ, "PYTHONUNBUFFERED": unbuffered},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1024, 1024)),
        )
        _, said = running.communicate("".join(f"{k},{k**3 % 101}\n" for k in range(300)).encode())
    assert (running.returncode, said) == (2, b"error: the result cannot be written: file too large\n")
    assert (tmp_path / "out").stat().st_size == 1024


def options_of(name):
    command = group.cli.get_command(click.Context(group.cli), name)
    return {p.opts[0]: p for p in command.params if isinstance(p, click.Option)}


def test_every_option_says_what_it_does():
    for name in group.COMMANDS:
        for option, parameter in options_of(name).items():
            assert parameter.help, (name, option)
            assert parameter.help.endswith("."), (name, option)
            has_default = isinstance(parameter.default, str | int | float) and not parameter.is_flag
            assert bool(parameter.show_default) is has_default, (name, option)


def test_options_of_one_name_are_described_alike():
    """Except where they mean something else."""
    theirs = {"--plot", "--y", "--certificate", "--slope", "--activation", "--x"}
    said = {}
    for name in group.COMMANDS:
        for option, parameter in options_of(name).items():
            said.setdefault(option, {})[name] = (parameter.help, parameter.metavar, parameter.default)
    assert {option for option, those in said.items() if len(set(those.values())) > 1} <= theirs
    assert len(said["--timeout"]) == len(group.COMMANDS) - 1


def test_an_option_that_would_do_nothing_is_refused(refused):
    assert refused("interpolate", "-", "--picture", "plane", stdin="0,1\n") == (
        "--picture says what --plot draws, and there is no --plot; see 'exactrelu interpolate --help'"
    )
    assert "--width is for the networks" in refused("classify", "-", "--width", "3", stdin="0,1\n")
    assert "--data" in refused("inspect", "-", "--x", "1", stdin="{}")
