"""Workbooks as other programs and careless people make them: what must come of each was decided beforehand."""

import re

import openpyxl
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from builders import MAIN
from lostdeals.cli import main
from lostdeals.write import scored_name
from odd_packages import CASES
from packages import SHEET, parts_of
from strictly import faults

RELS = "xl/_rels/workbook.xml.rels"
EDITED = {"xl/styles.xml", "xl/workbook.xml", RELS, "[Content_Types].xml"}
APART = ("评分结果", "Results")


def cells(xml):
    """What the cells of a sheet are, in their order, as canonical XML."""
    return [etree.tostring(cell, method="c14n") for cell in etree.fromstring(xml).iter(f"{{{MAIN}}}c")]


def what_came(path, code, out):
    """``beside``, ``apart``, ``new`` or ``error``, and the workbook."""
    made = path.with_name(scored_name(path))
    if code:
        assert not made.exists()
        assert "error" in out or "✗" in out or out.strip()
        return "error", None
    if "新建" in out or "new workbook" in out:
        return "new", made
    return ("apart" if set(CalamineWorkbook.from_path(made).sheet_names) & set(APART) else "beside"), made


def harmed(path, made):
    """What of the user's is not as it was; empty where all is."""
    before, after = parts_of(path), parts_of(made)
    folded = {name.casefold(): name for name in before}
    edited = {folded[name.casefold()] for name in {*EDITED, SHEET} if name.casefold() in folded}
    edited |= {name for name in before if "/tables/" in name}
    found = [name for name in before if name not in edited and before[name] != after.get(name)]
    sheet = next(name for name in before if name.casefold() == SHEET.casefold())
    old, new = cells(before[sheet]), cells(after[sheet])
    rest = iter(new)
    found += [cell.decode() for cell in old if not any(cell == one for one in rest)]
    return found


def kept_around(path, made):
    """Elements of the customers' sheet beside its rows that are not there any more."""
    before, after = (etree.fromstring(parts_of(one)[SHEET]) for one in (path, made))
    loose = ("sheetData", "dimension", "cols", "sheetViews", "autoFilter", "dataValidations")
    there = {etree.tostring(one, method="c14n") for one in after.iter()}
    wanted = [one for one in before if etree.QName(one).localname not in loose]
    wanted += list(before.iter(f"{{{MAIN}}}dataValidation"))
    return [one.tag for one in wanted if etree.tostring(one, method="c14n", with_tail=False) not in there]


def values(book, sheets):
    """Sheet and place -> the value that calamine reads there, of every cell that has one."""
    opened = CalamineWorkbook.from_path(book)
    return {
        (name, row, column): value
        for name in sheets
        for row, cells in enumerate(opened.get_sheet_by_name(name).to_python(skip_empty_area=False))
        for column, value in enumerate(cells)
        if value != ""
    }


def spelled_alike(book):
    """Whether the names of parts are written the same way everywhere: openpyxl and our judge need that, Excel does not."""
    parts = parts_of(book)
    return SHEET in parts and "[Content_Types].xml" in parts and b"Worksheets/" not in parts[RELS]


def in_openpyxl(book):
    """How many sheets openpyxl finds."""
    opened = openpyxl.load_workbook(book) if spelled_alike(book) else CalamineWorkbook.from_path(book)
    return len(opened.sheetnames if spelled_alike(book) else opened.sheet_names)


def judged(book):
    """What is wrong with a workbook, without what would have been right; nothing is said of one that gives no places."""
    if not spelled_alike(book) or not re.search(rb"<(?:x:)?row\s+r\b", parts_of(book)[SHEET]):
        return []
    if b"<c t" in parts_of(book)[SHEET]:
        return []
    return [re.sub(r" Expected .*|columns .*", "", fault) for fault in faults(book)]


@pytest.mark.parametrize("name", CASES)
@pytest.mark.filterwarnings("ignore::UserWarning")
def test_an_odd_workbook_comes_back_whole_or_is_refused_with_its_reason(tmp_path, capsys, name):
    build, expected = CASES[name]
    path = build(tmp_path / ("客户.xlsm" if name == "macros" else "客户.xlsx"))
    bytes_before = path.read_bytes()
    code = main(["score", str(path), "--no-charts", "--no-remember", "--verbose", "--today", "2026-11-20"])
    said = capsys.readouterr()
    assert path.read_bytes() == bytes_before
    kind, made = what_came(path, code, said.out + said.err)
    assert kind in expected.split("|"), said.out + said.err
    if made is None:
        return
    theirs, all_of_them = (CalamineWorkbook.from_path(one).sheet_names for one in (path, made))
    assert len(all_of_them) - len(theirs) == in_openpyxl(made) - in_openpyxl(path) > 10
    if kind == "new":
        return
    assert harmed(path, made) == []
    if SHEET in parts_of(path):
        assert kept_around(path, made) == []
    assert values(path, theirs).items() <= values(made, theirs).items()
    assert set(judged(made)) <= set(judged(path))
