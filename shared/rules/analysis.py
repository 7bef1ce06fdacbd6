"""What a program amounts to and what would improve it: the same for saved programs and drafts."""

from collections.abc import Collection

from shared.models.analysis import Analysis, AnalysisContext, SessionLength
from shared.models.exercises import Exercise
from shared.models.programs import Program
from shared.rules.durations import session_seconds
from shared.rules.lint.findings import lint, report
from shared.rules.profiles import at_experience
from shared.rules.recommendations import recommendations
from shared.rules.statistics import stats
from shared.rules.targets import targets
from shared.rules.volume import Exercises
from shared.rules.yardsticks import Yardstick


def analysis(
    program: Program,
    exercises: Exercises,
    catalogue: Collection[Exercise],
    yardstick: Yardstick,
    context: AnalysisContext,
    withdrawn: Collection[str] = (),
) -> Analysis:
    """`exercises` are those the program uses, `catalogue` those that could be added to it; the
    yardstick is that of the context's profile."""
    wanted = wished(yardstick, context)
    findings = lint(program, exercises, wanted.targets, context)
    return Analysis(
        stats=stats(program, exercises, wanted, withdrawn),
        lint=report(yardstick.profile, findings),
        session_lengths=[
            SessionLength(
                session_id=session.id,
                session_name=session.name,
                minutes=round(session_seconds(session.exercises) / 60, 1),
            )
            for session in program.in_order
        ],
        recommendations=recommendations(program, exercises, catalogue, wanted, context),
    )


def wished(yardstick: Yardstick, context: AnalysisContext) -> Yardstick:
    """The yardstick with the experience and the priorities that the context states."""
    if context.experience is None and context.priorities is None:
        return yardstick
    limits, priorities = yardstick.limits, context.priorities
    if context.experience is not None:
        limits = {muscle: at_experience(row, context.experience) for muscle, row in limits.items()}
    if priorities is None:
        priorities = {muscle: row.priority for muscle, row in yardstick.targets.items()}
    return yardstick._replace(limits=limits, targets=targets(limits, priorities))
