"""Cleans one entry in every field: RawEntry -> Entry."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Final

from aggregator.model import Conventions, Enclosure, Entry, QueryRules, RawEntry, RawText, Trimmed, Trimming
from aggregator.normalize import lead, sanitizer
from aggregator.normalize.direction import direction
from aggregator.normalize.entry_dates import claimed_dates
from aggregator.normalize.extension_values import ValueContext
from aggregator.normalize.extensions import Said, clean_extensions
from aggregator.normalize.links import further_links
from aggregator.normalize.markup_context import MarkupContext
from aggregator.normalize.people import clean_authors, clean_categories, clean_enclosures
from aggregator.normalize.title_text import plain_title, read_text, unwrap, without_second_escape
from aggregator.normalize.trimming import trim
from aggregator.text import urlkeys
from aggregator.text.characters import fold, to_one_line
from aggregator.text.languages import language_tag
from aggregator.text.urls import display_url, is_web, resolve_reference

MAX_ID: Final = 2048
_PICTURE_NAME = re.compile(r"\.(?:avif|gif|jpe?g|png|webp)(?::[a-z]{1,9})?(?:[?#]|$)", re.IGNORECASE)
_WHOLE: Final = Trimming()


def clean_entry(raw: RawEntry, conventions: Conventions, *, position: int) -> Entry | None:
    """Clean one entry in every field.

    In: the raw entry; how its source is to be read; its index in the document.
    Out: the entry; None when neither title, address, text nor attached file is left of it. Does not raise.
    """
    query = conventions.query
    url, key, former = _address(raw, query)
    page = MarkupContext(base=raw.base, page=url, query=query)
    content, summary = _texts(raw, page)
    title = plain_title(raw.title)
    files = clean_enclosures(raw.enclosures, raw.base)
    if not (title or url or content or summary or files):
        return None
    name = to_one_line(raw.id or "")
    language = language_tag(raw.language)
    published, updated = claimed_dates(raw, conventions.timezone, language)
    markup = content or summary or ""
    text = sanitizer.visible_text(markup)
    image = _image(raw, files, markup)
    authors = clean_authors(raw.authors, raw.base, language)
    extensions, fleeting = clean_extensions(
        raw.extensions,
        ValueContext(base=raw.base, zone=conventions.timezone, language=language),
        _collect_said(raw, files, (title, text, summary or "", *(one.name for one in authors))),
    )
    entry = Entry(
        id=name if 0 < len(name) <= MAX_ID else None,
        id_is_permalink=raw.id_is_permalink and 0 < len(name) <= MAX_ID,
        url=url,
        url_key=key,
        former_keys=former,
        title=title,
        content=content,
        summary=summary,
        text=text,
        authors=authors,
        categories=clean_categories(raw.categories),
        enclosures=files,
        image=image,
        image_caption=lead.clean_caption(raw.image_caption, image, markup, (title, text), summary),
        links=further_links(raw.links, page),
        published=published,
        updated=updated,
        language=language,
        direction=direction(title, markup, text, language),
        extensions=extensions,
        fleeting=fleeting,
        position=position,
    )
    return (
        replace(entry, trimmed=_trim_texts(entry, raw, page, conventions.trimming))
        if conventions.trimming
        else entry
    )


def _trim_texts(entry: Entry, raw: RawEntry, page: MarkupContext, rules: Trimming) -> Trimmed | None:
    """What the editor's rules leave of the texts, with the picture that goes with it; None where it is all."""
    content, summary = _texts(raw, page, rules)
    if (content, summary) == (entry.content, entry.summary):
        return None
    markup = content or summary or ""
    text = sanitizer.visible_text(markup)
    image = _image(raw, entry.enclosures, markup)
    caption = lead.clean_caption(raw.image_caption, image, markup, (entry.title, text), summary)
    return Trimmed(content=content, summary=summary, text=text, image=image, image_caption=caption)


def _collect_said(raw: RawEntry, files: tuple[Enclosure, ...], texts: tuple[str, ...]) -> Said:
    """What the fields of an entry say."""
    written = (raw.title, raw.summary, *raw.contents)
    return Said(
        written=frozenset(one.value for one in written if one is not None),
        texts=cache(lambda: frozenset(fold(sanitizer.visible_text(one) if "<" in one else one) for one in texts)),
        files=frozenset(file.url for file in files),
    )


def address_references(raw: RawEntry) -> tuple[str, ...]:
    """What may be an entry's address: its alternate links, then an id that the format calls a permalink."""
    written = [link.href for link in raw.links if link.rel == "alternate"]
    if raw.id and raw.id_is_permalink:
        written.append(raw.id)
    return tuple(written)


def _address(raw: RawEntry, query: QueryRules) -> tuple[str | None, str | None, tuple[str, ...]]:
    """The first reference that is a web address; its key, of what was written; its other keys."""
    written = address_references(raw)
    former = urlkeys.former_keys(written, raw.base, query)
    shown = [(href, url) for href in written if (url := display_url(href, raw.base, query))]
    shown.sort(key=lambda one: not is_web(one[1]))  # a magnet link only where there is no page
    if not shown:
        return None, None, former
    href, url = shown[0]
    key = urlkeys.RULES[0].key(href, raw.base, query) or urlkeys.url_key(url, query)
    return url, key, tuple(one for one in former if one != key)


def _image(raw: RawEntry, files: tuple[Enclosure, ...], markup: str) -> str | None:
    """The picture that the feed names, else one that it attaches, else the first of the text."""
    named = resolve_reference(raw.image, raw.base) if raw.image else None
    attached = (file.url for file in files if _is_picture(file))
    return named or next(attached, None) or lead.first_picture(markup)


def _is_picture(file: Enclosure) -> bool:
    """By its type; where that says nothing, by its name."""
    if file.type is None or file.type == "application/octet-stream":
        return bool(_PICTURE_NAME.search(file.url))
    return file.type.startswith("image/")


def _texts(raw: RawEntry, page: MarkupContext, rules: Trimming = _WHOLE) -> tuple[str | None, str | None]:
    """Content and summary, as far as rules leave them; a summary that repeats the content says nothing."""
    contents = (_markup(text, page, rules) for text in raw.contents)
    content = next((text for text in contents if text), None)
    summary = _markup(raw.summary, page, rules) if raw.summary else None
    return content, (summary or None) if summary != content else None


def _markup(text: RawText, page: MarkupContext, rules: Trimming) -> str:
    """A text construct as clean markup; without a base of its own it is relative to the item's page."""
    value, marked_up = unwrap(text.value), text.type == "html"
    if text.type != "text":
        value = without_second_escape(value)
    if text.type == "guess":
        value, marked_up = read_text(value)
    if not marked_up:
        return sanitizer.markup_of_text(value)
    value = trim(value, rules) if rules else value
    return sanitizer.sanitize(value, text.base or page.page or page.base, page=page.page, query=page.query)
