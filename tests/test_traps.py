"""What workbooks hide from a reader: errors, zeros that only a format shows, lost digits, stray cells, passwords."""

from __future__ import annotations

import io
import struct
import sys
import zipfile
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from msoffcrypto.format.ooxml import OOXMLFile

from builders import (
    binary,
    binary_book,
    binary_cell,
    binary_row,
    book,
    locked_old_book,
    old_book,
    old_number,
    open_document,
    raw_book,
    record,
    saved,
    zipped,
)
from lostdeals.cli import main
from lostdeals.errors import LostDealsError
from lostdeals.model import ErrorCell, Options, Sheet, noticed
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load

ELEVEN, DAY = "00000000000", "yyyy\\-mm\\-dd"
AFTER_1904 = 1462
"""Days between the two calendars."""
THIRD_OF_NOVEMBER = 46_329
"""2026-11-03 as Excel counts days."""
SHARED = Path(__file__).parents[1] / "../shared/data"


def values(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.cells.itertuples(index=False)]


def codes(sheet: Sheet) -> dict[str, tuple[int, str]]:
    return {finding.code: (finding.count, finding.first) for finding in sheet.findings}


def code_of(path: Path, password: str | None = None) -> str:
    with pytest.raises(LostDealsError) as caught:
        read_book(path, password)
    return caught.value.code


def document_cell(text: str, said: str = 'office:value-type="string"') -> str:
    return f"<table:table-cell {said}><text:p>{text}</text:p></table:table-cell>"


def double(value: float) -> bytes:
    return struct.pack("<d", value)


# Errors


def test_an_error_is_no_blank_in_an_xlsb(tmp_path: Path) -> None:
    path = binary_book(
        tmp_path / "a.xlsb",
        binary(145),
        binary_row(0),
        binary_cell(5, 0, double(1)),
        binary_cell(3, 1, b"\x2a"),
        binary_cell(11, 2, b"\x07" + bytes(10)),
        binary(146),
    )
    (sheet,) = read_book(path)
    assert values(sheet) == [[1, ErrorCell("#N/A"), ErrorCell("#DIV/0!")]]
    assert codes(sheet) == {"error-value": (2, "客户!B1")}


def test_an_error_is_no_blank_in_an_xls(tmp_path: Path) -> None:
    constant = record(0x205, struct.pack("<3HBB", 0, 1, 0, 0x17, 1))
    result = record(0x06, struct.pack("<3H", 0, 2, 0) + bytes([2, 0, 0x0F, 0, 0, 0, 255, 255]) + bytes(8))
    truth = record(0x205, struct.pack("<3HBB", 0, 3, 0, 1, 0))
    (sheet,) = read_book(old_book(tmp_path / "a.xls", old_number(0, 0, 0, 1), constant, result, truth))
    assert values(sheet) == [[1, ErrorCell("#REF!"), ErrorCell("#VALUE!"), True]]
    assert codes(sheet) == {"error-value": (2, "客户!B1")}


def test_an_error_is_no_blank_no_text_and_no_zero_in_an_ods(tmp_path: Path) -> None:
    cells = (
        document_cell("甲"),
        document_cell("#DIV/0!", 'office:value-type="string" office:string-value="" calcext:value-type="error"'),
        document_cell("#REF!"),
        document_cell("Err:502", 'office:value-type="float" office:value="0" calcext:value-type="error"'),
        document_cell("#1 的客户"),
    )
    row = f'<table:table-row xmlns:calcext="urn:calcext">{"".join(cells)}</table:table-row>'
    (sheet,) = read_book(open_document(tmp_path / "a.ods", row))
    assert values(sheet) == [["甲", ErrorCell("#DIV/0!"), ErrorCell("#REF!"), ErrorCell("Err:502"), "#1 的客户"]]
    assert codes(sheet) == {"error-value": (3, "客户!B1")}


# Dates


