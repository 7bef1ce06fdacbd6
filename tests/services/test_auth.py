"""Registration that is cut off, and sessions within one second."""

import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest

from shared.errors import EmailTaken, TokenInvalid, Unavailable
from shared.models.accounts import Credentials, Registration
from shared.rules.accounts import personal_organization_id
from shared.services.auth import AuthService
from shared.settings import Settings
from shared.storage.accounts import AccountRepository
from shared.wiring import Wiring
from tests.people import PASSWORD


def newcomer() -> Registration:
    email = f"{uuid.uuid4().hex[:12]}@example.com"
    return Registration(email=email, password=PASSWORD, full_name="Robin Lifter")


Build = Callable[..., AuthService]


@pytest.fixture
def build(parts: Wiring) -> Build:
    """The service with some of its parts replaced."""

    def service(**other: Any) -> AuthService:
        given: dict[str, Any] = {
            "sign_in": parts.sign_in,
            "directory": lambda: parts.directory,
            "id_tokens": parts.id_tokens,
            "accounts": parts.accounts,
            "repository": parts.account_repository,
            "background": parts.background,
            "common_passwords": frozenset,
            "conceals": False,
            "now": lambda: datetime.now(UTC),
            "new_id": lambda: str(uuid.uuid4()),
        }
        return AuthService(**given | other)

    return service


@pytest.fixture
def unreachable(stack: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[AccountRepository]:
    """Accounts in a Firestore that nobody listens for."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        address = f"127.0.0.1:{listening.getsockname()[1]}"
    with monkeypatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", address)
        documents = Wiring(Settings.from_environment()).documents
    with closing(documents._client):
        yield AccountRepository(documents)


def test_a_registration_that_firestore_cut_off_is_completed_by_its_repeat(
    build: Build, parts: Wiring, unreachable: AccountRepository
):
    """C2: 503 first, then whole, under the id of the first try."""
    person, first_id = newcomer(), str(uuid.uuid4())
    with pytest.raises(Unavailable):
        build(repository=unreachable, new_id=lambda: first_id).register(person)
    assert parts.account_repository.load(first_id) is None
    registered = build().register(person)
    assert registered.id == first_id
    assert registered.organization_id == personal_organization_id(first_id)
    with pytest.raises(EmailTaken):
        build().register(person)


def test_ids_are_ours(build: Build):
    """A uid that Firebase would choose could not be repeated."""
    chosen = str(uuid.uuid4())
    assert build(new_id=lambda: chosen).register(newcomer()).id == chosen


def test_a_login_waits_for_the_next_second_when_this_ones_sessions_were_ended(
    build: Build, parts: Wiring
):
    """It asks Firebase again, once; a line drawn further ahead than that refuses it."""
    person = newcomer()
    pauses: list[float] = []
    moment = datetime(2026, 3, 4, 5, 6, 7, 250_000, tzinfo=UTC)
    service = build(pause=pauses.append, now=lambda: moment)
    registered = service.register(person)
    far = int(datetime.now(UTC).timestamp()) + 3_600
    parts.accounts.note(
        registered.id, lambda user: user.model_copy(update={"tokens_valid_after": far})
    )
    with pytest.raises(TokenInvalid):
        service.login(Credentials(email=person.email, password=PASSWORD))
    # A quarter of the second is over: the rest of it, and 50 ms for clocks that differ.
    assert pauses == [pytest.approx(0.8)]


def test_a_login_waits_for_nothing_otherwise(build: Build):
    person = newcomer()
    pauses: list[float] = []
    service = build(pause=pauses.append)
    service.register(person)
    service.login(Credentials(email=person.email, password=PASSWORD))
    assert pauses == []


def test_logout_everywhere_counts_even_when_firebase_does_not_answer(build: Build, parts: Wiring):
    """Our own line is drawn first; the caller hears that the rest is missing."""

    def silent() -> Any:
        raise Unavailable("not now")

    person = newcomer()
    registered = build().register(person)
    claims = parts.id_tokens.verify(registered.access_token)
    caller = parts.accounts.caller(claims, fresh=True)
    with pytest.raises(Unavailable):
        build(directory=silent).logout_everywhere(caller)
    with pytest.raises(TokenInvalid):
        parts.accounts.caller(claims, fresh=False)
    with pytest.raises(TokenInvalid):
        build().refresh(registered.refresh_token)
