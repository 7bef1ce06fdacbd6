"""`make run`, from the first start to the last signal, as whoever runs it sees it."""

import json
import shlex
import shutil
import signal
import stat
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.local.launched import SECONDS, Launched, copied_source, listens, until

PASSWORD = "squats before sunrise"
LABELS = "logging.googleapis.com/labels"


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied_source(tmp_path_factory.mktemp("source"))


@pytest.fixture(scope="module")
def launched(source: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launched]:
    running = Launched(source, tmp_path_factory.mktemp("data") / "local")
    try:
        yield running.ready()
    finally:
        assert running.end() == 0, running.said


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_the_printed_curl_line_works_as_pasted(launched: Launched) -> None:
    [line] = [row.strip() for row in launched.said.splitlines() if row.startswith("  curl ")]
    if shutil.which("curl"):
        # A shell, because that is where people paste it.
        done = subprocess.run(line, shell=True, capture_output=True, check=True)  # noqa: S602
        said = done.stdout.decode()
    else:
        _, _, address, _, header = shlex.split(line)
        said = httpx.get(address, headers=[tuple(header.split(": ", 1))]).text
    assert '"Barbell Bench Press"' in said


def test_the_documentation_answers_at_its_address(launched: Launched) -> None:
    address = launched.stack["docs_url"]
    assert "text/html" in httpx.get(address).headers["Content-Type"]
    document = httpx.get(address.removesuffix("docs") + "openapi.json").json()
    assert "/api/v1/auth/login" in document["paths"]


