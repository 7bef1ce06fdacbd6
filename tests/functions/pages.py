"""Lists read to their end: other tests of the run add to the shared catalogue."""

from typing import Any

from tests.people import Person


def everything(person: Person, path: str) -> list[Any]:
    """The items of all pages of a list; `path` may have a query."""
    found: list[Any] = []
    joint = "&" if "?" in path else "?"
    while True:
        answer = person.api.get(f"{path}{joint}limit=100&skip={len(found)}")
        assert answer.status_code == 200, answer.text
        found += answer.json["items"]
        if not answer.json["has_more"]:
            return found
