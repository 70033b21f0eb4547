"""Columns that say more together: found by what the single ones leave unexplained, told in words, kept in the saved model."""

import json

import numpy as np
import pandas as pd
import pytest

from frames import EN, VOCABULARY, ZH, classified, layout, options
from lostdeals.errors import LostDealsError
from lostdeals.score import model_text, score
from lostdeals.score.features import GLUE, members, origin, part_of
from lostdeals.score.joint import alike, find_made, is_made, widened
from lostdeals.score.models.ladder import climb
from lostdeals.score.saved import read_model
from lostdeals.stats.threads import one_thread
from test_score import OUTCOME
from test_score import sheet as plain_sheet

CALLS = {"extra.day charge": "day charge", "extra.eve charge": "eve charge", "extra.night charge": "night charge"}


@pytest.fixture(autouse=True)
def one_processor():
    """As the tool itself fits."""
    with one_thread():
        yield


def charges(n, seed=0):
    """Three charges of which only the sum counts, and only from a limit on; an age that says nothing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.uniform(5, 40, n).round(2) for name in CALLS} | {"age": rng.uniform(20, 60, n)})
    total = frame[list(CALLS)].sum(axis=1)
    return frame, rng.random(n) < np.where(total > 75, 0.8, 0.15)


def found(frame, won):
    return [(part_of(name), members(name)) for name in find_made(frame, won, np.arange(len(won)), seed=7)]


def test_a_sum_of_alike_columns_is_found_where_only_the_sum_counts():
    frame, won = charges(1500)
    assert found(frame, won)[0] == ("sum", tuple(CALLS))


def test_a_ratio_is_found_where_only_the_ratio_counts():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"amount": rng.uniform(100, 800, 1500), "extra.price": rng.uniform(100, 1000, 1500)})
    won = rng.random(1500) < np.where(frame["amount"] < 0.6 * frame["extra.price"], 0.7, 0.2)
    assert found(frame, won) == [("ratio", ("amount", "extra.price"))]


def test_a_day_of_the_year_is_found_in_month_and_day():
    rng = np.random.default_rng(2)
    month, day = rng.integers(1, 13, 4000), rng.integers(1, 32, 4000)
    good = rng.random((13, 11)) < 0.3
    frame = pd.DataFrame({"extra.month": month.astype(float), "extra.day": day.astype(float)})
    won = rng.random(4000) < np.where(good[month, day // 3], 0.7, 0.2)
    how, columns = found(frame, won)[0]
    assert (how, set(columns)) == ("pair", set(frame))


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_put_together_where_every_column_speaks_for_itself(seed):
    rng = np.random.default_rng(100 + seed)
    frame, _ = charges(1000, seed)
    won = rng.random(1000) < 1 / (1 + np.exp(-(frame["extra.day charge"] - 22) / 10))
    assert found(frame, won) == []


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_put_together_where_the_outcome_is_a_coin_toss(seed):
    rng = np.random.default_rng(100 + seed)
    frame, _ = charges(800, seed)
    frame = frame.assign(**{"extra.month": rng.integers(1, 13, 800) * 1.0, "extra.day": rng.integers(1, 32, 800) * 1.0})
    assert found(frame, rng.random(800) < 0.3) == []


@pytest.mark.parametrize(
    ("headers", "groups"),
    [
        (["day charge", "night charge"], [("day charge", "night charge")]),
        (["一季度金额", "二季度金额"], [("一季度金额", "二季度金额")]),
        (["微信费用", "电话费用"], [("微信费用", "电话费用")]),
        (["Q1", "Q2"], [("Q1", "Q2")]),
        (["visits", "amount"], []),
        (["金额", "金额"], []),
        (["1", "2"], []),
        (["", "…"], []),
    ],
)
def test_alike_columns_are_known_by_what_their_headers_share(headers, groups):
    values = pd.Series([1.0, 2.0])
    keys = dict.fromkeys((f"extra.{header}" for header in headers), values)
    assert [tuple(key.removeprefix("extra.") for key in group) for group in alike(keys)] == groups


def test_alike_columns_are_known_by_their_headers_where_they_have_a_role():
    values = pd.Series([1.0, 2.0])
    headers = {"amount": "day charge", "extra.night charge": "night charge"}
    assert alike(dict.fromkeys(headers, values), headers) == [("amount", "extra.night charge")]


def test_columns_of_other_sizes_are_not_added_up():
    small, large = pd.Series([1.0, 2.0]), pd.Series([1e5, 2e5])
    assert alike({"extra.fee 1": small, "extra.fee 2": small, "extra.fee total": large}) == [
        ("extra.fee 1", "extra.fee 2")
    ]


def test_what_is_missing_in_a_sum_adds_nothing_and_in_a_ratio_leaves_nothing():
    frame = pd.DataFrame({"a": [1.0, np.nan, np.nan], "b": [2.0, 4.0, np.nan], "c": ["x", None, None]})
    wide = widened(frame, [f"a{GLUE}b:sum", f"a{GLUE}b:ratio", f"c{GLUE}b:pair", "a"])
    assert wide[f"a{GLUE}b:sum"].fillna(-1).tolist() == [3.0, 4.0, -1.0]
    assert wide[f"a{GLUE}b:ratio"].fillna(-1).tolist() == [0.5, -1.0, -1.0]
    assert wide[f"c{GLUE}b:pair"].tolist() == ["x · 2", "– · 4", None]
    assert widened(wide, [f"a{GLUE}b:sum"]) is wide


def test_a_header_that_ends_like_a_made_column_is_a_column_of_its_own():
    assert (is_made("extra.合计:sum"), members("extra.合计:sum"), origin("extra.合计:sum")) == (
        False,
        ("extra.合计:sum",),
        "extra.合计:sum",
    )


def test_the_sum_makes_the_model_better_and_every_consumer_finds_it():
    frame, won = charges(2000)
    climbed = climb(frame[:1500], won[:1500], np.arange(1500), seed=3)
    assert any(is_made(column.column) for column in climbed.model.columns)
    alone = climbed.model.predict(frame[1500:])
    np.testing.assert_allclose(climbed.model.predict(climbed.model.seen(frame[1500:])), alone)


@pytest.fixture(scope="module")
def learned():
    frame, won = charges(900, seed=4)
    result = np.where(np.arange(900) % 6 == 0, "open", np.where(won, "won", "lost"))
    leads = classified({**frame.to_dict("list"), "outcome_class": result.tolist(), "tier": ["general"] * 900})
    headers = {**CALLS, "age": "age"}
    return leads, headers, score(leads, layout(headers, 900), OUTCOME, VOCABULARY, options(), EN)


def test_a_person_reads_what_was_put_together(learned):
    _, _, result = learned
    assert [(one.how, one.columns) for one in result.evaluation.together] == [("sum", tuple(CALLS.values()))]
    assert "the sum of day charge … night charge (3 columns)" in set(result.points["factor"])
    assert result.leads["why"].str.contains("the sum of day charge … night charge (3 columns) ≥", regex=False).any()
    assert result.evaluation.used_columns == ("day charge", "eve charge", "night charge", "age")


def test_a_saved_model_puts_the_columns_of_another_sheet_together(learned, tmp_path):
    leads, headers, result = learned
    path = tmp_path / "m.json"
    path.write_text(model_text(result.model, "2026-11-20"), encoding="utf-8")
    again = score(leads, layout(headers, 900), OUTCOME, VOCABULARY, options(model=path), ZH)
    open_rows = leads["outcome_class"] == "open"
    pd.testing.assert_series_equal(
        again.leads.loc[open_rows, "win_probability"], result.leads.loc[open_rows, "win_probability"]
    )
    assert again.evaluation.together == result.evaluation.together
    assert again.evaluation.used_columns == result.evaluation.used_columns
    assert again.evaluation.drift == ()
    assert again.leads["why"].str.contains("day charge…night charge（3 列之和）", regex=False).any()
    lacking = {key: header for key, header in headers.items() if header != "eve charge"}
    short = leads.drop(columns="extra.eve charge")
    with pytest.raises(LostDealsError) as stop:
        score(short, layout(lacking, 900), OUTCOME, VOCABULARY, options(model=path), ZH)
    assert stop.value.values["columns"] == ("eve charge",)


def test_a_model_whose_made_column_has_no_members_is_refused(learned, tmp_path):
    _, _, result = learned
    raw = json.loads(model_text(result.model, "2026-11-20"))
    for feature in raw["features"]:
        feature["column"] = (
            feature["column"].replace("eve charge", "weekend charge", 1)
            if ":sum" in feature["column"]
            else feature["column"]
        )
    path = tmp_path / "m.json"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(LostDealsError) as stop:
        read_model(path)
    assert stop.value.code == "model-unreadable"


def test_what_sensitive_traits_do_is_told_by_the_score_itself():
    leads = plain_sheet(n=600)
    rng = np.random.default_rng(2)
    leads["gender"] = np.where(rng.random(600) < np.where(leads["outcome_class"] == "won", 0.7, 0.4), "女", "男")
    headers = {"source": "来源", "contact_count": "跟进次数", "gender": "性别"}
    with_it, without = (
        score(leads, layout(headers, 600), OUTCOME, VOCABULARY, options(without_sensitive=out), ZH)
        for out in (False, True)
    )
    traits = with_it.evaluation.sensitive
    assert traits.exact
    assert (traits.auc_with, traits.auc_without) == pytest.approx((with_it.evaluation.auc, without.evaluation.auc))
    open_rows = with_it.leads[leads["outcome_class"] == "open"]
    best = open_rows.sort_values("win_probability", ascending=False, kind="stable").head(int(len(open_rows) * 0.2))
    chosen = {group.value: group.selected for group in traits.groups}
    assert chosen == best["gender"].value_counts().to_dict()
