"""Quotas of a plan: shown with the organization, counted exactly."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from shared.models.organizations import Tier
from shared.rules import plans
from tests.client import Api
from tests.functions.bodies import a_program, an_exercise
from tests.functions.refusals import needs_sign_in, refused
from tests.people import People, Person

ORGANIZATION = "/users/me/organization"
QUERIES = f"{ORGANIZATION}/ai-queries"


def quota(person: Person, name: str) -> tuple[int, int | None, int | None]:
    shown = person.api.get(ORGANIZATION).json["quotas"][name]
    return shown["used"], shown["limit"], shown["remaining"]


def test_nobody_uses_a_query_without_a_sign_in(api: Api) -> None:
    needs_sign_in(api.post(QUERIES))


def test_free_shows_what_it_includes(lifter: Person, catalogue: None) -> None:
    lifter.api.post("/programs/full-body-3-day-split/clone")
    assert quota(lifter, "members") == (1, 3, 2)
    assert quota(lifter, "custom_exercises") == (0, 0, 0)
    assert quota(lifter, "programs") == (1, 500, 499)
    assert quota(lifter, "ai_queries") == (0, 10, 10)
    details = lifter.api.get(ORGANIZATION).json
    assert details["can_create_programs"] is details["can_create_custom_exercises"] is False
    assert details["has_unlimited_ai_queries"] is False


def test_pro_shows_what_it_includes(pro: Person) -> None:
    assert pro.api.post("/exercises", json=an_exercise()).status_code == 201
    assert quota(pro, "custom_exercises") == (1, 500, 499)
    assert pro.api.post(QUERIES).json["used"] == 1
    assert quota(pro, "ai_queries") == (1, None, None)
    assert pro.api.get(ORGANIZATION).json["has_unlimited_ai_queries"] is True


def test_ten_queries_a_month_are_ten_also_when_all_come_at_once(lifter: Person) -> None:
    for used in range(1, 8):
        answer = lifter.api.post(QUERIES)
        assert (answer.status_code, answer.json["used"]) == (200, used)
    # Three of the ten are left for these four.
    with ThreadPoolExecutor(4) as threads:
        answers = list(threads.map(lambda _: lifter.api.post(QUERIES), range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 429]
    too_many = lifter.api.post(QUERIES)
    refused(too_many, 429, "AI_QUERY_LIMIT_EXCEEDED")
    # Until the month is over.
    assert 1 <= int(too_many.headers["Retry-After"]) <= 31 * 24 * 60 * 60
    assert quota(lifter, "ai_queries") == (10, 10, 0)


def test_colleagues_share_a_quota_and_strangers_do_not(
    people: People, lifter: Person, stranger: Person
) -> None:
    people.colleague(lifter).api.post(QUERIES)
    assert quota(lifter, "ai_queries") == (1, 10, 9)
    assert quota(stranger, "ai_queries") == (0, None, None)


@pytest.mark.parametrize(
    ("field", "path", "body"),
    [
        ("programs", "/programs", a_program),
        ("custom_exercises", "/exercises", an_exercise),
    ],
)
def test_another_figure_in_the_table_is_another_limit(
    pro: Person, monkeypatch: pytest.MonkeyPatch, field: str, path: str, body
) -> None:
    changed = replace(plans.PLANS[Tier.PRO], **{field: 2})
    monkeypatch.setattr(plans, "PLANS", {**plans.PLANS, Tier.PRO: changed})
    for _ in range(2):
        assert pro.api.post(path, json=body()).status_code == 201
    refused(pro.api.post(path, json=body()), 409, "QUOTA_REACHED")
    assert quota(pro, field) == (2, 2, 0)
