"""The commands of `python -m infra`."""

from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from infra.deploy import files, traffic, watching
from infra.deploy.closure import Unresolvable
from infra.deploy.code import Deployed, Engine
from infra.deploy.edge import Edge, stage_edge
from infra.deploy.environment import VALUES, Project, environment, read_values
from infra.deploy.gcloud import Command, Failed, ask, change, shown
from infra.deploy.manifest import Function, Manifest, UnknownFunction, manifest
from infra.deploy.parts import parts
from infra.deploy.plan import carry_out, describe, survey
from infra.deploy.smoke import Account, smoke
from infra.deploy.stage import Unstageable, content, lend_environment, stage
from infra.deploy.steps import Part, Stage, Step
from infra.queues import queues
from infra.schedule import schedule
from shared.settings import Misconfigured

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False)

PROBLEMS = (Failed, Misconfigured, UnknownFunction, Unresolvable, Unstageable)


class Section(StrEnum):
    """A part of a deployment that can be carried out by itself."""

    ALL = "all"
    GROUND = "ground"
    """Services, accounts, database, secrets, queues and rights."""
    CODE = "code"
    """The functions, and who may call them."""
    EDGE = "edge"
    """Scheduled jobs, hosting, rules and indexes."""


_SECTIONS = {
    Section.ALL: frozenset(Stage),
    Section.GROUND: frozenset({Stage.SERVICES, Stage.GROUND, Stage.RIGHTS}),
    Section.CODE: frozenset({Stage.CODE, Stage.CALLERS}),
    Section.EDGE: frozenset({Stage.JOBS, Stage.EDGE}),
}

ProjectId = Annotated[str, typer.Option("--project", envvar="GOOGLE_CLOUD_PROJECT")]
Names = Annotated[list[str] | None, typer.Argument(help="functions; all of them without")]
Part_ = Annotated[Section, typer.Option("--part", help="only this part of it")]
Values = Annotated[Path, typer.Option(help="the settings' values")]
By = Annotated[Engine, typer.Option(help="which of gcloud's two ways to deploy")]
Origin = Annotated[str, typer.Option(help="the public origin, if not the project's own")]
Yes = Annotated[bool, typer.Option("--yes", help="do not ask")]
Commands = Annotated[bool, typer.Option("--commands", help="show every command line")]


@app.command()
def generate(
    *,
    check: Annotated[bool, typer.Option("--check", help="compare, and write nothing")] = False,
) -> None:
    """Write firebase.json, cloudbuild.yaml and the table of rights from the manifest."""
    if not check:
        files.write(manifest())
    elif lines := files.outdated(manifest()):
        typer.echo("\n".join(lines))
        _give_up("The manifest says otherwise; run: make generate")


@app.command("stage")
def stage_command(
    names: Names = None,
    *,
    emulators: Annotated[bool, typer.Option("--emulators", help="lend this environment")] = False,
) -> None:
    """Write build/<function>/ as it is uploaded."""
    try:
        for function in _chosen(manifest(), names):
            folder = stage(function, manifest())
            if emulators:
                lend_environment(folder)
            typer.echo(f"{content(folder)} build/{function.name}")
        stage_edge()
    except PROBLEMS as problem:
        _give_up(problem)


@app.command()
def plan(
    project: ProjectId,
    names: Names = None,
    *,
    part: Part_ = Section.ALL,
    values: Values = VALUES,
    engine: By = Engine.FUNCTIONS,
    origin: Origin = "",
    commands: Commands = False,
) -> None:
    """Print what would be done, and do nothing."""
    try:
        place = _project(project)
        steps = _steps(place, names, part, values, engine, origin)
    except PROBLEMS as problem:
        _give_up(problem)
    typer.echo("\n".join(describe(steps, commands=commands)))


@app.command()
def apply(
    project: ProjectId,
    names: Names = None,
    *,
    part: Part_ = Section.ALL,
    values: Values = VALUES,
    engine: By = Engine.FUNCTIONS,
    origin: Origin = "",
    canary: Annotated[
        int, typer.Option(min=0, max=99, help="per cent of traffic for what is new")
    ] = 0,
    commands: Commands = False,
    yes: Yes = False,
) -> None:
    """Print the plan, ask, and carry it out; run it again to continue where it broke off."""
    try:
        place = _project(project)
        steps = _steps(place, names, part, values, engine, origin, canary)
        typer.echo("\n".join(describe(steps, commands=commands)))
        if not any(step.changes or step.blocked for step in steps):
            return
        if not yes:
            typer.confirm(f"Carry this out in {project}?", abort=True)
        if Stage.CODE in _SECTIONS[part]:
            traffic.remember(_deployed(steps), place, anew=not names)
        outcome = carry_out(steps, typer.echo)
    except PROBLEMS as problem:
        _give_up(problem)
    if not outcome.complete:
        left = f" Not begun: {', '.join(outcome.left)}." if outcome.left else ""
        _give_up(f"{len(outcome.failed)} failed.{left} The same command continues from here.")


