"""The probe, and what it writes to its log."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from infra.local.stack import LocalStack
from shared.logging import CloudFormatter, log
from tests.http.probe import Probe


@pytest.fixture(scope="session")
def probe(stack: LocalStack) -> Probe:
    return Probe()


@pytest.fixture
def lines(caplog: pytest.LogCaptureFixture) -> Callable[[], list[dict[str, Any]]]:
    """Every line written since, read back from what Cloud Logging would get."""
    log.addHandler(caplog.handler)
    formatter = CloudFormatter()

    def read() -> list[dict[str, Any]]:
        return [json.loads(formatter.format(record)) for record in caplog.records]

    try:
        yield read
    finally:
        log.removeHandler(caplog.handler)
