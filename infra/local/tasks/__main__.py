"""``python -m infra.local.tasks PORT [--data FILE] [--key FILE]``: the server as a process."""

import argparse
import signal
import threading
from pathlib import Path

from infra.local.signer import Signer
from infra.local.tasks.server import TasksServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.tasks", description=__doc__)
    parser.add_argument("port", type=int, help="port on the loopback interface, 0 for a free one")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps queues and tasks")
    parser.add_argument("--key", type=Path, help="key file that signs OIDC tokens, made if missing")
    options = parser.parse_args()
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    server = TasksServer(Signer.create(options.key), data=options.data, port=options.port)
    server.start()
    print(f"Cloud Tasks on {server.address}", flush=True)
    stopped.wait()
    server.stop()


if __name__ == "__main__":
    main()
