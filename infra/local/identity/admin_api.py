"""The calls of firebase-admin about single accounts, links and cookies."""

import dataclasses
from typing import Any

from infra.local.identity.account import Account, checked_claims, checked_email, checked_phone
from infra.local.identity.action_codes import checked_kind
from infra.local.identity.changes import with_email, with_password, with_profile
from infra.local.identity.fields import Fields
from infra.local.identity.passwords import PasswordHash
from infra.local.identity.project import Call, Handler, Project
from infra.local.refusals import Refused

_LONGEST_ID = 128
# Five minutes to two weeks.
_COOKIE_LIFETIMES = range(300, 1_209_600 + 1)


def create(call: Call) -> dict[str, Any]:
    project, fields = call.project, call.fields
    password = fields.text("password")
    account = new_account(project, fields)
    if password:
        now = project.milliseconds()
        hashed = PasswordHash.of(password)
        account = dataclasses.replace(account, password=hashed, password_updated_at=now)
    with project.lock:
        project.accounts.add(account)
    kind = "identitytoolkit#SignupNewUserResponse"
    return {"kind": kind, "localId": account.local_id, "email": account.email or ""}


def new_account(project: Project, fields: Fields) -> Account:
    """An account with the request's fields, not stored yet and without a password."""
    local_id = fields.text("localId")
    if local_id and len(local_id) > _LONGEST_ID:
        raise Refused("INVALID_LOCAL_ID")
    email, phone = fields.text("email"), fields.text("phoneNumber")
    claims = fields.text("customAttributes")
    return dataclasses.replace(
        project.new_account(local_id),
        email=checked_email(email) if email else None,
        email_verified=bool(fields.flag("emailVerified")),
        phone_number=checked_phone(phone) if phone else None,
        display_name=fields.text("displayName"),
        photo_url=fields.text("photoUrl"),
        disabled=bool(fields.flag("disabled")),
        custom_attributes=checked_claims(claims) if claims else None,
    )


def lookup(call: Call) -> dict[str, Any]:
    """Accounts that do not exist are left out, and an empty answer has no `users`."""
    accounts, fields = call.project.accounts, call.fields
    with call.project.lock:
        found = [accounts.get(local_id) for local_id in fields.texts("localId")]
        found += [accounts.by_email(email.lower()) for email in fields.texts("email")]
        found += [accounts.by_provider("phone", phone) for phone in fields.texts("phoneNumber")]
        found += [
            accounts.by_provider(user.text("providerId") or "", user.text("rawId") or "")
            for user in fields.objects("federatedUserId")
        ]
    once = {account.local_id: account for account in found if account is not None}
    answer: dict[str, Any] = {"kind": "identitytoolkit#GetAccountInfoResponse"}
    if once:
        answer["users"] = [account.public() for account in once.values()]
    return answer


def update(call: Call) -> dict[str, Any]:
    project, fields = call.project, call.fields
    local_id = fields.required("localId", "MISSING_LOCAL_ID")
    address, password = fields.text("email"), fields.text("password")
    email = checked_email(address) if address else None
    hashed = PasswordHash.of(password) if password else None
    with project.lock:
        before = project.accounts.existing(local_id)
        now = project.milliseconds()
        account = with_profile(before, fields)
        if email and email != before.email:
            account = with_email(account, email, now)
        if hashed:
            account = with_password(account, hashed, now)
        account = _with_admin_fields(account, fields)
        ends_sessions = hashed is not None or account.email != before.email
        project.save(account, ends_sessions=ends_sessions or "validSince" in fields)
    return {"kind": "identitytoolkit#SetAccountInfoResponse"} | account.public()


def _with_admin_fields(account: Account, fields: Fields) -> Account:
    claims, phone = fields.text("customAttributes"), fields.text("phoneNumber")
    disabled, verified = fields.flag("disableUser"), fields.flag("emailVerified")
    valid_since = fields.number("validSince")
    if claims:
        account = dataclasses.replace(account, custom_attributes=checked_claims(claims))
    if phone:
        account = dataclasses.replace(account, phone_number=checked_phone(phone))
    if disabled is not None:
        account = dataclasses.replace(account, disabled=disabled)
    if verified is not None:
        account = dataclasses.replace(account, email_verified=verified)
    if valid_since is not None:
        account = dataclasses.replace(account, valid_since=valid_since)
    return account


def delete(call: Call) -> dict[str, Any]:
    project = call.project
    with project.lock:
        local_id = call.fields.required("localId", "MISSING_LOCAL_ID")
        project.delete(project.accounts.existing(local_id))
    return {"kind": "identitytoolkit#DeleteAccountResponse"}


def send_code(call: Call) -> dict[str, Any]:
    """With address hiding on, an unknown address is answered without a link, as in production;
    firebase-admin then raises UnexpectedResponseError.
    """
    project, fields = call.project, call.fields
    kind = checked_kind(fields.required("requestType", "MISSING_REQ_TYPE"))
    email = checked_email(fields.required("email", "MISSING_EMAIL"))
    answer = {"kind": "identitytoolkit#GetOobConfirmationCodeResponse", "email": email}
    with project.lock:
        if kind != "EMAIL_SIGNIN" and project.accounts.by_email(email) is None:
            if project.settings.hides_addresses:
                return answer
            raise Refused("EMAIL_NOT_FOUND")
        code = project.codes.issue(kind, email, call.api_key, fields.text("continueUrl"))
    if fields.flag("returnOobLink"):
        answer |= {"oobCode": code.code, "oobLink": code.link}
    return answer


def create_session_cookie(call: Call) -> dict[str, Any]:
    project, fields = call.project, call.fields
    lifetime = fields.number("validDuration")
    if lifetime is None or lifetime not in _COOKIE_LIFETIMES:
        raise Refused("INVALID_DURATION")
    token = fields.required("idToken", "MISSING_ID_TOKEN")
    with project.lock:
        _, claims = project.owner(token)
    return {"sessionCookie": project.tokens.session_cookie(claims, lifetime)}


ADMIN_CALLS: dict[str, Handler] = {
    "lookup": lookup,
    "update": update,
    "delete": delete,
    "sendOobCode": send_code,
}
