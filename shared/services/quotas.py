"""How much of its plan an organization has used, counted exactly."""

from collections.abc import Callable
from datetime import datetime

from shared.models.organizations import Organization
from shared.models.quotas import Quota, Quotas
from shared.models.users import Caller
from shared.rules.plans import included, plan
from shared.rules.quotas import month, next_month, require_ai_query
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository
from shared.storage.usage import UsageRepository


class QuotaService:
    """`now` returns the current UTC time."""

    def __init__(
        self,
        exercises: ExerciseRepository,
        programs: ProgramRepository,
        usage: UsageRepository,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._exercises = exercises
        self._programs = programs
        self._usage = usage
        self._now = now

    def of(self, organization: Organization) -> Quotas:
        now = self._now()
        allowed, tenant = plan(organization, now), organization.id
        own = [row for row in self._programs.rows(tenant) if not row.is_template]
        exercises = self._exercises.library(tenant).own.rows
        queries = self._usage.ai_queries(tenant, month(now))
        return Quotas(
            members=Quota.of(organization.member_count, allowed.members),
            custom_exercises=Quota.of(len(exercises), allowed.custom_exercises),
            programs=Quota.of(len(own), allowed.programs),
            ai_queries=Quota.of(queries, allowed.ai_queries_per_month, next_month(now)),
        )

    def use_ai_query(self, caller: Caller) -> Quota:
        """Count one query before it is made. Raises AiQueriesUsedUp."""
        now = self._now()
        limit = included(caller).ai_queries_per_month
        ends = next_month(now)
        used = self._usage.spend_ai_query(
            caller.organization_id,
            month(now),
            lambda so_far: require_ai_query(so_far, limit, ends, now),
            now,
        )
        return Quota.of(used, limit, ends)
