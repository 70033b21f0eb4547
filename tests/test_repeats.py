"""Columns that repeat one another are learned from once, and said."""

import numpy as np
import pandas as pd
import pytest

from frames import VOCABULARY, ZH, layout, options
from lostdeals.evaluation import LeftOut, Repeat
from lostdeals.score import score
from lostdeals.score.leakage import Guard
from lostdeals.score.repeats import guard_repeats, told_repeats
from lostdeals.stats.repeats import repeats
from test_score import HEADERS, OUTCOME, sheet

DICE = np.random.default_rng(5)
AMOUNTS = np.round(DICE.gamma(2, 900, 300), 2)
CITIES = DICE.choice(["北京", "上海", None], 300)


def scored(leads, headers, **given):
    return score(leads, layout(headers, len(leads)), OUTCOME, VOCABULARY, options(**given), ZH)


CODES = {"北京": "010", "上海": "021", None: None}


@pytest.mark.parametrize(
    ("other", "again"),
    [
        (AMOUNTS * 1.13, True),
        (np.round(AMOUNTS / 10_000, 4), True),  # in 万, rounded to one yuan
        (np.round(AMOUNTS * 0.17, 2), True),
        (5000 - AMOUNTS, True),
        (AMOUNTS * DICE.normal(1, 0.02, 300), False),
        (np.where(np.arange(300) == 17, 0, AMOUNTS), False),  # one row says otherwise
        (np.where(np.arange(300) < 30, np.nan, AMOUNTS), False),  # that it is empty may say something
        (DICE.gamma(2, 900, 300), False),
        (np.full(300, 7.0), False),
    ],
)
def test_a_number_repeats_another_where_all_rows_lie_on_one_line(other, again):
    frame = pd.DataFrame({"amount": AMOUNTS, "extra.other": other})
    assert repeats(frame) == ({"extra.other": "amount"} if again else {})


def test_one_far_row_does_not_hide_what_the_others_say():
    far = np.append(AMOUNTS, 1e9)
    other = np.append(DICE.permutation(AMOUNTS), 1e9)
    assert repeats(pd.DataFrame({"amount": far, "extra.other": other})) == {}


def test_a_text_repeats_another_where_each_value_goes_with_one_value():
    cities = pd.DataFrame({"extra.code": [CODES[city] for city in CITIES], "region": CITIES}, dtype=object)
    assert repeats(cities) == {"extra.code": "region"}
    mixed = cities.assign(region=np.where(np.arange(300) == 3, "杭州", CITIES))
    assert repeats(mixed) == {}


def test_a_chain_of_repetitions_ends_at_one_column():
    frame = pd.DataFrame({"a": AMOUNTS, "b": AMOUNTS * 2, "c": AMOUNTS * 3 + 1})
    assert repeats(frame) == {"b": "a", "c": "a"}
    headers = {"a": "报价", "b": "两倍", "c": "三倍"}
    assert told_repeats(repeats(frame), layout(headers, 300)) == (Repeat("两倍", "报价"), Repeat("三倍", "报价"))


def test_what_repeats_a_column_left_out_for_the_outcome_is_left_out_but_not_what_repeats_a_dropped_one():
    headers = {"extra.a": "标签", "extra.b": "标签副本", "extra.c": "客户级别", "extra.d": "级别代码"}
    left = {"extra.a": LeftOut("标签", "late-name", {"auc": 0.8}), "extra.c": LeftOut("客户级别", "asked-out")}
    same = {"extra.b": "extra.a", "extra.d": "extra.c"}
    guard = guard_repeats(Guard(left, {}), same, frozenset(), layout(headers, 9))
    assert guard.left_out["extra.b"] == LeftOut("标签副本", "repeats-left-out", {"other": "标签"})
    assert "extra.d" not in guard.left_out
    kept = guard_repeats(Guard(left, {}), same, frozenset({"extra.b"}), layout(headers, 9))
    assert kept.left_out == left


def test_a_copy_of_a_column_changes_no_score():
    leads = sheet(n=600)
    leads["amount"] = np.round(np.random.default_rng(1).gamma(2, 900, len(leads)), 2)
    headers = {**HEADERS, "amount": "报价"}
    once = scored(leads, headers=headers)
    twice = scored(leads.assign(**{"extra.含税": leads["amount"] * 1.13}), headers={**headers, "extra.含税": "含税"})
    assert twice.evaluation.repeats == (Repeat("含税", "报价"),)
    assert "含税" not in twice.evaluation.used_columns
    assert twice.leads["score"].equals(once.leads["score"])


def test_a_copy_of_a_sensitive_trait_is_as_sensitive_as_the_trait():
    leads = sheet(n=600)
    gender = np.random.default_rng(1).choice(["男", "女"], len(leads))
    leads = leads.assign(**{"gender": gender, "extra.称呼": np.where(gender == "男", "先生", "女士")})
    headers = {**HEADERS, "gender": "性别", "extra.称呼": "称呼"}
    without = scored(leads, headers=headers, without_sensitive=True).evaluation
    assert not {"性别", "称呼"} & set(without.used_columns)
    assert {left.column for left in without.leaky_columns} >= {"性别", "称呼"}
