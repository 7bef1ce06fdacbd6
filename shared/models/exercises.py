"""Exercises: what people send, what is stored, what is answered."""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from shared.models.base import BlankIsNone, Id, Model, Moment, NoTruthValue, Text
from shared.models.contributions import (
    Contributions,
    MuscleContribution,
    MuscleRole,
    MuscleRoles,
    Share,
    usual_role,
)
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup, MuscleInput
from shared.models.pages import Page, Paging


class Difficulty(StrEnum):
    BEGINNER = "BEGINNER"
    INTERMEDIATE = "INTERMEDIATE"
    ADVANCED = "ADVANCED"


class ForceType(StrEnum):
    """What the working muscles do: push a load away, pull it in, or hold still."""

    PUSH = "PUSH"
    PULL = "PULL"
    STATIC = "STATIC"


def _web_address(url: str) -> str:
    if any(character.isspace() or character == "\\" for character in url):
        raise ValueError("must be an http or https URL without spaces")
    parts = urlsplit(url)
    # Reading the port raises ValueError when it is no number up to 65535.
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.port == 0:
        raise ValueError("must be an http or https URL")
    if "@" in parts.netloc:
        raise ValueError("must not contain a user name or password")
    return url


def _empty_for_null(value: Any) -> Any:
    return "" if value is None else value


ExerciseName = Annotated[Text, Field(min_length=3, max_length=100)]

Description = Annotated[Text, Field(max_length=500)]

WebAddress = Annotated[Text, Field(max_length=2048), AfterValidator(_web_address)]

OptionalAddress = Annotated[WebAddress | None, BlankIsNone]

MAX_SETS = 20
"""Of one exercise in a session."""

SetCount = Annotated[int, Field(ge=1, le=MAX_SETS), NoTruthValue]


class ExerciseDraft(Model):
    """A new exercise. Its contributions must name one muscle with exactly 1."""

    name: ExerciseName
    """Unique in your organization, whatever the letter case."""

    description: Annotated[Description, BeforeValidator(_empty_for_null)] = ""

    equipment: Equipment

    muscle_contributions: Contributions
    """The share of each set that counts for each muscle group; at least one must be 1."""

    muscle_roles: MuscleRoles = Field(default={})
    """`direct` or `indirect` for muscles of the exercise whose role is not the usual one: direct
    with contribution 1, otherwise indirect. At least one muscle must be trained directly."""

    image_url: OptionalAddress = None

    video_url: OptionalAddress = None

    difficulty_level: Annotated[Difficulty | None, BlankIsNone] = None

    force_type: Annotated[ForceType | None, BlankIsNone] = None


class ExerciseChange(Model):
    """What to change; what is absent stays.

    Null stays as well, except for the last four fields, which null clears.
    """

    name: ExerciseName | None = None

    description: Description | None = None

    equipment: Equipment | None = None

    muscle_contributions: Contributions | None = None
    """Replaces the whole map, and with it the roles."""

    muscle_roles: MuscleRoles | None = None
    """Replaces the roles; `{}` makes them the usual ones."""

    image_url: OptionalAddress = None

    video_url: OptionalAddress = None

    difficulty_level: Annotated[Difficulty | None, BlankIsNone] = None

    force_type: Annotated[ForceType | None, BlankIsNone] = None


_ORDER = {muscle: place for place, muscle in enumerate(MuscleGroup)}


