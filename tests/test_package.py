"""The user's workbook with ours in it: everything else byte for byte theirs."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from datetime import date
from pathlib import Path
from xml.sax.saxutils import escape

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from builders import MAIN, raw_book
from lostdeals.cli import main
from lostdeals.package.archive import Archive, inflated
from lostdeals.package.book import Book
from lostdeals.package.outline import Part
from lostdeals.package.refusal import Refused
from lostdeals.package.site import Wanted, find
from lostdeals.write import scored_name
from packages import (
    HEADERS,
    MACRO_TYPE,
    SHEET,
    STYLES,
    customers,
    package,
    parts_of,
    related,
    row_xml,
    rows_xml,
    sheet_xml,
)
from strictly import faults

TODAY = ["--today", "2026-11-20"]
OURS = 18
EDITED = {SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"}
TABLE = (
    f'<table xmlns="{MAIN}" id="3" name="客户表" displayName="客户表" ref="A1:F13"><autoFilter ref="A1:F13"/>'
    '<tableColumns count="6">'
    + "".join(f'<tableColumn id="{number}" name="{name}"/>' for number, name in enumerate(HEADERS, start=1))
    + "</tableColumns></table>"
)
TABLE_TYPE = (
    '<Override PartName="/xl/tables/table1.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.table+xml"/>'
)


def score(path, *more):
    """Score a file quietly; gives the workbook that came of it."""
    before = path.read_bytes()
    assert main(["score", str(path), "--no-charts", "--no-remember", "--quiet", *TODAY, *more]) == 0
    assert path.read_bytes() == before
    return path.with_name(scored_name(path))


def said(path, capsys):
    """What the screen says of a file that is scored."""
    capsys.readouterr()
    assert main(["score", str(path), "--no-charts", "--no-remember", "--verbose", *TODAY]) == 0
    return capsys.readouterr().out


def cells(xml):
    """Address -> the cell as canonical XML, of a sheet whatever its prefix."""
    root = etree.fromstring(xml)
    return {cell.get("r"): etree.tostring(cell, method="c14n") for cell in root.iter(f"{{{MAIN}}}c")}


def with_table(path, xml=TABLE, **more):
    after = '<tableParts count="1"><tablePart r:id="rId1"/></tableParts>'
    return package(
        path,
        sheet_xml(after=after),
        {"xl/tables/table1.xml": xml, **more},
        sheet_rels=related(1, "table", "../tables/table1.xml"),
        overrides=TABLE_TYPE,
    )


# ---- nothing of theirs is harmed


def test_every_other_part_keeps_its_bytes_whatever_it_is(tmp_path):
    theirs = {
        "xl/drawings/drawing1.xml": "<wsDr/>",
        "xl/charts/chart1.xml": "<chartSpace/>",
        "xl/media/image1.png": bytes(range(256)) * 20,
        "xl/pivotTables/pivotTable1.xml": "<pivotTableDefinition/>",
        "xl/pivotCache/pivotCacheRecords1.xml": "<pivotCacheRecords/>",
        "xl/slicers/slicer1.xml": "<slicers/>",
        "xl/threadedComments/threadedComment1.xml": "<ThreadedComments/>",
        "xl/persons/person.xml": "<personList/>",
        "xl/calcChain.xml": f'<calcChain xmlns="{MAIN}"><c r="A1" i="4"/></calcChain>',
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0 macros",
        "docProps/app.xml": "<Properties/>",
        "customXml/item1.xml": "<own>数据</own>",
    }
    path = package(tmp_path / "客户.xlsm", more=theirs, main_type=MACRO_TYPE)
    out = score(path)
    assert out.name == "客户.scored.xlsm"
    before, after = parts_of(path), parts_of(out)
    assert {name for name in before if before[name] != after.get(name)} == EDITED
    assert list(after)[: len(before)] == list(before)
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(out) as new:
        assert new.testzip() is None
        assert [old.getinfo(name).compress_size for name in theirs] == [
            new.getinfo(name).compress_size for name in theirs
        ]


@pytest.mark.parametrize("prefix", ["", "x:", "ss:"])
def test_cells_keep_their_xml_and_ours_take_the_files_own_prefix(tmp_path, prefix):
    path = package(tmp_path / "客户.xlsx", sheet_xml(p=prefix))
    before, after = parts_of(path)[SHEET], parts_of(score(path))[SHEET]
    old, new = cells(before), cells(after)
    assert {address: new[address] for address in old} == old
    assert len(new) > len(old) + 12 * 5
    assert {etree.QName(one).namespace for one in etree.fromstring(after).iter()} == {MAIN}
    assert set(re.findall(rb"<(\w+:)?c r=", after)) == {prefix.encode()}
    assert f'<{prefix}dimension ref="A1:X13"/>'.encode() in after
    assert b'spans="1:24"' in after
    assert b'spans="1:6"' not in after


def test_both_readers_see_the_old_cells_and_the_new_ones_and_formulas_keep_their_values(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    out = score(path)
    formulas, values = openpyxl.load_workbook(out)["客户"], openpyxl.load_workbook(out, data_only=True)["客户"]
    assert (formulas["E3"].value, values["E3"].value) == ("=11000+0", 11000)
    read = CalamineWorkbook.from_path(out).get_sheet_by_name("客户").to_python()
    assert read[0][:7] == [*HEADERS, "评分"]
    assert [row[:6] for row in read[1:]] == customers()
    assert [row[6].value or "" for row in values["A2:X13"]] == [row[6] for row in read[1:]]


def test_the_users_looks_come_first_and_ours_are_in_the_users_font(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    out = score(path)
    old, new = (Part(parts_of(one)["xl/styles.xml"], 3) for one in (path, out))
    for group in old.root.children:
        theirs = [old.source(one) for one in group.children]
        now = [new.source(one) for one in new.root.child(group.name).children]
        assert now[: len(theirs)] == theirs
        assert new.root.child(group.name).attributes["count"] == str(len(now))
    sheet = openpyxl.load_workbook(out)["客户"]
    assert (sheet["G1"].font.name, sheet["G1"].font.sz, sheet["G1"].font.b) == ("微软雅黑", 12, True)
    assert (sheet["E2"].number_format, sheet["T2"].number_format) == ("General", "yyyy-mm-dd")


def test_looks_that_are_there_already_are_used_and_the_old_ones_stay_a_prefix(tmp_path):
    first = parts_of(score(package(tmp_path / "a.xlsx")))["xl/styles.xml"].decode()
    bars = re.sub('(<borders count=")[^"]*(">).*?</borders>', r"\g<1>1\2<border/></borders>", first)
    second = parts_of(score(package(tmp_path / "b.xlsx", more={"xl/styles.xml": bars})))["xl/styles.xml"].decode()
    for name in ("numFmts", "fonts", "fills", "dxfs"):
        assert re.search(f"<{name}.*</{name}>", first)[0] in second
    before, after = (re.search("<cellXfs[^>]*>(.*)</cellXfs>", one)[1] for one in (bars, second))
    assert after.startswith(before)
    assert len(after) > len(before)


def test_a_workbook_with_as_many_looks_as_excel_takes_is_left_as_it_is(tmp_path, capsys):
    one = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    many = STYLES.replace('<cellXfs count="3">', f'<cellXfs count="65003">{one * 65_000}')
    assert "格式" in said(package(tmp_path / "客户.xlsx", more={"xl/styles.xml": many}), capsys)
    assert "新建" in said(tmp_path / "客户.xlsx", capsys)
    assert len(openpyxl.load_workbook(tmp_path / "客户.scored.xlsx")["客户"][1]) == 24


def test_a_workbook_without_styles_gets_some(tmp_path):
    rows = rows_xml().replace(' s="1"', "")
    path = raw_book(tmp_path / "客户.xlsx", f"<sheetData>{rows}</sheetData>")
    out = score(path)
    assert CalamineWorkbook.from_path(out).get_sheet_by_name("客户").to_python()[0][6] == "评分"
    assert b'"/xl/styles.xml"' in parts_of(out)["[Content_Types].xml"]


# ---- rows


def test_rows_that_say_no_number_and_cells_that_say_no_place_are_counted(tmp_path):
    rows = re.sub(r' r="[A-Z]?\d+"| spans="[\d:]+"', "", rows_xml())
    path = package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))
    read = CalamineWorkbook.from_path(score(path)).get_sheet_by_name("客户").to_python()
    assert read[0][:7] == [*HEADERS, "评分"]
    assert [row[0] for row in read[1:]] == [row[0] for row in customers()]


def test_styled_and_missing_rows_and_far_styled_cells_are_no_obstacle(tmp_path):
    rows = rows_xml() + '<row r="14" s="2" customFormat="1"/><row r="16"><c r="J16" s="1"/></row>'
    path = package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))
    after = parts_of(score(path))[SHEET]
    assert b'<row r="14" s="2" customFormat="1"/><row r="16"><c r="J16" s="1"/></row>' in after
    assert b'<c r="G1"' in after


def test_our_text_is_never_a_formula_and_never_breaks_the_xml(tmp_path):
    rows = rows_xml(3) + row_xml(5, ['=HYPERLINK("x")', "13800000009", "展会", "未成交", 5, "太贵 <了> & '🙂𠮷' =1+1"])
    out = score(package(tmp_path / "客户.xlsx", sheet_xml(rows=rows)))
    book = openpyxl.load_workbook(out)
    ours = [cell for row in book["客户"].iter_rows(min_col=7) for cell in row]
    pages = [sheet for sheet in book.worksheets[2:] if sheet.title != "评分卡"]  # its sums are formulas of our own
    ours += [cell for sheet in pages for row in sheet.iter_rows() for cell in row]
    formulas = [cell for cell in ours if cell.data_type == "f"]
    assert {(cell.parent.title, cell.column_letter) for cell in formulas} == {
        ("跟进计划", "B")
    }  # links to the customers
    assert all(cell.value.startswith("=HYPERLINK(\"#'客户'!A\"&") for cell in formulas)
    assert any("🙂𠮷" in str(cell.value) for cell in ours) or any("太贵" in str(cell.value) for cell in ours)


def test_a_cdata_or_comment_in_a_row_is_refused(tmp_path, capsys):
    rows = rows_xml().replace("太贵了", "<![CDATA[太贵了]]>", 1)
    path = package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))
    assert "CDATA" in said(path, capsys)
    assert "概览" in openpyxl.load_workbook(tmp_path / "客户.scored.xlsx").sheetnames


# ---- sorting keeps customers and cells together


def test_the_filter_and_its_hidden_name_reach_over_our_columns(tmp_path):
    names = (
        '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">客户!$A$1:$F$13'
        '</definedName><definedName name="价格">说明!$A$1</definedName></definedNames>'
    )
    path = package(tmp_path / "客户.xlsx", sheet_xml(after='<autoFilter ref="A1:F13"/>'), names=names)
    out = parts_of(score(path))
    assert b'<autoFilter ref="A1:X13"/>' in out[SHEET]
    assert "客户!$A$1:$X$13</definedName>".encode() in out["xl/workbook.xml"]
    assert '<definedName name="价格">说明!$A$1</definedName>'.encode() in out["xl/workbook.xml"]


def test_a_table_over_the_customers_is_widened(tmp_path):
    path = with_table(tmp_path / "客户.xlsx")
    table = etree.fromstring(parts_of(score(path))["xl/tables/table1.xml"])
    names = [one.get("name") for one in table.find(f"{{{MAIN}}}tableColumns")]
    assert (table.get("ref"), table[0].get("ref"), len(names)) == ("A1:X13", "A1:X13", 6 + OURS)
    assert names[:7] == [*HEADERS, "评分"]
    assert names[-1] == "手工等级"
    assert len({one.get("id") for one in table.find(f"{{{MAIN}}}tableColumns")}) == 6 + OURS


@pytest.mark.parametrize(
    "xml",
    [
        TABLE.replace('displayName="客户表"', 'displayName="客户表" tableType="queryTable"'),
        TABLE.replace('displayName="客户表"', 'displayName="客户表" headerRowCount="0"'),
        TABLE.replace('name="备注"', 'name="评分"'),
        TABLE.replace("A1:F13", "A1:E13").replace('<tableColumn id="6" name="备注"/>', ""),
    ],
)
def test_beside_a_table_that_cannot_be_widened_our_columns_get_a_sheet_of_their_own(tmp_path, capsys, xml):
    path = with_table(tmp_path / "客户.xlsx", xml)
    assert "评分结果" in said(path, capsys)
    out = tmp_path / "客户.scored.xlsx"
    before, after = parts_of(path), parts_of(out)
    assert {name for name in before if before[name] != after[name]} == EDITED - {SHEET}
    sheet = openpyxl.load_workbook(out)["评分结果"]
    assert [cell.value for cell in sheet[2]][:5] == ["行", "客户姓名", "手机", "评分", "成交概率"]
    assert [cell.value for cell in sheet[3]][:3] == [2, "王小明", "13800000000"]


SORT = """Sub SortIt(source, target, place)
  On Error Goto Failed
  Dim how1(0) As New com.sun.star.beans.PropertyValue
  how1(0).Name = "Hidden"
  how1(0).Value = True
  doc = StarDesktop.loadComponentFromURL(ConvertToURL(source), "_blank", 0, how1())
  sheet = doc.Sheets.getByIndex(0)
  area = sheet.getCellRangeByName(place)
  If place = "A1" Then
    area = sheet.createCursorByRange(area)
    area.collapseToCurrentRegion()
  End If
  Dim keys(0) As New com.sun.star.table.TableSortField
  keys(0).Field = 4
  keys(0).IsAscending = True
  Dim how2(1) As New com.sun.star.beans.PropertyValue
  how2(0).Name = "SortFields"
  how2(0).Value = keys()
  how2(1).Name = "ContainsHeader"
  how2(1).Value = True
  area.sort(how2())
  Dim how3(0) As New com.sun.star.beans.PropertyValue
  how3(0).Name = "FilterName"
  how3(0).Value = "Calc MS Excel 2007 XML"
  doc.storeToURL(ConvertToURL(target), how3())
  StarDesktop.terminate()
  Exit Sub
