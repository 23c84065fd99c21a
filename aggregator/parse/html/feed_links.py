"""A page -> the feeds that it names, the likeliest first.

A page names its feeds by `<link rel="alternate">` (HTML, section 4.6.7.1) and, less surely, by plain links
whose address or text says "feed". Nothing is asked here: whether a candidate is a feed shows when it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Literal
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree

from aggregator.parse.charsets.decode import decode_page
from aggregator.parse.plain import to_plain_text
from aggregator.text.characters import keep_printable, strip_non_xml
from aggregator.text.sites import same_site
from aggregator.text.urls import MAX_URL, resolve_reference

MAX_BYTES: Final = 1_000_000
"""Of a page; what follows is not looked at."""
MAX_CANDIDATES: Final = 200
"""Links of each kind that are weighed, and candidates given back."""
_MAX_DEPTH: Final = 500
"""Elements within elements; the time of an end tag grows with those that are open, and reading ends here."""
_CHUNK: Final = 8192
_MAX_TITLE: Final = 200

_TYPES: Final = frozenset({
    "application/atom+xml", "application/feed+json", "application/json", "application/rdf+xml",
    "application/rss+xml", "application/xml", "text/xml",
})  # fmt: skip
_ORIGIN = re.compile(r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//[^/?#]*")

_FEED_PATH = re.compile(
    r"(?:\.(?:rss|atom|rdf)|(?:^|/)(?:feed|rss|atom)/?|(?:^|/)(?:(?:feed|rss|atom|index)\.xml|feed\.json))$",
    re.IGNORECASE,
)
_FEED_TEXT = re.compile(
    r"(?:subscribe (?:via|by|with|to) )?(?:(?:our|the) )?(?:rss|atom|(?:json|web) ?feed)"
    r"(?: ?[012]\.\d)?(?: ?feeds?)?",
    re.IGNORECASE,
)
_JSON_FEED = re.compile(r"(?<![a-z])feeds?(?![a-z])|json_?feed", re.IGNORECASE)
_FORMAT = re.compile(r"(?<![a-z])(?:atom|rss|rdf|json|xml|feeds?|[012]\.\d)(?![a-z])|[\W_]+", re.IGNORECASE)
_COMMENTS = re.compile(r"comment|kommentar|coment[aá]rio|reacties|комментари|コメント", re.IGNORECASE)
_PART_ADDRESS = re.compile(
    r"/(?:category|categories|tags?|authors?|topics?|labels?|taxonomy|-)/|[?&](?:cat|category|tag|author)=",
    re.IGNORECASE,
)
_PART_TITLE = re.compile(
    r"\b(?:category|tag|author)(?: (?:rss|atom))? feed\b|\bposts by\b|\b(?:category|tag):", re.IGNORECASE
)

_PLACES: Final = ("feed", "rss.xml", "atom.xml", "index.xml")


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """An address that may be a feed.

    Attributes:
        url: Absolute, http or https, in ASCII, without userinfo and fragment.
        title: What the page calls it: one plain line of at most 200 characters, or None.
        type: The media type that the page gives, lower case, without parameters; None if it gives none.
        found: Whether a `<link>` or an `<a>` names it.
    """

    url: str
    title: str | None
    type: str | None
    found: Literal["link", "anchor"]


def discover_feeds(body: bytes, *, content_type: str, location: str) -> tuple[Candidate, ...]:
    """The feeds that a page names.

    In: a page's bytes; the Content-Type field's value, a hint at the encoding; where the page came from after
    redirects, the base of relative addresses.
    Out: candidates, the best first, at most 200, no address twice and none that is the page's own: what
    `<link>` names before what `<a>` names; of several forms of one feed Atom, then RSS, then JSON; feeds of
    one category and of comments last, save those of a page that is itself a category's; else as the page
    has them. An `<a>` counts only if it stays on the page's site.
    Pure and total: does not raise, whatever the bytes are.
    """
    page = _read_page(body, content_type)
    own = _address(location, "")
    base = (_address(page.base, own or "") if page.base else None) or own or ""
    seen = {own}
    found: list[Candidate] = []
    for named in (*page.links, *page.anchors):
        url = _address(named.url, base)
        foreign = named.found == "anchor" and url and (own is None or not same_site(url, own))
        if url is None or foreign or url in seen:
            continue
        seen.add(url)
        found.append(Candidate(url=url, title=named.title, type=named.type, found=named.found))
    return _best_first(found, own or "")[:MAX_CANDIDATES]


def common_places(location: str) -> tuple[str, ...]:
    """Where a site's feed usually lies, for pages that name none.

    In: where the page came from after redirects.
    Out: at most four addresses, without the page's own: the usual names at the root of the site; for a page
    in a folder (a last segment without a dot is taken for one) two of them there first. None for a file.
    """
    own = _address(location, "")
    if own is None:
        return ()
    parts = urlsplit(own)
    before, _, last = parts.path.rpartition("/")
    folder = f"{before}/" if "." in last or not last else f"{parts.path}/"
    root = [urljoin(own, f"/{place}") for place in _PLACES]
    near = [urlunsplit((parts.scheme, parts.netloc, folder + place, "", "")) for place in _PLACES[:2]]
    return tuple(url for url in dict.fromkeys([*near, *root]) if url != own)[:4]


class _TooDeepError(Exception):
    """The page nests deeper than honest ones do."""


class _FeedLinkTarget:
    """What the parser tells of a page: its base and the links that name feeds, addresses as written."""

    def __init__(self) -> None:
        self.base: str | None = None
        self.links: list[Candidate] = []
        self.anchors: list[Candidate] = []
        self._depth = 0
        self._anchor: dict[str, str] | None = None
        self._text = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        self._depth += 1
        if self._depth > _MAX_DEPTH:
            raise _TooDeepError
        if tag == "base":
            self.base = self.base or attributes.get("href")
        elif tag == "link":
            _keep(self.links, _from_link(attributes))
        elif tag == "a":
            self.finish()
            self._anchor = dict(attributes)
        elif tag == "img":
            self.data(attributes.get("alt") or "")

    def end(self, tag: str) -> None:
        self._depth -= 1
        if tag == "a":
            self.finish()

    def data(self, text: str) -> None:
        if self._anchor is not None and len(self._text) < _MAX_TITLE:
            self._text += text[:_MAX_TITLE]

    def finish(self) -> None:
        """Weigh the `<a>` that is open, if one is."""
        if self._anchor is not None:
            _keep(self.anchors, _from_anchor(self._anchor, self._text))
        self._anchor, self._text = None, ""

    def close(self) -> None:
        self.finish()


def _read_page(body: bytes, content_type: str) -> _FeedLinkTarget:
    if len(body) > MAX_BYTES:
        body = body[: body.rfind(b">", 0, MAX_BYTES) + 1]  # after a tag, not within a character
    text = strip_non_xml(decode_page(body, content_type).text)
    page = _FeedLinkTarget()
    parser = etree.HTMLParser(target=page, encoding="utf-8", recover=True, no_network=True)
    with suppress(_TooDeepError, etree.LxmlError):  # what was found until then counts
        for start in range(0, len(text), _CHUNK):  # an end that the page forces is noticed between two chunks
            parser.feed(text[start : start + _CHUNK].encode())
        parser.close()
    page.finish()
    return page


def _keep(kept: list[Candidate], candidate: Candidate | None) -> None:
    if candidate is not None and len(kept) < MAX_CANDIDATES:
        kept.append(candidate)


def _from_link(attributes: Mapping[str, str]) -> Candidate | None:
    href, kind, title = attributes.get("href") or "", _type(attributes), _title(attributes.get("title"))
    if kind is None or "alternate" not in (attributes.get("rel") or "").lower().split():
        return None
    # Many sites offer the page's own data as JSON in the same way.
    if kind == "application/json" and not _JSON_FEED.search(f"{title} {_ORIGIN.sub('', href)}"):
        return None
    return Candidate(url=href, title=title, type=kind, found="link")


def _from_anchor(attributes: Mapping[str, str], text: str) -> Candidate | None:
    href, kind = attributes.get("href") or "", _type(attributes)
    words = [_title(text), _title(attributes.get("title")), _title(attributes.get("aria-label"))]
    path = re.split("[?#]", _ORIGIN.sub("", href[: MAX_URL + 1].strip()), maxsplit=1)[0]
    if not _FEED_PATH.search(path) and not any(word and _FEED_TEXT.fullmatch(word) for word in words):
        return None
    return Candidate(url=href, title=next(filter(None, words), None), type=kind, found="anchor")


def _type(attributes: Mapping[str, str]) -> str | None:
    kind = (attributes.get("type") or "").partition(";")[0].strip().lower()
    return kind if kind in _TYPES else None


def _title(text: str | None) -> str | None:
    """One plain line; without what turns the direction of text."""
    return keep_printable(to_plain_text(text) or "")[:_MAX_TITLE].strip() or None


def _best_first(found: Iterable[Candidate], own: str) -> tuple[Candidate, ...]:
    feeds: dict[str, int] = {}  # forms of one feed have titles that differ in the form's name only
    ranked = []
    for candidate in found:
        feed = feeds.setdefault(_FORMAT.sub(" ", candidate.title or "").casefold().strip(), len(feeds))
        ranked.append(
            (
                (_rank_by_scope(candidate, own), candidate.found == "anchor", feed, _rank_by_form(candidate)),
                candidate,
            )
        )
    return tuple(candidate for _, candidate in sorted(ranked, key=lambda pair: pair[0]))  # stable


def _rank_by_scope(candidate: Candidate, own: str) -> int:
    """How far from a site's main feed: 1 for a category, tag or author, 2 for comments; -1 for the page's own."""
    title, address = candidate.title or "", _ORIGIN.sub("", candidate.url)
    if _COMMENTS.search(title) or _COMMENTS.search(address):
        return 2
    if _PART_ADDRESS.search(f"{own}/") and candidate.url.startswith(f"{own.rstrip('/')}/"):
        return -1
    return int(bool(_PART_TITLE.search(title) or _PART_ADDRESS.search(address)))


def _rank_by_form(candidate: Candidate) -> int:
    for words in (candidate.type or "", candidate.title or "", _ORIGIN.sub("", candidate.url)):
        for rank, name in enumerate(("atom", "rss", "json")):
            if name in words.lower():
                return rank
    return 1  # of unknown form; most are RSS


def _address(reference: str, base: str) -> str | None:
    """The http(s) URL that a reference means, as `Candidate.url` describes it; None for all else."""
    url = resolve_reference(reference, base)
    return url.partition("#")[0] if url else None
