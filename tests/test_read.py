from __future__ import annotations

import contextlib
import csv
import io
import os
import tomllib
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from builders import book, compound, open_document, panicking_book, raw_book, saved, zipped
from lostdeals.errors import LostDealsError
from lostdeals.model import ErrorCell, Finding, Sheet
from lostdeals.package.letters import letters, number
from lostdeals.read import read_book
from lostdeals.read.choosing import reading_of
from lostdeals.read.dialect import Dialect
from lostdeals.read.encodings import encoding_of
from lostdeals.read.excel import _calamine
from lostdeals.read.quiet import quiet
from lostdeals.read.records import Records

HALF_PAST_NINE = datetime.fromisoformat("2026-11-03T09:30")
CASES = tomllib.loads((Path(__file__).parent / "cases/text_files.toml").read_text(encoding="utf-8"))
SHARED = Path(__file__).parents[1] / "../shared/data"


def values(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.cells.itertuples(index=False)]


def text_file(path: Path, content: str | bytes) -> Path:
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def code_of(path: Path) -> str:
    with pytest.raises(LostDealsError) as caught:
        read_book(path)
    return caught.value.code


# Workbooks


def test_every_cell_keeps_its_address_its_text_and_its_kind(tmp_path: Path) -> None:
    made = book(["客户", "手机", "报价", "首次接触"])
    made.active.append(["王女士", "02100000001", 12000, date(2026, 11, 3)])
    made.active.append([None, "1234567890123456789", 0.5, HALF_PAST_NINE])
    made.active.append(["=1+1 是文本", " 13800000001 ", True])
    made.active["A4"].data_type = "s"
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert (sheet.name, list(sheet.cells.columns), list(sheet.cells.index)) == (
        "客户",
        ["A", "B", "C", "D"],
        [1, 2, 3, 4],
    )
    assert values(sheet)[1:] == [
        ["王女士", "02100000001", 12000, date(2026, 11, 3)],
        [None, "1234567890123456789", 0.5, HALF_PAST_NINE],
        ["=1+1 是文本", " 13800000001 ", True, None],
    ]
    assert type(sheet.cells.loc[2, "C"]) is int
    assert list(sheet.cells.dtypes) == [object] * 4


def test_blank_rows_and_columns_before_and_within_the_table_are_counted(tmp_path: Path) -> None:
    made = book()
    made.active["C3"], made.active["E3"], made.active["C6"] = "客户", "电话", "王女士"
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert sheet.cells.shape == (6, 5)
    assert (sheet.cells.loc[3, "E"], sheet.cells.loc[6, "C"]) == ("电话", "王女士")
    assert sheet.cells.loc[4:5].isna().to_numpy().all()


def test_a_format_in_the_last_cell_of_excel_adds_no_rows(tmp_path: Path) -> None:
    made = book(["客户"], ["王女士"])
    made.active["XFD1048576"].font = Font(bold=True)
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert sheet.cells.shape == (2, 1)


@pytest.mark.parametrize("prefix", ["", "x"])
def test_hidden_rows_error_cells_and_widths_are_seen_on_a_second_look(tmp_path: Path, prefix: str) -> None:
    mark = f"{prefix}:" if prefix else ""
    xml = (
        '<cols><col min="1" max="2" width="12.5"/><col min="9" max="16384" width="3"/></cols><sheetData>'
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1" s="4" t="e"><f>A1/0</f><v>#DIV/0!</v></c></row>'
        '<row hidden="1" r="2"><c r="A2" t="str"><v>hidden=</v></c><c t="e" r="B2"><v>#N/A</v></c></row>'
        "<row r='3' hidden='true'><c r='A3'><v>3</v></c></row><row r=\"4\" hidden=\"0\"><c r=\"A4\"><v>4</v></c></row>"
        "</sheetData>"
    )
    for tag in ("cols", "col", "sheetData", "row", "c", "v", "f"):
        xml = xml.replace(f"<{tag} ", f"<{mark}{tag} ").replace(f"<{tag}>", f"<{mark}{tag}>")
        xml = xml.replace(f"</{tag}>", f"</{mark}{tag}>")
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", xml, prefix=prefix))
    assert values(sheet) == [[1, ErrorCell("#DIV/0!")], ["hidden=", ErrorCell("#N/A")], [3, None], [4, None]]
    assert sheet.hidden_rows == {2, 3}
    assert sheet.widths == {"A": 12.5, "B": 12.5}
    assert sheet.findings == (Finding("error-value", 2, "客户!B1"),)


def test_a_sheet_that_ends_in_an_error_keeps_that_row(tmp_path: Path) -> None:
    (sheet,) = read_book(saved(book(["客户"], ["#REF!"]), tmp_path / "a.xlsx"))
    assert values(sheet) == [["客户"], [ErrorCell("#REF!")]]


