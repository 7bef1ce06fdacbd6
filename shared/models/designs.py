"""Programs that the optimiser makes or mends: what is asked for, and what comes back."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, field_validator

from shared.models.base import BlankIsNone, Id, Model
from shared.models.equipment import Equipment
from shared.models.muscles import MuscleGroup, MuscleInput
from shared.models.patches import Patch
from shared.models.programs import ProgramDraft, ProgramName, ProgramView, Weeks
from shared.models.sessions import MAX_SESSION_EXERCISES
from shared.models.structures import SplitType, Structure
from shared.models.volume import Experience, MusclePriority, ProfileInput, ProfileName, ProgramStats

Minutes = Annotated[int, Field(ge=10, le=240)]


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
    """No program keeps all the limits."""
