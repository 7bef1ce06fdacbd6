"""GET /exercises/stats/overview (E9): real numbers of what one can use."""

from collections import Counter

import pytest

from tests.client import Api
from tests.functions.bodies import an_exercise
from tests.functions.refusals import needs_sign_in
from tests.people import Person

pytestmark = pytest.mark.usefixtures("catalogue")


def test_e9_an_anonymous_caller_gets_401(api: Api) -> None:
    needs_sign_in(api.get("/exercises/stats/overview"))


def test_e9_own_exercises_are_counted_by_equipment_and_muscle(
    pro: Person, stranger: Person
) -> None:
    before = pro.api.get("/exercises/stats/overview").json
    assert set(before) == {"total", "global", "organization", "by_equipment", "by_muscle"}
    assert len(before["by_equipment"]) == 9
    assert len(before["by_muscle"]) == 18
    muscles = {"ABDUCTORS": 1, "GLUTES": 0.25}
    for _ in range(2):
        body = an_exercise(equipment="KETTLEBELL", muscle_contributions=muscles)
        pro.api.post("/exercises", json=body)
    after = pro.api.get("/exercises/stats/overview").json
    assert after["organization"] == before["organization"] + 2 == 2
    assert after["total"] == after["global"] + 2
    assert after["by_equipment"]["KETTLEBELL"] == before["by_equipment"]["KETTLEBELL"] + 2
    grown = {
        muscle: after["by_muscle"][muscle] - before["by_muscle"][muscle]
        for muscle in after["by_muscle"]
        if after["by_muscle"][muscle] != before["by_muscle"][muscle]
    }
    assert grown == {"ABDUCTORS": 2, "GLUTES": 2}
    assert stranger.api.get("/exercises/stats/overview").json["organization"] == 0


def test_e9_the_numbers_agree_with_the_list(lifter: Person) -> None:
    rows = [
        row
        for page in (1, 2)
        for row in lifter.api.get(f"/exercises?limit=100&page={page}").json["items"]
    ]
    overview = lifter.api.get("/exercises/stats/overview").json
    assert overview["total"] == overview["global"] == len(rows)
    counted = Counter(row["equipment"] for row in rows)
    assert overview["by_equipment"] == {kind: counted[kind] for kind in overview["by_equipment"]}
    trained = Counter(
        contribution["muscle"] for row in rows for contribution in row["muscle_contributions"]
    )
    assert overview["by_muscle"] == {muscle: trained[muscle] for muscle in overview["by_muscle"]}