def test_dates_that_count_from_1904_are_right_in_the_binary_formats(tmp_path: Path) -> None:
    serial = THIRD_OF_NOVEMBER - AFTER_1904
    old = old_book(tmp_path / "a.xls", old_number(0, 0, 1, serial), formats=[DAY], from_1904=True)
    new = binary_book(
        tmp_path / "a.xlsb",
        binary(145),
        binary_row(0),
        binary_cell(5, 0, double(serial), 1),
        binary(146),
        formats=[DAY],
        from_1904=True,
    )
    assert [values(read_book(path)[0]) for path in (old, new)] == [[[date(2026, 11, 3)]]] * 2


def test_dates_written_as_text_by_strict_workbooks_are_dates(tmp_path: Path) -> None:
    xml = '<sheetData><row r="1"><c r="A1" t="d"><v>2026-11-03T09:30:00</v></c></row></sheetData>'
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", xml))
    assert values(sheet) == [[datetime.fromisoformat("2026-11-03T09:30")]]


# Zeros that only the format shows


def test_a_phone_stored_as_a_number_is_read_with_the_zeros_its_format_shows(tmp_path: Path) -> None:
    made = book(
        ["电话", "区号", "编号", "次数"], [2157654321, 2157654321, 12, 5], [13800000001, 57100000001, 34567, 12]
    )
    for column, code in zip("ABCD", (ELEVEN, "000-0000-0000", '"KH"0000', "0"), strict=True):
        for row in (2, 3):
            made.active[f"{column}{row}"].number_format = code
    made.active["A4"], made.active["A5"] = 0.5, "02100000001"
    made.active["A4"].number_format = made.active["A5"].number_format = ELEVEN
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert values(sheet)[1:] == [
        ["02157654321", "021-5765-4321", "KH0012", 5],
        [13800000001, 57100000001, "KH34567", 12],
        [0.5, None, None, None],
        ["02100000001", None, None, None],
    ]
    assert codes(sheet) == {"zeros-shown": (4, "客户!A2")}


def test_a_formula_under_a_format_with_zeros_is_read_as_shown_whatever_the_prefix(tmp_path: Path) -> None:
    xml = (
        '<x:sheetData><x:row r="1" s="1" customFormat="1"><x:c r="A1" s="1"><x:f>B1*1</x:f><x:v>2.1E7</x:v></x:c>'
        '<x:c s="1" r="B1" t="n"><x:v>5</x:v></x:c><x:c r="C1"><x:v>6</x:v></x:c></x:row></x:sheetData>'
    )
    styles = (
        '<styleSheet><numFmts><numFmt formatCode="0000&quot;-&quot;00000" numFmtId="170"/></numFmts><cellStyleXfs>'
        '<xf numFmtId="0"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="170"/></cellXfs></styleSheet>'
    )
    path = raw_book(tmp_path / "a.xlsx", xml, prefix="x")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    rels = "xl/_rels/workbook.xml.rels"
    parts[rels] = parts[rels].replace(b"</", b'<Relationship Id="r9" Type="x/styles" Target="styles.xml"/></')
    (sheet,) = read_book(zipped(path, {**parts, "xl/styles.xml": styles}))
    assert values(sheet) == [["0210-00000", "0000-00005", 6]]


