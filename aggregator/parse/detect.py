"""Why a document is no feed, in words that help the editor."""

from __future__ import annotations

import re
from typing import Final

from aggregator.model import Failed
from aggregator.parse.plain import to_plain_text
from aggregator.text.characters import keep_printable

_MAGIC: Final = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"RIFF", "a media file"),
    (b"ID3", "an MP3 file"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\x1f\x8b", "gzip-compressed data"),
)
_CHALLENGE = re.compile(
    r"just a moment\.\.\.|attention required|cf-chl|challenge-platform|captcha|checking your browser"
    r"|access denied|request blocked|are you a robot|verify you are human|ddos protection|incapsula",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,300})", re.IGNORECASE)
_LINK = re.compile(r"<link\s[^>]{1,1000}>", re.IGNORECASE)
_FEED_TYPE = re.compile(r"""type\s*=\s*["']?application/(?:rss\+xml|atom\+xml|feed\+json)""", re.IGNORECASE)
_HREF = re.compile(r"""\shref\s*=\s*["']?([^"'\s>]{1,300})""", re.IGNORECASE)
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|title|script|meta)[\s>]", re.IGNORECASE)
_LOOKED_AT: Final = 200_000
_ROOTS: Final = {
    "opml": "an OPML list of feeds; bring it in with `aggregator import`, or follow it under `lists:`",
    "urlset": "a sitemap; give the address of the site's feed instead",
    "sitemapindex": "a sitemap; give the address of the site's feed instead",
    "svg": "an SVG picture; check the address in feeds.yaml",
}


def is_unknown(root: str) -> bool:
    """Whether the local name of a root tells nothing of what the document is."""
    return root not in _ROOTS and root not in {"html", "head", "body"}


def failure_for_empty() -> Failed:
    """The failure for a body without content."""
    return _failure("an empty document; the site may serve it to programs only: open the address in a browser")


def failure_for_binary(body: bytes) -> Failed | None:
    """The failure for files that are known by their first bytes; None for others."""
    kind = next((kind for magic, kind in _MAGIC if body.startswith(magic)), None)
    return _failure(f"{kind}; check the address in feeds.yaml") if kind else None


def failure_for_json(lists: str) -> Failed:
    """The failure for JSON that has no `items`, with the lists that it has."""
    what = f"a JSON document but no JSON Feed, for `version` and `items` are missing; {lists}"
    return _failure(f"{what}; check the address, or write `json:` with `select:` in feeds.yaml")


def failure_for_text(text: str) -> Failed:
    """The failure for a document whose text has no root element of a feed."""
    if _HTML.search(text, 0, 4096):
        return _failure_for_html(text)
    if not text.startswith("<"):
        start = to_plain_text(text[:200])
        return _failure(f"plain text that begins “{(start or '')[:60]}”; check the address in feeds.yaml")
    return _failure("markup without the root element of a feed; check the address in feeds.yaml")


def failure_for_root(name: str, text: str) -> Failed:
    """The failure for a document of another kind, known by the local name of its root; a page may lack <html>."""
    if name not in _ROOTS and _HTML.search(text, 0, 4096):
        return _failure_for_html(text)
    shown = (to_plain_text(name) or "")[:40]
    return _failure(_ROOTS.get(name, f"an XML document whose root is <{shown}>; check the address in feeds.yaml"))


def _failure_for_html(text: str) -> Failed:
    """The failure for a web page: a challenge, a page that names its feeds, or just a page."""
    text = text[:_LOOKED_AT]
    found = _TITLE.search(text)
    title = to_plain_text(found[1]) if found else None
    named = f" titled “{title[:80]}”" if title else ""
    if _CHALLENGE.search(title or "") or (len(text) < 20_000 and _CHALLENGE.search(text)):
        return _failure(
            f"a page{named} by which the site keeps programs out; ask the publisher to let our User-Agent pass"
        )
    feed = _find_feed_link(text)
    if feed:
        return _failure(f"a web page{named}; it names this feed, which you can put into feeds.yaml: {feed}")
    return _failure(f"a web page{named}; give the address of its feed in feeds.yaml")


def _find_feed_link(text: str) -> str | None:
    """The first feed that a page links to (HTML, section 4.6.7.1)."""
    for link in _LINK.findall(text):
        href = _HREF.search(link)
        if href and _FEED_TYPE.search(link) and "alternate" in link.lower():
            return to_plain_text(href[1])
    return None


def _failure(what: str) -> Failed:
    return Failed(trouble="not_a_feed", message=f"No feed: the answer is {keep_printable(what)}.")
