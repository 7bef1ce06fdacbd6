"""A function in the cloud: how it is deployed, what it is like now, and who gets its traffic.

Both engines end as a Cloud Run service of the function's name, so one description serves both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from infra.deploy.environment import BETWEEN, CONTENT, Project
from infra.deploy.gcloud import Command, ask
from infra.deploy.manifest import TARGET, Function, Place
from infra.deploy.rights import secret_id
from infra.deploy.steps import Stage, Step, differences
from shared.settings import Settings


class Engine(StrEnum):
    FUNCTIONS = "functions"
    """gcloud functions deploy: also has an address at cloudfunctions.net."""
    RUN = "run"
    """gcloud run deploy: the same build, as a service."""


@dataclass(frozen=True, slots=True)
class Service:
    """Where the traffic of a deployed function goes."""

    newest: str
    """The revision of the last deployment that started."""
    shares: Mapping[str, int]
    """Per cent by revision."""
    follows: bool
    """Whether the next deployment gets all of it by itself."""

    @property
    def serving(self) -> str:
        """The revision that gets most of the traffic."""
        return max(self.shares, key=lambda name: self.shares[name], default=self.newest)


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployed:
    """A function as it should be."""

    function: Function
    project: Project
    place: Place
    folder: Path
    """The staged folder."""
    content: str
    """Its digest."""
    variables: Mapping[str, str]
    engine: Engine = Engine.FUNCTIONS
    canary: int = 0
    """Per cent of the traffic for what is new; 0 for all of it."""
    stage: Stage = Stage.CODE

    @property
    def title(self) -> str:
        return f"function {self.function.name}"

    def look(self) -> Step:
        found = ask(describe(self.function.name, self.project))
        if found is None:
            return Step(
                title=self.title, stage=self.stage, changes=("new",), commands=(self._deploy(),)
            )
        now, service = _configuration(found), _service(found)
        changes = differences(now, self._wanted())
        stray = self._ours(now) - self._wanted().keys()
        changes += tuple(f"{name} {now[name]} → unset" for name in sorted(stray))
        note = "" if service.serving == service.newest else f"serves {service.serving}"
        commands = self._change(service) if changes else ()
        return Step(
            title=self.title, stage=self.stage, changes=changes, commands=commands, note=note
        )

    def _wanted(self) -> dict[str, str]:
        function = self.function
        return {
            CONTENT: self.content,
            "memory": f"{function.memory_mb}Mi",
            "cpu": str(function.cpu),
            "concurrency": str(function.concurrency),
            "min instances": str(function.min_instances),
            "max instances": str(function.max_instances),
            "timeout": str(function.timeout_seconds),
            "account": self.project.email(function.account),
            **self.variables,
            **{name: f"secret {secret_id(name)}" for name in function.secrets},
        }

    @staticmethod
    def _ours(now: Mapping[str, str]) -> set[str]:
        """Variables whose meaning we know; the platform sets some of its own."""
        known = {field.alias for field in Settings.model_fields.values()}
        return {name for name in now if name in known}

    def _change(self, service: Service) -> tuple[Command, ...]:
        if not self.canary:
            moved = () if self.engine is Engine.FUNCTIONS else (self._traffic("--to-latest"),)
            return (self._deploy(), *moved)
        stable = service.serving
        shares = f"--to-revisions=LATEST={self.canary},{stable}={100 - self.canary}"
        # Pinned first, so that the deployment itself moves nothing.
        return (
            self._traffic(f"--to-revisions={stable}=100"),
            self._deploy(moves=False),
            self._traffic(shares),
        )

    def _traffic(self, where: str) -> Command:
        return traffic(self.function.name, self.project, where)

    def _deploy(self, *, moves: bool = True) -> Command:
        function, place = self.function, self.place
        variables = BETWEEN.join(
            f"{name}={value}" for name, value in {**self.variables, CONTENT: self.content}.items()
        )
        access = "--allow-unauthenticated" if function.public else "--no-allow-unauthenticated"
        secrets = ",".join(f"{name}={secret_id(name)}:latest" for name in function.secrets)
        common = (
            f"--source={self.folder}",
            f"--region={self.project.region}",
            f"--project={self.project.id}",
            f"--memory={function.memory_mb}Mi",
            f"--cpu={function.cpu}",
            f"--concurrency={function.concurrency}",
            f"--min-instances={function.min_instances}",
            f"--max-instances={function.max_instances}",
            f"--timeout={function.timeout_seconds}s",
            f"--service-account={self.project.email(function.account)}",
            f"--set-env-vars=^{BETWEEN}^{variables}",
            *((f"--set-secrets={secrets}",) if secrets else ("--clear-secrets",)),
            access,
        )
        if self.engine is Engine.RUN:
            traffic_words = () if moves else ("--no-traffic",)
            base = f"--base-image={place.runtime}"
            return ("run", "deploy", function.name, f"--function={TARGET}", base) + (
                common + traffic_words
            )
        kind = ("--gen2", "--trigger-http", f"--runtime={place.runtime}", f"--entry-point={TARGET}")
        all_of_it = ("--serve-all-traffic-latest-revision",) if moves else ()
        return ("functions", "deploy", function.name, *kind, *common, *all_of_it)


def describe(name: str, project: Project) -> Command:
    return ("run", "services", "describe", name, *_at(project))


def traffic(name: str, project: Project, where: str) -> Command:
    """`where` is one of gcloud's flags: `--to-latest`, or `--to-revisions` with shares."""
    return ("run", "services", "update-traffic", name, where, *_at(project))


