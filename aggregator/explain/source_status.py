"""How a source is doing, as the status page and `aggregator status` tell it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator import schedule
from aggregator.model import Catalogue, Source, SourceState, SourceStatus, Trouble
from aggregator.pipeline.shortfall import Shortfall, shortfall
from aggregator.text.opted_out import tell_opt_out


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """One source: what feeds.yaml says of it, and what came of its polls so far.

    Attributes:
        id: Its label in feeds.yaml.
        url: As feeds.yaml has it, secrets as placeholders.
        title: The editor's title, else the feed's own; None while neither is known.
        status: In one word; feeds.yaml has the last one on `disabled`.
        trouble: What kind of trouble its last poll met, or None.
        error: The same as a sentence for people, or None.
        failures: Polls in a row that went wrong.
        last_poll: When it was last asked, or None.
        last_success: When it last answered well, or None.
        next_poll: When it will be asked next; None where it is disabled or was never registered.
        next_poll_reason: Why then; None where `next_poll` is.
        items: How many of its items are held.
        polls: How often it was asked, ever.
        notice: What the editor should do about it, or None.
        warnings: What the last reading met, in sentences; that articles are missing first, unless `error` tells.
        articles: How many of the articles that it points at are missing.
        hints: What the editor can mend, whole sentences that name the key to write; () where nobody looked.
    """

    id: str
    url: str
    title: str | None
    status: SourceStatus
    trouble: Trouble | None = None
    error: str | None = None
    failures: int = 0
    last_poll: datetime | None = None
    last_success: datetime | None = None
    next_poll: datetime | None = None
    next_poll_reason: str | None = None
    items: int = 0
    polls: int = 0
    notice: str | None = None
    warnings: tuple[str, ...] = ()
    articles: Shortfall | None = None
    hints: tuple[str, ...] = ()


def source_reports(
    catalogue: Catalogue,
    states: Mapping[str, SourceState],
    now: datetime,
    hints: Mapping[str, tuple[str, ...]] | None = None,
) -> tuple[SourceReport, ...]:
    """A report on every source of the catalogue, in the editor's order; `states` are the store's, by source id."""
    reports = (report_on(source, states.get(source.id), now) for source in catalogue.sources)
    return tuple(replace(one, hints=(hints or {}).get(one.id, ())) for one in reports)


def status_of(source: Source, state: SourceState | None) -> SourceStatus:
    """The status to show; `state` is None before the source was ever registered."""
    if not source.enabled:
        return "disabled"
    return state.status if state is not None else "pending"


def report_on(source: Source, state: SourceState | None, now: datetime) -> SourceReport:
    """A report on one source; `state` is None before it was ever registered."""
    status, wish = status_of(source, state), _tell_wish(source)
    if state is None:
        return SourceReport(id=source.id, url=source.url, title=source.title, status=status, notice=wish)
    if wish is not None:  # what came of asking it before is nobody's matter any more
        state = replace(state, trouble=None, error=None, failures=0, warnings=(), missed=(), listed=0)
    articles = shortfall(state)
    missing = (articles.sentence,) if articles.missing and articles.trouble is None else ()
    return SourceReport(
        id=source.id,
        url=source.url,
        title=source.title or state.meta.title,
        status=status,
        trouble=state.trouble,
        error=state.error,
        failures=state.failures,
        last_poll=state.last_poll_at,
        last_success=state.last_success_at,
        next_poll=state.next_poll_at if source.enabled else None,
        next_poll_reason=state.next_poll_reason if source.enabled else None,
        items=state.items,
        polls=state.polls,
        notice=wish or schedule.all_notices(state, now),
        warnings=(*missing, *state.warnings),
        articles=articles,
    )


def _tell_wish(source: Source) -> str | None:
    """Why a source is not polled that its publisher asked not to read; None for any other."""
    if source.opted_out is None:
        return None
    return f"{tell_opt_out(source.opted_out, {})}: it is not polled, and nothing of it is shown."
