"""An API client for walking through the product: it says what it expects, and stops otherwise."""

from typing import Any

import httpx

TIMEOUT_SECONDS = 30.0
"""As patient as the web client."""


class Mismatch(Exception):
    """The product answered something else than it has to; the text says both."""


def expect(what: str, found: object, expected: object) -> None:
    if found != expected:
        raise Mismatch(f"{what}: expected {expected!r}, found {found!r}")


class ApiCaller:
    """Calls below `base_url`, signed in from the moment `token` is set. Close it after use."""

    def __init__(self, base_url: str) -> None:
        # The stack is on this machine, whatever proxy the environment names.
        self._http = httpx.Client(base_url=base_url, timeout=TIMEOUT_SECONDS, trust_env=False)
        self.token = ""

    @property
    def base_url(self) -> str:
        """Without a slash at the end."""
        return str(self._http.base_url).rstrip("/")

    @property
    def origin(self) -> str:
        """Where pages are, without a slash at the end."""
        url = self._http.base_url
        return f"{url.scheme}://{url.netloc.decode()}"

    def get(self, path: str, **query: str | int) -> Any:
        return self.call("GET", path, query=query)

    def post(self, path: str, body: object = None, *, status: int = 201) -> Any:
        return self.call("POST", path, body=body, status=status)

    def call(
        self,
        method: str,
        path: str,
        *,
        body: object = None,
        query: dict[str, str | int] | None = None,
        status: int = 200,
    ) -> Any:
        """The answer's JSON, None without a body; raises Mismatch on another status."""
        answer = self._answer(method, path, status, json=body, params=query)
        return answer.json() if answer.content else None

    def upload(self, path: str, field: str, data: bytes) -> Any:
        """Send a form with one file; returns the answer's JSON."""
        return self._answer("PUT", path, 200, files={field: data}).json()

    def fetch(self, path: str) -> bytes:
        """What is no JSON."""
        return self._answer("GET", path, 200).content

    def _answer(self, method: str, path: str, status: int, **request: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = self._http.request(method, path, headers=headers, **request)
        except httpx.HTTPError as error:
            raise Mismatch(f"{method} {path}: no answer ({error})") from error
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS != status:
            wait = answer.headers.get("Retry-After", "some")
            raise Mismatch(
                f"{method} {path}: too many requests. Wait {wait} s, or run the stack with "
                "RATE_LIMIT_MODE=off."
            )
        if answer.status_code != status:
            raise Mismatch(
                f"{method} {path}: expected status {status}, "
                f"found {answer.status_code} {answer.text[:500]}"
            )
        return answer

    def close(self) -> None:
        self._http.close()
