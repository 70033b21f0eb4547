"""What every customer is: outcome, stage, reasons, need, intent, value, behaviour, source, region and tier."""

import time
import tomllib
from pathlib import Path
from random import Random

import pandas as pd
import pytest

from frames import VOCABULARY, classified, layout, options
from lostdeals.classify import classify
from lostdeals.classify.derived import with_derived
from lostdeals.classify.dimensions import DimensionReader, classify_dimension
from lostdeals.classify.outcome import read_outcome
from lostdeals.classify.outcome_reader import OutcomeReader
from lostdeals.classify.reason import read_reasons
from lostdeals.classify.reason_reader import ReasonReader
from lostdeals.classify.stage import StageReader
from lostdeals.classify.stage_numbers import read_stages
from lostdeals.errors import LostDealsError

CASES = Path(__file__).parent / "cases"
OUTCOMES, STAGES, REASONS = OutcomeReader(VOCABULARY), StageReader(VOCABULARY), ReasonReader(VOCABULARY)


def cases(file, *path):
    """(text, expected) of a case file: its tables are expected = [texts …]."""
    tables = tomllib.loads((CASES / f"{file}.toml").read_text(encoding="utf-8"))
    for key in path:
        tables = tables[key]
    by_language = tables if "zh" in tables else {"": tables}
    return [
        pytest.param(text, expected, id=f"{text}: {expected}")
        for table in by_language.values()
        for expected, texts in table.items()
        for text in texts
    ]


def main_reason(reading):
    return reading.reasons[0] if reading.reasons else "none"


# ------------------------------------------------------------------------------------------------ single texts


@pytest.mark.parametrize(("text", "expected"), cases("outcomes"))
def test_a_status_tells_who_bought(text, expected):
    assert expected == (OUTCOMES.one(text) or "unread")


@pytest.mark.parametrize(("text", "expected"), cases("stages"))
def test_a_stage_has_its_place_among_the_four(text, expected):
    assert expected == (STAGES.one(text) or "none")


@pytest.mark.parametrize(("text", "expected"), cases("sources"))
def test_a_source_belongs_to_a_group(text, expected):
    assert expected == (DimensionReader(VOCABULARY, "source").one(text) or "none")


@pytest.mark.parametrize(("text", "expected"), cases("intents"))
def test_an_intent_is_high_medium_or_low(text, expected):
    assert expected == (DimensionReader(VOCABULARY, "intent").one(text) or "none")


@pytest.mark.parametrize(("text", "expected"), cases("reasons", "picked"))
def test_a_picked_reason_is_understood(text, expected):
    assert expected == main_reason(REASONS.column(text))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_notes_as_salespeople_write_them_are_read(language):
    told = tomllib.loads((CASES / "reasons.toml").read_text(encoding="utf-8"))["notes"][language]
    notes = [(text, expected) for expected, texts in told.items() for text in texts]
    read = [(REASONS.note(text, lost=expected != "none"), expected) for text, expected in notes]
    wrong = [reading for reading, expected in read if main_reason(reading) not in (expected, "none")]
    assert sum(main_reason(reading) == expected for reading, expected in read) >= 0.87 * len(notes)
    assert sum(reading.confidence > 0.8 for reading in wrong) <= 0.02 * len(notes)


