"""One article that its source lists anew, under another id with each headline; not things that share a page."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from datetime import timedelta
from typing import Final

from aggregator.dedupe import entry_likeness
from aggregator.model import Entry, Item, ItemKey, SourceProfile
from aggregator.text.permalinks import is_home_or_feed

TOLD: Final = 3
"""So often an article must have come anew before the editor is told that its source does that."""

LASTS: Final = timedelta(days=2)
"""So long is an article given new headlines; what stands at its address later may be another thing."""

_SLUG: Final = 4
"""Words in the last part of an address, joined by hyphens, that tell of one article."""

_SHARED_PAGE = re.compile(
    r"(?:^|[/_.-])(?:live|liveblog|live-?(?:blog|updates?|ticker|stream)|ticker|change-?log|releases?|release-notes"
    r"|what-?s-new|threads?|forums?|topics?|discussion|comments?|status|incidents?|tags?|categor(?:y|ies)|search"
    r"|daily|weekly|monthly|today|tomorrow|latest|current|of-the-(?:day|week|month)|newsletter|podcast|index)(?:[/_.-]|$)"
)
_TOKEN = re.compile(r"(?=[a-z_-]{0,40}[0-9])[0-9a-z_-]{16,600}", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9]{5,20}")
_DATED = re.compile(r"/(?:19|20)[0-9]{2}[/-][01]?[0-9][/-](?:[0-3]?[0-9][/-])?")
_SPLIT = re.compile(r"[-_]+")
_OUTLET = re.compile(r"\s[-–—|]\s[^-–—|]{1,60}$")
_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]{4,}")
_STEM: Final = 5
"""Letters by which a word is known."""

_FEWEST: Final = 2
"""Telling words that two headlines of one article have in common."""

_CHARACTER: Final = 1 / 3
"""What a character tells in scripts that put no space between words."""

_ALIKE: Final = 0.12
"""The share of telling words that the beginnings of two texts on one matter have in common."""

_READ: Final = 600
"""Characters of the texts that are compared: how articles begin."""


def names_article(entry: Entry) -> bool:
    """Whether an entry's address looks like that of one article, and of no page on which things follow each other.

    It ends in a slug of several words, a number or a token, and no part of it speaks of a live blog, a change log,
    a thread, a day's page. A fragment names a part of a page.
    """
    key, url = entry.url_key, entry.url
    if key is None or url is None or "#" in url or _SHARED_PAGE.search(key.casefold()):
        return False
    path, _, query = key.partition("?")
    last = path.rstrip("/").rpartition("/")[2] if "/" in path else ""
    if _NUMBER.search(query) or _NUMBER.search(last) or _TOKEN.search(last):
        return True
    words = [word for word in _SPLIT.split(last.partition(".")[0]) if word]
    return len(words) >= _SLUG or (bool(_DATED.search(path)) and len(words) > 1)


def is_relisted(entry: Entry, known: Entry) -> bool:
    """Whether an entry under a known address, but another id, is that article with another headline."""
    if entry.url_key != known.url_key or not names_article(entry):
        return False
    if not entry.title or not known.title or _files(entry) != _files(known):
        return False
    if entry.published and known.published and abs(entry.published.utc - known.published.utc) > LASTS:
        return False
    return entry_likeness.is_similar(entry, known) or _is_related(entry, known)


def count_relisted(known: int, pairs: Sequence[tuple[Entry, Item]]) -> int:
    """How often articles came anew, with those of one more poll; `TOLD` at most."""
    again = sum(
        1
        for entry, item in pairs
        if entry.id and item.entry.id and entry.id != item.entry.id
        if entry.title != item.entry.title and is_relisted(entry, item.entry)
    )
    return min(TOLD, known + again)


def relisting_notice(profile: SourceProfile) -> str | None:
    """What the editor should know of a source that lists articles anew, one sentence; None when it does not."""
    if profile.relisted < TOLD:
        return None
    return (
        "It lists an article anew, under another id, with each headline; what stands at one article's address is "
        "taken for that article. If these are different things, put `identity: id` into feeds.yaml."
    )


def collapse(entries: Sequence[Entry], known: Collection[ItemKey], places: frozenset[str]) -> tuple[Entry, ...]:
    """A document's entries, of each article that it lists twice under new ids the first only.

    What is listed side by side is mostly several things on one page: comments, orders of a court, episodes. It is
    one article if both claim the same moment and headlines have words in common, and if neither id is known: an
    item that is stored stays one.
    """
    kept: dict[str, list[Entry]] = {}
    dropped: set[int] = set()
    for entry in entries:
        if entry.url_key is None or is_home_or_feed(entry.url_key, places):
            continue
        rivals = kept.setdefault(entry.url_key, [])
        if ItemKey(kind="id", value=entry.id or "") not in known and any(_is_twin(entry, one) for one in rivals):
            dropped.add(id(entry))
        else:
            rivals.append(entry)
    return tuple(entry for entry in entries if id(entry) not in dropped)


def _is_twin(entry: Entry, other: Entry) -> bool:
    named = bool(entry.id and other.id) and entry.id != other.id
    same_time = named and entry_likeness.is_simultaneous(entry, other)
    return same_time and is_relisted(entry, other) and _is_related(entry, other)


def _is_related(one: Entry, other: Entry) -> bool:
    """Whether headlines have telling words in common, or the first words of the texts do; outlets' names aside."""
    outlets = frozenset().union(
        *(_telling_words(found.group()) for entry in (one, other) for found in _outlet(entry))
    )
    headlines = (_telling_words(entry.title) - outlets for entry in (one, other))
    if _weight(frozenset.intersection(*headlines)) >= _FEWEST:
        return True
    texts = [_telling_words(entry.text[:_READ]) - outlets for entry in (one, other)]
    every, common = _weight(frozenset.union(*texts)), _weight(frozenset.intersection(*texts))
    return common >= _FEWEST and common >= _ALIKE * every


def _files(entry: Entry) -> frozenset[str]:
    """Sound and film: episodes are told apart by theirs, whatever page they share."""
    return frozenset(
        file.url.partition("?")[0] for file in entry.enclosures if not (file.type or "").startswith("image/")
    )


def _outlet(entry: Entry) -> Iterator[re.Match[str]]:
    found = _OUTLET.search(entry.title)
    if found is not None:
        yield found


def _telling_words(text: str) -> frozenset[str]:
    """The long words of a text, by how they begin, since words bend at their ends; else its characters."""
    return frozenset(word[:_STEM] for word in _WORD.findall(text.casefold()))


def _weight(words: frozenset[str]) -> float:
    return sum(1 if len(word) > 1 else _CHARACTER for word in words)
