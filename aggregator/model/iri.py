"""Tells whether an id is an absolute IRI (RFC 3987), as far as published documents need to know."""

from __future__ import annotations

import re

# What no IRI holds (RFC 3987, section 2.2), and what no XML document can carry (XML 1.0, section 2.2).
_FORBIDDEN = '\\s<>"{}|\\\\^`\\x00-\\x20\\x7f-\\x9f\\ud800-\\udfff\\ufdd0-\\ufdef\\ufffe\\uffff'
_ABSOLUTE = re.compile(f"[a-zA-Z][a-zA-Z0-9+.-]*:[^{_FORBIDDEN}]+")


def is_absolute_iri(name: str) -> bool:
    """Whether the name can be an atom:id as it stands (RFC 4287, section 4.2.6)."""
    return _ABSOLUTE.fullmatch(name) is not None
