"""The route tables: nothing is forgotten, nothing is declared that cannot happen."""

import ast
import inspect
import re
from collections import Counter
from pathlib import Path

import pytest

from infra.dev.openapi import routers
from shared import errors
from shared.errors import AppError
from shared.http.context import Access
from shared.http.openapi_responses import refusals
from shared.http.router import Router
from shared.http.routes import Route, is_versioned
from shared.models.exercises import ExerciseView
from shared.models.health import Health
from shared.models.programs import ProgramView
from shared.rules.limits import POLICIES, KeyKind

ROOT = Path(__file__).parents[2]
TABLE = [(router, route) for router in routers() for route in router.routes]
EACH = pytest.mark.parametrize(
    ("router", "route"),
    TABLE,
    ids=[f"{route.method} {router.group}{route.path}" for router, route in TABLE],
)


def made_in(*folders: str) -> set[type[AppError]]:
    """The refusals that code in these folders makes or raises."""
    names = set()
    for folder in folders:
        for source in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(source.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id=name)) | ast.Raise(exc=ast.Name(id=name)):
                        names.add(name)
                    case ast.Call(func=ast.Attribute(value=ast.Name(id=name))):
                        names.add(name)
    kinds = [kind for kind in vars(errors).values() if inspect.isclass(kind)]
    return {kind for kind in kinds if issubclass(kind, AppError) and kind.__name__ in names}


@EACH
def test_a_route_says_what_it_does_in_one_sentence(router: Router, route: Route) -> None:
    summary = (inspect.getdoc(route.function) or "").partition("\n\n")[0]
    assert re.fullmatch(r"[A-Z][^\n]*\.", summary)


@EACH
def test_a_route_has_an_access_level_and_limits_that_exist(router: Router, route: Route) -> None:
    assert isinstance(route.access, Access)
    assert route.limits
    assert set(route.limits) <= POLICIES.keys()


@EACH
def test_a_public_route_is_not_limited_by_user_and_others_are(router: Router, route: Route) -> None:
    """Before sign-in there is only an address to count; after it, only the user is fair."""
    by_user = [POLICIES[name].key is KeyKind.USER for name in route.limits]
    assert by_user == [route.access is not Access.PUBLIC] * len(by_user)


@EACH
def test_the_path_names_exactly_the_parameters(router: Router, route: Route) -> None:
    assert re.findall(r"<(\w+)>", route.path) == list(route.parameters)


@EACH
def test_a_route_that_changes_what_is_stored_has_a_limit_of_its_own(
    router: Router, route: Route
) -> None:
    """Addresses of the same function share theirs."""
    others = [other for _, other in TABLE if other.function is not route.function]
    if route.method in {"PUT", "DELETE"} or route.status == 201:
        assert route.limits != ("default",)
        assert all(set(route.limits).isdisjoint(other.limits) for other in others)


@EACH
def test_only_routes_without_an_answer_say_204(router: Router, route: Route) -> None:
    assert (route.status == 204) == (route.answer is None)


def test_no_two_routes_have_the_same_method_and_address() -> None:
    seen = Counter(
        (route.method, router.group, re.sub(r"<\w+>", "<>", route.path)) for router, route in TABLE
    )
    assert [row for row, count in seen.items() if count > 1] == []


def test_every_declared_refusal_is_made_somewhere() -> None:
    declared = {kind for _, route in TABLE for kind in route.fails}
    assert declared - made_in("shared", "functions") == set()


def test_every_refusal_that_is_made_reaches_the_documentation() -> None:
    """What rules, services, storage and gateways refuse is in the table of some route."""
    shown = {kind for _, route in TABLE for kinds in refusals(route).values() for kind in kinds}
    layers = ("rules", "services", "storage", "gateways")
    assert made_in(*(f"shared/{layer}" for layer in layers)) - shown == set()


def test_no_two_kinds_of_refusal_share_a_code() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if inspect.isclass(kind) and issubclass(kind, AppError)
    ]
    shared = {"INTERNAL_SERVER_ERROR"}  # the base class, and Internal with its fixed sentence
    seen = Counter(kind.code for kind in kinds)
    assert {code for code, count in seen.items() if count > 1} == shared


def test_only_a_hidden_version_becomes_an_etag() -> None:
    """The product's version, which health reports, says nothing about the report's age."""
    assert is_versioned(ExerciseView)
    assert is_versioned(ProgramView)
    assert not is_versioned(Health)
    assert not is_versioned(list[ExerciseView])
