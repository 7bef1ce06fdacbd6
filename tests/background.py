"""Cloud Tasks as tests play it: every stored task that waits is delivered, signed, and now."""

import json
from datetime import datetime
from typing import Any

import jwt
from werkzeug.test import TestResponse

from infra.local.parts import INVOKER, Stack
from shared.storage.outbox import NEW
from shared.wiring import Wiring
from tests.client import Functions


class Background:
    """Delivers in this process, so that a test sees the effect when the call returns."""

    def __init__(self, functions: Functions, parts: Wiring, stack: Stack) -> None:
        self._functions = functions
        self._parts = parts
        self._stack = stack

    def token(self, **claims: Any) -> str:
        """What Cloud Tasks sends, with other claims where a test wants them."""
        token = self._stack.signer.identity_token(INVOKER, self._parts.settings.tasks_url)
        genuine = jwt.decode(token, options={"verify_signature": False})
        return self._stack.signer.jwt(genuine | claims)

    def call(
        self,
        path: str,
        body: Any = None,
        *,
        attempt: int = 1,
        token: str | None = None,
        due: datetime | None = None,
    ) -> TestResponse:
        """One delivery, or one run of a job (`due` as Cloud Scheduler calls it, else by hand).

        `path` is the one below the tasks function.
        """
        headers = {
            "Authorization": f"Bearer {token or self.token()}",
            "X-CloudTasks-TaskRetryCount": str(attempt - 1),
        }
        if due:
            headers["X-CloudScheduler-ScheduleTime"] = due.isoformat()
        return self._functions.call(
            "tasks", "POST", f"/api/v1/tasks{path}", headers=headers, json=body
        )

    def waiting(self, **fields: Any) -> list[tuple[str, dict[str, Any]]]:
        """Kind and payload of every task that is not done and has these fields."""
        found = self._parts.documents.find("outbox", [("state", "==", NEW)], limit=20_000)
        tasks = [(row.data["kind"], json.loads(row.data["payload"])) for row in found]
        return [(kind, task) for kind, task in tasks if fields.items() <= task.items()]

    def deliver(self, **fields: Any) -> int:
        """Deliver those tasks, and what they cause; returns how many deliveries that took."""
        delivered = 0
        while waiting := self.waiting(**fields):
            for kind, task in waiting:
                answer = self.call(f"/{kind}", task)
                assert answer.status_code == 200, (kind, answer.text)
                delivered += 1
        return delivered
