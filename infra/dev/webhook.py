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

TIMEOUT_SECONDS = 30.0


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
    digest = hashlib.sha256(account["organization_id"].encode()).hexdigest()
    resource = subscription(
        str(int(digest[:8], 16)),
        email=account["email"],
        status=STATUS_AFTER[asked.event],
        at=datetime.now(UTC),
    )
    body = event(
        asked.event,
        resource,
        organization_id=account["organization_id"],
        checkout_secret=variables["HASH_SECRET"],
    )
    secret = variables["LEMONSQUEEZY_WEBHOOK_SECRETS"].split(",")[0]
    payments = variables["LEMONSQUEEZY_URL"].removesuffix(API)
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as http:
        key = {"Authorization": f"Bearer {variables['LEMONSQUEEZY_API_KEY']}"}
        http.put(f"{payments}/local/subscriptions", json=resource, headers=key).raise_for_status()
        answer = http.post(
            f"{stack['base_url']}/billing/webhooks/lemonsqueezy",
            content=body,
            headers={"X-Signature": signature(body, secret), "Content-Type": "application/json"},
        )
    print(f"{answer.status_code} {answer.text}")
    return 0 if answer.is_success else 1


if __name__ == "__main__":
    sys.exit(main())
