"""The Cloud Tasks server: the gRPC port, the dispatcher, and what tests need of them."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from infra.local.signer import Signer
from infra.local.tasks.dispatcher import Dispatcher
from infra.local.tasks.messages import PAUSED, QueueMessage, check_settings, fill_defaults
from infra.local.tasks.registry import Registry
from infra.local.tasks.service import CloudTasks
from infra.local.tasks.store import Store

RPC_THREADS = 8
# How long a call under way may take to end when the server stops, seconds.
GRACE = 1.0


class TasksServer:
    """Listens on the loopback interface only; starts once.

    ``data`` is the SQLite file to keep queues and tasks in; ``port`` 0 takes a free one.
    """

    def __init__(self, signer: Signer, data: Path | None = None, port: int = 0) -> None:
        self._registry = Registry(Store(data))
        self._dispatcher = Dispatcher(self._registry, signer)
        self._threads = ThreadPoolExecutor(RPC_THREADS, thread_name_prefix="tasks-rpc")
        # Two servers on one port would share its calls instead of failing.
        self._grpc = grpc.server(self._threads, options=[("grpc.so_reuseport", 0)])
        self._grpc.add_generic_rpc_handlers(
            (CloudTasks(self._registry, self._dispatcher).handler(),)
        )
        self._port = port

    def start(self) -> None:
        """Raises RuntimeError when the port is taken."""
        self._port = self._grpc.add_insecure_port(f"127.0.0.1:{self._port}")
        self._grpc.start()
        self._dispatcher.start()

    @property
    def address(self) -> str:
        """``host:port``, known once started."""
        return f"127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Ends every thread; attempts under way are cut off and their tasks stay pending."""
        self._grpc.stop(GRACE).wait()
        self._threads.shutdown()
        self._dispatcher.stop()
        self._registry.close()

    def keep_queue(self, message: QueueMessage) -> None:
        """Have this queue with these settings, tasks and all."""
        check_settings(message)
        fill_defaults(message)
        with self._registry.changed:
            self._registry.put_queue(message)

    def pause(self) -> None:
        """Deliver nothing: for whoever plays Cloud Tasks themselves."""
        with self._registry.changed:
            for queue in self._registry.queues.values():
                self._registry.set_state(queue, PAUSED)

    def pending(self) -> int:
        """Tasks not yet done, under way ones included."""
        with self._registry.changed:
            return sum(len(queue.tasks) for queue in self._registry.queues.values())

    def drain(self, timeout: float) -> None:
        """Wait until nothing is due or under way; raises TimeoutError after ``timeout`` seconds.

        Tasks scheduled for later, retries included, and tasks of paused queues do not count.
        """
        self._dispatcher.drain(timeout)

    def run_due_now(self) -> None:
        """Make every task that waits for its time due at once, retries included."""
        with self._registry.changed:
            self._registry.make_all_due()

    def reset(self) -> None:
        """Forget every task and every finished name; the queues stay and run.

        Attempts under way are cut off and their answers no longer count.
        """
        with self._registry.changed:
            self._registry.reset()
        self._dispatcher.cut()
