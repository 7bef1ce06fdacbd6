"""One attempt of a task: the HTTP request that its target receives."""

import http.client
import socket
import threading
from contextlib import suppress
from urllib.parse import quote, urlsplit

from infra.local.signer import Signer
from infra.local.tasks.messages import HttpMethod, seconds
from infra.local.tasks.names import last, parent
from infra.local.tasks.queues import PendingTask

CONNECT_SECONDS = 10
# Computed by Cloud Tasks, or for Google's use only: a task cannot set them.
RESERVED = frozenset({"host", "content-length", "user-agent"})
RESERVED_PREFIXES = ("x-google-", "x-appengine-", "x-cloudtasks-")
# What a URL may contain as it is (RFC 3986), escapes included.
URL_CHARACTERS = "%/?:@!$&'()*+,;="


class Attempt:
    """The request of one attempt, fixed when it is made so that the task may change meanwhile."""

    def __init__(self, task: PendingTask) -> None:
        message = task.message
        request = message.http_request
        self.url: str = request.url
        self.method: str = HttpMethod(request.http_method).name
        self.body: bytes = request.body
        self.deadline = seconds(message.dispatch_deadline)
        # Empty for a task without an OIDC token.
        self.account: str = request.oidc_token.service_account_email
        self.audience: str = request.oidc_token.audience or request.url
        self.headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in RESERVED and not name.lower().startswith(RESERVED_PREFIXES)
        }
        self.headers |= {
            "User-Agent": "Google-Cloud-Tasks",
            "X-CloudTasks-QueueName": last(parent(message.name)),
            "X-CloudTasks-TaskName": last(message.name),
            # This attempt is counted already.
            "X-CloudTasks-TaskRetryCount": str(message.dispatch_count - 1),
            "X-CloudTasks-TaskExecutionCount": str(task.executions),
            "X-CloudTasks-TaskETA": f"{seconds(message.schedule_time):.6f}",
        }
        if task.previous_status:
            self.headers["X-CloudTasks-TaskPreviousResponse"] = str(task.previous_status)


class Delivery:
    """Sends attempts, from any number of threads; ``cut`` ends those under way."""

    def __init__(self, signer: Signer) -> None:
        self._signer = signer
        self._lock = threading.Lock()
        self._open: set[http.client.HTTPConnection] = set()

    def send(self, attempt: Attempt) -> int:
        """The status of the answer; 0 when there was none before the deadline.

        Redirects are not followed. The deadline holds for each wait on the network, not for
        their sum.
        """
        url = urlsplit(attempt.url)
        kind = http.client.HTTPSConnection if url.scheme == "https" else http.client.HTTPConnection
        connection = kind(url.hostname or "", url.port, timeout=CONNECT_SECONDS)
        path = quote(url.path or "/", URL_CHARACTERS)
        if url.query:
            path += "?" + quote(url.query, URL_CHARACTERS)
        with self._lock:
            self._open.add(connection)
        try:
            connection.connect()
            connection.sock.settimeout(attempt.deadline)
            connection.request(attempt.method, path, attempt.body or None, self._headers(attempt))
            response = connection.getresponse()
            response.read()
        except (OSError, http.client.HTTPException, ValueError):
            # ValueError: a host or a header that no HTTP message can carry.
            return 0
        else:
            return response.status
        finally:
            with self._lock:
                self._open.discard(connection)
            connection.close()

    def cut(self) -> None:
        """Make every attempt under way fail at once."""
        with self._lock:
            for connection in self._open:
                # Not connected yet, or already hung up by the target.
                with suppress(AttributeError, OSError):
                    connection.sock.shutdown(socket.SHUT_RDWR)

    def _headers(self, attempt: Attempt) -> dict[str, str]:
        if not attempt.account:
            return attempt.headers
        own = {k: v for k, v in attempt.headers.items() if k.lower() != "authorization"}
        token = self._signer.identity_token(attempt.account, attempt.audience)
        return own | {"Authorization": f"Bearer {token}"}
