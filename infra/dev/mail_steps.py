"""The part of a newcomer's way that leads through their mailbox."""

import secrets
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx

from infra.dev.caller import ApiCaller, Mismatch, expect
from infra.dev.page import press

PATIENCE_SECONDS = 30.0
"""How long a mail may take; tasks are tried again after a second or two."""


class MailSteps:
    """`mailbox` is its address, `browser` a Chromium for the page that mails lead to.

    Without a browser the page's calls are made directly.
    """

    def __init__(self, api: ApiCaller, mailbox: str, browser: Path | None) -> None:
        self._api = api
        self._browser = browser
        self._mailbox = httpx.Client(base_url=mailbox, trust_env=False)

    def verify(self, email: str) -> str:
        """Confirm the address with the link that came after registering."""
        link = self._link(email, "verify")
        if self._browser:
            said = press(self._browser, link, "Confirm my address", {})
            expect("the page", said, "Your address is confirmed")
        else:
            body = {"token": self._token(link)}
            done = self._api.post("/auth/verify-email", body, status=200)
            expect("confirmed", done["email_verified"], expected=True)
        expect("is_verified", self._api.get("/auth/me")["is_verified"], expected=True)
        return f"{self._subjects(email, 2)} mails, {self._means}"

    def reset(self, email: str, old: str) -> str:
        """Get a new password by mail, which ends the session; returns the password."""
        asked = self._api.post("/auth/password-reset/request", {"email": email}, status=200)
        expect("the answer tells of a link", "reset link" in asked["message"], expected=True)
        link, new = self._link(email, "reset"), secrets.token_urlsafe(12)
        if self._browser:
            said = press(self._browser, link, "Save the password", {"New password": new})
            expect("the page", said, "Your password is changed")
        else:
            body = {"token": self._token(link), "new_password": new}
            self._api.post("/auth/password-reset/confirm", body, status=200)
        self._api.call("GET", "/auth/me", status=401)
        self._api.token = ""
        body = {"email": email, "password": old}
        self._api.post("/auth/login", body, status=401)
        session = self._api.post("/auth/login", body | {"password": new}, status=200)
        self._api.token = session["access_token"]
        # Confirm, welcome, reset, and that the password was changed.
        self._subjects(email, 4)
        return new

    def keep_account(self, email: str) -> None:
        """Cancel a deletion with the link that came when it was asked for."""
        link = self._link(email, "cancel-deletion")
        if self._browser:
            said = press(self._browser, link, "Keep my account", {})
            expect("the page", said, "Your account stays")
        else:
            body = {"token": self._token(link)}
            self._api.post("/users/cancel-deletion", body, status=200)

    def join(self, guest: ApiCaller, credentials: Mapping[str, str], organization: str) -> None:
        """Accept an invitation with the link that came."""
        link = self._link(credentials["email"], "invitation")
        if self._browser:
            fields = {
                "E-mail address": credentials["email"],
                "Password": credentials["password"],
            }
            said = press(self._browser, link, "Sign in and join", fields)
            expect("the page", said, f"You have joined {organization}")
        else:
            body = {"token": self._token(link)}
            joined = guest.post("/users/me/organization/invitations/accept", body, status=200)
            expect("joined", joined["organization_name"], organization)

    def close(self) -> None:
        self._mailbox.close()

    @property
    def _means(self) -> str:
        return "through the page" if self._browser else "without a browser"

    def _link(self, email: str, mode: str) -> str:
        """The newest link of this mode, on the origin that is walked through."""

        def find(mails: list[Mapping[str, Any]]) -> str:
            links = [link for mail in mails for link in mail["links"]]
            return next((link for link in links if f"mode={mode}" in link), "")

        found = urlsplit(self._wait(email, find, f"a link to {mode}"))
        return f"{self._api.origin}{found.path}?{found.query}"

    def _subjects(self, email: str, number: int) -> int:
        def enough(mails: list[Mapping[str, Any]]) -> int:
            subjects = {mail["subject"] for mail in mails}
            return len(subjects) if len(subjects) >= number else 0

        found: int = self._wait(email, enough, f"{number} mails")
        expect("mails", found, number)
        return found

    def _wait(self, email: str, find: Callable[[list[Mapping[str, Any]]], Any], what: str) -> Any:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            try:
                answer = self._mailbox.get("/api/messages", params={"to": email})
            except httpx.HTTPError as error:
                raise Mismatch(f"the mailbox does not answer ({error})") from error
            if found := find(answer.json()["items"]):
                return found
            time.sleep(0.1)
        raise Mismatch(f"waited {PATIENCE_SECONDS:.0f} s in vain for {what}")

    @staticmethod
    def _token(link: str) -> str:
        return parse_qs(urlsplit(link).query)["token"][0]
