"""The boot guard: what must never run does not start; and the example file lists all there is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shared.settings import Misconfigured, Settings, Stack

ROOT = Path(__file__).parents[2]
DEPLOYED = {
    "K_SERVICE": "auth",
    "GOOGLE_CLOUD_PROJECT": "acme-prod",
    "FIREBASE_API_KEY": "AIza-public",
    "HASH_SECRET": "sixteen-letters!",
    "TRUSTED_HOPS": "1",
    "TASKS_URL": "https://tasks.example",
    "INVOKERS": "invoker@acme-prod.iam.gserviceaccount.com",
    "AVATAR_BUCKET": "acme-prod-media",
    "PUBLIC_URL": "https://acme.example",
    "SMTP_HOST": "smtp.example",
}
LOCAL = {"HYPERTROQ_STACK": "embedded", "GOOGLE_CLOUD_PROJECT": "demo-acme"}


def example() -> dict[str, str]:
    lines = (ROOT / "infra" / "example.env").read_text().splitlines()
    assert all(line.startswith("# ") for line in lines[::2]), "one line of comment each"
    return dict(line.split("=", 1) for line in lines[1::2])


@pytest.mark.parametrize(
    "variables",
    [
        pytest.param({}, id="nothing set, as in a build"),
        pytest.param(DEPLOYED, id="deployed, complete"),
        pytest.param(LOCAL, id="embedded, demo project"),
        pytest.param(LOCAL | {"RATE_LIMIT_MODE": "off"}, id="limits off, locally"),
        pytest.param(
            LOCAL | {"FIRESTORE_EMULATOR_HOST": "127.0.0.1:8080"}, id="emulator, demo project"
        ),
        pytest.param(
            LOCAL | {"FUNCTIONS_EMULATOR": "true", "K_SERVICE": "auth"},
            id="in Firebase's emulator, which says that it is deployed",
        ),
        pytest.param(DEPLOYED | {"RATE_LIMIT_MODE": "shadow"}, id="limits in shadow, deployed"),
    ],
)
def test_a_sound_environment_starts(variables: dict[str, str]) -> None:
    Settings.from_environment(variables)


@pytest.mark.parametrize(
    ("variables", "says"),
    [
        *(
            pytest.param(
                {name: "127.0.0.1:9099", "GOOGLE_CLOUD_PROJECT": "acme-prod"},
                f"{name}.*begins with demo-",
                id=f"{name}, real project",
            )
            for name in (
                "FIRESTORE_EMULATOR_HOST",
                "FIREBASE_AUTH_EMULATOR_HOST",
                "STORAGE_EMULATOR_HOST",
                "CLOUD_TASKS_EMULATOR_HOST",
                "FUNCTIONS_EMULATOR",
                "LOCAL_CERTIFICATES_URL",
            )
        ),
        pytest.param(
            DEPLOYED | {"FUNCTIONS_EMULATOR": "true"},
            "FUNCTIONS_EMULATOR.*begins with demo-",
            id="deployed, and said to be emulated",
        ),
        pytest.param(
            {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"}, "not none", id="no project at all"
        ),
        pytest.param(
            LOCAL | {"GOOGLE_CLOUD_PROJECT": "my-demo-acme"}, "begins with demo-", id="demo inside"
        ),
        pytest.param(
            {"HYPERTROQ_STACK": "emulators", "GOOGLE_CLOUD_PROJECT": "acme-prod"},
            "begins with demo-",
            id="local stack, real project",
        ),
        pytest.param(
            DEPLOYED | LOCAL, "Deployed as auth.*HYPERTROQ_STACK", id="deployed, local stack"
        ),
        pytest.param(
            DEPLOYED | {"FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099"},
            "Deployed as auth.*FIREBASE_AUTH_EMULATOR_HOST",
            id="deployed, emulator",
        ),
        pytest.param(
            DEPLOYED
            | {
                "GOOGLE_CLOUD_PROJECT": "demo-acme",
                "LOCAL_CERTIFICATES_URL": "http://127.0.0.1/certificates",
            },
            "Deployed as auth.*LOCAL_CERTIFICATES_URL",
            id="deployed, local certificates, even for a demo project",
        ),
        pytest.param({"RATE_LIMIT_MODE": "off"}, "local stacks only", id="limits off, cloud"),
        pytest.param(
            DEPLOYED | {"RATE_LIMIT_MODE": "off"}, "local stacks only", id="limits off, deployed"
        ),
        pytest.param({"RATE_LIMITS": '{"clone": '}, "RATE_LIMITS", id="limits not JSON"),
        pytest.param({"RATE_LIMITS": '["clone"]'}, "RATE_LIMITS", id="limits not a map"),
        pytest.param({"RATE_LIMIT_MODE": "sometimes"}, "RATE_LIMIT_MODE", id="unknown mode"),
        pytest.param({"HYPERTROQ_STACK": "aws"}, "HYPERTROQ_STACK", id="unknown stack"),
        pytest.param({"SMTP_SECURITY": "none"}, "local stacks only", id="mail in the clear, cloud"),
        pytest.param({"LINK_RESET": "https://acme.example/reset"}, "LINK_RESET", id="a bare link"),
        pytest.param({"TRUSTED_HOPS": "6"}, "TRUSTED_HOPS", id="too many hops"),
        *(
            pytest.param(
                {key: value for key, value in DEPLOYED.items() if key != name},
                f"without {name}",
                id=f"deployed without {name}",
            )
            for name in (
                "GOOGLE_CLOUD_PROJECT",
                "FIREBASE_API_KEY",
                "HASH_SECRET",
                "AVATAR_BUCKET",
                "PUBLIC_URL",
                "SMTP_HOST",
            )
        ),
        pytest.param(
            DEPLOYED | {"TRUSTED_HOPS": "0"}, "share the front end's address", id="no hops"
        ),
        pytest.param(
            DEPLOYED | {"HASH_SECRET": "fifteen-letters"}, "16 characters", id="short secret"
        ),
    ],
)
def test_an_unsound_environment_does_not_start(variables: dict[str, str], says: str) -> None:
    with pytest.raises(Misconfigured, match=says):
        Settings.from_environment(variables)


def test_a_refusal_to_start_shows_no_values() -> None:
    with pytest.raises(Misconfigured) as refusal:
        Settings.from_environment({"RATE_LIMITS": "s3cret", "TRUSTED_HOPS": "s3cret"})
    assert "s3cret" not in str(refusal.value)


@pytest.mark.parametrize("name", ["auth", "docs"])
def test_a_function_aimed_at_an_emulator_dies_at_import_for_a_real_project(name: str) -> None:
    run = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", f"import functions.{name}.main"],
        cwd=ROOT,
        env={
            "PATH": os.environ["PATH"],
            "FIREBASE_AUTH_EMULATOR_HOST": "127.0.0.1:9099",
            "GOOGLE_CLOUD_PROJECT": "acme-prod",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode != 0
    assert "Misconfigured" in run.stderr
    assert "FIREBASE_AUTH_EMULATOR_HOST" in run.stderr


def test_the_example_file_lists_exactly_the_variables_there_are() -> None:
    assert list(example()) == [field.alias for field in Settings.model_fields.values()]


def test_the_example_file_works_as_it_is() -> None:
    assert Settings.from_environment(example()).stack is Stack.EMBEDDED
