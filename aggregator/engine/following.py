"""Lists elsewhere are asked for once a day, and what they name joins the sources."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Final

import structlog

from aggregator.catalogue.membership import take_in
from aggregator.engine.poller import Poller
from aggregator.model import (
    Fetched,
    FetchResult,
    FollowedList,
    ListState,
    Throttled,
    Unchanged,
    Validators,
)
from aggregator.text.redaction import redactor

DAY: Final = timedelta(days=1)
AGAIN: Final = timedelta(hours=6)
"""After what could not be read."""


class ListFollower:
    """Asks for the lists of feeds.yaml when they are due, one after the other, by what polls its sources."""

    def __init__(self, poller: Poller) -> None:
        self._poller = poller
        self._services = poller.services
        self._log = structlog.get_logger("lists")

    @property
    def are_there(self) -> bool:
        """Whether feeds.yaml follows any that may be asked."""
        return any(one.source.opted_out is None for one in self._poller.catalogue.lists)

    async def look(self) -> None:
        """Ask for those that are due. Raises StoreError."""
        for one in (one for one in self._poller.catalogue.lists if one.source.opted_out is None):
            known = (await self._services.store.followed_lists()).states
            state = known.get(one.id)
            if state is None or state.url != one.source.url or state.next_check_at <= self._services.clock.now():
                others = {member.id for name in known if name != one.id for member in known[name].members}
                await self._follow(one, state, others)

    async def _follow(self, one: FollowedList, state: ListState | None, others: Collection[str]) -> None:
        now = self._services.clock.now()
        before = state or ListState(list_id=one.id, url=one.source.url, checked_at=now, next_check_at=now)
        # Who is held is read anew, for its loss to be believed some day.
        is_fresh = before.url == one.source.url and before.held_since is None
        answer = await self._services.fetcher.fetch(one.source, before.validators if is_fresh else Validators())
        after = await self._judge(answer, before, one, others)
        await self._services.store.keep_list(after)
        self._tell(before, after)

    async def _judge(
        self, answer: FetchResult, before: ListState, one: FollowedList, others: Collection[str]
    ) -> ListState:
        """What is remembered after an answer; one that brings no list changes nothing of what is known."""
        now, secrets = self._services.clock.now(), redactor(self._poller.catalogue.secrets)
        asked = replace(before, url=one.source.url, checked_at=now, next_check_at=now + DAY)
        if isinstance(answer, Unchanged):
            return replace(asked, succeeded_at=now, error="")
        found = await self._services.reader.list_feeds(answer) if isinstance(answer, Fetched) else answer
        if not isinstance(found, tuple):
            retry_at = found.retry_at if isinstance(found, Throttled) else None
            until = max(now + AGAIN, retry_at or now)
            return replace(asked, next_check_at=until, error=secrets.redact(found.message))
        own = {member.id for member in before.members}
        taken = {*others, *(source.id for source in self._poller.catalogue.sources if source.id not in own)}
        # An editor who names another address means what is there.
        taken_in = take_in(asked, secrets.redact(found), taken, now, doubting=before.url == one.source.url)
        validators = answer.validators if isinstance(answer, Fetched) else Validators()
        return replace(taken_in, validators=validators, succeeded_at=now, error="")

    def _tell(self, before: ListState, after: ListState) -> None:
        was, now = ({one.id for one in state.members if one.listed} for state in (before, after))
        if after.error and after.error != before.error:
            self._log.warning("not read", list=after.list_id, error=after.error, kept=len(now))
        if after.held_since is not None and before.held_since is None:
            self._log.warning("held", list=after.list_id, missing=after.missing, of=len(was))
        if was != now:
            self._log.info("followed", list=after.list_id, feeds=len(now), new=len(now - was), gone=len(was - now))
