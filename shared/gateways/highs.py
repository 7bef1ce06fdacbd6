"""HiGHS, the solver behind design and balance: one thread, one seed, the same answer each time.

Where a search ends must not depend on the clock, or equal questions would get different answers
on a busy machine. So it is work that is counted, at the places where HiGHS asks whether to go on;
the clock only stops what runs far beyond that, and then the answer says so.
"""

import math
import threading
import time
from collections.abc import Mapping

from highspy import (
    Highs,
    HighsLp,
    HighsModelStatus,
    HighsStatus,
    HighsVarType,
    MatrixFormat,
    kSolutionStatusFeasible,
)
from highspy.highs import HighsCallbackEvent

from shared.errors import Unavailable
from shared.gateways.ports import Solved
from shared.models.designs import Ending
from shared.rules.balance.linear import LinearProgram

_OPTIONS: dict[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "parallel": "off",
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
}
_PATIENCE, _GRACE_SECONDS = 4, 5
"""The clock stops a search after so many times its seconds of processor time, and these."""

_ROOT_SECONDS = 0.014
_NODE_SECONDS_PER_FACTOR = 2.5e-7
"""What lies between two questions, before HiGHS branches and after; measured on one core of a
shared two-core machine in 2026. Changing these figures changes answers."""

_QUEUE_SECONDS = 15
"""How long a search waits for those before it."""

_IMPOSSIBLE = {HighsModelStatus.kInfeasible, HighsModelStatus.kUnboundedOrInfeasible}
"""No program here is without a bound, as only what is limited earns anything."""

_one_at_a_time = threading.Lock()
"""An instance has one processor, and its threads would only slow each other down."""


class HighsSolver:
    def solve(
        self, linear: LinearProgram, seconds: float, start: Mapping[int, float] = {}
    ) -> Solved:
        if not _one_at_a_time.acquire(timeout=_QUEUE_SECONDS):
            raise Unavailable("Too many searches at once. Try again in a moment.")
        try:
            return _Search(linear, seconds, start).run()
        finally:
            _one_at_a_time.release()


class _Search:
    def __init__(self, linear: LinearProgram, seconds: float, start: Mapping[int, float]) -> None:
        self._linear = linear
        self._work, self._most_work = 0.0, seconds
        self._node_work = _NODE_SECONDS_PER_FACTOR * len(linear.factors)
        self._until = time.thread_time() + seconds * _PATIENCE + _GRACE_SECONDS
        self._ending: Ending | None = None
        self._highs = Highs()  # type: ignore[no-untyped-call]  # its constructor has no types
        for name, value in _OPTIONS.items():
            _require(self._highs.setOptionValue(name, value))
        _require(self._highs.passModel(_model(linear)))
        if start:
            _require(self._highs.setSolution(len(start), [*start], [*start.values()]))
        self._highs.cbMipInterrupt += self._goes_on

    def run(self) -> Solved:
        self._highs.solve()
        self._highs.cbMipInterrupt -= self._goes_on
        status, info = self._highs.getModelStatus(), self._highs.getInfo()
        if status in _IMPOSSIBLE:
            return Solved(Ending.INFEASIBLE, [], math.inf)
        if (
            not math.isfinite(info.objective_function_value)
            or info.primal_solution_status != kSolutionStatusFeasible
        ):
            raise Unavailable("The search took too long. Ask for less at once.")
        ending = Ending.OPTIMAL if status == HighsModelStatus.kOptimal else self._ending
        values = [float(value) for value in self._highs.getSolution().col_value]
        bound = info.mip_dual_bound if any(self._linear.integer) else info.objective_function_value
        return Solved(ending or Ending.CLOCK, values, bound)

    def _goes_on(self, event: HighsCallbackEvent) -> None:
        seen = event.data_out
        self._work += self._node_work if seen.mip_node_count > 0 else _ROOT_SECONDS
        if self._work > self._most_work and math.isfinite(seen.mip_primal_bound):
            self._ending = Ending.EFFORT
        elif time.thread_time() > self._until:
            self._ending = Ending.CLOCK
        if self._ending:
            event.interrupt()


def _model(linear: LinearProgram) -> HighsLp:
    model = HighsLp()
    model.num_col_, model.num_row_ = len(linear.cost), len(linear.row_lower)
    model.col_cost_, model.col_lower_, model.col_upper_ = linear.cost, linear.lower, linear.upper
    model.row_lower_, model.row_upper_ = linear.row_lower, linear.row_upper
    model.a_matrix_.format_ = MatrixFormat.kRowwise
    model.a_matrix_.start_, model.a_matrix_.index_ = linear.starts, linear.columns
    model.a_matrix_.value_ = linear.factors
    model.integrality_ = [
        HighsVarType.kInteger if whole else HighsVarType.kContinuous for whole in linear.integer
    ]
    return model


def _require(status: HighsStatus) -> None:
    if status != HighsStatus.kOk:
        raise ValueError("HiGHS does not take this program")
