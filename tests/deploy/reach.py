"""What a function's code can touch: parts of the wiring, settings, and packages, found in source.

Followed are imports, `wiring.<part>` wherever it is written, and what that part's own property in
`shared/wiring/` names in turn.
"""

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions
from pathlib import Path

from packaging.utils import canonicalize_name

from infra.deploy.manifest import ROOT
from shared.http.context import Access
from shared.settings import Settings
from shared.wiring import Wiring
from shared.wiring.built import built_once

OURS = {"shared", "functions"}
WIRING = "shared.wiring"
SIGNING_IN = "shared.http.auth"
PARTS = {
    name
    for layer in Wiring.__mro__
    for name, value in vars(layer).items()
    if isinstance(value, built_once)
}


class Reach:
    """Of one function; public ones never sign anybody in."""

    def __init__(self, function: str) -> None:
        routes = import_module(f"functions.{function}.main").api.routes
        public = all(route.access is Access.PUBLIC for route in routes)
        self.parts: set[str] = set()
        self.settings: set[str] = set()
        """As their variables are called."""
        self.packages: set[str] = set()
        """Distributions that are imported by name, early or late."""
        self._seen = {SIGNING_IN} if public else set()
        self._follow(f"functions.{function}.main")

    def _follow(self, module: str) -> None:
        if module in self._seen:
            return
        self._seen.add(module)
        tree = ast.parse(_source(module).read_text(encoding="utf-8"))
        if module == WIRING or module.startswith(f"{WIRING}."):
            # Its parts count only where somebody asks for them.
            tree.body = [node for node in tree.body if not isinstance(node, ast.ClassDef)]
        elif module != "shared.settings":
            self._settings(tree)
            for name in _named(tree, "wiring") & PARTS:
                self._part(name)
        self._imports(tree)

    def _part(self, name: str) -> None:
        if name in self.parts:
            return
        self.parts.add(name)
        node = _properties()[name]
        self._settings(node)
        self._imports(node)
        for other in _named(node, "self") & PARTS:
            self._part(other)

    def _settings(self, node: ast.AST) -> None:
        for name in _named(node, "settings"):
            for each in _behind().get(name, {name}):
                field = Settings.model_fields.get(each)
                if field and field.alias:
                    self.settings.add(field.alias)

    def _imports(self, node: ast.AST) -> None:
        for name in _imported(node):
            if name.partition(".")[0] in OURS:
                self._follow(name if _source(name).exists() else name.rpartition(".")[0])
            elif distribution := _distribution(name):
                self.packages.add(distribution)


def _named(node: ast.AST, owner: str) -> set[str]:
    """`x` of every `owner.x` and `….owner.x`."""
    return {
        each.attr
        for each in ast.walk(node)
        if isinstance(each, ast.Attribute)
        and (
            (isinstance(each.value, ast.Name) and each.value.id == owner)
            or (isinstance(each.value, ast.Attribute) and each.value.attr == owner)
        )
    }


def _imported(node: ast.AST) -> Iterator[str]:
    """Modules, without those that only a type checker imports."""
    match node:
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return
        case ast.Import(names=names):
            yield from (alias.name for alias in names)
        case ast.ImportFrom(module=str(module), names=names):
            yield module
            if module.partition(".")[0] in OURS:
                yield from (f"{module}.{alias.name}" for alias in names)
    for child in ast.iter_child_nodes(node):
        yield from _imported(child)


def _source(module: str) -> Path:
    path = ROOT.joinpath(*module.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


@cache
def _behind() -> dict[str, set[str]]:
    """What each property and method of the settings reads."""
    tree = ast.parse(_source("shared.settings").read_text(encoding="utf-8"))
    found = next(n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == "Settings")
    methods = [each for each in found.body if isinstance(each, ast.FunctionDef)]
    return {each.name: _named(each, "self") for each in methods}


@cache
def _properties() -> dict[str, ast.AST]:
    trees = [
        ast.parse(path.read_text(encoding="utf-8"))
        for path in _source(WIRING).parent.iterdir()
        if path.suffix == ".py"
    ]
    classes = [node for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)]
    return {
        each.name: each
        for found in classes
        for each in found.body
        if isinstance(each, ast.FunctionDef)
    }


@cache
def _packages() -> dict[str, list[str]]:
    return dict(packages_distributions())


def _distribution(module: str) -> str | None:
    """Who brings this module; None for Python itself and for namespaces of many packages."""
    top = module.partition(".")[0]
    if top in sys.stdlib_module_names:
        return None
    if top == "google":
        found = re.match(r"google\.(?:cloud\.)?(\w+)", module)
        known = {"firestore": "google-cloud-firestore", "firestore_v1": "google-cloud-firestore",
                 "storage": "google-cloud-storage", "tasks_v2": "google-cloud-tasks"}  # fmt: skip
        return known.get(found[1]) if found else None
    return canonicalize_name(_packages()[top][0])
