"""The edge: the one public origin, the rules and the indexes, as firebase.json says."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.deploy.environment import Project
from infra.deploy.gcloud import FIREBASE
from infra.deploy.manifest import ROOT
from infra.deploy.stage import BUILD
from infra.deploy.steps import Stage, Step
from shared.version import VERSION

SOURCES = ("firebase.json", "infra/firestore.rules", "infra/firestore.indexes.json",
           "infra/storage.rules")  # fmt: skip
PUBLIC = "hosting"
RELEASE = "release.json"
"""Served by Hosting itself: says which configuration is out."""
WAIT_SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Edge:
    project: Project
    origin: str
    stage: Stage = Stage.EDGE
    title: str = "hosting, rules and indexes"

    def look(self) -> Step:
        found, wanted = released(self.origin), digest()
        if found == wanted:
            return Step(title=self.title, stage=self.stage)
        only = ("--only", "hosting,firestore,storage")
        command = (FIREBASE, "deploy", *only, "--project", self.project.id, "--non-interactive")
        change = f"release {found} → {wanted}" if found else "new"
        return Step(title=self.title, stage=self.stage, changes=(change,), commands=(command,))


def digest() -> str:
    """Changes with any byte of what Firebase is told."""
    told = b"\0".join((ROOT / path).read_bytes() for path in SOURCES)
    return hashlib.sha256(told).hexdigest()[:12]


def stage_edge(build: Path = BUILD) -> Path:
    """Write what Hosting serves by itself."""
    folder = build / PUBLIC
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"configuration": digest(), "version": VERSION})
    (folder / RELEASE).write_text(text + "\n")
    return folder


def released(origin: str) -> str:
    """The digest of the configuration that is out; empty when none is, or nobody answers."""
    try:
        answer = httpx.get(
            f"{origin}/{RELEASE}", timeout=WAIT_SECONDS, headers={"Cache-Control": "no-cache"}
        )
        return str(answer.json().get("configuration", ""))
    except (httpx.HTTPError, ValueError, AttributeError):
        return ""
