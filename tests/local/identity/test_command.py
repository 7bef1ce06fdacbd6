"""`python -m infra.local.identity`: starts, keeps its files, ends on a signal."""

import signal
import subprocess
import sys
from pathlib import Path

import httpx

from tests.local.identity.rest import Rest, done

ROOT = Path(__file__).parents[3]


def start(folder: Path) -> tuple[subprocess.Popen[str], str]:
    command = [sys.executable, "-m", "infra.local.identity", "0", "demo-command"]
    command += ["--data", str(folder / "identity.sqlite"), "--key", str(folder / "key.pem")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    line = process.stdout.readline()
    assert line.startswith("Identity server for demo-command on http://127.0.0.1:")
    return process, line.strip().rpartition("//")[2]


def test_the_command_serves_until_it_is_told_to_end_and_goes_on_after_a_kill(tmp_path):
    process, address = start(tmp_path)
    with process, httpx.Client() as http:
        account = Rest(http, address, "demo-command", "key").sign_up("anna@example.com")
        process.kill()
    process, address = start(tmp_path)
    with process, httpx.Client() as http:
        rest = Rest(http, address, "demo-command", "key")
        assert done(rest.refresh(account["refreshToken"]))["user_id"] == account["localId"]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
