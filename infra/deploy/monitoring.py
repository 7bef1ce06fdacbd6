"""What is watched: log-based metrics, alert policies, objectives, a dashboard and uptime checks.

Each is a file in Google's own shape under `infra/monitoring/`, made from the manifest. `PROJECT`
and `HOST` in them are filled in when they are applied.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from infra.deploy.manifest import ROOT, Function, Manifest

FOLDER = ROOT / "infra" / "monitoring"
PROJECT, HOST = "PROJECT", "HOST"
AVAILABILITY = 0.995
"""Of a public function's answers that may not be the server's fault, over four weeks."""
WINDOW = "2419200s"
SLOWEST_MS = 2_000
"""The 95th percentile above this wakes nobody, but is looked at."""

JsonObject = dict[str, Any]


def log_metrics(_: Manifest) -> list[JsonObject]:
    """Counts of lines that our own code writes; the texts are those of the code."""
    said = 'resource.type="cloud_run_revision" AND (jsonPayload.message:{0} OR textPayload:{0})'
    return [
        _log_metric("hypertroq/failed-tasks", "Tasks that were given up", _FAILED_TASK),
        _log_metric(
            "hypertroq/webhook-refusals",
            "Webhooks whose signature was refused",
            said.format('"webhook signature refused"'),
        ),
        _log_metric(
            "hypertroq/unreadable-documents",
            "Documents that were broken in the console",
            said.format(_UNREADABLE),
        ),
        _log_metric(
            "hypertroq/rate-limited",
            "Requests that were refused because of their number",
            # Cloud Run writes a line of its own about the same request.
            'resource.type="cloud_run_revision" AND logName:"run.googleapis.com%2Fstdout" '
            "AND httpRequest.status=429",
        ),
    ]


_UNREADABLE = '("unreadable document" OR "unreadable catalogue" OR "unreadable row in a catalogue")'

_FAILED_TASK = (
    'resource.type="cloud_run_revision" AND severity=ERROR AND '
    'jsonPayload.message=~"^task [a-z-]+ given up"'
)


def _log_metric(name: str, description: str, filter_: str) -> JsonObject:
    return {
        "name": name,
        "description": description,
        "filter": filter_,
        "metricDescriptor": {
            "metricKind": "DELTA",
            "valueType": "INT64",
            "unit": "1",
            "displayName": description,
        },
    }


def policies(manifest: Manifest) -> list[JsonObject]:
    """Every alert; each says which page of the runbook helps."""
    return [
        _ratio_policy(),
        _policy(
            "Answers are slow",
            _threshold(
                'metric.type="run.googleapis.com/request_latencies" AND '
                'resource.type="cloud_run_revision"',
                above=SLOWEST_MS,
                seconds=900,
                align="ALIGN_PERCENTILE_95",
                by=("resource.label.service_name",),
            ),
            "slow-answers",
        ),
        _policy(
            "Tasks pile up",
            _threshold(
                'metric.type="cloudtasks.googleapis.com/queue/depth" AND '
                'resource.type="cloud_tasks_queue"',
                above=500,
                seconds=900,
                align="ALIGN_MAX",
                by=("resource.label.queue_id",),
            ),
            "tasks-pile-up",
        ),
        _policy("A task was given up", _own("hypertroq/failed-tasks", above=0), "failed-tasks"),
        _policy(
            "Webhooks are refused", _own("hypertroq/webhook-refusals", above=5), "webhooks-refused"
        ),
        _policy(
            "Documents cannot be read",
            _own("hypertroq/unreadable-documents", above=0),
            "unreadable-documents",
        ),
        _policy(
            "A quota of Google's is exceeded",
            _threshold(
                'metric.type="serviceruntime.googleapis.com/quota/exceeded" AND '
                'resource.type="consumer_quota"',
                above=0,
                seconds=0,
                align="ALIGN_COUNT_TRUE",
                by=("metric.label.quota_metric",),
            ),
            "quota-exceeded",
        ),
        *(_burn_policy(function) for function in manifest.functions if function.public),
    ]


def _ratio_policy() -> JsonObject:
    requests = (
        'metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision"'
    )
    errors = f"{requests} AND {_ERRORS}"
    condition = _threshold(errors, above=0.02, seconds=300, align="ALIGN_RATE", by=_SERVICE)
    limits = condition["conditionThreshold"]
    limits["denominatorFilter"] = requests
    limits["denominatorAggregations"] = limits["aggregations"]
    return _policy("More than 2 % of the answers are errors", condition, "errors")


def _burn_policy(function: Function) -> JsonObject:
    """A month's errors used up within two days (14.4 times too fast), seen over an hour."""
    objective = f"projects/{PROJECT}/services/{function.name}/serviceLevelObjectives/availability"
    condition = {
        "displayName": "Burns its errors 14.4 times too fast",
        "conditionThreshold": {
            "filter": f'select_slo_burn_rate("{objective}", "3600s")',
            "comparison": "COMPARISON_GT",
            "thresholdValue": 14.4,
            "duration": "0s",
            "trigger": {"count": 1},
        },
    }
    return _policy(f"{function.name} uses its errors up", condition, "errors")


_ERRORS = 'metric.label.response_code_class="5xx"'
_SERVICE = ("resource.label.service_name",)


def _own(metric: str, *, above: float) -> JsonObject:
    return _threshold(
        f'metric.type="logging.googleapis.com/user/{metric}" AND '
        'resource.type="cloud_run_revision"',
        above=above,
        seconds=0,
        align="ALIGN_DELTA",
        by=_SERVICE,
    )


