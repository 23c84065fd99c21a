"""Both times of sixty real pages, to the second and with their zone; only where mirrors of the pages are at hand.

`page-times.jsonl` holds labels alone: which file of which public repository, and two instants that the page states
in its head as OpenGraph does and does not contradict elsewhere.
"""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from aggregator import dates
from aggregator.model import RawEntry
from aggregator.parse.html import read_article
from tests.support.real import mirrored

LABELS = Path(__file__).parents[2] / "data" / "page-times.jsonl"


def test_real_pages_tell_when_they_were_published_and_updated_to_the_second():
    wrong = []
    for line in LABELS.read_text("utf-8").splitlines():
        label = json.loads(line)
        body = mirrored(label["repository"], label["commit"], label["path"])
        if body is None:
            pytest.skip("no mirror of its repository in $MIRRORS")
        if _times(body, label["url"]) != tuple(
            datetime.fromisoformat(label[one]) for one in ("published", "updated")
        ):
            wrong.append(label["path"])

    assert wrong == []


def _times(body: bytes, url: str) -> tuple[datetime | None, ...]:
    """The two instants that are read, where their zones are read too."""
    entry = read_article(body, content_type="text/html", location=url)
    assert isinstance(entry, RawEntry), entry
    stamps = [dates.read(raw or "", language=entry.language) for raw in (entry.published, entry.updated)]
    return tuple(stamp.utc if stamp and stamp.zone == "explicit" else None for stamp in stamps)
