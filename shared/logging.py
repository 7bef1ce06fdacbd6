"""One JSON object per line on standard output, in the fields Cloud Logging understands."""

import json
import logging
import re
import sys
import traceback
from typing import Any

log = logging.getLogger("hypertroq")

# All zeros mean "no trace" in both headers; version ff does not exist.
_TRACEPARENT = re.compile(
    r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?"
)
_CLOUD_TRACE = re.compile(r"(?!0{32})([0-9a-f]{32})(?:/([0-9]{1,20}))?(?:;.*)?")


class CloudFormatter(logging.Formatter):
    """Writes `severity`, `message` and the fields given as `extra={"fields": {...}}`.

    Nothing else is written: what a line may hold is decided where it is logged.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"severity": record.levelname, "message": record.getMessage()}
        if record.exc_info:
            # Error Reporting picks a stack trace up from the message itself.
            line["message"] += "\n" + "".join(traceback.format_exception(*record.exc_info))
        line |= getattr(record, "fields", {})
        # ASCII only: standard output may have any encoding.
        return json.dumps(line, default=str)


def configure() -> None:
    """Send our log lines to standard output; safe to call again."""
    if log.handlers:
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(CloudFormatter())
    log.addHandler(handler)
    log.setLevel(logging.INFO)
    log.propagate = False


def trace_fields(project: str, traceparent: str | None, cloud_trace: str | None) -> dict[str, str]:
    """The fields that join this line to its trace; empty without a usable trace header."""
    if found := _TRACEPARENT.fullmatch(traceparent or ""):
        trace, span = found.groups()
    elif found := _CLOUD_TRACE.fullmatch(cloud_trace or ""):
        trace, span = found[1], f"{int(found[2]):016x}" if found[2] else ""
    else:
        return {}
    fields = {"logging.googleapis.com/trace": f"projects/{project}/traces/{trace}"}
    return fields | ({"logging.googleapis.com/spanId": span} if span else {})
