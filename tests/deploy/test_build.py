"""Each staged folder, built the way Google's Python buildpack does, serves in all its path forms.

The buildpack compiles everything, installs requirements.txt, runs `pip check` and starts
functions-framework. Two functions are built so from nothing, by pip. For all of them the same set
is linked from this environment into an empty one, which takes a second instead of a minute: what a
function imports, early or late, must be in it.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import distribution
from pathlib import Path

import httpx
import pytest
from packaging.utils import canonicalize_name

from infra.deploy.environment import THREADS
from infra.deploy.manifest import TARGET, manifest
from infra.deploy.smoke import probes
from infra.local.parts import Stack
from shared.http.context import Access
from tests.deploy.reach import Reach
from tests.machine import lacks

NAMES = [each.name for each in manifest().functions]
EACH = pytest.mark.parametrize("name", NAMES)
PROBES = {probe.function: probe for probe in probes(manifest())}
START_SECONDS = 60
BUILD_PARTS = """
import main
from shared.wiring import wiring
parts = wiring()
for name in {names!r}:
    getattr(parts, name)
print("built")
"""


def run(*words: str | Path, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 - our own programs
        [str(word) for word in words], capture_output=True, text=True, check=False, **options
    )


@pytest.fixture(scope="module")
def linked(staged: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """For each function an environment with the packages of its requirements.txt alone."""
    made = {}
    for name in NAMES:
        home = tmp_path_factory.mktemp(name)
        venv.create(home, symlinks=True)
        site = next((home / "lib").glob("python*")) / "site-packages"
        for line in (staged[name] / "requirements.txt").read_text().split():
            package = distribution(line.partition("==")[0])
            for file in package.files or ():
                if file.parts[0] != "..":
                    link = site / file
                    link.parent.mkdir(parents=True, exist_ok=True)
                    link.symlink_to(Path(str(package.locate_file(file))))
        script = f"#!{home / 'bin' / 'python'}\nfrom functions_framework._cli import _cli\n_cli()\n"
        (home / "bin" / "functions-framework").write_text(script)
        (home / "bin" / "functions-framework").chmod(0o755)
        made[name] = home
    return made


@contextmanager
def served(home: Path, folder: Path, environment: Mapping[str, str]) -> Iterator[httpx.Client]:
    """The folder as the buildpack's container starts it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen(  # noqa: S603 - our own program
        [home / "bin" / "functions-framework", "--host=127.0.0.1"],
        cwd=folder,
        env={
            **environment,
            "PATH": os.environ["PATH"],
            "PORT": str(port),
            "FUNCTION_TARGET": TARGET,
            THREADS: "4",
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30) as http:
            await_answer(process, http)
            yield http
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def await_answer(process: subprocess.Popen[str], http: httpx.Client) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"it ended: {process.stderr.read() if process.stderr else ''}")
        try:
            http.get("/")
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    pytest.fail("it does not answer")


def require_three_forms(http: httpx.Client, name: str) -> None:
    """Through Hosting, at the function's own address, and with the group alone before the path."""
    router = __import__(f"functions.{name}.main", fromlist=["api"]).api
    probe = PROBES[name]
    path = probe.path
    stripped = path.removeprefix("/api/v1").removeprefix(f"/{router.group}") or "/"
    forms = {path, path.removeprefix("/api/v1") or "/", stripped}
    answers = {form: http.request(probe.method, form) for form in forms}
    expected = 200 if probe.access is Access.PUBLIC else 401
    assert {form: answer.status_code for form, answer in answers.items()} == dict.fromkeys(
        forms, expected
    )
    assert all("X-Request-ID" in answer.headers for answer in answers.values())


@EACH
def test_everything_compiles(name: str, staged: Mapping[str, Path], tmp_path: Path) -> None:
    copy = shutil.copytree(staged[name], tmp_path / name)
    assert run(sys.executable, "-m", "compileall", "-f", "-q", ".", cwd=copy).returncode == 0


@EACH
def test_the_packages_agree_with_each_other(name: str, linked: dict[str, Path]) -> None:
    check = run(sys.executable, "-m", "pip", "--python", linked[name] / "bin" / "python", "check")
    assert check.returncode == 0, check.stdout + check.stderr


@EACH
def test_a_function_has_every_package_it_may_ever_load(
    name: str, linked: dict[str, Path], staged: Mapping[str, Path], stack: Stack
) -> None:
    program = BUILD_PARTS.format(names=sorted(Reach(name).parts))
    # Building the client of the file store asks it nothing.
    store = {"STORAGE_EMULATOR_HOST": "http://127.0.0.1:9"}
    environment = {**stack.environment(), **store, "PATH": os.environ["PATH"]}
    built = run(
        linked[name] / "bin" / "python", "-W", "ignore", "-c", program,
        cwd=staged[name], env=environment,
    )  # fmt: skip
    assert built.stdout == "built\n", built.stderr


@pytest.mark.parametrize("name", PROBES)
def test_a_linked_function_answers_in_its_three_path_forms(
    name: str, linked: dict[str, Path], staged: Mapping[str, Path], stack: Stack
) -> None:
    with served(linked[name], staged[name], stack.environment()) as http:
        require_three_forms(http, name)


@pytest.mark.embedded_only("packages are the same on both stacks, and pip takes its time")
@pytest.mark.parametrize("name", ["auth", "docs"])
def test_a_function_built_from_nothing_answers_in_its_three_path_forms(
    name: str, staged: Mapping[str, Path], stack: Stack, tmp_path: Path
) -> None:
    """By pip, with the runtime's Python where this machine has it."""
    home = tmp_path / "venv"
    assert run(runtime(), "-m", "venv", home).returncode == 0
    pip = (home / "bin" / "python", "-m", "pip", "--disable-pip-version-check")
    installed = run(*pip, "install", "--quiet", "-r", staged[name] / "requirements.txt")
    if installed.returncode != 0:
        lacks(f"a package index, to install what {name} needs: {installed.stderr[-500:]}")
    check = run(*pip, "check")
    assert check.returncode == 0, check.stdout
    frozen = run(*pip, "freeze").stdout
    wanted = (staged[name] / "requirements.txt").read_text()
    assert names(frozen) == names(wanted), "the pins are all that pip installs"
    with served(home, staged[name], stack.environment()) as http:
        require_three_forms(http, name)


def names(requirements: str) -> set[str]:
    return {canonicalize_name(line.partition("==")[0]) for line in requirements.split()}


def runtime() -> str:
    wanted = shutil.which(f"python{manifest().place.python}")
    works = wanted and run(wanted, "-c", "import ensurepip, venv").returncode == 0
    return wanted if wanted and works else sys.executable
