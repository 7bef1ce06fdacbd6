"""Runs a query over a view: filter, sort, cut."""

from collections.abc import Callable
from dataclasses import dataclass

from infra.local.firestore.database import Entry
from infra.local.firestore.filters import disjuncts
from infra.local.firestore.messages import Document, Value
from infra.local.firestore.nearest import nearest_neighbours
from infra.local.firestore.paths import FieldPath, project, put
from infra.local.firestore.query import Query
from infra.local.firestore.values import NULL, Key
from infra.local.firestore.view import View


@dataclass(frozen=True, slots=True)
class Match:
    """A version that a query found; vector searches add how far away it is."""

    entry: Entry
    distance: float | None = None


def select(query: Query, view: View) -> list[Match]:
    """The matches in the query's order."""
    found = _sorted(query, view)
    if query.nearest:
        return [Match(*scored) for scored in nearest_neighbours(query.nearest, found)]
    end = None if query.limit is None else query.offset + query.limit
    return [Match(entry) for entry in found[query.offset : end]]


def answer(query: Query, match: Match) -> Document:
    """What the client receives: with the distance if it named a field for it, projected."""
    document = match.entry.document
    if query.nearest and query.nearest.result_field:
        document = Document()
        document.CopyFrom(match.entry.document)
        put(document.fields, query.nearest.result_field, Value(double_value=match.distance))
    return document if query.select is None else project(document, query.select)


def _sorted(query: Query, view: View) -> list[Entry]:
    fields = [order.path for order in query.field_orders]
    found = [
        entry
        for entry in view.candidates(query, disjuncts(query.where))
        # A document that lacks a field it would be sorted by is in no index over that field.
        if query.where.accepts(entry) and all(entry.key(path) is not None for path in fields)
    ]
    # Sorting is stable, so the last key goes first.
    for order in reversed(query.orders):
        found.sort(key=_sort_key(order.path), reverse=order.descending)
    start, end = query.start, query.end
    if start:
        least = 0 if start.before else 1
        found = [entry for entry in found if query.compare(entry, start) >= least]
    if end:
        most = -1 if end.before else 0
        found = [entry for entry in found if query.compare(entry, end) <= most]
    return found


def _sort_key(path: FieldPath) -> Callable[[Entry], Key]:
    return lambda entry: entry.key(path) or NULL
