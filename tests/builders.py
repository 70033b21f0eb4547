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


def compound(path: Path, entry: str) -> Path:
    """The first bytes of a compound file and the name of one of its streams."""
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + f"{entry}\0".encode("utf-16-le"))
    return path
