"""Several web processes on one PostgreSQL database: the same bytes from memory, followed as they change."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, ExitStack
from typing import Any

import httpx
import pytest
from psycopg import AsyncConnection, sql
from sqlalchemy import make_url
from structlog.testing import capture_logs

from aggregator.errors import SchemaTooNewError, StoreError
from aggregator.store.postgresql import PostgresStore, listening
from aggregator.web import Server, create_app
from aggregator.web import stored_changes as looking
from tests.support import postgresql
from tests.support.client import http_client
from tests.support.nouns import NOON
from tests.support.postgresql import tables  # noqa: F401 # a fixture
from tests.support.shelf import catalogue, context, document
from tests.support.waiting import PATIENCE, until

HOUR = 3600.0


class House:
    """A worker and two webs, each with connections of its own to one database."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.worker, *self.stores = (PostgresStore(url) for _ in range(3))
        self.clients: list[httpx.AsyncClient] = []

    async def start(self, life: AsyncExitStack) -> None:
        for store in (self.worker, *self.stores):
            await store.open()
            life.push_async_callback(store.close)
        await self.worker.find_outdated({"all": "d"}, NOON)
        await self.publish(b"<feed>first</feed>")
        for store in self.stores:
            server = Server(create_app(context(store, catalogue())), host="127.0.0.1", port=0)  # type: ignore[arg-type] # all of it
            port = await server.start()
            life.push_async_callback(server.stop)
            headers = {"Accept-Encoding": "identity"}
            client = http_client(base_url=f"http://127.0.0.1:{port}", headers=headers)
            self.clients.append(await life.enter_async_context(client))
        assert await self.get() == [b"<feed>first</feed>"] * 2
        await self.until_all_listen()

    async def until_all_listen(self) -> None:
        """Wait until the server has both webs among those who are to be told."""
        asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s AND query = %s"
        name = make_url(self.url).database
        async with await administer() as connection, asyncio.timeout(PATIENCE):
            while True:
                found = await connection.execute(asked, [name, f"LISTEN {listening.CHANNEL}"])
                if await found.fetchone() == (len(self.stores),):
                    return
                await asyncio.sleep(0.02)

    async def publish(self, body: bytes) -> bool:
        made = [document("all", name, body) for name in ("atom", "json")]  # type: ignore[arg-type] # two formats
        return await self.worker.save(made, publication_id="all", digest="d", generation=1)

    async def get(self) -> list[bytes]:
        """What each of the webs answers; with the same validator."""
        answers = [await client.get("/all.atom") for client in self.clients]
        assert {one.status_code for one in answers} == {200}
        if len({one.content for one in answers}) == 1:
            assert len({one.headers["ETag"] for one in answers}) == 1
        return [one.content for one in answers]

    async def wait_for(self, body: bytes) -> None:
        """Wait until both serve it."""
        async with asyncio.timeout(PATIENCE):
            while await self.get() != [body] * 2:  # noqa: ASYNC110 # what is asked sets no event
                await asyncio.sleep(0.02)


@pytest.fixture
def behind() -> float:
    """Seconds after which a web looks of itself: what is seen sooner was told."""
    return HOUR


