"""Mesocycles: a program laid out week by week, with sets that rise and a deload."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator

from shared.models.base import BlankIsNone, Id, Model, Moment, NoTruthValue
from shared.models.exercises import SetCount
from shared.models.muscles import MuscleGroup
from shared.models.pages import Page
from shared.models.programs import ProgramName
from shared.models.schedule import ScheduledSession
from shared.models.slots import Load, LoadDraft, RepRange, RirInput
from shared.models.structures import Structure
from shared.models.volume import (
    Basis,
    Experience,
    MusclePriority,
    Priorities,
    ProfileInput,
    ProfileName,
    VolumeStatus,
    Zone,
)

MOST_MESOCYCLES = 10
"""Per program."""

StartDate = Annotated[date, Field(ge=date(1970, 1, 1), le=date(2199, 12, 31))]

_Rir = Annotated[float, Field(ge=0, le=4, multiple_of=0.5), NoTruthValue]


class Deload(StrEnum):
    """When easy weeks come."""

    END = "END"
    """One week after the last one of accumulation."""

    EVERY = "EVERY"
    """After every so many weeks of accumulation, and at the end."""

    NONE = "NONE"


class MesocycleSettings(Model):
    """What a mesocycle is made from."""

    weeks: Annotated[int, Field(ge=3, le=8), NoTruthValue] = 4
    """Weeks of accumulation, in which sets rise; deload weeks come on top."""

    deload: Deload = Deload.END
    """When deload weeks come: half the sets with the same load. They serve recovery and are no
    claim about growth (docs/mesocycles.md: Coleman 2024, Bell 2023)."""

    deload_every_weeks: Annotated[int, Field(ge=2, le=7), NoTruthValue] = 4
    """For `EVERY`: the most weeks of accumulation between two deloads; they are spread evenly."""

    profile: ProfileInput = ProfileName.EVIDENCE
    """Whose minimum and maximum weekly sets the weeks move between."""

    experience: Experience | None = None
    """Beginners start from less; by default what the profile says."""

    priorities: Priorities = Field(default={})
    """By muscle group. `PRIORITISED` ones rise to the maximum recoverable volume, `NORMAL` ones
    halfway from the maximum adaptive to it, `MAINTAIN` ones stay at maintenance, and for
    `IGNORE` no sets are added. Muscles that are not named are what the profile says."""

    rir_start: _Rir = 3
    """Repetitions in reserve in the first week after a deload, in halves."""

    rir_end: _Rir = 1
    """Repetitions in reserve in the last week before a deload."""


class MesocycleDraft(MesocycleSettings):
    """A new mesocycle; everything is optional."""

    name: Annotated[ProgramName | None, BlankIsNone] = None
    """By default the program's."""

    start_date: StartDate | None = None
    """The first day; with it, sessions get dates by the program's structure."""

    @model_validator(mode="after")
    def _effort_rises(self) -> Self:
        if self.rir_end > self.rir_start:
            raise ValueError("rir_end must not be greater than rir_start")
        return self


class MesocycleQuery(Model):
    preview: bool = False
    """True: lay it out and store nothing; the answer is 200 then. Templates can be tried so."""


class WeekSlot(Model):
    """An exercise in one week."""

    exercise_id: str
    order_in_session: int

    sets: int
    """0 leaves the exercise out this week."""

    rir: float | None = None
    """Repetitions in reserve to end each set with."""

    target_reps: RepRange | None = None
    load: Load | None = None
    """As in the program, also in deload weeks."""


class WeekSession(Model):
    id: str
    name: str
    day_number: int
    order_in_program: int
    exercises: list[WeekSlot]


class Phase(StrEnum):
    ACCUMULATION = "ACCUMULATION"
    DELOAD = "DELOAD"


class MesocycleWeek(Model):
    number: int
    """Counted from 1."""

    phase: Phase

    rir: float
    """Repetitions in reserve this week was laid out with."""

    sessions: list[WeekSession]
    """By `order_in_program`."""

    @property
    def total_sets(self) -> int:
        return sum(slot.sets for session in self.sessions for slot in session.exercises)


