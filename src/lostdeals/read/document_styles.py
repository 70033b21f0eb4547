"""Column widths and number formats of an .ods as Excel says them; names after OpenDocument 1.3 part 3, 16.29 (data styles)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import unescape

_TAG = re.compile(rb"<(/?)([\w:-]+)([^<>]*?)(/?)>([^<]*)")
_ATTRIBUTE = re.compile(rb"""([\w:-]+)=["']([^"'<>]*)["']""")
_LENGTH = re.compile(r"([0-9.]+)(cm|mm|in|pt)")
_INCHES = {"cm": 1 / 2.54, "mm": 1 / 25.4, "in": 1.0, "pt": 1 / 72}
_DATA_STYLES = ("number-style", "currency-style", "percentage-style", "date-style", "time-style")
_PARTS = {"day": "d", "month": "m", "year": "yy", "hours": "h", "minutes": "m", "seconds": "s", "day-of-week": "ddd"}
_BARE = frozenset(" -/:.,%()")
"""Characters that a number format may have without quotes."""


@dataclass
class DocumentStyles:
    """What the head of a document says of its styles."""

    widths: dict[str, float] = field(default_factory=dict)
    """Column style -> characters."""
    formats: dict[str, str] = field(default_factory=dict)
    """Cell style -> number format."""


def document_styles(*parts: bytes) -> DocumentStyles:
    """The styles of a document: of the part that has only styles, and what stands before the first table.

    What is not understood is left out.
    """
    found, codes, cells = DocumentStyles(), dict[str, str](), dict[str, str]()
    style = data = ""
    for close, name, said, _, text in _TAG.findall(b"".join(parts)):
        kind, attributes = name.rpartition(b":")[2].decode(), _said(said)
        if kind == "style" and not close:
            style = attributes.get("style:name", "")
            if attributes.get("style:data-style-name"):
                cells[style] = attributes["style:data-style-name"]
        elif kind == "table-column-properties" and (width := _characters(attributes.get("style:column-width", ""))):
            found.widths[style] = width
        elif kind in _DATA_STYLES:
            data = "" if close else attributes.get("style:name", "")
            codes.setdefault(data, "")
        elif data and not close:
            if kind == "map" and attributes.get("style:condition") == "value()>=0":
                codes[data] = f"{codes.get(attributes.get('style:apply-style-name', ''), '')};{codes[data]}".lstrip(";")
            else:
                codes[data] += _code(kind, attributes, unescape(text.decode("utf-8", "replace")))
    found.formats = {one: codes[code] for one, code in cells.items() if codes.get(code)}
    return found


def _code(kind: str, said: Mapping[str, str], text: str) -> str:
    """A piece of a data style as a number format has it.

    >>> _code("year", {"number:style": "long"}, ""), _code("text", {}, "年"), _code("month", {"number:textual": "true"}, "")
    ('yyyy', '"年"', 'mmm')
    >>> _code("number", {"number:decimal-places": "2", "number:grouping": "true"}, "")
    '#,##0.00'
    """
    if kind in ("text", "currency-symbol"):
        return text if set(text) <= _BARE else f'"{text.replace(chr(34), "")}"'
    if kind == "am-pm":
        return "AM/PM"
    if kind == "number":
        decimals = int(said.get("number:decimal-places", "0") or 0)
        whole = "0" * max(1, int(said.get("number:min-integer-digits", "1") or 1))
        if said.get("number:grouping") == "true":
            whole = "#,##" + whole
        return whole + ("." + "0" * decimals if decimals else "")
    part = _PARTS.get(kind, "")
    if kind == "month" and said.get("number:textual") == "true":
        part = "mmm"
        return part + ("m" if said.get("number:style") == "long" else "")
    if part and said.get("number:style") == "long":
        return part * 2 if len(part) < len("ddd") else part + "d"
    return part


def _characters(length: str) -> float:
    """A length as characters of the default font, seven pixels each and five beside them; 0 for none."""
    found = _LENGTH.fullmatch(length)
    return max(0.0, round((float(found[1]) * _INCHES[found[2]] * 96 - 5) / 7, 2)) if found else 0.0


def _said(attributes: bytes) -> dict[str, str]:
    return {key.decode(): unescape(value.decode("utf-8", "replace")) for key, value in _ATTRIBUTE.findall(attributes)}
