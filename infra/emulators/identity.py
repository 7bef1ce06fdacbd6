"""Google's Firebase Auth emulator: starts, resets, keeps its accounts in a file."""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

from infra.emulators.firebase_tools import CLI, LAUNCHER
from infra.emulators.owner import OWNER
from infra.emulators.problems import EmulatorFailed
from infra.local.directory import write_private
from infra.local.program import HOST, Program

NAME = "The Auth emulator"
_PRIVACY = {"emailPrivacyConfig": {"enableImprovedEmailPrivacy": True}}


class IdentityEmulator:
    """Serves every project; only `project`'s accounts are kept in the file `data`.

    Kept are passwords, claims and what else an import takes; an import dates every account's
    last sign-out to now, and links mailed before are gone.
    """

    def __init__(self, project: str, node: Path, data: Path | None = None) -> None:
        self._project = project
        self._node = node
        self._data = data
        self._program = Program(NAME, self._direct, EmulatorFailed)

    @property
    def address(self) -> str:
        """host:port, for FIREBASE_AUTH_EMULATOR_HOST; known once started."""
        return self._program.address

    @property
    def process_id(self) -> int | None:
        return self._program.process_id

    def start(self) -> None:
        """Returns once it answers with the accounts of the last stop; raises EmulatorFailed."""
        self._start_program()
        try:
            # As every project has it that was made since 2023, and as the embedded server does.
            self._call("PATCH", "v2", "config", _PRIVACY, {"updateMask": "emailPrivacyConfig"})
            self._import()
        except BaseException:
            self._program.stop()
            raise

    def stop(self) -> None:
        """Does nothing when it is stopped already; raises EmulatorFailed when it kept nothing."""
        try:
            if self._program.process_id is not None:
                self._export()
        finally:
            self._program.stop()

    def reset(self) -> None:
        """Forget every account, on disk as well; the list of mailed links stays."""
        self._program.call("DELETE", f"/emulator/v1/projects/{self._project}/accounts")
        if self._data:
            self._data.unlink(missing_ok=True)

    def _start_program(self) -> None:
        try:
            self._program.start()
        except EmulatorFailed as failure:
            # Slower by far, but it leans on nothing inside the package.
            print(f"{failure}\nStarting it by firebase-tools' command line.", file=sys.stderr)
            self._program = Program(NAME, self._command_line, EmulatorFailed)
            self._program.start()

    def _direct(self, port: int, _: Path) -> tuple[str, ...]:
        return (str(self._node), str(LAUNCHER), str(port), self._project)

    def _command_line(self, port: int, folder: Path) -> tuple[str, ...]:
        # With its user interface on, it would first download one.
        emulators = {"auth": {"host": HOST, "port": port}, "ui": {"enabled": False}}
        (folder / "firebase.json").write_text(json.dumps({"emulators": emulators}))
        command = ("emulators:start", "--only", "auth", "--project", self._project)
        return (str(self._node), str(CLI), *command)

    def _import(self) -> None:
        if self._data is None or not self._data.exists():
            return
        users = json.loads(self._data.read_text(encoding="utf-8"))
        if not users:
            return
        answer = self._call("POST", "v1", "accounts:batchCreate", {"users": users})
        if answer.get("error"):
            raise EmulatorFailed(f"{NAME} does not take back {self._data}: {answer['error']}")

    def _export(self) -> None:
        if self._data is None:
            return
        # -1 is all of them.
        answer = self._call("GET", "v1", "accounts:batchGet", params={"maxResults": -1})
        self._data.parent.mkdir(parents=True, exist_ok=True)
        write_private(self._data, json.dumps(answer.get("users", []), indent=1) + "\n")

    def _call(
        self,
        method: str,
        api: str,
        name: str,
        body: Mapping[str, object] | None = None,
        params: Mapping[str, str | int] | None = None,
    ) -> dict[str, object]:
        path = f"/identitytoolkit.googleapis.com/{api}/projects/{self._project}/{name}"
        answer: dict[str, object] = self._program.call(
            method, path, json=body, params=params, headers=OWNER
        )
        return answer
