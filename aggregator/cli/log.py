"""The log: one line per event on standard error, without secrets."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Iterator, MutableMapping
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from aggregator.text.redaction import Redactor


@contextmanager
def _hidden(module: str) -> Iterator[None]:
    """Have a module that nobody has loaded yet be missing to what is loaded meanwhile."""
    if module in sys.modules:
        yield
        return
    sys.modules[module] = None  # type: ignore[assignment] # which Python's import system knows the meaning of
    try:
        yield
    finally:
        del sys.modules[module]


with _hidden("rich"):  # structlog loads it for tracebacks, a tenth of a start, where it is there; ours are plain
    import structlog


def to_stderr(form: str, level: str, redactor: Callable[[], Redactor]) -> None:
    """Send the log to standard error: coloured for a terminal, JSON for a platform's collector.

    Standard output belongs to what a command is asked for. No line holds a secret that `redactor()` knows, whoever
    wrote it: not in an address, and not in the words of an exception.

    Args:
        form: `console`, `json`, or `auto`: whether it is a terminal decides.
        level: The least grave lines that are written.
        redactor: Asked for each line, since feeds.yaml may change while we run.
    """
    human = form == "console" or (form == "auto" and sys.stderr.isatty())

    def redact(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        return redactor().redact(event)

    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), sort_keys=False, exception_formatter=structlog.dev.plain_traceback
        )
        if human
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.UnicodeDecoder(),
            redact,
            *([_put_first] if human else []),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(cast("TextIO", _Dispensable(sys.stderr))),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Redacting(redactor))
    logging.basicConfig(handlers=[handler], level=logging.WARNING)


def _put_first(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """For people: whom it concerns and what is wrong before all else, and no counts of what there was none of."""
    first = {name: event[name] for name in ("source", "publication", "error", "reason") if name in event}
    rest = {name: value for name, value in event.items() if value is not None and (value != 0 or value is False)}
    return first | rest


class _Dispensable:
    """Where lines go that nobody has to get: on a full disk, to a terminal that is closed, they are dropped.

    The work that tells of itself goes on.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._stream.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._stream.flush()


class _Redacting(logging.Formatter):
    """Takes secrets out of the messages of libraries, which log past structlog."""

    def __init__(self, redactor: Callable[[], Redactor]) -> None:
        super().__init__(logging.BASIC_FORMAT)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor().text(super().format(record))
