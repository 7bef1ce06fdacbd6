"""Google's own clients, pointed at one emulator for as long as they are made."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import firebase_admin
import httpx
import pytest
from google.auth.credentials import AnonymousCredentials
from google.cloud.firestore import Client

PROJECT = "demo-hypertroq"


def documents(address: str, project: str = PROJECT) -> Client:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", address)
        return Client(project=project, credentials=AnonymousCredentials())


@contextmanager
def administrator(address: str) -> Iterator[firebase_admin.App]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIREBASE_AUTH_EMULATOR_HOST", address)
        app = firebase_admin.initialize_app(options={"projectId": PROJECT}, name=str(uuid.uuid4()))
        yield app
        firebase_admin.delete_app(app)


def sign_in(address: str, email: str, password: str) -> dict[str, Any]:
    """Whatever the emulator answers, refusals too."""
    url = f"http://{address}/identitytoolkit.googleapis.com/v1/accounts:signInWithPassword"
    body = {"email": email, "password": password, "returnSecureToken": True}
    answer: dict[str, Any] = httpx.post(url, params={"key": "any"}, json=body).json()
    return answer
