"""The public calls that end in tokens."""

import dataclasses
from typing import Any
from urllib.parse import parse_qs

from infra.local.identity.account import Account, checked_email, refuse_reserved
from infra.local.identity.fields import Fields
from infra.local.identity.passwords import NO_PASSWORD, PasswordHash
from infra.local.identity.project import Call, Project
from infra.local.identity.sessions import refuse_ended
from infra.local.identity.tokens import LIFETIME, unsigned_claims
from infra.local.refusals import Refused


def sign_up(call: Call) -> dict[str, Any]:
    """Raises ADMIN_ONLY_OPERATION where the project lets nobody register by themselves."""
    project, fields = call.project, call.fields
    email, password = fields.text("email"), fields.text("password")
    if "localId" in fields:
        raise Refused("UNEXPECTED_PARAMETER", "User ID")
    if not project.settings.allows_sign_up:
        raise Refused("ADMIN_ONLY_OPERATION")
    if email is None and password is None:
        return _sign_up_anonymously(project)
    if not project.settings.allows_passwords:
        raise Refused("OPERATION_NOT_ALLOWED")
    if email is None:
        raise Refused("MISSING_EMAIL")
    if password is None:
        raise Refused("MISSING_PASSWORD")
    email = checked_email(email)
    hashed = PasswordHash.of(password)
    account = dataclasses.replace(
        project.new_account(),
        email=email,
        display_name=fields.text("displayName"),
        photo_url=fields.text("photoUrl"),
        password=hashed,
        password_updated_at=project.milliseconds(),
    )
    with project.lock:
        project.accounts.add(account)
        tokens = project.sign_in(account, "password")
    return {
        "kind": "identitytoolkit#SignupNewUserResponse",
        "localId": account.local_id,
        "email": email,
        "displayName": account.display_name or "",
    } | tokens


def _sign_up_anonymously(project: Project) -> dict[str, Any]:
    if not project.settings.allows_anonymous:
        raise Refused("ADMIN_ONLY_OPERATION")
    account = project.new_account()
    with project.lock:
        project.accounts.add(account)
        tokens = project.sign_in(account, "anonymous")
    kind = "identitytoolkit#SignupNewUserResponse"
    return {"kind": kind, "localId": account.local_id} | tokens


def sign_in_with_password(call: Call) -> dict[str, Any]:
    """A disabled account is told so before its password is looked at, as Google's own emulator
    does: a caller must not take USER_DISABLED as proof that the password was right.
    """
    project, fields = call.project, call.fields
    email = checked_email(fields.required("email", "MISSING_EMAIL"))
    password = fields.required("password", "MISSING_PASSWORD")
    if not project.settings.allows_passwords:
        raise Refused("PASSWORD_LOGIN_DISABLED")
    project.lockout.refuse_locked(email)
    with project.lock:
        account = project.accounts.by_email(email)
    if account is not None and account.disabled:
        raise Refused("USER_DISABLED")
    known = account.password if account is not None else None
    # Outside the lock: it is the slow part.
    matches = (known or NO_PASSWORD).matches(password)
    if account is None or not matches:
        project.lockout.failed(email)
        raise _bad_login(project, account)
    with project.lock:
        account = project.accounts.existing(account.local_id)
        if account.password != known:  # changed while we compared
            raise _bad_login(project, account)
        tokens = project.sign_in(account, "password", remember=_remember(fields))
    project.lockout.forgive(email)
    return {
        "kind": "identitytoolkit#VerifyPasswordResponse",
        "localId": account.local_id,
        "email": email,
        "displayName": account.display_name or "",
        "registered": True,
    } | tokens


def sign_in_with_custom_token(call: Call) -> dict[str, Any]:
    project, fields = call.project, call.fields
    claims = project.tokens.custom_token(fields.required("token", "MISSING_CUSTOM_TOKEN"))
    local_id = claims.get("uid")
    developer_claims = claims.get("claims", {})
    if not isinstance(local_id, str) or not 0 < len(local_id) <= 128:
        raise Refused("INVALID_CUSTOM_TOKEN")
    if not isinstance(developer_claims, dict):
        raise Refused("INVALID_CUSTOM_TOKEN")
    refuse_reserved(developer_claims)
    with project.lock:
        known = project.accounts.get(local_id)
        account = known or project.new_account(local_id)
        if known is None:
            project.accounts.add(account)
        tokens = project.sign_in(
            account, "custom", claims=developer_claims, remember=_remember(fields)
        )
    kind = "identitytoolkit#VerifyCustomTokenResponse"
    return {"kind": kind, "isNewUser": known is None} | tokens


