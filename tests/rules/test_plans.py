"""What each plan includes."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.rules.plans import has_pro

NOW = datetime(2026, 3, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ACTIVE, CANCELED, EXPIRED = SubscriptionStatus


@pytest.mark.parametrize(
    ("tier", "status", "ends", "included"),
    [
        (Tier.FREE, ACTIVE, None, False),
        (Tier.FREE, ACTIVE, NOW + SECOND, False),
        (Tier.PRO, ACTIVE, None, True),
        (Tier.PRO, ACTIVE, NOW - SECOND, True),
        (Tier.PRO, CANCELED, NOW + SECOND, True),
        (Tier.PRO, CANCELED, NOW, False),
        (Tier.PRO, CANCELED, None, False),
        (Tier.PRO, EXPIRED, NOW + SECOND, False),
    ],
)
def test_pro_is_on_while_it_is_paid_for(
    tier: Tier, status: SubscriptionStatus, ends: datetime | None, included: bool
):
    """A renewal may arrive late: an active plan does not stop at its period's end."""
    organization = Organization(
        id="gym",
        name="Gym",
        owner_user_id="robin",
        subscription_tier=tier,
        subscription_status=status,
        period_ends_at=ends,
        created_at=NOW,
        updated_at=NOW,
    )
    assert has_pro(organization, NOW) is included
