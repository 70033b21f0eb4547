"""Parts of a package: their types, their names, their elements and the encoding they must have."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from lostdeals.package.outline import Element
from lostdeals.package.refusal import Refused

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
STYLES_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"

_ENCODING = re.compile(rb"""^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding\s*=\s*["']([^"']+)""")


def rels_of(part: str) -> str:
    """The part that holds another's relations.

    >>> rels_of("xl/worksheets/sheet1.xml")
    'xl/worksheets/_rels/sheet1.xml.rels'
    """
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def check_encoding(xml: bytes, where: str) -> None:
    """Refused where a part is not UTF-8 (or ASCII), by its first bytes or its own word."""
    if b"\x00" in xml[:64] or xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise Refused("encoding", where)
    said = _ENCODING.match(xml[:200])
    if said and said[1].decode("latin-1").casefold() not in ("utf-8", "utf8", "us-ascii", "ascii"):
        raise Refused("encoding", where)


def reprefixed(xml: bytes, prefix: str) -> bytes:
    """Elements without a prefix under another part's prefix; of our own making only.

    >>> reprefixed(b"<a><b/>x</a>", "x:")
    b'<x:a><x:b/>x</x:a>'
    """
    return re.sub(rb"<(/?)(?=[A-Za-z])", rb"<\1" + prefix.encode(), xml) if prefix else xml


def namespaces(element: Element) -> Mapping[str, str]:
    """Prefix -> namespace, as an element declares them."""
    return {
        key.partition(":")[2]: value
        for key, value in element.attributes.items()
        if key == "xmlns" or key.startswith("xmlns:")
    }
