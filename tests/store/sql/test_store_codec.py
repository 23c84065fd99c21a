"""Nouns as JSON, and JSON from other times as nouns."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model import (
    Entry,
    FeedMeta,
    Person,
    PollHints,
    Quarantined,
    SourceProfile,
    SourceState,
    Stamp,
    Validators,
)
from aggregator.store.sql.codec import decode, encode
from aggregator.store.sql.columns import instant, seconds, storable
from tests.contract.stock import FIRST_ENTRY as ENTRY_OF_OLD
from tests.contract.stock import FIRST_STATE as STATE_OF_OLD
from tests.contract.stock import FULL_ENTRY, FULL_STATE, NOON

TIMES = st.datetimes(timezones=st.just(UTC)).map(lambda moment: moment.replace(microsecond=0))
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
STAMPS = st.builds(Stamp, utc=TIMES, raw=WORDS)
ENTRIES = st.builds(Entry, published=st.none() | STAMPS)
STATES = st.builds(
    SourceState,
    next_poll_at=TIMES,
    last_poll_at=st.none() | TIMES,
    last_success_at=st.none() | TIMES,
    meta=st.builds(FeedMeta),
    validators=st.builds(Validators),
    hints=st.builds(
        PollHints, ttl=st.none() | st.timedeltas().map(lambda span: timedelta(span.days, span.seconds))
    ),
)

# What the first version wrote. Never to change: databases are full of it.
FIRST_ENTRY = (
    '{"v":1,"id":"tag:example.org,2026:1","id_is_permalink":true,"url":"https://example.org/1",'
    '"url_key":"example.org/1","title":"پرسش – «۱۲»","content":"<p>سلام 🌊</p>","summary":"<p>A &amp; B</p>",'
    '"text":"سلام","authors":[{"name":"Ann","uri":"https://ann.example/","email":"ann@example.org"},{"name":"Bob"}],'
    '"categories":[{"term":"a","scheme":"urn:x:y","label":"A"},{"term":"b"}],'
    '"enclosures":[{"url":"https://example.org/1.mp3","type":"audio/mpeg","length":10,"title":"One","duration":61},'
    '{"url":"https://example.org/2.mp3"}],"image":"https://example.org/1.png",'
    '"published":{"utc":1772366400,"raw":"1 Mar 2026 12:00","precision":"minute","zone":"assumed"},'
    '"updated":{"utc":1772366460,"raw":"12:01","precision":"second","zone":"explicit"},"language":"fa","position":7}'
)
FIRST_STATE = (
    '{"v":1,"source_id":"river","next_poll_at":1772370000,"next_poll_reason":"every 1h","lease":1,'
    '"request_digest":"d1","validators":{"etag":"W/\\"é\\"","last_modified":"Yesterday"},"body_hash":"b1",'
    '"reader_version":3,"last_poll_at":1772366400,"last_success_at":1772366340,"status":"error","trouble":"timeout",'
    '"error":"it took too long","failures":2,"polls":9,"meta":{"id":"urn:x:1","title":"River",'
    '"link":"https://example.org/","language":"en","rights":"©","icon":"https://example.org/i.png",'
    '"version":"atom10"},"hints":{"ttl":5400.0,"period":86400.0,"skip_hours":[0,1,23],"skip_days":[6]},"items":1,'
    '"warnings":["one","two"]}'
)


def test_what_the_first_version_wrote_is_still_read() -> None:
    assert decode(Entry, FIRST_ENTRY) == ENTRY_OF_OLD
    assert decode(SourceState, FIRST_STATE) == STATE_OF_OLD


def test_a_field_that_had_another_name_is_stored_under_that_one_as_ever() -> None:
    state = replace(STATE_OF_OLD, profile=SourceProfile(seed="pond"))
    assert '"habits":{"seed":"pond"}' in encode(state)
    waits = Quarantined(entry=Entry(title="Pillars"), since=datetime(2026, 3, 1, tzinfo=UTC), reason="doubtful")
    assert encode(SourceProfile(quarantined=(waits,))).startswith('{"v":1,"held":[{')
    assert decode(SourceState, encode(state)) == state


def test_fields_at_their_default_are_left_out() -> None:
    assert encode(Entry(title="A")) == '{"v":1,"title":"A"}'
    assert encode(FULL_STATE, frozenset(field.name for field in fields(FULL_STATE))) == '{"v":1}'


@given(ENTRIES)
def test_entries_come_back_as_they_were(entry: Entry) -> None:
    clean = decode(Entry, encode(entry))
    assert decode(Entry, encode(clean)) == clean
    assert clean == entry or storable(repr(entry)) != repr(entry) or "\\x00" in repr(entry) or "\\u" in repr(entry)


@given(STATES)
def test_states_come_back_with_every_number_and_date(state: SourceState) -> None:
    back = decode(SourceState, encode(state))
    assert [back.last_poll_at, back.polls, back.hints, back.status] == [
        state.last_poll_at,
        state.polls,
        state.hints,
        state.status,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", Entry()),
        ("{", Entry()),
        ("[1]", Entry()),
        ("null", Entry()),
        ('{"v":9,"title":"A","mood":"new"}', Entry(title="A")),
        ('{"title":7,"text":"x"}', Entry(text="x")),
        ('{"position":true}', Entry()),
        ('{"id_is_permalink":1}', Entry()),
        ('{"authors":"Ann"}', Entry()),
        ('{"authors":[{"name":"Ann"},{"uri":"u"},7,{"name":3}]}', Entry(authors=(Person(name="Ann"),))),
        ('{"published":{"raw":"x","precision":"day","zone":"assumed"}}', Entry()),
        ('{"published":{"utc":"now","raw":"x","precision":"day","zone":"assumed"}}', Entry()),
        ('{"published":{"utc":1e99,"raw":"x","precision":"day","zone":"assumed"}}', Entry()),
        ('{"published":{"utc":99999999999999999999,"raw":"x","precision":"day","zone":"assumed"}}', Entry()),
        ('{"published":{"utc":0,"raw":"x","precision":"week","zone":"assumed"}}', Entry()),
        ('{"published":{"utc":0,"raw":"x","precision":[],"zone":"assumed"}}', Entry()),
        ('{"published":[]}', Entry()),
        ('{"language":null,"url":null}', Entry()),
    ],
)
def test_what_cannot_be_read_becomes_the_default(text: str, expected: Entry) -> None:
    assert decode(Entry, text) == expected


@pytest.mark.parametrize("span", ["NaN", "1e99", '"1h"', "true", "[1]"])
def test_a_duration_that_is_none_becomes_the_default(span: str) -> None:
    assert decode(PollHints, f'{{"ttl":{span},"skip_hours":[1]}}') == PollHints(skip_hours=frozenset({1}))


def test_a_field_of_a_kind_without_a_rule_is_found_at_once() -> None:
    @dataclass
    class Odd:
        what: complex = 0j

    with pytest.raises(TypeError, match="complex"):
        encode(Odd())


def test_what_a_database_refuses_is_replaced() -> None:
    text = encode(replace(FULL_ENTRY, title="a\x00b", text="\ud800c"))
    assert "\ud800" not in text
    assert "\x00" not in text
    assert json.loads(text)["text"] == "\N{REPLACEMENT CHARACTER}c"


@given(st.text())
def test_storable_text_is_utf8_without_nul_and_stays_as_it_is(text: str) -> None:
    clean = storable(text)
    assert "\x00" not in clean
    assert clean.encode().decode() == clean
    assert len(clean) == len(text)
    assert storable(clean) == clean


@given(TIMES)
def test_instants_come_back_from_their_seconds(moment: datetime) -> None:
    assert instant(seconds(moment)) == moment
    assert instant(seconds(moment)).tzinfo is UTC


def test_instants_are_compared_in_utc_and_rounded_down() -> None:
    assert seconds(NOON.astimezone(timezone(timedelta(hours=3.5)))) == seconds(NOON)
    assert instant(seconds(datetime(1969, 12, 31, 23, 59, 59, 500000, UTC))) == datetime(
        1969, 12, 31, 23, 59, 59, tzinfo=UTC
    )


def test_a_naive_datetime_has_no_seconds() -> None:
    with pytest.raises(ValueError, match="naive datetime 2026-03-01T12:00:00"):
        seconds(NOON.replace(tzinfo=None))
