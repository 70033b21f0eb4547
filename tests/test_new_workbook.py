"""A new workbook from a file that cannot be annotated keeps the widths and number formats that are known."""

import struct
from datetime import datetime

import openpyxl
import pytest

from builders import binary, binary_book, binary_cell, binary_row, old_book, old_number, record, zipped
from lostdeals.cli import main
from lostdeals.package.styles import moment_kinds
from lostdeals.read import read_book
from packages import package, row_xml, sheet_xml

TODAY = ["--today", "2026-11-20"]
DOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:{}:1.0"
MONEY, DAY = '"¥"#,##0.0', 'yyyy"年"m"月"d"日"'
HEADERS = ["客户姓名", "跟进状态", "报价金额", "最近联系"]
PEOPLE = [["王小明", "未成交", 12000.0, 46000.0], ["李芳", "已成交", 8000.5, 46001.0]]


def scored(path):
    assert main(["score", str(path), "--no-charts", "--no-remember", "--quiet", *TODAY]) == 0
    return openpyxl.load_workbook(path.with_name(f"{path.stem}.scored.xlsx")).worksheets[0]


def strict(tmp_path):
    """A protected sheet, with the formats of the file's own styles."""
    rows = row_xml(1, HEADERS) + "".join(
        f'<row r="{number}"><c r="A{number}" t="inlineStr"><is><t>{name}</t></is></c>'
        f'<c r="B{number}" t="inlineStr"><is><t>{state}</t></is></c>'
        f'<c r="C{number}" s="1"><v>{amount}</v></c><c r="D{number}" s="2"><v>{day}</v></c></row>'
        for number, (name, state, amount, day) in enumerate(PEOPLE, start=2)
    )
    styles = (
        '<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="2">'
        f'<numFmt numFmtId="164" formatCode="{MONEY.replace(chr(34), "&quot;")}"/>'
        f'<numFmt numFmtId="165" formatCode="{DAY.replace(chr(34), "&quot;")}"/></numFmts>'
        '<fonts count="1"><font/></fonts><fills count="1"><fill/></fills><borders count="1"><border/></borders>'
        '<cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>'
    )
    before = '<cols><col min="3" max="3" width="21.5" customWidth="1"/></cols>'
    sheet = sheet_xml(rows=rows, before=before, after='<sheetProtection sheet="1"/>')
    return package(tmp_path / "a.xlsx", sheet, {"xl/styles.xml": styles})


def old(tmp_path):
    texts = [
        record(0x204, struct.pack("<4HB", row, column, 0, len(text), 1) + text.encode("utf-16-le"))
        for row, values in enumerate([HEADERS, *PEOPLE])
        for column, text in enumerate(values)
        if isinstance(text, str)
    ]
    numbers = [old_number(row, 2, 1, one[2]) for row, one in enumerate(PEOPLE, start=1)]
    numbers += [old_number(row, 3, 2, one[3]) for row, one in enumerate(PEOPLE, start=1)]
    width = record(0x7D, struct.pack("<6H", 2, 2, int(21.5 * 256), 0, 0, 0))
    return old_book(tmp_path / "a.xls", width, *texts, *numbers, formats=[MONEY, DAY])


def binary_of(tmp_path):
    records = [binary(390), binary(60, struct.pack("<IIIIH", 2, 2, int(21.5 * 256), 0, 2)), binary(391), binary(145)]
    for row, values in enumerate([HEADERS, *PEOPLE]):
        records.append(binary_row(row))
        for column, value in enumerate(values):
            if isinstance(value, str):
                text = struct.pack("<I", len(value)) + value.encode("utf-16-le")
                records.append(binary_cell(6, column, text))
            else:
                records.append(binary_cell(5, column, struct.pack("<d", value), column - 1))
    return binary_book(tmp_path / "a.xlsb", *records, binary(146), formats=[MONEY, DAY])


