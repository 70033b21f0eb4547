"""Scores that say which they are and why: learned where the sheet teaches something, by a card where it does not."""

import numpy as np
import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified, layout, options
from lostdeals.errors import LostDealsError
from lostdeals.model import OutcomeReading
from lostdeals.score import score
from lostdeals.score.asks import asks_of_card
from lostdeals.score.leakage import find_leaks, pure_level
from lostdeals.score.why import learned_points

HEADERS = {
    "source": "来源",
    "contact_count": "跟进次数",
    "extra.备用": "备用",
    "loss_reason": "未成交原因",
    "closed_at": "签约日期",
}
OUTCOME = OutcomeReading("outcome", "是否成交", {"是": "won", "否": "lost"})


def sheet(n=400, signal=1.5, open_share=0.2, seed=3):
    """Customers whose source and contacts tell something about the outcome, if signal > 0."""
    rng = np.random.default_rng(seed)
    referral = rng.random(n) < 0.4
    contacts = rng.poisson(3, n)
    odds = -1 + signal * referral + signal * 0.25 * (contacts - 3)
    won = rng.random(n) < 1 / (1 + np.exp(-odds))
    result = np.where(rng.random(n) < open_share, "open", np.where(won, "won", "lost"))
    return classified(
        {
            "source": np.where(referral, "转介绍", "广告").tolist(),
            "contact_count": contacts.tolist(),
            "extra.备用": rng.choice(["甲", "乙"], n).tolist(),
            "loss_reason": np.where(result == "lost", "价格", None).tolist(),
            "closed_at": np.where(result == "won", "2026-10-01", None).tolist(),
            "outcome_class": result.tolist(),
            "tier": ["general"] * n,
        }
    )


def scored(leads, **given):
    return score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(**given), ZH)


def test_a_sheet_with_a_signal_is_learned_from_without_its_leaks():
    result = scored(sheet())
    assert result.evaluation.method == "learned"
    assert 0.6 < result.evaluation.auc < 0.9
    assert result.evaluation.auc_low < result.evaluation.auc < result.evaluation.auc_high
    assert {leak.column: leak.why for leak in result.evaluation.leaky_columns} == {
        "未成交原因": "role-reason",
        "签约日期": "role-closing",
    }
    assert result.evaluation.used_columns == ("来源", "跟进次数", "备用")


def test_probabilities_stand_on_open_and_lost_rows_only():
    leads = scored(sheet()).leads
    known = leads.groupby("outcome_class")["win_probability"].apply(lambda p: p.notna().all())
    assert known.to_dict() == {"lost": True, "open": True, "won": False}
    assert leads.loc[leads["outcome_class"] == "won", "score"].isna().all()


def test_fifty_is_the_average_customer_of_the_sheet():
    leads = scored(sheet()).leads
    closed = leads[leads["outcome_class"].isin(["won", "lost"])]
    base = (closed["outcome_class"] == "won").mean()
    near = leads[(leads["win_probability"] - base).abs() < 0.02]
    assert near["score"].between(46, 54).all()


def test_the_reason_names_what_speaks_for_and_against():
    leads = scored(sheet()).leads
    best = leads.loc[leads["score"].idxmax(), "why"]
    assert best.startswith("加分：")
    assert "来源=转介绍" in best


def test_a_coin_toss_gets_no_probability_and_says_so():
    result = scored(sheet(signal=0.0))
    assert (result.evaluation.method, result.evaluation.why) == ("scorecard", "no-signal")
    assert result.leads["win_probability"].isna().all()
    assert result.evaluation.auc is not None


def test_too_few_won_says_how_many_are_missing():
    leads = sheet()
    leads.loc[leads.index[leads["outcome_class"] == "won"][2:], "outcome_class"] = "open"
    evaluation = scored(leads).evaluation
    assert (evaluation.why, evaluation.values["missing"]) == ("too-few-won", 4)
    assert "还差 4 条成交" in ZH.say(f"scoring.{evaluation.why}", **evaluation.values)


