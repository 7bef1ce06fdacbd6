"""POST /programs/analyze: looking at a program without saving anything."""

from typing import Any

import pytest

from shared.http.openapi_examples import BODIES
from shared.models.analysis import AnalysisRequest
from tests.client import Api
from tests.functions.bodies import (
    MISSING,
    a_name,
    a_program,
    a_session,
    an_exercise,
    work,
)
from tests.functions.pages import everything
from tests.functions.refusals import needs_sign_in, problem_places, refused, tells_the_same
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")

ANALYZE = "/programs/analyze"
TEMPLATE = "upper-lower-4-day-split"
RECOMMENDATION = {
    "id",
    "kind",
    "session_id",
    "session_name",
    "exercise_id",
    "exercise_name",
    "sets_before",
    "sets_after",
    "sets_delta",
    "improvement",
    "minutes_after",
    "effects",
    "reason",
    "recommendation",
    "patch",
}


def press(**fields: Any) -> dict[str, Any]:
    """4 sets of bench press on each of 4 days a week."""
    return a_program(sessions=[a_session(1, [work("barbell-bench-press", 4)])], **fields)


def analyzed(person: Person, **body: Any) -> Any:
    answer = person.api.post(ANALYZE, json=body)
    assert answer.status_code == 200, answer.text
    return answer.json


def volume(answer: Any) -> dict[str, tuple[float, float]]:
    return {
        row["muscle"]: (row["sets_per_week"], row["direct_sets_per_week"])
        for row in answer["stats"]["weekly_volume"]
    }


def test_an_anonymous_caller_gets_401_whatever_the_body(api: Api) -> None:
    needs_sign_in(api.post(ANALYZE, json={"program": press()}))
    needs_sign_in(api.post(ANALYZE, json={}))


def test_a_foreign_program_reads_like_a_missing_one(pro: Person, stranger: Person) -> None:
    made = pro.api.post("/programs", json=press()).json
    foreign = stranger.api.post(ANALYZE, json={"program_id": made["id"]})
    refused(foreign, 404, "PROGRAM_NOT_FOUND")
    tells_the_same(foreign, stranger.api.post(ANALYZE, json={"program_id": MISSING}))


def test_it_is_open_to_every_plan_and_stores_nothing(lifter: Person) -> None:
    answer = analyzed(lifter, program=press(name="Only a thought"))
    # 16 direct sets a week; contributions: triceps 0.75, front delts 0.5.
    assert volume(answer)["CHEST"] == (16.0, 16.0)
    assert volume(answer)["TRICEPS"] == (12.0, 0.0)
    assert volume(answer)["FRONT_DELTS"] == (8.0, 0.0)
    assert answer["stats"]["rotation_factor"] == 4
    # 4 sets of 40 seconds and 120 of rest: 640 seconds.
    [length] = answer["session_lengths"]
    assert length == {"session_id": "unsaved-1", "session_name": "Session 1", "minutes": 10.7}
    assert {row["rule_id"] for row in answer["lint"]["findings"]} >= {"HQ101"}
    assert all(set(row) == RECOMMENDATION for row in answer["recommendations"])
    assert lifter.api.get("/programs?is_template=false").json["total"] == 0


def test_a_draft_is_judged_as_the_saved_program_is(pro: Person) -> None:
    body = a_program(
        sessions=[
            a_session(2, [work("leg-press", 3), work("leg-curl", 4, 2)], name="Lower"),
            a_session(
                1, [work("barbell-bench-press", 4), work("lat-pulldown", 4, 2)], name="Upper"
            ),
        ]
    )
    made = pro.api.post("/programs", json=body).json
    draft, saved = analyzed(pro, program=body), analyzed(pro, program_id=made["id"])
    assert draft["stats"] == saved["stats"] == made["stats"]
    assert [row["minutes"] for row in draft["session_lengths"]] == [
        row["minutes"] for row in saved["session_lengths"]
    ]
    assert [row["session_id"] for row in draft["session_lengths"]] == ["unsaved-1", "unsaved-2"]
    lint = pro.api.get(f"/programs/{made['id']}/lint").json
    assert saved["lint"] == lint
    assert [row["rule_id"] for row in draft["lint"]["findings"]] == [
        row["rule_id"] for row in lint["findings"]
    ]
    listed = pro.api.get(f"/programs/{made['id']}/recommendations").json["recommendations"]
    assert saved["recommendations"] == listed

    def edits(answer: Any) -> list[Any]:
        return [
            (row["session_name"], row["exercise_id"], row["sets_after"], row["improvement"])
            for row in answer["recommendations"]
        ]

    assert edits(draft) == edits(saved)


