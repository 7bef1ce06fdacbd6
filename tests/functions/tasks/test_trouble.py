"""Administration and background work in trouble: broken documents, late deliveries, two at once."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from infra.ops.__main__ import app
from infra.ops.records import Records
from infra.ops.verify import repair, verify
from infra.schedule import schedule
from shared.errors import Refused
from shared.models.exports import Export
from shared.models.mails import MailKind
from shared.models.organizations import PlanChange, SubscriptionStatus, Tier
from shared.models.people import UserAction, UserFilter
from shared.models.tasks import BuildExport, PurgeAccount, SendMail, SyncIdentity
from shared.models.users import Caller, OrganizationRole, Role
from shared.services.exports import ExportService
from shared.services.identities import IdentityService
from shared.storage.exports import ExportRepository
from shared.storage.jobs import LEASE, JobRepository
from shared.storage.records import fields
from shared.wiring import Wiring
from tests.background import Background
from tests.elsewhere import Elsewhere
from tests.functions.bodies import a_program, an_exercise
from tests.people import People, Person

ACTIVE, CANCELED, EXPIRED = SubscriptionStatus


def caller(elsewhere: Elsewhere, user_id: str) -> Caller:
    """Somebody new."""
    user, organization = elsewhere.account(user_id)
    return Caller(
        user_id=user.id,
        organization_id=organization.id,
        role=Role.USER,
        organization_role=OrganizationRole.OWNER,
        has_pro=False,
        signed_in_at=0,
    )


def edit(elsewhere: Elsewhere, path: str, **changes: Any) -> None:
    """As in the console."""
    elsewhere.documents._client.document(path).set(changes, merge=True)


class Shelf:
    """Files in memory; `then` happens once, when the next one was put."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.then: Callable[[], object] | None = None

    def put(self, name: str, data: bytes, media_type: str) -> None:
        self.kept[name] = data
        then, self.then = self.then, None
        if then:
            then()

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def names(self, prefix: str) -> list[str]:
        return [name for name in self.kept if name.startswith(prefix)]


class Sent(list[str]):
    """Cloud Tasks, as far as it takes tasks; their names."""

    def send(self, queue: str, name: str, kind: str, payload: str, request_id: str) -> None:
        self.append(name)


@pytest.fixture
def sent(elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch) -> Sent:
    queue = Sent()
    monkeypatch.setattr(elsewhere.background, "_queue", lambda: queue)
    return queue


def shelved(elsewhere: Elsewhere) -> tuple[ExportService, Shelf]:
    shelf = Shelf()
    service = ExportService(
        ExportRepository(elsewhere.documents),
        lambda: shelf,  # type: ignore[arg-type, return-value]
        elsewhere.background,
        now=elsewhere.now,
        new_id=elsewhere.new_id,
    )
    return service, shelf


class TestFigures:
    def test_a_month_that_was_counted_in_its_time_is_not_counted_again(
        self, elsewhere: Elsewhere
    ) -> None:
        """The snapshot of the 31st failed; that of the 30th is the month's newest."""
        for name in ("ann", "ben"):
            elsewhere.account(name)
        elsewhere.time = datetime(2026, 3, 30, 23, 55, tzinfo=UTC)
        elsewhere.admin.analytics.take_snapshot()
        elsewhere.documents._client.document("users/ben").delete()
        elsewhere.time = datetime(2026, 4, 5, tzinfo=UTC)
        assert list(elsewhere.admin.analytics.backfill(date(2026, 3, 1))) == []
        months = elsewhere.admin.analytics.growth().months
        assert [(row.date, row.total_users) for row in months] == [("2026-03", 2), ("2026-04", 1)]

    def test_a_plan_that_we_first_hear_of_as_cancelled_was_cancelled(
        self, elsewhere: Elsewhere
    ) -> None:
        """Events come in any order, and the daily comparison finds what never came."""
        _, gym = elsewhere.account("ann")
        ends = elsewhere.time + timedelta(days=10)
        cancelled = {
            "subscription_tier": Tier.PRO,
            "subscription_status": CANCELED,
            "period_ends_at": ends,
        }
        elsewhere.accounts.change_organization(gym.id, lambda row: row.model_copy(update=cancelled))
        assert elsewhere.admin.analytics.subscriptions().cancelled_subscribers == 1
        assert elsewhere.admin.analytics.subscriptions().cancellations_this_month == 1
        elsewhere.time = ends + timedelta(hours=1)
        elsewhere.billing.end_periods()
        assert elsewhere.admin.analytics.subscriptions().cancellations_this_month == 1

    def test_what_somebody_made_before_they_joined_another_organization_counts(
        self, admin: Person, people: People
    ) -> None:
        coach, guest = people.pro(), people.pro()
        assert guest.api.post("/programs", json=a_program()).status_code == 201
        assert guest.api.post("/exercises", json=an_exercise()).status_code == 201
        guest.join(coach)
        assert guest.api.post("/programs", json=a_program()).status_code == 201
        row = admin.api.get(f"/admin/users/{guest.user_id}").json
        assert (row["total_programs"], row["total_exercises"]) == (2, 1)


