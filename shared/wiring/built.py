"""Parts that are built on first use."""

import threading
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar, overload

from shared.settings import Settings

T = TypeVar("T")


class built_once(Generic[T]):  # noqa: N801 - used like `property`
    """A property that is built on first use, by one thread, and kept.

    Functions serve requests on many threads, and some clients must not be built twice.
    """

    def __init__(self, build: "Callable[[Any], T]") -> None:
        self._build = build
        self._name = build.__name__

    @overload
    def __get__(self, owner: None, kind: type) -> "built_once[T]": ...
    @overload
    def __get__(self, owner: "Base", kind: type) -> T: ...
    def __get__(self, owner: "Base | None", kind: type) -> "built_once[T] | T":
        if owner is None:
            return self
        parts = owner.parts
        if self._name not in parts:
            with owner.lock:
                if self._name not in parts:
                    parts[self._name] = self._build(owner)
        part: T = parts[self._name]
        return part


class Base:
    """What every part is built from, for one set of settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.parts: dict[str, Any] = {}
        self.lock = threading.RLock()

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @staticmethod
    def new_id() -> str:
        return str(uuid.uuid4())
