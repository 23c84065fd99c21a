"""What we raise, drawn as a tree.

    AggregatorError
    ├── ConfigurationError      a file that people write holds mistakes; all of them at once
    ├── UnknownNameError        a source, publication or item that nobody declared
    ├── EditError               feeds.yaml could not be edited as asked
    ├── StoreError              the database cannot be used
    │   ├── SchemaTooNewError   it was written by a newer version of this program
    │   └── JobLostError        another process does by now what this one was doing
    └── RenderError             an entry or a document could not be written

Trouble that is expected (a server that does not answer, a feed that is not one) is no exception: it is a
`FetchResult`, a value that the pipeline stores and `aggregator status` shows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


class AggregatorError(Exception):
    """The base of all errors raised on purpose; its text names the place and the remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One mistake in a file that people write.

    Attributes:
        file: The file's name as the user gave it.
        line: The line, counted from 1; None when the mistake has no line (an environment variable).
        path: Where in the document, e.g. `sources.hynek.every`; empty for the document itself.
        message: What is wrong and what would be right, without the place.
        place: The path step by step, for who looks the place up in the file again.
        at_key: Whether it is the last step's key that is wrong, and not what stands under it.
        column: Where in the line, counted from 1; None where the place tells, or nothing does.
    """

    file: str
    line: int | None
    path: str
    message: str
    place: tuple[str | int, ...] = field(default=(), compare=False, repr=False)
    at_key: bool = field(default=False, compare=False, repr=False)
    column: int | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.path}: {self.message}" if self.path else f"{place}: {self.message}"


class Notice(Mistake):
    """What is no mistake, but what whoever wrote the file may want to know; its message names the place."""

    def __str__(self) -> str:
        return f"{self.file}: {self.message}" if self.line is None else f"{self.file}:{self.line}: {self.message}"


class ConfigurationError(AggregatorError):
    """A file that people write holds mistakes.

    Attributes:
        mistakes: All of them, in the order of their lines.
        notices: What else was noticed in it.
        contents: The files' bytes, by the names of the files, where they could be read.
    """

    def __init__(
        self,
        mistakes: tuple[Mistake, ...],
        notices: tuple[Notice, ...] = (),
        contents: Mapping[str, bytes] | None = None,
    ) -> None:
        self.mistakes = mistakes
        self.notices = notices
        self.contents = contents or {}
        super().__init__("\n".join(str(mistake) for mistake in mistakes))


def merge(errors: Iterable[ConfigurationError]) -> ConfigurationError:
    """What is wrong with several files, as one error."""
    every = tuple(errors)
    return ConfigurationError(
        tuple(mistake for error in every for mistake in error.mistakes),
        tuple(notice for error in every for notice in error.notices),
        {file: content for error in every for file, content in error.contents.items()},
    )


class UnknownNameError(AggregatorError):
    """A source, publication or item that nobody declared."""


class EditError(AggregatorError):
    """feeds.yaml could not be edited as asked."""


class StoreError(AggregatorError):
    """The database cannot be used."""


class SchemaTooNewError(StoreError):
    """The database was written by a newer version of this program."""


class JobLostError(StoreError):
    """Another process does by now what this one was doing; nothing was written."""


class RenderError(AggregatorError):
    """An entry or a document could not be written."""
