"""What lies outside the process, besides Firestore."""

from collections.abc import Container
from itertools import islice
from typing import TYPE_CHECKING

from shared.errors import Unavailable
from shared.settings import Stack
from shared.wiring.built import built_once
from shared.wiring.stores import Stores

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


class Outside(Stores):
    """What lies outside the process, besides Firestore."""

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
        """What cannot be queued from here, the deployed functions sweep within minutes."""
        if not self.settings.tasks_url or not self.settings.invokers:
            raise Unavailable("Nobody said where tasks go: set TASKS_URL and INVOKERS.")
        from shared.gateways.cloud_tasks import CloudTasks

        return CloudTasks(
            project=self.settings.project,
            location=self.settings.location,
            url=self.settings.tasks_url,
            service_account=self.settings.invokers[0],
            emulator=self.settings.tasks_emulator,
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
    def solver(self) -> "HighsSolver":
        from shared.gateways.highs import HighsSolver

        return HighsSolver()

    @built_once
    def common_passwords(self) -> Container[str]:
        from zxcvbn.frequency_lists import FREQUENCY_LISTS

        long_enough = (word for word in FREQUENCY_LISTS["passwords"] if len(word) >= 8)
        return frozenset(islice(long_enough, 3_000))
