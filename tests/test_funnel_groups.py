"""A funnel by groups: tests, corrections, baselines, ranges, two dimensions, and tables of counts per period."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import false_discovery_control, fisher_exact

from frames import VOCABULARY, classified
from funnel_frames import funnel
from lostdeals.analyse import read_counts, split_names
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Asked
from lostdeals.model import Sheet
from lostdeals.vocab import Words
from lostdeals.write.funnel_names import dimension_label


def customers(groups):
    """group -> (customers, of them won); the others are lost at the first stage."""
    source, outcome = [], []
    for name, (n, won) in groups.items():
        source += [name] * n
        outcome += ["won"] * won + ["lost"] * (n - won)
    n = len(source)
    return classified({"source": source, "outcome_class": outcome, "stage_class": ["initial"] * n})


def test_each_group_is_tested_against_the_others_and_corrected():
    found = funnel(customers({"甲": (100, 40), "乙": (80, 12), "丙": (60, 15), "丁": (4, 4)}), "source")
    tested = [one for one in found.segments if one.enough]
    expected = []
    for one in tested:
        won, n = one.steps[-1].n, one.steps[0].n
        expected.append(fisher_exact([[won, n - won], [71 - won, 244 - n - (71 - won)]]).pvalue)
    assert [one.p for one in tested] == pytest.approx(expected)
    assert [one.q for one in tested] == pytest.approx(false_discovery_control(expected).tolist())
    small = found.segments[-1]
    assert (small.value, small.enough, small.p, small.rank) == ("丁", False, None, None)
    assert [(one.value, one.rank) for one in tested] == [("甲", 1), ("乙", 3), ("丙", 2)]


def test_a_baseline_is_what_the_others_are_tested_against():
    found = funnel(customers({"甲": (100, 40), "乙": (80, 12)}), "source", baseline="甲")
    assert [one.p for one in found.segments] == [None, pytest.approx(fisher_exact([[12, 68], [40, 60]]).pvalue)]
    with pytest.raises(LostDealsError) as stop:
        funnel(customers({"甲": (100, 40)}), "source", baseline="戊")
    assert (stop.value.code, stop.value.values["known"]) == ("no-such-baseline", ("甲",))


def test_every_step_of_a_group_has_its_own_test():
    found = funnel(customers({"甲": (100, 40), "乙": (80, 12)}), "source")
    one = found.segments[0]
    assert len(one.tests) == len(found.steps) - 1
    assert one.tests[0].p == pytest.approx(fisher_exact([[40, 60], [12, 68]]).pvalue)
    assert one.tests[1].p == pytest.approx(1.0)


def test_two_dimensions_at_once():
    frame = customers({"甲": (20, 5), "乙": (20, 10)}).assign(owner=["王", "李"] * 20)
    found = funnel(frame, "source,owner")
    assert found.by == "source,owner"
    assert sorted((one.values, one.steps[0].n) for one in found.segments) == [
        (("乙", "李"), 10),
        (("乙", "王"), 10),
        (("甲", "李"), 10),
        (("甲", "王"), 10),
    ]


def test_numbers_come_in_ranges_that_can_be_given():
    frame = customers({"甲": (40, 10)}).assign(amount=[float(n) for n in range(40)])
    found = funnel(frame, "amount", bins=(10.0, 30.0))
    assert [(one.value, one.steps[0].n) for one in found.segments] == [("<10", 10), ("10–<30", 20), ("≥30", 10)]
    assert len(funnel(frame, "amount").segments) == 4
    with pytest.raises(LostDealsError, match="bad-option"):
        funnel(frame, "source", bins=(1.0,))


def test_weeks_and_quarters_are_of_the_day_a_customer_came_in():
    days = ["2026-01-05", "2026-01-11", "2026-01-12", None] * 5
    frame = customers({"甲": (20, 5)}).assign(created_at=pd.to_datetime(days))
    found = funnel(frame, "week")
    assert [(one.value, one.steps[0].n) for one in found.segments] == [
        ("2026-01-05", 10),
        ("2026-01-12", 5),
        ("unknown", 5),
    ]
    assert [one.value for one in funnel(frame, "quarter").segments] == ["2026-Q1", "unknown"]


def test_what_is_beyond_thirty_values_is_added_up():
    frame = customers({f"来源{number:02d}": (12, 3) for number in range(35)})
    found = funnel(frame, "source")
    assert len(found.segments) == 31
    assert (found.segments[-1].value, found.segments[-1].steps[0].n) == ("…", 60)


@given(st.dictionaries(st.sampled_from("abcdef"), st.tuples(st.integers(1, 30), st.integers(0, 30)), min_size=1))
def test_groups_add_up_to_the_whole(groups):
    found = funnel(customers({name: (n, min(n, won)) for name, (n, won) in groups.items()}), "source")
    whole = [step.n for step in found.steps]
    assert [sum(group) for group in zip(*([s.n for s in one.steps] for one in found.segments), strict=True)] == whole


def test_a_comma_parts_two_names_unless_a_header_has_it():
    assert split_names("来源、负责人", lambda name: False) == ("来源", "负责人")
    assert Asked(by=("source",)).by == ("source",)


WORKED = [520, 230, 150, 60, 50, 30, 20, 18, 12, 10]
STEPS = ["首页", "订餐", "点餐", "行程", "商品", "加购", "购物车", "下单", "支付", "完成"]
DAYS = {
    "2018/1/1": WORKED,
    "2018/1/2": [500, 215, 140, 55, 46, 27, 18, 16, 11, 9],
    "2018/1/3": [510, 205, 130, 50, 40, 22, 14, 11, 6, 4],
    "2018/1/4": [505, 220, 138, 52, 43, 24, 16, 13, 8, 6],
}


def sheet(rows):
    letters = [chr(65 + place) for place in range(len(rows[0]))]
    return Sheet(Path("x.csv"), "x", pd.DataFrame(rows, columns=letters, index=range(1, len(rows) + 1), dtype=object))


def order_of(found):
    ranked = sorted((one for one in found.segments if one.rank), key=lambda one: one.rank)
    return [one.value for one in ranked]


def test_counts_per_day_beside_one_another_are_ranked():
    rows = [["步骤", *DAYS], *([step, *(DAYS[day][place] for day in DAYS)] for place, step in enumerate(STEPS))]
    found, sure = read_counts(sheet(rows), VOCABULARY)
    assert sure
    assert order_of(found) == ["2018/1/1", "2018/1/2", "2018/1/4", "2018/1/3"]
    assert [round(100 * step.from_first, 1) for step in found.segments[0].steps[1:]] == [
        *(44.2, 28.8, 11.5, 9.6, 5.8, 3.8, 3.5, 2.3, 1.9),
    ]
    assert [step.n for step in found.steps] == [sum(column[place] for column in DAYS.values()) for place in range(10)]


def test_counts_in_three_columns_are_ranked_too():
    rows = [["日期", "步骤", "人数"]]
    rows += [[day, step, DAYS[day][place]] for day in DAYS for place, step in enumerate(STEPS)]
    found, _ = read_counts(sheet(rows), VOCABULARY)
    assert (found.by, order_of(found)) == ("日期", ["2018/1/1", "2018/1/2", "2018/1/4", "2018/1/3"])


def test_a_list_of_customers_with_numbers_is_no_table_of_counts():
    rows = [["客户", "年龄", "报价"], ["王小明", 31, 5000], ["李小红", 45, 8000]]
    assert read_counts(sheet(rows), VOCABULARY) is None
    assert read_counts(sheet([["阶段", "年龄"], ["报价", "很多"], ["签约", "少"]]), VOCABULARY) is None


@pytest.mark.parametrize(
    ("by", "label"),
    [("loss_reason", "未成交原因"), ("reason", "未成交原因"), ("extra.小区", "小区"), ("owner,month", "负责人、月")],
)
def test_what_a_funnel_is_split_by_is_said_in_words(by, label):
    assert dimension_label(by, Words(VOCABULARY, "zh")) == label
