"""Finding the table on a sheet and what its columns mean."""

import tomllib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from lostdeals.errors import LostDealsError
from lostdeals.model import Finding, Layout, Options, Sheet
from lostdeals.schema import ROLES
from lostdeals.understand import find_table, inspect_sheets, language_of, match_columns, to_leads, understand
from lostdeals.understand.aliases import Aliases
from lostdeals.vocab import Words, load

CASES = tomllib.loads((Path(__file__).parent / "cases" / "columns.toml").read_text(encoding="utf-8"))["case"]
UNSEEN = tomllib.loads((Path(__file__).parent / "cases" / "columns_unseen.toml").read_text(encoding="utf-8"))["case"]
OUTSIDE = tomllib.loads((Path(__file__).parent / "cases" / "columns_outside.toml").read_text(encoding="utf-8"))["case"]
FRESH = tomllib.loads((Path(__file__).parent / "cases" / "columns_fresh.toml").read_text(encoding="utf-8"))["case"]
SPOKEN = tomllib.loads((Path(__file__).parent / "cases" / "columns_spoken.toml").read_text(encoding="utf-8"))["case"]
KEPT = tomllib.loads((Path(__file__).parent / "cases" / "columns_kept.toml").read_text(encoding="utf-8"))["case"]
PLAIN = tomllib.loads((Path(__file__).parent / "cases" / "columns_plain.toml").read_text(encoding="utf-8"))["case"]
VOCABULARY = load()
OPTIONS = Options(today=date(2026, 5, 1))


def sheet(rows, name="客户", first_row=1, **more):
    width = max((len(row) for row in rows), default=0)
    cells = [[None if value == "" else value for value in row] + [None] * (width - len(row)) for row in rows]
    letters = [chr(65 + number) for number in range(width)]
    index = range(first_row, first_row + len(rows))
    return Sheet(Path("leads.xlsx"), name, pd.DataFrame(cells, index=index, columns=letters, dtype=object), **more)


def layout(rows, **more):
    return understand([sheet(rows, **more)], VOCABULARY, OPTIONS)[1]


def roles(rows, **options):
    found = understand([sheet(rows)], VOCABULARY, Options(today=date(2026, 5, 1), **options))[1]
    return [column.role for column in found.columns]


CUSTOMERS = [
    ["姓名", "手机", "来源"],
    ["王晓明", "19900000001", "抖音"],
    ["李文静", "19900000002", "官网"],
    ["赵一鸣", "19900000003", "抖音"],
]


def matched(case):
    """Each column of a case with the role and confidence it gets."""
    columns = case["columns"]
    depth = max(len(column) for column in columns) - 2
    letters = [f"{chr(65 + number)}" for number in range(len(columns))]
    values = {
        letter: [*(None if value == "" else value for value in column[2:]), *[None] * (depth - len(column) + 2)]
        for letter, column in zip(letters, columns, strict=True)
    }
    headers = dict(zip(letters, (column[0] for column in columns), strict=True))
    return zip(columns, match_columns(headers, pd.DataFrame(values, dtype=object), VOCABULARY, {}), strict=True)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_headers_get_the_roles_a_person_would_give_them(case):
    assert [(column[0], column[1]) for column in case["columns"]] == [
        (match.header, match.role) for _, match in matched(case)
    ]


def test_headers_nobody_had_seen_are_nearly_all_read_as_a_person_would():
    """The floors are what was measured when the cases came in; whoever raises the share raises them."""
    found = [
        (match.role in column[1].split("|"), match.confidence) for case in UNSEEN for column, match in matched(case)
    ]
    right = sum(good for good, _ in found) / len(found)
    sure_and_wrong = sum(not good and confidence > 0.9 for good, confidence in found) / len(found)
    assert len(UNSEEN) >= 60
    assert right >= 0.96
    assert sure_and_wrong <= 0.005


def judged(cases):
    """Whether each column is read right, with its confidence; a role that only one column may hold is held by one of two."""
    for case in cases:
        found = list(matched(case))
        held = {match.role for column, match in found if match.role in column[1].split("|")} - {"extra"}
        for column, match in found:
            wanted = set(column[1].split("|"))
            yield match.role in wanted or (match.why == "taken" and bool(held & wanted)), match.confidence