Failed:
  StarDesktop.terminate()
End Sub
"""
"""In LibreOffice's Basic: sort an area (the one around A1 where that is all that is said) by its fifth column."""
LIBRARY = "http://openoffice.org/2000/library"
SCRIPT = "http://openoffice.org/2000/script"


def sorted_in_libreoffice(path, area, folder):
    """The first sheet after LibreOffice sorted an area of it, rising."""
    home = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    program = Path(shutil.which("soffice")).resolve().with_name("soffice.bin")

    def libreoffice(*said):
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([program, "--headless", "--norestore", home, *said], timeout=90, check=False, **quiet)

    libreoffice("--terminate_after_init")  # makes the profile, into which the macro goes
    basic = folder / "profile/user/basic/Standard"
    basic.mkdir(parents=True, exist_ok=True)
    head = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE {0}:{1} PUBLIC "-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "{1}.dtd">\n'
    )
    said = 'script:name="Module1" script:language="StarBasic"'
    module = f'<script:module xmlns:script="{SCRIPT}" {said}>{escape(SORT)}</script:module>'
    (basic / "Module1.xba").write_text(head.format("script", "module") + module, encoding="utf-8")
    said = 'library:name="Standard" library:readonly="false" library:passwordprotected="false"'
    listed = (
        f'<library:library xmlns:library="{LIBRARY}" {said}><library:element library:name="Module1"/></library:library>'
    )
    (basic / "script.xlb").write_text(head.format("library", "library") + listed, encoding="utf-8")
    out = folder / "sorted.xlsx"
    libreoffice(f'macro:///Standard.Module1.SortIt("{path}","{out}","{area}")')
    return CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
