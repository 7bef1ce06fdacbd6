"""Runs the identity server by itself: PORT PROJECT [--data FILE] [--key FILE]."""

import argparse
import signal
import threading
from pathlib import Path

from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m infra.local.identity", description=__doc__)
    parser.add_argument("port", type=int, help="0 takes a free one")
    parser.add_argument("project")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps the accounts")
    parser.add_argument("--key", type=Path, help="PEM file that keeps the signing key")
    arguments = parser.parse_args()
    server = IdentityServer(
        arguments.project, Signer.create(arguments.key), arguments.data, arguments.port
    )
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    server.start()
    print(f"Identity server for {arguments.project} on http://{server.address}", flush=True)
    ended.wait()
    server.stop()


if __name__ == "__main__":
    main()
