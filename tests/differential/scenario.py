"""A seed's documents and requests, run on both servers until they disagree."""

from dataclasses import dataclass
from random import Random
from typing import Any

from infra.local.firestore.messages import Document
from tests.differential import names
from tests.differential.comparison import Difference, Pair, Tally
from tests.differential.operations import OperationSource
from tests.differential.values import ValueSource

OPERATIONS = 150
"""Per scenario."""


@dataclass(frozen=True, slots=True)
class Failure:
    """`request` made a difference after `before` had run on `documents`."""

    seed: int
    documents: list[Document]
    before: list[Any]
    request: Any
    difference: Difference


def run(pair: Pair, seed: int, tally: Tally, operations: int = OPERATIONS) -> Failure | None:
    """Stops at the first difference; counts what went well before."""
    values = ValueSource(Random(seed))  # noqa: S311 - a repeatable sequence, not a secret
    documents = [values.document(path) for path in names.DOCUMENTS]
    source = OperationSource(values)
    pair.renew(documents)
    before: list[Any] = []
    for _ in range(operations):
        request = source.next()
        if difference := pair.compare(request, tally):
            return Failure(seed, documents, before, request, difference)
        before.append(request)
    if difference := pair.compare_state():
        return Failure(seed, documents, before, None, difference)
    return None
