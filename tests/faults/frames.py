"""HTTP/2 as far as a proxy has to know it: where frames begin, and what they belong to."""

from collections.abc import Iterator
from typing import NamedTuple

ANSWERS = frozenset({0, 1})
"""Kinds of frames that carry an answer, data and headers; others keep the connection going."""
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
"""What a client says before its first frame."""


class Frame(NamedTuple):
    kind: int
    stream: int
    payload: bytes


class Frames:
    """One direction of a connection, from its beginning."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Iterator[Frame]:
        """Those that are complete with these bytes."""
        self._rest = (self._rest + data).removeprefix(PREFACE)
        while len(self._rest) >= 9:
            end = 9 + int.from_bytes(self._rest[:3], "big")
            if len(self._rest) < end:
                return
            frame, self._rest = self._rest[:end], self._rest[end:]
            yield Frame(frame[3], int.from_bytes(frame[5:9], "big"), frame[9:])