def test_sheets_outside_every_list_stay_as_well_read_as_they_are():
    """The floors are what is reached; whoever raises the share raises them."""
    found = list(judged(OUTSIDE))
    assert len(OUTSIDE) >= 150
    assert sum(good for good, _ in found) / len(found) >= 0.96
    assert sum(not good and confidence > 0.9 for good, confidence in found) / len(found) <= 0.002


def test_sheets_written_before_the_program_read_them_stay_as_well_read_as_they_are():
    """The floors are what is reached; whoever raises the share raises them."""
    found = list(judged(FRESH))
    assert len(FRESH) >= 90
    assert sum(good for good, _ in found) / len(found) >= 0.95
    assert not any(not good and confidence > 0.9 for good, confidence in found)


def test_sheets_as_salespeople_speak_stay_as_well_read_as_they_are():
    """The floors are what is reached; whoever raises the share raises them."""
    found = list(judged(SPOKEN))
    assert len(SPOKEN) >= 85
    assert sum(good for good, _ in found) / len(found) >= 0.96
    assert not any(not good and confidence > 0.9 for good, confidence in found)


def test_ordinary_sheets_written_to_measure_stay_as_well_read_as_they_are():
    """The floors are what is reached; whoever raises the share raises them."""
    found = list(judged(PLAIN))
    assert len(PLAIN) >= 55
    assert sum(good for good, _ in found) / len(found) >= 0.96
    assert sum(not good and confidence > 0.9 for good, confidence in found) <= 1


def test_sheets_as_people_keep_them_stay_as_well_read_as_they_are():
    """The floors are what is reached; whoever raises the share raises them."""
    found = list(judged(KEPT))
    assert len(KEPT) >= 210
    assert sum(good for good, _ in found) / len(found) >= 0.96
    assert sum(not good and confidence > 0.9 for good, confidence in found) / len(found) <= 0.005


def test_income_in_a_list_of_deals_is_what_they_bring():
    columns = {
        "Deal Name": ["Fit-out", "Racks"],
        "Stage": ["New", "Quote"],
        "Income": [3000, 4500],
        "Currency": ["USD", "USD"],
    }
    assert roles_of(columns) == ["deal", "stage", "amount", "currency"]
    assert (
        roles_of({"Customer name": ["Ann Lee", "Bob Ray"], "Income": [3000, 4500], "Currency": ["USD", "USD"]})[1]
        == "income"
    )


def test_an_id_of_words_is_the_list_they_come_from():
    stages = ["Negotiation", "Proposal", "Negotiation", "Qualified", "Proposal", "Negotiation"]
    columns = {
        "id": list(range(1, 7)),
        "stage_id": stages,
        "user_id": ["Kim Roe", "Joe Lam"] * 3,
        "source_id": ["Google", "Referral"] * 3,
    }
    assert roles_of(columns)[1:] == ["stage", "owner", "source"]
    assert roles_of({"stage_id": [11, 12, 11, 13, 12, 11]}) != ["stage"]


def test_a_header_of_choices_is_read_by_them_and_letters_are_no_answers():
    cars = {
        "Customer": ["Ann Lee", "Bob Ray", "Cy Poe", "Di Fox"],
        "N/U": ["N", "U", "U", "N"],
        "Sold": ["Y", "N", "N", "Y"],
    }
    assert roles_of(cars)[1:] == ["extra", "outcome"]
    assert roles_of({"Customer": cars["Customer"], "Yay/Nay": ["Yay", "Nay", "Nay", "Nay"]})[1:] == ["outcome"]


def test_counted_contacts_have_been_and_a_day_of_modification_is_one():
    days = {
        "Name": ["Ann Lee", "Bob Ray"],
        "F/U 2": ["2025-03-01", "2025-03-04"],
        "(Do Not Modify) Modified On": ["2025-03-05"] * 2,
    }
    assert roles_of(days) == ["name", "last_contact_at", "updated_at"]


