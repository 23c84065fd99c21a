"""The output formats: for each name in `model.Format` the module of that name, with its `SPEC`.

A new format is such a module, and its name in `Format`. Today: Atom 1.0 (RFC 4287), RSS 2.0, JSON Feed 1.1.
"""

from importlib import import_module

from aggregator.model import Format
from aggregator.publish.format_spec import FormatSpec


def spec_of(name: Format) -> FormatSpec:
    """The format of that name."""
    spec: FormatSpec = import_module(f"{__name__}.{name}").SPEC
    return spec


__all__ = ["spec_of"]
