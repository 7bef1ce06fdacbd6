"""The product's queues, as the local Cloud Tasks holds them."""

from collections.abc import Iterator

from google.protobuf.duration_pb2 import Duration

from infra.local.tasks.messages import Queue, QueueMessage
from infra.queues import queues

SHORTEST_BACKOFF_SECONDS = 1
"""Whoever tries things out does not wait as long as production may."""


def queue_messages(parent: str) -> Iterator[QueueMessage]:
    """Every queue of queues.toml under this parent, quicker to try again than in production."""
    for name, settings in queues().items():
        message = Queue(name=f"{parent}/queues/{name}")
        limits, retry = message.rate_limits, message.retry_config
        limits.max_dispatches_per_second = settings.max_dispatches_per_second
        limits.max_concurrent_dispatches = settings.max_concurrent_dispatches
        retry.max_attempts = settings.max_attempts
        retry.min_backoff.CopyFrom(Duration(seconds=SHORTEST_BACKOFF_SECONDS))
        retry.max_backoff.CopyFrom(Duration(seconds=settings.max_backoff_seconds))
        retry.max_doublings = settings.max_doublings
        yield message