@pytest.mark.parametrize("after", ["", '<autoFilter ref="A1:F13"/>'])
def test_a_sort_in_libreoffice_moves_our_cells_with_their_customers(tmp_path, after):
    out = score(package(tmp_path / "leads.xlsx", sheet_xml(after=after)))
    _, *before = CalamineWorkbook.from_path(out).get_sheet_by_index(0).to_python()
    area = openpyxl.load_workbook(out).worksheets[0].auto_filter.ref or "A1"
    _, *after = sorted_in_libreoffice(out, area, tmp_path)
    assert [row[:24] for row in after] == [row[:24] for row in reversed(before)]


# ---- what follows, and what the user had


def test_widths_are_cut_where_ours_begin_and_hidden_rests_stay_hidden(tmp_path):
    before = (
        '<cols><col min="1" max="2" width="20" customWidth="1"/><col min="7" max="16384" width="9" hidden="1"/></cols>'
    )
    out = parts_of(score(package(tmp_path / "客户.xlsx", sheet_xml(before=before))))[SHEET]
    cols = etree.fromstring(out).find(f"{{{MAIN}}}cols")
    found = [(int(one.get("min")), int(one.get("max")), one.get("hidden")) for one in cols]
    assert found[0] == (1, 2, None)
    assert found[1:-1] == [(place, place, None) for place in range(7, 7 + OURS)]
    assert found[-1] == (7 + OURS, 16384, "1")


