"""What pictures are, told from their first bytes; sizes and limits by hand."""

import struct

import pytest

from shared.errors import FileTooLarge, PictureInvalid
from shared.models.avatars import MOST_BYTES
from shared.rules.pictures import Header, PictureKind, require_picture
from tests.pictures import picture


def png(width: int, height: int) -> bytes:
    size = struct.pack(">II", width, height)
    return b"\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR" + size + b"\x08\x02\x00\x00\x00"


def gif(width: int, height: int) -> bytes:
    return b"GIF89a" + struct.pack("<HH", width, height) + b"\x00\x00\x00"


def jpeg(
    width: int, height: int, *, frame: int = 0xC0, scans: int = 1, before: bytes = b""
) -> bytes:
    size = struct.pack(">HBHH", 11, 8, height, width) + b"\x01\x01\x11\x00"
    scan = b"\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00" + b"\x12\xff\x00\x34\xff\xd0\x56"
    return b"\xff\xd8" + before + b"\xff" + bytes([frame]) + size + scan * scans + b"\xff\xd9"


def webp(kind: bytes, payload: bytes) -> bytes:
    return b"RIFF\x00\x00\x00\x00WEBP" + kind + b"\x00\x00\x00\x00" + payload


APP1 = b"\xff\xe1\x00\x06Exif"
LOSSY = b"\x00\x00\x00\x9d\x01\x2a"


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (png(300, 200), "PNG"),
        (gif(300, 200), "GIF"),
        (jpeg(300, 200), "JPEG"),
        (jpeg(300, 200, frame=0xC2, scans=10), "JPEG"),
        (jpeg(300, 200, before=APP1), "JPEG"),
        (jpeg(300, 200, before=b"\xff\xff\xff" + APP1[1:]), "JPEG"),
        (jpeg(300, 200)[:-2], "JPEG"),
        (jpeg(300, 200) + b"behind it", "JPEG"),
        # 299 and 199 in 14 bits each, from the lowest: 299 + 199 * 2**14 = 3,260,715.
        (webp(b"VP8L", b"\x2f" + struct.pack("<I", 3_260_715)), "WEBP"),
        (webp(b"VP8X", b"\x00\x00\x00\x00\x2b\x01\x00\xc7\x00\x00"), "WEBP"),
        # The two highest bits ask for scaling: 0x4000 + 300, 0xc000 + 200.
        (webp(b"VP8 ", LOSSY + struct.pack("<HH", 0x412C, 0xC0C8)), "WEBP"),
    ],
)
def test_size_and_kind_are_read_without_decoding(data: bytes, kind: str) -> None:
    assert require_picture(data) == Header(PictureKind(kind), 300, 200)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
@pytest.mark.parametrize("size", [(16, 16), (17, 300), (640, 480)])
def test_it_agrees_with_what_encoders_write(kind: str, size: tuple[int, int]) -> None:
    assert require_picture(picture(kind, size)) == Header(PictureKind(kind), *size)


@pytest.mark.parametrize(
    ("width", "height", "taken"),
    [
        (16, 16, True),
        (15, 16, False),
        (16, 15, False),
        (4096, 16, True),
        (4097, 16, False),
        (16, 4097, False),
        (4000, 4000, True),  # 16,000,000
        (4001, 4000, False),  # 16,004,000
        (0, 100, False),
        (65_535, 65_535, False),
        (2**31, 2**31, False),
    ],
)
def test_sides_and_pixels_have_limits(width: int, height: int, taken: bool) -> None:
    if taken:
        assert require_picture(png(width, height)).width == width
    else:
        with pytest.raises(PictureInvalid, match=f"{width} x {height}"):
            require_picture(png(width, height))


def test_files_have_a_limit() -> None:
    head = png(100, 100)
    require_picture(head + bytes(MOST_BYTES - len(head)))
    with pytest.raises(FileTooLarge, match="5 MiB"):
        require_picture(head + bytes(MOST_BYTES - len(head) + 1))


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(png(300, 200)[:20], id="PNG, cut off in its size"),
        pytest.param(png(300, 200).replace(b"IHDR", b"IDAT"), id="PNG without a header"),
        pytest.param(gif(300, 200)[:8], id="GIF, cut off"),
        pytest.param(jpeg(300, 200)[:9], id="JPEG, cut off"),
        pytest.param(jpeg(300, 200, frame=0xC3), id="JPEG, lossless"),
        pytest.param(jpeg(300, 200, frame=0xC9), id="JPEG, arithmetic"),
        pytest.param(jpeg(300, 200, scans=0), id="JPEG without a scan"),
        pytest.param(jpeg(300, 200, scans=31), id="JPEG of 31 scans"),
        pytest.param(jpeg(300, 200, before=jpeg(20, 20)[2:15]), id="JPEG of two frames"),
        pytest.param(jpeg(300, 200, before=b"\xff\xe1\x00\x01"), id="JPEG, a segment too short"),
        pytest.param(jpeg(300, 200, before=b"\xff\xe1\xff\xff"), id="JPEG, a segment too long"),
        pytest.param(jpeg(300, 200, before=APP1 + b"garbage"), id="JPEG with something in between"),
        pytest.param(b"\xff\xd8" + b"\xff" * 1000, id="JPEG of nothing but filling"),
        pytest.param(webp(b"VP8L", b"\x2e" + bytes(4)), id="WebP without its mark"),
        pytest.param(webp(b"VP8X", bytes(5)), id="WebP, cut off"),
        pytest.param(webp(b"ALPH", bytes(20)), id="WebP without a frame"),
    ],
)
def test_what_is_damaged_is_told_to_be(data: bytes) -> None:
    with pytest.raises(PictureInvalid, match="damaged"):
        require_picture(data)


@pytest.mark.parametrize("data", [b"", b"\xff\xd8", b"GIF88a", b"RIFF", b"BM" + bytes(60)])
def test_anything_else_is_no_picture(data: bytes) -> None:
    with pytest.raises(PictureInvalid, match="JPEG, PNG, WebP or GIF"):
        require_picture(data)
