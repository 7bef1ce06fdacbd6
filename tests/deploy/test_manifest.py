"""The manifest against the sources: every folder, route, queue and setting is in it, no other."""

import inspect
import re
import tomllib
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from packaging.utils import canonicalize_name
from pydantic import ValidationError

from infra.deploy.closure import pins
from infra.deploy.environment import THREADS, VALUES, Project, environment, read_values
from infra.deploy.manifest import FILE, ROOT, TASKS, Function, Manifest, manifest
from infra.deploy.smoke import address
from infra.queues import queues
from infra.schedule import schedule
from shared.settings import LOCAL_ONLY, Misconfigured, Settings
from tests.deploy.reach import Reach

FUNCTIONS = manifest().functions
EACH = pytest.mark.parametrize("function", FUNCTIONS, ids=[each.name for each in FUNCTIONS])
PROJECT = Project("acme-prod", "123456789012", "us-central1")
LOCAL = {Settings.model_fields[name].alias for name in LOCAL_ONLY} | {
    "HYPERTROQ_STACK",
    # Cloud Run's own.
    "K_SERVICE",
}


def altered(change: Any) -> Manifest:
    given = tomllib.loads(FILE.read_text())
    change(given)
    return Manifest.model_validate(given)


def test_every_folder_is_a_function_and_every_function_a_folder() -> None:
    folders = sorted(path.parent.name for path in ROOT.glob("functions/*/main.py"))
    assert [function.name for function in FUNCTIONS] == folders


@EACH
def test_every_route_is_reached_through_the_one_origin(function: Function) -> None:
    router = import_module(f"functions.{function.name}.main").api
    for route in router.routes:
        path = re.sub(r"<\w+>", "8c7a", address(router, route))
        behind = manifest().function_at(path)
        assert behind == function.name if function.public else behind == "docs", path


def test_only_background_work_is_private() -> None:
    assert {each.name for each in FUNCTIONS if not each.public} <= {TASKS}


def test_a_narrower_path_comes_before_a_wider_one() -> None:
    def design(given: Any) -> None:
        given["functions"]["design"] = {
            "paths": ["/api/v1/programs/design", "/api/v1/programs/*/balance"]
        }

    changed = altered(design)
    globs = [glob for glob, _ in changed.routes]
    assert globs.index("/api/v1/programs/design") < globs.index("/api/v1/programs/**")
    assert globs[-1] == "/**"
    assert changed.function_at("/api/v1/programs/design") == "design"
    assert changed.function_at("/api/v1/programs/8c7a/balance") == "design"
    assert changed.function_at("/api/v1/programs/8c7a") == "programs"
    assert changed.function_at("/api/v1/programs") == "programs"
    assert changed.function_at("/api/v1/programsx") == "docs"


@pytest.mark.parametrize(
    "table",
    [
        pytest.param({"memroy_mb": 512}, id="misspelt"),
        pytest.param({"concurrency": 1}, id="one request at a time"),
        pytest.param({"roles": ["datastore.user"]}, id="not a role"),
        pytest.param({"paths": ["/api/v1/health/**"]}, id="somebody else's path"),
        pytest.param({"paths": ["/api/**/x"]}, id="two stars in the middle"),
    ],
)
def test_an_unsound_table_is_refused(table: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        altered(lambda given: given["functions"]["auth"].update(table))


def test_some_function_must_answer_everywhere() -> None:
    with pytest.raises(ValidationError, match="no function at"):
        altered(lambda given: given["functions"]["docs"].update(paths=["/docs"]))


@EACH
def test_a_function_is_given_every_setting_its_code_reads_and_no_other(function: Function) -> None:
    given, read = {*function.environment, *function.secrets}, Reach(function.name).settings
    every = tomllib.loads(FILE.read_text())["every"]
    assert read - given - LOCAL == set()
    assert given - read - {*every["environment"], *every["secrets"]} == set()


def test_every_setting_is_given_to_some_function_or_is_for_local_stacks() -> None:
    known = {field.alias for field in Settings.model_fields.values()}
    given = {name for each in FUNCTIONS for name in (*each.environment, *each.secrets)}
    assert given == known - LOCAL


def test_the_values_are_those_of_the_settings_that_are_given_and_no_secret_is_among_them() -> None:
    derived = {"GOOGLE_CLOUD_PROJECT"}
    assert set(read_values()) == set(manifest().used("environment")) - derived
    assert set(manifest().used("secrets")).isdisjoint(read_values())
    for name in ("FIREBASE_API_KEY", "SMTP_HOST"):
        assert f"{name}=\n" in VALUES.read_text(), "each project fills in its own"


@EACH
def test_a_function_starts_with_what_it_is_given_and_has_a_thread_for_each_request(
    function: Function,
) -> None:
    values = read_values() | {"FIREBASE_API_KEY": "AIza-public", "SMTP_HOST": "mail.example"}
    given = environment(function, PROJECT, values)
    assert given["GOOGLE_CLOUD_PROJECT"] == "acme-prod"
    assert given["CORS_ORIGINS"] == "https://acme-prod.web.app"
    assert given[THREADS] == str(function.concurrency)
    assert "" not in given.values()
    with pytest.raises(Misconfigured, match=f"{function.name} would not start"):
        environment(function, PROJECT, values | {"FIREBASE_API_KEY": ""})


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("CORS_ORIGINS", "not NAME=value"),
        ("CORS_ORIGINS=https://$PLACE.example", "unknown place"),
        ("CORS_ORIGINS=https://example.com/~me", "has a ~ in it"),
        ("TRUSTED_HOPS=many", "TRUSTED_HOPS"),
    ],
)
def test_an_unusable_value_is_found_before_the_deployment(
    line: str, says: str, tmp_path: Path
) -> None:
    file = tmp_path / "values.env"
    file.write_text(f"# A comment\n\nFIREBASE_API_KEY=AIza\nTRUSTED_HOPS=1\n{line}\n")
    with pytest.raises(Misconfigured, match=says):
        environment(manifest().named("health"), PROJECT, read_values(file))


@EACH
def test_a_function_names_the_packages_its_code_imports_and_no_more(function: Function) -> None:
    """What needs its own folder of files is found by name, so it counts as imported as well."""
    wanted = Reach(function.name).packages
    source = inspect.getsource(import_module(f"functions.{function.name}.main"))
    wanted |= {
        canonicalize_name(name)
        for name in function.requirements
        if f'"{name.replace("-", "_")}"' in source and find_spec(name.replace("-", "_"))
    }
    named = {canonicalize_name(name) for name in function.requirements}
    installed = {pin.partition("==")[0] for pin in pins(function.requirements, "3.13")}
    assert wanted - installed == set()
    assert named - wanted - {"functions-framework"} == set()


@EACH
def test_no_function_carries_the_tools_of_development(function: Function) -> None:
    installed = {pin.partition("==")[0] for pin in pins(function.requirements, "3.13")}
    assert installed.isdisjoint({"pytest", "ruff", "typer", "google-api-python-client"})


def test_queues_that_functions_fill_exist_and_every_queue_is_filled() -> None:
    assert set(manifest().used("queues")) == set(queues())


def test_every_job_calls_a_route_of_the_tasks_function() -> None:
    paths = {f"/jobs/{name}" for name in schedule()}
    routes = import_module(f"functions.{TASKS}.main").api.routes
    assert paths <= {route.path for route in routes if route.method == "POST"}


def test_every_task_has_a_queue_and_every_queue_a_task() -> None:
    tasks = import_module("shared.models.tasks").TASKS.values()
    assert {str(task.queue) for task in tasks} <= set(queues())
