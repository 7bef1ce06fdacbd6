"""What an audit row tells of a change."""

from datetime import UTC, datetime

from shared.models.audit import AuditEntry
from shared.models.organizations import Organization, Tier
from shared.rules.audit import with_difference

NOW = datetime(2026, 3, 2, tzinfo=UTC)
ENTRY = AuditEntry(
    id="1",
    actor_user_id="root",
    actor_role="ADMIN",
    action="organization.set_plan",
    target_type="organization",
    target_id="gym",
    created_at=NOW,
)
GYM = Organization(id="gym", name="Gym", owner_user_id="robin", created_at=NOW, updated_at=NOW)


def test_only_what_differs_is_told() -> None:
    later = NOW.replace(hour=1)
    after = GYM.model_copy(update={"subscription_tier": Tier.PRO, "updated_at": later})
    told = with_difference(ENTRY, GYM, after)
    assert (told.before, told.after) == (
        {"subscription_tier": "FREE"},
        {"subscription_tier": "PRO"},
    )


def test_what_begins_and_what_ends_is_told_whole() -> None:
    began, ended = with_difference(ENTRY, None, GYM), with_difference(ENTRY, GYM, None)
    assert (began.before, ended.after) == ({}, {})
    assert began.after == ended.before
    assert (began.after["name"], began.after["subscription_tier"]) == ("Gym", "FREE")
    assert "updated_at" not in began.after


def test_what_the_service_told_already_stays() -> None:
    entry = ENTRY.model_copy(update={"after": {"note": "by hand"}})
    assert with_difference(entry, GYM, GYM).after == {"note": "by hand"}
