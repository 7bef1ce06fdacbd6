"""Members of an organization: invited by mail, joined, removed, left, handed over."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from firebase_admin import auth

from shared.models.tokens import Purpose, Token
from shared.storage.tenancy import member_collection, organization_path
from shared.wiring import Wiring
from tests.client import Api, Functions
from tests.functions.bodies import MISSING, a_program, a_session
from tests.functions.refusals import needs_sign_in, refused, tells_the_same
from tests.people import INVITATIONS, People, Person

ACCEPT = f"{INVITATIONS}/accept"
MEMBERS = "/users/me/organization/members"
LEAVE = "/users/me/organization/leave"
OWNER = "/users/me/organization/owner"


def names(person: Person) -> list[tuple[str, str]]:
    rows = person.api.get(MEMBERS).json["items"]
    return [(row["user_id"], row["role"]) for row in rows]


class TestInviting:
    def test_nobody_invites_without_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.post(INVITATIONS, json={"email": "friend@example.com"}))

    def test_only_the_owner_invites_lists_and_withdraws(self, pro: Person, lifter: Person) -> None:
        lifter.join(pro)
        for method, path, body in (
            ("POST", INVITATIONS, {"email": "friend@example.com"}),
            ("GET", INVITATIONS, None),
            ("DELETE", f"{INVITATIONS}/{MISSING}", None),
        ):
            refused(lifter.api.call(method, path, json=body), 403, "PERMISSION_DENIED")

    def test_an_invitation_is_for_seven_days_and_is_mailed(self, pro: Person, background) -> None:
        email = f"{uuid.uuid4().hex[:8]}@example.com"
        made = pro.api.post(INVITATIONS, json={"email": email.upper()}).json
        assert made["email"] == email
        assert made["invited_by_name"] == pro.full_name
        listed = pro.api.get(INVITATIONS).json
        assert (listed["total"], listed["items"]) == (1, [made])
        about = f"{pro.organization_id}/{made['id']}"
        ((kind, _),) = background.waiting(mail="invitation", about=about)
        assert kind == "send-mail"

    def test_the_same_address_again_renews_the_one_invitation(
        self, pro: Person, background
    ) -> None:
        first, second = (pro.invite("friend@example.com") for _ in range(2))
        assert first == second
        assert pro.api.get(INVITATIONS).json["total"] == 1
        about = f"{pro.organization_id}/{first}"
        assert len(background.waiting(mail="invitation", about=about)) == 2

    def test_a_member_is_not_invited_again(self, pro: Person, lifter: Person) -> None:
        lifter.join(pro)
        refused(pro.api.post(INVITATIONS, json={"email": lifter.email}), 409, "DUPLICATE_ENTRY")
        refused(pro.api.post(INVITATIONS, json={"email": pro.email}), 409, "DUPLICATE_ENTRY")

    def test_what_is_no_address_is_refused(self, pro: Person) -> None:
        refused(pro.api.post(INVITATIONS, json={"email": "friend"}), 422, "VALIDATION_ERROR")

    def test_a_withdrawn_invitation_is_gone_and_its_link_dead(
        self, pro: Person, lifter: Person
    ) -> None:
        identifier = pro.invite(lifter.email)
        token = pro.invitation(lifter.email)
        assert pro.api.delete(f"{INVITATIONS}/{identifier}").status_code == 204
        assert pro.api.get(INVITATIONS).json == {"items": [], "total": 0}
        refused(lifter.api.post(ACCEPT, json={"token": token}), 401, "TOKEN_INVALID")
        again = pro.api.delete(f"{INVITATIONS}/{identifier}")
        refused(again, 404, "INVITATION_NOT_FOUND")

    def test_another_organizations_invitation_reads_like_a_missing_one(
        self, pro: Person, stranger: Person
    ) -> None:
        identifier = pro.invite("friend@example.com")
        foreign = stranger.api.delete(f"{INVITATIONS}/{identifier}")
        missing = stranger.api.delete(f"{INVITATIONS}/{MISSING}")
        tells_the_same(foreign, missing)
        assert pro.api.get(INVITATIONS).json["total"] == 1


class TestJoining:
    def test_nobody_joins_without_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.post(ACCEPT, json={"token": "x"}))

    def test_whoever_joins_sees_what_the_others_made_and_is_verified(
        self, pro: Person, lifter: Person
    ) -> None:
        made = pro.api.post("/programs", json=a_program(sessions=[a_session(1)])).json
        token = pro.invitation(lifter.email)
        me = lifter.api.post(ACCEPT, json={"token": token}).json
        assert me["organization_id"] == pro.organization_id
        assert me["subscription_tier"] == "PRO"
        assert me["is_verified"] is True
        assert lifter.api.get(f"/programs/{made['id']}").status_code == 200
        assert names(lifter) == [(pro.user_id, "OWNER"), (lifter.user_id, "MEMBER")]
        assert pro.api.get(INVITATIONS).json["total"] == 0

    def test_a_link_works_once(self, pro: Person, lifter: Person) -> None:
        token = pro.invitation(lifter.email)
        assert lifter.api.post(ACCEPT, json={"token": token}).status_code == 200
        refused(lifter.api.post(ACCEPT, json={"token": token}), 401, "TOKEN_INVALID")

    def test_a_link_works_for_the_invited_address_alone(
        self, pro: Person, lifter: Person, stranger: Person
    ) -> None:
        token = pro.invitation(lifter.email)
        refused(stranger.api.post(ACCEPT, json={"token": token}), 403, "PERMISSION_DENIED")
        assert lifter.api.post(ACCEPT, json={"token": token}).status_code == 200

    @pytest.mark.parametrize("token", ["x", "Ω", "a/b", "x" * 256])
    def test_a_made_up_token_is_refused(self, lifter: Person, token: str) -> None:
        refused(lifter.api.post(ACCEPT, json={"token": token}), 401, "TOKEN_INVALID")

    def test_a_token_for_something_else_is_refused(self, pro: Person, lifter: Person) -> None:
        now = pro.parts.now()
        about = f"{pro.organization_id}/{pro.invite(lifter.email)}"
        other = Token(
            purpose=Purpose.VERIFY_EMAIL,
            email=lifter.email,
            about=about,
            created_at=now,
            expires_at=now + timedelta(days=1),
        )
        token = pro.parts.tokens.issue(other)
        refused(lifter.api.post(ACCEPT, json={"token": token}), 401, "TOKEN_INVALID")

    def test_an_owner_with_members_has_to_hand_over_first(
        self, pro: Person, lifter: Person, stranger: Person
    ) -> None:
        lifter.join(pro)
        token = stranger.invitation(pro.email)
        refused(pro.api.post(ACCEPT, json={"token": token}), 409, "DUPLICATE_ENTRY")

    def test_a_plan_has_so_many_places_also_when_all_come_at_once(
        self, people: People, functions: Functions
    ) -> None:
        # Free has room for three: the owner and two of these four.
        owner, guests = people.lifter(), [people.lifter() for _ in range(4)]
        tokens = [owner.invitation(guest.email) for guest in guests]
        with ThreadPoolExecutor(4) as threads:
            answers = list(
                threads.map(
                    lambda pair: pair[0].api.post(ACCEPT, json={"token": pair[1]}),
                    zip(guests, tokens, strict=True),
                )
            )
        assert sorted(answer.status_code for answer in answers) == [200, 200, 409, 409]
        stored = owner.parts.documents.get(organization_path(owner.organization_id))
        assert stored.data["member_count"] == 3
        assert len(names(owner)) == 3
        refused(owner.api.post(INVITATIONS, json={"email": "x@example.com"}), 409, "QUOTA_REACHED")


class TestParting:
    def test_nobody_lists_or_removes_without_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.get(MEMBERS))
        needs_sign_in(api.delete(f"{MEMBERS}/{MISSING}"))
        needs_sign_in(api.post(LEAVE))

    def test_a_removed_member_finds_the_own_organization_as_it_was(
        self, pro: Person, lifter: Person, parts: Wiring, catalogue: None
    ) -> None:
        own = lifter.api.post("/programs/full-body-3-day-split/clone").json
        lifter.join(pro)
        assert lifter.api.get(f"/programs/{own['id']}").status_code == 404
        theirs = pro.api.post("/programs", json=a_program()).json
        assert pro.api.delete(f"{MEMBERS}/{lifter.user_id}").status_code == 204
        me = lifter.api.get("/auth/me").json
        assert me["organization_id"] == lifter.organization_id
        assert me["subscription_tier"] == "FREE"
        assert lifter.api.get(f"/programs/{own['id']}").status_code == 200
        assert lifter.api.get(f"/programs/{theirs['id']}").status_code == 404
        assert names(pro) == [(pro.user_id, "OWNER")]
        assert names(lifter) == [(lifter.user_id, "OWNER")]
        row = f"{member_collection(pro.organization_id)}/{lifter.user_id}"
        assert parts.documents.get(row) is None

    def test_another_organizations_member_reads_like_a_missing_one(
        self, pro: Person, stranger: Person
    ) -> None:
        foreign = pro.api.delete(f"{MEMBERS}/{stranger.user_id}")
        refused(foreign, 404, "USER_NOT_FOUND")
        tells_the_same(foreign, pro.api.delete(f"{MEMBERS}/{MISSING}"))
        assert names(stranger) == [(stranger.user_id, "OWNER")]

    def test_a_member_removes_nobody_and_the_owner_cannot_be_removed(
        self, pro: Person, lifter: Person
    ) -> None:
        lifter.join(pro)
        refused(lifter.api.delete(f"{MEMBERS}/{pro.user_id}"), 403, "PERMISSION_DENIED")
        refused(pro.api.delete(f"{MEMBERS}/{pro.user_id}"), 409, "DUPLICATE_ENTRY")

    def test_a_member_leaves_and_the_owner_cannot(self, pro: Person, lifter: Person) -> None:
        lifter.join(pro)
        me = lifter.api.post(LEAVE)
        assert me.status_code == 200
        assert me.json["organization_id"] == lifter.organization_id
        refused(lifter.api.post(LEAVE), 400, "INVALID_OPERATION")
        refused(pro.api.post(LEAVE), 400, "INVALID_OPERATION")


class TestHandingOver:
    def test_nobody_hands_over_without_a_sign_in(self, api: Api) -> None:
        needs_sign_in(api.post(OWNER, json={"user_id": MISSING}))

    def test_the_new_owner_owns_and_the_old_one_may_leave(
        self, pro: Person, lifter: Person
    ) -> None:
        lifter.join(pro)
        since = {row["user_id"]: row["joined_at"] for row in pro.api.get(MEMBERS).json["items"]}
        assert pro.api.post(OWNER, json={"user_id": lifter.user_id}).status_code == 200
        assert names(pro) == [(lifter.user_id, "OWNER"), (pro.user_id, "MEMBER")]
        kept = {row["user_id"]: row["joined_at"] for row in pro.api.get(MEMBERS).json["items"]}
        assert kept == since
        again = pro.api.post(INVITATIONS, json={"email": "x@example.com"})
        refused(again, 403, "PERMISSION_DENIED")

    def test_who_gave_the_own_organization_away_leaves_it_for_a_new_one(
        self, pro: Person, lifter: Person
    ) -> None:
        lifter.join(pro)
        pro.api.post(OWNER, json={"user_id": lifter.user_id})
        me = pro.api.post(LEAVE).json
        assert me["organization_id"] not in {pro.organization_id, lifter.organization_id}
        assert me["organization_name"] == "Robin Lifter's gym"
        assert me["subscription_tier"] == "FREE"
        assert names(pro) == [(pro.user_id, "OWNER")]
        assert names(lifter) == [(lifter.user_id, "OWNER")]
        refused(pro.api.post(LEAVE), 400, "INVALID_OPERATION")
        # And there and back again.
        pro.join(replace(lifter, organization_id=pro.organization_id))
        assert len(names(pro)) == 2
        assert pro.api.post(LEAVE).json["organization_id"] == me["organization_id"]

    def test_only_to_a_member_and_not_to_oneself(self, pro: Person, stranger: Person) -> None:
        foreign = pro.api.post(OWNER, json={"user_id": stranger.user_id})
        refused(foreign, 404, "USER_NOT_FOUND")
        tells_the_same(foreign, pro.api.post(OWNER, json={"user_id": MISSING}))
        refused(pro.api.post(OWNER, json={"user_id": pro.user_id}), 400, "INVALID_OPERATION")

    def test_a_member_hands_nothing_over(self, pro: Person, lifter: Person) -> None:
        lifter.join(pro)
        answer = lifter.api.post(OWNER, json={"user_id": lifter.user_id})
        refused(answer, 403, "PERMISSION_DENIED")


def test_every_change_of_the_membership_leaves_an_audit_row(
    pro: Person, lifter: Person, parts: Wiring
) -> None:
    lifter.join(pro)
    pro.api.post(OWNER, json={"user_id": lifter.user_id})
    lifter.api.delete(f"{MEMBERS}/{pro.user_id}")
    rows = parts.documents.find("audit", [("organization_id", "==", pro.organization_id)], limit=20)
    assert sorted(row.data["action"] for row in rows) == [
        "invitation.create",
        "member.join",
        "member.remove",
        "organization.hand_over",
    ]
    assert all(row.data["request_id"] for row in rows)


def test_firebase_is_told_of_every_move(pro: Person, lifter: Person, background) -> None:
    def claimed() -> str:
        background.deliver(user_id=lifter.user_id)
        user = auth.get_user(lifter.user_id, app=lifter.parts.directory._app)
        return user.custom_claims["organization_id"]

    lifter.join(pro)
    assert claimed() == pro.organization_id
    lifter.api.post(LEAVE)
    assert claimed() == lifter.organization_id