def roles_of(columns):
    letters = "ABCDEF"[: len(columns)]
    data = pd.DataFrame(dict(zip(letters, columns.values(), strict=True)), dtype=object)
    return [match.role for match in match_columns(dict(zip(letters, columns, strict=True)), data, VOCABULARY, {})]


def test_names_may_begin_with_the_surname_and_phones_have_dots():
    columns = {
        "Client": ["Hayes, Imogen", "Rossi, Bianca", "Tran, Linh"],
        "Reach": ["303.555.0141", "813.555.0161", "208.555.0111"],
    }
    assert roles_of(columns) == ["name", "phone"]


def test_confidence_is_about_the_share_that_is_right():
    found = list(judged([*UNSEEN, *OUTSIDE, *FRESH, *SPOKEN]))
    for low, high in ((0.6, 0.75), (0.75, 0.9), (0.9, 1.0)):
        band = [good for good, confidence in found if low < confidence <= high]
        assert low - 0.1 <= sum(band) / len(band), (low, high, len(band))


def test_there_are_cases_in_both_languages():
    chinese = sum(any("\u4e00" <= character <= "\u9fff" for character in case["columns"][0][0]) for case in CASES)
    assert len(CASES) >= 40
    assert 15 <= chinese <= len(CASES) - 15


def test_the_vocabulary_knows_every_role():
    assert sorted(ROLES) == sorted(VOCABULARY.section("columns"))
    for entry in VOCABULARY.section("columns").values():
        assert {"zh", "en"} == set(entry["label"])


