"""The thread that starts each task when it is due, and what follows from its answer."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import grpc

from infra.local.signer import Signer
from infra.local.tasks.delivery import Attempt, Delivery
from infra.local.tasks.messages import retry_policy, seconds, set_time
from infra.local.tasks.queues import PendingTask, Queue
from infra.local.tasks.registry import Registry

# Attempts under way at once over all queues: one thread each.
MOST_ATTEMPTS = 64
# A token is never waited for in shorter steps than this, seconds.
SHORTEST_WAIT = 0.001


class Dispatcher:
    def __init__(self, registry: Registry, signer: Signer) -> None:
        self._registry = registry
        self._delivery = Delivery(signer)
        self._running = 0
        self._stopping = False
        self._attempts = ThreadPoolExecutor(MOST_ATTEMPTS, thread_name_prefix="tasks-attempt")
        self._thread = threading.Thread(target=self._loop, name="tasks-dispatcher", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End every thread; attempts under way are cut off and their tasks stay pending."""
        with self._registry.changed:
            self._stopping = True
            self._registry.changed.notify_all()
        if self._thread.is_alive():
            self._thread.join()
        # An attempt that had not opened its connection yet is cut in the next round.
        with self._registry.changed:
            while self._running:
                self._delivery.cut()
                self._registry.changed.wait(0.05)
        self._attempts.shutdown()

    def cut(self) -> None:
        """Make the attempts under way fail at once."""
        self._delivery.cut()

    def run(self, queue: Queue, task: PendingTask) -> None:
        """Dispatch now, whatever the limits and the state of the queue; caller holds the lock."""
        task.entry = None
        set_time(task.message.schedule_time, time.time())
        self._begin(queue, task)

    def drain(self, timeout: float) -> None:
        """Wait until nothing is due and nothing is under way; raises TimeoutError."""
        with self._registry.changed:
            if not self._registry.changed.wait_for(self._is_idle, timeout):
                raise TimeoutError(f"tasks are still due or under way after {timeout} s")

    def _is_idle(self) -> bool:
        now = time.time()
        return not self._running and not any(
            queue.has_due(now) for queue in self._registry.queues.values()
        )

    def _loop(self) -> None:
        with self._registry.changed:
            while not self._stopping:
                self._registry.changed.wait(self._start_due())

    def _start_due(self) -> float | None:
        """Start what may start; seconds until more can, None when only a change can bring it."""
        waits: list[float] = []
        for queue in self._registry.queues.values():
            while self._running < MOST_ATTEMPTS:
                task = queue.take(time.time())
                if task is None:
                    break
                self._begin(queue, task)
            if (wait := queue.wait(time.time())) is not None:
                waits.append(max(wait, SHORTEST_WAIT))
        if self._running >= MOST_ATTEMPTS:
            return None
        return min(waits, default=None)

    def _begin(self, queue: Queue, task: PendingTask) -> None:
        message = task.message
        message.dispatch_count += 1
        message.last_attempt.Clear()
        message.last_attempt.schedule_time.CopyFrom(message.schedule_time)
        set_time(message.last_attempt.dispatch_time, time.time())
        if message.dispatch_count == 1:
            message.first_attempt.dispatch_time.CopyFrom(message.last_attempt.dispatch_time)
        self._registry.save_task(task)
        queue.running += 1
        self._running += 1
        self._attempts.submit(self._attempt, queue, task, Attempt(task))

    def _attempt(self, queue: Queue, task: PendingTask, attempt: Attempt) -> None:
        status = self._delivery.send(attempt)
        with self._registry.changed:
            queue.running -= 1
            self._running -= 1
            # Deleted or purged tasks are out of their queue; a stopped server tries again later.
            if queue.tasks.get(task.message.name) is task and not self._stopping:
                self._settle(queue, task, status)
            self._registry.changed.notify_all()

    def _settle(self, queue: Queue, task: PendingTask, status: int) -> None:
        now = time.time()
        message = task.message
        policy = retry_policy(message, queue.message)
        elapsed = now - seconds(message.first_attempt.dispatch_time)
        if 200 <= status < 300 or policy.gives_up(message.dispatch_count, elapsed):
            self._registry.remove_task(queue, message.name)
            return
        if status:
            message.response_count += 1
            task.executions += status < 500
            set_time(message.last_attempt.response_time, now)
        task.previous_status = status
        code = grpc.StatusCode.UNKNOWN if status else grpc.StatusCode.UNAVAILABLE
        message.last_attempt.response_status.code = code.value[0]
        message.last_attempt.response_status.message = f"HTTP status code {status or 'missing'}"
        set_time(message.schedule_time, now + policy.interval(message.dispatch_count))
        self._registry.schedule(queue, task)
