"""What a good program makes small: the one measure by which edits of programs are compared.

For each muscle group the sets that are missing count by its priority; sets beyond the wanted
range count once, and those beyond recovery once more, whatever the priority. An ignored muscle
counts nothing. The weights are house conventions without a study behind them; the ranges are
those of `shared/rules/targets.py`, with their sources.
"""

from shared.models.muscles import MuscleGroup
from shared.rules.targets import Target, Targets, deficit, overload, surplus
from shared.rules.volume import Tally

SURPLUS_WEIGHT = 1.0
OVERLOAD_WEIGHT = 1.0


def muscle_burden(target: Target, fractional: float, direct: float) -> float:
    """In weekly sets of direct work; 0 within the wanted range."""
    burden = target.weight * deficit(target, fractional, direct)
    if extra := surplus(target, fractional, direct):
        burden += SURPLUS_WEIGHT * extra
        burden += OVERLOAD_WEIGHT * overload(target, fractional, direct)
    return burden


def burdens(wanted: Targets, weekly: Tally) -> dict[MuscleGroup, float]:
    """By muscle group; their sum is what an edit should reduce."""
    return {
        muscle: muscle_burden(target, weekly.fractional[muscle], weekly.direct[muscle])
        for muscle, target in wanted.items()
    }
