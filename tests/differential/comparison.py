"""The same request to both servers, and what they disagree about."""

import re
from dataclasses import dataclass, field
from typing import Any

from infra.local.firestore.messages import Document
from tests.differential.deliberate import Deliberate, deliberate_difference
from tests.differential.operations import written
from tests.differential.target import Outcome, Target

_WORDS = re.compile(r"[A-Za-z ]*")


@dataclass(frozen=True, slots=True)
class Difference:
    """`kind` says where: the result, the refusal or the documents afterwards."""

    kind: str
    reference: Any
    ours: Any

    @property
    def signature(self) -> tuple[str, ...]:
        """Equal for two differences with, most likely, the same cause."""
        if self.kind != "refusal":
            return (self.kind,)
        # The words before whatever the sentence names or counts.
        said = [_WORDS.findall(outcome.sentence)[0] for outcome in (self.reference, self.ours)]
        return (self.kind, self.reference.code, self.ours.code, *said)


@dataclass(slots=True)
class Tally:
    """How many operations ended how."""

    agreed: int = 0
    refused: int = 0
    deliberate: dict[str, int] = field(default_factory=dict)

    @property
    def operations(self) -> int:
        return self.agreed + self.refused + sum(self.deliberate.values())

    def add(self, other: "Tally") -> None:
        self.agreed += other.agreed
        self.refused += other.refused
        for reason, count in other.deliberate.items():
            self.deliberate[reason] = self.deliberate.get(reason, 0) + count


@dataclass(frozen=True, slots=True)
class Pair:
    """Google's emulator, and the server of this repository."""

    reference: Target
    ours: Target

    def renew(self, documents: list[Document]) -> None:
        """Both empty but for these."""
        for target in (self.reference, self.ours):
            target.renew()
            target.store(documents)

    def compare(self, request: Any, tally: Tally | None = None) -> Difference | None:
        """None when they agree, or disagree as they are meant to."""
        pending = self.reference.begin(request), self.ours.begin(request)
        reference, ours = (call.outcome() for call in pending)
        known = deliberate_difference(request, reference, ours)
        if tally:
            _count(tally, reference, ours, known)
        if not known and reference.code != ours.code:
            return Difference("refusal", reference, ours)
        if not known and reference.answer != ours.answer:
            return Difference("result", reference.answer, ours.answer)
        if bool(reference.code) != bool(ours.code):
            # Only one of them wrote: go on from what the other has.
            self.renew((self.ours if ours.code else self.reference).documents())
        elif written(request) and not ours.code:
            left, right = self.reference.after(request), self.ours.after(request)
            if left != right:
                return Difference("documents", left, right)
        return None

    def close(self) -> None:
        self.reference.close()
        self.ours.close()

    def compare_state(self) -> Difference | None:
        """Every document of both."""
        reference, ours = self.reference.state(), self.ours.state()
        return None if reference == ours else Difference("state", reference, ours)


def _count(tally: Tally, reference: Outcome, ours: Outcome, known: Deliberate | None) -> None:
    if known:
        tally.deliberate[known.reason] = tally.deliberate.get(known.reason, 0) + 1
    elif reference.code and ours.code:
        tally.refused += 1
    else:
        tally.agreed += 1
