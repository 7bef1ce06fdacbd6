"""Programs that the optimiser makes or mends: what is asked for, and what comes back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, field_validator, model_validator

from shared.models.analysis import SessionLength
from shared.models.base import BlankIsNone, Id, Model, NoTruthValue
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup
from shared.models.patches import Patch
from shared.models.programs import ProgramDraft, ProgramName, ProgramView, Weeks
from shared.models.sessions import MAX_SESSION_EXERCISES, MAX_SESSIONS
from shared.models.structures import SplitType, Structure, StructureType
from shared.models.volume import (
    Experience,
    Priorities,
    ProfileInput,
    ProfileName,
    ProgramStats,
)

Minutes = Annotated[int, Field(ge=10, le=300), NoTruthValue]

_Sets = Annotated[int, Field(ge=1, le=10), NoTruthValue]

_Exercises = Annotated[list[Id], Field(max_length=200)]


class Limit(StrEnum):
    """What can keep a muscle from its sets, or a program from being possible at all."""

    EQUIPMENT = "EQUIPMENT"
    """Every exercise that would help needs something that is not at hand."""

    AVOID = "AVOID"
    """They are to be avoided."""

    CATALOGUE = "CATALOGUE"
    """No exercise trains the muscle, or it was withdrawn."""

    SPLIT = "SPLIT"
    """The split has no session for the muscle's direct work."""

    EDITS = "EDITS"
    """More exercises would have to change than may."""

    MINUTES = "MINUTES"
    """The sessions are full."""

    EXERCISES = "EXERCISES"
    """The sessions have as many exercises as they may."""

    SETS = "SETS"
    """The exercises have as many sets as they may."""

    SESSION_CAP = "SESSION_CAP"
    """A muscle has as many sets in a session as are worth doing: 10 direct, 11 fractional
    (docs/training.md, rp-landmarks)."""

    WEEKLY_LIMIT = "WEEKLY_LIMIT"
    """A muscle has as many weekly sets as can be recovered from (its maximum recoverable volume,
    or 30 fractional sets; docs/training.md, rp-landmarks and povver)."""

    KEEP = "KEEP"
    """The exercises to keep leave no room."""

    TRADE_OFF = "TRADE_OFF"
    """More would give others too much, or cost more than it brings."""


class BalanceMode(StrEnum):
    REPAIR = "REPAIR"
    """A few changes to what is there."""

    BUILD = "BUILD"
    """All exercises chosen anew, in the same sessions."""


class Ending(StrEnum):
    """Why the search ended."""

    OPTIMAL = "OPTIMAL"
    """There is nothing better."""

    EFFORT = "EFFORT"
    """It had done its share of work; asked again, it gives the same answer."""

    CLOCK = "CLOCK"
    """It took far too long; asked again, it may give another answer."""

    INFEASIBLE = "INFEASIBLE"
    """Nothing keeps all the limits."""


class Wishes(Model):
    """What somebody wants, has and can bear."""

    profile: ProfileInput = ProfileName.EVIDENCE
    """Which numbers say how many weekly sets a muscle should have, and may have at most."""

    priorities: Priorities | None = None
    """What somebody wants of muscle groups; the others are `NORMAL`. By default the profile's."""

    experience: Annotated[Experience | None, BlankIsNone] = None
    """`BEGINNER` asks for fewer sets than the profile (docs/training.md); nothing else does."""

    equipment: Annotated[list[Equipment], Field(min_length=1, max_length=50)] | None = None
    """What there is to train with besides one's own body; without it, everything."""

    keep: _Exercises = Field(default=[])
    """Exercises that must be there."""

    avoid: _Exercises = Field(default=[])
    """Exercises that must not be there."""

    fewest_sets: _Sets = 2
    """Of an exercise in a session, if it is new there."""

    most_sets: _Sets = 5
    """Of an exercise in a session, unless it already has more."""

    most_exercises: Annotated[int, Field(ge=1, le=MAX_SESSION_EXERCISES), NoTruthValue] = 8
    """In a session, unless it already has more."""

    time_limit_seconds: Annotated[float, Field(ge=0.5, le=10), NoTruthValue] = 3.0
    """How long to search, in seconds of one reference processor. It is work that is counted, not
    time, so that equal requests have equal answers."""

    save: bool = False
    """Whether to store the outcome."""

    @model_validator(mode="after")
    def _can_be_kept(self) -> Self:
        if self.fewest_sets > self.most_sets:
            raise ValueError("fewest_sets must not be greater than most_sets")
        if both := sorted({*self.keep} & {*self.avoid}):
            raise ValueError(f"{both[0]} cannot be kept and avoided")
        return self


