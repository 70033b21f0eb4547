"""Cleaning: cells as found become typed leads, every change is in the log, nothing is invented."""

# ruff: noqa: DTZ001 - a sheet's dates are local days without a zone

from __future__ import annotations

import math
import tomllib
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lostdeals.clean import STEPS, Cleaned, clean, diff, sheet_day, undo, visible
from lostdeals.clean.date_order import DateOrder, orders_of
from lostdeals.clean.date_texts import DateTexts
from lostdeals.clean.dates import DateReader, order_preference
from lostdeals.clean.emails import Emails
from lostdeals.clean.phones import Phones
from lostdeals.clean.setting import Setting
from lostdeals.clean.spelling import folded
from lostdeals.clean.text import tidy
from lostdeals.model import ErrorCell
from lostdeals.schema import CHANGES, CLEANED, DATE, FLAG, NUMBER, ROLE_KINDS, check, role_of
from lostdeals.vocab import Words, load

VOCABULARY = load()
TODAY = date(2024, 6, 1)


@cache
def cases(name: str) -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "cases" / f"{name}.toml").read_text(encoding="utf-8"))


def raw(**columns: list[Any]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    source = {
        "src_sheet": pd.Series(["客户"] * count, dtype=object),
        "src_row": pd.Series(range(2, count + 2), dtype="int64"),
    }
    return pd.DataFrame({**source, **{key: pd.Series(cells, dtype=object) for key, cells in columns.items()}})


def run(language: str = "zh", **columns: list[Any]) -> Cleaned:
    return clean_frame(raw(**columns), language)


def clean_frame(frame: pd.DataFrame, language: str = "zh", **options: Any) -> Cleaned:
    def address(lead: int, key: str) -> str:
        return f"客户!{key}{lead + 2}"

    return clean(frame, VOCABULARY, today=TODAY, language=language, address=address, **options)


def column(cleaned: Cleaned, key: str) -> list[Any]:
    cells = cleaned.leads[key].astype(object)
    return cells.where(cells.notna(), None).tolist()


def codes(cleaned: Cleaned) -> dict[str, int]:
    return {finding.code: finding.count for finding in cleaned.findings}


def log(cleaned: Cleaned, *names: str) -> list[tuple[Any, ...]]:
    return list(cleaned.changes[list(names)].itertuples(index=False, name=None))


# The cases: all cells of a list are cleaned in one sheet, and each is looked up in it


@cache
def together(file: str, name: str, key: str, language: str = "zh") -> Cleaned:
    found = cases(file)[name]
    group = found[key] if isinstance(found, dict) else found
    cells = [case["cell"] if isinstance(case, dict) else case[0] if isinstance(case, list) else case for case in group]
    return run(language, **{key: cells})


def issue(cleaned: Cleaned, row: int) -> str | None:
    text = cleaned.leads["data_issues"][row]
    return text.split("@")[0] if text else None


def numbered(group: list[Any]) -> list[Any]:
    return [
        pytest.param(row, case, id=repr(case["cell"] if isinstance(case, dict) else case))
        for row, case in enumerate(group)
    ]


PHONES = [
    pytest.param(language, row, case, id=f"{language} {case['cell']!r}")
    for language in ("zh", "en")
    for row, case in enumerate(cases("phones")[language])
]


@pytest.mark.parametrize(("language", "row", "case"), PHONES)
def test_a_phone_is_cleaned(language: str, row: int, case: dict[str, Any]) -> None:
    cleaned = together("phones", language, "phone", language)
    numbers = Phones(VOCABULARY, language).read(cleaned.leads["phone"][row]).numbers
    expected = case["gives"], case.get("numbers", [case["gives"]]), case.get("issue")
    assert expected == (cleaned.leads["phone"][row], list(numbers), issue(cleaned, row))


@pytest.mark.parametrize("case", cases("phones")["country"], ids=lambda case: case["region"])
def test_a_country_in_the_row_says_whose_plan_a_number_follows(case: dict[str, Any]) -> None:
    cells, expected = (list(part) for part in zip(*case["cells"], strict=True))
    language = "zh" if "杭州" in case["region"] else "en"
    cleaned = run(language, phone=cells, region=[case["region"]] * len(cells))
    assert expected == column(cleaned, "phone")
    again = clean_frame(cleaned.leads, language)
    assert expected == column(again, "phone")


BESIDE_HONG_KONG = ["+852 5500 0021", "+852-9100-0022", "9123 4502", "55000023", "13800000021"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (BESIDE_HONG_KONG, ["+85255000021", "+85291000022", "+85291234502", "+85255000023", "13800000021"]),
        ([*BESIDE_HONG_KONG, "+65 6100 0021"], [*BESIDE_HONG_KONG[2:3], "55000023"]),
        ([*BESIDE_HONG_KONG, "021-00000021"], [*BESIDE_HONG_KONG[2:3], "55000023"]),
        (BESIDE_HONG_KONG[1:], [*BESIDE_HONG_KONG[2:3], "55000023"]),
    ],
    ids=["one country", "two countries", "a Chinese landline", "one number only"],
)
def test_a_number_without_its_country_is_of_the_one_that_all_others_name(cells: list[str], expected: list[str]) -> None:
    cleaned = run("zh", phone=cells)
    assert set(expected) <= set(column(cleaned, "phone"))
    assert column(clean_frame(cleaned.leads, "zh"), "phone") == column(cleaned, "phone")


