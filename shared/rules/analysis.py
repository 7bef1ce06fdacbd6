"""What a program amounts to and what would improve it: the same for saved programs and drafts."""

from collections.abc import Collection

from shared.models.analysis import Analysis, AnalysisContext, SessionLength
from shared.models.exercises import Exercise
from shared.models.programs import Program
from shared.models.volume import Experience
from shared.rules.durations import session_seconds
from shared.rules.profiles import at_experience, thresholds
from shared.rules.recommendations import recommendations
from shared.rules.targets import targets
from shared.rules.volume import Exercises, stats


def analysis(
    program: Program,
    exercises: Exercises,
    catalogue: Collection[Exercise],
    context: AnalysisContext,
    withdrawn: Collection[str] = (),
) -> Analysis:
    """`exercises` are those the program uses, `catalogue` those that could be added to it."""
    experience = context.experience or Experience.INTERMEDIATE
    published = thresholds(context.profile)
    limits = {muscle: at_experience(row, experience) for muscle, row in published.items()}
    wanted = targets(limits, context.priorities or {}, experience)
    return Analysis(
        stats=stats(program, exercises, context.profile, withdrawn),
        session_lengths=[
            SessionLength(
                session_id=session.id or None,
                session_name=session.name,
                minutes=round(session_seconds(session.exercises) / 60, 1),
            )
            for session in program.in_order
        ],
        recommendations=recommendations(program, exercises, catalogue, limits, wanted, context),
    )
