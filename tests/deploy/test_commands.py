"""Every gcloud command that we run or write down is one that gcloud accepts."""

import json
import shlex
from pathlib import Path

import pytest

from infra.deploy.environment import Project
from infra.deploy.gcloud import shown
from infra.deploy.manifest import ROOT, manifest
from infra.deploy.parts import parts
from infra.deploy.steps import Kept, Part
from infra.queues import QueueSettings
from infra.schedule import JobSettings
from tests.deploy.cloud import FakeCloud
from tests.deploy.discovery import problems
from tests.deploy.linting import in_markdown, refused, require_gcloud

PROJECT = Project("acme-prod", "123456789012", "us-central1")
QUEUE = QueueSettings(
    max_dispatches_per_second=20,
    max_concurrent_dispatches=10,
    max_attempts=8,
    min_backoff_seconds=5,
    max_backoff_seconds=600,
    max_doublings=7,
)
JOB = JobSettings(cron="17 3 * * *", attempt_deadline_seconds=300)
DOCUMENTS = [
    path
    for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"))
    if "gcloud" in path.read_text()
]


def with_background() -> list[Part]:
    """A function that queues, stores and signs, a private one, a queue and a job."""
    every = manifest()
    auth = every.named("auth").model_copy(
        update={"queues": ("mail",), "buckets": ("avatars",), "signs": True}
    )
    tasks = every.named("health").model_copy(update={"name": "tasks", "paths": ()})
    others = tuple(
        each.model_copy(update={"queues": (), "buckets": (), "signs": False})
        for each in every.functions
        if each.name not in {"auth", "tasks"}
    )
    changed = every.model_copy(update={"functions": (*others, auth, tasks)})
    return list(parts(changed, PROJECT, {"mail": QUEUE}, {"purge": JOB}))


def kept(title: str) -> Kept:
    return next(p for p in with_background() if isinstance(p, Kept) and p.title == title)


def test_gcloud_accepts_every_command_of_a_deployment(deployed: FakeCloud, tmp_path: Path) -> None:
    """All that were run, by both engines, with canaries, rollbacks and repairs."""
    require_gcloud()

    def meddle(state: dict) -> None:
        for name in ("auth", "docs"):
            state["run"][name]["spec"]["template"]["spec"]["timeoutSeconds"] = 9
        state["databases"]["(default)"]["deleteProtectionState"] = ""
        state["policies"]["secrets hash-secret"]["roles/viewer"] = ["allUsers"]

    deployed.edit(meddle)
    deployed.infra("apply", "auth", "--yes", "--canary", "10", "--engine", "run")
    deployed.infra("rollback", "--yes")
    deployed.infra("rollback", "auth", "--yes")
    deployed.infra("promote", "--yes")
    assert deployed.infra("apply", "--yes").exit_code == 0
    lines = {shlex.join(("gcloud", *words)) for words in deployed.commands()}
    said = "\n".join(sorted(lines))
    for verb in ("create", "deploy", "update-traffic", "remove-iam-policy-binding", "describe"):
        assert verb in said
    assert refused(sorted(lines), tmp_path) == {}


def test_gcloud_accepts_the_commands_of_queues_jobs_and_buckets(tmp_path: Path) -> None:
    require_gcloud()
    kinds = [part for part in with_background() if isinstance(part, Kept)]
    commands = [shown(c) for part in kinds for c in (part.describe, part.make, part.mend) if c]
    assert any("--max-doublings=7" in command for command in commands)
    assert any("scheduler jobs update http purge" in command for command in commands)
    assert refused(commands, tmp_path) == {}


def test_gcloud_refuses_a_misspelt_command(tmp_path: Path) -> None:
    require_gcloud()
    wrong = "gcloud functions deploy auth --gen2 --memroy=512Mi"
    assert "--memroy" in refused([wrong, "gcloud run services list"], tmp_path)[wrong]


@pytest.mark.parametrize("document", DOCUMENTS, ids=[path.name for path in DOCUMENTS])
def test_gcloud_accepts_every_command_in_the_documentation(document: Path, tmp_path: Path) -> None:
    require_gcloud()
    commands = in_markdown(document.read_text())
    assert commands or "```sh" not in document.read_text() or document.name != "deployment.md"
    assert not commands or refused(commands, tmp_path) == {}


