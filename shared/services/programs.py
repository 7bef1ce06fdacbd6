"""What people do with programs, their sessions and their weekly volume."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from shared.errors import Forbidden, VersionMismatch
from shared.models.exercises import Exercise, ExerciseSummary
from shared.models.lint import LintQuery, LintReport
from shared.models.programs import (
    CloneDraft,
    Program,
    ProgramChange,
    ProgramDraft,
    ProgramFilter,
    ProgramPage,
    ProgramView,
)
from shared.models.recommendations import RecommendationChoice
from shared.models.schedule import Schedule, ScheduleRequest
from shared.models.sessions import (
    SessionChange,
    SessionDraft,
    SessionExercise,
    SessionExerciseDraft,
    SessionView,
)
from shared.models.users import Caller
from shared.models.versions import Author, Edit
from shared.models.volume import ProfileName, ProgramStats, PublishedProfile
from shared.rules.counted import CountedProgram
from shared.rules.exercises import slug
from shared.rules.lint.findings import lint, report
from shared.rules.patches import apply_all, new_slots
from shared.rules.plans import included
from shared.rules.programs import apply_change, clone, new_program
from shared.rules.recommendations import patches_of
from shared.rules.schedule import scheduled
from shared.rules.search import ranked
from shared.rules.sessions import (
    add_session,
    change_session,
    just_added,
    planned,
    remove_session,
    require_known_exercises,
    require_session,
)
from shared.rules.statistics import stats
from shared.rules.yardsticks import Yardstick, published
from shared.services.trail import told
from shared.services.volume_settings import VolumeSettingsService
from shared.storage.effects import Effects
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository
from shared.storage.repeats import Repeat
from shared.storage.tenancy import is_tenant_id, owner


class ProgramService:
    """Reads and changes programs on behalf of a caller.

    `now` returns the current UTC time; `new_id` a fresh id.
    """

    def __init__(
        self,
        programs: ProgramRepository,
        exercises: ExerciseRepository,
        settings: VolumeSettingsService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._programs = programs
        self._exercises = exercises
        self._settings = settings
        self._now = now
        self._new_id = new_id

    def browse(self, caller: Caller, asked: ProgramFilter) -> ProgramPage:
        """Templates and the organization's programs, newest first; a search ranks by name."""
        rows = [
            row
            for row in self._programs.rows(caller.organization_id)
            if asked.split_type in {None, row.split_type}
            and asked.structure_type in {None, row.structure_type}
            and asked.is_template in {None, row.is_template}
        ]
        if asked.search:
            rows = ranked(asked.search, rows, lambda row: row.name)
        page = rows[asked.offset : asked.offset + asked.limit]
        return ProgramPage.of(page, len(rows), asked)

    def get(
        self, caller: Caller, program_id: str, profile: ProfileName = ProfileName.EVIDENCE
    ) -> ProgramView:
        """Raises ProgramNotFound, also for another organization's program."""
        program = self._programs.visible(program_id, caller.organization_id)
        return self.shown(caller, program, profile)

    def lint(self, caller: Caller, program_id: str, asked: LintQuery) -> LintReport:
        """Raises ProgramNotFound, also for another organization's program."""
        program = self._programs.visible(program_id, caller.organization_id)
        library = self._exercises.lending(program.organization_id, program.exercise_ids)
        findings = lint(
            CountedProgram.of(program, library.known()),
            self._settings.yardstick(caller, asked.profile).targets,
            asked.settings(self._settings.disabled_rules(caller)),
        )
        return report(asked.profile, findings)

    def stats(self, caller: Caller, program_id: str, profile: ProfileName) -> ProgramStats:
        return self.get(caller, program_id, profile).stats

    def schedule(self, caller: Caller, program_id: str, asked: ScheduleRequest) -> Schedule:
        return scheduled(self._programs.visible(program_id, caller.organization_id), asked)

    def create(self, caller: Caller, draft: ProgramDraft) -> ProgramView:
        """Raises Invalid, Refused for an exercise the caller cannot see, or QuotaReached."""
        self._require_exercises(caller.organization_id, planned(draft.sessions))
        program = new_program(
            draft,
            program_id=self._new_id(),
            new_id=self._new_id,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
        )
        repeat = Repeat.of(caller.user_id, "program", draft.model_dump_json())
        most = included(caller).programs
        return self.view(self._programs.add(program, repeat, _edit(caller), most=most))

    def create_template(self, caller: Caller, draft: ProgramDraft) -> ProgramView:
        """Add a program everybody may clone; it may use only the shared catalogue."""
        if not caller.is_admin:
            raise Forbidden("Only an administrator may make templates.")
        self._require_exercises(None, planned(draft.sessions))
        template = new_program(
            draft,
            program_id=slug(draft.name),
            new_id=self._new_id,
            organization_id=None,
            user_id=None,
            now=self._now(),
        )
        repeat = Repeat.of(caller.user_id, "template", draft.model_dump_json())
        effects = self.audited(caller, "program.create_template", template.id, None)
        return self.view(self._programs.add(template, repeat, _edit(caller), effects))

    def clone(self, caller: Caller, template_id: str, draft: CloneDraft) -> ProgramView:
        """Copy a template into the caller's organization; open to every plan.

        Raises ProgramNotFound when it is no template, Refused when the draft names another one.
        """
        template = self._programs.visible(template_id, caller.organization_id)
        copy = clone(
            template,
            draft,
            program_id=self._new_id(),
            new_id=self._new_id,
            organization_id=caller.organization_id,
            user_id=caller.user_id,
            now=self._now(),
        )
        repeat = Repeat.of(caller.user_id, f"clone:{template_id}", draft.model_dump_json())
        edit = _edit(caller, f"Copied from the template “{template.name}”.")
        most = included(caller).programs
        return self.view(self._programs.add(copy, repeat, edit, most=most))

    def change(
        self, caller: Caller, program_id: str, change: ProgramChange, if_match: str | None
    ) -> ProgramView:
        """Raises ProgramNotFound, Forbidden for a template, or VersionMismatch."""

        def changed(program: Program) -> Program:
            return apply_change(program, change, self._now())

        return self.view(self.changed(caller, program_id, changed, if_match, change.reason))

    def remove(self, caller: Caller, program_id: str, if_match: str | None) -> None:
        """Raises ProgramNotFound, Forbidden for a template, or VersionMismatch."""
        organization_id = self.editable(caller, program_id)
        effects = self.audited(caller, "program.delete_template", program_id, organization_id)
        self._programs.remove(program_id, organization_id, if_match, effects)

    def add_session(
        self, caller: Caller, program_id: str, draft: SessionDraft, if_match: str | None
    ) -> SessionView:
        """Add a session, or return the one an automatic repeat of this request already added.

        Raises ProgramNotFound, Forbidden for a template, Refused, Invalid or Conflict.
        """
        session_id = self._new_id()

        def changed(program: Program) -> Program:
            nonlocal session_id
            now = self._now()
            if earlier := just_added(program, draft, caller.user_id, now):
                session_id = earlier.id
                return program
            self._require_exercises(program.organization_id, draft.exercises)
            program, _ = add_session(
                program, draft, session_id=session_id, user_id=caller.user_id, now=now
            )
            return program

        try:
            program = self.changed(caller, program_id, changed, if_match)
        except VersionMismatch:
            # Perhaps it was the first of two equal requests that changed it.
            program = self._programs.visible(program_id, caller.organization_id)
            earlier = just_added(program, draft, caller.user_id, self._now())
            if earlier is None:
                raise
            session_id = earlier.id
        return self._session(program, session_id)

    def change_session(
        self,
        caller: Caller,
        program_id: str,
        session_id: str,
        change: SessionChange,
        if_match: str | None,
    ) -> SessionView:
        """Raises ProgramNotFound, SessionNotFound, Forbidden, Refused, Invalid or Conflict."""

        def changed(program: Program) -> Program:
            after, _ = change_session(program, session_id, change, self._now())
            self.require_exercises(program, after)
            return after

        program = self.changed(caller, program_id, changed, if_match, change.reason)
        return self._session(program, session_id)

    def follow(
        self, caller: Caller, program_id: str, choice: RecommendationChoice, if_match: str | None
    ) -> ProgramView:
        """Apply recommendations and patches, all or none; the same request does it only once.

        Raises ProgramNotFound, Forbidden for a template, PatchMisfit, Conflict, Refused, Invalid
        or VersionMismatch.
        """
        now = self._now()

        def changed(program: Program) -> Program:
            library = self._exercises.offered(program.organization_id, program.exercise_ids)
            named = [row for row in choice.recommendations if isinstance(row, str)]
            known = patches_of(program, library.rows(), named)
            followed = apply_all(
                program,
                [known[row] if isinstance(row, str) else row for row in choice.recommendations],
                new_id=self._new_id,
                user_id=caller.user_id,
                now=now,
                location=("body", "recommendations"),
            )
            self.require_exercises(program, followed)
            return followed

        organization_id = self.editable(caller, program_id)
        repeat = Repeat.of(caller.user_id, f"follow:{program_id}", choice.model_dump_json())
        effects = self.audited(caller, "program.update_template", program_id, organization_id)
        return self.view(
            self._programs.change_once(
                program_id,
                organization_id,
                changed,
                if_match,
                repeat=repeat,
                now=now,
                edit=_edit(caller),
                effects=effects,
            )
        )

    def remove_session(
        self, caller: Caller, program_id: str, session_id: str, if_match: str | None
    ) -> None:
        """Raises ProgramNotFound, SessionNotFound, Forbidden, or Refused for the last session."""

        def changed(program: Program) -> Program:
            return remove_session(program, session_id, self._now())

        self.changed(caller, program_id, changed, if_match)

    def editable(self, caller: Caller, program_id: str) -> str | None:
        """Whose program it is. Raises Forbidden for a template unless an administrator asks."""
        if not is_tenant_id(program_id) and not caller.is_admin:
            self._programs.visible(program_id, caller.organization_id)
            raise Forbidden("Templates cannot be changed. Clone the template and change the copy.")
        return owner(program_id, caller.organization_id)

    def changed(
        self,
        caller: Caller,
        program_id: str,
        change: Callable[[Program], Program],
        if_match: str | None,
        reason: str | None = None,
    ) -> Program:
        """The program once it is changed and its new version kept, for this reason.

        Without a reason the version tells what differs. Raises ProgramNotFound, Forbidden for a
        template, VersionMismatch, and whatever `change` raises.
        """
        organization_id = self.editable(caller, program_id)
        edit = _edit(caller, reason)
        effects = self.audited(caller, "program.update_template", program_id, organization_id)
        return self._programs.change(program_id, organization_id, change, if_match, edit, effects)

    def require_exercises(self, before: Program, after: Program) -> None:
        """Raises Refused, naming it, when a change brings in an exercise that is gone.

        What stays in its session need not be in the catalogue any more.
        """
        self._require_exercises(before.organization_id, new_slots(before, after))

    def audited(
        self, caller: Caller, action: str, target_id: str, organization_id: str | None
    ) -> Effects | None:
        """The audit row of a change of a template; an organization's own programs need none."""
        if organization_id is not None:
            return None
        entry = told(caller, action, target_id, entry_id=self._new_id(), now=self._now())
        return Effects(now=entry.created_at, audit=(entry,))

    def _require_exercises(
        self,
        organization_id: str | None,
        rows: Sequence[SessionExerciseDraft | SessionExercise],
    ) -> None:
        used = {row.exercise_id for row in rows}
        library = self._exercises.lending(organization_id, used)
        require_known_exercises(rows, {key for key in used if library.usable(key)})

    def shown(self, caller: Caller, program: Program, profile: ProfileName) -> ProgramView:
        """The program with the names of its exercises, judged by the caller's thresholds."""
        return self.view(program, self._settings.yardstick(caller, profile))

    def view(self, program: Program, yardstick: Yardstick | None = None) -> ProgramView:
        """By default judged by the published evidence."""
        judged_by = yardstick or published(PublishedProfile.EVIDENCE)
        library = self._exercises.lending(program.organization_id, program.exercise_ids)
        known = library.known()
        used = {key: known[key] for key in program.exercise_ids if key in known}
        withdrawn = [key for key in used if not library.usable(key)]
        numbers = stats(CountedProgram.of(program, used), judged_by, withdrawn)
        summaries = {key: ExerciseSummary.of(exercise) for key, exercise in used.items()}
        shown = ProgramView.of(program, numbers, summaries)
        version = shown_version(program.version, used, judged_by.set_at, withdrawn)
        return shown.model_copy(update={"version": version})

    def _session(self, program: Program, session_id: str) -> SessionView:
        session = require_session(program, session_id)
        used = {row.exercise_id for row in session.exercises}
        known = self._exercises.lending(program.organization_id, used).known()
        summaries = {key: ExerciseSummary.of(known[key]) for key in used if key in known}
        return SessionView.of(session, program.id, summaries)


def _edit(caller: Caller, reason: str | None = None) -> Edit:
    return Edit(author=Author(user_id=caller.user_id, name=caller.full_name), reason=reason)


def shown_version(
    version: str,
    used: Mapping[str, Exercise],
    set_at: datetime | None,
    withdrawn: Sequence[str] = (),
) -> str:
    """The stored version and, after a dot, a digest that changes with what is shown besides.

    Names and volume come from exercises, some of which may be `withdrawn`, and verdicts from
    settings that were changed at `set_at`, so who asks for news must hear of their changes, too.
    """
    moments = sorted((key, exercise.updated_at.isoformat()) for key, exercise in used.items())
    moments += [(key, "withdrawn") for key in withdrawn]
    if set_at:
        moments.append(("", set_at.isoformat()))
    digest = hashlib.blake2b(repr(moments).encode(), digest_size=6).hexdigest()
    return f"{version}.{digest}"
