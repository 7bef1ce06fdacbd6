"""Google's own descriptions of its services, as JSON Schemas that know no other keys."""

import json
from functools import cache
from importlib.resources import files
from typing import Any

from jsonschema import Draft202012Validator


@cache
def schema(service: str, name: str) -> Draft202012Validator:
    """A message of a service such as `cloudtasks.v2`, with `additionalProperties` forbidden."""
    documents = files("googleapiclient.discovery_cache.documents")
    document = json.loads((documents / f"{service}.json").read_text())
    messages = {key: _strict(value) for key, value in document["schemas"].items()}
    return Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": messages})


def problems(service: str, name: str, value: Any) -> list[str]:
    """What Google would refuse, a phrase each."""
    return [error.message for error in schema(service, name).iter_errors(value)]


def _strict(message: Any) -> dict[str, Any]:
    if "$ref" in message:
        return {"$ref": f"#/$defs/{message['$ref']}"}
    match message.get("type"):
        case "object" if "properties" in message:
            properties = {key: _strict(each) for key, each in message["properties"].items()}
            return {"type": "object", "properties": properties, "additionalProperties": False}
        case "object":
            return {
                "type": "object",
                "additionalProperties": _strict(message.get("additionalProperties", {})),
            }
        case "array":
            return {"type": "array", "items": _strict(message["items"])}
        case "string" if "enum" in message:
            return {"enum": message["enum"]}
        # 64-bit numbers travel as text.
        case "string" if message.get("format") in {"int64", "uint64"}:
            return {"type": ["string", "integer"]}
        case "any" | None:
            return {}
        case kind:
            return {"type": kind}
