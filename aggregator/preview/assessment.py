"""How often a source posts, what its entries carry, what is the matter with it, and whether it may join. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median
from typing import Final

from aggregator.model import Entry
from aggregator.preview.previewed import Preview, PreviewedEntry, Result, SeenSource, TextKind
from aggregator.text.beginnings import is_beginning

_MOST_NAMED: Final = 3
_MOST_OTHERS: Final = 9
_MAY_BE_FULL: Final = ("feed", "json", "xpath")


def text_kind(entry: Entry) -> TextKind:
    """Whether an entry carries its article, as far as its length and its end tell."""
    text = entry.text.rstrip()
    if not text:
        return "none"
    return "teaser" if is_beginning(text) else "full"


def judge(sight: SeenSource) -> Preview:
    """What was seen, with what it comes to."""
    broken = tuple(_find_failures(sight))
    reasons = broken or tuple(_find_lacks(sight))
    result: Result = "refused" if sight.refused else "broken" if broken else "nothing" if reasons else "ok"
    kinds = Counter(one.text for one in sight.entries)
    return Preview(
        sight=sight,
        result=result,
        reasons=reasons,
        notes=tuple(_notes(sight)),
        text=kinds.most_common(1)[0][0] if kinds else "none",
        rhythm=measure_rhythm(sight.entries),
    )


def measure_rhythm(entries: Sequence[PreviewedEntry]) -> timedelta | None:
    """The median time between two entries by the dates that they claim; None for fewer than three dates."""
    stamps = [one.item.entry.published or one.item.entry.updated for one in entries]
    moments = sorted({stamp.utc for stamp in stamps if stamp is not None})
    gaps = [(later - before).total_seconds() for before, later in pairwise(moments)]
    return timedelta(seconds=round(median(gaps))) if len(gaps) > 1 else None


def _find_failures(sight: SeenSource) -> Iterator[str]:
    if sight.refused and sight.robots is not None:
        yield f"The site's robots.txt does not want programs to read this address: {sight.robots.rule}."
    if sight.failure is not None:
        yield sight.failure
    if sight.ids.again:
        yield (
            f"{len(sight.ids.again)} entries would be announced again at every poll, for their names change: "
            f"{_name_some(sight.ids.again)}. {_advise(sight)}"
        )


def _advise(sight: SeenSource) -> str:
    """What an editor can say against names that change."""
    if sight.ids.steady is not None:
        return f"Say `identity: {sight.ids.steady}`, for that stayed as it was."
    if sight.source.kind in {"page", "json", "xpath"}:
        return "Give `select:` an `id` that stays as it is."
    return "Neither their addresses nor their titles stayed as they were."


def _find_lacks(sight: SeenSource) -> Iterator[str]:
    if not sight.listed:
        yield "It can be read, and holds no entries now."
    elif not sight.entries:
        yield "It can be read, but none of its entries would be stored."
    elif all(one.filtered for one in sight.entries):
        count, step = len(sight.entries), sight.entries[0].filtered
        none = "does not let its only entry" if count == 1 else f"lets none of its {count} entries"
        yield f"Its `filter:` {none} through: {step}."


def _notes(sight: SeenSource) -> Iterator[str]:
    if sight.offer:
        yield sight.offer
    if sight.moved_to:
        yield f"It has moved for good to {sight.moved_to}, which is the address for feeds.yaml."
    if sight.named_by_page:
        yield f"The address is that of a page, which names this feed: {sight.address}"
    if sight.others:
        named = ", ".join(
            f"{one.url} ({one.title})" if one.title else one.url for one in sight.others[:_MOST_OTHERS]
        )
        more = f", and {len(sight.others) - _MOST_OTHERS} more" if len(sight.others) > _MOST_OTHERS else ""
        yield f"That page names other feeds too: {named}{more}. `aggregator add` takes the address of any of them."
    robots = sight.robots
    if robots is not None and robots.allowed is False and not sight.refused:
        yield f"The site's robots.txt does not want programs to read this address: {robots.rule}."
    yield from _notes_on_names(sight)
    yield from _notes_on_entries(sight)
    yield from sight.warnings


def _notes_on_names(sight: SeenSource) -> Iterator[str]:
    """Of ids, and of what changed between two looks."""
    ids = sight.ids
    if ids.how == "failed":
        yield f"The second look failed: {ids.reason}"
    if ids.redated:
        count, some = len(ids.redated), _name_some(ids.redated)
        yield f"{count} entries had another date of publication on the second look; these tell nothing: {some}."
    if ids.renamed:
        renamed = _name_some(ids.renamed)
        yield f"The publisher gave other ids on the second look; they are known again: {renamed}."
    if sight.namesakes:
        yield (
            f"{len(sight.namesakes)} of {sight.listed} entries share their id with another one; they are told "
            f"apart by their addresses and words: {_name_some(sight.namesakes)}."
        )


def _notes_on_entries(sight: SeenSource) -> Iterator[str]:
    entries = [one.item.entry for one in sight.entries]
    count = len(entries)
    nameless = sum(entry.id is None and entry.url is None for entry in entries)
    if nameless:
        yield f"{nameless} of {count} entries have neither id nor address: they are told apart by their words."
    undated = sum(entry.published is None and entry.updated is None for entry in entries)
    if undated:
        yield f"{undated} of {count} entries have no date that can be read: the poll that meets them dates them."
    stamps = [stamp for entry in entries for stamp in (entry.published, entry.updated) if stamp is not None]
    zoneless = sum(stamp.zone == "assumed" for stamp in stamps)
    if zoneless and sight.source.timezone is None:
        yield f"{zoneless} of {len(stamps)} dates name no zone and are read as UTC: `timezone:` says otherwise."
    known = [one for one in sight.entries if any(not copy.same for copy in one.stored)]
    if known and 2 * len(known) > count:
        names = Counter(copy.item.source_id for one in known for copy in one.stored if not copy.same)
        most = ", ".join(name for name, _ in names.most_common(_MOST_NAMED))
        yield f"{len(known)} of {count} entries are here already, from {most}: it may only repeat them."
    if entries and (idle := _find_idle_rules(sight)):
        yield f"What changes nothing in any of {count} entries: {'; '.join(idle)}."
    teasers = sum(one.text != "full" for one in sight.entries)
    if 2 * teasers > count and sight.source.content == "feed" and sight.source.kind in _MAY_BE_FULL:
        lacking = f"{teasers} of {count} entries are teasers or have no text"
        yield f"{lacking}: `content: full` takes the texts from their own pages."


def _find_idle_rules(sight: SeenSource) -> list[str]:
    """What the editor wrote for readers' sake and found nothing, as far as these entries tell."""
    source = sight.source
    wrote = [name for name in ("keep", "remove") if getattr(source.trimming, name)]
    asked = [" and ".join(wrote)] if wrote else []
    asked += [one.shown for one in source.rewrites]
    met = {rule for one in sight.entries if one.rewritten for rule in one.rewritten.rules}
    return [f"`{one}`" for one in asked if one not in met]


def _name_some(titles: Sequence[str]) -> str:
    more = f" and {len(titles) - _MOST_NAMED} more" if len(titles) > _MOST_NAMED else ""
    return ", ".join(f"'{title[:60]}'" for title in titles[:_MOST_NAMED]) + more
