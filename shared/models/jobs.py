"""Work by the clock: what became of a call of Cloud Scheduler."""

from shared.models.base import Model


class Skipped(Model):
    """The job did not run: this run of it is done."""

    skipped: str
    """Its name."""


class Cleaned(Model):
    documents: int
    """How many had expired and were removed."""


class Tidied(Model):
    files: int
    """How many belonged to nobody and were removed."""
