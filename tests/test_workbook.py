"""The scored workbook, checked by reading its cells back."""

import dataclasses
import errno
import os
import re
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from lxml import etree
from python_calamine import CalamineWorkbook

from lostdeals.errors import LostDealsError
from lostdeals.funnels import Step
from lostdeals.model import ErrorCell, Finding
from lostdeals.package.cells import ROW, Fragments
from lostdeals.package.formulas import Formula
from lostdeals.package.rows import Block, Column, RowWriter
from lostdeals.write import facts
from lostdeals.write.native import Bars, draw
from lostdeals.write.new_workbook import write_new
from lostdeals.write.workbook import write_workbook
from made_up import FIRST_ROW, report, words

SCHEMA = Path(__file__).parents[1] / "../shared/data/ooxml-schema/sml.xsd"
NEW = {
    "zh": "评分 成交概率 等级 客户分层 跟进阶段归类 未成交原因归类 原因置信度 原因依据 需求归类 购买意愿归类 潜在价值归类 评分理由 "
    "下一步 下次跟进日期 重复于 数据问题 期望价值 手工等级",
    "en": "score win_probability grade tier stage_class reason_class reason_confidence reason_evidence need_class "
    "intent_class value_class why next_action next_contact duplicate_of data_issues expected_value tier_override",
}


def written(path, made):
    """The workbook of a report, read back."""
    write_new(made, words(made.lang), path)
    return openpyxl.load_workbook(path)


def with_cells(made, **values):
    """The report with other values in its customer sheet: C5=…"""
    cells = made.sheet.cells.copy()
    for address, value in values.items():
        cells.loc[int(address[1:]), address[0]] = value
    sheet = dataclasses.replace(made.sheet, cells=cells)
    return dataclasses.replace(made, sheet=sheet, sheets=(sheet, *made.sheets[1:]))


def column(sheet, header, header_row=FIRST_ROW - 1):
    """The values below a header, without the total."""
    place = [cell.value for cell in sheet[header_row]].index(header)
    return [row[place] for row in sheet.iter_rows(min_row=header_row + 1, max_row=sheet.max_row - 1, values_only=True)]


def test_every_value_of_the_sheet_stands_where_it_was(tmp_path):
    made = report("zh", 60)
    sheet = written(tmp_path / "out.xlsx", made)[made.sheet.name]
    for letter in made.sheet.cells.columns:
        expected = made.sheet.cells[letter].tolist()
        actual = [sheet[f"{letter}{row}"].value for row in made.sheet.cells.index]
        assert expected == actual


def test_calamine_reads_the_same_values_as_openpyxl(tmp_path):
    path = tmp_path / "out.xlsx"
    written(path, report("en", 60))
    book = openpyxl.load_workbook(path, data_only=True)  # the links of the plan are formulas with their values
    other = CalamineWorkbook.from_path(path)
    assert book.sheetnames == other.sheet_names
    for sheet in book:
        rows = other.get_sheet_by_name(sheet.title).to_python(skip_empty_area=False)
        for expected, actual in zip(sheet.iter_rows(values_only=True), rows, strict=True):
            days = [
                value.date() if isinstance(value, datetime) else "" if value is None else value for value in expected
            ]
            assert days == actual


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_new_columns_stand_right_of_the_users_own_in_the_contracts_order(tmp_path, lang):
    made = report(lang, 20)
    header = [cell.value for cell in written(tmp_path / "out.xlsx", made).worksheets[0][FIRST_ROW - 1]]
    assert [column.header for column in made.layout.columns] == header[:12]
    assert NEW[lang].split() == header[12:]


def test_categories_are_written_in_the_reports_language(tmp_path):
    made = report("zh", 60)
    sheet = written(tmp_path / "out.xlsx", made).worksheets[0]
    tiers = {value for value in column(sheet, "客户分层") if value}
    assert {"高价值客户", "潜在客户", "一般客户", "低价值客户"} == tiers
    assert "价格过高; 时机未到/暂缓" in column(sheet, "未成交原因归类")


def test_a_duplicate_names_the_row_and_the_customer_that_is_kept(tmp_path):
    made = report("zh", 30)
    kept = made.leads.loc[2]
    sheet = written(tmp_path / "out.xlsx", made).worksheets[0]
    assert f"第 {kept['src_row']} 行 {kept['name']}" == column(sheet, "重复于")[9]


