"""What each plan includes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.models.users import Caller


@dataclass(frozen=True, slots=True)
class Plan:
    """The limits of one tier; a new plan is a new row of `PLANS`."""

    members: int
    """People in the organization, the owner included."""
    custom_exercises: int
    """Of the organization's own; 0 where nobody may make any."""
    programs: int
    """Copies of templates included."""
    writes_programs: bool
    """Whether programs may be written, not only copied."""
    ai_queries_per_month: int | None
    """None for any number."""


PLANS: Mapping[Tier, Plan] = {
    Tier.FREE: Plan(
        members=3,
        custom_exercises=0,
        programs=500,
        writes_programs=False,
        ai_queries_per_month=10,
    ),
    Tier.PRO: Plan(
        members=50,
        custom_exercises=500,
        programs=500,
        writes_programs=True,
        ai_queries_per_month=None,
    ),
}


def plan(organization: Organization, now: datetime) -> Plan:
    """What counts for the organization at `now`."""
    return PLANS[Tier.PRO if has_pro(organization, now) else Tier.FREE]


def included(caller: Caller) -> Plan:
    """What the caller's organization may use, as of this request."""
    return PLANS[Tier.PRO if caller.has_pro else Tier.FREE]


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


def planned(
    organization: Organization,
    tier: Tier | None,
    status: SubscriptionStatus | None,
    now: datetime,
) -> Organization:
    """The organization with that plan; what is None stays, but a plan that is given is active.

    One that has expired is Free.
    """
    if status is None:
        status = SubscriptionStatus.ACTIVE if tier else organization.subscription_status
    canceled, is_over = SubscriptionStatus.CANCELED, status is SubscriptionStatus.EXPIRED
    # The end of a plan that was cancelled says nothing of what takes its place.
    goes_on = organization.subscription_status is canceled and status is not canceled
    return organization.model_copy(
        update={
            "subscription_tier": Tier.FREE if is_over else tier or organization.subscription_tier,
            "subscription_status": status,
            "period_ends_at": None if goes_on else organization.period_ends_at,
            "updated_at": now,
        }
    )


def dated(before: Organization, after: Organization, now: datetime) -> Organization:
    """`after` with the dates on which plans began and ended, however it came about.

    A plan that was cancelled and is taken up again before it ran out is the same plan.
    """
    had, has = has_pro(before, now), has_pro(after, now)
    goes_on = has and after.subscription_status is SubscriptionStatus.ACTIVE
    begins = has and not had
    # Events come in any order: it may be cancelled when we first hear of it.
    ends_now = begins or (had and before.canceled_at is None)
    return after.model_copy(
        update={
            "pro_since": now if begins else before.pro_since,
            "canceled_at": None if goes_on else now if ends_now else before.canceled_at,
        }
    )
