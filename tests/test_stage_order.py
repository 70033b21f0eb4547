"""The order of a sheet's own stages, and what told it."""

import pandas as pd
import pytest

from frames import VOCABULARY
from lostdeals.classify.stage_order import order_stages, own_stages


@pytest.mark.parametrize(
    ("by", "stages"),
    [
        ("numbers", ["A. 初谈", "B. 报价", "C. 谈判", "D. 合同"]),
        ("numbers", ["1-潜在客户", "2-需求客户", "3-有商机", "8-丢单"]),
        ("numbers", ["01 Lead", "02 Demo", "03 Offer", "Won"]),
        (
            "ladder",
            ["Prospecting", "Qualification", "Needs Analysis", "Negotiation/Review", "Closed Won", "Closed Lost"],
        ),
        ("ladder", ["邀约", "到店", "试驾", "下订"]),
        ("vocabulary", ["初步接触", "有意向", "已报价", "待签约"]),
    ],
)
def test_stages_stand_in_their_order_however_they_come(by, stages):
    found, told = order_stages(dict.fromkeys(reversed(stages), 3), VOCABULARY)
    assert ([stage.value for stage in found], told) == (stages, by)


def test_ends_come_last_and_a_parked_stage_is_marked():
    found, _ = order_stages({"赢单": 1, "暂缓": 2, "初步接触": 5, "输单": 3, "无效": 1}, VOCABULARY)
    assert {stage.value: stage.outcome for stage in found} == {
        "初步接触": None,
        "暂缓": "parked",
        "赢单": "won",
        "输单": "lost",
        "无效": "invalid",
    }
    assert [stage.value for stage in found][-3:] == ["赢单", "输单", "无效"]


def test_somebodys_own_estimates_order_names_that_nobody_knows():
    chances = {"Kilo": 0.1, "Lima": 0.4, "Mike": 0.8}
    found, by = order_stages({"Mike": 2, "Kilo": 9, "Lima": 4}, VOCABULARY, chances)
    assert ([stage.value for stage in found], by) == (["Kilo", "Lima", "Mike"], "probabilities")


def test_the_days_it_takes_order_them_where_nothing_else_does():
    n = 6
    leads = pd.DataFrame(
        {
            "stage": ["Kilo"] * n + ["Lima"] * n + ["Mike"] * n,
            "created_at": ["2026-01-01"] * 3 * n,
            "updated_at": ["2026/1/9"] * n + ["2026年2月1日"] * n + ["2026-03-01 10:00"] * n,
        },
        dtype=object,
    )
    found, by = own_stages(leads.sample(frac=1, random_state=1), leads["stage"], VOCABULARY)
    assert ([stage.value for stage in found], by) == (["Kilo", "Lima", "Mike"], "dates")


def test_a_column_of_codes_has_no_order_and_none_is_claimed():
    leads = pd.DataFrame({"stage": ["x9Q=", "r3T=", "x9Q="]}, dtype=object)
    assert own_stages(leads, leads["stage"], VOCABULARY) == ((), "")
