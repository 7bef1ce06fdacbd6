"""One row of a route table, and its parsers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, TypeAdapter

from shared.errors import AppError
from shared.http.answers import Content
from shared.http.context import Access


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One row of the table: what OpenAPI, the access matrix and the limit table are made from."""

    method: str
    path: str
    """Relative to the group, in Flask's spelling."""
    function: Callable[..., Any]
    access: Access
    limits: tuple[str, ...]
    status: int
    other_status: int | None
    """With which the same answer may come, where the route function decides."""
    fails: tuple[type[AppError], ...]
    parameters: dict[str, Any]
    """Path parameters and their types."""
    query: type[BaseModel] | None
    body: type[BaseModel] | None
    raw: bool
    """The body goes to the function as it came: it is signed."""
    accepts: tuple[str, ...]
    body_optional: bool
    most_bytes: int
    """Of the body."""
    answer: Any
    """The answer's type; None for no content."""
    media_type: str
    """Of an answer that is Content."""
    cache_seconds: int
    """How long the answer may be kept, by whoever may call; 0 for nobody."""


class Endpoint:
    """A route with its parsers, built once."""

    def __init__(self, route: Route) -> None:
        self.route = route
        self.parameters = {name: TypeAdapter(hint) for name, hint in route.parameters.items()}
        is_json = route.answer is not None and route.answer is not Content
        self.answer: TypeAdapter[Any] | None = TypeAdapter(route.answer) if is_json else None
        self.versioned = is_versioned(route.answer)


def is_versioned(answer: Any) -> bool:
    """Whether an answer of this type carries its version, hidden from the body, as its ETag."""
    field = getattr(answer, "model_fields", {}).get("version")
    return field is not None and field.exclude is True
