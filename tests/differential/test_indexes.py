"""The product's queries against the indexes the repository declares for them."""

import ast
import copy
import json
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from google.api_core.exceptions import FailedPrecondition
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from infra.local.firestore.server import FirestoreServer
from infra.local.stack import INDEXES
from shared.models.audit import AuditEntry, AuditFilter
from shared.models.library import LibraryFilter
from shared.models.organizations import OrganizationFilter
from shared.models.people import UserFilter
from shared.storage.accounts import AccountRepository
from shared.storage.audit import AuditRepository
from shared.storage.census import CensusRepository
from shared.storage.deletions import DeletionRepository
from shared.storage.documents import Documents
from shared.storage.exercises import ExerciseRepository
from shared.storage.expired import EXPIRING, ExpiredRepository
from shared.storage.exports import ExportRepository
from shared.storage.members import MemberRepository
from shared.storage.outbox import OutboxRepository
from shared.storage.people import PeopleRepository
from shared.storage.programs import ProgramRepository
from shared.storage.purges import PurgeRepository
from shared.storage.subscriptions import SubscriptionRepository
from tests.client import ROOT
from tests.differential.identity_caller import PROJECT

EXERCISE, ORGANIZATION = str(uuid.uuid4()), str(uuid.uuid4())
NOW = datetime(2026, 3, 2, tzinfo=UTC)
ENTRY = AuditEntry(
    id="a",
    actor_user_id="u",
    actor_role="USER",
    action="organization.pass_on",
    target_type="organization",
    target_id=ORGANIZATION,
    created_at=NOW,
)
Finder = Callable[[Documents], object]


def _programs(documents: Documents) -> ProgramRepository:
    exercises = ExerciseRepository(documents, time.monotonic)
    return ProgramRepository(documents, time.monotonic, exercises.names)


def _belongings(documents: Documents) -> object:
    home = {"organization_id": ORGANIZATION}
    documents.atomically(lambda transaction: transaction.put("users/u", home))
    return ExportRepository(documents).belongings("u")


def _census(documents: Documents) -> CensusRepository:
    exercises = ExerciseRepository(documents, time.monotonic)
    return CensusRepository(documents, exercises, price_cents=3_000)


def _each(*filters: dict[str, object]) -> list[dict[str, object]]:
    """Each filter by itself needs its own index; together they are joined."""
    return [{}, *filters]


FINDERS: dict[str, Finder] = {
    "audit.page": lambda documents: [
        AuditRepository(documents).page(AuditFilter.model_validate(fields))
        for fields in _each({"user_id": "u"}, {"action": "user.suspend"}, {"target_id": "t"})
    ],
    "census.figures": lambda documents: _census(documents).figures(NOW),
    "census.figures_before": lambda documents: _census(documents).figures_before(NOW),
    "census.usage": lambda documents: _census(documents).usage(NOW),
    "exercises.everywhere": lambda documents: [
        ExerciseRepository(documents, time.monotonic).everywhere(
            LibraryFilter.model_validate(fields)
        )
        for fields in _each(
            {"equipment": "CABLE"},
            {"is_global": True},
            {"organization_id": ORGANIZATION},
            {"search": "press"},
            {"muscle_group": "CHEST"},
        )
    ],
    "outbox.failed_count": lambda documents: OutboxRepository(documents).failed_count(),
    "people.every_organization": lambda documents: list(
        PeopleRepository(documents).every_organization()
    ),
    "people.everybody": lambda documents: list(PeopleRepository(documents).everybody()),
    "people.organizations": lambda documents: [
        PeopleRepository(documents).organizations(OrganizationFilter.model_validate(fields))
        for fields in _each({"subscription_tier": "PRO"}, {"subscription_status": "ACTIVE"})
    ],
    "people.page": lambda documents: [
        PeopleRepository(documents).page(UserFilter.model_validate(fields))
        for fields in _each(
            {"search": "robin"},
            {"email": "robin@example.com"},
            {"role": "ADMIN"},
            {"is_active": True},
            {"is_verified": True},
            {"subscription_tier": "PRO"},
            {"organization_id": ORGANIZATION},
        )
    ],
    "people.unseen_since": lambda documents: PeopleRepository(documents).unseen_since(
        NOW.date(), limit=5
    ),
    "accounts.by_email": lambda documents: AccountRepository(documents).by_email("a@example.com"),
    "deletions.due": lambda documents: DeletionRepository(documents).due(NOW, limit=5),
    "deletions.unfinished": lambda documents: DeletionRepository(documents).unfinished(limit=5),
    "exercises.anywhere": lambda documents: ExerciseRepository(documents, time.monotonic).anywhere(
        EXERCISE
    ),
    "expired.remove": lambda documents: [
        ExpiredRepository(documents).remove(collection, NOW) for collection in EXPIRING
    ],
    "exports.belongings": _belongings,
    "exports.expired": lambda documents: ExportRepository(documents).expired(NOW, limit=5),
    "members.invitations": lambda documents: MemberRepository(documents).invitations(
        ORGANIZATION, limit=5
    ),
    "members.of": lambda documents: MemberRepository(documents).of(ORGANIZATION),
    "outbox.failed": lambda documents: OutboxRepository(documents).failed(limit=5),
    "outbox.waiting": lambda documents: OutboxRepository(documents).waiting(NOW, limit=5),
    "programs.using": lambda documents: [
        _programs(documents).using(EXERCISE, owner, limit=5) for owner in (ORGANIZATION, None)
    ],
    "programs.using_anywhere": lambda documents: _programs(documents).using_anywhere(
        EXERCISE, limit=5
    ),
    "purges.forget_name": lambda documents: PurgeRepository(documents).forget_name("u"),
    "purges.forget_subscriptions": lambda documents: PurgeRepository(
        documents
    ).forget_subscriptions(ORGANIZATION),
    "purges.forget_tokens": lambda documents: PurgeRepository(documents).forget_tokens("u"),
    "purges.leave": lambda documents: PurgeRepository(documents).leave(ORGANIZATION, "u", ENTRY),
    "subscriptions.ended": lambda documents: SubscriptionRepository(documents).ended(NOW, limit=5),
    "subscriptions.of": lambda documents: SubscriptionRepository(documents).of(ORGANIZATION),
}


