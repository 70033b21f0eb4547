"""Text files with two defects at once, and what only bears the name of a table (mixed_files.py)."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from defective_files import Defective, trimmed
from lostdeals.errors import LostDealsError
from lostdeals.model import Options
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load
from mixed_files import FRAMED, NOBODY, PEOPLE, REFUSED, mixed_files, page, web_archive

OPTIONS = Options(today=date(2026, 5, 1))


def outcome(file: Defective, folder: Path) -> str:
    """``right``, ``told`` (a finding beside other cells, or an error) or ``silent``."""
    path = folder / f"a{file.suffix}"
    path.write_bytes(file.content)
    try:
        sheets = read_book(path)
        if file.cells == NOBODY:
            understand(sheets, load(), OPTIONS)
            return "silent"
    except LostDealsError:
        return "right" if file.cells in (REFUSED, NOBODY) else "told"
    rows = [["" if cell is None else str(cell).strip(" ") for cell in row] for row in sheets[0].cells.to_numpy()]
    return "right" if trimmed(rows) == file.cells else "told" if sheets[0].findings else "silent"


def test_two_defects_at_once_are_read_rightly_or_told_and_other_formats_refused(tmp_path: Path) -> None:
    files = list(mixed_files())
    outcomes = {file.name: outcome(file, tmp_path) for file in files}
    counts = Counter(outcomes.values())
    assert len(outcomes) == len(files) > 60
    assert [name for name, found in outcomes.items() if found == "silent"] == []
    assert counts["right"] >= 0.95 * len(files), [name for name, found in outcomes.items() if found != "right"]


MARKDOWN = ["| 姓名 | 手机 |", "| --- | --- |", "| 王晓明 | 19900000001 |", "| 李文静 | 19900000002 |"]


@pytest.mark.parametrize("lines", [[*FRAMED, FRAMED[0]], MARKDOWN])
def test_lines_of_dashes_are_no_customers(tmp_path: Path, lines: list[str]) -> None:
    (tmp_path / "a.csv").write_text("\n".join(lines), encoding="utf-8")
    layout = understand(read_book(tmp_path / "a.csv"), load(), OPTIONS)[1]
    assert (len(layout.header_rows), len(layout.rows)) == (1, 2)


def test_the_sheets_of_a_web_archive_have_the_names_excel_gave_them(tmp_path: Path) -> None:
    front = (
        "<x:ExcelWorksheet><x:Name>客户</x:Name><x:WorksheetSource HRef='book.files/sheet001.htm'/></x:ExcelWorksheet>"
        "<x:ExcelWorksheet><x:Name>说明</x:Name><x:WorksheetSource HRef='book.files/sheet002.htm'/></x:ExcelWorksheet>"
    )
    pages = {
        "file:///C:/book.htm": front,
        "file:///C:/book.files/sheet001.htm": page(PEOPLE),
        "file:///C:/book.files/sheet002.htm": page([["字段", "说明"]]),
    }
    (tmp_path / "a.xls").write_bytes(web_archive(pages))
    assert [sheet.name for sheet in read_book(tmp_path / "a.xls")] == ["客户", "说明"]