@pytest.mark.parametrize(("row", "case"), numbered(cases("emails")["cases"]))
def test_an_email_is_cleaned(row: int, case: dict[str, Any]) -> None:
    cleaned = together("emails", "cases", "email")
    addresses = Emails(VOCABULARY).read(cleaned.leads["email"][row]).addresses
    expected = case["gives"], case.get("addresses", [case["gives"]]), case.get("issue")
    assert expected == (cleaned.leads["email"][row], list(addresses), issue(cleaned, row))


DATES = [
    pytest.param(language, cell, text, id=f"{language} {cell!r}")
    for language in ("zh", "en")
    for cell, text in cases("dates")[language]
]


@pytest.mark.parametrize(("language", "cell", "text"), DATES)
def test_a_date_is_read(language: str, cell: Any, text: str) -> None:
    cells = pd.Series([cell], dtype=object)
    preference = order_preference(Setting(VOCABULARY, TODAY, language))
    reader = DateReader(DateTexts(VOCABULARY, TODAY), preference).fit(cells)
    assert str(pd.Timestamp(text or pd.NaT)) == str(reader.transform(cells)[0])


RELATIVE = cases("dates")["relative"]


@pytest.mark.parametrize(("cell", "text"), RELATIVE["cells"], ids=str)
def test_a_word_for_a_day_is_read_from_the_day_of_its_row(cell: str, text: str) -> None:
    found = run(next_contact_at=[cell, cell], updated_at=[RELATIVE["updated_at"], None])
    assert [pd.Timestamp(text) if text else None, None] == column(found, "next_contact_at")
    assert codes(found)["unread-dates"] == (1 if text else 2)


def test_the_day_a_sheet_was_made_gives_words_their_day() -> None:
    found = clean_frame(raw(last_contact_at=["昨天", "2024-05-01"]), written=date(2024, 5, 20))
    assert column(found, "last_contact_at") == [pd.Timestamp("2024-05-19"), pd.Timestamp("2024-05-01")]


def test_the_user_settles_what_an_ambiguous_column_leaves_open() -> None:
    cells = ["03/04/2024", "05/06/2024", "07/07/2024", "2024-08-09"]
    ambiguous = run("en", occasion_at=cells)
    (finding,) = [found for found in ambiguous.findings if found.code == "ambiguous-dates"]
    assert (finding.count, finding.values["reading"], finding.values["other"], finding.values["option"]) == (
        2,
        "2024-03-04",
        "2024-04-03",
        "--dayfirst",
    )
    settled = clean_frame(raw(occasion_at=cells), "en", date_order="dmy")
    assert [day.strftime("%m-%d") for day in column(settled, "occasion_at")] == ["04-03", "06-05", "07-07", "08-09"]
    assert codes(settled) == {}


COUNTED = {"created_at": ["2024-03-05", "2023-11-02", "2024-02-01", "2024-01-01", "下周"]}


def test_words_that_mean_another_day_are_counted_from_the_newest_one_and_it_is_said() -> None:
    found = run(**COUNTED, next_contact_at=["下周三", "明年1月", "月底", "去年底", None])
    days = [day and day.strftime("%Y-%m-%d") for day in column(found, "next_contact_at")]
    assert days == ["2024-03-13", "2025-01-01", "2024-03-31", "2023-12-31", None]
    assert column(found, "created_at")[4] is None
    (said,) = [finding for finding in found.findings if finding.code == "assumed-day"]
    assert (said.count, said.values["sample"], str(said.values["day"])) == (4, "下周三", "2024-03-05")


def test_the_day_a_sheet_says_of_itself_comes_first() -> None:
    frame = raw(**COUNTED, next_contact_at=["下周三", None, None, None, None])
    found = clean_frame(frame, written=date(2024, 5, 29))
    assert column(found, "next_contact_at")[0].strftime("%Y-%m-%d") == "2024-06-05"
    assert "assumed-day" not in codes(found)


@pytest.mark.parametrize(
    "lines",
    [
        ["Updated: 2024-03-05 by Carmen"],
        ["客户表", "更新日期：2024-03-05"],
        ["更新于 3月5日"],
        ["制表：李四 2024年3月5日"],
        ["Last updated 5 Mar 2024 by Carmen (v2)"],
        ["统计日期 2024.3.5 制表人 王五"],
        ["更新日期", datetime(2024, 3, 5)],
    ],
)
def test_a_line_above_the_header_says_what_day_a_sheet_is_of(lines: list[object]) -> None:
    assert sheet_day(lines, VOCABULARY, date(2024, 6, 1)) == date(2024, 3, 5)


@pytest.mark.parametrize(
    "line", ["2024年3月客户表", "有效期至 2024-03-05", "更新日期：2024-09-05", "2024-03-01 至 2024-03-05"]
)
def test_other_days_above_the_header_do_not(line: str) -> None:
    assert sheet_day([line], VOCABULARY, date(2024, 6, 1)) is None


