"""Signatures: the same everywhere, small, and kept as bytes."""

from __future__ import annotations

import os
import subprocess
import sys
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import Enclosure, Entry
from aggregator.stories import VERSION, decode, encode, sign
from tests.stories.shelf import DATA, entry, labelled

ENTRIES = st.builds(
    Entry,
    title=st.text(max_size=60),
    content=st.none() | st.text(max_size=600),
    summary=st.none() | st.text(max_size=200),
    text=st.text(max_size=200),
    url_key=st.none() | st.text(min_size=1, max_size=40),
    language=st.sampled_from([None, "en", "fa-IR", "zh_Hant"]),
    enclosures=st.lists(
        st.builds(Enclosure, url=st.text(max_size=30), type=st.sampled_from([None, "audio/mpeg", "image/png"])),
        max_size=3,
    ).map(tuple),
)
PROGRAM = """
import sys
from hashlib import blake2b
from aggregator.stories import encode, sign
from tests.stories.shelf import entry, labelled
rows = labelled("story-pairs.jsonl")
found = b"".join(encode(sign(entry(row["title"], row["html"], url=row["url"]))) for row in rows)
sys.stdout.write(blake2b(found).hexdigest())
"""


@given(ENTRIES)
def test_a_signature_survives_as_bytes(found: Entry):
    made = sign(found)
    assert decode(encode(made)) == made
    assert sign(found) == made
    assert encode(made) == encode(sign(found))


@given(st.binary(max_size=200))
def test_broken_bytes_are_no_signature(value: bytes):
    decode(bytes([VERSION]) + value)
    assert decode(bytes([VERSION + 1]) + value) is None


def test_bytes_of_other_rules_and_none_are_no_signature():
    made = encode(sign(entry("A title of words", "<p>some words</p>")))
    assert decode(bytes([VERSION + 1]) + made[1:]) is None
    assert decode(b"") is None


def test_cut_bytes_are_no_signature():
    made = encode(sign(entry("A title of words", "<p>" + "some words again " * 30 + "</p>")))
    assert decode(made[:20]) is None
    assert decode(made[:120]) is None
    episode = sign(entry("", "", media="https://cdn.example/41.mp3"))
    assert decode(encode(episode)[: -8 * len(episode.keys) - 2]) is None


def test_signatures_are_the_same_in_another_process_with_another_hash_seed():
    rows = labelled("story-pairs.jsonl")
    found = b"".join(encode(sign(entry(row["title"], row["html"], url=row["url"]))) for row in rows)
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "PYTHONPATH": str(DATA.parent.parent)}
    command = [sys.executable, "-c", PROGRAM]
    other = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=300)
    assert other.stdout == blake2b(found).hexdigest()


def test_keys_are_those_that_were_stored_yesterday():
    """Whoever changes a rule must raise `VERSION`: stored keys would never be found again."""
    made = sign(
        entry("Ferry crew rescue eleven", "<p>" + "the ferry turned back at 21:40 into a gale " * 4 + "</p>")
    )
    assert VERSION == 1
    assert blake2b(encode(made), digest_size=8).hexdigest() == "aaeaf424e7e8c444"


def test_the_richest_text_that_there_is_counts():
    whole = "<p>" + "many different words in a row " * 8 + "</p>"
    assert sign(Entry(content=whole, summary="<p>short</p>")).length == 48
    assert sign(Entry(summary=whole)).length == 48
    assert sign(Entry(text="5 < 6 & so on")).length == 4


def test_short_texts_are_found_by_the_whole_text_only():
    short = sign(entry("A title of four words", "<p>Satu Niemi beat Ravi Menon.</p>"))
    long = sign(entry("A title of four words", "<p>" + "many different words in a row " * 8 + "</p>"))
    assert len(short.keys) == 1
    assert len(long.keys) == 34


@pytest.mark.parametrize("kind", ["audio/mpeg", "video/mp4", None])
def test_sound_and_film_make_an_episode(kind: str | None):
    found = sign(Entry(enclosures=(Enclosure(url="https://cdn.example/41.mp3?x=1", type=kind),)))
    assert found.traits == {"podcast"}
    assert len(found.media) == 4


def test_pictures_make_no_episode():
    assert sign(Entry(enclosures=(Enclosure(url="https://cdn.example/1.png", type="image/png"),))).media == b""
