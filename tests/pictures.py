"""Pictures for tests, made as cameras and painters make them."""

import io
from typing import Any

from PIL import Image

ORIENTATION = 0x0112
MAKER = 0x010F


def picture(
    kind: str = "JPEG",
    size: tuple[int, int] = (1200, 600),
    colour: Any = (200, 30, 30),
    mode: str = "RGB",
    **options: Any,
) -> bytes:
    """One colour all over, in this format."""
    return saved(Image.new(mode, size, colour), kind, **options)


def halves(kind: str = "PNG", size: tuple[int, int] = (200, 100), **options: Any) -> bytes:
    """Red on the left, blue on the right."""
    image = Image.new("RGB", size, (255, 0, 0))
    image.paste((0, 0, 255), (size[0] // 2, 0, *size))
    return saved(image, kind, **options)


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def form(data: bytes, field: str = "image", name: str = "me.jpg", **fields: str) -> dict[str, Any]:
    """What a test client sends as a form with a file; written here, since it keeps large ones on
    disk."""
    boundary = "limit-of-parts"
    texts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'
        for key, value in fields.items()
    ]
    head = (
        f'{"".join(texts)}--{boundary}\r\nContent-Disposition: form-data; name="{field}"; '
        f'filename="{name}"\r\nContent-Type: image/jpeg\r\n\r\n'
    )
    return {
        "data": head.encode() + data + f"\r\n--{boundary}--\r\n".encode(),
        "headers": {"Content-Type": f"multipart/form-data; boundary={boundary}"},
    }