def test_panes_are_frozen_only_where_the_user_had_none(tmp_path):
    own = '<sheetViews><sheetView workbookViewId="0"><pane xSplit="1" topLeftCell="B1" state="frozen"/></sheetView></sheetViews>'
    none = '<sheetViews><sheetView tabSelected="1" workbookViewId="0"><selection activeCell="C3" sqref="C3"/></sheetView></sheetViews>'
    kept = parts_of(score(package(tmp_path / "a.xlsx", sheet_xml(before=own))))[SHEET]
    assert own.encode() in kept
    frozen = openpyxl.load_workbook(score(package(tmp_path / "b.xlsx", sheet_xml(before=none))))
    assert frozen["客户"].freeze_panes == "A2"
    assert [sheet.title for sheet in frozen if sheet.sheet_view.tabSelected] == ["客户"]


def test_printing_stays_as_it_was(tmp_path):
    plain = openpyxl.load_workbook(score(package(tmp_path / "a.xlsx")))
    assert plain["客户"].print_area == "'客户'!$A$1:$F$13"
    names = '<definedNames><definedName name="_xlnm.Print_Area" localSheetId="0">客户!$A$1:$C$9</definedName></definedNames>'
    own = openpyxl.load_workbook(score(package(tmp_path / "b.xlsx", names=names)))
    assert own["客户"].print_area == "'客户'!$A$1:$C$9"


