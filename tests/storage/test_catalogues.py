"""Catalogues: kept while current, bounded, and readable after somebody's hand."""

import json
from typing import Any

import pytest
from google.cloud.firestore import Client

from shared.errors import QuotaReached, Unavailable
from shared.models.base import Model
from shared.storage import catalogues
from shared.storage.catalogues import Catalogue, Catalogues
from shared.storage.documents import Documents
from shared.storage.tally import counting

A, B = "catalogue/a", "catalogue/b"


class Row(Model):
    id: str
    text: str = ""


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def rows(documents: Documents, clock: Clock) -> Catalogues[Row]:
    """One instance's view."""
    return Catalogues(documents, Row, lambda row: row.id, clock)


@pytest.fixture
def elsewhere(documents: Documents) -> Catalogues[Row]:
    """Another instance's view of the same store."""
    return Catalogues(documents, Row, lambda row: row.id, lambda: 0.0)


def some(*identifiers: str, text: str = "") -> dict[str, Row]:
    return {identifier: Row(id=identifier, text=text) for identifier in identifiers}


def numbered(count: int, text: str = "") -> dict[str, Row]:
    return some(*(f"r{number}" for number in range(count)), text=text)


def write(
    documents: Documents,
    rows: Catalogues[Row],
    path: str,
    kept: dict[str, Row],
    removed: dict[str, Row] | None = None,
) -> None:
    """As repositories do: read in a change, written in it, forgotten after it."""

    def work(transaction: Any) -> None:
        rows.within(transaction, path)
        rows.put(transaction, path, kept, removed or {})

    documents.atomically(work)
    rows.forget(path)


