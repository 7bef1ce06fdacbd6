"""Mesocycles over the API: laid out, looked up, adjusted, deleted, and never somebody else's."""

from typing import Any

import pytest

from tests.functions.bodies import MISSING, MONDAY, a_program, a_session, work
from tests.functions.refusals import needs_sign_in, problem_places, refused
from tests.functions.together import together
from tests.people import People, Person

pytestmark = pytest.mark.usefixtures("catalogue")

CALF, CURL = "standing-calf-raise", "leg-curl"
BENCH, PRESS = "barbell-bench-press", "machine-chest-press"
TEMPLATE = "push-pull-legs-6-day-split"


@pytest.fixture
def program(pro: Person) -> Any:
    """One session on 4 days a week: a set in it is 4 a week."""
    sessions = [a_session(1, [work(CALF, 4), work(CURL, 3, 2)], name="All")]
    return pro.api.post("/programs", json=a_program(name="Mine", sessions=sessions)).json


def one_session(person: Person, *exercises: Any) -> Any:
    body = a_program(sessions=[a_session(1, list(exercises))])
    return person.api.post("/programs", json=body).json


def where(program: Any, rest: str = "") -> str:
    return f"/programs/{program['id']}{rest}"


@pytest.fixture
def made(pro: Person, program: Any) -> Any:
    answer = pro.api.post(where(program, "/mesocycle"), json={"weeks": 4})
    assert answer.status_code == 201, answer.text
    return answer.json


def at(program: Any, mesocycle: Any) -> str:
    return where(program, f"/mesocycles/{mesocycle['id']}")


def sets(mesocycle: Any, place: int = 0) -> list[int]:
    return [week["sessions"][0]["exercises"][place]["sets"] for week in mesocycle["weeks"]]


def muscle(mesocycle: Any, name: str) -> Any:
    [row] = [row for row in mesocycle["muscles"] if row["muscle"] == name]
    return row


def test_nobody_plans_without_signing_in(api: Any, program: Any) -> None:
    needs_sign_in(api.post(where(program, "/mesocycle")))
    needs_sign_in(api.get(where(program, "/mesocycles")))
    for verb in ("GET", "PUT", "DELETE"):
        needs_sign_in(api.call(verb, where(program, f"/mesocycles/{MISSING}")))


def test_weeks_rise_from_the_least_effective_volume_and_end_with_rest(made: Any) -> None:
    """Calves: 6 direct sets a week are 2 a session (8 a week); the peak is 20 a week, which is 5.
    Leg curls: 4 are 1 a session (4 a week); the peak is 11 a week, so 2 (8).
    5 + 2 would be 7, which cannot be halved: the last set added is left out, and 3 are half."""
    assert sets(made) == [2, 3, 4, 4, 2]
    assert sets(made, 1) == [1, 2, 2, 2, 1]
    assert [week["phase"] for week in made["weeks"]] == ["ACCUMULATION"] * 4 + ["DELOAD"]
    assert [week["rir"] for week in made["weeks"]] == [3, 2.5, 1.5, 1, 4]
    assert [week["total_sets"] for week in made["weeks"]] == [3, 5, 6, 6, 3]
    calves = muscle(made, "CALVES")
    assert [week["direct_sets_per_week"] for week in calves["weeks"]] == [8, 12, 16, 16, 8]
    assert {week["status"] for week in calves["weeks"]} == {"optimal"}
    assert calves["minimum_effective"][1]["source_id"] == "rp-landmarks"
    assert (made["name"], made["program_name"], made["program_version"]) == ("Mine", "Mine", 1)
    assert made["weeks"][0]["scheduled_sessions"] == []