@pytest.mark.parametrize(
    ("table", "language", "right", "wrong"),
    [
        ("half", "zh", 0.9, 0.05),
        ("half", "en", 0.85, 0.11),
        ("blind", "zh", 0.7, 0.16),
        ("blind", "en", 0.6, 0.18),
        ("unsolved", "zh", 0.5, 0.3),
        ("unsolved", "en", 0.4, 0.35),
    ],
)
def test_of_the_notes_put_aside_few_are_read_wrong(table, language, right, wrong):
    held_out = tomllib.loads((CASES / "reasons_held_out.toml").read_text(encoding="utf-8"))[table][language]
    notes = [(text, expected) for expected, texts in held_out.items() if expected != "none" for text in texts]
    read = [(main_reason(REASONS.note(text, lost=True)), expected) for text, expected in notes]
    assert sum(got == expected for got, expected in read) >= right * len(notes)
    assert sum(got not in (expected, "none") for got, expected in read) <= wrong * len(notes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_notes_without_a_reason_stay_without_one_while_the_deal_is_open(language):
    held_out = tomllib.loads((CASES / "reasons_held_out.toml").read_text(encoding="utf-8"))
    neutral = held_out["half"][language]["none"] + held_out["blind"][language]["none"]
    read = [text for text in neutral if REASONS.note(text, lost=False).reasons]
    assert len(read) <= 0.05 * len(neutral), read


# ------------------------------------------------------------------------------------------------ outcome


def outcome_of(columns, headers=None, **given):
    leads = classified(columns).drop(columns="outcome_class")
    return read_outcome(
        leads, layout(headers or {key: key for key in columns}, len(leads)), VOCABULARY, options(**given)
    )


def test_no_is_lost_but_open_where_the_stage_is_open():
    reading, outcome = outcome_of({"outcome": ["是", "否", "否", "否"], "stage": ["已签约", "跟进中", "丢单", None]})
    assert outcome.tolist() == ["won", "open", "lost", "lost"]
    assert reading.values == {"是": "won", "否": "lost"}


@pytest.mark.parametrize("flags", [["true", "false", "false", "false"], ["checked", None, None, None]])
def test_a_yes_that_only_repeats_the_stages_leaves_it_to_them(flags):
    stages = ["Closed Won", "Closed Lost", "Proposal Sent", "Appointment Scheduled"]
    reading, outcome = outcome_of({"outcome": flags, "stage": stages})
    assert reading.key == "stage"
    assert outcome.tolist() == ["won", "lost", "open", "open"]


def test_a_yes_that_says_more_than_the_stages_is_the_outcome():
    stages = ["Closed Won", "Closed Lost", "Proposal Sent", "Proposal Sent"]
    reading, outcome = outcome_of({"outcome": ["yes", "no", "yes", "no"], "stage": stages})
    assert (reading.key, outcome.tolist()) == ("outcome", ["won", "lost", "won", "open"])


@pytest.mark.parametrize(
    ("flags", "reasons"),
    [(["yes", "no", "no", "no"], [None, None, "price", None]), (["yes", "no", "no", None], [None] * 4)],
)
def test_a_no_beside_a_reason_or_beside_blanks_says_more_than_an_open_stage(flags, reasons):
    stages = ["Closed Won", "Closed Lost", "Proposal Sent", "Proposal Sent"]
    reading, outcome = outcome_of({"outcome": flags, "stage": stages, "loss_reason": reasons})
    assert (reading.key, outcome.tolist()) == ("outcome", ["won", "lost", "lost", "open"])


def test_no_is_lost_in_spite_of_an_open_stage_where_a_loss_reason_stands_there():
    _, outcome = outcome_of({"outcome": ["1", "0", "0"], "stage": ["报价"] * 3, "loss_reason": [None, "太贵", None]})
    assert outcome.tolist() == ["won", "lost", "open"]


def test_no_is_lost_in_spite_of_an_open_stage_where_open_rows_are_left_blank():
    _, outcome = outcome_of({"outcome": ["是", "否", None, "否"], "stage": ["已签约", "报价", "报价", "跟进中"]})
    assert outcome.tolist() == ["won", "lost", "open", "lost"]


def test_no_is_lost_in_spite_of_an_open_stage_where_the_column_has_its_own_word_for_open():
    _, outcome = outcome_of({"outcome": ["是", "否", "跟进中", "否"], "stage": ["已签约", "报价", "报价", "跟进中"]})
    assert outcome.tolist() == ["won", "lost", "open", "lost"]


def test_no_is_open_where_the_next_contact_lies_ahead():
    ahead, past = "2026-11-25", "2026-11-01"
    _, outcome = outcome_of(
        {"outcome": ["未成交", "未成交", "已成交", None], "next_contact_at": [ahead, past, ahead, past]}
    )
    assert outcome.tolist() == ["open", "lost", "won", "open"]


def test_no_is_lost_whatever_lies_ahead_where_the_column_has_a_word_for_open():
    ahead = "2026-11-25"
    _, outcome = outcome_of({"outcome": ["未成交", "跟进中", "成交"], "next_contact_at": [ahead, ahead, ahead]})
    assert outcome.tolist() == ["lost", "open", "won"]


def test_lost_stays_lost_whatever_lies_ahead():
    _, outcome = outcome_of({"outcome": ["战败", "已成交"], "next_contact_at": ["2026-11-25", "2026-11-25"]})
    assert outcome.tolist() == ["lost", "won"]


def test_no_beside_a_junk_status_is_invalid():
    columns = {"outcome": ["False", "False", "True"], "stage": ["Junk Lead", "Lost Lead", "Converted"]}
    assert outcome_of(columns)[1].tolist() == ["invalid", "lost", "won"]


@pytest.mark.parametrize("header", ["是否流失", "Churn Label", "is_lost", "是否战败"])
def test_yes_means_lost_under_a_header_that_asks_who_was_lost(header):
    reading, outcome = outcome_of({"outcome": ["Yes", "No", "Yes"]}, {"outcome": header})
    assert outcome.tolist() == ["lost", "won", "lost"]
    assert reading.inverted


@pytest.mark.parametrize(
    "values", [["y", "n"], ["是", "否"], [1.0, 0.0], [True, False], ["1", "0"], ["Yes", "No"], ["√", "×"]]
)
def test_a_yes_or_no_may_be_written_in_many_ways(values):
    leads = (
        classified({"name": ["甲", "乙"]}).drop(columns="outcome_class").assign(outcome=pd.Series(values, dtype=object))
    )
    _, outcome = read_outcome(leads, layout({"outcome": "是否成交"}, 2), VOCABULARY, options())
    assert outcome.tolist() == ["won", "lost"]


def test_a_code_of_numbers_is_not_taken_for_yes_and_no():
    reading, outcome = outcome_of({"outcome": ["0", "1", "2", "3"]})
    assert reading.unread == ("0", "1", "2", "3")
    assert outcome.tolist() == ["open"] * 4


def test_the_user_says_what_a_value_means_and_the_rest_keeps_its_reading():
    given = {"2": "lost", "1": "won", "3": "invalid"}
    reading, outcome = outcome_of({"outcome": ["1", "2", "3", "已报价"]}, outcome_values=given)
    assert outcome.tolist() == ["won", "lost", "invalid", "open"]
    assert reading.unread == ()


def test_no_is_lost_whatever_lies_ahead_where_the_user_says_so():
    columns = {"outcome": ["是", "否"], "stage": ["报价", "报价"], "next_contact_at": ["2026-11-25", "2026-11-25"]}
    assert outcome_of(columns, outcome_values={"否": "lost"})[1].tolist() == ["won", "lost"]


def test_without_an_outcome_column_the_stages_that_end_a_deal_tell():
    reading, outcome = outcome_of({"stage": ["1-潜在客户", "7-已回款", "8-丢单", "无效", None]})
    assert reading.key == "stage"
    assert outcome.tolist() == ["open", "won", "lost", "invalid", "open"]


def test_without_any_end_a_loss_reason_means_lost():
    reading, outcome = outcome_of({"stage": ["报价", "报价", "无效"], "loss_reason": ["太贵", None, "空号"]})
    assert reading.key is None
    assert outcome.tolist() == ["lost", "open", "invalid"]


def test_where_only_customers_have_a_day_of_their_sale_it_tells_who_bought():
    days = ["2025-02-01", "2025-03-01", None, "2025-03-09", "2025-04-01", None, "2025-05-01", "2026-12-01"]
    leads = classified({"closed_at": days, "created_at": ["2025-01-01"] * 7 + ["2026-01-01"]})
    result = classify(leads.drop(columns="outcome_class"), layout({"closed_at": "成交日期"}, 8), VOCABULARY, options())
    assert result.leads["outcome_class"].tolist() == ["won", "won", "lost", "won", "won", "lost", "won", "open"]
    assert result.outcome.dated
    assert [(finding.code, finding.count) for finding in result.findings] == [("outcome-dated", 5)]
    assert result.findings[0].values == {"column": "成交日期", "won": 5, "lost": 2, "open": 1}


def test_of_several_days_of_steps_that_of_the_sale_tells_who_bought():
    signed = ["2025-02-01", "2025-03-01", None, "2025-03-09", "2025-04-01", None, "2025-05-01"]
    leads = classified({"stage_date": ["2025-01-01"] * 7, "stage_date.2": signed}).drop(columns="outcome_class")
    headers = {"stage_date": "报价日期", "stage_date.2": "签约日期"}
    result = classify(leads, layout(headers, 7), VOCABULARY, options())
    assert (result.outcome.header, result.outcome.dated) == ("签约日期", True)
    assert result.leads["outcome_class"].tolist() == ["won", "won", "lost", "won", "won", "lost", "won"]


def test_where_orders_are_counted_those_without_one_have_not_bought():
    orders = [0, 2, 0, 1, 0, 3, 0, 1, 0, 1]
    leads = classified({"purchase_count": orders}).drop(columns="outcome_class")
    result = classify(leads, layout({"purchase_count": "订单数"}, 10), VOCABULARY, options())
    assert result.leads["outcome_class"].tolist() == ["won" if n else "lost" for n in orders]
    assert [(finding.code, finding.values) for finding in result.findings] == [
        ("outcome-counted", {"column": "订单数", "won": 5, "lost": 5, "open": 0})
    ]


@pytest.mark.parametrize(
    "columns", [{"purchase_count": [1, 2, 3] * 4}, {"purchase_count": [0, 1] * 6, "stage": ["报价"] * 12}]
)
def test_a_list_of_customers_or_of_steps_is_not_told_apart_by_its_orders(columns):
    leads = classified(columns).drop(columns="outcome_class")
    result = classify(leads, layout({"purchase_count": "订单数"}, 12), VOCABULARY, options())
    assert result.leads["outcome_class"].tolist() == ["open"] * 12


def test_a_row_that_came_in_as_lately_as_sales_take_is_open_without_a_day():
    days = ["2025-03-01", "2025-03-01", "2025-03-01", "2025-03-01", "2025-03-01", None, None]
    born = ["2025-01-01"] * 5 + ["2024-06-01", "2025-02-20"]
    _, outcome = outcome_of({"closed_at": days, "created_at": born}, {"closed_at": "won_date"})
    assert outcome.tolist() == ["won"] * 5 + ["lost", "open"]


def test_without_a_day_and_with_loss_reasons_only_rows_with_a_reason_are_lost():
    days = ["2025-03-01"] * 5 + [None, None]
    _, outcome = outcome_of(
        {"closed_at": days, "loss_reason": [None] * 5 + ["太贵", None]},
        {"closed_at": "签约日期", "loss_reason": "原因"},
    )
    assert outcome.tolist() == ["won"] * 5 + ["lost", "open"]


@pytest.mark.parametrize("header", ["Close Date", "关闭日期", "Lost date", "战败日期", "Won or lost on"])
def test_a_day_that_may_be_that_of_a_loss_tells_nothing(header):
    days = ["2025-03-01"] * 5 + [None, None]
    reading, outcome = outcome_of({"closed_at": days}, {"closed_at": header})
    assert reading.key is None
    assert outcome.tolist() == ["open"] * 7


def test_a_day_that_everybody_or_hardly_anybody_has_tells_nothing():
    for days in (["2025-03-01"] * 40 + [None], ["2025-03-01"] * 4 + [None] * 9):
        assert outcome_of({"closed_at": days}, {"closed_at": "成交日期"})[0].key is None


def test_the_user_may_say_that_a_day_tells_who_bought():
    reading, outcome = outcome_of(
        {"closed_at": ["2025-03-01", None]}, {"closed_at": "Close Date"}, outcome="Close Date"
    )
    assert (reading.dated, outcome.tolist()) == (True, ["won", "lost"])


def test_a_yes_and_a_no_may_be_words_of_the_columns_own():
    reading, outcome = outcome_of({"outcome": ["住了", "没住", "没住"]}, {"outcome": "住进来没"})
    assert (reading.values, reading.unread) == ({"住了": "won", "没住": "lost"}, ())
    assert outcome.tolist() == ["won", "lost", "lost"]


def test_followed_up_and_not_followed_up_are_no_outcome():
    _, outcome = outcome_of({"outcome": ["已跟进", "未跟进"]}, {"outcome": "跟进状态"})
    assert outcome.tolist() == ["open", "open"]


def test_the_user_may_name_the_outcome_column_by_its_header():
    columns = {"outcome": ["是", "否"], "extra.结果": ["输单", "赢单"]}
    reading, outcome = outcome_of(columns, {"outcome": "是否成交", "extra.结果": "结果"}, outcome="结果")
    assert reading.key == "extra.结果"
    assert outcome.tolist() == ["lost", "won"]


def test_an_outcome_column_that_is_not_there_is_an_error_that_names_the_near_ones():
    with pytest.raises(LostDealsError) as caught:
        outcome_of({"outcome": ["是", "否"]}, {"outcome": "是否成交"}, outcome="是否成交了")
    assert caught.value.code == "unknown-column"
    assert "是否成交" in str(caught.value.values["near"])


def test_values_that_nobody_knows_are_open_and_reported():
    leads = classified({"outcome": ["成交", "银牌", "丢单"]}).drop(columns="outcome_class")
    result = classify(leads, layout({"outcome": "结果"}, 3), VOCABULARY, options())
    assert result.leads["outcome_class"].tolist() == ["won", "open", "lost"]
    assert [(finding.code, finding.first) for finding in result.findings] == [("outcome-unread", "银牌")]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        (
            "Go ahead",
            ["Yes", "No", "Declined", "Thinking", "FTA", "Plan sent", "ＹＥＳ", "holding date"],
            ["won", "lost", "lost", "open", "open", "open", "won", "open"],
        ),
        (
            "定了吗",
            ["是", "否", "再看看", "等老婆回来", "周末再说", "甲方案", "乙方案"],
            ["won", "lost", "open", "open", "open", "open", "open"],
        ),
        ("Churned?", ["Yes", "No", "plan B", "van", "two dogs", "corner plot"], ["lost", "won", *["open"] * 4]),
    ],
)
def test_a_yes_and_a_no_are_read_beside_any_number_of_remarks(header, cells, expected):
    assert outcome_of({"outcome": cells}, {"outcome": header})[1].tolist() == expected


