"""In which order a request is judged: address, verb, who, what may be done, then the payload."""

import pytest

from tests.http.probe import Probe
from tests.people import Person

WRONG = {"data": b"{", "content_type": "application/json"}


def bearer(person: Person) -> dict[str, dict[str, str]]:
    return {"headers": {"Authorization": f"Bearer {person.token}"}}


def test_a_wrong_address_or_verb_comes_before_the_sign_in(probe: Probe):
    assert probe.put("/nowhere").status_code == 404
    assert probe.delete("/admin").status_code == 405


def test_the_sign_in_comes_before_everything_about_the_payload(probe: Probe):
    """Decision 6."""
    for answer in (
        probe.post("/pro", **WRONG),
        probe.post("/pro", data=b"{}", content_type="text/plain"),
        probe.post("/pro", data=b"{}", headers={"Content-Encoding": "gzip"}),
        probe.post("/pro", data=b" " * 600_000),
        probe.get("/mine/a%20b"),
    ):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_plan_comes_before_the_payload(probe: Probe, lifter: Person, pro: Person):
    """Decision 6: 403 for who may not, 400 or 422 only for who may."""
    refused = probe.post("/pro", **WRONG, **bearer(lifter))
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "PRO_TIER_REQUIRED")
    assert refused.json["error"]["details"]["upgrade_url"].startswith("https://")
    assert probe.post("/pro", **WRONG, **bearer(pro)).status_code == 400
    assert probe.post("/pro", json={"name": 1}, **bearer(pro)).status_code == 422
    assert probe.post("/pro", json={"name": "x"}, **bearer(pro)).status_code == 201


def test_the_role_comes_before_the_payload(probe: Probe, pro: Person, admin: Person):
    refused = probe.put("/admin", **WRONG, **bearer(pro))
    assert (refused.status_code, refused.json["error"]["code"]) == (403, "ADMIN_REQUIRED")
    assert probe.put("/admin", **WRONG, **bearer(admin)).status_code == 400
    assert probe.put("/admin", json={}, **bearer(admin)).status_code == 200
    assert probe.post("/pro", json={}, **bearer(admin)).status_code == 201


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Basic YTpi", "bearer", "Token abc", "Bearer\tabc", "é"],
)
def test_without_a_bearer_token_nobody_is_signed_in(probe: Probe, header: str):
    answer = probe.get("/mine/1", headers={"Authorization": header})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "AUTHENTICATION_REQUIRED")


@pytest.mark.parametrize(
    "token", ["abc", "a.b.c", "é" * 10, "x" * 5_000, "a b", "\x00", "e30.e30."]
)
def test_a_token_that_is_none_is_refused_as_invalid(probe: Probe, token: str):
    answer = probe.get("/mine/1", headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["error"]["code"]) == (401, "TOKEN_INVALID")
    assert token not in answer.json["detail"]


def test_the_schemes_name_may_have_any_case(probe: Probe, lifter: Person):
    answer = probe.get("/mine/1", headers={"Authorization": f"bEARER  {lifter.token} "})
    assert answer.json == {"message": f"{lifter.user_id} 1"}
