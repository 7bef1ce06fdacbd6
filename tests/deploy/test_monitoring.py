"""What is watched: every file is what Google takes, and every line it counts is one we write."""

import copy
import json
import re
from pathlib import Path
from typing import Any

import pytest

from infra.deploy.manifest import ROOT, manifest
from infra.deploy.monitoring import MADE, file
from tests.deploy.discovery import problems

SHAPES = {
    "metrics": ("logging.v2", "LogMetric"),
    "policies": ("monitoring.v3", "AlertPolicy"),
    "objectives": ("monitoring.v3", "ServiceLevelObjective"),
    "dashboard": ("monitoring.v1", "Dashboard"),
    "uptime": ("monitoring.v3", "UptimeCheckConfig"),
}
RUNBOOK = (ROOT / "docs" / "runbook.md").read_text(encoding="utf-8")


def content(name: str) -> list[Any]:
    read = json.loads(file(name).read_text(encoding="utf-8"))
    return read if isinstance(read, list) else [read]


def every(value: Any, key: str) -> list[Any]:
    """Everything under this key, at any depth."""
    if isinstance(value, dict):
        below = [found for each in value.values() for found in every(each, key)]
        return [value[key], *below] if key in value else below
    if isinstance(value, list):
        return [found for each in value for found in every(each, key)]
    return []


def test_every_file_has_a_shape_of_googles() -> None:
    assert SHAPES.keys() == MADE.keys()


@pytest.mark.parametrize("name", SHAPES)
def test_a_file_is_what_google_takes(name: str) -> None:
    assert content(name)
    assert [problem for each in content(name) for problem in problems(*SHAPES[name], each)] == []


@pytest.mark.parametrize("name", SHAPES)
def test_a_misspelt_key_is_noticed(name: str) -> None:
    broken = copy.deepcopy(content(name)[0])
    broken["displayname"] = "misspelt"
    assert problems(*SHAPES[name], broken)


def test_a_wrong_word_is_noticed() -> None:
    broken = copy.deepcopy(content("policies")[0])
    broken["conditions"][0]["conditionThreshold"]["comparison"] = "COMPARISON_ABOVE"
    assert problems(*SHAPES["policies"], broken)


def test_every_public_function_has_an_objective_and_an_alarm() -> None:
    public = {function.name for function in manifest().functions if function.public}
    objectives = {each["name"] for each in content("objectives")}
    assert objectives == {
        f"projects/PROJECT/services/{name}/serviceLevelObjectives/availability" for name in public
    }
    burning = {
        name
        for filter_ in every(content("policies"), "filter")
        for name in re.findall(r'select_slo_burn_rate\("([^"]+)"', filter_)
    }
    assert burning == objectives


def test_every_metric_that_an_alarm_or_a_chart_reads_is_made() -> None:
    made = {each["name"] for each in content("metrics")}
    read = {
        found
        for name in ("policies", "dashboard")
        for filter_ in every(content(name), "filter")
        for found in re.findall(r'logging\.googleapis\.com/user/([^"]+)"', filter_)
    }
    assert read <= made
    assert read >= {"hypertroq/failed-tasks", "hypertroq/webhook-refusals"}


def test_the_lines_that_are_counted_are_those_that_the_code_writes() -> None:
    sources = "".join(path.read_text() for path in Path(ROOT / "shared").rglob("*.py"))
    assert 'f"task {task.kind} given up"' in sources
    assert '"webhook signature refused"' in sources
    assert '"unreadable document"' in sources
    assert '"unreadable catalogue"' in sources


def test_every_alarm_has_its_page_in_the_runbook() -> None:
    pages = {each["userLabels"]["page"] for each in content("policies")}
    assert [page for page in pages if f"## {page}\n" not in RUNBOOK] == []
