"""The one place where parts are joined; each is built on first use.

Google's clients are imported inside these properties and nowhere else, so that a function pays at
cold start only for what its requests touch.
"""

import threading
import time
import uuid
from collections.abc import Callable, Container
from datetime import UTC, datetime
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from shared.errors import Unavailable
from shared.settings import Settings, Stack, settings

if TYPE_CHECKING:
    from shared.gateways.cloud_tasks import CloudTasks
    from shared.gateways.firebase_directory import FirebaseDirectory
    from shared.gateways.highs import HighsSolver
    from shared.gateways.id_tokens import IdTokenVerifier
    from shared.gateways.identity_toolkit import IdentityToolkit
    from shared.gateways.invokers import InvokerVerifier
    from shared.gateways.lemonsqueezy import LemonSqueezy
    from shared.gateways.ports import Files, Pictures
    from shared.gateways.smtp import SmtpMail
    from shared.services.accounts import AccountService
    from shared.services.admin.administration import Administration
    from shared.services.analysis import AnalysisService
    from shared.services.auth import AuthService
    from shared.services.avatars import AvatarService
    from shared.services.background import BackgroundService
    from shared.services.billing import BillingService
    from shared.services.cleaning import CleaningService
    from shared.services.deletions import DeletionService
    from shared.services.designs import DesignService
    from shared.services.exercises import ExerciseService
    from shared.services.exports import ExportService
    from shared.services.health import HealthService
    from shared.services.identities import IdentityService
    from shared.services.jobs import JobService
    from shared.services.mails import MailService
    from shared.services.members import MemberService
    from shared.services.mesocycles import MesocycleService
    from shared.services.password_resets import PasswordResetService
    from shared.services.passwords import PasswordService
    from shared.services.profiles import ProfileService
    from shared.services.programs import ProgramService
    from shared.services.purges import PurgeService
    from shared.services.template_updates import TemplateUpdateService
    from shared.services.verification import VerificationService
    from shared.services.versions import VersionService
    from shared.services.volume_settings import VolumeSettingsService
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

T = TypeVar("T")


class built_once(Generic[T]):  # noqa: N801 - used like `property`
    """A property that is built on first use, by one thread, and kept.

    Functions serve requests on many threads, and some clients must not be built twice.
    """

    def __init__(self, build: "Callable[[Wiring], T]") -> None:
        self._build = build
        self._name = build.__name__

    @overload
    def __get__(self, owner: None, kind: type) -> "built_once[T]": ...
    @overload
    def __get__(self, owner: "Wiring", kind: type) -> T: ...
    def __get__(self, owner: "Wiring | None", kind: type) -> "built_once[T] | T":
        if owner is None:
            return self
        parts = owner.parts
        if self._name not in parts:
            with owner.lock:
                if self._name not in parts:
                    parts[self._name] = self._build(owner)
        part: T = parts[self._name]
        return part


