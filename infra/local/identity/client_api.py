"""The public calls: what anybody with the project's API key may ask."""

import dataclasses
from typing import Any

from infra.local.identity.account import Account, checked_email
from infra.local.identity.action_codes import checked_kind
from infra.local.identity.changes import with_email, with_password, with_profile
from infra.local.identity.passwords import PasswordHash
from infra.local.identity.project import Call, Handler
from infra.local.identity.sign_in_api import (
    sign_in_with_custom_token,
    sign_in_with_email_link,
    sign_in_with_idp,
    sign_in_with_password,
    sign_up,
)
from infra.local.refusals import Refused

# Seconds after a sign-in within which its holder may change password or address, or delete.
_RECENT = 300
_ADMIN_FIELDS = ("customAttributes", "disableUser", "emailVerified", "phoneNumber", "validSince")


def lookup(call: Call) -> dict[str, Any]:
    with call.project.lock:
        account, _ = _caller(call)
    return {"kind": "identitytoolkit#GetAccountInfoResponse", "users": [account.public()]}


def update(call: Call) -> dict[str, Any]:
    """Apply a verification link, or change the caller's own account."""
    project, fields = call.project, call.fields
    if "oobCode" in fields:
        return _verify_email(call)
    if any(name in fields for name in _ADMIN_FIELDS):
        raise Refused("INSUFFICIENT_PERMISSION", status=403)
    address, password = fields.text("email"), fields.text("password")
    email = checked_email(address) if address else None
    hashed = PasswordHash.of(password) if password else None
    with project.lock:
        account, claims = _caller(call)
        moves = email is not None and email != account.email
        ends_sessions = moves or hashed is not None
        if ends_sessions:
            _refuse_stale(call, claims)
        if moves and project.settings.hides_addresses:
            raise Refused(
                "OPERATION_NOT_ALLOWED", "Please verify the new email before changing email."
            )
        changed = with_profile(account, fields)
        now = project.milliseconds()
        if email and moves:
            changed = with_email(changed, email, now)
        if hashed:
            changed = with_password(changed, hashed, now)
        project.save(changed, ends_sessions=ends_sessions)
        tokens = {}
        if fields.flag("returnSecureToken"):
            provider = claims["firebase"]["sign_in_provider"]
            since = None if ends_sessions else claims["auth_time"]
            tokens = project.sign_in(changed, provider, auth_time=since)
    return {"kind": "identitytoolkit#SetAccountInfoResponse"} | changed.public() | tokens


def _verify_email(call: Call) -> dict[str, Any]:
    project = call.project
    with project.lock:
        code = project.codes.check(call.fields.required("oobCode", "MISSING_OOB_CODE"))
        if code.kind != "VERIFY_EMAIL":
            raise Refused("INVALID_OOB_CODE")
        account = _addressee(call, code.email)
        project.codes.use(code)
        account = dataclasses.replace(account, email_verified=True)
        project.save(account)
    return {"kind": "identitytoolkit#SetAccountInfoResponse"} | account.public()


def delete(call: Call) -> dict[str, Any]:
    project = call.project
    with project.lock:
        account, claims = _caller(call)
        if not project.settings.allows_self_deletion:
            raise Refused("ADMIN_ONLY_OPERATION")
        _refuse_stale(call, claims)
        project.delete(account)
    return {"kind": "identitytoolkit#DeleteAccountResponse"}


def send_code(call: Call) -> dict[str, Any]:
    """Nothing is mailed: the code waits in the emulator's list of codes."""
    project, fields = call.project, call.fields
    kind = checked_kind(fields.required("requestType", "MISSING_REQ_TYPE"))
    if fields.flag("returnOobLink"):
        raise Refused("INSUFFICIENT_PERMISSION", status=403)
    with project.lock:
        if kind == "VERIFY_EMAIL":
            email = _caller(call)[0].email
            if email is None:
                raise Refused("MISSING_EMAIL")
        else:
            email = checked_email(fields.required("email", "MISSING_EMAIL"))
        if kind == "PASSWORD_RESET" and project.accounts.by_email(email) is None:
            if not project.settings.hides_addresses:
                raise Refused("EMAIL_NOT_FOUND")
        else:
            project.codes.issue(kind, email, call.api_key, fields.text("continueUrl"))
    return {"kind": "identitytoolkit#GetOobConfirmationCodeResponse", "email": email}


def reset_password(call: Call) -> dict[str, Any]:
    """Without a new password the code is only checked, and stays usable."""
    project, fields = call.project, call.fields
    secret = fields.required("oobCode", "MISSING_OOB_CODE")
    password = fields.text("newPassword")
    hashed = PasswordHash.of(password) if password else None
    with project.lock:
        code = project.codes.check(secret, "PASSWORD_RESET" if hashed else None)
        if hashed:
            account = _addressee(call, code.email)
            project.codes.use(code)
            # Whoever follows the link reads the mailbox.
            account = dataclasses.replace(account, email_verified=True)
            account = with_password(account, hashed, project.milliseconds())
            project.save(account, ends_sessions=True)
            project.lockout.forgive(code.email)
    kind = "identitytoolkit#ResetPasswordResponse"
    return {"kind": kind, "email": code.email, "requestType": code.kind}


def follow_link(call: Call) -> dict[str, Any]:
    """What the page behind a mailed link would do; a reset takes `newPassword` from the query."""
    action = {"resetPassword": reset_password, "verifyEmail": update}
    mode = call.query.get("mode", "")
    if mode not in action:
        raise Refused("INVALID_REQ_TYPE", "This link is opened by the application itself.")
    return action[mode](call)


def _caller(call: Call) -> tuple[Account, dict[str, Any]]:
    return call.project.owner(call.fields.required("idToken", "MISSING_ID_TOKEN"))


def _addressee(call: Call, email: str) -> Account:
    account = call.project.accounts.by_email(email)
    if account is None:
        raise Refused("INVALID_OOB_CODE")
    if account.disabled:
        raise Refused("USER_DISABLED")
    return account


def _refuse_stale(call: Call, claims: dict[str, Any]) -> None:
    if call.project.milliseconds() // 1000 - int(claims["auth_time"]) > _RECENT:
        raise Refused("CREDENTIAL_TOO_OLD_LOGIN_AGAIN")


CLIENT_CALLS: dict[str, Handler] = {
    "signUp": sign_up,
    "signInWithPassword": sign_in_with_password,
    "signInWithCustomToken": sign_in_with_custom_token,
    "signInWithEmailLink": sign_in_with_email_link,
    "signInWithIdp": sign_in_with_idp,
    "lookup": lookup,
    "update": update,
    "delete": delete,
    "sendOobCode": send_code,
    "resetPassword": reset_password,
}
