"""What readers are told in the place of what a publisher wrote: the editor's `keep`, `remove` and `rewrite`.

It has no part in what an entry is, in whether it changed, or in what filters see: what is stored is what the
publisher wrote, and is told again once a rule is taken back. `keep` and `remove` were carried out when the entry
was read, since the classes that they go by are not stored (`normalize.trimming`); here is chosen what is told.

A rule that takes too long on a text, or would make it longer than is sensible, leaves it as it was.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from html import escape
from typing import Final

from aggregator import patterns
from aggregator.model import Entry, Item, Rewrite, Source, Trimmed
from aggregator.publish import sanitize
from aggregator.text.references import unescape

LONGEST: Final = {"title": 2_000, "link": 8_000, "text": 400_000}
"""Characters that a rewritten part may have."""

_TAG: Final = re.compile(r"(<[^<>]*>)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rewritten:
    """What readers are told in the place of what the publisher wrote.

    Attributes:
        rules: The editor's rules that change anything, as he wrote them, in order.
        title: As readers get it.
        url: As readers get it; None where the entry has no page.
        text: The visible text that readers get; None where it is the publisher's.
    """

    rules: tuple[str, ...]
    title: str
    url: str | None
    text: str | None = None


def for_readers(entry: Entry, source: Source) -> Entry:
    """What readers are told of an entry of the source; the entry itself where no rule of its editor changes it."""
    for _, told in _steps(entry, source):
        entry = told
    return entry


def link_for_readers(entry: Entry, source: Source) -> str | None:
    """The address that readers are told of an entry of the source."""
    for rule in source.rewrites:
        entry = _rewrite_link(entry, rule) if rule.field == "link" else entry
    return entry.url


def show(item: Item, source: Source) -> Item:
    """The item with what readers are told of its entry; all else is as it was."""
    told = for_readers(item.entry, source)
    return item if told is item.entry else replace(item, entry=told)


def find_rewritten(entry: Entry, source: Source) -> Rewritten | None:
    """What readers are told of an entry of the source, and by which rules; None where no rule changes anything."""
    steps = list(_steps(entry, source))
    if not steps:
        return None
    told = steps[-1][1]
    text = None if told.text == entry.text else told.text
    return Rewritten(rules=tuple(rule for rule, _ in steps), title=told.title, url=told.url, text=text)


def _steps(entry: Entry, source: Source) -> Iterator[tuple[str, Entry]]:
    """Each rule that changes anything, with what the entry says then."""
    if entry.trimmed is not None and source.trimming:
        entry = _trim(entry, entry.trimmed)
        yield " and ".join(name for name in ("keep", "remove") if getattr(source.trimming, name)), entry
    for rule in source.rewrites:
        told = _WAYS[rule.field](entry, rule)
        if told != entry:
            yield rule.shown, told
            entry = told


def _trim(entry: Entry, told: Trimmed) -> Entry:
    return replace(
        entry,
        content=told.content,
        summary=told.summary,
        text=told.text,
        image=told.image,
        image_caption=told.image_caption,
    )


def _rewrite_title(entry: Entry, rule: Rewrite) -> Entry:
    (title,) = _replace([entry.title], rule)
    return replace(entry, title=title.strip())


def _rewrite_link(entry: Entry, rule: Rewrite) -> Entry:
    """Only where it is the address of a page then, too."""
    (url,) = map(sanitize.web, _replace([entry.url or ""], rule))
    return replace(entry, url=url) if url and entry.url and url != sanitize.web(entry.url) else entry


def _rewrite_text(entry: Entry, rule: Rewrite) -> Entry:
    """In each stretch of text between two tags: markup is neither searched nor made."""
    content, summary = (_rewrite_markup(one, rule) if one else one for one in (entry.content, entry.summary))
    if (content, summary) == (entry.content, entry.summary):
        return entry
    return replace(entry, content=content, summary=summary, text=sanitize.plain(content or summary or ""))


def _rewrite_markup(markup: str, rule: Rewrite) -> str:
    parts = _TAG.split(markup)
    texts = [unescape(part) for part in parts[::2]]
    found = zip(parts[::2], texts, _replace(texts, rule), strict=True)
    parts[::2] = [part if text == told else escape(told, quote=False) for part, text, told in found]
    return "".join(parts)


def _replace(texts: list[str], rule: Rewrite) -> list[str]:
    template = patterns.read_template(rule.replacement, rule.pattern)
    made = patterns.guard_pattern(rule.pattern).replace(texts, template, LONGEST[rule.field])
    return texts if made is None else made


_WAYS: Final[dict[str, Callable[[Entry, Rewrite], Entry]]] = {
    "title": _rewrite_title,
    "link": _rewrite_link,
    "text": _rewrite_text,
}
