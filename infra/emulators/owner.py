"""Who may do everything in an emulator."""

OWNER = {"Authorization": "Bearer owner"}
"""Headers: both emulators take this word for the access token of a project's owner."""
