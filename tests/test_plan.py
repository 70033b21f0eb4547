"""What to do next, and when."""

from datetime import date

import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified
from lostdeals.plan import next_working_day, plan
from lostdeals.schema import CLASSES, SCORED

TODAY = date(2026, 11, 20)  # a Friday


def planned(columns, words=ZH, language="zh"):
    n = len(next(iter(columns.values())))
    base = {"score": [50.0] * n, "tier": ["potential"] * n, "days_since_contact": [3.0] * n}
    later = {
        column: [None] * n for column in SCORED if column not in CLASSES and not column.startswith(("src_", "next_"))
    }
    frame = classified({**later, **base, **columns})
    return plan(frame, VOCABULARY, words, TODAY, language)


def test_the_reason_is_answered_first_then_the_stage():
    action = planned({"main_reason": ["budget"], "stage_class": ["in_depth"]}).leads["next_action"][0]
    assert action == "提供分期付款或贷款方案，或先上小套餐；安排一对一面谈，给个性化方案"


@pytest.mark.parametrize("reason", [key for key in VOCABULARY.section("reasons") if key not in ("reading", "invalid")])
def test_every_reason_has_a_tactic_in_both_languages(reason):
    for words in (ZH, EN):
        known = planned({"main_reason": [reason]}, words).leads["next_action"][0]
        assert known != planned({"main_reason": [None]}, words).leads["next_action"][0]


@pytest.mark.parametrize("stage", list(VOCABULARY.section("stages")))
def test_every_stage_has_a_tactic(stage):
    known = planned({"stage_class": [stage]}).leads["next_action"][0]
    assert known != planned({"stage_class": [None]}).leads["next_action"][0]


def test_nobody_in_the_better_half_of_the_list_is_told_to_be_contacted_rarely():
    found = planned({"tier": ["low_value"] * 4, "score": [20.0, 60.0, 40.0, 10.0]}, EN)
    rarely = found.leads["next_action"].str.startswith("contact rarely")
    assert rarely.tolist() == [False, False, False, True]
    assert found.plan["action"].str.startswith("contact rarely").tolist() == [False, False, False, True]


def test_better_tiers_are_called_sooner():
    tiers = ["high_value", "potential", "general", "low_value"]
    dates = planned({"tier": tiers, "days_since_contact": [0.0] * 4}).leads["next_contact"]
    assert dates.is_monotonic_increasing
    assert dates.nunique() == 4


def test_the_next_contact_is_a_working_day_and_never_in_the_past():
    dates = planned({"days_since_contact": [400.0, 5.0, 6.0]}).leads["next_contact"].dt.date
    assert dates.tolist() == [TODAY, date(2026, 11, 23), date(2026, 11, 23)]


def test_a_future_date_of_the_users_own_is_kept():
    frame = {"next_contact_at": ["2026-12-08", "2026-01-05"]}
    assert planned(frame).leads["next_contact"].dt.date.tolist() == [date(2026, 12, 8), date(2026, 11, 24)]


def test_lost_customers_wait_for_their_reasons_cool_off():
    frame = {"outcome_class": ["lost"] * 2, "main_reason": ["no_need", "service"], "days_since_contact": [0.0, 0.0]}
    days = (planned(frame).leads["next_contact"] - pd.Timestamp(TODAY)).dt.days.tolist()
    assert days[0] >= 90
    assert days[1] == 3


def test_won_invalid_and_do_not_contact_rows_are_not_in_the_plan():
    result = planned(
        {
            "outcome_class": ["won", "invalid", "open", "open"],
            "do_not_contact": [None, None, True, False],
            "score": [None, None, 90.0, 10.0],
        }
    )
    assert result.plan["lead"].tolist() == [3]
    assert result.leads["next_action"].notna().tolist() == [True, False, False, True]
    assert result.leads["next_contact"].notna().tolist() == [False, False, False, True]


def test_the_plan_falls_by_score_then_amount_then_row():
    result = planned({"score": [10.0, 80.0, 80.0, 80.0], "amount": [9.0, 5.0, 7.0, 5.0]})
    assert result.plan["lead"].tolist() == [2, 1, 3, 0]
    assert result.plan["priority"].tolist() == [1, 2, 3, 4]


def test_a_duplicate_is_called_once():
    assert planned({"duplicate_of": [None, 0.0]}).plan["lead"].tolist() == [0]


def test_english_sheets_take_monday_to_friday():
    assert next_working_day(date(2026, 10, 1), "CN") > date(2026, 10, 1)
    assert next_working_day(date(2026, 10, 1), "") == date(2026, 10, 1)


def test_a_year_without_a_holiday_notice_falls_back_on_weekdays():
    assert next_working_day(date(2031, 3, 1)) == date(2031, 3, 3)


def test_a_customer_who_asked_not_to_be_called_on_any_row_or_column_is_not_called():
    columns = {
        "duplicate_of": [None, 0.0, None],
        "do_not_contact": [None, True, False],
        "do_not_contact.7": [None, None, True],
    }
    assert planned(columns).plan["lead"].tolist() == []


def test_an_open_row_stands_for_a_customer_and_nobody_who_bought_is_won_back():
    columns = {
        "duplicate_of": [None, 0.0, None, 2.0, None, 4.0],
        "outcome_class": ["won", "open", "lost", "won", "lost", "open"],
        "score": [None, 40.0, 90.0, None, 95.0, 30.0],
    }
    assert planned(columns).plan["lead"].tolist() == [1, 5]


@pytest.mark.parametrize(
    ("personality", "tip"),
    [
        ("活泼型", "多听他讲"),
        ("完美型/谨慎", "准备数据"),
        ("D", "直奔结果"),
        ("Amiable", "放慢节奏"),
    ],
)
def test_a_personality_of_the_sheets_own_adds_how_to_talk(personality, tip):
    action = planned({"main_reason": ["price"], "personality": [personality]}).leads["next_action"][0]
    assert tip in action
    assert action.endswith("）")


def test_a_personality_nobody_knows_adds_nothing():
    plain = planned({"main_reason": ["price"]}).leads["next_action"][0]
    assert planned({"main_reason": ["price"], "personality": ["双子座"]}).leads["next_action"][0] == plain
    assert planned({"main_reason": ["price"], "personality": [None]}).leads["next_action"][0] == plain
