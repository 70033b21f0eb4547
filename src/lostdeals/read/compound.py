"""Look through the directory of a compound file (.xls, and what holds an encrypted .xlsx) before a parser follows it.

A damaged file can chain its sectors in a circle, which the reader proper would follow until no memory is left.
Layout and names after [MS-CFB] 2.2-2.6.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
ENTRY = 128
STREAM, ROOT = 2, 5


def stream_names(content: bytes) -> set[str]:
    """The names of the streams in a compound file.

    Raises ValueError or struct.error where its directory or one of its chains cannot be followed to an end.
    """
    size, mini_size = (1 << shift for shift in struct.unpack_from("<HH", content, 30))
    if size not in (512, 4096) or mini_size != 64:
        raise ValueError("sector size")
    (first_entry,), (cutoff, first_mini) = struct.unpack_from("<I", content, 48), struct.unpack_from("<II", content, 56)
    table = _numbers(b"".join(_sector(content, size, place) for place in _table_places(content, size)))
    mini_table = _numbers(b"".join(_sector(content, size, place) for place in _chain(table, first_mini)))
    entries = b"".join(_sector(content, size, place) for place in _chain(table, first_entry))
    names = set()
    for start in range(0, len(entries) - ENTRY + 1, ENTRY):
        name, length, kind = struct.unpack_from("<64sHB", entries, start)
        place, bytes_used = struct.unpack_from("<II", entries, start + 116)
        if kind in (STREAM, ROOT):
            if bytes_used:
                _chain(mini_table if kind == STREAM and bytes_used < cutoff else table, place)
            names.add(name[: max(length - 2, 0)].decode("utf-16-le", "replace"))
    return names


def _table_places(content: bytes, size: int) -> list[int]:
    """The sectors that hold the table of sectors: 109 in the header, the rest in sectors chained by their last number."""
    places = list(struct.unpack_from("<109I", content, 76))
    (following,) = struct.unpack_from("<I", content, 68)
    for _ in range(len(content) // size):
        if following >= LAST:
            return [place for place in places if place < LAST]
        *more, following = _numbers(_sector(content, size, following))
        places.extend(more)
    raise ValueError("endless chain")


def _chain(table: Sequence[int], place: int) -> list[int]:
    places: list[int] = []
    while place < LAST:
        if place >= len(table) or len(places) > len(table):
            raise ValueError("endless chain")
        places.append(place)
        place = table[place]
    return places


def _sector(content: bytes, size: int, place: int) -> bytes:
    sector = content[(place + 1) * size : (place + 2) * size]
    if not sector:
        raise ValueError("sector beyond the end")
    return sector.ljust(size, b"\0")


def _numbers(content: bytes) -> array[int]:
    return array("I", struct.unpack(f"<{len(content) // 4}I", content))
