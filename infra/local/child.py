"""A Python module of ours in a process of its own that never outlives this one."""

import subprocess
import sys
from collections.abc import Mapping, Sequence

ENDING_SECONDS = 5.0


class Child:
    """Starts at once; `descriptors` stay open in it.

    The module must call `end_with_parent`. Its output goes where ours goes.
    """

    def __init__(
        self,
        module: str,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        descriptors: Sequence[int] = (),
    ) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", module, *arguments],
            env=dict(environment),
            # Ends with this process: that is what the child watches.
            stdin=subprocess.PIPE,
            pass_fds=descriptors,
            # Ctrl-C reaches the launcher alone, which then ends its children in order.
            start_new_session=True,
        )

    @property
    def code(self) -> int | None:
        """The exit code; None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within this time."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def end(self) -> None:
        """Ask it to end, then insist. Does nothing when it ended before."""
        if self.code is None:
            self._process.terminate()
            if not self.wait(ENDING_SECONDS):
                self._process.kill()
        self._process.communicate()
