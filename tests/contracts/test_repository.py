"""Habits that every file keeps."""

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NOT_OURS = {"build", "node_modules"}
TEXTS = {".py", ".md", ".toml", ".txt", ".json", ".yaml", ".env", ".html", ".js", ".css", ".sh"}
LONGEST = 400

LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
MACHINE = re.compile(r"(?<![\w.*-])/(work|root|home|Users)/\w")


def files(folder: Path) -> Iterator[Path]:
    """What people wrote: no installed packages, no copies, nothing hidden."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(".") or path.name in NOT_OURS:
            continue
        if path.is_dir():
            yield from files(path)
        elif path.suffix in TEXTS or path.name == "Makefile":
            yield path


TEXT = {str(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in files(ROOT)}


def test_no_source_file_is_longer_than_a_person_reads_at_once() -> None:
    lines = {
        path: text.count("\n")
        for path, text in TEXT.items()
        if path.endswith(".py") and path.startswith(("functions/", "shared/", "infra/"))
    }
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_nothing_is_put_off_in_a_comment() -> None:
    assert [path for path, text in TEXT.items() if LATER.search(text)] == []


def test_no_file_names_a_place_on_somebodys_machine() -> None:
    assert [path for path, text in TEXT.items() if MACHINE.search(text)] == []
