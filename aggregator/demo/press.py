"""What a publisher of the demo shows, as bytes: by hand, as publishers' own programs do it, and not by ours."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.utils import format_datetime
from html import escape
from typing import Final

from aggregator.dates.writing import rfc3339
from aggregator.demo.content import Form
from aggregator.demo.desk import Desk, Printed

_STYLE = "body{max-width:38rem;margin:3rem auto;padding:0 1rem;font:1.1rem/1.6 Georgia,serif}img{max-width:100%}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handout:
    """A document as it is sent.

    Attributes:
        body: Its bytes.
        kind: Its media type.
    """

    body: bytes
    kind: str


def print_listing(desk: Desk) -> Handout:
    """The feed, or for an outlet without one the page that lists its pieces."""
    kind, print_it = _FORMS[desk.outlet.form]
    body = print_it(desk).encode()
    if desk.is_cut:
        body = body[: body.rfind(b"</content>") - 40]
    return Handout(body=body, kind=kind)


def print_piece(desk: Desk, one: Printed) -> Handout:
    """The page of a piece."""
    said = f"<h1>{escape(one.piece.title)}</h1>{_byline(one)}{_text(desk, one)}"
    return _page(desk, one.piece.title, f"<main><article>{said}</article></main>")


def print_front(desk: Desk) -> Handout:
    """The front page of an outlet with a feed."""
    lines = "".join(
        f'<li><a href="/{one.piece.name}">{escape(one.piece.title)}</a></li>' for one in desk.newest_first
    )
    return _page(desk, desk.outlet.title, f"<main><h1>{escape(desk.outlet.title)}</h1><ul>{lines}</ul></main>")


def _page(desk: Desk, title: str, body: str) -> Handout:
    language = desk.outlet.language
    direction = ' dir="rtl"' if language == "ar" else ""
    html = (
        f'<!doctype html><html lang="{language}"{direction}><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><title>{escape(title)}</title><style>{_STYLE}</style>'
        f'</head><body><nav><a href="/">{escape(desk.outlet.title)}</a></nav>{body}</body></html>'
    )
    return Handout(body=html.encode(), kind="text/html; charset=utf-8")


def _byline(one: Printed) -> str:
    moment = f'<time datetime="{rfc3339(one.published)}">{one.published:%d %B %Y, %H:%M} UTC</time>'
    return f"<p>{escape(one.piece.author)} {moment}</p>" if one.piece.author else f"<p>{moment}</p>"


def _text(desk: Desk, one: Printed) -> str:
    piece, picture = one.piece, ""
    if piece.picture:
        source = f'<img src="{desk.url}/{piece.picture}" alt="{escape(piece.title)}" width="800" height="450">'
        picture = f"<figure>{source}<figcaption>{escape(piece.caption)}</figcaption></figure>"
    return picture + "".join(f"<p>{escape(part, quote=False)}</p>" for part in piece.paragraphs)


def _rss(desk: Desk) -> str:
    items = "".join(
        f"<item><guid isPermaLink='false'>{one.id}</guid><title>{escape(one.piece.title)}</title>"
        f"<link>{desk.url}/{one.piece.name}</link><pubDate>{format_datetime(one.published)}</pubDate>"
        f"<dc:creator>{escape(one.piece.author)}</dc:creator>"
        f"<description>{escape(_text(desk, one))}</description></item>"
        for one in desk.newest_first
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel>'
        f"<title>{escape(desk.outlet.title)}</title><link>{desk.url}/</link>"
        f"<description>{escape(desk.outlet.title)}</description><language>{desk.outlet.language}</language>"
        f"{items}</channel></rss>"
    )


def _atom(desk: Desk) -> str:
    entries = "".join(
        f"<entry><id>{one.id}</id><title>{escape(one.piece.title)}</title>"
        f"<link href='{desk.url}/{one.piece.name}'/>"
        f"<published>{rfc3339(one.published)}</published><updated>{rfc3339(one.updated)}</updated>"
        f"<author><name>{escape(one.piece.author)}</name></author>"
        f"<content type='html'>{escape(_text(desk, one))}</content></entry>"
        for one in desk.newest_first
    )
    deleted = "".join(
        f"<at:deleted-entry ref='{name}' when='{rfc3339(when)}'/>" for name, when in desk.deleted.items()
    )
    updated = max(one.updated for one in desk.up.values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"'
        f' xmlns:at="http://purl.org/atompub/tombstones/1.0" xml:lang="{desk.outlet.language}">'
        f"<id>tag:{desk.outlet.name}.example,2026:feed</id><title>{escape(desk.outlet.title)}</title>"
        f"<link href='{desk.url}/'/><updated>{rfc3339(updated)}</updated>{deleted}{entries}</feed>"
    )


def _json(desk: Desk) -> str:
    items = [
        {
            "id": one.id,
            "url": f"{desk.url}/{one.piece.name}",
            "title": one.piece.title,
            "content_html": _text(desk, one),
            "date_published": rfc3339(one.published),
            "authors": [{"name": one.piece.author}],
        }
        for one in desk.newest_first
    ]
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": desk.outlet.title,
        "home_page_url": f"{desk.url}/",
        "language": desk.outlet.language,
        "items": items,
    }
    return json.dumps(feed, ensure_ascii=False)


def _listing(desk: Desk) -> str:
    articles = "".join(
        f'<article><h2><a href="/{one.piece.name}">{escape(one.piece.title)}</a></h2>'
        f"<p>{escape(one.piece.paragraphs[0], quote=False)}</p></article>"
        for one in desk.newest_first
    )
    title = f"{desk.outlet.title}: notices"
    return _page(desk, title, f"<main><h1>{escape(title)}</h1>{articles}</main>").body.decode()


_FORMS: Final[Mapping[Form, tuple[str, Callable[[Desk], str]]]] = {
    "rss": ("application/rss+xml", _rss),
    "atom": ("application/atom+xml", _atom),
    "json": ("application/feed+json", _json),
    "page": ("text/html; charset=utf-8", _listing),
}
