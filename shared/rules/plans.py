"""What each plan includes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.models.organizations import Organization, SubscriptionStatus, Tier


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of one tier; a new plan is a new row of `PLANS`."""

    members: int
    """People in the organization, the owner included."""


PLANS: Mapping[Tier, Plan] = {Tier.FREE: Plan(members=3), Tier.PRO: Plan(members=50)}


def plan(organization: Organization, now: datetime) -> Plan:
    """What counts for the organization at `now`."""
    return PLANS[Tier.PRO if has_pro(organization, now) else Tier.FREE]


def has_pro(organization: Organization, now: datetime) -> bool:
    """Whether Pro features are on at `now`.

    A cancelled plan keeps them until the period that was paid for ends; without a known end
    they stop at once.
    """
    if organization.subscription_tier is not Tier.PRO:
        return False
    if organization.subscription_status is SubscriptionStatus.CANCELED:
        return organization.period_ends_at is not None and now < organization.period_ends_at
    return organization.subscription_status is SubscriptionStatus.ACTIVE
