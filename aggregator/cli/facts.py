"""What is known of an item, as plain data for machines; config/explain.schema.json describes it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aggregator.cli.shared import instant
from aggregator.model import Entry, Evidence, Item, Refusal, Revision, SourceState

if TYPE_CHECKING:
    from aggregator.explain.report import Explanation, Related
    from aggregator.explain.visibility import Visibility


def facts_of(found: Explanation) -> dict[str, Any]:
    """What `aggregator explain --json` prints; what is unknown or empty is left out."""
    item, state = found.item, found.state
    facts: dict[str, Any] = {
        "title": item.entry.title,
        "url": item.entry.url,
        "rewritten": asdict(found.rewritten) if found.rewritten else None,
        "source": item.source_id,
        "published_id": item.public_id,
        "page": f"/story/{item.uid}",
        "identity": _identity(found),
        "first_seen": {"at": instant(item.first_seen), "source": item.source_id},
        "published": {"at": instant(item.published), "reason": item.published_reason},
        "updated": {"at": instant(item.updated), "reason": item.updated_reason},
        "claims": _claims(item.entry),
        "newest_update_claimed": instant(item.claimed_updated),
        "withdrawn_at": instant(item.withdrawn_at),
        "withdrawn": found.withdrawn,
        "absent_since": instant(item.absent_since),
        "article": _tell_missing_article(found),
        "source_articles": _tell_missing_articles(state),
        "pruned": item.pruned or None,
        "revisions": _revisions(found.revisions),
        "story": item.story,
        "merged_with": [_relate(one) for one in found.merged],
        "kept_apart_from": [_relate(one) for one in found.apart],
        "publications": [_visibility(one) for one in found.shown],
        "last_poll": {"at": instant(state.last_poll_at), "outcome": state.error or "ok"} if state else None,
        "next_poll": (
            {"at": instant(state.next_poll_at), "reason": state.next_poll_reason}
            if state and found.polled
            else None
        ),
    }
    return {name: value for name, value in facts.items() if value not in (None, [])}


def _claims(entry: Entry) -> list[dict[str, Any]]:
    return [
        {
            "date": name,
            "written": stamp.raw,
            "read_as": instant(stamp.utc),
            "zone": stamp.zone,
            "precision": stamp.precision,
        }
        for name, stamp in (("published", entry.published), ("updated", entry.updated))
        if stamp is not None
    ]


def _tell_missing_article(found: Explanation) -> str | None:
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


def _tell_missing_articles(state: SourceState | None) -> str | None:
    from aggregator.pipeline.shortfall import shortfall

    return (shortfall(state).sentence or None) if state else None


def _identity(found: Explanation) -> dict[str, Any]:
    known = found.identity
    return {
        "key": known.key,
        "rule": known.rule,
        "policy": known.policy,
        "policy_reason": known.policy_reason,
        "further_names": known.names,
        "published_id_reason": known.public_id_reason,
    }


def _visibility(one: Visibility) -> dict[str, Any]:
    fact: dict[str, Any] = {"id": one.publication, "shown": one.holds, "rule": one.rule, "reason": one.reason}
    return fact | ({"entry": one.entry, "archived": one.archived} if one.entry else {})


def _revisions(revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    from aggregator.publish import says_the_same
    from aggregator.text.differences import difference

    told: list[dict[str, Any]] = []
    for before, one in zip([None, *revisions], revisions, strict=False):
        fact: dict[str, Any] = {"number": one.number, "seen": instant(one.seen_at), "reason": one.reason}
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
        if one.is_silent:
            fact["silent"] = True
        if before is not None and says_the_same(before.entry, one.entry):
            fact["went_back"] = True
        told.append(fact)
    return told


def _relate(one: Related) -> dict[str, Any]:
    fact = {"item": one.uid, **_name_item(one.item), "reason": one.found.reason, "likeness": _likeness(one.found)}
    if one.through is not None:
        fact["through"] = one.through
    if isinstance(one.found, Refusal):
        return fact | {"rule": one.found.rule}
    return fact | {"method": one.found.method, "score": round(one.found.score, 3)}


def _likeness(found: Evidence | Refusal) -> dict[str, float]:
    """The shares, from 0 to 1, that the sentence may speak of."""
    return {name: round(share, 3) for name, share in asdict(found.likeness).items()}


def _name_item(item: Item | None) -> dict[str, Any]:
    if item is None:
        return {}
    return {"source": item.source_id, "title": item.entry.title, "url": item.entry.url}
