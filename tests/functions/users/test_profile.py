"""U1, U2, U5, U6, U7: what people see and change of themselves and their organization."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.wiring import Wiring
from tests.client import Api
from tests.functions.bodies import a_name, a_program, a_session, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import People, Person

READS = ["/users/me", "/users/me/organization", "/users/me/programs", "/users/me/activity"]


@pytest.mark.parametrize("path", READS)
def test_nobody_reads_without_signing_in(api: Api, path: str) -> None:
    needs_sign_in(api.get(path))


@pytest.mark.parametrize("path", ["/users/me", "/users/me/organization"])
def test_nobody_changes_without_signing_in(api: Api, path: str) -> None:
    needs_sign_in(api.put(path, json={"full_name": "X", "name": "Xy"}))


class TestMe:
    def test_it_is_the_same_as_what_signing_in_says(self, lifter: Person) -> None:
        body = lifter.api.get("/users/me").json
        assert body == lifter.api.get("/auth/me").json
        assert body["organization_name"] == body["organization"]["name"]
        assert body["subscription_tier"] == "FREE"

    def test_a_new_name_answers_with_the_whole_user(self, lifter: Person) -> None:
        before = lifter.api.get("/users/me").json
        answer = lifter.api.put("/users/me", json={"full_name": "  Sam Quill  "})
        assert answer.status_code == 200
        after = answer.json
        assert after == lifter.api.get("/users/me").json
        assert after["full_name"] == "Sam Quill"
        assert after["updated_at"] > before["updated_at"]
        changed = {"full_name", "updated_at"}
        assert {key for key in before if before[key] != after[key]} == changed

    def test_the_address_cannot_be_changed(self, lifter: Person) -> None:
        """U2: ignored, as the client sends it."""
        body = {"full_name": "Sam Quill", "email": "other@example.com"}
        assert lifter.api.put("/users/me", json=body).json["email"] == lifter.email

    @pytest.mark.parametrize("name", ["", "   ", "\t\n", "x" * 256, "a\x00b", 7, ["x"]])
    def test_a_name_that_is_none_is_a_422(self, lifter: Person, name: object) -> None:
        """U2: a blank one was a 500."""
        before = lifter.api.get("/users/me").json
        answer = lifter.api.put("/users/me", json={"full_name": name})
        assert problem_places(answer) == ["body.full_name"]
        assert lifter.api.get("/users/me").json == before

    @pytest.mark.parametrize("name", ["x", "x" * 255, "Ødegård 李", "<b>bold</b>"])
    def test_any_other_name_is_kept_as_it_is(self, lifter: Person, name: str) -> None:
        assert lifter.api.put("/users/me", json={"full_name": name}).json["full_name"] == name

    @pytest.mark.parametrize("body", [{}, {"full_name": None}, {"email": "x@example.com"}])
    def test_nothing_to_change_changes_nothing(self, lifter: Person, body: object) -> None:
        before = lifter.api.get("/users/me").json
        answer = lifter.api.put("/users/me", json=body)
        assert (answer.status_code, answer.json) == (200, before)

    def test_others_keep_their_names(self, lifter: Person, stranger: Person) -> None:
        lifter.api.put("/users/me", json={"full_name": "Sam Quill", "id": stranger.user_id})
        assert stranger.api.get("/users/me").json["full_name"] == stranger.full_name


class TestOrganization:
    def test_it_says_what_the_plan_includes(self, lifter: Person, pro: Person) -> None:
        flags = ("can_create_custom_exercises", "can_create_programs", "has_unlimited_ai_queries")
        for person, included in ((lifter, False), (pro, True)):
            body = person.api.get("/users/me/organization").json
            assert body["id"] == person.organization_id
            assert [body[flag] for flag in flags] == [included] * 3
            assert body["user_count"] == 1

    def test_it_counts_its_members(self, people: People, lifter: Person) -> None:
        people.colleague(lifter)
        assert lifter.api.get("/users/me/organization").json["user_count"] == 2

    def test_its_owner_renames_it(self, lifter: Person) -> None:
        before = lifter.api.get("/users/me/organization").json
        answer = lifter.api.put("/users/me/organization", json={"name": "Iron Harbour"})
        assert answer.status_code == 200
        assert answer.json["name"] == "Iron Harbour"
        assert answer.json["user_count"] == before["user_count"]
        assert lifter.api.get("/users/me").json["organization_name"] == "Iron Harbour"

    @pytest.mark.parametrize("name", ["", " ", "x", "x" * 256, None])
    def test_a_name_that_is_none_is_a_422(self, lifter: Person, name: object) -> None:
        answer = lifter.api.put("/users/me/organization", json={"name": name})
        assert problem_places(answer) == ["body.name"]

    def test_other_members_neither_rename_it_nor_see_who_pays(
        self, people: People, parts: Wiring
    ) -> None:
        owner = people.lifter()
        member = people.colleague(owner)
        ids = {"lemonsqueezy_customer_id": "cus_7", "lemonsqueezy_subscription_id": "sub_7"}
        parts.accounts.change_organization(
            owner.organization_id, lambda organization: organization.model_copy(update=ids)
        )
        answer = member.api.put("/users/me/organization", json={"name": "Mine now"})
        refused(answer, 403, "PERMISSION_DENIED")
        hidden, shown = (
            person.api.get("/users/me/organization").json for person in (member, owner)
        )
        assert hidden["name"] == shown["name"] != "Mine now"
        assert {name: shown[name] for name in ids} == ids
        assert {name: hidden[name] for name in ids} == dict.fromkeys(ids)


class TestPrograms:
    def test_only_ones_own_in_every_shape_clients_know(
        self, people: People, pro: Person, catalogue: None
    ) -> None:
        """U6; templates and a colleague's programs are not among them."""
        colleague = people.colleague(pro)
        names = [a_name("Program") for _ in range(3)]
        for name in names:
            assert pro.api.post("/programs", json=a_program(name=name)).status_code == 201
        colleague.api.post("/programs", json=a_program())
        body = pro.api.get("/users/me/programs?limit=2").json
        assert [row["name"] for row in body["data"]] == names[:0:-1]
        assert body["items"] == body["data"]
        assert body["meta"] == {"total": 3, "skip": 0, "limit": 2, "page": 1, "has_more": True}
        rest = pro.api.get("/users/me/programs?skip=2&limit=2").json
        assert [row["name"] for row in rest["data"]] == names[:1]
        assert rest["meta"] == {"total": 3, "skip": 2, "limit": 2, "page": 2, "has_more": False}
        assert "data" in body
        assert body["total"] == 3

    def test_nothing_at_first(self, lifter: Person) -> None:
        body = lifter.api.get("/users/me/programs").json
        assert (body["data"], body["meta"]["total"]) == ([], 0)

    @pytest.mark.parametrize("query", ["limit=101", "limit=0", "skip=-1", "page=x"])
    def test_an_impossible_page_is_a_422(self, lifter: Person, query: str) -> None:
        refused(lifter.api.get(f"/users/me/programs?{query}"), 422, "VALIDATION_ERROR")


