"""What the OpenAPI document shows as examples: one per body."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

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
            {"op": "test", "path": "/sessions/0/name", "value": "Upper Body A"},
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
