"""Monitoring in a project: made once, updated after that, in commands that gcloud understands."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.gcloud import Failed, shown
from infra.deploy.watching import commands, objectives
from tests.deploy.discovery import problems
from tests.deploy.linting import refused, require_gcloud

PROJECT, SITE = "acme-prod", "acme-prod.web.app"


def nothing(_: Any) -> None:
    return None


class Monitoring(ThreadingHTTPServer):
    """The Monitoring API's services and objectives."""

    def __init__(self) -> None:
        self.kept: dict[str, Any] = {}
        self.told: list[str] = []
        super().__init__(("127.0.0.1", 0), Handler)


class Handler(BaseHTTPRequestHandler):
    server: Monitoring

    def log_message(self, *words: object) -> None:
        pass

    def _answer(self) -> None:
        path, _, query = self.path.lstrip("/").partition("?")
        length = int(self.headers.get("Content-Length", 0))
        body = json.loads(self.rfile.read(length) or b"null")
        kept, status = self.server.kept, 200
        if self.headers["Authorization"] != "Bearer a-token":
            status = 403
        elif self.command == "GET":
            status = 200 if path in kept else 404
        else:
            name = path if self.command == "PATCH" else f"{path}/{query.partition('=')[2]}"
            kept[name] = body
            self.server.told.append(f"{self.command} {name}")
        data = json.dumps(kept.get(path, {})).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PATCH = _answer  # noqa: N815 - the base class asks for these names


@pytest.fixture
def monitoring() -> Iterator[Monitoring]:
    with Monitoring() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def test_everything_is_made_in_an_empty_project() -> None:
    made = [shown(command) for command in commands(PROJECT, SITE, nothing)]
    assert sum("logging metrics create" in line for line in made) == 4
    assert sum("uptime create" in line for line in made) == 2
    assert sum("dashboards create" in line for line in made) == 1
    assert sum("policies create" in line for line in made) >= 8


def test_what_exists_is_updated_and_not_made_twice() -> None:
    names = {"HypertroQ", "HypertroQ alive", "HypertroQ database", "A task was given up"}
    known = [{"displayName": name, "name": f"known-{name}"} for name in sorted(names)]

    def ask(command: tuple[str, ...]) -> Any:
        return {"name": command[3]} if command[:3] == ("logging", "metrics", "describe") else known

    told = [shown(command) for command in commands(PROJECT, SITE, ask)]
    assert not [line for line in told if "uptime create" in line or "dashboards create" in line]
    assert not [line for line in told if "logging metrics create" in line]
    assert [line for line in told if "policies update 'known-A task was given up'" in line]


def test_the_files_that_gcloud_reads_name_the_project() -> None:
    for command in commands(PROJECT, SITE, nothing):
        for word in command:
            if "-from-file=" in word:
                text = Path(word.partition("=")[2]).read_text(encoding="utf-8")
                assert '"PROJECT"' not in text
                assert "projects/PROJECT/" not in text


def test_gcloud_accepts_every_command(tmp_path: Path) -> None:
    require_gcloud()
    lines = [shown(command) for command in commands(PROJECT, SITE, nothing)]
    assert refused(lines, tmp_path) == {}


def test_objectives_are_made_below_their_service_and_updated_after_that(
    monitoring: Monitoring,
) -> None:
    api = f"http://127.0.0.1:{monitoring.server_port}"
    names = objectives(PROJECT, "a-token", api)
    assert f"projects/{PROJECT}/services/auth/serviceLevelObjectives/availability" in names
    # A service and an objective each.
    assert len(monitoring.told) == 2 * len(names)
    for name in names:
        assert problems("monitoring.v3", "ServiceLevelObjective", monitoring.kept[name]) == []
    monitoring.told.clear()
    assert objectives(PROJECT, "a-token", api) == names
    assert monitoring.told == [f"PATCH {name}" for name in names]


def test_a_refusal_is_told(monitoring: Monitoring) -> None:
    with pytest.raises(Failed, match="403"):
        objectives(PROJECT, "another", f"http://127.0.0.1:{monitoring.server_port}")
