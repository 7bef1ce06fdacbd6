"""Exercises at rest: one document each, and a catalogue document per owner."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from shared.errors import ExerciseNotFound, NameTaken, VersionMismatch
from shared.models.exercises import Exercise
from shared.models.library import LibraryFilter
from shared.models.pages import COUNTED
from shared.models.programs import Program
from shared.rules.names import name_key
from shared.rules.quotas import require_room
from shared.rules.search import fits, leading, needs_comparing, prefixes
from shared.storage.catalogues import MOST_ROWS, Catalogue, Catalogues
from shared.storage.documents import Condition, Document, Documents, Transaction
from shared.storage.effects import Effects
from shared.storage.records import fields, readable, restored
from shared.storage.repeats import Repeat
from shared.storage.tenancy import (
    EXERCISES,
    exercise_catalogue,
    exercise_path,
    is_tenant_id,
    owner,
)

SHARED_SECONDS = 60.0
"""How old the shared catalogue may be when it only lends names and contributions."""
COMPARED = 1_000
"""How many a search over all owners reads when the index alone cannot tell what fits."""
OWN_SECONDS = 1.0
"""The same for an organization's own: one request asks several times and should read once."""


@dataclass(frozen=True, slots=True)
class Library:
    """All exercises one organization can use."""

    shared: Catalogue[Exercise]
    own: Catalogue[Exercise]

    def rows(self) -> list[Exercise]:
        """The shared catalogue first, then by name."""
        return [*_by_name(self.shared.rows), *_by_name(self.own.rows)]

    def usable(self, identifier: str) -> bool:
        return identifier in self.shared.rows or identifier in self.own.rows

    def known(self) -> dict[str, Exercise]:
        """By id, with those that were removed while something still referred to them."""
        return {
            **self.shared.removed,
            **self.own.removed,
            **self.shared.rows,
            **self.own.rows,
        }


class ExerciseRepository:
    """`organization_id` None everywhere means the shared catalogue."""

    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._documents = documents
        self._catalogues = Catalogues(documents, Exercise, lambda row: row.id, clock)

    def library(self, organization_id: str) -> Library:
        """Everything the organization sees, as it is now."""
        shared, own = self._catalogues.read(
            [exercise_catalogue(None), exercise_catalogue(organization_id)]
        )
        return Library(shared, own)

    def lending(self, organization_id: str | None, used: Iterable[str]) -> Library:
        """What names and contributions of the `used` ids need: mostly nothing has to be read.

        The shared part may be a minute old and the organization's own a second, unless an id is
        missing from it; the own part is only looked at when one of its ids is used.
        """
        used = set(used)
        return self.offered(organization_id if any(map(is_tenant_id, used)) else None, used)

    def offered(self, organization_id: str | None, used: Iterable[str]) -> Library:
        """Everything that could be used as well: as `lending`, but always with the own part."""
        used = set(used)
        made = {identifier for identifier in used if is_tenant_id(identifier)}
        shared = self._lending(None, used - made, SHARED_SECONDS)
        if organization_id is None:
            return Library(shared, Catalogue({}, {}))
        return Library(shared, self._lending(organization_id, made, OWN_SECONDS))

    def names(self, program: Program) -> Mapping[str, Exercise]:
        """The exercises of a program by id, those that were removed since included."""
        return self.lending(program.organization_id, program.exercise_ids).known()

    def get(self, identifier: str, organization_id: str) -> Exercise | None:
        """What a member of the organization sees under this id."""
        return _exercise(
            self._documents.get(exercise_path(identifier, owner(identifier, organization_id)))
        )

    def anywhere(self, identifier: str) -> Exercise | None:
        """Whoever owns it; for administrators."""
        rows = self._documents.find(EXERCISES, [("id", "==", identifier)], everywhere=True, limit=1)
        return _exercise(rows[0]) if rows else None

    def everywhere(self, asked: LibraryFilter) -> tuple[list[Exercise], int]:
        """All owners' exercises, newest first, and how many, up to a cap; for administrators."""
        where, in_memory = _conditions(asked)
        if in_memory:
            rows = self._documents.find(
                EXERCISES, where, everywhere=True, order="-created_at", limit=COMPARED
            )
            found = [row for row in map(_exercise, rows) if row and _asked_for(row, asked)]
            return found[asked.offset : asked.offset + asked.limit], len(found)
        rows = self._documents.find(
            EXERCISES,
            where,
            everywhere=True,
            order="-created_at",
            offset=asked.offset,
            limit=asked.limit,
        )
        total = self._documents.count(
            EXERCISES, where, everywhere=True, order="-created_at", up_to=COUNTED
        )
        return [row for row in map(_exercise, rows) if row], total

    def add(
        self,
        exercise: Exercise,
        repeat: Repeat | None = None,
        effects: Effects | None = None,
        most: int = MOST_ROWS,
    ) -> Exercise:
        """Store a new exercise, or return the one the same request just made.

        Raises NameTaken when its owner already uses the name, QuotaReached when it has `most`.
        """
        path = exercise_path(exercise.id, exercise.organization_id)
        index = exercise_catalogue(exercise.organization_id)

        def work(transaction: Transaction) -> Exercise:
            transaction.get_many([index] + ([repeat.path] if repeat else []))
            if repeat and (made := repeat.made(transaction, exercise.created_at)):
                earlier = _exercise(transaction.get(exercise_path(made, exercise.organization_id)))
                if earlier:
                    return earlier
            catalogue = self._catalogues.within(transaction, index)
            require_room(len(catalogue.rows), most, "custom exercises")
            _require_free(exercise, catalogue.rows)
            if taken := catalogue.rows.get(exercise.id):
                # Readable ids come from names, and two names may read the same.
                raise NameTaken(
                    f"“{exercise.name}” is too much like “{taken.name}”, which already exists.",
                    {"exercise_id": taken.id},
                )
            rows = {**catalogue.rows, exercise.id: exercise}
            removed = {key: row for key, row in catalogue.removed.items() if key != exercise.id}
            self._catalogues.put(transaction, index, rows, removed)
            transaction.create(path, fields(exercise) | query_fields(exercise) | {"schema": 1})
            if repeat:
                repeat.record(transaction, exercise.id, exercise.created_at)
            if effects:
                effects.record(transaction, None, exercise)
            return exercise

        return self._stored(work, index)

    def change(
        self,
        identifier: str,
        organization_id: str | None,
        change: Callable[[Exercise], Exercise],
        if_match: str | None,
        effects: Effects | None = None,
    ) -> Exercise:
        """Replace an exercise by what `change` makes of it.

        Raises ExerciseNotFound, VersionMismatch, NameTaken, and whatever `change` raises.
        """
        path, index = (
            exercise_path(identifier, organization_id),
            exercise_catalogue(organization_id),
        )

        def work(transaction: Transaction) -> Exercise:
            transaction.get_many([path, index])
            exercise = _required(transaction.get(path), if_match)
            changed = change(exercise)
            catalogue = self._catalogues.within(transaction, index)
            _require_free(changed, catalogue.rows)
            rows = {**catalogue.rows, changed.id: changed}
            self._catalogues.put(transaction, index, rows, catalogue.removed)
            transaction.put(path, fields(changed) | query_fields(changed))
            if effects:
                effects.record(transaction, exercise, changed)
            return changed

        return self._stored(work, index)

    def remove(
        self,
        identifier: str,
        organization_id: str | None,
        allow: Callable[[Exercise], None],
        if_match: str | None,
        effects: Effects | None = None,
    ) -> None:
        """Delete an exercise once `allow` has not objected; its name stays for what refers to it.

        Raises ExerciseNotFound, VersionMismatch, and whatever `allow` raises.
        """
        path, index = (
            exercise_path(identifier, organization_id),
            exercise_catalogue(organization_id),
        )

        def work(transaction: Transaction) -> None:
            transaction.get_many([path, index])
            exercise = _required(transaction.get(path), if_match)
            allow(exercise)
            catalogue = self._catalogues.within(transaction, index)
            rows = {key: row for key, row in catalogue.rows.items() if key != identifier}
            removed = {**catalogue.removed, identifier: exercise}
            self._catalogues.put(transaction, index, rows, removed)
            transaction.delete(path)
            if effects:
                effects.record(transaction, exercise, None)

        self._documents.atomically(work)
        self._catalogues.forget(index)

    def _lending(
        self, organization_id: str | None, used: set[str], max_age: float
    ) -> Catalogue[Exercise]:
        path = exercise_catalogue(organization_id)
        [catalogue] = self._catalogues.read([path], max_age=max_age)
        if used - catalogue.rows.keys() - catalogue.removed.keys():
            [catalogue] = self._catalogues.read([path])
        return catalogue

    def _stored(self, work: Callable[[Transaction], Exercise], index: str) -> Exercise:
        done = self._documents.atomically(work)
        self._catalogues.forget(index)
        exercise = done.result
        path = exercise_path(exercise.id, exercise.organization_id)
        version = done.versions.get(path, exercise.version)
        return exercise.model_copy(update={"version": version})