def test_what_one_column_leaves_open_another_one_settles() -> None:
    found = run("en", created_at=["25/12/2023", "13/02/2024"], next_contact_at=["05/12/2024", "06/11/2024"])
    assert [day.strftime("%m-%d") for day in column(found, "next_contact_at")] == ["12-05", "11-06"]
    assert "ambiguous-dates" not in codes(found)


@pytest.mark.parametrize(
    ("cell", "day"),
    [("send deck 1/7", "07-01"), ("chase 5 Jul", "07-05"), ("Fri 28/6 – send SOW", "06-28")]
    + [
        (cell, None)
        for cell in ("call Tues", "ring 5 or 6 July", "24/7 support", "call back 3-4pm", "chase 2 invoices")
    ],
)
def test_the_day_of_the_next_contact_is_found_among_a_few_words(cell: str, day: str | None) -> None:
    found = run("en", created_at=["25/12/2023"], next_contact_at=[cell])
    (moment,) = column(found, "next_contact_at")
    assert (moment.strftime("%m-%d") if moment is not None else None) == day


def test_a_day_of_the_year_two_makes_no_contact_stale() -> None:
    assert codes(run("en", created_at=[date(2, 1, 1)], last_contact_at=[None])) == {}


def test_columns_that_show_different_orders_settle_nothing() -> None:
    found = run("en", created_at=["25/12/2023"], closed_at=["12/25/2023"], next_contact_at=["05/12/2024"])
    assert codes(found)["ambiguous-dates"] == 1


@pytest.mark.parametrize(("amount", "day"), [("£1,200", "06-05"), ("$1,200", "05-06"), ("1,200", "05-06")])
def test_who_sells_in_pounds_writes_the_day_first(amount: str, day: str) -> None:
    found = run("en", occasion_at=["05/06/2024"], amount=[amount])
    assert column(found, "occasion_at")[0].strftime("%m-%d") == day
    assert codes(found)["ambiguous-dates"] == 1


def test_a_name_with_an_address_in_brackets_is_that_address() -> None:
    assert column(run("en", email=["Ann Reed (ann@alder.example)"]), "email") == ["ann@alder.example"]


def test_待定_in_two_languages_is_no_amount() -> None:
    found = run("en", amount=["待定 TBC", "HK$45,000"])
    assert column(found, "amount") == [None, 45000.0]
    assert codes(found) == {}


@pytest.mark.parametrize("cell", ["2月30日", "2024-13-05", "31/02/2024", "2024年2月31日", "6月31号"])
def test_a_day_that_no_calendar_has_is_said_to_be_impossible(cell: str) -> None:
    assert codes(run(created_at=[cell, "2024-03-05"])) == {"impossible-dates": 1}


@pytest.mark.parametrize(("cell", "text"), cases("dates")["zone"][0]["cells"], ids=str)
def test_a_zoned_time_becomes_a_local_time(cell: Any, text: str) -> None:
    cleaned = clean_frame(raw(created_at=[cell]), tz=cases("dates")["zone"][0]["tz"])
    assert cleaned.leads["created_at"][0] == pd.Timestamp(text)


@pytest.mark.parametrize("case", cases("dates")["column"], ids=lambda case: " ".join(case["cells"]))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_column_teaches_its_order(case: dict[str, Any], language: str) -> None:
    setting = Setting(VOCABULARY, TODAY, language)
    order = DateOrder(order_preference(setting)).fit(case["cells"])
    assert (case[language], case["ambiguous"]) == (order.order_, sum(map(order.is_ambiguous, case["cells"])))
    assert codes(run(language, occasion_at=case["cells"])).get("ambiguous-dates", 0) == case["ambiguous"]


def test_dots_settle_the_order_of_a_sheets_other_dates_where_none_shows_it() -> None:
    found = orders_of({"created": ["03.05.2024"], "next": ["04/06/2024"]}, ("mdy", "dmy", "ymd"))
    assert [order.order_ for order in found.values()] == ["dmy", "dmy"]
    shown = orders_of({"created": ["03.05.2024"], "next": ["04/26/2024"]}, ("mdy", "dmy", "ymd"))
    assert [order.order_ for order in shown.values()] == ["mdy", "mdy"]


@pytest.mark.parametrize(("row", "case"), numbered(cases("money")["amount"]))
def test_an_amount_is_read(row: int, case: list[Any]) -> None:
    cleaned = together("money", "amount", "amount")
    expected = str(float(case[1])), case[2] or None, "negative-amount" if case[1] < 0 else None
    assert expected == (str(cleaned.leads["amount"][row]), cleaned.leads["currency"][row], issue(cleaned, row))


@pytest.mark.parametrize(("row", "cell"), numbered(cases("money")["unread"]))
def test_what_is_no_amount_is_said(row: int, cell: Any) -> None:
    cleaned = together("money", "unread", "amount")
    assert (math.isnan(cleaned.leads["amount"][row]), issue(cleaned, row)) == (True, "unread-numbers")


@pytest.mark.parametrize(("row", "cell"), numbered(cases("money")["unit_price"]))
def test_the_price_of_a_piece_is_no_amount_and_nothing_broken(row: int, cell: str) -> None:
    cleaned = together("money", "unit_price", "amount")
    assert (math.isnan(cleaned.leads["amount"][row]), issue(cleaned, row)) == (True, "unit-price")


