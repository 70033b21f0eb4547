"""Odd files for the reader, made where a test wants them."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Mapping
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
    text = b"".join(struct.pack("<I", len(word)) + word.encode("utf-16-le") for word in ("rId9", "S"))
    sheet = struct.pack("<II", 0, 1) + text
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


def compound(path: Path, stream: str, *, endless: bool = False) -> Path:
    """A compound file with one stream of junk: a header, the table of sectors, the directory, and the stream itself.

    endless: the table leads the stream's sector back to itself.
    """
    free, end, table = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<5H", 62, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<9I", 1, 1, 0, 4096, end, 0, end, 0, 0) + struct.pack("<108I", *[free] * 108)
    sectors = struct.pack("<128I", table, end, *range(3, 10), 2 if endless else end, *[free] * 118)
    entries = b""
    for name, kind, start, size in (("Root Entry", 5, end, 0), (stream, 2, 2, 4096)):
        text = f"{name}\0".encode("utf-16-le")
        entries += struct.pack("<64sHBB3I36xIII", text, len(text), kind, 1, free, free, free, start, size, 0)
    path.write_bytes(header + sectors + entries.ljust(512, b"\0") + b"junk" * 1024)
    return path
