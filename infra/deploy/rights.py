"""Who may do what, where: the policies of the project and of single things in it."""

from collections.abc import Iterator
from dataclasses import dataclass

from infra.deploy.environment import Project
from infra.deploy.gcloud import Command, ask
from infra.deploy.manifest import Manifest
from infra.deploy.steps import Stage, Step

INVOKER = "roles/run.invoker"
ACCESSOR = "roles/secretmanager.secretAccessor"
ENQUEUER = "roles/cloudtasks.enqueuer"
USER = "roles/iam.serviceAccountUser"
SIGNER = "roles/iam.serviceAccountTokenCreator"
OBJECTS = "roles/storage.objectAdmin"
ANYONE = "allUsers"
_OPEN = (ANYONE, "allAuthenticatedUsers")

Binding = tuple[str, str]
"""A role, and who has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rights our own accounts, and the public, have on one thing; others' are left alone."""

    title: str
    stage: Stage
    group: Command
    """The words before `get-iam-policy`, such as `secrets`."""
    thing: Command
    """The words after it: the name, and where it is."""
    wanted: frozenset[Binding]
    ours: frozenset[str]
    """All our accounts as members; what these have beyond `wanted` is taken away."""

    def look(self) -> Step:
        policy = ask((*self.group, "get-iam-policy", *self.thing)) or {}
        found = {
            (binding["role"], member)
            for binding in policy.get("bindings", ())
            for member in binding["members"]
            if member in self.ours or member in _OPEN
        }
        lacking, surplus = sorted(self.wanted - found), sorted(found - self.wanted)
        return Step(
            title=self.title,
            stage=self.stage,
            changes=tuple(
                f"{sign}{role.removeprefix('roles/')} {_short(member)}"
                for sign, bindings in (("+", lacking), ("-", surplus))
                for role, member in bindings
            ),
            commands=(
                *(self._command("add", binding) for binding in lacking),
                *(self._command("remove", binding) for binding in surplus),
            ),
        )

    def _command(self, verb: str, binding: Binding) -> Command:
        role, member = binding
        # The project's policy may hold conditions, and then gcloud asks which one is meant.
        condition = ("--condition=None",) if self.group == ("projects",) else ()
        words = (f"{verb}-iam-policy-binding", *self.thing, f"--member={member}", f"--role={role}")
        return (*self.group, *words, *condition)


def policies(manifest: Manifest, project: Project, queues: tuple[str, ...]) -> Iterator[Policy]:
    """Of everything that more than its owner may touch."""
    here = (f"--project={project.id}",)
    near = (*here, f"--location={project.region}")
    functions, deployer = manifest.functions, manifest.deployer
    members = {each.name: member(project, each.account) for each in functions}
    ours = _ours(manifest, project)

    def policy(title: str, group: Command, thing: Command, wanted: set[Binding]) -> Policy:
        return Policy(
            title=f"rights on {title}",
            stage=Stage.RIGHTS,
            group=group,
            thing=thing,
            wanted=frozenset(wanted),
            ours=ours,
        )

    yield policy(
        "the project",
        ("projects",),
        (project.id,),
        {(role, members[each.name]) for each in functions for role in each.roles}
        | {(role, member(project, deployer.account)) for role in deployer.roles},
    )
    for setting in manifest.used("secrets"):
        holders = {(ACCESSOR, members[e.name]) for e in functions if setting in e.secrets}
        name = secret_id(setting)
        yield policy(f"secret {name}", ("secrets",), (name, *here), holders)
    for queue in queues:
        fillers = {(ENQUEUER, members[e.name]) for e in functions if queue in e.queues}
        yield policy(f"queue {queue}", ("tasks", "queues"), (queue, *near), fillers)
    for bucket in manifest.used("buckets"):
        keepers = {(OBJECTS, members[e.name]) for e in functions if bucket in e.buckets}
        name = bucket_id(project, bucket)
        yield policy(f"bucket {bucket}", ("storage", "buckets"), (f"gs://{name}",), keepers)
    # Who deploys what runs as an account, or queues what is signed by one, must be let use it.
    deploys = (USER, member(project, deployer.account))
    users = {
        manifest.invokers.tasks: {(USER, members[e.name]) for e in functions if e.queues},
        manifest.invokers.jobs: {deploys},
        **{e.account: {deploys} for e in functions},
    }
    for each in functions:
        if each.signs:
            users[each.account] |= {(SIGNER, members[each.name])}
    for account, wanted in users.items():
        thing = (project.email(account), *here)
        yield policy(f"account {account}", ("iam", "service-accounts"), thing, wanted)


def callers(manifest: Manifest, project: Project) -> Iterator[Policy]:
    """Who may call each function: anyone a public one, Google's queues and clock the others."""
    invokers = [member(project, name) for name in _invokers(manifest)]
    ours = _ours(manifest, project)
    for function in manifest.functions:
        allowed = [ANYONE] if function.public else invokers
        yield Policy(
            title=f"callers of {function.name}",
            stage=Stage.CALLERS,
            group=("run", "services"),
            thing=(function.name, f"--region={project.region}", f"--project={project.id}"),
            wanted=frozenset((INVOKER, who) for who in allowed),
            ours=ours,
        )


def _invokers(manifest: Manifest) -> tuple[str, str]:
    return manifest.invokers.tasks, manifest.invokers.jobs


def _ours(manifest: Manifest, project: Project) -> frozenset[str]:
    return frozenset(member(project, account) for account in manifest.accounts)


def member(project: Project, account: str) -> str:
    return f"serviceAccount:{project.email(account)}"


def secret_id(setting: str) -> str:
    """The name in Secret Manager of what a setting holds."""
    return setting.lower().replace("_", "-")


def bucket_id(project: Project, bucket: str) -> str:
    """Bucket names are shared by the whole world."""
    return f"{project.id}-{bucket}"


def _short(who: str) -> str:
    return who.removeprefix("serviceAccount:").partition("@")[0]
