"""The OpenAPI 3.1 document of the route tables; made at build time, never in a function."""

import inspect
import re
import sys
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

from shared.errors import VersionMismatch
from shared.http.answers import Content
from shared.http.context import Access
from shared.http.envelope import ErrorBody
from shared.http.openapi_examples import BODIES
from shared.http.openapi_responses import HEADERS, Refusals, headers, refusals, reports_trouble
from shared.http.parsing import JSON, MULTIPART
from shared.http.router import Router
from shared.http.routes import Route, is_versioned
from shared.rules.limits import POLICIES
from shared.version import VERSION

_ABOUT = """\
Exercises, training programs and the weekly volume they give each muscle group.

Sign in at `/api/v1/auth/login` (or with the Firebase SDK) and send the access token as
`Authorization: Bearer …`. Times are UTC in ISO 8601; unknown fields are ignored.

Every refusal has a sentence for people in `detail`, and in `error.code` a code for programs that
never changes. Quote `error.request_id`, which is also the `X-Request-ID` header, when asking for
help. `X-RateLimit-*` headers tell how many requests are left; `x-rate-limit` lists the limits of
each operation, and `x-access` says who may call it.

Whoever sends the `ETag` of what they read as `If-Match` with a change is told, by a 412, that
somebody else was faster.
"""

_SCHEMAS = "#/components/schemas/"


class _Generator(GenerateJsonSchema):
    """Names nothing twice, and knows that answers are always complete."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 - names suffice
        return False

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: FBT001 - pydantic's signature
    ) -> bool:
        return self.mode == "serialization" or super().field_is_required(field, total)


class _Schemas:
    """The schemas of everything that goes in or out, one per model."""

    def __init__(self, routes: Iterable[Route]) -> None:
        wanted: dict[tuple[Any, JsonSchemaMode], TypeAdapter[Any]] = {}
        for route in routes:
            for hint in (*route.parameters.values(), route.query, route.body):
                if hint is not None:
                    wanted[hint, "validation"] = TypeAdapter(hint)
            if route.answer not in {None, Content}:
                wanted[route.answer, "serialization"] = TypeAdapter(route.answer)
        wanted[ErrorBody, "serialization"] = TypeAdapter(ErrorBody)
        made, shared = TypeAdapter.json_schemas(
            [(hint, mode, adapter) for (hint, mode), adapter in wanted.items()],
            ref_template=f"{_SCHEMAS}{{model}}",
            schema_generator=_Generator,
        )
        self._made = made
        self._named: dict[str, dict[str, Any]] = shared["$defs"]
        for schema in self._named.values():
            schema.pop("title", None)

    def read(self, hint: Any) -> dict[str, Any]:
        """The schema of what clients send."""
        return dict(self._made[hint, "validation"])

    def written(self, hint: Any) -> dict[str, Any]:
        """The schema of what we answer."""
        return dict(self._made[hint, "serialization"])

    def fields(self, model: type[BaseModel]) -> dict[str, dict[str, Any]]:
        """The properties of what clients send, by name."""
        name = self.read(model)["$ref"].removeprefix(_SCHEMAS)
        properties: dict[str, dict[str, Any]] = self._named[name]["properties"]
        return properties

    def used_by(self, part: Any) -> dict[str, Any]:
        """The named schemas that a part of the document refers to, directly or not."""
        used: dict[str, Any] = {}
        waiting = set(_references(part))
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = self._named[name]
                waiting |= set(_references(used[name]))
        return used


def _references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        address = part.get("$ref")
        if isinstance(address, str) and address.startswith(_SCHEMAS):
            yield address.removeprefix(_SCHEMAS)
    if isinstance(part, dict | list):
        for inner in part.values() if isinstance(part, dict) else part:
            yield from _references(inner)


def document(routers: Iterable[Router]) -> dict[str, Any]:
    """The document of these routers, but for those that no client has any business with.

    One has no group: it serves this document. Another is called by our own queues alone.
    """
    shown = sorted(filter(is_shown, routers), key=lambda each: each.group)
    schemas = _Schemas(route for router in shown for route in router.routes)
    refused = Refusals()
    paths: dict[str, dict[str, Any]] = {}
    for router in shown:
        for route in router.routes:
            path = f"/api/v1/{router.group}" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
            operation = _operation(route, _name(route, router), router.tag, schemas, refused)
            paths.setdefault(path, {})[route.method.lower()] = operation
    responses = {name: refused.responses[name] for name in sorted(refused.responses)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "HypertroQ",
            "version": VERSION,
            "description": _ABOUT,
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "tags": [{"name": router.tag, "description": _tag(router)} for router in shown],
        "paths": paths,
        "components": {
            "schemas": schemas.used_by([paths, responses]),
            "responses": responses,
            "examples": refused.examples,
            "headers": HEADERS,
            "securitySchemes": {
                "bearer": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "The `access_token` of a sign-in: a Firebase ID token.",
                }
            },
        },
    }


def is_shown(router: Router) -> bool:
    return bool(router.group) and any(route.access is not Access.TASK for route in router.routes)


def _tag(router: Router) -> str:
    """What the function's own file says it is about, wherever its routes are."""
    package = router.routes[0].function.__module__.rpartition(".")[0]
    about = (inspect.getdoc(sys.modules[f"{package}.main"]) or "").partition(": ")[2]
    return about[:1].upper() + about[1:]


