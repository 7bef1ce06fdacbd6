"""Pictures of people: taken in, drawn anew, kept in a private bucket and shown to anyone."""

import secrets
from collections.abc import Callable
from datetime import datetime

from shared.errors import NotFound
from shared.gateways.ports import Files, Pictures
from shared.models.avatars import MEDIA_TYPE, PictureUpload
from shared.models.tasks import RemoveAvatar
from shared.models.users import Caller, UserView
from shared.rules.files import picture_folder
from shared.rules.pictures import require_picture
from shared.services.accounts import AccountService
from shared.services.background import BackgroundService
from shared.storage.accounts import AccountRepository


class AvatarService:
    """`files` and `pictures` return what is loaded only when it is needed."""

    def __init__(
        self,
        files: Callable[[], Files],
        pictures: Callable[[], Pictures],
        repository: AccountRepository,
        accounts: AccountService,
        background: BackgroundService,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._files = files
        self._pictures = pictures
        self._repository = repository
        self._accounts = accounts
        self._background = background
        self._now = now

    def put(self, caller: Caller, upload: PictureUpload) -> UserView:
        """Replace the caller's picture. Raises PictureInvalid or FileTooLarge."""
        header = require_picture(upload.image)
        picture = self._pictures().redrawn(upload.image, header)
        # A name of its own for each picture: whoever has a part of it in a cache sees no mixture.
        name = f"{picture_folder(caller.user_id)}{secrets.token_hex(16)}.jpg"
        self._files().put(name, picture, MEDIA_TYPE)
        try:
            self._set(caller, name)
        except Exception:
            self._files().delete(name)
            raise
        return self._accounts.show(caller)

    def remove(self, caller: Caller) -> None:
        self._set(caller, None)

    def find(self, user_id: str) -> tuple[bytes, str]:
        """Somebody's picture, and the version it carries. Raises NotFound."""
        name = self._repository.avatar(user_id)
        picture = self._files().get(name) if name else None
        if name is None or picture is None:
            raise NotFound("There is no such picture.")
        return picture, name.rpartition("/")[2].partition(".")[0]

    def discard(self, task: RemoveAvatar) -> None:
        """Delete what is no longer shown."""
        self._files().delete(task.object)

    def _set(self, caller: Caller, name: str | None) -> None:
        before = self._repository.set_avatar(caller.user_id, name, self._now())
        self._accounts.forget(caller.user_id)
        if before:
            self._background.push(RemoveAvatar(object=before))
