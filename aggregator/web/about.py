"""For publishers: who reads their sites here, what for and how often, and how to have that end."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from aggregator import PRODUCT, __version__, publish
from aggregator.model import Catalogue, Source, SourceState
from aggregator.text.opted_out import find_opt_out
from aggregator.text.sites import host_of, is_public_suffix
from aggregator.web.context import WebContext
from aggregator.web.pages import Pages

MOST = 50
"""Sources of one host that are told of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSource:
    """What a publisher is told of a source on their host.

    Attributes:
        url: Where it is asked; its host alone where the rest is nobody's business.
        title: What it calls itself.
        every: The least time between two polls.
        polls: How many there were.
        last: When the last one was; None before the first.
        next: When the next one is; None before the first.
        why: Why then.
        items: How many of its items are kept here.
    """

    url: str
    title: str
    every: timedelta
    polls: int
    last: datetime | None
    next: datetime | None
    why: str
    items: int


class About:
    """Answers GET /about. Tells of sources that the public may see alone."""

    def __init__(self, context: WebContext, pages: Pages) -> None:
        self._context = context
        self._pages = pages

    async def show(self, request: Request) -> Response:
        """The page; with `?host=` what is read of that host."""
        catalogue = self._context.catalogue()
        host = read_host(request.query_params.get("host", ""))
        opted_out = find_opt_out(host, catalogue.opted_out) if host else None
        told = bool(host) and opted_out is None
        found = _on_host(publish.visible_sources(catalogue), host) if told else ()
        lists = _on_host(_visible_lists(catalogue), host) if told else ()
        everybody_s = told and not found and not lists and is_public_suffix(host)
        states = await self._context.store.states([one.id for one in found]) if found else {}
        contact = catalogue.site.contact or ""
        values = {
            "host": host,
            "asked": request.query_params.get("host", "")[:300],
            "opted_out": opted_out,
            "everybody_s": everybody_s,
            "found": [_tell(one, states) for one in found],
            "lists": [_tell(one, {}) for one in lists],
            "per_host": self._context.per_host,
            "contact": contact,
            "contact_link": f"mailto:{contact}" if "@" in contact and "://" not in contact else contact,
            "agent": f"{PRODUCT}/{__version__}",
            "product": PRODUCT,
            "now": self._context.clock.now(),
        }
        return await self._pages.render(request, "about.html", values)


def read_host(typed: str) -> str:
    """The host that somebody typed, with or without a scheme and a path, in ASCII; "" for what is none."""
    bare = typed.strip()[:300]
    host = host_of(bare if "//" in bare else f"https://{bare}") if bare else ""
    return "" if any(map(str.isspace, host)) else host


def _visible_lists(catalogue: Catalogue) -> tuple[Source, ...]:
    """Lists whose feeds, by the tags that the editor gives them, the public may see."""
    public = publish.public_publications(catalogue)
    return tuple(one.source for one in catalogue.lists if any(pub.includes(one.template) for pub in public))


def _on_host(sources: Iterable[Source], host: str) -> tuple[Source, ...]:
    """Those that are read on the host, and on those below it, where these are the same publisher's."""
    below = None if is_public_suffix(host) else f".{host}"
    hosts = ((one, host_of(one.url)) for one in sources if one.opted_out is None and one.kind != "file")
    return tuple(one for one, its in hosts if its == host or (below and its.endswith(below)))[:MOST]


def _tell(source: Source, states: Mapping[str, SourceState]) -> ReadSource:
    state = states.get(source.id)
    return ReadSource(
        url=_show_address(source),
        title=source.title or (state.meta.title if state else "") or source.id,
        every=source.every,
        polls=state.polls if state else 0,
        last=state.last_poll_at if state else None,
        next=state.next_poll_at if state and state.last_poll_at else None,
        why=state.next_poll_reason if state else "",
        items=state.items if state else 0,
    )


def _show_address(source: Source) -> str:
    """Its address; its host alone where a name from the environment or a password belongs to it."""
    whole = "${" not in source.url and "@" not in urlsplit(source.location).netloc
    return source.url if whole else host_of(source.url)
