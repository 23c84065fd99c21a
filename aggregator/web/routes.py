"""Which path leads where."""

from __future__ import annotations

from functools import partial
from typing import get_args

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Scope

from aggregator.model import Format
from aggregator.web.about import About
from aggregator.web.assets import Assets
from aggregator.web.context import WebContext
from aggregator.web.crawlers import Robots
from aggregator.web.documents import Documents
from aggregator.web.feeds import Feeds
from aggregator.web.health import Health
from aggregator.web.limits import Traffic
from aggregator.web.middleware import Guard
from aggregator.web.operators import Operators
from aggregator.web.origins import Origins
from aggregator.web.pages import Pages
from aggregator.web.repeats import Repeats
from aggregator.web.river import River
from aggregator.web.status import Status
from aggregator.web.stored_changes import Changes
from aggregator.web.story_page import StoryPage


def create_app(context: WebContext) -> Starlette:
    """The application: everything that can be asked for over HTTP, and nothing else.

    Keeps nothing of its own but what is still as it is in the store: documents, answers, two pages; and the titles
    of sources, for seconds.
    """
    assets = Assets()
    pages = Pages(context, assets)
    changes = Changes(context.store)
    documents = Documents(context.store, changes)
    traffic = Traffic()
    repeats = Repeats(documents, context.catalogue, traffic)

    async def show_refusal(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 # registered for it below; tells the type checker
        headers = dict(error.headers or {})
        if "Allow" in headers:  # a set's order differs between processes, answers should not
            headers["Allow"] = ", ".join(sorted(headers["Allow"].split(", ")))
        return pages.render_error(request, error.status_code, headers=headers)

    app = Starlette(
        routes=_routes(context, pages, changes, documents),
        middleware=[Middleware(Guard, error=pages.render_error, repeats=repeats)],
        exception_handlers={HTTPException: show_refusal},
    )
    # A redirect to the path with or without its last slash would be made from the Host field.
    app.router.redirect_slashes = False
    app.state.traffic, app.state.repeats = traffic, repeats
    return app


def _routes(context: WebContext, pages: Pages, changes: Changes, documents: Documents) -> list[Route]:
    origins = Origins(context)
    feeds = Feeds(context, pages, origins, documents)
    health = Health(context, documents)
    operators = Operators(context, pages)
    river = River(context, pages, origins, changes)
    status = Status(context, pages, origins, changes)
    routes = [
        _FurtherPath(context, feeds),
        Route("/", river.show_front),
        Route("/search", river.show_search),
        Route("/about", About(context, pages).show),
        Route("/status", operators.restrict(status.show)),
        Route("/status.atom", operators.restrict(status.show_incidents)),
        Route("/robots.txt", Robots(context).show),
        Route("/sources.opml", feeds.show_opml),
        Route("/healthz", health.show_alive),
        Route("/readyz", health.show_ready),
        Route("/metrics", operators.restrict(health.show_metrics)),
        Route("/static/{name}", pages.assets.show),
        # Before the page, whose pattern takes it in. A uid holds no dot, so no page is lost.
        Route("/story/{uid}.atom", feeds.show_story_history, name="story feed"),
        Route("/story/{uid}", StoryPage(context, pages, origins, changes).show),
    ]
    formats: tuple[Format, ...] = get_args(Format)
    # Those of fixed words before those of tokens, which are longer than these words.
    for name in formats:
        routes += [
            Route(f"/tag/{{tag:path}}.{name}", partial(feeds.show_tag, format=name), name=f"tag {name}"),
            Route(f"/source/{{source}}.{name}", partial(feeds.show_source, format=name), name=f"source {name}"),
            Route(f"/search.{name}", partial(feeds.show_search, format=name), name=f"search {name}"),
        ]
    # Before the publications', whose pattern takes them in. An id holds no dot, so none is lost.
    for path in ("/{publication}.changes.atom", "/{token}/{publication}.changes.atom"):
        routes.append(Route(path, feeds.show_changes, name=f"changes at {path}"))
    for name in formats:
        show, page = partial(feeds.show_publication, format=name), partial(feeds.show_archive_page, format=name)
        routes += [
            Route(f"/{{publication}}.{name}", show, name=name),
            Route(f"/{{token}}/{{publication}}.{name}", show, name=f"private {name}"),
            Route(f"/{{publication}}/archive/{{number}}.{name}", page, name=f"page {name}"),
            Route(f"/{{token}}/{{publication}}/archive/{{number}}.{name}", page, name=f"private page {name}"),
        ]
    return [
        *routes,
        Route("/source/{source}", river.show_source, name="source"),
        Route("/tag/{tag:path}", river.show_tag, name="tag"),
        Route("/{publication}", river.show_publication, name="publication"),
    ]


class _FurtherPath(Route):
    """Leads a path that feeds.yaml gives a publication besides its own; all others pass it by."""

    def __init__(self, context: WebContext, feeds: Feeds) -> None:
        super().__init__("/{further:path}", feeds.show_at_further_path, name="further path")
        self._catalogue = context.catalogue

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        found = self._catalogue().served_at(scope["path"]) if scope["type"] == "http" else None
        if found is None:
            return Match.NONE, {}
        match, child = super().matches(scope)
        return match, {**child, "path_params": {"publication": found[0], "format": found[1]}}
