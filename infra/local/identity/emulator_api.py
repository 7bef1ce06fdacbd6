"""The project's settings, and the calls that only an emulator has: flush, and read the codes."""

from typing import Any

from infra.local.identity.project import Call


def show_settings(call: Call) -> dict[str, Any]:
    with call.project.lock:
        return {"name": f"projects/{call.project.name}/config"} | call.project.settings.show()


def change_settings(call: Call) -> dict[str, Any]:
    with call.project.lock:
        call.project.settings.change(call.body, call.query.get("updateMask", ""))
        return show_settings(call)


def flush_accounts(call: Call) -> dict[str, Any]:
    """Accounts, their sign-ins and their codes; the settings stay."""
    call.project.flush()
    return {}


def list_codes(call: Call) -> dict[str, Any]:
    with call.project.lock:
        return {"oobCodes": [code.public() for code in call.project.codes.pending()]}
