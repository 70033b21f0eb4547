"""Text files that break the rules, and what is said of them."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from defective_files import EN, NARROW, ZH, Defective, defective_files, trimmed, written
from lostdeals.errors import LostDealsError
from lostdeals.model import ErrorCell, Finding, Sheet
from lostdeals.read import choosing, read_book, records
from lostdeals.read.choosing import reading_of
from lostdeals.read.dialect import Dialect
from lostdeals.read.records import Records
from lostdeals.understand import find_table
from lostdeals.vocab import load

SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def sheet_of(path: Path, content: str | bytes, name: str = "客户.csv") -> Sheet:
    """The only sheet of a file with this content."""
    (path / name).write_bytes(content.encode() if isinstance(content, str) else content)
    (sheet,) = read_book(path / name)
    return sheet


def values(sheet: Sheet) -> list[list[object]]:
    return [list(row) for row in sheet.cells.itertuples(index=False)]


def codes(sheet: Sheet) -> list[str]:
    return [finding.code for finding in sheet.findings]


def outcome(file: Defective, folder: Path) -> str:
    """``right``, ``told`` (an error, or a finding beside other cells) or ``silent``."""
    path = folder / f"a{file.suffix}"
    path.write_bytes(file.content)
    try:
        sheet = read_book(path)[0]
    except LostDealsError:
        return "told"
    read = trimmed([["" if cell is None else str(cell) for cell in row] for row in values(sheet)])
    return "right" if read == file.cells else "told" if sheet.findings else "silent"


# Files with one defect each


def test_defective_files_are_read_as_a_careful_person_would_and_never_wrongly_in_silence(tmp_path: Path) -> None:
    files = list(defective_files())
    outcomes = {file.name: outcome(file, tmp_path) for file in files}
    counts = Counter(outcomes.values())
    assert len(outcomes) == len(files) > 400
    assert [name for name, found in outcomes.items() if found == "silent"] == []
    assert counts["right"] >= 0.99 * len(files), [name for name, found in outcomes.items() if found != "right"]


@pytest.mark.parametrize("above", ["客户表\n制表：张三\n\n", "客户表\n" * 12, "# export\n# rows: 6\n"])
def test_the_table_below_titles_is_found_with_the_files_own_row_numbers(tmp_path: Path, above: str) -> None:
    sheet = sheet_of(tmp_path, above + written(ZH, delimiter="||"))
    table = find_table(sheet, load())
    header = above.count("\n") + 1
    assert (header,) == table.header_rows
    assert list(ZH[0]) == list(table.headers.values())
    assert tuple(range(header + 1, header + len(ZH))) == table.rows


def test_an_ordinary_file_is_read_in_one_way_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_candidates", None)
    for rows in (ZH, EN, NARROW):
        for delimiter in ",;\t|":
            assert reading_of(written(rows, delimiter=delimiter).splitlines(keepends=True)).dialect == Dialect(
                delimiter
            )


# What is said


@pytest.mark.parametrize(
    ("content", "finding"),
    [
        ("客户::电话::城市\n王::1::沪\n李::2::京\n", Finding("unusual-delimiter", values={"delimiter": "::"})),
        ("客户\x1f电话\n王\x1f1\n李\x1f2\n", Finding("unusual-delimiter", values={"delimiter": "\\x1f"})),
        ("客户  电话  城市\n王  1  沪\n李  2  京\n", Finding("unusual-delimiter", values={"delimiter": "␠␠"})),
        ("'客户','备注'\n'王','贵, 慢'\n'李','好'\n", Finding("unusual-quotes", values={"quotes": "'"})),
        ('客户,备注,价\n王,"说\\"贵\\"",1\n李,好,2\n', Finding("backslash-escapes")),
        ('"客户,备注,价"\n"王,""贵, 慢"",1"\n"李,好,2"\n', Finding("wrapped-lines")),
        ("客户,电话,城市\n王,1,沪\n李;2;京\n", Finding("other-delimiter", 1, "客户!A3")),
        ("客户;电话;城市\n王,1,沪\n李,2,京\n", Finding("other-delimiter", 1, "客户!A1")),
        ('客户,备注,价\n王,说"贵",1\n李,"说"贵"了",2\n', Finding("stray-quote", 1, "客户!A3")),
        ("客户,备注,价\r\n王,贵\n慢,1\r\n李,好,2\r\n", Finding("broken-line", 1, "客户!A2")),
        ("客户,价\n王,1\n\ufeff客户,价\n李,2\n", Finding("mark-inside", 1, "客户!A3")),
        ('客户,电话\n王,="0012"\n李,="0013"\n', Finding("forced-text", 2, "客户!A2")),
        ("客户,备注,价\n王,贵,慢,1\n李,好,2\n", Finding("ragged-rows", 1, "客户!A2")),
    ],
    ids=lambda value: value.code if isinstance(value, Finding) else "",
)
def test_what_is_unusual_is_said_once(tmp_path: Path, content: str, finding: Finding) -> None:
    assert (finding,) == sheet_of(tmp_path, content).findings


def test_delimiters_behind_a_row_are_nothing_to_speak_of(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "客户,电话\n王,1,,,\n李,2\n赵,3,\n")
    assert (values(sheet), sheet.findings) == ([["客户", "电话"], ["王", "1"], ["李", "2"], ["赵", "3"]], ())


def test_a_shifted_row_is_spoken_of_although_nothing_is_behind_it(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "客户,价,备注\n王, 一,1,\n李,2,好\n赵,3,\n")
    assert (values(sheet)[1], codes(sheet)) == (["王", " 一", "1"], ["ragged-rows"])


# Quotes


def test_a_forced_text_is_the_text_within_and_other_formulas_stay(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '客户,电话\n王,="0012"\n李,"=""5""""寸"""\n赵,"=SUM(""1"")"\n')
    assert sheet.cells["B"].tolist()[1:] == ["0012", '5"寸', '=SUM("1")']


