"""What is fetched for the emulators, and what is said when it cannot be had."""

import json
import sys
from pathlib import Path

import pytest

from infra.emulators import firebase_tools, firestore_jar
from infra.emulators.firestore_jar import Release
from infra.emulators.install import main
from infra.emulators.node import Node
from infra.emulators.problems import Missing
from tests.emulators.scripts import java, node, script
from tests.emulators.test_firestore_jar import jar

FLAGS = "ci --ignore-scripts --omit=optional --prefer-offline --no-audit --no-fund"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of its own, with a lock file and nothing installed."""
    folder = tmp_path / "package"
    folder.mkdir()
    lock = {"packages": {"": {}, "node_modules/firebase-tools": {"version": "1.2.3"}}}
    (folder / "package-lock.json").write_text(json.dumps(lock), encoding="utf-8")
    monkeypatch.setattr(firebase_tools, "FOLDER", folder)
    monkeypatch.setattr(firebase_tools, "LOCK", folder / "package-lock.json")
    monkeypatch.setattr(firebase_tools, "_STAMP", folder / "node_modules" / ".package-lock.sha256")
    return folder


def npm(path: Path, *lines: str) -> Node:
    """Node with an npm that notes how it was called."""
    noting = script(path, 'echo "$@" >> called', *lines, "/bin/mkdir -p node_modules")
    return Node(path.parent / "node", (str(noting),))


def test_npm_is_asked_once_and_its_progress_is_shown(package, tmp_path, capsys):
    tool = npm(tmp_path / "npm")
    for _ in range(2):
        firebase_tools.install(tool)
    assert (package / "called").read_text().splitlines() == [FLAGS]
    assert "Installing firebase-tools 1.2.3 from npm: 2 packages" in capsys.readouterr().out


def test_another_lock_file_is_installed_anew(package, tmp_path):
    tool = npm(tmp_path / "npm")
    firebase_tools.install(tool)
    lock = package / "package-lock.json"
    lock.write_text(lock.read_text().replace("1.2.3", "1.2.4"), encoding="utf-8")
    assert not firebase_tools.installed()
    firebase_tools.install(tool)
    assert len((package / "called").read_text().splitlines()) == 2


def test_a_long_installation_says_that_it_goes_on(package, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(firebase_tools, "REPORT_SECONDS", 0.02)
    firebase_tools.install(npm(tmp_path / "npm", "/bin/sleep 0.2"))
    assert "… 0 s" in capsys.readouterr().out


def test_what_npm_could_not_install_is_not_taken_for_installed(package, tmp_path):
    with pytest.raises(Missing, match=r"firebase-tools 1\.2\.3: npm could not install it"):
        firebase_tools.install(npm(tmp_path / "npm", "exit 1"))
    assert not firebase_tools.installed()


def test_a_node_without_npm_is_told_so(package, tmp_path):
    with pytest.raises(Missing, match="npm, to install firebase-tools with"):
        firebase_tools.install(Node(tmp_path / "node", ()))


def test_a_machine_with_all_but_firebase_tools_gets_that(bare, package, tmp_path, monkeypatch):
    java(bare / "java", "21.0.1")
    node(bare / "node", "22.0.0")
    npm(bare / "npm")
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", str(jar(tmp_path / "emulator.jar")))
    assert main() == 0
    assert firebase_tools.installed()


def test_where_nothing_can_be_had_each_part_is_named(bare, package, tmp_path, monkeypatch, capsys):
    """The package index and the jar's server do not answer."""
    monkeypatch.setattr(sys, "executable", str(script(tmp_path / "python", "exit 1")))
    monkeypatch.setattr(
        firestore_jar, "RELEASE", Release("http://127.0.0.1:9/emulator-v1.jar", 1, "")
    )
    assert main() == 1
    said = capsys.readouterr().err.partition("This is missing:\n")[2].splitlines()
    assert [line.split(":")[0] for line in said] == [
        "- Java 17 or newer",
        "- The Firestore emulator",
        "- Node 20 or newer",
        "- firebase-tools 1.2.3",
    ]
