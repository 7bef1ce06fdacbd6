"""A newcomer's way through the product over HTTP: `make journey`, against the running stack.

Every step checks what it gets; the numbers are those of golden.json, worked out by hand.
"""

import argparse
import json
import os
import secrets
import sys
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from infra.dev.backstage import Backstage
from infra.dev.caller import ApiCaller, Mismatch, expect
from infra.dev.company_steps import CompanySteps
from infra.dev.leaving_steps import LeavingSteps
from infra.dev.mail_steps import MailSteps
from infra.dev.page import chromium
from infra.dev.training_steps import TrainingSteps
from infra.local.directory import DIRECTORY, StackDirectory
from infra.local.run_job import running_scheduler
from shared.wiring import wiring

GOLDEN = json.loads(Path(__file__).with_name("golden.json").read_text(encoding="utf-8"))
UPPER_LOWER, PUSH_PULL_LEGS, FULL_BODY = GOLDEN["templates"]
MUSCLES = 18
MONDAY = "2026-01-05"
EXTRA = "Chest and arms"


class Journey:
    """One newcomer with an address of their own; each step builds on those before it."""

    def __init__(
        self, api: ApiCaller, mails: MailSteps, company: CompanySteps, leaving: LeavingSteps
    ) -> None:
        self._api = api
        self._mails = mails
        self._company = company
        self._leaving = leaving
        self._training = TrainingSteps(api)
        self._email = f"journey-{secrets.token_hex(6)}@example.com"
        self._password = secrets.token_urlsafe(12)
        self._person: dict[str, Any] = {}
        self._program: dict[str, Any] = {}
        self._extra: dict[str, Any] = {}

    @property
    def steps(self) -> list[tuple[str, Callable[[], str]]]:
        """What to call each step, and the step: it returns what it saw."""
        return [
            ("register", self._register),
            ("log in", self._login),
            ("read the own profile", self._me),
            ("confirm the address", lambda: self._mails.verify(self._email)),
            ("reset the password", self._reset),
            ("list all exercises", self._exercises),
            ("search", self._search),
            ("clone Upper/Lower", self._clone),
            ("read its weekly volume", self._volume),
            ("add a session", self._add_session),
            ("move it", self._move_session),
            ("delete a session", self._delete_session),
            ("lay it out on the calendar", self._schedule),
            ("follow advice", lambda: self._training.improve(self._path)),
            ("preview a mesocycle", lambda: self._training.mesocycle(self._path)),
            ("delete the program", self._delete),
            ("Push/Pull/Legs counts twice a week", lambda: self._template(PUSH_PULL_LEGS)),
            ("Full Body counts once a week", lambda: self._template(FULL_BODY)),
            ("pay for Pro", lambda: self._company.pay(self._person)),
            ("have a program designed", self._design),
            ("invite somebody", lambda: self._company.invite(self._person, self._program)),
            ("be counted by an administrator", self._company.administer),
            ("send a picture", lambda: self._leaving.picture(self._person["id"])),
            ("take the data along", lambda: self._leaving.export(self._email)),
            ("leave", self._leave),
        ]

    def _register(self) -> str:
        self._person = self._api.post(
            "/auth/register",
            {"email": self._email, "password": self._password, "full_name": "Jo Journey"},
        )
        expect("e-mail", self._person["email"], self._email)
        expect("plan", self._person["subscription_tier"], "FREE")
        return self._email

    def _login(self) -> str:
        body = {"email": self._email, "password": self._password}
        session = self._api.post("/auth/login", body, status=200)
        expect("token type", session["token_type"], "bearer")
        expect("user", session["user"]["id"], self._person["id"])
        self._api.token = session["access_token"]
        return f"a token for {session['expires_in'] // 60} minutes"

    def _me(self) -> str:
        me = self._api.get("/auth/me")
        expect("user", me["id"], self._person["id"])
        expect("organization", me["organization_id"], self._person["organization_id"])
        return f"{me['full_name']} of {me['organization_name']}"

    def _reset(self) -> str:
        self._password = self._mails.reset(self._email, self._password)
        return "the old one and its session are worthless"

    def _exercises(self) -> str:
        found: list[str] = []
        page = {"has_next": True, "page": 0}
        while page["has_next"]:
            page = self._api.get("/exercises", page=page["page"] + 1, limit=50)
            found += [row["id"] for row in page["items"]]
        expect("exercises on all pages", len(found), page["total"])
        expect("different exercises", len(set(found)), page["total"])
        counted = self._api.get("/exercises/stats/overview")
        expect("counted exercises", counted["total"], page["total"])
        rest = self._api.get("/exercises", skip=page["total"] - 1, limit=50)
        expect("the last one, skipped to", [row["id"] for row in rest["items"]], found[-1:])
        return f"{page['total']} exercises"

    def _search(self) -> str:
        best = self._api.get("/exercises/search", q="bárbell BENCH")[0]
        expect("best match", best["id"], "barbell-bench-press")
        listed = self._api.get("/exercises", search="barbell bench", limit=1)["items"][0]
        expect("best match in the list", listed["id"], best["id"])
        return str(best["name"])

    def _clone(self) -> str:
        copy = self._api.post(f"/programs/{UPPER_LOWER}/clone", {"new_name": "My split"})
        expect("name", copy["name"], "My split")
        expect("template", copy["is_template"], expected=False)
        expect("days", self._days(copy), [1, 2, 4, 5])
        expect("sets", [row["total_sets"] for row in copy["sessions"]], [17, 14, 17, 14])
        self._program = copy
        return f"{len(copy['sessions'])} sessions"

    def _volume(self) -> str:
        return self._check_template(UPPER_LOWER, self._stats())

    def _add_session(self) -> str:
        # One more than there are, as clients append; day 5 is taken, turn 5 is free.
        self._extra = self._api.post(
            f"{self._path}/sessions",
            {
                "name": EXTRA,
                "day_number": 5,
                "order_in_program": 5,
                "exercises": [
                    {"exercise_id": "barbell-bench-press", "sets": 3, "order_in_session": 1},
                    {"exercise_id": "cable-fly", "sets": 3, "order_in_session": 2},
                ],
            },
        )
        expect("day", self._extra["day_number"], 6)
        expect("turn", self._extra["order_in_program"], 5)
        self._check_changed("upper_lower_with_a_fifth_session")
        return "day 5 was taken, so it has day 6; five sessions share four days a week"

    def _move_session(self) -> str:
        path = f"{self._path}/sessions/{self._extra['id']}"
        self._api.call("PUT", path, body={"day_number": 4}, status=409)
        moved = self._api.call("PUT", path, body={"day_number": 7})
        expect("day", moved["day_number"], 7)
        expect("days", self._days(self._api.get(self._path)), [1, 2, 4, 5, 7])
        self._check_changed("upper_lower_with_a_fifth_session")
        return "to day 7; day 4 was refused"

    def _delete_session(self) -> str:
        lower = next(row for row in self._program["sessions"] if row["name"] == "Lower Body A")
        self._api.call("DELETE", f"{self._path}/sessions/{lower['id']}", status=204)
        self._api.call("DELETE", f"{self._path}/sessions/{lower['id']}", status=404)
        expect("days", self._days(self._api.get(self._path)), [1, 4, 5, 7])
        self._check_changed("upper_lower_with_it_instead_of_lower_body_a")
        return f"{lower['name']} is gone, and its volume"

    def _schedule(self) -> str:
        plan = self._api.post(
            f"{self._path}/generate-schedule", {"start_date": MONDAY, "weeks": 1}, status=200
        )
        expect("end", plan["end_date"], "2026-01-11")
        dates = [(row["scheduled_date"], row["session_name"]) for row in plan["scheduled_sessions"]]
        expected = [
            ("2026-01-05", "Upper Body A"),
            ("2026-01-06", "Upper Body B"),
            ("2026-01-08", "Lower Body B"),
            ("2026-01-09", EXTRA),
        ]
        expect("dates", dates, expected)
        return "Monday, Tuesday, Thursday, Friday"

    def _delete(self) -> str:
        self._api.call("DELETE", self._path, status=204)
        self._api.call("GET", self._path, status=404)
        own = self._api.get("/programs", is_template="false")
        expect("own programs", own["total"], 0)
        return "nothing is left"

    def _design(self) -> str:
        self._program, said = self._training.design()
        return said

    def _template(self, template: str) -> str:
        self._program = self._api.post(f"/programs/{template}/clone")
        said = self._check_template(template, self._stats())
        self._delete()
        return said

    def _check_template(self, template: str, stats: dict[str, Any]) -> str:
        golden = GOLDEN["templates"][template]
        factor, sets = golden["rotation_factor"], golden["sets_per_pass"]
        expect("sets per pass", _trained(stats, "sets_per_pass"), sets)
        weekly = {muscle: count * factor for muscle, count in sets.items()}
        expect("sets per week", _trained(stats, "sets_per_week"), weekly)
        expect("rotation factor", stats["rotation_factor"], factor)
        return f"{len(sets)} muscles trained, {stats['total_sets']} sets a pass, times {factor}"

    def _check_changed(self, name: str) -> None:
        stats, golden = self._stats(), GOLDEN[name]
        expect("rotation factor", stats["rotation_factor"], golden["rotation_factor"])
        expect("sets per week", _trained(stats, "sets_per_week"), golden["sets_per_week"])

    def _stats(self) -> dict[str, Any]:
        stats: dict[str, Any] = self._api.get(f"{self._path}/stats")
        expect("muscles", len({row["muscle"] for row in stats["weekly_volume"]}), MUSCLES)
        return stats

    def _leave(self) -> str:
        credentials = {"email": self._email, "password": self._password}
        return self._leaving.leave(self._person, credentials)

    @property
    def _path(self) -> str:
        return f"/programs/{self._program['id']}"

    @staticmethod
    def _days(program: dict[str, Any]) -> list[int]:
        return [row["day_number"] for row in program["sessions"]]