def test_the_second_look_finds_rows_wherever_the_pieces_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lostdeals.read.tags.PIECE", 256)
    rows = "".join(
        f'<row r="{row}" hidden="{row % 2}"><c r="A{row}" t="inlineStr"><is><t>{"字" * row}</t></is></c>'
        f'<c r="B{row}" t="e"><v>#N/A</v></c></row>'
        for row in range(1, 200)
    )
    (sheet,) = read_book(raw_book(tmp_path / "a.xlsx", f'<dimension ref="A1:B199"/><sheetData>{rows}</sheetData>'))
    assert sheet.hidden_rows == set(range(1, 200, 2))
    assert sheet.findings == (Finding("error-value", 199, "客户!B1"),)


def test_a_merged_area_gives_its_value_to_the_rows_it_spans_but_not_across(tmp_path: Path) -> None:
    made = book(["客户表", None], ["王女士", "看房"], [None, "报价"], ["李先生", "电话"])
    made.active.merge_cells("A1:B1")
    made.active.merge_cells("A2:A3")
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert values(sheet) == [["客户表", None], ["王女士", "看房"], ["王女士", "报价"], ["李先生", "电话"]]
    assert set(sheet.merged) == {(1, 1, 1, 2), (2, 1, 3, 1)}
    assert sheet.findings == ()


def test_all_sheets_come_hidden_ones_marked_and_chart_sheets_left_out(tmp_path: Path) -> None:
    made = book(["客户"])
    made.create_chartsheet("图")
    made.create_sheet("旧表").sheet_state = "veryHidden"
    sheets = read_book(saved(made, tmp_path / "a.xlsx"))
    assert [(sheet.name, sheet.hidden, sheet.cells.shape) for sheet in sheets] == [
        ("客户", False, (1, 1)),
        ("旧表", True, (0, 0)),
    ]


def test_dates_of_a_workbook_that_counts_from_1904_are_right(tmp_path: Path) -> None:
    made = book()
    made.epoch = CALENDAR_MAC_1904
    made.active.append([date(2026, 11, 3)])
    (sheet,) = read_book(saved(made, tmp_path / "a.xlsx"))
    assert values(sheet) == [[date(2026, 11, 3)]]


def test_an_open_document_is_read_without_its_million_empty_rows(tmp_path: Path) -> None:
    cell = '<table:table-cell office:value-type="string"><text:p>王女士</text:p></table:table-cell>'
    empty = '<table:table-row table:number-rows-repeated="1048575"><table:table-cell/></table:table-row>'
    path = open_document(tmp_path / "a.ods", f"<table:table-row>{cell}</table:table-row>{empty}")
    assert [values(sheet) for sheet in read_book(path)] == [[["王女士"]]]


def test_the_content_decides_and_not_the_name(tmp_path: Path) -> None:
    made = saved(book(["客户"]), tmp_path / "a.xlsx")
    renamed = made.rename(tmp_path / "a.csv")
    (from_workbook,) = read_book(renamed)
    (from_text,) = read_book(text_file(tmp_path / "b.xls", "客户,电话\n王女士,02100000001\n"))
    assert from_workbook.encoding is None
    assert values(from_text)[1] == ["王女士", "02100000001"]


# Text files


@pytest.mark.parametrize(("text", "written"), [(c["text"], w) for c in CASES["encoding"] for w in c["written"]])
def test_the_encoding_is_recognised(tmp_path: Path, text: str, written: str) -> None:
    path = text_file(tmp_path / "a.csv", text.encode(written))
    assert encoding_of(path) == written
    (sheet,) = read_book(path)
    assert values(sheet)[0] == text.splitlines()[0].split(",") + [None] * (sheet.cells.shape[1] - 2)


@pytest.mark.parametrize("case", CASES["dialect"], ids=lambda case: case["name"])
def test_the_dialect_is_recognised(case: dict[str, str | bool]) -> None:
    fields = {"quote": '"', "escaped": "", "padded": False, "wrapped": False}
    wanted = {field: case.get(field, usual) for field, usual in {"delimiter": "", **fields}.items()}
    found = reading_of(str(case["text"]).splitlines(keepends=True)).dialect
    assert wanted == {field: getattr(found, field) for field in wanted}


def test_a_character_cut_in_two_by_the_probe_does_not_change_the_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for size in range(20, 26):
        monkeypatch.setattr("lostdeals.read.encodings.BLOCK", size)
        for name in ("utf-8", "gb18030"):
            assert encoding_of(text_file(tmp_path / "a.csv", ("客户姓名,未成交\n" * 9).encode(name))) == name


