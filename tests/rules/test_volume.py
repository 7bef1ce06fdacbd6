"""Weekly volume: the count, the verdict, and what is said about it."""

import builtins
import json
from collections import Counter
from collections.abc import Collection, Mapping
from fractions import Fraction
from typing import NoReturn

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.contributions import MuscleRole
from shared.models.exercises import Exercise, PlannedSets
from shared.models.muscles import MuscleGroup
from shared.models.programs import Program
from shared.models.volume import MuscleVolume, ProgramStats, PublishedProfile, VolumeStatus, Zone
from shared.rules.counted import CountedProgram
from shared.rules.profiles import thresholds
from shared.rules.statistics import stats as judged_stats
from shared.rules.statistics import weekly_volume
from shared.rules.volume import planned_volume, rotation_factor
from shared.rules.yardsticks import published
from tests.rules.build import (
    a_program,
    a_session,
    an_exercise,
    cyclic,
    seed_exercises,
    seed_templates,
    weekly,
)

M = MuscleGroup
CONTRIBUTIONS = {
    "bench": {M.CHEST: 1.0, M.TRICEPS: 0.75, M.FRONT_DELTS: 0.5},
    "row": {M.LATS: 1.0, M.TRAPS_RHOMBOIDS: 0.75, M.ELBOW_FLEXORS: 0.5},
    "fly": {M.CHEST: 1.0},
}
EXERCISES = {key: an_exercise(key, shares) for key, shares in CONTRIBUTIONS.items()}

GOLDEN_PASS = {
    "upper-lower-4-day-split": {
        M.CHEST: 11.0,
        M.FRONT_DELTS: 9.5,
        M.SIDE_DELTS: 5.25,
        M.TRICEPS: 11.75,
        M.LATS: 11.0,
        M.TRAPS_RHOMBOIDS: 7.25,
        M.ELBOW_FLEXORS: 8.75,
        M.SPINAL_ERECTORS: 9.5,
        M.GLUTES: 16.75,
        M.QUADRICEPS: 14.0,
        M.HAMSTRINGS: 17.5,
    },
    "push-pull-legs-6-day-split": {
        M.CHEST: 7.0,
        M.FRONT_DELTS: 9.0,
        M.SIDE_DELTS: 6.0,
        M.REAR_DELTS: 3.0,
        M.TRICEPS: 9.5,
        M.LATS: 11.0,
        M.TRAPS_RHOMBOIDS: 8.75,
        M.ELBOW_FLEXORS: 8.75,
        M.SPINAL_ERECTORS: 5.0,
        M.GLUTES: 8.5,
        M.QUADRICEPS: 7.0,
        M.HAMSTRINGS: 9.0,
        M.CALVES: 4.0,
    },
    "full-body-3-day-split": {
        M.CHEST: 6.0,
        M.FRONT_DELTS: 7.5,
        M.SIDE_DELTS: 5.25,
        M.TRICEPS: 8.25,
        M.LATS: 9.0,
        M.TRAPS_RHOMBOIDS: 6.0,
        M.ELBOW_FLEXORS: 8.25,
        M.SPINAL_ERECTORS: 3.75,
        M.ABS: 6.75,
        M.OBLIQUES: 4.5,
        M.GLUTES: 6.75,
        M.QUADRICEPS: 6.0,
        M.HAMSTRINGS: 4.5,
    },
}
"""Sets of one pass, added up by hand from the templates; all other muscles are untrained."""


def stats(
    program: Program,
    exercises: Mapping[str, Exercise],
    profile: PublishedProfile = PublishedProfile.EVIDENCE,
    withdrawn: Collection[str] = (),
) -> ProgramStats:
    return judged_stats(CountedProgram.of(program, exercises), published(profile), withdrawn)


def by_muscle(
    program: Program, profile: PublishedProfile = PublishedProfile.EVIDENCE
) -> dict[MuscleGroup, MuscleVolume]:
    return {row.muscle: row for row in stats(program, EXERCISES, profile).weekly_volume}


def template_stats(template_id: str, profile: PublishedProfile = PublishedProfile.EVIDENCE):
    return stats(seed_templates()[template_id], seed_exercises(), profile)


