"""Addresses that only lead on, and say in themselves where to: of search engines' alerts, of counters of clicks.

Each new alert has another such address for the same article, all on one host. What they lead to is written in
them, so nothing has to be asked. An address whose target is not written out stays as it is.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs, urlsplit

_WRAPPERS: Final = (
    (re.compile(r"(?:www\.|news\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})/(?:news/)?url"), ("url", "q")),
    (re.compile(r"(?:www\.)?bing\.com/news/apiclick\.aspx"), ("url",)),
    (re.compile(r"(?:www\.)?duckduckgo\.com/l/"), ("uddg",)),
    (re.compile(r"lm?\.facebook\.com/l\.php"), ("u",)),
    (re.compile(r"out\.reddit\.com/.*"), ("url",)),
    (re.compile(r"(?:www\.)?youtube\.com/redirect"), ("q",)),
    (re.compile(r"(?:www\.)?steamcommunity\.com/linkfilter/?"), ("url", "u")),
    (re.compile(r"(?:m\.)?vk\.com/away\.php"), ("to",)),
    (re.compile(r"t\.umblr\.com/redirect"), ("z",)),
    (re.compile(r"link\.zhihu\.com/"), ("target",)),
    (re.compile(r"(?:www\.)?linkedin\.com/redir/redirect"), ("url",)),
    (re.compile(r"slack-redir\.net/link"), ("url",)),
    (re.compile(r"(?:[a-z0-9-]{1,63}+\.)?safelinks\.protection\.outlook\.com/"), ("url",)),
    (re.compile(r"getpocket\.com/redirect"), ("url",)),
    (re.compile(r"exit\.sc/"), ("url",)),
)
"""Host and path, and the parameters that hold the target; the first that is there counts."""

_MAY_WRAP = re.compile(r"[?&](?:url|q|uddg|u|to|z|target)=https?(?:%3a|:)", re.IGNORECASE)


def wrapped_address(url: str) -> str | None:
    """What an absolute web address leads to, as it is written in it; None when it leads nowhere else."""
    if not _MAY_WRAP.search(url):
        return None
    parts = urlsplit(url)
    place = f"{parts.hostname}{parts.path}"
    for wrapper, names in _WRAPPERS:
        if wrapper.fullmatch(place):
            given = parse_qs(parts.query)
            return next((given[name][0] for name in names if name in given), None)
    return None
