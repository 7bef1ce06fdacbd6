"""Changes to a program's sessions as a list of small operations: a subset of JSON Patch.

RFC 6902 with the operations `add`, `remove`, `replace` and `test`. Paths are JSON Pointers
(RFC 6901) into the program as `GET /programs/{id}` shows it: sessions by `order_in_program`,
exercises by `order_in_session`, both counted from 0. A place stays what it is while the patch is
applied, but for what `add` and `remove` themselves move.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Any

from pydantic import ConfigDict, Field, GetCoreSchemaHandler, TypeAdapter, WithJsonSchema
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from shared.models.base import Model
from shared.models.sessions import SessionDraft, SessionExerciseDraft
from shared.models.slots import LoadDraft, RepRangeDraft

POINTER = r"^/sessions/(-|0|[1-9]\d{0,3})(/exercises/(-|0|[1-9]\d{0,3}))?(/[a-z_]{1,40})?$"

_SCALARS: Mapping[type, TypeAdapter[Any]] = {
    str: TypeAdapter(Annotated[str, Field(max_length=500)]),
    float: TypeAdapter(Annotated[float, Field(allow_inf_nan=False)]),
}
_OBJECTS: Mapping[type[Model], set[str]] = {
    SessionDraft: {"name", "day_number", "order_in_program"},
    SessionExerciseDraft: {"exercise_id", "sets", "order_in_session"},
    RepRangeDraft: {"min", "max"},
    LoadDraft: {"amount", "unit"},
}
"""With the fields that each of them needs."""


def _patch_value(value: object) -> object:
    """Refused, if it is, for what is wrong with what it was meant to be, and for nothing else."""
    kind = type(value)
    if value is None or kind is int or kind in _OBJECTS:
        return value
    if isinstance(value, Mapping):
        return _meant(value).model_validate(value)
    if kind not in _SCALARS:
        raise PydanticCustomError(
            "patch_value", "Input should be a number, a text, null or an object"
        )
    return _SCALARS[kind].validate_python(value)


def _meant(value: Mapping[str, object]) -> type[Model]:
    """What is complete, or else has most of what it needs; an exercise when nothing tells."""

    def closeness(kind: type[Model]) -> tuple[int, bool]:
        return len(_OBJECTS[kind] & value.keys()), kind is SessionExerciseDraft

    complete = (kind for kind, needed in _OBJECTS.items() if needed <= value.keys())
    return next(complete, None) or max(_OBJECTS, key=closeness)


class _ByKind:
    """Reads values by `_patch_value`: a union would complain of all that one might be. They are
    written by their own types."""

    @staticmethod
    def __get_pydantic_core_schema__(_: object, __: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(_patch_value)


PatchValue = Annotated[
    int | float | str | SessionDraft | SessionExerciseDraft | RepRangeDraft | LoadDraft | None,
    _ByKind,
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
