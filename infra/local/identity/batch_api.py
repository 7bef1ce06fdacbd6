"""The calls of firebase-admin about many accounts at once."""

import base64
import dataclasses
from typing import Any

from infra.local.identity.account import Account
from infra.local.identity.admin_api import new_account
from infra.local.identity.fields import Fields
from infra.local.identity.passwords import PasswordHash
from infra.local.identity.project import Call, Handler, Project
from infra.local.refusals import Refused

_LARGEST_BATCH = 1000


def batch_get(call: Call) -> dict[str, Any]:
    """A page in the order of account ids; the page token is the last id of the page before."""
    asked = call.query.get("maxResults", "20")
    if not asked.isascii() or not asked.isdigit() or not 1 <= int(asked) <= _LARGEST_BATCH:
        raise Refused("INVALID_PAGE_SELECTION")
    project = call.project
    with project.lock:
        page, following = project.accounts.page(call.query.get("nextPageToken", ""), int(asked))
    answer: dict[str, Any] = {"kind": "identitytoolkit#DownloadAccountResponse"}
    if page:
        answer["users"] = [account.public() for account in page]
    if following:
        answer["nextPageToken"] = following
    return answer


def batch_delete(call: Call) -> dict[str, Any]:
    """Unknown ids count as deleted; without `force` only disabled accounts go."""
    project, local_ids = call.project, call.fields.texts("localIds")
    if not 1 <= len(local_ids) <= _LARGEST_BATCH:
        raise Refused("LOCAL_ID_LIST_EXCEEDS_LIMIT")
    errors = []
    with project.lock:
        for index, local_id in enumerate(local_ids):
            account = project.accounts.get(local_id)
            if account is None:
                continue
            if account.disabled or call.fields.flag("force"):
                project.delete(account)
            else:
                message = "NOT_DISABLED : Disable the account before batch deletion."
                errors.append({"index": index, "localId": local_id, "message": message})
    return {"errors": errors} if errors else {}


def batch_create(call: Call) -> dict[str, Any]:
    """Import accounts; one with a known id replaces it. Failures are listed by position."""
    project, users = call.project, call.fields.objects("users")
    if not 1 <= len(users) <= _LARGEST_BATCH:
        raise Refused("MISSING_USER_ACCOUNT")
    if any("passwordHash" in user for user in users) and "hashAlgorithm" not in call.fields:
        raise Refused("INVALID_HASH_ALGORITHM")
    errors = []
    for index, user in enumerate(users):
        try:
            account = _imported(project, user)
            with project.lock:
                project.accounts.save(account)
        except Refused as refused:
            errors.append({"index": index, "message": refused.message})
    answer: dict[str, Any] = {"kind": "identitytoolkit#UploadAccountResponse"}
    return answer | ({"error": errors} if errors else {})


def _imported(project: Project, user: Fields) -> Account:
    user.required("localId", "MISSING_LOCAL_ID")
    account = new_account(project, user)
    federated = {}
    for provider in user.objects("providerUserInfo"):
        name = provider.required("providerId", "INVALID_PROVIDER_ID")
        raw_id = provider.required("rawId", "INVALID_PROVIDER_ID")
        if name not in {"password", "phone", "email"}:
            federated[name] = {"providerId": name, "rawId": raw_id}
    imported_hash = user.text("passwordHash")
    return dataclasses.replace(
        account,
        created_at=user.number("createdAt") or account.created_at,
        last_login_at=user.number("lastLoginAt"),
        federated=federated,
        password=PasswordHash("", _hexadecimal(imported_hash)) if imported_hash else None,
        password_updated_at=account.created_at if imported_hash else None,
    )


def _hexadecimal(encoded: str) -> str:
    try:
        padded = encoded + "=" * (-len(encoded) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True).hex()
    except ValueError:
        raise Refused("INVALID_PASSWORD_HASH") from None


BATCH_CALLS: dict[str, Handler] = {"batchCreate": batch_create, "batchDelete": batch_delete}
