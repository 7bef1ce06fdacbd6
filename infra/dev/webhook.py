"""Play the payment service against the running stack: `make webhook EVENT=subscription_created`.

The event is signed as Lemon Squeezy signs, and the local list of subscriptions says the same
afterwards.
"""

import argparse
import hashlib
import json
import sys
from datetime import UTC, datetime

import httpx

from infra.dev.payments import STATUS_AFTER, event, subscription
from infra.local.directory import DIRECTORY, StackDirectory
from infra.local.payments.server import API
from shared.rules.subscriptions import signature
from shared.settings import Settings

TIMEOUT_SECONDS = 30.0


def send(
    name: str, *, email: str, organization_id: str, base_url: str, settings: Settings
) -> httpx.Response:
    """One event about the subscription of an organization; it has one, and always the same."""
    resource = subscription(
        identifier(organization_id),
        email=email,
        status=STATUS_AFTER[name],
        at=datetime.now(UTC),
    )
    body = event(
        name,
        resource,
        organization_id=organization_id,
        checkout_secret=settings.hash_secret,
    )
    payments = settings.lemonsqueezy_url.removesuffix(API)
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
        key = {"Authorization": f"Bearer {settings.lemonsqueezy_key}"}
        http.put(f"{payments}/local/subscriptions", json=resource, headers=key).raise_for_status()
        return http.post(
            f"{base_url}/billing/webhooks/lemonsqueezy",
            content=body,
            headers={
                "X-Signature": signature(body, settings.lemonsqueezy_secrets[0]),
                "Content-Type": "application/json",
            },
        )


def identifier(organization_id: str) -> str:
    """Theirs are numbers."""
    return str(int(hashlib.sha256(organization_id.encode()).hexdigest()[:8], 16))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m infra.dev.webhook", description=__doc__)
    parser.add_argument("event", choices=sorted(STATUS_AFTER))
    parser.add_argument("--account", default="free", help="whose organization: free, pro, admin")
    asked = parser.parse_args(arguments)
    directory = StackDirectory(DIRECTORY)
    variables = directory.read_variables()
    if not variables:
        print("No stack runs here. Start one with `make run`.", file=sys.stderr)
        return 1
    stack = json.loads(directory.description.read_text(encoding="utf-8"))
    account = stack["accounts"].get(asked.account)
    if account is None:
        print(f"There is no account {asked.account}.", file=sys.stderr)
        return 1
    answer = send(
        asked.event,
        email=account["email"],
        organization_id=account["organization_id"],
        base_url=stack["base_url"],
        settings=Settings.from_environment(variables),
    )
    print(f"{answer.status_code} {answer.text}")
    return 0 if answer.is_success else 1


if __name__ == "__main__":
    sys.exit(main())
