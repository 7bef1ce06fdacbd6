"""What a stack needs before people use it: accounts and seeds, as a process of its own.

A process, so that the launcher never loads the product's code and outlives any mistake in it.
"""

import json
import sys
from pathlib import Path

from infra.dev.lifeline import end_with_parent
from infra.dev.seed import SEEDER, seed
from infra.local.accounts import ready_accounts
from infra.local.directory import write_private
from shared.wiring import wiring


def main() -> int:
    """`python -m infra.local.prepare PASSWORDS RESULT` writes JSON into RESULT."""
    end_with_parent()
    passwords, result = map(Path, sys.argv[1:])
    parts = wiring()
    accounts = ready_accounts(parts, passwords)
    seeded = seed(parts, SEEDER)
    write_private(result, json.dumps({"accounts": accounts, "seeded": str(seeded)}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
