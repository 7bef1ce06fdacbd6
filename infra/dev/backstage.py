"""What a journey needs besides the API: payments, one account's clock, jobs by hand, its traces.

On local stacks only: it goes straight to the stores behind the functions.
"""

import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import httpx

from infra.dev.caller import Mismatch, expect
from infra.dev.webhook import send
from shared.models.deletions import DeletionState
from shared.wiring import Wiring

PATIENCE_SECONDS = 30.0
DAYS = 31
"""A day more than the grace."""


class Backstage:
    """`run` calls a job of schedule.toml by name and returns the answer's status."""

    def __init__(self, parts: Wiring, run: Callable[[str], int]) -> None:
        self._parts = parts
        self._run = run

    def pay(self, event: str, person: Mapping[str, Any], base_url: str) -> str:
        """Have the payment service tell an event; what the product made of it."""
        try:
            answer = send(
                event,
                email=person["email"],
                organization_id=person["organization_id"],
                base_url=base_url,
                settings=self._parts.settings,
            )
        except httpx.HTTPError as error:
            raise Mismatch(f"{event}: no answer ({error})") from error
        expect(f"the answer to {event}", answer.status_code, 200)
        return str(answer.json()["outcome"])

    def forget(self, person: Mapping[str, Any]) -> None:
        """Let a month pass over an account that is to be deleted, and look that nothing is left."""
        user_id = person["id"]
        self._move(user_id)
        self._purge(user_id)
        expect("traces", self._traces(user_id, person["organization_id"]), [])

    def _move(self, user_id: str) -> None:
        """Move the end of somebody's grace, as if they had asked that much earlier."""
        deletion = self._parts.deletion_repository.find(user_id)
        if deletion is None:
            raise Mismatch(f"{user_id} has not asked to be deleted")
        moved = {"purge_at": deletion.purge_at - timedelta(days=DAYS)}
        self._parts.documents.atomically(
            lambda transaction: transaction.update(f"deletions/{user_id}", moved)
        )

    def _purge(self, user_id: str) -> None:
        """Run the daily job and wait until the account is gone."""
        expect("the job's status", self._run("purge-accounts"), 200)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < deadline:
            deletion = self._parts.deletion_repository.find(user_id)
            if deletion and deletion.state is DeletionState.DONE:
                return
            time.sleep(0.1)
        raise Mismatch(f"waited {PATIENCE_SECONDS:.0f} s in vain for the account to be removed")

    def _traces(self, user_id: str, organization_id: str) -> list[str]:
        """Whatever is stored of a person and the organization they were alone in."""
        documents, files = self._parts.documents, self._parts.files
        places = [f"users/{user_id}", f"organizations/{organization_id}", f"exports/{user_id}"]
        found = list(documents.get_many(places))
        found += [path for place in places for path in documents.below(place, limit=100)]
        paid = documents.find(
            "subscriptions", [("organization_id", "==", organization_id)], limit=100
        )
        found += [row.path for row in paid]
        tokens = documents.find("tokens", [("user_id", "==", user_id)], limit=100)
        found += [row.path for row in tokens]
        for folder in ("avatars", "exports"):
            found += files.names(f"{folder}/{user_id}/")
        return found

    def audit(self, user_id: str) -> list[str]:
        """What the audit trail says about somebody."""
        rows = self._parts.documents.find("audit", [("target_id", "==", user_id)], limit=100)
        return sorted(str(row.data["action"]) for row in rows)
