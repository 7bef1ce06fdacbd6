"""The restore drill: what was exported comes back to the last bit."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud.firestore import Client

from infra.dev.seed import SEEDER, seed
from infra.emulators.firestore import FirestoreEmulator
from infra.emulators.tools import Tools
from shared.models.programs import CloneDraft
from shared.rules.accounts import new_account
from shared.settings import Settings
from shared.wiring import Wiring
from tests.emulators.clients import PROJECT


@pytest.fixture
def emulator(tools: Tools, tmp_path: Path) -> Iterator[FirestoreEmulator]:
    emulator = FirestoreEmulator(PROJECT, tools.java, tools.jar, tmp_path / "exports")
    emulator.start()
    yield emulator
    emulator.stop()


def product(emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch) -> Wiring:
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", emulator.address)
    return Wiring(
        Settings.from_environment(
            {
                "HYPERTROQ_STACK": "emulators",
                "GOOGLE_CLOUD_PROJECT": PROJECT,
                "FIRESTORE_EMULATOR_HOST": emulator.address,
            }
        )
    )


def hashes(client: Client) -> dict[str, str]:
    """Of every document there is, by path."""
    found: dict[str, str] = {}
    waiting = list(client.collections())
    while waiting:
        collection = waiting.pop()
        for reference in collection.list_documents():
            waiting += reference.collections()
            if (snapshot := reference.get()).exists:
                text = json.dumps(snapshot.to_dict(), sort_keys=True, default=repr)
                found[reference.path] = hashlib.sha256(text.encode()).hexdigest()
    return found


def test_what_was_exported_comes_back_to_the_last_bit(
    emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = product(emulator, monkeypatch)
    seed(parts, SEEDER)
    account = new_account(
        user_id="somebody",
        email="somebody@example.com",
        is_verified=True,
        full_name="Somebody",
        organization_name=None,
        now=parts.now(),
    )
    parts.account_repository.add(account)
    caller = SEEDER.model_copy(
        update={"user_id": "somebody", "organization_id": account.organization.id}
    )
    parts.programs.clone(caller, "full-body-3-day-split", CloneDraft())
    before = hashes(parts.documents._client)
    # The 86 exercises and 3 templates at least, two catalogues, and the person's own.
    assert len(before) > 90

    emulator.stop()
    emulator.start()

    after = product(emulator, monkeypatch)
    assert hashes(after.documents._client) == before


def test_without_an_export_nothing_comes_back(
    emulator: FirestoreEmulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So the drill above shows what an export is good for."""
    parts = product(emulator, monkeypatch)
    seed(parts, SEEDER)
    emulator.reset()
    assert hashes(parts.documents._client) == {}