# What our files mean to Google


def test_a_queue_is_one_that_cloud_tasks_accepts() -> None:
    figures = kept("queue mail").wanted
    queue = {
        "rateLimits": {
            "maxDispatchesPerSecond": float(figures["max-dispatches-per-second"]),
            "maxConcurrentDispatches": int(figures["max-concurrent-dispatches"]),
        },
        "retryConfig": {
            "maxAttempts": int(figures["max-attempts"]),
            "minBackoff": figures["min-backoff"],
            "maxBackoff": figures["max-backoff"],
            "maxDoublings": int(figures["max-doublings"]),
        },
    }
    assert problems("cloudtasks.v2", "Queue", queue) == []
    assert kept("queue mail").read(queue) == figures, "and it is read back as it was written"


def test_a_job_is_one_that_cloud_scheduler_accepts() -> None:
    figures = kept("job purge").wanted
    address = "https://tasks-123456789012.us-central1.run.app"
    assert figures["uri"] == f"{address}/jobs/purge"
    job = {
        "schedule": figures["schedule"],
        "timeZone": figures["time-zone"],
        "attemptDeadline": figures["attempt-deadline"],
        "retryConfig": {
            "retryCount": int(figures["max-retry-attempts"]),
            "minBackoffDuration": figures["min-backoff"],
            "maxBackoffDuration": figures["max-backoff"],
        },
        "httpTarget": {
            "uri": figures["uri"],
            "httpMethod": figures["http-method"],
            "oidcToken": {
                "serviceAccountEmail": figures["oidc-service-account-email"],
                "audience": figures["oidc-token-audience"],
            },
        },
    }
    assert problems("cloudscheduler.v1", "Job", job) == []
    assert kept("job purge").read(job) == figures


def test_the_cloud_of_the_tests_answers_in_googles_shapes(deployed: FakeCloud) -> None:
    state = deployed.state()
    shapes = {
        ("run.v1", "Service"): state["run"].values(),
        ("firestore.v1", "GoogleFirestoreAdminV1Database"): state["databases"].values(),
        ("firestore.v1", "GoogleFirestoreAdminV1BackupSchedule"): state["backups"],
        ("iam.v1", "ServiceAccount"): state["accounts"].values(),
    }
    assert all(shapes.values())
    for (service, name), found in shapes.items():
        assert [problem for each in found for problem in problems(service, name, each)] == []


def test_private_functions_are_called_by_tasks_and_jobs_alone() -> None:
    policies = {part.title: part for part in with_background() if not isinstance(part, Kept)}
    domain = "acme-prod.iam.gserviceaccount.com"
    assert policies["callers of tasks"].wanted == {
        ("roles/run.invoker", f"serviceAccount:task-invoker@{domain}"),
        ("roles/run.invoker", f"serviceAccount:job-invoker@{domain}"),
    }
    assert policies["callers of docs"].wanted == {("roles/run.invoker", "allUsers")}
    assert policies["rights on queue mail"].wanted == {
        ("roles/cloudtasks.enqueuer", f"serviceAccount:fn-auth@{domain}")
    }
    assert policies["rights on account task-invoker"].wanted == {
        ("roles/iam.serviceAccountUser", f"serviceAccount:fn-auth@{domain}")
    }
    assert policies["rights on account fn-auth"].wanted == {
        ("roles/iam.serviceAccountUser", f"serviceAccount:deployer@{domain}"),
        ("roles/iam.serviceAccountTokenCreator", f"serviceAccount:fn-auth@{domain}"),
    }
    assert policies["rights on bucket avatars"].wanted == {
        ("roles/storage.objectAdmin", f"serviceAccount:fn-auth@{domain}")
    }


def test_what_the_log_of_the_fake_holds_is_what_was_asked(deployed: FakeCloud) -> None:
    """Else the first test of this file would check nothing."""
    assert len({json.dumps(words) for words in deployed.commands()}) > 50
