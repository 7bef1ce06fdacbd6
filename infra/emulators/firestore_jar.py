"""The Firestore emulator's jar: where machines have it, and the release to fetch otherwise."""

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx

from infra.emulators.problems import Missing

MAIN = "com.google.cloud.datastore.emulator.firestore.CloudFirestore"
"""The jar names no main class, so it is started by this one."""
VARIABLE = "FIRESTORE_EMULATOR_JAR"
_IN_SDK = Path("platform", "cloud-firestore-emulator", "cloud-firestore-emulator.jar")
_CHUNK = 1 << 20
# Java 1.0's class files have version 45 minus one; every release since adds one.
_CLASS_VERSION_OF_JAVA_0 = 44


@dataclass(frozen=True, slots=True)
class Release:
    url: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]


RELEASE = Release(
    url="https://storage.googleapis.com/firebase-preview-drop/emulator/"
    "cloud-firestore-emulator-v1.22.0.jar",
    size=136_707_194,
    sha256="9b6498b7f62714d67f48f59b3818883cd682dbcd46b9f59511de81c97bb5166c",
)
"""What the firebase-tools of package-lock.json would fetch."""


def jar_cache(environ: Mapping[str, str] = os.environ) -> Path:
    """Where firebase-tools keeps the jars it fetched."""
    named = environ.get("FIREBASE_EMULATORS_PATH")
    return Path(named) if named else Path.home() / ".cache" / "firebase" / "emulators"


def find_jar(environ: Mapping[str, str] = os.environ) -> Path:
    """The named one, the Google Cloud SDK's, or firebase-tools' newest; raises Missing."""
    if named := environ.get(VARIABLE):
        if not Path(named).is_file():
            raise Missing(f"The Firestore emulator: {VARIABLE} names {named}, which is no file.")
        return Path(named)
    gcloud = shutil.which("gcloud", path=environ.get("PATH", ""))
    if gcloud and (jar := Path(gcloud).resolve().parents[1] / _IN_SDK).is_file():
        return jar
    fetched = sorted(jar_cache(environ).glob("cloud-firestore-emulator-v*.jar"), key=_number)
    if fetched:
        return fetched[-1]
    raise Missing(
        "The Firestore emulator: run `python -m infra.emulators.install`, which fetches "
        f"{RELEASE.name} ({RELEASE.size >> 20} MB), or install the Google Cloud SDK's component "
        f"cloud-firestore-emulator, or name its jar in {VARIABLE}."
    )


def _number(jar: Path) -> list[int]:
    version = jar.stem.rpartition("-v")[2]
    return [int(part) for part in version.split(".") if part.isdigit()]


@cache
def needed_java(jar: Path) -> int:
    """The oldest Java that can load it; raises Missing when this is no such jar."""
    try:
        with (
            zipfile.ZipFile(jar) as archive,
            archive.open(f"{MAIN.replace('.', '/')}.class") as main,
        ):
            head = main.read(8)
    except (OSError, KeyError, zipfile.BadZipFile) as error:
        raise Missing(f"The Firestore emulator: {jar} is none ({error}). Delete it.") from error
    return int.from_bytes(head[6:8], "big") - _CLASS_VERSION_OF_JAVA_0


def fetch(folder: Path, release: Release) -> Path:
    """Download it; the file appears whole and checked or not at all, then raises Missing."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, partial = tempfile.mkstemp(dir=folder, prefix=release.name)
    digest, size = hashlib.sha256(), 0
    try:
        with (
            os.fdopen(handle, "wb") as file,
            httpx.stream("GET", release.url, timeout=60) as answer,
        ):
            answer.raise_for_status()
            for chunk in answer.iter_bytes(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
                file.write(chunk)
        if (size, digest.hexdigest()) != (release.size, release.sha256):
            raise Missing(
                f"The Firestore emulator: {release.url} is not the expected file "
                f"({size} bytes, SHA-256 {digest.hexdigest()})."
            )
        return Path(partial).replace(folder / release.name)
    except httpx.HTTPError as error:
        raise Missing(f"The Firestore emulator: {release.url} cannot be had: {error}") from error
    finally:
        Path(partial).unlink(missing_ok=True)
