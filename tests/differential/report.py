"""A failure as somebody reads it: what to store, what to ask, what each server said."""

from typing import Any

from google.protobuf import text_format

from tests.differential.scenario import Failure
from tests.differential.target import Outcome


def described(failure: Failure) -> str:
    parts = [f"Seed {failure.seed}: the two servers differ in the {failure.difference.kind}."]
    parts += [_text("document", document) for document in failure.documents]
    parts += [_text(type(request).__name__, request) for request in failure.before]
    if failure.request is not None:
        parts.append(_text(type(failure.request).__name__, failure.request))
    left, right = failure.difference.reference, failure.difference.ours
    if isinstance(left, list) and isinstance(right, list):
        left, right = _without(left, right) or left, _without(right, left) or right
    return "\n".join([*parts, f"emulator: {_said(left)}", f"ours:     {_said(right)}"])


def _text(kind: str, message: Any) -> str:
    return f"{kind}: {text_format.MessageToString(message, as_one_line=True, as_utf8=True)}"


def _without(some: list[Any], others: list[Any]) -> list[Any]:
    return [each for each in some if each not in others]


def _said(side: Any) -> str:
    if not isinstance(side, Outcome):
        return str(side)
    return f"{side.code} {side.sentence}" if side.code else str(side.answer)
