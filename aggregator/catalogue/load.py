"""feeds.yaml -> Catalogue, or every mistake with its line."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from aggregator.catalogue.build import build
from aggregator.catalogue.spec import FeedsSpec
from aggregator.model import Catalogue
from aggregator.yamlfile import Report, YamlDocument, check, read, read_file


def load(path: Path, environ: Mapping[str, str]) -> Catalogue:
    """Read feeds.yaml from the disk: the whole of it as it was meant, or every mistake at once.

    Args:
        path: The file; sources that are files are looked for beside it.
        environ: Where `${NAME}` is looked up.

    Raises:
        ConfigurationError: With all mistakes, in the order of their lines.
    """
    with _without_collecting():
        return understand(read_file(path, environ), path.parent)


def load_text(content: bytes, path: Path, environ: Mapping[str, str]) -> Catalogue:
    """Read feeds.yaml as `load` does, from content that is not, or not yet, in the file `path`."""
    with _without_collecting():
        return understand(read(content, str(path), environ), path.parent)


def load_draft(content: bytes, file: str, path: Path, environ: Mapping[str, str]) -> Catalogue:
    """Read `content` as if it stood in the place of `path`; mistakes name the `file` that it is from."""
    with _without_collecting():
        return understand(read(content, file, environ), path.parent)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Look for no garbage: a large file makes a million objects, which all stay; a third of the time was that."""
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()


def understand(document: YamlDocument, folder: Path) -> Catalogue:
    """Check what a YAML document says, and fill in the defaults; `folder` is where sources that are files lie."""
    report = Report(document)
    spec = check(FeedsSpec, document, report)
    catalogue = build(spec, document, folder, report)
    report.raise_if_any()
    return catalogue
