"""A workbook of ours that other people and programs have worked in, scored again."""

import re
import shutil
import subprocess

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from builders import zipped
from lostdeals.package.letters import letters
from packages import HEADERS, SHEET, customers, package, parts_of, related, row_xml, rows_xml, sheet_xml
from strictly import faults
from test_package import TABLE, said, score, sorted_in_libreoffice, with_table

DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"


def without_names(path):
    """What a program does that knows no hidden names: it saves the workbook without them, and every text shared."""
    book = openpyxl.load_workbook(path)
    for name in list(book.defined_names):
        del book.defined_names[name]
    book.save(path)
    return path


# ---- our marks are lost


def test_pages_whose_hidden_names_are_lost_are_known_by_what_stands_on_them(tmp_path):
    first = without_names(score(package(tmp_path / "客户.xlsx")))
    before = openpyxl.load_workbook(first)
    after = openpyxl.load_workbook(score(first))
    assert not [name for name in after.sheetnames if name.endswith(")")]
    assert set(before.sheetnames) <= set(after.sheetnames)
    headers = [cell.value for cell in after["客户"][1]]
    assert headers == [cell.value for cell in before["客户"][1]]
    assert len(headers) == len(set(headers)) == 24


def test_what_was_noted_on_a_plan_without_its_name_is_carried_over(tmp_path, capsys):
    first = score(package(tmp_path / "客户.xlsx"))
    book = openpyxl.load_workbook(first)
    plan = book["跟进计划"]
    remarks = [cell.value for cell in plan[2]].index("备注") + 1
    plan.cell(3, remarks).value = "明天再打"
    book.save(first)
    without_names(first)
    assert "1 条跟进记录" in said(first, capsys)
    plan = openpyxl.load_workbook(tmp_path / "客户.scored.2.xlsx")["跟进计划"]
    assert [row[remarks - 1].value for row in plan.iter_rows(min_row=3)].count("明天再打") == 1


def test_pages_in_another_language_are_known_too(tmp_path):
    first = without_names(score(package(tmp_path / "客户.xlsx"), "--lang", "en"))
    assert "Overview" in openpyxl.load_workbook(first).sheetnames
    names = openpyxl.load_workbook(score(first, "--lang", "zh")).sheetnames
    assert "Overview" not in names
    assert "概览" in names


def test_results_on_a_sheet_of_their_own_are_known_without_names(tmp_path):
    path = with_table(tmp_path / "客户.xlsx", TABLE.replace('name="备注"', 'name="评分"'))
    first = without_names(score(path))
    names = openpyxl.load_workbook(score(first)).sheetnames
    assert names.count("评分结果") == 1
    assert not [name for name in names if name.endswith(")")]


def test_the_users_own_sheets_with_our_names_stay_though_ours_lost_their_marks(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    book = openpyxl.load_workbook(path)
    own = book.create_sheet("未成交原因")
    own["A1"], own["A2"], own["B2"], own["A3"] = "未成交原因", "未成交原因", "客户数", "价格"
    book.create_sheet("概览")["A1"] = "我的概览"
    book.save(path)
    first = without_names(score(path))
    assert "未成交原因 (2)" in openpyxl.load_workbook(first).sheetnames
    again = openpyxl.load_workbook(score(first))
    assert (again["未成交原因"]["A3"].value, again["概览"]["A1"].value) == ("价格", "我的概览")
    assert len([name for name in again.sheetnames if name.startswith("未成交原因")]) == 2
    assert len([name for name in again.sheetnames if name.startswith("概览")]) == 2


def test_without_marks_a_users_own_column_named_like_one_of_ours_is_not_touched(tmp_path):
    rows = "".join(
        row_xml(number, [*row, "评分" if number == 1 else number], style=number == 1)
        for number, row in enumerate([HEADERS, *customers()], start=1)
    )
    first = without_names(score(package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))))
    sheet = openpyxl.load_workbook(score(first))["客户"]
    assert [cell.value for cell in sheet[1]].count("评分") == 2
    assert [sheet[f"G{row}"].value for row in (2, 5)] == [2, 5]


