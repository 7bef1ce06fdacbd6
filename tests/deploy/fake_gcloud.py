"""Stands in for gcloud: keeps a small cloud in a file, answers in Google's shapes.

It knows the commands our deployment uses and refuses any other, as gcloud refuses a misspelt one.
`FAKE_CLOUD` names the folder; in it `fail` holds the beginnings of commands that shall fail. Called
as `firebase`, it publishes what Hosting would.
"""

import fcntl
import json
import os
import re
import shutil
import sys
from pathlib import Path

FOLDER = Path(os.environ["FAKE_CLOUD"])
NUMBER = "123456789012"
EMPTY = {
    "services": [], "accounts": {}, "secrets": {}, "queues": {}, "jobs": {}, "buckets": {},
    "databases": {}, "backups": [], "run": {}, "revisions": {}, "policies": {},
}  # fmt: skip


class Refused(Exception):
    pass


def main(words: list[str]) -> object:
    if Path(sys.argv[0]).name == "firebase":
        shutil.copy(Path("build/hosting/release.json"), FOLDER / "site" / "release.json")
        return "deployed"
    names = [word for word in words if not word.startswith("--")]
    flags = dict(word[2:].partition("=")[::2] for word in words if word.startswith("--"))
    line = " ".join(names)
    fails = FOLDER / "fail"
    if fails.exists() and any(line.startswith(each) for each in fails.read_text().splitlines()):
        raise Refused(f"({line}) INTERNAL: the build of this function failed")
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with (FOLDER / "log").open("a") as log:
            log.write(json.dumps(words) + "\n")
        file = FOLDER / "cloud.json"
        cloud = json.loads(file.read_text()) if file.exists() else EMPTY
        answer = Cloud(cloud, flags).do(names)
        file.write_text(json.dumps(cloud, indent=1))
    return answer


