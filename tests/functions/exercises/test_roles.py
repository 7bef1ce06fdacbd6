"""The roles of an exercise's muscles: who does the work, and who helps."""

from typing import Any

import pytest

from tests.functions.bodies import an_exercise
from tests.functions.refusals import problem_places
from tests.people import Person

MAP = {"LATS": 1.0, "ELBOW_FLEXORS": 0.75, "FOREARMS": 1.0}


def roles(exercise: Any) -> dict[str, str]:
    return {row["muscle"]: row["role"] for row in exercise["muscle_contributions"]}


def made(person: Person, **fields: Any) -> Any:
    answer = person.api.post("/exercises", json=an_exercise(muscle_contributions=MAP, **fields))
    assert answer.status_code == 201, answer.text
    return answer.json


def test_without_a_word_whole_contributions_are_direct(pro: Person) -> None:
    assert roles(made(pro)) == {"LATS": "direct", "FOREARMS": "direct", "ELBOW_FLEXORS": "indirect"}


def test_a_stated_role_holds_and_counts_on_the_direct_axis(pro: Person) -> None:
    stated = {"biceps": "direct", "FOREARMS": "indirect"}
    exercise = made(pro, muscle_roles=stated)
    expected = {"LATS": "direct", "FOREARMS": "indirect", "ELBOW_FLEXORS": "direct"}
    assert roles(exercise) == expected
    assert roles(pro.api.get(f"/exercises/{exercise['id']}").json) == expected
    body = {"exercises": [{"exercise_id": exercise["id"], "sets": 4}]}
    rows = pro.api.post("/exercises/calculate-volume", json=body).json["muscles"]
    sets = {row["muscle"]: (row["sets"], row["direct_sets"]) for row in rows if row["sets"]}
    assert sets == {"LATS": (4, 4), "FOREARMS": (4, 0), "ELBOW_FLEXORS": (3, 4)}


def test_new_contributions_bring_the_usual_roles_back(pro: Person) -> None:
    where = f"/exercises/{made(pro, muscle_roles={'FOREARMS': 'indirect'})['id']}"
    renamed = pro.api.put(where, json={"description": "Slowly."}).json
    assert roles(renamed)["FOREARMS"] == "indirect"
    assert (
        roles(pro.api.put(where, json={"muscle_contributions": MAP}).json)["FOREARMS"] == "direct"
    )
    changed = pro.api.put(where, json={"muscle_roles": {"FOREARMS": "indirect"}}).json
    assert roles(changed)["FOREARMS"] == "indirect"
    assert roles(pro.api.put(where, json={"muscle_roles": {}}).json)["FOREARMS"] == "direct"


@pytest.mark.parametrize(
    ("stated", "place"),
    [
        ({"CHEST": "direct"}, "body.muscle_roles.CHEST"),
        ({"LATS": "main"}, "body.muscle_roles.LATS"),
        (dict.fromkeys(MAP, "indirect"), "body.muscle_roles"),
        ({"BICEPS": "direct", "ELBOW_FLEXORS": "indirect"}, "body.muscle_roles"),
    ],
)
def test_roles_that_cannot_be_are_422(pro: Person, stated: dict[str, str], place: str) -> None:
    body = an_exercise(muscle_contributions=MAP, muscle_roles=stated)
    assert problem_places(pro.api.post("/exercises", json=body)) == [place]
