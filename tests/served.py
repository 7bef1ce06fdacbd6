"""All functions behind a real port of this process, for tests that need a socket."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from werkzeug.serving import make_server

from infra.dev.dispatch import Dispatcher, load_functions


@contextmanager
def served(project: str) -> Iterator[str]:
    """The address, without a slash at the end."""
    # Every function writes a line of its own per request.
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, Dispatcher(load_functions(), project), threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
