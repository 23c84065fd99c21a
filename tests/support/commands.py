"""Commands run in this process: as an operator types them, without the second that a process takes to start."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from datetime import datetime
from types import TracebackType
from typing import Self
from unittest.mock import patch

import structlog

from aggregator import app, cli
from tests.support.inprocess import InProcess
from tests.support.installation import Installation


class Reader(InProcess):
    """What `Application.reader` gives, without its child processes."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Commands(Installation):
    """An installation whose commands run here, and what publishers send is read here too.

    For tests that are no coroutines: each command has an event loop of its own, as in life.
    """

    def command(self, *arguments: str, expect: int | None = 0) -> str:
        """See `Installation.command`."""
        out, errors = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2))
        with (
            self.inside(),
            patch("sys.argv", ["aggregator", *arguments]),
            contextlib.redirect_stdout(out),
            contextlib.redirect_stderr(errors),
        ):
            try:
                cli.run()
            except SystemExit as ended:
                status = ended.code
            else:
                status = 0
        output = "".join(stream.buffer.getvalue().decode() for stream in (out, errors))  # type: ignore[attr-defined]
        assert expect in {None, status}, f"{arguments}: {status}\n{output}"
        return output

    @contextlib.contextmanager
    def inside(self) -> Iterator[None]:
        """In its folder, with its environment; logging is set up as before when the block ends."""
        before = structlog.get_config() if structlog.is_configured() else None
        try:
            with (
                contextlib.chdir(self.folder),
                patch.dict(os.environ, self.environment, clear=True),
                patch.object(app.Application, "reader", lambda _: Reader()),
            ):
                yield
        finally:
            structlog.reset_defaults()
            if before is not None:
                structlog.configure(**before)


@contextlib.contextmanager
def showing(moment: datetime) -> Iterator[None]:
    """The machine's clock shows that moment."""
    with patch.object(app.SystemClock, "now", lambda _: moment):
        yield
