"""S4: how often somebody may register, log in and refresh; 8.2: what answers say about it."""

import re
import time

from shared.storage.documents import Documents
from tests.client import Api
from tests.functions.auth.newcomers import a_newcomer, an_address, login
from tests.functions.refusals import refused
from tests.people import People, Person


def is_limited(answer, policy: str, limit: int, seconds: int) -> None:
    details = refused(answer, 429, "RATE_LIMIT_EXCEEDED")
    wait = int(answer.headers["Retry-After"])
    assert 0 < wait <= seconds
    assert details == {"policy": policy, "retry_after": wait}
    assert answer.json["detail"] == f"Too many requests. Try again in {wait} seconds."
    assert answer.headers["X-RateLimit-Remaining"] == "0"
    assert int(answer.headers["X-RateLimit-Limit"]) == limit
    # C17: a time to come, in epoch seconds.
    assert 0 <= int(answer.headers["X-RateLimit-Reset"]) - time.time() <= seconds


def test_answers_tell_what_is_left(limited, lifter: Person):
    """8.2: on every answer, errors included."""
    limited(default="5/60")
    headers = [lifter.api.get("/auth/me").headers for _ in range(2)]
    assert [each["X-RateLimit-Limit"] for each in headers] == ["5", "5"]
    assert [each["X-RateLimit-Remaining"] for each in headers] == ["4", "3"]
    assert headers[0]["RateLimit-Policy"] == '"default";q=5;w=60'
    assert re.fullmatch(r'"default";r=4;t=\d+', headers[0]["RateLimit"])
    assert "Retry-After" not in headers[0]
    unknown = lifter.api.get("/auth/nowhere").headers
    assert unknown["RateLimit-Policy"] == '"anonymous";q=300;w=60'


def test_a_user_is_limited_and_others_are_not(limited, lifter: Person, stranger: Person):
    limited(default="2/60")
    for _ in range(2):
        assert lifter.api.get("/auth/me").status_code == 200
    is_limited(lifter.api.get("/auth/me"), "default", 2, 60)
    assert stranger.api.get("/auth/me").status_code == 200


def test_registration_stops_after_three_in_five_minutes(limited, api: Api):
    """A1, S4: whatever they were answered."""
    limited()
    first = api.post("/auth/register", json=a_newcomer())
    assert first.status_code == 201
    assert '"register-300s";q=3;w=300' in first.headers["RateLimit-Policy"]
    assert '"register-86400s";q=20;w=86400' in first.headers["RateLimit-Policy"]
    assert api.post("/auth/register", json={}).status_code == 422
    assert api.post("/auth/register", data="{").status_code == 400
    answer = api.post(
        "/auth/register", json=a_newcomer(), headers={"Origin": "http://localhost:3000"}
    )
    is_limited(answer, "register", 3, 300)
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"


def test_logins_stop_after_ten_a_minute(limited, api: Api):
    """A2, S4: of one address of the network, whoever is tried."""
    limited()
    for _ in range(10):
        assert login(api, an_address()).status_code == 401
    is_limited(login(api, an_address()), "login", 10, 60)
    is_limited(api.post("/auth/login/form", data={}), "login", 10, 60)


def test_failures_of_one_address_stop_even_the_right_password(limited, api: Api, lifter: Person):
    """S4: ten failures per account and network in a quarter of an hour."""
    limited(login="1000/60")
    for _ in range(10):
        assert login(api, lifter.email, "not the password").status_code == 401
    answer = login(api, lifter.email.upper())
    details = refused(answer, 429, "RATE_LIMIT_EXCEEDED")
    assert details["policy"] == "login_pair"
    assert 0 < int(answer.headers["Retry-After"]) <= 900


def test_a_success_clears_the_failures_before_it(limited, api: Api, lifter: Person):
    limited(login="1000/60")
    for _ in range(2):
        for _ in range(9):
            assert login(api, lifter.email, "not the password").status_code == 401
        assert login(api, lifter.email).status_code == 200


def test_an_unknown_address_is_limited_as_a_known_one(limited, api: Api):
    """Otherwise the limit would tell who has an account."""
    limited(login="1000/60")
    email = an_address()
    for _ in range(10):
        assert login(api, email).status_code == 401
    assert login(api, email).status_code == 429


def test_refreshes_stop_after_thirty_a_minute(limited, api: Api):
    """A4, S4."""
    limited()
    answers = [api.post("/auth/refresh", json={"refresh_token": "x"}) for _ in range(31)]
    assert [answer.status_code for answer in answers] == [401] * 30 + [429]
    is_limited(answers[-1], "refresh", 30, 60)


def test_one_refresh_token_is_limited_wherever_it_is_used(limited, api: Api, lifter: Person):
    limited(refresh="1000/60", refresh_token="2/60")
    body = {"refresh_token": lifter.refresh_token}
    for _ in range(2):
        assert api.post("/auth/refresh", json=body).status_code == 200
    is_limited(api.post("/auth/refresh", json=body), "refresh_token", 2, 60)
    assert api.post("/auth/refresh", json={"refresh_token": "x"}).status_code == 401


def test_calls_that_prove_no_identity_are_limited_together(limited, api: Api):
    limited(anonymous="2/60")
    assert api.get("/auth/me").status_code == 401
    assert api.get("/auth/nowhere").status_code == 404
    is_limited(api.delete("/auth/me"), "anonymous", 2, 60)
    preflight = api.call("OPTIONS", "/auth/me")
    assert preflight.status_code == 204


def test_counters_name_nobody(limited, api: Api, people: People):
    """Stored under keyed hashes."""
    limited()
    person = people.lifter()
    login(api, person.email, "not the password")
    documents: Documents = person.parts.documents
    stored = documents.find("rate_limits", limit=500)
    assert stored
    assert person.email not in str(stored)
    assert "127.0.0.1" not in str(stored)
