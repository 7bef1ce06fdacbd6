"""One queue: its pending tasks, its timetable, its limits and the names it remembers."""

import heapq
import itertools
from dataclasses import dataclass

from infra.local.tasks.limits import TokenBucket
from infra.local.tasks.messages import RUNNING, QueueMessage, TaskMessage, seconds

# A finished task's name stays taken for about an hour.
TOMBSTONE_SECONDS = 3_600


@dataclass(slots=True)
class PendingTask:
    """A task that is neither done nor given up; ``message`` is what the client sees of it."""

    message: TaskMessage
    # Answers other than 5xx, and the last answer's status (0 before the first one).
    executions: int = 0
    previous_status: int = 0
    # Its current entry in the timetable; None while an attempt is under way.
    entry: int | None = None


class Queue:
    """Times are seconds since 1970 and always passed in; not thread-safe."""

    def __init__(self, message: QueueMessage, now: float) -> None:
        self.message = message
        self.tasks: dict[str, PendingTask] = {}
        self.tombstones: dict[str, float] = {}
        self.running = 0
        self._timetable: list[tuple[float, int, PendingTask]] = []
        self._entries = itertools.count()
        self.apply(message, now)

    def apply(self, message: QueueMessage, now: float) -> None:
        """Put new settings into force; the token bucket starts full."""
        self.message = message
        limits = message.rate_limits
        self._bucket = TokenBucket(limits.max_dispatches_per_second, limits.max_burst_size, now)

    def remembers(self, name: str, now: float) -> bool:
        """Whether the name belongs to a pending task or to one that ended within the hour."""
        return name in self.tasks or self.tombstones.get(name, 0.0) > now

    def schedule(self, task: PendingTask) -> None:
        """Enter the task into the timetable at its message's schedule_time."""
        self.tasks[task.message.name] = task
        task.entry = next(self._entries)
        heapq.heappush(self._timetable, (seconds(task.message.schedule_time), task.entry, task))

    def remove(self, name: str, now: float) -> None:
        """Forget the task, remember its name."""
        self.tasks.pop(name).entry = None
        # The oldest come first: each was put at the end, for the same time.
        while self.tombstones and next(iter(self.tombstones.values())) <= now:
            del self.tombstones[next(iter(self.tombstones))]
        self.tombstones[name] = now + TOMBSTONE_SECONDS

    def clear(self) -> None:
        """Forget every task and every name."""
        self.tasks.clear()
        self.tombstones.clear()
        self._timetable.clear()

    def take(self, now: float) -> PendingTask | None:
        """The next task that may be dispatched now, off the timetable; uses up a token."""
        if self.wait(now) != 0 or not self._bucket.take(now):
            return None
        _, _, task = heapq.heappop(self._timetable)
        task.entry = None
        return task

    def wait(self, now: float) -> float | None:
        """Seconds until ``take`` can succeed; None when time alone will not help."""
        due = self._next_due()
        if due is None or not self._is_running:
            return None
        if self.running >= self.message.rate_limits.max_concurrent_dispatches:
            return None
        return max(0.0, due - now, self._bucket.wait(now))

    def has_due(self, now: float) -> bool:
        """Whether a task is due, held back by limits or not; a paused queue's tasks are not."""
        due = self._next_due()
        return self._is_running and due is not None and due <= now

    @property
    def _is_running(self) -> bool:
        return bool(self.message.state == RUNNING)

    def _next_due(self) -> float | None:
        while self._timetable:
            due, entry, task = self._timetable[0]
            if task.entry == entry:
                return due
            heapq.heappop(self._timetable)
        return None
