"""verify-data: whether the stored data is sound, and putting right what follows from the rest."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from infra.ops.invariants import Checks, Problem
from infra.ops.invariants.content import (
    catalogues_agree,
    exercises_exist,
    names_are_unique,
    sessions_are_sound,
)
from infra.ops.invariants.people import (
    changes_are_told,
    everybody_belongs,
    members_are_counted,
    nothing_is_orphaned,
    plans_are_paid_for,
    somebody_administers,
)
from infra.ops.invariants.upkeep import (
    derived_fields_agree,
    nothing_is_too_large,
    repeats_lead_somewhere,
    tasks_are_swept,
)
from infra.ops.records import Records
from shared.models.exercises import Exercise
from shared.models.organizations import Organization
from shared.models.programs import ProgramRow
from shared.models.users import User
from shared.storage.admins import NAMED, PATH
from shared.storage.catalogues import Catalogues
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.exercises import query_fields as exercise_fields
from shared.storage.exercises import stored_exercise
from shared.storage.programs import stored_program
from shared.storage.records import readable, restored
from shared.storage.tenancy import (
    MOST_MEMBERS,
    exercise_catalogue,
    exercise_collection,
    member_collection,
    organization_path,
    program_catalogue,
    program_collection,
    user_path,
)
from shared.storage.users import query_fields as user_fields
from shared.storage.users import tier_copy

CHECKS: Checks = {
    1: catalogues_agree,
    2: names_are_unique,
    3: exercises_exist,
    4: everybody_belongs,
    5: plans_are_paid_for,
    6: nothing_is_orphaned,
    7: repeats_lead_somewhere,
    8: changes_are_told,
    9: tasks_are_swept,
    10: somebody_administers,
    11: nothing_is_too_large,
    12: sessions_are_sound,
    13: derived_fields_agree,
}


def verify(documents: Documents, now: datetime) -> dict[int, list[Problem]]:
    """The problems of each invariant; it changes nothing."""
    records = Records.read(documents, now)
    return {number: list(check(records)) for number, check in CHECKS.items()}


def repair(documents: Documents, now: datetime) -> int:
    """Rewrite catalogues, counts of members, derived fields and `config/admins`.

    Returns how many documents changed.

    Everything is read again within the change that mends it, so people may go on working.
    """
    records = Records.read(documents, now)
    stale = {problem.path for problem in catalogues_agree(records)}
    for path in stale:
        _rebuild(documents, path)
    late = [problem.path for problem in derived_fields_agree(records)]
    for path in late:
        _derive(documents, path)
    miscounted = [problem.path for problem in members_are_counted(records)]
    for path in miscounted:
        _count_members(documents, path)
    admins = any(problem.path == PATH for problem in somebody_administers(records))
    if admins:
        _name_admins(documents, records.users)
    return len(stale) + len(late) + len(miscounted) + admins


def _rebuild(documents: Documents, path: str) -> None:
    """One catalogue from its owner's documents; a document of another name is left alone."""
    owner = path.split("/")[1] if path.startswith("organizations/") else None
    if path == exercise_catalogue(owner):

        def exercises() -> dict[str, Exercise]:
            rows = documents.scan(exercise_collection(owner))
            found = [readable(row, stored_exercise) for row in rows]
            return {row.id: row for row in found if row}

        Catalogues(documents, Exercise, lambda row: row.id, lambda: 0.0).rebuild(path, exercises)
    elif path == program_catalogue(owner):

        def programs() -> dict[str, ProgramRow]:
            rows = documents.scan(program_collection(owner))
            found = [readable(row, stored_program) for row in rows]
            return {row.id: ProgramRow.of(row) for row in found if row}

        Catalogues(documents, ProgramRow, lambda row: row.id, lambda: 0.0).rebuild(path, programs)


def _derive(documents: Documents, path: str) -> None:
    """What lists search a person or an exercise by, from what is stored now."""

    def work(transaction: Transaction) -> None:
        row = transaction.get(path)
        if row and (fields := _derived(transaction, row)):
            transaction.update(path, fields)

    documents.atomically(work)


def _derived(transaction: Transaction, row: Document) -> dict[str, Any]:
    """Nothing for what cannot be read any more."""
    if row.path != user_path(row.id):
        exercise = readable(row, stored_exercise)
        return exercise_fields(exercise) if exercise else {}
    user = readable(row, lambda row: restored(User, row))
    if user is None:
        return {}
    stored = transaction.get(organization_path(user.organization_id))
    organization = readable(stored, lambda row: restored(Organization, row))
    return user_fields(user) | tier_copy(organization)


def _count_members(documents: Documents, path: str) -> None:
    """Whoever joins or leaves meanwhile writes the organization, and so waits or is waited for."""
    members = member_collection(path.split("/")[1])

    def work(transaction: Transaction) -> None:
        if transaction.get(path) is None:
            return
        rows = documents.find(members, limit=MOST_MEMBERS)
        people = transaction.get_many([user_path(row.id) for row in rows])
        homes = [organization_path(str(row.data.get("organization_id"))) for row in people.values()]
        transaction.update(path, {"member_count": homes.count(path)})

    documents.atomically(work)


def _name_admins(documents: Documents, users: Mapping[str, User]) -> None:
    candidates = [user.id for user in users.values() if user.is_standing_admin]

    def work(transaction: Transaction) -> None:
        transaction.get(PATH)
        found = transaction.get_many([user_path(each) for each in candidates[:NAMED]])
        people = [readable(row, lambda row: restored(User, row)) for row in found.values()]
        standing = [user.id for user in people if user and user.is_standing_admin]
        transaction.put(PATH, {"schema": 1, "uids": standing})

    documents.atomically(work)
