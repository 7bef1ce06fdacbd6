"""`make run`, `make emulators`: a cloud, all functions on one port, seeds, accounts, reload."""

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from json import loads
from pathlib import Path
from socket import socket
from typing import Any

from watchfiles import watch

from infra.emulators.problems import EmulatorFailed, Missing
from infra.emulators.stack import EmulatorStack
from infra.local.child import Child
from infra.local.directory import DIRECTORY, InUse, StackDirectory
from infra.local.parts import INVOKER, Stack
from infra.local.product import HOST, Product, listen
from infra.local.scheduler import Scheduler
from infra.local.stack import LocalStack
from infra.local.storage import StorageUnavailable, binary
from infra.local.summary import description, summary
from infra.schedule import schedule

ROOT = Path(__file__).resolve().parents[2]
CODE = (ROOT / "functions", ROOT / "shared")
SEEDS = ROOT / "infra" / "seeds"
PORT, HIGHEST_PORT = 8000, 65535
LOOK_MILLISECONDS = 100
"""How often to look whether the functions still run, while no file changes."""


class Launcher:
    """Keeps functions, accounts and seeds as the files say, until `stop` is set."""

    def __init__(
        self,
        directory: StackDirectory,
        product: Product,
        environment: Mapping[str, str],
        variables: Mapping[str, str],
        mailbox: str,
        stop: threading.Event,
    ) -> None:
        self._directory = directory
        self._product = product
        self._environment = environment
        self._variables = variables
        self._mailbox = mailbox
        self._stop = stop
        self._accounts: dict[str, Any] = {}
        self._begun = False
        self._up = False

    def run(self) -> None:
        # Watching begins before anything is loaded, so that no change is missed.
        for changes in watch(
            *CODE,
            SEEDS,
            stop_event=self._stop,
            yield_on_timeout=True,
            rust_timeout=LOOK_MILLISECONDS,
            raise_interrupt=False,
        ):
            if not self._begun:
                self._begin()
            elif changes:
                self._follow([Path(path) for _, path in changes])
            elif self._up and not self._product.runs:
                self._up = False
                say("The functions ended by themselves; they start again with the next change.")

    def _begin(self) -> None:
        self._begun = True
        self._load(time.monotonic())
        self._prepare()
        self._announce()

    def _follow(self, paths: Sequence[Path]) -> None:
        started = time.monotonic()
        seeds = [path for path in paths if path.is_relative_to(SEEDS)]
        if len(seeds) < len(paths):
            first = next(path for path in paths if path not in seeds)
            say(f"{first.relative_to(ROOT)} changed.")
            self._load(started)
        if seeds or not self._accounts:
            self._prepare()
        self._announce()

    def _load(self, started: float) -> None:
        self._up = self._product.start()
        if self._up:
            say(f"Functions loaded in {time.monotonic() - started:.1f} s.")
        elif not self._stop.is_set():
            say("The functions do not start (see above); waiting for the next change.")

    def _prepare(self) -> None:
        """Accounts and seeds; their failure is reported and leaves everything as it was."""
        started = time.monotonic()
        result = self._directory.path / "prepared.json"
        result.unlink(missing_ok=True)
        arguments = [str(self._directory.passwords), str(result)]
        child = Child("infra.local.prepare", arguments, self._environment)
        while not child.wait(0.1) and not self._stop.is_set():
            pass
        child.end()
        if self._stop.is_set():
            return
        if child.code != 0:
            say("Accounts and seeds could not be made (see above); waiting for the next change.")
            return
        prepared = loads(result.read_text(encoding="utf-8"))
        result.unlink()
        say(f"Seeds: {prepared['seeded']} ({time.monotonic() - started:.1f} s).")
        self._accounts = prepared["accounts"]

    def _announce(self) -> None:
        """Once, when everything answers for the first time."""
        if not (self._up and self._accounts) or self._directory.description.exists():
            return
        origin = f"http://{HOST}:{self._product.port}"
        stack = self._variables["HYPERTROQ_STACK"]
        said = description(stack, origin, self._mailbox, self._accounts)
        self._directory.publish(said, self._variables)
        print(summary(said, str(self._directory.path)), flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.local.launcher", description=__doc__)
    parser.add_argument("--data", type=Path, default=DIRECTORY, help="where to keep everything")
    parser.add_argument("--stack", choices=("embedded", "emulators"), default="embedded")
    asked = parser.parse_args(arguments)
    data: Path = asked.data
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # Whoever starts a stack that shall outlive its terminal (nohup) has SIGHUP ignored.
        if number != signal.SIGHUP or signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, lambda *_: stop.set())
    try:
        port = _wanted_port(os.environ)
        with ExitStack() as running:
            directory = running.enter_context(StackDirectory.claim(data))
            if directory.path != data:
                say(f"Another stack uses {data}/; this one keeps its data in {directory.path}/.")
            listener = running.enter_context(listen(port))
            if port not in {0, listener.getsockname()[1]}:
                say(f"Port {port} is taken.")
            _run(asked.stack, directory, listener, stop, running)
    except (InUse, Missing, EmulatorFailed, StorageUnavailable, OSError, ValueError) as problem:
        say(str(problem))
        return 1
    return 0


def _run(
    name: str,
    directory: StackDirectory,
    listener: socket,
    stop: threading.Event,
    running: ExitStack,
) -> None:
    say("Starting Google's emulators …" if name == "emulators" else "Starting the local cloud …")
    stack = running.enter_context(_cloud(name, directory.path))
    port = listener.getsockname()[1]
    own = [f"http://{name}:{port}" for name in (HOST, "localhost")]
    variables = stack.environment(*own)
    environment = _environment(os.environ, variables)
    product = Product(listener, environment, stop)
    running.callback(product.end)
    running.callback(directory.withdraw)
    scheduler = Scheduler(stack.signer, variables["TASKS_URL"], INVOKER, schedule())
    running.callback(scheduler.stop)
    scheduler.start()
    Launcher(directory, product, environment, variables, stack.mailbox.url, stop).run()
    say("Ending …")


def _cloud(name: str, data: Path) -> Stack:
    storage = True
    try:
        binary()
    except StorageUnavailable as problem:
        say(f"{problem} Everything else works.")
        storage = False
    if name == "emulators":
        return EmulatorStack(data, storage=storage)
    return LocalStack(data, storage=storage)


def _wanted_port(environ: Mapping[str, str]) -> int:
    """PORT, or 8000; raises ValueError when it is no port."""
    text = environ.get("PORT") or str(PORT)
    if not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise ValueError(f"PORT must be a number up to {HIGHEST_PORT}, not {text!r}.")
    return int(text)


def _environment(ours: Mapping[str, str], variables: Mapping[str, str]) -> dict[str, str]:
    """What the product's processes get: ours, pointed at the local cloud."""
    merged = {**ours, **variables}
    if extra := ours.get("CORS_ORIGINS"):
        merged["CORS_ORIGINS"] += f",{extra}"
    for name in ("NO_PROXY", "no_proxy"):
        # Google's clients would send calls to this machine through a proxy as well.
        merged[name] = ",".join(filter(None, (ours.get(name), HOST, "localhost")))
    merged["PYTHONPATH"] = os.pathsep.join(filter(None, (str(ROOT), ours.get("PYTHONPATH"))))
    return merged


def say(sentence: str) -> None:
    """The functions write JSON lines between these."""
    print(f"· {sentence}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
