"""explain: all that is known of an item, for people and for machines."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from aggregator.app import Application
    from aggregator.explain.lookup import NotFound
    from aggregator.explain.report import Explanation, Related
    from aggregator.explain.visibility import Visibility
    from aggregator.model import Evidence, Item, Refusal, Revision, SourceState

_MARKS = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
_LONGEST = 60
"""Words of a passage that people are shown; machines get all of them."""
_MOST_PAIRS = 20
"""Near misses that people are shown."""


def register(app: typer.Typer) -> None:
    """Add this file's command."""
    app.command("explain")(explain)


def explain(
    name: Annotated[
        str, typer.Argument(metavar="ID-or-URL", help="An item's address, its id, or its id in our feeds.")
    ],
    config: Config = DEFAULT_CONFIG,
    as_json: Annotated[bool, typer.Option("--json", help="For machines.")] = False,
) -> None:
    """Why an item is there: when and as what it was met, where its dates come from, what changed, and what else.

    Also which other items it is merged with and by what evidence, which looked alike and were kept apart, and in
    which publications it is, or why not. For example: aggregator explain https://example.org/news/1
    """
    from aggregator.explain.lookup import NotFound

    application = load(config, quiet=True)
    found = asyncio.run(_found(application, name))
    if isinstance(found, NotFound):
        typer.echo("\n".join(_unknown(found)), err=True)
        raise typer.Exit(1)
    facts = _facts(found)
    if as_json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts):
        say(line)


async def _found(application: Application, name: str) -> Explanation | NotFound:
    from aggregator.explain import report

    async with application.store() as store:
        return await report.explain(name, store, application.catalogue())


def _unknown(unknown: NotFound) -> Iterator[str]:
    """What to say of a name that no item bears, and what to try."""
    yield f"Nothing is stored under '{unknown.name}'."
    yield from unknown.remarks
    if unknown.near:
        yield "Did you mean one of these?"
        yield from (f"  {one}" for one in unknown.near)
    elif not unknown.remarks:
        yield (
            "Try its address as the feed gives it; `aggregator status` says whether its source could be read, "
            "`aggregator poll` reads what is due."
        )


def _facts(found: Explanation) -> dict[str, Any]:
    """What `--json` prints, and what the text is made from."""
    item, state = found.item, found.state
    facts: dict[str, Any] = {
        "title": item.entry.title,
        "url": item.entry.url,
        "source": item.source_id,
        "published id": item.public_id,
        "page": f"/story/{item.uid}",
        "identity": _identity(found),
        "first seen": f"{_iso(item.first_seen)} by a poll of {item.source_id}",
        "published": f"{_iso(item.published)} ({item.published_reason})",
        "updated": f"{_iso(item.updated)} ({item.updated_reason})",
        "claims": [
            f"{name}: {stamp.raw!r}, read as {_iso(stamp.utc)}, zone {stamp.zone}, to the {stamp.precision}"
            for name, stamp in (("published", item.entry.published), ("updated", item.entry.updated))
            if stamp is not None
        ],
        "newest update claimed": _iso(item.claimed_updated),
        "withdrawn": _iso(item.withdrawn_at),
        "missing from its feed since": _iso(item.absent_since),
        "article": _article(found),
        "source's articles": _articles(state),
        "retention": "let go of its text, and of what it said before" if item.pruned else None,
        "revisions": _revisions(found.revisions),
        "story": item.story,
        "merged with": [_related(one) for one in found.merged],
        "kept apart from": [_related(one) for one in found.apart],
        "publications": [_shown(one) for one in found.shown],
        "source's last poll": f"{_iso(state.last_poll_at)} ({state.error or 'ok'})" if state else None,
        "source's next poll": f"{_iso(state.next_poll_at)} ({state.next_poll_reason})" if state else None,
    }
    return {name: value for name, value in facts.items() if value not in (None, [])}


def _article(found: Explanation) -> str | None:
    """Why an item has not the text of its own page, where that was asked for in vain."""
    from aggregator.pipeline.shortfall import missing

    missed = found.state.missed if found.state else ()
    return next(
        (
            f"its own page could not be had: {missing(one)}"
            for one in missed
            if one.url_key == found.item.entry.url_key and one.trouble is not None
        ),
        None,
    )


