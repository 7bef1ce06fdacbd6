"""The OpenAPI document: valid, current, complete, and its examples are true."""

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from pydantic import BaseModel

from infra.dev.openapi import main, rendered, routers
from shared.http.envelope import ErrorBody
from shared.http.openapi import is_shown
from shared.http.openapi_examples import BODIES
from shared.http.openapi_refusals import REFUSALS

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads(rendered())
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}
EACH = pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)


def references(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            yield from references(inner)


def resolved(part: dict[str, Any]) -> Any:
    while "$ref" in part:
        found: Any = DOCUMENT
        for step in part["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        part = found
    return part


def test_it_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"] == "3.1.0"
    assert [error.message for error in OpenAPIV31SpecValidator(DOCUMENT).iter_errors()] == []


@pytest.mark.parametrize("seed", ["1", "2"])
def test_the_committed_file_is_current_whatever_the_hash_seed(seed: str) -> None:
    check = subprocess.run(
        [sys.executable, "-m", "infra.dev.openapi", "--check"],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=False,
    )
    assert check.returncode == 0, check.stdout + check.stderr


def test_the_check_shows_what_differs_and_how_to_mend_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "openapi.json"
    assert main([], target) == 0
    assert main(["--check"], target) == 0
    capsys.readouterr()
    target.write_text(target.read_text().replace('"createExercises"', '"makeExercises"'))
    assert main(["--check"], target) == 1
    told = capsys.readouterr().out
    assert '-        "operationId": "makeExercises"' in told
    assert '+        "operationId": "createExercises"' in told
    assert "make openapi" in told


def test_every_route_but_those_of_the_docs_is_in_it() -> None:
    routes = {
        f"{route.method} /api/v1/{router.group}{route.path}".translate({60: "{", 62: "}"})
        for router in routers()
        for route in router.routes
        if is_shown(router)
    }
    assert OPERATIONS.keys() == routes


def test_every_reference_leads_somewhere() -> None:
    assert all(resolved({"$ref": address}) for address in references(DOCUMENT))


@pytest.mark.parametrize("kind", ["schemas", "responses", "examples", "headers"])
def test_nothing_is_described_that_nobody_refers_to(kind: str) -> None:
    used = set(references(DOCUMENT))
    unused = {
        name for name in DOCUMENT["components"][kind] if f"#/components/{kind}/{name}" not in used
    }
    assert unused == set()


def test_schemas_have_the_plain_names_of_their_models() -> None:
    assert [name for name in DOCUMENT["components"]["schemas"] if not name.isalnum()] == []


def test_operation_ids_are_unique_names() -> None:
    seen = Counter(operation["operationId"] for operation in OPERATIONS.values())
    assert max(seen.values()) == 1
    assert all(re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name) for name in seen)


def test_every_tag_is_described() -> None:
    described = {tag["name"] for tag in DOCUMENT["tags"] if tag["description"]}
    assert {tag for operation in OPERATIONS.values() for tag in operation["tags"]} == described


@EACH
def test_every_refusal_shows_an_example_of_each_code(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        content = resolved(response).get("content", {}).get("application/json", {})
        if status < "400" or content["schema"]["$ref"].endswith("Health"):
            continue
        codes = set(re.findall(r"`([A-Z_]+)`", resolved(response)["description"]))
        assert codes
        assert content["examples"].keys() == codes
        for code in codes:
            body = resolved(content["examples"][code])["value"]
            assert body["error"]["code"] == code
            assert str(body["error"]["status_code"]) == status


@EACH
def test_every_answer_carries_the_request_id_and_the_limits(operation: dict[str, Any]) -> None:
    for response in operation["responses"].values():
        assert {"X-Request-ID", "X-RateLimit-Remaining"} <= resolved(response)["headers"].keys()


@EACH
def test_who_is_told_to_wait_is_told_how_long(operation: dict[str, Any]) -> None:
    assert "Retry-After" in resolved(operation["responses"]["429"])["headers"]


@EACH
def test_who_has_to_sign_in_is_told_how(operation: dict[str, Any]) -> None:
    for status, response in operation["responses"].items():
        answer = resolved(response)
        codes = answer.get("content", {}).get("application/json", {}).get("examples", {}).keys()
        is_told = "WWW-Authenticate" in answer["headers"]
        assert is_told == (status == "401" and codes != {"SIGNATURE_INVALID"})


def test_a_concealed_registration_has_its_answer() -> None:
    responses = DOCUMENT["paths"]["/api/v1/auth/register"]["post"]["responses"]
    assert responses["202"]["content"] == responses["201"]["content"]


@EACH
def test_signing_in_is_asked_for_exactly_where_it_is_needed(operation: dict[str, Any]) -> None:
    public = operation["x-access"] == "public"
    assert operation["security"] == ([] if public else [{"bearer": []}])
    if not public:
        assert "TOKEN_EXPIRED" in resolved(operation["responses"]["401"])["description"]
        assert "ACCOUNT_DISABLED" in resolved(operation["responses"]["403"])["description"]


@EACH
def test_every_operation_names_its_limits(operation: dict[str, Any]) -> None:
    assert operation["x-rate-limit"]
    for window in operation["x-rate-limit"]:
        assert window["requests"] > 0
        assert window["seconds"] > 0


@EACH
def test_every_parameter_is_explained(operation: dict[str, Any]) -> None:
    assert all(parameter["description"] for parameter in operation["parameters"])


def test_a_query_parameter_is_absent_rather_than_null() -> None:
    by_name = {each["name"]: each for each in OPERATIONS["GET /api/v1/exercises"]["parameters"]}
    assert by_name["skip"]["schema"] == {"type": "integer", "minimum": 0, "maximum": 100_000_000}
    assert by_name["equipment"]["schema"] == {"$ref": "#/components/schemas/Equipment"}
    assert by_name["limit"]["schema"]["default"] == 20
    assert "required" not in by_name["limit"]


def test_a_plan_gate_and_a_template_guard_have_their_own_codes() -> None:
    creating = OPERATIONS["POST /api/v1/programs"]["responses"]["403"]
    changing = OPERATIONS["PUT /api/v1/programs/{program_id}"]["responses"]["403"]
    assert "PRO_TIER_REQUIRED" in resolved(creating)["description"]
    assert "PERMISSION_DENIED" in resolved(changing)["description"]


def test_reference_data_never_depends_on_a_backend() -> None:
    assert "503" not in OPERATIONS["GET /api/v1/exercises/muscle-groups"]["responses"]
    assert "503" in OPERATIONS["GET /api/v1/exercises"]["responses"]


def test_health_in_trouble_answers_its_own_report() -> None:
    content = OPERATIONS["GET /api/v1/health"]["responses"]["503"]["content"]
    assert content["application/json"]["schema"] == {"$ref": "#/components/schemas/Health"}


def test_signing_in_takes_json_and_forms() -> None:
    body = OPERATIONS["POST /api/v1/auth/login"]["requestBody"]
    assert body["content"].keys() == {"application/json", "application/x-www-form-urlencoded"}


def test_a_body_that_may_be_left_out_is_not_required() -> None:
    clone = OPERATIONS["POST /api/v1/programs/{program_id}/clone"]
    assert clone["requestBody"]["required"] is False
    assert OPERATIONS["POST /api/v1/programs"]["requestBody"]["required"] is True


def test_answers_are_complete_and_their_times_are_times() -> None:
    schema = DOCUMENT["components"]["schemas"]["SignedIn"]
    assert set(schema["required"]) == schema["properties"].keys()
    times = DOCUMENT["components"]["schemas"]["ExerciseView"]["properties"]["created_at"]
    assert times == {"type": "string", "format": "date-time"}


@pytest.mark.parametrize("model", BODIES, ids=lambda model: model.__name__)
def test_the_example_of_a_body_would_be_accepted(model: type[BaseModel]) -> None:
    """Not only accepted: every field of it is known to the model."""
    example = BODIES[model]
    assert model.model_validate(example).model_fields_set == example.keys()


@pytest.mark.parametrize("body", REFUSALS.values(), ids=lambda body: body["error"]["code"])
def test_the_example_of_a_refusal_is_one(body: dict[str, Any]) -> None:
    assert ErrorBody.model_validate(body).model_dump(mode="json") == body
