"""What the OpenAPI document shows as examples: one per refusal, and one per main body."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel

from shared import errors
from shared.http.envelope import envelope
from shared.models.accounts import (
    Credentials,
    LogoutRequest,
    RefreshRequest,
    Registration,
    ResetConfirmation,
    ResetRequest,
    Verification,
)
from shared.models.analysis import AnalysisRequest
from shared.models.deletions import DeletionToken
from shared.models.designs import BalanceRequest, DesignRequest
from shared.models.exercises import ExerciseChange, ExerciseDraft, SearchRequest, VolumeRequest
from shared.models.members import Acceptance, InvitationDraft, NewOwner
from shared.models.merges import TemplateUpdateDraft
from shared.models.mesocycles import MesocycleChange, MesocycleDraft
from shared.models.organizations import PlanChange
from shared.models.people import (
    BulkDeletion,
    BulkUpdate,
    ExportRequest,
    ReasonGiven,
    RoleChange,
    Suspension,
    UserChange,
)
from shared.models.profiles import OrganizationChange, PasswordChange, ProfileChange
from shared.models.programs import CloneDraft, ProgramChange, ProgramDraft
from shared.models.recommendations import RecommendationChoice
from shared.models.schedule import ScheduleRequest
from shared.models.sessions import SessionChange, SessionDraft
from shared.models.subscriptions import CheckoutRequest
from shared.models.volume_settings import OrganizationVolumeDraft, PersonalVolumeDraft

_SESSION = {
    "name": "Upper A",
    "day_number": 1,
    "order_in_program": 1,
    "exercises": [
        {
            "exercise_id": "barbell-bench-press",
            "sets": 4,
            "order_in_session": 1,
            "target_reps": {"min": 6, "max": 10},
            "rir": 2,
            "rest_seconds": 150,
        },
        {
            "exercise_id": "barbell-bent-over-row",
            "sets": 4,
            "order_in_session": 2,
            "notes": "Two seconds down.",
        },
    ],
}

BODIES: Mapping[type[BaseModel], dict[str, Any]] = {
    Registration: {
        "email": "jordan@example.com",
        "password": "plum-tractor-harbour",
        "full_name": "Jordan Reyes",
        "organization_name": "Reyes Strength",
    },
    Credentials: {"email": "jordan@example.com", "password": "plum-tractor-harbour"},
    RefreshRequest: {"refresh_token": "AMf-vBx2kQ7"},
    LogoutRequest: {"refresh_token": "AMf-vBx2kQ7"},
    ProfileChange: {"full_name": "Jordan A. Reyes"},
    PasswordChange: {
        "current_password": "plum-tractor-harbour",
        "new_password": "four-quiet-lighthouses",
    },
    OrganizationChange: {"name": "Reyes Strength & Conditioning"},
    DeletionToken: {"token": "3q2-7wEjRWJk0m8uM8c1b6l1J2xw0Q9d4f5a6s7d8f9"},
    ResetRequest: {"email": "jordan@example.com"},
    ResetConfirmation: {
        "token": "pZ4mW0xq7oV3nJr2sT8uYb6cDf1gHk5lQeRiXaMzCwE",
        "new_password": "walnut-kettle-meadow",
    },
    Verification: {"token": "pZ4mW0xq7oV3nJr2sT8uYb6cDf1gHk5lQeRiXaMzCwE"},
    ExerciseDraft: {
        "name": "Paused Bench Press",
        "description": "One second on the chest.",
        "equipment": "BARBELL",
        "muscle_contributions": {"CHEST": 1, "TRICEPS": 0.5, "FRONT_DELTS": 0.5},
        "difficulty_level": "INTERMEDIATE",
        "force_type": "PUSH",
    },
    ExerciseChange: {"name": "Long-Pause Bench Press", "video_url": None},
    SearchRequest: {"query": "incline press", "limit": 10},
    VolumeRequest: {
        "exercises": [
            {"exercise_id": "barbell-bench-press", "sets": 4},
            {"exercise_id": "barbell-bent-over-row", "sets": 4},
        ]
    },
    ProgramDraft: {
        "name": "Upper / Lower, four days",
        "split_type": "UPPER_LOWER",
        "structure_type": "WEEKLY",
        "structure_config": {
            "days_per_week": 4,
            "selected_days": ["MON", "TUE", "THU", "FRI"],
        },
        "duration_weeks": 8,
        "sessions": [_SESSION],
    },
    ProgramChange: {"structure_config": {"days_on": 3, "days_off": 1}, "duration_weeks": None},
    CloneDraft: {"new_name": "My winter block", "duration_weeks": 10},
    InvitationDraft: {"email": "sam@example.com"},
    Acceptance: {"token": "u3v9Qd0sXk2mB7yLr5tFhJ8wPz1cNa6e"},
    NewOwner: {"user_id": "8c1e9b6f-52d7-4c1e-8f6a-2f9f5f0f4a10"},
    CheckoutRequest: {"interval": "year"},
    ScheduleRequest: {"start_date": "2027-01-04", "weeks": 4},
    SessionDraft: _SESSION,
    MesocycleDraft: {
        "name": "Winter, first block",
        "weeks": 5,
        "deload": "END",
        "priorities": {"SIDE_DELTS": "PRIORITISED", "FOREARMS": "IGNORE"},
        "rir_start": 3,
        "rir_end": 0.5,
        "start_date": "2027-01-04",
    },
    MesocycleChange: {
        "slots": [
            {
                "week": 2,
                "session_id": "c3f6d0a9-52f6-4a0f-8f0c-9d8e1f7b2a63",
                "exercise_id": "barbell-bench-press",
                "sets": 4,
                "load": {"amount": 82.5, "unit": "KG"},
            }
        ]
    },
    TemplateUpdateDraft: {"decisions": {"program.duration_weeks": "ours"}, "otherwise": "theirs"},
    SessionChange: {"name": "Upper A, heavy", "day_number": 2},
    UserChange: {"full_name": "Jordan Reyes", "is_verified": True},
    RoleChange: {"role": "ADMIN", "reason": "Joins the support team."},
    Suspension: {"suspended": True, "reason": "Spam."},
    ReasonGiven: {"reason": "Asked for by mail."},
    BulkUpdate: {
        "user_ids": ["5f0c1f0e-6c1b-4a39-9d5e-0f1f6a3b7c21"],
        "action": "suspend",
        "reason": "Spam.",
    },
    BulkDeletion: {"inactive_days": 730, "limit": 20, "dry_run": True},
    ExportRequest: {"kind": "users"},
    PlanChange: {"subscription_tier": "PRO", "reason": "Paid by invoice."},
    AnalysisRequest: {
        "program_id": "upper-lower-4-day-split",
        "patch": [
            {"op": "test", "path": "/sessions/0/name", "value": "Upper A"},
            {"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": 5},
        ],
        "context": {
            "priorities": {"CHEST": "PRIORITISED", "FOREARMS": "IGNORE"},
            "experience": "INTERMEDIATE",
            "equipment": ["BARBELL", "DUMBBELL", "CABLE"],
            "session_minutes": 75,
        },
    },
    RecommendationChoice: {
        "recommendations": [
            "a599cc168d6fee70",
            [
                {
                    "op": "test",
                    "path": "/sessions/1/exercises/0/exercise_id",
                    "value": "barbell-back-squat",
                },
                {"op": "replace", "path": "/sessions/1/exercises/0/sets", "value": 4},
            ],
        ]
    },
    DesignRequest: {
        "split_type": "UPPER_LOWER",
        "structure_config": {"days_per_week": 4, "selected_days": ["MON", "TUE", "THU", "FRI"]},
        "session_minutes": 60,
        "equipment": ["DUMBBELL", "CABLE", "MACHINE"],
        "priorities": {"SIDE_DELTS": "PRIORITISED", "FOREARMS": "IGNORE"},
        "keep": ["lat-pulldown"],
        "avoid": ["leg-press"],
    },
    BalanceRequest: {
        "mode": "REPAIR",
        "max_edits": 4,
        "session_minutes": 75,
        "keep": ["barbell-back-squat"],
    },
    OrganizationVolumeDraft: {
        "base": "evidence",
        "thresholds": [{"muscle": "CALVES", "axis": "direct", "maximum_adaptive": 20}],
        "disabled_rules": ["HQ106"],
    },
    PersonalVolumeDraft: {
        "experience": "BEGINNER",
        "priorities": {"SIDE_DELTS": "PRIORITISED", "FOREARMS": "IGNORE"},
    },
}
"""The same for JSON and for forms."""

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
