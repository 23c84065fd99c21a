"""One entry of RSS, RDF, Atom or CDF: the parsing library's dictionary -> RawEntry."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from aggregator.model import Category, Enclosure, Extension, Person, RawEntry, RawLink, RawText
from aggregator.parse.author_field import read_person
from aggregator.parse.limits import MAX_AUTHORS, MAX_CATEGORIES, MAX_DATE, MAX_LINKS, MAX_MARKUP, MAX_TITLE_MARKUP
from aggregator.parse.xml import media_rss
from aggregator.parse.xml.extended import extensions_of
from aggregator.parse.xml.fields import dicts_field, text_field
from aggregator.text.namespaces import LICENCES
from aggregator.text.urls import MAX_URL, is_web, resolve_reference

_HTML = frozenset({"text/html", "application/xhtml+xml", "html", "xhtml"})
_WHOLE_TEXTS = (
    "fulltext",
    "full_text",
    "full-text",
    "fullcontent",
    "full_description",
    "fulldescription",
    "articlebody",
)
"""Elements of no format in which feeds give an item's whole text, as the library calls them."""

_RELATIONS = "http://www.iana.org/assignments/relation/"


@dataclass(frozen=True, slots=True, kw_only=True)
class InheritedByEntries:
    """What an entry inherits from its feed.

    Attributes:
        atom: Whether the format is Atom, whose text constructs name their type and whose references are
            relative to the document (RFC 4287, sections 2 and 3.1).
        location: Where the document came from; the base that the library reports without an xml:base.
        base: For references of entries without an xml:base: Atom's document, or the site of an RSS channel and of
            a document that is a file.
        language: The feed's.
        authors: The feed's, for Atom entries without any (RFC 4287, section 4.2.1).
    """

    atom: bool
    location: str
    base: str | None
    language: str | None
    authors: tuple[Person, ...] = ()


def raw_entry(entry: Any, setting: InheritedByEntries) -> RawEntry:
    """Find and name the fields of one entry. Does not raise, whatever the dictionary holds."""
    summary, contents = _texts(entry, setting)
    stand_in = None if summary or contents else _extension_text(entry)
    title = title_of(entry, setting)
    caption = media_rss.caption_of(entry, title.value if title else None)
    published = _published_date(entry)
    name = text_field(entry, "id", 2 * MAX_URL)
    extensions = extensions_of(entry)
    base = _explicit_base(text_field(entry, "base", MAX_URL), setting) or setting.base
    return RawEntry(
        id=name,
        id_is_permalink=not setting.atom and bool(name) and _is_permalink(entry, name or ""),
        links=_links(entry) or _pages_elsewhere(entry, setting),
        title=title,
        summary=summary or stand_in,
        contents=contents,
        published=published,
        updated=_updated_date(entry, published),
        authors=people_of(entry) or people_of(dict.get(entry, "source")) or setting.authors,
        categories=_categories(entry),
        enclosures=media_rss.enclosures_of(entry) + _files_elsewhere(entry, setting),
        image=media_rss.image_of(entry),
        image_caption=None if caption == stand_in else caption,
        extensions=(
            *extensions,
            *_in_dublin_core(entry, {one.name for one in extensions}),
            *licences_of(entry, extensions, base),
        ),
        language=text_field(entry, "language") or text_field(entry, "lang") or setting.language,
        base=base,
    )


def people_of(found: Any) -> tuple[Person, ...]:
    """The authors of an entry or a feed, in document order."""
    named = (
        read_person(
            text_field(author, "name") or "",
            uri=text_field(author, "href", MAX_URL),
            email=text_field(author, "email"),
        )
        for author in dicts_field(found, "authors", MAX_AUTHORS)
    )
    return tuple(one for one in named if one is not None)


def _is_permalink(entry: Any, name: str) -> bool:
    """RSS 2.0: a guid is a permalink unless it says otherwise; but many are not and do not say so."""
    return is_web(name) and text_field(entry, "permalink") != "false"


