"""Names, connections and TLS, to the hosts of a few sources."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol
from urllib.parse import urlsplit

from aggregator.doctor.finding import Finding, fail, ok, warn
from aggregator.model import Blocked, Failed, Source

FEW = 5
"""Hosts that are tried: enough to tell a network that is down from a host that is."""

_NO_NETWORK = {"dns", "connect", "timeout"}


class Reaching(Protocol):
    """Tells why the host of a URL cannot be reached; `fetch.probe.Probe` fulfils it."""

    async def reach(self, location: str) -> Failed | Blocked | None:
        """Why the host of a URL cannot be reached; None if it can."""
        ...


def choose_hosts(sources: Iterable[Source]) -> Mapping[str, str]:
    """The first few hosts that are polled over the network, each with a URL on it."""
    found: dict[str, str] = {}
    for source in sources:
        host = _host(source.location) if source.enabled and source.kind != "file" else ""
        if host and len(found) < FEW:
            found.setdefault(host, source.location)
    return found


async def check_network(hosts: Mapping[str, str], probe: Reaching) -> list[Finding]:
    """What came of knocking at each of the hosts, at the same time."""
    if not hosts:
        return [ok("network", "No source is asked over the network.")]
    answers = await asyncio.gather(*(probe.reach(url) for url in hosts.values()))
    return list(
        _judge(dict(zip(hosts, answers, strict=True)), {name for name, url in hosts.items() if _is_tls(url)})
    )


def _judge(answers: Mapping[str, Failed | Blocked | None], tls: set[str]) -> Iterator[Finding]:
    troubles = {
        host: "blocked" if isinstance(one, Blocked) else one.trouble for host, one in answers.items() if one
    }
    if len(troubles) == len(answers) > 1 and set(troubles.values()) <= _NO_NETWORK:
        yield fail(
            "network",
            f"None of {', '.join(answers)} could be reached: this machine seems to have no network. "
            "That is no fault of the sources, and none is backed off for it.",
            "Look at the cable, the name servers (/etc/resolv.conf) and the firewall for outgoing connections.",
        )
        return
    reached = [host for host in answers if host not in troubles]
    if reached:
        yield ok("network", f"{len(reached)} of {len(answers)} hosts tried could be reached.")
    verified = [host for host in reached if host in tls]
    untrusted = [host for host, trouble in troubles.items() if trouble == "tls"]
    if len(untrusted) > 1 and not verified:
        yield fail(
            "tls",
            f"The certificates of all of {', '.join(untrusted)} were refused.",
            "Set the clock; see whether a proxy on the way opens secure connections.",
        )
    elif verified:
        yield ok("tls", f"{len(verified)} secure connections could be made and trusted.")
    for host, trouble in troubles.items():
        told = answers[host]
        if told is not None and not (trouble == "tls" and not verified and len(untrusted) > 1):
            check = str(trouble) if trouble in {"dns", "tls"} else "network"
            yield warn(check, told.message, f"If it stays so, look at the sources on {host} in feeds.yaml.")


def _host(location: str) -> str:
    try:
        return urlsplit(location).hostname or ""
    except ValueError:
        return ""


def _is_tls(url: str) -> bool:
    return url.lower().startswith("https:")
