"""The manifest: every deployed function, as `infra/functions.toml` lists them."""

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, StringConstraints, model_validator

from infra.deploy.strict import Strict

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "infra" / "functions.toml"
TARGET = "handler"
"""The entry point of every function."""
TASKS = "tasks"
"""The function that does background work."""

EVERYWHERE = "/**"

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,47}$")]
Setting = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$")]
PathGlob = Annotated[str, StringConstraints(pattern=r"^/(?:(?:[\w.-]+|\*)/)*(?:[\w.-]+|\*{1,2})$")]
Role = Annotated[str, StringConstraints(pattern=r"^roles/[a-zA-Z0-9.]+$")]
Names = tuple[Name, ...]

_ADDED = ("requirements", "environment", "secrets", "roles")


class UnknownFunction(Exception):
    """Somebody named a function that the manifest does not list."""


class Function(Strict):
    """What one function is given, with what every function has."""

    name: Name
    memory_mb: int = Field(ge=128, le=32_768)
    cpu: int = Field(ge=1, le=8)
    """Several requests at once need at least one."""
    concurrency: int = Field(ge=2, le=1000)
    """Requests at once per instance; also the server's threads."""
    min_instances: int = Field(ge=0)
    max_instances: int = Field(ge=1, le=1000)
    timeout_seconds: int = Field(ge=1, le=3600)
    paths: tuple[PathGlob, ...] = ()
    """Public addresses on the one origin; none for a function that only Google's queues call.

    `*` is one segment; `/**` at the end is the address before it and everything below."""
    requirements: tuple[str, ...]
    """Packages of requirements.txt; what these need is installed with them, nothing else."""
    environment: tuple[Setting, ...]
    secrets: tuple[Setting, ...]
    """Settings whose values are in Secret Manager."""
    roles: tuple[Role, ...]
    """On the project."""
    queues: Names = ()
    """Queues it puts tasks into."""
    buckets: Names = ()
    """Buckets whose objects it reads and writes; the project's id is put before their names."""
    signs: bool = False
    """Whether it signs addresses of files as its own account."""

    @property
    def public(self) -> bool:
        return bool(self.paths)

    @property
    def account(self) -> str:
        """The service account it runs as, its own."""
        return f"fn-{self.name}"


class Place(Strict):
    region: Name
    database_location: Name
    runtime: Annotated[str, StringConstraints(pattern=r"^python3\d\d$")]

    @property
    def python(self) -> str:
        """The runtime's Python version, such as 3.13."""
        return f"3.{self.runtime.removeprefix('python3')}"


class Invokers(Strict):
    tasks: Name
    jobs: Name


class Deployer(Strict):
    account: Name
    roles: tuple[Role, ...]


class Manifest(Strict):
    place: Place
    functions: tuple[Function, ...]
    """By name."""
    invokers: Invokers
    deployer: Deployer

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, given: Any) -> Any:
        """Give every function what every function has."""
        every = given["every"]
        functions = [
            {"name": name} | every | own | _joined(every, own)
            for name, own in sorted(given["functions"].items())
        ]
        return {key: part for key, part in given.items() if key != "every"} | {
            "functions": functions
        }

    @model_validator(mode="after")
    def _unambiguous(self) -> "Manifest":
        paths = [path for function in self.functions for path in function.paths]
        if twice := {path for path in paths if paths.count(path) > 1}:
            raise ValueError(f"two functions at {', '.join(sorted(twice))}")
        if EVERYWHERE not in paths:
            raise ValueError(f"no function at {EVERYWHERE}, to say that there is nothing")
        return self

    @cached_property
    def routes(self) -> tuple[tuple[str, str], ...]:
        """Every public path with its function's name; the first that matches is the one."""
        pairs = [(path, function.name) for function in self.functions for path in function.paths]
        return tuple(sorted(pairs, key=lambda pair: _openness(pair[0])))

    @property
    def accounts(self) -> tuple[str, ...]:
        """Every service account of ours."""
        functions = (function.account for function in self.functions)
        return (*functions, self.invokers.tasks, self.invokers.jobs, self.deployer.account)

    def function_at(self, path: str) -> str:
        """The function behind a public address; some function answers for every one."""
        return next(name for glob, name in self.routes if _pattern(glob).fullmatch(path))

    def named(self, name: str) -> Function:
        """Raises UnknownFunction."""
        for function in self.functions:
            if function.name == name:
                return function
        raise UnknownFunction(f"There is no function named {name} in {FILE.name}.")

    def used(self, kind: str) -> tuple[str, ...]:
        """What any function names under this heading, such as `queues`, sorted."""
        return tuple(sorted({name for each in self.functions for name in getattr(each, kind)}))


def _joined(every: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, list[str]]:
    return {name: [*every.get(name, ()), *own.get(name, ())] for name in _ADDED}


def _openness(glob: str) -> list[tuple[int, str]]:
    """Sorts paths so that of two that match, the narrower comes first."""
    segments = glob.strip("/").split("/")
    return [({"*": 1, "**": 2}.get(segment, 0), segment) for segment in segments]


@cache
def _pattern(glob: str) -> re.Pattern[str]:
    below = glob.endswith("/**")
    segments = [
        "[^/]+" if segment == "*" else re.escape(segment)
        for segment in glob.removesuffix("/**").split("/")
    ]
    return re.compile("/".join(segments) + ("(?:/.*)?" if below else "/?"))


@cache
def manifest(file: Path = FILE) -> Manifest:
    """Raises pydantic's ValidationError, which says which line of which table is wrong."""
    return Manifest.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
