"""Where the Firestore emulator's jar is looked for, and that only the right file is fetched."""

import hashlib
import json
import threading
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.emulators import firebase_tools
from infra.emulators.firestore_jar import MAIN, RELEASE, Release, fetch, find_jar, needed_java
from infra.emulators.problems import Missing
from tests.emulators.scripts import script
from tests.machine import lacks

CONTENT = b"the emulator" * 1000


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def release(tmp_path: Path) -> Iterator[Release]:
    """A release on a server of our own."""
    served = tmp_path / "served"
    served.mkdir()
    (served / "emulator-v1.jar").write_bytes(CONTENT)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(served)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield Release(
        url=f"http://127.0.0.1:{server.server_port}/emulator-v1.jar",
        size=len(CONTENT),
        sha256=hashlib.sha256(CONTENT).hexdigest(),
    )
    server.shutdown()
    thread.join()
    server.server_close()


def jar(path: Path, java: int = 11) -> Path:
    """A jar whose only class was compiled for this Java; class files of Java 11 have version 55."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w") as archive:
        head = bytes.fromhex("cafebabe0000") + (44 + java).to_bytes(2, "big")
        archive.writestr(f"{MAIN.replace('.', '/')}.class", head)
    return path


def test_none_is_missing_and_the_sentence_says_how_to_get_one(bare):
    with pytest.raises(Missing, match=r"infra\.emulators\.install.*cloud-firestore-emulator-v1"):
        find_jar()


def test_the_sdks_is_found_through_a_link(bare, tmp_path):
    """Packages put a link to gcloud on the PATH."""
    sdk = tmp_path / "google-cloud-sdk"
    script(sdk / "bin" / "gcloud")
    (bare / "gcloud").symlink_to(sdk / "bin" / "gcloud")
    own = jar(sdk / "platform" / "cloud-firestore-emulator" / "cloud-firestore-emulator.jar")
    assert find_jar() == own


def test_an_sdk_without_the_component_has_none(bare):
    script(bare / "gcloud")
    with pytest.raises(Missing):
        find_jar()


def test_the_newest_that_firebase_tools_fetched_is_taken(bare, tmp_path):
    cache = tmp_path / "home" / ".cache" / "firebase" / "emulators"
    for version in ("1.9.0", "1.22.0", "1.19.8"):
        jar(cache / f"cloud-firestore-emulator-v{version}.jar")
    assert find_jar().name == "cloud-firestore-emulator-v1.22.0.jar"


def test_firebase_tools_may_keep_them_elsewhere(bare, tmp_path, monkeypatch):
    kept = jar(tmp_path / "elsewhere" / "cloud-firestore-emulator-v1.22.0.jar")
    monkeypatch.setenv("FIREBASE_EMULATORS_PATH", str(kept.parent))
    assert find_jar() == kept


def test_a_named_one_wins(bare, tmp_path, monkeypatch):
    jar(tmp_path / "home/.cache/firebase/emulators/cloud-firestore-emulator-v1.22.0.jar")
    named = jar(tmp_path / "mine.jar")
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", str(named))
    assert find_jar() == named


def test_a_named_one_that_is_not_there_is_not_replaced_by_another(bare, tmp_path, monkeypatch):
    jar(tmp_path / "home/.cache/firebase/emulators/cloud-firestore-emulator-v1.22.0.jar")
    monkeypatch.setenv("FIRESTORE_EMULATOR_JAR", str(tmp_path / "none.jar"))
    with pytest.raises(Missing, match=r"FIRESTORE_EMULATOR_JAR names .*none\.jar"):
        find_jar()


@pytest.mark.parametrize("java", [11, 17, 21])
def test_its_classes_say_which_java_it_needs(tmp_path, java):
    assert needed_java(jar(tmp_path / "emulator.jar", java)) == java


def test_a_file_that_is_no_jar_is_named(tmp_path):
    broken = tmp_path / "emulator.jar"
    broken.write_bytes(CONTENT)
    with pytest.raises(Missing, match=r"emulator\.jar is none"):
        needed_java(broken)


def test_a_release_is_fetched_once_its_hash_is_right(release, tmp_path):
    fetched = fetch(tmp_path / "cache", release)
    assert fetched == tmp_path / "cache" / "emulator-v1.jar"
    assert fetched.read_bytes() == CONTENT


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 1}])
def test_another_file_is_refused_and_nothing_is_left(release, tmp_path, wrong):
    with pytest.raises(Missing, match="is not the expected file"):
        fetch(tmp_path / "cache", replace(release, **wrong))
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_server_without_it_is_named(release, tmp_path):
    elsewhere = replace(release, url=release.url.replace("emulator-v1", "emulator-v2"))
    with pytest.raises(Missing, match=r"emulator-v2\.jar cannot be had: .*404"):
        fetch(tmp_path / "cache", elsewhere)
    assert list((tmp_path / "cache").iterdir()) == []


def test_the_release_is_the_one_the_pinned_firebase_tools_knows():
    """Address, size and hash come from its own table."""
    if not firebase_tools.installed():
        lacks("firebase-tools is not installed")
    table = firebase_tools.MODULES / "firebase-tools/lib/emulator/downloadableEmulatorInfo.json"
    known = json.loads(table.read_text(encoding="utf-8"))["firestore"]
    assert (
        Release(known["remoteUrl"], known["expectedSize"], known["expectedChecksumSHA256"])
        == RELEASE
    )
