"""All rules, applied to one program."""

from collections.abc import Iterable
from functools import cache
from itertools import chain

from shared.models.lint import Finding, LintReport, LintSettings, Location, RuleId, Severity
from shared.models.patches import PatchOperation
from shared.models.volume import ProfileName
from shared.rules.counted import CountedProgram
from shared.rules.lint import muscles, plan, slots
from shared.rules.lint.subject import Fix, Hit, Rule, Subject
from shared.rules.patch_steps import operations, slot_steps
from shared.rules.targets import Targets

_GRAVITY = {severity: place for place, severity in enumerate(Severity)}

Key = tuple[RuleId, Location]


@cache
def all_rules() -> tuple[Rule, ...]:
    """By id."""
    known = [*muscles.rules(), *plan.rules(), *slots.rules()]
    return tuple(sorted(known, key=lambda rule: rule.id))


@cache
def serious_rules() -> tuple[Rule, ...]:
    """Those whose findings no fix may add to."""
    return tuple(rule for rule in all_rules() if _is_serious(rule))


def lint(counted: CountedProgram, targets: Targets, settings: LintSettings) -> list[Finding]:
    """Errors first, then warnings; equal ones by rule and in the order of the program.

    A program without any exercise has nothing to be looked at. Muscles to be ignored are in no
    finding.
    """
    subject = Subject.of(counted, targets, settings)
    hits = _hits(subject, all_rules())
    before = _keys(hit for hit in hits if _is_serious(hit[0]))
    return [
        Finding(
            rule_id=rule.id,
            severity=rule.severity,
            location=hit.location,
            message=hit.message,
            evidence=list(dict.fromkeys([*rule.evidence, *hit.evidence])),
            autofix=_safe_fix(subject, rule, hit, before),
        )
        for rule, hit in sorted(hits, key=lambda found: _GRAVITY[found[0].severity])
    ]


def report(profile: ProfileName, findings: list[Finding]) -> LintReport:
    found = [finding.severity for finding in findings]
    return LintReport(
        profile=profile,
        findings=findings,
        errors=found.count(Severity.ERROR),
        warnings=found.count(Severity.WARNING),
        infos=found.count(Severity.INFO),
    )


def _hits(subject: Subject, rules: Iterable[Rule]) -> list[tuple[Rule, Hit]]:
    if not any(turn.slots for turn in subject.turns):
        return []
    return [
        (rule, hit)
        for rule in rules
        if rule.id not in subject.settings.disabled_rules
        for hit in rule.check(subject)
    ]


def _safe_fix(
    subject: Subject, rule: Rule, hit: Hit, before: set[Key]
) -> list[PatchOperation] | None:
    """The patch to the mended program, if that has lost this finding and got no serious one."""
    fix = hit.fix() if hit.fix else None
    if fix is None:
        return None
    mended = subject.mended(fix)
    # No patch may leave an exercise twice in a session.
    if not all(turn.is_storable for turn in mended.turns):
        return None
    watched = serious_rules() if _is_serious(rule) else (*serious_rules(), rule)
    after = _keys(_hits(mended, _concerned(watched, _fields(fix))))
    is_safe = (
        mended.looks_at(hit.location) and (rule.id, hit.location) not in after and after <= before
    )
    return _patch(subject, fix) if is_safe else None


def _fields(fix: Fix) -> frozenset[str] | None:
    """The names of the fields it changes; None when it takes an exercise out."""
    names: set[str] = set()
    for changes in fix.values():
        for fields in changes.values():
            if fields is None:
                return None
            names.update(fields)
    return frozenset(names)


@cache
def _concerned(rules: tuple[Rule, ...], fields: frozenset[str] | None) -> tuple[Rule, ...]:
    """Those that may find something else when these fields change."""
    return tuple(rule for rule in rules if fields is None or not fields.isdisjoint(rule.reads))


def _patch(subject: Subject, fix: Fix) -> list[PatchOperation]:
    return operations(
        chain.from_iterable(
            slot_steps(place, subject.turns[place].session.id, subject.turns[place].slots, changes)
            for place, changes in sorted(fix.items())
        )
    )


def _is_serious(rule: Rule) -> bool:
    return rule.severity is not Severity.INFO


def _keys(hits: Iterable[tuple[Rule, Hit]]) -> set[Key]:
    return {(rule.id, hit.location) for rule, hit in hits}
