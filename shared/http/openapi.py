"""The OpenAPI 3.1 document of the route tables; made at build time, never in a function."""

import inspect
import re
import sys
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from pydantic import TypeAdapter
from pydantic.fields import ComputedFieldInfo
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode
from pydantic_core import core_schema

from shared.errors import VersionMismatch
from shared.http.context import Access
from shared.http.envelope import ErrorBody
from shared.http.openapi_examples import BODIES
from shared.http.openapi_responses import HEADERS, Refusals, headers, refusals, reports_trouble
from shared.http.parsing import JSON
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

_VERBS = ("get", "post", "put", "delete")


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
        wanted: dict[str, tuple[str, JsonSchemaMode, TypeAdapter[Any]]] = {}

        def want(hint: Any, mode: JsonSchemaMode) -> None:
            wanted[_key(hint)] = (_key(hint), mode, TypeAdapter(hint))

        want(ErrorBody, "serialization")
        for route in routes:
            for hint in (*route.parameters.values(), route.query, route.body):
                if hint is not None:
                    want(hint, "validation")
            if route.answer is not None:
                want(route.answer, "serialization")
        made, shared = TypeAdapter.json_schemas(
            [wanted[key] for key in sorted(wanted)],
            ref_template="#/components/schemas/{model}",
            schema_generator=_Generator,
        )
        self._made = {key: schema for (key, _), schema in made.items()}
        self._named: dict[str, dict[str, Any]] = shared["$defs"]
        for schema in self._named.values():
            schema.pop("title", None)

    def of(self, hint: Any) -> dict[str, Any]:
        return dict(self._made[_key(hint)])

    def fields(self, model: Any) -> dict[str, dict[str, Any]]:
        """The properties of a model, each with `required` beside its schema."""
        schema = self._named[self.of(model)["$ref"].rsplit("/", 1)[1]]
        required = schema.get("required", [])
        return {
            name: {"required": name in required, "schema": dict(inner)}
            for name, inner in schema["properties"].items()
        }

    def used_by(self, document: Any) -> dict[str, Any]:
        """The named schemas that a part of the document refers to, directly or not."""
        used: dict[str, Any] = {}
        waiting = _references(document)
        while waiting:
            name = waiting.pop()
            if name not in used:
                used[name] = self._named[name]
                waiting |= _references(used[name])
        return used


def _key(hint: Any) -> str:
    return repr(hint)


def _references(part: Any) -> set[str]:
    if isinstance(part, dict):
        found = {name for value in part.values() for name in _references(value)}
        match part.get("$ref"):
            case str(address) if address.startswith("#/components/schemas/"):
                found.add(address.rsplit("/", 1)[1])
        return found
    if isinstance(part, list):
        return {name for value in part for name in _references(value)}
    return set()


def document(routers: Iterable[Router]) -> dict[str, Any]:
    """The document of these routers; one without a group (it serves this very document) is left
    out."""
    shown = sorted((router for router in routers if router.group), key=lambda each: each.group)
    schemas = _Schemas(route for router in shown for route in router.routes)
    refused = Refusals()
    paths: dict[str, dict[str, Any]] = {}
    for router in shown:
        for route in router.routes:
            path = f"/api/v1/{router.group}" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", route.path)
            operation = _operation(route, router.tag, schemas, refused)
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