@app.command()
def verify(
    project: ProjectId,
    *,
    part: Part_ = Section.ALL,
    values: Values = VALUES,
    engine: By = Engine.FUNCTIONS,
    origin: Origin = "",
) -> None:
    """Compare the cloud with the manifest; fails when anything differs, a rollback included."""
    try:
        steps = _steps(_project(project), None, part, values, engine, origin)
    except PROBLEMS as problem:
        _give_up(problem)
    typer.echo("\n".join(describe(steps, commands=False)))
    if any(step.changes or step.blocked or step.note for step in steps):
        raise typer.Exit(1)


@app.command()
def rollback(project: ProjectId, names: Names = None, *, yes: Yes = False) -> None:
    """Return functions to the revision before; without names, those deployed from here last."""
    try:
        place = _project(project)
        targets = dict.fromkeys(names, "") if names else traffic.remembered()
        if not targets:
            raise Failed("From here no function was deployed over an earlier one; name some.")
        functions = _chosen(manifest(), list(targets))
        _move([traffic.back(each.name, place, targets[each.name]) for each in functions], yes=yes)
    except PROBLEMS as problem:
        _give_up(problem)


@app.command()
def promote(project: ProjectId, names: Names = None, *, yes: Yes = False) -> None:
    """Give the newest revision of functions all their traffic."""
    try:
        place = _project(project)
        functions = _chosen(manifest(), names)
        _move([traffic.forward(each.name, place) for each in functions], yes=yes)
    except PROBLEMS as problem:
        _give_up(problem)


@app.command("smoke")
def smoke_command(
    project: ProjectId,
    origin: Origin = "",
    email: Annotated[str, typer.Option(envvar="SMOKE_EMAIL")] = "",
    password: Annotated[str, typer.Option(envvar="SMOKE_PASSWORD")] = "",
) -> None:
    """Read something of every public function; with an account, signed in."""
    account = Account(email, password) if email else None
    wrong = 0
    for answer in smoke(origin or _origin(project), manifest(), account):
        wrong += not answer.right
        sign = "ok" if answer.right else f"expected {answer.expected}: {answer.said}"
        typer.echo(f"{answer.status} {answer.path} {sign}")
    if wrong:
        _give_up(f"{wrong} answers are wrong.")


def _steps(
    project: Project,
    names: list[str] | None,
    section: Section,
    values: Path,
    engine: Engine,
    origin: str,
    canary: int = 0,
) -> list[Step]:
    """What differs in this section; with names, only of what has one of them."""
    stages = _SECTIONS[section]
    wanted: list[Part] = list(parts(manifest(), project, queues(), schedule()))
    if Stage.CODE in stages:
        chosen = _chosen(manifest(), names)
        wanted += _functions(project, chosen, read_values(values), engine, canary)
    if Stage.EDGE in stages:
        stage_edge()
        wanted.append(Edge(project=project, origin=origin or _origin(project.id)))
    return survey(
        part
        for part in wanted
        if part.stage in stages and (not names or part.title.split()[-1] in names)
    )


def _functions(
    project: Project,
    functions: list[Function],
    values: Mapping[str, str],
    engine: Engine,
    canary: int,
) -> Iterator[Deployed]:
    for function in functions:
        folder = stage(function, manifest())
        yield Deployed(
            function=function,
            project=project,
            place=manifest().place,
            folder=folder,
            content=content(folder),
            variables=environment(function, project, values),
            engine=engine,
            canary=canary,
        )


def _deployed(steps: list[Step]) -> list[str]:
    """The functions a plan deploys."""
    titles = [step.title for step in steps if step.stage is Stage.CODE and step.changes]
    return [title.removeprefix("function ") for title in titles]


@app.command()
def watch(
    project: ProjectId,
    host: Annotated[str, typer.Option(help="the public host; the project's own by default")] = "",
    *,
    yes: Yes = False,
) -> None:
    """Carry metrics, alerts, objectives, the dashboard and uptime checks into the project."""
    try:
        wanted = list(watching.commands(project, host or _origin(project).removeprefix("https://")))
        typer.echo("\n".join(map(shown, wanted)))
        if not yes:
            typer.confirm("Watch the project so?", abort=True)
        # Alerts on an objective need it to exist.
        for name in watching.objectives(project, watching.token()):
            typer.echo(f"objective {name}")
        for command in wanted:
            change(command)
    except PROBLEMS as problem:
        _give_up(problem)


def _move(commands: list[Command | None], *, yes: bool) -> None:
    moves = [command for command in commands if command]
    if not moves:
        typer.echo("Nothing to move.")
        return
    typer.echo("\n".join(map(shown, moves)))
    if not yes:
        typer.confirm("Move the traffic?", abort=True)
    for command in moves:
        change(command)


def _project(name: str) -> Project:
    found = ask(("projects", "describe", name))
    if found is None:
        raise Failed(f"There is no project {name}, or this account may not see it.")
    return Project(name, str(found["projectNumber"]), manifest().place.region)


def _origin(project: str) -> str:
    return f"https://{project}.web.app"


def _chosen(all_of_it: Manifest, names: list[str] | None) -> list[Function]:
    return [all_of_it.named(name) for name in names] if names else list(all_of_it.functions)


def _give_up(problem: object) -> None:
    typer.echo(str(problem), err=True)
    raise typer.Exit(1)
