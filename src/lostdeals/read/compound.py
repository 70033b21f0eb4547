"""Look through the directory of a compound file (.xls, and what holds an encrypted .xlsx) before a parser follows it.

A damaged file can chain its sectors in a circle, which the reader proper would follow until no memory is left.
Layout and names after [MS-CFB] 2.2-2.6.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Iterable, Sequence

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
LAST = 0xFFFFFFFA
"""Sector numbers from here on are marks, not places."""
ENTRY, SMALL = 128, 64
"""Bytes of a directory entry and of a sector for small streams."""
STREAM, ROOT = 2, 5


class Compound:
    """The streams of a compound file.

    Raises ValueError or struct.error where the directory or one of the chains cannot be followed to an end.
    """

    def __init__(self, content: bytes) -> None:
        size, small = (1 << shift for shift in struct.unpack_from("<HH", content, 30))
        if size not in (512, 4096) or small != SMALL:
            raise ValueError("sector size")
        self._content, self._size = content, size
        (first_entry,) = struct.unpack_from("<I", content, 48)
        cutoff, first_small = struct.unpack_from("<II", content, 56)
        table = _numbers(self._sectors(_table_places(content, size)))
        small_table = _numbers(self._sectors(_chain(table, first_small)))
        entries = self._sectors(_chain(table, first_entry))
        self._root: list[int] = []
        self._streams: dict[str, tuple[list[int], int, bool]] = {}
        for start in range(0, len(entries) - ENTRY + 1, ENTRY):
            name, length, kind = struct.unpack_from("<64sHB", entries, start)
            place, used = struct.unpack_from("<II", entries, start + 116)
            is_small = kind == STREAM and used < cutoff
            if kind in (STREAM, ROOT):
                places = _chain(small_table if is_small else table, place) if used else []
                self._root = places if kind == ROOT else self._root
                self._streams[name[: max(length - 2, 0)].decode("utf-16-le", "replace")] = (places, used, is_small)

    def __contains__(self, name: str) -> bool:
        return name in self._streams

    def read(self, name: str) -> bytes:
        """The bytes of a stream."""
        places, used, is_small = self._streams[name]
        if not is_small:
            return self._sectors(places)[:used]
        root = self._sectors(self._root)
        return b"".join(root[place * SMALL : (place + 1) * SMALL] for place in places)[:used]

    def _sectors(self, places: Iterable[int]) -> bytes:
        return b"".join(_sector(self._content, self._size, place) for place in places)


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
