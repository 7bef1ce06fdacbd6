"""Cloud Tasks: hands tasks over to the tasks function, signed as our own service account."""

import grpc
from google.api_core import exceptions
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport
from google.protobuf.duration_pb2 import Duration

from shared.errors import Unavailable
from shared.models.tasks import Queue

TIMEOUT_SECONDS = 2.0
"""The row in the outbox is safe already, so nobody need wait long for this."""
DEADLINE_SECONDS = 600
"""How long one attempt may take."""


class CloudTasks:
    """`url` is the address of the tasks function, and the audience of the tokens it is sent."""

    def __init__(
        self, *, project: str, location: str, url: str, service_account: str, emulator: str = ""
    ) -> None:
        self._parent = f"projects/{project}/locations/{location}"
        self._url = url.rstrip("/")
        self._service_account = service_account
        # The client does not look for an emulator by itself.
        transport = (
            CloudTasksGrpcTransport(channel=grpc.insecure_channel(emulator)) if emulator else None
        )
        self._client = tasks_v2.CloudTasksClient(transport=transport)

    def send(self, queue: Queue, name: str, kind: str, payload: str, request_id: str) -> None:
        parent = f"{self._parent}/queues/{queue.value}"
        task = tasks_v2.Task(
            name=f"{parent}/tasks/{name}",
            http_request=tasks_v2.HttpRequest(
                url=f"{self._url}/{kind}",
                http_method=tasks_v2.HttpMethod.POST,
                headers={"Content-Type": "application/json", "X-Request-ID": request_id},
                body=payload.encode(),
                oidc_token=tasks_v2.OidcToken(
                    service_account_email=self._service_account, audience=self._url
                ),
            ),
            dispatch_deadline=Duration(seconds=DEADLINE_SECONDS),
        )
        try:
            self._client.create_task(parent=parent, task=task, timeout=TIMEOUT_SECONDS, retry=None)
        except exceptions.AlreadyExists:
            return
        except exceptions.GoogleAPICallError as error:
            raise Unavailable("Background work cannot be queued at the moment.") from error

    def close(self) -> None:
        """Hang up; a deployed function keeps its connection as long as it lives."""
        self._client.transport.close()  # type: ignore[no-untyped-call]  # it has no types
