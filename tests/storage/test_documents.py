"""Documents: lookups, searches, and changes that happen whole or not at all."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from google.cloud.firestore import Client

from shared.errors import Contended
from shared.storage.documents import COMMIT_ATTEMPTS, Documents, Transaction, version
from shared.storage.tally import counting

MOMENT = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)


def store(client: Client, path: str, **data: Any) -> None:
    """As somebody else does, past the layer under test."""
    client.document(path).set(data)


def stored(client: Client, path: str) -> Any:
    return client.document(path).get().to_dict()


class TestLookups:
    def test_a_document_comes_back_as_it_was_stored(
        self, client: Client, documents: Documents
    ) -> None:
        data = {"text": "é", "number": 3, "share": 0.25, "when": MOMENT, "list": [1, {"a": None}]}
        store(client, "things/one", **data)
        found = documents.get("things/one")
        assert found is not None
        assert (found.path, found.id, found.data) == ("things/one", "one", data)
        assert found.version == version(found.updated_at)

    def test_what_is_missing_is_none_and_still_a_read(self, documents: Documents) -> None:
        with counting() as tally:
            assert documents.get("things/none") is None
        assert (tally.reads, tally.calls) == (1, 1)

    def test_many_are_one_call(self, client: Client, documents: Documents) -> None:
        store(client, "things/a", n=1)
        store(client, "others/b", n=2)
        with counting() as tally:
            found = documents.get_many(["others/b", "things/none", "things/a"])
        assert {path: row.data for path, row in found.items()} == {
            "things/a": {"n": 1},
            "others/b": {"n": 2},
        }
        assert (tally.reads, tally.calls) == (3, 1)

    def test_a_projection_brings_only_its_fields_but_the_same_version(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", n=1, text="long")
        small, whole = documents.get("things/a", ["n"]), documents.get("things/a")
        assert small is not None
        assert whole is not None
        assert small.data == {"n": 1}
        assert small.version == whole.version

    @pytest.mark.parametrize("microseconds", [0, 1, 249_999, 999_999])
    def test_versions_are_exact_to_the_microsecond(self, microseconds: int) -> None:
        moment = MOMENT.replace(microsecond=microseconds)
        # Seconds from 1970 to the moment: `date -u -d 2026-03-02T12:30:15Z +%s`.
        assert version(moment) == f"1772454615{microseconds:06}"
        assert version(moment) != version(moment + timedelta(microseconds=1))


class TestSearches:
    @pytest.fixture(autouse=True)
    def _filled(self, client: Client) -> None:
        for owner in ("x", "y"):
            for number in range(3):
                store(client, f"owners/{owner}/things/{owner}{number}", n=number, tags=[owner])
        store(client, "things/top", n=1, tags=["x", "top"])

    @pytest.mark.parametrize(
        ("where", "expected"),
        [
            ([], {"x0", "x1", "x2"}),
            ([("n", "==", 1)], {"x1"}),
            ([("n", "<", 2)], {"x0", "x1"}),
            ([("n", "in", [0, 2])], {"x0", "x2"}),
            ([("tags", "array_contains", "x")], {"x0", "x1", "x2"}),
            ([("tags", "array_contains", "y")], set()),
        ],
    )
    def test_a_search_stays_in_its_collection(
        self, documents: Documents, where: list[Any], expected: set[str]
    ) -> None:
        with counting() as tally:
            found = documents.find("owners/x/things", where, limit=10)
        assert {row.id for row in found} == expected
        assert tally.reads == max(1, len(expected))

    def test_everywhere_searches_all_collections_of_the_name(self, documents: Documents) -> None:
        found = documents.find("things", [("n", "==", 1)], everywhere=True, limit=10)
        assert {row.path for row in found} == {
            "owners/x/things/x1",
            "owners/y/things/y1",
            "things/top",
        }

    @pytest.mark.parametrize("everywhere", [True, False])
    def test_found_documents_have_the_version_a_lookup_gives(
        self, documents: Documents, everywhere: bool
    ) -> None:
        [found] = documents.find(
            "things", [("tags", "array_contains", "top")], everywhere=everywhere, limit=2
        )
        looked_up = documents.get("things/top")
        assert looked_up is not None
        assert found.version == looked_up.version

    def test_a_search_brings_no_more_than_its_limit(self, documents: Documents) -> None:
        with counting() as tally:
            assert len(documents.find("things", everywhere=True, limit=2)) == 2
        assert tally.reads == 2


class TestAtomicity:
    def test_a_change_that_lost_the_race_decides_again_on_what_is_there_now(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", n=1)
        seen = []

        def work(transaction: Transaction) -> int:
            found = transaction.get("things/a")
            assert found is not None
            seen.append(found.data["n"])
            if len(seen) == 1:
                store(client, "things/a", n=10)
            transaction.put("things/a", {"n": found.data["n"] + 1})
            return len(seen)

        assert documents.atomically(work).result == 2
        assert seen == [1, 10]
        assert stored(client, "things/a") == {"n": 11}

    def test_what_was_missing_may_not_have_appeared_meanwhile(
        self, client: Client, documents: Documents
    ) -> None:
        found = []

        def work(transaction: Transaction) -> None:
            found.append(transaction.get("things/a") is not None)
            if len(found) == 1:
                store(client, "things/a", theirs=True)
            transaction.put("things/a", {"ours": True})

        documents.atomically(work)
        assert found == [False, True]

    def test_what_was_read_may_not_have_been_deleted_meanwhile(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", n=1)
        runs = []

        def work(transaction: Transaction) -> None:
            runs.append(transaction.get("things/a"))
            client.document("things/a").delete()
            if runs[-1]:
                transaction.delete("things/a")

        documents.atomically(work)
        assert [bool(run) for run in runs] == [True, False]

    def test_one_conflict_keeps_every_write_back(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/taken", n=1)

        def work(transaction: Transaction) -> None:
            transaction.put("things/new", {"n": 2})
            transaction.create("things/taken", {"n": 2})

        with pytest.raises(Contended):
            documents.atomically(work)
        assert stored(client, "things/new") is None
        assert stored(client, "things/taken") == {"n": 1}

    def test_after_eight_lost_races_the_caller_is_told(self, client: Client) -> None:
        pauses: list[float] = []
        documents = Documents(client, pause=pauses.append)
        store(client, "things/a", n=0)
        runs = []

        def work(transaction: Transaction) -> None:
            transaction.get("things/a")
            runs.append(1)
            store(client, "things/a", n=len(runs))
            transaction.put("things/a", {"n": -1})

        with counting() as tally, pytest.raises(Contended):
            documents.atomically(work)
        assert len(runs) == COMMIT_ATTEMPTS == 8
        assert stored(client, "things/a") == {"n": 8}
        assert (tally.reads, tally.writes) == (8, 8)
        # Random pauses that grow, and together stay far below what a caller waits for.
        assert max(pauses) <= 0.02 * 2**4
        assert sum(0.02 * 2 ** min(attempt, 4) for attempt in range(8)) < 2

    def test_what_the_work_raises_comes_out_and_nothing_is_written(
        self, client: Client, documents: Documents
    ) -> None:
        def work(transaction: Transaction) -> None:
            transaction.put("things/a", {"n": 1})
            raise LookupError("no")

        with pytest.raises(LookupError):
            documents.atomically(work)
        assert stored(client, "things/a") is None

    def test_without_writes_nothing_is_sent(self, client: Client, documents: Documents) -> None:
        store(client, "things/a", n=1)
        with counting() as tally:
            done = documents.atomically(lambda transaction: transaction.get("things/a"))
        assert done.versions == {}
        assert (tally.reads, tally.writes, tally.calls) == (1, 0, 1)

    def test_a_second_read_in_one_change_is_free_and_the_same(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", n=1)

        def work(transaction: Transaction) -> bool:
            first = transaction.get_many(["things/a", "things/b", "things/a"])
            return transaction.get("things/a") is first["things/a"]

        with counting() as tally:
            assert documents.atomically(work).result
        assert (tally.reads, tally.calls) == (2, 1)

    def test_the_new_versions_are_those_a_lookup_gives(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/old", n=1)

        def work(transaction: Transaction) -> None:
            transaction.get("things/old")
            transaction.put("things/old", {"n": 2})
            transaction.create("things/new", {"n": 2})

        versions = documents.atomically(work).versions
        found = documents.get_many(["things/old", "things/new"])
        assert versions == {path: row.version for path, row in found.items()}

    def test_a_guarded_replacement_keeps_fields_of_the_console(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", n=1, remark="by hand", map={"old": 1})

        def work(transaction: Transaction) -> None:
            transaction.get("things/a")
            transaction.put("things/a", {"n": 2, "map": {"new": 2}})

        documents.atomically(work)
        assert stored(client, "things/a") == {"n": 2, "remark": "by hand", "map": {"new": 2}}

    def test_an_update_reaches_into_maps_and_needs_the_document(
        self, client: Client, documents: Documents
    ) -> None:
        store(client, "things/a", map={"x": 1, "y": 2})
        documents.atomically(lambda t: t.update("things/a", {"map.x": 5}))
        assert stored(client, "things/a") == {"map": {"x": 5, "y": 2}}
        with pytest.raises(Contended):
            documents.atomically(lambda t: t.update("things/none", {"map.x": 5}))

    def test_four_threads_lose_no_change(self, client: Client) -> None:
        documents = Documents(client)
        store(client, "things/a", n=0)

        def once(_: int) -> None:
            def work(transaction: Transaction) -> None:
                found = transaction.get("things/a")
                assert found is not None
                transaction.put("things/a", {"n": found.data["n"] + 1})

            documents.atomically(work)

        with ThreadPoolExecutor(4) as threads:
            list(threads.map(once, range(20)))
        assert stored(client, "things/a") == {"n": 20}


class TestIncrements:
    def test_an_increment_answers_the_new_value_for_one_write(
        self, client: Client, documents: Documents
    ) -> None:
        with counting() as tally:
            values = [
                documents.increment("counters/a", "n", amount, {"note": "x"}, 1.0)
                for amount in (1, 5, 2)
            ]
        assert values == [1, 6, 8]
        assert (tally.reads, tally.writes) == (0, 3)
        assert stored(client, "counters/a") == {"n": 8, "note": "x"}
