"""Every queue and task of the server; each change is stored before its caller goes on."""

import threading
import time

from infra.local.tasks.messages import RUNNING, QueueMessage, set_time
from infra.local.tasks.names import parent
from infra.local.tasks.queues import PendingTask, Queue
from infra.local.tasks.refusals import missing
from infra.local.tasks.store import Store


class Registry:
    """Hold ``changed`` around every use; it is notified after each change."""

    def __init__(self, store: Store) -> None:
        self.changed = threading.Condition()
        self.queues: dict[str, Queue] = {}
        self._store = store
        now = time.time()
        for message in store.queues():
            self.queues[message.name] = Queue(message, now)
        for task in store.tasks():
            self.queues[parent(task.message.name)].schedule(task)
        for name, ends_at in store.tombstones(now):
            self.queues[parent(name)].tombstones[name] = ends_at

    def close(self) -> None:
        self._store.close()

    def queue(self, name: str) -> Queue:
        """Raises Refusal (NOT_FOUND) when there is none."""
        try:
            return self.queues[name]
        except KeyError:
            raise missing(f"There is no queue {name}.") from None

    def task(self, name: str) -> tuple[Queue, PendingTask]:
        """Raises Refusal (NOT_FOUND) when the task is not pending."""
        queue = self.queue(parent(name))
        try:
            return queue, queue.tasks[name]
        except KeyError:
            raise missing(f"There is no pending task {name}.") from None

    def put_queue(self, message: QueueMessage) -> None:
        """Create the queue or give it new settings."""
        self._store.put_queue(message)
        if message.name in self.queues:
            self.queues[message.name].apply(message, time.time())
        else:
            self.queues[message.name] = Queue(message, time.time())
        self.changed.notify_all()

    def set_state(self, queue: Queue, state: int) -> None:
        queue.message.state = state
        self._store.put_queue(queue.message)
        self.changed.notify_all()

    def purge_queue(self, queue: Queue) -> None:
        """Remove every task; their names stay taken."""
        for name in list(queue.tasks):
            self.remove_task(queue, name)
        set_time(queue.message.purge_time, time.time())
        self._store.put_queue(queue.message)

    def delete_queue(self, name: str) -> None:
        self.queue(name).clear()
        del self.queues[name]
        self._store.delete_queue(name)
        self.changed.notify_all()

    def schedule(self, queue: Queue, task: PendingTask) -> None:
        """Store the task and enter it into the timetable."""
        self._store.put_task(task)
        queue.schedule(task)
        self.changed.notify_all()

    def save_task(self, task: PendingTask) -> None:
        self._store.put_task(task)

    def remove_task(self, queue: Queue, name: str) -> None:
        """The task is done, given up or deleted: its name stays taken for an hour."""
        queue.remove(name, time.time())
        self._store.bury_task(name, queue.tombstones[name])
        self.changed.notify_all()

    def reset(self) -> None:
        """Empty every queue, names included, and let it run."""
        for name, queue in self.queues.items():
            queue.clear()
            self._store.clear_queue(name)
            self.set_state(queue, RUNNING)

    def make_all_due(self) -> None:
        """Move every waiting task's schedule_time to now."""
        now = time.time()
        for queue in self.queues.values():
            for task in queue.tasks.values():
                if task.entry is not None:
                    set_time(task.message.schedule_time, now)
                    self.schedule(queue, task)