ROLE_NUMBERS = [
    pytest.param(role, row, number, id=f"{role} {cell!r}")
    for role in ("age", "company_size", "contact_count", "time_on_site")
    for row, (cell, number) in enumerate(cases("money")[role])
]


@pytest.mark.parametrize(("role", "row", "number"), ROLE_NUMBERS)
def test_a_number_is_read_by_its_role(role: str, row: int, number: float) -> None:
    cleaned = together("money", role, role)
    cell = cases("money")[role][row][0]
    plain = str(cell).lstrip("-").isdigit()
    unread = "impossible-numbers" if plain else "unread-numbers"
    expected = str(float(number)), unread if math.isnan(number) else None
    assert expected == (str(cleaned.leads[role][row]), issue(cleaned, row))


@pytest.mark.parametrize("kind", ["probability", "decimal"])
def test_a_column_of_numbers_teaches_its_form(kind: str) -> None:
    role = "probability" if kind == "probability" else "amount"
    for case in cases("money")[kind]:
        assert str([float(number) for number in case["gives"]]) == str(
            run(**{role: case["cells"]}).leads[role].tolist()
        )


@pytest.mark.parametrize("case", cases("money")["header"], ids=lambda case: case["header"])
def test_a_unit_in_the_header_counts_for_plain_numbers(case: dict[str, Any]) -> None:
    cleaned = clean_frame(raw(amount=case["cells"]), headers={"amount": case["header"]})
    currency = column(cleaned, "currency") if "currency" in cleaned.leads else [""]
    assert (case["gives"], case.get("currency")) == (column(cleaned, "amount"), currency)


@pytest.mark.parametrize("key", cases("blanks")["blank"])
def test_a_cell_that_says_nothing_is_blank(key: str) -> None:
    cells = cases("blanks")["blank"][key]
    cleaned = run(**{key: cells})
    assert [cell for cell, empty in zip(cells, cleaned.leads[key].isna(), strict=True) if not empty] == []
    assert codes(cleaned) == {}


@pytest.mark.parametrize("key", cases("blanks")["kept"])
def test_an_answer_that_looks_like_a_blank_stays(key: str) -> None:
    cells = cases("blanks")["kept"][key]
    assert cells == column(run(**{key: cells}), key)


@pytest.mark.parametrize(
    "case", cases("blanks")["none"], ids=lambda case: f"{case['column']} {' '.join(case['cells'])}"
)
def test_none_is_an_answer_where_a_column_tells_it_from_a_blank(case: dict[str, Any]) -> None:
    cells = [cell or None for cell in case["cells"]]
    assert [cell or None for cell in case["gives"]] == column(run(**{case["column"]: cells}), case["column"])


def test_what_is_missing_is_counted_by_its_kind() -> None:
    cells = ["官网", None, "  ", "无", "N/A", "未知", ErrorCell("#REF!"), "Select", "转介绍"]
    notes = ["未知", "好", None, "-", None, None, None, None, None]
    dates = ["2024-03-05", "回头再说", *[None] * 7]
    missing = run(source=cells, notes=notes, created_at=dates).missing.set_index("column")
    kinds = ["filled", "blank", "placeholder", "none", "unknown", "error"]
    assert missing[kinds].loc["source"].tolist() == [2, 2, 2, 1, 1, 1]
    assert missing[kinds].loc["notes"].tolist() == [1, 6, 1, 0, 1, 0]
    assert missing[kinds].loc["created_at"].tolist() == [2, 7, 0, 0, 0, 0]


# Text, blanks, flags, spelling


def test_notes_keep_their_lines_and_their_chinese_punctuation() -> None:
    assert tidy("客户：“太贵”，  １３８……\r\n\r\n再联系。_x000D_\n", lines=True) == "客户：“太贵”，  138……\n\n再联系。"


def test_short_fields_have_single_spaces() -> None:
    assert column(run(name=["王\n 小明", " Ann\t Lee "]), "name") == ["王 小明", "Ann Lee"]


def test_an_id_stored_as_a_number_gets_its_digits_back() -> None:
    assert column(run(id=[1001.0, 1002, "0012"]), "id") == ["1001", "1002", "0012"]


def test_an_id_that_lost_digits_is_said() -> None:
    cleaned = run(id=[1234567890123456789.0, "1.23457E+18", 1234567890])
    assert codes(cleaned) == {"damaged-number": 1} or codes(cleaned) == {"damaged-number": 2}
    assert cleaned.leads["data_issues"].tolist() == ["damaged-number@客户!id2", "damaged-number@客户!id3", None]


def test_an_error_cell_is_blank_and_said_in_its_row_only() -> None:
    cleaned = run(source=[ErrorCell("#REF!"), "官网"])
    assert column(cleaned, "source") == [None, "官网"]
    assert (cleaned.leads["data_issues"][0], cleaned.findings) == ("error-value@客户!source2", ())


def test_an_extra_column_keeps_its_types() -> None:
    cells = [5, "  ５ 台 ", "-", datetime(2024, 3, 5), True]
    assert column(run(**{"extra.台数": cells}), "extra.台数") == [5, "５ 台", None, datetime(2024, 3, 5), True]


