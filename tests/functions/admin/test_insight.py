"""D1 to D3, D18 and D20: figures, the audit log, the export, and tasks that were given up."""

import csv
import io
import uuid
from datetime import timedelta

import pytest

from shared.errors import Refused
from shared.models.mails import MailKind
from shared.models.tasks import SendMail
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Api
from tests.functions.bodies import MISSING, a_name
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.people import People, Person

FIGURES = ["/dashboard", "/analytics/subscriptions", "/analytics/usage", "/stats/users/growth"]
DASHBOARD = {
    "total_users",
    "active_users",
    "verified_users",
    "suspended_users",
    "total_organizations",
    "active_organizations",
    "subscription_stats",
    "content_stats",
    "system_health",
    "generated_at",
}
SUBSCRIPTIONS = {
    "total_subscribers",
    "active_subscribers",
    "cancelled_subscribers",
    "expired_subscribers",
    "monthly_recurring_revenue",
    "average_revenue_per_user",
    "new_subscriptions_this_month",
    "cancellations_this_month",
    "churn_rate_percent",
    "free_tier_percentage",
    "pro_tier_percentage",
    "monthly_revenue_history",
    "subscription_growth_history",
    "generated_at",
}
USAGE = {
    "daily_active_users",
    "weekly_active_users",
    "monthly_active_users",
    "exercise_metrics",
    "program_metrics",
    "users_with_custom_exercises",
    "users_with_custom_programs",
    "users_with_cloned_templates",
    "avg_programs_per_user",
    "avg_exercises_per_program",
    "avg_sessions_per_program",
    "most_used_exercises",
    "most_cloned_templates",
    "measured_at",
    "generated_at",
}


class TestFigures:
    """Their arithmetic is in tests/services/admin/test_analytics.py."""

    @pytest.mark.parametrize("path", FIGURES)
    def test_they_are_for_administrators(self, api: Api, pro: Person, path: str) -> None:
        needs_sign_in(api.get(f"/admin{path}"))
        refused(pro.api.get(f"/admin{path}"), 403, "ADMIN_REQUIRED")

    def test_the_dashboard(self, admin: Person) -> None:
        """D1."""
        seen = admin.api.get("/admin/dashboard").json
        assert set(seen) == DASHBOARD
        assert seen["total_users"] >= seen["active_users"] >= 1
        assert seen["system_health"]["uptime_hours"] is None
        assert admin.api.get("/admin/stats").json == seen

    def test_subscriptions(self, admin: Person) -> None:
        """D2."""
        seen = admin.api.get("/admin/analytics/subscriptions").json
        assert set(seen) == SUBSCRIPTIONS
        month = f"{admin.parts.now():%Y-%m}"
        assert seen["monthly_revenue_history"][-1]["date"] == month
        assert admin.api.get("/admin/stats/subscriptions").json == seen

    def test_usage(self, admin: Person) -> None:
        """D3."""
        assert set(admin.api.get("/admin/analytics/usage").json) == USAGE

    def test_growth(self, admin: Person) -> None:
        months = admin.api.get("/admin/stats/users/growth").json["months"]
        assert months[-1]["date"] == f"{admin.parts.now():%Y-%m}"

    def test_the_job_keeps_todays_figures(self, background: Background, parts: Wiring) -> None:
        for _ in range(2):
            kept = background.call("/jobs/snapshot")
            assert kept.status_code == 200
        today = kept.json["day"]
        for path in (f"stats/{today}", f"stats/{today[:7]}"):
            stored = parts.documents.get(path)
            assert stored is not None
            assert stored.data["figures"]["total_users"] == kept.json["figures"]["total_users"]


