"""Each threshold, just below it, on it and just above it; and the way back to the optimum."""

from collections.abc import Iterator

import pytest

from shared.models.muscles import MuscleGroup
from shared.models.volume import PublishedProfile, VolumeStatus, Zone
from shared.rules.profiles import thresholds
from shared.rules.targets import deficit, surplus, targets
from shared.rules.volume import verdict

M = MuscleGroup


def edges() -> Iterator[tuple[MuscleGroup, float, float, VolumeStatus, Zone]]:
    """Every threshold of the evidence profile: (muscle, fractional, direct, status, zone)."""
    low, optimal = VolumeStatus.LOW, VolumeStatus.OPTIMAL
    high, excessive = VolumeStatus.HIGH, VolumeStatus.EXCESSIVE
    step = 0.25
    for muscle in (M.SPINAL_ERECTORS, M.ADDUCTORS, M.ABDUCTORS):  # fractional axis only
        yield muscle, 0, 0, low, Zone.UNTRAINED
        yield muscle, step, 0, low, Zone.BELOW_EFFECTIVE
        yield muscle, 10 - step, 0, low, Zone.BELOW_EFFECTIVE
        yield muscle, 10, 0, optimal, Zone.EFFECTIVE
        yield muscle, 15, 0, optimal, Zone.EFFECTIVE
        yield muscle, 15 + step, 0, optimal, Zone.PRODUCTIVE
        yield muscle, 20, 0, optimal, Zone.PRODUCTIVE
        yield muscle, 20 + step, 0, high, Zone.HIGH
        yield muscle, 30, 0, high, Zone.HIGH
        yield muscle, 30 + step, 0, excessive, Zone.EXCESSIVE
    # Published direct sets: minimum effective, maximum adaptive, maximum recoverable.
    for muscle, (mev, mav, mrv) in {
        M.CHEST: (6, 16, 24),
        M.FRONT_DELTS: (2, 8, 12),
        M.SIDE_DELTS: (8, 24, 30),
        M.TRICEPS: (6, 16, 20),
        M.REAR_DELTS: (4, 12, 20),
        M.LATS: (8, 20, 26),
        M.TRAPS_RHOMBOIDS: (8, 20, 26),
        M.ELBOW_FLEXORS: (8, 20, 26),
        M.FOREARMS: (8, 24, 30),
        M.ABS: (4, 12, 20),
        M.OBLIQUES: (4, 12, 20),
        M.GLUTES: (8, 24, 30),
        M.QUADRICEPS: (6, 14, 18),
        M.HAMSTRINGS: (4, 8, 14),
        M.CALVES: (6, 16, 24),
    }.items():
        yield muscle, 4 - step, 0, low, Zone.BELOW_EFFECTIVE
        # Between 4 and 10 fractional sets, direct sets decide.
        yield muscle, 9.75, mev - 1, low, Zone.BELOW_EFFECTIVE
        yield muscle, max(4, mev), mev, optimal, Zone.EFFECTIVE
        yield muscle, 10, 0, optimal, Zone.EFFECTIVE
        middle = (mev + mav) / 2
        yield muscle, 14, middle, optimal, Zone.EFFECTIVE
        yield muscle, 14, middle + step, optimal, Zone.PRODUCTIVE
        yield muscle, 14, mav, optimal, Zone.PRODUCTIVE
        yield muscle, 14, mav + step, high, Zone.HIGH
        yield muscle, 14, mrv, high, Zone.HIGH
        yield muscle, 14, mrv + step, excessive, Zone.EXCESSIVE
        if muscle != M.FRONT_DELTS:
            yield muscle, 20, 0, optimal, Zone.PRODUCTIVE
            yield muscle, 20 + step, 0, high, Zone.HIGH
            yield muscle, 30, 0, high, Zone.HIGH
            yield muscle, 30 + step, 0, excessive, Zone.EXCESSIVE
    # Pressing inflates the front delts' fractional count, which therefore never says too much.
    yield M.FRONT_DELTS, 40, 8, optimal, Zone.PRODUCTIVE


