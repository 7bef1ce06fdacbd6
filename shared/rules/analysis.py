"""What a program amounts to and what would improve it: the same for saved programs and drafts."""

from collections.abc import Collection

from shared.models.analysis import Analysis, AnalysisContext, SessionLength
from shared.models.exercises import Exercise
from shared.rules.counted import CountedProgram
from shared.rules.lint.findings import lint, report
from shared.rules.profiles import at_experience
from shared.rules.recommendations import recommendations
from shared.rules.statistics import stats
from shared.rules.targets import targets
from shared.rules.yardsticks import Yardstick


def analysis(
    counted: CountedProgram,
    catalogue: Collection[Exercise],
    yardstick: Yardstick,
    context: AnalysisContext,
    withdrawn: Collection[str] = (),
) -> Analysis:
    """`catalogue` holds the exercises that could be added; the yardstick is that of the context's
    profile."""
    wanted = wished(yardstick, context)
    return Analysis(
        stats=stats(counted, wanted, withdrawn),
        lint=report(yardstick.profile, lint(counted, wanted.targets, context)),
        session_lengths=session_lengths(counted),
        recommendations=recommendations(counted, catalogue, wanted, context),
    )


def session_lengths(counted: CountedProgram) -> list[SessionLength]:
    return [
        SessionLength(
            session_id=turn.session.id,
            session_name=turn.session.name,
            minutes=round(turn.seconds / 60, 1),
        )
        for turn in counted.turns
    ]


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
