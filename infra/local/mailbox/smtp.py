"""A mail server on loopback, on an event loop of its own."""

import asyncio
import ssl
import threading
from contextlib import ExitStack
from typing import Any

from aiosmtpd.smtp import SMTP

HOST = "127.0.0.1"


class MailServer:
    """`handler` and `options` are aiosmtpd's; with `tls` it is encrypted from the first byte on."""

    def __init__(self, handler: Any, tls: ssl.SSLContext | None = None, **options: Any) -> None:
        self._handler = handler
        self._tls = tls
        self._options = options
        self._ends = ExitStack()
        self.port = 0

    def start(self) -> None:
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever, name="mail-server")
        thread.start()
        self._ends.callback(loop.close)
        self._ends.callback(thread.join)
        self._ends.callback(loop.call_soon_threadsafe, loop.stop)
        server = asyncio.run_coroutine_threadsafe(self._listen(), loop).result()
        self._ends.callback(lambda: asyncio.run_coroutine_threadsafe(_close(server), loop).result())
        self.port = server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        self._ends.close()

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(self._handler, loop=loop, hostname="localhost", **self._options),
            HOST,
            0,
            ssl=self._tls,
        )


async def _close(server: asyncio.Server) -> None:
    """Hang up on whoever is connected: their tasks must end before the loop does."""
    server.close()
    ending = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)