def _articles(state: SourceState | None) -> str | None:
    from aggregator.pipeline.shortfall import shortfall

    return (shortfall(state).sentence or None) if state else None


def _identity(found: Explanation) -> dict[str, Any]:
    known = found.recognition
    return {
        "key": known.key,
        "rule": known.rule,
        "policy": known.policy,
        "why this policy": known.policy_reason,
        "further names": known.names,
        "why this published id": known.public_id_reason,
    }


def _shown(one: Visibility) -> dict[str, Any]:
    fact: dict[str, Any] = {"id": one.publication, "shown": one.holds, "rule": one.rule, "why": one.reason}
    return fact | ({"entry": one.entry, "archived": one.archived} if one.entry else {})


def _revisions(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    from aggregator.dedupe import difference

    told: list[dict[str, Any]] = []
    for before, one in zip([None, *revisions], revisions, strict=False):
        fact: dict[str, Any] = {"number": one.number, "seen": _iso(one.seen_at), "because": one.reason}
        changed = (
            {}
            if before is None
            else {
                "title": difference(before.entry.title, one.entry.title),
                "text": difference(before.entry.text, one.entry.text),
            }
        )
        for name, passages in changed.items():
            if passages:
                fact[name] = [{"kind": passage.kind, "words": passage.words} for passage in passages]
        told.append(fact)
    return told


def _related(one: Related) -> dict[str, Any]:
    fact = {"item": one.uid, **_named(one.item), "why": one.found.reason, "likeness": _likeness(one.found)}
    if one.through is not None:
        fact["through"] = one.through
    method = getattr(one.found, "method", None)
    if method is None:
        return fact | {"rule": getattr(one.found, "rule", "")}
    return fact | {"method": method, "score": round(getattr(one.found, "score", 0), 3)}


def _likeness(found: Evidence | Refusal) -> dict[str, float]:
    """The shares, from 0 to 1, that the sentence may speak of."""
    return {name: round(share, 3) for name, share in asdict(found.likeness).items()}


def _named(item: Item | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {"source": item.source_id, "title": item.entry.title, "url": item.entry.url}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """The facts as text: one to a line, what there are several of indented beneath their name."""
    for name, value in facts.items():
        if isinstance(value, str):
            yield f"{name}: {value}"
            continue
        yield f"{name}:"
        if isinstance(value, dict):
            yield from (f"  {part}: {told}" for part, told in value.items())
            continue
        shown = value[:_MOST_PAIRS] if name == "kept apart from" else value
        for one in shown:
            yield from _SENTENCES.get(name, _plain)(one)
        if len(shown) < len(value):
            yield f"  and {len(value) - len(shown)} more: --json has all of them"


def _plain(one: Any) -> Iterator[str]:
    yield f"  - {one}"


def _revision(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {one['number']}. {one['seen']}: {one['because']}"
    for name in ("title", "text"):
        if name in one:
            yield f"     {name}: " + " ".join(_passage(part) for part in one[name])


def _passage(part: Mapping[str, str]) -> str:
    words = part["words"].split()
    cut = [*words[: _LONGEST // 2], "…", *words[-_LONGEST // 2 :]] if len(words) > _LONGEST else words
    return _MARKS[part["kind"]].format(" ".join(cut))


def _pair(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - {one.get('title') or one['item']} ({one.get('source', 'not stored any more')})"
    through = f", through {one['through']}" if "through" in one else ""
    yield f"    {one['why']} ({one.get('method') or one.get('rule')}{through})"
    if one.get("url"):
        yield f"    {one['url']}"


def _publication(one: Mapping[str, Any]) -> Iterator[str]:
    archived = "; its archive has it" if one.get("archived") else ""
    yield f"  - {one['id']}: {'shown, ' if one['shown'] else 'not shown: '}{one['why']}{archived}"


_SENTENCES: Mapping[str, Any] = {
    "revisions": _revision,
    "merged with": _pair,
    "kept apart from": _pair,
    "publications": _publication,
}