@pytest.mark.parametrize("kind", ["xlsb", "xls", "ods"])
def test_zeros_that_a_format_shows_are_read_in_the_other_formats_too(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    small = 571 << 2 | 2  # as the binary formats keep a small whole number
    if kind == "xlsb":
        cells = (binary_cell(5, 0, double(2157654321), 1), binary_cell(2, 1, struct.pack("<I", small), 1))
        binary_book(path, binary(145), binary_row(0), *cells, binary(146), formats=[ELEVEN])
    elif kind == "xls":
        several = record(0xBD, struct.pack("<HHHIHIH", 0, 1, 1, small, 0, 5 << 2 | 2, 2))
        old_book(path, old_number(0, 0, 1, 2157654321), several, formats=[ELEVEN])
    else:
        shown = [document_cell(f"{n:011}", f'office:value-type="float" office:value="{n}"') for n in (2157654321, 571)]
        open_document(path, f"<table:table-row>{''.join(shown)}</table:table-row>")
    (sheet,) = read_book(path)
    assert values(sheet)[0][:2] == ["02157654321", "00000000571"]
    assert codes(sheet) == {"zeros-shown": (2, "客户!A1")}


def test_an_amount_shown_with_a_currency_or_decimals_stays_a_number_in_an_ods(tmp_path: Path) -> None:
    cells = [
        document_cell(text, f'office:value-type="float" office:value="{n}"') for text, n in (("￥20", 20), ("0.5", 0.5))
    ]
    (sheet,) = read_book(open_document(tmp_path / "a.ods", f"<table:table-row>{''.join(cells)}</table:table-row>"))
    assert (values(sheet), sheet.findings) == ([[20, 0.5]], ())


# Long numbers


def test_a_number_of_more_digits_than_excel_keeps_is_shown_and_said_to_be_damaged(tmp_path: Path) -> None:
    made = book(["编号"], [6222020200112233000], [1234567890123456], [999999999999999], ["6222020200112233445"])
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert values(sheet)[1:] == [[6222020200112233000], [1234567890123456], [999999999999999], ["6222020200112233445"]]
    assert codes(sheet) == {"long-number": (1, "客户!A2")}


def test_a_text_file_keeps_every_digit(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("编号,电话\n6222020200112233445,02157654321\n", encoding="utf-8")
    (sheet,) = read_book(tmp_path / "a.csv")
    assert (values(sheet)[1], sheet.findings) == (["6222020200112233445", "02157654321"], ())


# Formulas


def test_a_formula_gives_its_value_and_one_without_is_said(tmp_path: Path) -> None:
    made = book(["报价", "折后"], [100, "=A2*0.9"], [200, "=A3*0.9"])
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert values(sheet) == [["报价", "折后"], [100, None], [200, None]]
    assert codes(sheet) == {"formula-without-value": (2, "客户!B2")}


@pytest.mark.parametrize(("deal", "expected"), [(200, []), ("=1+1", [(1, "客户!D3")])])
def test_a_sum_without_its_result_below_the_customers_is_not_counted_as_one_of_theirs(
    tmp_path: Path, deal: object, expected: list[tuple[int, str]]
) -> None:
    made = book(
        ["姓名", "电话", "阶段", "金额"],
        ["王小明", "13800000001", "跟进中", 100],
        ["李小红", "13800000002", "输单", deal],
        ["合计", None, None, "=SUM(D2:D3)"],
    )
    sheets = read_book(saved(made, tmp_path / "a.xlsx"))
    found = noticed(*understand(sheets, load(), Options(today=date(2026, 11, 20))))
    assert [(one.count, one.first) for one in found if one.code == "formula-without-value"] == expected


def test_a_formula_that_gives_an_empty_text_has_a_value(tmp_path: Path) -> None:
    xml = (
        '<sheetData><row r="1"><c r="A1" t="str"><f>""</f><v></v></c><c r="B1" t="str"><f>""</f><v/></c>'
        '<c r="C1"><f>1+1</f><v>2</v></c><c r="D1"><v>3</v></c></row></sheetData>'
    )
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", xml))
    assert (values(sheet), sheet.findings) == ([[None, None, 2, 3]], ())


def test_cells_that_share_a_formula_without_value_are_counted_and_so_are_those_of_an_ods(tmp_path: Path) -> None:
    xml = (
        '<sheetData><row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*2</f></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/></c></row><row r="3"><c r="B3"><f t="shared" si="0"/><v>4</v></c></row>'
        "</sheetData>"
    )
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", xml))
    assert codes(sheet) == {"formula-without-value": (2, "客户!B1")}
    row = f'<table:table-row>{document_cell("甲")}<table:table-cell table:formula="of:=1+1"/></table:table-row>'
    (sheet,) = read_book(open_document(tmp_path / "a.ods", row))
    assert codes(sheet) == {"formula-without-value": (1, "客户!B1")}


# Large areas of nothing


def table(rows: int) -> str:
    return "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>客户{n}</t></is></c><c r="B{n}"><v>{n}</v></c></row>'
        for n in range(1, rows + 1)
    )


@pytest.mark.parametrize("dimension", ['<dimension ref="A1:XFD1048576"/>', '<dimension ref="A1"/>', ""])
def test_a_dimension_that_lies_changes_nothing(tmp_path: Path, dimension: str) -> None:
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", f"{dimension}<sheetData>{table(9)}</sheetData>"))
    assert (sheet.cells.shape, sheet.findings) == ((9, 2), ())


@pytest.mark.parametrize("far", ["A1048576", "XFD1048576"])
@pytest.mark.parametrize("piece", [1 << 20, 500])
def test_a_stray_cell_far_away_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, far: str, piece: int
) -> None:
    monkeypatch.setattr("lostdeals.read.tags.PIECE", piece)
    beside = '<c r="XFC2" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'
    rows = table(30).replace("</row>", beside, 2).replace(beside, "</row>", 1)
    xml = f'<sheetData>{rows}<row r="1048576"><c r="{far}" t="e"><v>#N/A</v></c></row></sheetData>'
    (sheet,) = read_book(
        raw_book(tmp_path / "a.xlsx", f'{xml}<mergeCells count="1"><mergeCell ref="A1:A2"/></mergeCells>')
    )
    assert (sheet.cells.shape, sheet.cells.loc[30, "B"], sheet.cells.loc[2, "A"]) == ((30, 2), 30, "客户1")
    assert codes(sheet) == {"stray-cells": (2, "客户!XFC2")}


