"""Buckets and objects through the official client.

What Cloud Storage does and fake-gcs-server does not is left out here: it deletes an object in
spite of a wrong generation, and it does not answer a batch of deletions.
"""

import io
import os
from typing import Any

import pytest
import requests
from google.api_core import exceptions
from google.cloud import storage

from infra.local.storage import StorageServer

# A refusal is an answer here: no client-side retries.
OPTIONS: dict[str, Any] = {"retry": None, "timeout": 5}
PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(20_000)
CHUNK = 256 * 1024


@pytest.fixture
def picture(bucket: storage.Bucket) -> storage.Blob:
    blob = bucket.blob("users/1.png")
    blob.cache_control = "public, max-age=60"
    blob.metadata = {"kind": "avatar"}
    blob.upload_from_string(PICTURE, content_type="image/png", **OPTIONS)
    return blob


def test_a_bucket_cannot_be_created_twice(client: storage.Client, bucket: storage.Bucket) -> None:
    assert bucket.exists(**OPTIONS)
    with pytest.raises(exceptions.Conflict):
        client.create_bucket(bucket.name, **OPTIONS)


def test_an_object_keeps_its_content_type_cache_control_and_metadata(
    bucket: storage.Bucket, picture: storage.Blob
) -> None:
    found = bucket.get_blob(picture.name, **OPTIONS)
    assert found.content_type == "image/png"
    assert found.cache_control == "public, max-age=60"
    assert found.metadata == {"kind": "avatar"}
    assert found.size == 20_008  # 8 bytes of signature and 20,000 others
    assert found.md5_hash
    assert found.crc32c


def test_an_object_downloads_as_it_was_uploaded(picture: storage.Blob) -> None:
    """The client compares the checksum by itself."""
    assert picture.download_as_bytes(**OPTIONS) == PICTURE


def test_a_range_of_an_object_downloads(picture: storage.Blob) -> None:
    """Both ends are inclusive: bytes 2, 3, 4 and 5."""
    assert picture.download_as_bytes(start=2, end=5, **OPTIONS) == PICTURE[2:6]


def test_overwriting_an_object_changes_its_generation(bucket: storage.Bucket) -> None:
    blob = bucket.blob("note")
    blob.upload_from_file(io.BytesIO(b"one"), **OPTIONS)
    first = blob.generation
    blob.upload_from_file(io.BytesIO(b"two"), **OPTIONS)
    assert blob.generation != first
    assert blob.download_as_bytes(**OPTIONS) == b"two"


def test_a_resumable_upload_arrives_whole(bucket: storage.Bucket) -> None:
    """Four requests: three whole chunks and 17 bytes."""
    content = os.urandom(3 * CHUNK + 17)
    blob = bucket.blob("big", chunk_size=CHUNK)
    blob.upload_from_file(io.BytesIO(content), size=len(content), **OPTIONS)
    assert bucket.blob("big").download_as_bytes(**OPTIONS) == content


def test_a_browser_uploads_into_a_session(bucket: storage.Bucket, web: requests.Session) -> None:
    blob = bucket.blob("sent")
    url = blob.create_resumable_upload_session(content_type="image/png", size=5, timeout=5)
    assert web.put(url, data=b"hello", timeout=5).status_code == 200
    assert blob.download_as_bytes(**OPTIONS) == b"hello"


def test_an_object_is_created_only_once_when_asked_so(bucket: storage.Bucket) -> None:
    blob = bucket.blob("once")
    blob.upload_from_string("first", if_generation_match=0, **OPTIONS)
    with pytest.raises(exceptions.PreconditionFailed):
        blob.upload_from_string("second", if_generation_match=0, **OPTIONS)
    assert blob.download_as_bytes(**OPTIONS) == b"first"


def test_a_patch_changes_the_cache_control(bucket: storage.Bucket, picture: storage.Blob) -> None:
    picture.cache_control = "no-store"
    picture.patch(**OPTIONS)
    found = bucket.get_blob(picture.name, **OPTIONS)
    assert (found.cache_control, found.content_type) == ("no-store", "image/png")


def test_objects_are_listed_by_prefix_delimiter_and_page(
    client: storage.Client, bucket: storage.Bucket
) -> None:
    for name in ("l/0/x", "l/1/x", "l/2/x", "other"):
        bucket.blob(name).upload_from_string("x", **OPTIONS)
    under = client.list_blobs(bucket, prefix="l/", **OPTIONS)
    assert [blob.name for blob in under] == ["l/0/x", "l/1/x", "l/2/x"]
    folders = client.list_blobs(bucket, prefix="l/", delimiter="/", **OPTIONS)
    assert list(folders) == []
    assert folders.prefixes == {"l/0/", "l/1/", "l/2/"}
    pages = client.list_blobs(bucket, prefix="l/", page_size=2, **OPTIONS).pages
    assert [[blob.name for blob in page] for page in pages] == [["l/0/x", "l/1/x"], ["l/2/x"]]


def test_a_copy_has_the_same_content(bucket: storage.Bucket, picture: storage.Blob) -> None:
    bucket.copy_blob(picture, bucket, "copy", **OPTIONS)
    assert bucket.blob("copy").download_as_bytes(**OPTIONS) == PICTURE
    assert picture.exists(**OPTIONS)


def test_a_deleted_object_is_gone(picture: storage.Blob) -> None:
    picture.delete(**OPTIONS)
    assert not picture.exists(**OPTIONS)
    with pytest.raises(exceptions.NotFound):
        picture.delete(**OPTIONS)


def test_what_is_not_there_is_not_found(client: storage.Client, bucket: storage.Bucket) -> None:
    assert bucket.get_blob("none", **OPTIONS) is None
    with pytest.raises(exceptions.NotFound):
        client.get_bucket("no-such-bucket", **OPTIONS)


def test_the_public_url_serves_the_object_without_credentials(
    server: StorageServer, picture: storage.Blob, web: requests.Session
) -> None:
    assert picture.public_url == f"{server.url}/{picture.bucket.name}/users/1.png"
    answer = web.get(picture.public_url, timeout=5)
    assert (answer.status_code, answer.content) == (200, PICTURE)
    assert answer.headers["Content-Type"] == "image/png"
    assert answer.headers["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("base", ["/download/storage/v1", "/storage/v1"])
def test_the_media_urls_of_the_json_api_serve_the_object(
    server: StorageServer, picture: storage.Blob, web: requests.Session, base: str
) -> None:
    url = f"{server.url}{base}/b/{picture.bucket.name}/o/users%2F1.png?alt=media"
    answer = web.get(url, timeout=5)
    assert (answer.status_code, answer.content) == (200, PICTURE)


def test_an_object_can_be_made_public(picture: storage.Blob) -> None:
    picture.make_public(**OPTIONS)
    assert "READER" in picture.acl.all().get_roles()
