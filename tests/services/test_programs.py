"""Programs: what calls cost, how long creates are remembered, and what deleted exercises leave."""

import pytest

from shared.errors import Conflict, Forbidden, NameTaken, Refused
from shared.models.exercises import PlannedSets, VolumeRequest
from shared.models.lint import LintQuery
from shared.models.muscles import MuscleGroup
from shared.models.programs import CloneDraft, ProgramChange, ProgramFilter
from shared.models.sessions import SessionChange
from shared.models.users import Caller
from shared.models.volume import Experience, ProfileName
from shared.models.volume_settings import PersonalVolumeDraft
from shared.wiring import Wiring
from tests.functions.bodies import a_name
from tests.people import Person
from tests.services.instance import (
    Instance,
    cost,
    exercise_draft,
    program_draft,
    session_draft,
)

pytestmark = pytest.mark.usefixtures("catalogue")

TEMPLATE = "upper-lower-4-day-split"
GLOBALS = ("leg-curl", "plank", "leg-press")


def warm(here: Instance, caller: Caller) -> None:
    """The shared catalogue is at hand, as it is after any instance's first minute."""
    here.programs.get(caller, TEMPLATE)


class TestBudgets:
    """Reads and writes, without what signing in costs."""

    @pytest.mark.parametrize("rows", [0, 3, 30])
    def test_c10_lists_cost_two_reads_whatever_they_hold(
        self, parts: Wiring, here: Instance, caller: Caller, rows: int
    ) -> None:
        for _ in range(rows):
            here.programs.create(caller, program_draft("plank"))
        cold = Instance(parts).programs
        asked = ProgramFilter(limit=100)
        assert [cost(lambda: cold.browse(caller, asked)) for _ in range(2)] == [(2, 0)] * 2

    @pytest.mark.parametrize("others", [0, 10])
    def test_c10_calls_cost_the_same_however_much_there_is(
        self, here: Instance, caller: Caller, others: int
    ) -> None:
        warm(here, caller)
        for _ in range(others):
            here.programs.create(caller, program_draft(*GLOBALS))
        service = here.programs
        draft = program_draft(*GLOBALS)
        assert cost(lambda: service.create(caller, draft)) == (2, 4)
        assert cost(lambda: service.create(caller, draft)) == (3, 0)
        made = service.create(caller, draft)
        assert cost(lambda: service.get(caller, made.id)) == (1, 0)
        assert cost(lambda: service.stats(caller, made.id, ProfileName.UNIFORM)) == (1, 0)
        change = ProgramChange(name="New")
        assert cost(lambda: service.change(caller, made.id, change, None)) == (2, 3)
        session = session_draft(2, *GLOBALS)
        assert cost(lambda: service.add_session(caller, made.id, session, None)) == (2, 3)
        # Its automatic repeat.
        assert cost(lambda: service.add_session(caller, made.id, session, None)) == (2, 0)
        second = service.get(caller, made.id).sessions[1].id
        move = SessionChange(day_number=5)
        assert cost(lambda: service.change_session(caller, made.id, second, move, None)) == (2, 3)
        assert cost(lambda: service.remove_session(caller, made.id, second, None)) == (2, 3)
        # The program, the catalogue, and the five versions made above.
        assert cost(lambda: service.remove(caller, made.id, None)) == (2, 7)

    def test_profiles_cost_nothing_or_one_read_in_half_a_minute(
        self, here: Instance, caller: Caller
    ) -> None:
        made = here.programs.create(caller, program_draft(*GLOBALS))

        def reads(profile: ProfileName) -> int:
            return cost(lambda: here.programs.stats(caller, made.id, profile))[0]

        assert [reads(profile) for profile in ProfileName] == [1, 1, 2, 2]
        # Nothing was set, which is remembered as well.
        assert [reads(profile) for profile in ProfileName] == [1, 1, 1, 1]
        asked = LintQuery()
        assert cost(lambda: here.programs.lint(caller, made.id, asked)) == (1, 0)
        here.clock.seconds += 30
        assert reads(ProfileName.MINE) == 2
        draft = PersonalVolumeDraft(experience=Experience.BEGINNER)
        assert cost(lambda: here.volume_settings.set_person(caller, draft)) == (0, 1)
        # Who changed it sees it at once.
        row = here.programs.stats(caller, made.id, ProfileName.MINE)
        assert reads(ProfileName.MINE) == 1
        assert row.profile is ProfileName.MINE

    def test_c10_own_exercises_cost_one_more_read_however_many(
        self, here: Instance, caller: Caller
    ) -> None:
        warm(here, caller)
        own = [here.exercises.create(caller, exercise_draft()).id for _ in range(20)]
        service = here.programs
        draft = program_draft(*own)
        assert cost(lambda: service.create(caller, draft)) == (3, 4)
        made = service.create(caller, draft)
        here.clock.seconds += 2
        assert cost(lambda: service.get(caller, made.id)) == (2, 0)
        here.clock.seconds += 2
        session = session_draft(2, *own[:10], *GLOBALS)
        assert cost(lambda: service.add_session(caller, made.id, session, None)) == (3, 3)

    def test_c10_a_clone_costs_three_reads_and_four_writes(
        self, parts: Wiring, caller: Caller
    ) -> None:
        here = Instance(parts)
        # The very first one of an instance also reads the shared catalogue.
        assert cost(lambda: here.programs.clone(caller, TEMPLATE, CloneDraft())) == (4, 4)
        again = CloneDraft(new_name="Second")
        assert cost(lambda: here.programs.clone(caller, TEMPLATE, again)) == (3, 4)

    def test_c10_reading_a_program_cold_costs_three_reads_at_most(
        self, parts: Wiring, here: Instance, caller: Caller
    ) -> None:
        own = here.exercises.create(caller, exercise_draft()).id
        made = here.programs.create(caller, program_draft(own, *GLOBALS))
        cold = Instance(parts).programs
        # The program, the shared catalogue, the organization's own.
        assert cost(lambda: cold.get(caller, made.id)) == (3, 0)
        assert cost(lambda: Instance(parts).programs.get(caller, TEMPLATE)) == (2, 0)


