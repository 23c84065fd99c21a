"""What a source from elsewhere is called: an id of ours, a title on one line, an address without secrets."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from pathlib import Path

from aggregator.catalogue import typed_urls
from aggregator.text import sites
from aggregator.text.characters import to_normal_form

_LONGEST_ID = 40
_LONGEST_TITLE = 200
_LONGEST_SHOWN = 120
_COMMON_LABELS = frozenset({"www", "www3", "feed", "feeds", "rss"})
_UNWRITABLE = frozenset({"Cc", "Cs", "Cn"})


def new_id(url: str, title: str | None, taken: Collection[str]) -> str:
    """An id from the title, else from the host; numbered if it is taken."""
    place = _site_name(url) if typed_urls.is_url(url) else Path(url).stem
    wanted = slug(title or "") or slug(place) or "feed"
    name, number = wanted, 2
    while name in taken:
        name = f"{wanted}-{number}"
        number += 1
    return name


def _site_name(url: str) -> str:
    """`feeds.bbci.co.uk` -> `bbci`: what people call the site by."""
    labels = sites.labels_of(url)
    return "-".join(label for label in labels if label not in _COMMON_LABELS) or "-".join(labels)


def slug(text: str) -> str:
    """The letters and digits of a text, as an id may hold them; "" where it has none of these."""
    plain = to_normal_form(text, "NFKD").encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:_LONGEST_ID].rstrip("-")


def on_one_line(text: str | None) -> str:
    """The text on one line, without the characters that a terminal or YAML would choke on."""
    folded = " ".join((text or "").split())
    kept = "".join(char for char in folded if unicodedata.category(char) not in _UNWRITABLE)
    return kept[:_LONGEST_TITLE].strip()


def show(text: str) -> str:
    """For messages; a password in a URL is not repeated."""
    line = on_one_line(typed_urls.mask_password(text))
    return line if len(line) <= _LONGEST_SHOWN else f"{line[: _LONGEST_SHOWN - 1]}…"