@pytest.mark.parametrize(("answer", "said"), [("yes", True), ("no", False), ("nothing", None)])
def test_yes_and_no_in_many_words(answer: str, said: bool | None) -> None:
    cells = cases("flags")[answer]
    read = column(run(do_not_contact=cells), "do_not_contact")
    assert dict.fromkeys(cells, said) == dict(zip(cells, read, strict=True))


def test_yes_and_no_as_numbers() -> None:
    cells, expected = (list(part) for part in zip(*cases("flags")["numbers"], strict=True))
    assert expected == column(run(do_not_contact=cells), "do_not_contact")


def test_whatever_stands_in_do_not_contact_and_is_no_no_means_it() -> None:
    assert column(run(do_not_contact=["是", "不要再打", "否", None]), "do_not_contact") == [True, True, False, None]


@pytest.mark.parametrize(
    ("cells", "asked", "remarks", "first"),
    [
        (["Y", "Y, only email", "no", 0, "N", None], [True, True, False, False, False, None], 1, "Y, only email"),
        (["√", "微信可以", "别打电话", "否", "0", None], [True, True, True, False, False, None], 2, "微信可以"),
        (["yes", datetime(2024, 3, 5), "x - asked 3 times"], [True, True, True], 2, "2024-03-05"),
    ],
)
def test_a_remark_that_is_taken_for_a_do_not_contact_is_said(
    cells: list[Any], asked: list[Any], remarks: int, first: str
) -> None:
    cleaned = run(do_not_contact=cells)
    assert column(cleaned, "do_not_contact") == asked
    said = [finding for finding in cleaned.findings if finding.code == "taken-for-asked"]
    assert [(finding.count, finding.values["sample"]) for finding in said] == [(remarks, first)]


def test_a_plain_yes_and_no_in_do_not_contact_need_no_word() -> None:
    cleaned = run(do_not_contact=["是", "否", "Y", "√", 1, 0, True, None])
    assert not [finding for finding in cleaned.findings if finding.code == "taken-for-asked"]


def test_spelling_variants_become_the_commonest_spelling() -> None:
    cells = ["Closed Won", "closed-won", "Closed Won", "CLOSED  WON", "Closed Lost"]
    expected = ["Closed Won"] * 4 + ["Closed Lost"]
    assert expected == column(run("en", stage=cells), "stage")


@pytest.mark.parametrize(("one", "other"), [("A-", "A"), ("A+", "A"), ("1-10", "110"), ("3.0", "30"), ("C++", "C")])
def test_values_that_differ_in_more_than_spelling_stay_apart(one: str, other: str) -> None:
    assert folded(one) != folded(other)


# Findings and issues


def test_unread_dates_are_counted_with_the_first_and_its_text() -> None:
    cleaned = run(created_at=["2024-03-05", "下周", "回头再说", None])
    assert [(f.code, f.count, f.first, dict(f.values)) for f in cleaned.findings] == [
        ("unread-dates", 2, "客户!created_at3", {"sample": "下周", "role": "created_at"})
    ]
    assert column(cleaned, "data_issues") == [
        None,
        "unread-dates@客户!created_at3",
        "unread-dates@客户!created_at4",
        None,
    ]


def test_a_past_event_in_the_future_is_said_and_kept() -> None:
    cleaned = run(created_at=["2024-06-01 18:00", "2024-06-02"], next_contact_at=["2024-07-01", "2024-07-01"])
    assert codes(cleaned) == {"future-dates": 1}
    assert cleaned.leads["created_at"][1] == pd.Timestamp("2024-06-02")


def test_test_entries_are_said_by_row() -> None:
    cleaned = run(
        name=["测试", "test-02", "王测", "Tester Li"], company=["示例公司", "示例科技", None, "Test Systems Ltd"]
    )
    expected = ["test-entry@客户!name2; test-entry@客户!company2", "test-entry@客户!name3", None, None]
    assert expected == column(cleaned, "data_issues")


def test_every_code_has_its_sentence_in_every_language() -> None:
    cleaned = run(
        phone=["138****0021", "1.38E+10", "1380000021"],
        email=["li@@example.com", None, None],
        created_at=["03/04/2024", "下周", "2025-01-01"],
        amount=["几万", None, None],
        do_not_contact=["看情况", None, None],
        name=["测试", None, None],
    )
    many = run(phone=["021-00000021"] * 11)
    findings = [*cleaned.findings, *many.findings]
    assert len({finding.code for finding in findings}) == 11
    for lang in ("zh", "en"):
        words = Words(VOCABULARY, lang)
        assert all(words.finding(finding) for finding in findings)
        assert all(words.say(f"rule.{rule}") for rule in STEPS)
        by_cell = {finding.code for finding in cleaned.findings} - {"ambiguous-dates", "taken-for-asked"}
        assert all(words.say(f"issue.{code}") for code in by_cell)


@pytest.mark.parametrize("case", cases("invalid")["rows"], ids=lambda case: case["what"])
def test_a_row_that_cannot_be_right_is_said_by_its_rule(case: dict[str, Any]) -> None:
    columns = {key: [cell or None for cell in cells] for key, cells in case.items() if key not in ("what", "codes")}
    said = column(run(**columns), "data_issues")
    found = [" ".join(part.split("@")[0] for part in (text or "").split("; ")) for text in said]
    assert case["codes"] == found


