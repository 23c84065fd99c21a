"""One raw entry -> one clean one."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Conventions, Entry, RawEntry, RawText
from aggregator.normalize import html
from aggregator.normalize.characters import one_line
from aggregator.normalize.claims import claimed_dates
from aggregator.normalize.people import authors, categories, enclosures
from aggregator.normalize.titles import looks_like_markup, plain_title
from aggregator.normalize.urls import absolute, display_url, url_key

MAX_ID: Final = 2048
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8}){0,8}")


def clean_entry(raw: RawEntry, conventions: Conventions, *, position: int) -> Entry | None:
    """Clean one entry in every field.

    In: the raw entry; how its source is to be read; its index in the document.
    Out: the entry; None when neither title, address, text nor attached file is left of it. Does not raise.
    """
    url = _url(raw)
    content, summary = _texts(raw, url)
    title = plain_title(raw.title)
    files = enclosures(raw.enclosures, raw.base)
    if not (title or url or content or summary or files):
        return None
    name = one_line(raw.id or "")
    language = _language(raw.language)
    published, updated = claimed_dates(raw, conventions.timezone, language)
    picture = absolute(raw.image, raw.base) if raw.image else None
    pictures = (file.url for file in files if (file.type or "").startswith("image/"))
    return Entry(
        id=name if 0 < len(name) <= MAX_ID else None,
        id_is_permalink=raw.id_is_permalink and 0 < len(name) <= MAX_ID,
        url=url,
        url_key=url_key(url) if url else None,
        title=title,
        content=content,
        summary=summary,
        text=html.visible_text(content or summary or ""),
        authors=authors(raw.authors, raw.base),
        categories=categories(raw.categories),
        enclosures=files,
        image=picture or next(pictures, None),
        published=published,
        updated=updated,
        language=language,
        position=position,
    )


def _url(raw: RawEntry) -> str | None:
    """The first alternate link that is a web address, else an id that the format calls a permalink."""
    written = [link.href for link in raw.links if link.rel == "alternate"]
    if raw.id and raw.id_is_permalink:
        written.append(raw.id)
    return next((url for href in written if (url := display_url(href, raw.base))), None)


def _texts(raw: RawEntry, url: str | None) -> tuple[str | None, str | None]:
    """Content and summary; a summary that repeats the content says nothing."""
    contents = (_markup(text, raw, url) for text in raw.contents)
    content = next((text for text in contents if text), None)
    summary = _markup(raw.summary, raw, url) if raw.summary else None
    return content, (summary or None) if summary != content else None


def _markup(text: RawText, raw: RawEntry, url: str | None) -> str:
    """A text construct as clean markup; without a base of its own it is relative to the item's page."""
    if text.type == "text" or (text.type == "guess" and not looks_like_markup(text.value)):
        return html.from_text(text.value)
    return html.clean(text.value, text.base or url or raw.base)


def _language(written: str | None) -> str | None:
    tag = (written or "").strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None
