"""The Cloud Scheduler jobs of schedule.toml."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, StringConstraints, TypeAdapter

from shared.models.base import Model

FILE = Path(__file__).with_name("schedule.toml")
FIELD = r"[0-9*,/-]+"


class JobSettings(Model):
    """When a job runs and how it is tried again, in Cloud Scheduler's own terms."""

    model_config = ConfigDict(extra="forbid")

    cron: Annotated[str, StringConstraints(pattern=rf"^{FIELD}( {FIELD}){{4}}$")]
    """Minute, hour, day, month, day of the week."""
    time_zone: str = "Etc/UTC"
    max_retry_attempts: Annotated[int, Field(ge=0, le=5)] = 5
    min_backoff_seconds: Annotated[int, Field(gt=0)] = 20
    """Doubled with each attempt: the last one comes when the lease of a run that died is over."""
    max_backoff_seconds: Annotated[int, Field(gt=0)] = 300
    attempt_deadline_seconds: Annotated[int, Field(ge=15, le=1_800)] = 600


_ALL = TypeAdapter(dict[str, JobSettings])


def schedule() -> dict[str, JobSettings]:
    """Every job by the name it has below /tasks/jobs."""
    return _ALL.validate_python(tomllib.loads(FILE.read_text(encoding="utf-8")))
