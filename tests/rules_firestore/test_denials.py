"""Phones and browsers can neither read nor write anything themselves, whoever is signed in."""

from pathlib import Path

from tests.rules_firestore.clients import Attempt, attempt_everything

INFRA = Path(__file__).parents[2] / "infra"
CHECKS = 8 * 33 * 7 + 8 * 7
"""Identities x paths x operations, and identities x collection groups: 1,624."""

ORGANIZATION = "8d5f6c1e-93a4-5b59-8a38-2f4f3f0f6a11"
PROGRAM = f"organizations/{ORGANIZATION}/programs/4c7d8a90-5a3b-4c1e-8f5d-1b2c3d4e5f60"

HOLES = """
    match /program_templates/{id} { allow read: if true; }
    match /users/{uid} { allow get: if request.auth.uid == uid; }
    match /config/{id} { allow write: if request.auth.token.role == 'ADMIN'; }
    match /{path=**}/programs/{id} { allow list: if request.auth.token.tier == 'PRO'; }
"""
READS = ("get", "list", "query")
WRITES = ("create", "set", "update", "delete")


def in_firestore(storage_rules: str) -> str:
    """The same matches and conditions under the name and root of the other service."""
    moved = storage_rules.replace("service firebase.storage", "service cloud.firestore")
    moved = moved.replace("match /b/{bucket}/o", "match /databases/{bucket}/documents")
    assert moved.count("cloud.firestore") == moved.count("/documents {") == 1
    return moved


def test_every_direct_access_to_firestore_is_denied(node: Path, emulator: str) -> None:
    attempts = attempt_everything(node, emulator, INFRA / "firestore.rules")
    print(attempts)  # noqa: T201 - the figure that the documentation names
    assert attempts.let_through == set()
    assert len(attempts.outcomes) == CHECKS
    assert attempts.seeded == len(attempts.paths)


def test_a_planted_hole_is_found(node: Path, emulator: str, tmp_path: Path) -> None:
    """Each of the four holes lets through exactly whom and what it says, and nothing else."""
    rules = (INFRA / "firestore.rules").read_text()
    planted = tmp_path / "planted.rules"
    root = "match /databases/{database}/documents {"
    assert root in rules
    planted.write_text(rules.replace(root, root + HOLES))

    attempts = attempt_everything(node, emulator, planted)

    template = {
        Attempt(identity, "program_templates/upper-lower", operation)
        for identity in attempts.identities
        for operation in READS
    }
    admins = {
        Attempt(identity, "config/admins", operation)
        for identity in ("administrator", "impostor")
        for operation in WRITES
    }
    groups = {
        Attempt(identity, *found)
        for identity in ("colleague", "stranger")
        for found in (
            (PROGRAM, "list"),
            (PROGRAM, "query"),
            ("**/programs", "collection group"),
        )
    }
    own = {Attempt("owner", "users/owner-uid", "get")}
    assert attempts.let_through == template | admins | groups | own


def test_the_storage_rules_deny_the_same_under_firestores_rules_engine(
    node: Path, emulator: str, tmp_path: Path
) -> None:
    """Storage's own rules runtime is a download that no package registry carries.

    Both services share the language, so the conditions at least are evaluated by Google's code.
    """
    moved = tmp_path / "storage.rules"
    moved.write_text(in_firestore((INFRA / "storage.rules").read_text()))
    attempts = attempt_everything(node, emulator, moved)
    assert attempts.let_through == set()
    assert len(attempts.outcomes) == CHECKS
