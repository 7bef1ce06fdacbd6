"""What a data export holds, and how long it is kept; docs/data-export.md describes the files."""

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from shared.models.exports import Export, ExportState, ExportView

KEPT = timedelta(days=7)
PATIENCE = timedelta(hours=24)
"""An export that takes longer has failed, and may be asked for again."""
OTHERS = frozenset({"catalogue", "members", "invitations"})
"""Collections of an organization that repeat its contents, or are about other people."""

_INSIDE = frozenset({"schema", "expire_at", "outline", "exercise_ids"})
"""Fields that only we need, or that repeat others."""
_TEXTS = frozenset({"name", "description", "notes", "full_name", "reason"})
"""What people write is never taken for packed data, whatever it looks like."""
_PAYMENT = "lemonsqueezy_"

_README = """\
HypertroQ: everything that is stored about you, made on {made}.

account.json        you
organization.json   the organization you belong to
programs.json       the programs you made, with their sessions; older versions under "below"
exercises.json      the exercises you made
other.json          whatever else you made, by its path
audit.json          what was recorded about you, or was done by you
avatar.jpg          your picture, if there is one

The files are JSON in UTF-8. Times are UTC, in ISO 8601. Exercises that everybody shares appear
by their id, such as barbell-bench-press.
"""


def is_pending(export: Export, now: datetime) -> bool:
    return export.state is ExportState.PENDING and now - export.requested_at < PATIENCE


def shown(export: Export, now: datetime) -> ExportView | None:
    """What its owner sees; None for one that is over."""
    if export.expires_at <= now:
        return None
    ready = export.state is ExportState.READY
    failed = not ready and not is_pending(export, now)
    return ExportView(
        id=export.id,
        state=ExportState.FAILED if failed else export.state,
        requested_at=export.requested_at,
        ready_at=export.ready_at,
        expires_at=export.expires_at if ready else None,
        size_bytes=export.size_bytes,
        download_url="/api/v1/users/me/export/download" if ready else None,
    )


def about_organization(fields: Mapping[str, Any], user_id: str) -> dict[str, Any]:
    """Who pays how is its owner's alone."""
    owns = fields.get("owner_user_id") == user_id
    return {name: value for name, value in fields.items() if owns or not name.startswith(_PAYMENT)}


def made_by(user_id: str, tenant: Mapping[str, Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Of an organization's documents, by path, those that somebody made, and all below these."""
    own = {path for path, fields in tenant.items() if fields.get("created_by_user_id") == user_id}
    return {
        path: fields
        for path, fields in tenant.items()
        if any(path == parent or path.startswith(f"{parent}/") for parent in own)
    }


def without_colleagues(
    user_id: str, documents: Mapping[str, Mapping[str, Any]]
) -> dict[str, Mapping[str, Any]]:
    """The same, but versions that others made do not say who that was."""

    def told(fields: Mapping[str, Any]) -> Mapping[str, Any]:
        author = fields.get("author")
        is_other = isinstance(author, Mapping) and author.get("user_id") != user_id
        return {**fields, "author": None} if is_other else fields

    return {path: told(fields) for path, fields in documents.items()}


def sorted_out(
    documents: Mapping[str, Mapping[str, Any]], collection: str
) -> tuple[list[dict[str, Any]], dict[str, Mapping[str, Any]]]:
    """The documents of one collection of an organization, each with those below it; and the rest.

    Paths begin with `organizations/{id}/`.
    """
    tops = [path for path in documents if path.split("/")[2:3] == [collection]]
    made, sorted_in = [], set[str]()
    for path in tops:
        if path.count("/") == 3:
            inside = [other for other in tops if other.startswith(f"{path}/")]
            below = {other.removeprefix(f"{path}/"): documents[other] for other in inside}
            made.append({**documents[path], **({"below": below} if below else {})})
            sorted_in |= {path, *inside}
    # What somebody made below a colleague's document is among the rest.
    return made, {path: fields for path, fields in documents.items() if path not in sorted_in}


def packed(files: Mapping[str, Any], picture: bytes | None, now: datetime) -> bytes:
    """The archive: each of the files as JSON, an explanation, and the picture."""
    out = io.BytesIO()
    stamp = now.timetuple()[:6]
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:

        def add(name: str, content: str | bytes) -> None:
            archive.writestr(zipfile.ZipInfo(name, stamp), content, zipfile.ZIP_DEFLATED)

        add("README.txt", _README.format(made=f"{now:%Y-%m-%d %H:%M} UTC"))
        for name, content in files.items():
            add(name, json.dumps(_plain(content), indent=2, ensure_ascii=False) + "\n")
        if picture:
            add("avatar.jpg", picture)
    return out.getvalue()


def _plain(value: Any, name: str = "") -> Any:
    """What JSON can say of stored values."""
    if isinstance(value, Mapping):
        return {key: _plain(inner, key) for key, inner in value.items() if key not in _INSIDE}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, str) and value[:1] in {"[", "{"} and name not in _TEXTS:
        return _unpacked(value)
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _unpacked(text: str) -> Any:
    """Sessions and the like are stored as JSON texts."""
    try:
        return json.loads(text)
    except ValueError:
        return text
