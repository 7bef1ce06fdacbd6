"""What a look over a program finds, and what may be asked of it."""

from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field

from shared.models.base import BlankIsNone, Model
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup
from shared.models.patches import PatchOperation
from shared.models.volume import ProfileName, StatsQuery


class Severity(StrEnum):
    ERROR = "error"
    """The program asks for more than can be recovered from, or cannot be done as it stands."""

    WARNING = "warning"
    """A published number says that it could be better."""

    INFO = "info"
    """Worth knowing; a matter of convention or taste."""


class RuleId(StrEnum):
    """A rule's name, which never changes its meaning."""

    UNTRAINED = "HQ101"
    BELOW_EFFECTIVE = "HQ102"
    ABOVE_RECOVERABLE = "HQ103"
    SESSION_OVER_CAP = "HQ104"
    LONE_EXPOSURE = "HQ105"
    PUSH_PULL = "HQ106"
    QUADRICEPS_HAMSTRINGS = "HQ107"
    SESSION_TOO_LONG = "HQ108"
    EXERCISE_TWICE = "HQ109"
    EQUIPMENT_MISSING = "HQ110"
    UNEVEN_ROTATION = "HQ111"
    NO_DELOAD = "HQ112"
    REPETITIONS = "HQ113"
    FAR_FROM_FAILURE = "HQ114"
    HEAVY_DAYS_IN_A_ROW = "HQ115"
    SUSPICIOUS_CONTRIBUTIONS = "HQ116"


class Location(Model):
    """What a finding is about; what is null plays no part in it."""

    session_id: str | None = None
    exercise_id: str | None = None
    muscle: MuscleGroup | None = None


class Finding(Model):
    rule_id: RuleId

    severity: Severity

    location: Location

    message: str
    """A sentence for people."""

    evidence: list[str]
    """Ids of the sources that the rule rests on (`GET /programs/volume/sources`); `convention`
    where it is a house convention without a study behind it."""

    autofix: list[PatchOperation] | None
    """A patch of the program that removes the finding and causes no other warning or error; null
    where there is no such safe change."""


def _once_each(rules: list[RuleId]) -> list[RuleId]:
    return sorted(set(rules))


RuleIds = Annotated[list[RuleId], Field(max_length=100), AfterValidator(_once_each)]


def _listed(value: Any) -> Any:
    """A query string's list: texts parted by commas."""
    return [part.strip() for part in value.split(",")] if isinstance(value, str) else value


Listed = BeforeValidator(_listed, json_schema_input_type=str | None)


SessionMinutes = Annotated[Annotated[int, Field(ge=10, le=300)] | None, BlankIsNone]


class LintSettings(Model):
    """What is known about the person and the place; all of it is optional."""

    session_minutes: SessionMinutes = None
    """The time there is for one session, in minutes."""

    equipment: Annotated[list[Equipment], Field(max_length=50)] | None = None
    """What there is to train with besides one's own body; without it, everything."""

    disabled_rules: RuleIds = Field(default=[])
    """Rules that are not looked at."""


class LintQuery(StatsQuery):
    session_minutes: SessionMinutes = None
    """The time there is for one session, in minutes."""

    equipment: Annotated[list[Equipment] | None, Listed] = None
    """What there is to train with besides one's own body, parted by commas; without it,
    everything."""

    disabled_rules: Annotated[RuleIds | None, Listed] = None
    """Rules that are not looked at, parted by commas; those that the organization has switched
    off are left out in any case."""

    def settings(self, also_disabled: list[RuleId]) -> LintSettings:
        return LintSettings(
            session_minutes=self.session_minutes,
            equipment=self.equipment,
            disabled_rules=[*(self.disabled_rules or []), *also_disabled],
        )


class LintReport(Model):
    profile: ProfileName

    findings: list[Finding]
    """Errors first, then warnings; equal ones by rule and in the order of the program."""

    errors: int
    warnings: int
    infos: int
