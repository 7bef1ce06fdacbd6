"""T16: whatever is sent as a picture, it is drawn anew or refused, in little time and memory."""

import gc
import time
from pathlib import Path

import pytest

from shared.errors import FileTooLarge, PictureInvalid
from shared.gateways.pillow import Pillow
from shared.rules.pictures import require_picture
from tests.gateways.hostile_pictures import bombs, is_jpeg, mutants
from tests.people import Person
from tests.pictures import form

MUTANTS = 20_000
OVER_HTTP = 300
MOST_GROWTH = 50 * 2**20
MOST_SECONDS = 5.0
BOMBS = bombs()


def resident() -> int:
    """Bytes of memory this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def drawn(data: bytes) -> bytes | None:
    """As uploading does it; None for a refusal. Anything else is raised."""
    try:
        return Pillow().redrawn(data, require_picture(data))
    except (PictureInvalid, FileTooLarge):
        return None


def test_there_are_forty_of_them() -> None:
    assert len(BOMBS) >= 40


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_go_off(name: str) -> None:
    gc.collect()
    before, started = resident(), time.monotonic()
    picture = drawn(BOMBS[name])
    assert time.monotonic() - started < MOST_SECONDS
    assert picture is None or is_jpeg(picture)
    gc.collect()
    assert resident() - before < MOST_GROWTH


def test_twenty_thousand_mutants() -> None:
    refused = kept = 0
    # What every decoder keeps for itself once it was used does not count.
    for data in mutants(500, seed=1):
        drawn(data)
    gc.collect()
    before = resident()
    for data in mutants(MUTANTS, seed=16):
        picture = drawn(data)
        if picture is None:
            refused += 1
        else:
            kept += 1
            assert kept % 50 or is_jpeg(picture)
    gc.collect()
    assert resident() - before < MOST_GROWTH
    # A test of nothing but refusals, or of nothing but successes, would prove little.
    assert min(refused, kept) > MUTANTS // 20


def test_a_decoder_that_finds_another_size_is_not_believed() -> None:
    sound = next(iter(mutants(1, seed=1)))
    header = require_picture(BOMBS["JPEG that is an archive"])
    with pytest.raises(PictureInvalid):
        Pillow().redrawn(sound, header)


def test_over_http_every_bomb_and_some_mutants_are_answered(files, lifter: Person) -> None:
    """400 or 200, sometimes 413; never ours to blame."""
    hostile = [*BOMBS.values(), *mutants(OVER_HTTP, seed=17)]
    statuses = {lifter.api.put("/users/me/image", **form(data)).status_code for data in hostile}
    assert {200, 400} <= statuses <= {200, 400, 413}
