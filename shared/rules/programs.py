"""How programs are made, copied and changed."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import ProgramNotFound, Refused
from shared.models.programs import CloneDraft, Program, ProgramChange, ProgramDraft
from shared.models.structures import DEFAULT_STRUCTURES
from shared.rules.sessions import copied, new_session, require_distinct_exercises

_NAME_LENGTH = 100


def new_program(
    draft: ProgramDraft,
    *,
    program_id: str,
    new_id: Callable[[], str],
    organization_id: str | None,
    user_id: str | None,
    now: datetime,
    location: tuple[str | int, ...] = ("body",),
) -> Program:
    """Raises Refused when an exercise occurs twice in a session, Invalid when a place in it does.

    Without an organization the program is a template. `location` is the path to the draft.
    """
    for index, session in enumerate(draft.sessions):
        require_distinct_exercises(session.exercises, (*location, "sessions", index))
    return Program(
        id=program_id,
        name=draft.name,
        description=draft.description,
        split_type=draft.split_type,
        structure_config=draft.structure,
        duration_weeks=draft.duration_weeks,
        sessions=[
            new_session(session, session_id=new_id(), user_id=user_id, now=now)
            for session in draft.sessions
        ],
        organization_id=organization_id,
        created_by_user_id=user_id,
        created_at=now,
        updated_at=now,
    )


def clone(
    template: Program,
    draft: CloneDraft,
    *,
    program_id: str,
    new_id: Callable[[], str],
    organization_id: str,
    user_id: str,
    now: datetime,
) -> Program:
    """The organization's own copy: it shares nothing with the template that could change.

    Raises ProgramNotFound when it is no template, Refused when the draft names another one.
    """
    if not template.is_template:
        raise ProgramNotFound("Only templates can be cloned.")
    if draft.template_id not in {None, template.id}:
        raise Refused("template_id differs from the template in the path.")
    return Program(
        id=program_id,
        name=draft.new_name or draft.name or clone_name(template.name),
        description=template.description,
        split_type=template.split_type,
        structure_config=template.structure_config.model_copy(deep=True),
        duration_weeks=draft.duration_weeks or template.duration_weeks,
        sessions=[
            copied(session, new_id=new_id, user_id=user_id, now=now)
            for session in template.sessions
        ],
        organization_id=organization_id,
        created_by_user_id=user_id,
        cloned_from=template.id,
        # A template from before versions were kept becomes its own version 1 when it changes.
        cloned_from_version=max(1, template.version_number),
        cloned_from_at=now,
        created_at=now,
        updated_at=now,
    )


def clone_name(template_name: str) -> str:
    """What a copy is called unless its owner says otherwise."""
    return f"My {template_name}"[:_NAME_LENGTH].rstrip()


def apply_change(program: Program, change: ProgramChange, now: datetime) -> Program:
    """Sessions stay as they are, whatever the new structure.

    The same object when nothing changes.
    """
    changes: dict[str, object] = {}
    for field in ("name", "description", "split_type", "structure_config"):
        value = getattr(change, field)
        if value is not None:
            changes[field] = value
    if "duration_weeks" in change.model_fields_set:
        changes["duration_weeks"] = change.duration_weeks
    new_type = change.structure_type
    if change.structure_config is None and new_type not in {None, program.structure_type}:
        changes["structure_config"] = DEFAULT_STRUCTURES[new_type]
    if all(getattr(program, field) == value for field, value in changes.items()):
        return program
    return program.model_copy(update={**changes, "updated_at": now})
