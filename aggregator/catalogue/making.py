"""What was typed of a source, and of all of them -> Source."""

from __future__ import annotations

from typing import Any

from aggregator.catalogue.locations import WHOLE, Whereabouts
from aggregator.catalogue.spec import FeedsSpec, SelectSpec, SourceSpec
from aggregator.model import FieldSelectors, Selectors, Source, SourceKind, Trimming


def make_source(source_id: str, spec: SourceSpec, feeds: FeedsSpec, place: Whereabouts) -> Source:
    """The source: what it does not say itself, `defaults:` says."""
    typed = spec.model_fields_set

    def choose(key: str) -> Any:
        return getattr(spec if key in typed else feeds.defaults, key)

    return Source(
        id=source_id,
        kind=place.kind,
        location=place.location,
        url=place.url,
        title=spec.title,
        icon=spec.icon,
        timezone=choose("timezone"),
        identity=choose("identity"),
        tags=tuple(dict.fromkeys(choose("tags"))),
        every=choose("every"),
        max_every=choose("max_every"),
        priority=choose("priority"),
        select=_selectors(spec.select, place.kind) if spec.select else None,
        query=choose("query").rules(),
        content=choose("content") if place.kind not in WHOLE else "feed",
        filters=tuple(step.filter() for step in choose("filter")),
        rewrites=tuple(rule.rewrite() for rule in choose("rewrite")),
        trimming=Trimming(keep=tuple(choose("keep")), remove=tuple(choose("remove"))),
        headers=tuple(choose("headers").items()),
        publish=choose("publish"),
        enabled=choose("enabled"),
    )


def _selectors(spec: SelectSpec, kind: SourceKind) -> Selectors | FieldSelectors:
    return Selectors(item=spec.item, link=spec.link) if kind == "page" else spec.fields()
