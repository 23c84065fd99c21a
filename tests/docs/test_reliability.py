"""Every row of docs/reliability.md names tests that exist."""

from __future__ import annotations

import re

from tests.docs.test_docs_promises import ROOT, names_by_file

ROWS = re.findall(
    r"^\| (?!promise)(?!--)(.+?) \| (.*?) \|", (ROOT / "docs" / "reliability.md").read_text(), re.MULTILINE
)


def test_every_promise_of_reliability_names_tests_that_there_are():
    tests = names_by_file()
    named = {promise: re.findall(r"`(\w+)\.(\w+)`", shown) for promise, shown in ROWS}
    assert len(named) > 20
    assert [promise for promise, names in named.items() if not names] == []
    missing = [
        f"{file}.{name}" for names in named.values() for file, name in names if name not in tests.get(file, ())
    ]
    assert missing == []
