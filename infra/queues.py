"""The Cloud Tasks queues of queues.toml."""

import tomllib
from pathlib import Path
from typing import Annotated

from pydantic import ConfigDict, Field, TypeAdapter

from shared.models.base import Model

FILE = Path(__file__).with_name("queues.toml")


class QueueSettings(Model):
    """How fast a queue delivers and how it tries again, in Cloud Tasks' own terms."""

    model_config = ConfigDict(extra="forbid")

    max_dispatches_per_second: Annotated[float, Field(gt=0, le=500)]
    max_concurrent_dispatches: Annotated[int, Field(gt=0, le=5_000)]
    max_attempts: Annotated[int, Field(gt=0, le=100)]
    min_backoff_seconds: Annotated[int, Field(gt=0)]
    max_backoff_seconds: Annotated[int, Field(gt=0)]
    max_doublings: Annotated[int, Field(ge=0, le=16)]


_ALL = TypeAdapter(dict[str, QueueSettings])


def queues() -> dict[str, QueueSettings]:
    return _ALL.validate_python(tomllib.loads(FILE.read_text(encoding="utf-8")))
