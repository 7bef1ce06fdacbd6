"""The calls to compare, in the order they are made; later ones build on earlier ones."""

from collections.abc import Callable

from firebase_admin import auth

from tests.differential.identity_caller import OTHER, UID, Answer, Caller

Call = Callable[[Caller], Answer]

EMAIL, NEW_EMAIL, UNKNOWN = "robin@example.com", "new@example.com", "nobody@example.com"
PASSWORD, NEW_PASSWORD = "a quiet barbell morning", "a loud barbell evening"


def _sign_in(email: str = EMAIL, password: str = PASSWORD, keep: str = "") -> Call:
    return lambda caller: caller.public(
        "signInWithPassword", keep, email=email, password=password, returnSecureToken=True
    )


def _refresh(kept: str, keep: str = "") -> Call:
    return lambda caller: caller.refresh(
        keep, grant_type="refresh_token", refresh_token=caller.kept[kept]
    )


def _lookup(kept: str) -> Call:
    return lambda caller: caller.public("lookup", idToken=caller.kept[f"{kept} id"])


def _sign_up(email: str, password: str, keep: str = "") -> Call:
    return lambda caller: caller.public(
        "signUp", keep, email=email, password=password, returnSecureToken=True
    )


def _create(uid: str, email: str) -> Call:
    return lambda caller: caller.admin(
        auth.create_user, uid=uid, email=email, password=PASSWORD, display_name="Robin Lifter"
    )


def _update(uid: str = UID, **changes: object) -> Call:
    return lambda caller: caller.admin(auth.update_user, uid, **changes)


def _get(uid: str) -> Call:
    return lambda caller: caller.admin(auth.get_user, uid)


