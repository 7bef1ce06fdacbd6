"""Settings about volume: kept per owner, remembered for a while, and never in the way."""

import pytest

from shared.models.muscles import MuscleGroup
from shared.models.volume import Axis, Experience, MusclePriority
from shared.models.volume_settings import MuscleEdges, OrganizationVolume, PersonalVolume
from shared.storage.documents import Documents
from shared.storage.tally import counting
from shared.storage.volume_settings import VolumeSettingsRepository

BEGINNER = PersonalVolume(
    experience=Experience.BEGINNER, priorities={MuscleGroup.CALVES: MusclePriority.IGNORE}
)


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def settings(documents: Documents, clock: Clock) -> VolumeSettingsRepository:
    return VolumeSettingsRepository(documents, clock)


def test_what_was_written_is_read_back(
    settings: VolumeSettingsRepository, documents: Documents
) -> None:
    chest = MuscleEdges(muscle=MuscleGroup.CHEST, axis=Axis.DIRECT, maximum_adaptive=18)
    gym = OrganizationVolume(thresholds=[chest])
    settings.put_organization("gym-a", gym)
    settings.put_person("ann-a", BEGINNER)
    other = VolumeSettingsRepository(documents, Clock())
    assert other.organization("gym-a") == gym
    assert other.person("ann-a") == BEGINNER
    assert documents.get("organizations/gym-a/settings/volume").data["schema"] == 1
    assert documents.get("users/ann-a/settings/volume").data["priorities"] == {"CALVES": "IGNORE"}


def test_nothing_set_is_the_defaults_and_remembered_too(
    settings: VolumeSettingsRepository, clock: Clock
) -> None:
    for expected in (1, 0):
        with counting() as tally:
            assert settings.person("bob-a", max_age=30) == PersonalVolume()
        assert tally.reads == expected
    clock.seconds = 30
    with counting() as tally:
        settings.person("bob-a", max_age=30)
        settings.person("bob-a")
    assert tally.reads == 2


def test_another_instance_sees_a_change_when_its_memory_is_old(
    settings: VolumeSettingsRepository, documents: Documents, clock: Clock
) -> None:
    other = VolumeSettingsRepository(documents, clock)
    assert other.person("cat-a", max_age=30) == PersonalVolume()
    settings.put_person("cat-a", BEGINNER)
    assert settings.person("cat-a", max_age=30) == BEGINNER
    assert other.person("cat-a", max_age=30) == PersonalVolume()
    clock.seconds = 30
    assert other.person("cat-a", max_age=30) == BEGINNER


def test_settings_that_somebody_broke_in_the_console_judge_nothing(
    settings: VolumeSettingsRepository, documents: Documents, caplog: pytest.LogCaptureFixture
) -> None:
    documents.atomically(
        lambda transaction: transaction.put("users/dan-a/settings/volume", {"experience": "lots"})
    )
    assert settings.person("dan-a") == PersonalVolume()
    assert "unreadable document" in caplog.text
