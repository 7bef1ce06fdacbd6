"""Signed URLs (V4) through the official client.

fake-gcs-server checks neither signature nor expiry, so no refusal is tested here: the query of
the URL says what Cloud Storage would enforce.
"""

import datetime
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from google.cloud import storage
from google.oauth2 import service_account

from infra.local.storage import StorageServer

OPTIONS: dict[str, Any] = {"retry": None, "timeout": 5}
PICTURE = b"\x89PNG\r\n\x1a\n" + os.urandom(1_000)


@pytest.fixture
def signing(credentials: service_account.Credentials) -> dict[str, Any]:
    return {
        "version": "v4",
        "expiration": datetime.timedelta(minutes=5),
        "credentials": credentials,
    }


def test_a_signed_url_names_the_server_the_signer_and_its_lifetime(
    server: StorageServer,
    bucket: storage.Bucket,
    credentials: service_account.Credentials,
    signing: dict[str, Any],
) -> None:
    url = bucket.blob("users/1.png").generate_signed_url(method="GET", **signing)
    assert url.startswith(f"{server.url}/{bucket.name}/users/1.png?")
    query = parse_qs(urlsplit(url).query)
    assert query["X-Goog-Expires"] == ["300"]  # 5 * 60 s
    assert query["X-Goog-Credential"][0].startswith(credentials.service_account_email)
    # An RSA-2048 signature in hexadecimal: 256 bytes.
    assert len(query["X-Goog-Signature"][0]) == 512


def test_a_signed_get_downloads_the_object(
    bucket: storage.Bucket, web: requests.Session, signing: dict[str, Any]
) -> None:
    blob = bucket.blob("users/1.png")
    blob.upload_from_string(PICTURE, content_type="image/png", **OPTIONS)
    answer = web.get(blob.generate_signed_url(method="GET", **signing), timeout=5)
    assert (answer.status_code, answer.content) == (200, PICTURE)


def test_a_signed_put_uploads_with_its_content_type(
    bucket: storage.Bucket, web: requests.Session, signing: dict[str, Any]
) -> None:
    blob = bucket.blob("users/2.png")
    url = blob.generate_signed_url(method="PUT", content_type="image/png", **signing)
    answer = web.put(url, data=PICTURE, headers={"Content-Type": "image/png"}, timeout=5)
    assert answer.status_code == 200
    found = bucket.get_blob("users/2.png", **OPTIONS)
    assert found.content_type == "image/png"
    assert found.download_as_bytes(**OPTIONS) == PICTURE
