"""`python -m infra.ops`: what operators do to the data, on any stack."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from infra.dev.seed import seed as seed_catalogue
from infra.ops.target import agree, day, operator, wiring
from infra.ops.verify import repair, verify
from shared.errors import AppError
from shared.models.organizations import PlanChange, SubscriptionStatus, Tier
from shared.models.pages import FarPaging
from shared.models.people import ExportKind, RoleChange, UserFilter
from shared.models.users import Role
from shared.wiring import Wiring

app = typer.Typer(no_args_is_help=True, add_completion=False, help=__doc__)

Who = Annotated[str, typer.Argument(help="an address or a user id")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask, even in the cloud")]
Name = Annotated[str | None, typer.Option("--as", help="your name in the audit log")]
Why = Annotated[str | None, typer.Option("--reason", help="kept in the audit log")]


@app.command()
def grant_admin(
    who: Who,
    *,
    revoke: Annotated[bool, typer.Option("--revoke", help="take the role away")] = False,
    reason: Why = None,
    yes: Yes = False,
    name: Name = None,
) -> None:
    """Make somebody an administrator."""
    parts = wiring()
    user_id, address = _person(parts, who)
    role = Role.USER if revoke else Role.ADMIN
    agree(parts.settings, f"Give {address} the role {role.value}", yes=yes)
    change = RoleChange(role=role, reason=reason)
    parts.admin.users.set_role(operator(name), user_id, change)
    print(f"{address} ({user_id}) is {role.value} now.")


@app.command()
def set_tier(
    who: Who,
    tier: Tier,
    *,
    status: SubscriptionStatus | None = None,
    reason: Why = None,
    yes: Yes = False,
    name: Name = None,
) -> None:
    """Give the organization of a person another plan."""
    parts = wiring()
    user_id, address = _person(parts, who)
    organization_id = parts.admin.users.get(user_id).organization_id
    agree(parts.settings, f"Give the organization of {address} the plan {tier.value}", yes=yes)
    change = PlanChange(subscription_tier=tier, subscription_status=status, reason=reason)
    changed = parts.admin.organizations.set_plan(operator(name), organization_id, change)
    print(
        f"{changed.name} ({changed.id}): {changed.subscription_tier.value}, "
        f"{changed.subscription_status.value}."
    )


@app.command()
def verify_data(
    *,
    mend: Annotated[
        bool, typer.Option("--repair", help="rewrite catalogues, derived fields, config/admins")
    ] = False,
    yes: Yes = False,
) -> None:
    """Check every invariant of the stored data; status 1 when one is broken."""
    parts = wiring()
    if mend:
        agree(parts.settings, "Rewrite what follows from other documents", yes=yes)
        print(f"{repair(parts.documents, parts.now())} documents rewritten.")
    found = verify(parts.documents, parts.now())
    for number, problems in found.items():
        for problem in problems:
            print(f"{number:>2}  {problem.path}: {problem.text}")
    broken = sum(map(len, found.values()))
    print(f"{len(found)} invariants checked, {broken} problems.")
    if broken:
        raise typer.Exit(1)


@app.command()
def failed_tasks(limit: Annotated[int, typer.Option(min=1, max=100)] = 20) -> None:
    """List background tasks that were given up, newest first."""
    page = wiring().background.failure_page(FarPaging(limit=limit))
    for task in page.items:
        print(f"{task.id}  {task.failed_at:%Y-%m-%d %H:%M}  {task.kind}  {task.code}: {task.error}")
    print(f"{len(page.items)} of {page.total}.")


@app.command()
def replay(task_id: str, *, yes: Yes = False, name: Name = None) -> None:
    """Queue a background task that was given up again."""
    parts = wiring()
    agree(parts.settings, f"Run the task {task_id} again", yes=yes)
    parts.background.run_again(task_id, operator(name))
    print(f"{task_id} is queued again.")


@app.command()
def seed(*, yes: Yes = False, name: Name = None) -> None:
    """Add what is missing of the shared catalogue and the templates."""
    parts = wiring()
    agree(parts.settings, "Seed the catalogue", yes=yes)
    print(f"{parts.settings.project}: {seed_catalogue(parts, operator(name))}.")


@app.command()
def export(
    kind: ExportKind,
    to: Annotated[Path | None, typer.Option(help="a file; else standard output")] = None,
    *,
    name: Name = None,
) -> None:
    """Write all people or all organizations as CSV."""
    if to and to.exists():
        raise typer.BadParameter(f"{to} is there already.")
    rows = wiring().admin.exports.rows(operator(name), kind)
    if to is None:
        sys.stdout.buffer.writelines(rows)
        return
    # Personal data: for nobody else on this machine.
    to.touch(mode=0o600, exist_ok=False)
    with to.open("wb") as file:
        file.writelines(rows)


@app.command()
def backfill_stats(
    since: Annotated[str, typer.Argument(help="the first day, YYYY-MM-DD")], *, yes: Yes = False
) -> None:
    """Count the ends of past months that have no snapshot, from what is still there."""
    parts = wiring()
    first = day(since).date()
    agree(parts.settings, f"Store snapshots from {first} on", yes=yes)
    made = 0
    for snapshot in parts.admin.analytics.backfill(first):
        figures = snapshot.figures
        print(f"{snapshot.day}: {figures.total_users} users, {figures.paying_organizations} paying")
        made += 1
    print(f"{made} snapshots stored.")


def _person(parts: Wiring, who: str) -> tuple[str, str]:
    """Id and address."""
    if "@" in who:
        found = parts.admin.users.browse(UserFilter(email=who)).items
        if len(found) != 1:
            raise typer.BadParameter(f"{len(found)} people have the address {who}.")
        return found[0].id, found[0].email
    person = parts.admin.users.get(who)
    return person.id, person.email


def main() -> int:
    try:
        app()
    except AppError as refusal:
        print(refusal.message, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
