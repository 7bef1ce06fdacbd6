"""Records: every stored model comes back from Firestore as it went in."""

import json
from datetime import UTC, date, datetime

import pytest
from pydantic import BaseModel

from shared.models.equipment import Equipment
from shared.models.exercises import Difficulty, Exercise, ForceType
from shared.models.muscles import MuscleGroup
from shared.models.organizations import Organization, SubscriptionStatus, Tier
from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.models.structures import (
    DEFAULT_STRUCTURES,
    SplitType,
    StructureType,
)
from shared.models.users import OrganizationRole, Role, User, UserStatus
from shared.storage.documents import Document, Documents
from shared.storage.records import fields, readable, restored

NOW = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)
TIMES = {"created_at": NOW, "updated_at": NOW}

SMALL_EXERCISE = Exercise(
    id="e",
    name="Curl",
    equipment=Equipment.CABLE,
    muscle_contributions={MuscleGroup.ELBOW_FLEXORS: 1.0},
    **TIMES,
)
MODELS = [
    SMALL_EXERCISE,
    SMALL_EXERCISE.model_copy(
        update={
            "description": "Zeile\nzwei é 🏋",
            "muscle_contributions": {MuscleGroup.CHEST: 1.0, MuscleGroup.ABS: 0.25},
            "image_url": "https://storage.googleapis.com/a",
            "video_url": "https://youtu.be/x",
            "difficulty_level": Difficulty.ADVANCED,
            "force_type": ForceType.PULL,
            "created_by_user_id": "u",
            "organization_id": "o",
        }
    ),
    User(id="u", email="a@example.com", full_name="A", organization_id="o", **TIMES),
    User(
        id="u",
        email="a@example.com",
        full_name="A",
        organization_id="o",
        organization_role=OrganizationRole.MEMBER,
        role=Role.ADMIN,
        status=UserStatus.DELETING,
        is_verified=True,
        tokens_valid_after=1_700_000_000,
        ended_sessions=(1, 2),
        avatar="avatars/x",
        deletion_requested_at=NOW,
        last_seen_on=date(2026, 3, 2),
        login_count=3,
        **TIMES,
    ),
    Organization(id="o", name="O", owner_user_id="u", **TIMES),
    Organization(
        id="o",
        name="O",
        owner_user_id="u",
        subscription_tier=Tier.PRO,
        subscription_status=SubscriptionStatus.CANCELED,
        period_ends_at=NOW,
        lemonsqueezy_customer_id="1",
        lemonsqueezy_subscription_id="2",
        **TIMES,
    ),
    *(
        Program(
            id="p",
            name="P",
            split_type=SplitType.ARNOLD_SPLIT,
            structure_config=DEFAULT_STRUCTURES[kind],
            duration_weeks=weeks,
            sessions=[
                Session(
                    id="s",
                    name="S",
                    day_number=2,
                    order_in_program=1,
                    exercises=[SessionExercise(exercise_id="e", sets=3, order_in_session=1)],
                    asked_day=1,
                    **TIMES,
                )
            ],
            cloned_from="t",
            **TIMES,
        )
        for kind, weeks in ((StructureType.WEEKLY, None), (StructureType.CYCLIC, 8))
    ),
]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: type(model).__name__)
def test_a_model_comes_back_as_it_went_in(documents: Documents, model: BaseModel) -> None:
    documents.atomically(lambda transaction: transaction.put("things/a", fields(model)))
    found = documents.get("things/a")
    assert found is not None
    again = restored(type(model), found)
    assert again == model
    # Maps come back in any order, which no answer may depend on.
    assert json.loads(again.model_dump_json()) == json.loads(model.model_dump_json())


def test_moments_are_stored_as_timestamps_and_enums_as_words(documents: Documents) -> None:
    documents.atomically(lambda transaction: transaction.put("things/a", fields(SMALL_EXERCISE)))
    found = documents.get("things/a")
    assert found is not None
    assert found.data["created_at"] == NOW
    assert found.data["muscle_contributions"] == {"ELBOW_FLEXORS": 1.0}
    assert type(found.data["equipment"]) is str
    assert "version" not in found.data


def test_unknown_and_missing_optional_fields_do_no_harm() -> None:
    data = fields(SMALL_EXERCISE) | {"schema": 1, "remark": "by hand"}
    del data["description"], data["image_url"]
    assert restored(Exercise, Document("exercises/e", data, NOW)) == SMALL_EXERCISE


def test_what_cannot_be_read_is_none_and_reported_without_its_values(
    errors: list[tuple[str, dict[str, object]]],
) -> None:
    data = fields(SMALL_EXERCISE) | {"equipment": "secret", "name": 7}
    document = Document("exercises/e", data, NOW)
    assert readable(document, lambda row: restored(Exercise, row)) is None
    assert errors == [
        (
            "unreadable document",
            {"document": "exercises/e", "problems": ["name", "equipment"]},
        )
    ]
    assert readable(None, lambda row: restored(Exercise, row)) is None
