"""What the transport spares each request."""

from __future__ import annotations

import importlib
import sys

import pytest

from aggregator.fetch.transport import remember_missing

NOBODYS = "nobody_has_this"


class Searches:
    """Stands first among what finds modules, and notes what is looked for."""

    def __init__(self) -> None:
        self.names: list[str] = []

    def find_spec(self, name: str, _path: object, _target: object = None) -> None:
        self.names.append(name)


def test_a_library_that_is_not_installed_is_looked_for_once_and_not_at_every_request(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setitem(sys.modules, NOBODYS, sys)  # so that whatever stands there afterwards goes
    del sys.modules[NOBODYS]
    searches = Searches()
    monkeypatch.setattr(sys, "meta_path", [searches, *sys.meta_path])
    for _ in range(3):
        remember_missing(NOBODYS)
        with pytest.raises(ImportError):
            importlib.import_module(NOBODYS)
    assert searches.names == [NOBODYS]
    remember_missing("pytest")
    assert importlib.import_module("pytest") is pytest