def test_two_stray_quotes_lines_apart_swallow_nothing(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '客户,寸,价\n"王,5,1\n李,6,2\n赵,7,3"\n钱,8,4\n')
    assert values(sheet) == [
        ["客户", "寸", "价"],
        ['"王', "5", "1"],
        ["李", "6", "2"],
        ["赵", "7", '3"'],
        ["钱", "8", "4"],
    ]
    assert (Finding("stray-quote", 1, "客户!A2"),) == sheet.findings


def test_a_note_of_several_lines_may_hold_a_table(tmp_path: Path) -> None:
    note = "姓名,电话,价\n王,1,x\n李,2,y"
    sheet = sheet_of(tmp_path, f'客户,备注,价\n王,"{note}",1\n李,好,2\n赵,"{note}",3\n')
    assert ([note, "好", note], ()) == (sheet.cells["B"].tolist()[1:], sheet.findings)


def test_a_quoted_cell_that_lacks_a_neighbour_is_not_cut_to_make_up_for_it(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, '客户,备注,来源,城市\n王,"贵, 慢",抖音\n李,好,官网,沪\n赵,好,官网,京\n')
    assert (values(sheet)[1], codes(sheet)) == (["王", "贵, 慢", "抖音", None], ["ragged-rows"])


def test_stray_quotes_without_end_are_given_up_line_by_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "PATIENCE", 3)
    lines = ["a,b\n", '"1,x\n', "\n", '"2,y\n', '"3","z"\n', '"4,w\n']
    found = list(Records(lines, Dialect(), ("", "")))
    assert found == [["a", "b"], ['"1', "x"], [], ['"2', "y"], ["3", "z"], ['"4', "w"]]


def test_a_title_is_not_parted_because_it_has_as_many_words_as_the_table_columns(tmp_path: Path) -> None:
    sheet = sheet_of(
        tmp_path, "3月 未成交 客户 明细\n客户,电话,日期,价\n王,19900000001,2026-03-05,1\n李,19900000002,2026-03-06,2\n"
    )
    assert (values(sheet)[0], sheet.findings) == (["3月 未成交 客户 明细", None, None, None], ())


# Encodings


def test_lines_in_another_encoding_are_read_in_theirs(tmp_path: Path) -> None:
    lines = [
        "客户,备注\n".encode(),
        "王女士,价格太高\n".encode("gbk"),
        "李先生,已签约\n".encode(),
        "赵¥,ok\n".encode("gb18030"),
    ]
    sheet = sheet_of(tmp_path, b"".join(lines))
    assert values(sheet) == [["客户", "备注"], ["王女士", "价格太高"], ["李先生", "已签约"], ["赵¥", "ok"]]
    assert (Finding("mixed-encodings", 2, values={"encoding": "gb18030"}),) == sheet.findings


def test_one_line_of_utf8_in_a_file_of_gbk_is_enough_to_tell_them_apart(tmp_path: Path) -> None:
    lines = [
        "客户,备注\n".encode("gbk"),
        *["王女士,价格太高，再考虑\n".encode("gbk")] * 50,
        "李先生,北京 上海\n".encode(),
    ]
    sheet = sheet_of(tmp_path, b"".join(lines))
    assert (values(sheet)[-1], sheet.findings[0].count) == (["李先生", "北京 上海"], 51)