def test_what_the_folder_has_settled_is_not_asked_again_and_passed_over_elsewhere():
    settled = scored(golden_sheet(), settled={"备用": False, "别的表的列": True}).evaluation
    assert settled.questions == ()
    assert "备用" not in settled.used_columns
    overruled = scored(golden_sheet(), settled={"备用": False}, keep=("备用",)).evaluation
    assert "备用" in overruled.used_columns


def test_a_sheet_of_lost_customers_says_that_it_teaches_nothing_and_what_it_would_need():
    leads = sheet().assign(outcome_class="lost")
    evaluation = score(
        leads, layout(HEADERS, 400), OutcomeReading(None, None, {}), VOCABULARY, options(), ZH
    ).evaluation
    assert (evaluation.method, evaluation.why) == ("scorecard", "only-lost")
    assert "至少 6 位" in ZH.say(f"scoring.{evaluation.why}", **evaluation.values)


def test_a_date_after_all_others_of_its_row_is_named_and_never_learned_from():
    leads = sheet(n=500)
    start = pd.Timestamp("2025-01-01") + pd.to_timedelta(np.arange(500) % 90, unit="D")
    leads = leads.assign(
        created_at=start, last_contact_at=start + pd.Timedelta("5D"), updated_at=start + pd.Timedelta("60D")
    )
    headers = {**HEADERS, "created_at": "创建", "last_contact_at": "最近联系", "updated_at": "更新"}
    found = score(leads, layout(headers, 500), OUTCOME, VOCABULARY, options(), ZH).evaluation
    assert ("更新", "last-date") in [(left.column, left.why) for left in found.leaky_columns]
    assert "最近联系" not in [left.column for left in found.leaky_columns]


@pytest.mark.parametrize("way", ["own", "mean", "median", "drop"])
def test_missing_numbers_are_what_the_option_says(way):
    leads = sheet(n=500)
    leads.loc[leads.index[::5], "contact_count"] = np.nan
    evaluation = scored(leads, missing=way).evaluation
    assert evaluation.method == "learned"
    closed = leads["outcome_class"].isin(["won", "lost"])
    learned_from = closed & (leads["contact_count"].notna() | (way != "drop"))
    assert evaluation.values["won"] + evaluation.values["lost"] == int(learned_from.sum())


def test_another_way_with_missing_numbers_is_a_wrong_use():
    with pytest.raises(LostDealsError) as stop:
        scored(sheet(), missing="zero")
    assert (stop.value.code, stop.value.usage) == ("bad-option", True)


def test_a_signal_that_ends_with_time_is_no_signal():
    leads = sheet(n=900, open_share=0.05)
    old = leads.index < 550
    dice = np.random.default_rng(0)
    late = leads["outcome_class"].to_numpy().copy()
    late[~old] = dice.permutation(late[~old])
    leads = leads.assign(
        outcome_class=late, created_at=pd.Timestamp("2024-01-01") + pd.to_timedelta(leads.index, unit="D")
    )
    headers = {**HEADERS, "created_at": "创建日期"}
    evaluation = score(leads, layout(headers, 900), OUTCOME, VOCABULARY, options(), ZH).evaluation
    assert (evaluation.validation, evaluation.why) == ("time split", "no-signal")
    assert evaluation.folds_auc > 0.55


