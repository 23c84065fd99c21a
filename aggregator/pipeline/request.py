"""Where a source is asked, and what its answers are called: the small rules around a poll."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from urllib.parse import urlsplit

from aggregator import schedule
from aggregator.model import (
    Catalogue,
    Change,
    Failed,
    FetchResult,
    Gone,
    Move,
    Source,
    SourceState,
    Validators,
)
from aggregator.pipeline import reading

POSTED = 60
"""So many publication dates of a source are remembered for the forecast."""

TAKEN_AT_ITS_WORD = (timedelta(days=7), timedelta(days=30))
"""So long, at least and at most, a server's word is taken that nothing has changed.

In between, it is `_SILENCES` times as long as the source usually is silent. Then it is asked once for the whole
answer.

Some servers answer 304 for ever to what they gave once, and would be silent for ever. Who posts now and then gives
whole answers of its own accord, and is never asked for one; an hourly feed that fell silent is, once in 168 polls.
"""

_SILENCES = 3

CLOCKS = timedelta(days=1)
"""So far may a server's clock be ahead of ours.

A Last-Modified beyond that cannot be true (RFC 9110, section 8.8.2.1, forbids one in the future), and a server
that compares with it calls everything unchanged.
"""


_FIRST_TURN = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A poll about to be made.

    Attributes:
        home: The source as feeds.yaml has it.
        source: With the location that is asked.
        state: What is known of it; nothing that an edit of its address made void.
        validators: To be sent; none where the whole answer is wanted.
        host: Who is asked, lower case; None for files.
        elsewhere: Whether another address than that in feeds.yaml is asked.
        may_move: Whether a redirect may be remembered: not where the address holds a secret.
    """

    home: Source
    source: Source
    state: SourceState
    validators: Validators
    host: str | None
    elsewhere: bool = False
    may_move: bool = False


def prepare(source: Source, state: SourceState, now: datetime) -> Request:
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
            is_page=False,
            body_hash="",
        )
    target = state.move.to if schedule.is_believed(state.move) else state.discovered
    return _request_to(target if source.kind == "feed" else None, source, state, _validators(source, state, now))


def prepare_other(request: Request, state: SourceState, result: FetchResult) -> Request | None:
    """The other address to ask within the same poll, after one of two gave no feed; None where there is none.

    In: what was asked, the state that came of it, with its trouble, and the answer itself. The other address is
    asked for a whole answer.

    A place that stands in for the address in feeds.yaml is left for it at once. Only a feed that a page named is
    waited for while its server is out of order, for asking the page anew might lead to another feed of the site.
    Where the address in feeds.yaml is dead, the place that it was last seen to redirect to stands in for it.
    """
    if state.trouble in {None, "internal", "rate_limited"}:
        return None
    known = request.state
    if request.elsewhere and schedule.is_believed(known.move):
        known = replace(known, move=schedule.leave_new_place(known.move))
        return _request_to(None, request.home, known, Validators())
    if request.elsewhere:
        left = replace(known, discovered=None, is_page=True)
        return None if is_passing(result) else _request_to(None, request.home, left, Validators())
    to = known.move.to
    return _request_to(to, request.home, known, Validators()) if to is not None and _is_dead(result) else None


def _request_to(target: str | None, home: Source, state: SourceState, validators: Validators) -> Request:
    """The request to the given place, or to the address in feeds.yaml."""
    source = home
    if target is not None:
        kept = home.headers if is_same_origin(target, home.location) else ()
        source = replace(home, location=target, headers=kept)
    return Request(
        home=home,
        source=source,
        state=state,
        validators=validators,
        elsewhere=target is not None,
        host=None if source.kind == "file" else (urlsplit(source.location).hostname or ""),
        may_move=not is_secret(home),
    )


def _validators(source: Source, state: SourceState, now: datetime) -> Validators:
    """None where what they validate would be read otherwise now, and where a 304 would not be believed."""
    if state.reading_digest != reading.digest(source):
        return Validators()
    if source.kind == "file":
        return state.validators
    trusted = state.whole_at is not None and now - state.whole_at < _patience(state.posted)
    return state.validators if trusted and not _is_impossible(state.validators, now) else Validators()


def _patience(posted: Sequence[datetime]) -> timedelta:
    """How long a source may be silent before its server's word is doubted; `posted` as in `SourceState`."""
    least, most = TAKEN_AT_ITS_WORD
    if len(posted) < 2:
        return most
    return min(max(least, (posted[0] - posted[-1]) / (len(posted) - 1) * _SILENCES), most)


