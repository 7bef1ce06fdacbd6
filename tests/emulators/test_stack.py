"""The stack of Google's emulators: the embedded one's interface, and data that stays."""

from pathlib import Path

import httpx
import pytest
from firebase_admin import auth

from infra.emulators.problems import EmulatorFailed, Missing
from infra.emulators.stack import EmulatorStack
from infra.emulators.tools import Tools
from infra.local.stack import LocalStack
from shared.settings import Settings, Stack
from tests.emulators.clients import administrator, documents, sign_in
from tests.local.processes import group_ended

EMAIL, PASSWORD = "anna@example.com", "a quiet barbell morning"


def test_it_says_the_same_to_the_product_as_the_embedded_stack(tools: Tools):
    with EmulatorStack() as stack, LocalStack() as embedded:
        ours, theirs = stack.environment("http://a.test"), embedded.environment("http://a.test")
        assert ours.keys() == theirs.keys()
        same = ("GOOGLE_CLOUD_PROJECT", "FIREBASE_API_KEY", "CORS_ORIGINS", "TRUSTED_HOPS")
        assert [ours[name] for name in same] == [theirs[name] for name in same]
        assert Settings.from_environment(ours).stack is Stack.EMULATORS


def test_everything_is_there_after_a_restart_and_gone_after_a_reset(tools: Tools, tmp_path: Path):
    with EmulatorStack(tmp_path, storage=False) as stack:
        certificates = httpx.get(stack.certificates.url).json()
        groups = [stack.firestore.process_id, stack.identity.process_id]
        documents(stack.firestore.address).document("c/kept").set({})
        with administrator(stack.identity.address) as app:
            auth.create_user(uid="anna", email=EMAIL, password=PASSWORD, app=app)
    assert all(group_ended(group) for group in groups)
    with EmulatorStack(tmp_path, storage=False) as stack:
        kept = documents(stack.firestore.address).document("c/kept")
        assert kept.get().exists
        assert sign_in(stack.identity.address, EMAIL, PASSWORD)["localId"] == "anna"
        assert httpx.get(stack.certificates.url).json() == certificates
        stack.reset()
        assert not kept.get().exists
        assert "error" in sign_in(stack.identity.address, EMAIL, PASSWORD)
    assert [entry.name for entry in tmp_path.iterdir()] == ["emulators"]


def test_a_part_that_does_not_start_ends_the_others(tools: Tools, tmp_path: Path):
    (tmp_path / "emulators" / "firestore" / "1").mkdir(parents=True)
    stack = EmulatorStack(tmp_path, storage=False)
    with pytest.raises(EmulatorFailed, match=":import"), stack:
        pass
    assert (stack.firestore.process_id, stack.identity.process_id) == (None, None)


def test_a_machine_without_the_emulators_is_told_so(bare: Path):
    with pytest.raises(Missing, match="Java 17 or newer"):
        EmulatorStack()
