"""The parts of an entry, cleaned: what may be said of it, and what stands in for what is missing."""

from __future__ import annotations

import html
import re
from typing import Literal

from aggregator.model import Category, Enclosure, Entry, Link, Origin, Person, is_absolute_iri
from aggregator.publish import sanitize

Extent = Literal["full", "summary", "link"]

TITLE_LENGTH = 80
"""Characters of a title that is made from the text."""
SUMMARY_LENGTH = 500
"""Characters of an excerpt that stands in for a summary."""
LONGEST_SUMMARY = 2000
"""Visible characters beyond which a feed's "summary" is the whole text under another name."""

_MAIL = re.compile(r"[^\s@]+@[^\s@]+")


def is_iri(name: str) -> bool:
    """Whether a name can be an atom:id as it stands (RFC 4287, section 4.2.6: an absolute IRI)."""
    return is_absolute_iri(name) and sanitize.markup(name) == name


def title(entry: Entry, extent: Extent) -> str:
    """The entry's title, directed as its text is; see `_title`."""
    return sanitize.with_direction(_title(entry, extent), entry.direction)


def _title(entry: Entry, extent: Extent) -> str:
    """The entry's title; without one the beginning of its text, its address, its file, or "Untitled".

    Of a source that grants no more than a link, no text is taken for a title.
    """
    own = sanitize.line(entry.title)
    if own:
        return own
    start = "" if extent == "link" else sanitize.excerpt(entry.text, TITLE_LENGTH)
    file = next((sanitize.line(enclosure.title or enclosure.url) for enclosure in entry.enclosures), "")
    return start or sanitize.linked(entry.url) or file or "Untitled"


def body(entry: Entry, extent: Extent) -> tuple[str | None, str | None]:
    """Content and summary as HTML, each None when absent: all that the source's `publish` allows.

    `full`: both as they are. `summary`: no content, and a summary that is one. `link`: neither.
    Text from right to left says so in its markup, since neither RSS nor JSON Feed has another place for it.
    """
    found = _body(entry, extent)
    if entry.direction != "rtl":
        return found
    content, summary = (sanitize.from_right_to_left(text) if text else None for text in found)
    return content, summary


def _body(entry: Entry, extent: Extent) -> tuple[str | None, str | None]:
    content = sanitize.markup(entry.content or "").strip() or None
    summary = sanitize.markup(entry.summary or "").strip() or None
    if extent == "link":
        return None, None
    if extent == "full":
        return content, None if summary == content else summary
    if summary and len(sanitize.plain(summary)) <= LONGEST_SUMMARY and summary != content:
        return None, summary
    short = sanitize.excerpt(entry.text, SUMMARY_LENGTH)
    return None, html.escape(short, quote=False) or None


def opening(entry: Entry, extent: Extent) -> str | None:
    """The beginning of the text, as HTML, for formats that want a short form beside the whole one."""
    short = "" if extent == "link" else html.escape(sanitize.excerpt(entry.text, SUMMARY_LENGTH), quote=False)
    return (sanitize.from_right_to_left(short) if entry.direction == "rtl" else short) if short else None


def links(found: tuple[Link, ...]) -> tuple[Link, ...]:
    """Links with a web address; the first of those with equal relations and addresses."""
    kept: dict[tuple[str, str], Link] = {}
    for link in found:
        url = sanitize.web(link.url)
        if url:
            title_, type_ = sanitize.line(link.title or "") or None, sanitize.media_type(link.type, "")
            kept.setdefault((link.rel, url), Link(url=url, rel=link.rel, title=title_, type=type_))
    return tuple(kept.values())


def also_at(copies: tuple[Link, ...]) -> str | None:
    """Links to copies as a paragraph of HTML; None for none."""
    found = (f'<a href="{html.escape(one.url)}">{html.escape(one.title or one.url)}</a>' for one in copies)
    return f"<p>Also at: {', '.join(found)}</p>" if copies else None


def authors(people: tuple[Person, ...]) -> tuple[Person, ...]:
    """People with a name each; a mail address or page stands in for a missing one."""
    named: list[Person] = []
    for person in people:
        mail = sanitize.line(person.email or "")
        email = mail if _MAIL.fullmatch(mail) else None
        page = sanitize.web(person.uri)
        name = sanitize.line(person.name) or email or page
        if name:
            named.append(Person(name=name, uri=page, email=email))
    return tuple(dict.fromkeys(named))


def categories(found: tuple[Category, ...]) -> tuple[Category, ...]:
    """Categories with a term each; the first of those with equal scheme and term."""
    kept: dict[tuple[str | None, str], Category] = {}
    for category in found:
        label = sanitize.line(category.label or "") or None
        term = sanitize.line(category.term) or label
        scheme = sanitize.uri(category.scheme)
        if term:
            kept.setdefault((scheme, term), Category(term=term, scheme=scheme, label=label))
    return tuple(kept.values())


def enclosures(found: tuple[Enclosure, ...]) -> tuple[Enclosure, ...]:
    """Files with a web address; the first of those with equal addresses, sizes only where they can be true."""
    kept: dict[str, Enclosure] = {}
    for enclosure in found:
        url = sanitize.linked(enclosure.url)
        if url:
            made = Enclosure(
                url=url,
                type=sanitize.media_type(enclosure.type, url),
                length=_positive(enclosure.length),
                title=sanitize.line(enclosure.title or "") or None,
                duration=_positive(enclosure.duration),
            )
            kept.setdefault(url, made)
    return tuple(kept.values())


def _positive(number: int | None) -> int | None:
    # Feeds write 0, and -1, for what they do not know.
    return number if number and number > 0 else None


def feed_url(origin: Origin) -> str | None:
    """The feed's address as the editor wrote it; None for pages and files, and where a secret belongs into it."""
    return _public_url(origin) if origin.source.kind == "feed" else None


def home_url(origin: Origin) -> str | None:
    """The page that people read: what the feed says, else the page that we read ourselves."""
    stated = sanitize.web(origin.meta.link)
    return stated or (_public_url(origin) if origin.source.kind == "page" else None)


def _public_url(origin: Origin) -> str | None:
    url = origin.source.url
    account = "@" in url.partition("://")[2].partition("/")[0]
    return None if account or "${" in url else sanitize.web(url)