def test_a_block_of_gbk_far_down_a_large_file_does_not_spoil_what_is_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lostdeals.read.encodings.BLOCK", 64)
    sheet = sheet_of(tmp_path, "客户,备注\n王女士,好\n".encode() * 20 + "李先生,价格太高\n".encode("gbk") * 9)
    assert (values(sheet)[1], values(sheet)[-1]) == (["王女士", "好"], ["李先生", "价格太高"])


# Rows


@pytest.mark.parametrize("end", ["\r", "\n", "\r\n", "\r\r\n", "\n\n"])
def test_a_row_has_the_number_a_spreadsheet_program_would_give_it(tmp_path: Path, end: str) -> None:
    sheet = sheet_of(tmp_path, end.join(["a,b", '"1\n2",x', "3,y"]))
    step = 2 if end in ("\r\r\n", "\n\n") else 1
    assert sheet.cells.loc[::step, "A"].tolist() == ["a", "1\n2", "3"]
    assert [1, 1 + step, 1 + 2 * step] == list(sheet.cells.index[::step])


def test_a_line_that_names_the_delimiter_may_name_any(tmp_path: Path) -> None:
    for named, delimiter in {"||": "||", "\\t": "\t", "\t": "\t", "^": "^"}.items():
        sheet = sheet_of(tmp_path, f"SEP={named}\r\na,1{delimiter}b\r\nc{delimiter}d\r\n")
        assert (delimiter, [["a,1", "b"], ["c", "d"]]) == (sheet.delimiter, values(sheet))


def test_a_line_that_is_no_part_of_the_next_one_is_not_lost(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, "客户表\n三月\n客户,电话,价\r\n王,1,2\r\n李,3,4\r\n赵,5\n钱,6,7\r\n")
    assert sheet.cells["A"].tolist() == ["客户表", "三月", "客户", "王", "李", "赵", "钱"]
    assert (Finding("ragged-rows", 1, "客户!A6"),) == sheet.findings


@given(
    st.lists(st.text("ab1,;|\"'\\\\ \n=“”", max_size=30).map(lambda text: text + "\r\n"), max_size=12),
    st.sampled_from(["\r\n", "\n"]),
)
@example([' "\r\n'], "\n")
@example(["a,b,1\r\n", "a\n", "b\n", "a,b,1\r\n", "a,a,1\r\n"], "\r\n")
def test_no_letter_is_ever_lost_or_moved(lines: list[str], end: str) -> None:
    lines = "".join(lines).splitlines(keepends=True)
    reading = reading_of(lines)
    found = Records(lines, reading.dialect, reading.kinds, headless=reading.begins_with_values, end=end)
    letters = [character for record in found for cell in record for character in cell if character.isalnum()]
    assert [character for line in lines for character in line if character.isalnum()] == letters


def test_the_mark_of_the_files_end_is_no_cell(tmp_path: Path) -> None:
    assert values(sheet_of(tmp_path, "a,b\r\n1,2\r\n\x1a")) == [["a", "b"], ["1", "2"]]


@pytest.mark.parametrize("content", ["sep=;\r\n", "\n\n\n", '"\n', "\ufeff", "\x1a"])
def test_a_file_without_a_cell_is_empty(tmp_path: Path, content: str) -> None:
    with pytest.raises(LostDealsError) as caught:
        sheet_of(tmp_path, content)
    assert caught.value.code == "empty-file"


@pytest.mark.parametrize(
    "content", ['[{"name": "Ann"}]', '{"name": "Ann"}\n{"name": "Ben"}\n', '<?xml version="1.0"?><a/>']
)
def test_other_texts_are_refused_by_what_they_are(tmp_path: Path, content: str) -> None:
    with pytest.raises(LostDealsError) as caught:
        sheet_of(tmp_path, content)
    assert caught.value.code == "unsupported-format"


def test_a_table_of_seventeen_thousand_columns_is_read(tmp_path: Path) -> None:
    rows = [[f"c{column}" for column in range(17_000)], *[["1"] * 17_000] * 20]
    assert sheet_of(tmp_path, written(rows)).cells.shape == (21, 17_000)


# Pages and XML