def test_only_these_aliases_are_claimed_by_two_roles_and_decided_by_the_values():
    claimed = {}
    for role, entry in VOCABULARY.section("columns").items():
        for alias in entry.get("aliases", []):
            claimed.setdefault(alias.casefold(), set()).add(role)
    shared = {frozenset(found) for found in claimed.values() if len(found) > 1}
    assert {
        frozenset(pair) for pair in (("name", "company"), ("stage", "outcome"), ("stage_date", "closed_at"))
    } == shared


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Signed? (Y/N)", "signed (y (n (?"),
        ("对接人（客户方，必填）", "对接人 (客户方"),
        ("# of calls", "calls number"),
    ],
)
def test_what_stands_in_brackets_and_marks_are_told_to_the_model(header, words):
    assert Aliases(VOCABULARY).asked(header) == words


@pytest.mark.parametrize(
    ("headers", "cells", "found"),
    [
        (
            ["No. 序号", "客户 Customer", "日期 Date"],
            [[1, 2, 3], ["甲一贸易公司", "乙二制造厂", "丙三科技"], ["2024-01-02"] * 3],
            ["ignore", "company", "created_at"],
        ),
        (["Contact #", "# employees"], [["555-0191", "555-0192", "555-0193"], [12, 40, 7]], ["phone", "company_size"]),
        (["Deal name", "Age"], [["Roof for Hill", "Pump for Otis", "Annual check"], [44, 12, 9]], ["deal", "extra"]),
        (
            ["客户姓名", "来店日期", "电话"],
            [["王伟", "李娜", "赵敏"], ["5.1", "5.2", "5.3"], ["13800000001"] * 3],
            ["name", "created_at", "phone"],
        ),
        (
            ["Deal name", "Deal owner"],
            [["A", "B", "C"], ["kim@x.example", "kim@x.example", "joe@x.example"]],
            ["deal", "owner"],
        ),
        (
            ["(Do Not Modify) Opportunity", "Topic"],
            [["a1-01", "a1-02", "a1-03"], ["Three forklifts", "Tyres", "Racks"]],
            ["id", "deal"],
        ),
        (
            ["Name", "Accounts"],
            [
                ["Otter Cove refit", "Cafe website", "Elm Street SEO", "Peak rebrand"],
                ["Otter Cove", "Bo Cafe", "Elm Physio", "Peak Ltd"],
            ],
            ["deal", "company"],
        ),
    ],
)
def test_headers_and_values_and_neighbours_decide_together(headers, cells, found):
    letters = "ABC"[: len(headers)]
    data = pd.DataFrame(dict(zip(letters, cells, strict=True)), dtype=object)
    matches = match_columns(dict(zip(letters, headers, strict=True)), data, VOCABULARY, {})
    assert found == [match.role for match in matches]


def test_two_columns_are_not_told_one_role_that_only_one_may_hold():
    rows = [["姓名", "客户", "电话"], ["王伟", "李雷", "13800000001"], ["李娜", "韩梅", "13800000002"]]
    with pytest.raises(LostDealsError) as refused:
        roles(rows, mapping={"姓名": "name", "客户": "name"})
    assert (
        refused.value.code,
        refused.value.usage,
        refused.value.values["columns"],
    ) == ("role-told-twice", True, ("A 姓名", "B 客户"))
    assert roles(rows, mapping={"姓名": "phone", "客户": "phone"}) == ["phone", "phone", "phone"]


def test_what_is_typed_takes_a_role_from_the_column_that_the_config_gave_it():
    rows = [["姓名", "客户", "电话"], ["王伟", "李雷", "13800000001"], ["李娜", "韩梅", "13800000002"]]
    found = roles(rows, columns={"姓名": "name"}, mapping={"客户": "name"})
    assert found[1] == "name"
    assert found[0] != "name"


# --- where the table is ------------------------------------------------------------------------------------------


def test_titles_notes_and_blank_rows_stand_above_the_header():
    rows = [["9月未成交客户"], ["导出时间", "2026-04-27"], [], *CUSTOMERS]
    found = layout(rows)
    assert found.header_rows == (4,)
    assert found.rows == (5, 6, 7)


def test_a_table_may_start_anywhere_and_have_blank_rows_and_columns():
    rows = [["", "", *CUSTOMERS[0][:2], "", "来源"]]
    rows += [["", "", *row[:2], "", row[2]] for row in CUSTOMERS[1:3]] + [[]]
    rows += [["", "", *CUSTOMERS[3][:2], "", CUSTOMERS[3][2]]]
    found = layout(rows, first_row=3)
    assert found.header_rows == (3,)
    assert found.rows == (4, 5, 7)
    assert [(column.letter, column.role) for column in found.columns] == [
        ("C", "name"),
        ("D", "phone"),
        ("E", "ignore"),
        ("F", "source"),
    ]


def test_repeated_headers_totals_and_remarks_are_no_customers():
    rows = [*CUSTOMERS[:3], CUSTOMERS[0], CUSTOMERS[3], ["合计", 3], ["制表人：周敏"]]
    found = layout(rows)
    assert found.rows == (2, 3, 5)
    assert (
        Finding("repeated-header", 1, "客户!A4"),
        Finding("totals-row", 1, "客户!A6"),
        Finding("remark-row", 1, "客户!A7"),
    ) == found.findings


def test_a_customer_named_total_is_a_customer():
    rows = [
        ["Company", "Phone", "City"],
        ["Total", "+33 199000001", "Paris"],
        ["Acorn Ltd", "+44 1632 960001", "Leeds"],
    ]
    assert layout(rows).rows == (2, 3)


def test_merged_header_rows_are_joined():
    rows = [
        ["姓名", "基本情况", "", "跟进情况", ""],
        ["", "年龄", "职业", "跟进记录", "下次跟进时间"],
        ["王晓明", 28, "教师", "电话没接，再打一次试试", "2026-05-03"],
        ["李文静", 35, "医生", "", "2026-05-04"],
    ]
    found = layout(rows, merged=((1, 1, 2, 1), (1, 2, 1, 3), (1, 4, 1, 5)))
    assert found.header_rows == (1, 2)
    assert [column.header for column in found.columns] == [
        "姓名",
        "基本情况·年龄",
        "基本情况·职业",
        "跟进情况·跟进记录",
        "跟进情况·下次跟进时间",
    ]
    assert [column.role for column in found.columns] == ["name", "age", "occupation", "notes", "next_contact_at"]


def test_two_header_rows_of_a_text_file_are_joined():
    rows = [
        ["序号", "姓名", "基本情况", "", "来源"],
        ["", "", "年龄", "职业", ""],
        [1, "王晓明", 28, "教师", "抖音"],
        [2, "李文静", 35, "医生", "官网"],
    ]
    found = layout(rows)
    assert found.header_rows == (1, 2)
    assert [column.role for column in found.columns] == ["ignore", "name", "age", "occupation", "source"]


def test_a_merged_title_is_not_half_of_a_header():
    rows = [["客户表", "", ""], *CUSTOMERS]
    assert layout(rows, merged=((1, 1, 1, 3),)).header_rows == (2,)


def test_a_first_customer_of_words_only_is_not_half_of_a_header():
    rows = [["姓名", "地址", "", "备注"], ["王晓明", "上海", "浦东", "再等等"], ["李文静", "北京", "海淀", "太贵"]]
    found = layout(rows, merged=((1, 2, 1, 3),))
    assert (found.header_rows, found.rows) == ((1,), (2, 3))


def test_a_header_of_unknown_words_is_still_the_header():
    rows = [["foo", "bar", "baz", "age", "y"], ["Email", "x", "p", 30, "no"], ["Website", "y", "q", 31, "yes"]]
    found = layout(rows)
    assert found.header_rows == (1,)
    assert [column.role for column in found.columns] == ["extra", "extra", "extra", "age", "outcome"]


def test_a_list_without_a_header_is_read_by_its_values():
    rows = [[f"王{name}", f"1990000000{n}", f"u{n}@example.com"] for n, name in enumerate("伟芳娜敏静丽强磊")]
    found = layout(rows)
    assert found.header_rows == ()
    assert len(found.rows) == 8
    assert [column.role for column in found.columns] == ["name", "phone", "email"]


def test_a_template_without_customers_has_a_layout_without_rows():
    found = layout([["客户名称", "联系人", "手机", "未成交原因"]])
    assert found.rows == ()
    assert [column.role for column in found.columns] == ["company", "name", "phone", "loss_reason"]


def test_the_user_may_name_the_header_row():
    rows = [["姓名", "手机"], ["旧表", "作废"], *CUSTOMERS]
    found = understand([sheet(rows)], VOCABULARY, Options(today=date(2026, 5, 1), header_row=3))[1]
    assert (found.header_rows, found.rows) == ((3,), (4, 5, 6))


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["foo"], ["foo"], ["foo"], ["foo"]], "no-header"),
        ([[1, 2, 3], [4, 5, 6]], "no-header"),
        ([["a", "b", "c"], [4, 5, 6], [7, 8, 9]], "no-known-column"),
        ([["hour", "clicks", "shows"], ["00:00", 12, 40], ["01:00", 9, 31]], "no-known-column"),
        ([[" ", ""], ["", ""]], "empty-sheet"),
        ([], "empty-sheet"),
    ],
)
def test_what_is_no_table_of_customers_is_refused(rows, code):
    with pytest.raises(LostDealsError) as refused:
        layout(rows)
    assert code == refused.value.code
    assert refused.value.where.startswith("leads.xlsx › 客户!A")


