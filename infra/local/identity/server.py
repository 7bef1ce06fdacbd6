"""The identity server: start, address, reset, stop."""

import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path

from infra.local.identity.database import Database
from infra.local.identity.lockout import Lockout
from infra.local.identity.project import Project
from infra.local.identity.routes import Router
from infra.local.json_server import JsonServer, Reply, Request
from infra.local.refusals import Refused
from infra.local.signer import Signer

_CACHED = {"Cache-Control": "public, max-age=3600"}
_NOT_CACHED = {"Cache-Control": "no-store"}


class IdentityServer:
    """Listens on loopback from its construction, answers from `start` to `stop`.

    `data` is an SQLite file that keeps everything but failed sign-ins; without it the state
    lives in memory. `now` is in seconds since 1970.
    """

    def __init__(
        self,
        project: str,
        signer: Signer,
        data: Path | None = None,
        port: int = 0,
        *,
        lockout_threshold: int = 100,
        lockout_window: float = 300.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        self._signer = signer
        self._database = Database(data)
        self._lockout = (lockout_threshold, lockout_window)
        self._now = now
        self._router = Router(project, self._new_project)
        self._requests = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        try:
            self._http = JsonServer(port, self._answer)
        except BaseException:
            self._database.close()
            raise
        self.address = f"127.0.0.1:{self._http.server_port}"
        self.certificates_url = f"http://{self.address}/certs"

    @property
    def requests(self) -> int:
        """How many requests have come in since the server was made."""
        return self._requests

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self._http.serve_forever,
            # How often the loop looks whether it should end: what `stop` waits for.
            kwargs={"poll_interval": 0.02},
            name="identity",
            daemon=True,
        )
        self._thread.start()

    def reset(self) -> None:
        """Forget every project: accounts, sign-ins, codes, settings and failures."""
        self._database.clear()
        self._router.forget()

    def stop(self) -> None:
        """Also ends open connections. May be called twice, or without a start."""
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
            self._thread = None
        self._http.server_close()
        self._http.hang_up()
        self._database.close()

    def _new_project(self, name: str) -> Project:
        return Project(
            name,
            signer=self._signer,
            database=self._database,
            base=f"http://{self.address}",
            now=self._now,
            lockout=Lockout(*self._lockout, self._now),
        )

    def _answer(self, request: Request) -> Reply:
        with self._lock:
            self._requests += 1
        if request.method == "OPTIONS":
            return 200, {}, _NOT_CACHED
        if request.method in {"GET", "HEAD"}:
            if request.path == "/":
                return 200, {"authEmulator": {"ready": True}}, _NOT_CACHED
            if request.path == "/certs":
                return 200, dict(self._signer.certificates()), _CACHED
        try:
            return 200, self._router.answer(request), _NOT_CACHED
        except Refused as refused:
            return refused.status, refused.body(), _NOT_CACHED
        except Exception:  # noqa: BLE001 - a fault of this server must reach the client as JSON
            traceback.print_exc()
            return 500, Refused("INTERNAL_ERROR", status=500).body(), _NOT_CACHED
