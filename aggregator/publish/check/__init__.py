"""Our own conformance checks: every document passes them before it is handed out.

Written from the specifications and independent of the code that writes the documents, so that neither can hide
the other's mistakes. One module per format; each takes bytes and returns faults, whole sentences for people.
"""

from collections.abc import Callable, Mapping

from aggregator.model import Document, Format
from aggregator.publish.check.atom import atom_faults
from aggregator.publish.check.jsonfeed import json_faults
from aggregator.publish.check.rss import rss_faults

_CHECKS: Mapping[Format, Callable[[bytes], tuple[str, ...]]] = {
    "atom": atom_faults,
    "rss": rss_faults,
    "json": json_faults,
}


def faults(document: Document) -> tuple[str, ...]:
    """What a strict validator would fault in the document, in its order; empty when all is well."""
    return faults_of(document.format, document.body)


def faults_of(form: Format, body: bytes) -> tuple[str, ...]:
    """The same for a body in a format."""
    return _CHECKS[form](body)


__all__ = ["faults", "faults_of"]
