"""The functions of the product as the launcher runs them: behind one socket, loaded again at will.

The socket stays ours, so that requests that come in while the code is loaded wait for it.
"""

import http.client
import os
import select
import socket
import threading
import time
from collections.abc import Mapping
from contextlib import closing

from infra.local.child import Child

HOST = "127.0.0.1"
PORTS_TRIED = 100
CHECK_SECONDS = 10.0
LOADING_SECONDS = 60.0
"""Code that takes longer has to be changed, and only then is it loaded again."""
POLL_SECONDS = 0.1


def listen(port: int) -> socket.socket:
    """A listening socket on this port or the next free one; 0 takes any free one."""
    last = port + PORTS_TRIED if port else 0
    for candidate in range(port, min(last, 65535) + 1):
        try:
            return socket.create_server((HOST, candidate), backlog=128)
        except OSError as error:
            problem = error
    raise problem


class Product:
    """`environment` is the process's whole environment; `stop` makes waiting pointless."""

    def __init__(
        self, listener: socket.socket, environment: Mapping[str, str], stop: threading.Event
    ) -> None:
        self._listener = listener
        self._environment = environment
        self._stop = stop
        self._child: Child | None = None
        self.port: int = listener.getsockname()[1]

    def start(self) -> bool:
        """Load the code, anew if it runs; whether it now answers."""
        self.end()
        ready, told = os.pipe()
        try:
            descriptors = self._listener.fileno(), told
            arguments = ["--listener", str(descriptors[0]), "--ready", str(told)]
            self._child = Child("infra.dev.serve", arguments, self._environment, descriptors)
        finally:
            os.close(told)
        with closing(os.fdopen(ready, "rb")) as words:
            deadline = time.monotonic() + LOADING_SECONDS
            while not self._stop.is_set() and time.monotonic() < deadline:
                if select.select([words], [], [], POLL_SECONDS)[0]:
                    # Its end closes the pipe as well, and then there is nothing to read.
                    return bool(words.read(1)) and self._answers()
        return False

    @property
    def runs(self) -> bool:
        return self._child is not None and self._child.code is None

    def end(self) -> None:
        if self._child:
            self._child.end()
            self._child = None

    def _answers(self) -> bool:
        """Whether it says about itself that it is healthy."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=CHECK_SECONDS)
        with closing(connection):
            try:
                connection.request("GET", "/health")
                return connection.getresponse().status == http.HTTPStatus.OK
            except (OSError, http.client.HTTPException):
                return False