class TestReading:
    def test_what_was_written_is_read(self, documents: Documents, rows: Catalogues[Row]) -> None:
        write(documents, rows, A, some("x", "y"), some("gone"))
        [found] = rows.read([A])
        assert (dict(found.rows), dict(found.removed)) == (some("x", "y"), some("gone"))

    def test_a_cold_read_is_one_document_each_in_one_call(
        self, documents: Documents, rows: Catalogues[Row], elsewhere: Catalogues[Row]
    ) -> None:
        write(documents, elsewhere, A, some("x"))
        with counting() as tally:
            rows.read([A, B])
        assert (tally.reads, tally.calls) == (2, 1)

    def test_a_warm_read_checks_the_versions_and_decodes_nothing(
        self, documents: Documents, rows: Catalogues[Row], elsewhere: Catalogues[Row]
    ) -> None:
        write(documents, elsewhere, A, some("x"))
        first = rows.read([A, B])
        with counting() as tally:
            second = rows.read([A, B])
        assert (tally.reads, tally.calls) == (2, 1)
        assert all(one is other for one, other in zip(first, second, strict=True))

    def test_young_enough_is_not_even_checked(
        self, documents: Documents, rows: Catalogues[Row], clock: Clock
    ) -> None:
        rows.read([A])
        with counting() as tally:
            rows.read([A], max_age=60)
            clock.seconds = 59.9
            rows.read([A], max_age=60)
        assert tally.reads == 0
        clock.seconds = 60.1
        with counting() as tally:
            rows.read([A], max_age=60)
        assert tally.reads == 1

    def test_another_instances_change_is_seen_at_once(
        self, documents: Documents, rows: Catalogues[Row], elsewhere: Catalogues[Row]
    ) -> None:
        write(documents, rows, A, some("x"))
        rows.read([A, B])
        write(documents, elsewhere, A, some("x", "y"))
        write(documents, elsewhere, B, some("z"))
        with counting() as tally:
            a, b = rows.read([A, B])
        assert (set(a.rows), set(b.rows)) == ({"x", "y"}, {"z"})
        # Both were checked, and both had to be read whole.
        assert tally.reads == 4

    def test_ones_own_change_is_seen_even_by_who_may_read_old_ones(
        self, documents: Documents, rows: Catalogues[Row]
    ) -> None:
        rows.read([A])
        write(documents, rows, A, some("x"))
        [found] = rows.read([A], max_age=60)
        assert set(found.rows) == {"x"}

    def test_only_so_many_are_kept(
        self, rows: Catalogues[Row], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(catalogues, "KEPT", 2)
        rows.read([A])
        rows.read([B])
        rows.read(["catalogue/c"])
        with counting() as tally:
            rows.read([B], max_age=60)
            rows.read([A], max_age=60)
        # B was still there; A had to make room.
        assert tally.reads == 1


class TestBounds:
    def test_500_rows_are_the_most(self, documents: Documents, rows: Catalogues[Row]) -> None:
        write(documents, rows, A, numbered(500))
        with pytest.raises(QuotaReached) as refused:
            write(documents, rows, A, numbered(501))
        assert (refused.value.status, refused.value.details) == (409, {"limit": 500})
        [found] = rows.read([A])
        assert len(found.rows) == 500

    def test_text_is_bounded_too(self, documents: Documents, rows: Catalogues[Row]) -> None:
        # 150 rows of 5,000 letters are more than 700,000 bytes; 130 are not.
        write(documents, rows, A, numbered(130, "x" * 5000))
        with pytest.raises(QuotaReached):
            write(documents, rows, A, numbered(150, "x" * 5000))

    def test_removed_rows_make_room_oldest_first(
        self, documents: Documents, rows: Catalogues[Row]
    ) -> None:
        gone = some(*(f"g{number}" for number in range(10)))
        write(documents, rows, A, numbered(495), gone)
        [found] = rows.read([A])
        assert list(found.removed) == ["g5", "g6", "g7", "g8", "g9"]
        write(documents, rows, A, numbered(500), gone)
        [found] = rows.read([A])
        assert (len(found.rows), dict(found.removed)) == (500, {})

    def test_removed_rows_never_keep_a_new_one_out(
        self, documents: Documents, rows: Catalogues[Row]
    ) -> None:
        gone = some(*(f"g{number}" for number in range(40)), text="x" * 5000)
        write(documents, rows, A, numbered(130, "x" * 5000), gone)
        [found] = rows.read([A])
        assert len(found.rows) == 130
        assert 0 < len(found.removed) < 40
        assert "g39" in found.removed


class TestConsoleEdits:
    """Somebody changed the document by hand."""

    def by_hand(self, client: Client, **data: Any) -> None:
        client.document(A).set(data)

    def test_a_row_that_cannot_be_read_is_left_out_and_reported(
        self, client: Client, rows: Catalogues[Row], errors: list[Any]
    ) -> None:
        raw = [{"id": "x"}, {"text": "no id"}, {"id": 7}, "nonsense", None, {"id": "y"}]
        self.by_hand(client, items=json.dumps(raw), count=6)
        [found] = rows.read([A])
        assert list(found.rows) == ["x", "y"]
        assert [fields["row"] for _, fields in errors] == [1, 2, 3, 4]
        assert {fields["document"] for _, fields in errors} == {A}

    def test_fields_nobody_knows_and_fields_that_are_missing_do_no_harm(
        self, client: Client, rows: Catalogues[Row], errors: list[Any]
    ) -> None:
        self.by_hand(client, items='[{"id": "x", "colour": "red"}]', remark="by hand")
        [found] = rows.read([A])
        assert (dict(found.rows), dict(found.removed), errors) == (some("x"), {}, [])

    @pytest.mark.parametrize("items", ["{", "", "{}", "7", 7, None, ["x"], {"x": 1}])
    def test_a_catalogue_that_is_no_list_reads_as_empty(
        self, client: Client, rows: Catalogues[Row], items: Any
    ) -> None:
        self.by_hand(client, items=items)
        [found] = rows.read([A])
        assert dict(found.rows) == {}

    def test_and_is_never_written_over(
        self,
        client: Client,
        documents: Documents,
        rows: Catalogues[Row],
        errors: list[Any],
    ) -> None:
        self.by_hand(client, items="[{broken", count=1)
        with pytest.raises(Unavailable):
            write(documents, rows, A, some("new"))
        assert client.document(A).get().to_dict()["items"] == "[{broken"
        assert errors == [("unreadable catalogue", {"document": A})]

    def test_a_deleted_catalogue_is_an_empty_one(
        self, client: Client, documents: Documents, rows: Catalogues[Row]
    ) -> None:
        write(documents, rows, A, some("x"))
        rows.read([A])
        client.document(A).delete()
        assert rows.read([A]) == [Catalogue({}, {})]
        write(documents, rows, A, some("y"))
        [found] = rows.read([A])
        assert set(found.rows) == {"y"}
