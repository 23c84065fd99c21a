"""Items as comparing and grouping see them."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from aggregator.model import Copy, Item, Member, Origin, Sighting, Signature
from aggregator.stories.addresses import article_number, bare_host
from aggregator.stories.limits import RECURS

_LABELS: Final = 2
_SIGNED: Final = 0x7FFFFFFFFFFFFFFF


def count_key(value: int) -> int | None:
    """A signature's title key or address as a number that every database holds; None for 0, nothing to count."""
    return (value & _SIGNED) or None


def sighting(item: Item, signature: Signature, *, titles: int = 1, addresses: int = 1) -> Sighting:
    """An item as `verify` and `place` see it.

    In: the item; its signature; how many items of its source within 30 days bear its title (`title_key`), and how
    many its address (`url`), itself included.
    """
    return Sighting(
        uid=item.uid,
        source_id=item.source_id,
        published=item.published,
        signature=_mark_live(signature) if item.trace.churn else signature,
        names=names_of(item),
        recurring=titles >= RECURS,
        shared_url=addresses > 1,
        entry_id=item.entry.id or "",
        host=bare_host(item.entry.url),
        article=article_number(item.entry.url),
        url_key=item.entry.url_key or "",
    )


def member(copy: Copy, origin: Origin) -> Member:
    """An item as `stories` and `primary` see it; whether it is at home is told from its URL and its source's."""
    item = copy.item
    site = bare_host(origin.meta.link) or bare_host(origin.source.location)
    home = bare_host(item.entry.url)
    return Member(
        uid=item.uid,
        public_id=item.public_id,
        source_id=item.source_id,
        published=item.published,
        first_seen=item.first_seen,
        names=names_of(item),
        priority=origin.source.priority,
        length=copy.length,
        at_home=not home or not site or _has_same_site(home, site),
        credit=copy.credit,
        called=names_of_source(origin),
        withdrawn_at=item.withdrawn_at,
    )


def names_of_source(origin: Origin) -> frozenset[str]:
    """What others call a source, case folded: titles, id, name of its site."""
    site = bare_host(origin.meta.link) or bare_host(origin.source.location)
    titles = (origin.source.title, origin.meta.title, origin.source.id, site.partition(".")[0])
    return frozenset(title.strip().casefold() for title in titles if title and title.strip())


def _mark_live(signature: Signature) -> Signature:
    """A page that is rewritten all day is a live page, whatever it calls itself."""
    return replace(signature, traits=signature.traits | {"live"})


def names_of(item: Item) -> frozenset[str]:
    """Under which an editor may name it: uid, ids, URL, URL key."""
    entry = item.entry
    names = (item.uid, item.public_id, entry.id, entry.url, entry.url_key)
    return frozenset(name for name in names if name)


def _has_same_site(one: str, other: str) -> bool:
    """One host, or one beneath the other: `news.example.org` and `example.org`."""
    shorter, longer = sorted((one, other), key=len)
    beneath = longer.endswith(f".{shorter}") and shorter.count(".") >= _LABELS - 1
    return one == other or beneath
