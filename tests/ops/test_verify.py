"""T24: verify-data finds each planted corruption, and nothing in a store that is sound."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud import firestore

from infra.ops.verify import CHECKS, repair, verify
from shared.models.exercises import ExerciseDraft
from shared.models.mesocycles import MesocycleDraft
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.people import UserAction
from shared.models.programs import ProgramDraft
from shared.models.subscriptions import BillingStatus, Subscription
from shared.models.users import Caller, OrganizationRole, Role
from shared.storage.records import fields
from shared.storage.tenancy import exercise_catalogue
from shared.wiring import Wiring
from tests.elsewhere import Elsewhere
from tests.functions.bodies import MISSING, a_program, a_session, an_exercise, work


class Store:
    """Made by the product's own services: an administrator, two lifters, and what they made."""

    def __init__(self, wiring: Elsewhere) -> None:
        self.wiring = wiring
        self.client = wiring.documents._client
        # Tasks become due, and repeats cease to count, by the real clock.
        wiring.time = datetime.now(UTC)
        root, _ = wiring.account("root")
        wiring.accounts.grant_role(root.id, Role.ADMIN)
        admin = self._caller(root.id, root.organization_id, Role.ADMIN)
        lifter, gym = wiring.account("robin")
        self.gym, self.user_id = gym.id, lifter.id
        wiring.accounts.subscribe(gym.id, Tier.PRO, SubscriptionStatus.ACTIVE)
        banned, _ = wiring.account("sam")
        wiring.admin.users.act(admin, banned.id, UserAction.SUSPEND, "Spam")
        robin = self._caller(lifter.id, gym.id, Role.USER)
        self.shared = self._exercise(admin, "Bench Press")
        self.own = self._exercise(robin, "Robin's Press")
        gone = self._exercise(robin, "Robin's Old Press")
        sessions = [
            a_session(1, [work(self.shared), work(self.own, order=2)]),
            a_session(2, [work(gone)]),
        ]
        draft = ProgramDraft.model_validate(a_program(sessions=sessions))
        self.program = wiring.programs.create(robin, draft).id
        wiring.mesocycles.create(robin, self.program, MesocycleDraft(name="Spring", weeks=4))
        wiring.exercises.remove(robin, gone, None, force=True)
        wiring.programs.create_template(
            admin,
            ProgramDraft.model_validate(a_program(sessions=[a_session(1, [work(self.shared)])])),
        )

    def found(self, now: datetime | None = None) -> dict[int, list[str]]:
        problems = verify(self.wiring.documents, now or self.wiring.time)
        return {
            number: [f"{problem.path}: {problem.text}" for problem in rows]
            for number, rows in problems.items()
            if rows
        }

    def put(self, path: str, **fields: Any) -> None:
        self.client.document(path).set(fields, merge=True)

    def delete(self, path: str) -> None:
        self.client.document(path).delete()

    def sessions(self) -> Any:
        stored = self.client.document(self.program_path).get().to_dict()
        return json.loads(stored["sessions"])

    @property
    def program_path(self) -> str:
        return f"organizations/{self.gym}/programs/{self.program}"

    def _exercise(self, caller: Caller, name: str) -> str:
        draft = ExerciseDraft.model_validate(an_exercise(name=name))
        return self.wiring.exercises.create(caller, draft).id

    @staticmethod
    def _caller(user_id: str, organization_id: str, role: Role) -> Caller:
        return Caller(
            user_id=user_id,
            organization_id=organization_id,
            role=role,
            organization_role=OrganizationRole.OWNER,
            has_pro=True,
            signed_in_at=0,
        )


@pytest.fixture
def store(elsewhere: Elsewhere) -> Store:
    return Store(elsewhere)


def test_a_sound_store_has_no_problem(store: Store) -> None:
    assert store.found() == {}


def uncounted(store: Store) -> None:
    store.put(exercise_catalogue(store.gym), count=7)


def same_name(store: Store) -> None:
    twin = store.client.document(f"organizations/{store.gym}/exercises/{store.own}").get().to_dict()
    path = f"organizations/{store.gym}/exercises/{MISSING}"
    # The spelling differs; the name does not.
    store.put(path, **twin | {"id": MISSING, "name": "ROBIN'S  press"})
    repair(store.wiring.documents, store.wiring.time)


def unknown_exercise(store: Store) -> None:
    rows = store.sessions()
    rows[0]["exercises"][0]["exercise_id"] = MISSING
    ids = sorted({row["exercise_id"] for each in rows for row in each["exercises"]})
    store.put(store.program_path, sessions=json.dumps(rows), exercise_ids=ids)


