"""Rows that look like customers and are none: pages carried forward, sections, defaults of empty lines, later entries, legends."""

from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.model import Options, Sheet
from lostdeals.read import read_book
from lostdeals.understand import understand
from lostdeals.vocab import load

VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))
HEADER = ["姓名", "手机", "来源", "备注", "负责人"]
ENGLISH = ["Name", "Phone", "Source", "Notes", "Owner"]
A, B, C, D = (
    [name, f"1990000000{n}", source, note, owner]
    for n, (name, source, note, owner) in enumerate(
        [
            ("王晓明", "抖音", "嫌贵", "小陈"),
            ("李文静", "官网", "再看看", "小周"),
            ("赵一鸣", "抖音", "没空", "小陈"),
            ("孙丽", "转介绍", "考虑中", "小周"),
        ]
    )
)
E, F, G, H = (
    [name, f"(201) 555-010{n}", source, note, owner]
    for n, (name, source, note, owner) in enumerate(
        [
            ("Ann Lee", "web", "too dear", "Tom"),
            ("Bob Ray", "ad", "later", "Sue"),
            ("Cy Fox", "web", "no time", "Tom"),
            ("Di Orr", "ad", "call", "Sue"),
        ]
    )
)
ZH = [HEADER, A, B, C, D]
EN = [ENGLISH, E, F, G, H]


def read(rows):
    """Row numbers of the customers, and the kinds of the other rows."""
    width = max(map(len, rows))
    cells = [[None if cell == "" else cell for cell in row] + [None] * (width - len(row)) for row in rows]
    frame = pd.DataFrame(cells, index=range(1, len(rows) + 1), columns=list("ABCDEFGH")[:width], dtype=object)
    layout = understand([Sheet(Path("a.xlsx"), "客户", frame)], VOCABULARY, OPTIONS)[1]
    return list(layout.rows), {finding.code for finding in layout.findings}


def priced(*rows):
    return [[*row, price] for row, price in zip(rows, ("报价", 100, 250, 300, 420), strict=False)]


@pytest.mark.parametrize(
    ("rows", "customers", "kind"),
    [
        (
            [*priced(HEADER, A, B), ["过次页", *[""] * 4, 350], ["承前页", *[""] * 4, 350], [*C, 1], [*D, 2]],
            [2, 3, 6, 7],
            "totals-row",
        ),
        (
            [*priced(HEADER, A, B), ["", "转下页", *[""] * 3, 350], ["", "承上页", *[""] * 3, 350], [*C, 1]],
            [2, 3, 6],
            "totals-row",
        ),
        (
            [*priced(ENGLISH, E, F), ["Carried forward", *[""] * 4, 350], ["Brought forward", *[""] * 4, 350], [*G, 1]],
            [2, 3, 6],
            "totals-row",
        ),
        ([*ZH, ["以下空白"]], [2, 3, 4, 5], "remark-row"),
        ([*ZH, ["", "", "以下空白"]], [2, 3, 4, 5], "remark-row"),
        ([HEADER, ["2024年"], A, B, ["2025年"], C, D], [3, 4, 6, 7], "section-row"),
        ([HEADER, [2024], A, B, [2025], C, D], [3, 4, 6, 7], "section-row"),
        ([ENGLISH, ["January"], E, F, ["February"], G, H], [3, 4, 6, 7], "section-row"),
        ([ENGLISH, ["Jan 2026"], E, F, ["Feb 2026"], G, H], [3, 4, 6, 7], "section-row"),
        ([HEADER, ["华东区（2）"], A, B, ["华北区（2）"], C, D], [3, 4, 6, 7], "section-row"),
        ([ENGLISH, ["West (2)"], E, F, ["East (2)"], G, H], [3, 4, 6, 7], "section-row"),
        ([HEADER, ["▼ 已报价 2 位"], A, B, ["▼ 已流失 2 位"], C, D], [3, 4, 6, 7], "section-row"),
        (
            [*priced(ENGLISH, E, F, G, H), [], ["Won", "1"], ["Lost", "2"], ["Win rate", "33%"]],
            [2, 3, 4, 5],
            "remark-row",
        ),
        ([*priced(*ZH), [], ["成交", "1"], ["未成交", "2"], ["成交率", "33%"]], [2, 3, 4, 5], "remark-row"),
        ([*ZH, [], ["图例"], ["红色", "战败"], ["绿色", "成交"]], [2, 3, 4, 5], "several-tables"),
        ([*EN, [], ["Key"], ["Red", "lost"], ["Green", "won"]], [2, 3, 4, 5], "remark-row"),
        ([*ZH, ["（在此行以上插入新客户）"]], [2, 3, 4, 5], "remark-row"),
        ([*EN, ["--- insert new rows above this line ---"]], [2, 3, 4, 5], "remark-row"),
        ([HEADER, ["筛选结果：共 4 条"], A, B, C, D], [3, 4, 5, 6], "remark-row"),
        ([*priced(*ZH), *[[*[""] * 5, 0]] * 5], [2, 3, 4, 5], "numbered-row"),
        (
            [[*row, mark] for row, mark in zip(ZH, ("已成交", True, False, True, False), strict=True)]
            + [[*[""] * 5, False]] * 3,
            [2, 3, 4, 5],
            "numbered-row",
        ),
        (
            [
                ["#", *row, state] if n == 0 else [n, *row, "Open"]
                for n, (row, state) in enumerate(zip(EN, ["Status"] * 5, strict=True))
            ]
            + [[n, *[""] * 5, "Open"] for n in (5, 6, 7)],
            [2, 3, 4, 5],
            "numbered-row",
        ),
    ],
)
def test_rows_that_are_no_customers(rows, customers, kind):
    found, kinds = read(rows)
    assert found == customers
    assert kind in kinds


