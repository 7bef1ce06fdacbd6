"""How long something takes, to end or to work again."""

import time
from collections.abc import Callable
from typing import Any, NamedTuple

from shared.errors import Unavailable


class Ended(NamedTuple):
    """What a call came to, an exception included, and after how many seconds."""

    outcome: Any
    seconds: float


def ended(call: Callable[[], Any]) -> Ended:
    started = time.perf_counter()
    try:
        outcome = call()
    except Exception as error:  # noqa: BLE001 - which one it was is what tests look at
        outcome = error
    return Ended(outcome, time.perf_counter() - started)


def works_again(call: Callable[[], Any], most_seconds: float = 10.0) -> float:
    """After how many seconds the call is no longer Unavailable."""
    started = time.perf_counter()
    while isinstance(ended(call).outcome, Unavailable):
        if time.perf_counter() - started > most_seconds:
            raise AssertionError(f"still unavailable after {most_seconds} s")
        time.sleep(0.02)
    return time.perf_counter() - started
