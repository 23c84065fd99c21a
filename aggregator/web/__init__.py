"""Documents and pages over HTTP: feeds for readers, pages for people, numbers for machines.

    server          listens, and stops within seconds whatever the clients do
    listener        takes connections in, as many as the process can bear
    protocol        one connection, within its bounds; `limits` names them
    middleware      around every request: security headers, one log line, trouble in plain words
    routes          which path leads where
    repeats         answers that were given before, in `protocol`, before the application is asked
    documents       stored documents in memory
    stored_changes  whether they are still as they are stored: a timer looks, requests do not
    kept_page       what is the same for all
    feeds           /<publication>.atom|.rss|.json, private ones too; /sources.opml
    opened_feeds    a feed that somebody opens in a browser
    river           /, /<publication>, /source/<id>, /tag/<tag>, /search: pages of stories; `subjects`: of what;
                    `river_lines`: what is told of each; `language_names`: what people call a language
    story_page      /story/<uid>: an item, and the story that it is told as; `revisions`: what changed in it
    crawlers        /robots.txt
    about           /about: for publishers
    status          /status, /status.atom; `status_lines`: what is shown of a source
    operators       who may see /status, /status.atom and /metrics
    health          /healthz, /readyz, /metrics; `work_metrics` has the part that is about work done

Below them: `answers` and `negotiate` (conditional requests, gzip), `access` (tokens), `limits` (of clients),
`pages` (templates), `assets` (static files), `time_words`, `plain_words`, `origins`, `views`, `prose` (publishers'
markup among ours), `context` (what all are given).

Renders nothing that feeds.yaml declares: it serves the bytes that the store holds. Feeds of sources and tags are
rendered when somebody asks, and then kept (`engine.on_demand`); /sources.opml and an item's own feed are made for
each request. Writes nothing else to the store. Never lets the Host field, or anything else that a client sends,
into an answer.
"""

from aggregator.web.context import WebContext
from aggregator.web.limits import Limits, Traffic
from aggregator.web.routes import create_app
from aggregator.web.server import ListenError, Server

__all__ = ["Limits", "ListenError", "Server", "Traffic", "WebContext", "create_app"]
