"""What we once deployed and the manifest no longer knows: named, and left to a person to delete."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.deploy.environment import CONTENT, Project
from infra.deploy.gcloud import ask
from infra.deploy.manifest import TASKS
from infra.deploy.steps import Stage, Step


@dataclass(frozen=True, slots=True, kw_only=True)
class OldFunctions:
    project: Project
    known: frozenset[str]
    stage: Stage = Stage.CODE
    title: str = "functions"

    def look(self) -> Step:
        where = (f"--region={self.project.region}", f"--project={self.project.id}")
        old = [name for name in self._ours(where) if name not in self.known]
        return Step(title=self.title, stage=self.stage, note=_named(old))

    @staticmethod
    def _ours(where: tuple[str, ...]) -> Iterator[str]:
        for service in ask(("run", "services", "list", *where)) or ():
            variables = service["spec"]["template"]["spec"]["containers"][0].get("env", ())
            if any(each["name"] == CONTENT for each in variables):
                yield service["metadata"]["name"]


@dataclass(frozen=True, slots=True, kw_only=True)
class OldJobs:
    """One that is left goes on calling."""

    project: Project
    known: frozenset[str]
    stage: Stage = Stage.JOBS
    title: str = "jobs"

    def look(self) -> Step:
        where = (f"--location={self.project.region}", f"--project={self.project.id}")
        address = self.project.address(TASKS)
        old = [
            name
            for job in ask(("scheduler", "jobs", "list", *where)) or ()
            if job.get("httpTarget", {}).get("uri", "").startswith(address)
            and (name := job["name"].rpartition("/")[2]) not in self.known
        ]
        return Step(title=self.title, stage=self.stage, note=_named(old))


def _named(old: list[str]) -> str:
    return f"that are no longer in the manifest: {', '.join(sorted(old))}" if old else ""
