"""T5 and T11: what an administrator decides binds at once, and somebody always administers."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from shared.errors import AccountDisabled, AppError, LastAdmin
from shared.models.organizations import PlanChange, Tier
from shared.models.people import RoleChange, UserAction
from shared.models.users import Caller, Role
from shared.services.accounts import AccountService
from shared.storage.admins import PATH
from shared.wiring import Wiring
from tests.elsewhere import Elsewhere
from tests.functions.bodies import a_program, an_exercise
from tests.functions.together import together
from tests.people import Person

CLIENTS = 4


def suspend(admin: Person, person: Person) -> None:
    assert admin.api.post(f"/admin/users/{person.user_id}/suspend").status_code == 200


def demote(admin: Person, person: Person) -> None:
    path = f"/admin/users/{person.user_id}/role"
    assert admin.api.put(path, json={"role": "USER"}).status_code == 200


def downgrade(admin: Person, person: Person) -> None:
    path = f"/admin/organizations/{person.organization_id}"
    assert admin.api.put(path, json={"subscription_tier": "FREE"}).status_code == 200


def make_program(person: Person) -> int:
    return person.api.post("/programs", json=a_program()).status_code


def make_shared_exercise(person: Person) -> int:
    return person.api.post("/admin/exercises", json=an_exercise()).status_code


class TestPromptness:
    @pytest.mark.parametrize(
        ("whom", "decision", "change"),
        [
            pytest.param("pro", suspend, make_program, id="suspended"),
            pytest.param("pro", downgrade, make_program, id="downgraded"),
            pytest.param("chief", demote, make_shared_exercise, id="demoted"),
        ],
    )
    def test_nothing_that_begins_after_the_decision_succeeds(
        self,
        admin: Person,
        people,
        whom: str,
        decision: Callable[[Person, Person], None],
        change: Callable[[Person], int],
    ) -> None:
        person = people.pro() if whom == "pro" else people.admin()
        tried: list[tuple[float, int]] = []
        stop = threading.Event()

        def work() -> None:
            while not stop.is_set():
                began = time.monotonic()
                tried.append((began, change(person)))

        threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        while sum(status == 201 for _, status in list(tried)) < CLIENTS:
            time.sleep(0.01)
        decision(admin, person)
        decided = time.monotonic()
        time.sleep(0.5)
        stop.set()
        for thread in threads:
            thread.join()
        after = [status for began, status in tried if began > decided]
        assert len(after) >= CLIENTS
        assert set(after) == {403}

    def test_another_instance_reads_by_old_rights_for_half_a_minute_at_most(
        self, admin: Person, people, parts: Wiring
    ) -> None:
        chief, pro = people.admin(), people.pro()
        clock = [datetime.now(UTC)]
        instance = AccountService(parts.account_repository, now=lambda: clock[0])
        tokens = {person: parts.id_tokens.verify(person.token) for person in (chief, pro)}

        def rights(*, fresh: bool) -> tuple[bool, bool]:
            return (
                instance.caller(tokens[chief], fresh=fresh).is_admin,
                instance.caller(tokens[pro], fresh=fresh).has_pro,
            )

        assert rights(fresh=False) == (True, True)
        demote(admin, chief)
        downgrade(admin, pro)
        clock[0] += timedelta(seconds=29)
        assert rights(fresh=False) == (True, True), "for reads alone"
        clock[0] += timedelta(seconds=2)
        assert rights(fresh=False) == (False, False)
        suspend(admin, chief)
        with pytest.raises(AccountDisabled):
            instance.caller(tokens[chief], fresh=True)

    def test_a_role_or_plan_that_is_edited_in_the_console_counts_as_well(
        self, lifter: Person, parts: Wiring
    ) -> None:
        client = parts.documents._client
        client.document(f"users/{lifter.user_id}").update({"role": "ADMIN"})
        assert make_shared_exercise(lifter) == 201
        client.document(f"users/{lifter.user_id}").update({"role": "USER"})
        assert make_shared_exercise(lifter) == 403
        assert make_program(lifter) == 403
        client.document(f"organizations/{lifter.organization_id}").update(
            {"subscription_tier": "PRO"}
        )
        assert make_program(lifter) == 201


class TestLastAdmin:
    """In a store of its own, since every other test has administrators, too."""

    def admins(self, elsewhere: Elsewhere, *names: str) -> list[Caller]:
        return [elsewhere.admin_caller(name) for name in names]

    def standing(self, elsewhere: Elsewhere) -> set[str]:
        users = elsewhere.documents.find("users", [("role", "==", "ADMIN")], limit=100)
        return {row.id for row in users if row.data["status"] == "active"}

    def test_the_last_one_stays(self, elsewhere: Elsewhere) -> None:
        (root,) = self.admins(elsewhere, "root")
        operator = root.model_copy(update={"user_id": "operator:kim"})
        users = elsewhere.admin.users
        for attempt in (
            lambda: users.set_role(operator, "root", RoleChange(role=Role.USER)),
            lambda: users.act(operator, "root", UserAction.SUSPEND, None),
            lambda: users.delete(operator, "root", None),
        ):
            with pytest.raises(LastAdmin):
                attempt()
        assert self.standing(elsewhere) == {"root"}

    def test_the_last_one_cannot_leave(self, elsewhere: Elsewhere) -> None:
        root, second = self.admins(elsewhere, "root", "second")
        elsewhere.deletions.request(root)
        with pytest.raises(LastAdmin):
            elsewhere.deletions.request(second)
        elsewhere.deletions.cancel(root)
        elsewhere.deletions.request(second)
        assert self.standing(elsewhere) == {"root"}

    def test_a_suspended_one_does_not_count(self, elsewhere: Elsewhere) -> None:
        root, second = self.admins(elsewhere, "root", "second")
        users = elsewhere.admin.users
        users.act(root, "second", UserAction.SUSPEND, None)
        operator = root.model_copy(update={"user_id": "operator:kim"})
        with pytest.raises(LastAdmin):
            users.set_role(operator, "root", RoleChange(role=Role.USER))
        users.act(root, "second", UserAction.UNSUSPEND, None)
        users.set_role(second, "root", RoleChange(role=Role.USER))
        assert self.standing(elsewhere) == {"second"}

    @pytest.mark.parametrize("action", ["demote", "suspend", "delete"])
    def test_two_who_remove_each_other_leave_one(self, elsewhere: Elsewhere, action: str) -> None:
        users = elsewhere.admin.users

        def remove(actor: Caller, target: str) -> str:
            try:
                if action == "demote":
                    users.set_role(actor, target, RoleChange(role=Role.USER))
                elif action == "suspend":
                    users.act(actor, target, UserAction.SUSPEND, None)
                else:
                    users.delete(actor, target, None)
            except AppError as refusal:
                return refusal.code
            return "done"

        for number in range(20):
            a, b = self.admins(elsewhere, f"a{number}", f"b{number}")
            for before in self.standing(elsewhere) - {a.user_id, b.user_id}:
                users.set_role(a, before, RoleChange(role=Role.USER))
            outcomes = together(
                [lambda: remove(a, b.user_id), lambda: remove(b, a.user_id)]  # noqa: B023 - called at once
            )
            assert sorted(outcomes) == ["LAST_ADMIN", "done"]
            assert len(self.standing(elsewhere) & {a.user_id, b.user_id}) == 1

    def test_one_who_was_made_in_the_console_counts(self, elsewhere: Elsewhere) -> None:
        """`config/admins` does not name them, their own document does."""
        (root,) = self.admins(elsewhere, "root")
        elsewhere.account("robin")
        elsewhere.documents._client.document("users/robin").update({"role": "ADMIN"})
        robin = root.model_copy(update={"user_id": "robin"})
        elsewhere.admin.users.set_role(robin, "root", RoleChange(role=Role.USER))
        named = elsewhere.documents.get(PATH)
        assert named is not None
        assert named.data["uids"] == ["robin"]

    def test_one_whom_the_console_demoted_does_not_count(self, elsewhere: Elsewhere) -> None:
        root, _ = self.admins(elsewhere, "root", "second")
        elsewhere.documents._client.document("users/second").update({"role": "USER"})
        operator = root.model_copy(update={"user_id": "operator:kim"})
        with pytest.raises(LastAdmin):
            elsewhere.admin.users.set_role(operator, "root", RoleChange(role=Role.USER))

    def test_whoever_is_no_admin_comes_and_goes_without_the_list(
        self, elsewhere: Elsewhere
    ) -> None:
        (root,) = self.admins(elsewhere, "root")
        _, gym = elsewhere.account("robin")
        before = elsewhere.documents.get(PATH)
        elsewhere.admin.users.act(root, "robin", UserAction.SUSPEND, None)
        elsewhere.admin.organizations.set_plan(root, gym.id, PlanChange(subscription_tier=Tier.PRO))
        assert elsewhere.documents.get(PATH) == before
