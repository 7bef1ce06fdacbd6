"""Training programs: what people send, what is stored, what is answered."""

from collections.abc import Mapping
from operator import attrgetter
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from shared.models.base import BlankIsNone, Id, Model, Moment, NoTruthValue, Reason, Text
from shared.models.exercises import ExerciseSummary
from shared.models.pages import Page, Paging
from shared.models.sessions import MAX_SESSIONS, Session, SessionDraft, SessionView
from shared.models.structures import (
    DEFAULT_STRUCTURES,
    CyclicStructure,
    SplitType,
    Structure,
    StructureType,
    WeeklyStructure,
)
from shared.models.volume import ProgramStats

ProgramName = Annotated[Text, Field(min_length=2, max_length=100)]

ProgramDescription = Annotated[Text, Field(max_length=2000)]

Weeks = Annotated[int, Field(ge=1, le=52), NoTruthValue]


def _empty_for_null(value: object) -> object:
    return "" if value is None else value


def _matching(structure: Structure | None, info: ValidationInfo) -> Structure | None:
    named = info.data.get("structure_type")
    if structure is not None and named is not None and structure.structure_type != named:
        raise ValueError(f"must describe a {named} structure")
    return structure


class ProgramDraft(Model):
    """A new program."""

    name: ProgramName

    description: Annotated[ProgramDescription, BeforeValidator(_empty_for_null)] = ""

    split_type: SplitType

    structure_type: StructureType

    structure_config: Structure | None = None
    """By default Monday, Tuesday, Thursday, Friday; or three days on, one off."""

    duration_weeks: Weeks | None = None

    sessions: list[SessionDraft] = Field(default=[], max_length=MAX_SESSIONS)
    """`day_number` and `order_in_program` may each occur once."""

    _config_matches = field_validator("structure_config")(_matching)

    @field_validator("sessions")
    @classmethod
    def _distinct_places(cls, sessions: list[SessionDraft]) -> list[SessionDraft]:
        for field in ("day_number", "order_in_program"):
            taken = [getattr(session, field) for session in sessions]
            if len(set(taken)) != len(taken):
                raise ValueError(f"{field} must be different for each session")
        return sessions

    @property
    def structure(self) -> WeeklyStructure | CyclicStructure:
        return self.structure_config or DEFAULT_STRUCTURES[self.structure_type]


class ProgramChange(Model):
    """What to change; what is absent or null stays, but null clears `duration_weeks`.

    `structure_type` without `structure_config` gives the program that type's default;
    `structure_config` alone brings its type along.
    """

    name: ProgramName | None = None

    description: ProgramDescription | None = None

    split_type: SplitType | None = None

    structure_type: StructureType | None = None

    structure_config: Structure | None = None

    duration_weeks: Weeks | None = None

    reason: Reason = None
    """For the program's history; by default that tells what differs."""

    _config_matches = field_validator("structure_config")(_matching)


class CloneDraft(Model):
    """How the copy of a template differs from it; everything is optional."""

    new_name: Annotated[ProgramName | None, BlankIsNone] = None
    """By default "My " and the template's name."""

    name: Annotated[ProgramName | None, BlankIsNone] = None
    """The same as `new_name`, which wins."""

    duration_weeks: Weeks | None = None
    """By default the template's."""

    template_id: Annotated[Id | None, BlankIsNone] = None
    """Not needed; when given, it must be the id in the path."""

    @model_validator(mode="before")
    @classmethod
    def _nothing_for_null(cls, value: object) -> object:
        # Clients without anything to say send no body, an empty one, or null.
        return {} if value is None else value


