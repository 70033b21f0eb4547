"""Funnels: the worked figures, what is known and what is only a band, and the groups they are split by."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frames import VOCABULARY, classified, layout
from funnel_frames import funnel
from lostdeals.analyse import counted_funnel, read_counts, resolve_dimension, sales_funnel
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
    found = counted_funnel("订餐", list(WORKED.items()))
    rates = [round(100 * step.from_first, 1) for step in found.steps[1:]]
    assert rates == [44.2, 28.8, 11.5, 9.6, 5.8, 3.8, 3.5, 2.3, 1.9]
    assert (found.largest_loss[0].key, found.largest_loss[1]) == ("订餐服务", 290)
    assert (found.lowest_rate[0].key, found.lowest_rate[1]) == ("添加行程", 0.4)


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
    found = sales_funnel(leads(), VOCABULARY)
    assert [(step.key, step.n) for step in found.steps] == [
        ("initial", 7),
        ("interest", 4),
        ("in_depth", 3),
        ("decision", 2),
        ("won", 1),
    ]
    assert found.semantics == "reached-at-least"


def test_a_lost_customer_of_unknown_stage_opens_a_band():
    steps = sales_funnel(leads(), VOCABULARY).steps
    assert [(step.low, step.high) for step in steps] == [(None, None), (4, 5), (3, 4), (2, 3), (None, None)]


def test_a_bottleneck_is_found_among_those_whose_way_is_known():
    found = sales_funnel(leads(), VOCABULARY)
    assert (found.largest_loss[0].key, found.largest_loss[1]) == ("interest", 2)
    hidden = leads().assign(stage_class=None)
    hidden.loc[0, "stage_class"] = "decision"
    hidden["outcome_class"] = "lost"
    assert sales_funnel(hidden, VOCABULARY).largest_loss is None


def test_without_any_stage_only_the_won_are_known():
    frame = leads().assign(stage_class=None)
    found = sales_funnel(frame, VOCABULARY)
    assert [(step.key, step.n) for step in found.steps] == [("initial", 7), ("won", 1)]
    assert [note.code for note in found.notes] == ["funnel-no-stages"]


def test_the_second_row_of_a_duplicate_does_not_count():
    frame = leads()
    frame.loc[1, "duplicate_of"] = 0
    assert sales_funnel(frame, VOCABULARY).steps[0].n == 6


def test_segments_add_up_to_the_whole_and_small_ones_are_marked():
    found = funnel(leads(), "source")
    whole = [step.n for step in found.steps]
    assert [sum(counts) for counts in zip(*([s.n for s in seg.steps] for seg in found.segments), strict=True)] == whole
    assert [(segment.value, segment.enough, segment.q) for segment in found.segments] == [
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


def log(**more):
    return classified(
        {
            "id": ["1", "1", "1", "2", "2", "3", "3", "3"],
            "stage": ["新线索", "报价", "签约", "新线索", "输单", "新线索", "沟通", "新线索"],
            "stage_class": ["initial", "in_depth", None, "initial", None, "initial", "interest", "initial"],
            "outcome_class": ["open", "open", "won", "open", "lost", "open", "open", "open"],
            "created_at": [f"2026-01-{day:02d}" for day in (1, 5, 7, 2, 12, 3, 4, 9)],
            "owner": ["赵", "赵", "赵", "钱", "钱", None, "孙", "孙"],
            **more,
        }
    )


def test_a_stage_log_tells_its_own_steps_in_the_order_people_took():
    found = funnel(log(), "owner")
    assert (found.semantics, found.input, found.name) == ("history", "stage-log", "own")
    assert [(step.key, step.n, step.entered) for step in found.steps] == [
        ("新线索", 3, 3),
        ("沟通", 2, 1),
        ("报价", 1, 1),
        ("签约", 1, 1),
    ]
    assert (found.skipped, found.backward) == (1, 1)
    assert [(one.value, [step.n for step in one.steps]) for one in found.segments] == [
        ("孙", [1, 1, 0, 0]),
        ("赵", [1, 1, 1, 1]),
        ("钱", [1, 0, 0, 0]),
    ]


def test_the_four_stages_can_be_asked_of_a_log():
    found = funnel(log(), funnel="sales")
    assert [step.n for step in found.steps] == [3, 2, 1, 1, 1]


def test_steps_are_timed_and_the_lost_leave_their_days():
    found = funnel(log())
    assert (found.steps[3].took.median, found.steps[1].took.median) == (2.0, 1.0)
    assert [(one.step, one.n, one.took.median) for one in found.dropped] == [("新线索", 1, 10.0)]


def test_a_log_without_times_goes_by_its_rows_and_says_so():
    frame = log().drop(columns="created_at")
    found = funnel(frame)
    assert [step.n for step in found.steps] == [3, 2, 1, 1]
    assert [note.code for note in found.notes] == ["funnel-log-without-times"]


def test_a_present_stage_has_no_order_and_no_window():
    for asked in ({"order": "strict"}, {"window_days": 7.0}):
        with pytest.raises(LostDealsError) as stop:
            funnel(leads(), **asked)
        assert (stop.value.code, stop.value.usage) == ("funnel-needs-moments", True)


def test_dated_stages_are_a_history_and_a_plan_is_no_step():
    frame = classified(
        {
            "name": ["甲", "乙", "丙"],
            "created_at": ["2026-01-01", "2026-01-02", "2026-01-03"],
            "stage_date": ["2026-01-04", "2026-01-05", None],
            "stage_date.2": ["2026-01-10", "2027-01-01", None],
            "outcome_class": ["won", "open", "lost"],
            "closed_at": ["2026-01-20", None, "2026-01-09"],
        }
    )
    headers = {"name": "姓名", "created_at": "创建时间", "stage_date": "量房时间", "stage_date.2": "报价时间"}
    found = funnel(frame, headers=headers)
    assert [(step.key, step.n) for step in found.steps] == [("创建", 3), ("量房", 2), ("报价", 1)]
    assert (found.input, [note.code for note in found.notes]) == ("dated-stages", ["funnel-planned-dates"])
    assert found.steps[2].took.median == 6.0


def test_who_sits_longer_than_nine_in_ten_of_those_who_moved_on_is_named():
    n = 12
    ids = [str(number) for number in range(n)] * 2 + ["慢", "快"]
    days = [*(["2026-01-01"] * n), *(f"2026-01-{number + 2:02d}" for number in range(n)), "2026-01-01", "2026-01-12"]
    frame = classified(
        {
            "id": ids,
            "stage": [*(["沟通"] * n), *(["报价"] * n), "沟通", "沟通"],
            "stage_class": [None] * (2 * n + 2),
            "created_at": days,
        }
    )
    (step,) = funnel(frame).ageing
    assert (step.step, step.n, step.moved, step.limit) == ("沟通", 2, 12, 10.9)
    assert [(called, days) for called, _, days in step.stuck] == [("慢", 12.0)]


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
    assert "source" in [getattr(near, "key", near).lower() for near in stop.value.values["near"]]


def test_a_sheet_that_knows_neither_stage_nor_outcome_claims_no_loss():
    frame = leads().assign(stage_class=None, outcome_class="open")
    found = sales_funnel(frame, VOCABULARY)
    assert [(step.key, step.n) for step in found.steps] == [("initial", 8)]
    assert (found.largest_loss, [note.code for note in found.notes]) == (None, ["funnel-nothing-known"])


def test_where_only_the_present_stage_is_known_the_won_tell_what_is_too_long():
    frame = classified(
        {
            "name": [f"客户{n}" for n in range(14)],
            "created_at": ["2026-01-01"] * 12 + ["2026-01-02", "2026-02-20"],
            "closed_at": [f"2026-01-{n + 2:02d}" for n in range(12)] + [None, None],
            "outcome_class": ["won"] * 12 + ["open"] * 2,
            "updated_at": ["2026-03-01"] * 14,
        }
    )
    (found,) = funnel(frame).ageing
    assert (found.step, found.n, found.moved, found.limit) == ("open", 2, 12, 10.9)
    assert found.stuck == (("客户12", 14, 58.0),)


def test_a_log_leaves_out_plans_and_says_who_is_on_record_only_as_lost():
    frame = classified(
        {
            "id": ["1", "1", "2", "2", "3", "3"],
            "stage": ["沟通", "报价", "沟通", "报价", "输单", "输单"],
            "stage_class": ["interest", "in_depth", "interest", "in_depth", None, None],
            "outcome_class": ["open", "open", "open", "open", "lost", "lost"],
            "created_at": ["2026-01-01", "2026-01-05", "2026-01-02", "2030-01-01", "2026-01-03", "2026-01-04"],
            "owner": ["赵", "赵", "钱", "钱", "孙", "孙"],
        }
    )
    found = funnel(frame, "owner")
    assert [(step.key, step.n) for step in found.steps] == [("沟通", 2), ("报价", 1)]
    assert {note.code: note.count for note in found.notes} == {"funnel-only-closed": 1, "funnel-planned-dates": 1}
    assert [(one.value, one.steps[0].n) for one in found.segments if one.steps[0].n] == [("赵", 1), ("钱", 1)]


def test_an_undated_closing_is_the_last_that_is_known_of_a_customer():
    frame = (
        log().drop(columns="created_at").assign(created_at=pd.to_datetime(["2026-01-01", "2026-01-05"] + [None] * 6))
    )
    assert [step.n for step in funnel(frame).steps][-1] == 1
