"""What selectors found in each item of a document -> its entries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from html import escape
from typing import Any, Final, Literal, Protocol

from aggregator.model import (
    Category,
    DocumentDigests,
    EntryFault,
    Failed,
    FeedMeta,
    FieldSelectors,
    ParsedFeed,
    RawEntry,
    RawLink,
    RawText,
)
from aggregator.parse.author_field import read_person
from aggregator.parse.entry_faults import read_each
from aggregator.parse.limits import (
    MAX_AUTHORS,
    MAX_CATEGORIES,
    MAX_DATE,
    MAX_ENTRIES,
    MAX_FIELD,
    MAX_MARKUP,
    MAX_TITLE_MARKUP,
)
from aggregator.text.characters import keep_printable
from aggregator.text.urls import MAX_URL

_TELLING: Final = ("title", "link", "content", "summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundText:
    """One thing that a selector found.

    Attributes:
        text: As written.
        type: As in `RawText`.
    """

    text: str
    type: Literal["text", "html", "guess"] = "guess"


class Finder(Protocol):
    """Looks for fields in the items of one document."""

    @property
    def base(self) -> str | None:
        """What references are relative to."""
        ...

    @property
    def language(self) -> str | None:
        """In which the items are."""
        ...

    def find(self, item: Any, name: str, selector: str) -> tuple[FoundText, ...]:
        """What the selector of the field of that name finds in an item, in its order; nothing empty."""
        ...

    def describe(self, item: Any) -> str:
        """What an item has, so that an editor may name it."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SelectedNodes:
    """The items of a document, as far as they are to be read.

    Attributes:
        all: In document order, at most 1,000.
        whole: Whether these are all that it has.
        digests: Of the items; None where they cannot be told from each other.
        same: The places of those that are as they were, and need not be read.
    """

    all: Sequence[Any]
    whole: bool = True
    digests: DocumentDigests | None = None
    same: tuple[int, ...] = ()


def make_feed(items: SelectedNodes, finder: Finder, select: FieldSelectors, meta: FeedMeta) -> ParsedFeed | Failed:
    """The entries of a document's items; Failed where nothing that could be shown is found in any of them."""
    passed = frozenset(items.same)
    news = [item for place, item in enumerate(items.all) if place not in passed]
    selectors = {name: one for name, one in asdict(select).items() if one is not None and name != "item"}
    entries, found, faults = _read_all(news, finder, selectors)
    silent = [name for name in selectors if name not in found]
    if entries and not items.same and not found & {*_TELLING}:
        wanted = " and ".join(_say(name, selectors[name]) for name in _TELLING if name in selectors)
        return no_items(f"{len(news)} items in which {wanted} finds nothing; {_describe(news, finder)}")
    warnings = [
        f"{_say(name, selectors[name])} finds nothing in any of {len(news)} items; {_describe(news, finder)}"
        for name in silent
        if entries and not items.same
    ]
    if not items.whole:
        warnings.append(f"There are more than {MAX_ENTRIES} items; only the first were read.")
    return ParsedFeed(
        meta=meta,
        entries=entries,
        warnings=tuple(map(keep_printable, warnings)),
        whole=items.whole and not faults,
        faults=faults,
        digests=items.digests,
        same=items.same,
    )


def no_items(what: str) -> Failed:
    """The failure for a document in which the selectors find no entries: what is there instead."""
    message = f"No entries: the answer is {what}. Correct `select:` in feeds.yaml."
    return Failed(trouble="not_a_feed", message=keep_printable(message))


def no_document(wanted: str, what: str) -> Failed:
    """The failure for a document of another kind, with the remedy."""
    return Failed(trouble="not_a_feed", message=keep_printable(f"No {wanted}: the answer is {what}."))


def _say(name: str, selector: str) -> str:
    return f"`select.{name}: {selector[:80]}`"


def _describe(items: Iterable[Any], finder: Finder) -> str:
    return next((f"the first has {told}" for item in items if (told := finder.describe(item))), "they are empty")


def _read_all(
    items: Iterable[Any], finder: Finder, selectors: Mapping[str, str]
) -> tuple[tuple[RawEntry, ...], set[str], tuple[EntryFault, ...]]:
    found: set[str] = set()

    def read(item: Any) -> RawEntry:
        fields = {name: finder.find(item, name, selector) for name, selector in selectors.items()}
        found.update(name for name, pieces in fields.items() if pieces)
        return _entry(fields, finder)

    entries, faults = read_each(items, read, finder.describe)
    return entries, found, faults


def _entry(fields: Mapping[str, tuple[FoundText, ...]], finder: Finder) -> RawEntry:
    link = _first(fields, "link", MAX_URL + 1)
    content = _join(fields.get("content", ()))
    return RawEntry(
        id=_first(fields, "id", 2 * MAX_URL),
        links=(RawLink(href=link),) if link and len(link) <= MAX_URL else (),
        title=_title(fields.get("title", ())),
        summary=_join(fields.get("summary", ())),
        contents=(content,) if content else (),
        published=_first(fields, "published", MAX_DATE),
        updated=_first(fields, "updated", MAX_DATE),
        authors=tuple(filter(None, map(read_person, _texts(fields, "author", MAX_AUTHORS)))),
        categories=tuple(Category(term=one) for one in _texts(fields, "categories", MAX_CATEGORIES)),
        image=_first(fields, "image", MAX_URL),
        language=finder.language,
        base=finder.base,
    )


def _first(fields: Mapping[str, tuple[FoundText, ...]], name: str, limit: int) -> str | None:
    return next((one.text[:limit] for one in fields.get(name, ())), None)


def _texts(fields: Mapping[str, tuple[FoundText, ...]], name: str, limit: int) -> Iterator[str]:
    return (one.text[:MAX_FIELD] for one in fields.get(name, ())[:limit])


def _title(pieces: tuple[FoundText, ...]) -> RawText | None:
    """The first; one that has character references and no tags was escaped for HTML."""
    if not pieces:
        return None
    text = pieces[0].text[:MAX_TITLE_MARKUP]
    escaped = pieces[0].type != "text" and "&" in text and "<" not in text
    return RawText(value=text, type="guess" if escaped else "text")


def _join(pieces: tuple[FoundText, ...]) -> RawText | None:
    """Several pieces are paragraphs of one text; among markup, what is none is escaped."""
    if not pieces:
        return None
    kinds = {one.type for one in pieces}
    if len(kinds) == 1:
        return RawText(value="\n\n".join(one.text for one in pieces)[:MAX_MARKUP], type=pieces[0].type)
    texts = (one.text if one.type == "html" else f"<p>{escape(one.text)}</p>" for one in pieces)
    return RawText(value="\n".join(texts)[:MAX_MARKUP], type="html")
