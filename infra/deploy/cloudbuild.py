"""cloudbuild.yaml: check, test, stage, deploy side by side, look, and take back what fails."""

from typing import Any

import yaml

from infra.deploy.manifest import ROOT, Manifest

FILE = ROOT / "cloudbuild.yaml"
IMAGE = "gcr.io/google.com/cloudsdktool/google-cloud-cli:528.0.0"
"""Debian with gcloud, of the version whose command line these files were checked by."""
_HEAD = """\
# Made from infra/functions.toml by `make generate`; a test compares. Explained in
# docs/deployment.md.
"""
_PYTHON = ".venv/bin/python"
_PROJECT = "--project=$PROJECT_ID"
_SMOKE = """\
if ! {python} -m infra smoke {project}; then
  {python} -m infra rollback {project} --yes
  exit 1
fi
"""


def cloudbuild(manifest: Manifest) -> dict[str, Any]:
    functions = [function.name for function in manifest.functions]
    deploys = [f"deploy-{name}" for name in functions]
    return {
        "steps": [
            _step("test", [".ci/run"], ["-"]),
            _step("stage", [f"{_PYTHON} -m infra stage"], ["test"]),
            # Accounts and rights are an owner's to change.
            _step("ground", [f"{_PYTHON} -m infra verify {_PROJECT} --part=ground"], ["stage"]),
            *(_step(f"deploy-{name}", [_apply("code", name)], ["ground"]) for name in functions),
            _step("edge", [_apply("edge")], deploys),
            _step("smoke", [_SMOKE.format(python=_PYTHON, project=_PROJECT)], ["edge"]),
        ],
        "serviceAccount": "projects/$PROJECT_ID/serviceAccounts/"
        f"{manifest.deployer.account}@$PROJECT_ID.iam.gserviceaccount.com",
        "options": {"logging": "CLOUD_LOGGING_ONLY", "machineType": "E2_HIGHCPU_8"},
        "timeout": "3600s",
    }


def rendered(manifest: Manifest) -> str:
    return _HEAD + yaml.safe_dump(cloudbuild(manifest), sort_keys=False, width=100)


def _step(name: str, lines: list[str], after: list[str]) -> dict[str, Any]:
    return {
        "id": name,
        "name": IMAGE,
        "entrypoint": "bash",
        "args": ["-euc", "\n".join(lines)],
        "waitFor": after,
    }


def _apply(part: str, *names: str) -> str:
    return " ".join((_PYTHON, "-m infra apply --yes", _PROJECT, f"--part={part}", *names))
