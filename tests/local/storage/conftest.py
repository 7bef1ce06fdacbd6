"""A storage server, the official client on it, and a bucket for each test."""

import itertools
from collections.abc import Iterator

import pytest
import requests
from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from google.auth.credentials import AnonymousCredentials
from google.cloud import storage
from google.oauth2 import service_account

from infra.local.storage import StorageServer

ACCOUNT = "dev@demo-hypertroq.iam.gserviceaccount.com"


@pytest.fixture(scope="session")
def server() -> Iterator[StorageServer]:
    server = StorageServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def client(server: StorageServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[storage.Client]:
    monkeypatch.setenv("STORAGE_EMULATOR_HOST", server.url)
    client = storage.Client(project="demo-hypertroq", credentials=AnonymousCredentials())
    yield client
    client.close()


numbers = itertools.count()


@pytest.fixture
def bucket(client: storage.Client) -> storage.Bucket:
    return client.create_bucket(f"test-{next(numbers)}", retry=None, timeout=5)


@pytest.fixture
def web() -> Iterator[requests.Session]:
    """A browser: no credentials, no client library."""
    with requests.Session() as session:
        yield session


@pytest.fixture(scope="session")
def credentials() -> service_account.Credentials:
    """A service account with a key made for this run; the server checks no signature."""
    key = generate_private_key(public_exponent=65537, key_size=2048)
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return service_account.Credentials.from_service_account_info(
        {
            "type": "service_account",
            "client_email": ACCOUNT,
            "private_key": pem.decode(),
            "private_key_id": "test",
            "project_id": "demo-hypertroq",
            "token_uri": "http://127.0.0.1:9/token",
        }
    )
