"""Counting everything: by count queries, and by looking at every program once."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from shared.models.analytics import Cloned, Figures, Popular, Usage
from shared.models.exercises import Exercise
from shared.models.organizations import SubscriptionStatus, Tier
from shared.models.users import UserStatus
from shared.rules.analytics import TOP, ProgramUse, UseCounts, counted, month_start
from shared.storage.documents import Condition, Document, Documents
from shared.storage.exercises import ExerciseRepository
from shared.storage.tenancy import EXERCISES, PROGRAMS, TEMPLATES, exercise_path, program_path

COUNT_QUERIES = 23
"""How many count queries the live figures take; each costs a read per thousand it counts."""
SINCE_EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
PRO = ("subscription_tier", "==", Tier.PRO.value)


class CensusRepository:
    """`price_cents` is what a Pro plan pays per month."""

    def __init__(
        self, documents: Documents, exercises: ExerciseRepository, *, price_cents: int
    ) -> None:
        self._documents = documents
        self._exercises = exercises
        self._price_cents = price_cents

    def figures(self, now: datetime) -> Figures:
        """As everything stands at this moment."""
        today, month = now.date(), month_start(now)
        week = now - timedelta(days=7)
        exercises = self._count(EXERCISES, everywhere=True)
        shared = self._count(EXERCISES)
        paying = self._organizations(PRO, _status(SubscriptionStatus.ACTIVE)) + self._organizations(
            PRO, _status(SubscriptionStatus.CANCELED), ("period_ends_at", ">", now)
        )

        def seen_within(days: int) -> int:
            first = today - timedelta(days=days - 1)
            return self._count("users", ("last_seen_on", ">=", first.isoformat()))

        return Figures(
            total_users=self._count("users"),
            verified_users=self._count("users", ("is_verified", "==", True)),
            suspended_users=self._count("users", ("status", "==", UserStatus.SUSPENDED.value)),
            seen_1_day=seen_within(1),
            seen_7_days=seen_within(7),
            seen_30_days=seen_within(30),
            total_organizations=self._organizations(),
            pro_organizations=self._organizations(PRO),
            canceled_organizations=self._organizations(_status(SubscriptionStatus.CANCELED)),
            expired_organizations=self._organizations(_status(SubscriptionStatus.EXPIRED)),
            paying_organizations=paying,
            ever_subscribed=self._organizations(("pro_since", ">", SINCE_EVER)),
            new_subscriptions=self._organizations(("pro_since", ">=", month)),
            cancellations=self._organizations(("canceled_at", ">=", month)),
            global_exercises=shared,
            custom_exercises=exercises - shared,
            exercises_this_month=self._made(EXERCISES, month),
            exercises_this_week=self._made(EXERCISES, week),
            program_templates=self._count(TEMPLATES),
            custom_programs=self._count(PROGRAMS, everywhere=True),
            programs_this_month=self._made(PROGRAMS, month),
            programs_this_week=self._made(PROGRAMS, week),
            monthly_revenue_cents=paying * self._price_cents,
        )

    def figures_before(self, end: datetime) -> Figures:
        """As everything stood then, by the dates of what is still there."""
        until: Condition = ("created_at", "<", end)
        month = month_start(end - timedelta(microseconds=1))
        began = self._organizations(("pro_since", "<", end))
        shared = self._count(EXERCISES, until)
        paying = began - self._organizations(("canceled_at", "<", end))
        return Figures(
            total_users=self._count("users", until),
            total_organizations=self._organizations(until),
            paying_organizations=paying,
            ever_subscribed=began,
            new_subscriptions=self._organizations(
                ("pro_since", ">=", month), ("pro_since", "<", end)
            ),
            cancellations=self._organizations(
                ("canceled_at", ">=", month), ("canceled_at", "<", end)
            ),
            global_exercises=shared,
            custom_exercises=self._count(EXERCISES, until, everywhere=True) - shared,
            program_templates=self._count(TEMPLATES, until),
            custom_programs=self._count(PROGRAMS, until, everywhere=True),
            monthly_revenue_cents=paying * self._price_cents,
        )

    def usage(self, now: datetime) -> Usage:
        """Looks at every program, every organization's exercise and everybody seen lately."""
        shared = self._exercises.lending(None, ()).known()
        counts = counted(self._programs(), shared)
        makers = self._documents.scan(EXERCISES, everywhere=True, fields=["created_by_user_id"])
        since = (now.date() - timedelta(days=29)).isoformat()
        seen = self._documents.scan(
            "users",
            [("last_seen_on", ">=", since)],
            along="last_seen_on",
            fields=["organization_id"],
        )
        return Usage(
            measured_at=now,
            active_organizations=len({row.data.get("organization_id") for row in seen}),
            users_with_custom_exercises=len(
                {maker for row in makers if (maker := row.data.get("created_by_user_id"))}
            ),
            users_with_custom_programs=len(counts.writers),
            users_with_cloned_templates=len(counts.cloners),
            avg_exercises_per_program=counts.average(counts.exercises),
            avg_sessions_per_program=counts.average(counts.sessions),
            most_used_exercises=self._most_used(counts, shared),
            most_cloned_templates=self._most_cloned(counts),
        )

    def _programs(self) -> Iterator[ProgramUse]:
        fields = ["created_by_user_id", "cloned_from", "exercise_ids", "outline"]
        for row in self._documents.scan(PROGRAMS, everywhere=True, fields=fields):
            yield ProgramUse(
                organization_id=row.path.split("/")[1],
                creator=_text(row, "created_by_user_id"),
                template=_text(row, "cloned_from"),
                exercises=_list(row, "exercise_ids"),
                sessions=len(_list(row, "outline")),
            )

    def _most_used(self, counts: UseCounts, shared: dict[str, Exercise]) -> list[Popular]:
        # Equals by id, so that the list does not change from one look to the next.
        top = sorted(counts.used.items(), key=lambda row: (-row[1], row[0]))[:TOP]
        paths = {key: exercise_path(key, owner) for (key, owner), _ in top if owner}
        names = self._names(paths) | {key: exercise.name for key, exercise in shared.items()}
        return [Popular(id=key, name=names.get(key), count=count) for (key, _), count in top]

    def _most_cloned(self, counts: UseCounts) -> list[Cloned]:
        top = sorted(counts.cloned.items(), key=lambda row: (-row[1], row[0]))[:TOP]
        names = self._names({key: program_path(key, None) for key, _ in top})
        return [Cloned(id=key, name=names.get(key), clone_count=count) for key, count in top]

    def _names(self, paths: dict[str, str]) -> dict[str, str]:
        found = self._documents.get_many(list(paths.values()), fields=["name"]) if paths else {}
        return {
            key: str(found[path].data.get("name")) for key, path in paths.items() if path in found
        }

    def _made(self, collection: str, since: datetime) -> int:
        return self._count(collection, ("created_at", ">=", since), everywhere=True)

    def _organizations(self, *where: Condition) -> int:
        return self._count("organizations", *where)

    def _count(self, collection: str, *where: Condition, everywhere: bool = False) -> int:
        return self._documents.count(collection, where, everywhere=everywhere)


def _status(status: SubscriptionStatus) -> Condition:
    return ("subscription_status", "==", status.value)


def _text(row: Document, name: str) -> str | None:
    value = row.data.get(name)
    return value if isinstance(value, str) and value else None


def _list(row: Document, name: str) -> Sequence[str]:
    value = row.data.get(name)
    return value if isinstance(value, list) else ()
