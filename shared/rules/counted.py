"""A program with its sets counted, once for all that looks at them."""

from dataclasses import dataclass
from fractions import Fraction

from shared.models.programs import Program
from shared.models.sessions import Session, SessionExercise
from shared.rules.durations import session_seconds, slot_seconds
from shared.rules.patch_steps import SlotChanges
from shared.rules.sessions import in_place_order
from shared.rules.volume import (
    Exercises,
    Tally,
    hard_sets,
    rotation_factor,
    tally,
    together,
    weekly_total,
)


@dataclass(slots=True, eq=False)
class Turn:
    """A session by its place in the order of turns."""

    place: int

    session: Session
    """As it is stored, for its id and name; what it holds now is in `slots`."""

    slots: list[SessionExercise]
    """In their order."""

    seconds: int

    total_sets: int
    """Hard or not, of whatever exercise."""

    sets: Tally
    """Of the session done once."""

    exercise_ids: set[str]

    @classmethod
    def of(cls, place: int, session: Session, exercises: Exercises) -> "Turn":
        slots = in_place_order(session.exercises)
        return cls(
            place,
            session,
            slots,
            seconds=session_seconds(slots),
            total_sets=sum([slot.sets for slot in slots]),
            sets=tally(slots, exercises),
            exercise_ids={slot.exercise_id for slot in slots},
        )

    @property
    def is_storable(self) -> bool:
        """Whether it has each exercise once."""
        return len(self.exercise_ids) == len(self.slots)

    def changed(self, changes: SlotChanges, exercises: Exercises) -> "Turn":
        """With other values in some exercises, or without them; only these are counted anew.

        Another exercise, or another place, is no value to change.
        """
        slots: list[SessionExercise | None] = [*self.slots]
        sets, seconds, total_sets = self.sets.copy(), self.seconds, self.total_sets
        for place, fields in changes.items():
            old = self.slots[place]
            new = slots[place] = None if fields is None else old.model_copy(update=fields)
            if exercise := exercises.get(old.exercise_id):
                sets.add(exercise, (hard_sets(new) if new else 0) - hard_sets(old))
            seconds += (slot_seconds(new) if new else 0) - slot_seconds(old)
            total_sets += (new.sets if new else 0) - old.sets
        left = [slot for slot in slots if slot]
        names = {slot.exercise_id for slot in left}
        return Turn(self.place, self.session, left, seconds, total_sets, sets, names)


@dataclass(slots=True, eq=False)
class CountedProgram:
    program: Program
    exercises: Exercises
    turns: list[Turn]

    factor: Fraction
    """How often each session comes up in an average week."""

    once: Tally
    """The sets of one pass: each session done once."""

    weekly: Tally
    """The sets of an average scheduled week."""

    @classmethod
    def of(cls, program: Program, exercises: Exercises) -> "CountedProgram":
        turns = [
            Turn.of(place, session, exercises) for place, session in enumerate(program.in_order)
        ]
        factor = rotation_factor(program)
        once = together(turn.sets for turn in turns)
        return cls(program, exercises, turns, factor, once, weekly_total(once, factor))
