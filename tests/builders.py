"""Odd files for the reader, made where a test wants them."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import md5
from pathlib import Path

import openpyxl

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def book(*rows: list[object], name: str = "客户") -> openpyxl.Workbook:
    """A workbook with these rows in its first sheet."""
    made = openpyxl.Workbook()
    made.active.title = name
    for row in rows:
        made.active.append(row)
    return made


def saved(made: openpyxl.Workbook, path: Path) -> Path:
    """The workbook on disk."""
    made.save(path)
    return path


def zipped(path: Path, parts: Mapping[str, str | bytes]) -> Path:
    """A zip with these parts, in this order."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def raw_book(path: Path, sheet: str, name: str = "客户", *, prefix: str = "") -> Path:
    """An .xlsx around the XML inside ``<worksheet>``, for what no library would write."""
    mark = f"{prefix}:" if prefix else ""
    space = f'xmlns{":" + prefix if prefix else ""}="{MAIN}"'
    relation = (
        f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/%s" Target="%s"/></Relationships>'
    )
    return zipped(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": relation % ("officeDocument", "/xl/workbook.xml"),
            "xl/_rels/workbook.xml.rels": relation % ("worksheet", "worksheets/sheet1.xml"),
            "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>'
            f'<sheet name="{name}" sheetId="1" r:id="rId1"/></sheets></workbook>',
            "xl/worksheets/sheet1.xml": f"<{mark}worksheet {space}>{sheet}</{mark}worksheet>",
        },
    )


def open_document(path: Path, rows: str) -> Path:
    """An .ods around the XML of its rows."""
    spaces = " ".join(
        f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{short}:1.0"' for short in ("office", "table", "text")
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    table = f'<table:table table:name="客户">{rows}</table:table>'
    return zipped(
        path,
        {
            "mimetype": kind,
            "META-INF/manifest.xml": '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
            "content.xml": f"<office:document-content {spaces}><office:body><office:spreadsheet>{table}"
            "</office:spreadsheet></office:body></office:document-content>",
        },
    )


def panicking_book(path: Path) -> Path:
    """An .xlsb whose workbook names a sheet that no relationship knows, over which the Rust reader panics."""
    sheet = struct.pack("<II", 0, 1) + _wide("rId9") + _wide("S")
    return zipped(
        path,
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}"><Relationship Id="rId1" Type="{OFFICE}/officeDocument"'
            ' Target="xl/workbook.bin"/></Relationships>',
            "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}"/>',
            "xl/workbook.bin": b"\x9c\x01" + bytes([len(sheet)]) + sheet + b"\x90\x01\x00",
        },
    )


def binary_book(path: Path, *records: bytes, formats: Sequence[str] = (), from_1904: bool = False) -> Path:
    """An .xlsb with one sheet 客户 of these records; cell style n has the n-th of the number formats, counted from 1."""
    sheet = struct.pack("<II", 0, 1) + _wide("rId1") + _wide("客户")
    relation = f'<Relationship Id="%s" Type="{OFFICE}/%s" Target="%s"/>'
    codes = [binary(44, struct.pack("<H", code) + _wide(text)) for code, text in enumerate(formats, start=164)]
    styles = [binary(47, struct.pack("<HH12x", 0, code)) for code in (0, *range(164, 164 + len(formats)))]
    parts = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{PACKAGE}">{relation % ("rId1", "officeDocument", "xl/workbook.bin")}'
        "</Relationships>",
        "xl/_rels/workbook.bin.rels": f'<Relationships xmlns="{PACKAGE}">'
        + relation % ("rId1", "worksheet", "worksheets/sheet1.bin")
        + relation % ("rId2", "styles", "styles.bin")
        + "</Relationships>",
        "xl/workbook.bin": binary(153, struct.pack("<III", from_1904, 0, 0))
        + binary(156, sheet)
        + binary(144)
        + binary(132),
        "xl/styles.bin": binary(615, struct.pack("<I", len(codes)))
        + b"".join(codes)
        + binary(616)
        + binary(617, struct.pack("<I", len(styles)))
        + b"".join(styles)
        + binary(618),
        "xl/worksheets/sheet1.bin": binary(129) + binary(148, bytes(16)) + b"".join(records) + binary(130),
    }
    return zipped(path, parts)


