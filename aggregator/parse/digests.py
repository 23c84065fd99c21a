"""Digests of entries as they were written: one that has the same digest as before need not be read again."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import blake2b
from typing import Final

DIGEST_SIZE: Final = 9
"""Bytes: no two entries of a source share one by accident in 10^15 polls; on purpose only by their publisher."""


def digest(part: bytes) -> str:
    """A digest of some bytes: twelve letters, digits, `-` and `_`."""
    return urlsafe_b64encode(blake2b(part, digest_size=DIGEST_SIZE).digest()).decode()


def digest_value(found: object) -> str:
    """A digest of a value of JSON; "" of one that nests too deep to be written out."""
    try:
        return digest(repr(found).encode("utf-8", "replace"))
    except RecursionError:  # lists within lists a thousand times over
        return ""
