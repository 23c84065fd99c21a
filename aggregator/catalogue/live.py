"""feeds.yaml while it is in use: edits are taken over, mistakes never take down what is published."""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import structlog

from aggregator.catalogue.load import load, load_text
from aggregator.errors import ConfigurationError
from aggregator.model import Catalogue, Publication, Source

_LOOK_AGAIN = 2.0
"""Seconds between two looks at whether feeds.yaml has changed."""

_NOT_SET = "-is-not-set-in-the-environment"


class LiveCatalogue:
    """feeds.yaml as it is now: an edit is taken over within seconds, without a restart.

    A file with mistakes is reported once and changes nothing but `Catalogue.mistakes`: what was understood last
    stays in force.

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
        self._stamp = self._read_stamp()
        self._current = _cap(current, longest)
        self._looked = time.monotonic()
        self._could_not_look = False

    def __call__(self) -> Catalogue:
        """The catalogue in force, read anew if the file has changed since it was last looked at."""
        if time.monotonic() - self._looked >= _LOOK_AGAIN:
            self._looked = time.monotonic()
            stamp = self._read_stamp()
            if stamp != self._stamp or self._could_not_look:
                self._stamp = stamp
                self._take_over()
        return self._current

    def _take_over(self) -> None:
        self._could_not_look = True  # until it is done: there may be no memory for it
        try:
            self._current = _cap(load(self._path, self._environ), self._longest)
        except ConfigurationError as error:
            # Of a disk that fails, or a process without descriptors, the file itself knows nothing.
            self._could_not_look = isinstance(error.__cause__, OSError)
            if error.mistakes != self._current.mistakes:
                self._current = replace(self._current, mistakes=error.mistakes)
                report(self._current)
        else:
            self._could_not_look = False
            log = structlog.get_logger("catalogue")
            log.info("taken over", file=str(self._path), sources=len(self._current.sources))

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
        found = load_text(content, path, _Patient(environ))
    except ConfigurationError:
        raise error from None
    return replace(
        found,
        sources=tuple(map(_without_unset, found.sources)),
        publications=tuple(map(_close_to_all, found.publications)),
        mistakes=error.mistakes,
    )


class _Patient(Mapping[str, str]):
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
