"""The order of a sheet's own stages, and what told it."""

import json

import pandas as pd
import pytest

from frames import VOCABULARY, classified
from lostdeals.classify.stage_numbers import read_stages
from lostdeals.classify.stage_order import order_stages, own_stages
from lostdeals.cli import main
from lostdeals.model import OutcomeReading
from lostdeals.stats.stage_order import order_names


@pytest.mark.parametrize(
    ("by", "stages"),
    [
        ("numbers", ["A. 初谈", "B. 报价", "C. 谈判", "D. 合同"]),
        ("numbers", ["1-潜在客户", "2-需求客户", "3-有商机", "8-丢单"]),
        ("numbers", ["01 Lead", "02 Demo", "03 Offer", "Won"]),
        ("numbers", ["S1线索", "S2需求确认", "S3方案", "S4报价", "S5商务", "S6签约"]),
        ("numbers", ["①合同", "②报价", "③线索", "④成交"]),
        ("numbers", ["第一步：报价", "第二步：线索", "第三步：谈判", "第十步：成交"]),
        ("numbers", ["阶段一 谈判", "阶段二 报价", "阶段三 初步接触"]),
        ("numbers", ["Stage 1", "Stage 2", "Stage 9", "Stage 10", "Stage 11"]),
        ("numbers", ["P1 Proposal", "P2-Qualified", "P3: Lead"]),
        ("numbers", ["Step_1 Offer", "Step_2 Demo", "Step_3 Lead", "Lost"]),
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


@pytest.mark.parametrize(
    "stages",
    [
        ["3天未联系", "已报价", "初步接触", "有意向"],  # one number
        ["1-报价", "1-线索", "1-需求", "1-谈判"],  # all the same
        ["B2B 报价", "B2C 线索", "有意向"],  # no numbering, the numbers are the same
        ["统一报价", "初步接触", "二次到访", "有意向"],  # numerals in words
        ["Lead2Cash Q3", "2026 plan", "Kilo", "Demo"],
    ],
)
def test_numbers_that_are_no_numbering_order_nothing(stages):
    assert order_stages(dict.fromkeys(stages, 3), VOCABULARY)[1] != "numbers"


def test_a_stage_written_in_two_ways_shares_its_number():
    stages = {"S1线索": 9, "S2 需求确认": 4, "S2需求确认": 1, "S3报价": 3, "S4-报价": 3, "S5谈判": 2}
    found, by = order_stages(stages, VOCABULARY)
    assert ([stage.value for stage in found], by) == (list(stages), "numbers")


@pytest.mark.parametrize(
    ("stages", "meant"),
    [
        ({"S1线索": "initial", "S2Kilo": "interest", "S3报价": "in_depth"}, {}),
        (
            {"Stage 1: Alfa": "initial", "Stage 2: Qualified": "interest", "Stage 3: Mike": "interest"},
            {"Stage 4: Proposal": "in_depth"},
        ),
        ({"①Alfa": "initial", "②Kilo": "interest", "③报价": "in_depth", "④Lima": "decision", "⑤成交": None}, {}),
        ({"第一步：有意向": "interest", "第二步：报价": "in_depth", "第三步：Lima": None}, {}),  # nothing behind it
        ({"1-报价": "in_depth", "2-Kilo": None, "3-线索": "initial"}, {}),  # the words say the contrary
        (
            {"1-线索": "initial", "2-暂缓": None, "3-输单": None, "4-报价": "in_depth"},
            {},
        ),  # a halt and an end are no steps
        ({"Stage 1": None, "Stage 2": None, "Stage 3": None}, {"Won": None}),  # no stage is known
    ],
)
def test_a_numbered_stage_that_no_word_knows_lies_between_its_neighbours(stages, meant):
    meant = stages | meant
    found, _ = order_stages(dict.fromkeys(reversed(meant), 3), VOCABULARY)
    assert {stage.value: stage.stage for stage in found} == meant
    leads = classified({"stage": list(meant)})
    kind = read_stages(leads, OutcomeReading(None, None, {}), VOCABULARY)
    assert dict(zip(meant, kind, strict=True)) == meant


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