# ---- what newer programs add


EXTENDED = (
    '<x14:conditionalFormatting xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:cfRule type="dataBar" id="{{{}}}"><x14:dataBar><x14:cfvo type="autoMin"/><x14:cfvo type="autoMax"/></x14:dataBar>'
    "</x14:cfRule><xm:sqref>{}</xm:sqref></x14:conditionalFormatting>"
)
EXTENSION = (
    '<extLst><ext xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main" '
    'uri="{{78C0D931-6437-407d-A8EE-F0AAD7539E65}}"><x14:conditionalFormattings>{}</x14:conditionalFormattings></ext></extLst>'
)


@pytest.mark.parametrize(("areas", "left"), [(["G2:G13"], 0), (["E2:E13", "G2:G13"], 1), (["E2:G13"], 1)])
def test_the_second_half_of_our_data_bar_goes_with_the_first(tmp_path, areas, left):
    first = score(package(tmp_path / "客户.xlsx"))
    parts = parts_of(first)
    rules = EXTENSION.format("".join(EXTENDED.format(number, area) for number, area in enumerate(areas)))
    parts[SHEET] = parts[SHEET].replace(b"</worksheet>", rules.encode() + b"</worksheet>")
    again = parts_of(score(zipped(first, parts)))[SHEET].decode()
    assert again.count("<x14:conditionalFormatting ") == left
    assert again.count("<extLst>") == (left > 0)
    assert faults(tmp_path / "客户.scored.2.xlsx") == []


def test_rows_without_a_cell_are_kept_when_ours_are_made_anew(tmp_path):
    first = score(package(tmp_path / "客户.xlsx"))
    parts = parts_of(first)
    parts[SHEET] = parts[SHEET].replace(b"</sheetData>", b'<row r="40" ht="20"></row><row r="41"/></sheetData>')
    again = parts_of(score(zipped(first, parts)))[SHEET]
    assert b'<row r="40" ht="20"></row><row r="41"/>' in again


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_a_result_that_libreoffice_has_saved_can_be_scored_again(tmp_path):
    first = score(package(tmp_path / "leads.xlsx", sheet_xml(40, after='<autoFilter ref="A1:F41"/>')))
    home = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    said = ["--headless", "--convert-to", "xlsx", "--outdir", tmp_path / "saved", first]
    subprocess.run(["soffice", home, *said], check=True, capture_output=True, timeout=120)
    saved = tmp_path / "saved" / first.name
    again = score(saved)
    names = [name for name in CalamineWorkbook.from_path(again).sheet_names if name.endswith(")")]
    headers = CalamineWorkbook.from_path(again).get_sheet_by_index(0).to_python()[0]
    assert (names, len(headers), len(set(headers))) == ([], 24, 24)
    assert set(faults(again)) <= set(faults(saved))


# ---- columns that were moved


def test_a_column_that_was_moved_is_made_anew_where_it_stands_and_said(tmp_path, capsys):
    first = score(package(tmp_path / "客户.xlsx"))
    book = openpyxl.load_workbook(first)
    sheet = book["客户"]
    for row in sheet.iter_rows(min_row=1, max_row=13):  # the tier goes behind all others
        row[24 - 1].offset(0, 1).value, row[10 - 1].value = row[10 - 1].value, None
    sheet["Y2"] = "旧的"
    book.save(first)
    without_names(first)
    out = said(first, capsys)
    assert "1 个新增的列不在原来的位置" in out
    assert "客户!Y" in out
    sheet = openpyxl.load_workbook(tmp_path / "客户.scored.2.xlsx")["客户"]
    headers = [cell.value for cell in sheet[1]]
    assert (headers[24], headers.count("客户分层")) == ("客户分层", 1)
    assert sheet["Y2"].value != "旧的"


def test_columns_that_nobody_moved_are_not_spoken_of(tmp_path, capsys):
    first = score(package(tmp_path / "客户.xlsx"))
    assert "不在原来的位置" not in said(first, capsys)


