"""How stored files are named: what they are, whose they are, and which one of them."""

PICTURES, ARCHIVES = "avatars", "exports"


def picture_folder(user_id: str) -> str:
    """What the names of all of somebody's pictures begin with."""
    return f"{PICTURES}/{user_id}/"


def archive_folder(user_id: str) -> str:
    """What the names of all of somebody's data exports begin with."""
    return f"{ARCHIVES}/{user_id}/"


def archive_name(user_id: str, export_id: str) -> str:
    return f"{archive_folder(user_id)}{export_id}.zip"


def owner(name: str) -> tuple[str, str] | None:
    """What a file is and whose; None for one that is not named so, and not ours to judge."""
    kind, _, rest = name.partition("/")
    user_id, _, file = rest.partition("/")
    return (kind, user_id) if kind in {PICTURES, ARCHIVES} and user_id and file else None
