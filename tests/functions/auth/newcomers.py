"""What people send to sign up and in, and how they look to Firebase."""

import uuid
from typing import Any

import httpx
import jwt
from werkzeug.test import TestResponse

from infra.local.stack import LocalStack
from tests.client import Api, Functions
from tests.people import PASSWORD


def an_address() -> str:
    return f"{uuid.uuid4().hex[:12]}@example.com"


def a_newcomer(**fields: Any) -> dict[str, Any]:
    """The README's example: nothing about an organization."""
    return {"email": an_address(), "password": PASSWORD, "full_name": "Robin Lifter"} | fields


def login(api: Api, email: str, password: str = PASSWORD) -> TestResponse:
    return api.post("/auth/login", json={"email": email, "password": password})


def signed_in(functions: Functions, email: str) -> tuple[Api, str]:
    """A session of its own: an API that calls with it, and its refresh token."""
    body: Any = login(Api(functions), email).json
    return Api(functions, body["access_token"]), body["refresh_token"]


def claims(token: str) -> dict[str, Any]:
    """What a token says, unchecked."""
    return dict(jwt.decode(token, options={"verify_signature": False}))


def firebase_sign_up(stack: LocalStack, **fields: Any) -> dict[str, Any]:
    """Sign up the way Firebase's own SDK does, without us: `idToken`, `localId` and the rest."""
    answer = httpx.post(
        f"http://{stack.identity.address}/identitytoolkit.googleapis.com/v1/accounts:signUp",
        params={"key": "local-api-key"},
        json={"returnSecureToken": True, "password": PASSWORD, "email": an_address()} | fields,
    )
    answer.raise_for_status()
    return dict(answer.json())
