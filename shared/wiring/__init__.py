"""The one place where parts are joined; each is built on first use.

Google's clients are imported inside these properties and nowhere else, so that a function pays at
cold start only for what its requests touch.
"""

from functools import cache
from typing import TYPE_CHECKING

from shared.settings import settings
from shared.wiring.built import built_once
from shared.wiring.people import People

if TYPE_CHECKING:
    from shared.services.admin.administration import Administration
    from shared.services.billing import BillingService
    from shared.services.cleaning import CleaningService
    from shared.services.health import HealthService
    from shared.services.jobs import JobService
    from shared.services.orphans import OrphanService


class Wiring(People):
    """Everything a function may need, for one set of settings."""

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
    def orphans(self) -> "OrphanService":
        from shared.services.orphans import OrphanService
        from shared.storage.references import ReferenceRepository

        return OrphanService(ReferenceRepository(self.documents), lambda: self.files, now=self.now)

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
            has_shop=bool(self.settings.lemonsqueezy_store),
            test_mode=self.settings.billing_test_mode,
            now=self.now,
            new_id=self.new_id,
        )

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
    def health(self) -> "HealthService":
        from shared.services.health import HealthService

        return HealthService(lambda: self.documents, lambda: self.counters, now=self.now)


@cache
def wiring() -> Wiring:
    """The process's wiring: one set of clients, shared by all threads."""
    return Wiring(settings())