def _is_impossible(validators: Validators, now: datetime) -> bool:
    try:
        modified = parsedate_to_datetime(validators.last_modified or "")
    except (ValueError, OverflowError):
        return False
    return modified.tzinfo is not None and modified > now + CLOCKS


def is_passing(result: FetchResult) -> bool:
    """Whether it is a trouble of servers and networks that time alone mends."""
    return is_network_trouble(result) or (isinstance(result, Failed) and (result.status or 0) >= 500)


def _is_dead(result: FetchResult) -> bool:
    if isinstance(result, Failed) and result.status == 404:
        return True
    return isinstance(result, Gone) or is_network_trouble(result)


def is_secret(source: Source) -> bool:
    """Whether the address holds something that must not be stored: a name from the environment, a password."""
    return "${" in source.url or "@" in urlsplit(source.location).netloc


def is_same_origin(one: str, other: str) -> bool:
    """Whether two URLs agree in scheme, host and port (RFC 6454), so that credentials may go to both."""
    return _origin(one) == _origin(other)


def _origin(url: str) -> tuple[str, str | None, int | None]:
    parts = urlsplit(url)
    return parts.scheme, parts.hostname, parts.port


def request_digest(source: Source) -> str:
    """A digest of the address that is asked; validators given for another one do not hold for it.

    Headers are not in it: a token that is exchanged does not make another feed of it.
    """
    return blake2b(f"{source.kind}\x1f{source.location}".encode(), digest_size=16).hexdigest()


def is_network_trouble(result: FetchResult) -> bool:
    """Whether no answer came, or none that was whole, so that it may be our own network."""
    if not isinstance(result, Failed):
        return False
    broken_off = result.trouble == "http" and result.status is None
    return broken_off or result.trouble in {"dns", "connect", "tls", "timeout"}


def newest_dates(posted: Sequence[datetime], changes: Sequence[Change], now: datetime) -> tuple[datetime, ...]:
    """The newest publication dates of a source after some changes, newest first."""
    new = [change.item.published for change in changes if change.verdict.kind == "new"]
    return tuple(sorted((moment for moment in (*posted, *new) if moment <= now), reverse=True)[:POSTED])


def merge_validators(old: Validators, new: Validators) -> Validators:
    """The validators that hold after a 304: it may carry new ones, and what it leaves out still holds.

    See RFC 9111, section 4.3.4.
    """
    return Validators(
        etag=new.etag or old.etag,
        last_modified=new.last_modified or old.last_modified,
        given_by=new.given_by or old.given_by,
    )


def jitter() -> float:
    """A random number in [0, 1) that no seeded generator of a test or a library disturbs."""
    return secrets.randbelow(1 << 20) / (1 << 20)


def first_polls(catalogue: Catalogue, now: datetime) -> dict[str, datetime]:
    """Due times for sources that the store has not met, spread over the start."""
    disabled = catalogue.disabled
    polled = [source for source in catalogue.sources if source.id not in disabled]
    return {source.id: schedule.first_poll(source, now, len(polled), jitter()).at for source in polled}


def stranded_sources(states: Mapping[str, SourceState], now: datetime) -> tuple[str, ...]:
    """Ids of sources that were last asked in what is the future now: the clock was wrong, and so is their turn.

    So it was where one that was never asked has its turn later than any start spreads, or any lease lasts.
    """
    return tuple(
        name
        for name, state in states.items()
        if schedule.future_poll_time(state, now) is not None
        or (state.last_poll_at is None and state.next_poll_at > now + _FIRST_TURN)
    )


def edited_sources(catalogue: Catalogue, states: Mapping[str, SourceState]) -> tuple[str, ...]:
    """Ids of polled sources that need not wait: the editor changed their address, or how they are read.

    Not those that newer rules of ours read otherwise: after an upgrade all would be asked at once.
    """
    return tuple(
        source.id
        for source in catalogue.sources
        if source.enabled and (state := states.get(source.id)) is not None and _is_edited(source, state)
    )


def _is_edited(source: Source, state: SourceState) -> bool:
    moved = state.request_digest not in {"", request_digest(source)}
    mended = state.reading_digest and not reading.has_same_words(state.reading_digest, reading.digest(source))
    return moved or bool(mended)
