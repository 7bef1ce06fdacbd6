"""Changes to a program's sessions as a list of small operations: a subset of JSON Patch.

RFC 6902 with the operations `add`, `remove`, `replace` and `test`. Paths are JSON Pointers
(RFC 6901) into the program as `GET /programs/{id}` shows it: sessions by `order_in_program`,
exercises by `order_in_session`, both counted from 0. A place stays what it is while the patch is
applied, but for what `add` and `remove` themselves move.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated

from pydantic import (
    ConfigDict,
    Discriminator,
    Field,
    StrictFloat,
    StrictInt,
    Tag,
    WithJsonSchema,
)

from shared.models.base import Model
from shared.models.sessions import SessionDraft, SessionExerciseDraft
from shared.models.slots import LoadDraft, RepRangeDraft

POINTER = r"^/sessions/(-|0|[1-9]\d{0,3})(/exercises/(-|0|[1-9]\d{0,3}))?(/[a-z_]{1,40})?$"

_FIELDS_OF = {
    "session": {"name", "day_number", "order_in_program", "exercises"},
    "target_reps": {"min", "max"},
    "load": {"amount", "unit"},
}
_MODELS: Mapping[type, str] = {
    SessionDraft: "session",
    SessionExerciseDraft: "exercise",
    RepRangeDraft: "target_reps",
    LoadDraft: "load",
}


def _kind(value: object) -> str | None:
    """What a value is meant to be, so that it is refused for what is wrong with that alone."""
    if isinstance(value, str):
        return "text"
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return "number"
    if isinstance(value, Mapping):
        kinds = (kind for kind, fields in _FIELDS_OF.items() if not fields.isdisjoint(value))
        return "exercise" if "exercise_id" in value else next(kinds, "exercise")
    return _MODELS.get(type(value))


PatchValue = Annotated[
    Annotated[StrictInt | StrictFloat | None, Tag("number")]
    | Annotated[str, Field(max_length=500), Tag("text")]
    | Annotated[SessionDraft, Tag("session")]
    | Annotated[SessionExerciseDraft, Tag("exercise")]
    | Annotated[RepRangeDraft, Tag("target_reps")]
    | Annotated[LoadDraft, Tag("load")],
    Discriminator(
        _kind,
        custom_error_type="patch_value",
        custom_error_message="Input should be a number, a text, null or an object",
    ),
    WithJsonSchema({"type": ["object", "number", "string", "null"]}),
]
"""Described by its kinds alone, so that a patch has one schema whether it is sent or answered."""


class PatchAction(StrEnum):
    """What an operation does."""

    TEST = "test"
    """Nothing, but the whole patch is refused unless the value at `path` is `value`."""

    REPLACE = "replace"
    """Puts `value` in the place of one field's value."""

    ADD = "add"
    """Inserts a session or an exercise before the place in `path`, or at the end for `-`; there an
    exercise whose `order_in_session` is taken gets the next one after all others."""

    REMOVE = "remove"
    """Takes out the session or the exercise at `path`."""


class PatchOperation(Model):
    """One step of a patch."""

    model_config = ConfigDict(json_schema_extra={"required": ["op", "path"]})

    op: PatchAction

    path: Annotated[str, Field(pattern=POINTER)]
    """Where: `/sessions/{i}` or `/sessions/{i}/exercises/{j}` to add and remove, and a field of
    either, such as `/sessions/{i}/exercises/{j}/sets`, to replace and test; `i` and `j` are places
    counted from 0, and `-` means the end."""

    value: PatchValue = None
    """For `add` a whole session or exercise, as `POST /programs` takes them; to replace and test
    the value of the field, which may be null."""

    def model_post_init(self, _: object, /) -> None:
        """Raise ValueError for an operation that lacks its value."""
        if self.op is not PatchAction.REMOVE and "value" not in self.model_fields_set:
            raise ValueError(f"an operation to {self.op} needs a value")


MOST_OPERATIONS = 6_000
"""More than there can be between two programs: of each of 280 exercises every field, tested and
replaced."""

Patch = Annotated[list[PatchOperation], Field(max_length=MOST_OPERATIONS)]
"""Operations, applied from the first to the last; all of them or none."""
