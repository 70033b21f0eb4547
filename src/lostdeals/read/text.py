"""Read a text file with separated values (.csv .tsv .txt, and what bears another name but is one)."""

from __future__ import annotations

import re
from io import StringIO
from pathlib import Path

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Sheet
from lostdeals.read.encodings import encoding_of
from lostdeals.read.grid import frame, grid
from lostdeals.read.html import looks_like_html, read_html
from lostdeals.read.records import SINGLE, Records, delimiter_of

HEAD = 1 << 18
"""Characters in which the delimiter is looked for."""
BLANK = ' \t\r\n,;|"\0\ufeff\u3000'
"""What a file may hold and still be empty."""

_NAMED = re.compile(r'"?sep=([^"\r\n])"?(?:\r\n|\r|\n)')
_OTHER_KIND = re.compile(r"\s*(?:%PDF|\{\\rtf|MIME-Version:|<\?xml[^>]*>\s*<\?mso-application)")


def read_text(path: Path) -> list[Sheet]:
    """The one sheet of a text file (one per table where it is HTML); every cell is the text as written.

    A row's number is its record's place in the file, blank records included, as a spreadsheet program would show it; a
    first line ``sep=;`` is obeyed and not counted.
    Raises LostDealsError ``empty-file``, ``not-a-workbook``, ``unsupported-format`` or ``unreadable-text``.
    """
    encoding = encoding_of(path)
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        head = file.read(HEAD)
        if len(head) < HEAD and not head.strip(BLANK):
            raise LostDealsError("empty-file", where=str(path))
        if _OTHER_KIND.match(head):
            raise LostDealsError("unsupported-format", where=str(path))
        if looks_like_html(head):
            return read_html(path, head + file.read(), encoding)
        named = _NAMED.match(head)
        start = named.end() if named else 0
        delimiter = named[1] if named else delimiter_of(_whole_lines(head))
        file.seek(0)
        file.read(start)
        quoted_after_space = re.search(re.escape(delimiter) + ' +"(?!")', head)
        records = Records(file, delimiter, skip_spaces=bool(quoted_after_space))
        cells = frame(grid(records))
    findings = records.findings(path.stem)
    if encoding == "cp1252":
        findings = (Finding("encoding-guessed", values={"encoding": encoding}), *findings)
    delimiter = "" if delimiter == SINGLE else delimiter
    return [Sheet(path, path.stem, cells, encoding=encoding, delimiter=delimiter, findings=findings)]


def _whole_lines(head: str) -> list[str]:
    """The lines of the head, without the last one where it may be cut."""
    lines = list(StringIO(head, newline=""))
    return lines[:-1] if len(head) == HEAD and len(lines) > 1 else lines
