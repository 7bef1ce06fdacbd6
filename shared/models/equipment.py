"""What an exercise is done with."""

from enum import StrEnum

from shared.models.base import Model


class Equipment(StrEnum):
    BARBELL = "BARBELL"
    DUMBBELL = "DUMBBELL"
    CABLE = "CABLE"
    MACHINE = "MACHINE"
    SMITH_MACHINE = "SMITH_MACHINE"
    BODYWEIGHT = "BODYWEIGHT"
    KETTLEBELL = "KETTLEBELL"
    RESISTANCE_BAND = "RESISTANCE_BAND"
    OTHER = "OTHER"

    @property
    def display_name(self) -> str:
        return self.value.replace("_", " ").title()

    @property
    def is_free_weight(self) -> bool:
        return self in {Equipment.BARBELL, Equipment.DUMBBELL, Equipment.KETTLEBELL}

    @property
    def is_fixed_path(self) -> bool:
        return self in {Equipment.MACHINE, Equipment.SMITH_MACHINE}


class EquipmentInfo(Model):
    value: Equipment
    """The name used in requests and answers."""

    display_name: str
    """The name to show to people."""

    is_free_weight: bool
    """Whether the weight moves freely in space: barbell, dumbbell, kettlebell."""

    is_fixed_path: bool
    """Whether a machine guides the movement."""

    @classmethod
    def of(cls, equipment: Equipment) -> "EquipmentInfo":
        return cls(
            value=equipment,
            display_name=equipment.display_name,
            is_free_weight=equipment.is_free_weight,
            is_fixed_path=equipment.is_fixed_path,
        )
