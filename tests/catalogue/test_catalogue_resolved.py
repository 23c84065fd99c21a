"""feeds.yaml with all that it leaves unsaid is a feeds.yaml that means the same."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.catalogue import load_draft
from aggregator.catalogue.feeds_schema import schema
from aggregator.catalogue.resolved import resolve
from aggregator.catalogue.spec import DefaultsSpec, FeedsSpec, PublicationSpec
from aggregator.model import Catalogue
from aggregator.yamlfile import read
from tests.catalogue.test_catalogue_load import EVERYTHING
from tests.support.installation import PROJECT

ENVIRON = {
    "FEED_TOKEN": "0123456789abcdef",
    "TOKEN": "k-0123456789012345",
    "KEY": "opensesame",
    "PYTHON_FEED_TOKEN": "p-0123456789012345",
}
SHORT = """
defaults: { every: 2h, tags: [a], content: full, headers: { X-Key: '${KEY}' }, filter: [ { drop: [x] } ] }
sources:
  a: www.river.example/feed
  b: { page: quay.example/news, tags: [], select: { item: article } }
  c: feeds/c.xml
  d: &d { url: 'https://d.example/?k=${KEY}', title: 'It''s $${KEY}: yes', every: 90m, query: { keep: [ref] } }
  e: { <<: *d, url: 'https://e.example/', priority: '${ONE}', title: "tab\\u00e9 # no" }
  f: { json: 'https://f.example/', select: { item: 'data[]', title: name } }
stories: { merge: [[one, two]] }
publish:
  few: { from: [a], private: '${TOKEN}', filter: [ { keep: { title: ['^(a|b)', "\\\\d"] } } ], was: fewer }
  all: {}
"""


def meaning(text: str, path: Path, environ: dict[str, str]) -> Catalogue:
    found = load_draft(text.encode(), str(path), path, environ)
    return replace(found, text=b"", notices=())


def test_what_is_resolved_means_the_same_and_is_resolved_already(tmp_path: Path):
    path, environ = tmp_path / "feeds.yaml", ENVIRON | {"ONE": "1"}
    for text in (SHORT, "sources: {}\n", (PROJECT / "feeds.yaml").read_text(), EVERYTHING):
        resolved = resolve(text.encode(), path, environ)
        assert meaning(resolved, path, environ) == meaning(text, path, environ)
        assert resolve(resolved.encode(), path, environ) == resolved
        data = read(resolved.encode(), "resolved", {name: f"${{{name}}}" for name in environ}).data
        jsonschema.validate(json.loads(json.dumps(data)), schema())


def test_every_key_stands_there_and_secrets_do_not(tmp_path: Path):
    resolved = resolve(SHORT.encode(), tmp_path / "feeds.yaml", ENVIRON | {"ONE": "1"})
    assert not any(secret in resolved for secret in ENVIRON.values())
    data = read(resolved.encode(), "resolved", {name: name for name in (*ENVIRON, "ONE")}).data
    sections = {field.alias or key for key, field in FeedsSpec.model_fields.items()}
    assert sections - data.keys() == {"defaults"}
    for source in data["sources"].values():
        assert DefaultsSpec.model_fields.keys() <= source.keys()
    for publication in data["publish"].values():
        fields = {field.alias or key for key, field in PublicationSpec.model_fields.items()}
        assert fields - publication.keys() <= {"from", "private"}
    assert data["publish"]["few"]["title"] == "Few – Planet"
    assert "every: 2h" in resolved
    assert "max_every: 1d" in resolved


@given(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"]), min_size=1))
def test_any_title_arrives_as_it_was_typed(title: str):
    text = f"sources:\n  a: {{ url: 'https://a.example/', title: {json.dumps(title)} }}\n"
    path = Path("feeds.yaml")
    try:
        before = meaning(text, path, {})
    except Exception:  # noqa: BLE001 # no title at all, or a variable that is not set: `check` says so
        return
    assert meaning(resolve(text.encode(), path, {}), path, {}) == before


@pytest.mark.parametrize("word", ["yes", "Null", "1e3", "0x1", "~", "- a", "a: b", "a #b", "*a", "01", "", " x"])
def test_a_word_that_yaml_takes_for_something_else_stays_a_word(word: str):
    text = f"sources:\n  a: {{ url: 'https://a.example/', rewrite: [ {{ title: [x, '{word}'] }} ] }}\n"
    path = Path("feeds.yaml")
    assert meaning(resolve(text.encode(), path, {}), path, {}) == meaning(text, path, {})
