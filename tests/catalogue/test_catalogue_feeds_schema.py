import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from aggregator.catalogue import load
from aggregator.catalogue.feeds_schema import schema, schema_text

ROOT = Path(__file__).parents[2]
EXAMPLE = """\
site: { title: Planet Example, link: https://planet.example.org/, contact: feeds@example.org }
defaults: { every: 1h }
sources:
  hynek: https://hynek.me/index.xml
  iranpress: { url: https://iranpress.com/rss, timezone: Asia/Tehran, tags: [world], every: 10m, priority: 10 }
  townhall: { page: https://townhall.example/news, select: { item: article, link: 'h2 a' } }
  prices: { json: https://api.example/items, select: { item: 'data[]', title: name, link: url, published: at } }
  board: { xpath: https://town.example/, select: { item: 'css: li', title: . } }
  hackernews:
    url: https://news.ycombinator.com/rss
    filter: [ { keep: [python, sqlite] }, { drop: { title: '^Ask HN', older_than: 30d } }, { limit: 20 } ]
    rewrite: [ { title: ['^Ad: ', ''] }, { link: ['a', 'b'] } ]
    remove: ['.share', aside]
    keep: article
    headers: { Authorization: 'Bearer ${TOKEN}' }
    query: { keep: [cmpid], drop: [ref, source] }
    content: full
    publish: summary
    enabled: false
publish:
  all:
  python:
    from: { tags: [python] }
    limit: ${LIMIT}
    per_source: 3
    edits: bump
    duplicates: merge
    formats: [atom, rss, json]
    private: '${PYTHON_FEED_TOKEN}'
  named: { from: [hynek] }
"""


def wrong(text: str) -> list[Any]:
    return list(Draft202012Validator(schema()).iter_errors(YAML(typ="safe", pure=True).load(text)))


def test_the_schema_is_one():
    Draft202012Validator.check_schema(schema())


def test_the_file_in_config_is_what_the_models_say():
    assert (ROOT / "config/feeds.schema.json").read_text(encoding="utf-8") == schema_text(), "run `make schema`"


def test_the_module_prints_the_schema():
    done = subprocess.run(
        [sys.executable, "-m", "aggregator.catalogue.feeds_schema"], capture_output=True, check=True, cwd=ROOT
    )
    assert json.loads(done.stdout) == schema()


def test_every_key_has_a_description():
    found = schema()
    for part in (found, *found["$defs"].values()):
        assert all("description" in key for key in part["properties"].values())


@pytest.mark.parametrize("text", [EXAMPLE, "sources:\n  a: https://a.example/\n", "sources:\n", "publish:\n"])
def test_files_that_load_satisfy_the_schema(text: str, tmp_path: Path):
    (tmp_path / "feeds.yaml").write_text(text, encoding="utf-8")
    load(tmp_path / "feeds.yaml", {"TOKEN": "t", "LIMIT": "5", "PYTHON_FEED_TOKEN": "0123456789abcdef"})
    assert wrong(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "sorces: {}",
        "sources: { a: 5 }",
        "sources: { a: {} }",
        "sources: { A: x }",
        "publish: { a: { limit: yes } }",
        "defaults: { every: 90 }",
        "defaults: { content: whole }",
        "defaults: { query: { keep: ref } }",
        "defaults: { filter: [ { keep: a, drop: b } ] }",
        "defaults: { filter: [ { drop: { longer_than: 300 } } ] }",
        "defaults: { filter: [ { drop: { media: film } } ] }",
        "defaults: { rewrite: [ { title: x } ] }",
        "defaults: { rewrite: { title: [a, b] } }",
        "defaults: { keep: { a: b } }",
    ],
)
def test_files_with_mistakes_do_not(text: str):
    assert wrong(text) != []


def test_the_shipped_file_loads_without_mistakes_or_notices():
    catalogue = load(ROOT / "feeds.yaml", {})
    assert catalogue.notices == ()
    assert {"iranpress", "planet", "notes"} <= {source.id for source in catalogue.sources}
    assert len([source for source in catalogue.sources if source.kind == "feed"]) >= 10
    assert catalogue.publication("all") is not None
    assert wrong((ROOT / "feeds.yaml").read_text(encoding="utf-8")) == []
