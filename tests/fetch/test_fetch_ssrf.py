"""Nothing but public addresses is ever dialled, however it is spelled and however we are led there."""

from __future__ import annotations

import asyncio
import resource
import socket
from collections.abc import Sequence
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest

from aggregator.fetch.resolver import SystemResolver
from aggregator.model import Blocked, Failed, Fetched, Validators
from tests.support.fetching import FEED, TableResolver, feed_at, fetching, once
from tests.support.loopback import answer, moved, serving

ONE = (ip_network("127.0.0.1/32"),)
CLOSED: dict[str, Any] = {"allow_networks": ()}
SPELLINGS = [
    *("127.0.0.2", "127.2", "127.0.2", "2130706434", "0x7f000002", "0x7f.2", "0x7f.0.0.2", "017700000002"),
    *("[::ffff:127.0.0.2]", "[::127.0.0.2]", "[::ffff:7f00:2]", "[64:ff9b::7f00:2]", "[64:ff9b:1::7f00:2]"),
    *("[2002:7f00:2::]", "[2001:0:7f00:2::]", "[::1]", "[::]", "0.0.0.0", "0", "[fe80::1]", "[fec0::1]"),
    *("127.0.0.2.", "10.0.0.1", "169.254.169.254", "100.64.0.1", "224.0.0.1", "255.255.255.255", "[ff02::1]"),
    *("[fe80::1%25lo]", "me@127.0.0.2", "example.org@127.0.0.2", "192.88.99.1", "[fd00:ec2::254]"),
]


@pytest.mark.parametrize("host", SPELLINGS)
async def test_no_spelling_of_a_forbidden_address_is_dialled(host: str):
    async with serving({"/": answer(200, FEED)}, host="127.0.0.2") as canary:
        found = await once(f"http://{host}:{canary.port}/", **CLOSED)
        assert isinstance(found, Blocked)
        assert canary.connections == 0


@pytest.mark.parametrize(
    "host", ["0177.0.0.2", "１２７.0.0.2", "127.0.0.1.2", "[::ffff:127.0.0.2", "127。0。0。2", "256.0.0.1"]
)
async def test_spellings_that_are_nothing_are_not_dialled_either(host: str):
    async with serving({"/": answer(200, FEED)}, host="127.0.0.2") as canary:
        found = await once(f"http://{host}:{canary.port}/", **CLOSED)
        assert isinstance(found, Blocked | Failed)
        assert canary.connections == 0


@pytest.mark.parametrize("host", SPELLINGS)
async def test_a_redirect_gets_no_further(host: str):
    names = TableResolver({"public.example": ["127.0.0.1"]})
    async with serving({"/": answer(200, FEED)}, host="127.0.0.2") as canary, serving() as server:
        server.replies["/"] = moved(302, f"http://{host}:{canary.port}/")
        server.replies["/twice"] = moved(301, "/")
        for target in ("/", "/twice"):
            found = await once(server.url(target, "public.example"), names=names, allow_networks=ONE)
            assert isinstance(found, Blocked)
        assert canary.connections == 0


async def test_a_redirect_without_scheme_gets_no_further():
    async with serving(host="127.0.0.2") as canary, serving() as server:
        server.replies["/"] = moved(302, f"//127.0.0.2:{canary.port}/")
        assert isinstance(await once(server.url("/"), allow_networks=ONE), Blocked)
        assert canary.connections == 0


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.2"],
        ["8.8.8.8", "127.0.0.2"],
        ["127.0.0.2", "2606:4700::1111"],
        ["2606:4700::1111", "8.8.8.8", "::ffff:127.0.0.2"],
        ["fe80::1%lo"],
        ["64:ff9b::7f00:2"],
    ],
)
async def test_a_name_with_one_forbidden_address_is_refused(addresses: list[str]):
    async with serving(host="127.0.0.2") as canary:
        names = TableResolver({"mixed.example": addresses})
        found = await once(f"http://mixed.example:{canary.port}/", names=names, **CLOSED)
        assert isinstance(found, Blocked)
        assert canary.connections == 0


