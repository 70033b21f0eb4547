"""Every workbook that we write is one that Excel opens without a word."""

import pytest

from builders import zipped
from lostdeals.cli import main
from packages import customers, package, parts_of, related, sheet_xml
from strictly import faults
from test_again import without_names
from test_package import score, with_table

FILTER = (
    '<definedNames><definedName name="_xlnm._FilterDatabase" localSheetId="0" hidden="1">客户!$A$1:$F$13</definedName>'
    '<definedName name="_xlnm.Print_Titles" localSheetId="1">说明!$1:$1</definedName></definedNames>'
)
RULES = (
    '<autoFilter ref="A1:F13"/><mergeCells count="1"><mergeCell ref="A20:C20"/></mergeCells>'
    '<conditionalFormatting sqref="E2:E13"><cfRule type="cellIs" dxfId="0" priority="7" operator="greaterThan"><formula>5</formula>'
    "</cfRule></conditionalFormatting>"
    '<dataValidations count="1"><dataValidation type="list" sqref="D2:D13"><formula1>"成交,未成交"</formula1></dataValidation>'
    "</dataValidations>"
)
COLUMNS = '<cols><col min="1" max="3" width="12" customWidth="1"/><col min="4" max="16384" width="9"/></cols>'
CSV = "姓名,手机,来源,状态,报价金额,备注\n" + "".join(",".join(map(str, row)) + "\n" for row in customers(30))


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_an_annotated_workbook(tmp_path, prefix):
    assert faults(score(package(tmp_path / "客户.xlsx", sheet_xml(p=prefix)))) == []


def test_one_with_a_filter_rules_lists_and_widths_of_its_own(tmp_path):
    path = package(tmp_path / "客户.xlsx", sheet_xml(40, before=COLUMNS, after=RULES), names=FILTER)
    assert faults(path) == []
    assert faults(score(path)) == []


def test_one_with_a_table_and_a_second_run_of_it(tmp_path):
    first = score(with_table(tmp_path / "客户.xlsx"))
    assert faults(first) == []
    assert faults(score(first)) == []


def test_a_second_run_after_another_program_has_saved_the_first(tmp_path):
    first = score(package(tmp_path / "客户.xlsx", sheet_xml(40, before=COLUMNS, after=RULES), names=FILTER))
    assert faults(score(without_names(first))) == []


def test_one_whose_parts_have_the_names_that_ours_would_take(tmp_path):
    chart = '<c:chartSpace xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"><c:chart><c:plotArea><c:pieChart/></c:plotArea></c:chart></c:chartSpace>'
    drawing = '<wsDr xmlns="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing"/>'
    kind = '<Override PartName="/xl/{}" ContentType="application/vnd.openxmlformats-officedocument.{}+xml"/>'
    theirs = {"xl/charts/chart1.xml": chart, "xl/drawings/Drawing1.xml": drawing}
    path = package(
        tmp_path / "客户.xlsx",
        sheet_xml(40, after='<drawing r:id="rId1"/>'),
        theirs,
        sheet_rels=related(1, "drawing", "../drawings/Drawing1.xml"),
        overrides=kind.format("charts/chart1.xml", "drawingml.chart") + kind.format("drawings/Drawing1.xml", "drawing"),
    )
    out = score(path)
    assert faults(out) == []
    assert {name: parts_of(out)[name].decode() for name in theirs} == theirs


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_new_workbook(tmp_path, lang):
    path = tmp_path / "客户.csv"
    path.write_text(CSV, encoding="utf-8")
    score(path, "--lang", lang)
    assert faults(tmp_path / "客户.scored.xlsx") == []


def test_a_cleaned_workbook_and_a_template(tmp_path):
    path = package(tmp_path / "客户.xlsx")
    assert main(["clean", str(path), "-o", str(tmp_path / "out.xlsx"), "--quiet", "--today", "2026-11-20"]) == 0
    assert main(["template", str(tmp_path / "new.xlsx"), "--quiet"]) == 0
    assert [faults(tmp_path / name) for name in ("out.xlsx", "new.xlsx")] == [[], []]


@pytest.mark.parametrize(
    ("part", "old", "new"),
    [
        ("xl/styles.xml", '<cellXfs count="', '<cellXfs count="9'),
        ("xl/workbook.xml", 'sheetId="4"', 'sheetId="1"'),
        ("xl/workbook.xml", "'客户'!$G$1", "'没有'!$G$1"),
        ("xl/worksheets/sheet1.xml", '<c r="G2"', '<c r="A2"'),
        ("xl/worksheets/sheet1.xml", 'priority="2"', 'priority="1"'),
        ("xl/worksheets/sheet1.xml", 'ref="A1:X41"', 'ref="A1:F41"'),
        ("[Content_Types].xml", "/xl/worksheets/sheet3.xml", "/xl/worksheets/sheet99.xml"),
        ("xl/charts/chart1.xml", "'未成交原因'!", "'没有'!"),
    ],
)
def test_what_is_wrong_is_found(tmp_path, part, old, new):
    parts = parts_of(score(package(tmp_path / "客户.xlsx", sheet_xml(40))))
    assert old in parts[part].decode()
    changed = {**parts, part: parts[part].decode().replace(old, new, 1)}
    assert faults(zipped(tmp_path / "broken.xlsx", changed))
