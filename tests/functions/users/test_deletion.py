"""U8, U9: leaving, with thirty days to think about it; and what is left afterwards."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.dev.payments import subscription
from infra.local.parts import Stack
from shared.errors import TokenInvalid
from shared.gateways.ports import Files
from shared.models.deletions import DeletionState
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.subscriptions import BillingStatus
from shared.models.tasks import PurgeAccount
from shared.models.tokens import Purpose
from shared.models.users import OrganizationRole, User
from shared.rules.accounts import personal_organization_id
from shared.services import trail
from shared.storage.purges import PurgeRepository
from shared.storage.tenancy import member_collection
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api
from tests.functions.bodies import a_program, a_session, an_exercise
from tests.functions.refusals import needs_sign_in, refused
from tests.functions.users.leaving import JOB, everything, leave, make_due, told
from tests.links import a_deletion_link
from tests.people import INVITATIONS, PASSWORD, People, Person
from tests.pictures import form, picture


class TestAsking:
    def test_nobody_without_signing_in(self, api: Api) -> None:
        needs_sign_in(api.delete("/users/me"))
        needs_sign_in(api.post("/users/me/cancel-deletion"))

    def test_it_says_when(self, lifter: Person) -> None:
        answer = lifter.api.delete("/users/me")
        assert answer.status_code == 200
        body = answer.json
        assert set(body) == {"requested_at", "deletion_date", "days_remaining", "message"}
        requested, gone = (
            datetime.fromisoformat(body[name]) for name in ("requested_at", "deletion_date")
        )
        assert abs(datetime.now(UTC) - requested) < timedelta(minutes=1)
        assert gone - requested == timedelta(days=30)
        assert body["days_remaining"] == 30
        assert body["requested_at"].endswith("Z")
        assert f"{gone:%B} {gone.day}, {gone.year}" in body["message"]

    def test_asking_again_changes_nothing(self, lifter: Person, background: Background) -> None:
        """The original began its thirty days anew."""
        first, second = (lifter.api.delete("/users/me").json for _ in range(2))
        assert first == second
        mails = background.waiting(user_id=lifter.user_id, mail="deletion-requested")
        assert len(mails) == 1

    def test_a_day_later_a_day_less_remains(self, lifter: Person, parts: Wiring) -> None:
        first = lifter.api.delete("/users/me").json
        moved = datetime.fromisoformat(first["deletion_date"]) - timedelta(hours=30)
        parts.documents.atomically(
            lambda transaction: transaction.update(
                f"deletions/{lifter.user_id}", {"purge_at": moved}
            )
        )
        # 28.75 days are left, counted up.
        assert lifter.api.delete("/users/me").json["days_remaining"] == 29

    def test_everything_works_meanwhile(self, api: Api, pro: Person) -> None:
        """Decision 10."""
        pro.api.delete("/users/me")
        me = pro.api.get("/users/me").json
        assert me["deletion_requested_at"]
        assert me["is_active"] is True
        assert pro.api.post("/exercises", json=an_exercise()).status_code == 201
        credentials = {"email": pro.email, "password": PASSWORD}
        signed_in = api.post("/auth/login", json=credentials)
        assert signed_in.json["user"]["deletion_requested_at"] == me["deletion_requested_at"]

    def test_a_mail_and_an_audit_row_tell_of_it(
        self, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        lifter.api.delete("/users/me")
        lifter.api.post("/users/me/cancel-deletion")
        for mail in ("deletion-requested", "deletion-cancelled"):
            assert len(background.waiting(user_id=lifter.user_id, mail=mail)) == 1
        rows = parts.documents.find("audit", [("target_id", "==", lifter.user_id)], limit=9)
        actions = {row.data["action"] for row in rows}
        assert actions == {"user.request_deletion", "user.cancel_deletion"}


class TestCancelling:
    def test_there_must_be_something_to_cancel(self, lifter: Person) -> None:
        answer = lifter.api.post("/users/me/cancel-deletion")
        refused(answer, 400, "INVALID_OPERATION")
        assert answer.json["detail"] == "No deletion request pending."

    def test_it_is_as_if_nothing_had_been_asked(
        self, lifter: Person, background: Background
    ) -> None:
        before = lifter.api.get("/users/me").json
        lifter.api.delete("/users/me")
        answer = lifter.api.post("/users/me/cancel-deletion")
        assert (answer.status_code, set(answer.json)) == (200, {"message"})
        after = lifter.api.get("/users/me").json
        assert {**after, "updated_at": before["updated_at"]} == before
        refused(lifter.api.post("/users/me/cancel-deletion"), 400, "INVALID_OPERATION")
        make_due(lifter)
        background.call(JOB)
        assert lifter.api.put("/users/me", json={}).status_code == 200

    def test_it_can_be_asked_for_again_with_thirty_new_days(self, lifter: Person) -> None:
        first = lifter.api.delete("/users/me").json
        lifter.api.post("/users/me/cancel-deletion")
        second = lifter.api.delete("/users/me").json
        assert second["requested_at"] > first["requested_at"]
        assert second["days_remaining"] == 30

    def test_what_others_asked_for_stays(self, lifter: Person, stranger: Person) -> None:
        for person in (lifter, stranger):
            person.api.delete("/users/me")
        lifter.api.post("/users/me/cancel-deletion", json={"user_id": stranger.user_id})
        assert stranger.api.get("/users/me").json["deletion_requested_at"]

    def test_the_link_of_the_mail_works_once_and_without_signing_in(
        self, api: Api, lifter: Person
    ) -> None:
        lifter.api.delete("/users/me")
        body = {"token": a_deletion_link(lifter)}
        assert api.post("/users/cancel-deletion", json=body).status_code == 200
        assert lifter.api.get("/users/me").json["deletion_requested_at"] is None
        lifter.api.delete("/users/me")
        refused(api.post("/users/cancel-deletion", json=body), 401, "TOKEN_INVALID")
        assert lifter.api.get("/users/me").json["deletion_requested_at"]

    def test_a_link_that_is_not_needed_is_not_used_up(self, api: Api, lifter: Person) -> None:
        body = {"token": a_deletion_link(lifter)}
        refused(api.post("/users/cancel-deletion", json=body), 400, "INVALID_OPERATION")
        lifter.api.delete("/users/me")
        assert api.post("/users/cancel-deletion", json=body).status_code == 200

    @pytest.mark.parametrize(
        "fields",
        [
            pytest.param({"purpose": Purpose.PASSWORD_RESET}, id="for something else"),
            pytest.param({"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}, id="expired"),
        ],
    )
    def test_other_links_do_not_work(self, api: Api, lifter: Person, fields: Any) -> None:
        lifter.api.delete("/users/me")
        body = {"token": a_deletion_link(lifter, **fields)}
        refused(api.post("/users/cancel-deletion", json=body), 401, "TOKEN_INVALID")

    @pytest.mark.parametrize("token", ["x", "é" * 20, "../users/x"])
    def test_made_up_links_do_not_work(self, api: Api, token: str) -> None:
        answer = api.post("/users/cancel-deletion", json={"token": token})
        refused(answer, 401, "TOKEN_INVALID")

    def test_guessing_links_is_limited(self, limited, api: Api) -> None:
        limited()
        for _ in range(10):
            refused(api.post("/users/cancel-deletion", json={"token": "x"}), 401, "TOKEN_INVALID")
        answer = api.post("/users/cancel-deletion", json={"token": "x"})
        refused(answer, 429, "RATE_LIMIT_EXCEEDED")


class TestLeaving:
    @pytest.fixture(autouse=True)
    def _files(self, files: Files) -> None:
        """Removing a person empties their part of the store."""

    def a_life(self, person: Person, background: Background) -> None:
        """A picture, an exercise, a program, an export and a mailed link."""
        person.api.put("/users/me/image", **form(picture()))
        exercise = person.api.post("/exercises", json=an_exercise()).json
        assert exercise["id"]
        body = a_program(sessions=[a_session(1), a_session(2)])
        assert person.api.post("/programs", json=body).status_code == 201
        assert person.api.post("/users/me/export").status_code == 202
        background.deliver(user_id=person.user_id)
        a_deletion_link(person)

    def test_nothing_is_left_but_ids(
        self, api: Api, pro: Person, stranger: Person, background: Background, files: Files
    ) -> None:
        """T14's promise, once without disturbance; a neighbour keeps everything."""
        parts = pro.parts
        for person in (pro, stranger):
            self.a_life(person, background)
        theirs = everything(parts, f"organizations/{stranger.organization_id}")
        assert len(theirs) == 7  # itself, member, exercise, program, its version, two catalogues
        leave(pro, background)
        assert everything(parts, f"organizations/{pro.organization_id}") == []
        assert everything(parts, f"users/{pro.user_id}") == []
        assert everything(parts, f"exports/{pro.user_id}") == []
        assert parts.documents.find("tokens", [("user_id", "==", pro.user_id)], limit=1) == []
        for folder in ("avatars", "exports"):
            assert files.names(f"{folder}/{pro.user_id}/") == []
            assert len(files.names(f"{folder}/{stranger.user_id}/")) == 1
        assert everything(parts, f"organizations/{stranger.organization_id}") == theirs
        assert stranger.api.get("/users/me").status_code == 200
        refused(
            api.post("/auth/login", json={"email": pro.email, "password": PASSWORD}),
            401,
            "INVALID_CREDENTIALS",
        )

    def test_nobody_is_charged_afterwards(
        self, lifter: Person, background: Background, stack: Stack
    ) -> None:
        """Their subscription is cancelled at the payment service, and one that ended is let be."""
        parts, now = lifter.parts, lifter.parts.now()
        running, ended, unknown = (f"6{now.timestamp():.0f}{number}" for number in range(3))
        for identifier, status in (
            (running, BillingStatus.ACTIVE),
            (ended, BillingStatus.EXPIRED),
            (unknown, BillingStatus.PAST_DUE),
        ):
            state = subscription(identifier, email=lifter.email, status=status, at=now)
            if identifier != unknown:
                stack.payments.put(state)
            told(parts, lifter, "subscription_updated", state)
        assert lifter.api.get("/users/me").json["subscription_tier"] == "PRO"
        leave(lifter, background)
        statuses = [
            parts.payments.subscription(each).attributes["status"] for each in (running, ended)
        ]
        assert statuses == ["cancelled", "expired"]
        assert parts.subscriptions.of(lifter.organization_id) == []
        # What the payment service says about it later is nobody's, and stays so.
        late = subscription(running, email=lifter.email, status=BillingStatus.CANCELLED, at=now)
        assert told(parts, lifter, "subscription_cancelled", late) == "ignored"
        assert parts.subscriptions.of(lifter.organization_id) == []

    def test_while_payments_cannot_be_ended_nothing_of_the_organization_goes(
        self, lifter: Person, background: Background, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Otherwise nobody would know any more what has to be cancelled."""
        parts, now = lifter.parts, lifter.parts.now()
        identifier = f"5{now.timestamp():.0f}"
        state = subscription(identifier, email=lifter.email, status=BillingStatus.ACTIVE, at=now)
        told(parts, lifter, "subscription_created", state)
        assert lifter.api.delete("/users/me").status_code == 200
        make_due(lifter)
        background.call(JOB)
        waiting = background.waiting(user_id=lifter.user_id)
        kind, task = next(each for each in waiting if each[0] == "purge-account")
        with monkeypatch.context() as outage:
            outage.setattr(parts.payments._http, "base_url", "http://127.0.0.1:9")
            assert background.call(f"/{kind}", task).status_code == 503
        assert parts.documents.get(f"organizations/{lifter.organization_id}") is not None
        assert background.call(f"/{kind}", task).status_code == 200
        assert everything(parts, f"organizations/{lifter.organization_id}") == []
        assert parts.subscriptions.of(lifter.organization_id) == []

    def test_the_audit_trail_says_so_and_names_nobody(
        self, pro: Person, background: Background
    ) -> None:
        leave(pro, background)
        documents = pro.parts.documents
        rows = documents.find("audit", [("target_id", "==", pro.user_id)], limit=9)
        actions = sorted(row.data["action"] for row in rows)
        assert actions == ["user.close", "user.purge", "user.request_deletion"]
        deletion = documents.get(f"deletions/{pro.user_id}")
        assert deletion is not None
        assert deletion.data["state"] == "done"
        told = str([row.data for row in rows]) + str(deletion.data)
        assert pro.email not in told
        assert pro.full_name not in told

    def test_a_token_that_outlives_the_account_makes_no_new_one(
        self, pro: Person, background: Background
    ) -> None:
        leave(pro, background)
        refused(pro.api.post("/exercises", json=an_exercise()), 401, "TOKEN_INVALID")
        pro.parts.accounts.forget(pro.user_id)
        refused(pro.api.get("/users/me"), 401, "TOKEN_INVALID")
        assert everything(pro.parts, f"users/{pro.user_id}") == []

    def test_the_address_is_free_again(self, api: Api, pro: Person, background: Background) -> None:
        leave(pro, background)
        body = {"email": pro.email, "password": PASSWORD, "full_name": "Back Again"}
        answer = api.post("/auth/register", json=body)
        assert answer.status_code == 201
        assert answer.json["id"] != pro.user_id

    def test_before_the_thirty_days_nothing_happens(
        self, lifter: Person, background: Background
    ) -> None:
        lifter.api.delete("/users/me")
        assert background.call(JOB).status_code == 200
        assert ("purge-account", {"user_id": lifter.user_id}) not in background.waiting()
        assert lifter.api.put("/users/me", json={}).status_code == 200

    def test_once_it_has_begun_nobody_gets_in_or_cancels(
        self, api: Api, lifter: Person, background: Background
    ) -> None:
        lifter.api.delete("/users/me")
        token = a_deletion_link(lifter)
        make_due(lifter)
        background.call(JOB)
        refused(lifter.api.post("/users/me/cancel-deletion"), 401, "TOKEN_INVALID")
        answer = api.post("/users/cancel-deletion", json={"token": token})
        refused(answer, 400, "INVALID_OPERATION")
        credentials = {"email": lifter.email, "password": PASSWORD}
        refused(api.post("/auth/login", json=credentials), 401, "TOKEN_INVALID")
        background.deliver(user_id=lifter.user_id)

    def test_the_job_may_run_twice(self, lifter: Person, background: Background) -> None:
        lifter.api.delete("/users/me")
        make_due(lifter)
        assert background.call(JOB).json["tasks"] >= 1
        assert background.call(JOB).json == {"tasks": 0}
        background.deliver(user_id=lifter.user_id)

    def test_a_task_for_somebody_who_did_not_ask_is_refused(
        self, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        task = PurgeAccount(user_id=lifter.user_id)
        assert background.call("/purge-account", {"user_id": lifter.user_id}).status_code == 200
        assert lifter.api.get("/users/me").status_code == 200
        (failed,) = [row for row in parts.background.failures(1_000) if row.id == task.id]
        assert failed.error == "This account is not to be removed."

    def test_who_asks_while_an_administrator_removes_them_is_removed(
        self, admin: Person, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        caller = lifter.caller
        assert parts.deletions.begin_now(lifter.user_id, by=admin.caller)
        with pytest.raises(TokenInvalid):
            parts.deletions.request(caller)
        background.deliver(user_id=lifter.user_id)
        assert everything(parts, f"users/{lifter.user_id}") == []

    def test_an_administrator_need_not_wait(
        self, admin: Person, lifter: Person, background: Background, parts: Wiring
    ) -> None:
        """What D8 builds on."""
        assert parts.deletions.begin_now(lifter.user_id, by=admin.caller, reason="spam")
        assert not parts.deletions.begin_now(lifter.user_id, by=admin.caller)
        background.deliver(user_id=lifter.user_id)
        assert everything(parts, f"users/{lifter.user_id}") == []
        deletion = parts.deletion_repository.find(lifter.user_id)
        assert deletion is not None
        assert deletion.state is DeletionState.DONE


class TestLeavingColleagues:
    @pytest.fixture(autouse=True)
    def _files(self, files: Files) -> None:
        """Removing a person empties their part of the store."""

    def test_ownership_passes_to_whoever_joined_first(
        self, people: People, background: Background
    ) -> None:
        owner = people.pro()
        second, first = people.colleague(owner), people.colleague(owner)
        self.wait(second, owner)
        made = owner.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        leave(owner, background)
        parts = first.parts
        organization = parts.account_repository.organization(owner.organization_id)
        assert organization is not None
        assert organization.owner_user_id == first.user_id
        assert organization.subscription_tier == "PRO"
        assert self.user(first).organization_role is OrganizationRole.OWNER
        assert self.user(second).organization_role is OrganizationRole.MEMBER
        rows = parts.documents.find(f"organizations/{owner.organization_id}/members", limit=9)
        roles = {row.id: row.data["role"] for row in rows}
        assert roles == {first.user_id: "OWNER", second.user_id: "MEMBER"}
        assert second.api.get(f"/programs/{made['id']}").status_code == 200
        renamed = first.api.put("/users/me/organization", json={"name": "Ours now"})
        assert renamed.status_code == 200

    def test_a_member_who_leaves_takes_nothing_along(
        self, people: People, background: Background
    ) -> None:
        owner = people.pro()
        member = people.colleague(owner)
        made = member.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        leave(member, background)
        assert owner.api.get(f"/programs/{made['id']}").status_code == 200
        assert owner.api.get("/users/me/organization").json["user_count"] == 1
        # The organization they began with goes with them.
        home = personal_organization_id(member.user_id)
        assert everything(owner.parts, f"organizations/{home}") == []
        assert everything(owner.parts, f"users/{member.user_id}") == []

    def test_the_place_in_the_plan_is_free_again(
        self, people: People, background: Background
    ) -> None:
        owner = people.lifter()
        member = people.colleague(owner)
        assert self.places_taken(owner) == 2
        leave(member, background)
        assert self.places_taken(owner) == 1
        # Whoever owns it counts as much as anybody.
        heir = people.colleague(owner)
        leave(owner, background)
        assert self.places_taken(heir) == 1
        # A step that is done again frees nothing more.
        entry = trail.told(
            None, "test", heir.organization_id, entry_id="again", now=heir.parts.now()
        )
        purges = PurgeRepository(heir.parts.documents)
        for gone in (member, owner):
            assert purges.leave(heir.organization_id, gone.user_id, entry)
        assert self.places_taken(heir) == 1

    def test_ownership_passes_to_somebody_who_can_act(
        self, people: People, admin: Person, background: Background
    ) -> None:
        owner = people.pro()
        first, second = people.colleague(owner), people.colleague(owner)
        assert admin.api.post(f"/admin/users/{first.user_id}/suspend").status_code == 200
        leave(owner, background)
        organization = owner.parts.account_repository.organization(owner.organization_id)
        assert organization is not None
        assert organization.owner_user_id == second.user_id

    def test_what_they_changed_and_whom_they_invited_names_them_no_more(
        self, people: People, background: Background
    ) -> None:
        owner, heir = people.lifter("Zebulon Quagga"), people.lifter()
        owner.parts.accounts.subscribe(owner.organization_id, Tier.PRO, SubscriptionStatus.ACTIVE)
        heir.join(owner)
        made = owner.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        history = f"/programs/{made['id']}/versions"
        owner.invite("somebody@example.com")
        assert "Zebulon" in heir.api.get(history).text
        leave(owner, background)
        assert heir.api.get(history).json["total"] == 1
        assert "Zebulon" not in heir.api.get(history).text
        assert "Zebulon" not in heir.api.get(INVITATIONS).text

    def test_when_all_leave_at_once_nothing_stays(
        self, people: People, background: Background
    ) -> None:
        owner = people.pro()
        member = people.colleague(owner)
        for person in (owner, member):
            person.api.delete("/users/me")
            make_due(person)
        background.call(JOB)
        for person in (owner, member):
            background.deliver(user_id=person.user_id)
        assert everything(owner.parts, f"organizations/{owner.organization_id}") == []

    def test_a_row_of_somebody_who_is_elsewhere_keeps_nothing(
        self, people: People, stranger: Person, background: Background
    ) -> None:
        owner = people.pro()
        row = f"{member_collection(owner.organization_id)}/{stranger.user_id}"
        owner.parts.documents.atomically(
            lambda transaction: transaction.put(row, {"role": "MEMBER", "schema": 1})
        )
        leave(owner, background)
        assert everything(owner.parts, f"organizations/{owner.organization_id}") == []
        assert stranger.api.get("/users/me").status_code == 200

    @staticmethod
    def wait(person: Person, owner: Person) -> None:
        """As if they had joined an hour later."""
        row = f"{member_collection(owner.organization_id)}/{person.user_id}"
        later = {"joined_at": person.parts.now() + timedelta(hours=1)}
        person.parts.documents.atomically(lambda transaction: transaction.update(row, later))

    @staticmethod
    def places_taken(person: Person) -> int:
        """Of the plan, as joining counts them and as members are told."""
        stored = person.parts.account_repository.organization(person.organization_id)
        assert stored is not None
        shown = person.api.get("/users/me/organization").json["user_count"]
        assert shown == stored.member_count
        return shown

    @staticmethod
    def user(person: Person) -> User:
        account = person.parts.account_repository.load(person.user_id)
        assert account is not None
        return account.user