def _links(entry: Any) -> tuple[RawLink, ...]:
    """All links but enclosures; feedburner's original address before the one that counts clicks.

    The page of the comments and the feed of the comments of RSS are what RFC 4685 calls replies.
    """
    original = text_field(entry, "feedburner_origlink", MAX_URL + 1)
    links = [RawLink(href=original)] if original else []
    for link in dicts_field(entry, "links", MAX_LINKS):
        href, relation = text_field(link, "href", MAX_URL + 1), text_field(link, "rel") or "alternate"
        relation = relation.removeprefix(_RELATIONS)
        if href and len(href) <= MAX_URL and relation != "enclosure":
            links.append(
                RawLink(
                    href=href,
                    rel=relation,
                    type=text_field(link, "type"),
                    title=text_field(link, "title"),
                    language=text_field(link, "hreflang"),
                )
            )
    known = {link.href for link in links}
    for name, kind in (("comments", None), ("wfw_commentrss", "application/rss+xml")):
        href = text_field(entry, name, MAX_URL + 1)
        if href and len(href) <= MAX_URL and href not in known and not href.isdigit():  # a count is no address
            links.append(RawLink(href=href, rel="replies", type=kind))
    # Atom may offer the item in other media types as well; the page for people comes first.
    links.sort(key=lambda link: (link.type or "text/html") not in _HTML)
    return tuple(links)


def _content_elsewhere(entry: Any, setting: InheritedByEntries) -> tuple[tuple[str, str | None], ...]:
    """Where content lies that is not in the entry (RFC 4287, section 4.1.3.2): addresses and their media types."""
    return tuple(
        (
            resolve_reference(written, _explicit_base(text_field(content, "base", MAX_URL), setting)) or written,
            kind,
        )
        for content in dicts_field(entry, "content", 20)
        if (written := text_field(content, "src", MAX_URL + 1))
        for kind in [text_field(content, "type")]
    )


def _pages_elsewhere(entry: Any, setting: InheritedByEntries) -> tuple[RawLink, ...]:
    """The page of an entry that has no link but says where its text is."""
    return tuple(
        RawLink(href=href, type=kind) for href, kind in _content_elsewhere(entry, setting) if _may_be_page(kind)
    )


def _files_elsewhere(entry: Any, setting: InheritedByEntries) -> tuple[Enclosure, ...]:
    """Content that lies elsewhere and is no page: sound, film, documents."""
    return tuple(
        Enclosure(url=href, type=kind)
        for href, kind in _content_elsewhere(entry, setting)
        if not _may_be_page(kind)
    )


def _may_be_page(media_type: str | None) -> bool:
    return media_type is None or media_type in _HTML or media_type.startswith("text")


def _texts(entry: Any, setting: InheritedByEntries) -> tuple[RawText | None, tuple[RawText, ...]]:
    """The summary, and the contents with the richest first.

    RSS leaves open which of two texts is the whole one: the longer
    one is.
    """
    contents = [
        text
        for content in dicts_field(entry, "content", 20)
        if _is_text(content) and (text := _construct(content, setting)) is not None
    ]
    whole = (one.text[:MAX_MARKUP] for one in extensions_of(entry) if one.name == "yandex:full-text")
    homemade = (text_field(entry, name, MAX_MARKUP) for name in _WHOLE_TEXTS)
    contents += [RawText(value=value, type="guess") for value in (*whole, *homemade) if value]
    contents.sort(key=lambda text: len(text.value), reverse=True)
    summary = text_of(entry, "summary", setting) if "summary_detail" in entry else None
    if not setting.atom and summary and contents and len(summary.value) > len(contents[0].value):
        summary, contents[0] = contents[0], summary
    return summary, tuple(contents)


def _is_text(content: dict[str, Any]) -> bool:
    """Atom's content may be anything: a picture in base64, XML of another kind (RFC 4287, section 4.1.3)."""
    kind = text_field(content, "type") or "text"
    return not dict.get(content, "foreign") and (kind in _HTML or kind.startswith("text"))


def _extension_text(entry: Any) -> RawText | None:
    """What extensions say in the place of a summary."""
    for name in ("dc_description", "dcterms_description", "dcterms_abstract", "itunes_summary"):
        value = text_field(entry, name, MAX_MARKUP)
        if value:
            return RawText(value=value, type="guess")
    described, subtitle = media_rss.description_of(entry), text_field(entry, "itunes_subtitle", MAX_MARKUP)
    return described or (RawText(value=subtitle, type="guess") if subtitle else None)