def test_a_sheet_of_a_million_formatted_rows_is_read_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lostdeals.read.tags.PIECE", 500)
    monkeypatch.setattr("lostdeals.read.xml_look.HOLLOW", 2_000)
    empty = "".join(f'<row r="{n}"><c r="A{n}" s="0"/><c r="B{n}" s="0"/></row>' for n in range(20, 400))
    last = '<row r="401"><c r="B401"><v>7</v></c></row>'
    (sheet,) = read_book(
        raw_book(tmp_path / "a.xlsx", f"<sheetData>{table(19)}{empty}{last}</sheetData><pageMargins/>")
    )
    assert (sheet.cells.shape, sheet.cells.loc[401, "B"], sheet.cells.loc[20:400].isna().to_numpy().all()) == (
        (401, 2),
        7,
        True,
    )


def test_two_halves_of_a_sheet_far_apart_are_refused_with_the_place(tmp_path: Path) -> None:
    near, far = (
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<c r="XFC1048576"><v>1</v></c><c r="XFD1048576"><v>1</v></c>',
    )
    path = raw_book(tmp_path / "a.xlsx", f'<sheetData>{near}<row r="1048576">{far}</row></sheetData>')
    with pytest.raises(LostDealsError) as caught:
        read_book(path)
    assert (caught.value.code, caught.value.where) == ("sheet-too-sparse", f"{path} › 客户!XFD1048576")


