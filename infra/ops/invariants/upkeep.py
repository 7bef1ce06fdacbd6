"""Records that serve the others, and what is derived: invariants 7, 9, 11 and 13."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from infra.ops.invariants import Problem
from infra.ops.invariants.content import items
from infra.ops.records import Records
from shared.rules.sessions import REPEAT_SECONDS
from shared.storage.exercises import query_fields as exercise_fields
from shared.storage.outbox import NEW
from shared.storage.tenancy import exercise_path, user_path
from shared.storage.users import query_fields as user_fields
from shared.storage.users import tier_copy

LATE = timedelta(minutes=5)
MOST_BYTES = 700_000


def repeats_lead_somewhere(records: Records) -> Iterator[Problem]:
    """7: while a record of a create counts, what it made is there, or was withdrawn since.

    A program that is deleted within those seconds shows here for as long as they last.
    """
    made = {key for rows in records.exercises.values() for key in rows}
    made |= {key for rows in records.programs.values() for key in rows}
    made |= {row.id for row in records.of("mesocycles")}
    for row in records.of("catalogue"):
        made |= {str(gone.get("id")) for gone in items(row, "removed") or ()}
    for row in records.of("idempotency"):
        created, resource = row.data.get("created_at"), row.data.get("resource_id")
        if not isinstance(created, datetime) or not isinstance(resource, str):
            yield Problem(row.path, "cannot be read")
        elif created > records.now + LATE:
            yield Problem(row.path, "is from the future, and would count for long")
        elif records.now - created < timedelta(seconds=REPEAT_SECONDS) and resource not in made:
            yield Problem(row.path, f"leads to {resource}, which is missing")


def tasks_are_swept(records: Records) -> Iterator[Problem]:
    """9: no task waits for longer than the sweep takes."""
    for row in records.of("outbox"):
        due = row.data.get("next_at")
        if row.data.get("state") == NEW and (
            not isinstance(due, datetime) or due < records.now - LATE
        ):
            yield Problem(row.path, f"a {row.data.get('kind')} task was due at {due}")


def nothing_is_too_large(records: Records) -> Iterator[Problem]:
    """11: every document is well below Firestore's limit of a mebibyte."""
    for path, row in records.documents.items():
        if (size := _bytes(row.data)) > MOST_BYTES:
            yield Problem(path, f"has about {size:,} bytes")


def derived_fields_agree(records: Records) -> Iterator[Problem]:
    """13: what lists search by follows from the documents."""
    for path, wanted in derived(records).items():
        stored = records.documents[path].data
        stale = sorted(name for name, value in wanted.items() if stored.get(name) != value)
        if stale:
            yield Problem(path, f"stale: {', '.join(stale)}")


def derived(records: Records) -> dict[str, dict[str, Any]]:
    """The derived fields that documents should have, by path."""
    fields: dict[str, dict[str, Any]] = {}
    for user in records.users.values():
        organization = records.organizations.get(user.organization_id)
        fields[user_path(user.id)] = user_fields(user) | tier_copy(organization)
    for owner, exercises in records.exercises.items():
        for key, exercise in exercises.items():
            fields[exercise_path(key, owner)] = exercise_fields(exercise)
    return fields


def _bytes(value: Any) -> int:
    """About what Firestore counts for a value."""
    if isinstance(value, str):
        return len(value.encode()) + 1
    if isinstance(value, bytes):
        return len(value)
    if isinstance(value, Mapping):
        return sum(_bytes(name) + _bytes(item) for name, item in value.items())
    if isinstance(value, list | tuple):
        return sum(map(_bytes, value))
    return 8