def revisions(name: str, project: Project) -> Command:
    order = "--sort-by=~metadata.creationTimestamp"
    return ("run", "revisions", "list", f"--service={name}", order, *_at(project))


def service(name: str, project: Project) -> Service | None:
    """Where its traffic goes now; None when it was never deployed. Raises Failed."""
    found = ask(describe(name, project))
    return _service(found) if found else None


def earlier(found: Sequence[Any], serving: str) -> str | None:
    """The newest sound revision made before the one that serves; `found` is newest first."""
    names = [revision["metadata"]["name"] for revision in found if _ready(revision)]
    older = names[names.index(serving) + 1 :] if serving in names else names
    return next(iter(older), None)


def _ready(revision: Any) -> bool:
    conditions = revision.get("status", {}).get("conditions", ())
    return any(each["type"] == "Ready" and each["status"] == "True" for each in conditions)


def _at(project: Project) -> Command:
    return (f"--region={project.region}", f"--project={project.id}")


def _service(found: Any) -> Service:
    status = found["status"]
    targets = status.get("traffic", ())
    shares: dict[str, int] = {}
    for target in targets:
        name = target["revisionName"]
        shares[name] = shares.get(name, 0) + target.get("percent", 0)
    return Service(
        newest=status.get("latestReadyRevisionName", ""),
        shares=shares,
        follows=any(target.get("latestRevision") for target in targets),
    )


def _configuration(found: Any) -> dict[str, str]:
    """A Cloud Run service's description in the words of the manifest."""
    template = found["spec"]["template"]
    spec, marks = template["spec"], template["metadata"].get("annotations", {})
    container = spec["containers"][0]
    limits = container.get("resources", {}).get("limits", {})
    cpu = limits.get("cpu", "")
    return {
        "memory": limits.get("memory", ""),
        # Written both ways.
        "cpu": str(int(cpu[:-1]) // 1000) if cpu.endswith("000m") else cpu,
        "concurrency": str(spec.get("containerConcurrency", "")),
        "min instances": marks.get("autoscaling.knative.dev/minScale", "0"),
        "max instances": marks.get("autoscaling.knative.dev/maxScale", ""),
        "timeout": str(spec.get("timeoutSeconds", "")),
        "account": spec.get("serviceAccountName", ""),
        **{each["name"]: _value(each) for each in container.get("env", ())},
    }


def _value(variable: Any) -> str:
    if "valueFrom" in variable:
        return f"secret {variable['valueFrom']['secretKeyRef']['name']}"
    return str(variable.get("value", ""))