class TestActivity:
    def test_a_newcomer_has_made_nothing(self, lifter: Person) -> None:
        assert lifter.api.get("/users/me/activity").json == {
            "programs_created": 0,
            "sessions_created": 0,
            "exercises_created": 0,
            "last_active": datetime.now(UTC).date().isoformat(),
            "account_age_days": 0,
        }

    def test_it_counts_what_one_made_and_nothing_of_others(
        self, people: People, pro: Person, parts: Wiring
    ) -> None:
        """2 programs with 3 + 1 = 4 sessions, 2 exercises; two days old after 50 hours."""
        colleague = people.colleague(pro)
        for person in (pro, colleague):
            for sessions in (3, 1):
                body = a_program(sessions=[a_session(day) for day in range(1, sessions + 1)])
                assert person.api.post("/programs", json=body).status_code == 201
        for person, count in ((pro, 2), (colleague, 1)):
            for _ in range(count):
                assert person.api.post("/exercises", json=an_exercise()).status_code == 201
        began = {"created_at": parts.now() - timedelta(hours=50)}
        parts.accounts.change(pro.user_id, lambda user: user.model_copy(update=began))
        body = pro.api.get("/users/me/activity").json
        assert body["programs_created"] == 2
        assert body["sessions_created"] == 4
        assert body["exercises_created"] == 2
        assert body["account_age_days"] == 2
        program = pro.api.get("/users/me/programs?limit=1").json["data"][0]
        assert pro.api.delete(f"/programs/{program['id']}").status_code == 204
        assert pro.api.get("/users/me/activity").json["programs_created"] == 1
