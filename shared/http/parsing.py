"""From bytes and strings to models; every mistake becomes a refusal that names its place."""

from io import BytesIO
from typing import Any, TypeVar
from urllib.parse import parse_qsl

from flask import Request
from pydantic import BaseModel, TypeAdapter, ValidationError
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.formparser import MultiPartParser
from werkzeug.http import parse_options_header

from shared.errors import AppError, BodyTooLarge, Invalid, MalformedBody, MediaTypeUnsupported
from shared.models.avatars import MOST_BYTES
from shared.rules.pictures import oversized

M = TypeVar("M", bound=BaseModel)

BODY_BYTES = 512 * 1024
"""More than the largest program there can be (14 sessions of 20 exercises with full notes, as
UTF-8)."""
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
UPLOAD_BYTES = MOST_BYTES + 16 * 1024
"""The largest file, and what a form puts around it."""
FIELDS = 50
"""A form or query string with more fields than this is refused."""
PROBLEMS = 50
"""A refusal lists no more than this: it must not outgrow the payload that caused it."""
NAME_CHARACTERS = 100
"""Longer names of fields, which can be the client's own, are cut in refusals."""


def read_body(request: Request, accepts: tuple[str, ...], limit: int = BODY_BYTES) -> bytes:
    """The request's body, refused before it is read when it is too large or unreadable."""
    too_large = BodyTooLarge(f"The body is larger than {limit // 1024} KiB.")
    if MULTIPART in accepts:
        too_large = oversized()
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise MediaTypeUnsupported(f"Send the body uncompressed, not as {encoding[:40]}.")
    if request.content_length is not None and request.content_length > limit:
        raise too_large
    body = _read(request, limit + 1)
    if len(body) > limit:
        raise too_large
    if body and not _accepted(request.mimetype, accepts):
        raise MediaTypeUnsupported(
            f"Send {' or '.join(accepts)}, not {request.mimetype[:80]}.",
            {"accepts": list(accepts)},
        )
    return body


def _read(request: Request, most: int) -> bytes:
    body = bytearray()
    try:
        # A body without an announced length arrives in parts.
        while len(body) < most and (part := request.stream.read(most - len(body))):
            body += part
    except Exception:  # noqa: BLE001 - each server has errors of its own for a broken body
        raise MalformedBody("The body did not arrive whole.") from None
    return bytes(body)


def _accepted(mimetype: str, accepts: tuple[str, ...]) -> bool:
    return not mimetype or mimetype in accepts or (JSON in accepts and mimetype.endswith("+json"))


def parse_body(model: type[M], body: bytes, media_type: str) -> M:
    """`media_type` is JSON, FORM, or MULTIPART with its parameters."""
    try:
        if media_type == FORM:
            return model.model_validate(_form(body))
        if media_type.startswith(MULTIPART):
            return model.model_validate(_parts(body, media_type))
        return model.model_validate_json(body)
    except ValidationError as error:
        raise _refusal(error, "body") from None


def parse_query(model: type[M], query: bytes) -> M:
    """The first value of each name counts; an empty one counts as absent."""
    try:
        pairs = [(name, value) for name, value in _pairs(query) if value]
    except ValueError:
        raise Invalid.at(("query",), "This is not a readable query string.") from None
    try:
        return model.model_validate(dict(reversed(pairs)))
    except ValidationError as error:
        raise _refusal(error, "query") from None


def parse_path(adapter: TypeAdapter[Any], name: str, value: str) -> Any:
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        raise _refusal(error, "path", name) from None


def _form(body: bytes) -> dict[str, str]:
    try:
        return dict(_pairs(body))
    except ValueError:
        raise MalformedBody("The body is not a readable form.") from None


def _parts(body: bytes, content_type: str) -> dict[str, str | bytes]:
    """Files as bytes, other fields as text; the first of each name counts."""
    _, options = parse_options_header(content_type)
    boundary = options.get("boundary", "")
    if not body:
        return {}
    parser = MultiPartParser(
        stream_factory=lambda *_, **__: BytesIO(),
        max_form_memory_size=UPLOAD_BYTES,
        max_form_parts=FIELDS,
        cls=MultiDict,
    )
    try:
        form, files = parser.parse(BytesIO(body), boundary.encode("ascii"), len(body))
    except (ValueError, HTTPException):
        raise MalformedBody("The body is not a readable form with files.") from None
    # A form sends an empty file without a name where none was chosen.
    chosen = {name: file.read() for name, file in files.items() if file.filename}
    return {**form.to_dict(), **chosen}


def _pairs(text: bytes) -> list[tuple[str, str]]:
    """Raises ValueError for what is not UTF-8: replacing bytes would make another value of it."""
    return parse_qsl(text.decode(), keep_blank_values=True, max_num_fields=FIELDS, errors="strict")


def _refusal(error: ValidationError, *where: str) -> AppError:
    problems = error.errors(include_url=False, include_input=False, include_context=False)
    if any(problem["type"] == "json_invalid" for problem in problems):
        return MalformedBody("The body is not JSON.")
    return Invalid(
        "The request has fields we cannot accept.",
        [
            {
                "loc": [*where, *(_short(name) for name in problem["loc"])],
                "msg": _sentence(problem["type"], problem["msg"]),
                "type": problem["type"],
            }
            for problem in problems[:PROBLEMS]
        ],
    )


def _short(name: str | int) -> str | int:
    return name[:NAME_CHARACTERS] if isinstance(name, str) else name


def _sentence(kind: str, message: str) -> str:
    """What people read: without pydantic's prefix, and without regular expressions."""
    if kind == "string_pattern_mismatch":
        return "String has characters that are not allowed here, or not the form that is needed"
    return message.removeprefix("Value error, ")