def test_edits_of_a_saved_program_are_looked_at_and_not_made(pro: Person) -> None:
    made = pro.api.post("/programs", json=press()).json
    patch = [
        {"op": "test", "path": "/sessions/0/id", "value": made["sessions"][0]["id"]},
        {"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": 2},
        {"op": "add", "path": "/sessions/0/exercises/-", "value": work("leg-press", 3, 2)},
    ]
    answer = analyzed(pro, program_id=made["id"], patch=patch)
    assert volume(answer)["CHEST"] == (8.0, 8.0)
    assert volume(answer)["QUADRICEPS"] == (12.0, 12.0)
    assert pro.api.get(f"/programs/{made['id']}").json == made


def test_a_recommendation_for_a_draft_can_be_tried_on_it(lifter: Person) -> None:
    before = analyzed(lifter, program=press())
    [edit, *_] = before["recommendations"]
    after = analyzed(lifter, program=press(), patch=edit["patch"])
    for effect in edit["effects"]:
        muscle = effect["muscle"]
        assert volume(before)[muscle] == (
            effect["sets_per_week_before"],
            effect["direct_sets_per_week_before"],
        )
        assert volume(after)[muscle] == (
            effect["sets_per_week_after"],
            effect["direct_sets_per_week_after"],
        )


def test_templates_can_be_looked_at_with_edits_by_everybody(lifter: Person) -> None:
    patch = [{"op": "remove", "path": "/sessions/0/exercises/0"}]
    answer = analyzed(lifter, program_id=TEMPLATE, patch=patch)
    whole = lifter.api.get(f"/programs/{TEMPLATE}").json
    assert answer["stats"]["total_sets"] < whole["stats"]["total_sets"]


@pytest.mark.parametrize("inside", ["program", "patch"])
def test_exercises_one_cannot_see_are_400_as_on_create(
    pro: Person, stranger: Person, inside: str
) -> None:
    foreign = pro.api.post("/exercises", json=an_exercise()).json["id"]
    for unknown in (foreign, MISSING, "no-such-exercise"):
        row = work(unknown, 3, 9)
        if inside == "program":
            body = {"program": a_program(sessions=[a_session(1, [row])])}
        else:
            add = {"op": "add", "path": "/sessions/0/exercises/-", "value": row}
            body = {"program_id": TEMPLATE, "patch": [add]}
        details = refused(stranger.api.post(ANALYZE, json=body), 400, "INVALID_OPERATION")
        assert details == {"exercise_ids": [unknown]}


def test_own_exercises_are_recommended_to_their_organization_alone(
    pro: Person, stranger: Person
) -> None:
    """An exercise that trains everything is worth more than any other."""
    everything = [row["value"] for row in pro.api.get("/exercises/muscles/groups").json]
    wonder = an_exercise(
        name=a_name("Wonder"),
        equipment="OTHER",
        muscle_contributions=dict.fromkeys(everything, 0.5) | {"CALVES": 1, "SIDE_DELTS": 1},
    )
    made = pro.api.post("/exercises", json=wonder).json["id"]
    assert analyzed(pro, program=press())["recommendations"][0]["exercise_id"] == made
    others = analyzed(stranger, program=press())["recommendations"]
    assert made not in {row["exercise_id"] for row in others}
    # What belongs to nobody is recommended what belongs to everybody.
    template = analyzed(pro, program_id=TEMPLATE)["recommendations"]
    assert made not in {row["exercise_id"] for row in template}


def test_the_context_says_what_is_wanted_and_what_there_is(lifter: Person) -> None:
    muscles = [row["value"] for row in lifter.api.get("/exercises/muscles/groups").json]
    wanted = {
        "priorities": dict.fromkeys(muscles, "IGNORE") | {"CALVES": "PRIORITISED"},
        "experience": "BEGINNER",
        "equipment": ["DUMBBELL"],
        "session_minutes": 20,
    }
    answer = analyzed(lifter, program=press(), context=wanted)
    known = {row["id"]: row["equipment"] for row in everything(lifter, "/exercises")}
    # Beginners need 4 sets; one session on 4 days has 8 of them with 2 sets, each worth double.
    first = answer["recommendations"][0]
    assert (first["reason"]["muscle"], first["improvement"]) == ("CALVES", 8)
    for row in answer["recommendations"]:
        if row["sets_delta"] > 0:
            assert known[row["exercise_id"]] in {"DUMBBELL", "BODYWEIGHT"}
            assert row["minutes_after"] <= 20
    assert "HQ110" in {row["rule_id"] for row in answer["lint"]["findings"]}
    uniform = analyzed(lifter, program=press(), context={"profile": "uniform"})
    assert uniform["stats"]["profile"] == uniform["lint"]["profile"] == "uniform"