@pytest.mark.parametrize("template_id", GOLDEN_PASS)
def test_the_templates_have_their_golden_volumes(template_id: str) -> None:
    factor = 2 if template_id.startswith("push") else 1
    answered = template_stats(template_id)
    assert len(answered.weekly_volume) == 18
    assert answered.rotation_factor == factor
    for row in answered.weekly_volume:
        expected = GOLDEN_PASS[template_id].get(row.muscle, 0)
        assert row.sets_per_pass == expected, row.muscle
        assert row.sets_per_week == expected * factor, row.muscle


@pytest.mark.parametrize(
    ("template_id", "optimal", "high", "low", "untrained"),
    [
        ("upper-lower-4-day-split", 6, {M.HAMSTRINGS}, 11, 7),
        ("push-pull-legs-6-day-split", 11, {M.LATS, M.HAMSTRINGS}, 5, 5),
        ("full-body-3-day-split", 5, set(), 13, 5),
    ],
)
def test_the_templates_have_their_known_verdicts(
    template_id: str, optimal: int, high: set[MuscleGroup], low: int, untrained: int
) -> None:
    rows = template_stats(template_id).weekly_volume
    count = Counter(row.status for row in rows)
    assert (count[VolumeStatus.OPTIMAL], count[VolumeStatus.LOW]) == (optimal, low)
    assert {row.muscle for row in rows if row.status == VolumeStatus.HIGH} == high
    assert sum(row.zone == Zone.UNTRAINED for row in rows) == untrained


def test_totals_and_averages_count_one_pass() -> None:
    answered = template_stats("upper-lower-4-day-split")
    # 17 + 14 + 17 + 14 = 62; 62 / 4 = 15.5
    assert (answered.total_sessions, answered.total_sets) == (4, 62)
    assert answered.avg_sets_per_session == 15.5
    assert answered.training_frequency == 4


@pytest.mark.parametrize(
    ("structure", "frequency"), [(cyclic(3, 1), 5.2), (cyclic(6, 3), 4.7), (cyclic(1, 1), 3.5)]
)
def test_the_frequency_of_a_cycle_is_rounded_to_one_decimal(structure, frequency: float) -> None:
    assert stats(a_program(structure_config=structure), {}).training_frequency == frequency


def test_three_equal_sessions_in_a_cycle_of_three_and_one_are_each_done_seven_fourths_times() -> (
    None
):
    sessions = [a_session(n, {"bench": 4}) for n in (1, 2, 3)]
    rows = by_muscle(a_program(sessions, structure_config=cyclic(3, 1)))
    # 12 sets a pass x 7/4 = 21 sets a week for three sessions of 4
    assert rows[M.CHEST].sets_per_week == 21.0
    one = by_muscle(a_program(sessions[:1], structure_config=cyclic(3, 1)))
    # one session on all three days: 4 x 7 x 3 / 4 = 21 as well
    assert one[M.CHEST].sets_per_week == 21.0


def test_one_of_three_sessions_with_four_sets_gives_seven_weekly_sets() -> None:
    sessions = [a_session(1, {"bench": 4}), a_session(2), a_session(3)]
    rows = by_muscle(a_program(sessions, structure_config=cyclic(3, 1)))
    # 4 x 7/4 = 7; x 0.75 = 5.25; x 0.5 = 3.5
    assert rows[M.CHEST].sets_per_week == 7.0
    assert rows[M.TRICEPS].sets_per_week == 5.25
    assert rows[M.FRONT_DELTS].sets_per_week == 3.5


@pytest.mark.parametrize(
    ("structure", "sessions", "factor"),
    [
        (weekly(4), 4, Fraction(1)),
        (weekly(6), 3, Fraction(2)),
        (weekly(3), 4, Fraction(3, 4)),
        (cyclic(3, 1), 3, Fraction(7, 4)),
        (cyclic(3, 1), 5, Fraction(21, 20)),
        (weekly(3), 0, Fraction(0)),
    ],
)
def test_sessions_take_turns_on_the_training_days(structure, sessions: int, factor) -> None:
    program = a_program([a_session(n) for n in range(1, sessions + 1)], structure_config=structure)
    assert rotation_factor(program) == factor