class Wiring:
    """Everything a function may need, for one set of settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.parts: dict[str, Any] = {}
        self.lock = threading.RLock()

    @staticmethod
    def now() -> datetime:
        return datetime.now(UTC)

    @staticmethod
    def new_id() -> str:
        return str(uuid.uuid4())

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
    def id_tokens(self) -> "IdTokenVerifier":
        from shared.gateways.id_tokens import IdTokenVerifier

        return IdTokenVerifier(
            self.settings.project,
            self.settings.certificates_url,
            # The official Auth emulator signs nothing; settings keep that stack to demo projects.
            allow_unsigned=self.settings.stack is Stack.EMULATORS,
        )

    @built_once
    def sign_in(self) -> "IdentityToolkit":
        from shared.gateways.identity_toolkit import IdentityToolkit

        return IdentityToolkit(
            identity_toolkit=self.settings.identity_toolkit,
            secure_token=self.settings.secure_token,
            api_key=self.settings.firebase_api_key,
        )

    @built_once
    def directory(self) -> "FirebaseDirectory":
        from shared.gateways.firebase_directory import FirebaseDirectory

        return FirebaseDirectory(self.settings.project)

    @built_once
    def invokers(self) -> "InvokerVerifier":
        from shared.gateways.invokers import InvokerVerifier

        return InvokerVerifier(
            audience=self.settings.tasks_url,
            invokers=self.settings.invokers,
            certificates_url=self.settings.invoker_certificates_url,
        )

    @built_once
    def task_queue(self) -> "CloudTasks":
        from shared.gateways.cloud_tasks import CloudTasks

        return CloudTasks(
            project=self.settings.project,
            location=self.settings.location,
            url=self.settings.tasks_url,
            service_account=self.settings.invokers[0],
            emulator=self.settings.tasks_emulator,
        )

    @built_once
    def outbox(self) -> "OutboxRepository":
        from shared.storage.outbox import OutboxRepository

        return OutboxRepository(self.documents)

    @built_once
    def jobs(self) -> "JobService":
        from shared.services.jobs import JobService
        from shared.storage.jobs import JobRepository

        return JobService(JobRepository(self.documents), now=self.now, new_id=self.new_id)

    @built_once
    def cleaning(self) -> "CleaningService":
        from shared.services.cleaning import CleaningService
        from shared.storage.expired import ExpiredRepository

        return CleaningService(ExpiredRepository(self.documents), now=self.now)

    @built_once
    def tokens(self) -> "TokenRepository":
        from shared.storage.tokens import TokenRepository

        return TokenRepository(self.documents)

    @built_once
    def member_repository(self) -> "MemberRepository":
        from shared.storage.members import MemberRepository

        return MemberRepository(self.documents)

    @built_once
    def members(self) -> "MemberService":
        from shared.services.members import MemberService

        return MemberService(
            self.member_repository,
            self.accounts,
            self.tokens,
            self.background,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def payments(self) -> "LemonSqueezy":
        from shared.gateways.lemonsqueezy import LemonSqueezy

        return LemonSqueezy(
            url=self.settings.lemonsqueezy_url,
            key=self.settings.lemonsqueezy_key,
            store_id=self.settings.lemonsqueezy_store,
            test_mode=self.settings.billing_test_mode,
        )

    @built_once
    def subscriptions(self) -> "SubscriptionRepository":
        from shared.storage.subscriptions import SubscriptionRepository

        return SubscriptionRepository(self.documents)

    @built_once
    def billing(self) -> "BillingService":
        from shared.services.billing import BillingService

        return BillingService(
            self.subscriptions,
            self.account_repository,
            self.accounts,
            lambda: self.payments,
            offers={offer.variant_id: offer for offer in self.settings.billing_offers},
            webhook_secrets=self.settings.lemonsqueezy_secrets,
            checkout_secret=self.settings.hash_secret,
            test_mode=self.settings.billing_test_mode,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def background(self) -> "BackgroundService":
        from shared.services.background import BackgroundService

        return BackgroundService(self.outbox, lambda: self.task_queue, now=self.now)

    @built_once
    def mail(self) -> "SmtpMail":
        from shared.gateways.smtp import SmtpMail

        return SmtpMail(
            host=self.settings.smtp_host,
            port=self.settings.smtp_port,
            security=self.settings.smtp_security,
            sender=self.settings.mail_from,
            user=self.settings.smtp_user,
            password=self.settings.smtp_password,
            now=self.now,
        )

    @built_once
    def mails(self) -> "MailService":
        from shared.models.tokens import Purpose
        from shared.services.mails import Letterhead, MailService

        return MailService(
            accounts=self.account_repository,
            invitations=self.member_repository,
            tokens=self.tokens,
            mail=lambda: self.mail,
            letterhead=Letterhead(
                support=self.settings.support_address,
                feedback=self.settings.feedback_address,
                links={
                    Purpose.VERIFY_EMAIL: self.settings.link("verify"),
                    Purpose.PASSWORD_RESET: self.settings.link("reset"),
                    Purpose.INVITATION: self.settings.link("invitation"),
                    Purpose.CANCEL_DELETION: self.settings.link("cancel-deletion"),
                },
            ),
            now=self.now,
        )

    @built_once
    def common_passwords(self) -> Container[str]:
        from zxcvbn.frequency_lists import FREQUENCY_LISTS

        long_enough = (word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8)
        return frozenset(islice(long_enough, 3_000))

    @built_once
    def accounts(self) -> "AccountService":
        from shared.services.accounts import AccountService

        return AccountService(self.account_repository, now=self.now)

    @built_once
    def auth(self) -> "AuthService":
        from shared.services.auth import AuthService

        return AuthService(
            sign_in=self.sign_in,
            directory=lambda: self.directory,
            id_tokens=self.id_tokens,
            accounts=self.accounts,
            repository=self.account_repository,
            background=self.background,
            common_passwords=lambda: self.common_passwords,
            conceals=self.settings.register_conceal,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def files(self) -> "Files":
        if self.settings.stack is not Stack.CLOUD and not self.settings.storage_emulator:
            raise Unavailable("This stack has no file store.")
        from shared.gateways.cloud_storage import CloudStorage

        return CloudStorage(self.settings.project, self.settings.avatar_bucket)

    @built_once
    def pictures(self) -> "Pictures":
        from shared.gateways.pillow import Pillow

        return Pillow()

    @built_once
    def profiles(self) -> "ProfileService":
        from shared.services.profiles import ProfileService

        return ProfileService(
            self.accounts,
            self.account_repository,
            self.program_repository,
            self.exercise_repository,
            now=self.now,
        )

    @built_once
    def passwords(self) -> "PasswordService":
        from shared.services.passwords import PasswordService

        return PasswordService(
            sign_in=self.sign_in,
            directory=lambda: self.directory,
            auth=self.auth,
            accounts=self.accounts,
            background=self.background,
            common_passwords=lambda: self.common_passwords,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def avatars(self) -> "AvatarService":
        from shared.services.avatars import AvatarService

        return AvatarService(
            lambda: self.files,
            lambda: self.pictures,
            self.account_repository,
            self.accounts,
            self.background,
            now=self.now,
        )

    @built_once
    def password_resets(self) -> "PasswordResetService":
        from shared.services.password_resets import PasswordResetService

        return PasswordResetService(
            directory=lambda: self.directory,
            accounts=self.accounts,
            repository=self.account_repository,
            tokens=self.tokens,
            background=self.background,
            common_passwords=lambda: self.common_passwords,
            now=self.now,
        )

    @built_once
    def verification(self) -> "VerificationService":
        from shared.services.verification import VerificationService

        return VerificationService(
            directory=lambda: self.directory,
            accounts=self.accounts,
            repository=self.account_repository,
            tokens=self.tokens,
            background=self.background,
            now=self.now,
        )

    @built_once
    def deletion_repository(self) -> "DeletionRepository":
        from shared.storage.deletions import DeletionRepository

        return DeletionRepository(self.documents)

    @built_once
    def deletions(self) -> "DeletionService":
        from shared.services.deletions import DeletionService

        return DeletionService(
            self.deletion_repository,
            self.tokens,
            self.accounts,
            self.background,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def purges(self) -> "PurgeService":
        from shared.services.purges import PurgeService
        from shared.storage.purges import PurgeRepository

        return PurgeService(
            self.deletion_repository,
            PurgeRepository(self.documents),
            self.accounts,
            lambda: self.files,
            lambda: self.directory,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def exports(self) -> "ExportService":
        from shared.services.exports import ExportService
        from shared.storage.exports import ExportRepository

        return ExportService(
            ExportRepository(self.documents),
            lambda: self.files,
            self.background,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def exercises(self) -> "ExerciseService":
        from shared.services.exercises import ExerciseService

        return ExerciseService(
            self.exercise_repository,
            self.program_repository,
            now=self.now,
            new_id=self.new_id,
            image_hosts=self.settings.image_hosts,
        )

    @built_once
    def programs(self) -> "ProgramService":
        from shared.services.programs import ProgramService

        return ProgramService(
            self.program_repository,
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def identities(self) -> "IdentityService":
        from shared.services.identities import IdentityService

        return IdentityService(self.account_repository, lambda: self.directory)

    @built_once
    def admin(self) -> "Administration":
        from shared.services.admin.administration import Administration

        return Administration(
            self.documents,
            self.exercise_repository,
            self.accounts,
            self.background,
            self.exercises,
            self.programs,
            self.health,
            lambda: self.deletions,
            price_cents=self.settings.pro_price_cents,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def versions(self) -> "VersionService":
        from shared.services.versions import VersionService
        from shared.storage.versions import VersionRepository

        return VersionService(
            self.programs,
            self.program_repository,
            VersionRepository(self.documents),
            self.exercise_repository.names,
            now=self.now,
        )

    @built_once
    def template_updates(self) -> "TemplateUpdateService":
        from shared.services.template_updates import TemplateUpdateService

        return TemplateUpdateService(
            self.programs,
            self.program_repository,
            self.versions,
            self.exercise_repository.names,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def mesocycles(self) -> "MesocycleService":
        from shared.services.mesocycles import MesocycleService
        from shared.storage.mesocycles import MesocycleRepository

        return MesocycleService(
            self.programs,
            self.program_repository,
            MesocycleRepository(self.documents, time.monotonic),
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
            new_id=self.new_id,
        )

    @built_once
    def analysis(self) -> "AnalysisService":
        from shared.services.analysis import AnalysisService

        return AnalysisService(
            self.program_repository,
            self.exercise_repository,
            self.volume_settings,
            now=self.now,
        )

    @built_once
    def solver(self) -> "HighsSolver":
        from shared.gateways.highs import HighsSolver

        return HighsSolver()

    @built_once
    def designs(self) -> "DesignService":
        from shared.services.designs import DesignService

        return DesignService(
            self.program_repository,
            self.exercise_repository,
            self.programs,
            self.volume_settings,
            solver=lambda: self.solver,
            now=self.now,
        )

    @built_once
    def volume_settings(self) -> "VolumeSettingsService":
        from shared.services.volume_settings import VolumeSettingsService

        return VolumeSettingsService(self.volume_settings_repository, now=self.now)

    @built_once
    def health(self) -> "HealthService":
        from shared.services.health import HealthService

        return HealthService(lambda: self.documents, lambda: self.counters, now=self.now)


@cache
def wiring() -> Wiring:
    """The process's wiring: one set of clients, shared by all threads."""
    return Wiring(settings())
