"""What the ids of paths lead to: exercises, programs and sessions of every possible owner."""

from dataclasses import dataclass

from shared.models.exercises import ExerciseDraft
from shared.models.programs import ProgramDraft, ProgramView
from shared.models.users import Caller, Role
from shared.storage.tenancy import (
    exercise_path,
    invitation_collection,
    program_path,
    user_path,
)
from shared.wiring import Wiring
from tests.access.callers import Callers, Kind, Known, somebody_else
from tests.access.rights import Whose
from tests.functions.bodies import MISSING, a_name, a_program, a_session, an_exercise


@dataclass(frozen=True)
class Thing:
    ids: tuple[str, ...]
    """For the path, in its order."""
    document: str | None = None
    """Where it is stored."""


class Things:
    """Makes what a path should lead to, as somebody would who may."""

    def __init__(self, parts: Wiring, callers: Callers) -> None:
        self._parts = parts
        self._callers = callers

    def make(self, thing: str, whose: Whose, viewer: Known) -> Thing:
        if thing == "member":
            return self._member(whose, viewer)
        if thing == "invitation":
            return self._invitation(whose, viewer)
        if thing == "asset":
            return Thing(("swagger.js" if whose is Whose.SHARED else "nothing.js",))
        if whose in {Whose.MISSING, Whose.MISSING_SHARED}:
            absent = MISSING if whose is Whose.MISSING else "nothing-of-this-name"
            return Thing((absent, MISSING) if thing == "session" else (absent,))
        maker = self._maker(whose, viewer)
        if thing == "exercise":
            return self._exercise(maker)
        program = self._program(maker)
        path = self._document(program)
        if thing == "program":
            return Thing((program.id,), path)
        return Thing((program.id, self._session(program, whose, viewer)), path)

    def _member(self, whose: Whose, viewer: Known) -> Thing:
        if whose is Whose.MISSING:
            return Thing((MISSING,))
        other = self._elsewhere(viewer).user_id
        return Thing((other,), user_path(other))

    def _invitation(self, whose: Whose, viewer: Known) -> Thing:
        if whose is Whose.MISSING:
            return Thing((MISSING,))
        inviter = viewer if whose is Whose.OWN else self._elsewhere(viewer)
        email = f"{a_name('guest').replace(' ', '.').lower()}@example.com"
        made = self._parts.members.invite(inviter.maker(inviter.user_id), email)
        path = f"{invitation_collection(inviter.organization_id)}/{made.id}"
        return Thing((made.id,), path)

    def _maker(self, whose: Whose, viewer: Known) -> Caller | None:
        """None for the shared catalogue."""
        if whose is Whose.SHARED:
            return None
        if whose is Whose.OTHERS:
            return self._elsewhere(viewer).maker()
        if whose is Whose.COLLEAGUES:
            return viewer.maker(somebody_else())
        return viewer.maker()

    def _elsewhere(self, viewer: Known) -> Known:
        stranger, pro = self._callers.get(Kind.STRANGER), self._callers.get(Kind.PRO)
        return pro if viewer.organization_id == stranger.organization_id else stranger

    def _exercise(self, maker: Caller | None) -> Thing:
        draft = ExerciseDraft.model_validate(an_exercise())
        made = self._parts.exercises.create(maker or self._admin(), draft)
        return Thing((made.id,), exercise_path(made.id, made.organization_id))

    def _program(self, maker: Caller | None) -> ProgramView:
        sessions = [a_session(number, name=a_name("Session")) for number in (1, 2)]
        draft = ProgramDraft.model_validate(a_program(sessions=sessions))
        if maker is None:
            return self._parts.programs.create_template(self._admin(), draft)
        return self._parts.programs.create(maker, draft)

    def _session(self, program: ProgramView, whose: Whose, viewer: Known) -> str:
        """The program's own unless the path is to lead astray."""
        if whose is Whose.MISSING_CHILD:
            return MISSING
        if whose is Whose.OTHERS_CHILD:
            program = self._program(self._elsewhere(viewer).maker())
        elif whose is Whose.SIBLINGS_CHILD:
            program = self._program(viewer.maker())
        return program.sessions[0].id

    def _admin(self) -> Caller:
        maker = self._callers.get(Kind.ADMIN).maker()
        return maker.model_copy(update={"role": Role.ADMIN})

    @staticmethod
    def _document(program: ProgramView) -> str:
        return program_path(program.id, program.organization_id)
