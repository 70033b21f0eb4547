"""Funnels of tables of events: found by themselves, one table or several, with and without times."""

import json

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from frames import VOCABULARY
from funnel_frames import events
from lostdeals.analyse import find_events
from lostdeals.cli import main
from lostdeals.errors import LostDealsError

VISITS = pd.DataFrame(
    {
        "用户ID": ["u1", "u1", "u1", "u2", "u2", "u3", "u3", "u3"],
        "事件": ["首页", "商品页", "支付", "首页", "支付", "商品页", "首页", "商品页"],
        "时间": pd.to_datetime(
            [
                "2026-03-01 10:00",
                "2026-03-01 11:00",
                "2026-03-03 11:00",
                *(f"2026-03-{day:02d}" for day in (1, 2, 1, 2, 9)),
            ],
            format="mixed",
        ),
        "来源": ["广告", "广告", "广告", "展会", "展会", "广告", "广告", "广告"],
    }
)
STEPS = ("首页", "商品页", "支付")


def counts(found):
    return [step.n for step in found.steps]


def test_a_table_of_events_is_found_by_its_headers_and_ordered_by_its_times():
    found = events({"x": VISITS}, "来源")
    assert (found.input, found.order, found.semantics) == ("events", "ordered", "history")
    assert [step.key for step in found.steps] == list(STEPS)
    assert counts(found) == [3, 2, 1]
    assert [(one.value, counts(one)) for one in found.segments] == [("广告", [2, 2, 1]), ("展会", [1, 0, 0])]


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ({"order": "any"}, [3, 2, 1]),
        ({"order": "strict"}, [3, 2, 1]),
        ({"order": "reached"}, [3, 3, 2]),
        ({"window_days": 1.0}, [3, 1, 0]),
        ({"window_days": 2.0, "per_step": True}, [3, 1, 1]),
        ({"window_days": 7.0}, [3, 2, 1]),
    ],
)
def test_orders_and_windows_are_what_they_say(asked, expected):
    assert counts(events({"x": VISITS}, steps=STEPS, **asked)) == expected


def test_a_step_may_have_other_wordings_and_what_is_no_step_is_named():
    found = events({"x": VISITS}, steps=("首页|商品页", "支付"))
    assert counts(found) == [3, 2]
    found = events({"x": VISITS}, steps=("首页", "支付"))
    assert found.unplaced == ("商品页",)
    assert "funnel-unplaced" in [note.code for note in found.notes]


def test_a_named_funnel_knows_what_a_shop_calls_its_steps():
    shop = VISITS.assign(事件=VISITS["事件"].map({"首页": "home", "商品页": "view_item", "支付": "purchase"}))
    found = events({"x": shop}, funnel="shop")
    assert [step.key for step in found.steps][:3] == ["browsed", "viewed", "carted"]
    assert found.steps[0].n == 3


def test_one_table_per_event_and_one_of_the_people_are_joined_by_user():
    people = pd.DataFrame({"user_id": range(1, 9), "device": ["Desktop", "Mobile"] * 4, "date": ["2015-01-01"] * 8})
    pages = {"home_page_table": 8, "search_page_table": 4, "payment_table": 2}
    tables = {name: pd.DataFrame({"user_id": range(1, n + 1), "page": name[:-6]}) for name, n in pages.items()}
    found = events({"user_table": people, **tables}, "device")
    assert found.order == "any"
    assert [(step.key, step.n) for step in found.steps] == [("home_page", 8), ("search_page", 4), ("payment", 2)]
    assert [(one.value, counts(one)) for one in found.segments] == [("Desktop", [4, 2, 1]), ("Mobile", [4, 2, 1])]


def test_tables_without_an_event_column_are_events_by_their_names():
    first = pd.DataFrame({"客户编号": ["1", "2", "3"], "日期": ["2026-01-01"] * 3, "来源": ["甲", "乙", "甲"]})
    second = pd.DataFrame({"客户编号": ["2", "3"], "日期": ["2026-01-05", "2025-12-31"]})
    found = events({"线索表": first, "成交表": second}, "来源")
    assert [(step.key, step.n) for step in found.steps] == [("线索", 3), ("成交", 1)]


