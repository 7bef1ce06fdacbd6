"""Pictures of people, as they are sent."""

from typing import Annotated

from pydantic import AliasChoices, Field

from shared.models.base import Model

MOST_BYTES = 5 * 1024 * 1024
MEDIA_TYPE = "image/jpeg"
"""Of what is stored, whatever was sent."""


class PictureUpload(Model):
    """A form with one file."""

    image: Annotated[bytes, Field(validation_alias=AliasChoices("image", "file", "avatar"))]
    """JPEG, PNG, WebP or GIF of at most 5 MiB and 16 to 4096 pixels a side, 16 megapixels
    together. Also accepted as `file` and `avatar`."""