def test_codes_beside_ones_and_zeros_are_still_no_yes_and_no():
    assert outcome_of({"outcome": ["0", "1", "2", "3"]}, {"outcome": "结果码"})[1].tolist() == ["open"] * 4


def told(**values):
    leads = classified({"outcome": ["赢了单", "丢单", "跟进"]}).drop(columns="outcome_class")
    found = classify(leads, layout({"outcome": "结果"}, 3), VOCABULARY, options(outcome="结果", outcome_values=values))
    return {finding.code: finding for finding in found.findings if finding.code != "outcome-unread"}


def test_a_named_value_that_the_column_lacks_is_said_with_those_that_are_like_it():
    found = told(赢了单="won", 没谈成="lost", 跟进中="open")
    assert list(found) == ["outcome-value-missing"]
    assert found["outcome-value-missing"].count == 2
    assert found["outcome-value-missing"].values["values"] == ("没谈成", "跟进中")
    assert set(found["outcome-value-missing"].values["meant"]) == {"跟进", "赢了单", "丢单"}


def test_that_no_value_named_as_won_is_there_is_said_apart():
    found = told(赢单="won", 没谈成="lost")
    assert {code: finding.values["values"] for code, finding in found.items()} == {
        "outcome-none-told-won": ("赢单",),
        "outcome-value-missing": ("没谈成",),
    }
    assert found["outcome-none-told-won"].values["meant"][0] == "赢了单"


