"""A signature as bytes, for the store, and back."""

from __future__ import annotations

import struct
from typing import Final, get_args

from aggregator.model import Signature, Trait

VERSION: Final = 1
"""Of all rules under which signatures are made. Raise it with a change after which old and new ones cannot be
compared, and make stored ones anew. More keys and traits are no such change: what was stored without them is found
as before."""

FAILED: Final = 0
"""The version of a signature that a fault of ours kept from being made: comparable with none, and made anew."""

_HEAD: Final = struct.Struct("<BBIIQQQ")
_SIZE: Final = struct.Struct("<H")
_TRAITS: Final[tuple[Trait, ...]] = get_args(Trait)
_PARTS: Final = 11


def encode(signature: Signature) -> bytes:
    """A signature as bytes, the same for the same signature; about 5 bytes a word, 4 KB for the longest text."""
    traits = sum(1 << place for place, trait in enumerate(_TRAITS) if trait in signature.traits)
    head = _HEAD.pack(
        signature.version,
        traits,
        signature.length,
        signature.ceiling,
        signature.text,
        signature.title_key,
        signature.url,
    )
    parts = (
        signature.language.encode(),
        signature.script.encode(),
        signature.credit.encode("utf-8", "replace"),
        signature.shingles,
        signature.opening,
        signature.numbers,
        signature.figures,
        signature.names,
        signature.title,
        signature.title_numbers,
        signature.media,
    )
    keys = struct.pack(f"<{len(signature.keys)}Q", *signature.keys)
    return b"".join([head, *(_SIZE.pack(len(part)) + part for part in parts), keys])


def decode(value: bytes) -> Signature | None:
    """The opposite of `encode`; None for bytes of another version of the rules and for broken ones."""
    if not value or value[0] != VERSION:
        return None
    try:
        return _decode_parts(value)
    except (struct.error, UnicodeDecodeError):
        return None


def _decode_parts(value: bytes) -> Signature:
    version, traits, length, ceiling, text, title_key, url = _HEAD.unpack_from(value)
    parts: list[bytes] = []
    at = _HEAD.size
    for _part in range(_PARTS):
        (size,) = _SIZE.unpack_from(value, at)
        at += _SIZE.size
        parts.append(value[at : at + size])
        at += size
    if any(len(part) % 4 for part in parts[3:]):
        raise struct.error("a set is cut off")
    language, script, credit, shingles, opening, numbers, figures, names, title, title_numbers, media = parts
    return Signature(
        version=version,
        language=language.decode(),
        script=script.decode(),
        length=length,
        text=text,
        shingles=shingles,
        opening=opening,
        ceiling=ceiling,
        numbers=numbers,
        figures=figures,
        names=names,
        title=title,
        title_numbers=title_numbers,
        title_key=title_key,
        url=url,
        media=media,
        traits=frozenset(trait for place, trait in enumerate(_TRAITS) if traits >> place & 1),
        credit=credit.decode(),
        keys=struct.unpack(f"<{(len(value) - at) // 8}Q", value[at:]),
    )
