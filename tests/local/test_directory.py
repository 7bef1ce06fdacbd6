"""Whose turn it is to use the data directory, and what is left in it."""

import json
import stat
import subprocess
from pathlib import Path

import pytest

from infra.local.directory import MOST_STACKS, InUse, StackDirectory, write_private


def test_the_first_stack_gets_the_directory_and_the_next_one_a_place_inside(tmp_path: Path) -> None:
    root = tmp_path / "local"
    with StackDirectory.claim(root) as first, StackDirectory.claim(root) as second:
        assert (first.path, second.path) == (root, root / "2")
    with StackDirectory.claim(root) as later:
        assert later.path == root


def test_only_so_many_stacks_run_at_once(tmp_path: Path) -> None:
    held = [StackDirectory.claim(tmp_path) for _ in range(MOST_STACKS)]
    for claim in held:
        claim.__enter__()
    with pytest.raises(InUse, match=r"Process \d+ uses"), StackDirectory.claim(tmp_path):
        pass
    for claim in held:
        claim.__exit__(None, None, None)


def test_a_problem_of_the_stack_is_not_taken_for_a_taken_directory(tmp_path: Path) -> None:
    with pytest.raises(InUse, match="of another kind"), StackDirectory.claim(tmp_path):
        raise InUse("of another kind")
    assert not (tmp_path / "2").exists()


def test_a_shell_can_read_what_is_published(tmp_path: Path) -> None:
    variables = {"OFFERS": '{"7": ["PRO", "it\'s $9"]}', "NOTHING": "", "LINES": "a\nb"}
    with StackDirectory.claim(tmp_path) as directory:
        directory.publish({}, variables)
        assert directory.read_variables() == variables
        script = '. "$0" && printf "%s" "$OFFERS"'
        said = subprocess.run(  # noqa: S603 - a constant script
            ["/bin/sh", "-euc", script, directory.variables],
            capture_output=True,
            text=True,
            check=True,
        )
        assert said.stdout == variables["OFFERS"]


def test_what_is_published_is_private_whole_and_withdrawn(tmp_path: Path) -> None:
    with StackDirectory.claim(tmp_path) as directory:
        assert directory.read_variables() == {}
        directory.publish({"stack": "embedded"}, {"A": "1", "B": "x=y"})
        assert json.loads(directory.description.read_text()) == {"stack": "embedded"}
        assert directory.read_variables() == {"A": "1", "B": "x=y"}
        for file in (directory.description, directory.variables):
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        directory.withdraw()
        assert [path.name for path in tmp_path.iterdir()] == ["lock"]


def test_what_a_killed_stack_published_is_gone_with_the_next_start(tmp_path: Path) -> None:
    StackDirectory(tmp_path).publish({"stack": "embedded"}, {})
    with StackDirectory.claim(tmp_path) as directory:
        assert not directory.description.exists()


def test_emptying_spares_nothing_but_a_stack_that_runs(tmp_path: Path) -> None:
    root = tmp_path / "local"
    StackDirectory(root).empty()
    assert not root.exists()
    with StackDirectory.claim(root), StackDirectory.claim(root):
        write_private(root / "data", "kept")
    with StackDirectory(root / "2").locked():
        with pytest.raises(InUse):
            StackDirectory(root).empty()
        assert (root / "data").exists()
    StackDirectory(root).empty()
    assert [path.name for path in root.iterdir()] == ["lock"]


def test_a_private_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(OSError, match="taken"):
        write_private(tmp_path / "taken", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]
