"""A program of somebody else's that serves HTTP on a loopback port and never outlives us."""

import atexit
import os
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http import HTTPStatus
from pathlib import Path
from typing import IO, Any

import httpx

HOST = "127.0.0.1"
# A loaded machine takes several times as long as a quiet one.
READY_SECONDS = 90.0
POLL_SECONDS = 0.02
# Another process may take a free port between our look and the program's start.
PORT_TRIES = 3
ANSWER_SECONDS = 60.0
SAID_BYTES = 2_000


class Program:
    """`command` makes the command line for a port and the directory it will run in.

    It runs in a process group of its own; the directory is a temporary one. It is ready when
    `ready`, a path, answers 200; whatever goes wrong is raised as `failure`.
    """

    def __init__(
        self,
        name: str,
        command: Callable[[int, Path], Sequence[str]],
        failure: type[RuntimeError],
        ready: str = "/",
    ) -> None:
        self._name = name
        self._command = command
        self._failure = failure
        self._ready = ready
        self._port = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._log: IO[bytes] | None = None
        self._http: httpx.Client | None = None

    @property
    def port(self) -> int:
        """Known once started; 0 before."""
        return self._port

    @property
    def address(self) -> str:
        """host:port, known once started."""
        return f"{HOST}:{self._port}"

    @property
    def process_id(self) -> int | None:
        """Also its process group's id; None while it does not run."""
        return self._process.pid if self._process else None

    def start(self, port: int = 0) -> None:
        """Returns once the program answers on `port`, or on a free one for 0.

        Raises the failure when it does not, or when the port is taken.
        """
        try:
            self._start(port)
        except BaseException:
            self.stop()
            raise

    def call(self, method: str, path: str, **request: Any) -> Any:
        """The JSON that the program answers; raises the failure for anything but success."""
        return self._request(method, path, **request).json()

    def stop(self) -> None:
        """End the whole process group at once: whatever is worth keeping was asked for before.

        Does nothing when it is stopped already.
        """
        atexit.unregister(self.stop)
        if self._watch is not None:
            # Before the program's end: its process id may belong to another one after it.
            self._watch.kill()
            self._watch.communicate()
            self._watch = None
        if self._process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        if self._http is not None:
            self._http.close()
            self._http = None
        if self._log is not None:
            self._log.close()
            self._log = None
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _start(self, port: int) -> None:
        for _ in range(1 if port else PORT_TRIES):
            self._port = self._free_port(port)
            self._launch()
            if self._comes_up():
                return
            said = self._said()
            self.stop()
        raise self._failure(f"{self._name} does not start: {said}")

    def _launch(self) -> None:
        atexit.register(self.stop)
        self._folder = tempfile.TemporaryDirectory(prefix="program-", ignore_cleanup_errors=True)
        here = self._folder.name
        # Calls to this machine must not go through a proxy.
        self._http = httpx.Client(trust_env=False, timeout=ANSWER_SECONDS)
        # A file, not a pipe: nobody reads along, and a full pipe would block the program.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - closed in stop()
        self._process = subprocess.Popen(  # noqa: S603 - no shell
            self._command(self._port, Path(here)),
            cwd=here,
            # Debug logs, lock files and remembered settings go away with the directory.
            env={**os.environ, "TMPDIR": here, "XDG_CONFIG_HOME": here},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        # Its input ends when this process does, however that happens: nothing is left behind.
        script = 'read -r _; kill -9 "-$1"; rm -rf "$2"'
        self._watch = subprocess.Popen(  # noqa: S603 - a constant script
            ["/bin/sh", "-c", script, "sh", str(self._process.pid), here],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def _comes_up(self) -> bool:
        """Wait for an answer; False when the program ended by itself, as on a taken port."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            if self._answers():
                return True
            time.sleep(POLL_SECONDS)
        raise self._failure(f"{self._name} did not answer within {READY_SECONDS:.0f} s.")

    def _answers(self) -> bool:
        try:
            self._request("GET", self._ready, timeout=5)
        except self._failure:
            return False
        return True

    def _request(self, method: str, path: str, **request: Any) -> httpx.Response:
        called = f"{method} {path}"
        if self._http is None:
            raise self._failure(f"{self._name} does not run: {called}")
        try:
            answer = self._http.request(method, f"http://{self.address}{path}", **request)
        except httpx.HTTPError as error:
            raise self._failure(f"{self._name} does not answer {called}: {error}") from error
        if answer.status_code != HTTPStatus.OK:
            raise self._failure(
                f"{self._name} refuses {called}: {answer.status_code} {answer.text[:SAID_BYTES]}"
            )
        return answer

    def _said(self) -> str:
        if self._log is None:
            return "it said nothing"
        self._log.seek(0)
        return self._log.read(SAID_BYTES).decode(errors="replace").strip()

    def _free_port(self, port: int) -> int:
        """A port nobody listens on: this one unless it is 0."""
        with socket.socket() as probe:
            # Connections of a program that just ended do not keep its port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError as error:
                raise self._failure(f"Port {port} is taken: {error}.") from error
            free: int = probe.getsockname()[1]
        return free
