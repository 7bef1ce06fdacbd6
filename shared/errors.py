"""Every refusal a client may see, each with its HTTP status and code.

AppError
├── MalformedBody 400, Refused 400, PasswordWrong 400, PictureInvalid 400
├── Unauthenticated 401, CredentialsInvalid 401, TokenInvalid 401, TokenExpired 401,
│   SignatureInvalid 401
├── Forbidden 403, AdminRequired 403, PlanRequired 403, AccountDisabled 403
├── NotFound 404: ExerciseNotFound, ProgramNotFound, SessionNotFound, VersionNotFound,
│   MesocycleNotFound, UserNotFound, OrganizationNotFound, InvitationNotFound
├── MethodNotAllowed 405
├── Conflict 409: NameTaken, EmailTaken, InUse, QuotaReached, Contended,
│   LastAdmin, PatchMisfit, Undecided
├── VersionMismatch 412
├── BodyTooLarge 413: FileTooLarge; MediaTypeUnsupported 415
├── Invalid 422: PasswordWeak
├── RateLimited 429, AiQueriesUsedUp 429
└── Internal 500, Unavailable 503
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar


class AppError(Exception):
    """A refusal the client can act on; any other exception is a bug and answers 500.

    `message` is a sentence for people and reaches the client as `detail`; `details` are
    facts for programs; `headers` are added to the answer.
    """

    status: ClassVar[int] = 500
    code: ClassVar[str] = "INTERNAL_SERVER_ERROR"

    def __init__(
        self,
        message: str,
        details: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.details = dict(details or {})
        self.headers = dict(headers or {})


class MalformedBody(AppError):
    status, code = 400, "MALFORMED_BODY"


class Refused(AppError):
    """The request is well-formed, but this cannot be done."""

    status, code = 400, "INVALID_OPERATION"


class PasswordWrong(AppError):
    """The current password is another one; not a 401, since the session is sound."""

    status, code = 400, "INVALID_PASSWORD"


class PictureInvalid(AppError):
    """Not a picture of a kind, a size and a soundness that we take."""

    status, code = 400, "INVALID_FILE_TYPE"


class Unauthenticated(AppError):
    status, code = 401, "AUTHENTICATION_REQUIRED"

    def __init__(self, message: str = "Sign in: send a bearer token.") -> None:
        super().__init__(message, headers={"WWW-Authenticate": "Bearer"})


class CredentialsInvalid(Unauthenticated):
    code = "INVALID_CREDENTIALS"


class TokenInvalid(Unauthenticated):
    code = "TOKEN_INVALID"


class TokenExpired(Unauthenticated):
    code = "TOKEN_EXPIRED"


class SignatureInvalid(AppError):
    """What came was not signed by whom it claims to be from."""

    status, code = 401, "SIGNATURE_INVALID"


class Forbidden(AppError):
    status, code = 403, "PERMISSION_DENIED"


class AdminRequired(Forbidden):
    code = "ADMIN_REQUIRED"


class PlanRequired(Forbidden):
    """The organization's plan does not include this."""

    code = "PRO_TIER_REQUIRED"


class AccountDisabled(Forbidden):
    code = "ACCOUNT_DISABLED"


class NotFound(AppError):
    status, code = 404, "RESOURCE_NOT_FOUND"


class InvitationNotFound(NotFound):
    code = "INVITATION_NOT_FOUND"


class ExerciseNotFound(NotFound):
    code = "EXERCISE_NOT_FOUND"


class ProgramNotFound(NotFound):
    code = "PROGRAM_NOT_FOUND"


class SessionNotFound(NotFound):
    code = "SESSION_NOT_FOUND"


class UserNotFound(NotFound):
    code = "USER_NOT_FOUND"


class OrganizationNotFound(NotFound):
    code = "ORGANIZATION_NOT_FOUND"


class VersionNotFound(NotFound):
    code = "VERSION_NOT_FOUND"


class MesocycleNotFound(NotFound):
    code = "MESOCYCLE_NOT_FOUND"


class MethodNotAllowed(AppError):
    status, code = 405, "METHOD_NOT_ALLOWED"


class Conflict(AppError):
    status, code = 409, "DUPLICATE_ENTRY"


class NameTaken(Conflict):
    code = "RESOURCE_ALREADY_EXISTS"


class EmailTaken(Conflict):
    code = "EMAIL_ALREADY_REGISTERED"


class InUse(Conflict):
    """Something else still refers to what should be removed."""

    code = "RESOURCE_IN_USE"


class QuotaReached(Conflict):
    """The organization holds as many of these as it may."""

    code = "QUOTA_REACHED"


class Contended(Conflict):
    """Others kept changing the same data; the request had no effect and may be repeated."""

    code = "CONCURRENT_CHANGE"


class LastAdmin(Conflict):
    """Nobody would be left to administer the system."""

    code = "LAST_ADMIN"


class Undecided(Conflict):
    """Both sides changed the same thing, and the request does not say which one counts."""

    code = "MERGE_CONFLICT"


class PatchMisfit(Conflict):
    """A patch was made for something that is no longer so, or clashes with another one."""

    code = "PATCH_DOES_NOT_FIT"


class VersionMismatch(AppError):
    """If-Match names a version that is no longer the current one."""

    status, code = 412, "PRECONDITION_FAILED"


class BodyTooLarge(AppError):
    status, code = 413, "PAYLOAD_TOO_LARGE"


class FileTooLarge(BodyTooLarge):
    code = "FILE_TOO_LARGE"


class MediaTypeUnsupported(AppError):
    status, code = 415, "UNSUPPORTED_MEDIA_TYPE"


class Invalid(AppError):
    """The payload was understood and breaks a rule.

    `problems` are rows of `{loc, msg, type}`: `loc` is the path to the value, beginning with
    `body`, `query` or `path`.
    """

    status, code = 422, "VALIDATION_ERROR"

    def __init__(self, message: str, problems: Sequence[Mapping[str, Any]] = ()) -> None:
        super().__init__(message)
        self.problems = [dict(problem) for problem in problems]

    @classmethod
    def at(
        cls, location: tuple[str | int, ...], message: str, kind: str = "value_error"
    ) -> "Invalid":
        """One problem at one place of the payload."""
        return cls(message, [{"loc": list(location), "msg": message, "type": kind}])


class PasswordWeak(Invalid):
    code = "PASSWORD_TOO_WEAK"


class RateLimited(AppError):
    status, code = 429, "RATE_LIMIT_EXCEEDED"


class AiQueriesUsedUp(AppError):
    """The month's quota of the organization's plan; another month or another plan helps."""

    status, code = 429, "AI_QUERY_LIMIT_EXCEEDED"


class Internal(AppError):
    def __init__(self) -> None:
        super().__init__("Something went wrong on our side.")


class Unavailable(AppError):
    """A backend we depend on does not answer; `Retry-After` says when to try again."""

    status, code = 503, "SERVICE_UNAVAILABLE"

    def __init__(self, message: str, retry_after_seconds: int = 2) -> None:
        super().__init__(message, headers={"Retry-After": str(retry_after_seconds)})
