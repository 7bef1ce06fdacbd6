"""Clouds to deploy to, and every function staged once."""

import os
import shutil
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from infra.deploy import traffic
from infra.deploy.manifest import ROOT, manifest
from infra.deploy.stage import stage
from tests.deploy.cloud import FakeCloud


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        pass


@contextmanager
def empty_cloud(folder: Path) -> Iterator[FakeCloud]:
    handler = partial(Quiet, directory=str(folder / "site"))
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as site,
        pytest.MonkeyPatch.context() as patch,
    ):
        serving = threading.Thread(target=site.serve_forever, args=(0.01,))
        serving.start()
        patch.setenv("PATH", str(folder / "bin"), prepend=os.pathsep)
        patch.setenv("FAKE_CLOUD", str(folder))
        # What somebody last deployed from here for real must stay known.
        patch.setattr(traffic, "RECEIPTS", folder / "deployed")
        patch.chdir(ROOT)
        yield FakeCloud(folder, f"http://127.0.0.1:{site.server_port}")
        site.shutdown()
        serving.join()


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[FakeCloud]:
    """Nothing in it yet."""
    with empty_cloud(tmp_path) as cloud:
        yield cloud


@pytest.fixture(scope="session")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a cloud in which everything is as the manifest says."""
    folder = tmp_path_factory.mktemp("complete")
    with empty_cloud(folder) as cloud:
        cloud.infra("apply", "--yes", "--part=ground")
        cloud.give_secrets()
        done = cloud.infra("apply", "--yes")
        assert done.exit_code == 0, done.output
    return folder


@pytest.fixture
def deployed(cloud: FakeCloud, complete: Path) -> FakeCloud:
    """Everything in it, as the manifest says."""
    for name in ("cloud.json", "log", "site/release.json"):
        shutil.copy(complete / name, cloud.folder / name)
    return cloud


@pytest.fixture(scope="session")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """Each function's folder as it is uploaded."""
    build = tmp_path_factory.mktemp("build")
    return {each.name: stage(each, manifest(), build) for each in manifest().functions}
