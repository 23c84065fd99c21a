"""The script, scene by scene: somebody acts, the worker reads what changed, and it is told."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, TypeVar

from aggregator.app import Application
from aggregator.demo import editing
from aggregator.demo.content import Act, Deed, Happening
from aggregator.demo.desk import Desk
from aggregator.demo.newsstand import Newsstand
from aggregator.ports import Store

Tell = Callable[[Happening], Awaitable[None]]
"""Is told what somebody did, once it can be seen."""

Subject = TypeVar("Subject")

_LOOK_AGAIN = 0.05
_ASK_AGAIN = 20
"""After so many looks a source is made due once more: one that was being polled is due when that is over."""


@dataclass(slots=True, kw_only=True)
class Play:
    """A performance.

    Attributes:
        application: The installation.
        store: Its store.
        stands: Where the publishers are, by name.
        tell: Is told of each scene; the next one waits for it.
    """

    application: Application
    store: Store
    stands: Mapping[str, Newsstand]
    tell: Tell
    _changed: dict[str, int] = field(default_factory=dict)
    """How often those had been asked that changed and have not been read since."""

    async def run(self, script: tuple[Happening, ...], pause: float) -> None:
        """Perform all of it, with so many seconds after each scene."""
        for scene in script:
            for act in scene.acts:
                await self._act(act)
            if scene.is_awaited:
                for act in scene.acts:
                    await self._wait_until_read(act.outlet)
            await self.tell(scene)
            await asyncio.sleep(pause)

    async def _act(self, act: Act) -> None:
        stand = self.stands[act.outlet]
        if act.deed == "withdraw":
            await self._edit(editing.withdraw, f"{stand.desk.url}/{act.piece}")
        elif act.deed == "follow":
            await self._edit(editing.follow, stand.desk)
            self._changed[act.outlet] = 0
        elif act.deed == "await":
            self._changed.setdefault(act.outlet, 0)
        else:
            _DEEDS[act.deed](stand.desk, act)
            self._changed[act.outlet] = stand.asked

    async def _edit(self, edit: Callable[[Path, Subject], None], subject: Subject) -> None:
        """Edit feeds.yaml, and wait until that is in force."""
        config = self.application.config
        await asyncio.to_thread(edit, config, subject)
        while self.application.catalogue().text != await asyncio.to_thread(config.read_bytes):  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_AGAIN)

    async def _wait_until_read(self, name: str) -> None:
        """Have the worker ask at once, and wait until what came of that is stored.

        Each poll asks once: the first that counts more polls than there were questions before the change has seen
        it. One that is being polled already is made due once more when that is over.
        """
        before, looks = self._changed.pop(name, None), 0
        while before is not None and self.application.catalogue().source(name):
            state = (await self.store.states([name])).get(name)
            if state is not None and state.polls > before:
                return
            if state is not None and looks % _ASK_AGAIN == 0:
                await self.store.clamp_to_now(self.application.clock.now(), [name])
            looks += state is not None
            await asyncio.sleep(_LOOK_AGAIN)


_DEEDS: Final[Mapping[Deed, Callable[[Desk, Act], None]]] = {
    "post": lambda desk, act: desk.post(act.piece),
    "edit": lambda desk, act: desk.edit(act.piece, act.details),
    "retract": lambda desk, act: desk.retract(act.piece),
    "touch": lambda desk, _: desk.touch(),
    "renumber": lambda desk, _: desk.renumber(),
    "cut": lambda desk, _: desk.break_off(),
    "drip": lambda desk, _: desk.drip(),
    "answer": lambda desk, act: desk.refuse(act.details),
    "well": lambda desk, _: desk.recover(),
}
"""What concerns a publisher alone."""
