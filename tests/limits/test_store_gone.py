"""A store that falls silent under load: short waits, far apart, and a limit all the same."""

import sys
import threading
import time
from collections import Counter
from itertools import pairwise
from pathlib import Path

from tests.faults.proxy import FaultProxy, Mode
from tests.limits.fleet import Fleet, Load
from tests.limits.instance import Call

LOAD = Load(times=2, seconds=9, keys=2, processes=1, store_seconds=0.25)
SILENT_FROM, SILENT_UNTIL = 1.0, 6.0


def stalls(calls: list[Call]) -> list[list[Call]]:
    """Calls that waited for the store, those at the same time together."""
    groups: list[list[Call]] = []
    for call in sorted(calls, key=lambda call: call.began):
        if call.took > 0.1:
            if not groups or call.began > groups[-1][0].began + 1:
                groups.append([])
            groups[-1].append(call)
    return groups


def test_a_silent_store_costs_a_short_wait_every_two_seconds_and_the_limit_holds(
    store: str, tmp_path: Path
):
    with FaultProxy(store) as proxy, Fleet(proxy.address, 1) as fleet:
        times: dict[str, float] = {}

        def fall_silent() -> None:
            proxy.switch(Mode.BLACK_HOLE)
            times["silent"] = time.time()

        def speak() -> None:
            times["back"] = time.time()
            proxy.heal()

        timers = [threading.Timer(SILENT_FROM, fall_silent), threading.Timer(SILENT_UNTIL, speak)]
        for timer in timers:
            timer.start()
        trial = fleet.run(LOAD, tmp_path)
        for timer in timers:
            timer.join()
    silent, back = times["silent"], times["back"]
    calls = sorted(trial.calls, key=lambda call: call.began)
    groups = stalls([call for call in calls if call.began < back])
    waits = [round(call.took, 3) for group in groups for call in group]
    again = min(call.began for call in calls if call.counted and call.began > back)
    sys.stdout.write(f"waits {waits}; counted again after {again - back:.2f} s\n")

    assert waits
    assert max(waits) <= 0.3
    begins = [group[0].began for group in groups]
    assert begins[0] >= silent - 0.3
    # Silence of five seconds: at once, and every two seconds from when the first was given up.
    assert len(begins) <= 3
    assert all(later - earlier >= 2 for earlier, later in pairwise(begins))

    allowed: Counter[tuple[str, int]] = Counter()
    for call in calls:
        if silent <= call.window_end - LOAD.window and call.window_end <= back:
            allowed[call.key, call.window_end] += call.allowed
    assert len(allowed) >= LOAD.keys
    assert set(allowed.values()) == {LOAD.limit}
    assert again - back <= 3
