"""Which paths lead to a route, and how query strings are read."""

import pytest

from tests.client import Api, Functions
from tests.http.probe import Probe


@pytest.mark.parametrize(
    "path",
    [
        "/api/v1/probe/find",
        "/api/v1/probe/find/",
        "/probe/find",
        "/probe/find/",
        "/find",
        "/find/",
        "/api/v1/find",
        "/api/v1/probe/%66ind",
        "/api/v1/probe//find",
    ],
)
def test_a_path_may_come_whole_or_without_what_a_gateway_strips(probe: Probe, path: str):
    """1.2: through Hosting, through the function's own address, with and without a last slash."""
    assert probe.get(path, base="").status_code == 200


@pytest.mark.parametrize("path", ["/api/v1/probe", "/api/v1/probe/", "/probe", "/", "", "/api/v1"])
def test_the_groups_own_path_has_as_many_forms(probe: Probe, path: str):
    assert probe.get(path, base="").json == {"message": "here"}


@pytest.mark.parametrize(
    "path",
    [
        "//api/v1/probe/find",
        "/api/v1//probe/find",
        "/api/v2/probe/find",
        "/api/v1/probe/probe/find",
        "/api/v1/api/v1/probe/find",
        "/api/v1/probes/find",
        "/api/v1/probe/FIND",
        "/api/v1/probe/find%00",
        "/api/v1/probe/find%2f..",
        "/api/v1/probe/./find",
        "/api/v1/probe/%ff%fe",
        "/api/v1/probe/f%C3%AFnd",
        "/api/v1/probe/\N{PILE OF POO}",
        "/api/v1/probe/" + "x" * 8_000,
    ],
)
def test_anything_else_is_a_404_and_no_redirect(probe: Probe, path: str):
    answer = probe.get(path, base="")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "RESOURCE_NOT_FOUND")
    assert "Location" not in answer.headers


def test_head_answers_as_get_without_the_body(probe: Probe):
    got, head = probe.get("/cached"), probe.head("/cached")
    assert (head.status_code, head.get_data()) == (200, b"")
    assert head.headers["ETag"] == got.headers["ETag"]
    assert head.headers["Content-Length"] == str(len(got.get_data()))
    assert probe.head("/echo").status_code == 405


def test_the_first_of_repeated_query_fields_counts(probe: Probe):
    assert probe.get("/find?limit=5&limit=7").json["limit"] == 5
    assert probe.get("/find?limit=&limit=7").json["limit"] == 7


def test_an_empty_query_field_counts_as_absent(probe: Probe):
    assert probe.get("/find?limit=&search=").json == {"search": "", "limit": 20}
    assert probe.get("/find?limit&x=1&&").json == {"search": "", "limit": 20}


def test_query_texts_are_decoded_and_trimmed(probe: Probe):
    assert probe.get("/find?search=+Kniebeuge%20f%C3%BCr+").json["search"] == "Kniebeuge für"


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("limit=0", ["query", "limit"]),
        ("limit=101", ["query", "limit"]),
        ("limit=ten", ["query", "limit"]),
        ("limit=" + "9" * 5_000, ["query", "limit"]),
        ("search=%00", ["query", "search"]),
        ("search=%ff", ["query"]),
        ("search=%ed%a0%80", ["query"]),
        ("&".join(["a=1"] * 51), ["query"]),
    ],
)
def test_an_unusable_query_is_a_422(probe: Probe, query: str, where: list[str]):
    answer = probe.get(f"/find?{query}")
    assert answer.status_code == 422
    assert answer.json["detail"][0]["loc"] == where


def test_raw_bytes_in_a_query_are_a_422(probe: Probe):
    answer = probe.get("/find", environ_overrides={"QUERY_STRING": "search=\xff"})
    assert (answer.status_code, answer.json["detail"][0]["loc"]) == (422, ["query"])


def test_raw_bytes_in_a_path_are_a_404(probe: Probe):
    answer = probe.get("", environ_overrides={"PATH_INFO": "/api/v1/probe/\xff"})
    assert answer.status_code == 404


def test_an_id_that_can_be_none_is_a_422_that_names_it(probe: Probe, lifter):
    answer = probe.get("/mine/a%20b", headers={"Authorization": f"Bearer {lifter.token}"})
    assert answer.status_code == 422
    assert answer.json["detail"][0]["loc"] == ["path", "thing_id"]


def test_every_function_takes_its_paths_in_all_forms(functions: Functions, api: Api):
    """1.2, over the functions framework."""
    for path in ("/api/v1/auth/me", "/auth/me/", "/me", "/api/v1/me"):
        assert functions.call("auth", "GET", path).status_code == 401, path
    for path in ("/api/v1/health/live", "/health/live", "/live/"):
        assert functions.call("health", "GET", path).status_code == 200, path
