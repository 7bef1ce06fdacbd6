"""Exercises, programs and their catalogues: invariants 1, 2, 3 and 12."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from infra.ops.invariants import Problem
from infra.ops.records import Records, owner_of
from shared.models.programs import ProgramRow
from shared.rules.names import name_key
from shared.storage.catalogues import creators
from shared.storage.documents import Document
from shared.storage.tenancy import (
    exercise_catalogue,
    exercise_path,
    program_catalogue,
    program_path,
)


def catalogues_agree(records: Records) -> Iterator[Problem]:
    """1: a catalogue holds exactly its owner's documents, and counts them."""
    owners = {*records.exercises, *records.programs}
    for owner in owners:
        exercises = records.exercises.get(owner, {})
        programs = records.programs.get(owner, {})
        listed = {key: ProgramRow.of(program) for key, program in programs.items()}
        yield from _compared(records, exercise_catalogue(owner), exercises)
        yield from _compared(records, program_catalogue(owner), listed)
    for row in records.of("catalogue"):
        owner = owner_of(row.path)
        own = {exercise_catalogue(owner), program_catalogue(owner)}
        # Programs have catalogues of their own below them.
        if owner not in owners and row.path in own:
            yield from _compared(records, row.path, {})


def names_are_unique(records: Records) -> Iterator[Problem]:
    """2: no owner has two exercises of one name, whatever its spelling."""
    for owner, exercises in records.exercises.items():
        seen = Counter(name_key(exercise.name) for exercise in exercises.values())
        for key, exercise in exercises.items():
            if seen[name_key(exercise.name)] > 1:
                yield Problem(exercise_path(key, owner), f"another one is named {exercise.name!r}")


def exercises_exist(records: Records) -> Iterator[Problem]:
    """3: whatever a program uses is there, or was withdrawn and left its name."""
    shared = _known(records, None)
    for owner, programs in records.programs.items():
        known = shared if owner is None else shared | _known(records, owner)
        for key, program in programs.items():
            if missing := sorted(set(program.exercise_ids) - known):
                text = f"uses exercises that are not there: {', '.join(missing)}"
                yield Problem(program_path(key, owner), text)


def sessions_are_sound(records: Records) -> Iterator[Problem]:
    """12: sessions can be told apart, and each has a day and a turn of its own."""
    for owner, programs in records.programs.items():
        for key, program in programs.items():
            for field in ("id", "day_number", "order_in_program"):
                taken = [getattr(session, field) for session in program.sessions]
                if len(set(taken)) < len(taken):
                    yield Problem(program_path(key, owner), f"two sessions have the same {field}")
            stored = records.documents[program_path(key, owner)].data.get("exercise_ids")
            if stored != program.exercise_ids:
                text = "exercise_ids are not those of its sessions"
                yield Problem(program_path(key, owner), text)


def _compared(records: Records, path: str, entities: Mapping[str, BaseModel]) -> Iterator[Problem]:
    stored = records.documents.get(path)
    if stored is None:
        if entities:
            yield Problem(path, f"is missing; {len(entities)} documents are in no list")
        return
    rows = items(stored, "items")
    if rows is None:
        yield Problem(path, "its items cannot be read")
        return
    wanted = {key: json.loads(entity.model_dump_json()) for key, entity in entities.items()}
    listed = {str(row.get("id")): row for row in rows}
    for key in sorted(wanted.keys() - listed.keys()):
        yield Problem(path, f"{key} is not in the list")
    for key in sorted(listed.keys() - wanted.keys()):
        yield Problem(path, f"{key} is in the list and nowhere else")
    for key in sorted(wanted.keys() & listed.keys()):
        if listed[key] != wanted[key]:
            yield Problem(path, f"{key} is not as its own document says")
    if stored.data.get("count") != len(rows):
        yield Problem(path, f"counts {stored.data.get('count')} of {len(rows)}")
    if stored.data.get("creators") != creators(entities.values()):
        yield Problem(path, "its creators are not those of its documents")


def items(catalogue: Document, field: str) -> list[dict[str, Any]] | None:
    """The rows in one field of a catalogue; None when they are no rows."""
    try:
        rows = json.loads(catalogue.data.get(field) or "[]")
    except (TypeError, ValueError):
        return None
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def _known(records: Records, owner: str | None) -> set[str]:
    """Ids of exercises that are there, and of those that left their name."""
    catalogue = records.documents.get(exercise_catalogue(owner))
    removed: Iterable[dict[str, Any]] = (items(catalogue, "removed") if catalogue else None) or ()
    return {*records.exercises.get(owner, {}), *(str(row.get("id")) for row in removed)}