def query_fields(exercise: Exercise) -> dict[str, Any]:
    """What administrators' lists over all owners are searched by."""
    return {
        "is_global": exercise.is_global,
        "search": prefixes(exercise.name),
        "muscles": sorted(muscle.value for muscle in exercise.muscle_contributions),
    }


def _conditions(asked: LibraryFilter) -> tuple[list[Condition], bool]:
    """What the index is asked for, and whether what it finds has to be compared as well.

    An index answers for one list of values at a time: words or muscles.
    """
    where: list[Condition] = []
    if asked.is_global is not None:
        where.append(("is_global", "==", asked.is_global))
    if asked.organization_id:
        where.append(("organization_id", "==", asked.organization_id))
    if asked.equipment:
        where.append(("equipment", "==", asked.equipment.value))
    token = leading(asked.search or "")
    if token:
        where.append(("search", "array_contains", token))
    elif asked.muscle_group:
        where.append(("muscles", "array_contains", asked.muscle_group.value))
    compared = bool(asked.search) and (
        asked.muscle_group is not None or needs_comparing(asked.search or "")
    )
    return where, compared


def _asked_for(exercise: Exercise, asked: LibraryFilter) -> bool:
    return fits(asked.search or "", exercise.name) and (
        asked.muscle_group is None or asked.muscle_group in exercise.muscle_contributions
    )


def _exercise(document: Document | None) -> Exercise | None:
    return readable(document, stored_exercise)


def stored_exercise(document: Document) -> Exercise:
    return restored(Exercise, document).model_copy(update={"version": document.version})


def _required(document: Document | None, if_match: str | None) -> Exercise:
    exercise = _exercise(document)
    if exercise is None:
        raise ExerciseNotFound("There is no such exercise.")
    if if_match not in {None, exercise.version}:
        raise VersionMismatch("The exercise has changed since you read it. Read it again.")
    return exercise


def _require_free(exercise: Exercise, rows: Mapping[str, Exercise]) -> None:
    key = name_key(exercise.name)
    for row in rows.values():
        if row.id != exercise.id and name_key(row.name) == key:
            raise NameTaken(
                f"An exercise named “{exercise.name}” already exists.", {"exercise_id": row.id}
            )


def _by_name(rows: Mapping[str, Exercise]) -> list[Exercise]:
    return sorted(rows.values(), key=lambda row: (name_key(row.name), row.id))
