"""Changes to an account that its owner and an administrator can both make."""

import dataclasses

from infra.local.identity.account import Account
from infra.local.identity.fields import Fields
from infra.local.identity.passwords import PasswordHash


def with_profile(account: Account, fields: Fields) -> Account:
    """Name and picture set or deleted, providers unlinked, as the request says."""
    deleted = fields.texts("deleteAttribute")
    unlinked = fields.texts("deleteProvider")
    name = None if "DISPLAY_NAME" in deleted else account.display_name
    picture = None if "PHOTO_URL" in deleted else account.photo_url
    return dataclasses.replace(
        account,
        display_name=fields.text("displayName") or name,
        photo_url=fields.text("photoUrl") or picture,
        password=None if "password" in unlinked else account.password,
        phone_number=None if "phone" in unlinked else account.phone_number,
        federated={key: value for key, value in account.federated.items() if key not in unlinked},
    )


def with_password(account: Account, password: PasswordHash, now: int) -> Account:
    """`now` in milliseconds: older sign-ins are invalid from then on."""
    return dataclasses.replace(
        account, password=password, password_updated_at=now, valid_since=now // 1000
    )


def with_email(account: Account, email: str, now: int) -> Account:
    """A new address is unverified, and like a new password it ends older sign-ins."""
    return dataclasses.replace(account, email=email, email_verified=False, valid_since=now // 1000)
