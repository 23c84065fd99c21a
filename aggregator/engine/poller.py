"""Polling: takes due sources from the store and sends each through the pipeline."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from aggregator import schedule
from aggregator.engine import labels
from aggregator.engine.held import LEASE, RENEWAL, Held
from aggregator.engine.in_force import is_in_force
from aggregator.engine.measuring import Measured
from aggregator.engine.tallies import Tallies
from aggregator.errors import StoreError, UnknownNameError
from aggregator.model import Catalogue, Change, Source, SourceState, Update
from aggregator.pipeline import refresh, request
from aggregator.pipeline.refresh import Services
from aggregator.text.opted_out import tell_opt_out

_LOOK_AGAIN = 1.0
"""Seconds between two looks at sources that another process holds."""

_REST = RENEWAL + 1.0
"""Seconds after the clock was set in which nothing is claimed: until all who still poll have renewed."""

_CHOSEN = {"id", "url", "enclosure", "permalink"}
"""Names that publishers give; the others are made of what an entry says."""

_SETTLED = 60.0
"""Seconds after which another such rest may come, so that a clock that is set all the time stops nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollOutcome:
    """A source that was polled, with what was decided of it; nothing of its texts, of which there may be many.

    Attributes:
        source: The source that was polled, as feeds.yaml has it.
        state: What was decided of it, and written unless the claim was lost.
        kinds: How many changes there were of each kind of verdict. Of the bumped ones, `renamed` are known again
            under another id or address, and `deleted` were taken back by their publisher.
    """

    source: Source
    state: SourceState
    kinds: Counter[str]


def _kind(change: Change) -> str:
    """What a change is counted as."""
    if change.verdict.kind != "bumped":
        return change.verdict.kind
    if change.item.withdrawn_at is not None and change.item.withdrawn_at == change.item.changed_at:
        return "deleted"
    return "renamed" if any(key.kind in _CHOSEN for key in change.aliases) else "bumped"


