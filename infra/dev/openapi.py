"""Writes `functions/docs/openapi.json` from the route tables, or checks that it is current."""

import argparse
import json
import sys
from collections.abc import Sequence
from difflib import unified_diff
from importlib import import_module
from itertools import islice
from pathlib import Path

from shared.http.openapi import document
from shared.http.router import Router

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
TARGET = FUNCTIONS / "docs" / "openapi.json"
_LINES_SHOWN = 40


def routers() -> list[Router]:
    """The router of every function on disk, by name."""
    names = sorted(path.parent.name for path in FUNCTIONS.glob("*/main.py"))
    return [import_module(f"functions.{name}.main").api for name in names]


def rendered() -> str:
    text = json.dumps(document(routers()), indent=2, sort_keys=True, ensure_ascii=False)
    return text + "\n"


def main(arguments: Sequence[str] | None = None, target: Path = TARGET) -> int:
    """The exit status: 1 when `--check` finds the file outdated."""
    parser = argparse.ArgumentParser(prog="python -m infra.dev.openapi", description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare, and write nothing")
    check = parser.parse_args(arguments).check
    now = rendered()
    if not check:
        target.write_text(now, encoding="utf-8")
        print(f"{target.name}: {len(now)} characters")
        return 0
    before = target.read_text(encoding="utf-8") if target.exists() else ""
    if now == before:
        return 0
    difference = unified_diff(
        before.splitlines(), now.splitlines(), "committed", "from the routes", lineterm="", n=1
    )
    print("\n".join(islice(difference, _LINES_SHOWN)))
    print("openapi.json does not match the routes; run: make openapi")
    return 1


if __name__ == "__main__":
    sys.exit(main())
