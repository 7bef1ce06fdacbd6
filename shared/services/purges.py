"""The removal of an account whose door is closed: every step may be done again at any time."""

from collections.abc import Callable
from datetime import datetime

from shared.errors import Refused
from shared.gateways.ports import Directory, Files, Payments
from shared.logging import log
from shared.models.billing_events import SubscriptionAttributes
from shared.models.tasks import PurgeAccount
from shared.rules.accounts import personal_organization_id
from shared.rules.files import archive_folder, picture_folder
from shared.rules.subscriptions import is_over
from shared.services.accounts import AccountService
from shared.services.trail import told
from shared.storage.deletions import DeletionRepository
from shared.storage.exports import export_path
from shared.storage.purges import PurgeRepository
from shared.storage.subscriptions import SubscriptionRepository
from shared.storage.tenancy import organization_path, user_path


class PurgeService:
    """`payments`, `files` and `directory` return what is loaded only when it is needed."""

    def __init__(
        self,
        deletions: DeletionRepository,
        purges: PurgeRepository,
        subscriptions: SubscriptionRepository,
        accounts: AccountService,
        payments: Callable[[], Payments],
        files: Callable[[], Files],
        directory: Callable[[], Directory],
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
    ) -> None:
        self._deletions = deletions
        self._purges = purges
        self._subscriptions = subscriptions
        self._accounts = accounts
        self._payments = payments
        self._files = files
        self._directory = directory
        self._now = now
        self._new_id = new_id

    def purge(self, task: PurgeAccount) -> None:
        """Leave nothing of a person but ids: organizations nobody else is in, files, account.

        Raises Refused unless the door was closed before.
        """
        user_id = task.user_id
        deletion = self._deletions.find(user_id)
        if deletion is None or not deletion.closed:
            raise Refused("This account is not to be removed.")
        own = {deletion.organization_id, personal_organization_id(user_id)}
        for organization_id in own | self._purges.owned_by(user_id):
            self._leave(organization_id, user_id)
        for folder in (picture_folder(user_id), archive_folder(user_id)):
            self._remove_files(folder)
        self._purges.forget_tokens(user_id)
        self._purges.forget_name(user_id)
        self._purges.empty(export_path(user_id))
        self._purges.empty(user_path(user_id))
        self._accounts.forget(user_id)
        self._directory().delete(user_id)
        now = self._now()
        entry = told(
            None,
            "user.purge",
            user_id,
            entry_id=self._new_id(),
            now=now,
            organization_id=deletion.organization_id,
        )
        self._deletions.finish(user_id, now, entry)

    def _leave(self, organization_id: str, user_id: str) -> None:
        """What colleagues still work with stays theirs."""
        entry = told(
            None,
            "organization.pass_on",
            organization_id,
            entry_id=self._new_id(),
            now=self._now(),
            organization_id=organization_id,
        ).model_copy(update={"before": {"owner_user_id": user_id}})
        if not self._purges.leave(organization_id, user_id, entry):
            self._stop_paying(organization_id)
            self._purges.empty(organization_path(organization_id))
            # Not before: what is told about them now finds no organization, and is not stored.
            self._purges.forget_subscriptions(organization_id)

    def _stop_paying(self, organization_id: str) -> None:
        """Nobody is charged for what is gone; the payment service knows best what still runs."""
        for state in self._subscriptions.of(organization_id):
            try:
                found = self._payments().subscription(state.id)
                if is_over(SubscriptionAttributes.model_validate(found.attributes).status):
                    continue
                self._payments().cancel(state.id)
            except Refused:
                # They know of no such subscription, so it takes nobody's money.
                continue
            log.info("subscription cancelled", extra={"fields": {"subscription": state.id}})

    def _remove_files(self, prefix: str) -> None:
        files = self._files()
        while names := files.names(prefix):
            for name in names:
                files.delete(name)
