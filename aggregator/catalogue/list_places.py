"""`lists:` in feeds.yaml: where each list is, and what the sources that it names start from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from aggregator.catalogue import typed_urls
from aggregator.catalogue.locations import Whereabouts
from aggregator.catalogue.making import make_source
from aggregator.catalogue.spec import FeedsSpec, SourceSpec
from aggregator.model import FollowedList
from aggregator.yamlfile import Place, Report, YamlDocument


def find_lists(spec: FeedsSpec, document: YamlDocument, report: Report) -> Iterator[FollowedList]:
    """Each list that is right; what is not goes into the report.

    Sources of a list start from `defaults:`, but for its headers: those may hold what is for the editor's own
    sources, and an address from elsewhere must not get it.
    """
    for name, listed in spec.lists.items():
        whole: Place = ("lists", name)
        place = whole if isinstance(document.value(whole), str) else (*whole, "url")
        if listed.url is None:
            report.add(whole, "a list needs `url`, the address of an OPML file")
            continue
        location = typed_urls.complete(listed.url.strip())
        written = typed_urls.complete(document.as_written(place).strip())
        wrong = typed_urls.explain_complaint(location, written)
        if wrong is not None:
            report.add(place, f"this list cannot be read: {wrong}")
            continue
        where = Whereabouts(kind="feed", location=location, url=typed_urls.mask_password(written))
        made = make_source(name, SourceSpec(tags=[*spec.defaults.tags, *listed.tags]), spec, where)
        template = replace(made, headers=())
        asked = replace(template, filters=(), rewrites=())
        yield FollowedList(
            id=name,
            source=asked,
            template=template,
            without=tuple(one.strip() for one in listed.without),
            line=document.line(whole),
        )