def test_ones_own_profile_counts_and_may_be_overruled(lifter: Person) -> None:
    muscles = [row["value"] for row in lifter.api.get("/exercises/muscles/groups").json]
    ignored = dict.fromkeys(muscles, "IGNORE")
    lifter.api.put("/programs/volume/profiles/me", json={"priorities": ignored})
    mine = analyzed(lifter, program=press(), context={"profile": "mine"})
    assert mine["recommendations"] == []
    overruled = {"profile": "mine", "priorities": {"CALVES": "NORMAL"}}
    assert analyzed(lifter, program=press(), context=overruled)["recommendations"] != []
    assert analyzed(lifter, program=press())["recommendations"] != []


def test_a_program_without_sessions_has_nothing_to_recommend(lifter: Person) -> None:
    answer = analyzed(lifter, program=a_program())
    assert (answer["recommendations"], answer["session_lengths"]) == ([], [])
    assert answer["stats"]["total_sets"] == 0


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, ["body"]),
        ({"program_id": "x", "program": press()}, ["body"]),
        ({"program": press(), "context": {"session_minutes": 9}}, ["body.context.session_minutes"]),
        ({"program": press(), "context": {"profile": "mood"}}, ["body.context.profile"]),
        ({"program": press(), "context": {"experience": "GURU"}}, ["body.context.experience"]),
        (
            {
                "program_id": TEMPLATE,
                "patch": [{"op": "replace", "path": "/sessions/0/exercises/0/sets", "value": 21}],
            },
            ["body.patch.0.value"],
        ),
        (
            {"program_id": TEMPLATE, "patch": [{"op": "move", "path": "/x"}]},
            ["body.patch.0.op", "body.patch.0.path"],
        ),
        (
            {
                "program": a_program(
                    sessions=[a_session(2), a_session(1, [work("plank"), work("leg-press")])]
                )
            },
            ["body.program.sessions.1.exercises.1.order_in_session"],
        ),
    ],
)
def test_what_cannot_be_accepted_says_where(lifter: Person, body: Any, places: Any) -> None:
    assert problem_places(lifter.api.post(ANALYZE, json=body)) == places


def test_an_exercise_twice_in_a_session_is_400_and_says_where(lifter: Person) -> None:
    twice = a_session(1, [work("plank"), work("plank", 2, 2)])
    body = {"program": a_program(sessions=[a_session(2), twice])}
    details = refused(lifter.api.post(ANALYZE, json=body), 400, "INVALID_OPERATION")
    assert details["loc"] == ["body", "program", "sessions", 1, "exercises", 1, "exercise_id"]


def test_a_patch_that_does_not_fit_is_409(lifter: Person) -> None:
    patch = [{"op": "test", "path": "/sessions/0/exercises/0/sets", "value": 19}]
    answer = lifter.api.post(ANALYZE, json={"program_id": TEMPLATE, "patch": patch})
    details = refused(answer, 409, "PATCH_DOES_NOT_FIT")
    assert (details["path"], details["expected"]) == (patch[0]["path"], 19)
    clash = [{"op": "replace", "path": "/sessions/0/day_number", "value": 2}]
    answer = lifter.api.post(ANALYZE, json={"program_id": TEMPLATE, "patch": clash})
    refused(answer, 409, "DUPLICATE_ENTRY")


def test_the_documented_example_works(lifter: Person) -> None:
    answer = lifter.api.post(ANALYZE, json=BODIES[AnalysisRequest])
    assert answer.status_code == 200, answer.text


def test_a_refused_patch_is_blamed_where_it_stands(pro: Person) -> None:
    sessions = [a_session(1, [work("barbell-bench-press"), work("leg-curl", 3, 2)])]
    program = pro.api.post("/programs", json=a_program(sessions=sessions)).json
    step = {"op": "replace", "path": "/sessions/0/exercises/1/order_in_session", "value": 1}
    asked = {"program_id": program["id"], "patch": [step]}
    assert problem_places(pro.api.post(ANALYZE, json=asked)) == ["body.patch"]
