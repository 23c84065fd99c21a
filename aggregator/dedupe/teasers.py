"""Beginnings of texts that stand for the whole: told from texts of which something was taken back, or added."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Final

from aggregator.dedupe import lines, noise
from aggregator.model import Entry, Item
from aggregator.text.beginnings import find_mark, without_mark
from aggregator.text.characters import fold

_ENDS: Final = frozenset(".!?:;…。！？｡؟۔।॥։။།។።\"'»”’)]")
"""How a sentence ends."""

_STOP = re.compile(r"[.!?…](?=[\s\"'»”’)\]]|$)|[。！？｡؟۔।॥։။།។።]")
"""A sentence's end within a text; no decimal point, no name of a site."""

_IN_WORD = re.compile(r"[^\W\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]{2}")
"""Two characters of one word, in scripts that put space between words."""

_UNSTOPPED = re.compile(r"[\u0e00-\u0eff]")
"""Letters of Thai and Lao, which end no sentence by a mark; their full stops are those of abbreviations."""

_WORD = re.compile(r"\w")

_SWINGING: Final = 3
"""Items that must shrink at once for their source to be one that went over to teasers."""


def _is_marked(entry: Entry) -> bool:
    """Whether a text says of itself that it goes on elsewhere, surely or perhaps."""
    return bool(find_mark(entry.text))


def gives_teasers(entries: Sequence[Entry]) -> bool:
    """Whether a document has teasers: a quarter of its texts, and two at least, are marked as beginnings.

    Some sources give each item now as a teaser, now in full. People who end their own sentences in dots do so in
    fewer than one text in ten.
    """
    marked = sum(1 for entry in entries if _is_marked(entry))
    return marked >= 2 and 4 * marked >= len(entries)


def is_swinging(pairs: Sequence[tuple[Entry, Item]]) -> bool:
    """Whether several items were shortened to their beginnings at once, and most of those that changed."""
    differing = [(item.entry, entry) for entry, item in pairs if not item.pruned and item.entry.text != entry.text]
    shrunk = sum(1 for before, after in differing if _is_beginning(after, before))
    return shrunk >= _SWINGING and 2 * shrunk >= len(differing)


def _is_beginning(part: Entry, whole: Entry) -> bool:
    """Whether one text is the beginning of another, a mark at its end aside."""
    stump, full = without_mark(part.text), fold(whole.text)
    return 0 < len(stump) < len(full) and full.startswith(stump)


def has_shrunk(before: Entry, after: Entry, *, swinging: bool) -> bool:
    """Whether a source that gave the full text now gives only a teaser of it.

    A text that is merely shorter had something taken back, which is the most important update there is. It is a
    teaser if it is marked as one, stops within a sentence, or comes as the feed's summary where there was content;
    or if the source is known to go to and fro between the two.
    """
    if not _is_beginning(after, before):
        return False
    summarized = before.content is not None and after.content is None
    return swinging or summarized or _is_marked(after) or _stops_short(before, after)


def has_grown(before: Entry, after: Entry, *, swinging: bool) -> bool:
    """Whether a source that gave a teaser, or only a summary, now gives the text it began.

    Or gives, beside the same summary, a text where there was none: its article was read only now. Dots at the end
    of a text are a mark only in a source that is known for teasers, or if they are still there.
    """
    if before.title != after.title:
        return False
    if before.content is None and after.content is not None:
        return before.summary == after.summary or _is_beginning(before, after)
    mark = find_mark(before.text)
    sure = mark == "strong" or (mark == "weak" and (swinging or _is_marked(after)))
    return sure and _is_beginning(before, after)


def with_longer_text(item: Item, entry: Entry) -> Entry:
    """The entry as it came, but with the full text that the item has instead of its beginning."""
    whole = item.entry
    return replace(entry, content=whole.content, summary=whole.summary, text=whole.text, trimmed=whole.trimmed)


def _stops_short(before: Entry, after: Entry) -> bool:
    """Whether a text stops within a word or a sentence of the whole, or lacks no word of it.

    Where no sentence of the whole ends by a mark (lists, verse, some scripts), nothing tells that one was cut.
    """
    stump, full = without_mark(after.text), fold(before.text)
    if not _WORD.search(noise.strip_noise(full[len(stump) :])) or _IN_WORD.fullmatch(
        full[len(stump) - 1 : len(stump) + 1]
    ):
        return True
    if after.text.rstrip()[-1:] in _ENDS or _ends_a_paragraph(before, after):
        return False
    unstopped = 2 * len(_UNSTOPPED.findall(before.text)) > len(_WORD.findall(before.text))
    return not unstopped and _STOP.search(before.text) is not None


def _ends_a_paragraph(before: Entry, after: Entry) -> bool:
    """Whether a text stops where a paragraph, a line or an item of the whole does, however it is marked up."""
    whole, part = lines.visible_lines(before), lines.visible_lines(after)
    if part and len(part) <= len(whole) and whole[len(part) - 1] == part[-1]:
        return True
    ends = accumulate(len("".join(line.split())) for line in whole)
    shown = "".join("".join(part).split())
    return len(shown) in ends and "".join("".join(whole).split()).startswith(shown)
