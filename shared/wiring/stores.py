"""Everything at rest: Firestore, and a repository for each noun."""

import time
from typing import TYPE_CHECKING

from shared.wiring.built import Base, built_once

if TYPE_CHECKING:
    from shared.storage.accounts import AccountRepository
    from shared.storage.counters import CounterRepository
    from shared.storage.deletions import DeletionRepository
    from shared.storage.documents import Documents
    from shared.storage.exercises import ExerciseRepository
    from shared.storage.members import MemberRepository
    from shared.storage.outbox import OutboxRepository
    from shared.storage.programs import ProgramRepository
    from shared.storage.subscriptions import SubscriptionRepository
    from shared.storage.tokens import TokenRepository
    from shared.storage.volume_settings import VolumeSettingsRepository


class Stores(Base):
    """Everything at rest: Firestore, and a repository for each noun."""

    @built_once
    def documents(self) -> "Documents":
        from google.cloud.firestore import Client

        from shared.storage.documents import Documents

        return Documents(Client(project=self.settings.project))

    @built_once
    def counters(self) -> "CounterRepository":
        from shared.storage.counters import CounterRepository

        return CounterRepository(self.documents)

    @built_once
    def account_repository(self) -> "AccountRepository":
        from shared.storage.accounts import AccountRepository

        return AccountRepository(self.documents)

    @built_once
    def exercise_repository(self) -> "ExerciseRepository":
        from shared.storage.exercises import ExerciseRepository

        return ExerciseRepository(self.documents, time.monotonic)

    @built_once
    def program_repository(self) -> "ProgramRepository":
        from shared.storage.programs import ProgramRepository

        return ProgramRepository(self.documents, time.monotonic, self.exercise_repository.names)

    @built_once
    def volume_settings_repository(self) -> "VolumeSettingsRepository":
        from shared.storage.volume_settings import VolumeSettingsRepository

        return VolumeSettingsRepository(self.documents, time.monotonic)

    @built_once
    def outbox(self) -> "OutboxRepository":
        from shared.storage.outbox import OutboxRepository

        return OutboxRepository(self.documents)

    @built_once
    def tokens(self) -> "TokenRepository":
        from shared.storage.tokens import TokenRepository

        return TokenRepository(self.documents)

    @built_once
    def member_repository(self) -> "MemberRepository":
        from shared.storage.members import MemberRepository

        return MemberRepository(self.documents)

    @built_once
    def subscriptions(self) -> "SubscriptionRepository":
        from shared.storage.subscriptions import SubscriptionRepository

        return SubscriptionRepository(self.documents)

    @built_once
    def deletion_repository(self) -> "DeletionRepository":
        from shared.storage.deletions import DeletionRepository

        return DeletionRepository(self.documents)
