"""All functions on one loopback port: `python -m infra.dev.serve --port 8000`.

The environment says which cloud they use. The server is the one the functions framework uses in
production, with its worker class. `make run` starts this with a socket that it keeps, so that
requests wait while the code is loaded again.
"""

import argparse
import os
import socket
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from gunicorn.app.base import BaseApplication

from infra.dev.dispatch import Dispatcher, load_functions
from infra.dev.lifeline import end_with_parent
from shared.settings import settings

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

THREADS = 16
IDLE_SECONDS = 75
"""How long a connection may stay open without a request."""
DRAIN_SECONDS = 3
"""How long requests under way may take once the server is told to end."""


class DevelopmentServer(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn on a socket that already listens; `ready` is called once the code is loaded."""

    def __init__(self, listener: socket.socket, ready: Callable[[], None]) -> None:
        self._listener = listener
        self._ready = ready
        super().__init__()

    def load_config(self) -> None:
        for name, value in {
            "bind": f"fd://{self._listener.fileno()}",
            "worker_class": "gthread",
            "threads": THREADS,
            "timeout": 0,
            "keepalive": IDLE_SECONDS,
            "graceful_timeout": DRAIN_SECONDS,
            "loglevel": "error",
            "post_worker_init": lambda _: self._ready(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> "WSGIApplication":
        return Dispatcher(load_functions(), settings().project)


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

    def ready() -> None:
        if arguments.ready is not None:
            os.write(arguments.ready, b"ready\n")
            os.close(arguments.ready)

    DevelopmentServer(listener, ready).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