def test_named_values_that_are_there_in_another_spelling_are_not_missed():
    assert told(丢单="lost") == told(**{" 丢单 ": "lost"}) == {}


def test_a_last_contact_that_nobody_can_read_is_not_taken_for_the_day_of_entry():
    leads = classified({"created_at": pd.to_datetime(["2026-01-05"] * 2), "last_contact_at": [pd.NaT, pd.NaT]})
    leads["last_contact_at"] = leads["last_contact_at"].astype("datetime64[ns]")
    line = {"lead": 0, "column": "last_contact_at", "rule": "dates", "before": "饭局上", "after": None}
    found = with_derived(leads, VOCABULARY, options().today, changes=pd.DataFrame([line]))
    assert found["days_since_contact"].isna().tolist() == [True, False]


def test_a_lost_row_keeps_the_stage_it_reached():
    columns = {"stage": ["报价后丢单", "谈判中", "赢单"], "outcome": ["丢单", "流失", "赢单"]}
    reading, _ = outcome_of(columns)
    assert read_stages(classified(columns), reading, VOCABULARY).tolist() == ["in_depth", "decision", None]


def test_a_row_without_a_stage_takes_it_from_the_status():
    columns = {"stage": [None, "已报价"], "outcome": ["待分配", "战败"]}
    reading, _ = outcome_of(columns)
    assert read_stages(classified(columns), reading, VOCABULARY).tolist() == ["initial", "in_depth"]


