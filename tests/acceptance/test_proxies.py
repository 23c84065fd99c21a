"""The reverse proxies of config/deploy/, tried: real ones, with TLS, before real web processes."""

from __future__ import annotations

import subprocess
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from tests.support.commands import Commands
from tests.support.compose import example_variables, read_compose
from tests.support.installation import SETTINGS, Installation, free_port, item, rss
from tests.support.names import naming
from tests.support.proxies import DEPLOY, NAME, PROXIES, Proxy, before, program
from tests.support.waiting import PATIENCE, wait

pytestmark = pytest.mark.acceptance

TOKEN = "the-status-token-of-this-test"
READER = "a-reader-s-token-of-24-ch"
FEEDS = (
    f"site: {{link: 'https://{NAME}/'}}\nsources:\n  river: river.xml\npublish:\n  all: {{}}\n"
    f"  team: {{from: [river], private: '{READER}'}}\n"
)


@contextmanager
def proxied(kind: str, ours: Installation) -> Iterator[Proxy]:
    """The web process behind a proxy, both up, until the block ends."""
    with ours.running("-m", "aggregator", "web"):
        ours.wait_for("/healthz")
        with before(kind, ours, f"127.0.0.1:{ours.port}") as proxy:
            yield proxy


def installed(folder: Path, settings: str = "") -> Installation:
    """An installation with one item in its feeds."""
    ours = Commands.at(folder, FEEDS, SETTINGS + settings)
    (folder / "river.xml").write_text(rss(item(1, title="The bridge is open")))
    ours.command("poll", "--all")
    return ours


@pytest.mark.parametrize("kind", PROXIES)
def test_feeds_and_pages_pass_a_proxy_and_operator_pages_need_the_token(tmp_path: Path, kind: str):
    ours = installed(tmp_path, f"web: {{status_token: {TOKEN}}}\n")
    with proxied(kind, ours) as proxy:
        status, fields, body = proxy.get("/all.atom")
        assert (status, fields["content-type"]) == (200, "application/atom+xml; charset=utf-8")
        assert f"https://{NAME}/all.atom".encode() in body
        assert b"The bridge is open" in body
        again = proxy.get("/all.atom", **{"If-None-Match": fields["etag"]})
        assert (again[0], again[1]["etag"], again[2]) == (304, fields["etag"], b"")
        coded = proxy.get("/all.atom", **{"Accept-Encoding": "gzip"})[1]
        assert (coded["content-encoding"], coded["etag"][:2] != "W/") == ("gzip", True)
        assert b"The bridge is open" in proxy.get("/")[2]
        assert proxy.get(f"/{READER}/team.atom")[0] == 200
        assert proxy.get("/team.atom")[0] == 404
        for page in ("/status", "/status.atom", "/metrics"):
            refused = proxy.get(page)
            assert (refused[0], "Basic" in refused[1]["www-authenticate"]) == (401, True)
            assert proxy.get(page, Authorization="Bearer something-else-of-16")[0] == 401
            asked = b64encode(f"anybody:{TOKEN}".encode()).decode()
            assert proxy.get(page, Authorization=f"Basic {asked}")[0] == 200
        assert proxy.get("/all.atom", **{"X-Long": "x" * 40_000})[0] in {400, 431}
    assert READER not in "".join(path.read_text() for path in proxy.folder.glob("*.log"))


@pytest.mark.parametrize("kind", PROXIES)
def test_without_a_status_token_nobody_sees_operator_pages_through_a_proxy(tmp_path: Path, kind: str):
    ours = installed(tmp_path)
    with proxied(kind, ours) as proxy:
        for page in ("/status", "/status.atom", "/metrics"):
            assert proxy.get(page)[0] == 401
            assert proxy.get(page, Authorization="Bearer anything-at-all-of-16")[0] == 403
            assert ours.get(page)[0] == 200


def test_a_proxy_that_was_told_nothing_does_not_open_operator_pages_to_the_world(tmp_path: Path):
    ours = installed(tmp_path)
    with proxied("bare", ours) as proxy:
        assert b"The bridge is open" in proxy.get("/all.atom")[2]
        for page in ("/status", "/status.atom", "/metrics"):
            assert proxy.get(page)[0] == 403


def serving(ours: Installation, address: str, port: int) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A web process at an address of loopback."""
    return ours.running("-m", "aggregator", "web", "--host", address, "--port", str(port), status=None)


def ask(proxy: Proxy, times: int) -> set[int]:
    """The statuses of so many answers, asked for four at a time."""
    with ThreadPoolExecutor(4) as clients:
        return {one[0] for one in clients.map(proxy.get, ["/all.atom"] * times)}


def test_one_of_two_web_processes_is_killed_and_no_request_fails_and_caddy_waits_for_the_first_that_is_back(
    tmp_path: Path,
):
    ours = installed(tmp_path)
    port, addresses = free_port(), ["127.0.0.2", "127.0.0.3"]
    places = [f"{address}:{port}" for address in addresses]
    composed = read_compose("compose.yaml", example_variables())["services"]["proxy"]["environment"]
    with ExitStack() as life:
        processes = [life.enter_context(serving(ours, address, port)) for address in addresses]
        for place in places:
            wait(partial(is_alive, place))
        names = life.enter_context(naming(addresses))
        by_name = composed["WEBS"].replace("web 8000 {", f"web {port} {{\nresolvers udp/127.0.0.1:{names}")
        assert by_name != composed["WEBS"]
        caddy = life.enter_context(before("caddy", ours, WEBS=by_name))
        nginx = life.enter_context(before("nginx", ours, *places))
        assert len({one.get("/all.atom")[1]["etag"] for one in (caddy, nginx) for _ in range(4)}) == 1
        with ThreadPoolExecutor(2) as clients:
            asked = [clients.submit(ask, one, 60) for one in (caddy, nginx)]
            processes[0].kill()
            assert [one.result() for one in asked] == [{200}, {200}]
            processes[1].kill()
            processes[1].wait()
            waiting = clients.submit(ask, caddy, 4)
            life.enter_context(serving(ours, addresses[0], port))
            assert waiting.result() == {200}


def test_caddy_needs_no_variables_for_one_web_process_on_its_own_machine():
    given = ["adapt", "--adapter", "caddyfile", "--config", str(DEPLOY / "Caddyfile")]
    adapted = subprocess.run(
        [program("caddy", "caddy"), *given], env={}, capture_output=True, text=True, check=True
    )
    assert '"upstreams":[{"dial":"127.0.0.1:8000"}]' in adapted.stdout
    assert f'"host":["{NAME}"]' in adapted.stdout


def is_alive(place: str) -> bool:
    try:
        with urllib.request.urlopen(f"http://{place}/healthz", timeout=PATIENCE) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