def homeless(store: Store) -> None:
    store.delete(f"organizations/{store.gym}/members/{store.user_id}")


def miscounted(store: Store) -> None:
    store.put(f"organizations/{store.gym}", member_count=2)


def unpaid_plan(store: Store) -> None:
    """What pays for it has expired, and nobody told the organization."""
    long_ago = store.wiring.time - timedelta(days=9)
    state = Subscription(
        id="planted",
        organization_id=store.gym,
        customer_id="1",
        variant_id="1",
        status=BillingStatus.EXPIRED,
        source_updated_at=long_ago,
        created_at=long_ago,
        updated_at=long_ago,
    )
    store.put("subscriptions/planted", **fields(state))


def orphaned(store: Store) -> None:
    store.put(f"organizations/{MISSING}/members/{store.user_id}", role="MEMBER", schema=1)


def dangling_repeat(store: Store) -> None:
    store.put("idempotency/planted", created_at=store.wiring.time, resource_id=MISSING, schema=1)


def untold(store: Store) -> None:
    """As somebody does in the console."""
    store.put(f"users/{store.user_id}", role="ADMIN")


def forgotten_task(store: Store) -> None:
    late = store.wiring.time - timedelta(minutes=6)
    store.put("outbox/planted", state="new", kind="send-mail", next_at=late, payload="{}")


def no_admin(store: Store) -> None:
    store.put("users/root", role="USER")


def too_large(store: Store) -> None:
    store.put(f"organizations/{store.gym}", note="x" * 700_001)


def same_day(store: Store) -> None:
    rows = store.sessions()
    rows[1]["day_number"] = rows[0]["day_number"]
    store.put(store.program_path, sessions=json.dumps(rows))


def stale_search(store: Store) -> None:
    store.put(f"users/{store.user_id}", search=["x"])


PLANTED: dict[int, Callable[[Store], None]] = {
    1: uncounted,
    2: same_name,
    3: unknown_exercise,
    4: homeless,
    5: unpaid_plan,
    6: orphaned,
    7: dangling_repeat,
    8: untold,
    9: forgotten_task,
    10: no_admin,
    11: too_large,
    12: same_day,
    13: stale_search,
}


def test_every_invariant_has_its_corruption() -> None:
    assert PLANTED.keys() == CHECKS.keys()


@pytest.mark.parametrize("number", PLANTED, ids=lambda number: str(PLANTED[number].__name__))
def test_a_planted_corruption_is_found(store: Store, number: int) -> None:
    PLANTED[number](store)
    assert number in store.found()


def test_repair_mends_catalogues_counts_derived_fields_and_admins(store: Store) -> None:
    uncounted(store)
    miscounted(store)
    stale_search(store)
    store.put(exercise_catalogue(None), items="no rows at all")
    store.put("config/admins", uids=["nobody"])
    assert set(store.found()) == {1, 4, 10, 13}
    assert repair(store.wiring.documents, store.wiring.time) == 5
    assert store.found() == {}
    assert repair(store.wiring.documents, store.wiring.time) == 0
    # What was withdrawn still has its name.
    kept = store.client.document(exercise_catalogue(store.gym)).get().to_dict()
    assert "Robin's Old Press" in kept["removed"]


def test_a_plans_places_are_counted_by_people(store: Store) -> None:
    """A row that was left behind in the console makes nobody a member."""
    place = f"organizations/{store.gym}"
    store.put(f"{place}/members/sam", role="MEMBER", schema=1)
    assert store.found() == {}
    miscounted(store)
    assert store.found() == {4: [f"{place}: counts 2 members, and has 1"]}
    assert repair(store.wiring.documents, store.wiring.time) == 1
    assert store.client.document(place).get().to_dict()["member_count"] == 1


@pytest.mark.parametrize("stored", [None, {}, {"nobody": 1}], ids=str)
def test_repair_counts_who_made_what_in_catalogues_that_are_sound_otherwise(
    store: Store, stored: dict[str, int] | None
) -> None:
    """Those of before there was such a count have none; administrators are shown it."""
    path = exercise_catalogue(store.gym)
    counted = store.client.document(path).get().to_dict()["creators"]
    assert counted == {store.user_id: 1}
    field = {"creators": firestore.DELETE_FIELD if stored is None else stored}
    store.client.document(path).update(field)
    assert store.found() == {1: [f"{path}: its creators are not those of its documents"]}
    assert repair(store.wiring.documents, store.wiring.time) == 1
    assert store.client.document(path).get().to_dict()["creators"] == counted
    assert store.found() == {}


def test_an_empty_store_is_sound(elsewhere: Wiring) -> None:
    assert not any(verify(elsewhere.documents, elsewhere.now()).values())
