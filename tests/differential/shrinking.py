"""The smallest documents and request that still make a difference."""

from collections.abc import Callable, Iterator
from typing import Any

import grpc

from infra.local.firestore.messages import Document
from tests.differential.comparison import Difference, Pair
from tests.differential.scenario import Failure

_MOST_TRIES = 2_000


def reproduced(pair: Pair, failure: Failure) -> Failure:
    """The failure without the requests before it, when the documents they left are enough."""
    pair.renew(failure.documents)
    for request in failure.before:
        pair.compare(request)
    documents = pair.reference.documents()
    alone = Failure(failure.seed, documents, [], failure.request, failure.difference)
    return (
        _shrunk(pair, alone)
        if _differs(pair, documents, failure.request, failure.difference)
        else failure
    )


def _shrunk(pair: Pair, failure: Failure) -> Failure:
    documents, request, like = failure.documents, failure.request, failure.difference
    documents = _fewer(documents, lambda part: bool(_differs(pair, part, request, like)))
    request = _simplest(request, lambda candidate: bool(_differs(pair, documents, candidate, like)))
    for position in range(len(documents)):
        documents = _simpler_at(
            position, documents, lambda part: _differs(pair, part, request, like)
        )
    difference = _differs(pair, documents, request, like) or like
    return Failure(failure.seed, documents, [], request, difference)


def _simpler_at(
    position: int, documents: list[Document], differs: Callable[[list[Document]], object]
) -> list[Document]:
    before, after = documents[:position], documents[position + 1 :]
    simple = _simplest(
        documents[position], lambda candidate: bool(differs([*before, candidate, *after]))
    )
    return [*before, simple, *after]


def _differs(
    pair: Pair, documents: list[Document], request: Any, like: Difference
) -> Difference | None:
    try:
        pair.renew(documents)
    except grpc.RpcError:
        return None
    difference = pair.compare(request)
    return difference if difference and difference.signature == like.signature else None


def _fewer(documents: list[Document], fails: Callable[[list[Document]], bool]) -> list[Document]:
    size = len(documents)
    while size:
        start = 0
        while start < len(documents):
            without = documents[:start] + documents[start + size :]
            if fails(without):
                documents = without
            else:
                start += size
        size //= 2
    return documents


def _simplest(message: Any, fails: Callable[[Any], bool]) -> Any:
    tries = 0
    shrinking = True
    while shrinking:
        shrinking = False
        for candidate in _smaller(message):
            tries += 1
            if tries > _MOST_TRIES:
                return message
            if fails(candidate):
                message, shrinking = candidate, True
                break
    return message


def _smaller(message: Any) -> Iterator[Any]:
    """Copies that lack one field, element or entry at any depth, outermost first."""
    for path in sorted(_removable(message), key=len):
        copy = type(message)()
        copy.CopyFrom(message)
        holder = copy
        for step in path[:-1]:
            holder = getattr(holder, step) if isinstance(step, str) else step.within(holder)
        last = path[-1]
        if isinstance(last, str):
            holder.ClearField(last)
        else:
            last.remove(holder)
        yield copy


class _Item:
    """An element of a repeated field, or an entry of a map."""

    def __init__(self, key: Any) -> None:
        self._key = key

    def within(self, container: Any) -> Any:
        return container[self._key]

    def remove(self, container: Any) -> None:
        del container[self._key]


def _removable(message: Any) -> list[list[Any]]:
    paths: list[list[Any]] = []
    for descriptor, value in message.ListFields():
        name = descriptor.name
        name = "from_" if not hasattr(message, name) else name
        if hasattr(value, "items"):
            keyed = list(value.items())
        elif not isinstance(value, str | bytes) and hasattr(value, "__len__"):
            keyed = list(enumerate(value))
        else:
            paths.append([name])
            if hasattr(value, "ListFields"):
                paths += [[name, *rest] for rest in _removable(value)]
            continue
        for key, inner in keyed:
            paths.append([name, _Item(key)])
            if hasattr(inner, "ListFields"):
                paths += [[name, _Item(key), *rest] for rest in _removable(inner)]
    return paths
