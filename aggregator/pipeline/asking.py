"""Where a source is asked, and what its answers are called: the small rules around a poll."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from aggregator import schedule
from aggregator.model import Catalogue, Change, Failed, FetchResult, Move, Source, SourceState, Validators

POSTED = 60
"""So many publication dates of a source are remembered for the forecast."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A poll about to be made.

    Attributes:
        source: With the location that is asked.
        state: With validators that belong to that request, or none.
        elsewhere: Whether another address than that in feeds.yaml is asked.
        host: Whom, lower case; None for files.
        may_move: Whether a redirect may be remembered: not where the address holds a secret.
    """

    source: Source
    state: SourceState
    elsewhere: bool
    host: str | None
    may_move: bool


def asked(source: Source, state: SourceState) -> Asked:
    """Decide where to ask: at the address in feeds.yaml, unless a move is believed or a feed was found.

    An address that the editor changed forgets what was known of the old one.
    """
    digest = request_digest(source)
    if state.request_digest != digest:
        state = replace(
            state,
            request_digest=digest,
            validators=Validators(),
            move=Move(),
            gone_since=None,
            discovered=None,
        )
    target = state.move.to if schedule.believed(state.move) else state.discovered
    elsewhere = target is not None and source.kind == "feed"
    if target is not None and elsewhere:
        kept = source.headers if same_origin(target, source.location) else ()
        source = replace(source, location=target, headers=kept)
    host = None if source.kind == "file" else (urlsplit(source.location).hostname or "")
    return Asked(
        source=source,
        state=state,
        elsewhere=elsewhere,
        host=host,
        may_move=not secret(source),
    )


def secret(source: Source) -> bool:
    """Whether the address holds something that must not be stored: a name from the environment, a password."""
    return "${" in source.url or "@" in urlsplit(source.location).netloc


def same_origin(one: str, other: str) -> bool:
    """Whether two URLs agree in scheme, host and port (RFC 6454), so that credentials may go to both."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def request_digest(source: Source) -> str:
    """Of the address that is asked; validators given for another one do not hold for it.

    Headers are not in it: a token that is exchanged does not make another feed of it.
    """
    return blake2b(f"{source.kind}\x1f{source.location}".encode(), digest_size=16).hexdigest()


def network_trouble(result: FetchResult) -> bool:
    """Whether no answer came, or none that was whole, so that it may be our own network."""
    if not isinstance(result, Failed):
        return False
    broken_off = result.trouble == "http" and result.status is None
    return broken_off or result.trouble in {"dns", "connect", "tls", "timeout"}


def newest(posted: Sequence[datetime], changes: Sequence[Change], now: datetime) -> tuple[datetime, ...]:
    """The newest publication dates of a source after some changes, newest first."""
    new = [change.item.published for change in changes if change.verdict.kind == "new"]
    return tuple(sorted((moment for moment in (*posted, *new) if moment <= now), reverse=True)[:POSTED])


def merged(old: Validators, new: Validators) -> Validators:
    """A 304 may carry a new ETag or Last-Modified; what it leaves out still holds (RFC 9111, section 4.3.4)."""
    return Validators(etag=new.etag or old.etag, last_modified=new.last_modified or old.last_modified)


def jitter() -> float:
    """A random number in [0, 1) that no seeded generator of a test or a library disturbs."""
    return secrets.randbelow(1 << 20) / (1 << 20)


def first_polls(catalogue: Catalogue, now: datetime) -> dict[str, datetime]:
    """Due times for sources that the store has not met, spread over the start."""
    enabled = [source for source in catalogue.sources if source.enabled]
    return {source.id: schedule.first_poll(source, now, len(enabled), jitter()).at for source in enabled}


def edited(catalogue: Catalogue, states: Mapping[str, SourceState]) -> tuple[str, ...]:
    """Ids of polled sources whose address was changed in feeds.yaml: they need not wait for the old one's turn."""
    return tuple(
        source.id
        for source in catalogue.sources
        if source.enabled
        and (state := states.get(source.id)) is not None
        and state.request_digest not in {"", request_digest(source)}
    )