def test_rows_that_go_on_with_the_customer_above_are_said_and_not_counted():
    header = ["姓名", "手机", "来源", "跟进时间", "跟进内容"]
    later = [["", "", "", "2026-01-09", "嫌贵"], ["", "", "", "2026-02-01", "不接"]]
    people = [[*row[:3], f"2026-01-0{n}", f"首次电话{n}"] for n, row in enumerate((A, B, C, D), 1)]
    assert read([header, people[0], *later, people[1], later[0], people[2], people[3]]) == (
        [2, 5, 7, 8],
        {"rows-go-on"},
    )


def test_the_second_contact_of_a_company_is_a_customer_of_its_own():
    header = ["公司", "地址", "联系人", "电话"]
    rows = [
        ["甲公司", "文三路1号", "王一", "19900000001"],
        ["", "", "李二", "19900000002"],
        ["乙公司", "南京路2号", "孙四", "19900000004"],
    ]
    rows += [["", "", "周五", "19900000005"], ["丙公司", "解放路3号", "吴六", "19900000006"]]
    assert read([header, *rows])[0] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(
    "rows",
    [
        [HEADER, A, ["小红书-可爱多"], B, ["A0王姐装修"], C, D],
        [HEADER, A, B, C, D, ["周强", "", "", "", "小陈"], ["吴敏", "", "", "", "小陈"]],
        [HEADER, A, B, C, D, ["", "19900000008"], ["", "19900000009"]],
        [
            ENGLISH,
            E,
            F,
            G,
            H,
            ["April", "(201) 555-0108", "web", "later", "Sue"],
            ["June", "(201) 555-0109", "ad", "", "Sue"],
        ],
        [ENGLISH, E, F, G, ["May Won", "(201) 555-0108", "web", "", "Sue"], H],
    ],
)
def test_a_customer_of_whom_little_is_known_stays_one(rows):
    assert read(rows)[0] == list(range(2, len(rows) + 1))


@pytest.mark.parametrize(
    "text",
    [
        "| Name | Phone | Source |\n|------|:-----:|-------:|\n{rows}".format(
            rows="".join(f"| {n} | {p} | {s} |\n" for n, p, s, *_ in EN[1:])
        ),
        "+------+-------+--------+\n| Name | Phone | Source |\n+------+-------+--------+\n"
        + "".join(f"| {n} | {p} | {s} |\n" for n, p, s, *_ in EN[1:])
        + "+------+-------+--------+\n4 rows in set (0.00 sec)\n",
        " name | phone | source \n------+-------+--------\n"
        + "".join(f" {n} | {p} | {s}\n" for n, p, s, *_ in EN[1:])
        + "(4 rows)\n",
        "Name        Phone            Source\n" + "".join(f"{n:<12}{p:<17}{s}\n" for n, p, s, *_ in EN[1:]),
        '"""Name"",""Phone"",""Source"""\n' + "".join(f'"""{n}"",""{p}"",""{s}"""\n' for n, p, s, *_ in EN[1:]),
        "<table><tr><th>Name</th><th>Phone</th><th>Source</th></tr>"
        + "".join(f"<tr><td>{n}</td><td>{p}</td><td>{s}</td></tr>" for n, p, s, *_ in EN[1:])
        + "<tfoot><tr><td>Total</td><td>4</td><td></td></tr></tfoot></table>",
    ],
    ids=["markdown", "box", "psql", "fixed", "twice", "html"],
)
def test_what_programs_print_around_a_table_is_no_customer(text, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(text, "utf-8")
    layout = understand(read_book(path), VOCABULARY, OPTIONS)[1]
    assert len(layout.rows) == 4
    assert {"name", "phone", "source"} <= {column.role for column in layout.columns}


def test_a_value_merged_down_an_html_table_stands_in_every_row(tmp_path):
    path = tmp_path / "a.xls"
    path.write_text(
        "<table><tr><th>公司</th><th>联系人</th><th>手机</th></tr>"
        "<tr><td rowspan=3>甲公司</td><td>王一</td><td>19900000001</td></tr><tr><td>李二</td><td>19900000002</td></tr>"
        "<tr><td>赵三</td><td>19900000003</td></tr><tr><td>乙公司</td><td>孙四</td><td>19900000004</td></tr></table>",
        "utf-8",
    )
    sheet, layout = understand(read_book(path), VOCABULARY, OPTIONS)
    assert sheet.cells.loc[list(layout.rows), "A"].tolist() == ["甲公司", "甲公司", "甲公司", "乙公司"]
