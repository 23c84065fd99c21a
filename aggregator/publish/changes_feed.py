"""The feed of a publication's changes: an entry for each time that an item came to say something else.

For newsrooms that correct what they published, and for whoever took it over from them. What is marked by `ins` and
`del` is told in words too: many readers show neither, and "guilty not guilty" is no news.
"""

from __future__ import annotations

import html
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from aggregator.model import Edition, Entry, Item, Link, Origin, Publication, RevisedItem, Site
from aggregator.publish import parts, sanitize
from aggregator.publish.view import NAMESPACE
from aggregator.publish.visible_change import ToldStep, VisibleChange, find_steps
from aggregator.text.cutting import cut
from aggregator.text.differences import Passage

CHANGES_LIMIT: Final = 50

MOST_WORDS: Final = 500
"""Words of each text that are compared: no text, whatever it was made for, takes more than some milliseconds."""

_TOLD: Final = 5
"""Changes of a text that are told in words, of each so many characters."""
_LONGEST: Final = 100

_EXTENTS: Final = {"summary": "its beginning", "link": "a link"}
_MARKS: Final = {"deleted": "del", "inserted": "ins"}


def changes_id(publication: Publication) -> str:
    """Names the feed: what stands before the ending in its address."""
    return f"{publication.id}.changes"


def changes_edition(
    publication: Publication,
    found: Sequence[RevisedItem],
    origins: Mapping[str, Origin],
    site: Site,
    *,
    feed_name: str,
    created: datetime,
) -> Edition:
    """What the publication's items came to say as an edition, in the order given.

    Each is an entry dated when we saw it, under an id of its own. Once told it stays: what superseded the change
    in silence, as what goes back does, is told after it in the same entry, which is updated then. A change of
    which readers are told nothing, as the editor's rules leave it out, has none.
    """
    pages = None if publication.private else site.link
    made = (_make_item(one, origins[one.item.source_id], pages) for one in found)
    return Edition(
        site=site,
        publication=replace(
            publication,
            id=changes_id(publication),
            title=f"{publication.title}: what changed",
            formats=("atom",),
            edits="bump",
        ),
        items=tuple(one for one in made if one is not None),
        origins={name: _allow_all(origin) for name, origin in origins.items()},
        created=created,
        feed_name=f"{feed_name}/changes",
        page="" if publication.private else publication.id,
    )


def _allow_all(origin: Origin) -> Origin:
    """The origin of entries in which its editor's rules were followed already."""
    return replace(origin, source=replace(origin.source, publish="full", rewrites=()))


def _make_item(one: RevisedItem, origin: Origin, pages: str | None) -> Item | None:
    steps = find_steps(one, origin.source, MOST_WORDS)
    if not steps:
        return None
    page = f"{pages.rstrip('/')}/story/{one.item.uid}#said" if pages else None
    return replace(
        one.item,
        entry=_make_entry(steps, origin, page),
        public_id=f"urn:uuid:{uuid.uuid5(NAMESPACE, f'{one.item.uid}/{one.after.number}/change')}",
        published=one.after.seen_at,
        updated=steps[-1].seen_at,
    )


def _make_entry(steps: Sequence[ToldStep], origin: Origin, page: str | None) -> Entry:
    after = steps[-1].change.after
    told = [sentence for step in steps for sentence in _tell_step(step, origin)]
    shown = [step.change for step in steps if not step.is_back]
    marked = [mark(passages) for change in shown for passages in (change.title, change.text) if passages]
    original = Link(url=after.url, rel="via", title=origin.title) if after.url else None
    there = (
        f'<p lang="en" dir="ltr"><a href="{html.escape(original.url)}">As it is now</a></p>' if original else ""
    )
    paragraphs = [f'<p lang="en" dir="ltr">{sentence}</p>' for sentence in told]
    return Entry(
        url=page or after.url,
        title=f"{_name_parts(steps)} {steps[-1].heading}: {parts.title(after, origin.source.publish)}",
        summary="".join(paragraphs),
        content="".join((*paragraphs, *(f'<p dir="auto">{one}</p>' for one in marked), there)),
        authors=after.authors,
        categories=after.categories,
        links=(original,) if original else (),
        language=after.language,
        direction=after.direction,
    )


def _name_parts(steps: Sequence[ToldStep]) -> str:
    named = dict.fromkeys(name for step in steps for name in step.change.parts)
    return (" and ".join(named) or "it").capitalize()


def mark(passages: Iterable[Passage]) -> str:
    """Passages as HTML, what came and what went in elements for that."""
    return "".join(f"{'' if one.is_attached else ' '}{_mark(one)}" for one in passages).strip()


def _mark(one: Passage) -> str:
    words, name = html.escape(sanitize.line(one.words), quote=False), _MARKS.get(one.kind)
    return f"<{name}>{words}</{name}>" if name else words


def _tell_step(step: ToldStep, origin: Origin) -> Iterator[str]:
    if step.sentence:
        yield step.sentence
    if not step.is_back:
        yield from _tell(step.change, origin)


def _tell(change: VisibleChange, origin: Origin) -> Iterator[str]:
    """What changed in plain words: sentences, as HTML."""
    if change.title:
        yield f"The title was {_quote(change.before.title)} and is {_quote(change.after.title)} now."
    if change.text:
        yield f"In the text {_list_steps(change.text)}."
    if change.is_withheld:
        shown = _EXTENTS.get(origin.source.publish, "this")
        yield f"The text changed; its source lets us show no more of it than {shown}."
    if change.has_other_files:
        yield "The picture or an attached file is another one."


def _list_steps(passages: Sequence[Passage]) -> str:
    steps = list(_tell_steps(passages))
    more = len(steps) - _TOLD
    told = "; ".join(steps[:_TOLD])
    return f"{told}; and {more} more {'change' if more == 1 else 'changes'}" if more > 0 else told


def _tell_steps(passages: Sequence[Passage]) -> Iterator[str]:
    for number, one in enumerate(passages):
        following = passages[number + 1] if number + 1 < len(passages) else None
        if one.kind == "deleted" and following is not None and following.kind == "inserted":
            yield f"{_quote(one.words)} became {_quote(following.words)}"
        elif one.kind == "deleted":
            yield f"{_quote(one.words)} was taken out"
        elif one.kind == "inserted" and (number == 0 or passages[number - 1].kind != "deleted"):
            yield f"{_quote(one.words)} was added"


def _quote(words: str) -> str:
    return f"“<bdi>{html.escape(cut(sanitize.line(words), _LONGEST), quote=False)}</bdi>”"