def test_a_stray_cell_is_left_out_of_the_other_formats(tmp_path: Path) -> None:
    near = [
        part for n in range(5) for part in (binary_row(n), binary_cell(5, 0, double(n)), binary_cell(5, 1, double(n)))
    ]
    beside, below = binary_cell(5, 16_383, double(1)), (binary_row(1_048_575), binary_cell(5, 0, double(1)))
    binary_path = binary_book(tmp_path / "a.xlsb", binary(145), *near, beside, *below, binary(146))
    row = f"<table:table-row>{document_cell('甲') * 2}</table:table-row>"
    gap = '<table:table-row table:number-rows-repeated="1048000"><table:table-cell/></table:table-row>'
    far = f'<table:table-row><table:table-cell table:number-columns-repeated="16383"/>{document_cell("x")}</table:table-row>'
    wide = row.replace("</table:table-row>", far.removeprefix("<table:table-row>")).replace("16383", "16381")
    document = open_document(tmp_path / "a.ods", row * 4 + wide + gap + far)
    for path, first in ((binary_path, "客户!XFD5"), (document, "客户!XFD5")):
        (sheet,) = read_book(path)
        assert (sheet.cells.shape, codes(sheet)) == ((5, 2), {"stray-cells": (2, first)})


def test_a_cell_of_an_ods_repeated_over_a_whole_sheet_is_refused(tmp_path: Path) -> None:
    cell = document_cell("x", 'office:value-type="string" table:number-columns-repeated="16384"')
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    assert code_of(open_document(tmp_path / "a.ods", row)) == "sheet-too-sparse"


# Hidden and merged


def test_hidden_rows_and_columns_are_read_and_said_in_every_format(tmp_path: Path) -> None:
    made = book(["客户", "电话", "备注"], ["王女士", "02100000001", "好"])
    made.active.column_dimensions["B"].hidden = made.active.column_dimensions["F"].hidden = True
    made.active.row_dimensions[2].hidden = True
    new = saved(made, tmp_path / "a.xlsx")
    columns = binary(390) + binary(60, struct.pack("<IIIIH", 1, 1, 2560, 0, 1)) + binary(391)
    cells = [binary_cell(5, column, double(column)) for column in range(3)]
    binary_path = binary_book(
        tmp_path / "a.xlsb",
        columns,
        binary(145),
        binary_row(0),
        *cells,
        binary_row(1, hidden=True),
        *cells,
        binary(146),
    )
    old = old_book(
        tmp_path / "a.xls",
        record(0x7D, struct.pack("<6H", 1, 1, 2560, 0, 1, 0)),
        record(0x208, struct.pack("<6HI", 1, 0, 5, 255, 0, 0, 0x20)),
        *(old_number(row, column, 0, column) for row in range(2) for column in range(3)),
    )
    shown, hidden = "<table:table-column/>", '<table:table-column table:visibility="collapse"/>'
    row = f"<table:table-row>{document_cell('甲') * 3}</table:table-row>"
    document = open_document(
        tmp_path / "a.ods", shown + hidden + row + row.replace("row>", 'row table:visibility="filter">', 1)
    )
    for path in (new, binary_path, old, document):
        (sheet,) = read_book(path)
        assert (sheet.cells.shape, sheet.hidden_rows, codes(sheet)) == ((2, 3), {2}, {"hidden-columns": (1, "客户!B1")})


def test_merged_areas_of_the_other_formats_give_their_value_to_the_rows_they_span(tmp_path: Path) -> None:
    merged = binary(176, struct.pack("<4I", 0, 1, 0, 0))
    cells = (
        binary_row(0),
        binary_cell(5, 0, double(7)),
        binary_cell(5, 1, double(1)),
        binary_row(1),
        binary_cell(5, 1, double(2)),
    )
    binary_path = binary_book(tmp_path / "a.xlsb", binary(145), *cells, binary(146), merged)
    first = document_cell("7", 'office:value-type="float" office:value="7" table:number-rows-spanned="2"')
    second, third = (document_cell(n, f'office:value-type="float" office:value="{n}"') for n in "12")
    rows = f"<table:table-row>{first}{second}</table:table-row><table:table-row><table:covered-table-cell/>{third}</table:table-row>"
    for path in (binary_path, open_document(tmp_path / "a.ods", rows)):
        (sheet,) = read_book(path)
        assert (values(sheet), sheet.merged) == ([[7, 1], [7, 2]], ((1, 1, 2, 1),))


