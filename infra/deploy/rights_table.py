"""The table of docs/deployment.md: who may do what."""

import re
from collections.abc import Iterator

from infra.deploy.manifest import ROOT, Function, Manifest

FILE = ROOT / "docs" / "deployment.md"
_BLOCK = re.compile(r"(?<=<!-- rights -->\n).*?(?=<!-- /rights -->)", re.DOTALL)


def rendered(manifest: Manifest) -> str:
    """The whole document, with the table as the manifest has it."""
    return _BLOCK.sub("".join(_rows(manifest)), FILE.read_text(encoding="utf-8"))


def _rows(manifest: Manifest) -> Iterator[str]:
    yield "| Account | Called by | On the project | Secrets | Also |\n|---|---|---|---|---|\n"
    for each in manifest.functions:
        callers = "anyone" if each.public else "tasks and jobs"
        yield _row(each.account, callers, _roles(each.roles), ", ".join(each.secrets), _also(each))
    for name in (manifest.invokers.tasks, manifest.invokers.jobs):
        private = ", ".join(each.name for each in manifest.functions if not each.public)
        yield _row(name, "", "", "", f"calls {private or 'private functions; there are none yet'}")
    deployer = manifest.deployer
    yield _row(deployer.account, "", _roles(deployer.roles), "", "acts as the others")


def _row(account: str, *cells: str) -> str:
    return " | ".join((f"| `{account}`", *cells)) + " |\n"


def _roles(roles: tuple[str, ...]) -> str:
    return ", ".join(f"`{role.removeprefix('roles/')}`" for role in roles)


def _also(function: Function) -> str:
    return "; ".join(
        [f"fills queue {queue}" for queue in function.queues]
        + [f"keeps objects in {bucket}" for bucket in function.buckets]
        + (["signs addresses"] if function.signs else [])
    )
