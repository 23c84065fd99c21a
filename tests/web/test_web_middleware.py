"""The middleware around the application, where the pages' own tests do not reach."""

from __future__ import annotations

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.routing import Route

from aggregator.web import Server, Traffic, create_app
from aggregator.web.documents import Documents
from aggregator.web.middleware import Guard
from aggregator.web.repeats import Repeats
from aggregator.web.stored_changes import Changes
from tests.support.client import http_client
from tests.support.shelf import Shelf, catalogue, context


async def test_an_answer_that_breaks_off_is_seen_to_break_off():
    async def chunks():
        yield b"beginning"
        raise RuntimeError("the rest is lost")

    async def broken(_: object) -> StreamingResponse:
        return StreamingResponse(chunks(), headers={"Content-Length": "1000"})

    shelf = Shelf()
    repeats = Repeats(Documents(shelf, Changes(shelf)), catalogue, Traffic())
    guard = Middleware(Guard, error=PlainTextResponse, repeats=repeats)
    app = Starlette(routes=[Route("/", broken)], middleware=[guard])
    server = Server(app, host="127.0.0.1", port=0)
    port = await server.start()
    async with http_client() as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get(f"http://127.0.0.1:{port}/")
    await server.stop()


async def test_the_application_can_be_run_by_a_server_that_uses_the_lifespan_protocol():
    sent: list[str] = []
    asked = iter(["lifespan.startup", "lifespan.shutdown"])

    async def receive() -> dict[str, str]:
        return {"type": next(asked)}

    async def send(message: dict[str, str]) -> None:
        sent.append(message["type"])

    await create_app(context(Shelf(), catalogue()))({"type": "lifespan", "state": {}}, receive, send)
    assert sent == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
