"""Queues and jobs: what Cloud Tasks and Cloud Scheduler deliver, as their files say."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, TypeAdapter

from infra.deploy.manifest import ROOT, Name
from infra.deploy.strict import Strict

QUEUES = ROOT / "infra" / "queues.toml"
JOBS = ROOT / "infra" / "schedule.toml"
TASKS = "tasks"
"""The function that does background work."""


class Queue(Strict):
    """How fast a queue delivers and how it tries again, in Cloud Tasks' own terms."""

    max_dispatches_per_second: float = Field(gt=0, le=500)
    max_concurrent_dispatches: int = Field(gt=0, le=5_000)
    max_attempts: int = Field(gt=0, le=100)
    min_backoff_seconds: int = Field(gt=0)
    max_backoff_seconds: int = Field(gt=0)
    max_doublings: int = Field(ge=0, le=16)


class Job(Strict):
    """What Cloud Scheduler calls, and when."""

    schedule: Annotated[str, StringConstraints(pattern=r"^\S+( \S+){4}$")]
    """Five fields, as cron has them."""
    time_zone: str = "UTC"
    deadline_seconds: int = Field(ge=15, le=1800)
    """A run that takes longer counts as failed."""
    path: Annotated[str, StringConstraints(pattern=r"^/[\w/-]+$")]
    """Below the tasks function's own address."""
    retries: int = Field(3, ge=0, le=5)


_QUEUES = TypeAdapter(dict[Name, Queue])
_JOBS = TypeAdapter(dict[Name, Job])


def queues(file: Path = QUEUES) -> dict[str, Queue]:
    """By name; raises pydantic's ValidationError."""
    return _QUEUES.validate_python(_tables(file))


def jobs(file: Path = JOBS) -> dict[str, Job]:
    """By name; raises pydantic's ValidationError."""
    return _JOBS.validate_python(_tables(file).get("jobs", {}))


def _tables(file: Path) -> dict[str, Any]:
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
