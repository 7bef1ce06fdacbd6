"""What is uploaded: enough to run, nothing else, and the same every time."""

import json
import re
import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from infra.deploy import closure
from infra.deploy.closure import Unresolvable, pins
from infra.deploy.manifest import ROOT, Function, manifest
from infra.deploy.stage import Unstageable, content, stage, uploaded
from tests.deploy.linting import require_gcloud

FUNCTIONS = manifest().functions
EACH = pytest.mark.parametrize("name", [each.name for each in FUNCTIONS])
LEAKS = re.compile(r"test|secret|\.env|\.key|\.pem|\.sqlite|\.local|example|credential|__pycache__")


@EACH
def test_only_code_pages_and_pins_are_uploaded(name: str, staged: Mapping[str, Path]) -> None:
    files = [path.as_posix() for path in uploaded(staged[name])]
    own = {path.name for path in (ROOT / "functions" / name).rglob("*") if path.is_file()}
    assert {"main.py", "requirements.txt", ".python-version", "shared/wiring/__init__.py"} <= set(
        files
    )
    assert [path for path in files if LEAKS.search(path)] == []
    elsewhere = [path for path in files if not path.startswith("shared/")]
    assert {Path(path).name for path in elsewhere} - own == {"requirements.txt", ".python-version"}
    assert [path for path in files if path.startswith("shared/http/openapi")] == []


@EACH
def test_gcloud_would_upload_exactly_these_files(name: str, staged: Mapping[str, Path]) -> None:
    require_gcloud()
    said = subprocess.run(  # noqa: S603 - a constant command
        ["gcloud", "meta", "list-files-for-upload", str(staged[name])],  # noqa: S607
        capture_output=True,
        text=True,
        check=True,
    )
    assert sorted(said.stdout.split()) == sorted(path.as_posix() for path in uploaded(staged[name]))


def test_the_same_sources_make_the_same_content_and_others_do_not(tmp_path: Path) -> None:
    function = manifest().named("docs")
    once = stage(function, manifest(), tmp_path / "once")
    twice = stage(function, manifest(), tmp_path / "twice")
    assert content(once) == content(twice)
    assert re.fullmatch(r"[0-9a-f]{12}", content(once))
    (twice / "openapi.json").write_text("{}")
    assert content(once) != content(twice)
    shutil.rmtree(twice / "pages")
    assert content(twice) not in {content(once), ""}


def test_what_an_earlier_stage_left_is_gone(tmp_path: Path) -> None:
    function = manifest().named("health")
    folder = stage(function, manifest(), tmp_path)
    (folder / "shared" / "removed_since.py").write_text("")
    stage(function, manifest(), tmp_path)
    assert not (folder / "shared" / "removed_since.py").exists()


def test_a_file_that_does_not_compile_is_found_before_the_upload(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    shutil.copytree(ROOT / "shared", root / "shared")
    shutil.copytree(ROOT / "functions" / "health", root / "functions" / "health")
    (root / "shared" / "rules" / "broken.py").write_text("def half(:\n")
    monkeypatch.setattr("infra.deploy.stage.ROOT", root)
    with pytest.raises(Unstageable, match=r"broken\.py does not compile"):
        stage(manifest().named("health"), manifest(), tmp_path / "build")


@EACH
def test_the_emulator_is_told_the_entry_point(name: str, staged: Mapping[str, Path]) -> None:
    told = json.loads((staged[name] / "functions.yaml").read_text())
    assert told["specVersion"] == "v1alpha1"
    assert told["endpoints"][name]["entryPoint"] == "handler"


@EACH
def test_every_package_is_pinned_as_everywhere_else(name: str, staged: Mapping[str, Path]) -> None:
    lines = [Requirement(line) for line in (staged[name] / "requirements.txt").read_text().split()]
    constraints = (ROOT / "constraints.txt").read_text()
    assert all(re.search(rf"(?m)^{line.name}{line.specifier}( ;|$)", constraints) for line in lines)
    assert "functions-framework" in {line.name for line in lines}


def test_versions_are_those_of_the_runtime_not_of_this_interpreter() -> None:
    """numpy has a pin of its own for each side of Python 3.12."""
    assert any(pin.startswith("numpy==2.4") for pin in pins(["highspy"], "3.11"))
    assert any(pin.startswith("numpy==2.5") for pin in pins(["highspy"], "3.13"))


def test_only_packages_of_requirements_txt_can_be_asked_for() -> None:
    with pytest.raises(Unresolvable, match=r"typer is not in requirements\.txt"):
        pins(["typer"], "3.13")


def test_a_package_without_a_pin_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    without = {k: v for k, v in closure._versions("3.13").items() if k != "werkzeug"}
    monkeypatch.setattr(closure, "_versions", lambda python: without)
    with pytest.raises(Unresolvable, match="werkzeug has no pin"):
        pins(["flask"], "3.13")


def test_a_function_without_a_folder_is_refused(tmp_path: Path) -> None:
    nowhere = Function.model_validate(manifest().named("auth").model_dump() | {"name": "nowhere"})
    with pytest.raises(Unstageable, match=r"no functions/nowhere/main\.py"):
        stage(nowhere, manifest(), tmp_path)
