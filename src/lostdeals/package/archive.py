"""A zip written part by part: parts of another zip as their compressed bytes, new ones deflated as they come."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipInfo

from lostdeals.package.deflate import checksum, compressor, decompressor
from lostdeals.package.refusal import Refused

PIECE = 1 << 16
"""Bytes handled at a time."""
LARGEST = (1 << 32) - (1 << 24)
"""Bytes from which a zip would need the 64-bit form, which not every spreadsheet program reads."""
_LOCAL, _CENTRAL, _END = struct.Struct("<4s5H3L2H"), struct.Struct("<4s6H3L5H2L"), struct.Struct("<4s4H2LH")
_UTF8, _SIZES_BEHIND = 0x800, 0x8
_FIRST_DAY = (1980, 1, 1, 0, 0, 0)


class Archive:
    """Writes a zip into a file that can be sought; call `close` when all parts are there."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._directory: list[bytes] = []
        self._count = 0

    def copy(self, source: IO[bytes], part: ZipInfo) -> None:
        """A part of the zip in `source` with the very bytes it has there."""
        start = self._file.tell()
        self._header(part, start, part.CRC, part.compress_size, part.file_size)
        for piece in compressed(source, part):
            self._file.write(piece)
        self._enter(part, start, part.CRC, part.compress_size, part.file_size)

    def write(self, part: ZipInfo, pieces: Iterable[bytes]) -> None:
        """A new part; of `part` its name and date are taken. The same pieces give the same bytes."""
        part = _new(part)
        start, crc, size, packed = self._file.tell(), 0, 0, 0
        deflate = compressor()
        self._header(part, start, 0, 0, 0)
        for piece in pieces:
            crc, size = checksum(piece, crc), size + len(piece)
            out = deflate.compress(piece)
            packed += len(out)
            self._file.write(out)
            if size > LARGEST:
                raise Refused("too-large", part.filename)
        out = deflate.flush()
        packed += len(out)
        self._file.write(out)
        end = self._file.tell()
        self._file.seek(start)
        self._header(part, start, crc, packed, size)
        self._file.seek(end)
        self._enter(part, start, crc, packed, size)

    def close(self, comment: bytes) -> None:
        """Write the directory."""
        start = self._file.tell()
        directory = b"".join(self._directory)
        self._file.write(directory)
        count = self._count
        self._file.write(_END.pack(b"PK\5\6", 0, 0, count, count, len(directory), start, len(comment)) + comment)

    def _header(self, part: ZipInfo, start: int, crc: int, packed: int, size: int) -> None:
        if start > LARGEST:
            raise Refused("too-large", part.filename)
        name, flags = _name(part)
        sizes = (crc, packed, size, len(name), 0)
        self._file.write(_LOCAL.pack(b"PK\3\4", 20, flags, part.compress_type, *_when(part), *sizes) + name)

    def _enter(self, part: ZipInfo, start: int, crc: int, packed: int, size: int) -> None:
        name, flags = _name(part)
        made = (part.create_system << 8) | 20
        head = (b"PK\1\2", made, 20, flags, part.compress_type, *_when(part), crc, packed, size)
        rest = (len(name), 0, 0, 0, part.internal_attr, part.external_attr, start)
        self._directory.append(_CENTRAL.pack(*head, *rest) + name)
        self._count += 1
        if self._count > 0xFFFF - 1:
            raise Refused("too-large", part.filename)


def compressed(source: IO[bytes], part: ZipInfo) -> Iterator[bytes]:
    """The bytes of a part as they stand in the zip."""
    source.seek(part.header_offset)
    head = source.read(_LOCAL.size)
    if len(head) < _LOCAL.size or head[:4] != b"PK\3\4":
        raise BadZipFile(part.filename)
    name, extra = struct.unpack("<2H", head[-4:])
    source.seek(name + extra, 1)
    left = part.compress_size
    while left:
        piece = source.read(min(PIECE, left))
        if not piece:
            raise BadZipFile(part.filename)
        left -= len(piece)
        yield piece


def inflated(source: IO[bytes], part: ZipInfo) -> Iterator[bytes]:
    """What a part holds, piece by piece; BadZipFile where its size or checksum is wrong."""
    if part.compress_type not in (ZIP_DEFLATED, ZIP_STORED):
        raise NotImplementedError(part.filename)
    inflate = decompressor() if part.compress_type == ZIP_DEFLATED else None
    crc = size = 0
    for packed in compressed(source, part):
        try:
            piece = inflate.decompress(packed) if inflate else packed
        except Exception as error:  # isal and zlib-ng have errors of their own
            raise BadZipFile(part.filename) from error
        crc, size = checksum(piece, crc), size + len(piece)
        if size > part.file_size:
            break
        yield piece
    if (crc, size) != (part.CRC, part.file_size):
        raise BadZipFile(part.filename)


def _new(part: ZipInfo) -> ZipInfo:
    made = ZipInfo(part.filename, part.date_time)
    made.compress_type = ZIP_DEFLATED
    made.create_system = part.create_system
    made.external_attr = part.external_attr
    return made


def new_part(name: str) -> ZipInfo:
    """A part that no zip has yet; without a time, so that the same run gives the same bytes."""
    made = ZipInfo(name, _FIRST_DAY)
    made.create_system = 0
    return made


def _name(part: ZipInfo) -> tuple[bytes, int]:
    try:
        name, utf8 = part.filename.encode("ascii"), 0
    except UnicodeEncodeError:
        name, utf8 = part.filename.encode(), _UTF8
    return name, part.flag_bits & ~_SIZES_BEHIND & ~_UTF8 | utf8


def _when(part: ZipInfo) -> tuple[int, int]:
    year, month, day, hour, minute, second = part.date_time
    return hour << 11 | minute << 5 | second // 2, (max(year, 1980) - 1980) << 9 | month << 5 | day