def test_a_header_row_that_is_empty_is_refused():
    with pytest.raises(LostDealsError) as refused:
        find_table(sheet(CUSTOMERS), VOCABULARY, 99)
    assert (refused.value.code, refused.value.usage) == ("no-such-row", True)


# --- what the columns mean ---------------------------------------------------------------------------------------


def test_confidence_falls_from_the_exact_header_to_the_values():
    rows = [
        ["手机号", "客户手机号（必填）", "家长联系方式", "第五列", "没听说过"],
        *[[f"1990000000{n}", f"1990000001{n}", f"1990000002{n}", f"1990000003{n}", n % 3] for n in range(5)],
    ]
    found = layout(rows).columns
    assert [column.how for column in found] == ["alias", "alias", "fuzzy", "values", "none"]
    assert found[0].confidence == 0.99
    assert sorted((column.confidence for column in found), reverse=True) == [column.confidence for column in found]


def test_mobiles_come_before_landlines_and_provinces_before_cities():
    rows = [
        ["姓名", "公司电话", "手机", "市", "省"],
        ["王晓明", "021-88880001", "19900000001", "杭州", "浙江"],
        ["李文静", "021-88880002", "19900000002", "苏州", "江苏"],
    ]
    keys = {column.header: column.key for column in layout(rows).columns}
    assert keys == {"姓名": "name", "公司电话": "phone.2", "手机": "phone", "市": "region.2", "省": "region"}


