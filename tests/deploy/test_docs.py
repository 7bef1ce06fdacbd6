"""The handbook: gcloud understands every command in it, and the incidents are complete."""

import re
from pathlib import Path

import pytest

from infra.deploy.manifest import ROOT
from tests.deploy.lint import in_markdown, needs_gcloud, refused

DOCS = sorted((ROOT / "docs").glob("*.md"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


@needs_gcloud
def test_gcloud_understands_every_command_of_the_handbook(tmp_path: Path) -> None:
    commands = [line for page in DOCS for line in in_markdown(page.read_text(encoding="utf-8"))]
    assert len(commands) >= 15
    assert refused(commands, tmp_path) == []


def test_commands_are_found_wherever_they_stand() -> None:
    text = "```sh\necho x | gcloud secrets versions add a --data-file=- --project=$P\n```\n"
    assert in_markdown(text) == ["gcloud secrets versions add a --data-file=- --project=P"]


@pytest.mark.parametrize("part", ["Symptom", "Check", "Fix"])
def test_every_incident_says_how_it_shows_how_to_check_and_what_to_do(part: str) -> None:
    incidents = re.split(r"^## ", RUNBOOK, flags=re.MULTILINE)[1:]
    assert len(incidents) >= 10
    assert [each.partition("\n")[0] for each in incidents if f"**{part}.**" not in each] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS:
        for target in re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
