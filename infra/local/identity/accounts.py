"""The accounts of one project, by id, address, number and provider."""

import dataclasses
import secrets
import string

from infra.local.identity.account import Account
from infra.local.identity.database import Records
from infra.local.refusals import Refused

_ID_CHARACTERS = string.ascii_letters + string.digits
_ID_LENGTH = 28


class Accounts:
    """Changed only under the project's lock; accounts are immutable, so one that was read stays
    consistent after the lock is released.
    """

    def __init__(self, records: Records) -> None:
        self._records = records
        self._accounts: dict[str, Account] = {}
        # ("email", address), ("phone", number) or (provider, its user id) to the account's id.
        self._keys: dict[tuple[str, str], str] = {}
        for record in records:
            account = Account.from_record(record)
            self._accounts[account.local_id] = account
            self._keys |= dict.fromkeys(_keys(account), account.local_id)

    def get(self, local_id: str) -> Account | None:
        return self._accounts.get(local_id)

    def existing(self, local_id: str) -> Account:
        """Raises USER_NOT_FOUND."""
        account = self._accounts.get(local_id)
        if account is None:
            raise Refused("USER_NOT_FOUND")
        return account

    def by_email(self, address: str) -> Account | None:
        return self.by_provider("email", address)

    def by_provider(self, provider: str, identifier: str) -> Account | None:
        """`provider` is "email", "phone" or a federated provider's name."""
        local_id = self._keys.get((provider, identifier))
        return self._accounts[local_id] if local_id is not None else None

    def add(self, account: Account) -> None:
        """Raises DUPLICATE_LOCAL_ID and what `save` raises."""
        if account.local_id in self._accounts:
            raise Refused("DUPLICATE_LOCAL_ID")
        self.save(account)

    def save(self, account: Account) -> None:
        """Raises EMAIL_EXISTS, PHONE_NUMBER_EXISTS or FEDERATED_USER_ID_ALREADY_LINKED."""
        keys = _keys(account)
        for key in keys:
            if self._keys.get(key, account.local_id) != account.local_id:
                raise Refused(_TAKEN.get(key[0], "FEDERATED_USER_ID_ALREADY_LINKED"))
        self._forget_keys(account.local_id)
        self._keys |= dict.fromkeys(keys, account.local_id)
        self._accounts[account.local_id] = account
        self._records.put(account.local_id, dataclasses.asdict(account))

    def remove(self, local_id: str) -> None:
        self._forget_keys(local_id)
        self._accounts.pop(local_id, None)
        self._records.remove(local_id)

    def clear(self) -> None:
        self._accounts.clear()
        self._keys.clear()
        self._records.clear()

    def page(self, after: str, size: int) -> tuple[list[Account], str | None]:
        """Up to `size` accounts in the order of their ids, and where to go on, if anywhere."""
        ids = sorted(local_id for local_id in self._accounts if local_id > after)
        page = [self._accounts[local_id] for local_id in ids[:size]]
        return page, ids[size - 1] if len(ids) > size else None

    def _forget_keys(self, local_id: str) -> None:
        known = self._accounts.get(local_id)
        for key in _keys(known) if known else []:
            del self._keys[key]


_TAKEN = {"email": "EMAIL_EXISTS", "phone": "PHONE_NUMBER_EXISTS"}


def _keys(account: Account) -> list[tuple[str, str]]:
    keys = [(provider, info["rawId"]) for provider, info in account.federated.items()]
    if account.email:
        keys.append(("email", account.email))
    if account.phone_number:
        keys.append(("phone", account.phone_number))
    return keys


def new_local_id() -> str:
    return "".join(secrets.choice(_ID_CHARACTERS) for _ in range(_ID_LENGTH))