class TestPeople:
    def test_a_search_for_an_address_does_not_end_among_those_of_its_provider(
        self, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("shared.storage.people.COMPARED", 3)
        elsewhere.account("anna")
        for number in range(4):
            elsewhere.time += timedelta(minutes=1)
            elsewhere.account(f"lifter{number}")
        found = elsewhere.admin.users.browse(UserFilter(search="anna@example.com"))
        assert [row.id for row in found.items] == ["anna"]
        assert elsewhere.admin.users.browse(UserFilter(search="@example.com")).total == 3

    def test_the_last_of_two_changes_is_what_firebase_is_told(self, elsewhere: Elsewhere) -> None:
        root = elsewhere.admin_caller()
        elsewhere.account("robin")
        users = elsewhere.admin.users
        users.act(root, "robin", UserAction.SUSPEND, None)

        class Directory:
            is_active = True
            is_first = True

            def mark(self, user_id: str, *, claims: Any, is_active: bool) -> None:
                if self.is_first:
                    # The suspension was a mistake; its end is told while this call is under way.
                    self.is_first = False
                    users.act(root, "robin", UserAction.UNSUSPEND, None)
                    identities.sync(SyncIdentity(user_id="robin", cause="second"))
                self.is_active = is_active

            def end_sessions(self, user_id: str) -> None: ...

        directory = Directory()
        identities = IdentityService(elsewhere.account_repository, lambda: directory)  # type: ignore[arg-type, return-value]
        identities.sync(SyncIdentity(user_id="robin", cause="first"))
        assert directory.is_active is True

    def test_an_expired_plan_is_no_pro_plan(self, elsewhere: Elsewhere) -> None:
        root = elsewhere.admin_caller()
        _, gym = elsewhere.account("robin")
        organizations = elsewhere.admin.organizations
        organizations.set_plan(root, gym.id, PlanChange(subscription_tier=Tier.PRO))
        ended = organizations.set_plan(root, gym.id, PlanChange(subscription_status=EXPIRED))
        assert (ended.subscription_tier, ended.subscription_status) == (Tier.FREE, EXPIRED)
        assert verify(elsewhere.documents, elsewhere.now())[5] == []


class TestRepair:
    def test_it_does_not_bring_back_what_changed_since_it_looked(
        self, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root = elsewhere.admin_caller()
        elsewhere.account("robin")
        edit(elsewhere, "users/robin", search=[])
        read = Records.read

        def then_suspended(documents: Any, now: datetime) -> Records:
            records = read(documents, now)
            elsewhere.admin.users.act(root, "robin", UserAction.SUSPEND, None)
            return records

        monkeypatch.setattr(Records, "read", then_suspended)
        repair(elsewhere.documents, elsewhere.now())
        found = elsewhere.admin.users.browse(UserFilter(is_active=False))
        assert [row.id for row in found.items] == ["robin"]

    def test_an_export_that_cannot_be_written_is_not_told(
        self, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr("infra.ops.__main__.wiring", lambda: elsewhere)
        file = tmp_path / "users.csv"
        file.write_text("mine")
        assert CliRunner().invoke(app, ["export", "users", "--to", str(file)]).exit_code != 0
        assert file.read_text() == "mine"
        assert elsewhere.documents.find("audit", limit=9) == []


class TestOneBrokenDocument:
    """Somebody edited it in the console; the others must not wait for it."""

    def test_other_accounts_are_removed(self, elsewhere: Elsewhere) -> None:
        for name in ("ann", "ben"):
            elsewhere.deletions.request(caller(elsewhere, name))
            elsewhere.time += timedelta(minutes=1)
        edit(elsewhere, "users/ann", role="admin")
        elsewhere.time += timedelta(days=31)
        assert elsewhere.deletions.begin_due() == 1
        deletion = elsewhere.deletion_repository.find("ben")
        assert deletion is not None
        assert deletion.closed

    def test_other_plans_end(self, elsewhere: Elsewhere) -> None:
        gyms = [elsewhere.account(name)[1].id for name in ("ann", "ben")]
        for day, gym in enumerate(gyms, 1):
            changes = {
                "subscription_tier": Tier.PRO,
                "subscription_status": CANCELED,
                "period_ends_at": elsewhere.time + timedelta(days=day),
            }
            elsewhere.accounts.change_organization(
                gym, lambda row, changes=changes: row.model_copy(update=changes)
            )
        edit(elsewhere, f"organizations/{gyms[0]}", name=7)
        elsewhere.time += timedelta(days=9)
        elsewhere.billing.end_periods()
        stored = elsewhere.account_repository.organization(gyms[1])
        assert stored is not None
        assert stored.subscription_status is EXPIRED

    def test_other_exports_expire(self, elsewhere: Elsewhere) -> None:
        exports, _ = shelved(elsewhere)
        now = elsewhere.now()
        edit(elsewhere, "exports/ann", expires_at=now - timedelta(days=2), id=7)
        old = Export(id="old", user_id="ben", requested_at=now, expires_at=now - timedelta(days=1))
        edit(elsewhere, "exports/ben", **fields(old))
        assert exports.remove_expired() == 1
        assert elsewhere.documents.get("exports/ben") is None

    def test_other_tasks_are_swept(self, elsewhere: Elsewhere, sent: Sent) -> None:
        past = elsewhere.now() - timedelta(minutes=5)
        row = {"state": "new", "kind": "send-mail", "next_at": past, "payload": "{"}
        edit(elsewhere, "outbox/broken", **row)
        task = SendMail(mail=MailKind.WELCOME, user_id="ben", cause="x")
        elsewhere.outbox.add(task, past + timedelta(seconds=1))
        assert elsewhere.background.sweep() == 1
        assert sent == [f"{task.id}-1"]


class TestTasks:
    def test_what_is_run_again_is_not_swept_while_it_runs(
        self, elsewhere: Elsewhere, sent: Sent
    ) -> None:
        task = SendMail(mail=MailKind.WELCOME, user_id="robin", cause="x")

        def refuse(_: SendMail) -> None:
            raise Refused("This mailbox does not exist.")

        elsewhere.background.run(task, refuse, attempt=1)
        elsewhere.background.run_again(task.id)
        elsewhere.time += timedelta(seconds=1)
        elsewhere.background.sweep()
        assert sent == [f"{task.id}-1"]
        elsewhere.time += timedelta(minutes=2)
        elsewhere.background.sweep()
        assert sent == [f"{task.id}-1", f"{task.id}-2"]

    def test_a_removal_whose_task_is_forgotten_begins_again(
        self, elsewhere: Elsewhere, sent: Sent
    ) -> None:
        """It was given up, nobody ran it again, and Firestore deleted the records after a month."""
        root = elsewhere.admin_caller()
        elsewhere.account("robin")
        elsewhere.admin.users.delete(root, "robin", None)
        path = f"outbox/{PurgeAccount(user_id='robin').id}"
        elsewhere.documents._client.document(path).delete()
        elsewhere.time += timedelta(days=31)
        elsewhere.deletions.begin_due()
        row = elsewhere.documents.get(path)
        assert row is not None
        assert row.data["state"] == "new"
        assert len(sent) == 2

    def test_a_plan_that_did_not_end_is_not_told_to_have_ended(
        self, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Two runs find the same organization, or it pays again before its turn."""
        _, gym = elsewhere.account("robin")
        changes = {
            "subscription_tier": Tier.PRO,
            "subscription_status": CANCELED,
            "period_ends_at": elsewhere.time + timedelta(days=1),
        }
        elsewhere.accounts.change_organization(gym.id, lambda row: row.model_copy(update=changes))
        elsewhere.time += timedelta(days=2)
        found = elsewhere.subscriptions.ended(elsewhere.time, limit=9)
        monkeypatch.setattr(elsewhere.subscriptions, "ended", lambda now, limit: found)
        for _ in range(2):
            elsewhere.billing.end_periods()
        told = elsewhere.documents.find("audit", [("action", "==", "subscription.end")], limit=9)
        assert len(told) == 1

    def test_a_late_delivery_leaves_the_newer_export_alone(self, elsewhere: Elsewhere) -> None:
        exports, shelf = shelved(elsewhere)
        robin = caller(elsewhere, "robin")
        first = exports.request(robin)

        def meanwhile() -> None:
            exports.build(BuildExport(user_id="robin", export_id=first.id))
            elsewhere.time += timedelta(minutes=1)
            second = exports.request(robin)
            exports.build(BuildExport(user_id="robin", export_id=second.id))

        shelf.then = meanwhile
        exports.build(BuildExport(user_id="robin", export_id=first.id))
        archive, _ = exports.download(robin)
        assert archive

    def test_a_job_under_way_elsewhere_is_called_again(
        self, background: Background, parts: Wiring
    ) -> None:
        """That instance may have died: 2xx would be the last call for this time."""
        due = datetime.now(UTC) + timedelta(days=4_000, minutes=uuid.uuid4().int % 1_000_000)
        assert JobRepository(parts.documents).begin("clean-up", due, "who died", parts.now())
        answer = background.call("/jobs/clean-up", due=due)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "CONCURRENT_CHANGE")

    @pytest.mark.parametrize("name", sorted(set(schedule()) - {"sweep-outbox"}))
    def test_a_job_is_called_until_the_lease_of_a_run_that_died_is_over(self, name: str) -> None:
        job = schedule()[name]
        pauses = [
            min(job.max_backoff_seconds, job.min_backoff_seconds * 2**attempt)
            for attempt in range(job.max_retry_attempts)
        ]
        assert sum(pauses) >= LEASE.total_seconds()
