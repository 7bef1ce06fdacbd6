"""Cloud Storage: one private bucket, in which every object is named after whom it belongs to."""

from collections.abc import Iterator
from contextlib import contextmanager

import requests
from google.api_core import exceptions
from google.auth.exceptions import RefreshError, TransportError
from google.cloud.storage import Client

from shared.errors import Unavailable
from shared.models.files import StoredFile

TIMEOUT_SECONDS = (1.5, 4.0)
"""To connect, and to wait for the next bytes."""


class CloudStorage:
    """Methods raise Unavailable when Cloud Storage does not answer."""

    def __init__(self, project: str, bucket: str) -> None:
        self._client = Client(project=project)
        self._bucket = self._client.bucket(bucket)

    def put(self, name: str, data: bytes, media_type: str) -> None:
        blob = self._bucket.blob(name)
        blob.cache_control = "private, max-age=0"
        with _outages():
            blob.upload_from_string(data, media_type, timeout=TIMEOUT_SECONDS, retry=None)

    def get(self, name: str) -> bytes | None:
        """None when there is no such object."""
        with _outages():
            try:
                data: bytes = self._bucket.blob(name).download_as_bytes(
                    timeout=TIMEOUT_SECONDS, retry=None
                )
            except exceptions.NotFound:
                return None
        return data

    def delete(self, name: str) -> None:
        """Does nothing when it is gone already."""
        with _outages():
            try:
                self._bucket.blob(name).delete(timeout=TIMEOUT_SECONDS, retry=None)
            except exceptions.NotFound:
                return

    def names(self, prefix: str) -> list[str]:
        """Of all objects that begin so; no more than a page of them."""
        with _outages():
            found = self._client.list_blobs(
                self._bucket, prefix=prefix, max_results=1_000, timeout=TIMEOUT_SECONDS, retry=None
            )
            return [blob.name for blob in found]

    def listed(self, after: str, limit: int) -> list[StoredFile]:
        with _outages():
            # The offset itself is listed, too.
            found = self._client.list_blobs(
                self._bucket,
                start_offset=after or None,
                max_results=limit + 1,
                timeout=TIMEOUT_SECONDS,
                retry=None,
            )
            files = [StoredFile(blob.name, blob.time_created) for blob in found]
        return [file for file in files if file.name != after][:limit]

    def close(self) -> None:
        """Hang up; a deployed function keeps its connections as long as it lives."""
        self._client.close()


@contextmanager
def _outages() -> Iterator[None]:
    try:
        yield
    except (
        exceptions.GoogleAPICallError,
        requests.RequestException,
        RefreshError,
        TransportError,
    ) as outage:
        raise Unavailable("The file store does not answer. Try again shortly.") from outage
