"""Background work: one model per task, which names its queue and when two are the same one."""

import hashlib
from enum import StrEnum
from typing import ClassVar

from shared.models.base import Model
from shared.models.mails import MailKind


class Queue(StrEnum):
    """Cloud Tasks queues; infra/queues.toml says how fast and how often each tries."""

    MAIL = "mail"
    ACCOUNTS = "accounts"


MOST_ATTEMPTS = {Queue.MAIL: 8, Queue.ACCOUNTS: 12}
"""The last one leaves a record of its failure; infra/queues.toml must say the same."""


class Task(Model):
    """A piece of work that happens after the answer, at least once; its handler is idempotent.

    Secrets have no place in it: it is stored and travels. What needs one makes it when it runs.
    """

    kind: ClassVar[str]
    """Its address below the tasks function."""
    queue: ClassVar[Queue]

    @property
    def key(self) -> str:
        """What makes two tasks of a kind the same one: the cause, never a random value."""
        raise LookupError(f"{type(self).__name__} does not say what makes it unique")

    @property
    def id(self) -> str:
        """The id of its outbox row and, hashed as Cloud Tasks advises, of the queued task."""
        return hashlib.sha256(f"{self.kind}\0{self.key}".encode()).hexdigest()[:40]


class SendMail(Task):
    """One mail to one person; tokens in its links are made when it is written."""

    kind = "send-mail"
    queue = Queue.MAIL

    mail: MailKind
    user_id: str = ""
    """Who gets it; empty for somebody without an account."""
    about: str = ""
    """Whatever the mail is about, by id: an invitation, an export."""
    cause: str
    """What happened, and when: two mails of one cause are one mail."""

    @property
    def key(self) -> str:
        return "\0".join((self.mail, self.user_id, self.about, self.cause))


class RemoveAvatar(Task):
    """A picture that was replaced or taken away."""

    kind = "remove-avatar"
    queue = Queue.ACCOUNTS

    object: str
    """Its name in the avatar bucket, which is used once."""

    @property
    def key(self) -> str:
        return self.object


class BuildExport(Task):
    """Pack everything a person owns."""

    kind = "build-export"
    queue = Queue.ACCOUNTS

    user_id: str
    export_id: str

    @property
    def key(self) -> str:
        return self.export_id


class PurgeAccount(Task):
    """Remove a person and what only they had; the door is closed by then."""

    kind = "purge-account"
    queue = Queue.ACCOUNTS

    user_id: str

    @property
    def key(self) -> str:
        return self.user_id


class SyncIdentity(Task):
    """Tell Firebase what we know of a person: role, organization, whether they may sign in."""

    kind = "sync-identity"
    queue = Queue.ACCOUNTS

    user_id: str
    cause: str
    """What happened, and when."""

    @property
    def key(self) -> str:
        return f"{self.user_id}\0{self.cause}"


class RequestPasswordReset(Task):
    """Somebody asked for a new password.

    Whether the address has an account is only looked up here: the answer cannot tell.
    """

    kind = "request-password-reset"
    queue = Queue.MAIL

    email: str
    cause: str

    @property
    def key(self) -> str:
        return "\0".join((self.email, self.cause))


class Acknowledged(Model):
    """A task was done, or given up for good: it need not be delivered again."""

    task: str
    """Its id."""


class Swept(Model):
    """What the sweep of the outbox found."""

    tasks: int
    """How many were queued again."""


class Started(Model):
    """What a job found to do."""

    tasks: int
    """How many were begun."""


TASKS: dict[str, type[Task]] = {
    task.kind: task
    for task in (
        SendMail,
        RequestPasswordReset,
        RemoveAvatar,
        BuildExport,
        PurgeAccount,
        SyncIdentity,
    )
}
"""By kind: every task there is."""
