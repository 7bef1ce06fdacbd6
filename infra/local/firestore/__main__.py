"""Runs the embedded Firestore as a process: python -m infra.local.firestore PORT."""

import argparse
import logging
import signal
from pathlib import Path

from infra.local.firestore.server import FirestoreServer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.firestore")
    parser.add_argument("port", type=int, help="0 takes a free one")
    parser.add_argument("--data", type=Path, help="SQLite file; memory only without it")
    parser.add_argument("--indexes", type=Path, help="firestore.indexes.json to enforce")
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    stop = {signal.SIGINT, signal.SIGTERM}
    # Blocked here, so also in the server's threads: the signal waits for sigwait.
    signal.pthread_sigmask(signal.SIG_BLOCK, stop)
    server = FirestoreServer(arguments.data, arguments.indexes, arguments.port)
    server.start()
    print(f"Firestore listens on {server.address}", flush=True)
    signal.sigwait(stop)
    server.stop()


if __name__ == "__main__":
    main()
