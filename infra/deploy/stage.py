"""Staging: one folder per function with all it needs and nothing else, as it is uploaded.

Google builds a function from one folder and looks for `main.py`, `requirements.txt` and every
import in it (docs/decisions/0018-staging.md).
"""

import hashlib
import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

from infra.deploy.closure import pins
from infra.deploy.manifest import ROOT, TARGET, Function, Manifest

BUILD = ROOT / "build"
_LEFT_OUT = ("__pycache__", "*.pyc", ".*")
_BUILD_TOOLS = tuple(f"openapi{part}.py" for part in ("", "_examples", "_refusals", "_responses"))
_IGNORED = (".gcloudignore", "functions.yaml", "venv", "__pycache__")
"""In a staged folder, but not for the upload."""


class Unstageable(Exception):
    """The build in the cloud would fail."""


def stage(function: Function, manifest: Manifest, build: Path = BUILD) -> Path:
    """Write `build/<function>/` anew; raises Unstageable or closure's Unresolvable."""
    folder = build / function.name
    shutil.rmtree(folder, ignore_errors=True)
    source = ROOT / "functions" / function.name
    if not (source / "main.py").is_file():
        raise Unstageable(f"{function.name} has no functions/{function.name}/main.py.")
    beside = [path for path in source.glob("*.py") if path.name != "main.py"]
    names = (path.name for path in beside)
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(*_LEFT_OUT, *names))
    _carry(beside, folder / "functions" / function.name)
    shutil.copytree(
        ROOT / "shared", folder / "shared", ignore=shutil.ignore_patterns(*_LEFT_OUT, *_BUILD_TOOLS)
    )
    lines = pins(function.requirements, manifest.place.python)
    (folder / "requirements.txt").write_text("".join(f"{line}\n" for line in lines))
    (folder / ".python-version").write_text(f"{manifest.place.python}\n")
    (folder / ".gcloudignore").write_text("".join(f"{name}\n" for name in _IGNORED))
    (folder / "functions.yaml").write_text(_emulated(function, manifest))
    for module in folder.rglob("*.py"):
        # One error anywhere fails the whole build, since Google compiles every file.
        if error := _error(module.read_bytes()):
            raise Unstageable(f"{module} does not compile: {error}")
    return folder


def _carry(modules: Sequence[Path], folder: Path) -> None:
    """Modules beside main.py keep the names under which they are imported here."""
    if {path.name for path in modules} == {"__init__.py"}:
        return
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "functions" / "__init__.py", folder.parent)
    for path in modules:
        shutil.copy(path, folder)


def lend_environment(folder: Path) -> None:
    """Let Firebase's functions emulator run the folder with this environment's packages."""
    (folder / "venv").symlink_to(Path(sys.prefix), target_is_directory=True)


def uploaded(folder: Path) -> Iterator[Path]:
    """Every file that leaves for the cloud, relative to the folder, sorted."""
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_file() and not set(relative.parts) & set(_IGNORED):
            yield relative


def content(folder: Path) -> str:
    """Twelve letters that change with any byte of the upload; fit for a label."""
    digest = hashlib.sha256()
    for relative in uploaded(folder):
        body = (folder / relative).read_bytes()
        digest.update(f"{relative.as_posix()}\0{len(body)}\0".encode() + body)
    return digest.hexdigest()[:12]


def _emulated(function: Function, manifest: Manifest) -> str:
    """What Firebase's emulator would otherwise ask its own Python library for. JSON is YAML."""
    endpoint = {
        "entryPoint": TARGET,
        "platform": "gcfv2",
        "region": [manifest.place.region],
        "httpsTrigger": {},
    }
    return json.dumps({"specVersion": "v1alpha1", "endpoints": {function.name: endpoint}}) + "\n"


@cache
def _error(source: bytes) -> str:
    """Why it does not compile; empty when it does. All functions carry the same `shared/`."""
    try:
        compile(source, "", "exec")
    except (SyntaxError, ValueError) as error:
        return str(error)
    return ""