async def test_the_message_says_what_was_refused_and_what_would_open_it():
    names = TableResolver({"intern.example": ["10.1.2.3"]})
    found = await once("http://intern.example/", names=names)
    assert isinstance(found, Blocked)
    for words in ("intern.example", "10.1.2.3 is a private IP", "fetch.allow_networks"):
        assert words in found.message


async def test_the_checked_address_is_the_one_that_is_dialled():
    class Rebinding(TableResolver):
        """Answers with an allowed address once, and with a forbidden one ever after."""

        async def resolve(self, host: str, port: int) -> list[str]:
            await super().resolve(host, port)
            return ["127.0.0.1"] if len(self.lookups) == 1 else ["127.0.0.2"]

    names = Rebinding({"rebinding.example": []})
    async with serving({"/": answer(200, FEED)}) as server:
        found = await once(server.url("/", "rebinding.example"), names=names, allow_networks=ONE)
        assert isinstance(found, Fetched)
        assert names.lookups == ["rebinding.example"]
        assert server.asked[0].fields["host"] == f"rebinding.example:{server.port}"


async def test_each_hop_is_looked_up_and_checked_anew():
    names = TableResolver({"a.example": ["127.0.0.1"], "b.example": ["127.0.0.2"]})
    async with serving() as server:
        server.replies["/"] = moved(302, server.url("/", "b.example"))
        assert isinstance(await once(server.url("/", "a.example"), names=names, allow_networks=ONE), Blocked)
        assert names.lookups == ["a.example", "b.example"]


async def test_the_next_address_is_tried_when_one_does_not_answer():
    names = TableResolver({"two.example": ["127.0.0.9", "127.0.0.1"]})
    async with serving({"/": answer(200, FEED)}) as server:
        assert isinstance(await once(server.url("/", "two.example"), names=names), Fetched)


async def test_an_address_is_not_looked_up():
    names = TableResolver({})
    async with serving({"/": answer(200, FEED)}) as server:
        for host in ("127.0.0.1", "127.1", "[::ffff:127.0.0.1]"):
            assert isinstance(await once(server.url("/", host), names=names), Fetched)
        assert names.lookups == []


async def test_the_deadline_covers_the_lookup():
    class Slow(TableResolver):
        async def resolve(self, host: str, port: int) -> Sequence[str]:
            await asyncio.sleep(60)
            return await super().resolve(host, port)

    found = await once("http://slow.example/", names=Slow({}), timeout=timedelta(seconds=0.1))
    assert isinstance(found, Failed)
    assert found.trouble == "timeout"


async def test_the_resolver_is_let_go_of_with_the_fetcher():
    names = TableResolver({"a.example": []})
    await once("http://a.example/", names=names)
    assert names.closed


async def test_a_name_server_that_does_not_answer_is_told_apart_from_a_name_that_is_not_there():
    names = TableResolver(
        {
            "later.example": socket.gaierror(socket.EAI_AGAIN, "later"),
            "never.example": socket.gaierror(socket.EAI_NONAME, "never"),
            "odd.example": UnicodeError("label too long"),
        }
    )
    found = {host: await once(f"http://{host}/", names=names) for host in names.table}
    assert all(isinstance(one, Failed) and one.trouble == "dns" for one in found.values())
    assert "did not answer" in getattr(found["later.example"], "message")  # noqa: B009 # narrowed above
    assert "There is no host" in getattr(found["never.example"], "message")  # noqa: B009 # narrowed above


async def test_the_system_knows_localhost():
    resolver = SystemResolver(threads=1)
    try:
        assert set(await resolver.resolve("localhost", 80)) <= {"127.0.0.1", "::1"}
    finally:
        resolver.close()


async def test_localhost_by_its_name_is_refused():
    async with serving() as canary:
        assert isinstance(await once(canary.url("/", "localhost"), **CLOSED), Blocked)
        assert canary.connections == 0


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
async def test_without_descriptors_no_publisher_is_to_blame(host: str):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    async with fetching() as fetcher:
        resource.setrlimit(resource.RLIMIT_NOFILE, (1, hard))
        try:
            outcome = await fetcher.fetch(feed_at(f"http://{host}:9/"), Validators())
        finally:
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert isinstance(outcome, Failed)
    assert outcome.trouble == "internal"
    assert "raise the limit of open files" in outcome.message
