"""What mails say of an invitation, `organizations/{id}/invitations/{id}`."""

from shared.models.base import Model, Moment
from shared.storage.documents import Documents
from shared.storage.records import readable, restored


class Invitation(Model):
    email: str
    organization_name: str
    invited_by_name: str
    expires_at: Moment


class InvitationRepository:
    def __init__(self, documents: Documents) -> None:
        self._documents = documents

    def invitation(self, organization_id: str, invitation_id: str) -> Invitation | None:
        path = f"organizations/{organization_id}/invitations/{invitation_id}"
        return readable(self._documents.get(path), lambda row: restored(Invitation, row))
