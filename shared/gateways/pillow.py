"""Pillow: decodes a picture that was measured before, and draws it anew without its metadata."""

import io
import threading
import warnings

from PIL import Image, ImageOps, PngImagePlugin

from shared.rules.pictures import Header, damaged

LONGEST_SIDE = 800
QUALITY = 85
_WHITE = (255, 255, 255)

# Nobody reads the texts in a PNG, which may be compressed a thousandfold.
PngImagePlugin.MAX_TEXT_MEMORY = 2**22


class Pillow:
    """One picture at a time: each may take 64 MB while it is decoded."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def redrawn(self, data: bytes, header: Header) -> bytes:
        """A progressive JPEG of at most 800 pixels a side, upright, on white.

        Raises PictureInvalid for whatever cannot be decoded, or is not what its header says.
        """
        with self._lock, warnings.catch_warnings():
            # Of damaged metadata, which nobody will see.
            warnings.simplefilter("ignore")
            try:
                return _redrawn(data, header)
            except Exception:  # noqa: BLE001 - decoders fail in as many ways as files can be broken
                raise damaged() from None


def _redrawn(data: bytes, header: Header) -> bytes:
    with Image.open(io.BytesIO(data), formats=[header.kind.value]) as picture:
        if picture.size != (header.width, header.height):
            raise ValueError("another size than the header says")
        # JPEG can be decoded at an eighth, a quarter or half of its size.
        picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
        plain = _plain(picture)
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
        upright = ImageOps.exif_transpose(plain)
        canvas = Image.new("RGB", upright.size, _WHITE)
        canvas.paste(upright, mask=upright if upright.mode == "RGBA" else None)
    # The canvas knows nothing of comments, places and cameras.
    out = io.BytesIO()
    canvas.save(out, "JPEG", quality=QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _plain(picture: Image.Image) -> Image.Image:
    """In eight bits a colour, with transparency where there is any."""
    picture.load()
    if picture.mode in {"RGB", "RGBA"}:
        return picture
    if picture.mode.startswith("I"):
        # Sixteen bits of grey: keep the upper eight.
        return picture.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    return picture.convert("RGBA" if picture.has_transparency_data else "RGB")
