"""By what an item is told from others, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from aggregator.dedupe import keys
from aggregator.model import Identity, Item, Source, SourceProfile

_IDENTITIES: Final[Mapping[Identity, str]] = {
    "id": "its publisher's ids",
    "url": "their addresses",
    "title": "title and date",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityReport:
    """How an item is recognised; sentences are for people.

    Attributes:
        key: What makes it itself within its source: `kind:value`.
        rule: What the key was made from, and why from that.
        policy: What tells the source's items apart: `id`, `url` or `title`.
        policy_reason: Whether that is the editor's word or was measured, and what was seen.
        names: How many further names it goes by.
        public_id_reason: Why it has the id that it has in our documents.
    """

    key: str
    rule: str
    policy: Identity
    policy_reason: str
    names: int
    public_id_reason: str


def identity_report(item: Item, source: Source | None, profile: SourceProfile) -> IdentityReport:
    """How an item is recognised; `source` is None when feeds.yaml does not hold it any more."""
    editors = source.identity if source is not None else None
    policy = editors or profile.identity
    return IdentityReport(
        key=str(item.key),
        rule=_rule(item),
        policy=policy,
        policy_reason=f"feeds.yaml says `identity: {editors}`" if editors else _tell_measured(profile),
        names=item.trace.aliases,
        public_id_reason=_public_id(item),
    )


def _rule(item: Item) -> str:
    entry = item.entry
    match item.key.kind:
        case "id" if item.key == keys.narrowed_key(entry):
            return "the publisher's id together with the address: the id was given to several things"
        case "id":
            return "the id that its publisher gave it"
        case "url":
            return f"its address: {'ids tell nothing in its source' if entry.id else 'it came without an id'}"
        case "enclosure":
            return "the file that it carries: it came with neither id nor address"
    return "a hash of its title and date, or of its text: no id and no address was its own"


def _tell_measured(profile: SourceProfile) -> str:
    seen = []
    if profile.repeats:
        seen.append("one id came for several things")
    if profile.renames:
        seen.append("new ids came for things that were known")
    if profile.shared_urls:
        seen.append("many things came under one address")
    said = f": {', and '.join(seen)}" if seen else ""
    return f"items of its source are told apart by {_IDENTITIES[profile.identity]}, as measured{said}"


def _public_id(item: Item) -> str:
    if item.public_id != f"urn:uuid:{item.uid}":
        return "the publisher's own id, which has the form of an address and is nobody else's"
    if item.key.kind == "id":
        return "made by us: the publisher's id has not the form of an address (tag:…), or another item bears it"
    return "made by us: it has no id of its publisher that is its own"