class Program(Model):
    """As stored, with its sessions. Templates belong to no organization."""

    id: str
    name: str
    description: str = ""
    split_type: SplitType
    structure_config: Structure
    duration_weeks: int | None = None
    sessions: list[Session] = Field(default=[])
    created_by_user_id: str | None = None
    organization_id: str | None = None
    cloned_from: str | None = None
    """The id of the template this is a copy of."""

    cloned_from_version: int | None = None
    """Which version of the template it last took over."""

    cloned_from_at: Moment | None = None
    """When it last took that over; unknown for what was stored before this was kept."""

    has_mesocycles: bool = False
    """Whether any were ever stored below it."""

    version_number: int = 0
    """Of its newest version; 0 when it was stored before versions were kept."""

    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)
    """Opaque; changes with every write."""

    @property
    def is_template(self) -> bool:
        return self.organization_id is None

    @property
    def structure_type(self) -> StructureType:
        return self.structure_config.structure_type

    @property
    def in_order(self) -> list[Session]:
        """Sessions by their turn."""
        return sorted(self.sessions, key=attrgetter("order_in_program"))

    @property
    def exercise_ids(self) -> list[str]:
        """Each once, sorted."""
        return sorted({row.exercise_id for session in self.sessions for row in session.exercises})


class ProgramRow(Model):
    """A program in a list."""

    id: str
    name: str
    description: str
    split_type: SplitType
    structure_type: StructureType
    is_template: bool
    duration_weeks: int | None
    session_count: int
    created_by_user_id: str | None
    organization_id: str | None
    created_at: Moment
    updated_at: Moment

    @classmethod
    def of(cls, program: Program) -> Self:
        return cls(
            id=program.id,
            name=program.name,
            description=program.description,
            split_type=program.split_type,
            structure_type=program.structure_type,
            is_template=program.is_template,
            duration_weeks=program.duration_weeks,
            session_count=len(program.sessions),
            created_by_user_id=program.created_by_user_id,
            organization_id=program.organization_id,
            created_at=program.created_at,
            updated_at=program.updated_at,
        )


class ProgramView(Model):
    """A program with its sessions and statistics."""

    id: str
    name: str
    description: str
    split_type: SplitType
    structure_type: StructureType

    structure_config: Structure
    """The training weekdays, or the days on and off."""

    is_template: bool
    """Whether it is a template that everyone may copy."""

    created_by_user_id: str | None
    organization_id: str | None
    duration_weeks: int | None

    cloned_from: str | None
    """The id of the template it is a copy of."""

    cloned_from_version: int | None
    """The version of that template it last took over."""

    version_number: int
    """The newest version in its history; it grows by one with every change."""

    sessions: list[SessionView]
    """By `order_in_program`."""

    stats: ProgramStats
    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)

    @classmethod
    def of(
        cls, program: Program, stats: ProgramStats, exercises: Mapping[str, ExerciseSummary]
    ) -> Self:
        """`exercises` by id; those missing from it are shown without a name."""
        return cls(
            id=program.id,
            name=program.name,
            description=program.description,
            split_type=program.split_type,
            structure_type=program.structure_type,
            structure_config=program.structure_config,
            is_template=program.is_template,
            created_by_user_id=program.created_by_user_id,
            organization_id=program.organization_id,
            duration_weeks=program.duration_weeks,
            cloned_from=program.cloned_from,
            cloned_from_version=program.cloned_from_version,
            version_number=program.version_number,
            sessions=[
                SessionView.of(session, program.id, exercises) for session in program.in_order
            ],
            stats=stats,
            created_at=program.created_at,
            updated_at=program.updated_at,
            version=program.version,
        )


class ProgramPage(Page[ProgramRow]):
    """Programs, newest first."""


class ProgramFilter(Paging):
    search: Annotated[Annotated[Text, Field(max_length=100)] | None, BlankIsNone] = None
    """Words or beginnings of words of the name; accents and letter case make no difference."""

    split_type: Annotated[SplitType | None, BlankIsNone] = None
    """Only programs that divide the muscles this way."""

    structure_type: Annotated[StructureType | None, BlankIsNone] = None
    """Only programs on fixed weekdays, or only those in cycles."""

    is_template: Annotated[bool | None, BlankIsNone] = None
    """True: only templates; false: only your organization's programs."""
