"""explain: all that is known of an item, for people and for machines."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from aggregator.cli.shared import DEFAULT_CONFIG, Config, load, say, tell_rewritten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from aggregator.app import Application
    from aggregator.explain.lookup import NotFound
    from aggregator.explain.report import Explanation

_BRACKETS = {"kept": "{}", "deleted": "[-{}-]", "inserted": "{{+{}+}}"}
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
    from aggregator.cli.facts import facts_of
    from aggregator.explain.lookup import NotFound

    application = load(config, quiet=True, last_known=True)
    found = asyncio.run(_look_up(application, name))
    if isinstance(found, NotFound):
        typer.echo("\n".join(_tell_not_found(found)), err=True)
        raise typer.Exit(1)
    facts = facts_of(found)
    if as_json:
        say(json.dumps(facts, ensure_ascii=False, indent=2))
        return
    for line in _tell(facts):
        say(line)


async def _look_up(application: Application, name: str) -> Explanation | NotFound:
    from aggregator.explain import report

    async with application.store() as store:
        return await report.explain(name, store, application.dated_catalogue()())


def _tell_not_found(unknown: NotFound) -> Iterator[str]:
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


def _tell(facts: Mapping[str, Any]) -> Iterator[str]:
    """The facts as text: one to a line, what there are several of indented beneath their name."""
    for name, value in facts.items():
        label, sentence = _WORDS.get(name, (name, str))
        if not isinstance(value, list):
            told = sentence(value)
            yield f"{label}: {told}" if isinstance(told, str) else f"{label}:"
            yield from () if isinstance(told, str) else told
            continue
        yield f"{label}:"
        shown = value[:_MOST_PAIRS] if name == "kept_apart_from" else value
        for one in shown:
            yield from sentence(one)
        if len(shown) < len(value):
            yield f"  and {len(value) - len(shown)} more: --json has all of them"


def _tell_reason(one: Mapping[str, str]) -> str:
    return f"{one['at']} ({one.get('reason') or one.get('outcome')})"


def _tell_identity(one: Mapping[str, Any]) -> list[str]:
    kind, _, value = one["key"].partition(":")
    told = {
        "known by": f"{kind} {value}, {one['rule']}",
        "why by that": one["policy_reason"],
        "also known by": one["further_names"] and f"{one['further_names']} more ids and addresses",
        "why this published id": one["published_id_reason"],
    }
    return [f"  {name}: {words}" for name, words in told.items() if words]


def _tell_claim(one: Mapping[str, str]) -> Iterator[str]:
    read = f"read as {one['read_as']}, zone {one['zone']}, to the {one['precision']}"
    yield f"  - {one['date']}: {one['written']!r}, {read}"


def _tell_revision(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  {'then' if one.get('silent') else str(one['number']) + '.'} {one['seen']}: {one['reason']}"
    if one.get("went_back"):
        yield "     it changed and went back; what it said in between is not kept"
    for name in ("title", "text"):
        if name in one:
            yield f"     {name}: " + " ".join(_tell_passage(part) for part in one[name])


def _tell_passage(part: Mapping[str, str]) -> str:
    words = part["words"].split()
    cut = [*words[: _LONGEST // 2], "…", *words[-_LONGEST // 2 :]] if len(words) > _LONGEST else words
    return _BRACKETS[part["kind"]].format(" ".join(cut))


def _tell_pair(one: Mapping[str, Any]) -> Iterator[str]:
    yield f"  - {one.get('title') or one['item']} ({one.get('source', 'not stored any more')})"
    through = f", through {one['through']}" if "through" in one else ""
    yield f"    {one['reason']} ({one.get('method') or one.get('rule')}{through})"
    if one.get("url"):
        yield f"    {one['url']}"


def _tell_publication(one: Mapping[str, Any]) -> Iterator[str]:
    archived = "; its archive has it" if one.get("archived") else ""
    yield f"  - {one['id']}: {'shown, ' if one['shown'] else 'not shown: '}{one['reason']}{archived}"


_WORDS: Mapping[str, tuple[str, Callable[[Any], Any]]] = {
    "rewritten": ("what readers get instead", lambda one: [f"  {told}" for told in tell_rewritten(one)]),
    "published_id": ("published id", str),
    "identity": ("identity", _tell_identity),
    "first_seen": ("first seen", lambda one: f"{one['at']} by a poll of {one['source']}"),
    "published": ("published", _tell_reason),
    "updated": ("updated", _tell_reason),
    "claims": ("claims", _tell_claim),
    "newest_update_claimed": ("newest update claimed", str),
    "withdrawn_at": ("withdrawn", str),
    "withdrawn": ("withdrawn by", str),
    "absent_since": ("missing from its feed since", str),
    "source_articles": ("source's articles", str),
    "pruned": ("retention", lambda _: "let go of its text, and of what it said before"),
    "revisions": ("revisions", _tell_revision),
    "merged_with": ("merged with", _tell_pair),
    "kept_apart_from": ("kept apart from", _tell_pair),
    "publications": ("publications", _tell_publication),
    "last_poll": ("source's last poll", _tell_reason),
    "next_poll": ("source's next poll", _tell_reason),
}
"""What a fact is called for people, and how it is said."""
