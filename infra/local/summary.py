"""What the launcher says: to scripts as JSON, to people as a few lines they can paste."""

from collections.abc import Mapping
from typing import Any

Account = Mapping[str, str]


def description(
    stack: str, origin: str, mailbox: str, accounts: Mapping[str, Account]
) -> dict[str, Any]:
    """`stack.json`."""
    return {
        "stack": stack,
        "base_url": f"{origin}/api/v1",
        "docs_url": f"{origin}/docs",
        "mailbox_url": mailbox,
        "accounts": {name: dict(account) for name, account in accounts.items()},
    }


def summary(said: Mapping[str, Any], directory: str) -> str:
    """The running stack in lines; tokens last an hour and come last on theirs."""
    accounts = said["accounts"]
    lines = [
        "",
        f"  API      {said['base_url']}",
        f"  Docs     {said['docs_url']}",
        f"  Mailbox  {said['mailbox_url']}",
        f"  Data     {directory}/  (for scripts: {directory}/stack.json)",
        "",
    ]
    for name, account in accounts.items():
        lines += [
            f"  {name:<8} {account['email']}   password {account['password']}",
            f"           token {account['access_token']}",
            "",
        ]
    lines += ["  Try it:", "", f"  {curl(said)}", "", "  Ctrl-C ends it.", ""]
    return "\n".join(lines)


def curl(said: Mapping[str, Any]) -> str:
    """A command that works as it stands, in any shell."""
    address = f"{said['base_url']}/exercises?search=bench"
    token = said["accounts"]["free"]["access_token"]
    return f"curl -s '{address}' -H 'Authorization: Bearer {token}'"
