"""A TCP proxy that misbehaves on request: what lies between the product and a store in trouble."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import Future
from enum import Enum, auto
from typing import Self, TypeVar, cast

from tests.faults.frames import ANSWERS, Frames

T = TypeVar("T")


class Mode(Enum):
    PASS = auto()
    DELAY = auto()
    """Everything arrives, later: `seconds` each way."""
    BLACK_HOLE = auto()
    """Connections are accepted and stay open, and nothing arrives any more."""
    RESET = auto()
    """Every connection is cut, and every new one too."""


class FaultProxy:
    """Passes connections on to `target` (host:port); a context manager, listening on loopback."""

    def __init__(self, target: str) -> None:
        host, _, port = target.rpartition(":")
        self.target = host, int(port)
        self.mode, self.seconds = Mode.PASS, 0.0
        self.marker, self.then = b"", Mode.PASS
        self.lost = 0
        """Replies thrown away so far."""
        self.ends: set[_End] = set()
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="fault-proxy")

    def __enter__(self) -> Self:
        self._thread.start()
        listening = self.loop.create_server(lambda: _End(self), "127.0.0.1", 0)
        self._server = asyncio.run_coroutine_threadsafe(listening, self.loop).result()
        self.address = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(self, *_: object) -> None:
        self._within(self._close)
        asyncio.run_coroutine_threadsafe(asyncio.sleep(0), self.loop).result()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()

    def switch(self, mode: Mode, seconds: float = 0.0) -> None:
        self._within(lambda: self.change(mode, seconds))

    def heal(self) -> None:
        self.switch(Mode.PASS)

    def lose_reply_to(self, marker: bytes, then: Mode = Mode.PASS) -> None:
        """Deliver the next request that contains these bytes, and cut its connection when the
        server answers: the work is done and nobody hears of it. `then` is the mode after that.
        """
        self._within(lambda: self._arm(marker, then))

    def _arm(self, marker: bytes, then: Mode) -> None:
        self.marker, self.then = marker, then

    def change(self, mode: Mode, seconds: float) -> None:
        self.mode, self.seconds = mode, seconds
        for end in list(self.ends):
            # What a black hole took cannot be sent again: such a connection is beyond repair.
            if mode is Mode.RESET or (mode is not Mode.BLACK_HOLE and end.swallowed):
                end.cut()

    def _close(self) -> None:
        self._server.close()
        for end in list(self.ends):
            end.cut()

    def _within(self, work: Callable[[], T]) -> T:
        """Run in the proxy's own thread, and wait for it."""
        done: Future[T] = Future()
        self.loop.call_soon_threadsafe(lambda: done.set_result(work()))
        return done.result()


class _End(asyncio.Protocol):
    """One of the two sockets of a connection; `peer` is the other, the server's comes second."""

    def __init__(self, proxy: FaultProxy, peer: "_End | None" = None) -> None:
        self.proxy, self.peer = proxy, peer
        self.is_server = peer is not None
        self.swallowed = False
        self.lose = -1
        """The HTTP/2 stream whose answer must not arrive."""
        self._due = 0.0
        self._frames = Frames()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.proxy.ends.add(self)
        if self.proxy.mode is Mode.RESET:
            self.cut()
        elif self.peer:
            self.peer.peer = self
            self.peer.transport.resume_reading()
        else:
            self.transport.pause_reading()
            self._connecting = self.proxy.loop.create_task(self._connect())

    async def _connect(self) -> None:
        try:
            await self.proxy.loop.create_connection(
                lambda: _End(self.proxy, self), *self.proxy.target
            )
        except OSError:
            self.cut()

    def data_received(self, data: bytes) -> None:
        proxy, peer = self.proxy, self.peer
        if peer is None or proxy.mode is Mode.BLACK_HOLE:
            self.swallowed = True
            return
        for kind, stream, payload in self._frames.feed(data):
            if not self.is_server and proxy.marker and proxy.marker in payload:
                proxy.marker, peer.lose = b"", stream
            elif stream == self.lose and kind in ANSWERS:
                proxy.lost += 1
                self.cut()
                proxy.change(proxy.then, 0.0)
                return
        # In order, also when the delay has just become shorter.
        self._due = max(proxy.loop.time() + proxy.seconds, self._due + 1e-6)
        proxy.loop.call_at(self._due, peer.transport.write, data)

    def connection_lost(self, error: Exception | None) -> None:
        self.proxy.ends.discard(self)
        if self.peer and not self.peer.transport.is_closing():
            self.proxy.loop.call_at(self._due + 1e-6, self.peer.transport.close)

    def cut(self) -> None:
        self.transport.abort()
        if self.peer:
            self.peer.transport.abort()
