"""A change that was made although its answer was lost: nobody is told otherwise, and once."""

from datetime import UTC, datetime
from functools import partial

from shared.models.exercises import ExerciseChange, ExerciseDraft
from shared.models.people import UserAction
from shared.wiring import Wiring
from tests.faults.proxy import FaultProxy
from tests.faults.test_lost_replies import losing
from tests.functions.bodies import a_name, an_exercise
from tests.people import Person

DUE = datetime(2026, 3, 2, 2, 15, tzinfo=UTC)


def test_an_ai_query_is_counted_once(faulty: Wiring, proxy: FaultProxy, lifter: Person) -> None:
    caller = lifter.caller
    quota = losing(proxy, "ai_queries", partial(faulty.quotas.use_ai_query, caller))
    assert quota.used == 1
    assert faulty.quotas.use_ai_query(caller).used == 2


def test_a_job_is_not_taken_for_somebody_elses(faulty: Wiring, proxy: FaultProxy) -> None:
    name = a_name("job").replace(" ", "-").lower()
    done = losing(proxy, "lease_until", lambda: faulty.jobs.run(name, DUE, lambda _: "done"))
    assert done == "done"


def test_an_audited_change_is_told_as_made(
    faulty: Wiring, proxy: FaultProxy, admin: Person
) -> None:
    caller = admin.caller
    made = faulty.exercises.create(caller, ExerciseDraft(**an_exercise()))
    change = ExerciseChange(name=a_name("Exercise"))
    shown = losing(
        proxy, str(change.name), partial(faulty.exercises.change, caller, made.id, change, None)
    )
    assert (shown.name, shown.version) == (
        change.name,
        faulty.exercises.get(caller, made.id).version,
    )


def test_with_if_match_as_well(faulty: Wiring, proxy: FaultProxy, pro: Person) -> None:
    caller = pro.caller
    made = faulty.exercises.create(caller, ExerciseDraft(**an_exercise()))
    change = ExerciseChange(name=a_name("Exercise"))
    shown = losing(
        proxy,
        str(change.name),
        partial(faulty.exercises.change, caller, made.id, change, made.version),
    )
    assert shown.name == change.name


def test_a_deletion_is_told_as_done(faulty: Wiring, proxy: FaultProxy, pro: Person) -> None:
    caller = pro.caller
    made = faulty.exercises.create(caller, ExerciseDraft(**an_exercise()))
    # Only the change itself writes what is in no list any more.
    losing(proxy, "removed", partial(faulty.exercises.remove, caller, made.id, None))
    assert faulty.exercises.statistics(caller).organization == 0


def test_a_suspension_is_told_as_done(
    faulty: Wiring, proxy: FaultProxy, admin: Person, lifter: Person
) -> None:
    act = partial(faulty.admin.users.act, admin.caller, lifter.user_id, UserAction.SUSPEND, "Spam")
    assert losing(proxy, "user.suspend", act).success