def test_columns_that_say_nothing_or_say_it_oddly_break_nothing():
    leads = sheet(n=300)
    rng = np.random.default_rng(6)
    odd = {
        "extra.空": [None] * 300,
        "extra.一样": ["甲"] * 300,
        "extra.编号": [f"K{number:05d}" for number in range(300)],
        "extra.计数": list(range(1000, 1300)),
        "extra.无穷": np.where(rng.random(300) < 0.1, np.inf, rng.normal(size=300)).tolist(),
        "extra.真假": (rng.random(300) < 0.5).tolist(),
        "extra.混": ["1", "二", 3.0] * 100,
        "extra.只一个": ["乙", *[None] * 299],
        "extra.长文": [
            "这位客户每次来都要聊很久，聊完又说再想想，所以每次都要重新介绍一遍产品和价格" + str(n) for n in range(300)
        ],
        "extra.:怪:month": rng.choice(["{x}", "a;b", "=1+1"], 300).tolist(),
    }
    leads = leads.assign(**{key: pd.Series(values, dtype=object) for key, values in odd.items()})
    headers = HEADERS | {key: key.removeprefix("extra.") for key in odd}
    result = score(leads, layout(headers, 300), OUTCOME, VOCABULARY, options(), ZH)
    used = set(result.evaluation.used_columns)
    assert used.isdisjoint({"空", "一样", "编号", "计数", "长文"})
    assert result.leads.loc[leads["outcome_class"] == "open", "score"].between(0, 100).all()


def test_what_the_leaks_would_have_made_of_the_quality_is_shown():
    both = scored(sheet()).evaluation.guarded
    assert both.auc_with > 0.97
    assert both.auc_without < 0.85


def test_a_card_that_is_asked_for_decides_the_score():
    result = scored(sheet(), card="default")
    assert (result.evaluation.method, result.evaluation.why) == ("scorecard", "asked-for")
    assert result.leads["win_probability"].isna().all()


def test_invalid_rows_get_nothing_at_all():
    leads = sheet()
    leads.loc[5, "outcome_class"] = "invalid"
    row = scored(leads).leads.loc[5, ["score", "win_probability", "grade", "why"]]
    assert row.isna().all()


def test_the_same_sheet_scores_the_same_twice():
    assert scored(sheet()).leads["score"].equals(scored(sheet()).leads["score"])


@pytest.mark.parametrize(
    ("header", "values", "why"),
    [
        ("回访", "answer", "alone"),
        ("发票号", "closed only", "filled-when-closed"),
        ("客户标签", "strong", "late-name"),
        ("颜色", "noise", None),
    ],
)
def test_a_column_that_knows_the_answer_is_found(header, values, why):
    leads = sheet(n=600)
    rng = np.random.default_rng(1)
    result = leads["outcome_class"]
    made = {
        "answer": result.map({"won": "好", "lost": "坏"}).where(result != "open", "好"),
        "closed only": result.map({"open": None}).where(result == "open", rng.choice(["a", "b"], len(leads))),
        "strong": result.eq("won").where(rng.random(len(leads)) < 0.75, rng.random(len(leads)) < 0.5).map(str),
        "noise": result.map(lambda _: "红").where(rng.random(len(leads)) < 0.5, "蓝"),
    }[values]
    frame = leads[[]].assign(**{"extra.x": made})
    found = find_leaks(frame, result, layout({"extra.x": header}, len(leads)), "是否成交", VOCABULARY).left_out
    assert [leak.why for leak in found.values()] == ([why] if why else [])
    kept = find_leaks(frame, result, layout({"extra.x": header}, len(leads)), "是否成交", VOCABULARY, keep=(header,))
    assert kept.left_out == kept.questions == {}


def test_reasons_are_written_in_the_language_asked_for():
    leads = sheet()
    english = score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(), EN).leads
    assert english["why"].dropna().str.contains("For: |Against: ").any()


def test_what_speaks_for_a_customer_is_not_proposed_to_lift_the_score():
    leads = scored(sheet()).leads
    told = leads[leads["why"].str.contains("加分：[^。]*跟进次数", na=False)]
    assert len(told) > 20
    assert not told["why"].str.contains("增加联系").any()
    assert leads["why"].str.contains("增加联系", na=False).any()


