"""What docs/deploying.md has people type names what there is; that of copies is run by postgresql_copies."""

from __future__ import annotations

import re

from aggregator.store.postgresql import session
from tests.docs.test_docs import ROOT, commands
from tests.support.compose import example_variables, read_compose

TEXT = (ROOT / "docs" / "deploying.md").read_text(encoding="utf-8")
LINES = [line.split() for line in re.findall(r"^ {4}(.*)$", TEXT, re.MULTILINE)]


def test_units_that_are_started_are_those_that_are_copied():
    (copied,) = (ROOT / line[2].removesuffix("/.") for line in LINES if line[0] == "cp")
    units = {
        word for line in LINES if line[0] == "systemctl" for word in line[2:] if word.startswith("aggregator-")
    }
    assert len(units) == 5
    assert [one for one in units if not (copied / f"{re.sub('@.*', '@', one)}.service").is_file()] == []


def test_services_and_files_of_compose_are_those_that_there_are():
    composed = [line for line in LINES if line[:2] == ["docker", "compose"]]
    assert {line[3] for line in composed} == {"config/deploy/compose.yaml"}
    named = {line[-1] for line in composed if "run" in line}
    assert named <= read_compose("compose.yaml", example_variables())["services"].keys()
    assert named


def test_commands_and_numbers_of_connections_are_true():
    assert set(re.findall(r"`aggregator ([a-z-]+)", TEXT)) <= set(commands())
    shared = session.READERS + session.WRITERS + session.RENEWERS
    assert ("up to seven connections" in TEXT, shared) == (True, 7)
    assert ("up to eight connections" in TEXT, shared + len(("that hears of documents",))) == (True, 8)