def test_only_sets_with_contribution_one_are_direct() -> None:
    rows = by_muscle(a_program([a_session(1, {"bench": 2})], structure_config=weekly(3)))
    assert rows[M.CHEST].direct_sets_per_week == 6
    assert rows[M.TRICEPS].direct_sets_per_week == 0


def test_most_trained_muscles_come_first_and_equal_ones_keep_the_order_of_the_groups() -> None:
    volume = stats(a_program([a_session(1, {"bench": 2})]), EXERCISES).weekly_volume
    names = [row.muscle for row in volume]
    assert names[:3] == [M.CHEST, M.TRICEPS, M.FRONT_DELTS]
    untouched = [muscle for muscle in M if muscle not in CONTRIBUTIONS["bench"]]
    assert names[3:] == untouched


def test_a_weekly_count_on_a_threshold_is_not_pushed_over_it_by_binary_fractions() -> None:
    # 7 x 6/9 training days among 7 sessions: factor 2/3, and 30 x 2/3 = 20. In binary floating
    # point (7 x 6 / 9) / 7 x 30 is 20.000000000000004, which would be high.
    sessions = [a_session(n, {"fly": 15} if n <= 2 else {}) for n in range(1, 8)]
    rows = by_muscle(a_program(sessions, structure_config=cyclic(6, 3)), PublishedProfile.UNIFORM)
    assert (rows[M.CHEST].sets_per_week, rows[M.CHEST].status) == (20, VolumeStatus.OPTIMAL)


def test_an_untrained_muscle_is_low_without_a_basis() -> None:
    chest = by_muscle(a_program([a_session(1)]))[M.CHEST]
    assert (chest.sets_per_week, chest.status, chest.zone, chest.basis) == (
        0,
        VolumeStatus.LOW,
        Zone.UNTRAINED,
        [],
    )


def test_recommendations_cover_exactly_the_muscles_outside_the_optimal_range() -> None:
    answered = template_stats("push-pull-legs-6-day-split")
    outside = [row.muscle for row in answered.weekly_volume if row.status != VolumeStatus.OPTIMAL]
    assert [row.muscle for row in answered.recommendations] == outside
    lats = answered.recommendations[0]
    assert (lats.muscle, lats.sets_delta, lats.current_volume) == (M.LATS, -2, 22)
    assert lats.recommendation == "Remove at least 2 sets a week that train Lats."


def test_what_is_recommended_is_measured_before_rounding() -> None:
    # 33 rows count 24.75 for the traps; x 7 x 3/4 days / 13 sessions = 9.9952, which lacks 0.0048.
    sets = {1: 20, 2: 13}
    sessions = [a_session(n, {"row": sets[n]} if n in sets else {}) for n in range(1, 14)]
    answered = stats(a_program(sessions, structure_config=cyclic(3, 1)), EXERCISES)
    [traps] = [row for row in answered.weekly_volume if row.muscle == M.TRAPS_RHOMBOIDS]
    assert (traps.sets_per_week, traps.status) == (10.0, VolumeStatus.LOW)
    [told] = [row for row in answered.recommendations if row.muscle == M.TRAPS_RHOMBOIDS]
    assert told.sets_delta == 0
    assert told.recommendation.startswith("Add at least 1 set ")


def test_the_uniform_profile_recommends_the_way_to_10_and_back_to_20() -> None:
    sessions = [a_session(1, {"fly": 9, "row": 1}), a_session(2), a_session(3)]
    rows = stats(a_program(sessions), EXERCISES, PublishedProfile.UNIFORM).recommendations
    deltas = {row.muscle: row.sets_delta for row in rows}
    # 9 chest sets lack 1; one row gives the lats 1 set, which lacks 9.
    assert (deltas[M.CHEST], deltas[M.LATS]) == (1, 9)
    many = a_program([a_session(1, {"fly": 13, "bench": 13}), a_session(2), a_session(3)])
    over = stats(many, EXERCISES, PublishedProfile.UNIFORM).recommendations[0]
    assert (over.muscle, over.status, over.sets_delta) == (M.CHEST, VolumeStatus.EXCESSIVE, -6)


