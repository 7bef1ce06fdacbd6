"""Back to an earlier revision, or all traffic to the newest: changes of a second, without a build.

Before a deployment the revision that serves is written down, so that `rollback` in the same
checkout, as in a pipeline, takes back exactly what that deployment did.
"""

import shutil
from collections.abc import Iterable

from infra.deploy.code import Service, earlier, revisions, service, traffic
from infra.deploy.environment import Project
from infra.deploy.gcloud import Command, Failed, ask
from infra.deploy.stage import BUILD

RECEIPTS = BUILD / "deployed"


def remember(names: Iterable[str], project: Project, *, anew: bool) -> None:
    """Write down what serves each function now; `anew` forgets all others. Raises Failed."""
    if anew:
        shutil.rmtree(RECEIPTS, ignore_errors=True)
    RECEIPTS.mkdir(parents=True, exist_ok=True)
    for name in names:
        before = service(name, project)
        if before:
            (RECEIPTS / name).write_text(before.serving)
        else:
            # A new function has nothing to return to.
            (RECEIPTS / name).unlink(missing_ok=True)


def remembered() -> dict[str, str]:
    """By function, the revision that served before the last deployment."""
    return {file.name: file.read_text() for file in sorted(RECEIPTS.glob("*"))}


def back(name: str, project: Project, revision: str = "") -> Command | None:
    """The command that returns to this revision, or to the one before; None when it serves.

    Raises Failed when there is none to return to.
    """
    now = _known(name, project)
    if not revision:
        found = ask(revisions(name, project)) or ()
        revision = earlier(found, now.serving) or ""
    if not revision:
        raise Failed(f"{name} has no earlier revision.")
    if now.shares.get(revision) == 100:
        return None
    return traffic(name, project, f"--to-revisions={revision}=100")


def forward(name: str, project: Project) -> Command | None:
    """The command that gives the newest revision all traffic; None when it has it."""
    now = _known(name, project)
    if now.follows and now.shares.get(now.newest) == 100:
        return None
    return traffic(name, project, "--to-latest")


def _known(name: str, project: Project) -> Service:
    now = service(name, project)
    if now is None:
        raise Failed(f"{name} is not deployed.")
    return now