def test_a_role_that_only_one_column_may_hold_goes_to_the_better_filled_one():
    rows = [["姓名", "负责人", "跟进人"], ["王晓明", "", "周敏"], ["李文静", "", "吴昊"], ["赵一鸣", "钱一", "周敏"]]
    found = layout(rows).columns
    assert [(column.role, column.why) for column in found] == [("name", ""), ("extra", "taken"), ("owner", "")]


def test_headers_that_repeat_keep_keys_of_their_own():
    rows = [["姓名", "车龄", "车龄", ""], ["王晓明", 3, 4, "a"], ["李文静", 5, 6, "b"]]
    assert [column.key for column in layout_of(rows)] == ["name", "extra.车龄", "extra.车龄 (C)", "extra.D"]


def layout_of(rows):
    return understand([sheet(rows)], VOCABULARY, Options(today=date(2026, 5, 1), mapping={"姓名": "name"}))[1].columns


def test_what_the_user_says_always_wins():
    assert roles(CUSTOMERS, mapping={"手机": "owner", "C": "extra"}) == ["name", "owner", "extra"]
    assert roles(CUSTOMERS, mapping={"姓名": "公司", "来源": "Campaign"}) == ["company", "phone", "campaign"]


def test_a_role_that_does_not_exist_is_refused_with_the_nearest():
    with pytest.raises(LostDealsError) as refused:
        roles(CUSTOMERS, mapping={"手机": "fone"})
    assert (refused.value.code, refused.value.usage) == ("unknown-role", True)
    assert "phone" in str(refused.value.values["near"])


def test_a_header_that_is_not_there_is_refused_with_the_nearest():
    with pytest.raises(LostDealsError) as refused:
        roles(CUSTOMERS, mapping={"手机号": "phone"})
    assert (refused.value.code, refused.value.usage) == ("unknown-column", True)
    assert refused.value.values["near"][0] == "手机"


def test_the_sheet_that_has_the_mapped_header_is_the_one():
    both = [sheet(CUSTOMERS, name="一"), sheet([["谁", "手机"], ["王晓明", "19900000001"]], name="二")]
    picked, found = understand(both, VOCABULARY, Options(today=date(2026, 5, 1), mapping={"谁": "name"}))
    assert (picked.name, [column.key for column in found.columns]) == ("二", ["name", "phone"])


def test_two_unlike_columns_named_status_are_told_apart_by_their_values():
    rows = [
        ["Name", "Status", "Deal Stage"],
        ["Ann Marsh", "won", "Negotiation"],
        ["Bob Stone", "lost", "Demo"],
        ["Cleo Vale", "open", "Demo"],
    ]
    assert [column.role for column in layout(rows).columns] == ["name", "outcome", "stage"]


def test_a_large_sheet_is_sampled_and_a_late_value_is_still_seen():
    rows = [["姓名", "手机", "备注"], *[[f"王{n}", f"199{n:08d}", ""] for n in range(9000)]]
    rows[-3][2] = "快成了"
    found = layout(rows).columns
    assert [column.role for column in found] == ["name", "phone", "notes"]


# --- which sheet, which language, the leads ----------------------------------------------------------------------


def test_the_customer_sheet_is_picked_and_the_others_are_named():
    log = sheet([["手机", "备注"], *[[f"1990000{n:04d}", "再联系"] for n in range(500)]], name="通话")
    hidden = sheet(
        [[*CUSTOMERS[0], "城市", "性别"], *[[*row, "上海", "女"] for row in CUSTOMERS[1:]]], name="旧", hidden=True
    )
    people = [["姓名", "手机", "来源", "意向产品", "跟进阶段", "负责人", "城市", "预算", "备注"]]
    people += [
        ["王晓明", f"1990000{n:04d}", "抖音", "标准版", "初步接触", "周敏", "上海", "3万", "再等等看"]
        for n in range(300)
    ]
    empty = sheet([], name="Sheet3")
    customers = sheet(people, name="客户表")

    picked, found = understand([log, hidden, empty, customers], VOCABULARY, OPTIONS)

    assert picked.name == "客户表"
    assert (
        Finding("sheet-picked", 3, "客户表", {"name": "客户表", "others": ("通话", "旧", "Sheet3")})
        == found.findings[0]
    )


