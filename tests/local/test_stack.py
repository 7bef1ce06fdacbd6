"""The embedded cloud as one thing: up, described, emptied, gone."""

import json
import threading
from pathlib import Path

import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from infra.local.parts import BUCKET, PROJECT
from infra.local.stack import INDEXES, LocalStack
from shared.settings import LOCAL_ONLY, Settings, Stack
from shared.storage.expired import EXPIRING
from tests.local.launched import listens, until

EMAIL = "ada@example.com"


def firestore_of(stack: LocalStack, monkeypatch: pytest.MonkeyPatch) -> firestore.Client:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", stack.firestore.address)
    return firestore.Client(project=PROJECT, credentials=AnonymousCredentials())


def sign_up(stack: LocalStack) -> None:
    """Fails when the address is taken."""
    address = f"http://{stack.identity.address}/identitytoolkit.googleapis.com/v1/accounts:signUp"
    account = {"email": EMAIL, "password": "squats before sunrise"}
    httpx.post(address, params={"key": "k"}, json=account).raise_for_status()


def buckets(stack: LocalStack) -> list[str]:
    """The product's own is there from the start."""
    assert stack.storage
    found = httpx.get(f"{stack.storage.url}/storage/v1/b?project=p").json()
    return [bucket["name"] for bucket in found["items"]]


def add_bucket(stack: LocalStack) -> None:
    assert stack.storage
    address = f"{stack.storage.url}/storage/v1/b?project=p"
    httpx.post(address, json={"name": "pictures"}).raise_for_status()


def test_its_environment_is_all_the_product_needs() -> None:
    with LocalStack() as stack:
        settings = Settings.from_environment(stack.environment("http://127.0.0.1:8000"))
        # Firebase's own suite alone says that it is one.
        assert all(getattr(settings, name) for name in LOCAL_ONLY if name != "functions_emulator")
        assert settings.certificates_url == stack.identity.certificates_url
    assert (settings.stack, settings.project) == (Stack.EMBEDDED, PROJECT)
    assert settings.cors_origins == ("http://localhost:3000", "http://127.0.0.1:8000")
    assert settings.trusted_hops == 0
    assert settings.firebase_api_key
    assert len(settings.hash_secret) == 32


def test_it_leaves_rate_limits_to_whoever_runs_it() -> None:
    with LocalStack(storage=False) as stack:
        assert not {"RATE_LIMIT_MODE", "RATE_LIMITS"} & stack.environment().keys()


def test_without_storage_nothing_points_the_product_at_one() -> None:
    with LocalStack(storage=False) as stack:
        assert "STORAGE_EMULATOR_HOST" not in stack.environment()


def test_resetting_empties_every_part_and_keeps_its_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with LocalStack() as stack:
        before = stack.environment()
        client = firestore_of(stack, monkeypatch)
        client.document("notes/one").set({"text": "gone soon"})
        sign_up(stack)
        add_bucket(stack)
        stack.reset()
        assert stack.environment() == before
        assert not client.document("notes/one").get().exists
        sign_up(stack)
        assert buckets(stack) == [BUCKET]
        client.close()


def test_data_in_a_directory_outlives_the_stack_until_it_is_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LocalStack(tmp_path) as stack:
        client = firestore_of(stack, monkeypatch)
        client.document("notes/one").set({"text": "kept"})
        client.close()
        add_bucket(stack)
    with LocalStack(tmp_path) as stack:
        client = firestore_of(stack, monkeypatch)
        assert client.document("notes/one").get().to_dict() == {"text": "kept"}
        assert buckets(stack) == [BUCKET, "pictures"]
        stack.reset()
        client.close()
    with LocalStack(tmp_path) as stack:
        client = firestore_of(stack, monkeypatch)
        assert not client.document("notes/one").get().exists
        assert buckets(stack) == [BUCKET]
        client.close()


def test_a_query_without_its_index_fails_as_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    with LocalStack(storage=False) as stack:
        client = firestore_of(stack, monkeypatch)
        query = client.collection("notes").where(filter=firestore.FieldFilter("a", "==", 1))
        with pytest.raises(Exception, match="requires an index"):
            query.order_by("b").get()
        client.close()


def test_stopping_ends_every_thread_and_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = set(threading.enumerate())
    with LocalStack() as stack:
        assert stack.storage
        client = firestore_of(stack, monkeypatch)
        client.document("notes/one").set({"text": "threads are made by the first request"})
        client.close()
        sign_up(stack)
        addresses = [stack.firestore.address, stack.identity.address, stack.tasks.address]
        ports = [int(address.rpartition(":")[2]) for address in (*addresses, stack.storage.url)]
        assert all(listens(port) for port in ports)
    assert not any(listens(port) for port in ports)
    until(lambda: set(threading.enumerate()) <= before, "threads to end", seconds=5)


def test_a_part_that_does_not_start_takes_the_others_down(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("infra.local.storage.PACKAGE", "no_such_package")
    stack = LocalStack(tmp_path)
    with pytest.raises(Exception, match="no_such_package is not installed"), stack:
        pass
    assert not listens(int(stack.firestore.address.rpartition(":")[2]))
    assert not listens(int(stack.identity.address.rpartition(":")[2]))


@pytest.mark.parametrize("collection", EXPIRING)
def test_what_expires_is_declared_so_and_can_be_found(collection: str) -> None:
    """By Firestore, and by the job that does the same where there is no such service."""
    overrides = json.loads(INDEXES.read_text())["fieldOverrides"]
    [expiry] = [
        row
        for row in overrides
        if (row["collectionGroup"], row["fieldPath"]) == (collection, "expire_at")
    ]
    assert expiry == {
        "collectionGroup": collection,
        "fieldPath": "expire_at",
        "ttl": True,
        "indexes": [{"order": "ASCENDING", "queryScope": "COLLECTION"}],
    }
