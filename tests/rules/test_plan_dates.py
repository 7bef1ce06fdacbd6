"""When plans began and ended, through every way they change."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.rules.plans import dated, planned

JANUARY, MARCH, MAY, JULY = (datetime(2026, month, 10, tzinfo=UTC) for month in (1, 3, 5, 7))
FREE, PRO = Tier.FREE, Tier.PRO
ACTIVE, CANCELED, EXPIRED = SubscriptionStatus


def gym(**fields: object) -> Organization:
    return Organization(
        id="gym", name="Gym", owner_user_id="robin", created_at=JANUARY, updated_at=JANUARY
    ).model_copy(update=fields)


def then(organization: Organization, tier: Tier, status: SubscriptionStatus, now: datetime):
    return dated(organization, planned(organization, tier, status, now), now)


def dates(organization: Organization) -> tuple[datetime | None, datetime | None]:
    return organization.pro_since, organization.canceled_at


def test_a_plan_begins_when_it_is_taken_and_stays_begun():
    bought = then(gym(), PRO, ACTIVE, MARCH)
    assert dates(bought) == (MARCH, None)
    assert dates(then(bought, PRO, ACTIVE, MAY)) == (MARCH, None)


def test_a_cancelled_plan_keeps_its_beginning_and_ends_once():
    bought = then(gym(period_ends_at=JULY), PRO, ACTIVE, MARCH)
    cancelled = then(bought, PRO, CANCELED, MAY)
    assert dates(cancelled) == (MARCH, MAY)
    # Running out is no second cancellation.
    assert dates(then(cancelled, FREE, EXPIRED, JULY)) == (MARCH, MAY)


def test_a_plan_taken_up_again_before_it_ran_out_is_the_same_one():
    cancelled = then(then(gym(period_ends_at=JULY), PRO, ACTIVE, MARCH), PRO, CANCELED, MAY)
    again = then(cancelled, PRO, ACTIVE, MAY + timedelta(days=1))
    assert dates(again) == (MARCH, None)


def test_a_plan_taken_up_after_it_ran_out_is_a_new_one():
    ended = then(then(gym(), PRO, ACTIVE, MARCH), FREE, EXPIRED, MAY)
    assert dates(ended) == (MARCH, MAY)
    assert dates(then(ended, PRO, ACTIVE, JULY)) == (JULY, None)


@pytest.mark.parametrize("status", SubscriptionStatus)
def test_what_was_never_pro_has_no_dates(status: SubscriptionStatus):
    assert dates(then(gym(), FREE, status, MARCH)) == (None, None)


def test_a_tier_alone_begins_as_active_and_a_status_alone_keeps_the_tier():
    expired = gym(subscription_status=EXPIRED)
    assert planned(expired, PRO, None, MARCH).subscription_status is ACTIVE
    cancelled = planned(gym(subscription_tier=PRO), None, CANCELED, MARCH)
    assert (cancelled.subscription_tier, cancelled.subscription_status) == (PRO, CANCELED)