def test_a_note_explains_a_factor_other_than_one() -> None:
    three = [a_session(n, {"fly": 3}) for n in (1, 2, 3)]
    assert stats(a_program(three, structure_config=weekly(3)), EXERCISES).notes == []
    (note,) = stats(a_program(three, structure_config=weekly(6)), EXERCISES).notes
    assert "comes up 2 times" in note


def test_a_session_of_more_than_thirty_sets_draws_a_note() -> None:
    def notes(sets: int) -> list[str]:
        sessions = [a_session(1, {"fly": 15, "row": sets}), a_session(2), a_session(3)]
        return stats(a_program(sessions), EXERCISES).notes

    assert notes(15) == []
    assert len(notes(16)) == 1
    assert "31 sets" in notes(16)[0]


def test_exercises_that_are_gone_are_noted_and_withdrawn_ones_still_count() -> None:
    sessions = [a_session(1, {"fly": 5, "ghost": 5}), a_session(2), a_session(3)]
    answered = stats(a_program(sessions), EXERCISES, withdrawn={"fly"})
    assert answered.total_sets == 10
    assert answered.weekly_volume[0].sets_per_week == 5
    assert [note.split(",")[0] for note in answered.notes] == [
        "Not counted",
        "Withdrawn from the catalogue",
    ]


def test_a_program_without_sessions_has_statistics_of_zeros() -> None:
    answered = stats(a_program([]), EXERCISES)
    assert (answered.total_sets, answered.avg_sets_per_session, answered.rotation_factor) == (
        0,
        0,
        0,
    )
    assert {row.sets_per_week for row in answered.weekly_volume} == {0}
    assert answered.notes == ["The program has no sessions yet."]


def test_the_volume_map_holds_the_same_numbers_as_the_list() -> None:
    answered = stats(a_program([a_session(1, {"bench": 4})]), EXERCISES)
    both = weekly_volume(answered)
    assert both.volume_by_muscle == {row.muscle: row.sets_per_week for row in both.weekly_volume}
    assert (
        json.loads(both.model_dump_json()).items() >= json.loads(answered.model_dump_json()).items()
    )


def test_planned_sets_are_counted_outside_any_program() -> None:
    answer = planned_volume(
        [PlannedSets(exercise_id="bench", sets=3), PlannedSets(exercise_id="fly", sets=2)],
        EXERCISES,
    )
    # bench 3 x (1, 0.75, 0.5) + fly 2 x 1
    assert answer.volume_by_muscle[M.CHEST] == 5
    assert answer.volume_by_muscle[M.TRICEPS] == 2.25
    assert answer.volume_by_muscle[M.FRONT_DELTS] == 1.5
    assert answer.total_sets == 5
    assert (answer.muscles[0].muscle, answer.muscles[0].direct_sets) == (M.CHEST, 5)


@pytest.mark.parametrize(("rir", "counted"), [(None, 15), (0, 15), (4, 15), (4.5, 12), (10, 12)])
def test_sets_that_end_more_than_four_repetitions_before_failure_are_not_counted(
    rir: float | None, counted: int
) -> None:
    program = a_program([a_session(n, {"fly": 3, "bench": 2}) for n in (1, 2, 3)])
    first, *rest = program.sessions
    fly, bench = first.exercises
    eased = first.model_copy(update={"exercises": [fly.model_copy(update={"rir": rir}), bench]})
    answered = stats(program.model_copy(update={"sessions": [eased, *rest]}), EXERCISES)
    chest = answered.weekly_volume[0]
    # 3 sessions of 3 + 2 sets, without the 3 of one session.
    assert (chest.sets_per_week, chest.direct_sets_per_week) == (counted, counted)
    # They are done all the same.
    assert answered.total_sets == 15
    assert len(answered.notes) == (counted < 15)


