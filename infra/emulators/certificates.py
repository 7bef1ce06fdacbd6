"""The address where a local stack shows the certificates of its own signer.

Google's Auth emulator has none to show, yet deliveries of tasks carry tokens that must be checked.
"""

import threading

from infra.local.json_server import JsonServer, Reply, Request
from infra.local.signer import Signer


class CertificatesServer:
    """Listens on loopback from its construction, answers from `start` to `stop`."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._http = JsonServer(0, self._answer)
        self._thread: threading.Thread | None = None
        self.url = f"http://127.0.0.1:{self._http.server_port}/certs"

    def start(self) -> None:
        self._thread = threading.Thread(
            target=self._http.serve_forever,
            # How often the loop looks whether it should end: what `stop` waits for.
            kwargs={"poll_interval": 0.02},
            name="certificates",
            daemon=True,
        )
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._http.shutdown()
            self._thread.join()
            self._thread = None
        self._http.server_close()
        self._http.hang_up()

    def _answer(self, request: Request) -> Reply:
        del request  # there is nothing else here
        return 200, dict(self._signer.certificates()), {"Cache-Control": "public, max-age=3600"}