class Poller:
    """Polls sources, a bounded number at once; what one of them does wrong costs itself only."""

    def __init__(
        self,
        catalogue: Callable[[], Catalogue],
        services: Services,
        *,
        concurrency: int,
        held: Held[PollOutcome | None] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self.services = services
        self._concurrency = concurrency
        self._held = held or Held[PollOutcome | None](services.store, services.clock)
        self._registered: Catalogue | None = None
        self._latest: datetime | None = None
        self._rest_until = -_SETTLED
        self.tallies = Tallies()
        self.tell: Callable[[PollOutcome], None] = lambda _: None
        """Called with each source that was polled, as soon as it was."""
        self.edits = labels.Edits()  # one for all in this process who see edits
        self.news = asyncio.Event()
        """Set when a poll has changed what some publication shows; for whoever waits for that to clear."""
        self._log = structlog.get_logger("poll")

    async def take_due(self, among: Collection[str] | None = None) -> int:
        """Start polls of sources that are due, as many as there is room for; returns how many were started.

        With `among` only of such as are in it, of what `find_due` has found a moment ago.
        """
        if not self.room:
            return 0
        catalogue = self._registered if among is not None else await self._admit()
        if catalogue is None:
            return 0
        now, pace = self.services.clock.now(), self.services.pace
        held = self._held.names | catalogue.standing.unset
        claimed = await self.services.store.claim_due(
            now, LEASE, self.room, pace.min_interval, but_not=held, among=among
        )
        for state in claimed:
            self._start(state, catalogue)
        return len(claimed)

    async def find_due(self, most: int) -> tuple[str, ...]:
        """The ids of sources that are due and that nobody polls, `most` of them, the longest overdue first."""
        catalogue = await self._admit()
        if catalogue is None:
            return ()
        now, pace = self.services.clock.now(), self.services.pace
        held = self._held.names | catalogue.standing.unset
        return await self.services.store.find_due(now, most, pace.min_interval, but_not=held)

    @property
    def catalogue(self) -> Catalogue:
        """By which to poll now."""
        return self._catalogue()

    async def _admit(self) -> Catalogue | None:
        """The catalogue by which to poll, its sources registered; None while nothing may be claimed."""
        if asyncio.get_running_loop().time() < self._rest_until:
            return None
        if not await is_in_force(self._catalogue(), self.services.store):
            return None
        return await self.register()

    async def wake(self) -> None:
        """Go on after the clock was set, or the machine was asleep: hold what is being polled.

        By the clock all leases are over, though nobody had the time to renew them: so nobody claims for a moment.
        And the network may come as late as at a start.
        """
        now = asyncio.get_running_loop().time()
        if now >= self._rest_until + _SETTLED:
            self._rest_until = now + _REST
        self.services.network.begin(self.services.clock.now())
        await self._held.renew()

    @property
    def room(self) -> int:
        """How many polls more may be started now; with none, more may be due than was taken."""
        return max(0, self._concurrency - len(self._held))

    async def poll_due(self) -> tuple[PollOutcome, ...]:
        """Poll everything that is due now and wait for it.

        Sources that were never polled count as due: only a process that goes on running spreads its start.
        """
        unset = (await self.register()).standing.unset
        states = await self.services.store.states()
        pending = [name for name, state in states.items() if state.status == "pending" and name not in unset]
        polled, _ = await self._poll_free(pending)
        while await self.take_due():
            polled += await self._finish()
        polled += await self._finish()  # those that have moved
        return tuple(polled)

    async def poll(self, source_ids: Sequence[str]) -> tuple[PollOutcome, ...]:
        """Poll the named sources whether due or not and wait for them. Raises UnknownNameError."""
        catalogue = await self.register()
        for source_id in source_ids:
            source = catalogue.source(source_id)
            if source is None:
                raise UnknownNameError(f"There is no source '{source_id}'; `aggregator status` lists them.")
            if source.opted_out is not None:
                raise UnknownNameError(f"{tell_opt_out(source.opted_out, catalogue.opted_out)}: not polled.")
            if not source.enabled:
                raise UnknownNameError(f"The source '{source_id}' is disabled in feeds.yaml (`enabled: false`).")
        began = self.services.clock.now()
        polled, held = await self._poll_free(source_ids)
        return (*polled, *await self._poll_abandoned(held, began))

    async def _poll_free(
        self, source_ids: Sequence[str], since: datetime | None = None
    ) -> tuple[list[PollOutcome], list[str]]:
        """Poll those that nobody polls, nor has polled since; and the ids of those that another process holds."""
        catalogue = self._catalogue()
        polled: list[PollOutcome] = []
        held: list[str] = []
        for start in range(0, len(source_ids), self._concurrency):
            # An edit may have started some already; asked twice at once, one of the two would be for nothing.
            under_way = self._held.names
            some = [name for name in source_ids[start : start + self._concurrency] if name not in under_way]
            claimed = await self.services.store.claim(some, self.services.clock.now(), LEASE)
            for state in claimed:
                if since is None or state.last_poll_at is None or state.last_poll_at < since:
                    self._start(state, catalogue)
                else:
                    await self.services.store.release(state)
            held += {*some} - {state.source_id for state in claimed}
            polled += await self._finish()
        return polled, held

    async def _poll_abandoned(self, held: Sequence[str], began: datetime) -> list[PollOutcome]:
        """Poll those that another process has let go of without a poll since we began: it was killed.

        What it polls itself meanwhile is not asked for again; what it still holds after a lease's time is alive.
        """
        until = asyncio.get_running_loop().time() + LEASE.total_seconds() + RENEWAL
        polled: list[PollOutcome] = []
        while held and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(_LOOK_AGAIN)
            done, held = await self._poll_free(held, began)
            polled += done
        return polled

    async def register(self) -> Catalogue:
        """Make the store know the sources of the catalogue as it is now; poll at once those that have moved.

        Also, at the start and whenever the clock goes back, what was stored while it ran ahead is brought back.
        """
        catalogue = self._catalogue()
        now, latest = self.services.clock.now(), self._latest
        self._latest = now
        if catalogue is not self._registered or (latest is not None and now < latest - schedule.SLACK):
            store = self.services.store
            if not catalogue.mistakes and catalogue.standing.version is None:
                await store.keep_catalogue(catalogue.text, now)
            states = await self.edits.take_over(catalogue, store, now)
            await store.register(request.first_polls(catalogue, now), catalogue.disabled, now)
            self._registered = catalogue
            await self._bring_back(states, now)
            edited = request.edited_sources(catalogue, states)
            for state in await store.claim(edited, now, LEASE):
                if request.edited_sources(catalogue, {state.source_id: state}):
                    self._start(state, catalogue)
                else:  # another process has polled it since
                    await store.release(state)
        return catalogue

    async def _bring_back(self, states: Mapping[str, SourceState], now: datetime) -> None:
        """Times that this machine's clock set in what is the future now must not stand until that comes."""
        stranded = request.stranded_sources(states, now)
        if stranded:
            mended = await self.services.store.clamp_to_now(now, stranded)
            until = max(states[name].last_poll_at or states[name].next_poll_at for name in stranded)
            self._log.warning(
                "clock ran ahead",
                until=until.isoformat(),
                sources=len(stranded),
                items=mended,
                now=now.isoformat(),
            )

    async def stop(self) -> None:
        """Give up the polls that are under way; their sources lose nothing and are due at once."""
        await self._held.stop()

    def _start(self, state: SourceState, catalogue: Catalogue) -> None:
        source = catalogue.source(state.source_id)
        if source is None:  # removed from feeds.yaml between two ticks; whoever has it may poll it soon
            return
        self._held.start(source.id, self._poll(source, state, catalogue))

    async def _finish(self) -> list[PollOutcome]:
        done = await self._held.finish()
        return [polled for polled in done if polled is not None]

    async def _poll(self, source: Source, state: SourceState, catalogue: Catalogue) -> PollOutcome | None:
        """One poll, with one line of log; a fault of our own becomes this source's error, not everybody's."""
        measured = Measured(self.tallies)
        try:
            update = await refresh.refresh(source, state, catalogue, measured.watch(self.services))
        except asyncio.CancelledError:
            if self._held.is_lost(source.id):
                self._log.warning("given up", source=source.id, why="another process polls it")
                return None
            await self.services.store.release(state)  # due as it was, so the next start does not wait
            raise
        except StoreError as error:
            self._log.error("not stored", source=source.id, error=str(error))
            return None
        except Exception as error:  # noqa: BLE001 # the boundary: nothing may stop the other sources
            self._log.exception("fault", source=source.id)
            message = f"A fault in this program ({type(error).__name__}); the log has the details."
            update = refresh.failure(source, state, message, self.services)
            await self.services.store.commit(update)
        if update.publications:
            self.news.set()
        self._report(source, update, measured)
        kinds = Counter(_kind(change) for change in update.changes)
        self.tell(outcome := PollOutcome(source=source, state=update.state, kinds=kinds))
        return outcome

    def _report(self, source: Source, update: Update, measured: Measured) -> None:
        fields = measured.describe(update)
        if update.state.trouble in {None, "opted_out"}:  # that a host asked not to be read is no failure
            self._log.info("polled", source=source.id, **fields)
        else:
            self._log.warning("failed", source=source.id, **fields)
