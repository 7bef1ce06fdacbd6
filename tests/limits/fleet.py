"""Several instances under one load, some of them killed: real processes over a real store."""

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.limits.instance import Call, Plan, calls_in

ROOT = Path(__file__).parents[2]


class Process:
    """An instance whose counters are at the address `store`; a context manager."""

    def __init__(self, store: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "tests.limits.instance"],
            cwd=ROOT,
            env=os.environ | {"FIRESTORE_EMULATOR_HOST": store},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        self._process.communicate()

    def wait_for(self, word: str) -> None:
        assert self._process.stdout is not None
        assert self._process.stdout.readline() == f"{word}\n"

    def start(self, plan: Plan) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(plan.line())
        self._process.stdin.flush()

    def kill(self) -> None:
        """With SIGKILL: what it holds is lost."""
        self._process.kill()
        self._process.wait()


@dataclass(frozen=True, kw_only=True)
class Load:
    """`times` is how much is asked for, as a multiple of what the limits of all keys allow."""

    times: float
    seconds: float
    keys: int = 10
    processes: int = 4
    threads: int = 4
    kills: int = 0
    limit: int = 60
    window: int = 2
    store_seconds: float = 2.0
    """Patient, so that a busy machine does not pass for a store that is gone."""

    def plan(self, log: Path, begin: float, end: float) -> Plan:
        return Plan(
            log=str(log),
            keys=[f"{log.parent.name}-{number}" for number in range(self.keys)],
            limit=self.limit,
            seconds=self.window,
            threads=self.threads,
            rate=self.times * self.limit / self.window * self.keys / self.processes,
            store_seconds=self.store_seconds,
            begin=begin,
            end=end,
        )


@dataclass(frozen=True)
class Trial:
    """What all instances did between `begin` and `end` (epoch seconds)."""

    load: Load
    calls: Sequence[Call]
    begin: float
    end: float


class Fleet:
    """Instances that stay for several trials; a context manager."""

    def __init__(self, store: str, processes: int) -> None:
        self._store = store
        self._size = processes
        self._processes: list[Process] = []
        self._running = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as started:
            # All at once: most of a start is waiting for the disk and for one another.
            self._processes = [
                started.enter_context(Process(self._store)) for _ in range(self._size)
            ]
            for process in self._processes:
                process.wait_for("ready")
            self._running = started.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._running.close()

    def run(self, load: Load, directory: Path) -> Trial:
        """Put the load on some of the instances.

        A killed one is replaced at once by one that has been waiting, as a platform would.
        """
        begin = time.time() + 0.2
        end = begin + load.seconds
        logs = [directory / f"{number}.log" for number in range(load.processes + load.kills)]
        working, waiting = self._processes[: load.processes], self._processes[load.processes :]
        for process, log in zip(working, logs, strict=False):
            process.start(load.plan(log, begin, end))
        for number in range(load.kills):
            moment = begin + load.seconds * (number + 1) / (load.kills + 1)
            time.sleep(max(0.0, moment - time.time()))
            killed, spare = working.pop(0), waiting.pop(0)
            killed.kill()
            self._processes.remove(killed)
            spare.start(load.plan(logs[load.processes + number], time.time(), end))
            working.append(spare)
        for process in working:
            process.wait_for("done")
        return Trial(load, [call for log in logs for call in calls_in(log)], begin, end)
