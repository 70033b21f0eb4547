"""Funnels: the worked figures, what is known and what is only a band, and the groups they are split by."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frames import VOCABULARY, classified, layout
from lostdeals.analyse import counted_funnel, log_funnel, read_counts, resolve_dimension, sales_funnel
from lostdeals.errors import LostDealsError
from lostdeals.model import Sheet

WORKED = {
    "公众号首页": 520,
    "订餐服务": 230,
    "在线点餐": 150,
    "添加行程": 60,
    "商品页": 50,
    "添加购物车": 30,
    "进入购物车": 20,
    "去下单": 18,
    "确定支付": 12,
    "完成支付": 10,
}


def test_the_worked_funnel_gives_its_published_rates():
    funnel = counted_funnel("订餐", list(WORKED.items()))
    rates = [round(100 * step.from_first, 1) for step in funnel.steps[1:]]
    assert rates == [44.2, 28.8, 11.5, 9.6, 5.8, 3.8, 3.5, 2.3, 1.9]
    assert (funnel.largest_loss[0].key, funnel.largest_loss[1]) == ("订餐服务", 290)
    assert (funnel.lowest_rate[0].key, funnel.lowest_rate[1]) == ("添加行程", 0.4)


def counts_sheet(rows):
    frame = pd.DataFrame(rows, columns=["A", "B"], index=range(1, len(rows) + 1), dtype=object)
    return Sheet(Path("x.csv"), "x", frame)


def test_a_table_of_counts_is_recognised_with_and_without_a_header():
    rows = list(WORKED.items())
    assert [s.n for s in read_counts(counts_sheet([("步骤", "人数"), *rows]), VOCABULARY)[0].steps] == list(
        WORKED.values()
    )
    assert [s.n for s in read_counts(counts_sheet(rows), VOCABULARY)[0].steps] == list(WORKED.values())
    texts = [(step, f"{n:,}") for step, n in WORKED.items()]
    assert read_counts(counts_sheet([("step", "users"), *texts]), VOCABULARY)[0].steps[0].n == 520


def test_names_and_ages_are_no_funnel():
    assert read_counts(counts_sheet([("姓名", "年龄"), ("王小明", 31), ("李小红", 45)]), VOCABULARY) is None


def leads():
    return classified(
        {
            "name": [f"客户{n}" for n in range(8)],
            "source": ["展会"] * 4 + ["广告"] * 4,
            "stage_class": ["initial", "interest", "decision", None, "in_depth", None, "initial", "initial"],
            "outcome_class": ["open", "lost", "open", "won", "lost", "lost", "invalid", "open"],
            "created_at": ["2026-09-01"] * 4 + ["2026-10-01"] * 4,
        }
    )


def test_a_customer_counts_for_its_stage_and_all_before_it():
    funnel = sales_funnel(leads(), VOCABULARY)
    assert [(step.key, step.n) for step in funnel.steps] == [
        ("initial", 7),
        ("interest", 4),
        ("in_depth", 3),
        ("decision", 2),
        ("won", 1),
    ]
    assert funnel.semantics == "reached-at-least"


def test_a_lost_customer_of_unknown_stage_opens_a_band():
    steps = sales_funnel(leads(), VOCABULARY).steps
    assert [(step.low, step.high) for step in steps] == [(None, None), (4, 5), (3, 4), (2, 3), (None, None)]


def test_a_bottleneck_is_found_among_those_whose_way_is_known():
    funnel = sales_funnel(leads(), VOCABULARY)
    assert (funnel.largest_loss[0].key, funnel.largest_loss[1]) == ("interest", 2)
    hidden = leads().assign(stage_class=None)
    hidden.loc[0, "stage_class"] = "decision"
    hidden["outcome_class"] = "lost"
    assert sales_funnel(hidden, VOCABULARY).largest_loss is None


def test_without_any_stage_only_the_won_are_known():
    frame = leads().assign(stage_class=None)
    funnel = sales_funnel(frame, VOCABULARY)
    assert [(step.key, step.n) for step in funnel.steps] == [("initial", 7), ("won", 1)]
    assert [note.code for note in funnel.notes] == ["funnel-no-stages"]


def test_the_second_row_of_a_duplicate_does_not_count():
    frame = leads()
    frame.loc[1, "duplicate_of"] = 0
    assert sales_funnel(frame, VOCABULARY).steps[0].n == 6


def test_segments_add_up_to_the_whole_and_small_ones_are_marked():
    funnel = sales_funnel(leads(), VOCABULARY, "source")
    whole = [step.n for step in funnel.steps]
    assert [sum(counts) for counts in zip(*([s.n for s in seg.steps] for seg in funnel.segments), strict=True)] == whole
    assert [(segment.value, segment.enough, segment.q) for segment in funnel.segments] == [
        ("展会", False, None),
        ("广告", False, None),
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["initial", "interest", "in_depth", "decision", None]),
            st.sampled_from(["won", "lost", "open", "invalid"]),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_counts_never_rise_down_a_funnel(rows):
    frame = classified({"stage_class": [stage for stage, _ in rows], "outcome_class": [result for _, result in rows]})
    counts = [step.n for step in sales_funnel(frame, VOCABULARY).steps]
    assert counts == sorted(counts, reverse=True)


def test_a_stage_log_is_exact():
    log = classified(
        {
            "id": ["1", "1", "1", "2", "2", "3"],
            "stage_class": ["initial", "in_depth", None, "initial", "interest", "initial"],
            "outcome_class": ["open", "open", "won", "open", "lost", "open"],
            "owner": ["赵", "赵", "赵", "钱", "钱", "钱"],
        }
    )
    funnel = log_funnel(log, VOCABULARY, "owner")
    assert (funnel.semantics, [step.n for step in funnel.steps]) == ("history", [3, 2, 1, 1, 1])
    assert [(segment.value, [step.n for step in segment.steps]) for segment in funnel.segments] == [
        ("钱", [2, 1, 0, 0, 0]),
        ("赵", [1, 1, 1, 1, 1]),
    ]


@pytest.mark.parametrize("by", ["source", "来源", "渠道来源", "SOURCE"])
def test_a_dimension_may_be_a_role_its_label_or_a_header(by):
    frame = leads()
    name, values = resolve_dimension(by, frame, layout({"name": "姓名", "source": "渠道来源"}, 8), VOCABULARY)
    assert (name, values.tolist()) == ("source", frame["source"].tolist())


def test_months_and_classes_are_dimensions_too():
    frame, columns = leads(), layout({"name": "姓名", "created_at": "创建时间"}, 8)
    assert resolve_dimension("month", frame, columns, VOCABULARY)[1].iloc[0] == "2026-09"
    assert resolve_dimension("stage", frame, columns, VOCABULARY)[0] == "stage"


def test_an_unknown_dimension_names_what_there_is():
    with pytest.raises(LostDealsError) as stop:
        resolve_dimension("sorce", leads(), layout({"source": "Source"}, 8), VOCABULARY)
    assert (stop.value.code, stop.value.usage) == ("unknown-dimension", True)
    assert "source" in stop.value.values["near"].lower()