@pytest.fixture
async def house(
    tables: tuple[str, Any],  # noqa: F811 # the fixture
    behind: float,
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[House]:
    monkeypatch.setattr(looking, "BEHIND", behind)
    postgresql.empty_tables(tables[1])
    async with AsyncExitStack() as life:
        made = House(tables[0])
        await made.start(life)
        yield made


async def test_what_a_worker_publishes_is_served_by_all_webs_as_they_are_told_and_not_by_their_next_look(
    house: House,
):
    for number in range(3):
        await house.publish(b"<feed>%d</feed>" % number)
        await house.wait_for(b"<feed>%d</feed>" % number)


async def test_no_request_for_a_document_in_memory_asks_the_database(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    asked: list[object] = []

    async def refuse(*given: object) -> None:
        asked.append(given)
        raise StoreError("asked")

    await house.get()
    for store in house.stores:
        monkeypatch.setattr(store, "_read", refuse)
    for _ in range(20):
        assert await house.get() == [b"<feed>first</feed>"] * 2
    assert len(asked) <= len(house.stores), "the look that had begun"


@pytest.mark.parametrize("behind", [0.05])
async def test_where_nothing_is_told_a_look_now_and_then_finds_what_is_new(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(listening, "_NOTIFY", listening.text("SELECT :channel"))
    await house.publish(b"<feed>unheard</feed>")
    await house.wait_for(b"<feed>unheard</feed>")


@pytest.fixture
def own_database() -> Iterator[str]:
    """One that may be closed."""
    with ExitStack() as life:
        url = postgresql.make_database()
        life.callback(postgresql.drop_database, url)
        postgresql.make_tables(url).dispose()
        yield url


async def test_while_the_database_is_away_webs_serve_on_and_when_it_is_back_they_follow(
    own_database: str, monkeypatch: pytest.MonkeyPatch
):
    def warned() -> list[str]:
        return [line["event"] for line in lines if line["log_level"] == "warning" and "memory" in line["event"]]

    monkeypatch.setattr(looking, "BEHIND", 0.05)
    monkeypatch.setattr(listening, "_AGAIN", 0.05)
    async with AsyncExitStack() as life:
        house = House(own_database)
        await house.start(life)
        with capture_logs() as lines:
            await close(own_database)
            with pytest.raises(StoreError):
                await house.worker.ping()
            await until(lambda: len(warned()) == len(house.stores))
            for _ in range(20):  # while they look again and again, and do not say so again
                assert await house.get() == [b"<feed>first</feed>"] * 2
                await asyncio.sleep(0.02)
            ready = await house.clients[0].get("/readyz")
            assert (ready.status_code, ready.text.splitlines()[0]) == (200, "ready")
            assert "what was published before is served" in ready.text
            await close(own_database, again=True)
        assert warned() == ["the database does not answer: what is in memory is served"] * 2
        monkeypatch.setattr(looking, "BEHIND", HOUR)
        await house.until_all_listen()
        for body in (b"<feed>after</feed>", b"<feed>heard</feed>", b"<feed>heard again</feed>"):
            await house.publish(body)  # the last when nobody can still be about to look of himself
            await house.wait_for(body)


async def test_who_finds_the_tables_of_a_later_version_is_ready_while_it_can_read_what_that_publishes(
    house: House, monkeypatch: pytest.MonkeyPatch
):
    async def refuse(*_: object) -> None:
        raise SchemaTooNewError("written by a newer version")

    monkeypatch.setattr(house.stores[0], "ping", refuse)
    outdated, other = [await client.get("/readyz") for client in house.clients]
    assert [outdated.status_code, other.status_code] == [200, 200]
    assert ("later version" in outdated.text, "later version" in other.text) == (True, False)
    monkeypatch.setattr(house.stores[0], "document_etags", refuse)
    assert [(await client.get("/readyz")).status_code for client in house.clients] == [503, 200]


async def close(url: str, *, again: bool = False) -> None:
    """Let nobody into a database, and end all connections to it; or let them in `again`."""
    name = str(make_url(url).database)
    async with await administer() as connection:
        command = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
        await connection.execute(command.format(sql.Identifier(name), sql.SQL("true" if again else "false")))
        if not again:
            ended = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
            await connection.execute(ended, [name])


async def administer() -> AsyncConnection[Any]:
    url = make_url(postgresql.server()).set(drivername="postgresql").render_as_string(hide_password=False)
    return await AsyncConnection.connect(url, autocommit=True)


async def test_a_transaction_tells_once_and_only_of_documents_that_changed(house: House):
    url = make_url(house.url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(url, autocommit=True) as connection:
        await connection.execute(f"LISTEN {listening.CHANNEL}")
        assert await house.publish(b"<feed>two documents</feed>")
        assert not await house.publish(b"<feed>two documents</feed>")
        await house.worker.register({"river": NOON}, (), NOON)
        await house.worker.claim(["river"], NOON, NOON - NOON)
        await connection.execute(f"NOTIFY {listening.CHANNEL}, 'no more'")
        heard = [await anext(connection.notifies()) for _ in range(2)]
    assert [told.payload for told in heard] == ["", "no more"]
