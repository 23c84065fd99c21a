"""The catalogue at the present hour."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from aggregator import publish
from aggregator.catalogue import DatedCatalogue, load
from aggregator.model import Catalogue, Keep, OfAge
from tests.support.nouns import NOON

FILTERED = """\
sources:
  river: { url: https://river.example/feed, filter: [ { drop: { older_than: 30d, title: old } }, { limit: 5 } ] }
publish:
  all: {}
  today: { filter: [ { keep: { newer_than: 1d, language: de } } ] }
"""


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.time = NOON + timedelta(minutes=10)

    def now(self) -> datetime:
        return self.time


def read(folder: Path, text: str) -> Catalogue:
    (folder / "feeds.yaml").write_text(text, encoding="utf-8")
    return load(folder / "feeds.yaml", {})


def digests(catalogue: Catalogue) -> list[str]:
    return [publish.digest(catalogue.site, one, catalogue.sources) for one in catalogue.publications]


def test_ages_count_from_the_present_hour_and_an_hour_later_documents_are_rendered_anew(tmp_path: Path):
    watch = Watch()
    current = DatedCatalogue(lambda: found, watch)
    found = read(tmp_path, FILTERED)
    first = current()
    (keep,) = first.publications[1].filters
    assert isinstance(keep, Keep)
    assert keep.any_of[0] == OfAge(
        than=timedelta(days=1), older=False, shown="newer_than: 1d", since=NOON - timedelta(days=1)
    )
    watch.time += timedelta(minutes=49)
    assert current() is first
    watch.time += timedelta(minutes=1)
    assert all(one != other for one, other in zip(digests(first), digests(current()), strict=True))
    found = read(tmp_path, FILTERED)  # an edit
    assert current() is not first


def test_a_catalogue_that_asks_for_no_age_stays_the_same_at_every_hour(tmp_path: Path):
    watch = Watch()
    found = read(tmp_path, "sources:\n  a: { url: https://a.example/, filter: [ { keep: x }, { limit: 3 } ] }\n")
    current = DatedCatalogue(lambda: found, watch)
    assert current() is found
    watch.time += timedelta(days=1)
    assert current() is found