def title_of(found: Any, setting: InheritedByEntries) -> RawText | None:
    """The title of an entry or a feed; that of Dublin Core or of the podcast module where there is no other."""
    own = text_of(found, "title", setting, guessed=True, limit=MAX_TITLE_MARKUP)
    if own is not None:
        return own
    others = (text_field(found, name, MAX_TITLE_MARKUP) for name in ("dc_title", "dcterms_title", "itunes_title"))
    value = next(filter(None, others), None)
    return RawText(value=value, type="guess") if value else None


def text_of(
    found: Any, name: str, setting: InheritedByEntries, *, guessed: bool = False, limit: int = MAX_MARKUP
) -> RawText | None:
    """A text construct; `guessed` where RSS says nothing of whether such a text is markup.

    Its details may be those of a deeper element of that name; then they do not count.
    """
    value = dict.get(found, name)
    detail = dict.get(found, f"{name}_detail")
    if isinstance(detail, dict) and dict.get(detail, "value") == value:
        return _construct(detail, setting, guessed=guessed, limit=limit)
    text = text_field(found, name, limit)
    return RawText(value=text, type="guess") if text else None


def _construct(
    detail: dict[str, Any], setting: InheritedByEntries, *, guessed: bool = False, limit: int = MAX_MARKUP
) -> RawText | None:
    value = text_field(detail, "value", limit)
    if not value:
        return None
    kind: Literal["text", "html", "guess"] = "html" if dict.get(detail, "type") in _HTML else "text"
    if not setting.atom and (guessed or kind == "text" or "\n" in value.strip() or "<" in value):
        kind = "guess"  # RSS says of no text what it is; the library guesses too, by a single sign
    base = _explicit_base(text_field(detail, "base", MAX_URL), setting) or (setting.base if setting.atom else None)
    return RawText(value=value, type=kind, base=base, language=text_field(detail, "language"))


def _explicit_base(base: str | None, setting: InheritedByEntries) -> str | None:
    """A base that an xml:base gave; the library reports the document's location when there is none."""
    return base if base and base != setting.location and is_web(base) else None


def _in_dublin_core(entry: Any, said: set[str]) -> tuple[Extension, ...]:
    """What Atom's own elements say that no field of ours holds: rights and contributors."""
    rights = text_field(entry, "rights", MAX_TITLE_MARKUP)
    people = (text_field(one, "name") for one in dicts_field(entry, "contributors", MAX_AUTHORS))
    found = [("dc:rights", rights), *(("dc:contributor", name) for name in people)]
    return tuple(Extension(name=name, text=text) for name, text in found if text and name not in said)


def licences_of(found: Any, said: tuple[Extension, ...], base: str | None) -> tuple[Extension, ...]:
    """The licences that an entry or a feed links to (RFC 4946) and that none of its elements names."""
    told = {text for one in said if one.name in LICENCES for text in (one.text, *dict(one.attributes).values())}
    links = (link for link in dicts_field(found, "links", MAX_LINKS) if text_field(link, "rel") == "license")
    named = (resolve_reference(text_field(link, "href", MAX_URL + 1), base) for link in links)
    return tuple(Extension(name="dcterms:license", text=url) for url in named if url and url not in told)


def _published_date(entry: Any) -> str | None:
    named = (text_field(entry, name, MAX_DATE) for name in ("published", "created", "dc_date", "dcterms_date"))
    return next(filter(None, named), None)


def _updated_date(entry: Any, published: str | None) -> str | None:
    """dc:date is the date of an item that has no other; beside another one it tells of a change."""
    raw = text_field(entry, "updated", MAX_DATE)
    if raw:
        return raw
    date = text_field(entry, "dc_date", MAX_DATE)
    return date if date != published else None


def _categories(entry: Any) -> tuple[Category, ...]:
    found = (
        Category(term=term, scheme=text_field(tag, "scheme"), label=text_field(tag, "label"))
        for tag in dicts_field(entry, "tags", MAX_CATEGORIES)
        if (term := text_field(tag, "term") or text_field(tag, "label"))
    )
    return tuple(found)
