"""Read the sheets of a workbook (.xlsx .xlsm .xlsb .xls .ods), whatever its name says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from zipfile import ZipFile

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Sheet
from lostdeals.package.letters import address, letters
from lostdeals.package.opening import check_xml, damage, local_name, open_package, read_xml, sheet_parts, workbook_part
from lostdeals.read.binary_look import binary_look
from lostdeals.read.compound import stream_names
from lostdeals.read.grid import Grid, frame, grid
from lostdeals.read.quiet import quiet
from lostdeals.read.second_look import SecondLook, look, sparse

_BINARY_SHEET = re.compile(r"worksheets/sheet[0-9]+\.bin$")

Area = tuple[int, int, int, int]


def read_zipped(path: Path) -> list[Sheet]:
    """The sheets of an .xlsx, .xlsm, .xlsb or .ods, macro and chart sheets left out.

    Raises LostDealsError ``not-a-workbook`` for any other zip, ``encrypted``, ``damaged-workbook``, ``zip-bomb``,
    ``sheet-too-sparse`` or ``no-sheets``.
    """
    with open_package(path) as package:
        looks = _looks(package, path)
        size = sum(part.file_size for part in package.infolist())
    return _read(path, looks, size)


def read_compound(path: Path) -> list[Sheet]:
    """The sheets of an .xls; the same container also holds encrypted workbooks and old Word files.

    Raises LostDealsError ``encrypted``, ``not-a-workbook``, ``damaged-workbook`` or ``no-sheets``.
    """
    content = path.read_bytes()
    with damage(str(path)):
        names = stream_names(content)
    if "EncryptedPackage" in names:
        raise LostDealsError("encrypted", where=str(path))
    if names.isdisjoint({"Workbook", "Book"}):
        raise LostDealsError("not-a-workbook", where=str(path))
    return _read(path, {}, len(content))


def _looks(package: ZipFile, path: Path) -> dict[str, SecondLook]:
    """What a look at the parts themselves gives, by sheet for .xlsx and by part for .xlsb; none for .ods.

    A part that is missing gets none; the reader proper will say what it makes of that.
    """
    names = package.namelist()
    workbook = workbook_part(package)
    if workbook.endswith(".xml") and local_name(read_xml(package, workbook).tag) == "workbook":
        with damage(str(path)):
            return {name: _look(package, part) for name, part in sheet_parts(package).items() if part in names}
    with damage(str(path)):
        if workbook.endswith(".bin"):
            return {name: binary_look(package.read(name)) for name in names if _BINARY_SHEET.search(name)}
        is_document = "mimetype" in names and b"spreadsheet" in package.read("mimetype")
    if not is_document:
        raise LostDealsError("not-a-workbook", where=str(path))
    check_xml(package, "content.xml")
    return {}


def _look(package: ZipFile, part: str) -> SecondLook:
    with package.open(part) as xml:
        return look(xml)


def _read(path: Path, looks: dict[str, SecondLook], size: int) -> list[Sheet]:
    for name, seen in looks.items():
        _refuse_sparse(path, name, seen.end, seen.size)
    sheets: list[Sheet] = []
    with ExitStack() as stack:
        with _calamine(path):
            book = stack.enter_context(CalamineWorkbook.from_path(str(path)))
            about = book.sheets_metadata
        for index, sheet in enumerate(about):
            if sheet.typ == SheetTypeEnum.WorkSheet:
                with _calamine(path):
                    found = book.get_sheet_by_index(index)
                hidden = sheet.visible != SheetVisibleEnum.Visible
                sheets.append(_sheet(path, found, looks.get(sheet.name, SecondLook()), size, hidden=hidden))
    if not sheets:
        raise LostDealsError("no-sheets", where=str(path))
    return sheets


def _sheet(path: Path, found: CalamineSheet, seen: SecondLook, size: int, *, hidden: bool) -> Sheet:
    end_row, end_column = found.end or (-1, -1)
    _refuse_sparse(path, found.name, (end_row + 1, end_column + 1), max(size, seen.size))
    with _calamine(path):
        cells = grid(found.iter_rows(), first_column=found.start[1] if found.start else 0)
        areas = found.merged_cell_ranges or []
    merged = tuple((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas)
    findings = (*_place_errors(cells, seen, found.name), *_fill_down(cells, merged, found.name))
    table = frame(cells)
    return Sheet(
        path=path,
        name=found.name,
        cells=table,
        hidden=hidden,
        hidden_rows=seen.hidden_rows,
        merged=merged,
        widths={letter: width for letter, width in seen.widths.items() if letter in table.columns},
        findings=findings,
    )


def _place_errors(cells: Grid, seen: SecondLook, name: str) -> Iterator[Finding]:
    """Put error cells where the reader saw only a blank."""
    placed = []
    for (row, column), error in seen.errors.items():
        if row <= cells.shape[0] and column <= cells.shape[1] and cells[row - 1, column - 1] is None:
            cells[row - 1, column - 1] = error
            placed.append((row, column))
    if placed:
        yield Finding("error-value", len(placed), address(name, *placed[0]))


def _fill_down(cells: Grid, merged: tuple[Area, ...], name: str) -> Iterator[Finding]:
    """Give the value of a merged area to every row it spans, in its first column.

    The rows of one customer or one month then each have it; what a merge says across columns is left to whoever reads
    the header, because a title over eight columns is not eight values.
    """
    filled = []
    for top, left, bottom, _right in merged:
        if bottom > top and top <= cells.shape[0] and left <= cells.shape[1] and cells[top - 1, left - 1] is not None:
            cells[top:bottom, left - 1] = cells[top - 1, left - 1]
            filled.append((top, left))
    if filled:
        yield Finding("merged-cells", len(filled), address(name, *filled[0]))


def _refuse_sparse(path: Path, name: str, end: tuple[int, int], size: int) -> None:
    rows, columns = end
    if sparse(rows, columns, size):
        where = f"{path} › {address(name, rows, columns)}"
        raise LostDealsError("sheet-too-sparse", where=where, rows=rows, columns=letters(columns))


@contextmanager
def _calamine(path: Path) -> Iterator[None]:
    """Turn what the Rust reader raises, its panics included, into errors of ours; its own words never reach the user's screen."""
    try:
        with quiet():
            yield
    except PasswordError as error:
        raise LostDealsError("encrypted", where=str(path)) from error
    except (CalamineError, OSError, ValueError, LookupError) as error:
        raise LostDealsError("damaged-workbook", where=str(path), reason=str(error)) from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # a BaseException that no module exports
            raise
        raise LostDealsError("damaged-workbook", where=str(path), reason=str(error)) from error
