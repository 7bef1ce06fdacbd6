"""Sentences that say what is so, and an organization's numbers that hold for everybody in it."""

from datetime import UTC, datetime

import pytest

from shared.models.analysis import AnalysisContext
from shared.models.designs import Limit
from shared.models.lint import LintSettings, RuleId
from shared.models.mesocycles import MesocycleDraft
from shared.models.muscles import MuscleGroup
from shared.models.sessions import SessionExercise
from shared.models.volume import (
    Axis,
    Experience,
    MusclePriority,
    PublishedProfile,
    VolumeStatus,
)
from shared.models.volume_settings import MuscleEdges, OrganizationVolume
from shared.rules.analysis import wished
from shared.rules.balance.formulation import Tag
from shared.rules.balance.obstacles import Obstacle
from shared.rules.balance.outcome import shown
from shared.rules.counted import CountedProgram
from shared.rules.diffs import compared
from shared.rules.lint.findings import lint
from shared.rules.mesocycles import aimed, new_mesocycle
from shared.rules.profiles import thresholds
from shared.rules.statistics import stats
from shared.rules.targets import targets
from shared.rules.yardsticks import of_organization, published
from tests.rules.build import NOW, a_program, a_session, an_exercise, cyclic, weekly

M = MuscleGroup
EXERCISES = {
    key: an_exercise(key, shares)
    for key, shares in {
        "fly": {M.CHEST: 1.0},
        "press": {M.CHEST: 0.5, M.TRICEPS: 1.0},
        "curl": {M.ELBOW_FLEXORS: 1.0},
        "leg-press": {M.QUADRICEPS: 1.0},
    }.items()
}


def said(program, rule, **about):
    aims = targets(thresholds(PublishedProfile.EVIDENCE), {})
    findings = lint(CountedProgram.of(program, EXERCISES), aims, LintSettings(**about))
    return [row.message for row in findings if row.rule_id is rule]


def test_one_training_day_is_said_so() -> None:
    sessions = [a_session(n, {"fly": 3}) for n in (1, 2)]
    [message] = said(a_program(sessions, structure_config=cyclic(1, 1)), RuleId.UNEVEN_ROTATION)
    assert "on 1 training day," in message


def test_one_set_is_said_so() -> None:
    program = a_program([a_session(n) for n in (1, 2)] + [a_session(3, {"fly": 1})])
    [message] = said(program, RuleId.BELOW_EFFECTIVE)
    assert "Chest gets 1 set (1 direct) a week" in message


def test_a_session_that_is_too_long_takes_longer_than_there_is_time() -> None:
    row = {"order_in_session": 1, "exercise_id": "fly", "sets": 20, "rest_seconds": 141}
    session = a_session(1, exercises=[SessionExercise.model_validate(row)])
    [message] = said(a_program([session]), RuleId.SESSION_TOO_LONG, session_minutes=60)
    assert message == "Session 1 takes about 61 minutes; there are 60."


def test_sets_that_are_too_easy_are_sets() -> None:
    row = {"order_in_session": 1, "exercise_id": "fly", "sets": 5, "rir": 6}
    session = a_session(1, exercises=[SessionExercise.model_validate(row)])
    messages = said(a_program([session]), RuleId.UNTRAINED)
    [chest] = [message for message in messages if message.startswith("Chest")]
    assert "no sets at all" not in chest


def test_history_says_one_set_and_one_week() -> None:
    before = a_program([a_session(1, {"fly": 3})], duration_weeks=2)
    after = a_program([a_session(1, {"fly": 3, "curl": 1})], duration_weeks=1)
    sentences = compared(before, after, EXERCISES).sentences
    assert sentences == [
        "Length changed from 2 weeks to 1 week.",
        "Curl added to “Session 1”, 1 set.",
    ]


def test_an_obstacle_of_one_set() -> None:
    [row] = shown([Obstacle(M.CALVES, 1.0, (Tag(Limit.EQUIPMENT),), together=False)], [])
    assert row.message == "Calves lacks 1 weekly set because of the equipment there is."


def own(*edges: MuscleEdges):
    now = datetime(2026, 3, 2, tzinfo=UTC)
    return of_organization(OrganizationVolume(thresholds=list(edges), updated_at=now))


LESS = MuscleEdges(muscle=M.CHEST, axis=Axis.FRACTIONAL, minimum_effective=3)


@pytest.mark.parametrize(
    "context",
    [
        AnalysisContext(experience=Experience.BEGINNER),
        AnalysisContext(priorities={M.CHEST: MusclePriority.MAINTAIN}),
    ],
    ids=["beginner", "maintain"],
)
def test_nobody_needs_more_than_an_organization_says_is_enough(context: AnalysisContext) -> None:
    program = a_program([a_session(n, {"press": 2}) for n in (1, 2, 3)])
    for yardstick in (own(LESS), wished(own(LESS), context)):
        answered = stats(CountedProgram.of(program, EXERCISES), yardstick)
        [chest] = [row for row in answered.weekly_volume if row.muscle is M.CHEST]
        assert (chest.sets_per_week, chest.status) == (3, VolumeStatus.OPTIMAL)
        assert not [row for row in answered.recommendations if row.muscle is M.CHEST]


def test_who_is_trained_every_other_week_is_not_trained_once_a_week() -> None:
    sessions = [a_session(1, {"fly": 14}), *(a_session(n, {"curl": 1}) for n in range(2, 7))]
    [message] = said(a_program(sessions, structure_config=weekly(3)), RuleId.LONE_EXPOSURE)
    assert "is trained directly less than once a week" in message


def test_one_set_trains_and_two_sets_train() -> None:
    def advice(sets: int) -> str:
        program = a_program([a_session(1, {"fly": sets}), a_session(2), a_session(3)])
        counted = CountedProgram.of(program, EXERCISES)
        answered = stats(counted, published(PublishedProfile.EVIDENCE))
        [chest] = [row for row in answered.recommendations if row.muscle is M.CHEST]
        return chest.recommendation

    assert advice(5) == "Add at least 1 set a week that trains Chest directly."
    assert advice(4) == "Add at least 2 sets a week that train Chest directly."


def test_a_mesocycle_does_not_deny_the_warm_ups_there_are() -> None:
    row = SessionExercise(exercise_id="fly", sets=3, order_in_session=1, rir=8)
    draft = MesocycleDraft()
    made = new_mesocycle(
        a_program([a_session(1, exercises=[row])]),
        EXERCISES,
        draft,
        aimed(published(PublishedProfile.EVIDENCE), draft),
        mesocycle_id="meso",
        user_id="ann",
        now=NOW,
    )
    assert [note for note in made.notes if "no hard sets train them directly: Chest" in note]
