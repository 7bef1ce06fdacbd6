"""Firebase's accounts through firebase-admin; only what administrators of a project can do."""

import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import firebase_admin
from firebase_admin import auth, exceptions
from google.auth.exceptions import RefreshError, TransportError

from shared.errors import EmailTaken, Invalid, Refused, Unavailable

TIMEOUT_SECONDS = 5


class FirebaseDirectory:
    """A Firebase app of its own: firebase-admin refuses a second one of the same name."""

    def __init__(self, project: str) -> None:
        self._app = firebase_admin.initialize_app(
            options={"projectId": project, "httpTimeout": TIMEOUT_SECONDS},
            name=f"hypertroq-{uuid.uuid4()}",
        )

    def create(self, user_id: str, email: str, password: str, full_name: str) -> None:
        """Our own call rather than public sign-up, which Firebase limits to 100 per hour and IP."""
        with _refusals():
            auth.create_user(
                uid=user_id,
                email=email,
                password=password,
                display_name=full_name,
                app=self._app,
            )

    def find(self, email: str) -> str | None:
        with _refusals(), suppress(auth.UserNotFoundError):
            return str(auth.get_user_by_email(email, app=self._app).uid)
        return None

    def set_verified(self, user_id: str) -> None:
        with _refusals(), suppress(auth.UserNotFoundError):
            auth.update_user(user_id, email_verified=True, app=self._app)

    def end_sessions(self, user_id: str) -> None:
        # An account that is gone has no sessions left.
        with _refusals(), suppress(auth.UserNotFoundError):
            auth.revoke_refresh_tokens(user_id, app=self._app)

    def mark(self, user_id: str, *, claims: Mapping[str, str], is_active: bool) -> None:
        with _refusals(), suppress(auth.UserNotFoundError):
            auth.update_user(
                user_id, disabled=not is_active, custom_claims=dict(claims), app=self._app
            )

    def set_password(self, user_id: str, password: str) -> None:
        with _refusals():
            try:
                auth.update_user(user_id, password=password, app=self._app)
            except auth.UserNotFoundError:
                raise Refused("This account is no longer there.") from None

    def delete(self, user_id: str) -> None:
        with _refusals(), suppress(auth.UserNotFoundError):
            auth.delete_user(user_id, app=self._app)


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except auth.EmailAlreadyExistsError:
        raise EmailTaken("An account with this address already exists. Sign in instead.") from None
    except exceptions.InvalidArgumentError as error:
        raise Invalid.at(("body", "email"), "Firebase does not accept this address.") from error
    except (
        exceptions.UnavailableError,
        exceptions.DeadlineExceededError,
        exceptions.ResourceExhaustedError,
        exceptions.InternalError,
        exceptions.UnknownError,
        RefreshError,
        TransportError,
    ) as error:
        raise Unavailable("The account service does not answer. Try again shortly.") from error
