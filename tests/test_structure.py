"""Finding the table on sheets that nobody prepared."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.model import Options, Sheet
from lostdeals.package.letters import letters
from lostdeals.schema import ADDED
from lostdeals.understand import inspect_sheets, to_leads, understand
from lostdeals.vocab import load

VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))
HEADER = ["姓名", "手机", "来源", "备注", "负责人"]
PEOPLE = [
    [name, f"1990000000{n}", source, note, owner]
    for n, (name, source, note, owner) in enumerate(
        [
            ("王晓明", "抖音", "价格偏高", "周敏"),
            ("李文静", "官网", "再等等看", "吴昊"),
            ("赵一鸣", "抖音", "已买别家", "周敏"),
            ("钱多多", "转介绍", "没接电话", "吴昊"),
        ]
    )
]


def sheet(rows, merged=()):
    width = max(len(row) for row in rows)
    cells = [[None if value == "" else value for value in row] + [None] * (width - len(row)) for row in rows]
    columns = [letters(place) for place in range(1, width + 1)]
    frame = pd.DataFrame(cells, index=range(1, len(rows) + 1), columns=columns, dtype=object)
    return Sheet(Path("leads.xlsx"), "客户", frame, merged=merged)


def layout(rows, merged=(), **options):
    return understand([sheet(rows, merged)], VOCABULARY, Options(today=date(2026, 5, 1), **options))[1]


def codes(found):
    return [finding.code for finding in found.findings]


# --- the header --------------------------------------------------------------------------------------------------


def test_a_header_far_down_is_found_below_any_number_of_notes():
    notes = [[f"说明{n}：本表由系统导出"] for n in range(80)]
    found = layout([*notes, HEADER, *PEOPLE])
    assert (found.header_rows, found.rows) == ((81,), (82, 83, 84, 85))


def test_a_preface_of_names_and_values_is_no_header():
    rows = [["报表名称", "客户表"], ["导出人", "周敏"], ["时间", "2026-05-01"], [], HEADER, *PEOPLE]
    assert layout(rows).header_rows == (5,)


def test_three_header_rows_are_joined_into_one_name_each():
    rows = [
        ["客户", "", "", "跟进", ""],
        ["基本情况", "", "联系", "记录", ""],
        ["姓名", "年龄", "手机", "备注", "负责人"],
        ["王晓明", 28, "19900000001", "价格偏高", "周敏"],
        ["李文静", 35, "19900000002", "再等等看", "吴昊"],
    ]
    found = layout(rows, merged=((1, 1, 1, 3), (1, 4, 1, 5), (2, 1, 2, 2), (2, 4, 2, 5)))
    assert found.header_rows == (1, 2, 3)
    assert [column.header for column in found.columns] == [
        "客户·基本情况·姓名",
        "客户·基本情况·年龄",
        "客户·联系·手机",
        "跟进·记录·备注",
        "跟进·记录·负责人",
    ]
    assert [column.role for column in found.columns] == ["name", "age", "phone", "notes", "owner"]


def test_words_alone_are_a_list_without_a_header_where_they_come_again_below():
    rows = [
        ["王晓明", "抖音", "北京"],
        ["李文静", "官网", "上海"],
        ["赵一鸣", "抖音", "北京"],
        ["钱多多", "官网", "北京"],
    ]
    found = inspect_sheets([sheet(rows)], VOCABULARY, OPTIONS)[0][1]
    assert (found.header_rows, len(found.rows)) == ((), 4)


def test_numbers_over_numbers_are_no_header():
    rows = [["A-1", 3, 1200.5], ["A-2", 4, 800.0], ["B-7", 5, 950.25]]
    found = inspect_sheets([sheet(rows)], VOCABULARY, OPTIONS)[0][1]
    assert (found.header_rows, found.doubt.code) == ((), "no-header")


def test_columns_without_a_header_are_named_by_their_letter():
    found = layout([[person[0], person[1]] for person in PEOPLE])
    assert found.header_rows == ()
    assert [(column.letter, column.header) for column in found.columns] == [("A", ""), ("B", "")]
    assert found.columns[1].role == "phone"


# --- rows that are no customers ----------------------------------------------------------------------------------


def test_a_header_said_again_in_another_language_is_no_customer():
    rows = [HEADER, ["Name", "Mobile", "Source", "Notes", "Owner"], *PEOPLE]
    found = layout(rows)
    assert (found.header_rows, found.rows, codes(found)) == ((1,), (3, 4, 5, 6), ["repeated-header"])


@pytest.mark.parametrize(
    "rows",
    [
        [["姓名", "未成交原因"], *([f"客户{n}", "太贵" if n % 2 else ""] for n in range(20))],
        [
            ["客户", "联系人", "电话", "备注"],
            *([f"{name}{n}" for name in ("客户", "联系人", "电话", "备注")] for n in range(9)),
        ],
        [["Name", "Notes"], *([f"Customer {n}", "too expensive for them"] for n in range(20))],
        [["公司", "联系人", "备注"], *([f"公司{n}", f"联系人{n}", "嫌贵"] for n in range(3))],
    ],
)
def test_names_that_only_count_are_customers_and_no_names_of_columns(rows):
    found = layout(rows)
    assert (found.header_rows, found.rows, codes(found)) == ((1,), tuple(range(2, len(rows) + 1)), [])


def test_a_row_that_says_what_must_be_filled_in_is_no_customer():
    found = layout([HEADER, ["（必填）", "必填", "选填", "选填", "必填"], *PEOPLE])
    assert (found.rows, codes(found)) == ((3, 4, 5, 6), ["remark-row"])


@pytest.mark.parametrize(
    "total",
    [
        ["合计", "", "", "", 4],
        ["总计：", 4, "", "", ""],
        ["周敏 小计", 2, "", "", ""],
        ["小计：华东区", 2, "", "", ""],
        ["", "本页合计", 4, "", ""],
        ["Total", 4, "", "", ""],
        ["Subtotal for East", 4, "", "", ""],
        ["Grand Total (4)", 4, "", "", ""],
    ],
)
def test_totals_and_subtotals_are_no_customers(total):
    found = layout([HEADER, *PEOPLE[:2], total, *PEOPLE[2:]])
    assert (found.rows, codes(found)) == ((2, 3, 5, 6), ["totals-row"])


@pytest.mark.parametrize("name", ["总计算机公司", "Total", "合计科技", "Average Joe's Gym", "Total Wine"])
def test_a_customer_whose_name_sounds_like_a_total_stays_a_customer(name):
    found = layout([HEADER, *PEOPLE, [name, "19900000009", "官网", "等报价", "周敏"]])
    assert len(found.rows) == 5


def test_titles_of_sections_are_no_customers():
    rows = [HEADER, ["一组：周敏"], *PEOPLE[:2], ["二组：吴昊"], *PEOPLE[2:]]
    found = layout(rows, merged=((2, 1, 2, 5), (5, 1, 5, 5)))
    assert (found.rows, codes(found)) == ((3, 4, 6, 7), ["section-row"])


@pytest.mark.parametrize("foot", ["Generated by CRM, all rights reserved", "共 4 条", "制表：周敏", "Page 1 of 1"])
def test_what_a_report_says_below_its_table_is_no_customer(foot):
    found = layout([HEADER, *PEOPLE, [], [foot]])
    assert (found.rows, codes(found)) == ((2, 3, 4, 5), ["remark-row"])


def test_a_customer_just_begun_in_the_last_row_is_a_customer():
    assert layout([HEADER, *PEOPLE, ["孙小小"]]).rows == (2, 3, 4, 5, 6)


# --- several tables ----------------------------------------------------------------------------------------------


def test_of_two_tables_one_above_the_other_the_customers_are_read():
    rows = [["渠道汇总"], ["来源", "数量"], ["抖音", 2], ["官网", 1], [], ["客户明细"], HEADER, *PEOPLE]
    found = layout(rows)
    assert (found.header_rows, found.rows) == ((7,), (8, 9, 10, 11))


def test_a_second_table_below_is_named_and_not_read():
    rows = [HEADER, *PEOPLE, [], ["渠道汇总"], ["来源", "数量"], ["抖音", 2], ["官网", 1]]
    found = layout(rows)
    assert (found.rows, codes(found)) == ((2, 3, 4, 5), ["several-tables"])
    assert (found.findings[0].first, found.findings[0].values["area"]) == ("客户!A8:B10", "A1:E5")


def test_tables_pasted_one_under_another_with_the_same_header_are_one():
    rows = [HEADER, *PEOPLE[:2], [], HEADER, *PEOPLE[2:]]
    found = layout(rows)
    assert (found.rows, codes(found)) == ((2, 3, 6, 7), ["repeated-header"])


def test_of_two_tables_side_by_side_the_larger_one_is_read():
    other = [["姓名", "手机"], ["孙小小", "19900000009"], *[["", ""]] * 3]
    rows = [[*left, "", *right] for left, right in zip([HEADER, *PEOPLE], other, strict=True)]
    found = layout(rows)
    assert [column.letter for column in found.columns] == ["A", "B", "C", "D", "E"]
    assert (len(found.rows), found.findings[0].first) == (4, "客户!G1:H2")


def test_a_list_of_choices_beside_the_table_is_no_column_of_it():
    people = [[f"王{name}", f"1990000000{n}", "抖音"] for n, name in enumerate("伟芳娜敏静丽强磊")]
    choices = [["来源选项"], ["抖音"], ["官网"], ["转介绍"], *[[""]] * 5]
    rows = [[*left, "", *right] for left, right in zip([["姓名", "手机", "来源"], *people], choices, strict=True)]
    found = layout(rows)
    assert [column.header for column in found.columns] == ["姓名", "手机", "来源"]
    assert codes(found) == ["several-tables"]


def test_lists_side_by_side_stay_apart_beside_the_columns_of_an_earlier_run():
    labels = [VOCABULARY.section("messages")["column"][key]["zh"] for key in ADDED]
    rows = [["姓名", "电话"] * 2 + labels]
    rows += [[PEOPLE[n][0], PEOPLE[n][1], PEOPLE[n + 1][0], PEOPLE[n + 1][1], 80 + n] for n in range(3)]
    found = layout(rows)
    assert [(column.letter, column.role) for column in found.columns[:2]] == [("A", "name"), ("B", "phone")]
    assert [column.header for column in found.columns if column.why == "own"] == labels
    assert [column.letter for column in found.columns[2:4]] == ["E", "F"]
    assert {"own-columns", "lists-side-by-side"} <= set(codes(found))


def test_columns_filled_only_for_the_first_customers_are_no_summary():
    rows = [["姓名", "手机", "来源", "签约产品", "签约金额"]]
    rows += [["王晓明", "19900000001", "抖音", "标准版", 1200], ["李文静", "19900000002", "官网", "旗舰版", 8800]]
    rows += [[f"赵{n}明", f"199000001{n:02}", "抖音", None, None] for n in range(10)]
    assert len(layout(rows).columns) == 5


def test_ticks_beside_names_are_customers_and_counts_are_a_team():
    ticks = [["姓名", "初步接触", "深入沟通", "成交"], *([name, 1, n % 2, 0] for n, (name, *_) in enumerate(PEOPLE))]
    counts = [["姓名", "初步接触", "深入沟通", "成交"], *([name, 9, n + 3, 2] for n, (name, *_) in enumerate(PEOPLE))]
    doubts = [inspect_sheets([sheet(rows)], VOCABULARY, OPTIONS)[0][1].doubt for rows in (ticks, counts)]
    assert doubts[1].code == "crosstab"
    assert doubts[0] is None or doubts[0].code == "no-known-column"


def test_an_empty_column_does_not_cut_a_table():
    rows = [[*row[:2], "", *row[2:]] for row in [HEADER, *PEOPLE]]
    found = layout(rows)
    assert [column.role for column in found.columns] == ["name", "phone", "ignore", "source", "notes", "owner"]


def test_the_users_header_row_chooses_among_tables():
    rows = [HEADER, *PEOPLE, [], ["联系人", "电话"], ["孙小小", "010-88880001"]]
    found = layout(rows, header_row=7)
    assert (found.header_rows, found.rows) == ((7,), (8,))


def test_a_blank_line_after_every_customer_changes_nothing():
    rows = [HEADER, *[line for person in PEOPLE * 60 for line in (person, [])]]
    assert len(layout(rows).rows) == 240


def test_hundreds_of_empty_columns_cost_nothing_but_their_letters():
    letters = [chr(65 + number) for number in range(26)]
    wide = [*letters, *(first + second for first in letters for second in letters)]
    frame = sheet([HEADER, *PEOPLE]).cells.reindex(columns=wide).astype(object)
    frame = frame.where(frame.notna(), None)
    found = understand([Sheet(Path("leads.xlsx"), "客户", frame)], VOCABULARY, OPTIONS)[1]
    assert [column.role for column in found.columns] == ["name", "phone", "source", "notes", "owner"]


# --- what a review found -----------------------------------------------------------------------------------------


def test_years_in_a_header_do_not_hide_it():
    rows = [["客户名称", "手机", 2023, 2024, 2025], *[[f"云帆{n}公司", f"1990000000{n}", 3, 4, 5] for n in range(4)]]
    assert layout(rows).header_rows == (1,)


def test_a_repeated_header_may_be_written_a_little_differently():
    rows = [["Name", "Phone", "Source", "Notes"], ["Ann", "555-0101", "web", "later"]]
    rows += [["NAME ", "Phone", " source", "Notes"], ["Bob", "555-0102", "web", "soon"]]
    found = layout(rows)
    assert (found.rows, codes(found)) == ((2, 4), ["repeated-header"])


def test_titles_of_sections_need_no_merged_cells():
    rows = [HEADER, ["华东区"], *PEOPLE[:2], ["华南区"], *PEOPLE[2:]]
    found = layout(rows)
    assert (found.rows, codes(found)) == ((3, 4, 6, 7), ["section-row"])


def test_a_total_at_the_end_may_fill_every_cell():
    found = layout([HEADER[:4], *[person[:4] for person in PEOPLE], ["合计", 4, 2, 3]])
    assert (found.rows, codes(found)) == ((2, 3, 4, 5), ["totals-row"])


@pytest.mark.parametrize("hint", [["（必填）", "（11位）", "（选填）", "（选填）", "（选填）"], [1, 2, 3, 4, 5]])
def test_units_and_numbers_below_a_header_are_no_customer(hint):
    assert layout([HEADER, hint, *PEOPLE]).rows == (3, 4, 5, 6)


def test_a_form_is_no_header():
    rows = [["姓名", "王晓明", "手机", "19900000001"], ["来源", "抖音", "备注", "再等等看"]]
    found = inspect_sheets([sheet(rows)], VOCABULARY, OPTIONS)[0][1]
    assert found.doubt.code == "form"


def test_many_empty_columns_between_are_a_way_to_write():
    rows = [[cell for value in row for cell in (value, "")] for row in [[f"h{n}" for n in range(20)], list(range(20))]]
    rows[0][0], rows[0][2] = "姓名", "手机"
    wide = pd.DataFrame(
        rows, index=[1, 2], columns=[f"A{chr(65 + n // 26)}{chr(65 + n % 26)}" for n in range(40)], dtype=object
    )
    found = inspect_sheets([Sheet(Path("a.xlsx"), "客户", wide.where(wide != "", None))], VOCABULARY, OPTIONS)[0][1]
    assert len(found.columns) == 39


def test_customers_come_before_their_log():
    calls = [["姓名", "手机", "跟进时间", "跟进记录", "跟进人"]]
    calls += [
        ["王晓明", f"1990000000{n % 3}", f"2026-03-{n % 28 + 1:02d}", "电话没人接，改天再打", "周敏"]
        for n in range(300)
    ]
    people = [[*HEADER, "是否成交"], *[[*person, "否"] for person in PEOPLE * 8]]
    for n, row in enumerate(people[1:]):
        row[1] = f"19900001{n:03d}"
    from dataclasses import replace

    log, customers = replace(sheet(calls), name="跟进记录"), replace(sheet(people), name="客户")
    assert understand([log, customers], VOCABULARY, OPTIONS)[0].name == "客户"


# --- what several cells say together -----------------------------------------------------------------------------

TICKED = [
    ["姓名", "渠道", "", "", "意向", "", "是否成交"],
    ["", "抖音", "展会", "转介绍", "高", "低", ""],
    ["王晓明", "√", "", "", "√", "", "是"],
    ["李文静", "", "√", "", "", "√", "否"],
    ["赵一鸣", "", "√", "√", "", "√", "否"],
    ["钱多多", "", "", "", "√", "", "否"],
]
TICKED_UNDER = ((1, 1, 2, 1), (1, 2, 1, 4), (1, 5, 1, 6), (1, 7, 2, 7))


def test_ticks_under_the_options_of_a_choice_are_read_as_the_choice():
    one = sheet(TICKED, TICKED_UNDER)
    found = understand([one], VOCABULARY, OPTIONS)[1]
    leads = to_leads(one, found)
    assert leads["source"].tolist() == ["抖音", "展会", "展会; 转介绍", None]
    assert leads["intent"].tolist() == ["高", "低", "低", "高"]
    assert [column.header for column in found.columns][1:3] == ["渠道", "渠道·展会"]
    assert codes(found) == ["ticked-columns", "ticked-columns"]
    assert one.cells.loc[3].tolist()[1] == "√"


STEPPED = [
    ["客户单位", "电话", "初访", "报价", "打样", "签合同"],
    ["宏远五金厂", "19900000001", "√", "✓", "✔", "●"],
    ["东明汽配厂", "19900000002", "✓", "√", "", "○"],
    ["力拓机械厂", "19900000003", "√", "", "", ""],
    ["恒达注塑厂", "19900000004", "●", "√", "√", ""],
    ["鑫源模具厂", "19900000005", "√", "", "", ""],
]


def test_steps_that_are_ticked_off_by_different_hands_are_read_as_the_last_step():
    one = sheet(STEPPED)
    found = understand([one], VOCABULARY, OPTIONS)[1]
    assert to_leads(one, found)["stage"].tolist() == ["签合同", "报价", "初访", "打样", "初访"]
    assert [column.role for column in found.columns[2:]] == ["stage", "ignore", "ignore", "ignore"]
    assert codes(found) == ["ticked-steps"]


def test_steps_under_a_name_are_read_as_the_last_step():
    rows = [["客户单位", "电话", "进度", "", "", ""], ["", "", *STEPPED[0][2:]], *STEPPED[1:]]
    one = sheet(rows, ((1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 6)))
    found = understand([one], VOCABULARY, OPTIONS)[1]
    assert to_leads(one, found)["stage"].tolist() == ["签合同", "报价", "初访", "打样", "初访"]


def test_a_tick_under_one_of_several_outcomes_says_who_bought():
    rows = [["姓名", "电话", "成交", "流失", "跟进中"]]
    rows += [[f"王{n}", f"1990000000{n}", *["√" if place == n % 3 else "" for place in range(3)]] for n in range(9)]
    one = sheet(rows)
    found = understand([one], VOCABULARY, OPTIONS)[1]
    assert to_leads(one, found)["outcome"].tolist() == ["成交", "流失", "跟进中"] * 3
    assert [column.role for column in found.columns[2:]] == ["outcome", "ignore", "ignore"]


def test_codes_are_read_as_a_line_above_the_header_explains_them():
    rows = [["状态说明：1=成交 2=流失 3=跟进中 4=无效", "", ""], ["姓名", "电话", "状态"]]
    rows += [[f"王{n}", f"1990000000{n}", n % 4 + 1] for n in range(8)]
    one = sheet(rows)
    found = understand([one], VOCABULARY, OPTIONS)[1]
    assert to_leads(one, found)[found.columns[2].key].tolist() == ["成交", "流失", "跟进中", "无效"] * 2
    assert found.columns[2].role in ("outcome", "stage")
    assert "codes-explained" in codes(found)
    assert one.cells.loc[3].tolist()[2] == 1


def test_a_numbered_list_above_the_header_explains_no_codes():
    rows = [["填写要求：1.姓名必填 2.电话写全 3.不要合并", "", ""], ["姓名", "电话", "次数"]]
    rows += [[f"王{n}", f"1990000000{n}", n % 3 + 1] for n in range(8)]
    assert "codes-explained" not in codes(understand([sheet(rows)], VOCABULARY, OPTIONS)[1])


def test_ticks_without_a_name_above_that_are_no_steps_stay_as_they_are():
    one = sheet([["客户单位", "电话", "甲品", "乙品", "丙品"], *[[*row[:5]] for row in STEPPED[1:]]])
    assert codes(understand([one], VOCABULARY, OPTIONS)[1]) == []


@pytest.mark.parametrize(
    "cells",
    [
        [["是", "否"], ["否", "否"], ["是", "x"], ["否", "是"]],
        [["是", "否"], ["否", "否"], ["是", "是"], ["是", "是"]],
        [["√", ""], ["", ""], ["", ""], ["", "√"]],
        [["√", "Y"], ["", "√"], ["Y", ""], ["", "√"]],
    ],
)
def test_other_columns_of_a_group_are_no_choice(cells):
    header = [["姓名", "服务", "", "备注"], ["", "甲", "乙", ""]]
    people = [[name, *row, "再等等"] for name, row in zip(("王晓明", "李文静", "赵一鸣", "钱多多"), cells, strict=True)]
    found = layout([*header, *people], ((1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 2, 4)))
    assert ([column.header for column in found.columns][1:3], codes(found)) == (["服务·甲", "服务·乙"], [])


def test_rows_that_name_nobody_go_on_with_the_customer_above():
    rows = [
        ["姓名", "手机", "下次联系", "备注", "负责人"],
        ["王晓明", "19900000001", "2026-03-01", "初访，嫌贵", "周敏"],
        ["", "", "2026-03-09", "又谈了一次", "吴昊"],
        ["", "", "", "还是嫌贵", ""],
        ["李文静", "19900000002", "", "", ""],
        ["", "", "", "已买别家", "吴昊"],
        ["赵一鸣", "19900000003", "", "等过年", "周敏"],
    ]
    one = sheet(rows)
    found = understand([one], VOCABULARY, OPTIONS)[1]
    leads = to_leads(one, found)
    assert (found.rows, codes(found)) == ((2, 5, 7), ["rows-go-on"])
    assert leads["notes"].tolist() == ["初访，嫌贵\n又谈了一次\n还是嫌贵", "已买别家", "等过年"]
    assert leads["next_contact_at"].tolist() == ["2026-03-09", None, None]
    assert leads["owner"].tolist() == ["周敏", "吴昊", "周敏"]


def test_a_note_below_a_blank_row_or_above_everybody_belongs_to_nobody():
    header = ["姓名", "手机", "备注"]
    rows = [header, ["", "", "老客户"], ["王晓明", "19900000001", "嫌贵"], ["李文静", "19900000002", ""], ["", "", ""]]
    found = layout([*rows, ["", "", "等过年"], ["赵一鸣", "19900000003", ""]])
    assert "rows-go-on" not in codes(found)


def test_a_row_of_nothing_but_a_note_stays_where_no_column_names_anybody():
    rows = [["来源", "阶段", "备注"], ["抖音", "报价", "嫌贵"], ["", "", "再看看"], ["官网", "初访", "等过年"]]
    found = layout(rows)
    assert (found.rows, "rows-go-on" in codes(found)) == ((2, 3, 4), False)


def test_merged_cells_of_the_header_are_not_told_and_those_of_customers_are():
    rows = [[*HEADER], ["", "", "", "", ""], *PEOPLE]
    header = tuple((1, column, 2, column) for column in range(1, 6))
    assert "merged-cells" not in codes(layout(rows, header))
    found = layout(rows, (*header, (3, 5, 4, 5)))
    assert [(one.code, one.count, one.first) for one in found.findings] == [("merged-cells", 1, "客户!E3")]
