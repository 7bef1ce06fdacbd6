"""How accounts begin."""

from datetime import UTC, date, datetime

import pytest

from shared.errors import PasswordWeak
from shared.models.accounts import Account
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import OrganizationRole, Role
from shared.rules.accounts import new_account, personal_organization_id, require_strong_password

NOW = datetime(2026, 3, 4, 23, 59, tzinfo=UTC)


def begun(full_name: str = "Robin Lifter", organization_name: str | None = None) -> Account:
    return new_account(
        user_id="robin",
        email="r.lifter@example.com",
        is_verified=False,
        full_name=full_name,
        organization_name=organization_name,
        now=NOW,
    )


def test_an_account_begins_with_nothing_special():
    account = begun()
    user, organization = account.user, account.organization
    assert (user.role, user.organization_role) == (Role.USER, OrganizationRole.OWNER)
    assert organization.subscription_tier is Tier.FREE
    assert organization.subscription_status is SubscriptionStatus.ACTIVE
    assert organization.owner_user_id == user.id == "robin"
    assert user.organization_id == organization.id == personal_organization_id("robin")
    assert user.created_at == user.updated_at == organization.created_at == NOW


def test_whoever_begins_was_here_today():
    """So the first call has nothing to write down."""
    assert begun().user.last_seen_on == date(2026, 3, 4)


def test_an_organizations_id_follows_from_its_founders():
    """A registration that was cut off lands on the same documents when it is repeated."""
    assert personal_organization_id("robin") == personal_organization_id("robin")
    assert personal_organization_id("robin") != personal_organization_id("kim")
    assert len(personal_organization_id("robin")) == 36


@pytest.mark.parametrize(
    ("told", "kept"),
    [
        ("Robin Lifter", "Robin Lifter"),
        ("  Robin  ", "Robin"),
        ("Ro\x00bin\n\u202e", "Robin"),
        ("", "r.lifter"),
        (" \t", "r.lifter"),
        ("x" * 300, "x" * 255),
    ],
)
def test_a_name_is_one_that_can_be_shown(told: str, kept: str):
    """Firebase accounts may carry any name, or none."""
    assert begun(told).user.full_name == kept


def test_an_organization_is_named_after_its_founder():
    assert begun().organization.name == "Robin Lifter's gym"
    assert begun(organization_name="Iron House").organization.name == "Iron House"
    assert begun("x" * 255).organization.name == "x" * 249 + "'s gym"


def test_somebody_without_name_and_address_still_has_a_name():
    account = new_account(
        user_id="u", email="", is_verified=False, full_name="", organization_name=None, now=NOW
    )
    assert account.user.full_name == "Lifter"


COMMON = frozenset({"password1", "iloveyou"})


def weak(password: str, email: str = "robin@example.com", full_name: str = "Al Lifter") -> str:
    with pytest.raises(PasswordWeak) as refused:
        require_strong_password(password, email=email, full_name=full_name, common=COMMON)
    (problem,) = refused.value.problems
    assert problem["loc"] == ["body", "password"]
    assert problem["msg"] == refused.value.message
    return refused.value.message


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("seven c", "Use at least 8 characters."),
        ("ü" * 7, "Use at least 8 characters."),
        ("ab" * 64 + "c", "Use at most 128 characters."),
        ("Password1", "This is one of the most common passwords. Choose another."),
        ("ILOVEYOU", "This is one of the most common passwords. Choose another."),
        ("aaaaaaaa", "Use more than one character."),
        ("I am Robin.", "Leave your name and address out of the password."),
        ("xlifterx", "Leave your name and address out of the password."),
    ],
)
def test_a_weak_password_is_refused_with_its_reason(password: str, reason: str):
    """S5, decision 13."""
    assert weak(password) == reason


@pytest.mark.parametrize(
    "password",
    [
        "eight ch",
        "ab" * 64,
        "ü" * 7 + "ä",
        "        1",
        "always quiet",
        "12345687",
        "no digits at all",
    ],
)
def test_any_other_password_will_do(password: str):
    """No rules about kinds of characters; short parts of a name ("Al") occur by chance."""
    require_strong_password(password, email="bo@example.com", full_name="Al Lifter", common=COMMON)