_ACCOUNTS: dict[str, Call] = {
    "create": _create(UID, EMAIL),
    "create: address taken": _create(OTHER, EMAIL),
    "create: id taken": _create(UID, NEW_EMAIL),
    "create: not an address": lambda c: c.owner(
        "accounts", {"email": "robin", "password": "x" * 9}
    ),
    "create: short password": lambda c: c.owner(
        "accounts", {"email": UNKNOWN, "password": "12345"}
    ),
    "create: without a bearer": lambda c: c.owner("accounts", {"email": UNKNOWN}, bearer=None),
    "get": _get(UID),
    "get: unknown": _get(OTHER),
    "get by address": lambda c: c.admin(auth.get_user_by_email, EMAIL),
    "get by address: in capitals": lambda c: c.admin(auth.get_user_by_email, EMAIL.upper()),
    "get by address: unknown": lambda c: c.admin(auth.get_user_by_email, UNKNOWN),
    "get many": lambda c: c.admin(
        auth.get_users, [auth.UidIdentifier(UID), auth.EmailIdentifier(UNKNOWN)]
    ),
    "list": lambda c: c.admin(auth.list_users),
}
_SIGN_IN: dict[str, Call] = {
    "sign in": _sign_in(keep="first"),
    "sign in: address in capitals": _sign_in(EMAIL.upper()),
    "sign in: wrong password": _sign_in(password="wrong"),
    "sign in: unknown address": _sign_in(UNKNOWN),
    "sign in: not an address": _sign_in("robin"),
    "sign in: no password": _sign_in(password=""),
    "sign in: no address": _sign_in(""),
    "sign in: without a key": lambda c: c.without_key(
        "signInWithPassword", email=EMAIL, password=PASSWORD
    ),
    "look up": _lookup("first"),
    "look up: not a token": lambda c: c.public("lookup", idToken="no.such.token"),
    "look up: no token": lambda c: c.public("lookup"),
    "refresh": _refresh("first", keep="second"),
    "refresh: with a refreshed token": _refresh("second"),
    "refresh: not a token": lambda c: c.refresh(grant_type="refresh_token", refresh_token="no"),
    "refresh: no token": lambda c: c.refresh(grant_type="refresh_token"),
    "refresh: other grant": lambda c: c.refresh(grant_type="password", refresh_token="no"),
    "refresh: no grant": lambda c: c.refresh(refresh_token="no"),
}
_CLAIMS: dict[str, Call] = {
    "claims": lambda c: c.admin(auth.set_custom_user_claims, UID, {"role": "admin"}),
    "claims: get": _get(UID),
    "claims: refresh": _refresh("first"),
    "claims: sign in": _sign_in(),
    "claims: reserved": lambda c: c.owner(
        "accounts:update", {"localId": UID, "customAttributes": '{"sub": "x"}'}
    ),
    "claims: not JSON": lambda c: c.owner(
        "accounts:update", {"localId": UID, "customAttributes": "{"}
    ),
    "claims: too long": lambda c: c.owner(
        "accounts:update", {"localId": UID, "customAttributes": f'{{"a": "{"x" * 1000}"}}'}
    ),
    "claims: unknown account": lambda c: c.admin(auth.set_custom_user_claims, OTHER, {"a": 1}),
    "claims: none": lambda c: c.admin(auth.set_custom_user_claims, UID, None),
    "claims: refresh without": _refresh("first"),
}
_DISABLED: dict[str, Call] = {
    "disable": _update(disabled=True),
    "disabled: sign in": _sign_in(),
    "disabled: sign in with a wrong password": _sign_in(password="wrong"),
    "disabled: refresh": _refresh("first"),
    "disabled: look up": _lookup("first"),
    "disabled: get": _get(UID),
    "enable": _update(disabled=False),
    "enabled: refresh": _refresh("first"),
    "enabled: sign in": _sign_in(),
    "disable: unknown account": _update(OTHER, disabled=True),
}
_REVOKED: dict[str, Call] = {
    "revoke": lambda c: c.admin(auth.revoke_refresh_tokens, UID),
    "revoked: refresh": _refresh("first"),
    "revoked: sign in": _sign_in(keep="after"),
    "revoked: refresh of a new sign-in": _refresh("after"),
    "revoke: unknown account": lambda c: c.admin(auth.revoke_refresh_tokens, OTHER),
}
_CHANGED: dict[str, Call] = {
    "password": _update(password=NEW_PASSWORD),
    "password: refresh": _refresh("after"),
    "password: sign in with the old one": _sign_in(),
    "password: sign in": _sign_in(password=NEW_PASSWORD, keep="new"),
    "password: short": lambda c: c.owner("accounts:update", {"localId": UID, "password": "12345"}),
    "address": _update(email=NEW_EMAIL),
    "address: sign in with the old one": _sign_in(password=NEW_PASSWORD),
    "address: refresh": _refresh("new"),
    "address: sign in": _sign_in(NEW_EMAIL, NEW_PASSWORD, keep="new"),
    "address: get": _get(UID),
    "name": _update(display_name="Robin L."),
    "name: refresh": _refresh("new"),
}
_SIGN_UP: dict[str, Call] = {
    "sign up": _sign_up(EMAIL, PASSWORD, keep="guest"),
    "sign up: address taken": _sign_up(EMAIL, PASSWORD),
    "sign up: short password": _sign_up(UNKNOWN, "12345"),
    "sign up: no password": lambda c: c.public("signUp", email=UNKNOWN),
    "sign up: not an address": _sign_up("robin", PASSWORD),
    "sign up: anonymously": lambda c: c.public("signUp", returnSecureToken=True),
    "sign up: own id": lambda c: c.public(
        "signUp", email=UNKNOWN, password=PASSWORD, localId=OTHER
    ),
    "own deletion": lambda c: c.public("delete", idToken=c.kept["guest id"]),
    "own deletion: refresh": _refresh("guest"),
}
_DELETED: dict[str, Call] = {
    "delete": lambda c: c.admin(auth.delete_user, UID),
    "deleted: sign in": _sign_in(NEW_EMAIL, NEW_PASSWORD),
    "deleted: refresh": _refresh("new"),
    "deleted: look up": _lookup("new"),
    "deleted: get": _get(UID),
    "delete: again": lambda c: c.admin(auth.delete_user, UID),
    "create: the same id again": _create(UID, EMAIL),
    "created again: refresh of the deleted": _refresh("new"),
}
CALLS = _ACCOUNTS | _SIGN_IN | _CLAIMS | _DISABLED | _REVOKED | _CHANGED | _SIGN_UP | _DELETED
