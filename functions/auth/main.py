"""Auth: sign up, sign in, stay signed in, sign out."""

from dataclasses import replace

from flask import Request, Response

from shared.errors import (
    AccountDisabled,
    Contended,
    CredentialsInvalid,
    EmailTaken,
    PasswordWeak,
    TokenInvalid,
)
from shared.http.context import Access, Context
from shared.http.parsing import FORM, JSON
from shared.http.router import Router
from shared.models.accounts import (
    Credentials,
    LogoutRequest,
    Message,
    RefreshRequest,
    Registered,
    Registration,
    SignedIn,
    Tokens,
)
from shared.models.users import UserView

api = Router("auth", tag="Auth")

FAILURES = ("login_pair", "login_address")
"""Limits that only failed sign-ins count towards."""


@api.route(
    "POST",
    "/register",
    access=Access.PUBLIC,
    limit="register",
    status=201,
    fails=(EmailTaken, PasswordWeak),
)
def register(context: Context, body: Registration) -> Registered:
    """Make an account with an organization of its own, and sign in."""
    return context.wiring.auth.register(body)


@api.route(
    "POST",
    "/login",
    access=Access.PUBLIC,
    limit=("login", "login_global"),
    fails=(CredentialsInvalid, AccountDisabled),
    accepts=(JSON, FORM),
)
def login(context: Context, body: Credentials) -> SignedIn:
    """Sign in with address and password, as JSON or as a form; `username` also works."""
    identity = replace(context.identity, address=body.email)
    context.limiter.check(FAILURES, identity).require()
    try:
        answer = context.wiring.auth.login(body)
    except CredentialsInvalid:
        context.limiter.spend(FAILURES, identity)
        raise
    context.limiter.clear(("login_pair",), identity)
    return answer


@api.route(
    "POST",
    "/login/form",
    access=Access.PUBLIC,
    limit=("login", "login_global"),
    fails=(CredentialsInvalid, AccountDisabled),
    accepts=(FORM, JSON),
)
def login_form(context: Context, body: Credentials) -> SignedIn:
    """Sign in with a form of `username` and `password`; the same as `/login`."""
    return login(context, body)


@api.route(
    "POST", "/refresh", access=Access.PUBLIC, limit="refresh", fails=(TokenInvalid, AccountDisabled)
)
def refresh(context: Context, body: RefreshRequest) -> Tokens:
    """Exchange a refresh token for a new access token."""
    identity = replace(context.identity, token=body.refresh_token)
    context.limiter.check(("refresh_token",), identity).require()
    return context.wiring.auth.refresh(body.refresh_token)


@api.route("GET", "/me", access=Access.MEMBER, limit="default")
def me(context: Context) -> UserView:
    """Read your own profile."""
    return context.wiring.accounts.show(context.caller)


@api.route(
    "POST",
    "/logout",
    access=Access.MEMBER,
    limit="default",
    fails=(Contended,),
    body_optional=True,
)
def logout(context: Context, body: LogoutRequest) -> Message:  # noqa: ARG001 - clients send one
    """End this session: its access and refresh tokens stop working.

    Changes and refreshes are refused at once, reads within 30 seconds on every instance.
    """
    context.wiring.auth.logout(context.caller)
    return Message(message="You are signed out.")


@api.route("POST", "/logout-all", access=Access.MEMBER, limit="default", fails=(Contended,))
def logout_all(context: Context) -> Message:
    """End all your sessions, on every device."""
    context.wiring.auth.logout_everywhere(context.caller)
    return Message(message="You are signed out everywhere.")


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
