"""Who people are, and what happens to their accounts."""

from typing import TYPE_CHECKING

from shared.wiring.built import built_once
from shared.wiring.training import Training

if TYPE_CHECKING:
    from shared.services.accounts import AccountService
    from shared.services.auth import AuthService
    from shared.services.avatars import AvatarService
    from shared.services.background import BackgroundService
    from shared.services.deletions import DeletionService
    from shared.services.exports import ExportService
    from shared.services.identities import IdentityService
    from shared.services.mails import MailService
    from shared.services.members import MemberService
    from shared.services.password_resets import PasswordResetService
    from shared.services.passwords import PasswordService
    from shared.services.profiles import ProfileService
    from shared.services.purges import PurgeService
    from shared.services.quotas import QuotaService
    from shared.services.verification import VerificationService


class People(Training):
    """Who people are, and what happens to their accounts."""

    @built_once
    def background(self) -> "BackgroundService":
        from shared.services.background import BackgroundService

        return BackgroundService(self.outbox, lambda: self.task_queue, now=self.now)

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
    def profiles(self) -> "ProfileService":
        from shared.services.profiles import ProfileService

        return ProfileService(
            self.accounts,
            self.account_repository,
            self.program_repository,
            self.exercise_repository,
            self.quotas,
            now=self.now,
        )

    @built_once
    def quotas(self) -> "QuotaService":
        from shared.services.quotas import QuotaService
        from shared.storage.usage import UsageRepository

        return QuotaService(
            self.exercise_repository,
            self.program_repository,
            UsageRepository(self.documents),
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
            self.subscriptions,
            self.accounts,
            lambda: self.payments,
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
    def identities(self) -> "IdentityService":
        from shared.services.identities import IdentityService

        return IdentityService(self.account_repository, lambda: self.directory)
