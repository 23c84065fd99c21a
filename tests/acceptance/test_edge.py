"""The web process against clients that only hold what they can get."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.acceptance

_FEW_FILES = (
    "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (256, 256));"
    "from aggregator.__main__ import main; import sys; sys.argv = ['aggregator', 'web']; main()"
)


def test_with_256_descriptors_400_half_open_connections_keep_nobody_out_and_fill_no_log(tmp_path: Path):
    ours = Installation.at(tmp_path, "sources:\n  a: http://127.0.0.1:9/\n")
    with ours.running("-c", _FEW_FILES), ExitStack() as held:
        ours.wait_for("/healthz")
        for _ in range(400):
            client = held.enter_context(socket.create_connection(("127.0.0.1", ours.port), timeout=PATIENCE))
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nX: ")
        for _ in range(20):
            assert ours.get("/healthz")[0] == 200
    assert (tmp_path / "log").read_text().count("\n") < 20
