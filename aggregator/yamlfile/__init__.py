"""YAML that people type: read with the line of every value, checked against a model, faulted in plain words.

    read_file, read    bytes -> YamlDocument: plain data, `${NAME}` expanded, the line of every value
    check              YamlDocument -> pydantic model, its errors collected in a Report with file:line
    Report             gathers mistakes, and raises them all at once

The rules for what a file may hold are the caller's (`catalogue`, `settings`); this package knows none of them.
"""

from aggregator.yamlfile.check import check
from aggregator.yamlfile.document import Place, YamlDocument
from aggregator.yamlfile.read import compose, read, read_file
from aggregator.yamlfile.report import Report
from aggregator.yamlfile.variables import Expanded, escape
from aggregator.yamlfile.words import nearest, quoted, unknown

__all__ = [
    "Expanded",
    "Place",
    "Report",
    "YamlDocument",
    "check",
    "compose",
    "escape",
    "nearest",
    "quoted",
    "read",
    "read_file",
    "unknown",
]
