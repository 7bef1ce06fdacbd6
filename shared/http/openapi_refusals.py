"""What the OpenAPI document shows for every refusal: one example each."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from shared import errors
from shared.http.envelope import envelope

_EXERCISE = "/api/v1/exercises/5f0c1f0e-6c1b-4a39-9d5e-0f1f6a3b7c21"
_PROGRAM = "/api/v1/programs/0b9d3c52-77f4-4c1e-8f6a-2f9f5f0f4a10"

_REFUSALS: tuple[tuple[errors.AppError, str], ...] = (
    (errors.MalformedBody("The body is not JSON."), "/api/v1/programs"),
    (
        errors.Refused("A program's last session cannot be deleted; delete the program instead."),
        f"{_PROGRAM}/sessions/c3f6d0a9-52f6-4a0f-8f0c-9d8e1f7b2a63",
    ),
    (errors.PasswordWrong("The current password is not right."), "/api/v1/users/me/password"),
    (errors.PictureInvalid("Send a JPEG, PNG, WebP or GIF picture."), "/api/v1/users/me/image"),
    (errors.Unauthenticated(), "/api/v1/programs"),
    (errors.CredentialsInvalid("Invalid e-mail address or password."), "/api/v1/auth/login"),
    (errors.TokenInvalid("This session has ended. Sign in again."), "/api/v1/programs"),
    (
        errors.TokenExpired("The session has expired. Refresh the token or sign in again."),
        "/api/v1/programs",
    ),
    (
        errors.Forbidden("Templates cannot be changed. Clone the template and change the copy."),
        "/api/v1/programs/upper-lower-4-day-split",
    ),
    (
        errors.AdminRequired("Administrators only: this needs the admin role."),
        "/api/v1/admin/users",
    ),
    (
        errors.PlanRequired(
            "Creating your own exercises and programs is part of the Pro plan. Upgrade to Pro, "
            "or clone one of the templates.",
            {"upgrade_url": "https://hypertroq.com/pricing"},
        ),
        "/api/v1/programs",
    ),
    (
        errors.AccountDisabled("This account is deactivated. Contact support."),
        "/api/v1/auth/login",
    ),
    (errors.NotFound("There is no such picture."), "/api/v1/users/nobody/avatar"),
    (errors.ExerciseNotFound("There is no such exercise."), _EXERCISE),
    (
        errors.NotFound("There is no failed task of this id."),
        "/api/v1/admin/failed-tasks/9f2c1b7a/run",
    ),
    (
        errors.OrganizationNotFound("There is no such organization."),
        "/api/v1/admin/organizations/0b9d3c52-77f4-4c1e-8f6a-2f9f5f0f4a10",
    ),
    (errors.ProgramNotFound("There is no such program."), _PROGRAM),
    (
        errors.SessionNotFound("This program has no such session."),
        f"{_PROGRAM}/sessions/c3f6d0a9-52f6-4a0f-8f0c-9d8e1f7b2a63",
    ),
    (
        errors.AiQueriesUsedUp(
            "Your plan's 10 AI queries of this month are used up.",
            {"limit": 10, "resets_at": "2027-02-01T00:00:00Z"},
        ),
        "/api/v1/users/me/organization/ai-queries",
    ),
    (
        errors.SignatureInvalid("The signature does not fit the body."),
        "/api/v1/billing/webhooks/lemonsqueezy",
    ),
    (errors.UserNotFound("There is no such member."), "/api/v1/users/me/organization/owner"),
    (
        errors.InvitationNotFound("There is no such invitation."),
        "/api/v1/users/me/organization/invitations/0b1f6a3e-2f0d-5c38-8a4e-7d8c1e9b6f52",
    ),
    (
        errors.VersionNotFound("This program has no such version, or keeps it no longer."),
        f"{_PROGRAM}/versions/7",
    ),
    (
        errors.MesocycleNotFound("This program has no such mesocycle."),
        f"{_PROGRAM}/mesocycles/8d0c6a5e-4a52-4f0b-a6c7-3b1de2f9c410",
    ),
    (
        errors.Undecided(
            "The program: duration weeks 10 with you, 12 in the template. "
            "Decide for yours or the template's.",
            {"conflicts": ["program.duration_weeks"]},
        ),
        f"{_PROGRAM}/template-update",
    ),
    (
        errors.Conflict(
            "Another session of this program already has day number 2.",
            {"field": "day_number", "value": 2},
        ),
        f"{_PROGRAM}/sessions",
    ),
    (
        errors.NameTaken(
            "An exercise named “Paused Bench Press” already exists.",
            {"exercise_id": "5f0c1f0e-6c1b-4a39-9d5e-0f1f6a3b7c21"},
        ),
        "/api/v1/exercises",
    ),
    (
        errors.EmailTaken("An account with this address already exists. Sign in instead."),
        "/api/v1/auth/register",
    ),
    (
        errors.InUse(
            "“Paused Bench Press” is used by “My winter block”. Replace it there first.",
            {
                "programs": [
                    {"id": "0b9d3c52-77f4-4c1e-8f6a-2f9f5f0f4a10", "name": "My winter block"}
                ]
            },
        ),
        _EXERCISE,
    ),
    (
        errors.QuotaReached("The catalogue is full: shorten or remove some entries."),
        "/api/v1/programs",
    ),
    (
        errors.PatchMisfit(
            "The program is no longer what this patch was made for.",
            {"path": "/sessions/0/exercises/0/sets", "expected": 4, "found": 5},
        ),
        f"{_PROGRAM}/recommendations/apply",
    ),
    (errors.Contended("Others are changing the same data. Try again."), _PROGRAM),
    (
        errors.VersionMismatch("The program has changed since you read it. Read it again."),
        _PROGRAM,
    ),
    (
        errors.LastAdmin("This is the last administrator. Make somebody else one first."),
        "/api/v1/admin/users/5f0c1f0e-6c1b-4a39-9d5e-0f1f6a3b7c21/role",
    ),
    (errors.BodyTooLarge("The body is larger than 512 KiB."), "/api/v1/programs"),
    (errors.FileTooLarge("The file is larger than 5 MiB."), "/api/v1/users/me/image"),
    (
        errors.MediaTypeUnsupported(
            "Send application/json, not text/xml.", {"accepts": ["application/json"]}
        ),
        "/api/v1/programs",
    ),
    (
        errors.Invalid(
            "The request has fields we cannot accept.",
            [
                {
                    "loc": ["body", "sessions", 0, "day_number"],
                    "msg": "Input should be greater than or equal to 1",
                    "type": "greater_than_equal",
                }
            ],
        ),
        "/api/v1/programs",
    ),
    (
        errors.PasswordWeak(
            "This is one of the most common passwords.",
            [
                {
                    "loc": ["body", "password"],
                    "msg": "This is one of the most common passwords.",
                    "type": "password",
                }
            ],
        ),
        "/api/v1/auth/register",
    ),
    (
        errors.RateLimited(
            "Too many requests. Try again in 21 seconds.",
            {"policy": "program_create", "retry_after": 21},
        ),
        "/api/v1/programs",
    ),
    (errors.Internal(), "/api/v1/programs"),
    (
        errors.Unavailable("The database does not answer. Try again shortly."),
        "/api/v1/programs",
    ),
)

_MOMENT = datetime(2026, 11, 23, 18, 30, tzinfo=UTC)


def _shown(error: errors.AppError, path: str) -> dict[str, Any]:
    body = envelope(error, request_id="4b0f6a0c6d0e4a57a3a0f2f1b7a4c9d2", path=path)
    detail = body.error.model_copy(update={"timestamp": _MOMENT})
    return body.model_copy(update={"error": detail}).model_dump(mode="json")


REFUSALS: Mapping[type[errors.AppError], dict[str, Any]] = {
    type(error): _shown(error, path) for error, path in _REFUSALS
}
"""The body each kind of refusal has."""
