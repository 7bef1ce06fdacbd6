"""Who administers the system: `config/admins`, written with every change of such a right.

Two changes that would together leave nobody meet in this document, and the second one decides
again. Whoever was made an administrator in the console counts as well: the documents of the
people are the truth, and this one is only where changes meet.
"""

from shared.errors import LastAdmin
from shared.models.users import Role, User
from shared.storage.documents import Documents, Transaction
from shared.storage.records import readable, restored
from shared.storage.tenancy import user_path

PATH = "config/admins"
NAMED = 50
"""How many the document names; more are administrators all the same."""


def gain(transaction: Transaction, user_id: str) -> None:
    """Note a new administrator."""
    named = _named(transaction)
    _write(transaction, [user_id, *(known for known in named if known != user_id)])


def lose(transaction: Transaction, documents: Documents, user_id: str) -> None:
    """Let one go. Raises LastAdmin when nobody else is one who can act."""
    others = [known for known in _named(transaction) if known != user_id]
    standing = _standing(transaction, others)
    if not standing:
        found = documents.find("users", [("role", "==", Role.ADMIN.value)], limit=NAMED)
        standing = _standing(transaction, [row.id for row in found if row.id != user_id])
    if not standing:
        raise LastAdmin("This is the last administrator. Make somebody else one first.")
    _write(transaction, standing)


def _named(transaction: Transaction) -> list[str]:
    stored = transaction.get(PATH)
    uids = stored.data.get("uids") if stored else None
    return [uid for uid in uids if isinstance(uid, str) and uid] if isinstance(uids, list) else []


def _standing(transaction: Transaction, user_ids: list[str]) -> list[str]:
    """Those who are administrators and can act, as their documents say."""
    found = transaction.get_many([user_path(user_id) for user_id in user_ids])
    people = [readable(row, lambda row: restored(User, row)) for row in found.values()]
    return [user.id for user in people if user and user.is_standing_admin]


def _write(transaction: Transaction, user_ids: list[str]) -> None:
    transaction.put(PATH, {"schema": 1, "uids": user_ids[:NAMED]})
