"""Whole lists as CSV, made while they are read."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import chain

from pydantic import BaseModel

from shared.models.organizations import AdminOrganization
from shared.models.people import ExportKind
from shared.models.users import Caller
from shared.rules.spreadsheets import csv_line
from shared.services.trail import told
from shared.storage.audit import AuditRepository
from shared.storage.people import PeopleRepository

USER_COLUMNS = (
    "id",
    "email",
    "full_name",
    "organization_id",
    "role",
    "status",
    "is_verified",
    "last_seen_on",
    "last_login_at",
    "login_count",
    "deletion_requested_at",
    "created_at",
    "updated_at",
)


class ExportService:
    def __init__(
        self,
        people: PeopleRepository,
        audit: AuditRepository,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._people = people
        self._audit = audit
        self._now = now
        self._new_id = new_id

    def rows(self, caller: Caller, kind: ExportKind) -> Iterator[bytes]:
        """A heading and one line each; handing the data out is in the audit log.

        The first page is read before this returns, so that an outage can still be answered.
        """
        lines = self._lines(kind)
        first = list(self._begun(lines))
        entry = told(
            caller, f"export.{kind.value}", kind.value, entry_id=self._new_id(), now=self._now()
        )
        self._audit.add(entry)
        return chain(first, lines)

    def _lines(self, kind: ExportKind) -> Iterator[bytes]:
        if kind is ExportKind.USERS:
            yield csv_line(USER_COLUMNS)
            for user in self._people.everybody():
                yield _line(user, USER_COLUMNS)
        else:
            columns = tuple(AdminOrganization.model_fields)
            yield csv_line(columns)
            for organization in self._people.every_organization():
                yield _line(organization, columns)

    @staticmethod
    def _begun(lines: Iterator[bytes]) -> Iterator[bytes]:
        yield next(lines)
        if (row := next(lines, None)) is not None:
            yield row


def _line(row: BaseModel, columns: tuple[str, ...]) -> bytes:
    told_as = row.model_dump(mode="json", include=set(columns))
    return csv_line(told_as.get(column) for column in columns)
