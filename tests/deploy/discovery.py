"""Google's own discovery documents as JSON Schema: an unknown key or a wrong word is an error."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import googleapiclient
from jsonschema import Draft202012Validator

DOCUMENTS = Path(googleapiclient.__file__).parent / "discovery_cache" / "documents"


@cache
def validator(api: str, schema: str) -> Draft202012Validator:
    """For one shape of one API, such as `monitoring.v3` and `AlertPolicy`."""
    document = json.loads((DOCUMENTS / f"{api}.json").read_text(encoding="utf-8"))
    shapes = {name: _strict(shape) for name, shape in document["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{schema}", "$defs": shapes})


def problems(api: str, schema: str, value: Any) -> list[str]:
    """Where the value is not what the API takes, as sentences."""
    found = validator(api, schema).iter_errors(value)
    return [f"{error.json_path}: {error.message}" for error in found]


def _strict(shape: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in shape:
        return {"$ref": f"#/$defs/{shape['$ref']}"}
    kind = shape.get("type", "any")
    made: dict[str, Any] = {} if kind == "any" else {"type": kind}
    if shape.get("format") in {"int64", "uint64"}:
        # JSON's numbers cannot hold them all, so Google takes texts as well.
        made = {"type": ["string", "integer"]}
    if "enum" in shape:
        made["enum"] = shape["enum"]
    if kind == "array":
        made["items"] = _strict(shape["items"])
    if kind == "object":
        made["properties"] = {
            name: _strict(each) for name, each in shape.get("properties", {}).items()
        }
        more = shape.get("additionalProperties")
        made["additionalProperties"] = _strict(more) if more else False
    return made