def test_a_sheet_is_taken_by_its_name_and_unknown_names_are_refused():
    both = [sheet(CUSTOMERS, name="一"), sheet(CUSTOMERS[:3], name="Deals")]
    picked, found = understand(both, VOCABULARY, Options(today=date(2026, 5, 1), sheet="deals"))
    assert (picked.name, found.findings) == ("Deals", ())
    with pytest.raises(LostDealsError) as refused:
        understand(both, VOCABULARY, Options(today=date(2026, 5, 1), sheet="三"))
    assert (
        refused.value.code,
        refused.value.usage,
        refused.value.values["names"],
    ) == ("unknown-sheet", True, ("一", "Deals"))


def test_inspecting_shows_every_sheet_and_why_one_could_not_be_read():
    sheets = [sheet(CUSTOMERS), sheet([["foo"], ["foo"]], name="x"), sheet([], name="y")]
    layouts = [layout for _, layout in inspect_sheets(sheets, VOCABULARY, OPTIONS)]
    assert [type(layout) for layout in layouts] == [Layout, Layout, LostDealsError]
    assert [layout.doubt and layout.doubt.code for layout in layouts[:2]] == [None, "no-header"]


@pytest.mark.parametrize(
    ("headers", "value", "language"),
    [
        (["姓名", "手机"], "Ann", "zh"),
        (["Name", "Phone"], "Ann Marsh", "en"),
        (["lead_id", "final_status"], "报价未成", "zh"),
        (["Name", "备注"], "Ann", "zh"),
        ([], "", "en"),
    ],
)
def test_the_language_is_the_headers_or_else_the_values(headers, value, language):
    assert language == language_of(headers, pd.DataFrame({"A": [value]}, dtype=object))


def test_leads_are_the_cells_as_they_are_with_their_rows():
    picked, found = understand(
        [sheet([["名单"], [], ["序号", *CUSTOMERS[0]], *[[n, *row] for n, row in enumerate(CUSTOMERS[1:], 1)]])],
        VOCABULARY,
        OPTIONS,
    )
    leads = to_leads(picked, found)
    assert list(leads.columns) == ["src_sheet", "src_row", "name", "phone", "source"]
    assert leads["src_row"].tolist() == [4, 5, 6]
    assert leads.iloc[0].tolist() == ["客户", 4, "王晓明", "19900000001", "抖音"]
    assert {"O"} == {leads[column].dtype.kind for column in leads.columns if column != "src_row"}


def test_every_error_and_finding_has_its_sentence_in_both_languages():
    values = {"name": "a", "others": "b", "row": 1, "known": 0, "needed": 2, "tried": 9, "headers": "c", "sheet": "d"}
    values |= {"names": "e", "role": "f", "near": "g", "column": "h"}
    for lang in ("zh", "en"):
        words = Words(VOCABULARY, lang)
        for code in (
            "empty-sheet",
            "no-header",
            "no-known-column",
            "no-such-row",
            "unknown-sheet",
            "unknown-role",
            "unknown-column",
        ):
            assert all(words.error(LostDealsError(code, where="leads.xlsx", **values)).values())
        for code in ("sheet-picked", "repeated-header", "totals-row", "remark-row"):
            assert words.finding(Finding(code, 1, "客户!A1", values))
        for why in ("taken", "values", "empty", "index"):
            assert words.say(f"match.{why}")


def test_filtered_out_rows_are_customers_too_and_are_counted():
    rows = [["姓名", "手机"], ["王小明", "13800000001"], ["李小红", "13800000002"]]
    found = layout(rows, hidden_rows=frozenset({3, 9}))
    assert found.rows == (2, 3)
    assert [(finding.code, finding.count) for finding in found.findings] == [("hidden-rows", 1)]


