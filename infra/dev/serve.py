"""All functions on one loopback port: `python -m infra.dev.serve --port 8000`.

The environment says which cloud they use. `make run` starts this with a socket that it keeps, so
that requests wait while the code is loaded again.
"""

import argparse
import os
import signal
import socket
import sys
import threading

from infra.dev.dispatch import Dispatcher, load_functions
from infra.dev.http_server import DevelopmentServer
from infra.dev.lifeline import end_with_parent
from shared.settings import settings

DRAIN_SECONDS = 3.0
"""How long requests under way may take once the server is told to end."""


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.dev.serve")
    parser.add_argument("--port", type=int, default=8000, help="0 takes a free one")
    parser.add_argument("--listener", type=int, help="an inherited socket instead of a port")
    parser.add_argument("--ready", type=int, help="a descriptor to write a line to once ready")
    arguments = parser.parse_args()
    if arguments.listener is not None:
        end_with_parent()
        listener = socket.socket(fileno=arguments.listener)
    else:
        listener = socket.create_server(("127.0.0.1", arguments.port))
    serve(listener, arguments.ready)
    return 0


def serve(listener: socket.socket, ready: int | None = None) -> None:
    """Serve until SIGTERM or SIGINT."""
    app = Dispatcher(load_functions(), settings().project)
    server = DevelopmentServer(listener, app)

    def stop(*_: object) -> None:
        # shutdown() waits for the loop that this very thread runs.
        threading.Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if ready is not None:
        os.write(ready, b"ready\n")
        os.close(ready)
    server.serve_forever(poll_interval=0.05)
    server.wait_until_idle(DRAIN_SECONDS)


if __name__ == "__main__":
    sys.exit(main())
