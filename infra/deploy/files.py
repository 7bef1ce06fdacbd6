"""The files made from the manifest, written or compared."""

from collections.abc import Callable, Mapping
from difflib import unified_diff
from functools import partial
from itertools import islice
from pathlib import Path

from infra.deploy import cloudbuild, firebase_config, monitoring, rights_table
from infra.deploy.manifest import Manifest

MADE: Mapping[Path, Callable[[Manifest], str]] = {
    firebase_config.FILE: firebase_config.rendered,
    cloudbuild.FILE: cloudbuild.rendered,
    rights_table.FILE: rights_table.rendered,
    **{monitoring.file(name): partial(monitoring.rendered, name) for name in monitoring.MADE},
}
_LINES_SHOWN = 40


def write(manifest: Manifest) -> None:
    for file, render in MADE.items():
        file.write_text(render(manifest), encoding="utf-8")


def outdated(manifest: Manifest) -> list[str]:
    """How each file differs from what the manifest says, as lines; nothing when none does."""
    lines: list[str] = []
    for file, render in MADE.items():
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        names = f"{file.name}, committed", f"{file.name}, from the manifest"
        difference = unified_diff(
            before.splitlines(), render(manifest).splitlines(), *names, lineterm="", n=1
        )
        lines += islice(difference, _LINES_SHOWN)
    return lines