@pytest.mark.parametrize(("muscle", "fractional", "direct", "status", "zone"), list(edges()))
def test_each_threshold_of_the_evidence_profile_stands_where_its_source_puts_it(
    muscle: MuscleGroup, fractional: float, direct: float, status: VolumeStatus, zone: Zone
) -> None:
    judged = verdict(fractional, direct, thresholds(PublishedProfile.EVIDENCE)[muscle])
    assert (judged.status, judged.zone) == (status, zone)


@pytest.mark.parametrize(
    ("sets", "status", "zone"),
    [
        (9.75, VolumeStatus.LOW, Zone.BELOW_EFFECTIVE),
        (10, VolumeStatus.OPTIMAL, Zone.EFFECTIVE),
        (15, VolumeStatus.OPTIMAL, Zone.EFFECTIVE),
        (15.25, VolumeStatus.OPTIMAL, Zone.PRODUCTIVE),
        (20, VolumeStatus.OPTIMAL, Zone.PRODUCTIVE),
        (20.25, VolumeStatus.HIGH, Zone.HIGH),
        (25, VolumeStatus.HIGH, Zone.HIGH),
        (25.25, VolumeStatus.EXCESSIVE, Zone.EXCESSIVE),
    ],
)
@pytest.mark.parametrize("muscle", [M.FRONT_DELTS, M.HAMSTRINGS, M.ABDUCTORS])
def test_the_uniform_profile_has_its_edges_at_10_20_and_25(
    muscle: MuscleGroup, sets: float, status: VolumeStatus, zone: Zone
) -> None:
    judged = verdict(sets, sets, thresholds(PublishedProfile.UNIFORM)[muscle])
    assert (judged.status, judged.zone) == (status, zone)


@pytest.mark.parametrize(
    ("fractional", "direct", "basis"),
    [
        (3, 3, [("fractional", "floor", 4, "pelland-2025", "2025")]),
        (
            5,
            3,
            [
                ("fractional", "minimum_effective", 10, "schoenfeld-2017", "2017"),
                ("direct", "minimum_effective", 4, "rp-landmarks", "2025-11"),
            ],
        ),
        (17.5, 14, [("direct", "maximum_adaptive", 8, "rp-landmarks", "2025-11")]),
        (21, 4, [("fractional", "maximum_adaptive", 20, "baz-valle-2022", "2022")]),
        (31, 4, [("fractional", "maximum_recoverable", 30, "povver", "2025")]),
        (16, 15, [("direct", "maximum_recoverable", 14, "rp-landmarks", "2025-11")]),
    ],
)
def test_a_verdict_names_the_numbers_that_decided_and_their_sources(
    fractional: float, direct: float, basis: list[tuple[str, str, float, str, str]]
) -> None:
    judged = verdict(fractional, direct, thresholds(PublishedProfile.EVIDENCE)[M.HAMSTRINGS])
    assert [
        (row.axis, row.threshold, row.value, row.source_id, row.source_date) for row in judged.basis
    ] == basis


@pytest.mark.parametrize(
    ("muscle", "fractional", "direct", "delta"),
    [
        (M.CHEST, 0, 0, 6),  # 6 direct sets are enough, and exceed the floor of 4
        (M.HAMSTRINGS, 0, 0, 4),
        (M.FRONT_DELTS, 0, 0, 4),  # 2 direct sets would do, but not the floor of 4
        (M.CHEST, 9.5, 0, 0.5),  # 10 fractional sets are nearer than 6 direct ones
        (M.ADDUCTORS, 3, 0, 7),
        (M.CHEST, 12, 8, 0),
        (M.HAMSTRINGS, 17.5, 14, -6),  # 14 direct sets down to 8
        (M.LATS, 22, 22, -2),
        (M.LATS, 31, 22, -11),  # 31 fractional down to 20 also takes care of the direct ones
    ],
)
def test_the_way_to_the_optimal_range_is_counted_in_direct_sets(
    muscle: MuscleGroup, fractional: float, direct: float, delta: float
) -> None:
    limits = thresholds(PublishedProfile.EVIDENCE)[muscle]
    target = targets(thresholds(PublishedProfile.EVIDENCE))[muscle]
    assert deficit(target, fractional, direct) - surplus(target, fractional, direct) == delta
    after = verdict(fractional + delta, direct + delta, limits)
    assert after.status == VolumeStatus.OPTIMAL
