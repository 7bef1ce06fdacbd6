"""Who may import whom, as import-linter's contracts in pyproject.toml say."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_import_contracts_are_kept() -> None:
    run = subprocess.run(  # noqa: S603 - a tool installed beside this interpreter
        [Path(sys.executable).with_name("lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_every_function_is_a_package_that_the_contracts_see() -> None:
    """A folder without `__init__.py` is left out of the import graph without a word."""
    folders = {path.parent for path in ROOT.glob("functions/*/main.py")}
    assert [folder.name for folder in folders if not (folder / "__init__.py").exists()] == []
