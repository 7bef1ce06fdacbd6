"""Calls a route as somebody, with ids that lead somewhere."""

from typing import Any

from werkzeug.test import TestResponse

from shared.http.parsing import MULTIPART
from shared.wiring import Wiring
from tests.access.callers import Callers, Kind, Known
from tests.access.declarations import Declared
from tests.access.matrix import SAFE, Cell, Row
from tests.access.rights import Whose
from tests.access.things import Thing, Things
from tests.client import Functions
from tests.people import Person
from tests.pictures import form


class Calls:
    """`person` is somebody signed in, for the bodies that need a password or a token."""

    def __init__(
        self, functions: Functions, parts: Wiring, callers: Callers, things: Things, person: Person
    ) -> None:
        self._functions = functions
        self._parts = parts
        self._callers = callers
        self._things = things
        self._person = person
        self._kept: dict[tuple[str, Whose, str], Thing] = {}

    def caller(self, kind: Kind, declared: Declared) -> Known:
        return self._callers.fresh(kind) if declared.spoils_caller else self._callers.get(kind)

    def target(self, row: Row, declared: Declared, cell: Cell, viewer: Known) -> Thing:
        """What may not be changed is made once; what is changed or deleted is made anew."""
        if declared.prepare and cell.outcome is None:
            declared.prepare(self._parts, viewer.maker())
        if declared.meaning is None or cell.whose is None:
            return Thing(())
        thing = declared.meaning.thing
        if cell.outcome is None and row.route.method not in SAFE:
            return self._things.make(thing, cell.whose, viewer)
        key = (thing, cell.whose, viewer.user_id)
        if key not in self._kept:
            self._kept[key] = self._things.make(thing, cell.whose, viewer)
        return self._kept[key]

    def answer(
        self, row: Row, declared: Declared, viewer: Known, thing: Thing, **changes: Any
    ) -> TestResponse:
        request: dict[str, Any] = {"query_string": declared.query}
        if viewer.token:
            request["headers"] = {"Authorization": f"Bearer {viewer.token}"}
        if declared.body:
            body = self.body(declared)
            sent = form(body) if MULTIPART in row.route.accepts else {"json": body}
            request["headers"] = request.get("headers", {}) | sent.pop("headers", {})
            request |= sent
        return self._functions.call(
            row.folder, row.route.method, row.path(thing.ids), **request | changes
        )

    def body(self, declared: Declared) -> Any:
        return declared.body(self._person) if declared.body else None

    def version(self, thing: Thing) -> str | None:
        """Of the stored document; None where there is none."""
        found = self._parts.documents.get(thing.document) if thing.document else None
        return found.version if found else None
