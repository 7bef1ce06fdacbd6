"""The embedded Firestore server: starts, resets, stops."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from infra.local.firestore.engine import Engine
from infra.local.firestore.indexes import IndexFile
from infra.local.firestore.service import firestore_handlers
from infra.local.firestore.store import Store
from infra.local.firestore.transactions import Transactions

# A listener occupies a thread as long as it is open.
_THREADS = 64
_MAX_REQUEST = 11 * 1024 * 1024  # production's 10 MiB, and some room for the envelope


class FirestoreServer:
    """Listens on 127.0.0.1 without encryption.

    `data` is the SQLite file that keeps documents across restarts, memory only without it;
    `indexes` the firestore.indexes.json to enforce (OSError or ValueError when it cannot be
    read), every query is accepted without it; port 0 takes a free one.
    """

    def __init__(
        self, data: Path | None = None, indexes: Path | None = None, port: int = 0
    ) -> None:
        index_file = IndexFile(indexes) if indexes else None
        self._store = Store(data)
        self._engine = Engine(self._store, Transactions(self._store), index_file)
        self._port = port
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="firestore")
        self._server = grpc.server(
            self._threads,
            options=[
                # Two servers on one port would share its requests.
                ("grpc.so_reuseport", 0),
                ("grpc.max_receive_message_length", _MAX_REQUEST),
            ],
        )
        self._server.add_generic_rpc_handlers((firestore_handlers(self._engine),))

    @property
    def address(self) -> str:
        """host:port, for FIRESTORE_EMULATOR_HOST; the port is known once started."""
        return f"127.0.0.1:{self._port}"

    def start(self) -> None:
        """Raises RuntimeError when the port is taken."""
        self._port = self._server.add_insecure_port(self.address)
        self._server.start()

    def reset(self) -> None:
        """Drops every document of every project and database, also on disk."""
        with self._store.lock:
            self._engine.transactions.clear()
            self._store.reset()

    def stop(self) -> None:
        """Cuts open streams and closes the file."""
        self._server.stop(grace=None).wait()
        self._threads.shutdown(wait=False)
        with self._store.lock:
            self._store.close()