def refusing_sheet():
    """The first eight rows of one column and the ninth of another say not to call; the tenth is a copy of the first."""
    leads = sheet()
    leads["outcome_class"] = [
        "won",
        "invalid",
        *["open"] * 4,
        *["lost"] * 2,
        *["open"] * 2,
        *leads["outcome_class"][10:],
    ]
    rows = np.arange(len(leads))
    leads["do_not_contact"] = pd.Series(rows < 8, dtype=object)
    leads["do_not_contact.9"] = pd.Series(np.where(rows == 8, True, None), dtype=object)
    leads["duplicate_of"] = np.where(rows == 9, 2.0, np.nan)
    leads.loc[20:30, "source"] = None
    leads.loc[2:4, "source"] = None
    return leads


@pytest.mark.parametrize(
    ("words", "said", "all_said"),
    [
        (
            ZH,
            "不可联系（DNC），不在任何联系名单上",
            "7 位客户不可联系（DNC、拒收），不在任何联系名单上",
        ),
        (
            EN,
            "Not to be contacted (DNC), so on no list of whom to call",
            "7 customers are not to be contacted (DNC, 拒收); they are on no list of whom to call",
        ),
    ],
)
@pytest.mark.parametrize("card", [None, "channel", "default"])
def test_who_is_not_to_be_contacted_is_counted_and_told_in_the_row(words, said, all_said, card):
    leads = refusing_sheet()
    headers = {**HEADERS, "do_not_contact": "DNC", "do_not_contact.9": "拒收"}
    result = score(leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(card=card), words)
    why = result.leads["why"]
    assert why[[2, 3, 4, 5, 6, 7, 9]].str.startswith(said).all()
    assert why[8].startswith(said.replace("DNC", "拒收"))
    assert why[[0, 1]].isna().all()
    assert not why[10:].str.contains(said[:4], na=False).any()
    lift = words.say("why.lift", lift="")
    assert not why[2:9].str.contains(lift, regex=False).any()
    assert not result.extras.asks["lead"].isin(range(10)).any()
    found = [words.finding(one) for one in result.findings if one.code == "do-not-contact"]
    assert found == [all_said]


def test_nothing_is_said_where_nobody_refused():
    leads = refusing_sheet().assign(**{"do_not_contact": False, "do_not_contact.9": None})
    result = score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(), EN)
    assert "do-not-contact" not in [one.code for one in result.findings]
    assert not result.leads["why"].str.contains("list of whom", na=False).any()


def golden_sheet():
    """A value that four in ten of the won rows have, and no lost one."""
    leads = sheet(n=900)
    rng = np.random.default_rng(4)
    marked = (leads["outcome_class"] == "won") & (rng.random(len(leads)) < 0.4)
    leads["extra.备用"] = np.where(marked, "金", rng.choice(["甲", "乙"], len(leads)))
    return leads


def test_a_value_that_all_but_decides_the_outcome_is_asked_about_with_its_effect():
    evaluation = scored(golden_sheet()).evaluation
    (asked,) = evaluation.questions
    assert (asked.column, asked.why, asked.values["value"]) == ("备用", "pure-levels", "金")
    assert asked.values["all_out"] < asked.values["now"] - 0.05
    assert "备用" in evaluation.used_columns


@pytest.mark.parametrize(("answer", "used"), [((), True), (("备用",), False)])
def test_an_answer_on_the_terminal_decides(answer, used):
    leads = golden_sheet()
    asked = []

    def ask(columns):
        asked.extend(column.column for column in columns)
        return answer

    result = score(leads, layout(HEADERS, len(leads)), OUTCOME, VOCABULARY, options(), ZH, ask=ask)
    assert asked == ["备用"]
    assert result.evaluation.questions == ()
    assert ("备用" in result.evaluation.used_columns) == used


def test_the_option_that_answers_is_the_one_the_report_names():
    result = scored(golden_sheet(), drop=("备用",))
    assert result.evaluation.questions == ()
    assert ("备用", "asked-out") in [(left.column, left.why) for left in result.evaluation.leaky_columns]


