"""explain: all that is known of an item, for people and for machines."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from aggregator.app import Application
    from aggregator.model import Item, Revision
    from aggregator.pipeline.explaining import Explanation, Related

_RULES: Mapping[str, str] = {
    "id": "the id that its publisher gave it",
    "url": "its address: the source gives no ids, or not to be relied on",
    "enclosure": "the file that it carries: it has neither id nor address",
    "hash": "its title and date, or its text: it has no other name that is its own",
}
_MARKS = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}


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
    application = load(config, quiet=True)
    found = asyncio.run(_found(application, name))
    if found is None:
        typer.echo(
            f"Nothing is stored under '{name}'. Try its address as the feed gives it; "
            "`aggregator status` says whether its source could be read.",
            err=True,
        )
        raise typer.Exit(1)
    facts = _facts(found)
    if as_json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _lines(facts):
        say(line)


async def _found(application: Application, name: str) -> Explanation | None:
    from aggregator.pipeline import explaining

    async with application.store() as store:
        return await explaining.explain(name, store, application.catalogue())


def _facts(found: Explanation) -> dict[str, Any]:
    """What `--json` prints, and what the text is made from."""
    item = found.item
    facts: dict[str, Any] = {
        "title": item.entry.title,
        "url": item.entry.url,
        "source": item.source_id,
        "published id": item.public_id,
        "page": f"/story/{item.uid}",
        "identity": f"{item.key}, {_RULES.get(item.key.kind, 'a name of its own')}",
        "first seen": f"{_iso(item.first_seen)} by a poll of {item.source_id}",
        "published": f"{_iso(item.published)} ({item.published_reason})",
        "updated": f"{_iso(item.updated)} ({item.updated_reason})",
        "claims": [
            f"{name}: {stamp.raw!r}, read as {_iso(stamp.utc)}, zone {stamp.zone}, to the {stamp.precision}"
            for name, stamp in (("published", item.entry.published), ("updated", item.entry.updated))
            if stamp is not None
        ],
        "withdrawn": _iso(item.withdrawn_at),
        "revisions": _revisions(found.revisions),
        "merged with": [_related(one) for one in found.merged],
        "kept apart from": [_related(one) for one in found.apart],
        "publications": [{"id": one.publication, "shown": one.holds, "why": one.reason} for one in found.shown],
    }
    if found.state is not None:
        facts["source's next poll"] = f"{_iso(found.state.next_poll_at)} ({found.state.next_poll_reason})"
    return {name: value for name, value in facts.items() if value not in (None, [])}


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
    fact = {"item": one.uid, **_named(one.item), "why": one.found.reason}
    method = getattr(one.found, "method", None)
    if method is None:
        return fact | {"rule": getattr(one.found, "rule", "")}
    return fact | {"method": method, "score": round(getattr(one.found, "score", 0), 3)}


def _named(item: Item | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {"source": item.source_id, "title": item.entry.title, "url": item.entry.url}


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _lines(facts: Mapping[str, Any]) -> Iterator[str]:
    """The facts as text: one to a line, lists indented beneath their name."""
    for name, value in facts.items():
        if not isinstance(value, list):
            yield f"{name}: {value}"
            continue
        yield f"{name}:"
        for one in value:
            yield from _SENTENCES.get(name, _plain)(one)


def _plain(one: Any) -> Iterator[str]:
    yield f"  - {one}"


def _revision(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {one['number']}. {one['seen']}: {one['because']}"
    for name in ("title", "text"):
        if name in one:
            yield f"     {name}: " + " ".join(_MARKS[part["kind"]].format(part["words"]) for part in one[name])


def _pair(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - {one.get('title') or one['item']} ({one.get('source', 'not stored any more')})"
    yield f"    {one['why']} ({one.get('method') or one.get('rule')})"
    if one.get("url"):
        yield f"    {one['url']}"


def _publication(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - {one['id']}: {'shown, ' if one['shown'] else 'not shown: '}{one['why']}"


_SENTENCES: Mapping[str, Any] = {
    "revisions": _revision,
    "merged with": _pair,
    "kept apart from": _pair,
    "publications": _publication,
}
