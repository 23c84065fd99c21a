"""JSON Feed 1.0 and 1.1 (jsonfeed.org). A bad field costs itself only, a bad item itself only."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from aggregator.model import (
    Category,
    DocumentDigests,
    Enclosure,
    Failed,
    FeedMeta,
    ParsedFeed,
    Person,
    RawEntry,
    RawLink,
    RawText,
)
from aggregator.parse import detect
from aggregator.parse.author_field import read_person
from aggregator.parse.digests import digest_value
from aggregator.parse.entry_faults import read_each
from aggregator.parse.json.broken_json import BROKEN, NumberAsWritten, load_json
from aggregator.parse.json.extension_objects import extensions_of
from aggregator.parse.json.lists import tell_lists
from aggregator.parse.limits import (
    MAX_AUTHORS,
    MAX_CATEGORIES,
    MAX_DATE,
    MAX_ENCLOSURES,
    MAX_ENTRIES,
    MAX_FIELD,
    MAX_MARKUP,
    MAX_TITLE_MARKUP,
)
from aggregator.parse.plain import to_plain_text
from aggregator.text.urls import MAX_URL, is_web, resolve_reference

_VERSION = "https://jsonfeed.org/version/"
_ELEMENT = re.compile(r"\s*<(b|div|em|h[1-6]|i|p|span|strong)(?:\s[^<>]*)?>.*</\1>\s*", re.IGNORECASE | re.DOTALL)
_REFERENCE = re.compile(r"&(?:#\w{1,8}|[A-Za-z]\w{1,40});")


def read_json_feed(text: str, *, base: str, known: DocumentDigests | None = None) -> ParsedFeed | Failed:
    """Read a document that begins like JSON.

    In: its text; the absolute URL it came from, or ""; items that need not be read.
    Out: the feed; Failed when it is no JSON, or JSON of another kind. Does not raise.
    """
    loaded = load_json(text)
    if loaded is None:
        return Failed(
            trouble="malformed",
            message="The document begins like JSON but is broken before its first item; check the address.",
        )
    document, warnings = loaded
    items = document.get("items") if isinstance(document, dict) else None
    version = _text(document, "version") or "" if isinstance(document, dict) else ""
    if not isinstance(items, list):
        return detect.failure_for_json(tell_lists(document))
    feed = _make_feed(document, items, version, base, known)
    return replace(feed, warnings=(*warnings, *feed.warnings), whole=feed.whole and BROKEN not in warnings)


def _make_feed(
    document: dict[str, Any], items: list[Any], version: str, base: str, before: DocumentDigests | None = None
) -> ParsedFeed:
    known = version.removeprefix(_VERSION) if version.startswith(_VERSION) else ""
    language = to_plain_text(_text(document, "language"))
    meta = FeedMeta(
        id=resolve_reference(_text(document, "feed_url"), base),
        link=resolve_reference(_text(document, "home_page_url"), base),
        language=language,
        icon=resolve_reference(_text(document, "icon") or _text(document, "favicon"), base),
        version="json" + ("11" if known.startswith("1.1") else "10" if known.startswith("1") else ""),
    )
    authors = _authors(document)
    objects = [item for item in items if isinstance(item, dict)]
    setting = authors, language, meta.link or base or None
    digests = DocumentDigests(
        context=digest_value(("json", *setting)), entries=tuple(map(digest_value, objects[:MAX_ENTRIES]))
    )
    were = frozenset(before.entries if before is not None and before.context == digests.context else ())
    same = tuple(place for place, one in enumerate(digests.entries) if one in were)
    entries, faults = read_each(
        [item for item, one in zip(objects, digests.entries, strict=False) if one not in were],
        lambda item: _entry(item, *setting),
        lambda item: item.get("title") or item.get("id"),
    )
    notes = (
        ("The document does not say which version of JSON Feed it is.", not known),
        (f"Items that are no objects were skipped: {len(items) - len(objects)}.", len(objects) < len(items)),
        (f"The feed holds more than {MAX_ENTRIES} entries; only the first were read.", len(objects) > MAX_ENTRIES),
        ("The publisher says that the feed has ended.", document.get("expired") is True),
    )
    return ParsedFeed(
        meta=meta,
        title=_plain(_text(document, "title", MAX_TITLE_MARKUP)),
        entries=entries,
        warnings=tuple(note for note, holds in notes if holds),
        whole=len(objects) <= MAX_ENTRIES and not faults,
        faults=faults,
        digests=digests,
        same=same,
    )


def _entry(item: dict[str, Any], authors: tuple[Person, ...], language: str | None, base: str | None) -> RawEntry:
    content, summary = _contents(item), _text(item, "summary", MAX_MARKUP)
    title = _text(item, "title", MAX_TITLE_MARKUP)
    name, links = _text(item, "id", 2 * MAX_URL), _links(item)
    return RawEntry(
        id=name,
        id_is_permalink=not links and is_web(name or ""),  # the format would like ids to be the items' addresses
        links=links,
        title=_plain(title),
        summary=_plain(summary),
        contents=content,
        published=_text(item, "date_published", MAX_DATE),
        updated=_text(item, "date_modified", MAX_DATE),
        authors=_authors(item) or authors,
        categories=_categories(item),
        enclosures=_attachments(item),
        image=_text(item, "image", MAX_URL + 1) or _text(item, "banner_image", MAX_URL + 1),
        extensions=extensions_of(item),
        language=_text(item, "language") or language,
        base=base,
    )


def _plain(value: str | None) -> RawText | None:
    """A text that the format calls plain; HTML if it has character references, or is one element."""
    if value is None:
        return None
    is_html = (_REFERENCE.search(value) or _ELEMENT.fullmatch(value)) if "<" in value else "&" in value
    return RawText(value=value, type="guess" if is_html else "text")


def _text(found: Any, name: str, limit: int = MAX_FIELD) -> str | None:
    """A string field; of numbers, only ids pass for strings, as the format advises."""
    value = found.get(name) if isinstance(found, dict) else None
    if not isinstance(value, str) or (isinstance(value, NumberAsWritten) and name != "id"):
        return None
    return str(value.strip()[:limit].strip()) or None


def _list(item: dict[str, Any], name: str, limit: int) -> list[Any]:
    """A list field; an object in its place stands for a list of one."""
    value = item.get(name)
    if isinstance(value, dict):
        return [value]
    return value[:limit] if isinstance(value, list) else []


def _contents(item: dict[str, Any]) -> tuple[RawText, ...]:
    """Markup before plain text, where an item carries both."""
    html, text = _text(item, "content_html", MAX_MARKUP), _text(item, "content_text", MAX_MARKUP)
    found = [RawText(value=html, type="html")] if html else []
    return (*found, RawText(value=text, type="text")) if text else tuple(found)


def _links(item: dict[str, Any]) -> tuple[RawLink, ...]:
    """`url` is the item's page; `external_url` is what it is about, and its page where it has no own."""
    own, other = _text(item, "url", MAX_URL + 1), _text(item, "external_url", MAX_URL + 1)
    links = [RawLink(href=own)] if own and len(own) <= MAX_URL else []
    if other and len(other) <= MAX_URL:
        links.append(RawLink(href=other, rel="related" if links else "alternate"))
    return tuple(links)