def test_rules_and_lists_of_the_user_stay_and_ours_come_after_them(tmp_path):
    after = (
        '<conditionalFormatting sqref="E2:E13"><cfRule type="cellIs" dxfId="0" priority="7" operator="equal">'
        "<formula>1</formula></cfRule></conditionalFormatting>"
        '<dataValidations count="1"><dataValidation type="list" sqref="D2:D13"><formula1>"a,b"</formula1></dataValidation>'
        "</dataValidations>"
    )
    sheet = openpyxl.load_workbook(score(package(tmp_path / "客户.xlsx", sheet_xml(after=after))))["客户"]
    rules = {str(area.sqref): [rule.priority for rule in area.rules] for area in sheet.conditional_formatting}
    assert rules["E2:E13"] == [7]
    assert min(rule for area, found in rules.items() if area != "E2:E13" for rule in found) > 7
    assert [str(one.sqref) for one in sheet.data_validations.dataValidation] == ["D2:D13", "X2:X13"]


# ---- what is refused


@pytest.mark.parametrize(
    ("code", "how"),
    [
        ("protected-sheet", {"sheet": sheet_xml(after='<sheetProtection sheet="1" objects="1"/>')}),
        ("protected-structure", {"protection": '<workbookProtection lockStructure="1"/>'}),
        ("strict", {"more": {"xl/workbook.xml": '<workbook xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"/>'}}),
        ("signed", {"more": {"_xmlsignatures/sig1.xml": "<Signature/>"}}),
        ("encoding", {"sheet": sheet_xml().replace("UTF-8", "ISO-8859-1")}),
        ("encoding", {"more": {SHEET: sheet_xml().replace("UTF-8", "UTF-16").encode("utf-16")}}),
        ("comments-in-rows", {"sheet": sheet_xml(rows=rows_xml() + "<!-- x -->")}),
        (
            "unusual-rows",
            {"sheet": sheet_xml(rows=rows_xml().replace("</row>", '<extLst><ext uri="x"/></extLst></row>'))},
        ),
        ("rows-out-of-order", {"sheet": sheet_xml(rows=rows_xml() + row_xml(3, ["x"]))}),
        ("missing-relations", {"more": {"xl/_rels/workbook.xml.rels": "<Relationships/>"}}),
        ("duplicate-parts", {"more": {"XL/Worksheets/Sheet1.xml": "<worksheet/>"}}),
        ("damaged", {"sheet": sheet_xml(after="<broken>")}),
        ("damaged", {"sheet": sheet_xml().replace("<worksheet", "<!DOCTYPE worksheet><worksheet")}),
    ],
)
def test_what_could_be_harmed_is_refused_with_its_reason(tmp_path, code, how):
    path = package(tmp_path / "客户.xlsx", **how)
    with pytest.raises(Refused) as refused, Book(path) as book:
        find(book, Wanted("客户", 1, 2, 13, {"score": "评分"}, {}))
    assert refused.value.code == code


