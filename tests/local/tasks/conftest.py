"""A Cloud Tasks server, the official client on it, and a target for its deliveries."""

import itertools
from collections.abc import Iterator

import grpc
import pytest
from google.cloud import tasks_v2
from google.cloud.tasks_v2.services.cloud_tasks.transports import CloudTasksGrpcTransport

from infra.local.signer import Signer
from infra.local.tasks.server import TasksServer
from tests.local.tasks.calls import LOCATION, Calls
from tests.local.tasks.target import Target


@pytest.fixture(scope="session")
def signer() -> Signer:
    return Signer.create()


@pytest.fixture(scope="session")
def server(signer: Signer) -> Iterator[TasksServer]:
    server = TasksServer(signer)
    server.start()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def client(server: TasksServer) -> Iterator[tasks_v2.CloudTasksClient]:
    with grpc.insecure_channel(server.address) as channel:
        yield tasks_v2.CloudTasksClient(transport=CloudTasksGrpcTransport(channel=channel))


@pytest.fixture
def target() -> Iterator[Target]:
    target = Target()
    target.start()
    yield target
    target.stop()


numbers = itertools.count()


@pytest.fixture
def calls(
    server: TasksServer, client: tasks_v2.CloudTasksClient, target: Target
) -> Iterator[Calls]:
    """A queue of the test's own, quick to retry; the server is emptied afterwards."""
    calls = Calls(client, f"{LOCATION}/queues/test-{next(numbers)}", target.url)
    yield calls
    server.reset()
    server.drain(5)
