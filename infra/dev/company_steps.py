"""The part of a newcomer's way that others are in: payments, a guest, an administrator."""

import secrets
from collections.abc import Mapping
from typing import Any

from infra.dev.backstage import Backstage
from infra.dev.caller import ApiCaller, expect
from infra.dev.mail_steps import MailSteps


class CompanySteps:
    """`admin` is an administrator's address and password."""

    def __init__(
        self, api: ApiCaller, mails: MailSteps, backstage: Backstage, admin: Mapping[str, str]
    ) -> None:
        self._api = api
        self._mails = mails
        self._backstage = backstage
        self._admin = {name: admin[name] for name in ("email", "password")}

    def pay(self, person: Mapping[str, Any]) -> str:
        """The payment service says that the organization pays, in a signed event."""
        draft = {"name": "Mine", "split_type": "FULL_BODY", "sessions": []}
        self._api.post("/programs", draft, status=403)
        outcome = self._backstage.pay("subscription_created", person, self._api.base_url)
        expect("the event", outcome, "applied")
        expect("plan", self._api.get("/users/me")["subscription_tier"], "PRO")
        paid = self._api.get("/billing/subscription")
        expect("subscription", paid["billing_status"], "active")
        return f"{paid['price_cents'] / 100:.2f} {paid['currency']} a {paid['interval']}"

    def invite(self, person: Mapping[str, Any], program: Mapping[str, Any]) -> str:
        """Somebody else joins by mail, sees the program, and leaves again."""
        credentials = {
            "email": f"guest-{secrets.token_hex(6)}@example.com",
            "password": secrets.token_urlsafe(12),
        }
        guest, path = ApiCaller(self._api.base_url), f"/programs/{program['id']}"
        try:
            known = guest.post("/auth/register", {**credentials, "full_name": "Gil Guest"})
            guest.token = known["access_token"]
            guest.call("GET", path, status=404)
            self._api.post("/users/me/organization/invitations", {"email": credentials["email"]})
            self._mails.join(guest, credentials, person["organization_name"])
            expect("the program's name", guest.get(path)["name"], program["name"])
            members = self._api.get("/users/me/organization/members")["items"]
            expect("members", [row["user_id"] for row in members], [person["id"], known["id"]])
            left = guest.post("/users/me/organization/leave", status=200)
            expect("home", left["organization_id"], known["organization_id"])
            guest.call("GET", path, status=404)
            # Nobody stays behind when the journey is over.
            guest.call("DELETE", "/users/me")
            self._backstage.forget(known)
        finally:
            guest.close()
        return f"{known['full_name']} saw {program['name']}, and left"

    def administer(self) -> str:
        """An administrator reads the dashboard, which is nobody else's business."""
        self._api.call("GET", "/admin/dashboard", status=403)
        admin = ApiCaller(self._api.base_url)
        try:
            session = admin.post("/auth/login", self._admin, status=200)
            admin.token = session["access_token"]
            whole = admin.get("/admin/dashboard")
        finally:
            admin.close()
        paying = whole["subscription_stats"]["pro_tier_count"]
        expect("somebody pays", paying > 0, expected=True)
        return f"{whole['total_users']} people, {paying} organizations on Pro"
