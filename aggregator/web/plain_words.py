"""Reasons as they are stored, in words for people who know nothing of feeds.

`explain` and the stored items keep their fixed words, which scripts compare; pages say the same in plain ones.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from aggregator.schedule import format_span

_REASONS: Final = tuple(
    (re.compile(pattern), words)
    for pattern, words in (
        (r"^never met\b.*", "first seen here"),
        (r"^claimed as update", "its publisher’s date of update, since there was no other"),
        (r"^claimed later, for (an? \w+) time", r"as its publisher said later, putting it right to \1 time"),
        (r"^claimed\b", "as its publisher says"),
        (
            r"^first seen within the (\w+) that was claimed.*",
            r"when we first saw it, within the \1 that was given",
        ),
        (r"^first seen: ", "when we first saw it: "),
        (r"\bthe claim (\S+) lies\b", r"its publisher’s date, \1, lies"),
        (r"\bsuddenly claim the date\b", "suddenly bear the date"),
        (r"\bthe claimed update\b", "its publisher’s date of update"),
        (r"^as published\b", "when it was published"),
        (r"^observed: ", "when we saw the change: "),
        (r"\bof the first sight\b", "of when we first saw it"),
        (r"\bthe first sight\b", "we first saw it"),
        (r"\bunder the zone as it was put right\b", "read in the time zone as it was put right"),
        (r", boilerplate aside$", ", but for what stands on every page there"),
        (
            r"^(\d+)% of all phrases are in both texts",
            r"\1 % of what they say is the same, three words at a time",
        ),
        (
            r"^(\d+)% of the shorter text's phrases are in the other",
            r"\1 % of what the shorter one says is in the other, three words at a time",
        ),
        (r"(\d{1,3})% of the titles' words are in both", r"\1 % of the words of their titles are the same"),
        (r"(\d{1,3})% of the titles' words in both", r"\1 % of the words of both titles the same"),
        (r"^max-age (\d+)", lambda found: f"its server asks for once in {_span(found[1])} (Cache-Control)"),
        (r"^ttl (\w+)", r"the feed asks for once in \1 (ttl)"),
        (r"^sy:updatePeriod (\w+)", r"the feed says that it changes every \1 (sy:updatePeriod)"),
        (r"^fetch\.min_interval (\w+)", r"nobody is asked more than once in \1"),
        (r"^Retry-After until ([\d-]+) ([\d:]+)Z", r"its server asked to be left alone until \1 \2 (Retry-After)"),
    )
)


def plainly(reason: str) -> str:
    """A stored reason for a date, a revision, a copy or a due time in plain words; what is plain already stays."""
    for pattern, words in _REASONS:
        reason = pattern.sub(words, reason, count=1)
    return reason


def _span(seconds: str) -> str:
    return format_span(timedelta(seconds=min(int(seconds[:9]), 10**8)))
