"""feeds.yaml as the store keeps it: it is read where its variables need not be set."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from aggregator.catalogue.load import load_text
from aggregator.errors import ConfigurationError
from aggregator.model import Catalogue, CatalogueStanding, Publication, Source

_NOT_SET = "-is-not-set-in-the-environment"


def recall(content: bytes, path: Path, environ: Mapping[str, str], error: ConfigurationError) -> Catalogue:
    """What feeds.yaml said when it was last understood, as `load_kept` has it.

    In: its text of then; why its present text is not in force.

    Raises:
        ConfigurationError: The given one, where the text cannot be understood any more either.
    """
    try:
        found = load_kept(content, path, environ)
    except ConfigurationError:
        raise error from None
    return replace(found, mistakes=error.mistakes)


def load_kept(content: bytes, path: Path, environ: Mapping[str, str]) -> Catalogue:
    """What a text says that was understood before, with `${NAME}` unexpanded, or by another machine.

    A variable that is not set here costs only what needs it: its sources are not polled by this process,
    publications under its token stay closed.

    Raises:
        ConfigurationError: With all mistakes.
    """
    found = load_text(content, path, _LenientEnviron(environ))
    unset = frozenset(source.id for source in found.sources if source.enabled and _lacks(source))
    return replace(
        found,
        sources=tuple(replace(one, enabled=False) if one.id in unset else one for one in found.sources),
        publications=tuple(map(_close_to_all, found.publications)),
        standing=CatalogueStanding(unset=unset),
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


def _lacks(source: Source) -> bool:
    sent = (source.location, *(value for _, value in source.headers))
    return any(_NOT_SET in text for text in sent)


def _close_to_all(publication: Publication) -> Publication:
    """Nobody may guess the token that stands for one that is not set."""
    tokens = tuple(secrets.token_urlsafe(24) if _NOT_SET in one else one for one in publication.tokens)
    return replace(publication, tokens=tokens)
