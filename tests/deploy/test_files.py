"""firebase.json, cloudbuild.yaml and the workflow: current, and as their readers want them."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from infra.deploy import cloudbuild, files, firebase_config
from infra.deploy.commands import app
from infra.deploy.manifest import ROOT, manifest
from infra.emulators.firebase_tools import MODULES
from tests.deploy.discovery import problems
from tests.machine import lacks

FIREBASE_SCHEMA = MODULES / "firebase-tools" / "schema" / "firebase-config.json"
WORKFLOW = ROOT / ".github" / "workflows" / "ci.yml"
INDEXES = ROOT / "infra" / "firestore.indexes.json"
FIREBASE: dict[str, Any] = json.loads(firebase_config.FILE.read_text())
BUILD: dict[str, Any] = yaml.safe_load(cloudbuild.FILE.read_text())

Change = Callable[[Any], Any]


def accepted(file: Path, *schema: str) -> bool:
    """By check-jsonschema, whose bundled schemas are the vendors' own."""
    check = subprocess.run(  # noqa: S603 - a tool installed beside this interpreter
        [Path(sys.executable).with_name("check-jsonschema"), *schema, str(file)],
        capture_output=True,
        check=False,
    )
    return check.returncode == 0


def firebase_accepts(file: Path) -> bool:
    if not FIREBASE_SCHEMA.exists():
        lacks("firebase-tools, for its schema: run `python -m infra.emulators.install`.")
    return accepted(file, "--schemafile", str(FIREBASE_SCHEMA))


def changed(value: dict[str, Any], change: Change) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(value))
    change(copy)
    return copy


def written(folder: Path, name: str, value: Any) -> Path:
    file = folder / name
    file.write_text(json.dumps(value))
    return file


# What the manifest makes


def test_the_committed_files_are_what_the_manifest_makes() -> None:
    assert files.outdated(manifest()) == []
    assert CliRunner().invoke(app, ["generate", "--check"]).exit_code == 0


def test_a_file_that_differs_is_shown_and_written_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    firebase, build = tmp_path / "firebase.json", tmp_path / "cloudbuild.yaml"
    shutil.copy(firebase_config.FILE, firebase)
    made = {firebase: firebase_config.rendered, build: cloudbuild.rendered}
    monkeypatch.setattr(files, "MADE", made)
    firebase.write_text(firebase.read_text().replace("/api/v1/auth{", "/api/v1/login{"))
    check = CliRunner().invoke(app, ["generate", "--check"])
    assert check.exit_code == 1
    assert '-        "source": "/api/v1/login{,/**}",' in check.output
    assert "cloudbuild.yaml, committed" in check.output, "a missing file differs as well"
    assert "run: make generate" in check.output
    assert CliRunner().invoke(app, ["generate"]).exit_code == 0
    assert firebase.read_text() == firebase_config.FILE.read_text()


def test_every_file_that_firebase_is_told_of_exists() -> None:
    told = [FIREBASE["firestore"]["rules"], FIREBASE["firestore"]["indexes"]]
    assert [
        path for path in [*told, FIREBASE["storage"]["rules"]] if not (ROOT / path).exists()
    ] == []


def test_deployments_go_side_by_side_and_end_with_a_look() -> None:
    steps = {step["id"]: step for step in BUILD["steps"]}
    deploys = {name for name in steps if name.startswith("deploy-")}
    assert deploys == {f"deploy-{each.name}" for each in manifest().functions}
    assert all(steps[name]["waitFor"] == ["ground"] for name in deploys)
    assert set(steps["edge"]["waitFor"]) == deploys
    last = BUILD["steps"][-1]
    assert last["id"] == "smoke"
    assert "if ! .venv/bin/python -m infra smoke" in last["args"][-1]
    assert "infra rollback" in last["args"][-1]
    known = set(steps) | {"-"}
    assert all(set(step["waitFor"]) <= known for step in BUILD["steps"])


def understood(line: str) -> bool:
    """Whether our commands know every word; with `--help` they do nothing more."""
    return CliRunner().invoke(app, [*line.split(), "--help"]).exit_code == 0


def test_every_command_of_the_pipeline_is_one_of_ours() -> None:
    lines = [line for step in BUILD["steps"] for line in step["args"][-1].splitlines()]
    ours = [line.partition("-m infra ")[2].removesuffix("; then") for line in lines]
    ours = [line for line in ours if line]
    # Stage, the look at the ground, the edge, the smoke test and the way back come on top.
    assert len(ours) == len(manifest().functions) + 5
    assert [line for line in ours if not understood(line)] == []
    assert not understood(ours[0] + " --no-such-option")


# What their readers want


