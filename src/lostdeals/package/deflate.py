"""The fastest deflate at hand: isal or zlib-ng where they are installed, else the standard library."""

from __future__ import annotations

import importlib
import zlib
from functools import cache
from typing import Any, Protocol


class _Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


class _Decompressor(Protocol):
    def decompress(self, data: bytes, /) -> bytes: ...


_MODULES = (("isal.isal_zlib", 2), ("zlib_ng.zlib_ng", 2), ("zlib", 1))
"""By speed, each with the level that costs little and shrinks well; measured in ``benchmarks/workbook.py``."""


def compressor() -> _Compressor:
    """Raw deflate, as a zip wants it."""
    module, level = _best()
    made: _Compressor = module.compressobj(level, zlib.DEFLATED, -zlib.MAX_WBITS)
    return made


def decompressor() -> _Decompressor:
    """The way back."""
    made: _Decompressor = _best()[0].decompressobj(-zlib.MAX_WBITS)
    return made


def checksum(data: bytes, so_far: int = 0) -> int:
    """CRC-32 of bytes that follow others."""
    return int(_best()[0].crc32(data, so_far))


class Inflater:
    """What zipfile inflates with, several times as fast; its errors are those of the standard library."""

    def __init__(self) -> None:
        self._made: Any = decompressor()

    def decompress(self, data: bytes, most: int = 0) -> bytes:
        """At most so many bytes (0: all) of what the data hold."""
        try:
            out: bytes = self._made.decompress(data, most)
        except Exception as error:  # isal and zlib-ng have errors of their own
            raise zlib.error(str(error)) from error
        return out

    def flush(self) -> bytes:
        """What is left."""
        try:
            out: bytes = self._made.flush()
        except Exception as error:
            raise zlib.error(str(error)) from error
        return out

    @property
    def eof(self) -> bool:
        """The end of the data has been seen."""
        return bool(self._made.eof)

    @property
    def unconsumed_tail(self) -> bytes:
        """Data not yet looked at."""
        tail: bytes = self._made.unconsumed_tail
        return tail


@cache
def _best() -> tuple[Any, int]:
    for name, level in _MODULES:
        try:
            return importlib.import_module(name), level
        except ImportError:
            continue
    raise AssertionError("zlib is part of Python")