def test_users_as_numbers_and_as_texts_are_the_same_people():
    first = pd.DataFrame({"user_id": [1.0, 2.0, None], "event": ["a", "a", "a"]})
    second = pd.DataFrame({"user_id": ["1", " 2 "], "event": ["b", "b"]})
    found = events({"x": first, "y": second})
    assert counts(found) == [2, 2]
    assert [note.code for note in found.notes] == ["funnel-events-nobody"]


def test_an_event_without_a_time_is_counted_as_not_read():
    late = VISITS.assign(时间=VISITS["时间"].where(VISITS["事件"] != "支付"))
    found = events({"x": late}, steps=STEPS)
    assert counts(found) == [3, 2, 0]
    assert [note.count for note in found.notes if note.code == "funnel-events-undated"] == [2]


def test_a_customer_list_and_a_list_of_notes_are_no_events():
    people = pd.DataFrame({"客户编号": ["1", "2", "3"], "阶段": ["报价", "报价", "签约"], "时间": ["2026-01-01"] * 3})
    assert find_events("x", people, VOCABULARY, {}, alone=True) is None
    notes = pd.DataFrame({"user_id": ["1", "1", "2"], "action": ["called him", "wrote her", "met them"]})
    assert find_events("x", notes, VOCABULARY, {}, alone=True) is None


def test_the_three_columns_can_be_named():
    odd = VISITS.rename(columns={"用户ID": "谁", "事件": "做了什么", "时间": "何时"})
    assert find_events("x", odd, VOCABULARY, {}, alone=True) is None
    mapping = {"谁": "id", "做了什么": "stage", "何时": "created_at"}
    assert counts(events({"x": odd}, mapping=mapping)) == [3, 2, 1]


def test_too_many_kinds_of_events_ask_for_steps():
    many = pd.DataFrame({"user_id": [str(n % 9) for n in range(90)], "event": [f"e{n % 30}" for n in range(90)]})
    with pytest.raises(LostDealsError) as stop:
        events({"x": many})
    assert (stop.value.code, stop.value.usage) == ("too-many-steps", True)
    assert counts(events({"x": many}, steps=("e0", "e9"), order="any")) == [3, 3]


def test_without_times_there_is_no_order_to_ask_for():
    with pytest.raises(LostDealsError, match="funnel-needs-moments"):
        events({"x": VISITS.drop(columns="时间")}, order="ordered")


ROWS = st.lists(
    st.tuples(
        st.integers(0, 5), st.sampled_from(["a", "b", "c"]), st.integers(0, 9), st.sampled_from(["x", "y", None])
    ),
    min_size=2,
    max_size=40,
)


@given(rows=ROWS, seed=st.integers(0, 9), order=st.sampled_from(["ordered", "any", "reached"]))
def test_groups_add_up_and_mixing_the_rows_changes_nothing(rows, seed, order):
    table = pd.DataFrame(rows, columns=["user_id", "event", "day", "source"])
    table["user_id"] = table["user_id"].astype(str)
    table["source"] = table.groupby("user_id")["source"].transform("first")  # one of each user
    table["time"] = pd.Timestamp("2026-01-01") + pd.to_timedelta(table.pop("day"), unit="D")
    mapping = {"user_id": "id", "event": "stage", "time": "created_at"}
    asked = {"steps": ("a", "b", "c"), "order": order, "mapping": mapping}
    tables = {"x": table.head(1), "y": table.iloc[1:]}
    found = events(tables, "source", **asked)
    assert counts(found) == sorted(counts(found), reverse=True)
    assert [sum(group) for group in zip(*(counts(one) for one in found.segments), strict=True)] == counts(found)
    shuffled = table.sample(frac=1, random_state=seed)
    mixed = events({"x": shuffled.head(1), "y": shuffled.iloc[1:]}, "source", **asked)
    assert [step.n for step in mixed.steps] == counts(found)
    assert {one.value: counts(one) for one in mixed.segments} == {one.value: counts(one) for one in found.segments}