def test_a_mistyped_address_is_suggested_and_not_changed() -> None:
    cleaned = run(email=["li@gmial.com", "li@163,com", "a@example.com"])
    assert column(cleaned, "email") == ["li@gmial.com", "li@163,com", "a@example.com"]
    assert column(cleaned, "data_issues")[:2] == [
        "mistyped-email@客户!email2=li@gmail.com",
        "invalid-email@客户!email3=li@163.com",
    ]
    assert [finding.values.get("meant") for finding in cleaned.findings] == ["li@gmail.com", "li@163.com"]


# Outliers

AMOUNTS = [8_000, 9_500, 12_000, 15_000, 20_000, 30_000, 45_000, 60_000] * 4


def test_an_amount_far_outside_its_column_is_said_and_kept() -> None:
    cleaned = run(amount=[*AMOUNTS, 900_000_000, 150_000])
    assert codes(cleaned) == {"outlier": 1}
    assert cleaned.leads["amount"][len(AMOUNTS)] == 900_000_000


def test_a_skewed_column_is_measured_on_its_logarithm() -> None:
    doubling = [100 * 2**n for n in range(12)] * 2
    assert codes(run(amount=doubling)) == {}


def test_nothing_is_far_out_in_a_short_column_or_on_a_scale() -> None:
    assert codes(run(amount=[*AMOUNTS[:10], 900_000_000])) == {}
    assert codes(run(visit_count=[1, 2, 3, 4, 5] * 6 + [40])) == {}
    assert codes(run(age=[20 + n for n in range(30)] + [119])) == {}


def test_amounts_are_compared_within_their_currency() -> None:
    yen = [f"JPY {amount * 100_000}" for amount in AMOUNTS]
    assert codes(run(amount=[*(f"USD {amount}" for amount in AMOUNTS), *yen])) == {}


# Duplicates


def test_rows_with_the_same_phone_in_any_form_are_one_customer() -> None:
    cleaned = run(
        phone=["138 0000 0021", "+86-13800000021/13900000021", 13900000021, "13700000021"],
        name=["王", "王", "王芳", "李"],
        company=[None, "甲公司", None, None],
    )
    assert column(cleaned, "duplicate_of") == [1.0, None, 1.0, None]
    assert column(cleaned, "duplicate_by") == ["phone", None, "phone", None]


def test_the_kept_record_is_the_fullest_then_the_latest_then_the_first() -> None:
    cleaned = run(
        email=["a@example.com"] * 3 + ["b@example.com"] * 2,
        updated_at=["2024-01-01", "2024-03-01", "2024-02-01", "2024-01-01", "2024-01-01"],
    )
    assert column(cleaned, "duplicate_of") == [1.0, None, 1.0, None, 3.0]


def test_links_through_several_rows_and_roles_are_one_group() -> None:
    cleaned = run(
        phone=["13800000021", "13800000021", None], email=[None, "a@example.com", "A@example.com"], id=["1", "2", "3"]
    )
    assert (column(cleaned, "duplicate_of"), column(cleaned, "duplicate_by")) == (
        [1.0, None, 1.0],
        ["phone", None, "email"],
    )


def test_placeholders_and_damaged_numbers_are_nobodys() -> None:
    cells = ["13800000000", "13800000000", "1.38E+10", "1.38E+10", "138****0021", "138****0021"]
    assert column(run(phone=cells), "duplicate_of") == [None] * 6


def test_a_switchboard_is_no_customer() -> None:
    cleaned = run(phone=["021-00000021"] * 11, name=[f"客户{n}" for n in range(11)])
    assert (column(cleaned, "duplicate_of"), codes(cleaned)) == ([None] * 11, {"shared-contact": 11})


def test_an_id_that_repeats_is_a_foreign_key() -> None:
    assert column(run(id=["A", "A", "A", "B", "B"]), "duplicate_of") == [None] * 5
    assert column(run(id=["A", "A", "B", "C", "D"]), "duplicate_of") == [None, 0.0, None, None, None]


# The log


def test_the_log_says_cell_rule_before_and_after() -> None:
    cleaned = run(amount=["1.2万", 5, None], stage=["报价 ", "报价", "报价"])
    assert log(cleaned, "lead", "column", "rule", "before", "after", "was") == [
        (0, "stage", "text", "报价 ", "报价", "text"),
        (0, "amount", "numbers", "1.2万", "12000", "text"),
    ]
    check(cleaned.changes, CHANGES)


def test_the_same_value_in_another_type_of_its_kind_is_no_change() -> None:
    cells = {
        "amount": [5, 5.0],
        "created_at": [datetime(2024, 3, 5, 10, 30), date(2024, 3, 5)],
        "extra.n": [1, 1.5],
        "do_not_contact": [True, False],
    }
    assert len(run(**cells).changes) == 0


def test_a_value_that_only_got_its_type_is_logged_but_not_shown() -> None:
    cleaned = run(id=[4563, "7"], created_at=["2024-03-05", "2024/3/5"], amount=["350.0", "12万"])
    assert len(cleaned.changes) == 5
    assert visible(cleaned.changes)["before"].tolist() == ["2024/3/5", "12万"]


