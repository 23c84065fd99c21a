"""Ports for servers that are started later."""

from __future__ import annotations

import socket
from itertools import islice

import pytest

from tests.support import installation
from tests.support.installation import free_port, own_ports


def test_neither_another_process_of_the_run_nor_a_connection_gets_a_port_that_is_not_used_yet(
    monkeypatch: pytest.MonkeyPatch,
):
    monkeypatch.setenv("PYTEST_XDIST_WORKER_COUNT", "3")
    found: list[set[int]] = []
    for worker in range(3):
        monkeypatch.setenv("PYTEST_XDIST_WORKER", f"gw{worker}")
        found.append(set(islice(own_ports(), 1_000)))
    assert len(set.union(*found)) == 3_000
    with socket.create_server(("127.0.0.1", 0)) as given:
        assert max(set.union(*found)) < given.getsockname()[1]


def test_a_port_that_somebody_listens_on_is_no_free_one(monkeypatch: pytest.MonkeyPatch):
    free = free_port()
    with socket.create_server(("127.0.0.1", 0)) as there:
        monkeypatch.setattr(installation, "_ports", iter([there.getsockname()[1], free]))
        assert free_port() == free
