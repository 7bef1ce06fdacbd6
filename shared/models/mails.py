"""The mails we send: which there are, and one that is ready to go."""

from enum import StrEnum

from shared.models.base import Model


class MailKind(StrEnum):
    PASSWORD_RESET = "password-reset"  # noqa: S105 - a name
    VERIFY_EMAIL = "verify-email"
    WELCOME = "welcome"
    PASSWORD_CHANGED = "password-changed"  # noqa: S105 - a name
    DELETION_REQUESTED = "deletion-requested"
    DELETION_CANCELLED = "deletion-cancelled"
    INVITATION = "invitation"
    EXPORT_READY = "export-ready"
    ALREADY_REGISTERED = "already-registered"


class Letter(Model):
    """A mail as it leaves, with the same words in both bodies."""

    id: str
    """The task's id: its Message-ID, by which a provider recognises a repeat."""
    to: str
    subject: str
    text: str
    html: str
