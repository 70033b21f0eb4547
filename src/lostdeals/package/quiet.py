"""No green corners on our sheets where a phone or an id is text and should be."""

from __future__ import annotations

from lostdeals.package.beside import ORDER
from lostdeals.package.letters import LAST_COLUMN, LAST_ROW, letters
from lostdeals.package.outline import Part


def quiet(sheet: bytes) -> bytes:
    """A sheet of our own on which Excel does not point at numbers that are kept as text.

    >>> print(quiet(b"<worksheet><sheetData/><drawing/></worksheet>").decode().partition("<sheetData/>")[2])
    <ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors><drawing/></worksheet>
    """
    part = Part(sheet, 1)
    whole = part.tag("ignoredError", {"sqref": f"A1:{letters(LAST_COLUMN)}{LAST_ROW}", "numberStoredAsText": 1})
    part.insert_in_order(part.tag("ignoredErrors", {}, whole), "ignoredErrors", ORDER)
    return part.edited()
