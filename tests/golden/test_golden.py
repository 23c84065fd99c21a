"""Documents as publishers emit them, and the entries that come out.

Each folder is a case: `case.txt` begins with the sentence that the case claims, then may say `content-type:`,
`zone:`, `location:`, `input:` (a file elsewhere), and the editor's `keep:` and `remove:`, parted by `;`; `input.*`
is the document; `expected.json` is what comes out. `kind: page` is a list of articles, with the selectors `item:`
and `link:`; `kind: article` is one's page; `kind: json` and `kind: xpath` are read by selectors, each named as
under `select:` in feeds.yaml.
A case without its expectation fails; `--update-golden` writes it.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.model import Conventions, FieldSelectors, ParsedFeed, RawEntry, Selectors, Trimming
from aggregator.normalize import clean_meta, deleted_ids, normalize
from aggregator.normalize.one_entry import clean_entry
from aggregator.parse import html, parse, selected

HERE = Path(__file__).parent
CASES = sorted(path.parent for path in HERE.glob("*/case.txt"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    body: bytes
    content_type: str
    location: str
    zone: str | None
    kind: str
    select: Selectors | FieldSelectors | None
    trimming: Trimming


def read_case(folder: Path) -> Case:
    lines = (folder / "case.txt").read_text("utf-8").splitlines()
    options = dict(line.split(": ", 1) for line in lines[1:] if line)
    files = [folder / options["input"]] if "input" in options else list(folder.glob("input.*"))
    assert len(files) == 1, f"{folder.name} needs one input"
    return Case(
        body=files[0].read_bytes(),
        content_type=options.get("content-type", ""),
        location=options.get("location", "https://feeds.example.org/feed"),
        zone=options.get("zone"),
        kind=options.get("kind", "feed"),
        select=_selectors(options),
        trimming=Trimming(
            **{name: tuple(options[name].split("; ")) for name in {"keep", "remove"} & options.keys()}
        ),
    )


def _selectors(options: dict[str, str]) -> Selectors | FieldSelectors | None:
    if options.get("kind") in {"json", "xpath"}:
        return FieldSelectors(
            **{one.name: options[one.name] for one in fields(FieldSelectors) if one.name in options}
        )
    item, link = options.get("item"), options.get("link")
    return Selectors(item=item, link=link) if item or link else None


def read(case: Case) -> dict[str, Any]:
    if case.kind == "article":
        return _read_article(case)
    readers = {
        "page": html.read_listing,
        "json": selected.read_selected_json,
        "xpath": selected.read_selected_page,
    }
    where = {"content_type": case.content_type, "location": case.location}
    if case.kind in readers:
        feed = readers[case.kind](case.body, select=case.select, **where)
    else:
        feed = parse(case.body, **where)
    assert isinstance(feed, ParsedFeed), feed
    conventions = Conventions(kind=case.kind, timezone=case.zone, trimming=case.trimming)
    entries, warnings = normalize(feed, conventions)
    return {
        "meta": _told(asdict(clean_meta(feed, conventions))),
        "entries": [_told(asdict(entry)) for entry in entries],
        "warnings": [*feed.warnings, *warnings],
        **({"deleted": list(gone)} if (gone := deleted_ids(feed, entries)) else {}),
    }


def _read_article(case: Case) -> dict[str, Any]:
    raw = html.read_article(case.body, content_type=case.content_type, location=case.location)
    assert isinstance(raw, RawEntry), raw
    entry = clean_entry(raw, Conventions(kind="page", timezone=case.zone), position=0)
    assert entry is not None
    return {"entry": _told(asdict(entry))}


def _told(value: Any) -> Any:
    """Fields that say something, in JSON's types."""
    if isinstance(value, dict):
        return {key: _told(item) for key, item in value.items() if item not in (None, "", (), False)}
    if isinstance(value, (list, tuple)):
        return [_told(item) for item in value]
    return value.isoformat().replace("+00:00", "Z") if isinstance(value, datetime) else value


@pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)
def test_the_document_yields_the_expected_entries(folder: Path, request: pytest.FixtureRequest):
    expected = folder / "expected.json"
    found = read(read_case(folder))
    if request.config.getoption("--update-golden"):
        expected.write_text(json.dumps(found, ensure_ascii=False, indent=2) + "\n", "utf-8")
    assert expected.exists(), "no expectation: run with --update-golden and read what it wrote"
    assert found == json.loads(expected.read_text("utf-8"))


def test_every_folder_is_a_case():
    folders = {path for path in HERE.iterdir() if path.is_dir() and not path.name.startswith("__")}

    assert folders == set(CASES)


def test_every_case_claims_something():
    claims = [(folder / "case.txt").read_text("utf-8").splitlines()[0] for folder in CASES]

    assert all(claim.endswith(".") and len(claim.split()) > 3 for claim in claims)
    assert len(set(claims)) == len(CASES)
