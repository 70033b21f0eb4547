"""Read the sheets of a workbook (.xlsx .xlsm .xlsb .xls .ods), whatever its name says."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from io import BytesIO
from itertools import islice
from pathlib import Path
from types import ModuleType
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
from lostdeals.package.opening import DAMAGE, damage, local_name, open_package, read_xml, repacked, workbook_part
from lostdeals.read import binary_look, document_look, old_look, xml_look
from lostdeals.read.compound import Compound
from lostdeals.read.grid import Grid, frame, grid_and_long_numbers, with_room
from lostdeals.read.locked import unlocked
from lostdeals.read.quiet import quiet
from lostdeals.read.second_look import MOST, Area, Place, SecondLook, sparse

ENDINGS = {
    xml_look: (".xlsx", ".xlsm", ".xlam"),
    binary_look: (".xlsb",),
    document_look: (".ods",),
    old_look: (".xls", ".xla"),
}
"""By what looks at the sheets of a kind of workbook, the endings its files should have."""


def read_zipped(path: Path, content: BytesIO | None = None, needless: Collection[str] = ()) -> list[Sheet]:
    """The sheets of an .xlsx, .xlsm, .xlsb or .ods, macro and chart sheets left out.

    content: the zip itself where it only exists in memory. needless: names of sheets that are left out.
    Raises LostDealsError ``not-a-workbook`` for any other zip, ``encrypted``, ``damaged-workbook``, ``zip-bomb``,
    ``sheet-too-sparse``, ``no-sheets`` or ``only-own-sheets``.
    """
    with open_package(path, content=content) as package, damage(str(path)):
        kind = _kind(package, path)
        looks = xml_look.look_at_sheets(package, needless) if kind is xml_look else kind.look_at_sheets(package)
        lean = kind.lean_parts(package, looks)
        for name, seen in looks.items():
            _refuse_sparse(path, name, seen.end, seen.size)
        source = repacked(package, lean) if lean else content or _source(path, kind)
        size = sum(part.file_size for part in package.infolist())
    return _read(path, source, looks, size, needless)


def read_compound(path: Path, password: str | None = None) -> list[Sheet]:
    """The sheets of an .xls; the same container also holds encrypted workbooks and old Word files.

    Raises LostDealsError ``encrypted``, ``wrong-password``, ``encrypted-needs-extra``, ``not-a-workbook``,
    ``damaged-workbook`` or ``no-sheets``.
    """
    content = path.read_bytes()
    source = _source(path, old_look)
    with damage(str(path)):
        container = Compound(content)
        is_locked = "EncryptedPackage" in container
        name = next((name for name in ("Workbook", "Book") if name in container), None)
        if not is_locked and name is None:
            raise LostDealsError("not-a-workbook", where=str(path))
        stream = container.read(name) if name else b""
        if name and old_look.is_locked(stream):
            source = unlocked(content, str(path), password, is_old=True)
            stream = Compound(source.getvalue()).read(name)
    if is_locked:
        return read_zipped(path, unlocked(content, str(path), password, is_old=False))
    return _read(path, source, _old_looks(stream), len(content))


def _kind(package: ZipFile, path: Path) -> ModuleType:
    """What knows how to look at the sheets of a package."""
    workbook = workbook_part(package)
    if workbook.endswith(".xml") and local_name(read_xml(package, workbook).tag) == "workbook":
        return xml_look
    if workbook.endswith(".bin"):
        return binary_look
    names = package.namelist()
    if "mimetype" not in names or b"spreadsheet" not in package.read("mimetype"):
        raise LostDealsError("not-a-workbook", where=str(path))
    if "META-INF/manifest.xml" in names and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise LostDealsError("encrypted", where=str(path))
    return document_look


def _old_looks(stream: bytes) -> dict[str, SecondLook]:
    """The looks of an .xls; none where it is unusual, because the reader may well make sense of it."""
    try:
        return old_look.look_at_sheets(stream)
    except DAMAGE:
        return {}


def _source(path: Path, kind: ModuleType) -> BytesIO | str:
    """What the reader is given: it believes the ending of a name, so a file with a wrong one is handed over without."""
    return str(path) if path.suffix.lower() in ENDINGS[kind] else BytesIO(path.read_bytes())


def _read(
    path: Path, source: BytesIO | str, looks: Mapping[str, SecondLook], size: int, needless: Collection[str] = ()
) -> list[Sheet]:
    sheets: list[Sheet] = []
    if isinstance(source, BytesIO):
        source.seek(0)
    with ExitStack() as stack:
        with _calamine(path):
            book = stack.enter_context(CalamineWorkbook.from_object(source))
            about = book.sheets_metadata
        for index, sheet in enumerate(about):
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.name not in needless:
                with _calamine(path):
                    found = book.get_sheet_by_index(index)
                hidden = sheet.visible != SheetVisibleEnum.Visible
                sheets.append(_sheet(path, found, looks.get(sheet.name, SecondLook()), size, hidden=hidden))
    if not sheets:
        raise LostDealsError("only-own-sheets" if needless else "no-sheets", where=str(path))
    return sheets


def _sheet(path: Path, found: CalamineSheet, seen: SecondLook, size: int, *, hidden: bool) -> Sheet:
    end_row, end_column = found.end or (-1, -1)
    first_column = found.start[1] if found.start else 0
    rows: Iterable[Sequence[object]] = found.iter_rows()
    if seen.strays:
        end_row, end_column = min(end_row, seen.end[0] - 1), min(end_column, seen.end[1] - 1)
        rows = (row[: end_column + 1 - first_column] for row in islice(rows, end_row + 1))
    _refuse_sparse(path, found.name, (end_row + 1, end_column + 1), max(size, seen.size))
    with _calamine(path):
        cells, long = grid_and_long_numbers(rows, first_column, end_row + 1)
        areas = found.merged_cell_ranges or []
    last_row, last_column = seen.end
    errors = {place: error for place, error in seen.errors.items() if place[0] <= last_row and place[1] <= last_column}
    if errors:  # some formats' last cells are lost where they hold one
        cells = with_room(cells, max(row for row, _ in errors), max(column for _, column in errors))
    merged = tuple((top + 1, left + 1, bottom + 1, right + 1) for (top, left), (bottom, right) in areas)
    places = {
        "error-value": _put(cells, errors),
        "zeros-shown": _put(cells, seen.shown),
        "long-number": long,
        "formula-without-value": seen.unvalued,
        "stray-cells": seen.strays,
    }
    _fill_down(cells, merged or seen.merged)
    table = frame(cells)
    places["hidden-columns"] = [
        (1, column)
        for column in seen.hidden_columns
        if letters(column) in table.columns and table[letters(column)].notna().any()
    ]
    return Sheet(
        path=path,
        name=found.name,
        cells=table,
        hidden=hidden,
        hidden_rows=seen.hidden_rows,
        merged=merged or seen.merged,
        widths={letter: width for letter, width in seen.widths.items() if letter in table.columns},
        formats={letter: code for letter, code in seen.formats.items() if letter in table.columns},
        findings=tuple(
            Finding(
                code,
                len(found_at),
                address(found.name, *found_at[0]),
                cells=tuple((row, letters(column)) for row, column in found_at) if code in WHERE_READ else (),
            )
            for code, found_at in places.items()
            if found_at
        ),
    )


WHERE_READ = ("formula-without-value", "error-value")
"""Findings that matter only in the rows that are read: the sum at the foot of a table is nobody's."""


def _put(cells: Grid, found: Mapping[Place, object]) -> list[Place]:
    """Put what the reader did not tell into its cells; gives where that was."""
    rows, columns = cells.shape
    places = [place for place in found if place[0] <= rows and place[1] <= columns]
    for row, column in places:
        cells[row - 1, column - 1] = found[row, column]
    return places


def _fill_down(cells: Grid, merged: Iterable[Area]) -> None:
    """Give the value of a merged area to every row it spans, in its first column.

    The rows of one customer or one month then each have it; what a merge says across columns is left to whoever reads
    the header, because a title over eight columns is not eight values.
    """
    for top, left, bottom, _right in merged:
        if bottom > top and top <= cells.shape[0] and left <= cells.shape[1] and cells[top - 1, left - 1] is not None:
            cells[top:bottom, left - 1] = cells[top - 1, left - 1]


def _refuse_sparse(path: Path, name: str, end: Place, size: int) -> None:
    rows, columns = end
    if sparse(rows, columns, size, MOST):
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