def test_data_issues_are_said_in_words_with_their_cell(tmp_path):
    sheet = written(tmp_path / "out.xlsx", report("zh", 30)).worksheets[0]
    assert column(sheet, "数据问题")[9] == "占位或测试联系方式（D13）; 号码已损坏，位数丢失（C13）"


def test_dates_stay_dates_text_stays_text_and_long_numbers_keep_their_digits(tmp_path):
    values = {
        "C4": "0013800000001",
        "C5": 1234567890123456789,
        "J4": ErrorCell("#REF!"),
        "J5": True,
        "K4": datetime(2026, 3, 5, 15, 30),  # noqa: DTZ001 - Excel knows no time zones
        "K5": date(2026, 3, 5),
        "K6": date(1899, 1, 1),
        "H4": 0.1,
    }
    sheet = written(tmp_path / "out.xlsx", with_cells(report("zh", 5), **values)).worksheets[0]
    actual = [sheet[address].value for address in values]
    midnight = datetime(2026, 3, 5)  # noqa: DTZ001
    assert ["0013800000001", "1234567890123456789", "#REF!", True, values["K4"], midnight, "1899-01-01", 0.1] == actual
    assert sheet["K4"].number_format == "yyyy-mm-dd hh:mm"


def test_text_never_becomes_a_formula(tmp_path):
    made = report("zh", 30)
    attack = '=HYPERLINK("http://example.com","王")'
    made = with_cells(made, A4=attack, B4="+1", J4="@x", J5="#N/A")
    leads = made.leads.assign(name=attack, next_action="=1+1", why="-1", reason_evidence="@SUM(A1)")
    made = dataclasses.replace(made, leads=leads, plan=made.plan.assign(action="=1+1", owner=attack))
    path = tmp_path / "out.xlsx"
    book = written(path, made)
    formulas = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert {(cell.parent.title, cell.column_letter) for cell in formulas} == {
        ("跟进计划", "B")
    }  # links to the customers
    found = r"""IFERROR\(MATCH\((?:"(?:[^"]|"")*"|\d+),'客户跟进表'!\$[A-Z]+:\$[A-Z]+,0\),\d+\)|\d+"""
    link = re.compile(rf"""=HYPERLINK\("#'客户跟进表'!A"&({found}),(?:{found})\)""")
    assert [cell.value for cell in formulas if not link.fullmatch(cell.value)] == []
    assert attack == book.worksheets[0]["A4"].value


def test_control_characters_and_lone_surrogates_are_dropped(tmp_path):
    made = with_cells(report("zh", 5), A4="王\x00小\x0b明\ud800\ufffe", J4=" 两行\r\n文字 ")
    sheet = written(tmp_path / "out.xlsx", made).worksheets[0]
    assert [sheet["A4"].value, sheet["J4"].value] == ["王小明", " 两行\n文字 "]


def test_a_text_too_long_for_excel_is_cut_and_said(tmp_path):
    made = with_cells(report("zh", 5), J5="字" * 40_000, J6="🙂" * 20_000)
    path = tmp_path / "out.xlsx"
    findings = write_new(made, words("zh"), path).notes
    assert (Finding("cells-cut", 2, "客户跟进表!J5"),) == findings
    assert "32,767" in words("zh").finding(findings[0])
    sheet = openpyxl.load_workbook(path).worksheets[0]
    assert [len(sheet["J5"].value), len(sheet["J6"].value)] == [32_767, 16_383]


NASTY = [
    "甲",
    " 乙",
    "丙 ",
    "",
    None,
    "=1+1",
    "a<b",
    "&",
    "‖",
    "x‖ y",
    " ‖",
    "两\n行",
    "🙂",
    "\x01x",
    "\u3000",
    "字" * 40_000,
    "甲",
]


@pytest.mark.parametrize(
    "values", [NASTY, ["甲", None, "乙"], ["甲", "乙"], [1, 2, 10**15], [0, None, 3], [2.5, 3.0, None]]
)
def test_a_cell_is_the_same_alone_and_among_others(values):
    before, among, after = Fragments("", 3, {}, blanks=True).around(values)
    alone = [Fragments("", 3, {}, blanks=True)[value] for value in values]
    assert [before + one + after for one in among] == alone


