"""Broken JSON: what can be read of it."""

from __future__ import annotations

import json

import pytest

from aggregator.model import Failed, ParsedFeed
from aggregator.parse import parse
from aggregator.parse.json.broken_json import BROKEN, TRAILING, load_json

FEED = json.dumps({
    "version": "https://jsonfeed.org/version/1.1",
    "title": "T",
    "home_page_url": "https://x.example/",
    "items": [{"id": name, "content_text": "t", "attachments": [{"url": "a"}, {"url": "b"}]} for name in "123"],
})  # fmt: skip


def read(text: str) -> tuple[list[str | None], tuple[str, ...]]:
    result = parse(text.encode(), content_type="", location="https://x.example/f")
    assert isinstance(result, ParsedFeed), result
    assert (result.title and result.title.value, result.meta.version) == ("T", "json11")
    return [entry.id for entry in result.entries], result.warnings


@pytest.mark.parametrize(
    ("text", "ids", "warnings"),
    [
        (FEED, ["1", "2", "3"], ()),
        (FEED + "\n\ufeff", ["1", "2", "3"], (TRAILING,)),
        (FEED + "<!-- cached -->", ["1", "2", "3"], (TRAILING,)),
        (FEED.replace('"t"', '"t\n\tt"'), ["1", "2", "3"], ()),
        (FEED[:-40], ["1", "2"], (BROKEN,)),
        (FEED[:-1], ["1", "2", "3"], (BROKEN,)),
        (FEED.replace("}]}]}", "}]},]}"), ["1", "2", "3"], (BROKEN,)),
        (FEED.replace('"id": "2",', '"id": "2'), ["1", "3"], (BROKEN,)),
        (FEED.replace('"id": "2",', '"id": '), ["1", "3"], (BROKEN,)),
        ("\ufeff\n " + FEED, ["1", "2", "3"], ()),
    ],
)
def test_whole_items_survive(text: str, ids: list[str], warnings: tuple[str, ...]):
    assert read(text) == (ids, warnings)


def test_items_survive_a_broken_beginning():
    loaded = load_json(FEED.replace('"title": "T"', '"title": "T" "x"'))

    assert loaded is not None
    assert [item["id"] for item in loaded[0]["items"]] == ["1", "2", "3"]
    assert list(loaded[0]) == ["items"]


@pytest.mark.parametrize(
    "text",
    ['{"a"', '{"items":[', '{"items":[{"id":', '{"items":[]', "[" * 100_000, '{"items":[' + '{"a":' * 100_000],
)
def test_nothing_is_made_of_nothing(text: str):
    assert load_json(text) is None


def test_the_reason_is_given_where_no_item_is_whole():
    result = parse(b'{"version": "x", "items": [{"id": "1"', content_type="", location="")

    assert isinstance(result, Failed)
    assert result.trouble == "malformed"


def test_damage_after_damage_ends_the_search():
    loaded = load_json('{"items":[{"id":1},' + '{"id" 1},' * 100 + '{"id":2}')

    assert loaded is not None
    assert len(loaded[0]["items"]) == 1
