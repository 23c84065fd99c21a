"""Which source each stored one is now: labels are the editor's and may change, addresses tell feeds apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from itertools import count
from typing import Final
from urllib.parse import urlsplit

from aggregator.model import Catalogue, Source, SourceState, Takeover

PARKED: Final = "~"
"""In the label of a stored source that gave its own away; no label in feeds.yaml can hold it."""


@dataclass(frozen=True, slots=True)
class _Stored:
    """The stored sources, and how to find them by the address that they were asked at or led to.

    Attributes:
        states: By the id that they are stored under.
        by_address: By the digest of the address of feeds.yaml that they were asked at last.
        by_lead: By the digest of the address that a redirect or a page led to.
    """

    states: Mapping[str, SourceState]
    by_address: Mapping[str, Sequence[SourceState]]
    by_lead: Mapping[str, Sequence[SourceState]]


def takeovers(catalogue: Catalogue, states: Mapping[str, SourceState]) -> tuple[Takeover, ...]:
    """What has to be called otherwise in the store, so that each source of feeds.yaml finds what its feed brought.

    In: feeds.yaml; the stored sources, those that feeds.yaml lacks included.
    Out: nothing as long as labels and addresses are as they were. A source takes over what is stored under its
    address, or under one that led to it, by a label that has gone or is another feed's now. One that stays and
    has moved to a new address keeps what it brought; only a label that is wanted by the feed that has its address
    gives way, and what nobody wants is parked under a label of its own, until its address comes back.
    """
    lost = [source for source in catalogue.sources if not _is_at_home(source, states.get(source.id))]
    if not lost:
        return ()
    at_home = frozenset(source.id for source in catalogue.sources) - {source.id for source in lost}
    renamed = _claims(lost, _index(state for name, state in states.items() if name not in at_home))
    for name in [name for name in renamed.values() if name in states and name not in renamed]:
        renamed[name] = next(label for label in _parking_places(name) if label not in states)
    return tuple(
        Takeover(was=was, name=name, request_digest=states[was].request_digest) for was, name in renamed.items()
    )


def _claims(lost: Sequence[Source], stored: _Stored) -> dict[str, str]:
    """Label in the store -> label of the source that takes it over; the surest evidence first."""
    claims: dict[str, str] = {}
    before = -1
    while len(claims) > before:  # a label whose feed another one has claimed is free for what was out of use
        before = len(claims)
        for near in (False, True):
            for source in lost:
                if source.id not in claims.values():
                    exact = (_digest(source.kind, source.location), address_of(source))
                    asked = _digests(source) if near else exact
                    found = (state for one in asked for state in stored.by_address.get(one, ()))
                    _claim(claims, source, stored, found)
    for source in lost:
        if source.id not in claims.values() and source.id not in stored.states and source.kind == "feed":
            _claim(
                claims,
                source,
                stored,
                (state for one in _digests(source) for state in stored.by_lead.get(one, ())),
            )
    return claims


def _claim(claims: dict[str, str], source: Source, stored: _Stored, found: Iterable[SourceState]) -> None:
    """The best of the stored sources that are left.

    A source that is in use under its label and has moved keeps what it has; only a feed that was in use until now
    goes before it.
    """
    own = stored.states.get(source.id)
    in_use = own is not None and own.status != "disabled" and own.source_id not in claims
    left = [state for state in found if state.source_id not in claims]
    if in_use:
        left = [state for state in left if state.status != "disabled"]
    if left:
        best = max(left, key=lambda state: (state.items, state.polls, state.source_id))
        claims[best.source_id] = source.id


def _index(states: Iterable[SourceState]) -> _Stored:
    by_address: defaultdict[str, list[SourceState]] = defaultdict(list)
    by_lead: defaultdict[str, list[SourceState]] = defaultdict(list)
    by_name = {state.source_id: state for state in states}
    for state in by_name.values():
        for digest in {state.request_digest, state.address} - {""}:
            by_address[digest].append(state)
        for digest in _leads(state):
            by_lead[digest].append(state)
    return _Stored(by_name, by_address, by_lead)


def _is_at_home(source: Source, state: SourceState | None) -> bool:
    """Whether what is stored under a source's label is what it asks, or was never asked."""
    if state is None:
        return False
    digest = state.request_digest
    if digest in {"", _digest(source.kind, source.location)} or state.address == address_of(source):
        return True
    spelt = _digests(source)
    return digest in spelt or not spelt.isdisjoint(_leads(state))


def _leads(state: SourceState) -> frozenset[str]:
    """Where a source was read from, by a redirect or because a page named it."""
    return frozenset(_digest("feed", place) for place in (state.move.to, state.discovered) if place)


def address_of(source: Source) -> str:
    """A digest of the address as the editor wrote it, to know it again when a secret in it was exchanged."""
    return _digest(source.kind, source.url)


def _digests(source: Source) -> frozenset[str]:
    """Of all that its address may be but for http or https, `www.` and a last slash."""
    return frozenset(_digest(source.kind, location) for location in _spellings(source))


def _spellings(source: Source) -> Iterator[str]:
    yield source.location
    if source.kind == "file":
        return
    parts = urlsplit(source.location)
    host = parts.netloc.removeprefix("www.")
    path = parts.path.rstrip("/")
    for scheme in ("https", "http"):
        for netloc in (host, f"www.{host}"):
            for end in (path, f"{path}/"):
                yield parts._replace(scheme=scheme, netloc=netloc, path=end).geturl()


def _digest(kind: str, location: str) -> str:
    """As `SourceState.request_digest` is made, and ever was: what is stored must be found by it."""
    return blake2b(f"{kind}\x1f{location}".encode(), digest_size=16).hexdigest()


def _parking_places(name: str) -> Iterable[str]:
    return (f"{name.partition(PARKED)[0]}{PARKED}{number}" for number in count(1))