def test_a_part_that_does_not_fit_its_checksum_is_refused(tmp_path):
    picture = bytes(range(256)) * 8
    path = package(tmp_path / "客户.xlsx", more={"xl/media/image1.png": picture})
    with zipfile.ZipFile(path) as opened:
        info = opened.getinfo("xl/media/image1.png")
    data = bytearray(path.read_bytes())
    data[info.header_offset + 16] ^= 1  # of the checksum in the local header, which nobody reads
    data[data.index(b"PK\1\2", data.rindex(b"xl/styles.xml")) + 16] ^= 1
    path.write_bytes(data)
    with Book(path) as book, pytest.raises(Refused, match="damaged"):
        book.check_copied()


def test_a_protected_sheet_gives_a_new_workbook_that_says_why(tmp_path, capsys):
    path = package(tmp_path / "客户.xlsx", sheet_xml(after='<sheetProtection sheet="1"/>'))
    assert "新建的工作簿" in said(path, capsys)
    sheet = openpyxl.load_workbook(tmp_path / "客户.scored.xlsx")["客户"]
    assert not sheet.protection.sheet
    assert [cell.value for cell in sheet[2]][:2] == ["王小明", "13800000000"]


def test_macros_do_not_go_into_a_file_that_cannot_hold_them(tmp_path, capsys):
    path = package(tmp_path / "客户.xlsm", main_type=MACRO_TYPE, more={"xl/vbaProject.bin": b"x"})
    out = tmp_path / "out.xlsx"
    assert main(["score", str(path), "--no-charts", "--no-remember", "-o", str(out), *TODAY]) == 0
    assert "宏" in capsys.readouterr().out
    assert "xl/vbaProject.bin" not in parts_of(out)


def test_a_workbook_without_macros_is_not_given_the_ending_of_one_with(tmp_path, capsys):
    path = package(tmp_path / "客户.xlsx")
    out = tmp_path / "out.xlsm"
    assert main(["score", str(path), "--no-charts", "--no-remember", "--json", "-o", str(out), *TODAY]) == 0
    assert json.loads(capsys.readouterr().out)["outputs"] == [str(tmp_path / "out.xlsx")]
    assert not out.exists()


# ---- scored again


def test_a_scored_sheet_is_scored_into_a_numbered_file_without_doubling_anything(tmp_path):
    first = score(package(tmp_path / "客户.xlsx"))
    second = score(first)
    third = score(second)
    assert (first.name, second.name, third.name) == ("客户.scored.xlsx", "客户.scored.2.xlsx", "客户.scored.3.xlsx")
    one, two = openpyxl.load_workbook(first), openpyxl.load_workbook(third)
    assert one.sheetnames == two.sheetnames
    assert [[cell.value for cell in row] for row in one["客户"]] == [
        [cell.value for cell in row] for row in two["客户"]
    ]
    assert sorted(parts_of(first)) == sorted(parts_of(third))
    assert len(one["客户"].conditional_formatting) == len(two["客户"].conditional_formatting)
    assert one["客户"].data_validations.count == two["客户"].data_validations.count == 1
    assert list(one.defined_names) == list(two.defined_names)
    assert parts_of(first)["xl/styles.xml"] == parts_of(second)["xl/styles.xml"] == parts_of(third)["xl/styles.xml"]


def test_the_users_tier_their_renamed_column_and_their_columns_behind_ours_survive(tmp_path, capsys):
    first = score(package(tmp_path / "客户.xlsx"))
    book = openpyxl.load_workbook(first)
    sheet = book["客户"]
    sheet["X3"], sheet["G1"], sheet["Y1"], sheet["Y2"] = "高价值客户", "我的分数", "负责人", "周敏"
    sheet["G2"] = 77
    book.create_sheet("我的表", 1)["A1"] = "留着"
    book.save(first)
    assert "当作您自己的列保留" in said(first, capsys)
    book = openpyxl.load_workbook(tmp_path / "客户.scored.2.xlsx")
    sheet = book["客户"]
    headers = [cell.value for cell in sheet[1]]
    assert (sheet["G1"].value, sheet["G2"].value) == ("我的分数", 77)
    assert headers[24:] == ["负责人", "评分"]
    assert headers.count("客户分层") == 1
    assert (sheet["X3"].value, sheet["J3"].value, sheet["Y2"].value) == ("高价值客户", "高价值客户", "周敏")
    assert book["我的表"]["A1"].value == "留着"
    assert book.sheetnames.count("概览") == 1
    assert not [name for name in book.sheetnames if name.endswith("(2)")]


