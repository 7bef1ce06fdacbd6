"""The end of a newcomer's way: a picture, their data to take along, and their leave."""

import io
import time
import zipfile
from typing import Any

from PIL import Image

from infra.dev.backstage import DAYS, PATIENCE_SECONDS, Backstage
from infra.dev.caller import ApiCaller, Mismatch, expect
from infra.dev.mail_steps import MailSteps

FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
SENT, KEPT = (1200, 600), (800, 400)
"""Pixels: the longer side is scaled to 800."""


class LeavingSteps:
    def __init__(self, api: ApiCaller, mails: MailSteps, backstage: Backstage) -> None:
        self._api = api
        self._mails = mails
        self._backstage = backstage

    def picture(self, user_id: str) -> str:
        """Send a picture in every format, and fetch each back as clients do."""
        for kind in FORMATS:
            out = io.BytesIO()
            Image.new("RGB", SENT, (30, 120, 200)).save(out, kind)
            me = self._api.upload("/users/me/image", "image", out.getvalue())
            expect("address", me["profile_image_url"], f"/api/v1/users/{user_id}/avatar")
            kept = self._api.fetch(f"/users/{user_id}/avatar?t={time.time_ns()}")
            with Image.open(io.BytesIO(kept)) as image:
                expect(f"{kind} is kept as", (image.format, image.size), ("JPEG", KEPT))
        return f"{', '.join(FORMATS)}, each {KEPT[0]} x {KEPT[1]} afterwards"

    def export(self, email: str) -> str:
        """Ask for everything, wait for it, and open it."""
        asked = self._api.post("/users/me/export", status=202)
        expect("state", asked["state"], "pending")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (export := self._api.get("/users/me/export"))["state"] == "pending":
            if time.monotonic() > deadline:
                raise Mismatch(f"waited {PATIENCE_SECONDS:.0f} s in vain for the export")
            time.sleep(0.2)
        expect("state", export["state"], "ready")
        archive = self._api.fetch(export["download_url"].removeprefix("/api/v1"))
        with zipfile.ZipFile(io.BytesIO(archive)) as files:
            expect("its address", email in files.read("account.json").decode(), expected=True)
            return f"{len(files.namelist())} files, {len(archive)} bytes"

    def leave(self, person: dict[str, Any], credentials: dict[str, str]) -> str:
        """Ask, think better of it by mail and signed in, ask again; in 31 days all is gone."""
        first = self._ask()
        expect("again", self._ask(), first)
        self._mails.keep_account(person["email"])
        expect("request", self._api.get("/users/me")["deletion_requested_at"], None)
        self._ask()
        self._api.post("/users/me/cancel-deletion", status=200)
        expect("days", self._ask()["days_remaining"], 30)
        user_id = person["id"]
        self._backstage.forget(person)
        self._api.call("PUT", "/users/me", body={}, status=401)
        self._api.token = ""
        self._api.post("/auth/login", credentials, status=401)
        self._api.call("GET", f"/users/{user_id}/avatar", status=404)
        told = self._backstage.audit(user_id)
        expect("the last word", "user.purge" in told, expected=True)
        return f"after {DAYS} days only {len(told)} audit rows are left"

    def _ask(self) -> Any:
        return self._api.call("DELETE", "/users/me")