def binary(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xlsb: its number and its size, seven bits to a byte, and its data."""
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    return (
        number
        + bytes([len(data) & 0x7F | (0x80 if len(data) > 127 else 0), *([len(data) >> 7] * (len(data) > 127))])
        + data
    )


def binary_row(number: int, *, hidden: bool = False) -> bytes:
    """The start of a row of an .xlsb, counted from 0."""
    return binary(0, struct.pack("<IIHBBB", number, 0, 300, 0, 0x10 if hidden else 0, 0) + bytes(4))


def binary_cell(kind: int, column: int, data: bytes, style: int = 0) -> bytes:
    """A cell of an .xlsb; column counted from 0."""
    return binary(kind, struct.pack("<II", column, style) + data)


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def compound(path: Path, stream: str, content: bytes = b"junk" * 1024, *, endless: bool = False) -> Path:
    """A compound file with one stream: a header, the table of sectors, the directory, and the stream itself.

    endless: the table leads the stream's first sector back to itself.
    """
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    content = content.ljust(4096, b"\0")
    content += bytes(-len(content) % 512)
    last = 2 + len(content) // 512
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<9I", 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<108I", *[free] * 108)
    chain = [2] if endless else [3]
    sectors = struct.pack("<128I", table, end, *chain, *range(4, last), end, *[free] * (128 - last))
    entries = b""
    for name, kind, child, start, size in (("Root Entry", 5, 1, end, 0), (stream, 2, free, 2, len(content))):
        text = f"{name}\0".encode("utf-16-le")
        entries += struct.pack("<64sHBB3I36xIII", text, len(text), kind, 1, free, free, child, start, size, 0)
    path.write_bytes(header + sectors + entries.ljust(512, b"\0") + content)
    return path


def old_book(path: Path, *cells: bytes, formats: Sequence[str] = (), from_1904: bool = False) -> Path:
    """An .xls with one sheet 客户 of these records; cell style n has the n-th of the number formats, counted from 1."""
    return compound(path, "Workbook", b"".join(_old_stream(cells, formats, from_1904=from_1904)))


def locked_old_book(path: Path, password: str, *cells: bytes) -> Path:
    """The same behind a password, with RC4 as Excel 97 does it ([MS-OFFCRYPTO] 2.3.6 and [MS-XLS] 2.2.10)."""
    from msoffcrypto.method.rc4 import DocumentRC4

    salt, verifier = bytes(range(16)), bytes(range(16, 32))
    seal = DocumentRC4.decrypt(password, salt, io.BytesIO(verifier + md5(verifier).digest()), 1024).read()
    parts = _old_stream(cells, (), from_1904=False, lock=struct.pack("<3H", 1, 1, 1) + salt + seal)
    coded = DocumentRC4.decrypt(password, salt, io.BytesIO(b"".join(parts)), 1024).read()
    locked, at = b"", 0
    for part in parts:
        kind = struct.unpack_from("<H", part)[0]
        plain = {0x809: len(part), 0x2F: len(part), 0x85: 8}.get(kind, 4)
        locked += part[:plain] + coded[at + plain : at + len(part)]
        at += len(part)
    return compound(path, "Workbook", locked)


def _old_stream(cells: Sequence[bytes], formats: Sequence[str], *, from_1904: bool, lock: bytes = b"") -> list[bytes]:
    codes = [
        record(0x41E, struct.pack("<HHB", code, len(text), 1) + text.encode("utf-16-le"))
        for code, text in enumerate(formats, start=164)
    ]
    styles = [record(0xE0, struct.pack("<HH16x", 0, code)) for code in (0, *range(164, 164 + len(formats)))]
    before = [_bof(0x05), record(0x22, struct.pack("<H", from_1904)), *codes, *styles]
    if lock:
        before.insert(1, record(0x2F, lock))
    name = "客户".encode("utf-16-le")
    start = len(b"".join(before)) + len(record(0x85, struct.pack("<IHBB", 0, 0, 2, 1) + name)) + len(record(0x0A))
    listed = record(0x85, struct.pack("<IHBB", start, 0, 2, 1) + name)
    parts = [*before, listed, record(0x0A), _bof(0x10), *cells, record(0x0A)]
    return [*parts[:-1], record(0xFFF, bytes(-len(b"".join(parts)) % 4)), parts[-1]]  # what follows is zeros by fours


def record(kind: int, data: bytes = b"") -> bytes:
    """A record of an .xls."""
    return struct.pack("<HH", kind, len(data)) + data


def old_number(row: int, column: int, style: int, value: float) -> bytes:
    """A number cell of an .xls; row and column counted from 0."""
    return record(0x203, struct.pack("<3Hd", row, column, style, value))


def _bof(kind: int) -> bytes:
    return record(0x809, struct.pack("<4HII", 0x600, kind, 0, 0, 0, 6))
