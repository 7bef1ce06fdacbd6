"""Repeats: one request is known by who sent it, what it makes, and its exact content."""

from datetime import UTC, datetime, timedelta

import pytest
from google.cloud.firestore import Client

from shared.storage.documents import Documents, Transaction
from shared.storage.repeats import Repeat

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
REPEAT = Repeat.of("user", "exercise", '{"name":"Curl"}')


def record(documents: Documents, when: datetime) -> None:
    def work(transaction: Transaction) -> None:
        REPEAT.made(transaction, when)
        REPEAT.record(transaction, "made-1", when)

    documents.atomically(work)


def made(documents: Documents, when: datetime) -> str | None:
    return documents.atomically(lambda transaction: REPEAT.made(transaction, when)).result


@pytest.mark.parametrize(
    ("seconds", "known"), [(0, True), (9.999, True), (10, False), (3600, False), (-1, True)]
)
def test_a_request_is_remembered_for_ten_seconds(
    documents: Documents, seconds: float, known: bool
) -> None:
    # Clocks of two instances differ: a record from the near future is one from just now.
    record(documents, NOW)
    assert made(documents, NOW + timedelta(seconds=seconds)) == ("made-1" if known else None)


def test_a_request_that_never_came_is_unknown(documents: Documents) -> None:
    assert made(documents, NOW) is None


@pytest.mark.parametrize(
    "other",
    [
        ("other", "exercise", '{"name":"Curl"}'),
        ("user", "program", '{"name":"Curl"}'),
        ("user", "exercise", '{"name":"Row"}'),
        ("user\0exercise", '{"name":"Curl"}', ""),
    ],
)
def test_another_caller_kind_or_content_is_another_request(other: tuple[str, str, str]) -> None:
    assert Repeat.of(*other).path != REPEAT.path


def test_records_hold_no_content_and_say_when_they_may_go(
    client: Client, documents: Documents
) -> None:
    record(documents, NOW)
    stored = client.document(REPEAT.path).get().to_dict()
    assert stored == {
        "schema": 1,
        "resource_id": "made-1",
        "created_at": NOW,
        "expire_at": NOW + timedelta(hours=1),
    }
    assert "Curl" not in REPEAT.path


@pytest.mark.parametrize("edit", [{}, {"created_at": "now"}, {"created_at": NOW}])
def test_a_record_broken_in_the_console_is_no_record(
    client: Client, documents: Documents, edit: dict[str, object]
) -> None:
    client.document(REPEAT.path).set(edit)
    assert made(documents, NOW) is None
    record(documents, NOW)
    assert made(documents, NOW) == "made-1"
