"""Tally: what one request did with Firestore, and nothing of what others did."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import sleep

from shared.storage.tally import count, counting, pausing, seconds_left


def test_counts_add_up_inside_the_block_and_stop_with_it() -> None:
    count(reads=9)
    with counting() as tally:
        count(reads=2)
        count(writes=3)
    count(reads=9)
    assert (tally.reads, tally.writes, tally.calls) == (2, 3, 2)


def test_an_inner_block_counts_for_itself() -> None:
    with counting() as outer:
        count(reads=1)
        with counting() as inner:
            count(reads=5)
        count(reads=1)
    assert (outer.reads, inner.reads) == (2, 5)


def test_threads_do_not_count_for_each_other() -> None:
    both = Barrier(2)

    def run(reads: int) -> int:
        with counting() as tally:
            both.wait()
            count(reads=reads)
            both.wait()
            return tally.reads

    with ThreadPoolExecutor(2) as threads:
        assert list(threads.map(run, [1, 2])) == [1, 2]


def test_time_spent_elsewhere_is_not_the_stores() -> None:
    with counting():
        before = seconds_left()
        with pausing():
            sleep(0.2)
        assert before - seconds_left() < 0.15
        sleep(0.2)
        assert before - seconds_left() > 0.19


def test_pausing_without_a_count_does_nothing() -> None:
    before = seconds_left()
    with pausing():
        pass
    assert seconds_left() == before
