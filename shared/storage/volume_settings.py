"""Settings about volume at rest: `settings/volume` under an organization and under a person."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeVar

from shared.models.base import Model
from shared.models.volume_settings import OrganizationVolume, PersonalVolume
from shared.storage.documents import Documents, Transaction
from shared.storage.records import fields, readable, restored
from shared.storage.tenancy import organization_settings, personal_settings

KEPT_SECONDS = 30.0
"""How old settings may be where they judge a program; as old as a caller's rights may be."""
KEPT = 5_000

S = TypeVar("S", bound=Model)


class VolumeSettingsRepository:
    """Settings are kept at hand, also that there are none; `clock` returns seconds."""

    def __init__(self, documents: Documents, clock: Callable[[], float]) -> None:
        self._documents = documents
        self._clock = clock
        self._kept: OrderedDict[str, tuple[float, Model]] = OrderedDict()
        self._lock = threading.Lock()

    def organization(self, organization_id: str, *, max_age: float = 0) -> OrganizationVolume:
        """The defaults when nothing was set."""
        return self._read(organization_settings(organization_id), OrganizationVolume, max_age)

    def person(self, user_id: str, *, max_age: float = 0) -> PersonalVolume:
        """The defaults when nothing was set."""
        return self._read(personal_settings(user_id), PersonalVolume, max_age)

    def put_organization(self, organization_id: str, settings: OrganizationVolume) -> None:
        """Replace them; this instance sees it at once, others within the age they accept."""
        self._write(organization_settings(organization_id), settings)

    def put_person(self, user_id: str, settings: PersonalVolume) -> None:
        """Replace them; this instance sees it at once, others within the age they accept."""
        self._write(personal_settings(user_id), settings)

    def _read(self, path: str, kind: type[S], max_age: float) -> S:
        with self._lock:
            read_at, kept = self._kept.get(path, (0.0, None))
        if isinstance(kept, kind) and self._clock() - read_at < max_age:
            return kept
        document = self._documents.get(path)
        settings = readable(document, lambda found: restored(kind, found)) or kind()
        self._keep(path, settings)
        return settings

    def _write(self, path: str, settings: Model) -> None:
        def work(transaction: Transaction) -> None:
            transaction.put(path, fields(settings) | {"schema": 1})

        self._documents.atomically(work)
        self._keep(path, settings)

    def _keep(self, path: str, settings: Model) -> None:
        with self._lock:
            self._kept[path] = (self._clock(), settings)
            self._kept.move_to_end(path)
            if len(self._kept) > KEPT:
                self._kept.popitem(last=False)
