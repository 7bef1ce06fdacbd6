"""`python -m tests.functions.billing.deliver FILE`: an instance of the billing function that is
handed events, one base64 line each, in the file's order."""

import base64
import sys
from collections import Counter
from pathlib import Path

from shared.rules.subscriptions import signature
from shared.settings import Settings
from shared.wiring import Wiring


def main() -> None:
    parts = Wiring(Settings.from_environment())
    secret = parts.settings.lemonsqueezy_secrets[0]
    outcomes: Counter[str] = Counter()
    for line in Path(sys.argv[1]).read_text(encoding="ascii").split():
        body = base64.b64decode(line)
        outcomes[parts.billing.receive(body, signature(body, secret)).outcome] += 1
    sys.stdout.write(" ".join(f"{name}={count}" for name, count in sorted(outcomes.items())))


if __name__ == "__main__":
    main()