# ------------------------------------------------------------------------------------------------ reasons


def reasons_of(columns):
    columns = {"outcome_class": ["lost"] * len(next(iter(columns.values()))), **columns}
    frame, conflicts, *_ = read_reasons(classified(columns), VOCABULARY)
    return frame, conflicts.tolist()


def test_the_column_decides_and_the_note_adds_further_reasons():
    frame, conflicts = reasons_of({"loss_reason": ["价格太高"], "notes": ["嫌贵，而且老板不同意"]})
    assert frame["reason_class"].tolist() == ["price; decision_maker"]
    assert frame["reason_from"].tolist() == ["loss_reason"]
    assert frame["reason_evidence"].tolist() == ["价格太高"]
    assert frame["reason_confidence"].between(0.8, 0.95).all()
    assert conflicts == [False]


def test_a_reason_that_was_left_at_other_is_read_from_the_note():
    frame, conflicts = reasons_of(
        {"loss_reason": ["其他", "其他", "其他"], "notes": ["最后选了别家", "已发资料", None]}
    )
    assert frame["reason_class"].tolist() == ["competitor", "other", "other"]
    assert frame["reason_from"].tolist() == ["notes", "loss_reason", "loss_reason"]
    assert frame["reason_evidence"].tolist() == ["最后选了", "其他", "其他"]
    assert conflicts == [False] * 3


def test_a_note_that_says_something_else_is_a_conflict():
    frame, conflicts = reasons_of({"loss_reason": ["预算不足"], "notes": ["功能不满足，缺少批次管理功能"]})
    assert frame["reason_class"].tolist() == ["budget; product_fit"]
    assert frame["main_reason"].tolist() == ["budget"]
    assert conflicts == [True]


def test_a_call_that_nobody_took_contradicts_no_reason():
    _, conflicts = reasons_of(
        {"loss_reason": ["预算不足"] * 2, "notes": ["电话打了三次都没人接", "联系不上，电话一直不接"]}
    )
    assert conflicts == [False, False]


def test_an_unsure_note_is_no_conflict():
    frame, conflicts = reasons_of({"loss_reason": ["预算不足"], "notes": ["不合适"]})
    assert conflicts == [False]
    assert frame["reason_class"].tolist() == ["budget; product_fit"]


def test_what_nobody_knows_is_no_reason():
    frame, conflicts = reasons_of({"loss_reason": ["Don't know", None], "notes": [None, "约周三来店"]})
    assert frame["reason_class"].tolist() == [None, None]
    assert frame["reason_from"].tolist() == ["none", "none"]
    assert frame["reason_confidence"].isna().all()
    assert conflicts == [False, False]


def test_a_reason_column_in_words_of_its_own_is_other_until_somebody_knows_them():
    frame, _ = reasons_of({"loss_reason": ["XJ-7", "价格方面"]})
    assert frame["reason_class"].tolist() == ["other", "price"]
    assert frame["reason_confidence"].between(0.5, 0.6).all()


def test_several_answers_of_a_pick_list_are_all_reasons():
    frame, _ = reasons_of({"loss_reason": ["价格、服务", "Budget; Timing", "项目暂停/延期", "其他，价格"]})
    assert frame["reason_class"].tolist() == ["price; service", "budget; timing", "timing", "price"]


def test_won_rows_have_no_reason():
    frame, _ = reasons_of({"outcome_class": ["won"], "loss_reason": ["价格"], "notes": ["嫌贵，磨了好几轮"]})
    assert frame["reason_class"].tolist() == [None]


def test_weak_words_speak_only_of_lost_customers():
    frame, _ = reasons_of({"outcome_class": ["lost", "open"], "notes": ["明年", "明年"]})
    assert frame["reason_class"].tolist() == ["timing", None]


def test_several_reason_and_note_columns_are_read_in_their_order():
    columns = {"loss_reason": ["其他"], "loss_reason.2": ["无现车"], "notes": [None], "notes.2": ["要等两个月，等不及"]}
    frame, _ = reasons_of(columns)
    assert frame["reason_class"].tolist() == ["logistics"]
    assert frame["reason_from"].tolist() == ["loss_reason.2"]