class TestAuditLog:
    """D18."""

    def test_it_is_for_administrators(self, api: Api, lifter: Person) -> None:
        needs_sign_in(api.get("/admin/audit-logs"))
        refused(lifter.api.get("/admin/audit-logs"), 403, "ADMIN_REQUIRED")

    def test_a_row_tells_who_changed_what_from_where(self, admin: Person, lifter: Person) -> None:
        request_id = uuid.uuid4().hex
        path = f"/admin/users/{lifter.user_id}"
        body = {"full_name": "Sam Secret", "is_verified": True}
        changed = admin.api.put(path, json=body, headers={"X-Request-ID": request_id})
        assert changed.status_code == 200
        (row,) = admin.api.get(f"/admin/audit-logs?target_id={lifter.user_id}").json["items"]
        assert (row["action"], row["actor_user_id"]) == ("user.update", admin.user_id)
        assert (row["actor_email"], row["actor_role"]) == (admin.email, "ADMIN")
        assert (row["target_type"], row["request_id"]) == ("user", request_id)
        assert row["ip_hash"]
        # Names are of the person, who may go; what decides is told.
        assert row["before"] == {"full_name": "[redacted]", "is_verified": False}
        assert row["after"] == {"full_name": "[redacted]", "is_verified": True}

    def test_it_is_filtered_by_actor_action_target_and_time(
        self, admin: Person, people: People
    ) -> None:
        first, second = people.lifter(), people.lifter()
        for person in (first, second):
            assert admin.api.post(f"/admin/users/{person.user_id}/suspend").status_code == 200
        assert admin.api.post(f"/admin/users/{first.user_id}/unsuspend").status_code == 200

        def told(**query: str) -> list[tuple[str, str]]:
            page = admin.api.get("/admin/audit-logs", query_string=query)
            assert page.status_code == 200, page.text
            return [(row["action"], row["target_id"]) for row in page.json["items"]]

        mine = [
            ("user.unsuspend", first.user_id),
            ("user.suspend", second.user_id),
            ("user.suspend", first.user_id),
        ]
        assert told(user_id=admin.user_id) == mine
        assert told(user_id=admin.user_id, action="user.suspend") == mine[1:]
        assert told(target_id=first.user_id) == [mine[0], mine[2]]
        assert told(target_id=first.user_id, action="user.suspend", user_id=admin.user_id) == [
            mine[2]
        ]
        hour = timedelta(hours=1)
        now = admin.parts.now()
        before, after = (now - hour).isoformat(), (now + hour).isoformat()
        assert told(user_id=admin.user_id, **{"from": before, "to": after}) == mine
        assert told(user_id=admin.user_id, **{"from": after}) == []
        assert told(user_id=admin.user_id, to=before) == []
        page = admin.api.get(f"/admin/audit-logs?user_id={admin.user_id}&limit=2&page=2").json
        assert ([row["target_id"] for row in page["items"]], page["total"]) == ([first.user_id], 3)

    def test_nonsense_is_named(self, admin: Person) -> None:
        assert problem_places(admin.api.get("/admin/audit-logs?from=yesterday")) == ["query.from"]
        refused(admin.api.get("/admin/audit-logs?skip=1001"), 422, "VALIDATION_ERROR")


class TestExport:
    """D20."""

    def test_it_is_for_administrators(self, api: Api, pro: Person) -> None:
        needs_sign_in(api.post("/admin/export"))
        refused(pro.api.post("/admin/export"), 403, "ADMIN_REQUIRED")

    def test_everybody_is_in_it_and_no_formula_runs(self, admin: Person, people: People) -> None:
        evil = people.lifter('=HYPERLINK("http://evil.example","click")')
        plain = people.lifter("Anna, the “Strong”")
        answer = admin.api.post("/admin/export")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
        assert answer.headers["Content-Disposition"] == 'attachment; filename="users.csv"'
        assert answer.is_streamed
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
        assert rows[evil.user_id]["full_name"] == '\'=HYPERLINK("http://evil.example","click")'
        assert rows[plain.user_id]["full_name"] == "Anna, the “Strong”"
        assert rows[plain.user_id]["email"] == plain.email
        (told,) = admin.api.get(f"/admin/audit-logs?user_id={admin.user_id}").json["items"]
        assert (told["action"], told["target_id"]) == ("export.users", "users")

    def test_organizations(self, admin: Person, pro: Person) -> None:
        answer = admin.api.post("/admin/export", json={"kind": "organizations"})
        rows = {row["id"]: row for row in csv.DictReader(io.StringIO(answer.text))}
        assert rows[pro.organization_id]["subscription_tier"] == "PRO"
        places = problem_places(admin.api.post("/admin/export", json={"kind": "programs"}))
        assert places == ["body.kind"]

    def test_more_than_a_page_is_read_in_pages(
        self, admin: Person, people: People, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        documents = admin.parts.documents
        whole = [row.path for row in documents.scan("users")]
        assert [row.path for row in documents.scan("users", page=2)] == whole
        assert len(whole) == documents.count("users")


class TestFailedTasks:
    def test_one_is_listed_and_run_again(
        self, admin: Person, lifter: Person, parts: Wiring, background: Background
    ) -> None:
        task = SendMail(mail=MailKind.WELCOME, user_id=lifter.user_id, cause=a_name("cause"))

        def refuse(_: SendMail) -> None:
            raise Refused("This mailbox does not exist.")

        parts.background.run(task, refuse, attempt=1)
        newest = admin.api.get("/admin/failed-tasks?limit=1").json
        assert newest["total"] >= 1
        row = newest["items"][0]
        assert (row["id"], row["code"]) == (task.id, "INVALID_OPERATION")
        refused(lifter.api.get("/admin/failed-tasks"), 403, "ADMIN_REQUIRED")
        refused(lifter.api.post(f"/admin/failed-tasks/{task.id}/run"), 403, "ADMIN_REQUIRED")
        again = admin.api.post(f"/admin/failed-tasks/{task.id}/run")
        assert again.status_code == 200
        assert [kind for kind, _ in background.waiting(cause=task.cause)] == ["send-mail"]
        refused(admin.api.post(f"/admin/failed-tasks/{task.id}/run"), 404, "RESOURCE_NOT_FOUND")
        (told,) = admin.api.get(f"/admin/audit-logs?target_id={task.id}").json["items"]
        assert told["action"] == "task.run_again"

    def test_one_that_is_not_there(self, admin: Person) -> None:
        refused(admin.api.post(f"/admin/failed-tasks/{MISSING}/run"), 404, "RESOURCE_NOT_FOUND")
