"""Tenancy: an id and an organization say where to look, and nothing leads elsewhere."""

import pytest

from shared.storage.tenancy import (
    exercise_catalogue,
    exercise_path,
    is_tenant_id,
    owner,
    program_catalogue,
    program_collection,
    program_path,
)

MADE = "b1a7c0de-1234-4abc-8def-0123456789ab"


def test_what_an_organization_made_lies_under_it() -> None:
    assert exercise_path(MADE, "o") == f"organizations/o/exercises/{MADE}"
    assert program_path(MADE, "o") == f"organizations/o/programs/{MADE}"
    assert exercise_catalogue("o") == "organizations/o/catalogue/exercises"
    assert program_catalogue("o") == "organizations/o/catalogue/programs"
    assert program_collection("o") == "organizations/o/programs"


def test_what_is_shared_lies_at_the_top() -> None:
    assert exercise_path("plank", None) == "exercises/plank"
    assert program_path("full-body", None) == "program_templates/full-body"
    assert exercise_catalogue(None) == "catalogue/exercises"
    assert program_catalogue(None) == "catalogue/templates"
    assert program_collection(None) == "program_templates"


@pytest.mark.parametrize(
    ("identifier", "tenant"),
    [
        (MADE, True),
        (MADE.upper(), False),
        (MADE.replace("-", ""), False),
        (f"{{{MADE}}}", False),
        (f"urn:uuid:{MADE}", False),
        ("plank", False),
        ("", False),
    ],
)
def test_only_the_plain_spelling_of_a_uuid_is_a_tenants(identifier: str, tenant: bool) -> None:
    assert is_tenant_id(identifier) is tenant
    assert owner(identifier, "o") == ("o" if tenant else None)