def test_firebase_accepts_its_file() -> None:
    assert firebase_accepts(firebase_config.FILE)


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda it: it["hosting"].update(rewrite=[]), id="unknown key"),
        pytest.param(lambda it: it["hosting"]["rewrites"][0].pop("source"), id="no source"),
        pytest.param(lambda it: it["hosting"]["rewrites"][0]["run"].pop("serviceId"), id="no id"),
        pytest.param(lambda it: it["functions"][0].update(runtime="python2"), id="no such runtime"),
        pytest.param(lambda it: it["emulators"]["auth"].update(port="9099"), id="port is a text"),
    ],
)
def test_firebase_refuses_a_broken_copy(change: Change, tmp_path: Path) -> None:
    broken = written(tmp_path, "firebase.json", changed(FIREBASE, change))
    assert not firebase_accepts(broken)


def serving_config(firebase: dict[str, Any]) -> dict[str, Any]:
    """What firebase-tools tells Hosting's interface."""
    hosting = firebase["hosting"]
    return {
        "rewrites": [{"glob": each["source"], "run": each["run"]} for each in hosting["rewrites"]],
        "headers": [
            {
                "glob": each["source"],
                "headers": {header["key"]: header["value"] for header in each["headers"]},
            }
            for each in hosting["headers"]
        ],
    }


def test_hosting_accepts_the_rewrites_and_headers() -> None:
    assert problems("firebasehosting.v1beta1", "ServingConfig", serving_config(FIREBASE)) == []


def test_hosting_refuses_a_broken_rewrite() -> None:
    broken = changed(FIREBASE, lambda it: it["hosting"]["rewrites"][0]["run"].update(zone="a"))
    assert problems("firebasehosting.v1beta1", "ServingConfig", serving_config(broken))


def test_cloud_build_accepts_its_file() -> None:
    assert accepted(cloudbuild.FILE, "--builtin-schema", "vendor.cloudbuild")
    assert problems("cloudbuild.v1", "Build", BUILD) == []


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda it: it["steps"][0].update(waitfor=["-"]), id="misspelt key"),
        pytest.param(lambda it: it["steps"][0].update(args=[1]), id="argument is a number"),
        pytest.param(lambda it: it["options"].update(logging="CLOUD"), id="no such logging"),
    ],
)
def test_cloud_build_refuses_a_broken_copy(change: Change, tmp_path: Path) -> None:
    broken = changed(BUILD, change)
    file = tmp_path / "cloudbuild.yaml"
    file.write_text(yaml.safe_dump(broken))
    assert not accepted(file, "--builtin-schema", "vendor.cloudbuild")
    assert problems("cloudbuild.v1", "Build", broken)


def test_github_accepts_the_workflow() -> None:
    assert accepted(WORKFLOW, "--builtin-schema", "vendor.github-workflows")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda it: it["jobs"]["ci"].pop("runs-on"), id="no machine"),
        pytest.param(lambda it: it["jobs"]["ci"].update(need=["x"]), id="misspelt key"),
        pytest.param(lambda it: it["jobs"]["ci"]["steps"][0].update(runs="x"), id="misspelt step"),
    ],
)
def test_github_refuses_a_broken_copy(change: Change, tmp_path: Path) -> None:
    # YAML 1.1 reads the key `on` as a truth value.
    value = {("on" if key is True else key): each for key, each in yaml.safe_load(
        WORKFLOW.read_text()).items()}  # fmt: skip
    broken = written(tmp_path, "ci.yml", changed(value, change))
    assert not accepted(broken, "--builtin-schema", "vendor.github-workflows")


# Indexes and time-to-live


def administered(indexes: dict[str, Any]) -> list[str]:
    """What Firestore's administration would refuse of the index file."""
    found = []
    for index in indexes["indexes"]:
        value = {key: each for key, each in index.items() if key != "collectionGroup"}
        found += problems("firestore.v1", "GoogleFirestoreAdminV1Index", value)
    for field in indexes["fieldOverrides"]:
        modes = [
            {
                "queryScope": each["queryScope"],
                "fields": [
                    {"fieldPath": field["fieldPath"]}
                    | {key: value for key, value in each.items() if key != "queryScope"}
                ],
            }
            for each in field["indexes"]
        ]
        value = {"indexConfig": {"indexes": modes}} | (
            {"ttlConfig": {}} if field.get("ttl") else {}
        )
        unknown = field.keys() - {"collectionGroup", "fieldPath", "ttl", "indexes"}
        found += problems("firestore.v1", "GoogleFirestoreAdminV1Field", value) + sorted(unknown)
    return found


def test_firestore_accepts_the_indexes() -> None:
    assert administered(json.loads(INDEXES.read_text())) == []


def test_firestore_refuses_a_broken_index() -> None:
    def broken(it: Any) -> None:
        it["fieldOverrides"][3]["indexes"] = [{"order": "UPWARDS", "queryScope": "COLLECTION"}]

    assert administered(changed(json.loads(INDEXES.read_text()), broken))


def test_a_collection_has_one_field_that_ends_its_documents() -> None:
    """Firestore allows no more, and nothing else deletes these."""
    fields = json.loads(INDEXES.read_text())["fieldOverrides"]
    ending = [field["collectionGroup"] for field in fields if field.get("ttl")]
    assert len(ending) == len(set(ending))
    assert {"idempotency", "rate_limits"} <= set(ending)
