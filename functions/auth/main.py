"""Auth: sign up, confirm the address, sign in, stay signed in, reset the password, sign out."""

import base64
import hashlib
from dataclasses import replace
from functools import cache
from pathlib import Path

from flask import Request, Response

from shared.errors import (
    AccountDisabled,
    Contended,
    CredentialsInvalid,
    EmailTaken,
    Invalid,
    PasswordWeak,
    Refused,
    TokenInvalid,
)
from shared.http.answers import Content
from shared.http.context import Access, Context
from shared.http.parsing import FORM, JSON
from shared.http.router import Router
from shared.models.accounts import (
    Credentials,
    LogoutRequest,
    MailedToken,
    Message,
    RefreshRequest,
    Registered,
    Registration,
    ResetConfirmation,
    ResetRequest,
    SignedIn,
    Tokens,
    Verification,
    Verified,
)
from shared.models.users import UserView

api = Router("auth", tag="Auth")

PAGES = Path(__file__).resolve().parent / "pages"
HTML = "text/html"
FIVE_MINUTES = 300

FAILURES = ("login_pair", "login_address")
"""Limits that only failed sign-ins count towards."""


@api.route(
    "POST",
    "/register",
    access=Access.PUBLIC,
    limit="register",
    status=201,
    other_status=202,
    fails=(EmailTaken, PasswordWeak),
)
def register(context: Context, body: Registration) -> Registered | Message:
    """Make an account with an organization of its own, and sign in.

    Where the service is set up to conceal who has an account, the answer is 202 with a message
    for every address, and everything else comes by mail.
    """
    answer = context.wiring.auth.register(body)
    if isinstance(answer, Message):
        context.status = 202
    return answer


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


@api.route("POST", "/password-reset/request", access=Access.PUBLIC, limit="reset_request")
def request_password_reset(context: Context, body: ResetRequest) -> Message:
    """Ask for a mail with a link to a new password.

    The answer is the same whether or not the address has an account.
    """
    identity = replace(context.identity, address=body.email)
    # Beyond this limit no more mails are sent, and the answer does not tell.
    if context.limiter.check(("reset_address",), identity).allowed:
        context.wiring.password_resets.ask(body.email)
    return Message(message="If this address has an account, a reset link is on its way to it.")


@api.route(
    "POST",
    "/password-reset/confirm",
    access=Access.PUBLIC,
    limit="reset_confirm",
    fails=(TokenInvalid, PasswordWeak, Refused, Contended),
)
def confirm_password_reset(context: Context, body: ResetConfirmation) -> Message:
    """Set a new password with the token of a mailed link; all sessions end."""
    context.wiring.password_resets.reset(body.token, body.new_password)
    return Message(message="Your password is changed. Sign in with the new one.")


@api.route(
    "POST",
    "/verify-email",
    access=Access.PUBLIC,
    limit="verify",
    fails=(TokenInvalid, Contended),
    body_optional=True,
)
def verify_email(context: Context, query: Verification, body: Verification) -> Verified:
    """Confirm an address with the token of a mailed link, in the body or as `?token=`.

    The same token again is answered alike as long as the address stays the same.
    """
    token = body.token or query.token
    if token is None:
        raise Invalid.at(("body", "token"), "Field required", "missing")
    return verify_email_by_path(context, token)


@api.route(
    "POST",
    "/verify-email/<token>",
    access=Access.PUBLIC,
    limit="verify",
    fails=(TokenInvalid, Contended),
)
def verify_email_by_path(context: Context, token: MailedToken) -> Verified:
    """Confirm an address with the token of a mailed link."""
    context.wiring.verification.verify(token)
    return Verified(message="Your e-mail address is confirmed.")


@api.route("POST", "/verify-email/resend", access=Access.MEMBER, limit="verify_resend")
def resend_verification(context: Context) -> Message:
    """Ask for another mail with a link that confirms your address."""
    context.wiring.verification.resend(context.caller)
    return Message(message="If your address is not confirmed yet, a mail is on its way to it.")


@api.route(
    "GET",
    "/action",
    access=Access.PUBLIC,
    limit="public",
    media_type=HTML,
    cache_seconds=FIVE_MINUTES,
)
def action(context: Context) -> Content:  # noqa: ARG001 - needs nothing
    """Show the page that links in mails lead to: `?mode=…&token=…`.

    The modes are `verify`, `reset`, `invitation` and `cancel-deletion`. Nothing happens before
    somebody presses its button, since programs open links in mails as well.
    """
    return _page()


@cache
def _page() -> Content:
    """Complete in itself; its policy names the only script and style that may take effect."""
    style, script = (
        (PAGES / name).read_text(encoding="utf-8") for name in ("action.css", "action.js")
    )
    page = (PAGES / "action.html").read_text(encoding="utf-8")
    policy = (
        f"default-src 'none'; script-src {_hash(script)}; style-src {_hash(style)}; "
        "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
    body = page.replace("{style}", style).replace("{script}", script)
    return Content(body=body.encode(), media_type=HTML, policy=policy)


def _hash(source: str) -> str:
    """How a content security policy names a script or a style."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def handler(request: Request) -> Response:
    """Answer one request to this function."""
    return api.answer(request)