def test_columns_full_and_with_gaps_stand_beside_each_other_in_their_rows():
    columns = [
        Column("A", ["甲", "乙"]),
        Column("B", [None, 2.5], 3),
        Column("C", [1, 2]),
        Column("D", ["", "<"], 4, blanks=True),
    ]
    first, second = RowWriter().cells([Block([7, 9], columns)])
    assert first == (
        7,
        '<c r="A7" t="inlineStr"><is><t>甲</t></is></c><c r="C7"><v>1</v></c><c r="D7" s="4"/>'.encode(),
    )
    assert second[1].count(b'9"') == 4
    assert b'<c r="B9" s="3"><v>2.5</v></c><c r="C9"><v>2</v></c><c r="D9" s="4" t=' in second[1]


@pytest.mark.parametrize(
    "values",
    [
        [*NASTY, None] * 60,
        ["甲", None, "乙"] * 400,
        [1, True, 1.0, None, "1", date(2026, 11, 20)] * 200,
        pd.Series([2.5, float("nan"), 3.0, 1e16] * 300),
        pd.Series([float("nan")] * 1_000),
        pd.Series(pd.to_datetime(["2026-11-20", None] * 500)),
        [Formula(f"A{ROW}+1", 2.0), None] * 500,
    ],
)
def test_a_column_of_few_values_is_written_as_each_of_its_cells_would_be(values):
    rows = range(1, len(values) + 1)
    writer = RowWriter()
    whole = dict(writer.cells([Block(rows, [Column("B", values, 3, {"date": 9})])]))
    cells = values.tolist() if isinstance(values, pd.Series) else values
    alone, cut = {}, 0
    for row, value in zip(rows, cells, strict=True):
        one = RowWriter()
        alone |= dict(one.cells([Block([row], [Column("B", [value], 3, {"date": 9})])]))
        cut += one.cut
    assert whole == alone
    assert (writer.cut, writer.first_cut) == (cut, f"B{NASTY.index('字' * 40_000) + 1}" if cut else "")


def test_a_formula_about_its_own_row_gets_the_number_of_the_row():
    column = Column("C", [Formula(f"SUM(A{ROW}:B{ROW})", 3.0)] * 2)
    xml = b"".join(RowWriter().xml([Block([7, 8], [column])])).decode()
    assert [f"SUM(A{row}:B{row})" in xml for row in (7, 8)] == [True, True]
    assert (xml.count('<c r="C8"'), ROW in xml) == (1, False)


def test_rows_beyond_the_last_of_excel_are_counted():
    writer = RowWriter()
    xml = b"".join(writer.xml([Block([1_048_575, 1_048_576, 1_048_577], [Column("A", [1, 2, 3])])])).decode()
    assert (writer.rows_left_out, xml.count("<row ")) == (1, 2)


def test_the_same_report_gives_the_same_bytes(tmp_path):
    first, second = tmp_path / "first.xlsx", tmp_path / "second.xlsx"
    for path in (first, second):
        write_new(report("zh", 40), words("zh"), path)
    assert first.read_bytes() == second.read_bytes()