class TestRepeats:
    def test_client_10_16_ten_seconds_later_a_second_program_is_made(
        self, here: Instance, caller: Caller
    ) -> None:
        draft = program_draft("plank")
        first = here.programs.create(caller, draft)
        here.clock.seconds = 9.9
        assert here.programs.create(caller, draft) == first
        here.clock.seconds = 10.0
        assert here.programs.create(caller, draft).id != first.id

    def test_client_10_16_ten_seconds_later_a_second_clone_is_made(
        self, here: Instance, caller: Caller
    ) -> None:
        first = here.programs.clone(caller, TEMPLATE, CloneDraft())
        here.clock.seconds = 9.9
        assert here.programs.clone(caller, TEMPLATE, CloneDraft()) == first
        here.clock.seconds = 10.0
        assert here.programs.clone(caller, TEMPLATE, CloneDraft()).id != first.id

    def test_client_10_16_ten_seconds_later_the_sessions_day_is_simply_taken(
        self, here: Instance, caller: Caller
    ) -> None:
        made = here.programs.create(caller, program_draft("plank"))
        draft = session_draft(2)
        first = here.programs.add_session(caller, made.id, draft, None)
        here.clock.seconds = 9.9
        assert here.programs.add_session(caller, made.id, draft, None) == first
        here.clock.seconds = 10.0
        with pytest.raises(Conflict):
            here.programs.add_session(caller, made.id, draft, None)


class TestRemovedExercises:
    def test_c5_an_exercise_removed_while_a_program_was_saved_keeps_its_name_and_volume(
        self, parts: Wiring, here: Instance, caller: Caller
    ) -> None:
        own = here.exercises.create(caller, exercise_draft(muscle_contributions={"CALVES": 1}))
        # Another instance deletes it between this one's look and this one's write.
        here.exercises.volume(
            caller, VolumeRequest(exercises=[PlannedSets(exercise_id=own.id, sets=3)])
        )
        Instance(parts).exercises.remove(caller, own.id, None)
        made = here.programs.create(caller, program_draft(own.id))
        for instance in (here, Instance(parts)):
            instance.clock.seconds += 5
            read = instance.programs.get(caller, made.id)
            assert read.sessions[0].exercises[0].exercise_name == own.name
            # 3 sets, 4 days a week over one session.
            top = read.stats.weekly_volume[0]
            assert (top.muscle, top.sets_per_week) == (MuscleGroup.CALVES, 12.0)
            assert any("Withdrawn" in note for note in read.stats.notes)

    def test_c5_a_removed_exercise_cannot_be_planned_anew(
        self, here: Instance, caller: Caller
    ) -> None:
        own = here.exercises.create(caller, exercise_draft())
        here.exercises.remove(caller, own.id, None)
        with pytest.raises(Refused):
            here.programs.create(caller, program_draft(own.id))


class TestTemplates:
    def test_only_administrators_make_templates(self, here: Instance, caller: Caller) -> None:
        with pytest.raises(Forbidden):
            here.programs.create_template(caller, program_draft("plank"))

    def test_a_template_uses_only_what_everybody_sees(
        self, parts: Wiring, here: Instance, caller: Caller, admin: Person
    ) -> None:
        own = here.exercises.create(caller, exercise_draft()).id
        with pytest.raises(Refused):
            here.programs.create_template(admin.caller, program_draft(own))

    def test_two_templates_may_not_read_the_same(self, here: Instance, admin: Person) -> None:
        name = a_name("Template")
        made = here.programs.create_template(admin.caller, program_draft("plank", name=name))
        with pytest.raises(NameTaken):
            here.programs.create_template(
                admin.caller, program_draft("plank", name=name.upper(), description="Other.")
            )
        here.programs.remove(admin.caller, made.id, None)