class Cloud:
    def __init__(self, cloud: dict, flags: dict[str, str]) -> None:
        self.cloud = cloud
        self.flags = flags

    def do(self, names: list[str]) -> object:  # noqa: C901, PLR0911, PLR0912 - one row each
        if policy := next((name for name in names if name.endswith(("iam-policy", "binding"))), ""):
            return self.policy(names, policy)
        match names:
            case ["projects", "describe", project]:
                return {"projectId": project, "projectNumber": NUMBER}
            case ["services", "list"]:
                return [{"config": {"name": name}} for name in self.cloud["services"]]
            case ["services", "enable", *enabled]:
                self.cloud["services"] += enabled
                return None
            case ["firestore", "backups", "schedules", verb]:
                return self.backups(verb)
            case ["secrets", "versions", "describe", "latest"]:
                return self.latest(self.flags["secret"])
            case ["run", "services", "list"]:
                return list(self.cloud["run"].values())
            case ["scheduler", "jobs", "list"]:
                return [{"name": f"here/{key}", **job} for key, job in self.cloud["jobs"].items()]
            case ["run", "services", "update-traffic", name]:
                return self.traffic(name)
            case ["run", "revisions", "list"]:
                return list(reversed(self.cloud["revisions"].get(self.flags["service"], [])))
            case ["run", "deploy", name] | ["functions", "deploy", name]:
                return self.deploy(name, names[0])
            case ["run", "services", "describe", name]:
                return self.found("run", name, f"Cannot find service [{name}]")
            case ["scheduler", "jobs", "create" | "update" as verb, "http", name]:
                return self.kept("jobs", verb, name, self.job)
            case ["firestore", "databases", verb]:
                return self.kept("databases", verb, self.flags["database"], self.database)
            case ["secrets", verb, name]:
                return self.kept("secrets", verb, name, lambda: {"versions": 0})
            case [*kind, verb, name]:
                table = {
                    "iam service-accounts": ("accounts", lambda: {"displayName": name}),
                    "tasks queues": ("queues", self.queue),
                    "scheduler jobs": ("jobs", self.job),
                    "storage buckets": ("buckets", self.bucket),
                }
                if " ".join(kind) in table:
                    where, make = table[" ".join(kind)]
                    return self.kept(where, verb, name.partition("@")[0], make)
        raise Refused(f"(gcloud) Invalid choice: {' '.join(names)!r}")

    def kept(self, where: str, verb: str, name: str, make) -> object:
        there = self.cloud[where]
        if verb == "describe":
            return self.found(where, name, "NOT_FOUND: Requested entity was not found.")
        if verb == "create" and name in there:
            raise Refused(f"ALREADY_EXISTS: {name}")
        if verb == "update" and name not in there:
            raise Refused(f"NOT_FOUND: {name}")
        if verb not in {"create", "update"}:
            raise Refused(f"Invalid choice: {verb}")
        there[name] = make()
        return there[name]

    def found(self, where: str, name: str, otherwise: str) -> object:
        if name not in self.cloud[where]:
            raise Refused(otherwise)
        return self.cloud[where][name]

    def latest(self, secret: str) -> object:
        if not self.cloud["secrets"].get(secret, {}).get("versions"):
            raise Refused(f"NOT_FOUND: Secret [{secret}] not found or has no versions.")
        return {"name": f"{secret}/versions/1", "state": "ENABLED"}

    def backups(self, verb: str) -> object:
        if verb == "create":
            kept = {"dailyRecurrence": {}, "retention": "604800s"}
            self.cloud["backups"].append(kept)
        return self.cloud["backups"]

    def policy(self, names: list[str], verb: str) -> object:
        thing = " ".join(name for name in names if name != verb)
        policy = self.cloud["policies"].setdefault(thing, {})
        members = policy.setdefault(self.flags.get("role", ""), [])
        if verb == "add-iam-policy-binding" and self.flags["member"] not in members:
            members.append(self.flags["member"])
        elif verb == "remove-iam-policy-binding":
            members.remove(self.flags["member"])
        bindings = [{"role": role, "members": who} for role, who in policy.items() if who]
        return {"bindings": bindings, "etag": "BwX"}

    def database(self) -> dict:
        return {
            "type": "FIRESTORE_NATIVE",
            "deleteProtectionState": "DELETE_PROTECTION_ENABLED",
            "pointInTimeRecoveryEnablement": "POINT_IN_TIME_RECOVERY_ENABLED",
        }

    def bucket(self) -> dict:
        return {"uniform_bucket_level_access": True, "public_access_prevention": "enforced"}

    def queue(self) -> dict:
        flags = self.flags
        return {
            "state": "RUNNING",
            "rateLimits": {
                "maxDispatchesPerSecond": float(flags["max-dispatches-per-second"]),
                "maxConcurrentDispatches": int(flags["max-concurrent-dispatches"]),
            },
            "retryConfig": {
                "maxAttempts": int(flags["max-attempts"]),
                "minBackoff": flags["min-backoff"],
                "maxBackoff": flags["max-backoff"],
                "maxDoublings": int(flags["max-doublings"]),
            },
        }

    def job(self) -> dict:
        flags = self.flags
        return {
            "schedule": flags["schedule"],
            "timeZone": flags["time-zone"],
            "state": "ENABLED",
            "attemptDeadline": flags["attempt-deadline"],
            "retryConfig": {
                "retryCount": int(flags["max-retry-attempts"]),
                "minBackoffDuration": flags["min-backoff"],
                "maxBackoffDuration": flags["max-backoff"],
            },
            "httpTarget": {
                "uri": flags["uri"],
                "httpMethod": flags["http-method"],
                "oidcToken": {
                    "serviceAccountEmail": flags["oidc-service-account-email"],
                    "audience": flags["oidc-token-audience"],
                },
            },
        }

    def deploy(self, name: str, engine: str) -> object:
        folder, flags = Path(self.flags["source"]), self.flags
        if not {"main.py", "requirements.txt"} <= {file.name for file in folder.iterdir()}:
            raise Refused(f"{folder} holds no main.py and requirements.txt")
        history = self.cloud["revisions"].setdefault(name, [])
        revision = f"{name}-{len(history) + 1:05}-abc"
        spec = {
            "containerConcurrency": int(flags["concurrency"]),
            "timeoutSeconds": int(flags["timeout"].rstrip("s")),
            "serviceAccountName": flags["service-account"],
            "containers": [
                {
                    "env": [*self.variables(), *self.secrets()],
                    "resources": {"limits": {"cpu": flags["cpu"], "memory": flags["memory"]}},
                }
            ],
        }
        marks = {"autoscaling.knative.dev/maxScale": flags["max-instances"]}
        if flags["min-instances"] != "0":
            marks["autoscaling.knative.dev/minScale"] = flags["min-instances"]
        ready = [{"type": "Ready", "status": "True"}]
        history.append({"metadata": {"name": revision}, "status": {"conditions": ready}})
        before = self.cloud["run"].get(name)
        traffic = [{"revisionName": revision, "latestRevision": True, "percent": 100}]
        moves = "serve-all-traffic-latest-revision" in flags or (
            "no-traffic" not in flags
            and (not before or before["status"]["traffic"][0].get("latestRevision"))
        )
        self.cloud["run"][name] = {
            "apiVersion": "serving.knative.dev/v1",
            "kind": "Service",
            "metadata": {"name": name, "annotations": {"made-by": engine}},
            "spec": {"template": {"metadata": {"annotations": marks}, "spec": spec}},
            "status": {
                "latestReadyRevisionName": revision,
                "traffic": traffic if moves or not before else before["status"]["traffic"],
            },
        }
        if "allow-unauthenticated" in flags:
            policy = self.cloud["policies"].setdefault(f"run services {name}", {})
            policy["roles/run.invoker"] = ["allUsers"]
        return self.cloud["run"][name]

    def variables(self) -> list[dict]:
        found = re.fullmatch(r"\^(.)\^(.*)", self.flags["set-env-vars"], re.DOTALL)
        pairs = (pair.partition("=") for pair in found[2].split(found[1]))
        return [{"name": name, "value": value} for name, _, value in pairs]

    def secrets(self) -> list[dict]:
        if "clear-secrets" in self.flags:
            return []
        pairs = (pair.partition("=") for pair in self.flags["set-secrets"].split(","))
        for _, _, value in pairs:
            self.latest(value.partition(":")[0])
        pairs = (pair.partition("=") for pair in self.flags["set-secrets"].split(","))
        return [
            {
                "name": name,
                "valueFrom": {
                    "secretKeyRef": dict(zip(("name", "key"), value.split(":"), strict=True))
                },
            }
            for name, _, value in pairs
        ]

    def traffic(self, name: str) -> object:
        service = self.found("run", name, f"Cannot find service [{name}]")
        status = service["status"]
        newest = self.cloud["revisions"][name][-1]["metadata"]["name"]
        if "to-latest" in self.flags:
            status["traffic"] = [{"revisionName": newest, "latestRevision": True, "percent": 100}]
            return service
        status["traffic"] = []
        for share in self.flags["to-revisions"].split(","):
            revision, _, percent = share.partition("=")
            target = {"revisionName": revision, "percent": int(percent)}
            if revision == "LATEST":
                target |= {"revisionName": newest, "latestRevision": True}
            status["traffic"].append(target)
        return service


if __name__ == "__main__":
    try:
        print(json.dumps(main(sys.argv[1:])))
    except Refused as reason:
        print(f"ERROR: {reason}", file=sys.stderr)
        sys.exit(1)