def test_what_was_stored_is_what_is_read(pro: Person, program: Any, made: Any) -> None:
    answer = pro.api.get(at(program, made))
    assert answer.json == made
    assert answer.headers["ETag"]
    page = pro.api.get(where(program, "/mesocycles")).json
    [row] = page["items"]
    assert (row["id"], row["weeks"], page["total"]) == (made["id"], 5, 1)
    again = pro.api.get(at(program, made), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


def test_later_changes_of_the_program_do_not_reach_it(pro: Person, program: Any, made: Any) -> None:
    pro.api.put(
        where(program), json={"name": "Other", "structure_config": {"days_on": 1, "days_off": 1}}
    )
    session = program["sessions"][0]["id"]
    pro.api.put(where(program, f"/sessions/{session}"), json={"exercises": []})
    assert pro.api.get(at(program, made)).json == made


def test_a_preview_stores_nothing(pro: Person, lifter: Person, program: Any) -> None:
    body = {"start_date": MONDAY, "deload": "EVERY", "deload_every_weeks": 2, "weeks": 4}
    before = pro.api.get(where(program)).headers["ETag"]
    seen = pro.api.post(where(program, "/mesocycle?preview=true"), json=body)
    assert seen.status_code == 200
    assert seen.json["id"] is None
    assert [week["phase"][0] for week in seen.json["weeks"]] == list("AADAAD")
    first = seen.json["weeks"][0]["scheduled_sessions"]
    assert [row["scheduled_date"] for row in first] == [
        "2026-03-02", "2026-03-03", "2026-03-05", "2026-03-06",
    ]  # fmt: skip
    assert pro.api.get(where(program, "/mesocycles")).json["items"] == []
    assert pro.api.get(where(program)).headers["ETag"] == before
    # Templates can be tried by everybody, and not kept.
    tried = lifter.api.post(f"/programs/{TEMPLATE}/mesocycle?preview=true")
    assert tried.status_code == 200
    assert len(tried.json["weeks"]) == 5
    refused(lifter.api.post(f"/programs/{TEMPLATE}/mesocycle"), 403, "PERMISSION_DENIED")


def test_the_same_request_twice_makes_one(pro: Person, program: Any) -> None:
    first, second = (pro.api.post(where(program, "/mesocycle"), json={}) for _ in range(2))
    assert first.json["id"] == second.json["id"]
    assert pro.api.get(where(program, "/mesocycles")).json["total"] == 1


def test_weeks_can_be_edited(pro: Person, program: Any, made: Any) -> None:
    place = {"session_id": program["sessions"][0]["id"], "exercise_id": CALF}
    load = {"amount": 82.5, "unit": "KG"}
    slots = [place | {"week": 2, "sets": 7, "load": load}, place | {"week": 3, "rir": 0}]
    tag = pro.api.get(at(program, made)).headers["ETag"]
    answer = pro.api.put(at(program, made), json={"slots": slots}, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.text
    assert sets(answer.json) == [2, 7, 4, 4, 2]
    second, third = (answer.json["weeks"][n]["sessions"][0]["exercises"][0] for n in (1, 2))
    assert second["load"] == load
    assert (second["rir"], third["rir"]) == (2.5, 0)
    # 7 sets on 4 days are 28 a week, and calves recover from 24.
    assert muscle(answer.json, "CALVES")["weeks"][1]["direct_sets_per_week"] == 28
    assert answer.json["notes"][-1] == "Calves: more than can be recovered from in week 2."
    assert pro.api.get(at(program, made)).json == answer.json
    stale = pro.api.put(at(program, made), json={"name": "Late"}, headers={"If-Match": tag})
    refused(stale, 412, "PRECONDITION_FAILED")
    renamed = pro.api.put(at(program, made), json={"name": "Block 1", "start_date": MONDAY})
    assert renamed.json["weeks"][4]["scheduled_sessions"][0]["scheduled_date"] == "2026-03-30"
    [row] = pro.api.get(where(program, "/mesocycles")).json["items"]
    assert (row["name"], row["start_date"]) == ("Block 1", MONDAY)


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({"weeks": 2}, ["body.weeks"]),
        ({"weeks": 9}, ["body.weeks"]),
        ({"weeks": True}, ["body.weeks"]),
        ({"rir_start": 5}, ["body.rir_start"]),
        ({"rir_end": 0.25}, ["body.rir_end"]),
        ({"rir_start": 1, "rir_end": 2}, ["body"]),
        ({"deload": "SOMETIMES"}, ["body.deload"]),
        ({"deload_every_weeks": 1}, ["body.deload_every_weeks"]),
        ({"priorities": {"NECK": "IGNORE"}}, ["body.priorities.NECK.[key]"]),
        ({"start_date": "yesterday"}, ["body.start_date"]),
        ({"profile": "best"}, ["body.profile"]),
    ],
)
def test_what_cannot_be_laid_out(
    pro: Person, program: Any, body: dict[str, Any], places: list[str]
) -> None:
    assert problem_places(pro.api.post(where(program, "/mesocycle"), json=body)) == places


@pytest.mark.parametrize(
    ("fields", "places"),
    [
        ({"sets": 21}, ["body.slots.0.sets"]),
        ({"sets": 0}, ["body.slots.0.sets"]),
        ({"rir": 11}, ["body.slots.0.rir"]),
        ({"load": {"amount": -1, "unit": "KG"}}, ["body.slots.0.load.amount"]),
        ({"week": 6}, ["body.slots.0"]),
        ({"exercise_id": "plank"}, ["body.slots.0"]),
    ],
)
def test_what_cannot_be_edited(
    pro: Person, program: Any, made: Any, fields: dict[str, Any], places: list[str]
) -> None:
    place = {"week": 1, "session_id": program["sessions"][0]["id"], "exercise_id": CALF}
    answer = pro.api.put(at(program, made), json={"slots": [place | fields]})
    assert problem_places(answer) == places
    assert pro.api.get(at(program, made)).json == made


