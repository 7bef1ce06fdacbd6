"""One queue's timetable, with the time given: what may start when, and how long to sleep."""

from infra.local.tasks.messages import PAUSED, fill_defaults
from infra.local.tasks.messages import Queue as QueueProto
from infra.local.tasks.messages import Task as TaskProto
from infra.local.tasks.queues import PendingTask, Queue


def queue_of(*due: int, per_second: float = 500, at_once: int = 10) -> Queue:
    """A queue made at 1,000 s with a task due at each of the times, named after it."""
    message = QueueProto(name="q")
    message.rate_limits.max_dispatches_per_second = per_second
    message.rate_limits.max_concurrent_dispatches = at_once
    fill_defaults(message)
    queue = Queue(message, now=1_000)
    for at in due:
        task = PendingTask(TaskProto(name=f"q/tasks/{at}"))
        task.message.schedule_time.seconds = at
        queue.schedule(task)
    return queue


def taken(queue: Queue, now: float) -> str | None:
    task = queue.take(now)
    return task.message.name if task else None


def test_tasks_start_in_the_order_of_their_times_and_not_before() -> None:
    queue = queue_of(1_020, 1_010)
    assert queue.wait(1_004) == 6  # 1,010 - 1,004
    assert taken(queue, 1_009) is None
    assert taken(queue, 1_030) == "q/tasks/1010"
    assert taken(queue, 1_030) == "q/tasks/1020"
    assert taken(queue, 1_030) is None


def test_an_empty_queue_waits_for_a_change() -> None:
    assert queue_of().wait(1_000) is None


def test_a_queue_without_a_token_waits_for_one() -> None:
    """2 a second: a burst of 2, then one token each 0.5 s."""
    queue = queue_of(1_001, 1_002, 1_003, per_second=2)
    assert taken(queue, 1_010) == "q/tasks/1001"
    assert taken(queue, 1_010) == "q/tasks/1002"
    assert taken(queue, 1_010) is None
    assert queue.wait(1_010) == 0.5
    assert queue.has_due(1_010)
    assert taken(queue, 1_010.5) == "q/tasks/1003"


def test_a_queue_at_its_most_concurrent_waits_for_a_change() -> None:
    queue = queue_of(1_001, at_once=1)
    queue.running = 1
    assert queue.wait(1_010) is None
    assert taken(queue, 1_010) is None


def test_a_paused_queue_has_nothing_due_and_waits_for_a_change() -> None:
    queue = queue_of(1_001)
    queue.message.state = PAUSED
    assert queue.wait(1_010) is None
    assert not queue.has_due(1_010)


def test_a_task_scheduled_again_starts_once_at_the_new_time() -> None:
    queue = queue_of(1_001)
    task = queue.tasks["q/tasks/1001"]
    task.message.schedule_time.seconds = 1_005
    queue.schedule(task)
    assert queue.wait(1_001) == 4  # 1,005 - 1,001
    assert taken(queue, 1_010) == "q/tasks/1001"
    assert taken(queue, 1_010) is None


def test_a_removed_task_does_not_start() -> None:
    queue = queue_of(1_001)
    queue.remove("q/tasks/1001", now=1_000)
    assert taken(queue, 1_010) is None


def test_a_name_is_free_an_hour_after_its_task_ended() -> None:
    queue = queue_of(1_001, 1_002)
    queue.remove("q/tasks/1001", now=1_000)
    # 1,000 s + 3,600 s = 4,600 s
    assert queue.remembers("q/tasks/1001", now=4_599)
    assert not queue.remembers("q/tasks/1001", now=4_600)
    queue.remove("q/tasks/1002", now=4_600)
    assert list(queue.tombstones) == ["q/tasks/1002"]