class Exercise(Model):
    """As stored. Exercises of the shared catalogue belong to no organization."""

    id: str
    name: str
    description: str = ""
    equipment: Equipment
    muscle_contributions: dict[MuscleGroup, float]
    muscle_roles: dict[MuscleGroup, MuscleRole] = Field(default={})
    """Only those that are not the usual ones."""

    image_url: str | None = None
    video_url: str | None = None
    difficulty_level: Difficulty | None = None
    force_type: ForceType | None = None
    created_by_user_id: str | None = None
    organization_id: str | None = None
    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)
    """Opaque; changes with every write."""

    @property
    def is_global(self) -> bool:
        return self.organization_id is None

    @property
    def by_contribution(self) -> list[tuple[MuscleGroup, float]]:
        """Most trained first; equal ones in the order of the muscle groups."""
        return sorted(self.muscle_contributions.items(), key=lambda row: (-row[1], _ORDER[row[0]]))

    @cached_property
    def total_contribution(self) -> float:
        return sum(self.muscle_contributions.values())

    @cached_property
    def shares(self) -> tuple[Share, ...]:
        """What a set counts for each of its muscles; the catalogue lives as long as the process,
        and so does what is cached of it."""
        return tuple(
            Share(muscle, share, int(self.role(muscle) is MuscleRole.DIRECT))
            for muscle, share in self.muscle_contributions.items()
        )

    @cached_property
    def direct_muscles(self) -> tuple[MuscleGroup, ...]:
        """Those whose sets count on the direct axis: they do the work, not merely help."""
        return tuple(share.muscle for share in self.shares if share.direct)

    @cached_property
    def direct_categories(self) -> frozenset[str]:
        """The parts of the split (pushing, pulling, core, legs) that it trains directly."""
        return frozenset(muscle.category for muscle in self.direct_muscles)

    def role(self, muscle: MuscleGroup) -> MuscleRole:
        """Of a muscle that the exercise trains."""
        return self.muscle_roles.get(muscle, usual_role(self.muscle_contributions[muscle]))

    @property
    def primary_muscles(self) -> list[MuscleGroup]:
        return [muscle for muscle, share in self.by_contribution if share == 1]

    @property
    def secondary_muscles(self) -> list[MuscleGroup]:
        """Most trained first."""
        return [muscle for muscle, share in self.by_contribution if share < 1]

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Without what is cached, since that of the copy may be something else."""
        copied = super().model_copy(update=update, deep=deep)
        for name in _CACHED:
            copied.__dict__.pop(name, None)
        return copied


_CACHED = [name for name, value in vars(Exercise).items() if isinstance(value, cached_property)]


class ExerciseView(Model):
    """An exercise."""

    id: str
    name: str
    description: str
    equipment: Equipment
    equipment_name: str

    image_url: str | None
    """Null also when the picture lies on a host that clients do not load from."""

    video_url: str | None
    difficulty_level: Difficulty | None
    force_type: ForceType | None

    is_global: bool
    """Whether it belongs to the shared catalogue and not to an organization."""

    created_by_user_id: str | None
    organization_id: str | None

    muscle_contributions: list[MuscleContribution]
    """Most trained first."""

    primary_muscles: list[str]
    """Display names of the muscles with contribution 1."""

    secondary_muscles: list[str]
    """Display names of the other muscles, most trained first."""

    total_contribution: float
    """Sum of all contributions."""

    is_compound: bool
    """Whether it trains two or more muscle groups."""

    created_at: Moment
    updated_at: Moment
    version: str = Field(default="", exclude=True)

    @classmethod
    def of(cls, exercise: Exercise, *, image_url: str | None) -> Self:
        """`image_url` is the address to show, which may be withheld from what is stored."""
        return cls(
            id=exercise.id,
            name=exercise.name,
            description=exercise.description,
            equipment=exercise.equipment,
            equipment_name=exercise.equipment.display_name,
            image_url=image_url,
            video_url=exercise.video_url,
            difficulty_level=exercise.difficulty_level,
            force_type=exercise.force_type,
            is_global=exercise.is_global,
            created_by_user_id=exercise.created_by_user_id,
            organization_id=exercise.organization_id,
            muscle_contributions=[
                MuscleContribution.of(muscle, share, exercise.role(muscle))
                for muscle, share in exercise.by_contribution
            ],
            primary_muscles=[muscle.display_name for muscle in exercise.primary_muscles],
            secondary_muscles=[muscle.display_name for muscle in exercise.secondary_muscles],
            total_contribution=exercise.total_contribution,
            is_compound=len(exercise.muscle_contributions) >= 2,
            created_at=exercise.created_at,
            updated_at=exercise.updated_at,
            version=exercise.version,
        )


class ExerciseSummary(Model):
    id: str
    name: str
    equipment: Equipment
    equipment_name: str

    primary_muscles: list[str]
    """Display names of the muscles with contribution 1."""

    is_global: bool

    @classmethod
    def of(cls, exercise: Exercise) -> Self:
        return cls(
            id=exercise.id,
            name=exercise.name,
            equipment=exercise.equipment,
            equipment_name=exercise.equipment.display_name,
            primary_muscles=[muscle.display_name for muscle in exercise.primary_muscles],
            is_global=exercise.is_global,
        )


class ExercisePage(Page[ExerciseView]):
    """Exercises: the shared catalogue first, then by name."""


class ExerciseFilter(Paging):
    search: Annotated[Annotated[Text, Field(max_length=100)] | None, BlankIsNone] = None
    """Words or beginnings of words of the name; accents and letter case make no difference."""

    equipment: Annotated[Equipment | None, BlankIsNone] = None
    """Only exercises done with this."""

    muscle_group: Annotated[MuscleInput | None, BlankIsNone] = None
    """Only exercises that train this muscle, however little."""

    is_global: Annotated[bool | None, BlankIsNone] = None
    """True: only the shared catalogue; false: only your organization's."""


class SearchRequest(Model):
    query: Annotated[Text, Field(min_length=1, max_length=100)]
    limit: Annotated[int, Field(ge=1, le=50)] = 20


class SearchQuery(Model):
    q: Annotated[Text, Field(min_length=1, max_length=100)]
    """Words or beginnings of words of the name; accents and letter case make no difference."""

    limit: Annotated[int, Field(ge=1, le=50)] = 20
    """How many exercises to return at most."""


class PlannedSets(Model):
    rir: ClassVar[None] = None
    """Sets outside a program do not say how hard they are."""

    exercise_id: Id
    sets: SetCount


class VolumeRequest(Model):
    exercises: Annotated[list[PlannedSets], Field(max_length=50)]


class MuscleSets(Model):
    muscle: MuscleGroup
    muscle_name: str

    sets: float
    """Sets times contribution."""

    direct_sets: float
    """Sets of exercises that train this muscle directly."""


class VolumeAnswer(Model):
    volume_by_muscle: dict[MuscleGroup, float]
    """Sets times contribution, of all muscle groups."""

    muscles: list[MuscleSets]
    """The same as a list, most sets first."""

    total_sets: int


class ExerciseStatistics(Model):
    """How many exercises you can use."""

    model_config = ConfigDict(serialize_by_alias=True)

    total: int

    global_: int = Field(serialization_alias="global")
    """In the shared catalogue."""

    organization: int
    """Your organization's own."""

    by_equipment: dict[Equipment, int]

    by_muscle: dict[MuscleGroup, int]
    """How many train the muscle, however little; one exercise counts for each of its muscles."""
