"""Read a file into sheets: every cell as found, nothing interpreted."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from lostdeals.errors import LostDealsError
from lostdeals.model import Sheet
from lostdeals.read.compound import MAGIC
from lostdeals.read.excel import read_compound, read_zipped
from lostdeals.read.parquet import read_parquet
from lostdeals.read.text import read_text

__all__ = ["read_book"]

ZIP = (b"PK\x03\x04", b"PK\x05\x06")
PARQUET = b"PAR1"
PICTURES_AND_ARCHIVES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf\x27\x1c")


def read_book(path: Path, password: str | None = None, needless: Collection[str] = ()) -> list[Sheet]:
    """All sheets of a workbook, or the one of a text file; the content decides which it is, not the name.

    password: opens an encrypted workbook; of no use to any other.
    needless: names of sheets that are left out, where the workbook is a zip.

    Each row keeps the file's own number and each column its Excel letter, so `cells.loc[12, "F"]` is the cell F12.
    Raises LostDealsError: ``no-such-file``, ``is-a-folder``, ``not-a-file``, ``no-permission``, ``empty-file``, ``not-a-workbook``,
    ``unsupported-format``, ``encrypted``, ``wrong-password``, ``encrypted-needs-extra``, ``parquet-needs-extra``, ``damaged-workbook``, ``zip-bomb``, ``too-many-parts``, ``sheet-too-sparse``,
    ``no-sheets``, ``html-table``, ``unreadable-text``, ``unreadable-file``.
    """
    try:
        mode = path.stat().st_mode
        if S_ISDIR(mode):
            raise LostDealsError("is-a-folder", where=str(path))
        if not S_ISREG(mode):  # a pipe or a device gives its content only once
            raise LostDealsError("not-a-file", where=str(path))
        with path.open("rb") as file:
            start = file.read(8)
        return _reader(start, path, password, needless)(path)
    except (FileNotFoundError, NotADirectoryError):
        raise LostDealsError("no-such-file", where=str(path)) from None
    except PermissionError:
        raise LostDealsError("no-permission", where=str(path)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise LostDealsError("unreadable-file", where=str(path), reason=reason) from error


def _reader(start: bytes, path: Path, password: str | None, needless: Collection[str]) -> Callable[[Path], list[Sheet]]:
    if not start:
        raise LostDealsError("empty-file", where=str(path))
    if start.startswith(ZIP):
        return partial(read_zipped, needless=needless)
    if start == MAGIC:
        return partial(read_compound, password=password)
    if start.startswith(PARQUET):
        return read_parquet
    if start.startswith(PICTURES_AND_ARCHIVES):
        raise LostDealsError("not-a-workbook", where=str(path))
    return read_text
