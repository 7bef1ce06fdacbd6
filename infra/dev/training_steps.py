"""The part of a newcomer's way that is about better training: advice, weeks, a made program."""

from typing import Any

from infra.dev.caller import ApiCaller, Mismatch, expect

WISHES = {
    "split_type": "FULL_BODY",
    "structure_config": {"days_per_week": 3, "selected_days": ["MON", "WED", "FRI"]},
    "session_minutes": 60,
    "save": True,
}


class TrainingSteps:
    def __init__(self, api: ApiCaller) -> None:
        self._api = api

    def improve(self, path: str) -> str:
        """Look at a program without changing it, and follow the first advice."""
        before = self._api.get(path)
        asked = {"program_id": before["id"]}
        found = self._api.post("/programs/analyze", asked, status=200)
        expect("sets looked at", found["stats"]["total_sets"], _sets(before))
        expect("the program, only looked at", self._api.get(path), before)
        if not found["recommendations"]:
            raise Mismatch("nothing is recommended")
        advice = found["recommendations"][0]
        choice = {"recommendations": [advice["id"]]}
        after = self._api.post(f"{path}/recommendations/apply", choice, status=200)
        expect("sets afterwards", _sets(after), _sets(before) + advice["sets_delta"])
        looked = self._api.post("/programs/analyze", asked, status=200)
        again = [each["id"] for each in looked["recommendations"]]
        expect("the same advice again", advice["id"] in again, expected=False)
        return str(advice["recommendation"])

    def mesocycle(self, path: str) -> str:
        """Four weeks that rise and an easy one, laid out and not stored."""
        laid = self._api.post(f"{path}/mesocycle?preview=true", {"weeks": 4}, status=200)
        expect("its id", laid["id"], None)
        phases = [week["phase"] for week in laid["weeks"]]
        expect("its weeks", phases, ["ACCUMULATION"] * 4 + ["DELOAD"])
        efforts = [week["rir"] for week in laid["weeks"][:4]]
        expect("its efforts", (efforts[0], efforts[-1]), (3, 1))
        stored = self._api.get(f"{path}/mesocycles")
        expect("stored", stored["total"], 0)
        return f"{[week['total_sets'] for week in laid['weeks']]} sets, and nothing is stored"

    def design(self) -> tuple[dict[str, Any], str]:
        """A program made for three days of an hour; the program, and what to tell of it."""
        made = self._api.post("/programs/design", WISHES, status=200)
        expect("feasible", made["feasible"], expected=True)
        saved: dict[str, Any] = made["saved"]
        expect("its days", [row["day_number"] for row in saved["sessions"]], [1, 3, 5])
        lengths = [row["minutes"] for row in made["session_lengths"]]
        expect("too long", [each for each in lengths if each > WISHES["session_minutes"]], [])
        expect(
            "as stored", self._api.get(f"/programs/{saved['id']}")["sessions"], saved["sessions"]
        )
        return saved, f"{_sets(saved)} sets in {len(lengths)} sessions of an hour"


def _sets(program: dict[str, Any]) -> int:
    return sum(row["total_sets"] for row in program["sessions"])