def test_all_cues_of_the_main_reason_are_its_evidence_and_no_note_is_surer_than_a_pick():
    read = REASONS.note("价格偏高，问能不能再优惠", lost=True)
    assert read.evidence == "价格偏高、再优惠"
    assert read.confidence <= 0.95


def test_without_a_cue_the_clause_that_told_most_is_the_evidence():
    read = REASONS.note("方案都认可，同款网上三折", lost=True)
    assert (read.reasons[0], read.evidence) == ("price", "同款网上三折")


def test_two_words_without_a_cue_are_never_sure():
    assert REASONS.note("不合适", lost=True).confidence <= 0.55
    assert REASONS.note("不合适", lost=False).reasons == ()


def test_what_follows_from_a_reason_does_not_hide_it():
    assert main_reason(REASONS.note("预算没批下来，明年再申请", lost=True)) == "budget"
    assert main_reason(REASONS.note("Too expensive, no reply since", lost=True)) == "price"


def test_the_last_word_of_a_diary_weighs_most():
    diary = "3.2 客户嫌贵\n3.9 客户嫌贵，再谈\n4.1 客户选择竞品"
    assert main_reason(REASONS.note(diary.replace("嫌贵，再谈", "在开会"), lost=True)) == "competitor"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("客户说不贵，但老板不同意", "decision_maker"),
        ("价格没问题，就是功能不全", "product_fit"),
        ("不是价格的问题，是领导没批", "decision_maker"),
        ("预算没问题，对服务也满意", "none"),
        ("同行先下手，把客户抢走了", "competitor"),
        ("发现是同行来套价的", "invalid"),
        ("已下单，重复购买三次了", "none"),
        ("not too expensive for them, but the board said no", "decision_maker"),
        ("happy with the price, no complaints", "none"),
        ("客戶嫌太貴了", "price"),
        ("預算不夠", "budget"),
        ("聯絡不上，電話沒人接", "unresponsive"),
        ("占时不考虑，木有预算", "budget"),
        ("doesnt support SSO", "product_fit"),
        ("couldn’t reach her, voicemail every time", "unresponsive"),
    ],
)
def test_what_cancels_a_word_and_how_people_type_it(text, expected):
    assert expected == main_reason(REASONS.note(text, lost=True))


def test_a_reason_conflict_is_a_finding_and_stands_in_the_row():
    columns = {
        "loss_reason": ["预算不足", "预算不足"],
        "notes": ["功能不满足，缺少批次功能", None],
        "data_issues": ["x@客户!C2", None],
    }
    leads = classified(columns).drop(columns="outcome_class")
    result = classify(leads, layout({"loss_reason": "原因", "notes": "备注"}, 2), VOCABULARY, options())
    assert [(f.code, f.count, f.first) for f in result.findings] == [("reason-conflict", 1, "客户!A2")]
    assert result.leads["data_issues"].tolist() == ["x@客户!C2; reason-conflict@客户!A2", None]
    assert leads["data_issues"].tolist() == ["x@客户!C2", None]


def test_reading_ten_thousand_notes_takes_about_a_second():
    dice = Random(7)
    told = tomllib.loads((CASES / "reasons.toml").read_text(encoding="utf-8"))["notes"]["zh"]
    texts = [text for several in told.values() for text in several]

    def frame(rows):
        notes = [f"{n} {'；'.join(dice.choices(texts, k=3))}"[:60] for n in range(rows)]
        return pd.DataFrame({"notes": notes, "outcome_class": "lost"}, dtype=object)

    leads = frame(10_000)
    start = time.process_time()
    read_reasons(leads, VOCABULARY)
    assert time.process_time() - start < 4, "four times what it should take on a slow machine"


def test_every_cue_stands_once_and_has_at_most_one_gap():
    section = {key: entry for key, entry in VOCABULARY.section("reasons").items() if key != "reading"}
    for kind in ("words", "weak", "topics", "values"):
        owners = pd.Series([(word, key) for key, entry in section.items() for word in entry.get(kind, [])])
        assert owners.str[0].duplicated().sum() == 0, owners[owners.str[0].duplicated(keep=False)].tolist()
    cues = [word for entry in section.values() for kind in ("words", "weak", "not") for word in entry.get(kind, [])]
    assert [cue for cue in cues if cue.count("*") > 1 or cue.strip("* ") != cue] == []


# ------------------------------------------------------------------------------------------------ dimensions


def dimension_of(dimension, columns):
    leads = classified(columns)
    return classify_dimension(leads, dimension, VOCABULARY)["category"].tolist()


def test_needs_are_read_from_their_own_column_first_and_may_be_several():
    columns = {"need": ["要能对接财务，售后要跟得上", None, None], "notes": ["问价格", "关心价格和续航", "约周三"]}
    assert dimension_of("need", columns) == ["function; service", "price; performance", None]


def test_needs_in_english():
    columns = {"need": ["API integration", "Reliability and uptime", "Cheaper plan", "Onboarding and training", "blue"]}
    assert dimension_of("need", columns) == ["function", "performance", "price", "service", None]