def test_won_rows_of_one_customer_are_one_customer():
    leads = sheet()
    won = leads.index[leads["outcome_class"] == "won"]
    leads.loc[won[1:], "duplicate_of"] = float(won[0])
    assert scored(leads).evaluation.why == "too-few-won"


RULES = VOCABULARY.section("leaks")["rules"]


def test_nobody_who_bought_among_a_few_says_nothing_where_hardly_anybody_buys():
    won = np.arange(600) < 12
    group = pd.Series(np.where(np.arange(600) >= 440, "甲", "乙"), dtype=object)
    assert pure_level(group, won, RULES) is None
    name, rate, told = pure_level(group, np.arange(600) < 200, RULES)
    assert (name, rate, told["n"]) == ("甲", 0.0, 160)


def test_a_range_that_all_but_decides_the_outcome_is_named_as_a_person_would_write_it():
    amounts = pd.Series(np.arange(1000, 3000, 2.5))
    name, rate, _ = pure_level(amounts, (amounts >= 1500).to_numpy(), RULES)
    assert (name, rate) == ("1,500–1,597.5", 1.0)


def entered(leads):
    days = pd.Timestamp("2026-01-01") + pd.to_timedelta(np.arange(len(leads)) % 200, unit="D")
    return leads.assign(created_at=days)


@pytest.mark.parametrize(
    ("dated", "few", "validation", "untimed"),
    [
        (True, False, "time split", ""),
        (True, True, "grouped 5-fold", "few"),
        (False, False, "grouped 5-fold", "no-dates"),
    ],
)
def test_why_nothing_was_tested_in_time_is_said(dated, few, validation, untimed):
    leads = sheet(n=500)
    if few:
        leads = leads.drop(leads.index[leads["outcome_class"] == "won"][25:]).reset_index(drop=True)
    leads = entered(leads) if dated else leads
    headers = {**HEADERS, **({"created_at": "登记日期"} if dated else {})}
    evaluation = score(leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(), ZH).evaluation
    assert (evaluation.validation, evaluation.untimed) == (validation, untimed)


def test_a_sheet_of_names_and_dates_says_that_nothing_describes_the_customers():
    leads = sheet()[["src_sheet", "src_row", "outcome_class", "tier"]]
    leads = classified({"outcome_class": leads["outcome_class"].tolist()})
    evaluation = score(leads, layout({"name": "姓名"}, len(leads)), OUTCOME, VOCABULARY, options(), ZH).evaluation
    assert (evaluation.method, evaluation.why, evaluation.guarded) == ("scorecard", "no-column", None)


@pytest.mark.parametrize(
    ("words", "month", "weekday", "blank"),
    [
        (ZH, "登记日期在7 月", "登记日期在周日", "来源空白"),
        (EN, "登记日期 in July", "登记日期 on a Sunday", "来源 left blank"),
    ],
)
def test_what_is_derived_from_a_column_is_said_as_a_person_would_say_it(words, month, weekday, blank):
    headers = {"created_at": "登记日期", "source": "来源"}
    said = {"created_at:month": "7", "created_at:weekday": "7", "source": ""}
    weights = pd.DataFrame([[3.0, 2.0, 1.0]], columns=list(said))
    points = learned_points(weights, pd.DataFrame([said], dtype=object), layout(headers, 1), words)
    assert points["say"].tolist() == [month, weekday, blank]


def test_an_empty_cell_of_a_scorecard_is_worth_its_points_of_what_the_row_can_reach():
    points = pd.DataFrame({"lead": [0, 1], "factor": ["Staff"] * 2, "points": [4.0, 2.0], "most": [4.0, 4.0]})
    found = asks_of_card(points, {"Staff": "人数"}, pd.Index([0, 1, 2]), pd.Series([10.0, 10.0, 10.0]))
    assert found.to_dict("records") == [{"lead": 2, "column": "人数", "gain": 30.0, "best": 40.0}]
