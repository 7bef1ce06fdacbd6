"""The operators' command line as operators call it, on a store of its own."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer
from click.testing import Result
from typer.testing import CliRunner

from infra.local.parts import Stack
from infra.ops.__main__ import app
from infra.ops.target import agree, operator
from shared.errors import LastAdmin, Refused
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.models.users import Role
from shared.settings import Settings
from tests.elsewhere import Elsewhere

ROOT = Path(__file__).parents[2]
CLOUD = Settings.from_environment({"GOOGLE_CLOUD_PROJECT": "acme-prod"})

Run = Callable[..., Result]


@pytest.fixture
def run(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command in this process, on the test's own store."""
    monkeypatch.setattr("infra.ops.__main__.wiring", lambda: elsewhere)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def test_it_runs_as_a_process_with_the_variables_of_a_stack(
    stack: Stack, elsewhere: Elsewhere
) -> None:
    project = {"GOOGLE_CLOUD_PROJECT": elsewhere.settings.project}
    done = subprocess.run(
        [sys.executable, "-m", "infra.ops", "grant-admin", "nobody"],
        cwd=ROOT,
        env=os.environ | stack.environment() | project,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "There is no such user.\n"


def test_roles_and_plans_are_given_and_told(run: Run, elsewhere: Elsewhere) -> None:
    elsewhere.account("root")
    elsewhere.account("robin")
    granted = run("grant-admin", "root", "--as", "kim", "--reason", "First one")
    assert granted.stdout == "root@example.com (root) is ADMIN now.\n", granted.stderr
    planned = run("set-tier", "robin@example.com", "PRO", "--as", "kim")
    assert planned.stdout.rstrip().endswith("PRO, ACTIVE."), planned.stderr
    account = elsewhere.account_repository.load("robin")
    assert account is not None
    assert account.organization.subscription_tier == "PRO"
    told = {
        row.data["action"]: (row.data["actor_user_id"], row.data["reason"])
        for row in elsewhere.documents.find("audit", limit=10)
    }
    assert told == {
        "user.role_update": ("operator:kim", "First one"),
        "organization.set_plan": ("operator:kim", None),
    }
    last = run("grant-admin", "root", "--revoke")
    assert isinstance(last.exception, LastAdmin)
    nobody = run("grant-admin", "nobody@example.com")
    assert nobody.exit_code == 2
    assert "0 people have the address" in nobody.stderr


def test_without_an_address_of_tasks_the_change_stands_and_its_task_waits(
    run: Run, elsewhere: Elsewhere
) -> None:
    """As with an operator who named the project alone; a deployed function sweeps."""
    elsewhere.account("root")
    elsewhere.settings = elsewhere.settings.model_copy(update={"tasks_url": "", "invokers": ()})
    granted = run("grant-admin", "root")
    assert granted.stdout == "root@example.com (root) is ADMIN now.\n", granted.exception
    (waiting,) = elsewhere.documents.find("outbox", limit=9)
    assert (waiting.data["kind"], waiting.data["state"]) == ("sync-identity", "new")


def test_data_is_verified_and_repaired(run: Run, elsewhere: Elsewhere) -> None:
    elsewhere.account("root")
    elsewhere.accounts.grant_role("root", Role.ADMIN)
    sound = run("verify-data")
    assert (sound.exit_code, sound.stdout) == (0, "13 invariants checked, 0 problems.\n")
    elsewhere.documents._client.document("users/root").update({"search": []})
    broken = run("verify-data")
    assert broken.exit_code == 1
    assert broken.stdout.startswith("13  users/root: stale: search\n")
    mended = run("verify-data", "--repair")
    assert mended.exit_code == 0
    assert mended.stdout.startswith("1 documents rewritten.\n")


def test_seeding_exporting_history_and_failed_tasks(
    run: Run, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    elsewhere.account("robin")
    assert "templates added to 0 and 0." in run("seed").stdout
    exported = run("export", "users")
    (row,) = csv.DictReader(io.StringIO(exported.stdout))
    assert row["email"] == "robin@example.com"
    file = tmp_path / "users.csv"
    assert run("export", "users", "--to", str(file)).exit_code == 0
    assert file.stat().st_mode & 0o777 == 0o600
    # They began on the 2nd of March; March is over, April is not.
    elsewhere.time = datetime(2026, 4, 5, tzinfo=UTC)
    filled = run("backfill-stats", "2026-03-01")
    assert filled.stdout == "2026-03-31: 1 users, 0 paying\n1 snapshots stored.\n"
    assert run("backfill-stats", "March").exit_code == 2

    task = SendMail(mail=MailKind.WELCOME, user_id="robin", cause="test")

    def refuse(_: SendMail) -> None:
        raise Refused("This mailbox does not exist.")

    elsewhere.background.run(task, refuse, attempt=1)
    listed = run("failed-tasks").stdout
    assert listed.splitlines()[0].startswith(task.id)
    assert listed.endswith("1 of 1.\n")
    assert run("replay", task.id).stdout == f"{task.id} is queued again.\n"
    assert run("failed-tasks").stdout == "0 of 0.\n"


def test_the_cloud_is_asked_about_and_local_stacks_are_not(
    elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    agree(elsewhere.settings, "Change everything", yes=False)
    agree(CLOUD, "Change everything", yes=True)
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    with pytest.raises(typer.Abort):
        agree(CLOUD, "Change everything", yes=False)


def test_an_operators_name_is_a_name() -> None:
    assert operator("kim").user_id == "operator:kim"
    assert operator("../etc").user_id == "operator:.._etc"
