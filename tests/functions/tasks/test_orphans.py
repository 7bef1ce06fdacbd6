"""The daily search for files that nobody's document refers to."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from shared.gateways.ports import Files
from shared.services import orphans
from shared.storage.references import ReferenceRepository
from shared.wiring import Wiring
from tests.background import Background
from tests.people import Person
from tests.pictures import form, picture

JOB = "/jobs/remove-orphans"


@pytest.fixture(autouse=True)
def _afresh(parts: Wiring, files: Files) -> Iterator[None]:
    """No file of other tests is there, and every search begins at the first one."""
    _start(parts, files)
    yield
    _start(parts, files)


def _start(parts: Wiring, files: Files) -> None:
    while names := files.names(""):
        for name in names:
            files.delete(name)
    ReferenceRepository(parts.documents).keep_place("")


@pytest.fixture
def days_later(parts: Wiring, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stored in a test is two days old to the job."""
    monkeypatch.setattr(parts.orphans, "_now", lambda: parts.now() + timedelta(days=2))


def store(files: Files, *names: str) -> None:
    for name in names:
        files.put(name, b"some bytes", "application/octet-stream")


def removed(background: Background) -> int:
    answer = background.call(JOB)
    assert answer.status_code == 200, answer.text
    return int(answer.json["files"])


@pytest.mark.usefixtures("days_later")
def test_what_people_have_stays_and_the_rest_goes(
    background: Background, files: Files, lifter: Person
) -> None:
    assert lifter.api.put("/users/me/image", **form(picture())).status_code == 200
    exported = lifter.api.post("/users/me/export").json
    background.deliver(user_id=lifter.user_id, export_id=exported["id"])
    theirs = set(files.names(""))
    assert len(theirs) == 2
    lost = (
        f"avatars/{lifter.user_id}/{'0' * 32}.jpg",
        f"exports/{lifter.user_id}/another.zip",
        "avatars/nobody/1.jpg",
        "exports/nobody/1.zip",
    )
    store(files, *lost)
    assert removed(background) == 4
    assert set(files.names("")) == theirs
    assert lifter.api.get("/users/me/export/download").status_code == 200
    assert lifter.api.get(f"/users/{lifter.user_id}/avatar").status_code == 200


@pytest.mark.usefixtures("days_later")
def test_an_export_is_nobodys_picture(background: Background, files: Files, lifter: Person) -> None:
    """Another kind of file with the right id is an orphan all the same."""
    exported = lifter.api.post("/users/me/export").json
    store(files, f"avatars/{lifter.user_id}/{exported['id']}.zip")
    assert removed(background) == 1


def test_an_upload_of_today_may_still_find_its_document(
    background: Background, files: Files
) -> None:
    store(files, "avatars/nobody/1.jpg")
    assert removed(background) == 0
    assert files.names("") == ["avatars/nobody/1.jpg"]


@pytest.mark.usefixtures("days_later")
def test_files_of_other_kinds_are_left_alone(background: Background, files: Files) -> None:
    others = ["avatars/flat.jpg", "backups/nobody/1.zip", "loose.txt"]
    store(files, *others)
    assert removed(background) == 0
    assert files.names("") == others


@pytest.mark.usefixtures("days_later")
def test_a_run_goes_on_where_the_last_one_stopped(
    background: Background, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two pages of two files a run: of five orphans the second run finds the last one."""
    monkeypatch.setattr(orphans, "AT_ONCE", 2)
    monkeypatch.setattr(orphans, "MOST_PAGES", 2)
    store(files, *(f"avatars/nobody/{number}.jpg" for number in range(5)))
    assert removed(background) == 4
    # What appears before that place waits for the next round.
    store(files, "avatars/nobody/0.jpg")
    assert removed(background) == 1
    assert files.names("") == ["avatars/nobody/0.jpg"]
    assert removed(background) == 1


@pytest.mark.usefixtures("days_later")
def test_a_page_of_files_that_stay_is_passed(
    background: Background, files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full page without an orphan is not the end."""
    monkeypatch.setattr(orphans, "AT_ONCE", 2)
    store(files, "a", "b", "avatars/nobody/1.jpg", "z")
    assert removed(background) == 1
    assert files.names("") == ["a", "b", "z"]
