"""One-time codes that are mailed as links: reset a password, verify an address, sign in."""

import dataclasses
import secrets
from collections.abc import Callable
from urllib.parse import urlencode

from infra.local.identity.database import Records
from infra.local.refusals import Refused

_HOUR = 3600
# Mode in the link, and lifetime in seconds as Google documents it.
_KINDS = {
    "PASSWORD_RESET": ("resetPassword", 1 * _HOUR),
    "VERIFY_EMAIL": ("verifyEmail", 72 * _HOUR),
    "EMAIL_SIGNIN": ("signIn", 6 * _HOUR),
}


@dataclasses.dataclass(frozen=True)
class ActionCode:
    code: str
    kind: str
    email: str
    link: str
    created_at: float

    def public(self) -> dict[str, str]:
        return {
            "email": self.email,
            "requestType": self.kind,
            "oobCode": self.code,
            "oobLink": self.link,
        }


class ActionCodes:
    """Changed only under the project's lock. `base` is the address that links point at."""

    def __init__(self, records: Records, base: str, now: Callable[[], float]) -> None:
        self._records = records
        self._base = base
        self._now = now
        self._codes = {record["code"]: ActionCode(**record) for record in records}

    def issue(self, kind: str, email: str, api_key: str, continue_url: str | None) -> ActionCode:
        mode, _ = _KINDS[kind]
        code = secrets.token_urlsafe(40)
        query = {"mode": mode, "lang": "en", "oobCode": code, "apiKey": api_key}
        if continue_url:
            query["continueUrl"] = continue_url
        link = f"{self._base}/emulator/action?{urlencode(query)}"
        issued = ActionCode(code, kind, email, link, self._now())
        self._codes[code] = issued
        self._records.put(code, dataclasses.asdict(issued))
        return issued

    def check(self, code: str, kind: str | None = None) -> ActionCode:
        """Raises INVALID_OOB_CODE (unknown, used, other kind) or EXPIRED_OOB_CODE."""
        found = self._codes.get(code)
        if found is None or kind not in (None, found.kind):
            raise Refused("INVALID_OOB_CODE")
        if self._now() - found.created_at > _KINDS[found.kind][1]:
            raise Refused("EXPIRED_OOB_CODE")
        return found

    def use(self, used: ActionCode) -> None:
        """Spend the code, and with it every older code of its kind for the same address."""
        for other in list(self._codes.values()):
            if (other.kind, other.email) == (used.kind, used.email):
                del self._codes[other.code]
                self._records.remove(other.code)

    def forget(self, email: str) -> None:
        """An address that left its account takes its mailed links with it."""
        for code in [code for code in self._codes.values() if code.email == email]:
            del self._codes[code.code]
            self._records.remove(code.code)

    def pending(self) -> list[ActionCode]:
        """In the order of issue, expired ones too: tests and developers look for their mail."""
        return sorted(self._codes.values(), key=lambda code: code.created_at)

    def clear(self) -> None:
        self._codes.clear()
        self._records.clear()


def checked_kind(kind: str) -> str:
    """Raises INVALID_REQ_TYPE."""
    if kind not in _KINDS:
        raise Refused("INVALID_REQ_TYPE")
    return kind
