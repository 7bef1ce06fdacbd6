"""U10: everything a person owns, packed for them, fetched by nobody else, gone after a week."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any

import pytest

from infra.local.parts import Stack
from shared.gateways.ports import Files
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api
from tests.functions.bodies import a_program, a_session, an_exercise, work
from tests.functions.refusals import needs_sign_in, refused
from tests.people import People, Person
from tests.pictures import form, opened, picture

FILES = {
    "README.txt",
    "account.json",
    "organization.json",
    "programs.json",
    "exercises.json",
    "other.json",
    "audit.json",
}


@pytest.fixture(autouse=True)
def _files(files: Files) -> None:
    """Every test here needs the store."""


def ask(person: Person) -> Any:
    answer = person.api.post("/users/me/export")
    assert answer.status_code == 202, answer.text
    return answer.json


def exported(person: Person, background: Background) -> dict[str, Any]:
    """The archive's files by name, JSON read."""
    ask(person)
    background.deliver(user_id=person.user_id)
    answer = person.api.get("/users/me/export/download")
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.get_data())) as archive:
        assert archive.testzip() is None
        found: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    return {
        name: json.loads(content) if name.endswith(".json") else content
        for name, content in found.items()
    }


def age(person: Person, **times: Any) -> None:
    documents = person.parts.documents
    documents.atomically(lambda change: change.update(f"exports/{person.user_id}", times))


class TestWhoMay:
    def test_nobody_without_signing_in(self, api: Api) -> None:
        needs_sign_in(api.post("/users/me/export"))
        needs_sign_in(api.get("/users/me/export"))
        needs_sign_in(api.get("/users/me/export/download"))

    def test_ones_own_and_no_colleagues(
        self, people: People, pro: Person, background: Background
    ) -> None:
        colleague = people.colleague(pro)
        exported(pro, background)
        for path in ("/users/me/export", "/users/me/export/download"):
            refused(colleague.api.get(path), 404, "RESOURCE_NOT_FOUND")


