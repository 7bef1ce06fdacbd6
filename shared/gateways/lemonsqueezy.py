"""Lemon Squeezy's API: checkouts, subscriptions, the customer portal. JSON:API over HTTPS."""

from typing import Any

import httpx
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.errors import Refused, Unavailable
from shared.logging import log
from shared.models.base import Moment
from shared.models.billing_events import Resource
from shared.models.subscriptions import Checkout

TIMEOUT = httpx.Timeout(8.0, connect=2.0)
"""Seconds. Nobody's sign-in depends on it, so it may take its time."""
PAGE = 100
MOST_PAGES = 1_000
_MEDIA_TYPE = "application/vnd.api+json"


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    data: Any
    meta: dict[str, Any] = {}


class LemonSqueezy:
    """`url` is the API's address with its version; a `test_mode` checkout takes no money."""

    def __init__(self, *, url: str, key: str, store_id: str, test_mode: bool) -> None:
        self._store_id = store_id
        self._test_mode = test_mode
        self._http = httpx.Client(
            base_url=url.rstrip("/"),
            timeout=TIMEOUT,
            headers={
                "Accept": _MEDIA_TYPE,
                "Content-Type": _MEDIA_TYPE,
                "Authorization": f"Bearer {key}",
            },
        )

    def checkout(self, variant_id: str, email: str, custom: dict[str, str]) -> Checkout:
        body = {
            "data": {
                "type": "checkouts",
                "attributes": {
                    "checkout_data": {"email": email, "custom": custom},
                    "test_mode": self._test_mode,
                },
                "relationships": {
                    "store": {"data": {"type": "stores", "id": self._store_id}},
                    "variant": {"data": {"type": "variants", "id": variant_id}},
                },
            }
        }
        made = self._resource(self._call("POST", "/checkouts", json=body))
        return Checkout(
            checkout_url=str(made.attributes.get("url", "")),
            expires_at=_moment(made.attributes.get("expires_at")),
        )

    def subscription(self, identifier: str) -> Resource:
        return self._resource(self._call("GET", f"/subscriptions/{identifier}"))

    def cancel(self, identifier: str) -> None:
        self._call("DELETE", f"/subscriptions/{identifier}")

    def subscriptions(self) -> list[Resource]:
        """Every subscription of the store."""
        found: list[Resource] = []
        for page in range(1, MOST_PAGES + 1):
            query = {
                "filter[store_id]": self._store_id,
                "page[number]": str(page),
                "page[size]": str(PAGE),
            }
            answer = self._call("GET", "/subscriptions", params=query)
            found += _RESOURCES.validate_python(answer.data)
            last = answer.meta.get("page", {}).get("lastPage", page)
            if page >= int(last):
                break
        return found

    def close(self) -> None:
        self._http.close()

    def _resource(self, answer: _Answer) -> Resource:
        try:
            return Resource.model_validate(answer.data)
        except ValidationError as error:
            raise Unavailable("The payment service answered something unreadable.") from error

    def _call(self, method: str, path: str, **request: Any) -> _Answer:
        try:
            answer = self._http.request(method, path, **request)
        except httpx.HTTPError as error:
            raise Unavailable("The payment service does not answer. Try again shortly.") from error
        if answer.status_code == httpx.codes.NOT_FOUND:
            raise Refused("The payment service does not know this subscription.")
        if answer.status_code >= httpx.codes.BAD_REQUEST:
            fields = {"status": answer.status_code, "path": path}
            log.error("payment service refused", extra={"fields": fields})
            raise Unavailable("Payments are not possible at the moment. Try again later.")
        try:
            return _Answer.model_validate_json(answer.content)
        except ValidationError as error:
            raise Unavailable("The payment service answered something unreadable.") from error


_RESOURCES = TypeAdapter(list[Resource])
_MOMENT = TypeAdapter(Moment | None)


def _moment(value: Any) -> Any:
    return _MOMENT.validate_python(value)
