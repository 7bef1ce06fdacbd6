"""What calls cost, and limits that count."""

import secrets
import time
from collections.abc import Callable

import pytest

from infra.local.mailbox.server import Mailbox
from shared.http.rate_limit import RateLimiter
from shared.rules.limits import POLICIES, with_overrides
from shared.settings import RateLimitMode
from shared.wiring import Wiring
from tests.background import Background
from tests.client import Functions
from tests.functions.auth.mailed import Post

Cost = Callable[[Callable[[], object]], tuple[int, int]]
Limited = Callable[..., None]


@pytest.fixture
def cost(caplog: pytest.LogCaptureFixture) -> Cost:
    """Documents read and written by one call, as its log line reports them."""

    def measured(call: Callable[[], object]) -> tuple[int, int]:
        caplog.clear()
        call()
        (line,) = (record for record in caplog.records if hasattr(record, "fields"))
        firestore = line.fields["firestore"]
        return firestore["reads"], firestore["writes"]

    return measured


@pytest.fixture
def post(background: Background, mailbox: Mailbox, parts: Wiring) -> Post:
    """Mails and the tokens in them."""
    return Post(background, mailbox, parts)


@pytest.fixture
def limited(functions: Functions, parts: Wiring, monkeypatch: pytest.MonkeyPatch) -> Limited:
    """Lets limits count from zero, with the figures of production or others, by policy.

    Time stands still, so that no window ends in the middle of a test.
    """
    started = time.time()

    def limit(**figures: str) -> None:
        limiter = RateLimiter(
            lambda: parts.counters,
            with_overrides(POLICIES, figures),
            mode=RateLimitMode.ENFORCE,
            now=lambda: started,
            secret=secrets.token_bytes(16),
            store_seconds=5.0,
        )
        for module in functions.modules.values():
            monkeypatch.setattr(module.api, "limiter", limiter)

    return limit
