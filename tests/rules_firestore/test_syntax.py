"""Both rules files are what Google's grammar reads, and say nothing but no."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.rules_firestore.clients import HERE

ROOT = HERE.parents[1]
FILES = ("firestore.rules", "storage.rules")
EACH = pytest.mark.parametrize("name", FILES)


def linted(node: Path, rules: str) -> subprocess.CompletedProcess[str]:
    """Google's linter for security rules on this text."""
    return subprocess.run(  # noqa: S603 - no shell
        [
            node,
            HERE / "node_modules/eslint/bin/eslint.js",
            *("--config", HERE / "eslint.config.mjs"),
            *("--stdin", "--stdin-filename", "infra/given.rules"),
        ],
        cwd=ROOT,
        input=rules,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def text(name: str) -> str:
    return Path(ROOT, "infra", name).read_text()


@EACH
def test_googles_grammar_reads_the_rules(node: Path, name: str) -> None:
    ran = linted(node, text(name))
    assert (ran.returncode, ran.stdout) == (0, "")


@EACH
def test_the_grammar_notices_a_slip(node: Path, name: str) -> None:
    ran = linted(node, text(name).replace("allow read", "allw read"))
    assert ran.returncode == 1
    assert "Parsing error" in ran.stdout


@EACH
def test_an_open_rule_is_noticed(node: Path, name: str) -> None:
    ran = linted(node, text(name).replace("if false", "if true"))
    assert ran.returncode == 1
    assert "no-open-reads" in ran.stdout


@pytest.mark.parametrize(
    ("name", "service", "root"),
    [
        ("firestore.rules", "cloud.firestore", "/databases/{database}/documents"),
        ("storage.rules", "firebase.storage", "/b/{bucket}/o"),
    ],
)
def test_the_rules_are_one_refusal_of_everything(name: str, service: str, root: str) -> None:
    """Nothing but the service, its root, one match of every path and one `if false`."""
    code = " ".join(re.sub(r"//[^\n]*", "", text(name)).split())
    pattern = (
        rf"rules_version = '2'; service {re.escape(service)} {{ match {re.escape(root)} {{ "
        r"match /\{\w+=\*\*\} \{ allow read, write: if false; \} \} \}"
    )
    assert re.fullmatch(pattern, code), code
