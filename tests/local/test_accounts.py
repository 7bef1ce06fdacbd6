"""The accounts a local stack has ready: made once, and put right at every start."""

import json
import stat
from pathlib import Path

import pytest

from infra.local.accounts import ready_accounts
from shared.models.accounts import Credentials
from shared.models.audit import AuditFilter
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import Role, UserStatus
from shared.wiring import Wiring


@pytest.fixture(scope="module")
def passwords(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("accounts") / "accounts.json"


@pytest.fixture
def ready(parts: Wiring, passwords: Path) -> dict[str, dict[str, str]]:
    return ready_accounts(parts, passwords)


def test_passwords_are_random_and_private(ready: dict, passwords: Path) -> None:
    kept = json.loads(passwords.read_text())
    assert kept == {name: account["password"] for name, account in ready.items()}
    assert len(set(kept.values())) == 3
    assert all(len(password) == 16 for password in kept.values())
    assert stat.S_IMODE(passwords.stat().st_mode) == 0o600


def test_the_next_start_finds_the_same_people(parts: Wiring, ready: dict, passwords: Path) -> None:
    again = ready_accounts(parts, passwords)
    for name, account in ready.items():
        assert again[name]["user_id"] == account["user_id"]
        assert again[name]["password"] == account["password"]


def test_a_lost_password_file_means_new_passwords_for_the_same_people(
    parts: Wiring, ready: dict, passwords: Path
) -> None:
    passwords.unlink()
    again = ready_accounts(parts, passwords)
    assert again["pro"]["user_id"] == ready["pro"]["user_id"]
    assert again["pro"]["password"] != ready["pro"]["password"]
    credentials = Credentials(email=again["pro"]["email"], password=again["pro"]["password"])
    assert parts.auth.login(credentials).user.id == ready["pro"]["user_id"]


def test_a_suspension_and_another_plan_or_role_are_undone(
    parts: Wiring, ready: dict, passwords: Path
) -> None:
    pro, admin = ready["pro"], ready["admin"]
    parts.accounts.subscribe(pro["organization_id"], Tier.FREE, SubscriptionStatus.EXPIRED)
    parts.accounts.change(
        pro["user_id"], lambda user: user.model_copy(update={"status": UserStatus.SUSPENDED})
    )
    parts.accounts.grant_role(admin["user_id"], Role.USER)
    again = ready_accounts(parts, passwords)

    def caller(name: str):
        claims = parts.id_tokens.verify(again[name]["access_token"])
        return parts.accounts.caller(claims, fresh=True)

    assert caller("pro").has_pro
    assert caller("admin").is_admin
    assert not caller("free").has_pro
    assert not caller("free").is_admin


def test_a_plan_that_was_put_right_is_told_as_decided_by_hand(
    parts: Wiring, ready: dict, passwords: Path
) -> None:
    free = ready["free"]["organization_id"]
    # As a payment does: nobody is told.
    parts.accounts.subscribe(free, Tier.PRO, SubscriptionStatus.ACTIVE)
    ready_accounts(parts, passwords)
    told = parts.admin.audit.browse(AuditFilter(action="organization.set_plan")).items[0]
    assert told.target_id == free
    assert told.reason == "a ready account of a local stack"
