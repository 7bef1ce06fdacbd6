"""What a restart of the stack must not lose."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from infra.local.identity.server import IdentityServer
from infra.local.signer import Signer
from tests.local.identity.rest import Rest, claims_of, done, refusal


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "data"


@contextmanager
def running(folder: Path, port: int = 0) -> Iterator[Rest]:
    """A server on the folder's files, with a client of its own as after a restart."""
    signer = Signer.create(folder / "key.pem")
    server = IdentityServer("demo-kept", signer, folder / "identity.sqlite", port)
    server.start()
    try:
        with httpx.Client(timeout=10) as http:
            yield Rest(http, server.address, "demo-kept", "any-key")
    finally:
        server.stop()


def test_accounts_sessions_tokens_codes_and_settings_survive_a_restart(folder):
    with running(folder) as rest:
        account = rest.sign_up("anna@example.com")
        done(rest.call("sendOobCode", requestType="PASSWORD_RESET", email="anna@example.com"))
        codes = rest.codes()
        rest.configure("signIn.anonymous", {"signIn": {"anonymous": {"enabled": True}}})
    with running(folder) as rest:
        refreshed = claims_of(done(rest.refresh(account["refreshToken"]))["id_token"])
        assert refreshed["auth_time"] == claims_of(account["idToken"])["auth_time"]
        assert done(rest.call("lookup", idToken=account["idToken"]))["users"]
        assert rest.sign_in("anna@example.com").status_code == 200
        assert refusal(rest.call("signUp", email="anna@example.com", password="Passw0rd!")) == (
            400,
            "EMAIL_EXISTS",
        )
        assert rest.codes() == codes
        done(rest.call("signUp", returnSecureToken=True))
        code = codes[0]["oobCode"]
        done(rest.call("resetPassword", oobCode=code, newPassword="NewPassw0rd"))
    with running(folder) as rest:
        assert refusal(rest.refresh(account["refreshToken"])) == (400, "TOKEN_EXPIRED")
        assert rest.codes() == []
        assert rest.sign_in("anna@example.com", "NewPassw0rd").status_code == 200


def test_a_deleted_account_stays_deleted(folder):
    with running(folder) as rest:
        account = rest.sign_up("anna@example.com")
        done(rest.call("delete", idToken=account["idToken"]))
    with running(folder) as rest:
        assert refusal(rest.refresh(account["refreshToken"])) == (400, "USER_NOT_FOUND")
        rest.sign_up("anna@example.com")


def test_a_flush_is_kept_too(folder):
    with running(folder) as rest:
        account = rest.sign_up("anna@example.com")
        rest.flush()
    with running(folder) as rest:
        assert refusal(rest.refresh(account["refreshToken"])) == (400, "INVALID_REFRESH_TOKEN")


def test_without_a_file_nothing_is_kept(signer, http):
    for _ in range(2):
        server = IdentityServer("demo-forgotten", signer)
        server.start()
        Rest(http, server.address, "demo-forgotten", "key").sign_up("anna@example.com")
        server.stop()


def test_only_the_owner_may_read_the_file(folder):
    with running(folder):
        modes = {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
    assert modes == {0o600}


def test_a_second_server_on_the_same_file_is_refused(folder, signer):
    with running(folder), pytest.raises(sqlite3.OperationalError, match="locked"):
        IdentityServer("demo-kept", signer, folder / "identity.sqlite")


def test_a_stopped_server_answers_nobody_on_an_old_connection(signer):
    """A client that kept its connection must meet the new server, not the old one's thread."""
    server = IdentityServer("demo-stopped", signer)
    server.start()
    port = int(server.address.split(":")[1])
    with httpx.Client(timeout=5) as http:
        rest = Rest(http, server.address, "demo-stopped", "key")
        rest.sign_up("anna@example.com")
        server.stop()
        server.stop()
        successor = IdentityServer("demo-stopped", signer, port=port)
        successor.start()
        try:
            assert refusal(rest.sign_in("anna@example.com")) == (400, "INVALID_LOGIN_CREDENTIALS")
            assert successor.requests == 1
        finally:
            successor.stop()


def test_a_server_that_was_never_started_can_be_stopped(signer):
    IdentityServer("demo-idle", signer).stop()


def test_a_taken_port_is_reported_and_frees_the_file(signer, server, folder):
    port = int(server.address.split(":")[1])
    with pytest.raises(OSError, match="in use"):
        IdentityServer("demo-kept", signer, folder / "identity.sqlite", port)
    IdentityServer("demo-kept", signer, folder / "identity.sqlite").stop()
