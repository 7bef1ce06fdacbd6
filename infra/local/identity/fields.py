"""Typed reading of a request's JSON object."""

from collections.abc import Mapping
from typing import Any

from infra.local.refusals import Refused


class Fields:
    """As in protobuf's JSON, null and the empty string are the same as an absent field."""

    def __init__(self, body: Mapping[str, Any]) -> None:
        self._body = body

    def __contains__(self, name: str) -> bool:
        return self._body.get(name) is not None

    def text(self, name: str) -> str | None:
        value = self._body.get(name)
        if value is None:
            return None
        return _text(name, value) or None

    def required(self, name: str, code: str) -> str:
        value = self.text(name)
        if value is None:
            raise Refused(code)
        return value

    def flag(self, name: str) -> bool | None:
        value = self._body.get(name)
        if value is not None and not isinstance(value, bool):
            raise _wrong_type(name)
        return value

    def number(self, name: str) -> int | None:
        """Protobuf writes 64-bit numbers as strings; both forms are read."""
        value = self._body.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | str):
            raise _wrong_type(name)
        try:
            number = int(value)
        except ValueError:
            raise _wrong_type(name) from None
        if not -(2**63) <= number < 2**63:
            raise _wrong_type(name)
        return number

    def texts(self, name: str) -> list[str]:
        return [_text(name, value) for value in self._list(name)]

    def objects(self, name: str) -> list["Fields"]:
        values = self._list(name)
        if not all(isinstance(value, dict) for value in values):
            raise _wrong_type(name)
        return [Fields(value) for value in values]

    def _list(self, name: str) -> list[Any]:
        value = self._body.get(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong_type(name)
        return value


def _text(name: str, value: Any) -> str:
    if not isinstance(value, str):
        raise _wrong_type(name)
    try:
        value.encode()
    except UnicodeEncodeError:  # a lone surrogate: legal in JSON, in no stored text
        raise _wrong_type(name) from None
    return value


def _wrong_type(name: str) -> Refused:
    return Refused("INVALID_ARGUMENT", f"Invalid value at '{name}'")