class DesignRequest(Wishes):
    """A program to be made: on which days, how long, with what, for which muscles."""

    name: Annotated[ProgramName | None, BlankIsNone] = None
    """By default made from the split."""

    split_type: SplitType = SplitType.FULL_BODY
    """Which session trains which muscles directly; `FULL_BODY` and `CUSTOM` leave it open."""

    structure_config: Structure
    """The training weekdays, or the days on and off."""

    duration_weeks: Weeks | None = None

    sessions: Annotated[int, Field(ge=1, le=MAX_SESSIONS), NoTruthValue] | None = None
    """How many different sessions take turns; by default as many as there are training days in a
    week or a cycle, and more where the split needs it."""

    session_minutes: Minutes = 60
    """The time there is for one session, in minutes: 40 seconds for each set and 120 of rest, a
    house convention."""


class BalanceRequest(Wishes):
    """How a program may be changed. Exercises to keep are some of its own."""

    mode: BalanceMode = BalanceMode.REPAIR

    max_edits: Annotated[int, Field(ge=0, le=100), NoTruthValue] = 6
    """How many exercises of sessions a repair may add, remove, or give another number of sets."""

    session_minutes: Annotated[Minutes | None, BlankIsNone] = None
    """The time there is for one session, in minutes: 40 seconds for each set, and its rest or else
    120 seconds. By default as long as each session takes now, and at least 60."""

    @field_validator("mode", mode="before")
    @classmethod
    def _any_case(cls, value: object) -> object:
        return value.strip().upper() if isinstance(value, str) else value


class Hindrance(Model):
    """A limit that stands in the way."""

    limit: Limit

    session_name: str | None
    """The session whose limit it is, if it is a session's."""

    muscle: MuscleGroup | None
    """The muscle whose cap it is, if it is a cap."""


class Obstacle(Model):
    """Why a muscle misses its target; or without a muscle, why nothing is possible."""

    muscle: MuscleGroup | None
    muscle_name: str | None

    missing_sets: float | None
    """Weekly sets of direct work that are missing."""

    hindrances: list[Hindrance]
    """What stands in the way of the sets that would help most."""

    together: bool
    """True: only lifting all kinds of limits named would help; false: lifting any one of them."""

    message: str
    """The same as a sentence."""


class Search(Model):
    """What came of the search."""

    feasible: bool
    """Whether anything keeps all the limits; when not, `obstacles` say why."""

    ending: Ending

    quality_gap: float | None
    """Which share of what could at most be gained over not training this may still lack, by the
    points that are compared (docs/optimiser.md); 0 is proved to be the best."""

    missing_sets: float | None
    """Weekly sets of direct work that all muscles together still lack, each by its weight: 2 for a
    prioritised muscle, 1 for a normal one, 0.5 for one to be maintained."""

    stats: ProgramStats | None
    """Of the outcome."""

    session_lengths: list[SessionLength]
    """Of the outcome."""

    obstacles: list[Obstacle]
    """For each muscle that misses its target, the worst first."""


class DesignedExercise(Model):
    exercise_id: str
    exercise_name: str
    sets: int
    order_in_session: int


class DesignedSession(Model):
    name: str

    day_number: int
    """Usually 1 to 7 from Monday for weekly programs, or the day of the cycle."""

    order_in_program: int
    """Sessions take turns in this order."""

    exercises: list[DesignedExercise]
    """By `order_in_session`; those that train most come first."""


class DesignedProgram(Model):
    """A program that `POST /programs` takes as it is."""

    name: str
    split_type: SplitType
    structure_type: StructureType

    structure_config: Structure
    """The training weekdays, or the days on and off."""

    duration_weeks: int | None

    sessions: list[DesignedSession]
    """By `order_in_program`."""

    @classmethod
    def of(cls, draft: ProgramDraft, names: Mapping[str, str]) -> Self:
        """`names` of the exercises by id."""
        return cls(
            name=draft.name,
            split_type=draft.split_type,
            structure_type=draft.structure_type,
            structure_config=draft.structure,
            duration_weeks=draft.duration_weeks,
            sessions=[
                DesignedSession(
                    name=session.name,
                    day_number=session.day_number,
                    order_in_program=session.order_in_program,
                    exercises=[
                        DesignedExercise(
                            exercise_id=row.exercise_id,
                            exercise_name=names[row.exercise_id],
                            sets=row.sets,
                            order_in_session=row.order_in_session,
                        )
                        for row in session.exercises
                    ],
                )
                for session in draft.sessions
            ],
        )


class Design(Search):
    program: DesignedProgram | None
    """Null when none is possible."""

    saved: ProgramView | None
    """The program as stored, if it was to be."""


class Balance(Search):
    missing_sets_before: float
    """The same as `missing_sets`, of the program as it is."""

    edits: int
    """How many exercises of sessions are added, removed, or given another number of sets."""

    patch: Patch
    """What to change, with tests of all that it touches."""

    saved: ProgramView | None
    """The program with the changes, if they were to be stored."""
