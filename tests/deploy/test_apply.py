"""Deployments to a cloud that starts empty: what is made, left alone, mended and taken back."""

import json

import pytest

from infra.deploy.manifest import manifest
from tests.deploy.cloud import PROJECT, VALUES, FakeCloud

FUNCTIONS = [each.name for each in manifest().functions]
CODE = "--part=code"
"""Where only functions are looked at, and asking for the rest would take most of the time."""


def changes(cloud: FakeCloud) -> list[str]:
    """The commands that were not questions."""
    return [" ".join(words) for words in cloud.commands() if "--format=json" not in words]


def test_a_plan_changes_nothing(cloud: FakeCloud) -> None:
    run = cloud.infra("plan")
    assert run.exit_code == 0
    assert all(f"+ function {name}: new" in run.stdout for name in FUNCTIONS)
    assert changes(cloud) == []


def test_nothing_is_changed_without_a_yes(cloud: FakeCloud) -> None:
    run = cloud.infra("apply", answer="n\n")
    assert "Carry this out in acme-prod?" in run.stdout
    assert run.exit_code == 1
    assert changes(cloud) == []


def test_functions_wait_for_the_secrets_that_only_a_person_can_give(cloud: FakeCloud) -> None:
    first = cloud.infra("apply", "--yes")
    assert first.exit_code == 1
    assert "gcloud secrets versions add hash-secret --data-file=-" in first.stdout
    secrets = {name.lower().replace("_", "-") for name in manifest().used("secrets")}
    assert cloud.state()["secrets"] == {name: {"versions": 0} for name in secrets}
    assert cloud.state()["run"] == {}
    cloud.give_secrets()
    assert cloud.infra("apply", "--yes").exit_code == 0
    assert sorted(cloud.state()["run"]) == FUNCTIONS


def test_the_second_apply_changes_nothing(deployed: FakeCloud) -> None:
    before = changes(deployed)
    again = deployed.infra("apply", "--yes")
    assert again.exit_code == 0
    assert again.stdout.startswith("0 to change")
    assert changes(deployed) == before
    assert deployed.infra("verify").exit_code == 0


def test_each_function_runs_as_its_own_account_with_its_own_rights(deployed: FakeCloud) -> None:
    state = deployed.state()
    accounts = {
        name: state["run"][name]["spec"]["template"]["spec"]["serviceAccountName"]
        for name in FUNCTIONS
    }
    assert accounts == {name: f"fn-{name}@{PROJECT}.iam.gserviceaccount.com" for name in FUNCTIONS}
    admins = state["policies"][f"projects {PROJECT}"]["roles/firebaseauth.admin"]
    wanted = {f for f in manifest().functions if "roles/firebaseauth.admin" in f.roles}
    assert sorted(admins) == sorted(f"serviceAccount:{accounts[each.name]}" for each in wanted)


def test_drift_is_reported_and_mended(deployed: FakeCloud) -> None:
    def meddle(state: dict) -> None:
        spec = state["run"]["health"]["spec"]["template"]["spec"]
        spec["containers"][0]["resources"]["limits"]["memory"] = "2Gi"
        spec["containers"][0]["env"].append({"name": "RATE_LIMIT_MODE", "value": "shadow"})
        state["policies"]["secrets hash-secret"]["roles/secretmanager.secretAccessor"].append(
            "allUsers"
        )
        state["databases"]["(default)"]["deleteProtectionState"] = "DELETE_PROTECTION_DISABLED"

    deployed.edit(meddle)
    report = deployed.infra("verify")
    assert report.exit_code == 1
    assert "function health: memory 2Gi → 256Mi; RATE_LIMIT_MODE shadow → unset" in report.stdout
    assert "rights on secret hash-secret: -secretmanager.secretAccessor allUsers" in report.stdout
    assert "database: delete protection DELETE_PROTECTION_DISABLED" in report.stdout
    assert deployed.infra("apply", "--yes").exit_code == 0
    assert deployed.infra("verify").exit_code == 0


def test_what_the_manifest_no_longer_knows_is_named(deployed: FakeCloud) -> None:
    address = "https://tasks-123456789012.us-central1.run.app/jobs/old"

    def age(state: dict) -> None:
        old = json.loads(json.dumps(state["run"]["health"]))
        old["metadata"]["name"] = "horoscope"
        state["run"]["horoscope"] = old
        state["jobs"]["nightly"] = {"httpTarget": {"uri": address}}
        state["jobs"]["somebody-elses"] = {"httpTarget": {"uri": "https://example.com/"}}

    deployed.edit(age)
    report = deployed.infra("verify")
    assert report.exit_code == 1
    assert "= functions that are no longer in the manifest: horoscope\n" in report.stdout
    assert "= jobs that are no longer in the manifest: nightly\n" in report.stdout
    before = changes(deployed)
    deployed.infra("apply", "--yes")
    assert changes(deployed) == before


def test_what_others_may_do_is_left_alone(deployed: FakeCloud) -> None:
    owner = "user:owner@example.com"

    def share(state: dict) -> None:
        policy = state["policies"][f"projects {PROJECT}"]
        policy["roles/owner"] = [owner]
        policy["roles/datastore.user"].append(owner)

    deployed.edit(share)
    assert deployed.infra("verify").exit_code == 0