def test_the_last_result_is_kept_beside_the_new_one(tmp_path):
    path = tmp_path / "x.scored.xlsx"
    write_new(report("zh", 8), words("zh"), path)
    first = path.read_bytes()
    assert write_new(report("zh", 5), words("zh"), path).notes == (
        Finding("kept-previous", first="x.scored.prev.xlsx"),
    )
    assert (tmp_path / "x.scored.prev.xlsx").read_bytes() == first
    write_new(report("zh", 5), words("zh"), path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["x.scored.prev.xlsx", "x.scored.xlsx"]


def test_a_kept_result_that_somebody_worked_in_is_never_overwritten(tmp_path):
    path = tmp_path / "out.xlsx"
    for text in ("old", "older", "oldest"):
        path.write_text(text)
        written = write_new(report("zh", 5), words("zh"), path)
        assert [finding.code for finding in written.notes] == ["kept-previous"]
    kept = {one.name: one.read_text() for one in tmp_path.iterdir() if one != path}
    assert kept == {"out.prev2.xlsx": "old", "out.prev3.xlsx": "older", "out.prev.xlsx": "oldest"}
    assert zipfile.is_zipfile(path)


@pytest.mark.parametrize("said", [errno.EACCES, errno.EPERM, errno.EBUSY, errno.ETXTBSY])
def test_a_file_that_another_program_holds_is_left_alone_and_the_new_one_gets_another_name(tmp_path, monkeypatch, said):
    path = tmp_path / "x.scored.xlsx"
    path.write_text("open in WPS")
    rename = Path.replace

    def held(source, target):
        if Path(target) == path:
            raise OSError(said, "locked")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", held)
    written = write_new(report("zh", 5), words("zh"), path)
    assert written.path == tmp_path / "x.scored (2).xlsx"
    assert path.read_text() == "open in WPS"
    assert zipfile.is_zipfile(written.path)
    told = words("zh").finding(next(note for note in written.notes if note.code == "target-open"))
    assert "x.scored (2).xlsx" in told
    assert not list(tmp_path.glob(".lostdeals*"))


def test_a_rename_that_fails_for_another_reason_leaves_the_old_result_and_nothing_beside_it(tmp_path, monkeypatch):
    path = tmp_path / "x.scored.xlsx"
    path.write_text("the old one")
    rename = Path.replace

    def across(source, target):
        if Path(target) == path:
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return rename(source, target)

    monkeypatch.setattr(Path, "replace", across)
    with pytest.raises(LostDealsError, match="cannot-write"):
        write_new(report("zh", 5), words("zh"), path)
    assert path.read_text() == "the old one"
    assert not list(tmp_path.glob(".lostdeals*"))


def test_a_name_too_long_to_keep_the_old_result_loses_nothing(tmp_path):
    path = tmp_path / f"{'k' * 243}.scored.xlsx"
    path = path.with_name(path.name[-255:])
    path.write_text("the old one")
    with pytest.raises(LostDealsError, match="cannot-write"):
        write_new(report("zh", 5), words("zh"), path)
    assert path.read_text() == "the old one"
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_what_a_killed_run_left_days_ago_is_taken_away_and_what_another_writes_now_is_not(tmp_path):
    for name in (".lostdeals-1-2.part", ".lostdeals-3-4.part", "mine.part"):
        (tmp_path / name).write_text("half")
    for name in (".lostdeals-1-2.part", "mine.part"):
        os.utime(tmp_path / name, (0, 0))
    write_new(report("zh", 5), words("zh"), tmp_path / "out.xlsx")
    assert sorted(one.name for one in tmp_path.iterdir()) == [".lostdeals-3-4.part", "mine.part", "out.xlsx"]


def test_the_sheet_itself_is_never_the_output_whatever_way_leads_there(tmp_path):
    source = tmp_path / "a.xlsx"
    source.write_text("the user's own")
    made = dataclasses.replace(report("zh", 5), source=source)
    (tmp_path / "link.xlsx").symlink_to(source)
    (tmp_path / "twin.xlsx").hardlink_to(source)
    for way in ("a.xlsx", "gone/../a.xlsx", "link.xlsx", "twin.xlsx"):
        with pytest.raises(LostDealsError, match="would-overwrite"):
            write_workbook(made, words("zh"), tmp_path / way)
    assert source.read_text() == "the user's own"


def test_a_place_that_cannot_be_written_is_an_error_with_the_reason(tmp_path):
    with pytest.raises(LostDealsError, match="cannot-write") as error:
        write_new(report("zh", 5), words("zh"), tmp_path / "missing" / "out.xlsx")
    said = words("zh").error(error.value)
    assert str(tmp_path / "missing" / "out.xlsx") in said["what"]


def test_the_users_sheets_keep_their_names_and_ours_get_a_number(tmp_path):
    made = report("zh", 5)
    other = dataclasses.replace(made.sheets[1], name="概览")
    names = written(tmp_path / "out.xlsx", dataclasses.replace(made, sheets=(made.sheet, other))).sheetnames
    assert names[:3] == ["客户跟进表", "概览", "概览 (2)"]


def test_a_sheet_named_as_excel_forbids_gets_a_name_that_it_allows(tmp_path):
    made = report("zh", 5)
    sheet = dataclasses.replace(made.sheet, name="2026/09 [未成交]: " + "很" * 40)
    made = dataclasses.replace(made, sheet=sheet, sheets=(sheet,))
    assert written(tmp_path / "out.xlsx", made).sheetnames[0][:12] == "2026 09  未成交"


def test_a_sheet_without_rows_is_left_out(tmp_path):
    made = report("zh", 10)
    assert "重复客户" not in written(tmp_path / "out.xlsx", made).sheetnames
    assert "重复客户" in written(tmp_path / "out.xlsx", report("zh", 30)).sheetnames


def test_no_customers_still_give_a_workbook(tmp_path):
    assert written(tmp_path / "out.xlsx", report("zh", 0)).sheetnames == [
        "客户跟进表",
        "产品价格",
        "概览",
        "评分说明",
        "使用说明",
    ]


def test_charts_come_with_five_customers_and_carry_their_values(tmp_path):
    few, many = tmp_path / "few.xlsx", tmp_path / "many.xlsx"
    write_new(report("zh", 4), words("zh"), few)
    write_new(report("zh", 60), words("zh"), many)
    assert not [name for name in zipfile.ZipFile(few).namelist() if "chart" in name]
    with zipfile.ZipFile(many) as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    assert len(charts) == 9  # four on the overview, and again beside their tables, where the stages have one, too
    reasons = report("zh", 60).analysis.reasons
    about_reasons = [chart for chart in charts if "竞争对手的影响" in chart]
    assert len(about_reasons) == 2
    assert f"<v>{reasons['n'].iloc[0]}</v>" in about_reasons[0]


@pytest.mark.parametrize("n", [1, 4, 12, 30])
def test_no_percentage_stands_without_its_n_where_there_are_few(tmp_path, n):
    sheet = written(tmp_path / "out.xlsx", report("zh", n))["概览"]
    texts = [cell.value for row in sheet.iter_rows(min_row=7) for cell in row if isinstance(cell.value, str)]
    rates = [text for text in texts if "%" in text and "10% 的成交率" not in text]
    assert rates
    assert [text for text in rates if not re.search(r"\d / \d+ \(\d+%\)", text)] == []


def test_filter_frozen_header_colours_and_choices_reach_the_new_columns(tmp_path):
    sheet = written(tmp_path / "out.xlsx", report("zh", 30)).worksheets[0]
    assert (sheet.auto_filter.ref, sheet.freeze_panes) == ("A3:AD33", "B4")
    assert {"M4:M33", "P4:P33", "AD4:AD33"} == {str(area.sqref) for area in sheet.conditional_formatting}
    choices = sheet.data_validations.dataValidation[0]
    assert (str(choices.sqref), choices.formula1) == ("AD4:AD33", '"高价值客户,潜在客户,一般客户,低价值客户"')


def test_merged_titles_stay_merged_but_not_customers(tmp_path):
    made = report("zh", 5)
    sheet = dataclasses.replace(made.sheet, merged=((1, 1, 1, 12), (5, 6, 6, 6)))
    made = dataclasses.replace(made, sheet=sheet)
    assert [str(area) for area in written(tmp_path / "out.xlsx", made).worksheets[0].merged_cells.ranges] == ["A1:L1"]


def test_a_sheet_without_a_header_keeps_its_first_customer(tmp_path):
    made = report("zh", 5)
    cells = made.sheet.cells.loc[4:8].set_axis(range(1, 6))
    layout = dataclasses.replace(made.layout, header_rows=(), rows=tuple(range(1, 6)))
    sheet = dataclasses.replace(made.sheet, cells=cells, merged=())
    leads = made.leads.assign(src_row=range(1, 6))
    made = dataclasses.replace(made, sheet=sheet, sheets=(sheet,), layout=layout, leads=leads)
    sheet = written(tmp_path / "out.xlsx", made).worksheets[0]
    assert cells.loc[1, "A"] == sheet["A1"].value
    assert leads.loc[0, "score"] == sheet["M1"].value


def test_the_overview_is_one_landscape_page(tmp_path):
    setup = written(tmp_path / "out.xlsx", report("zh", 30))["概览"].page_setup
    assert (setup.orientation, setup.fitToWidth, setup.fitToHeight) == ("landscape", 1, 1)


def test_a_long_list_prints_its_own_columns_at_a_size_that_can_be_read(tmp_path):
    book = written(tmp_path / "out.xlsx", report("zh", 60))
    for sheet in (book["客户分类"], book["跟进计划"], book["修改记录"]):
        assert (
            sheet.print_area
            == f"'{sheet.title}'!$A$1:${sheet.auto_filter.ref.replace('A2:', '').rstrip('0123456789')}${sheet.max_row}"
        )
        wide = sum(one.width * (one.max - one.min + 1) for one in sheet.column_dimensions.values() if one.width)
        assert wide / sheet.page_setup.fitToWidth <= 300
        assert (sheet.print_title_cols is not None) == (sheet.page_setup.fitToWidth > 1)


@pytest.mark.parametrize(("bars", "gap"), [(2, 300), (4, 100), (8, 45), (12, 45)])
def test_few_bars_are_as_thin_as_many(bars, gap):
    labels = [str(one) for one in range(bars)]
    assert draw(Bars("客户", 1, "A", "B", labels, [1.0] * bars, ""), "Arial").gapWidth == gap


def test_two_customers_who_are_not_further_yet_are_no_message():
    made = report("zh", 30)
    steps = (Step("first", 3, 1.0, None), Step("interest", 2, 0.67, 0.67), Step("won", 0, 0.0, 0.0))
    chain = dataclasses.replace(made.analysis.funnel, steps=steps)
    few = dataclasses.replace(made, analysis=dataclasses.replace(made.analysis, funnel=chain))
    assert few.analysis.funnel.largest_loss == (steps[2], 2)
    assert facts.funnel(few, words("zh")).sentence == ""


def test_the_overview_lists_open_customers_before_lost_ones(tmp_path):
    made = report("zh", 60)
    lost = made.leads.index[made.leads["outcome_class"].eq("lost")][:3]
    extra = pd.DataFrame(
        {"lead": lost, "priority": 0, "action": "a", "why": "w", "due": pd.Timestamp(2026, 11, 23), "owner": "o"}
    )
    plan = pd.concat([extra, made.plan], ignore_index=True)
    sheet = written(tmp_path / "out.xlsx", dataclasses.replace(made, plan=plan))["概览"]
    first = next(row for row in sheet.iter_rows() for cell in row if cell.value == "行")[0].row + 1
    assert made.leads.loc[made.plan["lead"].iloc[0], "src_row"] == sheet.cell(first, 10).value


def test_the_plan_has_columns_to_fill_in_with_choices(tmp_path):
    sheet = written(tmp_path / "out.xlsx", report("en", 60))["Plan"]
    header = [cell.value for cell in sheet[2]]
    assert header[-4:] == ["Contacted", "Result", "Next date", "Remarks"]
    assert [choices.formula1 for choices in sheet.data_validations.dataValidation] == [
        '"yes,no"',
        '"interested,thinking it over,no answer,won,declined,do not contact"',
    ]


def test_changes_name_the_cell_and_leave_out_what_only_got_its_type(tmp_path):
    made = report("zh", 30)
    same = made.changes.iloc[:1].assign(before="5", after="5")
    made = dataclasses.replace(made, changes=pd.concat([same, made.changes], ignore_index=True))
    sheet = written(tmp_path / "out.xlsx", made)["修改记录"]
    assert [4, made.leads.loc[0, "name"], "C4", "手机"] == [cell.value for cell in sheet[3]][:4]
    assert len(made.changes) - 1 == sheet.max_row - 2


def test_the_guide_says_the_original_is_untouched_and_which_letter_is_which(tmp_path):
    sheet = written(tmp_path / "out.xlsx", report("zh", 30))["使用说明"]
    rows = list(sheet.iter_rows(values_only=True))
    assert "没有任何改动" in rows[2][2]
    assert ("M", "评分", "0–100，越高越先联系") in rows
    assert ("A", "客户姓名", "姓名（依据列名，把握 97%）") in rows


@pytest.mark.skipif(not SCHEMA.exists(), reason="the ECMA-376 schema is not here")
@pytest.mark.parametrize(("lang", "n"), [("zh", 60), ("en", 4)])
def test_every_part_follows_the_ecma_schema(tmp_path, lang, n):
    path = tmp_path / "out.xlsx"
    write_new(report(lang, n), words(lang), path)
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    with zipfile.ZipFile(path) as parts:
        names = [name for name in parts.namelist() if re.match(r"xl/(workbook|styles|worksheets/sheet\d+)\.xml", name)]
        for name in names:
            schema.assertValid(etree.fromstring(parts.read(name)))
