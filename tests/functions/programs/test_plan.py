"""The Pro plan (S2): writing programs needs it, cloning and editing do not."""

import pytest

from shared.models.organizations import SubscriptionStatus, Tier
from shared.wiring import Wiring
from tests.functions.bodies import a_program, a_session
from tests.functions.refusals import refused
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def test_s2_p3_free_gets_403_and_where_to_upgrade_before_the_body_is_looked_at(
    lifter: Person, parts: Wiring
) -> None:
    for request in ({"json": {}}, {"data": b"{", "content_type": "application/json"}, {}):
        answer = lifter.api.post("/programs", **request)
        details = refused(answer, 403, "PRO_TIER_REQUIRED")
        assert details == {"upgrade_url": parts.settings.upgrade_url}
        assert "clone" in answer.json["detail"]


def test_s2_an_administrator_needs_no_plan(admin: Person) -> None:
    made = admin.api.post("/programs", json=a_program())
    assert made.status_code == 201
    assert made.json["organization_id"] == admin.organization_id


def test_s2_a_downgrade_binds_the_very_next_create_and_leaves_the_rest(
    parts: Wiring, pro: Person
) -> None:
    body = a_program(sessions=[a_session(1)])
    made = pro.api.post("/programs", json=body).json
    parts.accounts.subscribe(pro.organization_id, Tier.FREE, SubscriptionStatus.ACTIVE)
    refused(pro.api.post("/programs", json=a_program()), 403, "PRO_TIER_REQUIRED")
    # Not even a repeat of what the plan once allowed.
    refused(pro.api.post("/programs", json=body), 403, "PRO_TIER_REQUIRED")
    where = f"/programs/{made['id']}"
    assert pro.api.post(f"{where}/sessions", json=a_session(2)).status_code == 201
    assert pro.api.put(where, json={"name": "Still mine"}).status_code == 200
    assert pro.api.get(f"{where}/stats").status_code == 200
    assert pro.api.delete(where).status_code == 204


def test_s2_a_free_member_lives_on_clones(lifter: Person) -> None:
    copy = lifter.api.post("/programs/full-body-3-day-split/clone")
    assert copy.status_code == 201
    where = f"/programs/{copy.json['id']}"
    assert lifter.api.post(f"{where}/sessions", json=a_session(6)).status_code == 201
    assert lifter.api.delete(where).status_code == 204
