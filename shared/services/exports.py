"""Data exports: asked for, packed in the background, fetched by their owner, and removed."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import NotFound
from shared.gateways.ports import Files
from shared.models.exports import MEDIA_TYPE, Export, ExportState, ExportView
from shared.models.mails import MailKind
from shared.models.tasks import BuildExport, SendMail
from shared.models.users import Caller
from shared.rules.exports import (
    KEPT,
    about_organization,
    is_pending,
    made_by,
    packed,
    shown,
    sorted_out,
    without_colleagues,
)
from shared.rules.files import archive_folder, archive_name
from shared.services.background import BackgroundService
from shared.storage.effects import Effects
from shared.storage.exports import Belongings, ExportRepository

REMOVED_AT_ONCE = 100


class ExportService:
    """`files` returns the store of files; `now` the current UTC time, `new_id` a fresh id."""

    def __init__(
        self,
        exports: ExportRepository,
        files: Callable[[], Files],
        background: BackgroundService,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._exports = exports
        self._files = files
        self._background = background
        self._now = now
        self._new_id = new_id

    def request(self, caller: Caller) -> ExportView:
        """Begin one, in place of an earlier one; while one is being made, it is that one."""
        now = self._now()
        new = Export(
            id=self._new_id(), user_id=caller.user_id, requested_at=now, expires_at=now + KEPT
        )
        task = BuildExport(user_id=caller.user_id, export_id=new.id)
        export = self._exports.request(new, Effects(now=now, tasks=(task,)))
        if export.id == new.id:
            self._background.push(task)
        return self._view(export)

    def show(self, caller: Caller) -> ExportView:
        """Raises NotFound when there is none (any more)."""
        return self._view(self._exports.find(caller.user_id))

    def download(self, caller: Caller) -> tuple[bytes, str]:
        """The archive and a name for it. Raises NotFound unless there is a finished one."""
        export = self._exports.find(caller.user_id)
        ready = self._view(export).download_url is not None
        archive = self._files().get(_name(export)) if export and ready else None
        if export is None or archive is None:
            raise NotFound("There is no finished export. Ask for one, or wait for its mail.")
        return archive, f"hypertroq-{export.requested_at:%Y-%m-%d}.zip"

    def build(self, task: BuildExport) -> None:
        """Pack it, store it, say so. Does nothing for one that nobody waits for any more."""
        export = self._exports.find(task.user_id)
        if export is None or export.id != task.export_id:
            return
        now = self._now()
        if not is_pending(export, now):
            return
        belongings = self._exports.belongings(task.user_id)
        if belongings is None:
            return
        archive = packed(_files(task.user_id, belongings), self._picture(belongings), now)
        self._files().put(_name(export), archive, MEDIA_TYPE)
        ready = export.model_copy(
            update={
                "state": ExportState.READY,
                "ready_at": now,
                "expires_at": now + KEPT,
                "size_bytes": len(archive),
            }
        )
        mail = SendMail(
            mail=MailKind.EXPORT_READY, user_id=task.user_id, about=export.id, cause=export.id
        )
        if not self._exports.finish(ready, Effects(now=now, tasks=(mail,))):
            # A newer one has taken its place, and what is stored may be that one's.
            self._files().delete(_name(export))
            return
        self._background.push(mail)
        self._remove_files(task.user_id, but=_name(export))

    def remove_expired(self) -> int:
        """How many there were."""
        removed = 0
        while expired := self._exports.expired(self._now(), limit=REMOVED_AT_ONCE):
            for export in expired:
                self._files().delete(_name(export))
                self._exports.remove(export)
            removed += len(expired)
        return removed

    def _view(self, export: Export | None) -> ExportView:
        view = shown(export, self._now()) if export else None
        if view is None:
            raise NotFound("There is no export. Ask for one.")
        return view

    def _picture(self, belongings: Belongings) -> bytes | None:
        avatar = belongings.account.get("avatar")
        return self._files().get(avatar) if avatar else None

    def _remove_files(self, user_id: str, but: str) -> None:
        """Archives whose place another one has taken."""
        for name in self._files().names(archive_folder(user_id)):
            if name != but:
                self._files().delete(name)


def _name(export: Export) -> str:
    return archive_name(export.user_id, export.id)


def _files(user_id: str, belongings: Belongings) -> dict[str, object]:
    made = without_colleagues(user_id, made_by(user_id, belongings.tenant))
    programs, rest = sorted_out(made, "programs")
    exercises, rest = sorted_out(rest, "exercises")
    return {
        "account.json": belongings.account,
        "organization.json": about_organization(belongings.organization, user_id),
        "programs.json": programs,
        "exercises.json": exercises,
        "other.json": {**belongings.own, **rest},
        "audit.json": belongings.audit,
    }