def test_a_column_of_the_users_between_ours_makes_the_smaller_part_one_that_was_moved(tmp_path, capsys):
    first = score(package(tmp_path / "客户.xlsx"))
    parts = parts_of(first)
    names = parts["xl/workbook.xml"].decode()
    for key, letter in (("score", "G"), ("win_probability", "H")):
        assert f"_lostdeals.{key}" in names
        assert f"'客户'!${letter}$1" in names
    book = openpyxl.load_workbook(first)
    sheet = book["客户"]
    for row in sheet.iter_rows(min_row=1, max_row=13, min_col=7, max_col=24):
        values = [cell.value for cell in row]
        for cell, value in zip(row[1:], values[1:], strict=True):
            cell.offset(0, 1).value = value
        row[1].value = "我插的列" if row[0].row == 1 else 1
    for name, defined in book.defined_names.items():
        found = re.fullmatch(r"'客户'!\$([A-Z]+)\$1", defined.attr_text)
        if name.startswith("_lostdeals.") and found and name != "_lostdeals.score":
            column = openpyxl.utils.column_index_from_string(found[1]) + 1
            defined.attr_text = f"'客户'!${letters(column)}$1"
    book.save(first)
    assert "首列：客户!G" in said(first, capsys)
    sheet = openpyxl.load_workbook(tmp_path / "客户.scored.2.xlsx")["客户"]
    assert (sheet["H1"].value, sheet["H2"].value) == ("我插的列", 1)


# ---- what floats, what has no room, what is sorted


def floating(path, anchor):
    """A workbook with something that floats over its customers' sheet."""
    shape = '<xdr:sp macro="" textlink=""/><xdr:clientData/>'
    drawing = f'<xdr:wsDr xmlns:xdr="{DRAWING}">{anchor.format(shape)}</xdr:wsDr>'
    override = (
        '<Override PartName="/xl/drawings/drawing1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
    )
    return package(
        path,
        sheet_xml(after='<drawing r:id="rId1"/>'),
        {"xl/drawings/drawing1.xml": drawing},
        sheet_rels=related(1, "drawing", "../drawings/drawing1.xml"),
        overrides=override,
    )


FROM = "<xdr:from><xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{}</xdr:row><xdr:rowOff>0</xdr:rowOff></xdr:from>"
TO = FROM.replace("from", "to")


@pytest.mark.parametrize(
    ("anchor", "first"),
    [
        (f"<xdr:twoCellAnchor>{FROM.format(7, 1)}{TO.format(12, 8)}{{}}</xdr:twoCellAnchor>", "H2"),
        (f"<xdr:twoCellAnchor>{FROM.format(7, 40)}{TO.format(12, 50)}{{}}</xdr:twoCellAnchor>", ""),
        (f"<xdr:twoCellAnchor>{FROM.format(0, 1)}{TO.format(5, 8)}{{}}</xdr:twoCellAnchor>", ""),
        (f'<xdr:oneCellAnchor>{FROM.format(4, 1)}<xdr:ext cx="3000000" cy="900000"/>{{}}</xdr:oneCellAnchor>', "E2"),
        (
            '<xdr:absoluteAnchor><xdr:pos x="9000000" y="0"/><xdr:ext cx="900000" cy="900000"/>{}</xdr:absoluteAnchor>',
            "O1",
        ),
    ],
)
def test_a_picture_over_our_columns_is_not_moved_but_said(tmp_path, capsys, anchor, first):
    path = floating(tmp_path / "客户.xlsx", anchor)
    out = said(path, capsys)
    assert (f"客户!{first} 起" in out) if first else ("浮在新增的列上面" not in out)
    result = tmp_path / "客户.scored.xlsx"
    assert parts_of(result)["xl/drawings/drawing1.xml"] == parts_of(path)["xl/drawings/drawing1.xml"]
    guide = [
        cell for row in CalamineWorkbook.from_path(result).get_sheet_by_name("使用说明").to_python() for cell in row
    ]
    assert ("被盖住的列" in guide) == bool(first)


