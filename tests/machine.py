"""What this machine must have for some tests: skipped without it, except where CI must have it."""

import os
from typing import NoReturn

import pytest


def lacks(what: str) -> NoReturn:
    """End the test: with CI set nothing may be missing, elsewhere it is skipped with the reason."""
    if os.environ.get("CI"):
        pytest.fail(f"CI must have this: {what}", pytrace=False)
    pytest.skip(what)
