from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.fetch.transport import tls_context
from aggregator.model import Failed, Fetched
from tests.support.fetching import FEED, TableResolver, once
from tests.support.loopback import answer, moved, serving

NAMES = TableResolver(
    {"river.example": ["127.0.0.1"], "river.example.": ["127.0.0.1"], "other.example": ["127.0.0.1"]}
)
Certificate = Callable[..., tuple[ssl.SSLContext, str]]


CONFIG = """
[ca]
default_ca = own
[own]
database = {folder}/{name}.index
new_certs_dir = {folder}
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
"""


@pytest.fixture(scope="session")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    """Makes a certificate for river.example: a server's context, and the file that vouches for it."""
    folder = tmp_path_factory.mktemp("tls")

    def make(name: str, *, years: tuple[int, int] = (2020, 2048)) -> tuple[ssl.SSLContext, str]:
        key, pem = folder / f"{name}.key", folder / f"{name}.pem"
        if not pem.exists():
            _issue(folder, name, years)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(pem, key)
        return context, str(pem)

    return make


def _issue(folder: Path, name: str, years: tuple[int, int]) -> None:
    (folder / f"{name}.index").touch()
    (folder / f"{name}.cnf").write_text(CONFIG.format(folder=folder, name=name))
    wish = "req -new -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=river.example"
    wish += f" -addext subjectAltName=DNS:river.example -keyout {name}.key -out {name}.csr"
    first, last = (f"{year}0101000000Z" for year in years)
    grant = f"ca -batch -notext -selfsign -config {name}.cnf -keyfile {name}.key -in {name}.csr -out {name}.pem"
    for command in (wish, f"{grant} -startdate {first} -enddate {last}"):
        subprocess.run(["openssl", *command.split()], cwd=folder, check=True, capture_output=True)


@pytest.mark.parametrize("host", ["river.example", "river.example.", "RIVER.example"])
async def test_the_name_is_verified_though_the_address_is_dialled(certificate: Certificate, host: str):
    context, authority = certificate("good")
    async with serving({"/": answer(200, FEED)}, tls=context) as server:
        found = await once(server.url("/", host), names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Fetched)


async def test_the_server_is_told_the_name_and_not_the_address(certificate: Certificate):
    context, authority = certificate("good")
    told: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: told.append(name)
    async with serving({"/": answer(200, FEED)}, tls=context) as server:
        await once(server.url("/", "river.example"), names=NAMES, tls=tls_context(authority))
        assert told == ["river.example"]


@pytest.mark.parametrize(("host", "words"), [("other.example", "ostname mismatch"), ("127.0.0.1", "mismatch")])
async def test_a_certificate_for_another_name_is_refused(certificate: Certificate, host: str, words: str):
    context, authority = certificate("good")
    async with serving({"/": answer(200, FEED)}, tls=context) as server:
        found = await once(server.url("/", host), names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Failed)
        assert found.trouble == "tls"
        assert words in found.message
        assert server.asked == []


async def test_a_certificate_that_nobody_vouches_for_is_refused(certificate: Certificate):
    context, _ = certificate("good")
    async with serving(tls=context) as server:
        found = await once(server.url("/", "river.example"), names=NAMES)
        assert isinstance(found, Failed)
        assert (found.trouble, "self" in found.message) == ("tls", True)


async def test_an_expired_certificate_is_refused_and_called_so(certificate: Certificate):
    context, authority = certificate("old", years=(2019, 2020))
    async with serving(tls=context) as server:
        found = await once(server.url("/", "river.example"), names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Failed)
        assert "expired" in found.message


@pytest.mark.parametrize("reply", [answer(400), b""])
async def test_a_server_without_tls_is_told_apart(reply: bytes):
    async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(reply)
        writer.close()

    server = await asyncio.start_server(plain, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await once(f"https://127.0.0.1:{port}/")
        assert isinstance(found, Failed)
        assert found.trouble == "tls"


async def test_a_handshake_that_stalls_ends_at_the_deadline():
    async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await asyncio.sleep(60)
        finally:
            writer.close()

    server = await asyncio.start_server(silence, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        found = await once(f"https://127.0.0.1:{port}/", timeout=timedelta(seconds=0.2))
        assert isinstance(found, Failed)
        assert found.trouble == "timeout"


async def test_a_redirect_from_https_to_http_is_not_followed(certificate: Certificate):
    context, authority = certificate("good")
    async with (
        serving(host="127.0.0.2") as canary,
        serving({"/": moved(301, canary.url("/"))}, tls=context) as server,
    ):
        found = await once(server.url("/", "river.example"), names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Failed)
        assert found.trouble == "redirect"
        assert canary.connections == 0


async def test_a_body_cut_off_without_a_length_is_read_to_its_end_over_tls(certificate: Certificate):
    context, authority = certificate("good")
    async with serving({"/": b"HTTP/1.1 200 OK\r\n\r\n" + FEED}, tls=context) as server:
        found = await once(server.url("/", "river.example"), names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Fetched)
        assert found.body == FEED


async def _shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, context: ssl.SSLContext
) -> None:
    """The server's side, in memory, so that what follows can be written beside it."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_side=True)
    done = False
    while not done:
        try:
            tls.do_handshake()
            done = True
        except ssl.SSLWantReadError:
            incoming.write(await reader.read(65_536) if not outgoing.pending else b"")
        writer.write(outgoing.read())


async def test_what_is_no_tls_after_the_handshake_is_the_servers_trouble_and_no_fault_of_ours(
    certificate: Certificate,
):
    context, authority = certificate("good")

    async def garble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _shake_hands(reader, writer, context)
        writer.write(b"\x17\x03\x03\x00\x20" + b"?" * 32)
        writer.close()

    server = await asyncio.start_server(garble, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        url = f"https://river.example:{port}/"
        found = await once(url, names=NAMES, tls=tls_context(authority))
        assert isinstance(found, Failed)
        assert found.trouble == "connect"


async def test_a_long_body_comes_whole_over_tls_and_without_it_however_it_is_cut_up(certificate: Certificate):
    context, authority = certificate("good")
    body = FEED + b"<!--" + bytes(range(32, 45)) * 40_000 + b"-->"
    for tls in (context, None):
        async with serving({"/": answer(200, body)}, tls=tls) as server:
            found = await once(server.url("/", "river.example"), names=NAMES, tls=tls_context(authority))
            assert isinstance(found, Fetched)
            assert found.body == body
