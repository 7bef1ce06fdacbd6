"""What each plan includes."""

from datetime import datetime

from shared.models.organizations import Organization, SubscriptionStatus, Tier


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