@pytest.mark.parametrize(
    "start", ["<!-- made by a CRM -->\n", "<center><font>", "\ufeff<style>td{}</style>", "<tr><td>"]
)
def test_a_page_is_known_by_its_table(tmp_path: Path, start: str) -> None:
    page = f"{start}<table><tr><td>客户<script>var a = 1</script></td><td>电话</td></tr></table>"
    assert values(sheet_of(tmp_path, page, "客户.xls")) == [["客户", "电话"]]


def test_a_first_cell_in_angle_brackets_is_no_page(tmp_path: Path) -> None:
    assert values(sheet_of(tmp_path, "<none>,a\n1,2\n")) == [["<none>", "a"], ["1", "2"]]


def spreadsheet_xml(rows: str, more: str = "", prolog: str = "") -> str:
    return (
        f'<?xml version="1.0"{prolog}?>\n<?mso-application progid="Excel.Sheet"?>\n<ss:Workbook xmlns:ss="{SPACE}">'
        f'<ss:Worksheet ss:Name="客户"><ss:Table>{rows}</ss:Table>{more}</ss:Worksheet></ss:Workbook>'
    )


def xml_cell(kind: str, text: str, more: str = "") -> str:
    return f'<ss:Cell {more}><ss:Data ss:Type="{kind}">{text}</ss:Data></ss:Cell>'


def test_an_xml_spreadsheet_gives_every_cell_at_its_place_and_of_its_kind(tmp_path: Path) -> None:
    rows = (
        f"<ss:Row>{xml_cell('String', '客户', 'ss:MergeAcross=&quot;1&quot;'.replace('&quot;', chr(34)))}"
        f"{xml_cell('String', '电话')}</ss:Row>"
        f'<ss:Row ss:Index="3" ss:Hidden="1">{xml_cell("String", "王女士", chr(115) + "s:MergeDown=" + chr(34) + "1" + chr(34))}'
        f"{xml_cell('String', '0012', 'ss:Index=' + chr(34) + '3' + chr(34))}{xml_cell('Number', '1.5E3')}</ss:Row>"
        f"<ss:Row>{xml_cell('DateTime', '2026-03-05T00:00:00.000', 'ss:Index=' + chr(34) + '2' + chr(34))}"
        f"{xml_cell('Boolean', '1')}{xml_cell('Error', '#N/A')}</ss:Row>"
    )
    sheet = sheet_of(tmp_path, spreadsheet_xml(rows), "客户.xls")
    assert values(sheet)[0] == ["客户", None, "电话", None]
    assert values(sheet)[2] == ["王女士", None, "0012", 1500]
    assert [str(cell) for cell in values(sheet)[3]] == ["王女士", "2026-03-05", "True", "#N/A"]
    assert isinstance(sheet.cells.loc[4, "D"], ErrorCell)
    assert ({3}, {(1, 1, 1, 2), (3, 1, 4, 1)}) == (sheet.hidden_rows, set(sheet.merged))
    assert [(said.code, said.first) for said in sheet.findings] == [("error-value", "客户!D4")]


def test_an_xml_spreadsheet_is_read_in_the_encoding_it_is_in(tmp_path: Path) -> None:
    content = spreadsheet_xml(f"<ss:Row>{xml_cell('String', '价格太高，未成交')}</ss:Row>", prolog=' encoding="gb2312"')
    assert values(sheet_of(tmp_path, content.encode("gbk"), "客户.xls")) == [["价格太高，未成交"]]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (spreadsheet_xml("<ss:Row>"), "damaged-workbook"),
        (f'<?xml version="1.0"?><Workbook xmlns="{SPACE}"/>', "no-sheets"),
        (
            spreadsheet_xml(
                '<ss:Row ss:Index="1048576"><ss:Cell ss:Index="16384"><ss:Data>1</ss:Data></ss:Cell></ss:Row>'
            ),
            "sheet-too-sparse",
        ),
        (
            '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]>' + spreadsheet_xml("<ss:Row/>").partition("?>")[2],
            "unsupported-format",
        ),
    ],
    ids=["torn off", "no sheet", "a stray cell far out", "entities"],
)
def test_an_xml_spreadsheet_that_cannot_be_read_has_its_reason(tmp_path: Path, content: str, code: str) -> None:
    with pytest.raises(LostDealsError) as caught:
        sheet_of(tmp_path, content, "客户.xls")
    assert caught.value.code == code


def test_the_csv_module_reads_what_the_builder_of_defective_files_wrote() -> None:
    for rows in (ZH, EN, NARROW):
        assert rows == list(csv.reader(written(rows).splitlines(keepends=True)))
