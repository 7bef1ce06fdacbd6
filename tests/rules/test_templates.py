"""The templates: what they train, how that is judged, and that the looks over them are clean."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from shared.models.lint import LintSettings, Severity
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.volume import MuscleVolume, PublishedProfile, VolumeStatus, Zone
from shared.rules.counted import CountedProgram
from shared.rules.lint.findings import lint
from shared.rules.statistics import stats
from shared.rules.yardsticks import published
from tests.rules.build import seed_exercises, seed_templates

GOLDEN = json.loads(Path(__file__).with_name("golden_templates.json").read_text(encoding="utf-8"))
"""What people can check by hand: sets of an average week, and what they amount to."""

AGREED = {"upper-lower-4-day-split", "push-pull-legs-6-day-split", "full-body-3-day-split"}
"""Their content is agreed with clients, so they keep their warnings."""

EACH = pytest.mark.parametrize("template_id", sorted(GOLDEN))


def judged(template: Program, profile: PublishedProfile) -> list[MuscleVolume]:
    rows = stats(CountedProgram.of(template, seed_exercises()), published(profile)).weekly_volume
    return sorted(rows, key=lambda row: list(MuscleGroup).index(row.muscle))


def counts(template: Program, profile: PublishedProfile) -> dict[str, int]:
    rows = judged(template, profile)
    found = Counter(row.status for row in rows)
    untrained = sum(row.zone is Zone.UNTRAINED for row in rows)
    return {**{status: found[status] for status in VolumeStatus}, "of which untrained": untrained}


def described(template: Program) -> dict[str, Any]:
    aims = published(PublishedProfile.EVIDENCE).targets
    counted = CountedProgram.of(template, seed_exercises())
    found = Counter(finding.severity for finding in lint(counted, aims, LintSettings()))
    return {
        "week": {
            row.muscle: f"{row.sets_per_week:g} sets, {row.direct_sets_per_week:g} direct: "
            f"{row.status}"
            for row in judged(template, PublishedProfile.EVIDENCE)
        },
        "evidence": counts(template, PublishedProfile.EVIDENCE),
        "uniform": counts(template, PublishedProfile.UNIFORM),
        "findings": {severity: found[severity] for severity in Severity},
    }


def test_there_are_eight_templates() -> None:
    assert len(GOLDEN) == 8
    assert GOLDEN.keys() == seed_templates().keys() >= AGREED


@EACH
def test_each_template_trains_what_the_golden_file_says(template_id: str) -> None:
    assert described(seed_templates()[template_id]) == GOLDEN[template_id]


@EACH
def test_no_template_has_an_error_and_the_new_ones_spread_their_sets_well(template_id: str) -> None:
    aims = published(PublishedProfile.EVIDENCE).targets
    counted = CountedProgram.of(seed_templates()[template_id], seed_exercises())
    findings = lint(counted, aims, LintSettings())
    assert [finding for finding in findings if finding.severity is Severity.ERROR] == []
    if template_id not in AGREED:
        # Small muscles may lack sets; nothing else is left to improve.
        assert {finding.rule_id for finding in findings} <= {"HQ101", "HQ102"}


@EACH
def test_the_new_templates_train_the_large_muscles_well(template_id: str) -> None:
    large = {"CHEST", "LATS", "QUADRICEPS", "HAMSTRINGS", "GLUTES"}
    rows = judged(seed_templates()[template_id], PublishedProfile.EVIDENCE)
    if template_id not in AGREED:
        poor = [row.muscle for row in rows if row.muscle in large and row.status != "optimal"]
        assert poor == []