class TestAsking:
    def test_there_is_none_before(self, lifter: Person) -> None:
        refused(lifter.api.get("/users/me/export"), 404, "RESOURCE_NOT_FOUND")
        refused(lifter.api.get("/users/me/export/download"), 404, "RESOURCE_NOT_FOUND")

    def test_it_is_made_in_the_background(self, lifter: Person, background: Background) -> None:
        asked = ask(lifter)
        assert asked["state"] == "pending"
        assert asked["download_url"] is None
        assert lifter.api.get("/users/me/export").json == asked
        refused(lifter.api.get("/users/me/export/download"), 404, "RESOURCE_NOT_FOUND")
        background.deliver(user_id=lifter.user_id)
        ready = lifter.api.get("/users/me/export").json
        assert (ready["id"], ready["state"]) == (asked["id"], "ready")
        assert ready["download_url"] == "/api/v1/users/me/export/download"
        assert ready["expires_at"] > ready["ready_at"] > asked["requested_at"]
        answer = lifter.api.get("/users/me/export/download")
        assert answer.content_type == "application/zip"
        assert len(answer.get_data()) == ready["size_bytes"]
        assert answer.headers["Content-Disposition"].startswith('attachment; filename="hypertroq-')
        assert answer.headers["Cache-Control"] == "no-store"

    def test_while_one_is_made_asking_again_is_the_same_one(
        self, lifter: Person, background: Background
    ) -> None:
        assert ask(lifter) == ask(lifter)
        kinds = [kind for kind, _ in background.waiting(user_id=lifter.user_id)]
        assert kinds.count("build-export") == 1

    def test_a_new_one_takes_the_place_of_a_finished_one(
        self, lifter: Person, background: Background, files: Files
    ) -> None:
        exported(lifter, background)
        (old,) = files.names(f"exports/{lifter.user_id}/")
        exported(lifter, background)
        (new,) = files.names(f"exports/{lifter.user_id}/")
        assert new != old

    def test_one_that_never_came_may_be_asked_for_again(
        self, lifter: Person, parts: Wiring
    ) -> None:
        first = ask(lifter)
        age(lifter, requested_at=parts.now() - timedelta(hours=25))
        assert lifter.api.get("/users/me/export").json["state"] == "failed"
        assert ask(lifter)["id"] != first["id"]

    def test_asking_is_limited(self, limited, lifter: Person) -> None:
        limited()
        for _ in range(5):
            ask(lifter)
        refused(lifter.api.post("/users/me/export"), 429, "RATE_LIMIT_EXCEEDED")

    def test_a_mail_says_when_it_is_ready(
        self, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        asked = ask(lifter)
        ((kind, task),) = background.waiting(user_id=lifter.user_id, export_id=asked["id"])
        assert background.call(f"/{kind}", task).status_code == 200
        mails = background.waiting(user_id=lifter.user_id, mail="export-ready")
        assert [mail["about"] for _, mail in mails] == [asked["id"]]

    def test_a_task_that_comes_late_does_nothing(
        self, lifter: Person, background: Background, files: Files
    ) -> None:
        ask(lifter)
        stale = {"user_id": lifter.user_id, "export_id": "another"}
        assert background.call("/build-export", stale).status_code == 200
        assert files.names(f"exports/{lifter.user_id}/") == []
        assert lifter.api.get("/users/me/export").json["state"] == "pending"


class TestExpiring:
    def test_after_a_week_it_is_gone(
        self, lifter: Person, background: Background, files: Files, parts: Wiring
    ) -> None:
        exported(lifter, background)
        age(lifter, expires_at=parts.now() - timedelta(seconds=1))
        refused(lifter.api.get("/users/me/export"), 404, "RESOURCE_NOT_FOUND")
        refused(lifter.api.get("/users/me/export/download"), 404, "RESOURCE_NOT_FOUND")
        assert background.call("/jobs/expire-exports").json["tasks"] >= 1
        assert files.names(f"exports/{lifter.user_id}/") == []
        assert parts.documents.get(f"exports/{lifter.user_id}") is None

    def test_before_that_it_stays(self, lifter: Person, background: Background) -> None:
        exported(lifter, background)
        background.call("/jobs/expire-exports")
        assert lifter.api.get("/users/me/export/download").status_code == 200


class TestContents:
    def test_a_newcomer_gets_every_file(self, lifter: Person, background: Background) -> None:
        found = exported(lifter, background)
        assert found.keys() == FILES
        assert found["account.json"]["email"] == lifter.email
        assert found["organization.json"]["id"] == lifter.organization_id
        assert found["programs.json"] == found["exercises.json"] == []

    def test_everything_one_made_is_in_it_and_nothing_of_others(
        self, people: People, pro: Person, stranger: Person, background: Background
    ) -> None:
        colleague = people.colleague(pro)
        made = {}
        for person in (pro, colleague, stranger):
            exercise = person.api.post("/exercises", json=an_exercise()).json
            sessions = [a_session(1, [work(exercise["id"], notes="[slow] {tempo}")])]
            program = person.api.post("/programs", json=a_program(sessions=sessions)).json
            made[person.user_id] = (exercise["id"], program["id"])
        version = f"organizations/{pro.organization_id}/programs/{made[pro.user_id][1]}/versions/1"
        pro.parts.documents.atomically(
            lambda change: change.put(version, {"name": "An older one", "sessions": "[]"})
        )
        pro.api.put("/users/me/image", **form(picture()))
        found = exported(pro, background)

        (exercise,), (program,) = found["exercises.json"], found["programs.json"]
        assert (exercise["id"], program["id"]) == made[pro.user_id]
        assert program["sessions"][0]["exercises"][0]["notes"] == "[slow] {tempo}"
        assert program["below"] == {"versions/1": {"name": "An older one", "sessions": []}}
        assert opened(found["avatar.jpg"]).size == (800, 400)
        text = json.dumps({name: found[name] for name in FILES - {"README.txt"}})
        for person in (colleague, stranger):
            assert not [each for each in made[person.user_id] if each in text]
            assert person.email not in text

    def test_an_organization_of_ones_own_that_waits_is_in_it(
        self, people: People, background: Background
    ) -> None:
        owner, member = people.lifter(), people.pro()
        made = member.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        member.join(owner)
        found = exported(member, background)
        assert [row["id"] for row in found["programs.json"]] == [made["id"]]

    def test_versions_do_not_name_colleagues(self, people: People, background: Background) -> None:
        owner, colleague = people.pro(), people.lifter("Zebulon Quagga")
        colleague.join(owner)
        made = owner.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        changed = colleague.api.put(f"/programs/{made['id']}", json={"name": "Other"})
        assert changed.status_code == 200
        found = exported(owner, background)
        [program] = found["programs.json"]
        assert len([path for path in program["below"] if path.startswith("versions/")]) == 2
        assert "Zebulon" not in json.dumps(found["programs.json"])
        assert colleague.user_id not in json.dumps(found["programs.json"])

    def test_a_mesocycle_of_a_colleagues_program_is_among_the_rest(
        self, people: People, background: Background, catalogue: None
    ) -> None:
        owner = people.pro()
        colleague = people.colleague(owner)
        sessions = [a_session(1, [work("standing-calf-raise", 4)])]
        program = owner.api.post("/programs", json=a_program(sessions=sessions)).json
        made = colleague.api.post(f"/programs/{program['id']}/mesocycle", json={"weeks": 4})
        assert made.status_code == 201
        found = exported(colleague, background)
        assert found["programs.json"] == []
        assert made.json["id"] in json.dumps(found["other.json"])

    def test_what_was_recorded_about_one_is_in_it(
        self, lifter: Person, background: Background
    ) -> None:
        lifter.api.delete("/users/me")
        lifter.api.post("/users/me/cancel-deletion")
        actions = [row["action"] for row in exported(lifter, background)["audit.json"]]
        assert actions == ["user.request_deletion", "user.cancel_deletion"]

    def test_who_pays_is_for_the_owner_only(
        self, people: People, background: Background, parts: Wiring
    ) -> None:
        owner = people.lifter()
        member = people.colleague(owner)
        ids = {"lemonsqueezy_customer_id": "cus_9"}
        parts.accounts.change_organization(
            owner.organization_id, lambda organization: organization.model_copy(update=ids)
        )
        shown, hidden = (
            exported(person, background)["organization.json"] for person in (owner, member)
        )
        assert shown["lemonsqueezy_customer_id"] == "cus_9"
        assert "cus_9" not in str(hidden)

    def test_times_are_readable(self, lifter: Person, background: Background, stack: Stack) -> None:
        account = exported(lifter, background)["account.json"]
        assert account["created_at"].endswith("Z")
        assert "schema" not in account