def _authors(found: dict[str, Any]) -> tuple[Person, ...]:
    """`authors` (1.1), else `author` (1.0)."""
    named = _list(found, "authors", MAX_AUTHORS) or [found.get("author")]
    texts = ({"name": one} if type(one) is str else one for one in named)
    people = (read_person(_text(one, "name") or "", uri=_text(one, "url", MAX_URL)) for one in texts)
    return tuple(one for one in people if one is not None)


def _categories(item: dict[str, Any]) -> tuple[Category, ...]:
    tags = (tag.strip()[:MAX_FIELD] for tag in _list(item, "tags", MAX_CATEGORIES) if type(tag) is str)
    return tuple(Category(term=tag) for tag in tags if tag)


def _attachments(item: dict[str, Any]) -> tuple[Enclosure, ...]:
    found = (
        Enclosure(
            url=_text(one, "url", MAX_URL + 1) or "",
            type=_text(one, "mime_type"),
            length=_number(one.get("size_in_bytes")),
            title=_text(one, "title"),
            duration=_number(one.get("duration_in_seconds")),
        )
        for one in _list(item, "attachments", MAX_ENCLOSURES)
        if isinstance(one, dict)
    )
    return tuple(one for one in found if one.url)


def _number(value: Any) -> int | None:
    """A whole quantity, written as a number or, by some, as a string."""
    whole = value.partition(".")[0] if isinstance(value, str) else ""
    return int(whole) if whole.isascii() and whole.isdigit() and len(whole) < 16 else None
