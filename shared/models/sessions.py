"""Training sessions of a program: what people send, what is stored, what is answered."""

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import Field

from shared.models.base import BlankIsNone, Id, Model, Moment, NoTruthValue, Reason, Text
from shared.models.equipment import Equipment
from shared.models.exercises import ExerciseSummary, SetCount
from shared.models.slots import (
    Load,
    LoadDraft,
    RepRange,
    RepRangeInput,
    RestInput,
    RirInput,
    SupersetInput,
    TempoInput,
)

MAX_SESSIONS = 14
"""Per program."""

MAX_SESSION_EXERCISES = 20
"""Per session."""

SessionName = Annotated[Text, Field(min_length=1, max_length=100)]

MAX_POSITION = 1000
"""Days, turns and places are numbered up to here."""

Position = Annotated[int, Field(ge=1, le=MAX_POSITION), NoTruthValue]

Notes = Annotated[Annotated[Text, Field(max_length=500)] | None, BlankIsNone]


class SessionExerciseDraft(Model):
    exercise_id: Id

    sets: SetCount

    order_in_session: Position
    """Place within the session; each may be used once."""

    notes: Notes = None

    target_reps: RepRangeInput = None
    """Repetitions per set: `{"min": 8, "max": 12}`, or a number, or a text such as `8-12`."""

    rir: RirInput | None = None
    """Repetitions in reserve at the end of each set, in halves; sets with more than 4 are too easy
    to count as hard sets (docs/training.md, rp-landmarks)."""

    rest_seconds: RestInput | None = None
    """Rest between sets."""

    tempo: TempoInput = None
    """Seconds down, below, up and above, such as `3-0-1-0`; X means as fast as possible."""

    superset: SupersetInput = None
    """A label such as `A`; exercises of the session with the same label are done in turn."""

    load: LoadDraft | None = None


SessionExerciseDrafts = Annotated[
    list[SessionExerciseDraft], Field(max_length=MAX_SESSION_EXERCISES)
]


class SessionDraft(Model):
    """A new session; it may be empty."""

    name: SessionName

    day_number: Position
    """Usually 1 to 7 from Monday for weekly programs, or the day of the cycle; unique in the
    program."""

    order_in_program: Position
    """Sessions take turns in this order; unique in the program."""

    exercises: SessionExerciseDrafts = Field(default=[])
    """Each exercise at most once."""


class SessionChange(Model):
    """What to change; what is absent or null stays."""

    name: SessionName | None = None

    day_number: Position | None = None

    order_in_program: Position | None = None

    exercises: SessionExerciseDrafts | None = None
    """Replaces the whole list; `[]` empties the session."""

    reason: Reason = None
    """For the program's history; by default that tells what differs."""


class SessionExercise(Model):
    """As stored."""

    exercise_id: str
    sets: int
    order_in_session: int
    notes: str | None = None

    target_reps: RepRange | None = None
    """Repetitions per set."""

    rir: float | None = None
    """Repetitions in reserve at the end of each set; with more than 4, sets are not counted as
    hard sets (docs/training.md, rp-landmarks)."""

    rest_seconds: int | None = None
    """Rest between sets."""

    tempo: str | None = None
    """Seconds down, below, up and above; X means as fast as possible."""

    superset: str | None = None
    """Exercises of the session with the same label are done in turn."""

    load: Load | None = None


class Session(Model):
    """As stored, inside its program."""

    id: str
    name: str
    day_number: int
    order_in_program: int
    exercises: list[SessionExercise] = Field(default=[])
    created_at: Moment
    updated_at: Moment
    created_by_user_id: str | None = None
    cloned_from: str | None = None
    """The id of the template's session this is a copy of."""

    asked_day: int | None = None
    asked_order: int | None = None
    """The numbers the client sent, which were others when they were taken; known for sessions
    that were added one by one, so that a repeat of the same request is recognised."""

    @property
    def total_sets(self) -> int:
        return sum(exercise.sets for exercise in self.exercises)


class SessionExerciseView(SessionExercise):
    """What is stored, with what people want to see of the exercise."""

    exercise_name: str | None
    """Null when the exercise no longer exists."""

    equipment: Equipment | None

    primary_muscles: list[str]
    """Display names of the muscles with contribution 1."""

    @classmethod
    def of(cls, planned: SessionExercise, exercise: ExerciseSummary | None) -> Self:
        return cls(
            **dict(planned),
            exercise_name=exercise.name if exercise else None,
            equipment=exercise.equipment if exercise else None,
            primary_muscles=exercise.primary_muscles if exercise else [],
        )


class SessionView(Model):
    """A training session."""

    id: str
    program_id: str
    name: str

    day_number: int
    """Usually 1 to 7 from Monday for weekly programs, or the day of the cycle."""

    order_in_program: int
    """Sessions take turns in this order."""

    exercises: list[SessionExerciseView]
    """By `order_in_session`."""

    total_sets: int
    exercise_count: int
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(
        cls, session: Session, program_id: str, exercises: Mapping[str, ExerciseSummary]
    ) -> Self:
        """`exercises` by id; those missing from it are shown without a name."""
        ordered = sorted(session.exercises, key=lambda planned: planned.order_in_session)
        return cls(
            id=session.id,
            program_id=program_id,
            name=session.name,
            day_number=session.day_number,
            order_in_program=session.order_in_program,
            exercises=[
                SessionExerciseView.of(planned, exercises.get(planned.exercise_id))
                for planned in ordered
            ],
            total_sets=session.total_sets,
            exercise_count=len(ordered),
            created_at=session.created_at,
            updated_at=session.updated_at,
        )
