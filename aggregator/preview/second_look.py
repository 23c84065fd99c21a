"""Whether the entries are called now what they were called a moment ago."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, cast

from aggregator import dedupe
from aggregator.model import (
    Entry,
    Fetched,
    Item,
    ItemKey,
    Reading,
    Recall,
    Source,
    Unchanged,
    Update,
)
from aggregator.pipeline.articles import needs_articles
from aggregator.pipeline.judgement import Judgement, Question, judge_entries
from aggregator.ports import Clock
from aggregator.preview.previewed import IdStability
from aggregator.preview.witness import Witness

UNASKED: Final = IdStability(how="not_asked")


async def look_again(source: Source, first: Update, seen: Witness, clock: Clock) -> IdStability:
    """Ask once more, conditionally, where the feed was found; what its entries are called now.

    In: the source; what the first look came to, and what it met: something that could be read. An entry whose
    address or whose words are as they were is the same; one that would be taken for new would be announced
    again.
    """
    answer, asked, before = cast("tuple[Fetched, Source, Reading]", (seen.answer, seen.asked, seen.reading))
    again = await seen.fetch(asked, answer.validators)
    if isinstance(again, Unchanged) or (isinstance(again, Fetched) and again.body_hash == answer.body_hash):
        return IdStability(how="unchanged", kept=len(before.entries))
    found = await seen.reader.read(again, asked) if isinstance(again, Fetched) else again
    if not isinstance(found, Reading):
        return IdStability(how="failed", reason=found.message)
    pairs = list(_pairs(before.entries, found.entries))
    new = set() if needs_articles(source) else await _find_announced_again(source, found, first, seen, clock)
    announced = [(was, now) for was, now in pairs if now.position in new]
    known = [(was, now) for was, now in pairs if now.position not in new]
    renamed = [now for was, now in known if (was.id, was.url_key) != (now.id, now.url_key)]
    return IdStability(
        how="compared",
        kept=len(known) - len(renamed),
        renamed=tuple(name_of(one) for one in renamed),
        again=tuple(name_of(now) for _, now in announced),
        steady=find_steady(announced),
        redated=tuple(name_of(now) for was, now in pairs if _is_redated(was, now)),
    )


def find_steady(pairs: Sequence[tuple[Entry, Entry]]) -> Literal["url", "title"] | None:
    """What names each of the entries in both looks, and no other of them."""
    addresses = [now.url_key for was, now in pairs if was.url_key == now.url_key]
    if len({one for one in addresses if one}) == len(pairs):
        return "url"
    titles = {now.title for was, now in pairs if was.title == now.title and now.title}
    return "title" if len(titles) == len(pairs) else None


def _is_redated(was: Entry, now: Entry) -> bool:
    return bool(was.published and now.published and was.published.utc != now.published.utc)


def _pairs(before: Iterable[Entry], now: Iterable[Entry]) -> Iterable[tuple[Entry, Entry]]:
    """Entries of both looks that are one by address, else by all their words."""
    were = list(before)
    by_address = {one.url_key: one for one in reversed(were) if one.url_key}
    by_words = {_words(one): one for one in reversed(were) if one.title or one.text}
    for one in now:
        was = by_address.get(one.url_key or "") or by_words.get(_words(one))
        if was is not None:
            yield was, one


def _words(entry: Entry) -> tuple[str, str]:
    return entry.title, entry.text


async def _find_announced_again(
    source: Source, found: Reading, first: Update, seen: Witness, clock: Clock
) -> set[int]:
    """The positions of entries that would be new, after all that the first look brought was stored."""
    known: dict[ItemKey, tuple[Item, ...]] = {}
    for change in first.changes:
        for key in (change.item.key, *change.aliases):
            known[key] = (*known.get(key, ()), change.item)
    wanted = dedupe.wanted_keys(found.entries, source, first.state.profile)
    question = Question(
        source=source,
        entries=found.entries,
        known=_only(known, wanted),
        profile=first.state.profile,
        now=clock.now(),
        recall=Recall(items=tuple(change.item for change in first.changes)),
    )
    outcome = await judge_entries(question, seen.reader)
    if not isinstance(outcome, Judgement):
        return set()
    return {one.item.entry.position for one in outcome.decision.changes if one.verdict.kind == "new"}


def _only(known: Mapping[ItemKey, tuple[Item, ...]], wanted: Iterable[ItemKey]) -> dict[ItemKey, tuple[Item, ...]]:
    return {key: known[key] for key in wanted if key in known}


def name_of(entry: Entry) -> str:
    """What an entry is called before people."""
    return entry.title or entry.url or entry.id or "an entry without a title"
