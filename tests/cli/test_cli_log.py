"""The log as people see it."""

from __future__ import annotations

import subprocess
import sys

WRITING = """
import structlog
from aggregator.cli import log
from aggregator.text.redaction import redactor
log.to_stderr("{form}", "info", lambda: redactor(frozenset()))
said = {{"bytes": 0, "faults": 0, "next": "later", "status": None, "source": "nhk", "error": "gone"}}
structlog.get_logger("poll").warning("failed", **said)
"""


def _written(form: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", WRITING.format(form=form)], capture_output=True, text=True, check=True
    )
    return done.stderr


def test_people_read_first_whom_it_concerns_and_what_is_wrong_and_nothing_of_what_there_was_none_of():
    assert _written("console").split("failed")[1].split() == ["source=nhk", "error=gone", "next=later"]


def test_a_collector_gets_every_field():
    assert '"bytes": 0' in _written("json")
