"""The fast way to a large, tidy text file: UTF-8, a header in the first line, one delimiter. All others go the careful way."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

LARGE = 4_000_000
"""Bytes from which it pays."""
DELIMITERS = (",", "\t", ";", "|")
ENDINGS = (".csv", ".tsv", ".txt")


def read_plain(path: Path) -> pd.DataFrame | None:
    """The cells of a large text file by header, as text; None where the file is small or in any way not plain.

    What `read_book` would mend (other encodings, stray quotes, rows of another length) is left to it. Unlike there, numbers
    stay text and blank cells are missing.
    """
    try:
        if path.suffix.lower() not in ENDINGS or path.stat().st_size < LARGE:
            return None
        with path.open("rb") as file:
            first = file.readline(100_000).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    delimiter = max(DELIMITERS, key=first.count)
    header = [name.strip() for name in first.rstrip("\r\n").split(delimiter)]
    if len(header) < 2 or '"' in first or not all(header) or len(set(header)) < len(header):
        return None
    try:
        cells = pd.read_csv(
            path, sep=delimiter, dtype="str", encoding="utf-8-sig", na_values=[""], keep_default_na=False
        )
    except (ValueError, UnicodeDecodeError, OSError):
        return None
    if not isinstance(cells.index, pd.RangeIndex):  # rows longer than the header
        return None
    cells.columns = pd.Index(header)
    return cells
