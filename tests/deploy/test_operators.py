"""What operators meet: monitoring that is carried out, and a handbook that is right."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.deploy import watching
from infra.deploy.manifest import ROOT, manifest
from infra.deploy.smoke import Account, probes, smoke
from infra.deploy.watching import commands
from infra.queues import QueueSettings, queues
from infra.schedule import schedule
from tests.deploy.linting import require_gcloud
from tests.deploy.test_monitoring import content

PROJECT, SITE = "acme-prod", "acme-prod.web.app"
DEPLOYMENT = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")


def test_the_token_is_the_one_that_gcloud_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Asked for JSON, gcloud answers an object."""
    require_gcloud()
    (tmp_path / "token").write_text("ya29.a-token")
    monkeypatch.setenv("CLOUDSDK_CONFIG", str(tmp_path / "gcloud"))
    monkeypatch.setenv("CLOUDSDK_AUTH_ACCESS_TOKEN_FILE", str(tmp_path / "token"))
    assert watching.token() == "ya29.a-token"


def written(known: dict[str, Any]) -> list[dict[str, Any]]:
    """What gcloud is given for policies and the dashboard, when all of them are there already."""
    titles = [each["displayName"] for name in ("policies", "dashboard") for each in content(name)]
    there = [{"displayName": title, "name": f"n/{title}", **known} for title in titles]

    def ask(command: tuple[str, ...]) -> Any:
        return {"name": command[3]} if "describe" in command else there

    updates = [each for each in commands(PROJECT, SITE, ask) if "update" in each]
    words = [word for each in updates for word in each if "-from-file=" in word]
    assert len(words) == len(updates)
    files = [Path(word.partition("=")[2]) for word in words]
    return [json.loads(file.read_text(encoding="utf-8")) for file in files]


def test_an_update_keeps_whom_an_alert_wakes() -> None:
    """They are chosen in the console, and gcloud replaces the whole policy."""
    channels = ["projects/acme-prod/notificationChannels/7"]
    policies = [each for each in written({"notificationChannels": channels}) if "combiner" in each]
    assert len(policies) == len(content("policies"))
    assert all(policy.get("notificationChannels") == channels for policy in policies)


def test_an_updated_dashboard_names_the_version_it_replaces() -> None:
    """Without it Google answers: Update Dashboard should specify a non empty etag."""
    (dashboard,) = [each for each in written({"etag": "e1"}) if "mosaicLayout" in each]
    assert dashboard.get("etag") == "e1"


def test_uptime_checks_look_at_the_certificate() -> None:
    """As their file says; gcloud would not without being told."""
    made = [each for each in commands(PROJECT, SITE, lambda _: None) if "uptime" in each]
    assert [check["httpCheck"]["validateSsl"] for check in content("uptime")] == [True, True]
    assert all("--validate-ssl=true" in command for command in made)


def log_filter(name: str) -> str:
    return next(each["filter"] for each in content("metrics") if each["name"].endswith(name))


def test_a_refusal_is_counted_once() -> None:
    """Cloud Run writes a line of its own with the same httpRequest.status into another log."""
    assert 'logName:"run.googleapis.com%2Fstdout"' in log_filter("rate-limited")


def test_a_subscription_that_cannot_be_read_is_no_document() -> None:
    """The alarm leads to a page about documents that somebody broke in the console."""
    texts = re.findall(r'"(unreadable[^"]*)"', log_filter("unreadable-documents"))
    assert texts
    assert not any(text in "unreadable subscription" for text in texts)


def test_the_costs_count_every_job() -> None:
    words = {7: "seven", 8: "eight", 9: "nine"}
    number = len(schedule())
    assert f"| {words[number]} jobs | {number - 3} \u00d7 $0.10 (three are free)" in DEPLOYMENT
    assert f"the jobs ${number / 10:.2f}." in DEPLOYMENT


def test_the_environment_is_made_before_it_is_used() -> None:
    """`.venv` comes with the first make target."""
    blocks = "".join(re.findall(r"```sh\n(.*?)```", DEPLOYMENT, re.DOTALL))
    assert blocks.index("make ") < blocks.index(".venv/bin/python")


def span(queue: QueueSettings) -> int:
    """Seconds from the first attempt to the last, by the rule of Cloud Tasks."""
    waits = [queue.min_backoff_seconds * 2**doubling for doubling in range(queue.max_doublings + 1)]
    waits += [waits[-1] * more for more in range(2, queue.max_attempts)]
    return sum(min(wait, queue.max_backoff_seconds) for wait in waits[: queue.max_attempts - 1])


def test_a_mail_is_tried_for_about_half_an_hour() -> None:
    """As queues.toml says: 20 + 40 + 80 + 160 + 320 + 600 + 600 = 1,820 seconds."""
    assert 1_500 <= span(queues()["mail"]) <= 2_100
    assert span(queues()["accounts"]) > 2 * 3_600


def test_privacy_says_how_long_links_are_kept() -> None:
    """The longest lives for thirty days; a week later its row goes."""
    text = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    row = next(line for line in text.splitlines() if line.startswith("| Links in mails"))
    assert "thirty days" in row
    assert "a week" in row


def test_a_look_with_an_account_leaves_no_function_out() -> None:
    """An administrators' function refuses the account's question as it refuses anybody's."""
    answers = smoke("http://127.0.0.1:9", manifest(), Account("a@example.com", "x"))
    asked = {answer.path for answer in answers}
    assert {probe.path for probe in probes(manifest())} <= asked
