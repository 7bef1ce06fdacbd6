"""A project's settings, as the admin API of version 2 shows and changes them."""

import copy
from typing import Any

from infra.local.identity.database import Records
from infra.local.refusals import Refused

# Those of a new project; email enumeration protection has been on by default since 2023.
_DEFAULTS: dict[str, Any] = {
    "signIn": {
        "email": {"enabled": True, "passwordRequired": True},
        "anonymous": {"enabled": False},
        "allowDuplicateEmails": False,
    },
    "client": {"permissions": {"disabledUserSignup": False, "disabledUserDeletion": False}},
    "emailPrivacyConfig": {"enableImprovedEmailPrivacy": True},
}
_RECORD = "config"


class Settings:
    """Changed only under the project's lock."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._values = copy.deepcopy(_DEFAULTS)
        for record in records:
            self._values = _merged(self._values, record)

    @property
    def hides_addresses(self) -> bool:
        return bool(self._values["emailPrivacyConfig"]["enableImprovedEmailPrivacy"])

    @property
    def allows_passwords(self) -> bool:
        return bool(self._values["signIn"]["email"]["enabled"])

    @property
    def allows_anonymous(self) -> bool:
        return bool(self._values["signIn"]["anonymous"]["enabled"])

    @property
    def allows_sign_up(self) -> bool:
        return not self._values["client"]["permissions"]["disabledUserSignup"]

    @property
    def allows_self_deletion(self) -> bool:
        return not self._values["client"]["permissions"]["disabledUserDeletion"]

    def show(self) -> dict[str, Any]:
        return copy.deepcopy(self._values)

    def change(self, patch: dict[str, Any], mask: str) -> None:
        """`mask` is a comma-separated list of dotted paths; empty takes the whole patch."""
        if mask:
            patch = _selected(patch, mask.split(","))
        self._values = _merged(self._values, patch)
        self._records.put(_RECORD, self._values)


def _selected(patch: dict[str, Any], paths: list[str]) -> dict[str, Any]:
    chosen: dict[str, Any] = {}
    for path in paths:
        value: Any = patch
        for name in path.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        if value is not None:
            for name in reversed(path.split(".")):
                value = {name: value}
            chosen = _merged(chosen, value)
    return chosen


def _merged(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    merged = dict(old)
    for name, value in new.items():
        if name in old and type(old[name]) is not type(value):
            raise Refused("INVALID_ARGUMENT", f"Invalid value at '{name}'")
        merged[name] = _merged(old[name], value) if isinstance(old.get(name), dict) else value
    return merged
