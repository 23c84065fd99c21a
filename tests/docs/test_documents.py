"""The page on our documents names every element and member that the golden documents hold."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "documents.md").read_text("utf-8")
GOLDEN = ROOT / "tests" / "publish" / "golden"
HEADINGS = {"atom": "Atom 1.0 (RFC 4287)", "rss": "RSS 2.0", "json": "JSON Feed 1.1"}


def section(form: str) -> set[str]:
    """The names in back quotes under a format's heading."""
    text = PAGE.partition(f"## {HEADINGS[form]}\n")[2].partition("\n## ")[0]
    return set(re.findall(r"`([^`]+)`", text))


def elements(path: Path) -> Iterator[str]:
    for element in etree.parse(path).iter(etree.Element):
        name = etree.QName(element).localname
        yield f"{element.prefix}:{name}" if element.prefix else name


def members(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        yield from value
        for one in value.values():
            yield from members(one)
    elif isinstance(value, list):
        for one in value:
            yield from members(one)


@pytest.mark.parametrize("form", ["atom", "rss"])
def test_every_element_that_we_write_is_in_the_table(form: str):
    written = {name for path in GOLDEN.glob(f"*/expected.{form}") for name in elements(path)}
    assert len(written) > 15
    assert written - section(form) == set()


def test_every_member_that_we_write_is_in_the_table():
    written = {name for path in GOLDEN.glob("*/expected.json") for name in members(json.loads(path.read_bytes()))}
    assert len(written) > 25
    assert written - section("json") == set()