def test_only_what_changed_is_deployed(deployed: FakeCloud) -> None:
    def older(state: dict) -> None:
        for variable in state["run"]["auth"]["spec"]["template"]["spec"]["containers"][0]["env"]:
            if variable["name"] == "HYPERTROQ_CONTENT":
                variable["value"] = "0123456789ab"

    deployed.edit(older)
    before = len(changes(deployed))
    assert deployed.infra("apply", "--yes", CODE).exit_code == 0
    assert [line.split()[:3] for line in changes(deployed)[before:]] == [
        ["functions", "deploy", "auth"]
    ]


def test_a_deployment_that_broke_off_is_continued(cloud: FakeCloud) -> None:
    cloud.infra("apply", "--yes", "--part=ground")
    cloud.give_secrets()
    cloud.breaks("functions deploy exercises")
    broken = cloud.infra("apply", "--yes")
    assert broken.exit_code == 1
    assert "failed: function exercises: ERROR" in broken.stdout
    assert "the build of this function failed" in broken.stdout
    assert "callers of auth" in broken.stderr, "what was not begun is named"
    assert sorted(cloud.state()["run"]) == [name for name in FUNCTIONS if name != "exercises"]
    cloud.breaks()
    before = len(changes(cloud))
    assert cloud.infra("apply", "--yes").exit_code == 0
    after = changes(cloud)[before:]
    assert [line for line in after if " deploy " in line and "exercises" not in line] == []
    assert cloud.infra("verify").exit_code == 0


def test_rollback_returns_to_what_served_before_this_deployment(deployed: FakeCloud) -> None:
    slower(deployed, "programs")
    deployed.infra("apply", "--yes", CODE)
    assert deployed.traffic("programs") == {"programs-00002-abc": 100}
    assert deployed.infra("rollback", "--yes").exit_code == 0
    assert deployed.traffic("programs") == {"programs-00001-abc": 100}
    assert deployed.traffic("auth") == {"auth-00001-abc": 100}
    report = deployed.infra("verify", CODE)
    assert report.exit_code == 1
    assert "= function programs serves programs-00001-abc" in report.stdout
    assert deployed.infra("apply", "--yes", CODE).stdout.startswith("= function"), "it stays there"
    assert deployed.traffic("programs") == {"programs-00001-abc": 100}
    assert deployed.infra("promote", "programs", "--yes").exit_code == 0
    assert deployed.infra("verify", CODE).exit_code == 0


@pytest.mark.parametrize("engine", ["functions", "run"])
def test_the_next_deployment_after_a_rollback_gets_the_traffic(
    deployed: FakeCloud, engine: str
) -> None:
    slower(deployed, "auth")
    deployed.infra("apply", "--yes", CODE, "--engine", engine)
    deployed.infra("rollback", "auth", "--yes")
    slower(deployed, "auth")
    assert deployed.infra("apply", "--yes", CODE, "--engine", engine).exit_code == 0
    assert deployed.traffic("auth") == {"auth-00003-abc": 100}


@pytest.mark.parametrize("engine", ["functions", "run"])
def test_a_canary_gets_its_share_and_no_more(deployed: FakeCloud, engine: str) -> None:
    slower(deployed, "auth")
    run = deployed.infra("apply", "auth", "--yes", "--canary", "10", "--engine", engine)
    assert run.exit_code == 0
    assert deployed.traffic("auth") == {"auth-00001-abc": 90, "auth-00002-abc": 10}
    assert deployed.infra("rollback", "--yes").exit_code == 0
    assert deployed.traffic("auth") == {"auth-00001-abc": 100}


def test_both_engines_make_the_same_services(deployed: FakeCloud) -> None:
    assert deployed.infra("verify", CODE, "--engine", "run").exit_code == 0
    slower(deployed, "auth")
    assert deployed.infra("apply", "--yes", CODE, "--engine", "run").exit_code == 0
    assert deployed.state()["run"]["auth"]["metadata"]["annotations"] == {"made-by": "run"}
    assert deployed.infra("verify", CODE).exit_code == 0


def test_a_function_that_would_not_start_is_not_deployed(cloud: FakeCloud) -> None:
    (cloud.folder / "values.env").write_text(VALUES.replace("AIza-public", ""))
    run = cloud.infra("apply", "--yes")
    assert run.exit_code == 1
    assert "admin would not start. Deployed without FIREBASE_API_KEY." in run.stderr
    assert changes(cloud) == []


def test_a_name_that_is_not_in_the_manifest_is_refused(cloud: FakeCloud) -> None:
    run = cloud.infra("plan", "exercise")
    assert run.exit_code == 1
    assert "There is no function named exercise" in run.stderr


def slower(cloud: FakeCloud, function: str) -> None:
    """Drift that the next apply mends by a deployment."""

    def change(state: dict) -> None:
        state["run"][function]["spec"]["template"]["spec"]["timeoutSeconds"] = 300

    cloud.edit(change)
