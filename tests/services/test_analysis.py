"""Looking at programs: what it costs, and that nothing is stored."""

import pytest

from shared.errors import PatchMisfit
from shared.models.analysis import AnalysisRequest, RecommendationQuery
from shared.models.patches import PatchOperation
from shared.models.recommendations import RecommendationChoice
from shared.models.users import Caller
from tests.services.instance import Instance, cost, exercise_draft, program_draft

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "upper-lower-4-day-split"


class TestBudgets:
    """Reads and writes, without what signing in costs."""

    def test_a_program_written_out_costs_the_catalogues_and_the_settings(
        self, here: Instance, caller: Caller
    ) -> None:
        asked = AnalysisRequest(program=program_draft("leg-curl", "plank"))
        # The shared catalogue, the organization's own, and its settings; then all are at hand.
        assert cost(lambda: here.analysis.analyze(caller, asked)) == (3, 0)
        assert cost(lambda: here.analysis.analyze(caller, asked)) == (0, 0)
        # The organization's own exercises may be a second old, its settings half a minute.
        here.clock.seconds = 1
        assert cost(lambda: here.analysis.analyze(caller, asked)) == (1, 0)
        here.clock.seconds = 30
        assert cost(lambda: here.analysis.analyze(caller, asked)) == (2, 0)

    @pytest.mark.parametrize("others", [0, 10])
    def test_a_saved_program_costs_one_read_more_however_much_there_is(
        self, here: Instance, caller: Caller, others: int
    ) -> None:
        own = here.exercises.create(caller, exercise_draft()).id
        made = here.programs.create(caller, program_draft(own, "leg-curl"))
        for _ in range(others):
            here.programs.create(caller, program_draft("plank"))
        here.analysis.analyze(caller, AnalysisRequest(program=program_draft("plank")))
        asked = AnalysisRequest(program_id=made.id)
        assert cost(lambda: here.analysis.analyze(caller, asked)) == (1, 0)
        query = RecommendationQuery()
        assert cost(lambda: here.analysis.recommendations(caller, made.id, query)) == (1, 0)

    def test_of_a_template_nothing_of_ones_own_is_read(
        self, here: Instance, caller: Caller
    ) -> None:
        query = RecommendationQuery()
        assert cost(lambda: here.analysis.recommendations(caller, TEMPLATE, query)) == (2, 0)
        assert cost(lambda: here.analysis.recommendations(caller, TEMPLATE, query)) == (1, 0)

    def test_following_costs_what_a_change_does_and_the_memory_of_it(
        self, here: Instance, caller: Caller
    ) -> None:
        made = here.programs.create(caller, program_draft("leg-curl", "plank"))
        [first, *_] = here.analysis.recommendations(
            caller, made.id, RecommendationQuery()
        ).recommendations
        choice = RecommendationChoice(recommendations=[first.id])
        follow = here.programs.follow
        assert cost(lambda: follow(caller, made.id, choice, None)) == (3, 4)
        # Its automatic repeat.
        assert cost(lambda: follow(caller, made.id, choice, None)) == (3, 0)


def test_ten_seconds_later_the_same_request_is_a_new_one(here: Instance, caller: Caller) -> None:
    made = here.programs.create(caller, program_draft("leg-curl", "plank", "leg-press"))
    remove = PatchOperation.model_validate({"op": "remove", "path": "/sessions/0/exercises/0"})
    choice = RecommendationChoice(recommendations=[[remove]])

    def left() -> list[str]:
        program = here.programs.follow(caller, made.id, choice, None)
        return [row.exercise_id for row in program.sessions[0].exercises]

    assert left() == ["plank", "leg-press"]
    here.clock.seconds = 9.9
    assert left() == ["plank", "leg-press"]
    here.clock.seconds = 10.0
    assert left() == ["leg-press"]


def test_ten_seconds_later_a_recommendation_that_was_followed_no_longer_fits(
    here: Instance, caller: Caller
) -> None:
    """Its tests see to it, without any memory."""
    made = here.programs.create(caller, program_draft("leg-curl", "plank"))
    query = RecommendationQuery()
    [edit, *_] = here.analysis.recommendations(caller, made.id, query).recommendations

    def follow(chosen: str | list[PatchOperation]) -> None:
        here.clock.seconds += 10
        choice = RecommendationChoice(recommendations=[chosen])
        here.programs.follow(caller, made.id, choice, None)

    follow(edit.id)
    for chosen in (edit.id, edit.patch):
        with pytest.raises(PatchMisfit):
            follow(chosen)
