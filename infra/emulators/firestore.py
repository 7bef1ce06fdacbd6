"""Google's Firestore emulator: starts, resets, keeps its documents in exports, reports indexes."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.emulators.firestore_jar import MAIN
from infra.emulators.owner import OWNER
from infra.emulators.problems import EmulatorFailed
from infra.local.program import HOST, Program

# It runs for minutes, not days: less compiling and a smaller heap start it faster. The language
# settles how it formats its refusals.
_FLAGS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xmx512m",
    "-Duser.language=en",
)
_EXPORT = "documents"
_WARM_UP = "demo-warm-up"
"""A project of its own: what it holds is in nobody's way."""


@dataclass(frozen=True, slots=True)
class UsedIndex:
    """An index that a query needed, as firestore.indexes.json would name it."""

    collection: str
    scope: str
    """COLLECTION or COLLECTION_GROUP."""
    fields: tuple[tuple[str, str], ...]
    """Path and ASCENDING, DESCENDING or CONTAINS; the last path is always `__name__`."""


class FirestoreEmulator:
    """The default database of one project, though it serves every project and database.

    `data` is the directory that keeps the documents from a stop to the next start.
    """

    def __init__(self, project: str, java: Path, jar: Path, data: Path | None = None) -> None:
        self._project = project
        self._data = data
        self._program = Program(
            "The Firestore emulator",
            lambda port, _: (
                *(str(java), *_FLAGS, "-cp", str(jar), MAIN),
                *("start", f"--host={HOST}", f"--port={port}"),
            ),
            EmulatorFailed,
        )

    @property
    def address(self) -> str:
        """host:port, for FIRESTORE_EMULATOR_HOST; known once started."""
        return self._program.address

    @property
    def process_id(self) -> int | None:
        return self._program.process_id

    def start(self) -> None:
        """Returns once it answers with the documents of the last stop; raises EmulatorFailed."""
        self._program.start()
        try:
            self._warm_up()
            self._import()
        except BaseException:
            self._program.stop()
            raise

    def stop(self) -> None:
        """Does nothing when it is stopped already.

        Raises EmulatorFailed when the documents could not be kept; those of the stop before are
        still there then.
        """
        try:
            if self._program.process_id is not None:
                self._export()
        finally:
            self._program.stop()

    def reset(self) -> None:
        """Forget every document, on disk as well."""
        path = f"/emulator/v1/projects/{self._project}/databases/(default)/documents"
        self._program.call("DELETE", path)
        for export in self._exports():
            shutil.rmtree(export)

    def used_indexes(self, project: str | None = None) -> dict[UsedIndex, int]:
        """How many queries needed each index since the start; a reset does not forget them.

        Indexes that Firestore has for every field by itself are left out by the emulator.
        """
        name = project or self._project
        answer = self._program.call(
            "GET",
            f"/emulator/v1/projects/{name}:indexUsage",
            params={"database": _database(name)},
        )
        return {
            _used(report["index"]): int(report["numQueries"])
            for report in answer.get("reports", ())
        }

    def _exports(self) -> Sequence[Path]:
        """Oldest first; only the newest counts, others are left over from an interrupted stop."""
        if self._data is None or not self._data.is_dir():
            return ()
        numbered = [entry for entry in self._data.iterdir() if entry.name.isdecimal()]
        return sorted(numbered, key=lambda entry: int(entry.name))

    def _warm_up(self) -> None:
        # Java loads and compiles with the first calls, which takes longer than the product waits.
        documents = f"{_database(_WARM_UP)}/documents"
        write = {"update": {"name": f"{documents}/a/b", "fields": {"c": {"booleanValue": True}}}}
        query = {"from": [{"collectionId": "a"}], "limit": 1}
        calls = {"commit": {"writes": [write]}, "runQuery": {"structuredQuery": query}}
        for method, body in calls.items():
            self._program.call("POST", f"/v1/{documents}:{method}", json=body, headers=OWNER)

    def _import(self) -> None:
        if exports := self._exports():
            metadata = exports[-1] / _EXPORT / f"{_EXPORT}.overall_export_metadata"
            self._transfer("import", export_directory=str(metadata))

    def _export(self) -> None:
        # Its own --export-on-exit writes nothing, hence over HTTP.
        if self._data is None:
            return
        data = self._data.resolve()
        partial = data / "partial"
        shutil.rmtree(partial, ignore_errors=True)
        partial.mkdir(parents=True)
        self._transfer("export", export_directory=str(partial), export_name=_EXPORT)
        former = self._exports()
        number = int(former[-1].name) + 1 if former else 1
        partial.rename(data / str(number))
        for export in former:
            shutil.rmtree(export)

    def _transfer(self, direction: str, **body: str) -> None:
        self._program.call(
            "POST",
            f"/emulator/v1/projects/{self._project}:{direction}",
            json={"database": _database(self._project), **body},
        )


def _database(project: str) -> str:
    return f"projects/{project}/databases/(default)"


def _used(index: dict[str, Any]) -> UsedIndex:
    return UsedIndex(
        collection=index["name"].split("/collectionGroups/")[1].split("/")[0],
        scope=index["queryScope"],
        fields=tuple(
            (field["fieldPath"], field.get("order") or field["arrayConfig"])
            for field in index["fields"]
        ),
    )
