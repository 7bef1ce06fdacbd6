"""Which stack a command works on, as whom, and that nobody changes the cloud by mistake."""

import getpass
import os
import re
from collections.abc import Mapping
from datetime import datetime

import typer

from infra.local.directory import DIRECTORY, StackDirectory
from shared.models.users import Caller, OrganizationRole, Role
from shared.settings import Settings, Stack
from shared.wiring import Wiring


def wiring(environment: Mapping[str, str] | None = None) -> Wiring:
    """For the stack that the environment names, else the one that runs in this directory."""
    given = os.environ if environment is None else environment
    if "HYPERTROQ_STACK" not in given:
        variables = StackDirectory(DIRECTORY).read_variables()
        if not variables:
            raise typer.BadParameter(
                "No stack runs here. Start one with `make run`, or name another with "
                "HYPERTROQ_STACK (cloud, embedded, emulators) and the project's variables."
            )
        # Google's clients look into the environment themselves.
        os.environ.update(variables)
    return Wiring(Settings.from_environment())


def operator(name: str | None = None) -> Caller:
    """Whoever may run this has the project's own credentials; the audit log keeps the name."""
    known = re.sub(r"[^A-Za-z0-9._-]", "_", name or getpass.getuser())[:64]
    return Caller(
        user_id=f"operator:{known}",
        organization_id="operators",
        role=Role.ADMIN,
        organization_role=OrganizationRole.OWNER,
        has_pro=True,
        signed_in_at=0,
    )


def agree(settings: Settings, what: str, *, yes: bool) -> None:
    """Ask before anything changes in the cloud; local stacks are for trying things out."""
    if settings.stack is Stack.CLOUD and not yes:
        typer.confirm(f"{what} in the cloud project {settings.project}?", abort=True)


def day(text: str) -> datetime:
    """The date an option names; raises typer.BadParameter."""
    try:
        return datetime.strptime(text, "%Y-%m-%d")  # noqa: DTZ007 - only its date counts
    except ValueError:
        raise typer.BadParameter("Write the day as YYYY-MM-DD.") from None
