"""feeds.yaml while it is in use: edits are taken over, mistakes never take down what is published."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import structlog

from aggregator.catalogue.apart import Understood, understand_apart
from aggregator.catalogue.load import load_text
from aggregator.errors import ConfigurationError
from aggregator.model import Catalogue, Publication, Source
from aggregator.yamlfile import load_content

_LOOK_AGAIN = 2.0
"""Seconds between two looks at whether feeds.yaml has changed."""

_NOT_SET = "-is-not-set-in-the-environment"


class LiveCatalogue:
    """feeds.yaml as it is now: an edit is taken over within seconds, without a restart.

    Calling it gives the catalogue in force, and costs nothing; somebody must `follow` the file. One with mistakes
    is reported once and changes nothing but `Catalogue.mistakes`: what was understood last stays in force.

    Args:
        path: The file.
        current: What it says, or said when it was last understood.
        environ: Where `${NAME}` is looked up.
        longest: The greatest `limit` that a publication may have.
    """

    def __init__(self, path: Path, current: Catalogue, environ: Mapping[str, str], longest: int) -> None:
        self._path = path
        self._environ = environ
        self._longest = longest
        self._current = _cap(current, longest)
        self._stamp = self._read_stamp()
        # It may have been edited since it was read, or is not in force as it stands.
        self._is_passing = self._stamp is not None and self._read_bytes() != current.text

    def __call__(self) -> Catalogue:
        """The catalogue in force."""
        return self._current

    async def follow(self) -> None:
        """Take over edits until cancelled; whatever goes wrong with one is told, and the next is waited for."""
        while True:
            await asyncio.sleep(_LOOK_AGAIN)
            try:
                await self.look()
            except Exception:  # noqa: BLE001 # the boundary: the next edit must be seen
                structlog.get_logger("catalogue").exception("fault")

    async def look(self) -> None:
        """Take over the file if it has changed since it was last looked at. The event loop waits for nothing."""
        stamp = await asyncio.to_thread(self._read_stamp)
        if stamp == self._stamp and not self._is_passing:
            return
        found = await self._understand()
        self._stamp, self._is_passing = stamp, found.passing
        log = structlog.get_logger("catalogue")
        if found.trace:
            log.error("fault", exception=found.trace)
        if found.catalogue is not None:
            self._current = _cap(found.catalogue, self._longest)
            log.info("taken over", file=str(self._path), sources=len(self._current.sources))
        elif found.mistakes != self._current.mistakes:
            self._current = replace(self._current, mistakes=found.mistakes)
            report(self._current)

    async def _understand(self) -> Understood:
        try:
            content = await asyncio.to_thread(load_content, self._path)
        except ConfigurationError as error:
            return Understood(mistakes=error.mistakes, passing=isinstance(error.__cause__, OSError))
        return await understand_apart(self._path, content, self._environ)

    def _read_bytes(self) -> bytes | None:
        try:
            return load_content(self._path)
        except ConfigurationError:
            return None

    def _read_stamp(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_mtime_ns, status.st_size, status.st_ino


def report(current: Catalogue) -> None:
    """A line of the log for a file that is not in force."""
    mistakes = "\n".join(str(one) for one in current.mistakes)
    structlog.get_logger("catalogue").error("mistakes", kept="what was understood before", mistakes=mistakes)


def recall(content: bytes, path: Path, environ: Mapping[str, str], error: ConfigurationError) -> Catalogue:
    """What feeds.yaml said when it was last understood.

    In: its text of then, with `${NAME}` unexpanded; why its present text is not in force. A variable that is not
    set any more costs only what needs it: its sources are not polled, publications under its token stay closed.

    Raises:
        ConfigurationError: The given one, where the text cannot be understood any more either.
    """
    try:
        found = load_text(content, path, _LenientEnviron(environ))
    except ConfigurationError:
        raise error from None
    return replace(
        found,
        sources=tuple(map(_without_unset, found.sources)),
        publications=tuple(map(_close_to_all, found.publications)),
        mistakes=error.mistakes,
    )


class _LenientEnviron(Mapping[str, str]):
    """An environment in which every variable is set: those that are not, to a text that says so."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def __getitem__(self, name: str) -> str:
        return self._environ.get(name, f"{name}{_NOT_SET}")

    def __contains__(self, name: object) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self._environ)

    def __len__(self) -> int:
        return len(self._environ)


def _without_unset(source: Source) -> Source:
    sent = (source.location, *(value for _, value in source.headers))
    return replace(source, enabled=False) if any(_NOT_SET in text for text in sent) else source


def _close_to_all(publication: Publication) -> Publication:
    """Nobody may guess the token that stands for one that is not set."""
    tokens = tuple(secrets.token_urlsafe(24) if _NOT_SET in one else one for one in publication.tokens)
    return replace(publication, tokens=tokens)


def _cap(found: Catalogue, most: int) -> Catalogue:
    """No publication is longer than the installation allows; one that wants to be is named in a notice."""
    longer = [publication for publication in found.publications if publication.limit > most]
    notices = tuple(
        f"publish.{publication.id}.limit: {publication.limit} is cut to {most}, the settings' publish.max_entries"
        for publication in longer
    )
    publications = tuple(
        replace(publication, limit=min(publication.limit, most)) for publication in found.publications
    )
    return replace(found, publications=publications, notices=found.notices + notices)
