"""Where the web process listens, and what it says of it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.installation import Installation, free_port

pytestmark = pytest.mark.acceptance


def test_host_and_port_are_options_and_the_line_says_what_is_bound(tmp_path: Path):
    ours = Installation.at(tmp_path, "sources:\n  a: http://127.0.0.1:9/\n")
    there = replace(ours, port=free_port())
    with ours.running("-m", "aggregator", "web", "--host", "127.0.0.1", "--port", str(there.port)):
        there.wait_for("/healthz")
    with ours.running("-m", "aggregator", "web"):  # PORT is set: every interface
        ours.wait_for("/healthz")
    first, second = (line for line in (tmp_path / "log").read_text().splitlines() if line.startswith("Serving"))
    assert first == f"Serving http://127.0.0.1:{there.port}/ (Ctrl-C ends it)"
    assert second.startswith(
        f"Serving http://0.0.0.0:{ours.port}/, on every interface of this machine: http://127"
    )
