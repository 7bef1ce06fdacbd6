"""The exercises of all owners, as administrators list them."""

from typing import Annotated

from pydantic import Field

from shared.models.base import BlankIsNone, Id, Model, Text
from shared.models.equipment import Equipment
from shared.models.exercises import ExerciseView
from shared.models.muscles import MuscleInput
from shared.models.pages import FarPaging, Page


class LibraryFilter(FarPaging):
    limit: Annotated[int, Field(ge=1, le=100)] = 50
    """How many items to return at most."""

    search: Annotated[Annotated[Text, Field(max_length=100)] | None, BlankIsNone] = None
    """Beginnings of words of the name; every word must occur."""

    equipment: Annotated[Equipment | None, BlankIsNone] = None
    """Only exercises done with this."""

    muscle_group: Annotated[MuscleInput | None, BlankIsNone] = None
    """Only exercises that train this muscle at all."""

    is_global: Annotated[bool | None, BlankIsNone] = None
    """True: only the shared catalogue; false: only organizations' own."""

    organization_id: Annotated[Id | None, BlankIsNone] = None
    """Only this organization's own."""


class LibraryPage(Page[ExerciseView]):
    """Exercises of all owners, newest first. `total` is exact up to 10,000."""


class Removal(Model):
    force: bool = False
    """Remove it even though programs use it."""
