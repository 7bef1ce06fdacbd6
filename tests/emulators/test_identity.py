"""Google's Auth emulator under our care: reset, restarts, both ways to start it."""

import json
from pathlib import Path
from typing import Any

import pytest
from firebase_admin import auth

from infra.emulators import identity as identity_emulator
from infra.emulators.identity import IdentityEmulator
from infra.emulators.problems import EmulatorFailed
from infra.emulators.tools import Tools
from tests.emulators.clients import PROJECT, administrator, sign_in
from tests.local.processes import group_ended

EMAIL, PASSWORD = "anna@example.com", "a quiet barbell morning"


def refused(answer: dict[str, Any]) -> str:
    message: str = answer["error"]["message"]
    return message


def test_unknown_addresses_and_wrong_passwords_look_the_same(identity):
    with administrator(identity.address) as app:
        auth.create_user(email="known@example.com", password=PASSWORD, app=app)
    for email in ("known@example.com", "unknown@example.com"):
        assert refused(sign_in(identity.address, email, "wrong")) == "INVALID_LOGIN_CREDENTIALS"


def test_a_reset_forgets_every_account_but_not_the_protection(identity):
    with administrator(identity.address) as app:
        auth.create_user(email=EMAIL, password=PASSWORD, app=app)
        identity.reset()
        assert auth.list_users(app=app).users == []
    assert refused(sign_in(identity.address, EMAIL, PASSWORD)) == "INVALID_LOGIN_CREDENTIALS"


def restarted(tools: Tools, data: Path) -> IdentityEmulator:
    emulator = IdentityEmulator(PROJECT, tools.node, data)
    emulator.start()
    return emulator


def test_accounts_survive_a_restart(tools, tmp_path):
    """Password, id, claims and state; the file has them, so only its owner may read it."""
    data = tmp_path / "identity" / "accounts.json"
    first = restarted(tools, data)
    with administrator(first.address) as app:
        auth.create_user(uid="anna", email=EMAIL, password=PASSWORD, display_name="Anna", app=app)
        auth.set_custom_user_claims("anna", {"role": "admin"}, app=app)
        auth.create_user(uid="bert", email="bert@example.com", disabled=True, app=app)
    first.stop()
    assert data.stat().st_mode & 0o777 == 0o600
    second = restarted(tools, data)
    assert sign_in(second.address, EMAIL, PASSWORD)["localId"] == "anna"
    with administrator(second.address) as app:
        anna, bert = auth.get_user("anna", app=app), auth.get_user("bert", app=app)
        assert (anna.display_name, anna.custom_claims) == ("Anna", {"role": "admin"})
        assert (bert.email, bert.disabled) == ("bert@example.com", True)
    second.reset()
    assert not data.exists()
    second.stop()
    third = restarted(tools, data)
    assert refused(sign_in(third.address, EMAIL, PASSWORD)) == "INVALID_LOGIN_CREDENTIALS"
    third.stop()


def test_accounts_it_does_not_take_stop_the_start(tools, tmp_path):
    data = tmp_path / "accounts.json"
    data.write_text(json.dumps([{"localId": "anna", "email": "no address"}]), encoding="utf-8")
    emulator = IdentityEmulator(PROJECT, tools.node, data)
    with pytest.raises(EmulatorFailed, match="email is invalid"):
        emulator.start()
    assert emulator.process_id is None


def test_it_ends_with_its_process_group(tools):
    emulator = IdentityEmulator(PROJECT, tools.node)
    emulator.start()
    group = emulator.process_id
    emulator.stop()
    assert group_ended(group)


def test_the_command_line_takes_over_when_the_package_has_changed_inside(
    tools, tmp_path, monkeypatch, capsys
):
    broken = tmp_path / "auth_emulator.js"
    broken.write_text('throw new Error("no such module");', encoding="utf-8")
    monkeypatch.setattr(identity_emulator, "LAUNCHER", broken)
    emulator = IdentityEmulator(PROJECT, tools.node)
    emulator.start()
    assert "no such module" in capsys.readouterr().err
    with administrator(emulator.address) as app:
        auth.create_user(email=EMAIL, password=PASSWORD, app=app)
    assert sign_in(emulator.address, EMAIL, PASSWORD)["email"] == EMAIL
    assert refused(sign_in(emulator.address, EMAIL, "wrong")) == "INVALID_LOGIN_CREDENTIALS"
    group = emulator.process_id
    emulator.stop()
    assert group_ended(group)
