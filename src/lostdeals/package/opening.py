"""Open a zip that somebody else packed, without letting it harm the machine."""

from __future__ import annotations

import errno
import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import IO
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from lostdeals.errors import LostDealsError
from lostdeals.package.deflate import Inflater

MIB = 1 << 20
READ = (".xml", ".rels", ".bin", "mimetype")
"""Endings of the parts that a reader of cells looks into; the others are pictures and the like."""
DAMAGE = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    ParseError,
    DefusedXmlException,
    RuntimeError,
    ValueError,
)
"""What zipfile and the XML parser raise over a broken package."""


@dataclass(frozen=True)
class Limits:
    """How large a package may be once it is unpacked, as its directory declares it.

    A million rows of 20 columns are 0.8 GiB of XML that shrinks 5-20 times; zeros shrink 1,000 times.
    """

    total: int = 2048 * MIB
    """Bytes of all parts together."""
    part: int = 100 * MIB
    """Bytes up to which a part may shrink as it likes."""
    ratio: int = 200
    """Times a part beyond that may shrink."""
    parts: int = 20_000


@contextmanager
def damage(where: str) -> Iterator[None]:
    """Turn what a broken package raises into LostDealsError ``damaged-workbook``."""
    try:
        yield
    except DAMAGE as error:
        raise LostDealsError("damaged-workbook", where=where, reason=str(error) or type(error).__name__) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # zipfile was sent to a place before the file's beginning
            raise
        raise LostDealsError("damaged-workbook", where=where, reason=str(error)) from error


def open_package(path: Path, limits: Limits | None = None, content: BytesIO | None = None) -> zipfile.ZipFile:
    """A zip whose directory was looked through before anything is unpacked; close it, or use it in ``with``.

    content: the zip itself where it only exists in memory; `path` then says where it came from.

    zipfile never gives more of a part than its directory declares, so the declared sizes are the ones that count.
    Raises LostDealsError ``damaged-workbook`` where it is no readable zip, ``encrypted`` where a part needs a password,
    ``zip-bomb`` where it would unpack to more than the limits.
    """
    limits = limits or Limits()
    with damage(str(path)):
        package = zipfile.ZipFile(content or path)
    package.filename = str(path)
    try:
        _refuse_bomb(package, limits, str(path))
        if any(part.flag_bits & 1 for part in package.infolist()):
            raise LostDealsError("encrypted", where=str(path))
    except LostDealsError:
        package.close()
        raise
    return package


def open_unchecked(package: zipfile.ZipFile, part: str) -> IO[bytes]:
    """A part whose checksum is left to the reader proper, which goes through it anyway, and inflated the fastest way."""
    opened = package.open(part)
    opened._expected_crc = None  # type: ignore[attr-defined]
    if package.getinfo(part).compress_type == zipfile.ZIP_DEFLATED:
        opened._decompressor = Inflater()  # type: ignore[attr-defined]
    return opened


def read_xml(package: zipfile.ZipFile, part: str) -> Element:
    """A small part as a tree, parsed without entities and without a look at the network.

    Raises LostDealsError ``damaged-workbook`` where it is missing or broken.
    """
    with damage(f"{package.filename} › {part}"):
        tree: Element = fromstring(package.read(part), forbid_dtd=True)
        return tree


def checked_pieces(package: zipfile.ZipFile, part: str, size: int) -> Iterator[bytes]:
    """A large part in pieces of `size` bytes, each gone through by a parser: the reader may not stop at a torn end.

    Raises LostDealsError ``damaged-workbook`` where it is missing or broken or declares entities.
    """
    parser = ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse_doctype
    with damage(f"{package.filename} › {part}"), package.open(part) as xml:
        while piece := xml.read(size):
            parser.Parse(piece)
            yield piece
        parser.Parse(b"", True)


def workbook_part(package: zipfile.ZipFile) -> str:
    """The part that lists the sheets, usually ``xl/workbook.xml``; empty where the zip is no Office document."""
    names = package.namelist()
    if "_rels/.rels" in names:
        for relation in read_xml(package, "_rels/.rels"):
            if relation.get("Type", "").endswith("/officeDocument"):
                return _spelled(names, posixpath.normpath(relation.get("Target", "").lstrip("/")))
    return "xl/workbook.xml" if "xl/workbook.xml" in names else ""


def sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name -> the part that holds it, in the workbook's order; of .xlsx and .xlsm only."""
    targets = {relation: part for relation, _, part in relations(package)}
    found: dict[str, str] = {}
    for element in read_xml(package, workbook_part(package)).iter():
        if local_name(element.tag) == "sheet":
            relation = next((value for key, value in element.items() if local_name(key) == "id"), None)
            if relation in targets:
                found[element.get("name", "")] = targets[relation]
    return found


def relations(package: zipfile.ZipFile) -> list[tuple[str, str, str]]:
    """What the workbook refers to: id, kind (``worksheet``, ``styles`` …) and part."""
    folder, name = posixpath.split(workbook_part(package))
    names = package.namelist()
    listed = read_xml(package, _spelled(names, posixpath.join(folder, "_rels", f"{name}.rels")))
    return [
        (
            item.get("Id", ""),
            item.get("Type", "").rpartition("/")[2],
            _spelled(names, posixpath.normpath(posixpath.join("/", folder, item.get("Target", ""))).lstrip("/")),
        )
        for item in listed
    ]


def repacked(package: zipfile.ZipFile, parts: Mapping[str, Iterable[bytes] | None]) -> BytesIO:
    """A copy in memory of what a reader needs, with some parts in another form, or (None) without them."""
    copy = BytesIO()
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for name in dict.fromkeys(package.namelist()):
            content = parts[name] if name in parts else _by_pieces(package, name)
            if content is not None and name.endswith(READ):
                with out.open(name, "w", force_zip64=True) as part:
                    for piece in content:
                        part.write(piece)
    copy.seek(0)
    return copy


def local_name(tag: str) -> str:
    """The name of an element or an attribute without its namespace, which differs between transitional and strict files.

    >>> local_name("{http://purl.oclc.org/ooxml/spreadsheetml/main}sheet")
    'sheet'
    """
    return tag.rpartition("}")[2]


def _by_pieces(package: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    with package.open(name) as part:
        while piece := part.read(MIB):
            yield piece


def _spelled(names: list[str], part: str) -> str:
    """The part's name as the zip spells it, because capitals do not count (ECMA-376 part 2, 6.2.2.3)."""
    return part if part in names else next((name for name in names if name.casefold() == part.casefold()), part)


def _refuse_doctype(*_: object) -> None:
    raise ValueError("document type declaration")


def _refuse_bomb(package: zipfile.ZipFile, limits: Limits, where: str) -> None:
    parts = package.infolist()
    total = sum(part.file_size for part in parts)
    if len(parts) > limits.parts:
        raise LostDealsError("too-many-parts", where=where, parts=len(parts), limit=limits.parts)
    if total > limits.total:
        raise LostDealsError("zip-bomb", where=where, mib=total // MIB, limit=limits.total // MIB)
    for part in parts:
        if part.file_size > limits.part and part.file_size > limits.ratio * part.compress_size:
            raise LostDealsError(
                "zip-bomb", where=f"{where} › {part.filename}", mib=part.file_size // MIB, limit=limits.part // MIB
            )
