"""What programs are judged by, with an organization's numbers and with a person's wishes."""

import pytest

from shared.models.muscles import MuscleGroup
from shared.models.volume import (
    Axis,
    Experience,
    MusclePriority,
    ProfileName,
    PublishedProfile,
    VolumeStatus,
)
from shared.models.volume_settings import MuscleEdges, OrganizationVolume, PersonalVolume
from shared.rules.profiles import thresholds
from shared.rules.targets import deficit, overload, surplus
from shared.rules.volume import verdict
from shared.rules.yardsticks import of_organization, of_person, published, shown_profile
from tests.rules.build import NOW

M = MuscleGroup
EVIDENCE = thresholds(PublishedProfile.EVIDENCE)


@pytest.mark.parametrize("base", list(PublishedProfile))
def test_without_settings_the_published_numbers_judge(base: PublishedProfile) -> None:
    for mine in (
        of_organization(OrganizationVolume(base=base)),
        of_person(PersonalVolume(base=base)),
    ):
        assert (mine.limits, mine.targets) == (published(base).limits, published(base).targets)
        assert mine.set_at is None


def test_an_organizations_numbers_stand_beside_the_published_ones() -> None:
    own = MuscleEdges(muscle=M.CALVES, axis=Axis.DIRECT, maximum_adaptive=20)
    gym = of_organization(OrganizationVolume(thresholds=[own], updated_at=NOW))
    assert (gym.profile, gym.set_at) == (ProfileName.ORGANIZATION, NOW)
    edges = gym.limits[M.CALVES].direct
    assert edges is not None
    # Published: 6, 16, 24.
    assert [edge.value for edge in edges] == [6, 20, 24]
    assert [edge.source_id for edge in edges] == ["rp-landmarks", "organization", "rp-landmarks"]
    assert edges.maximum_adaptive.source_date == "2026-03"
    changed = {muscle for muscle in M if gym.limits[muscle] != EVIDENCE[muscle]}
    assert changed == {M.CALVES}


def test_what_somebody_still_wants_can_be_recovered_from_whatever_is_published_later() -> None:
    """Own numbers stay when published ones fall below them: of the chest at most 30 fractional and
    24 direct sets can be recovered from, but this gym wants up to 40 fractional ones."""
    own = MuscleEdges(muscle=M.CHEST, axis=Axis.FRACTIONAL, maximum_adaptive=40)
    gym = of_organization(OrganizationVolume(thresholds=[own]))
    target = gym.targets[M.CHEST]
    assert (surplus(target, 35, 0), overload(target, 35, 0)) == (0, 0)
    assert (surplus(target, 42, 0), overload(target, 42, 0)) == (2, 2)
    assert verdict(35, 10, gym.limits[M.CHEST]).status is VolumeStatus.OPTIMAL
    assert verdict(42, 10, gym.limits[M.CHEST]).status is VolumeStatus.EXCESSIVE


@pytest.mark.parametrize(
    ("experience", "status"),
    [
        (Experience.BEGINNER, VolumeStatus.OPTIMAL),
        (Experience.INTERMEDIATE, VolumeStatus.LOW),
        (Experience.ADVANCED, VolumeStatus.LOW),
    ],
)
@pytest.mark.parametrize("base", list(PublishedProfile))
def test_only_beginners_have_a_lower_minimum(
    base: PublishedProfile, experience: Experience, status: VolumeStatus
) -> None:
    # 4 sets, none of them direct.
    limits = of_person(PersonalVolume(base=base, experience=experience)).limits
    assert verdict(4, 0, limits[M.LATS]).status is status
    assert verdict(3.75, 0, limits[M.LATS]).status is VolumeStatus.LOW
    # The upper edges are everybody's.
    assert verdict(20, 0, limits[M.LATS]).status is VolumeStatus.OPTIMAL
    assert verdict(20.25, 0, limits[M.LATS]).status is VolumeStatus.HIGH


def test_priorities_change_targets_and_no_verdict() -> None:
    mine = of_person(PersonalVolume(priorities={M.LATS: MusclePriority.IGNORE}))
    assert mine.limits == EVIDENCE
    assert deficit(mine.targets[M.LATS], 0, 0) == 0
    assert deficit(mine.targets[M.CHEST], 0, 0) == 6


def test_a_shown_profile_has_what_judges_and_nothing_else() -> None:
    rows = {row.muscle: row for row in shown_profile(PublishedProfile.EVIDENCE).thresholds}
    assert list(rows) == list(M)
    assert [edge.axis for edge in rows[M.FRONT_DELTS].maximum_recoverable] == [Axis.DIRECT]
    assert [edge.value for edge in rows[M.ADDUCTORS].minimum_effective] == [10]