def test_the_intent_is_what_the_sheet_says_else_what_stage_and_reason_say():
    columns = {
        "intent": ["高", None, None, None, None],
        "stage_class": ["initial", "decision", "interest", "decision", None],
        "main_reason": [None, None, None, "no_need", None],
    }
    assert dimension_of("intent", columns) == ["high", "high", "medium", "low", None]


def test_the_urgency_tells_the_intent_where_there_is_no_intent():
    assert dimension_of("intent", {"urgency": ["1个月内", "1-3 months", "半年以上"]}) == ["high", "medium", "low"]


def test_the_value_comes_from_purchases_and_the_rank_by_amount():
    columns = {"purchase_count": [3, 1, None, None, None], "amount_rank": [None, 0.1, 0.9, 0.5, 0.2]}
    assert dimension_of("value", columns) == ["high", "medium", "high", "medium", "low"]


def test_the_sheets_own_high_and_low_decides_the_value_and_letters_are_left_to_the_amount():
    columns = {"level": ["高", "Low", "中（老客户）", "A", "VIP", None], "amount_rank": [0.1, 0.9, 0.9, 0.9, 0.2, 0.5]}
    assert dimension_of("value", columns) == ["high", "low", "medium", "high", "low", "medium"]


def test_behaviour_comes_from_the_last_contact_else_from_visits():
    columns = {
        "days_since_contact": [30, 31, 90, 91, None, None, None, None],
        "visit_count": [None, None, None, None, 5, 1, 0, None],
    }
    expected = ["active", "potential", "potential", "dormant", "active", "potential", "dormant", None]
    assert expected == dimension_of("behaviour", columns)


def test_a_source_that_says_nothing_is_read_from_the_campaign():
    assert dimension_of("source", {"source": ["展会", None, "未知"], "campaign": ["抖音", "抖音", None]}) == [
        "event",
        "social",
        None,
    ]


@pytest.mark.parametrize(
    ("expected", "row"),
    [
        ("high_value", {"purchase_count": 3}),
        ("high_value", {"value_class": "high", "intent_class": "medium"}),
        ("high_value", {"value_class": "high"}),
        ("general", {"value_class": "high", "intent_class": "low"}),
        ("potential", {"intent_class": "high", "value_class": "low"}),
        ("potential", {"intent_class": "medium", "contact_count": 3}),
        ("potential", {"intent_class": "medium", "behaviour_class": "active"}),
        ("general", {"intent_class": "medium", "contact_count": 2}),
        ("low_value", {"intent_class": "low", "contact_count": 1}),
        ("low_value", {"intent_class": "low", "behaviour_class": "dormant", "contact_count": 9}),
        ("general", {"intent_class": "low", "contact_count": 9}),
        ("potential", {"behaviour_class": "active", "value_class": "medium"}),
        ("low_value", {"behaviour_class": "dormant", "value_class": "low"}),
        ("general", {}),
    ],
)
def test_the_four_tiers(expected, row):
    columns = ["purchase_count", "contact_count", "value_class", "intent_class", "behaviour_class"]
    assert [expected] == dimension_of("tier", {column: [row.get(column)] for column in columns})


@pytest.mark.parametrize("reason", ["wants NHS", "租房的", "瞎逛的", "not a homeowner"])
def test_a_doubtful_guess_of_the_model_throws_no_row_out(reason):
    leads = classified({"outcome": ["Lost", "open", "Won"], "loss_reason": [reason] * 3}).drop(columns="outcome_class")
    result = classify(leads, layout({"outcome": "Result", "loss_reason": "Why"}, 3), VOCABULARY, options()).leads
    assert result["outcome_class"].tolist() == ["lost", "open", "won"]
    assert result["reason_confidence"].dropna().lt(0.8).all()


@pytest.mark.parametrize(
    "reason", ["spam", "空号", "空号了打不通", "competitor snooping", "he said it is a wrong number"]
)
def test_an_option_a_cue_and_a_sure_guess_say_that_nobody_was_there(reason):
    leads = classified({"outcome": ["Lost", "Won"], "loss_reason": [reason] * 2}).drop(columns="outcome_class")
    result = classify(leads, layout({"outcome": "Result", "loss_reason": "Why"}, 2), VOCABULARY, options()).leads
    assert result["outcome_class"].tolist() == ["invalid", "won"]


def test_a_row_that_was_lost_because_nobody_was_there_is_invalid():
    columns = {
        "outcome": ["战败", "战败", "成交", "战败"],
        "loss_reason": ["空号", "价格", "重复", None],
        "notes": [None, None, None, "空号"],
    }
    leads = classified(columns).drop(columns="outcome_class")
    result = classify(
        leads, layout({"outcome": "状态", "loss_reason": "原因", "notes": "备注"}, 4), VOCABULARY, options()
    )
    assert result.leads["outcome_class"].tolist() == ["invalid", "lost", "won", "lost"]


