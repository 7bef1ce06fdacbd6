"""Everything in the cloud that the manifest asks for, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from infra.deploy.environment import Project
from infra.deploy.gcloud import Command, ask
from infra.deploy.leftovers import OldFunctions, OldJobs
from infra.deploy.manifest import TASKS, Manifest
from infra.deploy.rights import bucket_id, callers, policies, secret_id
from infra.deploy.steps import Kept, Part, Stage, Step
from infra.queues import QueueSettings
from infra.schedule import JobSettings

SERVICES = (
    "artifactregistry", "cloudbuild", "cloudfunctions", "cloudresourcemanager", "cloudscheduler",
    "cloudtasks", "firebase", "firebasehosting", "firebaserules", "firebasestorage", "firestore",
    "iam", "iamcredentials", "identitytoolkit", "run", "secretmanager", "storage",
)  # fmt: skip
"""Google's services, without `.googleapis.com`."""
DATABASE = "(default)"
BACKUP_DAYS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class SwitchedOn:
    """The services of Google the project uses."""

    project: Project
    stage: Stage = Stage.SERVICES
    title: str = "services"

    def look(self) -> Step:
        here = (f"--project={self.project.id}",)
        listed = ask(("services", "list", "--enabled", *here)) or ()
        on = {service["config"]["name"] for service in listed}
        off = [f"{name}.googleapis.com" for name in SERVICES if f"{name}.googleapis.com" not in on]
        return Step(
            title=self.title,
            stage=self.stage,
            changes=tuple(f"+{name}" for name in off),
            commands=(("services", "enable", *off, *here),) if off else (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretValue:
    """Only a person can give a secret its value."""

    setting: str
    project: Project
    stage: Stage = Stage.RIGHTS

    @property
    def title(self) -> str:
        return f"value of secret {secret_id(self.setting)}"

    def look(self) -> Step:
        name, here = secret_id(self.setting), f"--project={self.project.id}"
        latest = ask(("secrets", "versions", "describe", "latest", f"--secret={name}", here))
        add = f"gcloud secrets versions add {name} --data-file=- {here}"
        missing = f"{self.setting} has no value yet. Pipe one into: {add}"
        blocked = "" if latest and latest.get("state") == "ENABLED" else missing
        return Step(title=self.title, stage=self.stage, blocked=blocked)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backups:
    """A backup every day, beside the seven days any moment of which can be restored."""

    project: Project
    stage: Stage = Stage.RIGHTS
    title: str = "daily backups"

    def look(self) -> Step:
        words = ("firestore", "backups", "schedules")
        where = (f"--database={DATABASE}", f"--project={self.project.id}")
        if any("dailyRecurrence" in each for each in ask((*words, "list", *where)) or ()):
            return Step(title=self.title, stage=self.stage)
        kept = ("--recurrence=daily", f"--retention={BACKUP_DAYS}d")
        command = (*words, "create", *where, *kept)
        return Step(title=self.title, stage=self.stage, changes=("new",), commands=(command,))


def parts(
    manifest: Manifest,
    project: Project,
    queues: Mapping[str, QueueSettings],
    jobs: Mapping[str, JobSettings],
) -> Iterator[Part]:
    """All but the functions themselves and the edge, in no order."""
    yield SwitchedOn(project=project)
    for name in manifest.accounts:
        yield _account(name, project)
    yield _database(manifest, project)
    yield Backups(project=project)
    for setting in manifest.used("secrets"):
        yield _secret(secret_id(setting), project)
        yield SecretValue(setting=setting, project=project)
    for bucket in manifest.used("buckets"):
        yield _bucket(bucket_id(project, bucket), project)
    for name, queue in queues.items():
        yield _queue(name, queue, project)
    for name, job in jobs.items():
        yield _job(name, job, project, project.email(manifest.invokers.jobs))
    yield OldFunctions(project=project, known=frozenset(each.name for each in manifest.functions))
    yield OldJobs(project=project, known=frozenset(jobs))
    yield from policies(manifest, project, tuple(queues))
    yield from callers(manifest, project)


def _account(name: str, project: Project) -> Kept:
    words, here = ("iam", "service-accounts"), f"--project={project.id}"
    return Kept(
        title=f"account {name}",
        stage=Stage.GROUND,
        describe=(*words, "describe", project.email(name), here),
        wanted={},
        read=lambda _: {},
        make=(*words, "create", name, f"--display-name=HypertroQ {name}", here),
    )


def _database(manifest: Manifest, project: Project) -> Kept:
    words, where = ("firestore", "databases"), (f"--database={DATABASE}", f"--project={project.id}")
    safe = ("--delete-protection", "--enable-pitr")
    place = f"--location={manifest.place.database_location}"
    return Kept(
        title="database",
        stage=Stage.GROUND,
        describe=(*words, "describe", *where),
        wanted={
            "delete protection": "DELETE_PROTECTION_ENABLED",
            "recovery": "POINT_IN_TIME_RECOVERY_ENABLED",
        },
        read=lambda found: {
            "delete protection": found.get("deleteProtectionState", ""),
            "recovery": found.get("pointInTimeRecoveryEnablement", ""),
        },
        make=(*words, "create", *where, place, "--type=firestore-native", *safe),
        mend=(*words, "update", *where, *safe),
    )


def _secret(name: str, project: Project) -> Kept:
    here = f"--project={project.id}"
    return Kept(
        title=f"secret {name}",
        stage=Stage.GROUND,
        describe=("secrets", "describe", name, here),
        wanted={},
        read=lambda _: {},
        make=("secrets", "create", name, "--replication-policy=automatic", here),
    )


def _bucket(name: str, project: Project) -> Kept:
    words, url = ("storage", "buckets"), f"gs://{name}"
    where = (f"--location={project.region}", f"--project={project.id}")
    closed = ("--uniform-bucket-level-access", "--public-access-prevention")
    return Kept(
        title=f"bucket {name}",
        stage=Stage.GROUND,
        describe=(*words, "describe", url),
        wanted={"uniform access": "True", "public access": "enforced"},
        read=lambda found: {
            "uniform access": str(found.get("uniform_bucket_level_access", "")),
            "public access": found.get("public_access_prevention", ""),
        },
        make=(*words, "create", url, *where, *closed),
        mend=(*words, "update", url, *closed),
    )


def _queue(name: str, queue: QueueSettings, project: Project) -> Kept:
    words = ("tasks", "queues")
    where = (f"--location={project.region}", f"--project={project.id}")
    wanted = {
        "max-dispatches-per-second": f"{queue.max_dispatches_per_second:g}",
        "max-concurrent-dispatches": str(queue.max_concurrent_dispatches),
        "max-attempts": str(queue.max_attempts),
        "min-backoff": f"{queue.min_backoff_seconds}s",
        "max-backoff": f"{queue.max_backoff_seconds}s",
        "max-doublings": str(queue.max_doublings),
    }
    flags = tuple(f"--{flag}={value}" for flag, value in wanted.items())
    return Kept(
        title=f"queue {name}",
        stage=Stage.GROUND,
        describe=(*words, "describe", name, *where),
        wanted=wanted,
        read=_queue_figures,
        make=(*words, "create", name, *flags, *where),
        mend=(*words, "update", name, *flags, *where),
    )


def _queue_figures(found: Any) -> dict[str, str]:
    rates, retries = found.get("rateLimits", {}), found.get("retryConfig", {})
    return {
        "max-dispatches-per-second": f"{rates.get('maxDispatchesPerSecond', 0):g}",
        "max-concurrent-dispatches": str(rates.get("maxConcurrentDispatches", "")),
        "max-attempts": str(retries.get("maxAttempts", "")),
        "min-backoff": retries.get("minBackoff", ""),
        "max-backoff": retries.get("maxBackoff", ""),
        "max-doublings": str(retries.get("maxDoublings", "0")),
    }


def _job(name: str, job: JobSettings, project: Project, invoker: str) -> Kept:
    words, address = ("scheduler", "jobs"), project.address(TASKS)
    where: Command = (f"--location={project.region}", f"--project={project.id}")
    wanted = {
        "schedule": job.cron,
        "time-zone": job.time_zone,
        "uri": f"{address}/jobs/{name}",
        "http-method": "POST",
        "oidc-service-account-email": invoker,
        "oidc-token-audience": address,
        "attempt-deadline": f"{job.attempt_deadline_seconds}s",
        "max-retry-attempts": str(job.max_retry_attempts),
        "min-backoff": f"{job.min_backoff_seconds}s",
        "max-backoff": f"{job.max_backoff_seconds}s",
    }
    flags = tuple(f"--{name}={value}" for name, value in wanted.items())
    return Kept(
        title=f"job {name}",
        stage=Stage.JOBS,
        describe=(*words, "describe", name, *where),
        wanted=wanted,
        read=_job_figures,
        make=(*words, "create", "http", name, *flags, *where),
        mend=(*words, "update", "http", name, *flags, *where),
    )


def _job_figures(found: Any) -> dict[str, str]:
    target = found.get("httpTarget", {})
    token, retries = target.get("oidcToken", {}), found.get("retryConfig", {})
    return {
        "schedule": found.get("schedule", ""),
        "time-zone": found.get("timeZone", ""),
        "uri": target.get("uri", ""),
        "http-method": target.get("httpMethod", ""),
        "oidc-service-account-email": token.get("serviceAccountEmail", ""),
        "oidc-token-audience": token.get("audience", ""),
        "attempt-deadline": found.get("attemptDeadline", ""),
        "max-retry-attempts": str(retries.get("retryCount", 0)),
        "min-backoff": retries.get("minBackoffDuration", ""),
        "max-backoff": retries.get("maxBackoffDuration", ""),
    }
