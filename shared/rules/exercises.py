"""What makes a sound exercise, and how one is made and changed."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlsplit

from shared.errors import Invalid
from shared.models.contributions import MuscleRole, usual_role
from shared.models.exercises import Exercise, ExerciseChange, ExerciseDraft
from shared.models.muscles import MuscleGroup
from shared.rules.names import name_key

_CLEARABLE = ("image_url", "video_url", "difficulty_level", "force_type")
"""Fields that null clears; for the others null means to leave them alone."""

_ADDRESSES = {
    "search",
    "muscle-groups",
    "equipment-types",
    "templates",
    "calculate-volume",
    "volume",
    "design",
    "analyze",
}
"""What stands in the place of an id in some address."""

_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def require_target(contributions: Mapping[MuscleGroup, float]) -> None:
    """Raise Invalid unless a set counts fully for at least one muscle.

    Without such a muscle no set of the exercise would count as direct training of anything.
    """
    if not any(share == 1 for share in contributions.values()):
        raise Invalid.at(
            ("body", "muscle_contributions"),
            "At least one muscle group must be trained fully (contribution 1.0).",
        )


def kept_roles(
    roles: Mapping[MuscleGroup, MuscleRole], contributions: Mapping[MuscleGroup, float]
) -> dict[MuscleGroup, MuscleRole]:
    """The roles worth storing: those that are not the usual ones.

    Raises Invalid for a muscle that the exercise does not train, and when none is left that it
    trains directly.
    """
    if strangers := sorted(roles.keys() - contributions.keys()):
        raise Invalid.at(
            ("body", "muscle_roles", strangers[0]), "The exercise does not train this muscle."
        )
    usual = {muscle: usual_role(share) for muscle, share in contributions.items()}
    if MuscleRole.DIRECT not in {**usual, **roles}.values():
        raise Invalid.at(
            ("body", "muscle_roles"), "At least one muscle group must be trained directly."
        )
    return {muscle: role for muscle, role in roles.items() if role != usual[muscle]}


def new_exercise(
    draft: ExerciseDraft,
    *,
    exercise_id: str,
    organization_id: str | None,
    user_id: str | None,
    now: datetime,
) -> Exercise:
    """Raises Invalid when the draft has no primary muscle, or a role that cannot be.

    Without an organization the exercise belongs to the shared catalogue.
    """
    require_target(draft.muscle_contributions)
    return Exercise(
        id=exercise_id,
        name=draft.name,
        description=draft.description,
        equipment=draft.equipment,
        muscle_contributions=draft.muscle_contributions,
        muscle_roles=kept_roles(draft.muscle_roles, draft.muscle_contributions),
        image_url=draft.image_url,
        video_url=draft.video_url,
        difficulty_level=draft.difficulty_level,
        force_type=draft.force_type,
        organization_id=organization_id,
        created_by_user_id=user_id,
        created_at=now,
        updated_at=now,
    )


def apply_change(exercise: Exercise, change: ExerciseChange, now: datetime) -> Exercise:
    """Raises Invalid when the new contributions have no primary muscle, or a role cannot be."""
    contributions = exercise.muscle_contributions
    roles = change.muscle_roles
    if change.muscle_contributions is not None:
        contributions = change.muscle_contributions
        require_target(contributions)
        roles = roles or {}
    changes = {
        field: getattr(change, field)
        for field in change.model_fields_set
        if field in _CLEARABLE or getattr(change, field) is not None
    }
    if roles is not None:
        changes["muscle_roles"] = kept_roles(roles, contributions)
    return exercise.model_copy(update={**changes, "updated_at": now})


def shown_image(url: str | None, allowed_hosts: Collection[str]) -> str | None:
    """The address if clients load pictures from its host, else None.

    The web client's image component breaks the whole page on any other host.
    """
    if url is None:
        return None
    return url if urlsplit(url).hostname in allowed_hosts else None


def slug(name: str) -> str:
    """A readable id of at most 64 letters, digits and hyphens.

    Names without any Latin letter or digit give a hash, so that every name has an id. None reads
    like an address of the API or like a UUID, which marks what an organization made.
    """
    latin = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    readable = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")[:64].rstrip("-")
    if not readable or readable in _ADDRESSES or _UUID.fullmatch(readable):
        return "x-" + hashlib.sha256(name_key(name).encode()).hexdigest()[:16]
    return readable
