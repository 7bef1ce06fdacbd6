"""Files that are made to hurt whoever decodes them: bombs, polyglots, liars, and mutants."""

import io
import random
import struct
import zlib
from collections.abc import Iterator

from PIL import Image, PngImagePlugin

from tests.pictures import halves, picture, saved

MEBIBYTE = 2**20


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(width: int, height: int, *chunks: bytes, bits: int = 8, colour: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, bits, colour, 0, 0, 0)
    body = b"".join((chunk(b"IHDR", header), *chunks, chunk(b"IEND", b"")))
    return b"\x89PNG\r\n\x1a\n" + body


def zeros(count: int) -> bytes:
    """So many zero bytes, compressed a thousandfold."""
    packer = zlib.compressobj(9)
    parts = [packer.compress(bytes(MEBIBYTE)) for _ in range(count // MEBIBYTE)]
    return b"".join(parts) + packer.compress(bytes(count % MEBIBYTE)) + packer.flush()


def frame(width: int, height: int, marker: int = 0xC0) -> bytes:
    size = struct.pack(">HBHHB", 17, 8, height, width, 3)
    return b"\xff" + bytes([marker]) + size + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"


def resized(jpeg: bytes, width: int, height: int) -> bytes:
    """The same picture, claiming to be of another size."""
    at = next(at for at in range(len(jpeg)) if jpeg[at : at + 2] in {b"\xff\xc0", b"\xff\xc2"})
    return jpeg[: at + 5] + struct.pack(">HH", height, width) + jpeg[at + 9 :]


def rescanned(times: int) -> bytes:
    """A progressive picture of 4000 x 4000 whose last scan comes again and again."""
    whole = picture("JPEG", (4000, 4000), progressive=True)
    last, end = whole.rindex(b"\xff\xda"), len(whole) - 2
    return whole[:end] + whole[last:end] * times + whole[end:]


def bombs() -> dict[str, bytes]:
    small = chunk(b"IDAT", zeros(100 * 101))
    text = chunk(b"zTXt", b"Comment\0\0" + zeros(64 * MEBIBYTE))
    jpeg, gif, webp = picture("JPEG"), picture("GIF"), picture("WEBP")
    gif_screen = gif[:6] + struct.pack("<HH", 65_535, 65_535) + gif[10:]
    descriptor = gif.index(b"\x2c")
    gif_frame = gif[: descriptor + 5] + struct.pack("<HH", 65_535, 65_535) + gif[descriptor + 9 :]
    apng = chunk(b"acTL", struct.pack(">II", 2**31 - 1, 0))
    apng += chunk(b"fcTL", struct.pack(">IIIIIHHBB", 0, 2**31 - 1, 2**31 - 1, 0, 0, 1, 1, 0, 0))
    canvas = b"\x00\x00\x00\x00" + b"\xff\xff\xff" * 2
    extended = b"RIFF\x64\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00" + canvas
    tiff = b"MM\x00*\x00\x00\x00\x08" + b"\xff\xff" + b"\x01\x12\x00\x03\x7f\xff\xff\xff" * 50
    exif = b"Exif\0\0" + tiff
    app1 = b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif
    return {
        "PNG of 30,000 x 30,000": png(30_000, 30_000, chunk(b"IDAT", zeros(112_530_000)), bits=1),
        "PNG of 65,535 x 65,535": png(65_535, 65_535, small),
        "PNG of 2**31 - 1": png(2**31 - 1, 2**31 - 1, small),
        "PNG of nothing": png(0, 0, small),
        "PNG of 100 x 0": png(100, 0, small),
        "PNG without pixels": png(100, 100),
        "PNG with a hundred times its pixels": png(100, 100, chunk(b"IDAT", zeros(100 * MEBIBYTE))),
        "PNG with two headers": png(100, 100, png(60_000, 60_000)[8:33], small),
        "PNG with 64 MiB of text": png(100, 100, text, small),
        "PNG with a thousand texts": png(
            100, 100, *[chunk(b"zTXt", b"a\0\0" + zeros(MEBIBYTE - 1))] * 1000, small
        ),
        "PNG with an international text bomb": png(
            100, 100, chunk(b"iTXt", b"a\0\1\0\0\0" + zeros(64 * MEBIBYTE)), small
        ),
        "PNG with a profile bomb": png(
            100, 100, chunk(b"iCCP", b"p\0\0" + zeros(64 * MEBIBYTE)), small
        ),
        "PNG of an unknown colour": png(100, 100, small, colour=5),
        "PNG of 13 bits": png(100, 100, small, bits=13),
        "PNG with a chunk of 4 GiB": png(100, 100)[:33] + b"\xff\xff\xff\xffIDAT",
        "PNG with a wrong checksum": png(100, 100, small)[:29] + b"\0\0\0\0" + small,
        "PNG, animated, of 2**31 frames": png(100, 100, apng, small),
        "PNG whose palette is missing": png(100, 100, small, colour=3),
        "PNG, 16 megapixels and one": png(4001, 4000, chunk(b"IDAT", zeros(16_008_000))),
        "JPEG of 65,500 x 65,500": resized(jpeg, 65_500, 65_500),
        "JPEG that claims to be larger": resized(jpeg, 4000, 4000),
        "JPEG of nothing": resized(jpeg, 0, 0),
        "JPEG without a height": resized(jpeg, 100, 0),
        "JPEG of two frames": jpeg[:2] + frame(20, 20) + resized(jpeg, 4000, 4000)[2:],
        "JPEG of a hundred thousand scans": rescanned(100_000),
        "JPEG of forty scans": rescanned(30),
        "JPEG, arithmetic": jpeg.replace(b"\xff\xc0", b"\xff\xc9", 1),
        "JPEG, lossless": jpeg.replace(b"\xff\xc0", b"\xff\xc3", 1),
        "JPEG of nothing but filling": b"\xff\xd8" + b"\xff" * MEBIBYTE,
        "JPEG of nothing but comments": b"\xff\xd8" + (b"\xff\xfe\xff\xff" + bytes(65_533)) * 70,
        "JPEG with a broken camera's words": jpeg[:2] + app1 + jpeg[2:],
        "JPEG that is a script": jpeg[:2]
        + b"\xff\xfe\x00\x1d<script>alert(1)</script>//"
        + jpeg[2:],
        "JPEG that is an archive": jpeg + b"PK\x05\x06" + bytes(18),
        "GIF that is JavaScript": gif[:10] + b"/*" + gif[12:] + b"*/=1;alert(1)//",
        "GIF with a screen of 65,535 x 65,535": gif_screen,
        "GIF with a frame of 65,535 x 65,535": gif_frame,
        "GIF without an end": gif[:-1] + b"\x21\xfe" + b"\xff" * MEBIBYTE,
        "GIF of a page": b"GIF89a<html><script>alert(1)</script></html>",
        "WebP of 16,777,216 x 16,777,216": extended,
        "WebP, cut off": webp[: len(webp) // 2],
        "WebP that is longer than it is": webp[:4] + b"\xff\xff\xff\xff" + webp[8:],
        "PDF that begins as a JPEG": b"\xff\xd8\xff\xe0%PDF-1.7\n" + bytes(100),
        "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9999 9999\n",
        "SVG that fetches": b"<svg><image href='http://127.0.0.1/'/></svg>",
        "BMP of 30,000 x 30,000": b"BM"
        + bytes(12)
        + struct.pack("<IiiHHI", 40, 30_000, 30_000, 1, 1, 0),
    }


def originals() -> list[bytes]:
    """Small sound pictures of every kind and mode."""
    exif = Image.Exif()
    exif[0x0112] = 6
    text = PngImagePlugin.PngInfo()
    text.add_text("Comment", "x" * 40)
    frames = [Image.new("P", (32, 24), number) for number in range(3)]
    size = (32, 24)
    return [
        halves("JPEG", size, exif=exif),
        halves("JPEG", size, progressive=True),
        picture("JPEG", size, 9, "L"),
        picture("JPEG", size, (1, 2, 3, 4), "CMYK"),
        halves("PNG", size, pnginfo=text),
        picture("PNG", size, (1, 2, 3, 4), "RGBA"),
        picture("PNG", size, 7, "P"),
        picture("PNG", size, 30_000, "I;16"),
        halves("WEBP", size),
        halves("WEBP", size, lossless=True, exif=exif),
        picture("WEBP", size, (1, 2, 3, 4), "RGBA"),
        halves("GIF", size),
        saved(frames[0], "GIF", save_all=True, append_images=frames[1:]),
    ]


def mutants(count: int, seed: int) -> Iterator[bytes]:
    """Sound pictures with bytes changed, cut, doubled, moved or taken from each other."""
    sound = originals()
    luck = random.Random(seed)  # noqa: S311 - the same mutants in every run
    for _ in range(count):
        data = bytearray(luck.choice(sound))
        for _ in range(luck.choice((1, 1, 1, 2, 4, 16))):
            at = luck.randrange(len(data))
            match luck.randrange(6):
                case 0:
                    data[at] ^= 1 << luck.randrange(8)
                case 1:
                    data[at] = luck.choice((0, 1, 0x7F, 0x80, 0xFE, 0xFF))
                case 2:
                    # Sizes and lengths mostly stand at the beginning.
                    data[at % 64 : at % 64 + 4] = luck.randbytes(4)
                case 3:
                    del data[at : at + luck.choice((1, 2, 8, len(data)))]
                case 4:
                    data[at:at] = data[at : at + luck.choice((1, 4, 64))] * luck.choice((1, 2, 50))
                case 5:
                    other = luck.choice(sound)
                    data[at : at + 16] = other[luck.randrange(len(other)) :][:16]
            data = data or bytearray(b"\xff")
        yield bytes(data)


def is_jpeg(data: bytes) -> bool:
    with Image.open(io.BytesIO(data), formats=["JPEG"]) as image:
        image.load()
        return max(image.size) <= 800