def _client(address):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", address)
        return firestore.Client(project=PROJECT, credentials=AnonymousCredentials())


def _find_everything(address):
    client = _client(address)
    documents = Documents(client)
    try:
        for find in FINDERS.values():
            find(documents)
    finally:
        client.close()


def _finders_in(source: Path) -> set[str]:
    """Public methods that search: by themselves or through private ones of theirs."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    methods = [node for each in classes for node in each.body if isinstance(node, ast.FunctionDef)]
    searching: set[str] = set()
    for _ in methods:
        private = {name for name in searching if name.startswith("_")}
        searching |= {method.name for method in methods if _searches(method, private)}
    return {f"{source.stem}.{name}" for name in searching if not name.startswith("_")}


def _searches(method: ast.FunctionDef, private: set[str]) -> bool:
    """Whether it calls `self._documents.find` or the like, or one of its class that does."""
    for node in ast.walk(method):
        match node:
            case ast.Attribute(
                attr="find" | "count" | "scan", value=ast.Attribute(attr="_documents")
            ):
                return True
            case ast.Attribute(attr=name, value=ast.Name(id="self")) if name in private:
                return True
    return False


def test_every_search_of_the_repositories_is_run_here():
    storage = ROOT / "shared" / "storage"
    found = set().union(*(_finders_in(source) for source in storage.glob("*.py")))
    assert found == set(FINDERS)


JOINED = {
    (
        "organizations",
        "COLLECTION",
        ("subscription_status", "ASCENDING"),
        ("subscription_tier", "ASCENDING"),
    )
}
"""Two equalities and no order: Firestore joins what every field has by itself."""
DECLARED = json.loads(INDEXES.read_text(encoding="utf-8"))


def test_the_queries_need_exactly_the_indexes_declared(firestore_emulator):
    """The emulator leaves out what every field has by itself: its index within one collection."""
    _find_everything(firestore_emulator.address)
    declared = {
        (index["collectionGroup"], index["queryScope"], *map(_mode, index["fields"]))
        for index in DECLARED["indexes"]
    } | {
        (field["collectionGroup"], index["queryScope"], (field["fieldPath"], _kind(index)))
        for field in DECLARED["fieldOverrides"]
        for index in field["indexes"]
        if index["queryScope"] == "COLLECTION_GROUP"
    }
    used = {
        (index.collection, index.scope, *(part for part in index.fields if part[0] != "__name__"))
        for index in firestore_emulator.used_indexes()
    }
    assert used - JOINED == declared


def _mode(field):
    return field["fieldPath"], _kind(field)


def _kind(field):
    return field.get("order") or field["arrayConfig"]


def _without_one():
    """The declaration without each of its indexes in turn, by what was left out."""
    for position, index in enumerate(DECLARED["indexes"]):
        fewer = copy.deepcopy(DECLARED)
        del fewer["indexes"][position]
        yield pytest.param(fewer, id=f"{index['collectionGroup']}-{position}")
    for place, field in enumerate(DECLARED["fieldOverrides"]):
        for position, index in enumerate(field["indexes"]):
            fewer = copy.deepcopy(DECLARED)
            del fewer["fieldOverrides"][place]["indexes"][position]
            name = f"{field['collectionGroup']}.{field['fieldPath']}-{index['queryScope']}"
            yield pytest.param(fewer, id=name)


@pytest.mark.parametrize("fewer", list(_without_one()))
def test_no_declared_index_can_be_spared(fewer, tmp_path, start_enforcing):
    file = tmp_path / "indexes.json"
    file.write_text(json.dumps(fewer), encoding="utf-8")
    with pytest.raises(FailedPrecondition, match="requires an index"):
        _find_everything(start_enforcing(file))


@pytest.fixture
def start_enforcing():
    """Starts an embedded server with an index file; its host:port."""
    servers = []

    def start(indexes: Path = INDEXES) -> str:
        servers.append(FirestoreServer(indexes=indexes))
        servers[-1].start()
        return servers[-1].address

    yield start
    for server in servers:
        server.stop()


def test_no_query_of_the_product_lacks_an_index(start_enforcing):
    _find_everything(start_enforcing())


def test_a_query_without_its_index_is_refused_with_the_fields_it_needs(start_enforcing):
    client = _client(start_enforcing())
    programs = client.collection("program_templates")
    query = programs.where(filter=firestore.FieldFilter("name", "==", "x")).order_by("split")
    with pytest.raises(FailedPrecondition, match=r"program_templates.*name EQUAL, split ASC"):
        list(query.stream())
    client.close()
