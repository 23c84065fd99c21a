"""Gathers mistakes so that people hear of all of them at once."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.errors import ConfigurationError, Mistake
from aggregator.yamlfile.yaml_document import Place, YamlDocument


class Report:
    """The mistakes of one document, beginning with those that reading it found."""

    def __init__(self, document: YamlDocument) -> None:
        self._document = document
        self._mistakes: list[Mistake] = list(document.mistakes)
        self._faulty: set[Place] = set(document.unreadable)

    def add(self, place: Sequence[str | int], message: str) -> None:
        """Note a mistake; nothing more is said of a value that could not even be read."""
        found = self._document.locate(place)
        mistake = self._document.mistake(found, message)
        if found not in self._document.unreadable and mistake not in self._mistakes:
            self._mistakes.append(mistake)
            self._faulty.add(found)

    def add_foreign(self, mistake: Mistake) -> None:
        """Note a mistake that is not in the document."""
        self._mistakes.append(mistake)

    def has(self, place: Place) -> bool:
        """Whether the value at the place is known to be wrong."""
        return place in self._faulty

    def raise_if_any(self) -> None:
        """Raise ConfigurationError with all mistakes by line; those without a line come last."""
        if self._mistakes:
            ordered = sorted(self._mistakes, key=lambda found: (found.line is None, found.line or 0))
            raise ConfigurationError(tuple(ordered))
