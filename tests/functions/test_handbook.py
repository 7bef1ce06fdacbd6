"""The docs function behind a cache: what may be kept, and what the handbook has people measure."""

import re

from flask.testing import FlaskClient

from tests.functions.test_docs import ROOT, client, served  # noqa: F401 - fixtures


def test_an_asset_of_another_release_is_not_kept_for_a_year(client: FlaskClient) -> None:  # noqa: F811 - the fixture
    """While two releases serve side by side (10 % canary), a new page may get an old script."""
    asset = "/docs/assets/swagger.js"
    version = client.get(asset).headers["ETag"].strip('"')
    kept = client.get(f"{asset}?v={version}")
    assert kept.headers["Cache-Control"] == "public, max-age=31536000"
    other = client.get(f"{asset}?v=00112233445566778899aabb")
    assert other.status_code == 200
    assert other.headers["Cache-Control"] == "no-store"


def test_what_the_handbook_measures_hops_by_is_counted_with_every_call(
    client: FlaskClient,  # noqa: F811 - the fixture
) -> None:
    """Hosting's network answers from its cache what is public, the count of then included."""
    text = (ROOT / "docs" / "deployment.md").read_text(encoding="utf-8")
    found = re.search(r"Call `(/\S*)` (?:\([^)]*\) )?through", text)
    assert found
    first, second = client.get(found[1]), client.get(found[1])
    assert first.headers["Cache-Control"] == "no-store"
    name = "X-RateLimit-Remaining"
    assert int(second.headers[name]) == int(first.headers[name]) - 1
