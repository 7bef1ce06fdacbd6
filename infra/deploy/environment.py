"""What a deployed function finds in its environment, checked by its own boot guard beforehand."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from infra.deploy.manifest import ROOT, Function
from shared.settings import Misconfigured, Settings

VALUES = ROOT / "infra" / "production.env"
CONTENT = "HYPERTROQ_CONTENT"
"""Carries the digest of what was uploaded, by which an unchanged function is known."""
THREADS = "THREADS"
BETWEEN = "~"
"""Stands between the variables on a command line, so no value may hold it."""
_SECRET = "as long as a real one"  # noqa: S105 - stands in for what only the cloud knows


@dataclass(frozen=True, slots=True)
class Project:
    """Where to: the project's id and number, and the region of the functions."""

    id: str
    number: str
    region: str

    def address(self, service: str) -> str:
        """The address of a Cloud Run service, which functions are as well."""
        return f"https://{service}-{self.number}.{self.region}.run.app"

    def email(self, account: str) -> str:
        return f"{account}@{self.id}.iam.gserviceaccount.com"


def read_values(file: Path = VALUES) -> dict[str, str]:
    """The file's lines as they stand; raises Misconfigured for one that is not NAME=value."""
    values = {}
    for line in map(str.strip, file.read_text(encoding="utf-8").splitlines()):
        if not line or line.startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.isidentifier():
            raise Misconfigured(f"{file.name}: not NAME=value: {line}")
        values[name] = value
    return values


def environment(function: Function, project: Project, values: Mapping[str, str]) -> dict[str, str]:
    """By name; raises Misconfigured when the function would refuse to start with it."""
    places = {"PROJECT": project.id, "NUMBER": project.number, "REGION": project.region}
    given = {"GOOGLE_CLOUD_PROJECT": project.id, THREADS: str(function.concurrency)}
    for name in sorted(set(function.environment) - given.keys()):
        try:
            value = Template(values.get(name, "")).substitute(places)
        except (KeyError, ValueError) as error:
            raise Misconfigured(f"{name} has an unknown place in it: {error}") from None
        if BETWEEN in value:
            raise Misconfigured(f"{name} has a {BETWEEN} in it, which gcloud would cut it at.")
        if value:
            given[name] = value
    secrets = dict.fromkeys(function.secrets, _SECRET)
    try:
        Settings.from_environment(given | secrets | {"K_SERVICE": function.name})
    except Misconfigured as reason:
        raise Misconfigured(f"{function.name} would not start. {reason}") from None
    return given