def document(tmp_path):
    spaces = " ".join(f'xmlns:{one}="{DOCUMENT.format(one)}"' for one in ("office", "table", "text", "style"))
    spaces += f' xmlns:number="{DOCUMENT.format("datastyle")}"'
    styles = (
        '<style:style style:name="co1" style:family="table-column">'
        '<style:table-column-properties style:column-width="1.62in"/></style:style>'
        '<number:currency-style style:name="N1"><number:currency-symbol>¥</number:currency-symbol>'
        '<number:number number:decimal-places="1" number:min-integer-digits="1" number:grouping="true"/></number:currency-style>'
        '<number:date-style style:name="N2"><number:year number:style="long"/><number:text>年</number:text>'
        "<number:month/><number:text>月</number:text><number:day/><number:text>日</number:text></number:date-style>"
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
        '<style:style style:name="ce2" style:family="table-cell" style:data-style-name="N2"/>'
    )
    cell = "<table:table-cell {}><text:p>{}</text:p></table:table-cell>"
    rows = ""
    for values in [HEADERS, *PEOPLE]:
        cells = [
            cell.format('office:value-type="string"', value)
            if isinstance(value, str)
            else cell.format(f'table:style-name="ce1" office:value-type="currency" office:value="{value}"', value)
            for value in values[:3]
        ]
        dated = 'office:value-type="date" office:date-value="2025-12-09"'
        last = cell.format('office:value-type="string"', values[3]) if values is HEADERS else cell.format(dated, "9日")
        rows += f"<table:table-row>{''.join(cells)}{last}</table:table-row>"
    columns = (
        '<table:table-column table:number-columns-repeated="2"/><table:table-column-group>'
        '<table:table-column table:style-name="co1"/></table:table-column-group>'
        '<table:table-column table:default-cell-style-name="ce2"/>'
    )
    content = (
        f"<office:document-content {spaces}><office:automatic-styles>{styles}</office:automatic-styles><office:body>"
        f'<office:spreadsheet><table:table table:name="客户">{columns}{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    listed = f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
    manifest = f'<manifest:manifest xmlns:manifest="{DOCUMENT.format("manifest")}">{listed}</manifest:manifest>'
    parts = {"mimetype": kind, "META-INF/manifest.xml": manifest, "content.xml": content}
    return zipped(tmp_path / "a.ods", parts)


@pytest.mark.parametrize("made", [strict, old, binary_of, document])
def test_amounts_and_dates_keep_their_formats_and_columns_their_widths(tmp_path, made):
    sheet = scored(made(tmp_path))
    assert [cell.value for cell in sheet[1]][:4] == HEADERS
    assert (sheet["C2"].value, sheet["C2"].number_format) == (12000, MONEY)
    assert (isinstance(sheet["D2"].value, datetime), sheet["D2"].number_format) == (True, DAY)
    assert sheet["A2"].number_format == "General"
    assert sheet.column_dimensions["C"].width == pytest.approx(21.5, abs=0.1)


def test_a_grouped_column_of_a_document_counts_once(tmp_path):
    (sheet,) = read_book(document(tmp_path))
    assert list(sheet.widths) == ["C"]


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("General", ()),
        ("@", ()),
        ('0.0"d"', ()),
        ("[Red]#,##0", ()),
        ("[$-804]yyyy/m/d", ("date", "datetime")),
        ("hh:mm", ("time", "duration")),
        ("[h]:mm", ("time", "duration")),
    ],
)
def test_a_format_of_moments_is_told_from_one_of_numbers(code, kinds):
    assert moment_kinds(code) == kinds


def test_a_header_of_two_lines_has_room_for_both(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('姓名,状态,"预计金额\n（元）"\n王小明,未成交,5\n李芳,已成交,6\n', encoding="utf-8")
    sheet = scored(path)
    assert sheet.row_dimensions[1].height >= 30
    assert sheet.row_dimensions[2].height is None
