"""Headers that every answer carries, and what versions do."""

import re

import pytest

from tests.http.probe import Probe

EVERYWHERE = ["", "/nowhere", "/bug", "/refuse/422", "/refuse/429", "/mine/1", "/cached", "/held"]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_every_answer_carries_the_security_headers(probe: Probe, path: str):
    headers = probe.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert headers["Referrer-Policy"] == "no-referrer"


@pytest.mark.parametrize("path", [path for path in EVERYWHERE if path != "/cached"])
def test_nobody_may_keep_an_answer_that_does_not_say_so(probe: Probe, path: str):
    assert probe.get(path).headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", EVERYWHERE)
def test_process_time_is_in_milliseconds(probe: Probe, path: str):
    """8.2; C17: one writer, one form."""
    headers = probe.get(path).headers
    assert re.fullmatch(r"\d+\.\d\dms", headers["X-Process-Time"])
    assert len(headers.getlist("X-Process-Time")) == 1


@pytest.mark.parametrize("given", ["a", "7f3c", "A-b_c.d", "x" * 128])
def test_a_harmless_request_id_is_kept(probe: Probe, given: str):
    assert probe.get("/bug", headers={"X-Request-ID": given}).headers["X-Request-ID"] == given


@pytest.mark.parametrize("given", ["", "-a", "x" * 129, "a b", "<script>", "é", '"', "a;b", "../a"])
def test_any_other_request_id_is_replaced(probe: Probe, given: str):
    answer = probe.get("/nowhere", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", answer.headers["X-Request-ID"])
    assert answer.json["error"]["request_id"] == answer.headers["X-Request-ID"]


def test_no_two_requests_share_an_id(probe: Probe):
    assert len({probe.get("").headers["X-Request-ID"] for _ in range(20)}) == 20


def test_no_content_has_no_content_type(probe: Probe):
    answer = probe.delete("/held")
    assert (answer.status_code, answer.get_data()) == (204, b"")
    assert "Content-Type" not in answer.headers


def test_a_version_is_a_strong_etag(probe: Probe):
    answer = probe.get("/held")
    assert answer.headers["ETag"] == '"7"'
    assert answer.json == {"name": "held"}


@pytest.mark.parametrize("given", ['"7"', 'W/"7"', '"6", "7"', "*", "7"])
def test_who_holds_the_version_is_told_so_without_a_body(probe: Probe, given: str):
    answer = probe.get("/held", headers={"If-None-Match": given, "Origin": "http://localhost:3000"})
    assert (answer.status_code, answer.get_data()) == (304, b"")
    assert answer.headers["ETag"] == '"7"'
    assert answer.headers["Access-Control-Allow-Origin"] == "http://localhost:3000"
    assert "Content-Type" not in answer.headers


@pytest.mark.parametrize("given", ['"6"', '"77"', "", '"'])
def test_who_holds_another_version_gets_the_current_one(probe: Probe, given: str):
    assert probe.get("/held", headers={"If-None-Match": given}).status_code == 200


def test_reference_data_may_be_kept_and_asked_for_again(probe: Probe):
    answer = probe.get("/cached")
    assert answer.headers["Cache-Control"] == "public, max-age=60"
    again = probe.get("/cached", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    assert again.headers["Cache-Control"] == "public, max-age=60"


def test_an_answer_without_a_version_has_no_etag(probe: Probe):
    assert "ETag" not in probe.get("").headers
    assert "ETag" not in probe.get("/refuse/404").headers


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (None, None),
        ("*", None),
        ('"7"', "7"),
        ('W/"7"', "7"),
        (' "7" ', "7"),
        ("7", "7"),
        ('"6", "7"', '"6", "7"'),
    ],
)
def test_if_match_names_the_version_a_change_insists_on(
    probe: Probe, given: str | None, wanted: str | None
):
    """A list is taken as one version that nothing has: the change is refused, never let through."""
    headers = {} if given is None else {"If-Match": given}
    assert probe.put("/held", headers=headers).json == {"message": repr(wanted)}


@pytest.mark.parametrize("moment", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"])
def test_a_time_that_utc_cannot_express_breaks_nothing(probe: Probe, moment: str):
    headers = {"X-CloudScheduler-ScheduleTime": moment}
    assert probe.get("/nowhere", headers=headers).status_code == 404
