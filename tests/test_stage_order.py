"""The order of a sheet's own stages, and what told it."""

import json

import pandas as pd
import pytest

from frames import VOCABULARY
from lostdeals.classify.stage_order import order_stages, own_stages
from lostdeals.cli import main
from lostdeals.stats.stage_order import order_names


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


def log_of(paths, gap=1):
    """A row per change: who, stage, when; all begin on the same day."""
    start = pd.Timestamp("2026-03-02 09:00")
    return pd.DataFrame(
        [
            (f"K{number}", stage, f"{start + pd.Timedelta(hours=gap * place):%Y-%m-%d %H:%M}")
            for number, path in enumerate(paths)
            for place, stage in enumerate(path)
        ],
        columns=["客户编号", "阶段", "进入时间"],
    )


SHEETS = {
    "log": log_of([["Kilo", "Lima", "Alfa", "成交"]] * 3 + [["Kilo", "Alfa"]] * 2 + [["Lima", "Alfa", "输单"]]),
    "numbers": pd.DataFrame(
        {
            "客户编号": range(9),
            "阶段": ["2-报价", "1-线索", "3-谈判", "1-线索", "2-报价", "1-线索", "赢单", "输单", "暂缓"],
        }
    ),
    "probabilities": pd.DataFrame(
        {
            "客户编号": range(9),
            "阶段": ["Kilo", "Lima", "Mike"] * 2 + ["Kilo", "赢单", "输单"],
            "赢率": ["60%", "10%", "30%"] * 2 + ["60%", "100%", "0%"],
        }
    ),
    "ladder": pd.DataFrame({"客户编号": range(8), "阶段": ["试驾", "邀约", "到店", "下订"] * 2}),
    "vocabulary": pd.DataFrame({"客户编号": range(6), "阶段": ["已报价", "初步接触", "有意向"] * 2}),
}


@pytest.mark.parametrize("by", SHEETS)
def test_inspect_shows_the_order_that_the_funnel_counts_by(by, tmp_path, capsys):
    SHEETS[by].to_csv(tmp_path / "sheet.csv", index=False)
    assert main(["inspect", str(tmp_path / "sheet.csv"), "--json"]) == 0
    seen = json.loads(capsys.readouterr().out)["sheets"][0]
    assert seen["stages_by"] == by
    steps = ["--funnel", "own", "--json", "--today", "2026-11-20"]
    assert main(["funnel", str(tmp_path / "sheet.csv"), *steps]) == 0
    counted = [step["step"] for step in json.loads(capsys.readouterr().out)["total"]["steps"]]
    on_way = [stage["value"] for stage in seen["stages"] if stage["outcome"] is None]
    assert counted[: len(on_way)] == on_way
    assert set(counted[len(on_way) :]) <= {"won", "成交", "赢单"}


def test_a_halt_is_no_step():
    found, _ = order_stages({"1-线索": 3, "2-报价": 2, "暂缓": 1}, VOCABULARY)
    assert {stage.value for stage in found if stage.outcome == "parked"} == {"暂缓"}


def test_known_stages_keep_their_order_whatever_the_days_say_which_order_those_of_one_kind():
    stages = {"试用中": 9, "有意向": 9, "初步接触": 9, "方案沟通": 9}
    days = {"试用中": 5.0, "有意向": 6.0, "初步接触": 7.0, "方案沟通": 4.0}
    found, by = order_stages(stages, VOCABULARY, days=days)
    assert ([stage.value for stage in found], by) == (["初步接触", "有意向", "方案沟通", "试用中"], "vocabulary")


def test_careless_estimates_do_not_turn_the_stages_around():
    names = ["线索", "需求确认", "方案演示", "合同审批"]
    canonical = {"线索": "initial", "需求确认": "interest", "方案演示": "in_depth", "合同审批": "decision"}
    careless = {"线索": 0.6, "需求确认": 0.4, "方案演示": 0.5, "合同审批": 0.3}
    assert order_names(names, canonical, VOCABULARY, careless) == (names, "vocabulary")
    careful = {"线索": 0.1, "需求确认": 0.3, "合同审批": 0.5, "方案演示": 0.6}
    assert order_names(names, canonical, VOCABULARY, careful)[1] == "probabilities"


def test_one_name_of_a_deal_over_many_customers_is_no_log():
    rows = [("CRM项目", f"甲{i}公司", ["合同审批", "需求确认", "线索"][i % 3]) for i in range(30)]
    leads = pd.DataFrame(rows, columns=["deal", "company", "stage"], dtype=object)
    found, by = own_stages(leads, leads["stage"], VOCABULARY)
    assert ([stage.value for stage in found], by) == (["线索", "需求确认", "合同审批"], "vocabulary")