MESSY = st.lists(
    st.tuples(st.sampled_from(["u1", "u2", "u3", None]), st.sampled_from(["a", "b", "c", "x"]), st.integers(0, 3)),
    min_size=3,
    max_size=30,
)
ASKED = st.sampled_from(
    [
        {"order": "ordered"},
        {"order": "any"},
        {"order": "reached"},
        {"order": "strict"},
        {"order": "ordered", "window_days": 1.0},
        {"order": "strict", "window_days": 1.0, "per_step": True},
        {"order": "any", "window_days": 2.0},
    ]
)


def messy(rows):
    """Days without a time, so that many events are of one moment; some rows name no user."""
    table = pd.DataFrame(rows, columns=["user_id", "event", "day"])
    return table.assign(time=pd.Timestamp("2026-01-01") + pd.to_timedelta(table["day"], unit="D")).drop(columns="day")


def of(table, **asked):
    mapping = {"user_id": "id", "event": "stage", "time": "created_at"}
    return events({"x": table.head(1), "y": table.iloc[1:]}, mapping=mapping, steps=("a", "b", "c"), **asked)


@given(rows=MESSY, seed=st.integers(0, 9), asked=ASKED)
def test_events_of_one_day_mixed_doubled_or_of_nobody_change_nothing(rows, seed, asked):
    rows += [("u1", "a", 0), ("u2", "b", 1)]  # so that there is somebody, and a step
    table = messy(rows)
    found = counts(of(table, **asked))
    assert found == sorted(found, reverse=True)
    assert counts(of(table.sample(frac=1, random_state=seed), **asked)) == found
    assert counts(of(pd.concat([table, table], ignore_index=True), **asked)) == found
    assert counts(of(table[table["user_id"].notna()].reset_index(drop=True), **asked)) == found


@given(rows=MESSY, seed=st.integers(0, 9))
def test_the_steps_that_a_table_shows_do_not_hang_on_the_order_of_its_rows(rows, seed):
    table = messy([*rows, ("u1", "a", 0), ("u1", "b", 1), ("u2", "a", 1)])
    mixed = table.sample(frac=1, random_state=seed).reset_index(drop=True)
    mapping = {"user_id": "id", "event": "stage", "time": "created_at"}
    one, two = (events({"x": some.head(1), "y": some.iloc[1:]}, mapping=mapping) for some in (table, mixed))
    assert [(step.key, step.n) for step in one.steps] == [(step.key, step.n) for step in two.steps]


def test_times_of_several_zones_are_the_moments_they_are(tmp_path, capsys):
    rows = [
        ("u1", "home", "2026-03-01T10:00:00+08:00"),  # 02:00 UTC
        ("u1", "paid", "2026-03-01T03:00:00Z"),
        ("u2", "home", "2026-03-01T10:00:00+00:00"),
        ("u2", "paid", "2026-03-01T17:30:00+08:00"),  # 09:30 UTC, before home
        ("u3", "home", "2026-03-01T23:30:00-05:00"),
        ("u3", "paid", "2026-03-02T05:00:00Z"),
    ]
    table = pd.DataFrame(rows, columns=["user_id", "event", "time"])
    same = table.assign(time=pd.to_datetime(table["time"], utc=True).dt.strftime("%Y-%m-%d %H:%M:%S"))
    steps = []
    for name, one in (("zones.csv", table), ("utc.csv", same)):
        one.to_csv(tmp_path / name, index=False)
        asked = ["--steps", "home,paid", "--order", "ordered", "--json", "--today", "2026-11-20"]
        assert main(["funnel", str(tmp_path / name), *asked]) == 0
        steps.append(json.loads(capsys.readouterr().out)["total"]["steps"])
    assert steps[0] == steps[1]
    assert [step["n"] for step in steps[0]] == [3, 2]
    assert steps[0][1]["median_days"] == pytest.approx(0.75 / 24, abs=1e-4)
