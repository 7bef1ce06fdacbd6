"""From parts to a plan, and from a plan to done: what differs is mended, the rest left alone.

There is no record of what was done: the cloud itself says so. A run that broke off is continued by
running it again.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from infra.deploy.gcloud import Failed, change, shown
from infra.deploy.steps import Part, Stage, Step

AT_ONCE = 8
"""Commands side by side; deployments take minutes each, nearly all of it waiting."""

Say = Callable[[str], None]


def survey(parts: Iterable[Part]) -> list[Step]:
    """A step for each part, in the order they would be carried out; raises Failed."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        steps = list(pool.map(lambda part: part.look(), parts))
    return sorted(steps, key=lambda step: (step.stage, step.title))


def describe(steps: Sequence[Step], *, commands: bool) -> list[str]:
    """The plan as lines for a person."""
    lines = []
    for step in steps:
        if step.changes:
            sign = "+" if step.changes == ("new",) else "~"
            lines.append(f"{sign} {step.title}: {'; '.join(step.changes)}")
            if commands:
                lines += [f"    {shown(command)}" for command in step.commands]
        if step.blocked:
            lines.append(f"! {step.title}: {step.blocked}")
        if step.note:
            lines.append(f"= {step.title} {step.note}")
    changed = sum(bool(step.changes) for step in steps)
    lines.append(f"{changed} to change, {len(steps) - changed} as they should be.")
    return lines


@dataclass(slots=True)
class Outcome:
    """What became of a plan."""

    failed: dict[str, str] = field(default_factory=dict)
    """By title, what the command said."""
    left: list[str] = field(default_factory=list)
    """Not begun, because a stage before it is not complete."""

    @property
    def complete(self) -> bool:
        return not self.failed and not self.left


def carry_out(steps: Sequence[Step], say: Say) -> Outcome:
    """Stage by stage, the steps of a stage side by side; a stage that fails is the last one."""
    outcome = Outcome()
    for stage in Stage:
        waiting = [step for step in steps if step.stage is stage and step.changes]
        if outcome.failed:
            outcome.left += [step.title for step in waiting]
            continue
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for step, problem in zip(waiting, pool.map(_mend, waiting), strict=True):
                if problem:
                    outcome.failed[step.title] = problem
                    say(f"failed: {step.title}: {problem}")
                else:
                    say(f"done: {step.title}")
        for step in steps:
            if step.stage is stage and step.blocked:
                outcome.failed[step.title] = step.blocked
                say(f"waits for you: {step.blocked}")
    return outcome


def _mend(step: Step) -> str:
    """What went wrong; empty when all went well."""
    if not step.commands:
        return "no command changes this; it must be made anew by hand"
    try:
        for command in step.commands:
            change(command)
    except Failed as problem:
        return str(problem) or "no reason given"
    return ""
