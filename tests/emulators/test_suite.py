"""Our firebase.json under Firebase's own emulator suite: one origin for all functions, as Hosting.

Hosting, Functions and Auth are Firebase's; Firestore is the embedded one, whose jar the suite would
have to download.
"""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest

from infra.deploy.edge import RELEASE, digest, stage_edge
from infra.deploy.firebase_config import FILE
from infra.deploy.manifest import manifest
from infra.deploy.smoke import Account, smoke
from infra.deploy.stage import lend_environment, stage
from infra.emulators.firebase_tools import CLI
from infra.emulators.problems import EmulatorFailed
from infra.emulators.tools import Tools
from infra.local.firestore.server import FirestoreServer
from infra.local.parts import PROJECT
from infra.local.program import HOST, Program
from infra.local.stack import INDEXES
from tests.local.processes import group_ended

EMAIL, PASSWORD = "suite@example.com", "a quiet barbell morning"


def project(folder: Path, ports: dict[str, int]) -> None:
    """The deployed files in this folder, with ports of their own."""
    config = json.loads(FILE.read_text())
    config["emulators"] = {name: {"host": HOST, "port": port} for name, port in ports.items()}
    config["emulators"] |= {"ui": {"enabled": False}, "singleProjectMode": True}
    (folder / "firebase.json").write_text(json.dumps(config))
    for function in manifest().functions:
        lend_environment(stage(function, manifest(), folder / "build"))
    stage_edge(folder / "build")


def free_ports(*names: str) -> dict[str, int]:
    with ExitStack() as held:
        probes = {name: held.enter_context(socket.create_server((HOST, 0))) for name in names}
        return {name: probe.getsockname()[1] for name, probe in probes.items()}


class Suite:
    def __init__(self, node: Path) -> None:
        self._node = node
        self.ports = free_ports("auth", "functions", "hub", "logging")
        self.program = Program(
            "Firebase's emulator suite", self._command, EmulatorFailed, "/api/v1/health/live"
        )

    @property
    def origin(self) -> str:
        return f"http://{self.program.address}"

    def at(self, function: str, path: str) -> str:
        """A function's own address."""
        region = manifest().place.region
        return f"http://{HOST}:{self.ports['functions']}/{PROJECT}/{region}/{function}{path}"

    def _command(self, port: int, folder: Path) -> tuple[str, ...]:
        project(folder, self.ports | {"hosting": port})
        only = ("--only", "hosting,functions,auth", "--project", PROJECT)
        return (str(self._node), str(CLI), "emulators:start", *only)


@pytest.fixture(scope="module")
def suite(tools: Tools) -> Iterator[Suite]:
    firestore = FirestoreServer(indexes=INDEXES)
    firestore.start()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {
            "HYPERTROQ_STACK": "emulators",
            "GOOGLE_CLOUD_PROJECT": PROJECT,
            "FIRESTORE_EMULATOR_HOST": firestore.address,
            "FIREBASE_API_KEY": "local-api-key",
            "HASH_SECRET": "only for this test",
            "CORS_ORIGINS": "http://localhost:3000",
            "RATE_LIMIT_MODE": "off",
            "PYTHONWARNINGS": "ignore::FutureWarning",
        }.items():
            patch.setenv(name, value)
        suite = Suite(tools.node)
        suite.program.start()
        try:
            yield suite
        finally:
            group = suite.program.process_id
            suite.program.stop()
            firestore.stop()
            assert group_ended(group), "a process of the suite is still there"


@pytest.fixture(scope="module")
def token(suite: Suite) -> str:
    body = {"email": EMAIL, "password": PASSWORD, "full_name": "Suite"}
    answer = httpx.post(f"{suite.origin}/api/v1/auth/register", json=body, timeout=60)
    assert answer.status_code == 201, answer.text
    signed_in = httpx.post(
        f"{suite.origin}/api/v1/auth/login", json={"email": EMAIL, "password": PASSWORD}, timeout=60
    )
    found: str = signed_in.json()["access_token"]
    return found


def test_every_function_answers_through_the_one_origin(suite: Suite, token: str) -> None:
    """Also signed in: the Auth emulator's token is accepted by every function."""
    assert [one for one in smoke(suite.origin, manifest()) if not one.right] == []
    signed_in = list(smoke(suite.origin, manifest(), Account(EMAIL, PASSWORD)))
    assert [one for one in signed_in if not one.right] == []
    # Signing in, then each public function; the administrators' one is asked without the account.
    assert len(signed_in) == 1 + sum(each.public for each in manifest().functions)


def test_both_addresses_of_a_function_lead_to_the_same_route(suite: Suite, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}"}
    hosted = httpx.get(f"{suite.origin}/api/v1/auth/me", headers=headers, timeout=30)
    direct = httpx.get(suite.at("auth", "/me"), headers=headers, timeout=30)
    assert hosted.status_code == direct.status_code == 200
    assert hosted.json() == direct.json()
    assert hosted.json()["email"] == EMAIL


def test_what_nobody_claims_is_a_404_of_ours(suite: Suite) -> None:
    answer = httpx.get(f"{suite.origin}/api/v2/anything", timeout=30)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "RESOURCE_NOT_FOUND"


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json"])
def test_the_documentation_keeps_its_own_policy(suite: Suite, path: str) -> None:
    answer = httpx.get(f"{suite.origin}{path}", timeout=30)
    assert answer.status_code == 200
    assert len(answer.headers.get_list("Content-Security-Policy")) == 1
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]


def test_hosting_says_which_configuration_is_out(suite: Suite) -> None:
    answer = httpx.get(f"{suite.origin}/{RELEASE}", timeout=30)
    said: dict[str, Any] = answer.json()
    assert said["configuration"] == digest()
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert answer.headers["Cache-Control"] == "no-cache"