def test_an_unknown_address_is_refused_in_our_own_words(launched: Launched) -> None:
    answer = httpx.get(f"{launched.stack['base_url']}/nonsense")
    assert (answer.status_code, answer.json()["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")


def test_a_functions_own_address_works_without_the_prefix(launched: Launched) -> None:
    origin = launched.stack["base_url"].removesuffix("/api/v1")
    answer = httpx.get(f"{origin}/demo-hypertroq/us-central1/exercises/muscle-groups")
    assert len(answer.json()) == 18


def test_scripts_find_what_they_need_in_a_private_file(launched: Launched) -> None:
    stack = launched.stack
    assert list(stack) == ["stack", "base_url", "docs_url", "mailbox_url", "accounts"]
    assert stack["stack"] == "embedded"
    assert list(httpx.get(f"{stack['mailbox_url']}/api/messages").json()) == ["items"]
    parts = {"email", "password", "access_token", "refresh_token", "user_id", "organization_id"}
    assert {name: set(row) for name, row in stack["accounts"].items()} == {
        "free": parts,
        "pro": parts,
        "admin": parts,
    }
    for name in ("stack.json", "stack.env", "accounts.json", "signer.pem"):
        assert stat.S_IMODE((launched.data / name).stat().st_mode) == 0o600, name


@pytest.mark.parametrize(
    ("name", "tier", "role"),
    [("free", "FREE", "USER"), ("pro", "PRO", "USER"), ("admin", "FREE", "ADMIN")],
)
def test_each_ready_account_is_signed_in_with_its_rights(
    launched: Launched, name: str, tier: str, role: str
) -> None:
    account = launched.stack["accounts"][name]
    answer = httpx.get(
        f"{launched.stack['base_url']}/auth/me", headers=bearer(account["access_token"])
    )
    me = answer.json()
    assert (me["subscription_tier"], me["role"]) == (tier, role)
    assert (me["id"], me["organization_id"]) == (account["user_id"], account["organization_id"])


def test_browsers_on_the_stacks_own_origin_and_the_web_clients_may_call(launched: Launched) -> None:
    own = launched.stack["docs_url"].removesuffix("/docs")
    for origin in (own, own.replace("127.0.0.1", "localhost"), "http://localhost:3000"):
        answer = httpx.get(f"{launched.stack['base_url']}/health", headers={"Origin": origin})
        assert answer.headers["Access-Control-Allow-Origin"] == origin


def test_one_request_id_leads_from_the_call_through_its_task_to_the_mail(
    launched: Launched,
) -> None:
    """Through the outbox, Cloud Tasks and the tasks function; the trace is the caller's own."""
    email, trace = "caused@example.com", "4bf92f3577b34da6a3ce929d0e0e4736"
    answer = httpx.post(
        f"{launched.stack['base_url']}/auth/register",
        json={"email": email, "password": PASSWORD, "full_name": "Robin Lifter"},
        headers={"X-Request-ID": "r-42", "traceparent": f"00-{trace}-00f067aa0ba902b7-01"},
    )
    assert answer.status_code == 201
    address = f"{launched.stack['mailbox_url']}/api/messages"

    def mails() -> list[dict[str, dict[str, str]]]:
        return list(httpx.get(address, params={"to": email}).json()["items"])

    def lines() -> list[dict[str, Any]]:
        """Those of this request, of whichever function."""
        whole = launched.said.rpartition("\n")[0].splitlines()
        found = [json.loads(line) for line in whole if line.startswith("{")]
        return [line for line in found if line.get(LABELS, {}).get("request_id") == "r-42"]

    until(lambda: bool(mails()), "a mail")
    assert mails()[0]["headers"]["X-Request-ID"] == "r-42"
    until(lambda: len(lines()) > 1, "the task's line")
    call, task = lines()
    assert (call[LABELS]["function"], task[LABELS]["function"]) == ("auth", "tasks")
    assert call["message"] == "POST /api/v1/auth/register 201"
    assert task["message"] == "POST /api/v1/tasks/send-mail 200"
    project = launched.variables["GOOGLE_CLOUD_PROJECT"]
    assert call["logging.googleapis.com/trace"] == f"projects/{project}/traces/{trace}"


def test_a_job_can_be_run_by_hand(launched: Launched) -> None:
    done = launched.run("infra.local.run_job", "clean-up", "--data", str(launched.data))
    assert (done.returncode, done.stdout) == (0, '200 {"documents": 0}\n'), done.stderr


def test_the_journey_succeeds(launched: Launched) -> None:
    done = launched.run("infra.dev.journey", "--data", str(launched.data))
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("✓") == 25
    assert done.stdout.splitlines()[-1].startswith("The journey is complete")


def test_broken_code_is_reported_and_requests_wait_until_it_is_whole(launched: Launched) -> None:
    file = launched.source / "shared" / "version.py"
    whole = file.read_text()
    file.write_text("def (\n")
    until(lambda: "SyntaxError" in launched.said, "the syntax error")
    until(lambda: "waiting for the next change" in launched.said, "the launcher to carry on")
    file.write_text(whole.replace('"0.', '"7.'))
    answer = httpx.get(f"{launched.stack['base_url']}/health", timeout=SECONDS)
    assert answer.json()["version"].startswith("7.")


def test_a_second_stack_takes_another_port_and_other_data(launched: Launched) -> None:
    port = launched.ports[0]
    second = Launched(launched.source, launched.data, PORT=str(port))
    try:
        second.ready(launched.data / "2")
        assert f"Another stack uses {launched.data}/" in second.said
        assert f"Port {port} is taken." in second.said
        assert second.ports[0] > port
        reset = second.run("infra.local.directory", str(launched.data))
        assert reset.returncode == 1
        assert "End it first" in reset.stderr
    finally:
        assert second.end(signal.SIGINT) == 0, second.said
    assert not (launched.data / "2" / "stack.json").exists()
    assert (launched.data / "stack.json").exists()


def test_an_unusable_port_is_refused_in_a_sentence(source: Path, tmp_path: Path) -> None:
    refused = Launched(source, tmp_path / "local", PORT="eight thousand")
    assert refused.process.wait(SECONDS) == 1
    assert "PORT must be a number" in refused.said
    assert "Traceback" not in refused.said


def test_data_outlives_the_stack_and_nothing_else_does(source: Path, tmp_path: Path) -> None:
    first = Launched(source, tmp_path / "local").ready()
    registration = {"email": "keeper@example.com", "password": PASSWORD, "full_name": "Kay"}
    kay = httpx.post(f"{first.stack['base_url']}/auth/register", json=registration).json()
    assert first.end(signal.SIGTERM) == 0, first.said
    assert not any(listens(port) for port in first.ports)
    assert not (first.data / "stack.json").exists()
    assert not (first.data / "stack.env").exists()

    second = Launched(source, tmp_path / "local").ready()
    base = second.stack["base_url"]
    login = httpx.post(f"{base}/auth/login", json=registration)
    assert login.json()["user"]["id"] == kay["id"]
    fresh = httpx.post(f"{base}/auth/refresh", json={"refresh_token": kay["refresh_token"]})
    assert fresh.status_code == 200, fresh.text
    again = httpx.get(f"{base}/auth/me", headers=bearer(kay["access_token"]))
    assert again.json()["organization_id"] == kay["organization_id"]
    assert "0 exercises and 0 templates added" in second.said
    kept = [
        {name: (row["password"], row["user_id"]) for name, row in run.stack["accounts"].items()}
        for run in (first, second)
    ]
    assert kept[0] == kept[1]

    # Killed, it can clear nothing up itself; its children must notice.
    second.end(signal.SIGKILL)
    until(lambda: not any(listens(port) for port in second.ports), "its children to end", 20)
    reset = second.run("infra.local.directory", str(second.data))
    assert reset.returncode == 0, reset.stderr
    assert [path.name for path in second.data.iterdir()] == ["lock"]
