"""What the ids of paths lead to: exercises, programs and sessions of every possible owner."""

from collections.abc import Callable
from dataclasses import dataclass

from shared.errors import Refused
from shared.models.avatars import PictureUpload
from shared.models.exercises import ExerciseDraft
from shared.models.mails import MailKind
from shared.models.mesocycles import MesocycleDraft
from shared.models.programs import CloneDraft, ProgramChange, ProgramDraft, ProgramView
from shared.models.tasks import SendMail
from shared.models.users import Caller, Role
from shared.storage.tenancy import (
    exercise_path,
    invitation_collection,
    organization_path,
    program_path,
    user_path,
)
from shared.wiring import Wiring
from tests.access.callers import Callers, Kind, Known, somebody_else
from tests.access.rights import Whose
from tests.functions.bodies import MISSING, a_name, a_program, a_session, an_exercise, work
from tests.pictures import picture

_CHILDREN = {"session": (MISSING,), "mesocycle": (MISSING,), "version": ("1",)}
"""What the path of a child of something missing says besides."""


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
        self._alone: dict[str, Callable[[Whose, Known], Thing]] = {
            "asset": self._asset,
            "member": self._member,
            "invitation": self._invitation,
            "person": self._anybody,
            "suspended person": self._suspended,
            "organization": self._organization,
            "failed task": self._failed_task,
            "picture": self._picture,
        }
        """What has nothing to do with exercises and programs."""

    def make(self, thing: str, whose: Whose, viewer: Known) -> Thing:
        if alone := self._alone.get(thing):
            return alone(whose, viewer)
        if whose in {Whose.MISSING, Whose.MISSING_SHARED}:
            absent = MISSING if whose is Whose.MISSING else "nothing-of-this-name"
            return Thing((absent, *_CHILDREN.get(thing, ())))
        maker = self._maker(whose, viewer)
        if thing == "exercise":
            return self._exercise(maker)
        program = self._copy(maker) if thing == "copy" and maker else self._program(maker)
        path = self._document(program)
        if thing in {"program", "copy"}:
            return Thing((program.id,), path)
        if thing == "version":
            return Thing((program.id, "9" if whose is Whose.MISSING_CHILD else "1"), path)
        other = self._other(program, whose, viewer)
        if thing == "mesocycle":
            made = MISSING if other is None else self._mesocycle(other)
            return Thing((program.id, made), f"{path}/mesocycles/{made}")
        return Thing((program.id, MISSING if other is None else other.sessions[0].id), path)

    @staticmethod
    def _asset(whose: Whose, _: Known) -> Thing:
        return Thing(("swagger.js" if whose is Whose.SHARED else "nothing.js",))

    def _picture(self, whose: Whose, _: Known) -> Thing:
        if whose in {Whose.MISSING, Whose.MISSING_SHARED}:
            return Thing((MISSING,))
        somebody = self._callers.get(Kind.STRANGER)
        self._parts.avatars.put(somebody.maker(), PictureUpload(image=picture("PNG", (32, 32))))
        return Thing((somebody.user_id,))

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

    def _anybody(self, whose: Whose, viewer: Known, kind: Kind = Kind.FREE) -> Thing:
        if whose is Whose.MISSING:
            return Thing((MISSING,))
        other = viewer if whose is Whose.OWN else self._callers.fresh(kind)
        return Thing((other.user_id,), user_path(other.user_id))

    def _suspended(self, whose: Whose, viewer: Known) -> Thing:
        return self._anybody(whose, viewer, Kind.SUSPENDED)

    def _organization(self, whose: Whose, viewer: Known) -> Thing:
        if whose is Whose.MISSING:
            return Thing((MISSING,))
        owner = viewer if whose is Whose.OWN else self._elsewhere(viewer)
        return Thing((owner.organization_id,), organization_path(owner.organization_id))

    def _failed_task(self, whose: Whose, viewer: Known) -> Thing:
        task = SendMail(mail=MailKind.WELCOME, user_id=MISSING, cause=a_name("cause"))
        if whose is Whose.MISSING:
            return Thing((task.id,))

        def refuse(_: SendMail) -> None:
            raise Refused("Nobody is there.")

        self._parts.background.run(task, refuse, attempt=1)
        return Thing((task.id,), f"failed_tasks/{task.id}")

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
        sessions = [a_session(number, [work("plank")], name=a_name("Session")) for number in (1, 2)]
        draft = ProgramDraft.model_validate(a_program(sessions=sessions))
        if maker is None:
            return self._parts.programs.create_template(self._admin(), draft)
        return self._parts.programs.create(maker, draft)

    def _copy(self, maker: Caller) -> ProgramView:
        """Of a template that has changed since."""
        template = self._program(None)
        copy = self._parts.programs.clone(maker, template.id, CloneDraft())
        change = ProgramChange(description=a_name("Changed"))
        self._parts.programs.change(self._admin(), template.id, change, None)
        return copy

    def _other(self, program: ProgramView, whose: Whose, viewer: Known) -> ProgramView | None:
        """Whose child to name: the program's own unless the path is to lead astray."""
        if whose is Whose.MISSING_CHILD:
            return None
        if whose is Whose.OTHERS_CHILD:
            return self._program(self._elsewhere(viewer).maker())
        if whose is Whose.SIBLINGS_CHILD:
            return self._program(viewer.maker())
        return program

    def _mesocycle(self, program: ProgramView) -> str:
        maker = self._admin().model_copy(update={"organization_id": program.organization_id or ""})
        made = self._parts.mesocycles.create(maker, program.id, MesocycleDraft(name=a_name()))
        return str(made.id)

    def _admin(self) -> Caller:
        maker = self._callers.get(Kind.ADMIN).maker()
        return maker.model_copy(update={"role": Role.ADMIN})

    @staticmethod
    def _document(program: ProgramView) -> str:
        return program_path(program.id, program.organization_id)
