"""The embedded Firestore against Google's emulator: the same random requests to both."""

import pytest

from infra.local.firestore import filters, transforms, writes
from tests.differential import scenario
from tests.differential.comparison import Tally
from tests.differential.report import described
from tests.differential.shrinking import reproduced

SEEDS = range(48)
LEAST_OPERATIONS = 5_000


def test_five_thousand_random_operations_make_no_difference(pair):
    tally = Tally()
    found = [
        described(reproduced(pair, failure))
        for seed in SEEDS
        if (failure := scenario.run(pair, seed, tally))
    ]
    assert not found, "\n\n".join(found)
    # 48 scenarios of 150 operations are 7,200.
    assert tally.operations >= LEAST_OPERATIONS
    assert tally.agreed > 0.6 * tally.operations
    # Refusals are compared too, and must not be what most of the comparison is about.
    assert 0.1 * tally.operations < tally.refused < 0.4 * tally.operations
    assert sum(tally.deliberate.values()) < 0.02 * tally.operations


def _ignoring_types(condition, own):
    bound = condition.keys[0]
    return repr(own[1]) < repr(bound[1])


PLANTED = {
    "ranges compare across types": (filters.Condition, "_in_range", _ignoring_types),
    "null and NaN equal themselves": (filters, "is_ordinary", lambda key: True),
    "an array union keeps duplicates": (transforms, "_union", lambda old, added: old),
    "a write without effect is a new version": (writes, "_same_fields", lambda one, other: False),
    "preconditions always hold": (writes, "_check_precondition", lambda *_: None),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_shrunk(pair, monkeypatch, name):
    """Otherwise a comparison without differences would prove nothing."""
    owner, attribute, fault = PLANTED[name]
    monkeypatch.setattr(owner, attribute, fault)
    failures = (scenario.run(pair, seed, Tally()) for seed in SEEDS)
    failure = next(filter(None, failures))
    small = reproduced(pair, failure)
    assert small.before == []
    # A difference shows in a document or two; a scenario has forty.
    assert len(small.documents) <= 2, described(small)
    assert small.request.ByteSize() < 400, described(small)
