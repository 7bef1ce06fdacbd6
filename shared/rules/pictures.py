"""What a picture is and how large, told from its first bytes without decoding anything.

A few hundred kilobytes can decode to half a gigabyte, so size comes first and pixels later.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from shared.errors import FileTooLarge, PictureInvalid
from shared.models.avatars import MOST_BYTES

SHORTEST_SIDE, LONGEST_SIDE = 16, 4096
MOST_PIXELS = 16_000_000
MOST_SCANS = 30
"""Of a JPEG; usual progressive ones have ten."""

_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_TABLES = frozenset({0xC4, 0xC8, 0xCC})
_SCAN, _END = 0xDA, 0xD9
_MARKER = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
"""Within a scan only restarts and stuffed zeros follow an 0xFF."""


class PictureKind(StrEnum):
    """As Pillow names its decoders."""

    JPEG = "JPEG"
    PNG = "PNG"
    WEBP = "WEBP"
    GIF = "GIF"


@dataclass(frozen=True, slots=True)
class Header:
    """What the first bytes promise; the decoder must find the same."""

    kind: PictureKind
    width: int
    height: int


def require_picture(data: bytes) -> Header:
    """Raises FileTooLarge or PictureInvalid."""
    if len(data) > MOST_BYTES:
        raise oversized()
    try:
        header = _header(data)
    except (IndexError, ValueError):
        raise damaged() from None
    if header is None:
        raise PictureInvalid("Send a JPEG, PNG, WebP or GIF picture.")
    sides = sorted((header.width, header.height))
    if sides[0] < SHORTEST_SIDE or sides[1] > LONGEST_SIDE:
        raise PictureInvalid(
            f"A picture may have {SHORTEST_SIDE} to {LONGEST_SIDE} pixels a side; "
            f"this one has {header.width} x {header.height}."
        )
    if header.width * header.height > MOST_PIXELS:
        raise PictureInvalid(
            f"A picture may have {MOST_PIXELS // 1_000_000} megapixels; "
            f"this one has {header.width} x {header.height}."
        )
    return header


def oversized() -> FileTooLarge:
    return FileTooLarge(f"The file is larger than {MOST_BYTES // 1024 // 1024} MiB.")


def damaged() -> PictureInvalid:
    return PictureInvalid("The picture is damaged. Save it anew and try again.")


def _header(data: bytes) -> Header | None:
    """None for what is no picture; raises IndexError or ValueError for one that is damaged."""
    for begins, kind, measured in _KINDS:
        if begins(data):
            width, height = measured(data)
            return Header(kind, width, height)
    return None


def _number(data: bytes, start: int, length: int, order: str = "big") -> int:
    """Raises ValueError where the data ends too early."""
    part = data[start : start + length]
    if len(part) < length:
        raise ValueError("cut off")
    return int.from_bytes(part, "little" if order == "little" else "big")


def _png(data: bytes) -> tuple[int, int]:
    if data[8:16] != b"\x00\x00\x00\x0dIHDR":
        raise ValueError("no IHDR")
    return _number(data, 16, 4), _number(data, 20, 4)


def _gif(data: bytes) -> tuple[int, int]:
    return _number(data, 6, 2, "little"), _number(data, 8, 2, "little")


def _jpeg(data: bytes) -> tuple[int, int]:
    """Of its one frame: baseline, extended or progressive; others no browser shows.

    Walks to the end, since each scan makes a decoder go over the whole picture once more, and a
    few bytes are enough for one.
    """
    size: tuple[int, int] | None = None
    at, scans = 2, 0
    while at < len(data) - 1:
        if data[at] != 0xFF:
            raise ValueError("no marker")
        while data[at] == 0xFF:
            at += 1
        marker = data[at]
        if marker == _END:
            break
        if marker in _FRAMES:
            if size:
                raise ValueError("two frames")
            size = _number(data, at + 6, 2), _number(data, at + 4, 2)
        elif 0xC0 <= marker <= 0xCF and marker not in _TABLES:
            raise ValueError("a frame of a rare kind")
        at += 1 + _length(data, at + 1)
        if marker == _SCAN:
            scans += 1
            following = _MARKER.search(data, at)
            at = following.start() if following else len(data)
    if size is None or not 0 < scans <= MOST_SCANS:
        raise ValueError("no frame, no scan, or far too many")
    return size


def _length(data: bytes, at: int) -> int:
    """Of a segment, its own two bytes included."""
    length = _number(data, at, 2)
    if length < 2:
        raise ValueError("a segment without a length")
    return length


def _webp(data: bytes) -> tuple[int, int]:
    kind = data[12:16]
    if kind == b"VP8X":
        return _number(data, 24, 3, "little") + 1, _number(data, 27, 3, "little") + 1
    if kind == b"VP8L" and data[20] == 0x2F:
        bits = _number(data, 21, 4, "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and data[23:26] == b"\x9d\x01\x2a":
        # The two highest bits only ask for scaling.
        return _number(data, 26, 2, "little") & 0x3FFF, _number(data, 28, 2, "little") & 0x3FFF
    raise ValueError("no frame")


_Measure = Callable[[bytes], tuple[int, int]]
_KINDS: tuple[tuple[Callable[[bytes], bool], PictureKind, _Measure], ...] = (
    (lambda data: data.startswith(b"\xff\xd8\xff"), PictureKind.JPEG, _jpeg),
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), PictureKind.PNG, _png),
    (lambda data: data.startswith((b"GIF87a", b"GIF89a")), PictureKind.GIF, _gif),
    (lambda data: data[:4] == b"RIFF" and data[8:12] == b"WEBP", PictureKind.WEBP, _webp),
)
