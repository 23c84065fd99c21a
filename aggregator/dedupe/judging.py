"""Is an entry the item that was found under one of its names? Decided by what the name is worth."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from aggregator.dedupe import changes, entry_likeness, keys, relisting
from aggregator.model import Entry, Identity, Item
from aggregator.text.permalinks import is_home_or_feed, reduce_permalink

Via = Literal["narrowed", "hash", "id", "permalink", "url", "dated", "former"]
"""By which name an item was found."""

Sameness = Literal["same", "other", "unsure"]

ORDER: dict[Identity, tuple[Via, ...]] = {
    "id": ("narrowed", "hash", "id", "permalink", "url", "former", "dated"),
    "url": ("url", "hash", "former", "dated", "narrowed", "id", "permalink"),
    "title": ("hash", "dated", "narrowed", "id", "permalink", "url", "former"),
}
"""Which names are tried first."""


AGAIN: Final = 1
"""So often an item may have become another thing altogether before its names are taken for shared ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What ids and addresses are worth for telling a source's items apart, at one comparison.

    Attributes:
        identity: What tells the source's items apart.
        shared: Whether several stored items bear the name.
        places: Addresses of the feed itself and of its site, reduced: they name no item.
        migrating: Whether most of the document's ids are new while its items are known by other names.
        relists: Whether an article may come again under another id.
    """

    identity: Identity
    shared: bool = False
    places: frozenset[str] = frozenset()
    migrating: bool = False
    relists: bool = True


def judge_by_name(entry: Entry, item: Item, via: Via, standing: Standing) -> Sameness:
    """Whether an entry is the item that bears one of its names.

    `unsure` only where a new id came under a known address, and the words say neither yes nor no.
    """
    match via:
        case "narrowed":
            return _by_narrowed_id(entry, item, standing)
        case "hash":
            return "other" if _has_other_id(entry, item.entry) and _has_other_url(entry, item.entry) else "same"
        case "id" | "permalink":
            return _by_id(entry, item, standing)
        case "url":
            return _by_url(entry, item, standing)
        case "former":
            return "same" if _says_what_it_said(entry, item.entry) else "other"
    return _by_date(entry, item.entry, standing)


def _says_what_it_said(entry: Entry, known: Entry) -> bool:
    """Whether what older rules make of an address may be believed: they may make one key of several.

    A title is not enough where the texts have nothing in common: columns have one title every day.
    """
    return entry_likeness.says_the_same(entry, known) and _have_common_words(entry, known)


def is_replaced(item: Item, entry: Entry) -> bool:
    """Whether an item shows another thing altogether now, as far as one can tell without its names."""
    return not item.pruned and _is_another(entry, item.entry)


def _is_another(entry: Entry, known: Entry) -> bool:
    return entry_likeness.has_nothing_in_common(known, entry) or _is_next_of_page(entry, known)


def _is_next_of_page(entry: Entry, known: Entry) -> bool:
    """Whether a page like "/weather" shows the text of another day, perhaps under the same title.

    Explainers keep their title, too, and get another date with each new first paragraph; so what stands at an
    address as of an article, or bears an address for its id, is no such page.
    """
    of_page = reduce_permalink(entry.id) is None and not relisting.names_article(entry)
    return of_page and entry_likeness.is_next_days_issue(entry, known)


def is_one_thing(entry: Entry, item: Item) -> bool:
    """Whether an entry is an item by words and dates alone; of an emptied item the fingerprint stands for them."""
    if item.pruned and entry_likeness.has_other_date(entry, item.entry):
        return changes.is_visibly_equal(item.fingerprint, changes.fingerprint(entry))
    return entry_likeness.is_one_thing_by_words(entry, item.entry)


def is_next_thing(entry: Entry, item: Item, standing: Standing) -> bool:
    """Whether an entry is the next thing under a name that one thing after another gets.

    One article that is rewritten from title to last line keeps its id and its address; so what has both counts
    as rewritten the first time. When it happens again, or if the item came so itself, it is another thing.
    """
    known = item.entry
    if entry.url_key is not None and not is_home_or_feed(entry.url_key, standing.places):
        if item.trace.replaced >= AGAIN:
            return _is_another(entry, known)
        return item.key == keys.narrowed_key(known) and _is_next_of_page(entry, known)
    if entry_likeness.has_nothing_in_common(entry, known):
        undated = entry.published is None and known.published is None
        return undated or entry_likeness.has_other_date(entry, known) or item.trace.replaced >= AGAIN
    return entry_likeness.is_next_issue(entry, known)


def _by_narrowed_id(entry: Entry, item: Item, standing: Standing) -> Sameness:
    """Id and address together; they name nothing where things follow each other under both."""
    known = item.entry
    if is_home_or_feed(entry.url_key, standing.places):
        return "same" if is_one_thing(entry, item) else "other"
    next_one = entry_likeness.has_nothing_in_common(entry, known) and entry_likeness.has_other_date(entry, known)
    return "other" if next_one or is_next_thing(entry, item, standing) else "same"


def _by_id(entry: Entry, item: Item, standing: Standing) -> Sameness:
    """An id names one thing, unless the source is known to reuse ids, or plainly did so here."""
    known = item.entry
    if (
        standing.shared
        or standing.identity != "id"
        or is_home_or_feed(reduce_permalink(entry.id), standing.places)
    ):
        return "same" if is_one_thing(entry, item) else "other"
    if _has_other_url(entry, known):
        reused = entry_likeness.is_unrelated(entry, known) or (
            entry_likeness.has_nothing_in_common(entry, known) and entry_likeness.has_other_date(entry, known)
        )
        return "other" if reused or entry_likeness.is_next_issue(entry, known) else "same"
    return "other" if is_next_thing(entry, item, standing) else "same"


def _by_url(entry: Entry, item: Item, standing: Standing) -> Sameness:
    """An address may show a new thing every day ("photo of the day")."""
    known = item.entry
    if standing.migrating:
        return "same"
    if standing.shared or is_home_or_feed(entry.url_key, standing.places):
        return "same" if is_one_thing(entry, item) else "other"
    if entry_likeness.is_similar(entry, known):
        return "other" if is_next_thing(entry, item, standing) else "same"
    if standing.relists and _has_other_id(entry, known) and relisting.is_relisted(entry, known):
        return "same"
    if entry_likeness.is_unrelated(entry, known) or is_next_thing(entry, item, standing):
        return "other"
    return "unsure" if standing.identity == "id" and _has_other_id(entry, known) else "same"


def _by_date(entry: Entry, known: Entry, standing: Standing) -> Sameness:
    """Title and date agree; texts that have nothing in common speak against it."""
    return "same" if standing.migrating or _have_common_words(entry, known) else "other"


def _have_common_words(entry: Entry, known: Entry) -> bool:
    """Whether the texts do not speak against it: they share some words, or one of them is missing."""
    if not entry.text or not known.text:
        return True
    return entry_likeness.overlap(entry.text, known.text) >= entry_likeness.UNRELATED


def _has_other_id(entry: Entry, known: Entry) -> bool:
    return bool(entry.id and known.id) and entry.id != known.id


def _has_other_url(entry: Entry, known: Entry) -> bool:
    return bool(entry.url_key and known.url_key) and entry.url_key != known.url_key
