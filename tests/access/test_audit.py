"""No change of an administrator without its audit row, for every route there is."""

import uuid

import pytest

from shared.http.context import Access
from shared.models.audit import AuditEntry
from shared.storage import audit
from shared.storage.documents import Transaction
from shared.wiring import Wiring
from tests.access.callers import Kind
from tests.access.calls import Calls
from tests.access.declarations import Declared
from tests.access.matrix import SAFE, TABLE, Cell, Row
from tests.access.rights import NOT_YOURS, Whose
from tests.access.test_fields import own
from tests.functions.bodies import an_exercise
from tests.people import People, Person

ONE_BY_ONE = {"POST /admin/users/bulk-update", "POST /admin/users/bulk-delete-inactive"}
"""They do what other routes do, once per person; declared here with nobody to do it to."""
CHANGES = [
    (row, declared)
    for row, declared in TABLE
    if declared.access is Access.ADMIN
    and row.route.method not in SAFE
    and row.name not in ONE_BY_ONE
]
ON_SHARED = [
    (row, declared)
    for row, declared in TABLE
    if declared.meaning
    and declared.access in {Access.MEMBER, Access.PRO}
    and row.route.method not in SAFE
    and declared.meaning.administrators.get(Whose.SHARED, NOT_YOURS) is None
]
"""Where administrators change the shared catalogue by the routes that everybody has."""
EACH = pytest.mark.parametrize(
    ("row", "declared"),
    CHANGES + ON_SHARED,
    ids=lambda value: value.name if isinstance(value, Row) else "",
)


def target(row: Row, declared: Declared) -> Cell:
    cell = own(row, declared)
    if declared.access is Access.ADMIN:
        return Cell(Kind.ADMIN, cell.whose, None)
    return Cell(Kind.ADMIN, Whose.SHARED, None)


def told(parts: Wiring, request_id: str) -> int:
    return len(parts.documents.find("audit", [("request_id", "==", request_id)], limit=10))


@EACH
def test_a_change_is_told_once(calls: Calls, parts: Wiring, row: Row, declared: Declared) -> None:
    viewer = calls.caller(Kind.ADMIN, declared)
    thing = calls.target(row, declared, target(row, declared), viewer)
    request_id = uuid.uuid4().hex
    headers = {"Authorization": f"Bearer {viewer.token}", "X-Request-ID": request_id}
    answer = calls.answer(row, declared, viewer, thing, headers=headers)
    assert answer.status_code == row.route.status, answer.text
    assert told(parts, request_id) == 1


@EACH
def test_a_change_that_cannot_be_told_does_not_happen(
    calls: Calls,
    parts: Wiring,
    row: Row,
    declared: Declared,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its audit row has an id that is taken, so Firestore refuses the whole batch."""
    viewer = calls.caller(Kind.ADMIN, declared)
    thing = calls.target(row, declared, target(row, declared), viewer)
    parts.documents._client.document("audit/taken").set({"action": "test"})
    write = audit.record

    def taken(transaction: Transaction, entry: AuditEntry) -> None:
        write(transaction, entry.model_copy(update={"id": "taken"}))

    monkeypatch.setattr(audit, "record", taken)
    monkeypatch.setattr("shared.storage.documents.COMMIT_ATTEMPTS", 2)
    before = calls.version(thing), made(parts)
    answer = calls.answer(row, declared, viewer, thing)
    assert answer.status_code == 409, answer.text
    assert answer.json is not None
    assert answer.json["error"]["code"] == "CONCURRENT_CHANGE"
    assert (calls.version(thing), made(parts)) == before
    parts.documents._client.document("audit/taken").delete()


def made(parts: Wiring) -> list[int]:
    """How many there are of what administrators make."""
    return [parts.documents.count(name) for name in ("exercises", "program_templates", "outbox")]


def test_many_at_once_are_told_one_by_one(parts: Wiring, people: People, admin: Person) -> None:
    persons = [people.lifter().user_id for _ in range(3)]
    request_id = uuid.uuid4().hex
    body = {"user_ids": persons, "action": "suspend"}
    answer = admin.api.post(
        "/admin/users/bulk-update", json=body, headers={"X-Request-ID": request_id}
    )
    assert answer.status_code == 200
    assert told(parts, request_id) == 3


def test_what_people_do_to_their_own_is_nobodys_business(parts: Wiring, pro: Person) -> None:

    request_id = uuid.uuid4().hex
    headers = {"X-Request-ID": request_id}
    assert pro.api.post("/exercises", json=an_exercise(), headers=headers).status_code == 201
    assert told(parts, request_id) == 0