def _threshold(
    filter_: str, *, above: float, seconds: int, align: str, by: tuple[str, ...]
) -> JsonObject:
    return {
        "displayName": f"above {above:g}",
        "conditionThreshold": {
            "filter": filter_,
            "comparison": "COMPARISON_GT",
            "thresholdValue": above,
            "duration": f"{seconds}s",
            "trigger": {"count": 1},
            "aggregations": [
                {
                    "alignmentPeriod": "300s",
                    "perSeriesAligner": align,
                    "crossSeriesReducer": "REDUCE_SUM",
                    "groupByFields": list(by),
                }
            ],
        },
    }


def _policy(name: str, condition: JsonObject, page: str) -> JsonObject:
    return {
        "displayName": name,
        "combiner": "OR",
        "conditions": [condition],
        "documentation": {
            "mimeType": "text/markdown",
            "content": f"See docs/runbook.md, “{page}”.",
        },
        "userLabels": {"product": "hypertroq", "page": page},
        "alertStrategy": {"autoClose": "86400s"},
    }


def objectives(manifest: Manifest) -> list[JsonObject]:
    """One for each public function; the name says under which service it belongs."""
    return [_objective(function) for function in manifest.functions if function.public]


def _objective(function: Function) -> JsonObject:
    all_requests = (
        'metric.type="run.googleapis.com/request_count" AND resource.type="cloud_run_revision" '
        f'AND resource.label.service_name="{function.name}"'
    )
    return {
        "name": f"projects/{PROJECT}/services/{function.name}/serviceLevelObjectives/availability",
        "displayName": f"{AVAILABILITY:.1%} of the answers of {function.name} are no server errors",
        "goal": AVAILABILITY,
        "rollingPeriod": WINDOW,
        "serviceLevelIndicator": {
            "requestBased": {
                "goodTotalRatio": {
                    "totalServiceFilter": all_requests,
                    "badServiceFilter": f"{all_requests} AND {_ERRORS}",
                }
            }
        },
    }


def dashboard(_: Manifest) -> JsonObject:
    """What one looks at first."""
    run = 'resource.type="cloud_run_revision"'
    charts = (
        ("Requests per second", f'metric.type="run.googleapis.com/request_count" AND {run}',
         "ALIGN_RATE", _SERVICE),
        ("Answers by class", f'metric.type="run.googleapis.com/request_count" AND {run}',
         "ALIGN_RATE", ("metric.label.response_code_class",)),
        ("Latency, 95th percentile, ms",
         f'metric.type="run.googleapis.com/request_latencies" AND {run}',
         "ALIGN_PERCENTILE_95", _SERVICE),
        ("Instances", f'metric.type="run.googleapis.com/container/instance_count" AND {run}',
         "ALIGN_MAX", _SERVICE),
        ("Tasks waiting", 'metric.type="cloudtasks.googleapis.com/queue/depth" AND '
         'resource.type="cloud_tasks_queue"', "ALIGN_MAX", ("resource.label.queue_id",)),
        ("Documents read", 'metric.type="firestore.googleapis.com/document/read_ops_count" AND '
         'resource.type="firestore.googleapis.com/Database"', "ALIGN_RATE", ()),
        ("Tasks given up",
         f'metric.type="logging.googleapis.com/user/hypertroq/failed-tasks" AND {run}',
         "ALIGN_DELTA", ()),
        ("Refused for their number",
         f'metric.type="logging.googleapis.com/user/hypertroq/rate-limited" AND {run}',
         "ALIGN_DELTA", _SERVICE),
    )  # fmt: skip
    tiles = [
        {
            "xPos": 6 * (number % 2),
            "yPos": 4 * (number // 2),
            "width": 6,
            "height": 4,
            "widget": _chart(*chart),
        }
        for number, chart in enumerate(charts)
    ]
    return {"displayName": "HypertroQ", "mosaicLayout": {"columns": 12, "tiles": tiles}}


def _chart(title: str, filter_: str, align: str, by: tuple[str, ...]) -> JsonObject:
    aggregation = {
        "alignmentPeriod": "60s",
        "perSeriesAligner": align,
        "crossSeriesReducer": "REDUCE_SUM",
        "groupByFields": list(by),
    }
    query = {"timeSeriesFilter": {"filter": filter_, "aggregation": aggregation}}
    return {"title": title, "xyChart": {"dataSets": [{"timeSeriesQuery": query}]}}


def uptime(_: Manifest) -> list[JsonObject]:
    """Asked from outside, every five minutes: does the origin answer, and does the database?"""
    return [_check("alive", "/api/v1/health/live"), _check("database", "/api/v1/health/db")]


def _check(name: str, path: str) -> JsonObject:
    return {
        "displayName": f"HypertroQ {name}",
        "monitoredResource": {
            "type": "uptime_url",
            "labels": {"host": HOST, "project_id": PROJECT},
        },
        "httpCheck": {"path": path, "port": 443, "useSsl": True, "validateSsl": True},
        "period": "300s",
        "timeout": "10s",
    }


MADE: Mapping[str, Callable[[Manifest], Any]] = {
    "metrics": log_metrics,
    "policies": policies,
    "objectives": objectives,
    "dashboard": dashboard,
    "uptime": uptime,
}
"""The files of the folder, without `.json`."""


def rendered(name: str, manifest: Manifest) -> str:
    return json.dumps(MADE[name](manifest), indent=2, ensure_ascii=False) + "\n"


def file(name: str) -> Path:
    return FOLDER / f"{name}.json"