def test_a_second_do_not_contact_column_keeps_its_meaning():
    rows = [
        ["Name", "Phone", "Email Opt Out", "Do Not Call"],
        ["Ann", "555-0100", "no", "yes"],
        ["Bob", "555-0101", "no", "no"],
    ]
    found = layout(rows)
    assert [column.role for column in found.columns].count("do_not_contact") == 1
    assert sum(column.key.startswith("do_not_contact") for column in found.columns) == 2


def role_of_column(header, cells):
    return match_columns({"A": header}, pd.DataFrame({"A": cells}, dtype=object), VOCABULARY, {})[0].role


REMARKS = {
    "a remark beside the yes": ["Y", None, None, "Y, no calls, only email"],
    "a day beside the yes": ["Y", None, "Y, 2026-03-01", "N"],
    "是 and a complaint": ["是", "投诉过", None, "是"],
    "a tick and two wishes": ["√", "微信可以", "别打电话", None, None],
    "nothing but the days of the requests": [date(2026, 3, 1), None, None, date(2026, 5, 1)],
    "a tick and whole sentences": ["Y", None, "She was cross that we rang her again at work on Monday", "N"],
}


@pytest.mark.parametrize("cells", REMARKS.values(), ids=REMARKS)
@pytest.mark.parametrize("header", ["DNC", "Do not call", "Blocked", "勿扰", "黑名单", "不要再打", "Client DNC"])
def test_a_header_that_asks_not_to_be_called_means_it_whatever_remarks_stand_there(header, cells):
    assert role_of_column(header, cells) == "do_not_contact"


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("No contact", [3, 5, 12, 7]),
        ("DNC", ["07700 900001", "07700 900002", "07700 900003"]),
        ("DNC", [date(2026, 3, day) for day in range(1, 9)]),
        ("Blacklist", ["She was cross that we rang her again at work on Monday", "他说上次安装的师傅迟到了两个小时"]),
        ("Can call?", ["Y", None, "Y, evenings"]),
        ("Reason for blacklisting", ["Y", "rude to the team", None]),
        ("No answer", ["Y", "rang twice", None]),
    ],
)
def test_other_things_under_such_a_header_and_other_headers_keep_nobody_from_being_called(header, cells):
    assert role_of_column(header, cells) != "do_not_contact"


@pytest.mark.parametrize(
    "cells",
    [
        ["Yes", "Y", "yes", "No", "maybe", "holding date", "Y", "no reply"],
        ["Y", "Yes", "y", "YES", "No", "N", "no", "maybe", "holding date", "thinking about it", "waiting on quote"],
        ["Ｙ", "Y", "yes", "Yes", "YES", "N", "n", "no", "No", "NO"],
    ],
)
@pytest.mark.parametrize("header", ["Booked?", "Sold?", "是否成交"])
def test_a_yes_in_many_spellings_is_one_value_of_an_outcome(header, cells):
    assert role_of_column(header, cells) == "outcome"


def test_many_remarks_beside_a_yes_alone_are_no_outcome():
    remarks = ["call in May", "wants blue", "two dogs", "corner plot", "has a van", "likes tea", "next door", "steep"]
    assert role_of_column("Booked?", ["Yes", "yes", *remarks]) != "outcome"


def test_a_customer_column_of_latin_persons_is_a_name_and_of_firms_a_company():
    people = [
        "Anna Smith",
        "Tom O'Neil",
        "Maria Garcia",
        "Robert Patel",
        "David Nguyen",
        "Susan Miller",
        "James Okafor",
    ]
    firms = [
        "Harbour Foods Ltd",
        "Delta Works Inc",
        "Otter Cove LLC",
        "Baker Group",
        "Nordwind GmbH",
        "Reed Corp",
        "Sun Co",
    ]
    more = [[f"(660) 555-01{n:02}", "Camry", "Y" if n % 2 else "N"] for n in range(len(people))]
    header = ["Customer", "Cell", "Vehicle", "Sold?"]
    found = [
        roles([header, *([who, *row] for who, row in zip(names, more, strict=True))])[0] for names in (people, firms)
    ]
    assert found == ["name", "company"]
