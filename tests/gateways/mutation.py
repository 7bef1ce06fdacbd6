"""`python -m tests.gateways.mutation COUNT`: pictures changed at random, in a process of their own.

Memory that other tests leave behind would be counted otherwise.
"""

import gc
import json
import sys
from pathlib import Path

from shared.errors import FileTooLarge, PictureInvalid
from shared.gateways.pillow import Pillow
from shared.rules.pictures import require_picture
from tests.gateways.hostile_pictures import is_jpeg, mutants


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


def main() -> None:
    refused = kept = 0
    # What every decoder keeps for itself once it was used does not count.
    for data in mutants(500, seed=1):
        drawn(data)
    gc.collect()
    before = resident()
    for data in mutants(int(sys.argv[1]), seed=16):
        picture = drawn(data)
        if picture is None:
            refused += 1
        else:
            kept += 1
            assert kept % 50 or is_jpeg(picture)
    gc.collect()
    seen = {"refused": refused, "kept": kept, "growth": resident() - before}
    sys.stdout.write(json.dumps(seen))


if __name__ == "__main__":
    main()
