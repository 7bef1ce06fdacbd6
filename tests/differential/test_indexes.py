"""The product's queries against the indexes the repository declares for them."""

import ast
import copy
import json
import time
import uuid
from pathlib import Path

import pytest
from google.api_core.exceptions import FailedPrecondition
from google.auth.credentials import AnonymousCredentials
from google.cloud import firestore

from infra.local.firestore.server import FirestoreServer
from infra.local.stack import INDEXES
from shared.storage.documents import Documents
from shared.storage.exercises import ExerciseRepository
from shared.storage.programs import ProgramRepository
from tests.client import ROOT
from tests.differential.identity_caller import PROJECT

EXERCISE, ORGANIZATION = str(uuid.uuid4()), str(uuid.uuid4())
FINDERS = {
    "exercises.anywhere": lambda parts: parts["exercises"].anywhere(EXERCISE),
    "programs.using": lambda parts: [
        parts["programs"].using(EXERCISE, owner, limit=5) for owner in (ORGANIZATION, None)
    ],
    "programs.using_anywhere": lambda parts: parts["programs"].using_anywhere(EXERCISE, limit=5),
}


def _client(address):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FIRESTORE_EMULATOR_HOST", address)
        return firestore.Client(project=PROJECT, credentials=AnonymousCredentials())


def _find_everything(address):
    client = _client(address)
    documents = Documents(client)
    exercises = ExerciseRepository(documents, time.monotonic)
    programs = ProgramRepository(documents, time.monotonic, exercises.names)
    try:
        for find in FINDERS.values():
            find({"exercises": exercises, "programs": programs})
    finally:
        client.close()


def _finders_in(source: Path) -> set[str]:
    """Public methods that search: by themselves or through a private one."""
    tree = ast.parse(source.read_text(encoding="utf-8"))
    methods = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    searching = {"find"}
    for _ in methods:
        searching |= {
            method.name
            for method in methods
            for node in ast.walk(method)
            if isinstance(node, ast.Attribute) and node.attr in searching
        }
    return {f"{source.stem}.{name}" for name in searching if not name.startswith("_")} - {
        f"{source.stem}.find"
    }


def test_every_search_of_the_repositories_is_run_here():
    storage = ROOT / "shared" / "storage"
    found = set().union(*(_finders_in(source) for source in storage.glob("*.py")))
    assert found == set(FINDERS)


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
    assert used == declared


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
