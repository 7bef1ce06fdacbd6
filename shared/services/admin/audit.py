"""Reading the audit trail."""

from shared.models.audit import AuditFilter, AuditPage, AuditRow
from shared.storage.audit import AuditRepository
from shared.storage.people import PeopleRepository


class AuditService:
    def __init__(self, audit: AuditRepository, people: PeopleRepository) -> None:
        self._audit = audit
        self._people = people

    def browse(self, asked: AuditFilter) -> AuditPage:
        """Newest first, with the addresses that the actors have now."""
        entries, total = self._audit.page(asked)
        actors = {entry.actor_user_id for entry in entries if "/" not in entry.actor_user_id}
        addresses = self._people.addresses(sorted(actors)) if actors else {}
        rows = [
            AuditRow(**dict(entry), actor_email=addresses.get(entry.actor_user_id))
            for entry in entries
        ]
        return AuditPage.of(rows, total, asked)
