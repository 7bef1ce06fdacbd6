"""The cells of the access matrix, made from the route tables and what is declared about them."""

from dataclasses import dataclass

from infra.dev.openapi import routers
from shared.http.context import Access
from shared.http.routes import Route
from tests.access.callers import Kind
from tests.access.declarations import DECLARED, Declared
from tests.access.rights import (
    ADMINS_ONLY,
    BAD_TOKEN,
    NEEDS_PRO,
    NOT_YOURS,
    ON_PRO,
    SIGN_IN,
    TURNED_AWAY,
    Outcome,
    Whose,
)

SAFE = {"GET", "HEAD"}


@dataclass(frozen=True)
class Row:
    """One route, with the folder of the function that has it."""

    folder: str
    name: str
    """Method and path below /api/v1: how declarations name it."""
    route: Route

    def path(self, ids: tuple[str, ...]) -> str:
        """Below the host, with these ids."""
        path = self.name.partition(" ")[2]
        for parameter, value in zip(self.route.parameters, ids, strict=True):
            path = path.replace(f"<{parameter}>", value)
        return f"/api/v1{path}"


ROWS = [
    Row(
        router.function,
        f"{route.method} {'/' if router.group else ''}{router.group}{route.path}",
        route,
    )
    for router in routers()
    for route in router.routes
]


@dataclass(frozen=True)
class Cell:
    kind: Kind
    whose: Whose | None
    """None where the path has no ids."""
    outcome: Outcome

    def __str__(self) -> str:
        return f"{self.kind}, {self.whose}" if self.whose else self.kind


def cells(declared: Declared) -> list[Cell]:
    """Every kind of caller, and where the path has ids, with everything they may lead to."""
    targets: list[Whose | None] = list(declared.meaning.members) if declared.meaning else [None]
    return [
        Cell(kind, whose, _outcome(declared, kind, whose)) for whose in targets for kind in Kind
    ]


def _outcome(declared: Declared, kind: Kind, whose: Whose | None) -> Outcome:
    if declared.access is Access.TASK:
        return {Kind.NOBODY: SIGN_IN, Kind.TASK: None}.get(kind, BAD_TOKEN)
    if declared.access is not Access.PUBLIC and kind in TURNED_AWAY:
        return TURNED_AWAY[kind]
    if declared.access is Access.PRO and kind not in ON_PRO:
        return NEEDS_PRO
    if declared.access is Access.ADMIN and kind is not Kind.ADMIN:
        return ADMINS_ONLY
    if declared.of_owners and kind is Kind.COLLEAGUE:
        return NOT_YOURS
    if declared.meaning is None or whose is None:
        return None if kind in declared.except_for else declared.always
    return declared.meaning.outcome(kind, whose)


def undeclared(rows: list[Row]) -> list[str]:
    """What is wrong with the declarations of these routes, as sentences."""
    problems = []
    for row in rows:
        declared = DECLARED.get(row.name)
        if declared is None:
            problems.append(
                f"{row.name} is not declared: say in tests/access/declarations.py who may call it"
            )
            continue
        if declared.access is not row.route.access:
            problems.append(
                f"{row.name} is declared for {declared.access} and open to {row.route.access}"
            )
        if row.route.parameters and declared.meaning is None:
            named = ", ".join(row.route.parameters)
            problems.append(f"{row.name} has ids without a meaning: declare what {named} stand for")
        if row.route.body and declared.body is None:
            problems.append(f"{row.name} takes a body: declare one that works")
    return problems


assert len({row.name for row in ROWS}) == len(ROWS), "two routes have the same name"
TABLE = [(row, DECLARED[row.name]) for row in ROWS if row.name in DECLARED]
