"""What can be wrong with the emulators on a machine."""


class Missing(RuntimeError):
    """The machine lacks something; the text says what, and how to get it."""


class EmulatorFailed(RuntimeError):
    """An emulator did not start or did not do what it was told; the text holds its own words."""
