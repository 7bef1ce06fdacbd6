"""The limits under load: exact across processes, used up when asked for, cheap, and kill-proof.

Each trial prints its figures; `pytest tests/limits -rP` shows them. The windows are those of the
default policy, 60 calls, in two seconds instead of a minute; all trials together make 120 of them
and more.
"""

import sys
from pathlib import Path

from tests.limits.fleet import Fleet, Load
from tests.limits.report import Report

TWICE = Load(times=2, seconds=8)
MODEST = Load(times=0.7, seconds=6)


def measured(fleet: Fleet, load: Load, directory: Path) -> Report:
    report = Report.of(fleet.run(load, directory))
    sys.stdout.write(f"{load}: {report}\n")
    assert report.overshoot <= 0
    assert report.uncounted == 0
    # At least so many of a key's windows fit in whole, wherever they begin.
    assert report.windows >= load.keys * (load.seconds / load.window - 1)
    assert report.false_refusals <= 0.01 * report.below_limit
    return report


def test_four_processes_give_the_limit_and_no_more(fleet: Fleet, tmp_path: Path):
    report = measured(fleet, TWICE, tmp_path)
    assert report.saturated == report.windows
    assert report.utilisation >= 0.97
    assert report.writes_per_request <= 0.45


def test_eight_processes_give_the_limit_and_no_more(fleet: Fleet, tmp_path: Path):
    report = measured(fleet, Load(times=2, seconds=8, processes=8), tmp_path)
    assert report.saturated == report.windows
    assert report.utilisation >= 0.97
    assert report.writes_per_request <= 0.45


def test_who_stays_below_the_limit_is_not_refused(fleet: Fleet, tmp_path: Path):
    report = measured(fleet, MODEST, tmp_path)
    assert report.below_limit >= 0.9 * report.requests / 2
    assert report.writes_per_request <= 0.45


def test_nor_when_the_calls_are_spread_over_eight_processes(fleet: Fleet, tmp_path: Path):
    """At half the limit: each process fetches in twos and fours what it may not need, so with
    many of them the last permits of a window are the first to be missed.
    """
    report = measured(fleet, Load(times=0.5, seconds=6, processes=8), tmp_path)
    assert report.below_limit >= 0.9 * report.requests / 2


def test_kills_waste_little_and_duplicate_nothing(fleet: Fleet, tmp_path: Path):
    """Last, because it uses up the instances that wait for it."""
    report = measured(fleet, Load(times=2, seconds=8, kills=3), tmp_path)
    assert report.saturated == report.windows
    assert report.utilisation >= 0.95
    assert report.writes_per_request <= 0.45
