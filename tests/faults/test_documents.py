"""Every call to the store ends in time with an error of ours, and works again soon after."""

import time
import uuid
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from shared.errors import Unavailable
from shared.storage.documents import Document, Documents, Transaction
from shared.storage.outages import RETRY_SECONDS, TIMEOUT_SECONDS
from tests.faults.clock import Ended, ended, works_again
from tests.faults.proxy import FaultProxy, Mode
from tests.functions.together import together

RECOVERY_SECONDS = 3.0
ROOM = 0.5
"""For a busy machine."""
SILENT = TIMEOUT_SECONDS + ROOM
"""A store that does not answer is given one attempt."""
CUT = RETRY_SECONDS + ROOM
"""Cut connections are tried again, until no further attempt would fit in."""

Calls = Mapping[str, Callable[[], Any]]


def calls(documents: Documents) -> Calls:
    """One call of every kind; the document it reads was stored before."""
    here = f"faults/{uuid.uuid4().hex}"

    def replace(transaction: Transaction) -> None:
        transaction.put(here, {"n": 1})

    def change(transaction: Transaction) -> None:
        assert transaction.get(here)
        transaction.put(here, {"n": 1})

    documents.atomically(replace)
    return {
        "get": lambda: documents.get(here),
        "get_many": lambda: documents.get_many([here, f"{here}-missing"]),
        "find": lambda: documents.find("faults", [("n", "==", 1)], limit=1),
        "write": lambda: documents.atomically(replace),
        "read and write": lambda: documents.atomically(change),
        "increment": lambda: documents.increment(f"{here}-counter", "n", 1, {}, 1.0),
        "ping": lambda: documents.ping(1.0),
    }


def all_at_once(calls: Calls) -> dict[str, Ended]:
    found = together([lambda call=call: ended(call) for call in calls.values()])
    return dict(zip(calls, found, strict=True))


@pytest.mark.parametrize(
    ("mode", "seconds", "deadline"),
    [
        (Mode.BLACK_HOLE, 0.0, SILENT),
        (Mode.RESET, 0.0, CUT),
        (Mode.DELAY, 2.0, SILENT),
    ],
    ids=["silent", "cut", "too slow"],
)
def test_every_call_fails_in_time_and_works_again_within_three_seconds(
    mode: Mode, seconds: float, deadline: float, documents: Documents, proxy: FaultProxy
):
    every = calls(documents)
    proxy.switch(mode, seconds)
    for name, (outcome, took) in all_at_once(every).items():
        assert type(outcome) is Unavailable, (name, outcome)
        assert outcome.headers == {"Retry-After": "2"}
        assert took <= (1.0 + ROOM if name in {"increment", "ping"} else deadline), (name, took)
    proxy.heal()
    healed = together([lambda call=call: works_again(call) for call in every.values()])
    assert max(healed) <= RECOVERY_SECONDS


def test_a_slow_line_is_borne(documents: Documents, proxy: FaultProxy):
    every = calls(documents)
    proxy.switch(Mode.DELAY, 0.2)
    found = all_at_once(every)
    assert [name for name, (outcome, _) in found.items() if isinstance(outcome, Exception)] == []
    # Two round trips at most, of 0.2 s there and 0.2 s back.
    assert max(took for _, took in found.values()) <= 0.8 + ROOM


def test_a_long_outage_does_not_make_the_return_slower(documents: Documents, proxy: FaultProxy):
    """Clients of gRPC wait ever longer between attempts to connect, unless told not to."""
    proxy.switch(Mode.RESET)
    until = time.monotonic() + 6.5
    while time.monotonic() < until:
        assert type(ended(lambda: documents.ping(0.5)).outcome) is Unavailable
        time.sleep(0.05)
    proxy.heal()
    assert works_again(lambda: documents.ping(0.5)) <= RECOVERY_SECONDS


def test_a_lost_answer_to_a_read_is_asked_for_again(documents: Documents, proxy: FaultProxy):
    here = f"faults/{uuid.uuid4().hex}"
    documents.atomically(lambda transaction: transaction.put(here, {"n": 1}))
    for number, read in enumerate(
        (
            lambda: documents.get(here),
            lambda: documents.get_many([here])[here],
            lambda: documents.find(
                "faults", [("__name__", "==", documents._client.document(here))], limit=1
            )[0],
        ),
        1,
    ):
        proxy.lose_reply_to(here.encode())
        found = read()
        assert isinstance(found, Document)
        assert found.data == {"n": 1}
        assert proxy.lost == number


def test_a_counter_whose_answer_is_lost_is_not_raised_twice(
    documents: Documents, proxy: FaultProxy
):
    here = f"faults/{uuid.uuid4().hex}"
    documents.ping(5.0)
    proxy.lose_reply_to(here.encode())
    with pytest.raises(Unavailable):
        documents.increment(here, "n", 1, {}, 1.0)
    assert proxy.lost == 1
    works_again(lambda: documents.ping(1.0))
    stored = documents.get(here)
    assert stored is not None
    assert stored.data == {"n": 1}