def test_a_text_that_a_database_cut_within_a_character_does_not_spoil_the_rest(tmp_path: Path) -> None:
    content = "客户,备注\n".encode() + "王女士,太贵".encode()[:-1] + "\n李先生,已签约，很满意\n".encode()
    (sheet,) = read_book(text_file(tmp_path / "客户.csv", content))
    assert (sheet.encoding, values(sheet)) == (
        "utf-8",
        [["客户", "备注"], ["王女士", "太\ufffd"], ["李先生", "已签约，很满意"]],
    )
    assert sheet.findings == (Finding("replaced-characters", 1, "客户!A2"),)


def test_an_alphabet_nobody_here_reads_is_refused_instead_of_guessed(tmp_path: Path) -> None:
    assert code_of(text_file(tmp_path / "a.csv", "клиент,телефон\nиванов,1\n".encode("cp1251"))) == "unreadable-text"


def test_western_text_without_a_mark_says_that_it_was_guessed(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", "name,city\nAnn,Málaga\n".encode("latin-1")))
    assert values(sheet)[1] == ["Ann", "Málaga"]
    assert [finding.code for finding in sheet.findings] == ["encoding-guessed"]


def test_blank_lines_count_as_rows_and_a_line_break_in_quotes_does_not(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", 'a,b\r\n\r\n"1\n2",x\r\n3,y\r\n\r\n'))
    assert values(sheet) == [["a", "b"], [None, None], ["1\n2", "x"], ["3", "y"]]
    assert list(sheet.cells.index) == [1, 2, 3, 4]


def test_a_first_line_that_names_the_delimiter_is_obeyed_and_not_counted(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", "sep=;\r\na,1;b\r\nc;d\r\n"))
    assert (sheet.delimiter, values(sheet)) == (";", [["a,1", "b"], ["c", "d"]])


def test_ragged_rows_are_padded_and_counted_titles_aside(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "客户.csv", "客户表\n\na,b\n1\n\n2,3,4\n5,6\n"))
    assert values(sheet)[3:6] == [["1", None, None], [None, None, None], ["2", "3", "4"]]
    assert sheet.findings == (Finding("ragged-rows", 2, "客户!A4"),)


def test_zero_bytes_are_dropped_and_counted(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", "客户,电话,城市,来源\n".encode() * 9 + b"a\0,b,c,d\n"))
    assert (values(sheet)[9], sheet.findings) == (["a", "b", "c", "d"], (Finding("nul-bytes", 1, "a!A10"),))


def test_a_stray_quote_does_not_swallow_the_lines_after_it(tmp_path: Path) -> None:
    lines = ["a,b", '"12 寸,1', '"x,y",2', "z,3", '"两\n行",4', '"9 寸,5', "w,6"]
    (sheet,) = read_book(text_file(tmp_path / "a.csv", "\n".join(lines)))
    rows = [["a", "b"], ['"12 寸', "1"], ["x,y", "2"], ["z", "3"], ["两\n行", "4"], ['"9 寸', "5"], ["w", "6"]]
    assert values(sheet) == rows
    assert sheet.findings == (Finding("stray-quote", 2, "a!A2"),)


def test_quotes_after_a_space_still_quote(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", 'a, b\n1, "2,3"\n'))
    assert values(sheet) == [["a", "b"], ["1", "2,3"]]


def test_a_note_longer_than_the_csv_modules_limit_is_read(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.csv", f"a,b\n{'字' * 140_000},x\n"))
    assert len(sheet.cells.loc[2, "A"]) == 140_000


def test_a_single_column_is_no_table_of_commas(tmp_path: Path) -> None:
    (sheet,) = read_book(text_file(tmp_path / "a.txt", "备注\n太贵, 再说\n已签约\n"))
    assert (sheet.delimiter, values(sheet)) == ("", [["备注"], ["太贵, 再说"], ["已签约"]])


@given(
    st.lists(
        st.lists(st.text(st.characters(exclude_characters="\0\ufffd\ufeff=", codec="utf-8")), min_size=2, max_size=4)
    )
)
def test_what_the_csv_module_wrote_is_read_back(rows: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    file.seek(0)
    assert list(Records(file, Dialect())) == rows


def test_a_web_page_named_xls_gives_its_table(tmp_path: Path) -> None:
    page = (
        "<html><head><meta charset=gb2312></head><body><table border=1><tr><th>客户<th>电话</th><th>备注</th></tr>"
        "<tr><td rowspan=2>王女士</td><td>02100000001</td><td>太贵<br>再说 &amp; 等</td></tr>"
        "<tr><td colspan=2>未接</td></tr><tr><td>李先生</td><td></td><td>好</td></tr></table></body></html>"
    )
    (sheet,) = read_book(text_file(tmp_path / "客户.xls", page.encode("gbk")))
    assert values(sheet) == [
        ["客户", "电话", "备注"],
        ["王女士", "02100000001", "太贵\n再说 & 等"],
        ["王女士", "未接", None],
        ["李先生", None, "好"],
    ]


# What cannot be read


def test_each_kind_of_file_that_is_no_sheet_has_its_own_code(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    content_types = {"[Content_Types].xml": "<Types/>"}
    rels = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="word/document.xml"/></Relationships>'
    files = {
        "no-such-file": tmp_path / "none.xlsx",
        "is-a-folder": tmp_path / "folder",
        "not-a-file": Path(os.devnull),
        "empty-file": text_file(tmp_path / "empty.csv", ""),
        "encrypted": compound(tmp_path / "e.xlsx", "EncryptedPackage"),
        "damaged-workbook": text_file(tmp_path / "cut.xlsx", b"PK\x03\x04 and no more"),
        "html-table": text_file(tmp_path / "login.xls", "<html><body>please log in</body></html>"),
        "unsupported-format": text_file(tmp_path / "a.rtf", b"{\\rtf1}"),
    }
    assert {code: code_of(path) for code, path in files.items()} == {code: code for code in files}
    not_sheets = [
        zipped(tmp_path / "plain.zip", {"a.txt": "a"}),
        zipped(tmp_path / "a.docx", {**content_types, "_rels/.rels": rels, "word/document.xml": "<document/>"}),
        compound(tmp_path / "a.doc", "WordDocument"),
        text_file(tmp_path / "a.png", b"\x89PNG\r\n\x1a\n"),
        text_file(tmp_path / "junk.xls", bytes(range(256)) * 4),
    ]
    assert [code_of(path) for path in not_sheets] == ["not-a-workbook"] * 5
    assert code_of(text_file(tmp_path / "a.pdf", "%PDF-1.7\n1 0 obj\n")) == "unsupported-format"


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b" \r\n\r\n\t \n", b",,,\n,,,\n"])
def test_a_file_of_nothing_but_blanks_is_empty(tmp_path: Path, content: bytes) -> None:
    assert code_of(text_file(tmp_path / "a.csv", content)) == "empty-file"


def test_a_compound_file_that_only_looks_like_a_workbook_is_damaged(tmp_path: Path) -> None:
    assert code_of(compound(tmp_path / "a.xls", "Workbook")) == "damaged-workbook"


def test_a_compound_file_whose_sectors_run_in_a_circle_is_damaged(tmp_path: Path) -> None:
    assert code_of(compound(tmp_path / "a.xls", "Workbook", endless=True)) == "damaged-workbook"


def test_an_open_document_torn_off_in_the_middle_is_damaged(tmp_path: Path) -> None:
    assert code_of(open_document(tmp_path / "a.ods", "<table:table-row>")) == "damaged-workbook"


def test_a_workbook_of_charts_alone_has_no_sheets(tmp_path: Path) -> None:
    made = book()
    made.create_chartsheet("图")
    del made["客户"]
    assert code_of(saved(made, tmp_path / "a.xlsx")) == "no-sheets"


def test_a_panic_of_the_rust_reader_is_an_error_of_ours_and_prints_nothing(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    assert code_of(panicking_book(tmp_path / "a.xlsb")) == "damaged-workbook"
    assert capfd.readouterr() == ("", "")


def test_the_error_stream_comes_back_after_the_quiet(capfd: pytest.CaptureFixture[str]) -> None:
    with contextlib.suppress(KeyError), quiet():
        os.write(2, b"hush")
        raise KeyError
    os.write(2, b"heard")
    assert capfd.readouterr().err == "heard"


def test_an_interrupt_while_reading_stays_an_interrupt(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), _calamine(tmp_path):
        raise KeyboardInterrupt


def test_letters_and_numbers_are_each_others_inverse() -> None:
    assert [number(letters(column)) for column in range(1, 16_385)] == list(range(1, 16_385))


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sheets are not here")
def test_every_shared_file_is_read_or_refused_with_a_code(capfd: pytest.CaptureFixture[str]) -> None:
    codes = set()
    for folder in (
        "excel-fixtures",
        "messytables-horror",
        "workbooks",
        "zh-templates",
        "zh-store-advisor",
        "zh-lead-sheets",
    ):
        for path in sorted((SHARED / folder).iterdir()):
            try:
                assert read_book(path), path
            except LostDealsError as error:
                codes.add(error.code)
    assert codes <= {"encrypted", "damaged-workbook"}
    assert capfd.readouterr() == ("", "")
