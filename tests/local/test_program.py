"""Other people's programs come up, end with all they started, and never outlive us."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from infra.local.program import Program
from tests.local.processes import ended, group_of

ROOT = Path(__file__).parents[2]


class Failed(RuntimeError):
    """What the programs here are told to raise."""


def server(port: int, _: Path) -> tuple[str, ...]:
    """Answers files and a list of them, which is enough of HTTP here."""
    return (sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1")


@pytest.fixture
def run() -> Iterator[Callable[..., Program]]:
    programs: list[Program] = []

    def make(command: Callable[[int, Path], tuple[str, ...]] = server) -> Program:
        programs.append(Program("The program", command, Failed))
        return programs[-1]

    yield make
    for program in programs:
        program.stop()


def test_a_started_program_answers(run):
    program = run()
    program.start()
    with pytest.raises(Failed, match="refuses GET /none: 404"):
        program.call("GET", "/none")


def test_its_directory_is_gone_when_it_is_stopped(run, tmp_path):
    places = []

    def noting(port: int, folder: Path) -> tuple[str, ...]:
        places.append(folder)
        (folder / "left over").touch()
        return server(port, folder)

    program = run(noting)
    program.start()
    assert places[0].is_dir()
    program.stop()
    assert not places[0].exists()


def test_what_it_started_ends_with_it(run, tmp_path):
    note = tmp_path / "child"

    def with_child(port: int, folder: Path) -> tuple[str, ...]:
        line = f'sleep 300 & echo $! > {note}; exec "$@"'
        return ("/bin/sh", "-c", line, "sh", *server(port, folder))

    program = run(with_child)
    program.start()
    child = int(note.read_text())
    assert group_of(child) == program.process_id
    program.stop()
    assert ended(child)


def test_it_ends_and_its_directory_goes_when_we_are_killed(tmp_path):
    code = (
        "import time; from tests.local.test_program import Failed, Program, server\n"
        "program = Program('The program', server, Failed); program.start()\n"
        "print(program.process_id, flush=True); time.sleep(300)"
    )
    ours = subprocess.Popen(  # noqa: S603 - our own code
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    assert ours.stdout
    started = int(ours.stdout.readline())
    assert group_of(started) == started
    assert any(tmp_path.iterdir())
    ours.send_signal(signal.SIGKILL)
    ours.communicate()
    assert ended(started)
    deadline = time.monotonic() + 5
    while any(tmp_path.iterdir()) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not any(tmp_path.iterdir())


def test_ctrl_c_does_not_reach_it(run):
    """It must still answer while we save what it holds."""
    program = run()
    program.start()
    assert group_of(program.process_id) == program.process_id != os.getpgid(0)


def test_one_that_ends_at_once_is_quoted(run):
    program = run(lambda *_: ("/bin/sh", "-c", "echo no such thing as a port; exit 1"))
    with pytest.raises(Failed, match="does not start: no such thing as a port"):
        program.start()
    assert program.process_id is None


def test_a_stopped_one_is_an_error_to_call(run):
    program = run()
    program.start()
    program.stop()
    with pytest.raises(Failed, match="does not run: GET /"):
        program.call("GET", "/")


def test_stopping_twice_does_nothing(run):
    program = run()
    program.start()
    program.stop()
    program.stop()