def test_true_and_one_are_different_cells() -> None:
    before, after = raw(**{"extra.a": [True, 1, 1.0]}), raw(**{"extra.a": [1, True, 1]})
    assert diff(before, after, "x")["was"].tolist() == ["flag", "number"]


def test_a_moment_written_a_little_differently_is_no_visible_change() -> None:
    cells = ["2024-03-05T10:00:00.619", "2024-03-05 9:05:07", "2024-03-05 10:00:00.000", "2024-03-05 10:30", "2024.3.5"]
    assert visible(run(created_at=cells).changes)["before"].tolist() == ["2024.3.5"]


def test_a_currency_read_from_the_amounts_is_no_change_to_a_cell() -> None:
    cleaned = run(amount=["$5", "$6"])
    assert (column(cleaned, "currency"), set(cleaned.changes["column"])) == (["USD", "USD"], {"amount"})
    filled = run(amount=["$5", "$6"], currency=["美元", None])
    assert log(filled, "column", "before", "after")[:2] == [("currency", "美元", "USD"), ("currency", None, "USD")]


def test_undo_gives_back_what_a_cell_was_not_how_it_looked() -> None:
    cells = [13800000021.0, "13800000021.0", "'13800000021", True, datetime(2024, 3, 5, 1), None, ErrorCell("#N/A")]
    cleaned = run(phone=cells)
    assert undo(cleaned.leads, cleaned.changes)["phone"].tolist() == cells


TEXTS = [
    *(
        "１３８ 0000 0021",
        "138****8000",
        "1.38E+10",
        "021-00000021转801",
        "+1 (660) 555-0121",
        "13800000021/139 0000 0021",
        "l38OOOOOO21",
        "+44 (0)1632 960121 ext 5",
        "852-55000021",
        "+86 138 0000 0021",
        "020 7946 0921",
        "090-5500-0021",
        "王总19900000021",
        "19,900,000,021",
        "199………",
        "+86+86 19900000021",
    ),
    *("USA", "英国", "日本", "中国-上海", "China"),
    *("Li <Li@EXAMPLE.com>", "none@none.com", "a@@b", "mailto:a@example.com.", "a@example.com；b@example.com"),
    *("li [at] example [dot] com", "li@gmial.com", "公司邮箱li@example.com（常用）", "li@163,com", "l**@example.com"),
    *(
        "2024年3月5日",
        "3月5号下午3点半",
        "10/20/2016",
        "03/04/2024",
        "24/3/5",
        "15 Apr, 2021 00:03:00",
        "45356.5",
        "2024-03-05T10:00:00Z",
        "下周",
        "昨天",
        "3天前",
        "明年3月",
        "2024年Q2",
        "3.5",
        "Tue Mar 05 10:00:00 CST 2024",
        "下午3点 2024-03-05",
        "2月30日",
    ),
    *(
        "两三万",
        "十几万",
        "五十到八十万",
        "介于12万和15万之间",
        "报价：12万元",
        "$5,000 CAD",
        "不到20人",
        "1.2万",
        "三十五万",
        "5k-8k",
        "$342.09K",
        "€ 2.900,00",
        "85%",
        "八成",
        "90后",
        "50-99人",
        "面议",
        "00:05:30",
        "（1,234）",
        "¥",
    ),
    *("无", "-", "N/A", "Select", "#REF!", "未知", "0", "No", "否", "是", "√", "TRUE", "人民币"),
    *(
        '="00123"',
        "'00123",
        "''5",
        " a\u200b\u00a0b ",
        "一\r\n二_x000D_",
        "Closed-Won",
        "closed won",
        "测试2",
        "",
        "   ",
        "\u202d1\u202c",
    ),
]
CELLS = st.one_of(
    st.none(),
    st.sampled_from(TEXTS),
    st.tuples(
        st.sampled_from(TEXTS), st.sampled_from([" ", ";", "/", "-", "　", "\n", "'", '="']), st.sampled_from(TEXTS)
    ).map("".join),
    st.text(st.sampled_from("0123456789.-/:,;@ aexwkO万千元年月日号转半至约以上无'\"=（）()%¥$+*"), max_size=14),
    st.text(max_size=6),
    st.integers(-(10**20), 10**20),
    st.sampled_from([0, 1, 45356, 20240305, 13800000021, 2100000021, 1709600000]),
    st.floats(allow_nan=False),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
    st.sampled_from([ErrorCell("#REF!"), ErrorCell("#N/A")]),
)
FRAMES = st.integers(1, 6).flatmap(
    lambda rows: st.dictionaries(
        st.sampled_from([*ROLE_KINDS, "phone.2", "email.2", "extra.a"]),
        st.lists(CELLS, min_size=rows, max_size=rows),
        min_size=1,
        max_size=5,
    )
)
OFTEN = settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@OFTEN
@given(
    columns=FRAMES,
    language=st.sampled_from(["zh", "en"]),
    date_order=st.sampled_from([None, "dmy", "mdy", "ymd"]),
    written=st.sampled_from([None, date(2024, 5, 20)]),
)
def test_cleaning_can_be_undone_and_done_twice(
    columns: dict[str, list[Any]], language: str, date_order: str | None, written: date | None
) -> None:
    frame = raw(**columns)
    untouched = frame.copy(deep=True)
    cleaned = clean_frame(frame, language, date_order=date_order, written=written)
    assert diff(untouched, frame, "the argument").empty
    assert diff(frame, undo(cleaned.leads, cleaned.changes)[frame.columns], "undo").empty
    again = clean_frame(cleaned.leads, language, date_order=date_order, written=written)
    assert log(again, "column", "rule", "before", "after") == []
    kinds = [kind for kind in cleaned.missing if kind != "column"]
    assert cleaned.missing[kinds].ge(0).all(axis=None)
    assert cleaned.missing[kinds].sum(axis=1).eq(len(frame)).all()
    pd.testing.assert_frame_equal(again.leads.drop(columns="data_issues"), cleaned.leads.drop(columns="data_issues"))