def test_exposures_are_counted_from_the_schedule_and_sets_per_session_where_most_are() -> None:
    sessions = [a_session(1, {"bench": 4}), a_session(2, {"fly": 6}), a_session(3, {"row": 5})]
    rows = by_muscle(a_program(sessions, structure_config=cyclic(3, 1)))
    chest, triceps = rows[M.CHEST], rows[M.TRICEPS]
    # Each session comes up 7/4 times a week; two of them train the chest.
    assert (chest.exposures_per_week, triceps.exposures_per_week) == (3.5, 1.75)
    assert (chest.most_sets_per_session, chest.most_direct_sets_per_session) == (6, 6)
    assert (triceps.most_sets_per_session, triceps.most_direct_sets_per_session) == (3, 0)
    assert rows[M.CALVES].exposures_per_week == rows[M.CALVES].most_sets_per_session == 0


def test_a_role_that_is_stated_decides_what_is_direct() -> None:
    pressing = EXERCISES["bench"].model_copy(
        update={"muscle_roles": {M.TRICEPS: MuscleRole.DIRECT, M.CHEST: MuscleRole.INDIRECT}}
    )
    program = a_program([a_session(1, {"bench": 4})], structure_config=weekly(3))
    answered = stats(program, {"bench": pressing}).weekly_volume
    direct = {row.muscle: row.direct_sets_per_week for row in answered if row.direct_sets_per_week}
    assert direct == {M.TRICEPS: 12}


rows = st.dictionaries(st.sampled_from(["bench", "row", "fly"]), st.integers(1, 6), max_size=3)
structures = st.one_of(
    st.integers(3, 7).map(weekly),
    st.tuples(st.integers(1, 6), st.integers(1, 3))
    .filter(lambda days: Fraction(7 * days[0], sum(days)) >= 3)
    .map(lambda days: cyclic(*days)),
)


@given(st.lists(rows, min_size=1, max_size=7), structures)
def test_writing_the_same_sessions_down_twice_changes_no_weekly_number(contents, structure) -> None:
    """Only what is trained on the calendar counts, not how often the plan spells it out."""
    once = [a_session(n, content) for n, content in enumerate(contents, 1)]
    twice = [a_session(n, content) for n, content in enumerate([*contents, *contents], 1)]

    def numbers(sessions):
        program = a_program(sessions, structure_config=structure)
        return {
            row.muscle: (row.sets_per_week, row.direct_sets_per_week, row.status, row.zone)
            for row in stats(program, EXERCISES).weekly_volume
        }

    assert numbers(once) == numbers(twice)


@given(st.lists(rows, min_size=1, max_size=7), structures, st.integers(2, 3))
def test_so_many_times_the_sets_give_as_many_times_the_volume(contents, structure, times) -> None:
    def volume(factor: int):
        sessions = [
            a_session(n, {exercise: sets * factor for exercise, sets in content.items()})
            for n, content in enumerate(contents, 1)
        ]
        return by_muscle(a_program(sessions, structure_config=structure))

    single, multiple = volume(1), volume(times)
    for muscle in M:
        assert multiple[muscle].sets_per_pass == single[muscle].sets_per_pass * times
        # Both are rounded to 2 decimals, so the product is off by at most times x 0.005 + 0.005.
        difference = multiple[muscle].sets_per_week - single[muscle].sets_per_week * times
        assert abs(difference) <= 0.005 * (times + 1) + 1e-9


@given(st.lists(rows, min_size=1, max_size=7), structures, st.randoms())
def test_the_order_in_which_sessions_are_stored_changes_nothing(
    contents, structure, random
) -> None:
    sessions = [a_session(n, content) for n, content in enumerate(contents, 1)]
    program = a_program(sessions, structure_config=structure)
    shuffled = list(sessions)
    random.shuffle(shuffled)
    assert stats(program.model_copy(update={"sessions": shuffled}), EXERCISES) == stats(
        program, EXERCISES
    )


def test_statistics_of_six_sessions_of_eight_exercises_open_no_file(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The landmarks are read once per process; counting itself touches nothing outside."""
    ids = list(seed_exercises())
    sessions = [a_session(n + 1, dict.fromkeys(ids[n * 8 : n * 8 + 8], 3)) for n in range(6)]
    program = a_program(sessions, structure_config=weekly(6))
    thresholds(PublishedProfile.EVIDENCE)

    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a file was opened")

    monkeypatch.setattr(builtins, "open", refuse)
    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("pathlib.Path.read_text", refuse)
    assert stats(program, seed_exercises()).total_sets == 144
