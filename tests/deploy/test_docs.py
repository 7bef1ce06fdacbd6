"""The handbook: its incidents are complete, and its links lead somewhere."""

import re

import pytest

from infra.deploy.manifest import ROOT

DOCS = sorted((ROOT / "docs").glob("*.md"))
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("part", ["Symptom", "Check", "Fix"])
def test_every_incident_says_how_it_shows_how_to_check_and_what_to_do(part: str) -> None:
    incidents = re.split(r"^## ", RUNBOOK, flags=re.MULTILINE)[1:]
    assert len(incidents) >= 10
    assert [each.partition("\n")[0] for each in incidents if f"**{part}.**" not in each] == []


def test_links_between_pages_lead_somewhere() -> None:
    for page in DOCS:
        for target in re.findall(r"\]\(([\w./-]+\.md)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
