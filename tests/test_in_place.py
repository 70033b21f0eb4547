"""What of cleaning goes into the user's own sheet, and how a cell gets its value back."""

# ruff: noqa: DTZ001 - a sheet's dates are local days without a zone

from datetime import date, datetime
from pathlib import Path

import pandas as pd
import pytest

from frames import VOCABULARY
from lostdeals.clean import clean, in_place, read_log, undo_in_place
from lostdeals.errors import LostDealsError
from lostdeals.model import ColumnMatch, ErrorCell, Layout, Sheet
from lostdeals.schema import role_of
from lostdeals.understand import to_leads

TODAY = date(2026, 11, 20)


def cleaned(columns, *, typed=True, merged=()):
    """The cleaned sheet's customers by header, and the log; columns: (LEADS key, header) -> cells."""
    letters = [chr(65 + place) for place in range(len(columns))]
    n = len(next(iter(columns.values())))
    cells = pd.DataFrame(
        {
            letter: pd.Series([header, *values], dtype=object, index=range(1, n + 2))
            for letter, ((_, header), values) in zip(letters, columns.items(), strict=True)
        }
    )
    matches = tuple(
        ColumnMatch(letter, header, role_of(key), "alias", 0.99, key)
        for letter, (key, header) in zip(letters, columns, strict=True)
    )
    layout = Layout((1,), matches, tuple(range(2, n + 2)), "zh")
    sheet = Sheet(Path("a.xlsx"), "客户", cells, merged=merged)
    raw = to_leads(sheet, layout)
    result = clean(
        raw,
        VOCABULARY,
        today=TODAY,
        language="zh",
        address=lambda lead, key: f"客户!{layout.letter(key)}{layout.rows[lead]}",
        headers={column.key: column.header for column in matches},
    )
    return in_place(sheet, raw, result, layout, VOCABULARY, typed=typed)


def column(key, cells, header=None, **options):
    """One column cleaned in place, and its log as (row, rule, before, after, was, now)."""
    made, log = cleaned({(key, header or key): cells}, **options)
    lines = log[["row", "rule", "before", "after", "was", "now"]]
    return made.cells["A"].tolist()[1:], list(lines.itertuples(index=False, name=None))


def test_days_that_are_only_counted_from_the_sheets_newest_one_stay_as_they_are_written():
    made, log = cleaned(
        {
            ("last_contact_at", "最近联系"): ["2026-11-02", "2026-11-05"],
            ("next_contact_at", "下次联系"): ["下周三", "月底"],
        }
    )
    assert made.cells["B"].tolist() == ["下次联系", "下周三", "月底"]
    assert "B" not in set(log["letter"])


def test_notes_keep_the_days_and_the_order_that_they_name():
    made, log = cleaned(
        {("notes", "备注"): ["send deck 1/12", "2/12 call; 1/12"], ("name", "姓名"): ["王小明", "李小红"]}
    )
    assert made.cells["A"].tolist() == ["备注", "send deck 1/12", "2/12 call; 1/12"]
    assert log.empty


@pytest.mark.parametrize(
    ("key", "cells", "expected"),
    [
        ("last_contact_at", ["下周", "2026.3.5"], ["下周", datetime(2026, 3, 5)]),
        ("last_contact_at", [" 下周 "], ["下周"]),
        ("amount", ["看方案", "1.2万"], ["看方案", 12000]),
        ("amount", ["5k-8k"], [6500]),
        ("company_size", ["50-99人", "200人", 30], ["50-99人", "200人", 30]),
        ("company_size", ["200人", "30"], [200, 30]),
        ("company_size", ["200多人", "30"], ["200多人", "30"]),
        ("age", ["90后", "35岁"], ["90后", "35岁"]),
        ("age", ["35岁", 28.0], [35, 28]),
        ("age", ["1990"], ["1990"]),
        ("income", ["8千-1万", "9000"], ["8千-1万", "9000"]),
        ("probability", ["80%", "50"], ["80%", "50"]),
        ("time_on_site", ["3:25", "2分30秒"], ["3:25", "2分30秒"]),
        ("do_not_contact", ["是", "不要再打", "N/A"], ["是", "不要再打", None]),
        ("level", [4, "A "], [4, "A"]),
        ("notes", [datetime(2026, 3, 5), True, 3.5], [datetime(2026, 3, 5), True, 3.5]),
        ("id", [4563, "00123"], ["4563", "00123"]),
        ("phone", [13800000001, 13800000002.0], ["13800000001", "13800000002"]),
        ("extra.x", ["a\u200b", ErrorCell("#REF!"), 5], ["a", None, 5]),
        ("amount", ["1e16", "3"], ["1e16", 3]),
        ("birthday", ["1890-05-01", "1990-05-01"], ["1890-05-01", datetime(1990, 5, 1)]),
    ],
)
def test_a_cell_takes_what_is_better_to_work_with_and_nothing_else(key, cells, expected):
    assert column(key, cells)[0] == expected


def test_below_a_header_with_a_unit_amounts_are_in_that_unit():
    values, log = column("amount", [999999.00019999, "35000元", "2", "1.2万"], "报价（万元）")
    assert values == [999999.00019999, 3.5, 2, 1.2]
    assert [line[:4] for line in log] == [
        (3, "numbers", "35000元", "3.5"),
        (4, "numbers", "2", "2"),
        (5, "numbers", "1.2万", "1.2"),
    ]


def test_the_middle_of_a_range_has_a_rule_of_its_own():
    assert column("amount", ["5k-8k", "-5"])[1] == [
        (2, "ranges", "5k-8k", "6500", "text", "number"),
        (3, "numbers", "-5", "-5", "text", "number"),
    ]