def sign_in_with_email_link(call: Call) -> dict[str, Any]:
    project, fields = call.project, call.fields
    email = checked_email(fields.required("email", "MISSING_EMAIL"))
    secret = fields.required("oobCode", "MISSING_OOB_CODE")
    with project.lock:
        code = project.codes.check(secret, "EMAIL_SIGNIN")
        if code.email != email:
            raise Refused("INVALID_EMAIL", "The email does not match the sign-in link.")
        known = project.accounts.by_email(email)
        if known is not None and known.disabled:
            raise Refused("USER_DISABLED")
        account = known or dataclasses.replace(project.new_account(), email=email)
        project.codes.use(code)
        account = dataclasses.replace(account, email_verified=True)
        project.accounts.save(account)
        tokens = project.sign_in(account, "password")
    return {
        "kind": "identitytoolkit#EmailLinkSigninResponse",
        "localId": account.local_id,
        "email": email,
        "isNewUser": known is None,
    } | tokens


def sign_in_with_idp(call: Call) -> dict[str, Any]:
    """There is no provider to ask: the ID token in `postBody` is believed, signed or not."""
    project, fields = call.project, call.fields
    fields.required("requestUri", "MISSING_REQUEST_URI")
    posted = parse_qs(fields.required("postBody", "INVALID_CREDENTIAL_OR_PROVIDER_ID"))
    provider = posted.get("providerId", [""])[0]
    if provider in {"", "email", "phone", "password"}:
        raise Refused("INVALID_CREDENTIAL_OR_PROVIDER_ID")
    token = Fields(unsigned_claims(posted.get("id_token", [""])[0], "INVALID_IDP_RESPONSE"))
    subject = token.required("sub", "INVALID_IDP_RESPONSE")
    address = token.text("email")
    email = checked_email(address) if address else None
    verified = bool(token.flag("email_verified"))
    with project.lock:
        known = project.accounts.by_provider(provider, subject)
        owner = project.accounts.by_email(email) if email else None
        if known is None and owner is not None and not verified:
            # Somebody else's word about an address is not enough to enter its account.
            return {"providerId": provider, "email": email, "needConfirmation": True}
        found = known or owner
        if found is not None and found.disabled:
            raise Refused("USER_DISABLED")
        account = found or dataclasses.replace(
            project.new_account(), email=email, email_verified=verified
        )
        claimed = known is None and owner is not None and not owner.email_verified
        if claimed:
            # Whoever registered the address first never proved it: their password must not stay.
            account = dataclasses.replace(
                account,
                password=None,
                email_verified=True,
                valid_since=project.milliseconds() // 1000,
            )
        account = _linked(account, provider, subject, token)
        if found is None:
            project.accounts.add(account)
        else:
            project.save(account, ends_sessions=claimed)
        tokens = project.sign_in(account, provider)
    return {
        "kind": "identitytoolkit#VerifyAssertionResponse",
        "providerId": provider,
        "localId": account.local_id,
        "email": account.email,
        "isNewUser": found is None,
    } | tokens


def _linked(account: Account, provider: str, subject: str, token: Fields) -> Account:
    info = {"providerId": provider, "rawId": subject}
    if address := token.text("email"):
        info["email"] = address
    return dataclasses.replace(
        account,
        federated={**account.federated, provider: info},
        display_name=account.display_name or token.text("name"),
        photo_url=account.photo_url or token.text("picture"),
    )


def refresh(call: Call) -> dict[str, Any]:
    """Production gives the same refresh token back, and so do we."""
    project, fields = call.project, call.fields
    if fields.required("grant_type", "MISSING_GRANT_TYPE") != "refresh_token":
        raise Refused("INVALID_GRANT_TYPE")
    refresh_token = fields.required("refresh_token", "MISSING_REFRESH_TOKEN")
    with project.lock:
        session = project.sessions.find(refresh_token)
        account = project.accounts.existing(session.local_id)
        refuse_ended(session, account)
        token = project.refreshed(session, account)
    return {
        "access_token": token,
        "id_token": token,
        "refresh_token": refresh_token,
        "expires_in": str(LIFETIME),
        "token_type": "Bearer",
        "user_id": account.local_id,
        "project_id": project.name,
    }


def _remember(fields: Fields) -> bool:
    # Without it production answers an ID token alone.
    return bool(fields.flag("returnSecureToken"))


def _bad_login(project: Project, account: Account | None) -> Refused:
    if project.settings.hides_addresses:
        return Refused("INVALID_LOGIN_CREDENTIALS")
    return Refused("EMAIL_NOT_FOUND" if account is None else "INVALID_PASSWORD")
