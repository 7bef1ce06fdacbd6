"""Three accounts that are ready to use: Free, Pro and administrator.

Their passwords are random and made at the first start, so no installation has known ones.
"""

import json
import secrets
from dataclasses import dataclass
from pathlib import Path

import httpx

from infra.local.directory import write_private
from infra.ops.target import operator
from shared.errors import AccountDisabled, CredentialsInvalid, EmailTaken
from shared.models.accounts import Credentials, Registration, SignedIn
from shared.models.organizations import PlanChange, SubscriptionStatus, Tier
from shared.models.users import Role, UserStatus
from shared.wiring import Wiring


@dataclass(frozen=True, slots=True)
class Demo:
    name: str
    """How scripts call it."""
    email: str
    full_name: str
    organization_name: str
    tier: Tier = Tier.FREE
    role: Role = Role.USER


DEMOS = (
    Demo("free", "free@example.com", "Frida Free", "Frida's garage"),
    Demo("pro", "pro@example.com", "Paul Pro", "Paul's gym", tier=Tier.PRO),
    Demo("admin", "admin@example.com", "Ada Admin", "HypertroQ", role=Role.ADMIN),
)


def ready_accounts(parts: Wiring, passwords: Path) -> dict[str, dict[str, str]]:
    """Make or restore each account and sign in: what scripts need, by the account's name."""
    known = _passwords(passwords)
    return {
        demo.name: _described(_ready(parts, demo, known[demo.name]), known[demo.name])
        for demo in DEMOS
    }


def _passwords(file: Path) -> dict[str, str]:
    """By account; kept in the file from the first time on."""
    known = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    missing = {demo.name for demo in DEMOS} - known.keys()
    if missing:
        known |= {name: secrets.token_urlsafe(12) for name in missing}
        write_private(file, json.dumps(known, indent=2, sort_keys=True) + "\n")
    return dict(known)


def _ready(parts: Wiring, demo: Demo, password: str) -> SignedIn:
    session = _signed_in(parts, demo, password)
    user = session.user
    plan = PlanChange(
        subscription_tier=demo.tier,
        subscription_status=SubscriptionStatus.ACTIVE,
        reason="a ready account of a local stack",
    )
    if (user.subscription_tier, user.subscription_status) != (demo.tier, plan.subscription_status):
        # Decided by hand and so told, or it would contradict what `make webhook` had paid.
        parts.admin.organizations.set_plan(operator("local-stack"), user.organization_id, plan)
    if user.role != demo.role:
        parts.accounts.grant_role(user.id, demo.role)
    return session


def _signed_in(parts: Wiring, demo: Demo, password: str) -> SignedIn:
    credentials = Credentials(email=demo.email, password=password)
    try:
        return parts.auth.login(credentials)
    except (CredentialsInvalid, AccountDisabled):
        pass
    try:
        parts.auth.register(
            Registration(
                email=demo.email,
                password=password,
                full_name=demo.full_name,
                organization_name=demo.organization_name,
            )
        )
    except EmailTaken:
        _restore(parts, demo, password)
    return parts.auth.login(credentials)


def _restore(parts: Wiring, demo: Demo, password: str) -> None:
    """Undo a changed password or a suspension; whoever runs the stack may."""
    settings = parts.settings
    accounts = f"{settings.identity_toolkit}/projects/{settings.project}/accounts"
    # What the emulators take for an administrator's credentials.
    with httpx.Client(headers={"Authorization": "Bearer owner"}) as identity:
        found = identity.post(f"{accounts}:lookup", json={"email": [demo.email]})
        user_id = found.raise_for_status().json()["users"][0]["localId"]
        change = {"localId": user_id, "password": password, "disableUser": False}
        identity.post(f"{accounts}:update", json=change).raise_for_status()
    parts.accounts.change(
        user_id, lambda user: user.model_copy(update={"status": UserStatus.ACTIVE})
    )


def _described(session: SignedIn, password: str) -> dict[str, str]:
    return {
        "email": session.user.email,
        "password": password,
        "access_token": session.access_token,
        "refresh_token": session.refresh_token,
        "user_id": session.user.id,
        "organization_id": session.user.organization_id,
    }