# Unusual packages


def test_a_workbook_with_an_empty_part_of_texts_is_read(tmp_path: Path) -> None:
    path = saved(book([1, 2]), tmp_path / "a.xlsx")
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    (sheet,) = read_book(zipped(path, {**parts, "xl/sharedStrings.xml": b""}))
    assert values(sheet) == [[1, 2]]


@pytest.mark.parametrize("ending", ["xls", "xlsb", "ods", "csv"])
def test_a_workbook_with_the_ending_of_another_kind_is_read(tmp_path: Path, ending: str) -> None:
    path = saved(book(["客户"]), tmp_path / "a.xlsx").rename(tmp_path / f"a.{ending}")
    assert [values(sheet) for sheet in read_book(path)] == [[["客户"]]]
    old = old_book(tmp_path / "b.xlsx", old_number(0, 0, 0, 5))
    assert [values(sheet) for sheet in read_book(old)] == [[[5]]]


# Passwords


def locked(path: Path, password: str) -> Path:
    out = io.BytesIO()
    OOXMLFile(io.BytesIO(saved(book(["客户"], ["王女士"]), path).read_bytes())).encrypt(password, out)
    path.write_bytes(out.getvalue())
    return path


@pytest.mark.parametrize("kind", ["xlsx", "xls"])
def test_a_workbook_opens_with_its_password_and_with_no_other(tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"a.{kind}"
    if kind == "xlsx":
        locked(path, "秘密 1")
    else:
        locked_old_book(path, "秘密 1", old_number(0, 0, 0, 5))
    (sheet,) = read_book(path, "秘密 1")
    assert values(sheet) == ([["客户"], ["王女士"]] if kind == "xlsx" else [[5]])
    assert [code_of(path), code_of(path, "秘密")] == ["encrypted", "wrong-password"]


def test_nothing_decrypted_touches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = locked_old_book(tmp_path / "a.xls", "秘密", old_number(0, 0, 0, 5))
    monkeypatch.setattr("tempfile.TemporaryFile", None)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", None)
    assert values(read_book(path, "秘密")[0]) == [[5]]
    assert [file.name for file in tmp_path.iterdir()] == ["a.xls"]


def test_a_workbook_that_is_only_protected_against_changes_opens_without_asking(tmp_path: Path) -> None:
    (sheet,) = read_book(locked(tmp_path / "a.xlsx", "VelvetSweatshop"))
    assert values(sheet) == [["客户"], ["王女士"]]


def test_without_the_extra_the_error_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = locked(tmp_path / "a.xlsx", "秘密")
    pq.write_table(pa.table({"客户": ["王女士"]}), tmp_path / "a.parquet")
    for name in [name for name in sys.modules if name.partition(".")[0] in ("msoffcrypto", "pyarrow")]:
        monkeypatch.setitem(sys.modules, name, None)
    assert [code_of(path, "秘密"), code_of(path)] == ["encrypted-needs-extra", "encrypted"]
    assert code_of(tmp_path / "a.parquet") == "parquet-needs-extra"


def test_an_encrypted_open_document_says_that_it_is_encrypted(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "a.ods",
        {
            "mimetype": "application/vnd.oasis.opendocument.spreadsheet",
            "META-INF/manifest.xml": "<manifest:manifest><manifest:encryption-data/></manifest:manifest>",
            "content.xml": b"\x00\x01\x02",
        },
    )
    assert code_of(path) == "encrypted"


def test_the_command_line_takes_the_password_from_a_file_and_keeps_it_to_itself(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path = locked(tmp_path / "a.xlsx", "秘密 1")
    (tmp_path / "password.txt").write_bytes("秘密 1\r\nwas added in March\n".encode())
    assert main(["inspect", str(path), "--password-file", "password.txt", "--json"]) == 0
    (tmp_path / "lostdeals.toml").write_text('password_file = "password.txt"\n', encoding="utf-8")
    assert main(["inspect", str(path)]) == 0
    (tmp_path / "password.txt").write_text("falsch\n", encoding="utf-8")
    assert main(["inspect", str(path)]) == 1
    (tmp_path / "password.txt").write_text("\n", encoding="utf-8")
    assert main(["inspect", str(path)]) == 1
    assert main(["inspect", str(path), "--password-file", "none.txt"]) == 1
    said = "".join(capsys.readouterr())
    assert "wrong-password" in said
    assert said.count("error: password-file") == 2
    assert not any(word in said for word in ("秘密", "falsch"))


# Parquet


def test_a_parquet_file_is_one_sheet_with_its_column_names_in_row_1(tmp_path: Path) -> None:
    moment = datetime.fromisoformat("2026-11-03T09:30")
    columns = {
        "电话": ["02157654321", None],
        "编号": [6222020200112233445, 1],
        "报价": [Decimal("12000.00"), Decimal("0.10")],
        "分": [0.5, float("nan")],
        "成交": [True, None],
        "日期": [date(2026, 11, 3), None],
        "时间": pa.array([moment, None], pa.timestamp("ns")),
        "世界": pa.array([moment, None], pa.timestamp("us", "Asia/Shanghai")),
        "钟": [time(9, 30), None],
        "时长": [timedelta(hours=1), None],
        "渠道": pa.array(["抖音", "展会"]).dictionary_encode(),
        "标签": [["高", "急"], None],
        "旧文": [b"\xe7\x8e\x8b", b"\xff"],
        "__index_level_0__": [0, 1],
    }
    path = tmp_path / "客户.parquet"
    pq.write_table(pa.table(columns), path)
    (sheet,) = read_book(path.rename(tmp_path / "客户.csv"))
    assert (sheet.name, sheet.cells.shape) == ("客户", (3, 13))
    assert dict(
        sheet.cells.T.itertuples(index=False, name=None) if False else zip(*values(sheet)[:2], strict=True)
    ) == {
        "电话": "02157654321",
        "编号": 6222020200112233445,
        "报价": 12000,
        "分": 0.5,
        "成交": True,
        "日期": date(2026, 11, 3),
        "时间": moment,
        "世界": "2026-11-03 17:30:00+08:00",
        "钟": time(9, 30),
        "时长": timedelta(hours=1),
        "渠道": "抖音",
        "标签": '["高", "急"]',
        "旧文": "王",
    }
    assert values(sheet)[2] == [None, 1, 0.1, None, None, None, None, None, None, None, "展会", None, None]
    assert codes(sheet) == {"binary-cells": (1, "客户!M3")}


def test_a_parquet_file_that_is_cut_short_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.parquet").write_bytes(b"PAR1....PAR1")
    assert code_of(tmp_path / "a.parquet") == "damaged-workbook"


def test_a_parquet_file_of_more_rows_than_memory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    rows = pa.nulls(1 << 25)
    pq.write_table(pa.table({f"c{number}": rows for number in range(9)}), path)
    assert (path.stat().st_size < 1 << 20, code_of(path)) == (True, "zip-bomb")


# Real files


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sheets are not here")
@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("excelize-encryptAES", "password"),
        ("excelize-encryptSHA512", "password"),
        ("poi-encrypted-sha512", "this is a test"),
    ],
)
def test_published_encrypted_workbooks_open_with_their_published_passwords(name: str, password: str) -> None:
    assert read_book(SHARED / f"excel-fixtures/{name}.xlsx", password)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sheets are not here")
@pytest.mark.parametrize("name", ["1904-datemode.ods", "1904-datemode.xlsb"])
def test_published_workbooks_that_count_from_1904_show_the_dates_they_spell_out(name: str) -> None:
    (sheet,) = read_book(SHARED / "excel-fixtures" / name)
    assert [f"{day:%Y-%m-%d}" for day in sheet.cells["B"]] == list(sheet.cells["C"])
