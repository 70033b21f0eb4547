"""Read the tables of a web archive (MHTML), which Excel and office systems save under the name of an .xls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes
from email.message import Message
from pathlib import Path

from lostdeals.errors import LostDealsError
from lostdeals.model import Sheet
from lostdeals.read.html import read_html

_START = re.compile(r"\s*(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*){0,30}?MIME-Version:", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset=["']?([\w-]+)""", re.IGNORECASE)
_SHEET = re.compile(r"<x:Name>([^<]*)</x:Name>.*?<x:WorksheetSource\s+HRef=[\"']([^\"']*)", re.DOTALL | re.IGNORECASE)
"""How Excel's front page names the page of each sheet."""


def looks_like_web_archive(head: str) -> bool:
    r"""The text begins as a message does.

    >>> looks_like_web_archive("From: <Saved>\nMIME-Version: 1.0\n"), looks_like_web_archive("From: 2026-01-01\nTo: 2026-05-01\n")
    (True, False)
    """
    return bool(_START.match(head.removeprefix("\ufeff")))


def read_web_archive(path: Path) -> list[Sheet]:
    """Each table of its pages as a sheet, by the name that Excel gave it.

    Raises LostDealsError ``unsupported-format`` where it has no page, and ``html-table`` where no page has a table.
    """
    pages = list(_pages(message_from_bytes(path.read_bytes().lstrip())))
    if not pages:
        raise LostDealsError("unsupported-format", where=str(path))
    names = {place.rpartition("/")[2]: name for _, text, _ in pages for name, place in _SHEET.findall(text)}
    sheets: list[Sheet] = []
    for place, text, encoding in pages:
        try:
            found = read_html(path, text, encoding)
        except LostDealsError:  # a page of pictures or of the names of the others
            continue
        name = names.get(place.rpartition("/")[2])
        sheets += [replace(sheet, name=name) if name and not number else sheet for number, sheet in enumerate(found)]
    if not sheets:
        raise LostDealsError("html-table", where=str(path))
    met: set[str] = set()
    for number, sheet in enumerate(sheets):
        if sheet.name in met:
            sheets[number] = replace(sheet, name=f"{sheet.name} {number + 1}")
        met.add(sheets[number].name)
    return sheets


def _pages(message: Message) -> Iterator[tuple[str, str, str]]:
    """Place, text and encoding of every page."""
    for part in message.walk():
        content = part.get_payload(decode=True)
        if part.get_content_type() == "text/html" and isinstance(content, bytes):
            inside = _CHARSET.search(content[:4096])
            encoding = part.get_content_charset() or (inside[1].decode() if inside else "utf-8")
            encoding = "gb18030" if encoding.lower() in ("gb2312", "gbk") else encoding
            try:
                text = content.decode(encoding, "replace")
            except LookupError:
                encoding = "utf-8"
                text = content.decode(encoding, "replace")
            yield str(part.get("Content-Location", "")), text, encoding
