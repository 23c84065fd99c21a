"""What the web process is given by whoever starts it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from aggregator.engine.found_feeds import FoundFeeds
from aggregator.engine.on_demand import OnDemand
from aggregator.model import Catalogue
from aggregator.ports import Clock, ReadOnlyStore


@dataclass(frozen=True, slots=True, kw_only=True)
class WebContext:
    """What every page and feed is made from.

    Attributes:
        store: Where it all is read from.
        catalogue: Gives what feeds.yaml says now; asked on every request, since the file may change while we run.
        clock: For "today", "overdue" and the like.
        on_demand: Renders the feeds of sources and tags, and keeps them in the store.
        found_feeds: Renders the feeds of searches and of changes.
        status_token: The password of the operator's pages, from the settings; None leaves them to this machine.
        robots: What crawlers may read besides feeds, from the settings.
        per_host: How many requests at once one host is asked, from the settings.
        max_size: The ceiling of the store in bytes, from the settings; None where there is none.
    """

    store: ReadOnlyStore
    catalogue: Callable[[], Catalogue]
    clock: Clock
    on_demand: OnDemand
    found_feeds: FoundFeeds
    status_token: str | None = field(default=None, repr=False)
    robots: Literal["pages", "feeds"] = "pages"
    per_host: int = 2
    max_size: int | None = None
