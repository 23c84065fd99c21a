"""`opt_out:` in feeds.yaml: hosts that asked not to be read, and the sources that are not polled for it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import urlsplit

from aggregator.catalogue import typed_urls
from aggregator.model import FollowedList, Source
from aggregator.text.opted_out import find_opt_out_of_url, normal_host, tell_opt_out
from aggregator.text.sites import is_listed_suffix
from aggregator.yamlfile import Report, YamlDocument, quote
from aggregator.yamlfile.types import fault, text

OptedOut = Mapping[str, int | None]
"""Names of hosts, each with its line."""

_NAME: Final = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
_NUMBERS: Final = re.compile(r"\d{1,3}(?:\.\d{1,3}){3}")
_A_HOST: Final = "the name of a host is needed, such as site.example (all below it are meant, too)"


def check_host(value: str) -> str:
    """One host, in ASCII; an address is understood where it is that of a whole host."""
    typed = text(value)
    is_ipv6 = typed.count(":") > 1 and "[" not in typed
    try:
        parts = urlsplit(typed if "//" in typed else f"//[{typed}]" if is_ipv6 else f"//{typed}")
        host, port = normal_host(parts.hostname or ""), parts.port
    except ValueError:
        raise fault(f"{_A_HOST}, not {quote(typed)}") from None
    plain = host.removeprefix("*.").lstrip(".")
    if not _is_host(plain):
        raise fault(f"{_A_HOST}, not {quote(typed)}")
    if plain != host or port is not None or "@" in parts.netloc:
        raise fault(f"{_A_HOST}; write {plain}")
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise fault(f"{_A_HOST}; write {plain} if its publisher means all of it, or the items under `withdraw`")
    if is_listed_suffix(plain):
        raise fault(f"under {plain} anybody has sites; write the host of the one who asked, such as site.{plain}")
    return plain


def find_opted_out(names: Iterable[str], document: YamlDocument) -> OptedOut:
    """The names under `opt_out`, each with its line."""
    return {name: document.line(document.locate(("opt_out", place))) for place, name in enumerate(names)}


def heed(source: Source, opted_out: OptedOut) -> Source:
    """The source as it is to be treated: not polled where its address is of a host that asked not to be read."""
    name = find_opt_out_of_url(source.location, opted_out) if source.kind != "file" else None
    return source if name is None else replace(source, enabled=False, opted_out=name)


def note_opted_out(
    sources: Iterable[Source], lists: Iterable[FollowedList], opted_out: OptedOut, report: Report
) -> None:
    """A note for each source and list that is not asked."""
    for source in sources:
        if source.opted_out is not None:
            told = tell_opt_out(source.opted_out, opted_out)
            report.note(
                ("sources", source.id),
                f"source '{source.id}': {told}: it is not polled, and nothing of it is shown. "
                "Remove it, or take its host out of `opt_out` if its publisher has changed their mind.",
            )
    for one in lists:
        if one.source.opted_out is not None:
            told = tell_opt_out(one.source.opted_out, opted_out)
            report.note(("lists", one.id), f"list '{one.id}': {told}: it is not asked; what it named stays known.")


def _is_host(name: str) -> bool:
    if ":" in name:  # an IPv6 address; `normal_host` would have left another text as it is
        return not typed_urls.complaint(f"http://[{name}]/")
    if name.rpartition(".")[2].isdigit():
        return bool(_NUMBERS.fullmatch(name))
    return len(name) <= 253 and bool(_NAME.fullmatch(name))
