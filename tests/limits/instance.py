"""One function instance for the rate limiter's trial by load, as a process of its own.

It says `ready` once its client is connected, then takes plans from its standard input, one line
each, and says `done` after each. Every call is one line of the plan's log, written at once, so
that what it granted counts even when it is killed in the next moment.
"""

import json
import os
import random
import sys
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple, Self

from google.cloud.firestore import Client

from shared.http.leases import Bucket, Standing
from shared.http.rate_limit import Identity, RateLimiter
from shared.rules.limits import KeyKind, Policy, Window
from shared.settings import RateLimitMode
from shared.storage.counters import CounterRepository
from shared.storage.documents import Documents
from shared.storage.tally import counting

POLICY = "default"
CONNECT_SECONDS = 10.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """From `begin` to `end` (epoch seconds) the `threads` together make `rate` calls a second, at
    random, each with one of the `keys`.
    """

    log: str
    keys: list[str]
    limit: int
    seconds: int
    threads: int
    rate: float
    store_seconds: float
    begin: float
    end: float

    def line(self) -> str:
        return json.dumps(asdict(self)) + "\n"


class Call(NamedTuple):
    """One answered call; `window_end` and `began` in epoch seconds, `took` in seconds."""

    key: str
    window_end: int
    allowed: bool
    counted: bool
    """Whether the store decided; without it the instance does, by its own count."""
    writes: int
    began: float
    took: float

    def line(self) -> str:
        return (
            f"{self.key} {self.window_end} {self.allowed:d} {self.counted:d} {self.writes} "
            f"{self.began:.6f} {self.took:.6f}\n"
        )

    @classmethod
    def read(cls, line: str) -> Self:
        key, end, allowed, counted, writes, began, took = line.split()
        return cls(
            key, int(end), allowed == "1", counted == "1",
            int(writes), float(began), float(took),
        )  # fmt: skip


class Instance:
    """A limiter with nothing leased yet, and the load on it."""

    def __init__(self, plan: Plan, counters: CounterRepository) -> None:
        self.plan = plan
        self.limiter = RateLimiter(
            lambda: counters,
            {POLICY: Policy(POLICY, KeyKind.USER, (Window(plan.limit, plan.seconds),))},
            mode=RateLimitMode.ENFORCE,
            now=time.time,
            secret=b"the same in every instance",
            store_seconds=plan.store_seconds,
        )
        self._taken = threading.local()
        self._watch_takes()
        self._log = os.open(plan.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def run(self) -> None:
        threads = [
            threading.Thread(target=self._arrivals, args=(number,))
            for number in range(self.plan.threads)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        os.close(self._log)

    def _arrivals(self, thread: int) -> None:
        chance = random.Random(os.getpid() * 100 + thread)  # noqa: S311 - arrivals, not secrets
        rate = self.plan.rate / self.plan.threads
        due = self.plan.begin + chance.expovariate(rate)
        while due < self.plan.end:
            time.sleep(max(0.0, due - time.time()))
            call = self._call(chance.choice(self.plan.keys))
            os.write(self._log, call.line().encode())
            # Those who could not come in time do not all come at once.
            due = max(due, time.time() - 1) + chance.expovariate(rate)

    def _call(self, key: str) -> Call:
        began, started = time.time(), time.perf_counter()
        with counting() as tally:
            verdict = self.limiter.check((POLICY,), Identity(user_id=key))
        took = time.perf_counter() - started
        end, counted = self._taken.window_end, bool(verdict.figures)
        return Call(key, end, verdict.allowed, counted, tally.writes, began, took)

    def _watch_takes(self) -> None:
        """Note each call's window as its permit was taken: answers tell it only when counted.

        The time after the call may lie in the next window, when the store kept it waiting.
        """
        leases = self.limiter._leases
        take = leases.take

        def watched(bucket: Bucket) -> Standing:
            standing = take(bucket)
            self._taken.window_end = standing.end
            return standing

        leases.take = watched


def calls_in(log: Path) -> list[Call]:
    """What an instance did; a last line that a kill cut short is left out."""
    lines = log.read_text().splitlines(keepends=True) if log.exists() else []
    return [Call.read(line) for line in lines if line.endswith("\n")]


def say(word: str) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def main() -> None:
    documents = Documents(Client(project="demo-limits"))
    documents.ping(CONNECT_SECONDS)
    say("ready")
    for line in sys.stdin:
        Instance(Plan(**json.loads(line)), CounterRepository(documents)).run()
        say("done")


if __name__ == "__main__":
    main()
