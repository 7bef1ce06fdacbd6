"""Resource names: ``projects/P/locations/L/queues/Q/tasks/T`` and its prefixes."""

import re

from infra.local.tasks.refusals import invalid

# Alphabets and lengths are those of the Queue.name and Task.name reference.
LOCATION = re.compile(r"projects/[A-Za-z0-9:.-]+/locations/[A-Za-z0-9-]+")
QUEUE = re.compile(LOCATION.pattern + r"/queues/[A-Za-z0-9-]{1,100}")
TASK = re.compile(QUEUE.pattern + r"/tasks/[A-Za-z0-9_-]{1,500}")


def check_location(name: str) -> str:
    return _check(LOCATION, "location", name)


def check_queue(name: str) -> str:
    return _check(QUEUE, "queue", name)


def check_task(name: str) -> str:
    return _check(TASK, "task", name)


def parent(name: str) -> str:
    """The queue of a task, or the location of a queue."""
    return name.rsplit("/", 2)[0]


def last(name: str) -> str:
    """The part after the last slash: what a person calls the queue or the task."""
    return name.rsplit("/", 1)[1]


def _check(pattern: re.Pattern[str], kind: str, name: str) -> str:
    if not pattern.fullmatch(name):
        raise invalid(f"{name!r} is not the name of a {kind}.")
    return name
