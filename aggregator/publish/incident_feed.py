"""The feed of incidents: for the operator's reader, so it belongs to no publication."""

from __future__ import annotations

import html
from collections.abc import Sequence
from datetime import datetime

from aggregator.dates.writing import to_the_minute
from aggregator.model import Incident, Site
from aggregator.publish import sanitize
from aggregator.publish.render import write
from aggregator.publish.view import EntryView, FeedView, SourceView, feed_id

NAME = "status"
"""What the store knows this feed by."""


def render_incidents(incidents: Sequence[Incident], site: Site, feed_name: str, since: datetime) -> bytes:
    """The incidents as an Atom document, in the order given. `since` dates it while there are none."""
    home = sanitize.web(site.link)
    title = sanitize.line(f"{site.title}: what is the matter")
    name = feed_id(feed_name)
    source = SourceView(key=NAME, id=name, title=title, feed=None, home=None, rights=None, updated=since)
    page = f"{home.rstrip('/')}/status" if home else None
    feed = FeedView(
        id=name,
        name=NAME,
        title=title,
        publisher=sanitize.line(site.title) or title,
        home=f"{home.rstrip('/')}/" if home else None,
        updated=max((one.changed for one in incidents), default=since),
        entries=tuple(_view(one, page, source) for one in incidents),
        page=page,
    )
    body, _ = write(feed, "atom")
    return body


def _view(one: Incident, page: str | None, source: SourceView) -> EntryView:
    told = [one.text, f"Seen since {to_the_minute(one.began)}."]
    if one.ended is not None:
        told.append(f"Over since {to_the_minute(one.ended)}.")
    return EntryView(
        id=one.id,
        url=page,
        title=sanitize.line(f"Over: {one.title}" if one.ended is not None else one.title),
        content="".join(f"<p>{html.escape(sanitize.line(part), quote=False)}</p>" for part in told),
        summary=None,
        opening=None,
        authors=(),
        categories=(),
        enclosures=(),
        links=(),
        image=None,
        image_caption=None,
        language="en",
        direction=None,
        published=one.began,
        updated=one.changed,
        source=source,
    )