@OFTEN
@given(columns=FRAMES)
def test_every_role_gets_its_kind(columns: dict[str, list[Any]]) -> None:
    leads = check(run(**columns).leads, CLEANED)
    allowed: dict[str, tuple[type, ...]] = {NUMBER: (float,), DATE: (pd.Timestamp,), FLAG: (bool, type(None))}
    for key in columns:
        if role_of(key) != "extra":
            kind = ROLE_KINDS[role_of(key)]
            assert all(isinstance(cell, allowed.get(kind, (str, type(None)))) or cell is pd.NaT for cell in leads[key])


@given(text=CELLS.filter(lambda cell: isinstance(cell, str)), order=st.sampled_from(["ymd", "dmy", "mdy"]))
def test_no_text_makes_a_reader_fall_or_change_its_mind(text: str, order: str) -> None:
    DATE_TEXTS.read(text, order)
    for language in ("zh", "en"):
        once = Phones(VOCABULARY, language).read(text)
        assert once == Phones(VOCABULARY, language).read(once.text)
    once_read = Emails(VOCABULARY).read(text)
    assert once_read == Emails(VOCABULARY).read(once_read.text)


DATE_TEXTS = DateTexts(VOCABULARY, TODAY)


def test_a_very_wide_sheet_is_cleaned_without_a_warning() -> None:
    columns = {f"extra.c{n}": [" a ", "-"] for n in range(300)}
    cleaned = run(**columns, **{f"stage_date.{n}": ["2024/3/5", None] for n in range(2, 150)}, amount=["¥1", "2"])
    assert len(cleaned.changes) == 300 + 300 + 148 + 2


def test_an_empty_sheet_is_clean() -> None:
    cleaned = run(phone=[], created_at=[], amount=[], name=[])
    assert (len(cleaned.leads), len(cleaned.changes), cleaned.findings) == (0, 0, ())


def test_durations_and_times_in_text_columns_come_back() -> None:
    cells = [timedelta(hours=30, microseconds=5), -timedelta(seconds=1), time(10, 30)]
    cleaned = run(name=cells)
    assert column(cleaned, "name") == ["30:00:00.000005", "-0:00:01", "10:30:00"]
    assert undo(cleaned.leads, cleaned.changes)["name"].tolist() == cells


def test_none_beside_some_is_an_answer_and_no_blank() -> None:
    found = run(**{"extra.有无欠款": ["有", "无", "没有", None], "extra.竞品": ["甲", "乙", "丙", "无"]})
    assert column(found, "extra.有无欠款") == ["有", "无", "没有", None]
    assert column(found, "extra.竞品") == ["甲", "乙", "丙", None]


def test_what_has_happened_is_never_dated_ahead_for_want_of_a_year() -> None:
    found = run(last_contact_at=["7月1日"], next_contact_at=["7月1日"])
    assert [column(found, key)[0].year for key in ("last_contact_at", "next_contact_at")] == [2023, 2024]


def test_steps_without_a_year_follow_the_day_the_customer_came() -> None:
    came = ["2022-12-20", datetime(2023, 3, 1), None, "2023-05-02"]
    found = run(created_at=came, closed_at=["1.5", "3月9日", "8月1日", "2021-05-09"])
    assert [day.strftime("%Y-%m-%d") for day in column(found, "closed_at")] == [
        "2023-01-05",
        "2023-03-09",
        "2023-08-01",
        "2021-05-09",
    ]


def test_a_step_planned_for_the_next_weeks_stays_ahead() -> None:
    found = run(created_at=["2023-09-01", None], stage_date=["1.20", "1.20"])
    assert [day.year for day in column(found, "stage_date")] == [2024, 2024]


def test_a_column_that_a_scorecard_wants_is_read_as_money_in_its_headers_unit() -> None:
    frame = raw(**{"extra.资金": ["50", "1.2万", 100]})
    found = clean_frame(frame, headers={"extra.资金": "注册资金(万元)"}, amounts=["extra.资金"])
    assert column(found, "extra.资金") == [500_000.0, 12_000.0, 1_000_000.0]


def test_one_european_amount_does_not_turn_a_column_of_thousands() -> None:
    found = run(amount=["$10,000"] * 5 + ["€ 2.900,00"], language="en")
    assert column(found, "amount") == [10_000.0] * 5 + [2_900.0]
