"""How far weekly sets are from what somebody wants, muscle by muscle and together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Experience, MusclePriority, PublishedProfile, VolumeStatus
from shared.rules.profiles import thresholds
from shared.rules.targets import deficit, overload, surplus, targets, weighted_deficit
from shared.rules.volume import verdict

M = MuscleGroup
P = MusclePriority
EVIDENCE = thresholds(PublishedProfile.EVIDENCE)

sets = st.integers(0, 200).map(lambda quarters: quarters / 4)
muscles = st.sampled_from(list(M))
profiles = st.sampled_from(list(PublishedProfile))


@given(profiles, muscles, sets, sets)
def test_nothing_is_missing_or_superfluous_exactly_where_the_verdict_is_optimal(
    profile: PublishedProfile, muscle: MuscleGroup, fractional: float, direct: float
) -> None:
    direct = min(direct, fractional)
    target = targets(thresholds(profile))[muscle]
    judged = verdict(fractional, direct, thresholds(profile)[muscle])
    missing, many = deficit(target, fractional, direct), surplus(target, fractional, direct)
    assert (missing == many == 0) == (judged.status is VolumeStatus.OPTIMAL)
    assert missing >= 0 <= many
    assert (overload(target, fractional, direct) > 0) == (judged.status is VolumeStatus.EXCESSIVE)


@pytest.mark.parametrize(
    ("muscle", "priority", "experience", "fractional", "direct", "missing"),
    [
        # The floor of 4 is not met by 2 direct sets, which are the front delts' minimum.
        (M.FRONT_DELTS, P.NORMAL, Experience.INTERMEDIATE, 2, 2, 2),
        (M.CHEST, P.NORMAL, Experience.INTERMEDIATE, 5, 4, 2),  # 6 direct sets
        (M.CHEST, P.NORMAL, Experience.ADVANCED, 5, 4, 2),
        (M.CHEST, P.NORMAL, Experience.BEGINNER, 3, 3, 1),  # 4 fractional sets
        (M.CHEST, P.NORMAL, Experience.BEGINNER, 4, 0, 0),
        (M.CHEST, P.PRIORITISED, Experience.INTERMEDIATE, 5, 4, 2),
        (M.CHEST, P.MAINTAIN, Experience.INTERMEDIATE, 3, 3, 1),  # 4 on either axis
        (M.HAMSTRINGS, P.MAINTAIN, Experience.INTERMEDIATE, 3, 1, 1),  # 2 direct sets
        (M.HAMSTRINGS, P.MAINTAIN, Experience.INTERMEDIATE, 2, 2, 0),
        (M.ADDUCTORS, P.MAINTAIN, Experience.INTERMEDIATE, 0, 0, 4),
        (M.CHEST, P.IGNORE, Experience.INTERMEDIATE, 0, 0, 0),
    ],
)
def test_what_is_missing_depends_on_priority_and_experience(
    muscle: MuscleGroup,
    priority: MusclePriority,
    experience: Experience,
    fractional: float,
    direct: float,
    missing: float,
) -> None:
    target = targets(EVIDENCE, {muscle: priority}, experience)[muscle]
    assert deficit(target, fractional, direct) == missing


def test_missing_sets_count_double_once_half_or_not_at_all() -> None:
    priorities = {M.CHEST: P.PRIORITISED, M.LATS: P.MAINTAIN}
    priorities |= {muscle: P.IGNORE for muscle in M if muscle not in {M.CHEST, M.LATS, M.CALVES}}
    nothing = dict.fromkeys(M, 0.0)
    # Chest lacks 6 x 2, calves 6 x 1, lats 4 x 0.5; the rest is ignored.
    assert weighted_deficit(targets(EVIDENCE, priorities), nothing, nothing) == 12 + 6 + 2


@pytest.mark.parametrize(
    ("fractional", "direct", "many", "far_too_many"),
    [(14, 8, 0, 0), (17.5, 14, 6, 0), (16, 15, 7, 1), (31, 4, 11, 1), (31, 17, 11, 3)],
)
def test_too_many_sets_are_counted_down_to_the_edges(
    fractional: float, direct: float, many: float, far_too_many: float
) -> None:
    # Hamstrings: up to 8 direct and 20 fractional; no more than 14 and 30 can be recovered from.
    target = targets(EVIDENCE)[M.HAMSTRINGS]
    assert surplus(target, fractional, direct) == many
    assert overload(target, fractional, direct) == far_too_many


def test_an_ignored_muscle_has_no_surplus_either() -> None:
    target = targets(EVIDENCE, {M.CHEST: P.IGNORE})[M.CHEST]
    assert surplus(target, 99, 99) == overload(target, 99, 99) == 0


def test_every_edge_says_where_it_comes_from() -> None:
    target = targets(EVIDENCE, {M.GLUTES: P.MAINTAIN}, Experience.BEGINNER)[M.GLUTES]
    assert [(edge.axis, edge.value, edge.source_id) for edge in (*target.low, *target.high)] == [
        (Axis.FRACTIONAL, 4, "pelland-2025"),
        (Axis.DIRECT, 6, "rp-landmarks"),
        (Axis.FRACTIONAL, 20, "baz-valle-2022"),
        (Axis.DIRECT, 24, "rp-landmarks"),
    ]