class Mesocycle(Model):
    """As stored: it keeps what it was made from, and stays when the program changes."""

    id: str
    name: str
    program_id: str
    program_name: str
    program_version: int
    organization_id: str | None = None
    structure_config: Structure
    settings: MesocycleSettings
    start_date: date | None = None
    notes: list[str] = Field(default=[])
    weeks: list[MesocycleWeek]
    created_by_user_id: str | None = None
    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)


class MesocycleRow(Model):
    """A mesocycle in a list."""

    id: str
    name: str
    weeks: int
    """All of them, deload weeks included."""

    start_date: date | None
    program_version: int
    """The program's version it was laid out from."""

    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, mesocycle: Mesocycle) -> Self:
        return cls(
            id=mesocycle.id,
            name=mesocycle.name,
            weeks=len(mesocycle.weeks),
            start_date=mesocycle.start_date,
            program_version=mesocycle.program_version,
            created_at=mesocycle.created_at,
            updated_at=mesocycle.updated_at,
        )


class MesocyclePage(Page[MesocycleRow]):
    """The mesocycles of a program, newest first; there may be ten."""


class SlotChange(Model):
    """Another number of sets, effort or load for one exercise in one week."""

    week: Annotated[int, Field(ge=1, le=20), NoTruthValue]
    """The week's number."""

    session_id: Id
    exercise_id: Id

    sets: SetCount | None = None
    """Sets; null leaves them as they are."""

    rir: RirInput | None = None
    """Repetitions in reserve; null clears, absent stays."""

    load: LoadDraft | None = None
    """Load; null clears, absent stays."""


class MesocycleChange(Model):
    """What to change; what is absent stays. Nothing is refused for being much: the answer's
    notes say where more than the maximum recoverable volume is planned."""

    name: ProgramName | None = None

    start_date: StartDate | None = None
    """Null takes the dates away."""

    slots: Annotated[list[SlotChange], Field(max_length=3000)] = Field(default=[])


class WeekSlotView(WeekSlot):
    exercise_name: str | None
    """Null when the exercise no longer exists."""


class WeekSessionView(Model):
    id: str
    """Of the program's session it was laid out from."""

    name: str
    day_number: int
    order_in_program: int
    exercises: list[WeekSlotView]
    total_sets: int


class MesocycleWeekView(Model):
    number: int
    """Counted from 1."""

    phase: Phase
    rir: float
    """Repetitions in reserve this week was laid out with."""

    total_sets: int
    """Sets when each session is done once; in a deload week half of those of the week before."""

    sets_per_week: float
    """All sets of an average scheduled week."""

    sessions: list[WeekSessionView]
    """By `order_in_program`."""

    scheduled_sessions: list[ScheduledSession]
    """This week's sessions on the calendar; empty without a start date."""


class MuscleWeek(Model):
    week: int
    sets_per_week: float
    """Sets times contribution, over an average scheduled week."""

    direct_sets_per_week: float
    """Weekly sets of exercises that train the muscle directly."""

    status: VolumeStatus
    zone: Zone


class MuscleWeeks(Model):
    """What a muscle group gets from week to week."""

    muscle: MuscleGroup
    muscle_name: str
    priority: MusclePriority

    minimum_effective: list[Basis]
    """Weekly sets from which growth is expected: one number per axis, any of which is enough;
    empty for ignored muscles."""

    maximum_recoverable: list[Basis]
    """Weekly sets that no laid-out week exceeds, each on its axis, with source and date."""

    weeks: list[MuscleWeek]


class MesocycleView(Model):
    """A mesocycle, week by week."""

    id: str | None
    """Null for a preview, which is not stored."""

    name: str
    program_id: str
    program_name: str
    program_version: int
    """The program's version it was laid out from; later changes of the program do not reach it."""

    settings: MesocycleSettings
    start_date: date | None
    weeks: list[MesocycleWeekView]

    muscles: list[MuscleWeeks]
    """All 18 muscle groups, in the order of a body chart."""

    notes: list[str]
    """What to know about it: what was capped or could not be reached, and where edited weeks
    exceed the maximum recoverable volume."""

    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)
