"""A cloud of a test's own, behind a gcloud on the PATH that keeps it in a file."""

import json
import sys
from pathlib import Path
from typing import Any

from click.testing import Result
from typer.testing import CliRunner

from infra.deploy.commands import app

PROJECT = "acme-prod"
FAKE = Path(__file__).with_name("fake_gcloud.py")
VALUES = (
    "FIREBASE_API_KEY=AIza-public\nCORS_ORIGINS=https://$PROJECT.web.app\nTRUSTED_HOPS=1\n"
    "TASKS_URL=https://tasks-$NUMBER.$REGION.run.app\nINVOKERS=task-invoker@$PROJECT.example\n"
    "AVATAR_BUCKET=$PROJECT-people\nPUBLIC_URL=https://$PROJECT.web.app\nSMTP_HOST=mail.example\n"
)


class FakeCloud:
    """`origin` answers what Hosting would publish; `bin` in the folder belongs on the PATH."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder = folder
        self.origin = origin
        (folder / "site").mkdir()
        (folder / "values.env").write_text(VALUES)
        programs = folder / "bin"
        programs.mkdir()
        for name in ("gcloud", "firebase"):
            (programs / name).write_text(f"#!{sys.executable} -IS\n{FAKE.read_text()}")
            (programs / name).chmod(0o755)

    def infra(self, *words: str, answer: str = "") -> Result:
        """Run one of our commands against this cloud."""
        options = ["--project", PROJECT]
        if words[0] in {"plan", "apply", "verify"}:
            options += ["--values", str(self.folder / "values.env"), "--origin", self.origin]
        return CliRunner().invoke(app, [words[0], *options, *words[1:]], input=answer)

    def give_secrets(self) -> None:
        """As the person does whom the plan asks to."""
        self.edit(lambda state: [one.update(versions=1) for one in state["secrets"].values()])

    def edit(self, change: Any) -> None:
        """Change something by hand, as in the console."""
        state = self.state()
        change(state)
        (self.folder / "cloud.json").write_text(json.dumps(state))

    def state(self) -> dict[str, Any]:
        return json.loads((self.folder / "cloud.json").read_text())

    def breaks(self, *beginnings: str) -> None:
        (self.folder / "fail").write_text("".join(f"{each}\n" for each in beginnings))

    def commands(self) -> list[list[str]]:
        """Everything that gcloud was told, oldest first."""
        return [json.loads(line) for line in (self.folder / "log").read_text().splitlines()]

    def traffic(self, function: str) -> dict[str, int]:
        targets = self.state()["run"][function]["status"]["traffic"]
        return {target["revisionName"]: target["percent"] for target in targets}
