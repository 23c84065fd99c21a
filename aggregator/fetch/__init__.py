"""Source -> FetchResult: politely, within bounds, and never to an IP that we must not reach.

    source.py         the door: HTTP or file, by the source's kind
    fetcher.py        one source over HTTP: turn, deadline, redirects, answer
    file.py           one source from disk
    probe.py          whether a host can be reached; nothing is asked of it
    host_limiter.py   whose turn it is: places in all and per host, gaps, pauses
    host_turns.py     one turn, and what others are told of it
    target.py         URL -> where to ask, credentials taken out of it
    headers.py        what we say of ourselves, and what we never say
    redirects.py      which hops are followed, and whether the chain was permanent
    cookies.py        what the hops of one chain have set, forgotten at its end
    transport.py      HTTP/1.1 over a connection per request: no proxies, no logs
    ssrf.py           resolve once, check every IP, dial the one that was checked
    streams.py        TCP and TLS on asyncio itself
    ip_policy.py      which IPs are nobody's business of ours: pure
    resolver.py       names -> IPs, in threads of its own
    body.py           the raw bytes, counted; body_budget.py: few large ones at once
    coding.py         gzip and deflate, undone within bounds
    answer.py         response -> FetchResult
    cache_headers.py  Cache-Control, Expires, Retry-After: pure
    bot_wall.py       pages made for browsers to prove they are browsers
    fetch_errors.py   the errors that end asking, in plain words

The only package that knows httpx. Knows no settings: `FetchOptions` (options.py) carries plain values.
"""

from aggregator.fetch.fetcher import HttpFetcher
from aggregator.fetch.file import FileFetcher
from aggregator.fetch.options import FetchOptions
from aggregator.fetch.probe import Probe
from aggregator.fetch.source import SourceFetcher

__all__ = ["FetchOptions", "FileFetcher", "HttpFetcher", "Probe", "SourceFetcher"]
