"""Hashes, shingles and the keys of an index: the same in every process and on every machine.

The signature is a one-permutation MinHash (Li, Owen, Zhang 2012) with densification (Shrivastava 2017): each
shingle is hashed once, the hash's upper bits choose a bin, each bin keeps its least hash, and an empty bin borrows
from another. It needs one pass over the shingles where MinHash needs one for each of its 96 rows.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final
from zlib import crc32

_MASK32: Final = 0xFFFFFFFF
_MASK64: Final = 0xFFFFFFFFFFFFFFFF
_FACTORS: Final = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
_BIN_FACTOR: Final = 0x85EBCA6B
_LEAD_TOKENS: Final = 60
_MOST_SHINGLES: Final = 1024
_CEILING: Final = _MASK32
_EMPTY: Final = _MASK32 + 1

BODY_BANDS: Final = 16
LEAD_BANDS: Final = 16
TITLE_BANDS: Final = 8
_TITLE_ROWS: Final = 3
_TITLE_FACTORS: Final = tuple((_FACTORS[row % 3] >> row | 1) & _MASK32 for row in range(TITLE_BANDS * _TITLE_ROWS))
_TITLE_BAND_KIND: Final = 40
_TITLE_KIND: Final = 61
_TEXT_KIND: Final = 62
_URL_KIND: Final = 63
_MEDIA_KIND: Final = 64


def pack_tokens(tokens: Iterable[str], most: int = 256) -> bytes:
    """A set of tokens as packed hashes, at most the `most` smallest."""
    return pack(sorted({crc32(token.encode("utf-8", "replace")) for token in tokens})[:most])


def pack_pairs(pairs: Iterable[tuple[str, str]], most: int = 256) -> bytes:
    """Pairs of texts as pairs of hashes one after the other, ascending, at most the `most` smallest."""
    hashed = sorted(
        {(crc32(one.encode("utf-8", "replace")), crc32(other.encode("utf-8", "replace"))) for one, other in pairs}
    )
    return pack([value for pair in hashed[:most] for value in pair])


def pack(values: Sequence[int]) -> bytes:
    """Numbers below 2**32, in order, little-endian."""
    return struct.pack(f"<{len(values)}I", *values)


def unpack(value: bytes) -> tuple[int, ...]:
    """The opposite of `pack`."""
    return struct.unpack(f"<{len(value) // 4}I", value)


def digest(text: str) -> int:
    """64 bits of a text; 0 for the empty one."""
    if not text:
        return 0
    return int.from_bytes(blake2b(text.encode("utf-8", "replace"), digest_size=8).digest(), "little") or 1


def shingles(tokens: Sequence[str]) -> list[int]:
    """Hashes of every three tokens in a row, in order, with repeats. None for fewer than three tokens."""
    hashes = [crc32(token.encode("utf-8", "replace")) for token in tokens]
    first, second, third = _FACTORS
    return [
        (one * first + two * second + three * third & _MASK64) >> 32
        for one, two, three in zip(hashes, hashes[1:], hashes[2:], strict=False)
    ]


def sketch(hashes: Iterable[int]) -> tuple[bytes, int]:
    """The distinct hashes, packed, and the ceiling above which they were left out for being too many."""
    ordered = sorted(set(hashes))
    if len(ordered) <= _MOST_SHINGLES:
        return pack(ordered), _CEILING
    kept = ordered[:_MOST_SHINGLES]
    return pack(kept), kept[-1]


def band_keys(hashes: Sequence[int]) -> list[int]:
    """16 keys of the whole text (four bins each) and 16 of its first 60 tokens (two each); none for no hashes.

    Two texts share a key with probability 1 - (1 - J**4)**16 by their bodies, 1 - (1 - J**2)**16 by their leads.
    """
    if not hashes:
        return []
    mixed = [value * _BIN_FACTOR & _MASK32 for value in hashes]
    body = _bins(mixed, 6)
    lead = _bins(mixed[: _LEAD_TOKENS - 2], 5)
    keys = _in_bands(body, BODY_BANDS) + _in_bands(lead, LEAD_BANDS)
    return [band << 32 | key for band, key in enumerate(keys)]


def title_key(value: int) -> int:
    """The key under which items with the same title, numbers aside, meet."""
    return _TITLE_KIND << 32 | value & _MASK32


def title_band_keys(tokens: Iterable[int]) -> list[int]:
    """Eight keys under which titles with most words in common meet, of three minima each; none for no tokens.

    In: hashes of the words. Two titles share a key with probability 1 - (1 - J**3)**8: .89 at .62, .995 at .8, and
    one in a thousand at .05, as titles are that have nothing to do with each other.
    """
    values = sorted(set(tokens))
    if not values:
        return []
    least = [min([value * factor >> 8 & _MASK32 for value in values]) for factor in _TITLE_FACTORS]
    return [_TITLE_BAND_KIND + band << 32 | key for band, key in enumerate(_in_bands(least, TITLE_BANDS))]


def text_key(value: int) -> int:
    """The key under which items with the same whole text meet."""
    return _TEXT_KIND << 32 | value & _MASK32


def url_key(value: int) -> int:
    """The key under which items with the same address meet."""
    return _URL_KIND << 32 | value & _MASK32


def media_key(value: int) -> int:
    """The key under which items with the same attached file meet."""
    return _MEDIA_KIND << 32 | value & _MASK32


def _in_bands(values: Sequence[int], bands: int) -> list[int]:
    """A key for each band of values, as many in the one as in the other."""
    packed = pack(values)
    width = len(packed) // bands
    return [crc32(packed[start : start + width]) for start in range(0, len(packed), width)]


def _bins(values: Iterable[int], bits: int) -> list[int]:
    """The least value of each bin; an empty bin borrows from the next filled one on its own path."""
    shift, size = 32 - bits, 1 << bits
    least = [_EMPTY] * size
    for value in values:
        place = value >> shift
        if value < least[place]:  # noqa: PLR1730 # min() takes twice as long
            least[place] = value
    return [value if value < _EMPTY else _borrow(least, place) for place, value in enumerate(least)]


def _borrow(least: Sequence[int], place: int) -> int:
    """An odd step visits every bin, so this ends; steps differ, so that neighbours do not all borrow alike."""
    step = (place * 0x9E3779B1 >> 7) | 1
    at = place
    while least[at] == _EMPTY:
        at = (at + step) % len(least)
    return least[at]
