"""YAML that people type: read with the line of every value, checked against a model, faulted in plain words.

    read_file, read    bytes -> YamlDocument: plain data, `${NAME}` expanded, the line of every value
    load_content       the bytes of a file, or why there are none
    check              YamlDocument -> pydantic model, its errors collected in a Report with file:line
    Report             gathers mistakes and notices, and raises the mistakes all at once
    find_excerpts      the line of each mistake, with the faulty part marked

Below them: `yaml_document`, `plain_yaml` (what most YAML is, soon read), `nodes` (YAML's nodes to plain data),
`variables` (`${NAME}`), `excerpts` (the line of a mistake, looked up again), `types` (durations, sizes and other
values that are typed), `syntax` and `wording` (what is wrong, in words that tell what to do).

The rules for what a file may hold are the caller's (`catalogue`, `settings`); this package knows none of them.
"""

from aggregator.yamlfile.check import Report, check
from aggregator.yamlfile.excerpts import Excerpt, find_excerpts
from aggregator.yamlfile.read import compose, load_content, read, read_file
from aggregator.yamlfile.variables import Expanded, escape
from aggregator.yamlfile.wording import nearest_name, quote, sketch, unknown_name
from aggregator.yamlfile.yaml_document import Place, YamlDocument

__all__ = [
    "Excerpt",
    "Expanded",
    "Place",
    "Report",
    "YamlDocument",
    "check",
    "compose",
    "escape",
    "find_excerpts",
    "load_content",
    "nearest_name",
    "quote",
    "read",
    "read_file",
    "sketch",
    "unknown_name",
]
