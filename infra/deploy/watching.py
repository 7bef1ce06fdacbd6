"""Carries the files of `infra/monitoring/` into a project: what is missing is made.

What gcloud can update is updated. It knows no service level objectives, so those go to the
Monitoring API itself, with the token of whoever is signed in to gcloud.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from infra.deploy.gcloud import Command, Failed, ask
from infra.deploy.manifest import ROOT
from infra.deploy.monitoring import HOST, PROJECT, file

FILLED = ROOT / "build" / "monitoring"
API = "https://monitoring.googleapis.com/v3"
TIMEOUT_SECONDS = 20.0

JsonObject = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of file: how gcloud lists, makes and updates what is in it."""

    name: str
    words: Command
    flag: str
    keeps: tuple[str, ...] = ()
    """Fields of what exists that its update, which replaces everything, takes over."""
    changes: bool = True
    """Whether gcloud can update one from a file."""

    def command(self, known: str | None, path: Path, project: str) -> Command | None:
        where = (f"--{self.flag}={path}", f"--project={project}")
        if known is None:
            return (*self.words, "create", *where)
        return (*self.words, "update", known, *where) if self.changes else None


POLICIES = Kind(
    "policies",
    ("alpha", "monitoring", "policies"),
    "policy-from-file",
    # Whom to wake is chosen in the console.
    keeps=("notificationChannels",),
)
DASHBOARD = Kind(
    "dashboard",
    ("monitoring", "dashboards"),
    "config-from-file",
    # Google refuses an update that does not say which version it replaces.
    keeps=("etag",),
)


def commands(project: str, host: str, ask_: Callable[[Command], Any] = ask) -> Iterator[Command]:
    """What gcloud has to be told, in order; nothing for what exists and cannot be updated."""
    for metric in _content("metrics", project, host):
        known = ask_(("logging", "metrics", "describe", metric["name"], f"--project={project}"))
        verb = "update" if known else "create"
        path = _filled("metric", metric["name"], metric)
        flags = (f"--config-from-file={path}", f"--project={project}")
        yield ("logging", "metrics", verb, metric["name"], *flags)
    for check in _content("uptime", project, host):
        yield from _uptime(check, project, host, ask_)
    for kind in (DASHBOARD, POLICIES):
        listed = ask_((*kind.words, "list", f"--project={project}")) or []
        known = {each["displayName"]: each for each in listed}
        for wanted in _content(kind.name, project, host):
            title = wanted["displayName"]
            there = known.get(title, {})
            kept = {field: there[field] for field in kind.keeps if field in there}
            path = _filled(kind.name, title, wanted | kept)
            if command := kind.command(there.get("name"), path, project):
                yield command


def _uptime(
    check: JsonObject, project: str, host: str, ask_: Callable[[Command], Any]
) -> Iterator[Command]:
    words = ("monitoring", "uptime")
    listed = ask_((*words, "list-configs", f"--project={project}")) or []
    if check["displayName"] not in {each["displayName"] for each in listed}:
        yield (
            *words,
            "create",
            check["displayName"],
            "--resource-type=uptime-url",
            f"--resource-labels=host={host},project_id={project}",
            f"--path={check['httpCheck']['path']}",
            "--protocol=https",
            "--validate-ssl=true",
            "--period=5",
            "--timeout=10",
            f"--project={project}",
        )


def token() -> str:
    """What whoever is signed in to gcloud calls Google's APIs with. Raises Failed."""
    return str((ask(("auth", "print-access-token")) or {}).get("token", ""))


def objectives(project: str, token: str, api: str = API) -> list[str]:
    """Make every objective and the service it belongs to, or update it; returns their names.

    Raises Failed.
    """
    done = []
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=api, headers=headers, timeout=TIMEOUT_SECONDS) as http:
        for wanted in _content("objectives", project, ""):
            service, _, objective = wanted["name"].partition("/serviceLevelObjectives/")
            parent, _, identifier = service.partition("/services/")
            if not _exists(http, service):
                made = {"displayName": f"HypertroQ {identifier}", "custom": {}}
                _send(http, "POST", f"{parent}/services", {"serviceId": identifier}, made)
            if _exists(http, wanted["name"]):
                _send(http, "PATCH", wanted["name"], {}, wanted)
            else:
                query = {"serviceLevelObjectiveId": objective}
                _send(http, "POST", f"{service}/serviceLevelObjectives", query, wanted)
            done.append(wanted["name"])
    return done


def _exists(http: httpx.Client, name: str) -> bool:
    return http.get(f"/{name}").status_code == httpx.codes.OK


def _send(
    http: httpx.Client, method: str, path: str, query: Mapping[str, str], body: JsonObject
) -> None:
    answer = http.request(method, f"/{path}", params=query, json=body)
    if answer.is_error:
        raise Failed(f"{method} {path}: {answer.status_code} {answer.text[:500]}")


def _content(name: str, project: str, host: str) -> list[JsonObject]:
    text = file(name).read_text(encoding="utf-8")
    filled = text.replace(f"projects/{PROJECT}/", f"projects/{project}/")
    filled = filled.replace(f'"{PROJECT}"', f'"{project}"').replace(f'"{HOST}"', f'"{host}"')
    read = json.loads(filled)
    return read if isinstance(read, list) else [read]


def _filled(kind: str, title: str, wanted: JsonObject) -> Path:
    """The file that gcloud reads."""
    slug = "".join(letter if letter.isalnum() else "-" for letter in title.lower())
    path = FILLED / f"{kind}-{slug}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(wanted, indent=2), encoding="utf-8")
    return path
