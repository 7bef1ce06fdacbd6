"""How a local server says no, in the shape Google's clients parse."""

from typing import Any

_STATUS_NAMES = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    411: "INVALID_ARGUMENT",
    413: "INVALID_ARGUMENT",
    500: "INTERNAL",
}


class Refused(Exception):
    """A refusal whose code clients branch on, such as EMAIL_EXISTS."""

    def __init__(self, code: str, detail: str = "", status: int = 400) -> None:
        # firebase-admin takes what stands before the colon as the code.
        self.message = f"{code} : {detail}" if detail else code
        self.status = status
        super().__init__(self.message)

    def body(self) -> dict[str, Any]:
        return {
            "error": {
                "code": self.status,
                "message": self.message,
                "status": _STATUS_NAMES.get(self.status, "UNKNOWN"),
                "errors": [{"message": self.message, "domain": "global", "reason": "invalid"}],
            }
        }
