"""What pages make of the reasons that are stored."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from aggregator.web.plain_words import plainly

DEDUPE = Path(__file__).parent.parent.parent / "aggregator" / "dedupe"
PLAIN = {
    "claimed": "as its publisher says",
    "claimed as update, mended": "its publisher’s date of update, since there was no other, mended",
    "claimed later, for an earlier time": "as its publisher said later, putting it right to an earlier time",
    "claimed later, for a later time, within two days of the first sight": (
        "as its publisher said later, putting it right to a later time, within two days of when we first saw it"
    ),
    "first seen: no date given": "when we first saw it: no date given",
    "first seen: the claim 2026-03-02T12:00:00Z lies in the future": (
        "when we first saw it: its publisher’s date, 2026-03-02T12:00:00Z, lies in the future"
    ),
    "first seen within the day that was claimed later": "when we first saw it, within the day that was given",
    "as published: the claimed update lies before it": (
        "when it was published: its publisher’s date of update lies before it"
    ),
    "observed: the publisher gave no new date": "when we saw the change: the publisher gave no new date",
    "never met under its id": "first seen here",
    "its title and text changed": "its title and text changed",
    "every 1h": "every 1h",
    "max-age 5400": "its server asks for once in 1h30m (Cache-Control)",
    "ttl 2h, then skipHours": "the feed asks for once in 2h (ttl), then skipHours",
    "their texts are the same word for word, boilerplate aside": (
        "their texts are the same word for word, but for what stands on every page there"
    ),
    "80% of all phrases are in both texts": "80 % of what they say is the same, three words at a time",
    "90% of the shorter text's phrases are in the other, and 50% of the titles' words are in both": (
        "90 % of what the shorter one says is in the other, three words at a time, "
        "and 50 % of the words of their titles are the same"
    ),
    "one is a headline only, with 75% of the titles' words in both, of one outlet and hour": (
        "one is a headline only, with 75 % of the words of both titles the same, of one outlet and hour"
    ),
    "Retry-After until 2026-03-01 13:00:00Z": (
        "its server asked to be left alone until 2026-03-01 13:00:00 (Retry-After)"
    ),
}


@pytest.mark.parametrize("stored", PLAIN)
def test_reasons_are_shown_in_plain_words(stored: str):
    assert plainly(stored) == PLAIN[stored]


def test_no_reason_of_a_date_or_a_revision_shows_the_words_of_the_trade():
    code = "".join(path.read_text(encoding="utf-8") for path in sorted(DEDUPE.glob("*.py")))
    found = [*re.findall(r'reason ?= ?f?"([^"]+)"', code), "claimed", "claimed as update"]
    stored = [reason.replace("{stamp.precision}", "day").replace("{bound}", "") for reason in found]
    assert len(stored) > 15
    for reason in stored:
        assert not re.search(r"\bclaimed\b|\bnever met\b|\bobserved\b", plainly(reason)), reason