def _trained(stats: dict[str, Any], count: str) -> dict[str, float]:
    """The muscles with any sets; the others must read 0 and say that they are untrained."""
    rows = stats["weekly_volume"]
    for row in rows:
        expect(f"{row['muscle']} untrained", row["zone"] == "untrained", row[count] == 0)
    return {row["muscle"]: row[count] for row in rows if row[count]}


def walk(
    base_url: str,
    mailbox: str,
    backstage: Backstage,
    admin: Mapping[str, str],
    tell: Callable[[str], None],
    browser: Path | None = None,
) -> bool:
    """Go the whole way, telling each step; False at the first that is not as it has to be.

    `admin` is an administrator's address and password.
    """
    api = ApiCaller(base_url)
    mails = MailSteps(api, mailbox, browser)
    started = time.monotonic()
    company = CompanySteps(api, mails, backstage, admin)
    steps = Journey(api, mails, company, LeavingSteps(api, mails, backstage)).steps
    try:
        for name, step in steps:
            try:
                tell(f"✓ {name}: {step()}")
            except Mismatch as problem:
                tell(f"✗ {name}: {problem}")
                return False
    finally:
        mails.close()
        api.close()
    tell(f"The journey is complete: {len(steps)} steps, {time.monotonic() - started:.1f} s.")
    return True


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.dev.journey", description=__doc__)
    parser.add_argument("--data", type=Path, default=DIRECTORY, help="the stack's directory")
    directory = StackDirectory(parser.parse_args(arguments).data)
    described = directory.description
    if not described.exists():
        print("No stack runs here. Start one with `make run`.", file=sys.stderr)
        return 1
    stack = json.loads(described.read_text(encoding="utf-8"))
    base_url, mailbox = stack["base_url"], stack["mailbox_url"]
    os.environ.update(directory.read_variables())
    scheduler = running_scheduler(directory)
    backstage = Backstage(wiring(), lambda job: scheduler.run(job).status_code)
    tell = partial(print, flush=True)
    admin = stack["accounts"]["admin"]
    return 0 if walk(base_url, mailbox, backstage, admin, tell, chromium()) else 1


if __name__ == "__main__":
    sys.exit(main())
