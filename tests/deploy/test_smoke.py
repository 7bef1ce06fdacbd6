"""The look after a deployment notices what is wrong. What is right is shown under the suite."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

from infra.deploy.manifest import manifest
from infra.deploy.smoke import probes
from tests.deploy.cloud import FakeCloud

Answers = Callable[[str], tuple[str, bool]]
"""For a path: a status, and whether it looks like one of ours."""


class Quiet(WSGIRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def origin(answers: Answers) -> Iterator[str]:
    def app(environ, start_response):
        status, ours = answers(environ["PATH_INFO"])
        start_response(f"{status} Said", [("X-Request-ID", "r-1")] if ours else [])
        return [b"{}"]

    with make_server("127.0.0.1", 0, app, handler_class=Quiet) as server:
        serving = threading.Thread(target=server.serve_forever, args=(0.01,))
        serving.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        serving.join()


def sound(path: str) -> tuple[str, bool]:
    expected = {
        probe.path: "200" if probe.access == "public" else "401" for probe in probes(manifest())
    }
    return expected[path], True


def test_a_sound_origin_passes(cloud: FakeCloud) -> None:
    with origin(sound) as address:
        run = cloud.infra("smoke", "--origin", address)
    assert run.exit_code == 0
    assert run.stdout.count(" ok\n") == sum(each.public for each in manifest().functions)


@pytest.mark.parametrize(
    "answers",
    [
        pytest.param(lambda path: ("503", True) if "health" in path else sound(path), id="unwell"),
        pytest.param(lambda path: ("200", True), id="open to anybody"),
        pytest.param(lambda path: (sound(path)[0], False), id="somebody else answers"),
    ],
)
def test_an_unsound_origin_fails(cloud: FakeCloud, answers: Answers) -> None:
    with origin(answers) as address:
        run = cloud.infra("smoke", "--origin", address)
    assert run.exit_code == 1
    assert "wrong" in run.stderr


def test_nobody_there_fails(cloud: FakeCloud) -> None:
    run = cloud.infra("smoke", "--origin", "http://127.0.0.1:9")
    assert run.exit_code == 1
    assert "0 /api/v1/auth/me expected 401" in run.stdout