def _name(route: Route, router: Router) -> str:
    """Of the function; its other addresses are told apart by method and path."""
    name = route.function.__name__
    first = next(each for each in router.routes if each.function is route.function)
    if route is first:
        return name
    return "_".join((name, route.method.lower(), *re.findall(r"[a-z]+", route.path)))


def _operation(
    route: Route, name: str, tag: str, schemas: _Schemas, refused: Refusals
) -> dict[str, Any]:
    summary, _, description = (inspect.getdoc(route.function) or "").partition("\n\n")
    operation: dict[str, Any] = {
        "operationId": _camel(name) + tag,
        "summary": summary.removesuffix(".").replace("`", ""),
        "tags": [tag],
        "parameters": [*_parameters(route, schemas)],
        "responses": {
            **_answers(route, schemas),
            **{
                str(status): refused.reference(status, kinds)
                for status, kinds in refusals(route).items()
            },
        },
        "security": [] if route.access is Access.PUBLIC else [{"bearer": []}],
        "x-access": route.access.value,
        "x-rate-limit": [*_limits(route)],
    }
    if description:
        operation["description"] = description
    if route.body:
        operation["requestBody"] = _body(route, route.body, schemas)
    if route.raw:
        operation["requestBody"] = _signed_body(route)
    return operation


def _signed_body(route: Route) -> dict[str, Any]:
    """What somebody else defines, and is checked byte by byte."""
    schema = {"type": "object", "description": "As its sender defines and signs it."}
    return {"required": True, "content": {kind: {"schema": schema} for kind in route.accepts}}


def _camel(name: str) -> str:
    first, *rest = name.split("_")
    return first + "".join(map(str.capitalize, rest))


def _limits(route: Route) -> Iterator[dict[str, Any]]:
    for policy in map(POLICIES.__getitem__, route.limits):
        if policy.announced:
            for window in policy.windows:
                yield {
                    "policy": policy.window_name(window),
                    "requests": window.limit,
                    "seconds": window.seconds,
                    "counted_by": policy.key.name.lower(),
                }


def _parameters(route: Route, schemas: _Schemas) -> Iterator[dict[str, Any]]:
    for name, hint in route.parameters.items():
        schema = schemas.read(hint)
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": schema.pop("description", f"The {name.removesuffix('_id')}'s id."),
            "schema": schema,
        }
    if route.query:
        for name, schema in schemas.fields(route.query).items():
            yield _query_parameter(name, dict(schema))
    if VersionMismatch in route.fails:
        yield {
            "name": "If-Match",
            "in": "header",
            "description": "The `ETag` of what you read; refused with 412 when it is outdated.",
            "schema": {"type": "string"},
        }
    if _has_etag(route) and route.method == "GET":
        yield {
            "name": "If-None-Match",
            "in": "header",
            "description": "The `ETag` of what you hold; answered with 304 when it is current.",
            "schema": {"type": "string"},
        }


def _query_parameter(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    """An absent parameter stands for null, which a query string cannot express."""
    parameter: dict[str, Any] = {"name": name, "in": "query"}
    if "default" in schema and schema["default"] is None:
        del schema["default"]
    elif "default" not in schema:
        parameter["required"] = True
    if "description" in schema:
        parameter["description"] = schema.pop("description")
    kinds = [kind for kind in schema.pop("anyOf", ()) if kind.get("type") != "null"]
    parameter["schema"] = schema | kinds[0] if len(kinds) == 1 else schema
    return parameter


def _body(route: Route, model: type[BaseModel], schemas: _Schemas) -> dict[str, Any]:
    content = {"schema": schemas.read(model)}
    if route.accepts != (MULTIPART,):
        content["example"] = BODIES[model]
    return {
        "required": not route.body_optional,
        "content": dict.fromkeys(route.accepts, content),
    }


def _has_etag(route: Route) -> bool:
    return bool(route.cache_seconds) or is_versioned(route.answer)


def _answers(route: Route, schemas: _Schemas) -> dict[str, Any]:
    etag = ("ETag",) if _has_etag(route) else ()
    done: dict[str, Any] = {
        "description": HTTPStatus(route.status).phrase,
        "headers": headers(*etag),
    }
    if route.answer is Content:
        done["content"] = {route.media_type: {"schema": {"type": "string", "format": "binary"}}}
    elif route.answer is not None:
        done["content"] = {JSON: {"schema": schemas.written(route.answer)}}
    answers = {str(route.status): done}
    if route.other_status:
        phrase = HTTPStatus(route.other_status).phrase
        answers[str(route.other_status)] = done | {"description": phrase}
    if reports_trouble(route):
        answers["503"] = done | {"description": "The same report, of trouble"}
    if etag and route.method == "GET":
        answers["304"] = {"description": "What you hold is current", "headers": headers(*etag)}
    return answers
