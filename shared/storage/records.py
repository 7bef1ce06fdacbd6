"""Between models and stored fields: the field names are the same, times are timestamps."""

from collections.abc import Callable
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from shared.errors import QuotaReached
from shared.logging import log
from shared.storage.documents import Document

M = TypeVar("M", bound=BaseModel)

MOST_BYTES = 680_000
"""Of the long texts of one document: with the rest of it less than verify-data allows."""


def fields(model: BaseModel) -> dict[str, Any]:
    """What Firestore stores of a model: words for enums, text for days, timestamps for moments."""
    return {name: _plain(value) for name, value in model.model_dump().items()}


def require_storable(*texts: str) -> None:
    """Raises QuotaReached when these texts are too much for one document."""
    if sum(len(text.encode()) for text in texts) > MOST_BYTES:
        raise QuotaReached("This is too large to be kept. Shorten notes and names.")


def restored(model: type[M], document: Document) -> M:
    """The model a document holds; fields somebody added in the console are ignored."""
    return model.model_validate(document.data)


def readable(document: Document | None, read: Callable[[Document], M]) -> M | None:
    """What the document holds, or None when it is missing or was broken in the console.

    Never for accounts: a broken one must not pass for one that has yet to be made.
    """
    if document is None:
        return None
    with PassingOver(document.path):
        return read(document)
    return None


class PassingOver:
    """Goes on without a document that was broken in the console; operators are told of it."""

    def __init__(self, path: str) -> None:
        self._path = path

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool:
        if not isinstance(error, ValidationError):
            return False
        problems = [".".join(map(str, problem["loc"])) for problem in error.errors()]
        log.error(
            "unreadable document",
            extra={"fields": {"document": self._path, "problems": problems}},
        )
        return True


def _plain(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {_plain(name): _plain(item) for name, item in value.items()}
    return value
