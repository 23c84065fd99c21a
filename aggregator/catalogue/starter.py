"""A first feeds.yaml, with settings and an example feed, for an empty folder."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from aggregator.errors import EditError

FILES = {
    "feeds.yaml": "feeds.yaml",
    "config/settings.yaml": "settings.yaml",
    "config/feeds.schema.json": "",
    "examples/welcome.xml": "welcome.xml",
}
"""What is written where, and the text it is made from; the schema is made from the models."""


def init(folder: Path) -> tuple[Path, ...]:
    """Write the files into the folder, which is made if it does not exist; returns their paths.

    Raises:
        EditError: One of them exists; then none is written. Or the folder cannot be written.
    """
    present = [str(folder / name) for name in FILES if (folder / name).exists()]
    if present:
        raise EditError(
            f"nothing was written, because there is already: {', '.join(present)}; name another folder"
        )
    texts = resources.files(__package__) / "starter"
    try:
        return tuple(_write(folder / name, _text(texts, source)) for name, source in FILES.items())
    except OSError as error:
        raise EditError(f"{error.filename or folder} cannot be written ({error.strerror})") from None


def example() -> str:
    """The feeds.yaml that is written."""
    return _text(resources.files(__package__) / "starter", "feeds.yaml")


def _text(texts: Traversable, name: str) -> str:
    from aggregator.catalogue.feeds_schema import schema_text

    return (texts / name).read_text(encoding="utf-8") if name else schema_text()


def _write(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)
    return path
