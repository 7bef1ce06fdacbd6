"""Everything administrators can do, joined once."""

from collections.abc import Callable
from datetime import datetime

from shared.services.accounts import AccountService
from shared.services.admin.analytics import AnalyticsService
from shared.services.admin.audit import AuditService
from shared.services.admin.bulk import BulkService
from shared.services.admin.exports import ExportService
from shared.services.admin.library import LibraryService
from shared.services.admin.organizations import OrganizationAdminService
from shared.services.admin.templates import TemplateService
from shared.services.admin.users import UserAdminService
from shared.services.background import BackgroundService
from shared.services.deletions import DeletionService
from shared.services.exercises import ExerciseService
from shared.services.health import HealthService
from shared.services.programs import ProgramService
from shared.storage.audit import AuditRepository
from shared.storage.census import CensusRepository
from shared.storage.documents import Documents
from shared.storage.exercises import ExerciseRepository
from shared.storage.people import PeopleRepository
from shared.storage.snapshots import SnapshotRepository


class Administration:
    """`price_cents` is what a Pro plan pays per month; `now` returns the current UTC time."""

    def __init__(
        self,
        documents: Documents,
        library: ExerciseRepository,
        accounts: AccountService,
        background: BackgroundService,
        exercises: ExerciseService,
        programs: ProgramService,
        health: HealthService,
        deletions: Callable[[], DeletionService],
        *,
        price_cents: int,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        people, audit = PeopleRepository(documents), AuditRepository(documents)
        census = CensusRepository(documents, library, price_cents=price_cents)
        snapshots = SnapshotRepository(documents)
        self.users = UserAdminService(
            people, accounts, audit, background, deletions, now=now, new_id=new_id
        )
        self.bulk = BulkService(self.users, people, now=now)
        self.organizations = OrganizationAdminService(people, accounts, now=now, new_id=new_id)
        self.library = LibraryService(exercises, library)
        self.templates = TemplateService(programs)
        self.audit = AuditService(audit, people)
        self.exports = ExportService(people, audit, now=now, new_id=new_id)
        self.analytics = AnalyticsService(census, snapshots, health, now=now)