def test_a_sheet_without_a_free_column_gets_its_results_on_another_sheet(tmp_path, capsys):
    far = rows_xml().replace('<row r="1" spans="1:6">', '<row r="1" spans="1:16384">', 1)
    far = far.replace("</row>", '<c r="XFD1" s="1"/></row>', 1)
    path = package(tmp_path / "客户.xlsx", sheet_xml(rows=far))
    out = said(path, capsys)
    assert "隔着空列" in out
    assert re.search(r"只多了 \d+ 个工作表", out)
    result = tmp_path / "客户.scored.xlsx"
    assert parts_of(result)[SHEET] == parts_of(path)[SHEET]
    assert [cell.value for cell in openpyxl.load_workbook(result)["评分结果"][2]][:4] == [
        "行",
        "客户姓名",
        "手机",
        "评分",
    ]


def test_the_row_on_the_plan_is_looked_up_by_what_only_that_customer_has(tmp_path):
    book = openpyxl.load_workbook(score(package(tmp_path / "客户.xlsx")))
    found = next(cell.value for cell in book["跟进计划"]["B"][2:] if isinstance(cell.value, str))
    phone = re.search(r'MATCH\("(\d+)"', found)[1]
    assert found == (
        f"=HYPERLINK(\"#'客户'!A\"&IFERROR(MATCH(\"{phone}\",'客户'!$B:$B,0),{int(phone[3:]) + 2}),"
        f"IFERROR(MATCH(\"{phone}\",'客户'!$B:$B,0),{int(phone[3:]) + 2}))"
    )


def test_a_customer_without_anything_of_their_own_has_a_link_to_the_row_of_today(tmp_path):
    people = [["王小明", "13800000001", "展会", "跟进中", 5, ""], ["王小明", "13800000001", "展会", "跟进中", 5, ""]]
    people += [["李芳", "13800000002", "展会", "跟进中", 5, ""]]
    rows = "".join(row_xml(number, row) for number, row in enumerate([HEADERS, *people], start=1))
    plan = openpyxl.load_workbook(score(package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))))["跟进计划"]
    by_name = {row[2].value: row[1] for row in plan.iter_rows(min_row=3)}
    assert by_name["王小明"].value in ("=HYPERLINK(\"#'客户'!A\"&2,2)", "=HYPERLINK(\"#'客户'!A\"&3,3)")
    assert "MATCH" in by_name["李芳"].value


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_the_rows_on_the_plan_follow_a_sort_of_the_customers(tmp_path):
    out = score(package(tmp_path / "leads.xlsx", sheet_xml(after='<autoFilter ref="A1:F13"/>')))
    before = CalamineWorkbook.from_path(out).get_sheet_by_name("跟进计划").to_python()[2:]
    rows = sorted_in_libreoffice(out, "A1:X13", tmp_path)
    plan = CalamineWorkbook.from_path(tmp_path / "sorted.xlsx").get_sheet_by_name("跟进计划").to_python()[2:]
    assert [line[2] for line in plan] == [line[2] for line in before]
    assert [line[1] for line in plan] != [line[1] for line in before]
    assert [rows[int(line[1]) - 1][0] for line in plan] == [line[2] for line in plan]


def test_pages_of_a_result_that_nobody_writes_into_are_not_read(tmp_path, monkeypatch):
    from lostdeals.read import excel

    first = score(package(tmp_path / "客户.xlsx"))
    seen = []
    original = excel._sheet
    monkeypatch.setattr(
        excel,
        "_sheet",
        lambda path, found, *rest, **how: (seen.append(found.name), original(path, found, *rest, **how))[1],
    )
    score(first)
    assert seen == ["客户", "说明", "概览", "跟进计划", "使用说明"]


def test_a_page_that_the_user_gave_another_name_is_theirs(tmp_path):
    first = score(package(tmp_path / "客户.xlsx"))
    book = openpyxl.load_workbook(first)
    book["客户分类"].title = "我的分类"
    for name in book.defined_names.values():
        name.attr_text = name.attr_text.replace("客户分类", "我的分类")
    book.save(first)
    names = openpyxl.load_workbook(score(first)).sheetnames
    assert names.count("我的分类") == names.count("客户分类") == 1