def test_a_tier_chosen_on_the_sheet_of_results_is_carried_over(tmp_path, capsys):
    path = with_table(tmp_path / "客户.xlsx", TABLE.replace('name="备注"', 'name="评分"'))
    first = score(path)
    book = openpyxl.load_workbook(first)
    sheet = book["评分结果"]
    override = [cell.value for cell in sheet[2]].index("手工等级") + 1
    sheet.cell(4, override).value = "低价值客户"
    book.save(first)
    assert "1 位客户的手工等级" in said(path, capsys)
    sheet = openpyxl.load_workbook(first)["评分结果"]
    tier = [cell.value for cell in sheet[2]].index("客户分层") + 1
    chosen = [(row[1].value, row[tier - 1].value) for row in sheet.iter_rows(min_row=3) if row[override - 1].value]
    assert chosen == [(customers()[1][0], "低价值客户")]


def test_what_was_noted_of_a_customer_who_is_not_on_the_plan_any_more_stays_at_its_end(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    first = score(path)
    book = openpyxl.load_workbook(first)
    plan = book["跟进计划"]
    headers = [cell.value for cell in plan[2]]
    name, remarks = headers.index("客户") + 1, headers.index("备注") + 1
    who = plan.cell(3, name).value
    plan.cell(3, remarks).value = "下周签约"
    book.save(first)
    bought = [[*row[:3], "已成交", *row[4:]] if row[0] == who else row for row in customers()]
    rows = "".join(row_xml(number, row, style=number == 1) for number, row in enumerate([HEADERS, *bought], start=1))
    package(path, sheet_xml(rows=rows))
    plan = openpyxl.load_workbook(score(path))["跟进计划"]
    noted = [(row[name - 1].value, row[remarks - 1].value) for row in plan.iter_rows(min_row=3)]
    assert [one for one in noted if one[1]] == [(who, "下周签约")]


def test_a_users_own_column_of_our_name_is_not_touched(tmp_path):
    rows = "".join(
        row_xml(number, [*row, "评分" if number == 1 else number], style=number == 1)
        for number, row in enumerate([HEADERS, *customers()], start=1)
    )
    sheet = openpyxl.load_workbook(score(package(tmp_path / "客户.xlsx", sheet_xml(rows=rows))))["客户"]
    assert [cell.value for cell in sheet[1]][5:9] == ["备注", "评分", "评分", "成交概率"]
    assert [sheet[f"G{row}"].value for row in (2, 5)] == [2, 5]


# ---- killed on the way

KILLED = """
import os, pathlib, sys
from lostdeals.cli import main
moment, path = sys.argv[1:]
def die(*_): os.kill(os.getpid(), 9)
if moment == "written": os.fsync = die
if moment == "kept": os.link = die
if moment == "named":
    rename = pathlib.Path.replace
    pathlib.Path.replace = lambda one, other: die() if str(other).endswith("scored.xlsx") else rename(one, other)
main(["score", path, "--no-charts", "--no-remember", "--quiet", "--today", "2026-11-20"])
"""


@pytest.mark.parametrize("moment", ["written", "kept", "named"])
def test_a_run_that_is_killed_leaves_the_old_result_whole(tmp_path, moment):
    path = package(tmp_path / "客户.xlsx")
    old, before = score(path), path.read_bytes()
    whole = old.read_bytes()
    done = subprocess.run([sys.executable, "-c", KILLED, moment, str(path)], check=False)
    assert done.returncode == -9
    assert (old.read_bytes(), path.read_bytes()) == (whole, before)
    assert score(path).read_bytes() == whole


# ---- the zip


def test_an_archive_gives_the_same_bytes_twice_and_python_reads_it(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    outs = []
    for name in ("a.zip", "b.zip"):
        with Book(path) as book, (tmp_path / name).open("w+b") as file, path.open("rb") as source:
            archive = Archive(file)
            archive.copy(source, book.info("xl/styles.xml"))
            archive.write(book.info(SHEET), [b"abc", "客户".encode() * 1000])
            archive.close(b"note")
        outs.append((tmp_path / name).read_bytes())
    assert outs[0] == outs[1]
    with zipfile.ZipFile(tmp_path / "a.zip") as opened:
        assert opened.testzip() is None
        assert opened.comment == b"note"
        assert opened.read(SHEET) == b"abc" + "客户".encode() * 1000


def test_a_part_that_lies_about_its_size_is_found_out(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    with Book(path) as book, path.open("rb") as source:
        info = book.info(SHEET)
        info.file_size -= 1
        with pytest.raises(zipfile.BadZipFile):
            list(inflated(source, info))


def test_the_same_input_gives_the_same_bytes(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    first = score(path).read_bytes()
    assert score(path).read_bytes() == first


# ---- real workbooks

CANNOT = ("poi-test-data__spreadsheet__clusterfuzz", "test_files-sheet_visibility_strict")
"""A torn zip, and a strict file."""
ODD_XML = ("test_files-1904__1900", "test_files-AutoFilter")
"""XML that lxml does not read and others do."""
REAL = Path(__file__).parents[1] / "../shared/data/workbooks"


def made_sheet(path, out):
    """Annotate the first sheet of any workbook with two made-up columns and a sheet; gives the target part."""
    from openpyxl import Workbook

    from lostdeals.package.annotate import Ours, annotate
    from lostdeals.package.letters import letters
    from lostdeals.package.rows import Block, Column
    from lostdeals.package.styles import Styles
    from lostdeals.package.stylesheet import StyleSheet

    headers = {"score": "评分", "tier": "客户分层"}
    with Book(path) as book:
        entry = next(sheet for sheet in book.sheets if sheet.part)
        site = find(book, Wanted(entry.name, 1, 2, 6, headers, {}))
        part = StyleSheet(book)
        made = Workbook()
        made.active.title = "_"
        styles = Styles(made, *part.font())
        made.create_sheet("概览 x")["A1"] = 1
        columns = [letters(column) for column in site.columns.values()]
        heads = [
            Column(letter, [header], styles.number("header"))
            for letter, header in zip(columns, headers.values(), strict=False)
        ]
        below = [Column(letter, [1, "=x", None, 2.5, " "]) for letter in columns]
        blocks = [Block([1], heads), Block(range(2, 7), below)]
        ours = Ours(made, "_", blocks if site.columns else (), {}, {"overview": "概览 x"}, headers, header_row=1)
        with out.open("w+b") as file:
            annotate(book, site, part, ours, file, date(2026, 1, 1))
        return entry.part, {table.name for table in site.tables}


@pytest.mark.skipif(not REAL.exists(), reason="the real workbooks are not here")
@pytest.mark.parametrize("path", sorted(REAL.glob("*.xls?")) if REAL.exists() else [], ids=lambda path: path.name[:60])
@pytest.mark.filterwarnings("ignore")
def test_a_real_workbook_is_annotated_without_harm_or_refused(tmp_path, path):
    out = tmp_path / path.name
    if path.name.startswith(CANNOT):
        with pytest.raises(Refused):
            made_sheet(path, out)
        return
    part, tables = made_sheet(path, out)
    before, after = parts_of(path), parts_of(out)
    changed = {name for name in before if before[name] != after.get(name)}
    styles = {name for name in before if name.endswith("styles.xml")}
    main_part = next(one for one in before if re.search(r"workbook\d*\.xml$", one))
    relations = {name for name in before if re.search(r"workbook\d*\.xml\.rels$", name)}
    assert changed <= {part, *tables, *styles, main_part, *relations, "[Content_Types].xml"}
    old, new = cells(before[part]), cells(after[part])
    assert {address: new.get(address) for address in old if address} == {
        address: xml for address, xml in old.items() if address
    }
    assert openpyxl.load_workbook(out).sheetnames[-1] == "概览 x"
    if not path.name.startswith(ODD_XML):
        assert set(faults(out)) <= set(faults(path))
    if path.name != "test_files-1904__1900.xlsx":  # which calamine cannot read as it is
        assert CalamineWorkbook.from_path(out).sheet_names[-1] == "概览 x"