def test_what_only_got_its_type_is_no_change_of_a_csv():
    assert column("amount", ["12", "12.50"], typed=False)[1] == [(3, "numbers", "12.50", "12.5", "text", "number")]
    assert len(column("amount", ["12", "12.50"])[1]) == 2


def test_amounts_in_several_currencies_get_a_column_that_says_which():
    made, log = cleaned({("amount", "报价"): ["¥12,000", "$500", "300"]})
    assert made.cells["A"].tolist() == ["报价", 12000, 500, 300]
    assert made.cells["B"].tolist() == ["币种", "CNY", "USD", None]
    assert list(log[log["letter"].eq("B")]["row"]) == [1, 2, 3]
    assert undo_in_place(made.cells, log).cells["B"].isna().all()


def test_amounts_in_one_currency_get_none():
    assert list(cleaned({("amount", "报价"): ["¥12,000", "8000元"]})[0].cells.columns) == ["A"]


def test_an_amount_in_another_currency_than_its_row_stays_as_it_is_written():
    made, _ = cleaned({("currency", "币种"): ["CNY", "CNY"], ("amount", "报价"): ["$500", "¥300"]})
    assert made.cells["B"].tolist() == ["报价", "$500", 300]


def test_a_next_contact_keeps_the_words_around_its_day():
    made, _ = column("next_contact_at", ["send deck 1 Dec 2026", "5 Dec 2026"])
    assert made[0] == "send deck 1 Dec 2026"
    assert made[1] == datetime(2026, 12, 5)


def test_what_a_merged_cell_gave_to_its_rows_is_in_the_log():
    _, log = column("company", ["晨光 ", "晨光 ", None], merged=((2, 1, 3, 1),))
    assert [line[:4] for line in log] == [
        (2, "text", "晨光 ", "晨光"),
        (3, "merged", None, "晨光 "),
        (3, "text", "晨光 ", "晨光"),
    ]


def test_the_sheet_as_found_is_not_changed():
    cells = {("phone", "手机"): ["138-0000-0001"]}
    made, _ = cleaned(cells)
    assert (made.cells.loc[2, "A"], cells["phone", "手机"]) == ("13800000001", ["138-0000-0001"])


LOG = ("sheet", "cell", "header", "rule", "before", "after", "before_type", "after_type", "output_row")
CHAIN = [(2, "A", "text", "１", " 1", "text", "text"), (2, "A", "phones", " 1", "1", "text", "text")]
COLUMNS = ["row", "letter", "rule", "before", "after", "was", "now"]


@pytest.mark.parametrize(
    ("cell", "rule", "value", "outcome"),
    [
        ("1", None, "１", "restored"),
        ("1", "phones", " 1", "restored"),
        ("1", "text", "1", "later"),
        (" 1", "text", "１", "restored"),
        (" 1", "phones", " 1", "already"),
        (" 1", None, "１", "restored"),
        ("１", None, "１", "already"),
        ("2", None, "2", "changed"),
        ("2", "phones", "2", "changed"),
        (None, None, None, "changed"),
    ],
)
def test_a_cell_gets_back_what_stands_before_the_rule_if_it_still_holds_what_it_was_given(cell, rule, value, outcome):
    undone = undo_in_place(
        pd.DataFrame({"A": [cell]}, index=[2], dtype=object), pd.DataFrame(CHAIN, columns=COLUMNS), rule
    )
    counts = {name: getattr(undone, name) for name in ("restored", "already", "changed", "later", "missing")}
    assert (undone.cells.loc[2, "A"], {name for name, n in counts.items() if n}) == (value, {outcome})


def test_changes_of_rows_and_columns_that_are_gone_are_counted():
    cells = pd.DataFrame({"A": ["x"]}, index=[9], dtype=object)
    assert undo_in_place(cells, pd.DataFrame([*CHAIN, (9, "Z", *CHAIN[0][2:])], columns=COLUMNS)).missing == 3


@pytest.mark.parametrize(
    ("was", "before", "value"),
    [
        ("text", "00123", "00123"),
        ("text", "", ""),
        (None, None, None),
        ("number", "13800138000", 13800138000),
        ("number", "0.1", 0.1),
        ("flag", "TRUE", True),
        ("date", "2026-03-05 10:30:00", datetime(2026, 3, 5, 10, 30)),
        ("error", "#REF!", ErrorCell("#REF!")),
    ],
)
def test_a_value_comes_back_in_its_own_type(was, before, value):
    log = pd.DataFrame([(2, "A", "blanks", before, None, was, None)], columns=COLUMNS).astype({"before": object})
    cell = undo_in_place(pd.DataFrame({"A": [None]}, index=[2], dtype=object), log).cells.loc[2, "A"]
    assert (cell, type(cell)) == (value, type(value))


def test_a_log_that_a_spreadsheet_program_saved_again_is_refused():
    row = ["客户", "B2", "日期", "dates", "2026.3.5", "2026/3/5", "text", "date", "2"]
    cells = pd.DataFrame([list(LOG), row], columns=list("ABCDEFGHI"), index=[1, 2], dtype=object)
    with pytest.raises(LostDealsError) as stop:
        read_log(Sheet(Path("x.csv"), "x", cells))
    assert (stop.value.code, stop.value.values) == ("damaged-change-log", {"value": "2026/3/5", "kind": "date"})


def test_a_file_that_is_no_log_is_refused():
    cells = pd.DataFrame({"A": ["cell", "B2"], "B": ["rule", "text"]}, index=[1, 2], dtype=object)
    with pytest.raises(LostDealsError) as stop:
        read_log(Sheet(Path("x.csv"), "x", cells))
    assert (stop.value.code, "before" in stop.value.values["missing"]) == ("not-a-change-log", True)
