"""What importing a function may cost: neither heavy libraries nor a word to the outside."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FUNCTIONS = sorted(path.parent.name for path in ROOT.glob("functions/*/main.py"))
LATE = (
    "google.api_core",
    "google.auth",
    "google.cloud.firestore",
    "google.cloud.firestore_v1",
    "google.cloud.storage",
    "google.cloud.tasks_v2",
    "grpc",
    "firebase_admin",
    "requests",
    "httpx",
    "jwt",
    "cryptography",
    "zxcvbn",
    "PIL",
    "flask_swagger_ui",
    "flask_openapi3_redoc",
    "flask_openapi3",
    "highspy",
    "numpy",
)
"""Loaded when first needed, if at all."""

NEVER = tuple(f"shared.http.openapi{part}" for part in ("", "_examples", "_refusals", "_responses"))
"""Tools of the build."""

PROGRAM = """
import sys, threading
talk = []

def listen(event, arguments):
    if event.startswith(("socket.", "subprocess.")) and event != "socket.__new__":
        talk.append(event)

sys.addaudithook(listen)
import functions.{name}.main
loaded = [name for name in {names!r} if name in sys.modules]
print(loaded, talk, threading.active_count())
"""


@pytest.mark.parametrize("name", FUNCTIONS)
def test_importing_a_function_loads_nothing_heavy_and_opens_nothing(name: str) -> None:
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", PROGRAM.format(name=name, names=LATE + NEVER)],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == "[] [] 1"


def test_nothing_that_serves_imports_the_tools_of_the_build() -> None:
    """Not even late: only the tools themselves name each other."""
    sources = [*(ROOT / "shared").rglob("*.py"), *(ROOT / "functions").rglob("*.py")]
    naming = {path.name for path in sources if "shared.http.openapi" in path.read_text()}
    assert naming == {"openapi.py", "openapi_responses.py"}
