"""D4 to D8 and what D20 adds: people, as administrators find and change them."""

import uuid
from datetime import timedelta

import pytest
from firebase_admin import auth

from shared.gateways.ports import Files
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.people import UserFilter
from shared.models.users import UserStatus
from shared.rules.search import prefixes
from shared.storage.tally import counting
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api
from tests.functions.bodies import MISSING, a_program, an_exercise
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import PASSWORD, People, Person

ROW = {
    "id",
    "email",
    "full_name",
    "organization_id",
    "organization_name",
    "role",
    "is_active",
    "is_verified",
    "profile_image_url",
    "subscription_tier",
    "subscription_status",
    "deletion_requested_at",
    "last_login",
    "login_count",
    "total_programs",
    "total_exercises",
    "created_at",
    "updated_at",
}


def ids(answer) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json["items"]]


@pytest.fixture
def surname() -> str:
    """In nobody else's name."""
    return "Q" + uuid.uuid4().hex[:9]


class TestBrowsing:
    """D4."""

    def test_nobody_else_sees_anybody(self, api: Api, lifter: Person) -> None:
        needs_sign_in(api.get("/admin/users"))
        refused(lifter.api.get("/admin/users"), 403, "ADMIN_REQUIRED")
        assert "admin" in lifter.api.get("/admin/users").json["detail"]

    def test_a_row_says_who_somebody_is_and_what_they_made(
        self, admin: Person, people: People, surname: str
    ) -> None:
        pro = people.lifter(f"Ada {surname}")
        pro.parts.accounts.subscribe(pro.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
        assert pro.api.post("/exercises", json=an_exercise()).status_code == 201
        for _ in range(2):
            assert pro.api.post("/programs", json=a_program()).status_code == 201
        colleague = people.colleague(pro)
        assert colleague.api.post("/programs", json=a_program()).status_code == 201

        (row,) = admin.api.get(f"/admin/users?search={surname}").json["items"]
        assert set(row) == ROW
        assert (row["id"], row["email"]) == (pro.user_id, pro.email)
        assert (row["subscription_tier"], row["role"], row["is_active"]) == ("PRO", "USER", True)
        # What a colleague made in the same organization is not theirs.
        assert (row["total_programs"], row["total_exercises"]) == (2, 1)

    def test_a_search_finds_beginnings_of_words_of_name_and_address(
        self, admin: Person, people: People, surname: str
    ) -> None:
        person = people.lifter(f"Zoë {surname}")
        local = person.email.partition("@")[0]
        for words in (surname, surname[:5].lower(), f"zoe {surname}", f"{surname} zo", local):
            assert ids(admin.api.get("/admin/users", query_string={"search": words})) == [
                person.user_id
            ], words
        assert ids(admin.api.get(f"/admin/users?search={surname}x")) == []
        assert ids(admin.api.get(f"/admin/users?search=zoltan%20{surname}")) == []

    def test_an_address_is_found_whole_or_by_its_beginning(
        self, admin: Person, lifter: Person
    ) -> None:
        assert ids(admin.api.get(f"/admin/users?email={lifter.email.upper()}")) == [lifter.user_id]
        local = lifter.email.partition("@")[0]
        assert ids(admin.api.get(f"/admin/users?email={local}")) == [lifter.user_id]
        assert ids(admin.api.get("/admin/users?email=nobody@example.com")) == []

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("subscription_tier=PRO", {"pro"}),
            ("subscription_tier=FREE", {"free", "chief", "banned"}),
            ("role=ADMIN", {"chief"}),
            ("role=USER&is_active=true", {"free", "pro"}),
            ("is_active=false", {"banned"}),
            ("is_verified=true", {"pro"}),
            ("is_verified=false&subscription_tier=FREE&role=USER&is_active=true", {"free"}),
            ("is_verified=true&is_active=false", set()),
        ],
    )
    def test_every_mix_of_filters(
        self, admin: Person, people: People, query: str, found: set[str]
    ) -> None:
        surname = "Q" + uuid.uuid4().hex[:9]
        made = {name: people.lifter(f"{name} {surname}") for name in ("free", "pro", "banned")}
        made["chief"] = people.lifter(f"chief {surname}")
        accounts = admin.parts.accounts
        accounts.subscribe(made["pro"].organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
        accounts.change(
            made["pro"].user_id, lambda user: user.model_copy(update={"is_verified": True})
        )
        accounts.change(
            made["banned"].user_id,
            lambda user: user.model_copy(update={"status": UserStatus.SUSPENDED}),
        )
        role = f"/admin/users/{made['chief'].user_id}/role"
        assert admin.api.put(role, json={"role": "ADMIN"}).status_code == 200
        names = {person.user_id: name for name, person in made.items()}
        answer = admin.api.get(f"/admin/users?search={surname}&{query}")
        assert {names[user_id] for user_id in ids(answer)} == found
        assert answer.json["total"] == len(found)

    def test_pages_newest_first_with_an_exact_total(
        self, admin: Person, people: People, surname: str
    ) -> None:
        made = [people.lifter(f"N{number} {surname}").user_id for number in range(5)][::-1]
        first = admin.api.get(f"/admin/users?search={surname}&limit=2")
        assert ids(first) == made[:2]
        assert (first.json["total"], first.json["total_pages"]) == (5, 3)
        assert (first.json["has_next"], first.json["has_previous"]) == (True, False)
        assert ids(admin.api.get(f"/admin/users?search={surname}&limit=2&page=3")) == made[4:]
        assert ids(admin.api.get(f"/admin/users?search={surname}&limit=2&skip=3")) == made[3:]

    def test_a_page_of_twenty_costs_few_round_trips(self, admin: Person, people: People) -> None:
        for _ in range(3):
            people.lifter()
        admin.api.get("/admin/users")
        with counting() as tally:
            page = admin.parts.admin.users.browse(UserFilter(limit=20))
        assert len(page.items) >= 4
        # The people, their number, organizations, catalogues.
        assert tally.calls == 4
        assert tally.reads <= 20 + 20 + 40 + 1 + page.total // 1_000

    @pytest.mark.parametrize(
        ("query", "field"),
        [
            ("role=KING", "query.role"),
            ("subscription_tier=GOLD", "query.subscription_tier"),
            ("is_active=maybe", "query.is_active"),
            ("limit=101", "query.limit"),
            (f"search={'x' * 101}", "query.search"),
        ],
    )
    def test_nonsense_is_named(self, admin: Person, query: str, field: str) -> None:
        assert problem_places(admin.api.get(f"/admin/users?{query}")) == [field]

    def test_nobody_pages_far_into_the_list(self, admin: Person) -> None:
        answer = admin.api.get("/admin/users?skip=1001")
        refused(answer, 422, "VALIDATION_ERROR")
        assert "Narrow the list" in answer.json["detail"][0]["msg"]
        assert admin.api.get("/admin/users?skip=1000").status_code == 200


class TestOnePerson:
    """D5, and corrections."""

    def test_shows_organization_and_what_was_last_done(self, admin: Person, lifter: Person) -> None:
        path = f"/admin/users/{lifter.user_id}"
        assert admin.api.post(f"{path}/suspend?reason=Spam").status_code == 200
        assert admin.api.post(f"{path}/unsuspend").status_code == 200
        shown = admin.api.get(path).json
        assert set(shown) == ROW | {"organization", "recent_activity"}
        assert shown["organization"]["id"] == lifter.organization_id
        assert [row["action"] for row in shown["recent_activity"]] == [
            "user.unsuspend",
            "user.suspend",
        ]
        assert shown["recent_activity"][1]["reason"] == "Spam"

    def test_a_login_is_counted_and_dated(self, admin: Person, lifter: Person, api: Api) -> None:
        assert admin.api.get(f"/admin/users/{lifter.user_id}").json["last_login"] is None
        login = {"email": lifter.email, "password": PASSWORD}
        assert api.post("/auth/login", json=login).status_code == 200
        shown = admin.api.get(f"/admin/users/{lifter.user_id}").json
        assert (shown["login_count"], shown["last_login"] is None) == (1, False)

    def test_a_correction_keeps_the_person_findable(
        self, admin: Person, lifter: Person, surname: str
    ) -> None:
        path = f"/admin/users/{lifter.user_id}"
        changed = admin.api.put(path, json={"full_name": f"Kit {surname}", "is_verified": True})
        assert changed.status_code == 200
        assert (changed.json["full_name"], changed.json["is_verified"]) == (f"Kit {surname}", True)
        assert ids(admin.api.get(f"/admin/users?search={surname}")) == [lifter.user_id]

    def test_who_is_not_there_is_404(self, admin: Person) -> None:
        refused(admin.api.get(f"/admin/users/{MISSING}"), 404, "USER_NOT_FOUND")
        tells_the_same(
            admin.api.get(f"/admin/users/{MISSING}"), admin.api.get("/admin/users/someone")
        )


class TestRoles:
    """D6."""

    def test_a_role_counts_at_once_for_the_old_token(self, admin: Person, lifter: Person) -> None:
        path = f"/admin/users/{lifter.user_id}/role"
        granted = admin.api.put(path, json={"role": "ADMIN"})
        assert granted.status_code == 200
        assert granted.json["new_role"] == "ADMIN"
        assert lifter.api.post("/admin/exercises", json=an_exercise()).status_code == 201
        assert admin.api.put(path, json={"role": "USER"}).status_code == 200
        refused(lifter.api.post("/admin/exercises", json=an_exercise()), 403, "ADMIN_REQUIRED")

    def test_nobody_changes_their_own_role(self, admin: Person) -> None:
        answer = admin.api.put(f"/admin/users/{admin.user_id}/role", json={"role": "USER"})
        refused(answer, 403, "PERMISSION_DENIED")

    @pytest.mark.parametrize("body", [{}, {"role": "king"}, {"role": None}, []])
    def test_another_role_does_not_exist(self, admin: Person, lifter: Person, body) -> None:
        answer = admin.api.put(f"/admin/users/{lifter.user_id}/role", json=body)
        refused(answer, 422, "VALIDATION_ERROR")

    def test_firebase_is_told(
        self, admin: Person, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        path = f"/admin/users/{lifter.user_id}/role"
        assert admin.api.put(path, json={"role": "ADMIN"}).status_code == 200
        background.deliver(user_id=lifter.user_id)
        assert identity(parts, lifter).custom_claims == {
            "role": "ADMIN",
            "organization_id": lifter.organization_id,
        }


def identity(parts: Wiring, person: Person):
    return auth.get_user(person.user_id, app=parts.directory._app)


class TestSuspension:
    """D7."""

    def test_a_suspended_person_is_out_at_once(
        self,
        admin: Person,
        lifter: Person,
        api: Api,
        background: Background,
        parts: Wiring,
    ) -> None:
        answer = admin.api.post(f"/admin/users/{lifter.user_id}/suspend", json={"reason": "Spam"})
        assert answer.status_code == 200
        assert set(answer.json) == {
            "success",
            "message",
            "user_id",
            "action",
            "performed_at",
            "performed_by",
        }
        assert (answer.json["action"], answer.json["performed_by"]) == ("suspend", admin.user_id)
        refused(lifter.api.post("/programs", json=a_program()), 403, "ACCOUNT_DISABLED")
        refused(lifter.api.get("/exercises"), 403, "ACCOUNT_DISABLED")
        background.deliver(user_id=lifter.user_id)
        assert identity(parts, lifter).disabled is True
        login = api.post("/auth/login", json={"email": lifter.email, "password": PASSWORD})
        assert login.status_code in {401, 403}
        refresh = api.post("/auth/refresh", json={"refresh_token": lifter.refresh_token})
        assert refresh.status_code in {401, 403}

    def test_a_suspension_is_lifted(
        self, admin: Person, lifter: Person, api: Api, background: Background, parts: Wiring
    ) -> None:
        path = f"/admin/users/{lifter.user_id}"
        assert admin.api.post(f"{path}/suspend").status_code == 200
        lifted = admin.api.post(f"{path}/suspend", json={"suspended": False})
        assert lifted.json["action"] == "unsuspend"
        background.deliver(user_id=lifter.user_id)
        assert identity(parts, lifter).disabled is False
        # The sessions from before stay ended.
        assert lifter.api.get("/exercises").status_code == 401
        login = api.post("/auth/login", json={"email": lifter.email, "password": PASSWORD})
        assert login.status_code == 200

    @pytest.mark.parametrize(("down", "up"), [("suspend", "unsuspend"), ("deactivate", "activate")])
    def test_aliases_and_what_is_so_already(
        self, admin: Person, lifter: Person, down: str, up: str
    ) -> None:
        path = f"/admin/users/{lifter.user_id}"
        refused(admin.api.post(f"{path}/{up}"), 400, "INVALID_OPERATION")
        assert admin.api.post(f"{path}/{down}").status_code == 200
        refused(admin.api.post(f"{path}/{down}"), 400, "INVALID_OPERATION")
        assert admin.api.post(f"{path}/{up}").status_code == 200
        assert admin.api.get(path).json["is_active"] is True

    def test_whoever_waits_for_deletion_waits_again(self, admin: Person, lifter: Person) -> None:
        def leaving(user):
            now = admin.parts.now()
            waiting = {"status": UserStatus.DELETING, "deletion_requested_at": now}
            return user.model_copy(update=waiting)

        admin.parts.accounts.change(lifter.user_id, leaving)
        path = f"/admin/users/{lifter.user_id}"
        assert admin.api.post(f"{path}/suspend").status_code == 200
        assert admin.api.post(f"{path}/unsuspend").status_code == 200
        account = admin.parts.account_repository.load(lifter.user_id)
        assert account is not None
        assert account.user.status is UserStatus.DELETING

    def test_nobody_suspends_themselves(self, admin: Person) -> None:
        answer = admin.api.post(f"/admin/users/{admin.user_id}/suspend")
        refused(answer, 403, "PERMISSION_DENIED")

    def test_a_reason_has_an_end(self, admin: Person, lifter: Person) -> None:
        path = f"/admin/users/{lifter.user_id}/suspend"
        assert problem_places(admin.api.post(path, json={"reason": "x" * 501})) == ["body.reason"]
        assert problem_places(admin.api.post(f"{path}?reason={'x' * 501}")) == ["query.reason"]


class TestDeletion:
    """D8."""

    def test_somebody_is_out_at_once_and_gone_soon(
        self,
        admin: Person,
        pro: Person,
        api: Api,
        background: Background,
        files: Files,
        parts: Wiring,
    ) -> None:
        assert pro.api.post("/programs", json=a_program()).status_code == 201
        path = f"/admin/users/{pro.user_id}"
        answer = admin.api.delete(f"{path}?reason=Asked%20by%20mail")
        assert answer.status_code == 204, answer.text
        assert pro.api.post("/programs", json=a_program()).status_code == 401
        assert pro.api.get("/exercises").status_code == 401
        login = api.post("/auth/login", json={"email": pro.email, "password": PASSWORD})
        assert login.status_code == 401
        # Until it is done, asking again changes nothing.
        assert admin.api.delete(path).status_code == 204
        background.deliver(user_id=pro.user_id)

        refused(admin.api.get(path), 404, "USER_NOT_FOUND")
        refused(admin.api.delete(path), 404, "USER_NOT_FOUND")
        left = parts.documents.below(f"organizations/{pro.organization_id}", limit=10)
        assert left == []
        assert parts.documents.get(f"organizations/{pro.organization_id}") is None
        with pytest.raises(auth.UserNotFoundError):
            identity(parts, pro)
        told = admin.api.get(f"/admin/audit-logs?target_id={pro.user_id}").json["items"]
        assert {(row["action"], row["actor_user_id"], row["reason"]) for row in told} >= {
            ("user.delete", admin.user_id, "Asked by mail"),
            ("user.purge", "system", None),
        }

    def test_nobody_deletes_themselves_or_nobody(self, admin: Person) -> None:
        refused(admin.api.delete(f"/admin/users/{admin.user_id}"), 403, "PERMISSION_DENIED")
        refused(admin.api.delete(f"/admin/users/{MISSING}"), 404, "USER_NOT_FOUND")


class TestMail:
    def test_a_reset_mail_is_on_its_way(
        self, admin: Person, lifter: Person, background: Background
    ) -> None:
        answer = admin.api.post(f"/admin/users/{lifter.user_id}/reset-password")
        assert answer.status_code == 200
        assert answer.json["email"] == lifter.email
        waiting = background.waiting(user_id=lifter.user_id, mail="password-reset")
        assert [kind for kind, _ in waiting] == ["send-mail"]


class TestBulk:
    """D20."""

    def test_each_succeeds_or_fails_alone(self, admin: Person, people: People) -> None:
        first, second = people.lifter(), people.lifter()
        body = {
            "user_ids": [first.user_id, MISSING, admin.user_id, second.user_id, first.user_id],
            "action": "suspend",
            "reason": "Spam",
        }
        answer = admin.api.post("/admin/users/bulk-update", json=body)
        assert answer.status_code == 200
        codes = {row["user_id"]: row["code"] for row in answer.json["results"]}
        assert codes == {
            first.user_id: None,
            MISSING: "USER_NOT_FOUND",
            admin.user_id: "PERMISSION_DENIED",
            second.user_id: None,
        }
        assert (answer.json["succeeded"], answer.json["failed"]) == (2, 2)
        refused(first.api.post("/programs", json=a_program()), 403, "ACCOUNT_DISABLED")

    def test_more_than_fifty_are_too_many(self, admin: Person) -> None:
        body = {"user_ids": [MISSING] * 51, "action": "suspend"}
        places = problem_places(admin.api.post("/admin/users/bulk-update", json=body))
        assert places == ["body.user_ids"]

    def test_inactive_people_are_named_before_they_are_deleted(
        self, admin: Person, people: People, background: Background
    ) -> None:
        old, chief = people.lifter(), people.admin()
        long_ago = admin.parts.now().date() - timedelta(days=4_000)
        for person in (old, chief):
            admin.parts.account_repository.saw(person.user_id, long_ago)
        body = {"inactive_days": 3_650}
        tried = admin.api.post("/admin/users/bulk-delete-inactive", json=body).json
        assert tried["dry_run"] is True
        assert [row["user_id"] for row in tried["results"]] == [old.user_id]
        assert admin.api.get(f"/admin/users/{old.user_id}").json["is_active"] is True
        done = admin.api.post(
            "/admin/users/bulk-delete-inactive", json=body | {"dry_run": False}
        ).json
        assert (done["succeeded"], done["failed"]) == (1, 0)
        kinds = {kind for kind, _ in background.waiting(user_id=old.user_id)}
        assert "purge-account" in kinds

    @pytest.mark.parametrize("days", [0, 179, 3_651])
    def test_nobody_is_inactive_after_a_holiday(self, admin: Person, days: int) -> None:
        answer = admin.api.post("/admin/users/bulk-delete-inactive", json={"inactive_days": days})
        assert problem_places(answer) == ["body.inactive_days"]


class TestOldDocuments:
    def test_one_that_was_broken_in_the_console_is_no_500(
        self, admin: Person, lifter: Person, parts: Wiring
    ) -> None:
        reference = parts.documents._client.document(f"users/{lifter.user_id}")
        reference.update({"role": "admin"})
        path = f"/admin/users/{lifter.user_id}"
        refused(admin.api.get(path), 404, "USER_NOT_FOUND")
        refused(admin.api.put(f"{path}/role", json={"role": "ADMIN"}), 404, "USER_NOT_FOUND")
        refused(admin.api.post(f"{path}/suspend"), 404, "USER_NOT_FOUND")
        assert admin.api.get("/admin/users?limit=100").status_code == 200
        reference.update({"role": "USER"})
        assert admin.api.get(path).status_code == 200

    def test_a_document_from_before_is_found_after_repair_or_the_next_change(
        self, admin: Person, lifter: Person, parts: Wiring, surname: str
    ) -> None:
        """Their next login writes what lists search by."""
        reference = parts.documents._client.document(f"users/{lifter.user_id}")
        reference.update({"full_name": f"Old {surname}", "search": [], "is_active": None})
        assert ids(admin.api.get(f"/admin/users?search={surname}")) == []
        parts.accounts.note(lifter.user_id, lambda user: user)
        assert ids(admin.api.get(f"/admin/users?search={surname}")) == [lifter.user_id]
        stored = reference.get().to_dict()
        assert stored["search"] == prefixes(f"Old {surname}", lifter.email)
        assert stored["is_active"] is True


def test_names_are_not_lost_among_prefixes() -> None:
    """At most 60; each word has all its beginnings or none."""
    found = prefixes("Maximilian Alexander", "maximilian.alexander@example.com")
    assert len(found) <= 60
    assert {"m", "maximilian", "alexander", "example", "com"} <= set(found)
    many = prefixes(" ".join(f"{letter}bcdefghij" for letter in "abcdefgh"), "x@example.com")
    assert len(many) <= 60