def test_nobody_is_called_whom_cleaning_found_to_be_a_test_or_a_nameless_row_without_contact():
    issues = [
        "test-entry@客户!B2",
        "placeholder-contact@客户!C3; test-entry@客户!B3",
        "test-entry@客户!B4",
        "placeholder-name@客户!B5; no-contact@客户!C5",
        "placeholder-name@客户!B6",
        "placeholder-contact@客户!C7; no-contact@客户!C7",
        "no-test-entry@客户!B8",
        None,
    ]
    outcomes = ["跟进中", "战败", "成交", *["跟进中"] * 5]
    leads = classified({"outcome": outcomes, "data_issues": issues}).drop(columns="outcome_class")
    result = classify(leads, layout({"outcome": "状态"}, len(issues)), VOCABULARY, options())
    expected = ["invalid", "invalid", "won", "invalid", "open", "open", "open", "open"]
    assert expected == result.leads["outcome_class"].tolist()


def test_ranks_are_within_a_currency_and_need_five_known_amounts():
    amounts = [100.0, 200.0, 300.0, 400.0, 500.0, 9e6]
    leads = classified({"amount": amounts, "currency": ["CNY"] * 5 + ["JPY"]})
    ranks = with_derived(leads, VOCABULARY, options().today)["amount_rank"]
    assert ranks.iloc[:5].tolist() == [0.2, 0.4, 0.6, 0.8, 1.0]
    assert pd.isna(ranks.iloc[5])


def test_money_spent_is_not_ranked_among_numbers_of_purchases():
    spent, bought = [10.0, 20.0, 30.0, 40.0, 50.0, None], [9.0, 1.0, 1.0, 1.0, 1.0, 900.0]
    leads = classified({"purchase_amount": spent, "purchase_count": bought})
    ranks = with_derived(leads, VOCABULARY, options().today)["purchase_rank"]
    assert ranks.iloc[4] == 1.0
    assert pd.isna(ranks.iloc[5])


def test_the_last_contact_is_the_best_date_there_is_and_never_ahead():
    columns = {"last_contact_at": ["2026-11-10", None, "2026-12-01"], "created_at": ["2026-01-01", "2026-10-21", None]}
    days = with_derived(classified(columns), VOCABULARY, options().today)["days_since_contact"]
    assert days.fillna(-1).tolist() == [10.0, 30.0, -1.0]


def test_a_sheet_with_nothing_but_names_is_classified_too():
    leads = classified({"name": ["王小明", "李雷"]}).drop(columns="outcome_class")
    result = classify(leads, layout({"name": "姓名"}, 2), VOCABULARY, options())
    assert result.leads["outcome_class"].tolist() == ["open", "open"]
    assert result.leads["tier"].tolist() == ["general", "general"]
    assert result.findings == ()


def test_a_sheet_without_rows_is_classified_too():
    leads = classified(
        {"outcome": ["是"], "stage": ["报价"], "notes": ["嫌贵"], "loss_reason": ["价格"], "region": ["上海"]}
    )
    empty = leads.drop(columns="outcome_class").iloc[:0]
    result = classify(empty, layout({"outcome": "是否成交"}, 0), VOCABULARY, options())
    assert len(result.leads) == 0


@pytest.mark.parametrize(
    ("header", "values", "won"),
    [
        ("是否成交（1=成交 0=未成交）", {"1": "won", "0": "lost"}, False),
        ("Won/Lost (1=won)", {"1": "won", "0": "lost"}, False),
        ("是否成交/流失", {"是": "won", "否": "lost"}, False),
        ("Not converted", {"Yes": "lost", "No": "won"}, True),
        ("是否流失", {"是": "lost", "否": "won"}, True),
        ("是否成交", {"是": "won", "否": "lost", "5": None}, False),
        ("Converted", {"Yes": "won", "No": "lost", "?": None}, False),
        ("结束状态", {"1": None, "2": None, "3": None}, False),
    ],
)
def test_a_header_turns_yes_and_no_only_where_it_asks_who_was_lost(header, values, won):
    assert {text: OUTCOMES.read(list(values), header, {}).get(text) for text in values} == values
    assert OUTCOMES.inverted(header) == won


def test_not_lost_is_not_lost():
    assert OUTCOMES.one("未流失") == "open"


@pytest.mark.parametrize("signs", ["✅❌⏳", "✔✖△", "○×△", "🟢🔴🟡", "√✗△"])
def test_signs_and_pictures_say_who_bought(signs):
    bought, lost, still = signs
    read = OUTCOMES.read([bought, lost, still], "成了没", {})
    assert read == {bought: "won", lost: "lost", still: "open"}


def test_pictures_and_dots_beside_a_value_do_not_hide_it():
    said = ["✅ 已签约", "❌战败", "…跟进", "跟进…", "★ 重点跟进", "Won 🎉", "- open"]
    assert [OUTCOMES.one(text) for text in said] == ["won", "lost", "open", "open", "open", "won", "open"]


def test_yes_and_no_are_read_with_a_stop_and_a_gap():
    assert OUTCOMES.read(["否。", "是！", "否", "未 成交……"], "是否 成交", {}) == {
        "否。": "lost",
        "是！": "won",
        "否": "lost",
        "未 成交……": "lost",
    }
    assert OUTCOMES.read(["1-是", "2-否"], "是否流失", {}) == {"1-是": "lost", "2-否": "won"}