def test_a_program_without_exercises_cannot_be_laid_out(pro: Person) -> None:
    empty = pro.api.post("/programs", json=a_program()).json
    refused(pro.api.post(where(empty, "/mesocycle")), 400, "INVALID_OPERATION")


def test_colleagues_share_them_and_strangers_find_nothing(
    people: People, pro: Person, stranger: Person, program: Any, made: Any
) -> None:
    colleague = people.colleague(pro)
    assert colleague.api.get(at(program, made)).json == made
    assert colleague.api.put(at(program, made), json={"name": "Ours"}).status_code == 200
    refused(stranger.api.get(at(program, made)), 404, "PROGRAM_NOT_FOUND")
    mine = stranger.api.post("/programs", json=a_program()).json
    answer = stranger.api.get(where(mine, f"/mesocycles/{made['id']}"))
    refused(answer, 404, "MESOCYCLE_NOT_FOUND")


def test_one_that_is_deleted_is_gone(pro: Person, program: Any, made: Any) -> None:
    refused(
        pro.api.delete(at(program, made), headers={"If-Match": '"1"'}), 412, "PRECONDITION_FAILED"
    )
    assert pro.api.delete(at(program, made)).status_code == 204
    for answer in (pro.api.get(at(program, made)), pro.api.delete(at(program, made))):
        refused(answer, 404, "MESOCYCLE_NOT_FOUND")
    assert pro.api.get(where(program, "/mesocycles")).json["total"] == 0


def test_ten_and_no_more_even_at_once(pro: Person, program: Any) -> None:
    calls = [
        lambda name=f"Block {number}": (
            pro.api.post(where(program, "/mesocycle"), json={"name": name}).status_code
        )
        for number in range(4)
    ]
    done = together(calls)
    for number in range(4, 12):
        name = f"Block {number}"
        answer = pro.api.post(where(program, "/mesocycle"), json={"name": name})
        done.append(answer.status_code)
    assert (done.count(201), done.count(409)) == (10, 2)
    assert pro.api.get(where(program, "/mesocycles")).json["total"] == 10


def test_a_free_member_plans_with_a_copy(lifter: Person) -> None:
    copy = lifter.api.post(f"/programs/{TEMPLATE}/clone").json
    assert lifter.api.post(where(copy, "/mesocycle")).status_code == 201


def test_an_administrators_plan_for_a_template_is_everybodys_to_read(
    admin: Person, lifter: Person
) -> None:
    made = admin.api.post(f"/programs/{TEMPLATE}/mesocycle", json={"weeks": 3}).json
    path = f"/programs/{TEMPLATE}/mesocycles/{made['id']}"
    assert lifter.api.get(path).json == made
    refused(lifter.api.put(path, json={"name": "Mine"}), 403, "PERMISSION_DENIED")
    refused(lifter.api.delete(path), 403, "PERMISSION_DENIED")
    assert admin.api.delete(path).status_code == 204


def test_warm_ups_stay_warm_ups_in_a_mesocycle(pro: Person) -> None:
    program = one_session(pro, work(BENCH, 6, 1, rir=8), work(PRESS, 3, 2))
    [chest] = [row for row in program["stats"]["weekly_volume"] if row["muscle"] == "CHEST"]
    assert (chest["sets_per_week"], chest["status"]) == (12, "optimal")
    laid_out = pro.api.post(f"/programs/{program['id']}/mesocycle?preview=true", json={}).json
    assert not [note for note in laid_out["notes"] if note.startswith("Chest")]
    first = laid_out["weeks"][0]["sessions"][0]["exercises"][0]
    assert (first["exercise_id"], first["sets"], first["rir"]) == (BENCH, 6, 8)


def test_two_edits_of_one_exercise_both_count(pro: Person) -> None:
    program = one_session(pro, work(BENCH), work(CURL, 3, 2))
    base = f"/programs/{program['id']}"
    cycle = pro.api.post(f"{base}/mesocycle", json={}).json["id"]
    at = {"week": 1, "session_id": program["sessions"][0]["id"], "exercise_id": BENCH}
    slots = [at | {"sets": 9}, at | {"rir": 2.5}]
    changed = pro.api.put(f"{base}/mesocycles/{cycle}", json={"slots": slots}).json
    row = changed["weeks"][0]["sessions"][0]["exercises"][0]
    assert (row["sets"], row["rir"]) == (9, 2.5)
