"""What the documentation says of each element that feeds have is what becomes of it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.model import Conventions, Format, ParsedFeed
from aggregator.normalize import extension_rules as rules
from aggregator.normalize import normalize
from aggregator.parse import parse
from aggregator.text.namespaces import NAMESPACES
from tests.publish.editions import edition, item, text
from tests.support.nouns import at

PAGE = (Path(__file__).parent.parent.parent / "docs" / "parity.md").read_text("utf-8")
COLUMNS = ("comes in", "Atom", "RSS", "JSON")
WRITTEN = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    **NAMESPACES,
}
DECLARED = " ".join(f'xmlns:{name}="{uri}"' for name, uri in WRITTEN.items())
BEFORE = "<title>Tide</title><link>https://x.example/1</link>"
WHEN = at("2026-03-02T10:00:00Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What comes in within one kind of feed, and the cells that say what comes of it."""

    kind: str
    comes: str
    cells: dict[str, str]


def rows() -> list[Row]:
    """All rows of all tables of the page with these columns."""
    found, kind = [], ""
    for line in PAGE.splitlines():
        if line.startswith("## "):
            kind = {"Atom": "atom", "JSON Feed": "json"}.get(line[3:], "rss")
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == len(COLUMNS) and cells[0].startswith("`"):
            given = dict(zip(COLUMNS, cells, strict=True))
            found.append(Row(kind=kind, comes=cells[0].strip("`"), cells=given))
    return found


def document(kind: str, inside: str) -> bytes:
    """A feed of one entry with what is inside."""
    if kind == "json":
        more = f", {inside}" if inside else ""
        one = f'{{"id": "1", "url": "https://x.example/1", "title": "Tide"{more}}}'
        return f'{{"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": [{one}]}}'.encode()
    if kind == "atom":
        own = '<title>Tide</title><link href="https://x.example/1"/><updated>2026-03-01T12:00:00Z</updated>'
        one = f"<entry><id>urn:x:1</id>{inside}{own}</entry>"
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {DECLARED}><title>T</title>{one}</feed>'.encode()
    one = f'<item><guid isPermaLink="false">1</guid>{inside}{BEFORE}</item>'
    return f'<rss version="2.0" {DECLARED}><channel><title>T</title>{one}</channel></rss>'.encode()


def published(kind: str, inside: str) -> dict[str, list[str]]:
    """What our documents say of such an entry, element by element, in one spelling."""
    feed = parse(document(kind, inside), content_type="", location="https://x.example/feed")
    assert isinstance(feed, ParsedFeed)
    assert feed.warnings == ()
    (entry,), _warnings = normalize(feed, Conventions())
    one = item(1)
    dated = {"published": entry.published, "updated": entry.updated or entry.published}
    stored = replace(one, entry=entry, **{name: claim.utc for name, claim in dated.items() if claim})
    made = edition(replace(stored, updated=max(stored.published, stored.updated)))
    return {"Atom": _elements(text(made, "atom"), "atom"), "RSS": _elements(text(made, "rss"), "rss")} | {
        "JSON": [_canonical_json(key, value) for key, value in _flat(json.loads(text(made, "json"))["items"][0])]
    }


def _flat(one: dict[str, Any]) -> list[tuple[str, Any]]:
    """The members of an item, those of our own objects each for itself."""
    return [
        (key, {name: part} if key.startswith("_") else value)
        for key, value in one.items()
        for name, part in (value.items() if key.startswith("_") else ((key, value),))
    ]


def _canonical_json(key: str, value: Any) -> str:
    return json.dumps({key: value}, ensure_ascii=False, sort_keys=True)[1:-1]


def _elements(body: str, form: Format) -> list[str]:
    root = etree.fromstring(body.encode())
    entry = root.find("{*}entry" if form == "atom" else "channel/item")
    return [_canonical(one, entry.nsmap) for one in entry]


def _canonical(element: Any, names: dict[str | None, str] | None = None) -> str:
    """An element in one spelling: sorted attributes, usual prefixes, no white space between children."""
    prefixes = {uri: f"{prefix}:" for prefix, uri in WRITTEN.items() if prefix != "atom"}
    uri, _, local = element.tag.rpartition("}")
    own = prefixes.get(uri[1:], "atom:" if uri and names is not None and None not in names else "")
    attributes = {
        (prefixes.get(name[1:].partition("}")[0], "xml:") + name.partition("}")[2] if "}" in name else name): value
        for name, value in element.attrib.items()
    }
    inner = "".join(_canonical(child, names) for child in element)
    written = "".join(
        f" {name}={json.dumps(value, ensure_ascii=False)}" for name, value in sorted(attributes.items())
    )
    return f"<{own}{local}{written}>{inner or (element.text or '')}</>"


def expected(row: Row, form: str) -> list[str] | None:
    """What a cell claims, in that spelling; None where nothing comes of it."""
    cell = row.cells[form]
    if cell == "left out":
        return None
    if cell == "as in Atom":
        cell = row.cells["Atom"]
    if cell == "the same":
        cell = f"`{row.comes}`"
    pieces = re.findall(r"`([^`]+)`", cell)
    assert pieces, cell
    if form == "JSON":
        return [_canonical_json(*one) for piece in pieces for one in _flat(json.loads(f"{{{piece}}}"))]
    roots = (etree.fromstring(f'<x xmlns="{WRITTEN["atom"]}" {DECLARED}>{piece}</x>') for piece in pieces)
    if form == "RSS":
        roots = (etree.fromstring(f"<x {DECLARED}>{piece}</x>") for piece in pieces)
    return [_canonical(one, root.nsmap) for root in roots for one in root]


ROWS = rows()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.comes[:60])
def test_an_element_comes_out_as_is_said_of_it(row: Row):
    plain, found = published(row.kind, ""), published(row.kind, row.comes)
    for form in COLUMNS[1:]:
        claimed = expected(row, form)
        if claimed is None:
            assert found[form] == plain[form]
        else:
            assert set(claimed) <= set(found[form]), (claimed, sorted(set(found[form]) - set(plain[form])))


def test_every_rule_has_a_row():
    shown = " ".join(row.comes for row in ROWS)
    ruled = {*rules.IN_FIELDS, *rules.LEFT_OUT, *rules.FLEETING, *rules.NEEDED, *rules.TEXTS}
    assert sorted(name for name in ruled if f"<{name}" not in shown) == []


def test_what_is_said_of_all_entries_is_listed():
    listed = re.search(r"\* \*\*What a feed says of all its entries\*\* \(([^)]*)\)", PAGE)
    assert listed
    assert set(re.findall(r"`([^`]+)`", listed[1])) == rules.INHERITED


def test_every_namespace_is_named():
    listed = PAGE.partition("\n## Namespaces\n")[2]
    assert [uri for prefix, uri in NAMESPACES.items() if f"| `{prefix}` | {uri} |" not in listed] == []
