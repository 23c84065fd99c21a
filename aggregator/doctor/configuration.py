"""The files that people write, and to whom the operator's pages are open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aggregator.doctor.finding import Finding, fail, ok, warn
from aggregator.errors import Mistake
from aggregator.model import Catalogue, KeptCatalogue
from aggregator.settings import Settings


def report_mistakes(check: str, mistakes: Iterable[Mistake], effect: str) -> Iterator[Finding]:
    """A finding for each mistake of a file; `effect` is what follows from them."""
    for one in mistakes:
        mend = "Mend the file; `" if one.line is not None else "`"  # else it tells itself what to do
        yield fail(check, f"{one}. {effect}", f"{mend}aggregator check` tells whether all is well.")


def check_catalogue(catalogue: Catalogue, in_force: KeptCatalogue | None = None) -> Iterator[Finding]:
    """What feeds.yaml holds, where it could be read; whether that is in force for all who have a copy of it."""
    if in_force is not None and in_force.content != catalogue.text:
        differs = f"In force is another feeds.yaml than the one here, version {in_force.version}"
        remedy = "Bring this copy up to it; or, if this is the newer one: aggregator apply"
        yield warn("feeds", f"{differs} of {in_force.kept_at:%Y-%m-%d %H:%M}Z.", remedy)
    enabled = sum(source.enabled for source in catalogue.sources)
    told = (
        f"{enabled} sources to be polled of {len(catalogue.sources)}, {len(catalogue.publications)} publications"
    )
    if enabled:
        yield ok("feeds", f"{told}.")
    else:
        yield warn("feeds", f"{told}: nothing will come in.", "Add a source: aggregator add URL")


def check_operator_pages(settings: Settings) -> Iterator[Finding]:
    """Whether /status and /metrics can be seen, and by whom."""
    pages = "/status, /status.atom and /metrics"
    if settings.web.status_token:
        yield ok("operator_pages", f"{pages} answer whoever has web.status_token, through a proxy too.")
    else:
        yield ok(
            "operator_pages",
            f"{pages} answer this machine only, and nothing that comes through a proxy; "
            "web.status_token would open them.",
        )
