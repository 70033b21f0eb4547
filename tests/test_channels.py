"""Channels: what they brought and cost, joined over the days that both sheets cover."""

import pandas as pd
import pytest

from frames import VOCABULARY, classified
from funnel_frames import journeys, options
from lostdeals.analyse.channels import channels_of
from lostdeals.errors import LostDealsError
from lostdeals.pipeline.plain_tables import read_spend


def people():
    return classified(
        {
            "source": ["广告"] * 20 + ["展会"] * 10 + [None] * 2,
            "campaign": ["春季"] * 12 + ["秋季"] * 8 + [None] * 12,
            "outcome_class": ["won"] * 4 + ["lost"] * 10 + ["open"] * 6 + ["won"] * 5 + ["lost"] * 5 + ["open"] * 2,
            "created_at": ["2026-03-10"] * 15 + ["2026-05-02"] * 5 + ["2026-03-20"] * 10 + ["2026-03-21"] * 2,
            "amount": [100.0] * 32,
        }
    )


def channels(tmp_path=None, text=None, frame=None, by=None, costs=None):
    frame = people() if frame is None else frame
    found = journeys(frame)
    values = {role: found.per_person(frame[role]) for role in ("source", "campaign") if role in frame}
    spend = None
    if text is not None:
        (tmp_path / "spend.csv").write_text(text, encoding="utf-8")
        spend = read_spend(tmp_path / "spend.csv", VOCABULARY, options(), "zh")
    return channels_of(found, values, costs, spend, VOCABULARY, by)


def rows(found):
    return {row.value: row for row in found.rows}


def test_without_costs_there_is_conversion_and_worth():
    found = channels()
    assert (found.by, found.cost_from) == ("source", "none")
    one = rows(found)["广告"]
    assert (one.n, one.won, one.lost, one.open, one.rate, one.worth) == (20, 4, 10, 6, 0.2, 400.0)
    assert (one.closed_rate, one.cost, one.per_win) == (4 / 14, None, None)
    assert [row.value for row in found.rows] == ["广告", "展会", "unknown"]


def test_costs_of_a_month_are_joined_by_source_over_the_days_both_cover(tmp_path):
    text = '渠道,月份,花费\n广告,2026-03-01,"1,200"\n展会,2026-03-01,500\n抖音,2026-03-01,80\n广告,2026-02-01,999\n'
    found = channels(tmp_path, text)
    one = rows(found)["广告"]
    assert (one.n, one.won, one.cost, one.per_lead, one.per_win) == (15, 4, 1200.0, 80.0, 300.0)
    assert rows(found)["展会"].per_win == 100.0
    assert (rows(found)["抖音"].n, rows(found)["抖音"].cost) == (0, 80.0)
    notes = {note.code: note.count for note in found.notes}
    assert notes == {"spend-outside": 1, "customers-outside": 5, "spend-without-customers": 1}
    assert [day.isoformat() for day in found.period] == ["2026-03-10", "2026-03-31"]


def test_the_cost_per_win_has_the_interval_of_its_rate(tmp_path):
    one = rows(channels(tmp_path, "source,cost\n广告,1000\n"))["广告"]
    assert one.per_win_ci[0] < one.per_win == 250.0 < one.per_win_ci[1]
    assert one.returned == 0.4


def test_costs_by_campaign_are_shown_by_campaign(tmp_path):
    found = channels(tmp_path, "广告系列,花费\n春季,300\n秋季,100\n")
    assert found.by == "campaign"
    assert {name: row.cost for name, row in rows(found).items()} == {"春季": 300.0, "秋季": 100.0, "unknown": None}


def test_names_are_compared_without_case_and_width(tmp_path):
    frame = people().assign(source=["Google Ads"] * 32)
    assert rows(channels(tmp_path, "source,cost\nｇｏｏｇｌｅ  ads,50\n", frame))["Google Ads"].cost == 50.0


def test_the_sheets_own_costs_are_added():
    found = channels(costs=pd.Series([10.0] * 32))
    assert (found.cost_from, rows(found)["广告"].cost, rows(found)["广告"].per_lead) == ("sheet", 200.0, 10.0)


def test_costs_of_other_days_are_not_joined(tmp_path):
    found = channels(tmp_path, "source,date,cost\n广告,2024-01-05,50\n广告,2024-01-06,50\n")
    assert [note.code for note in found.notes] == ["spend-other-days"]
    assert found.period is None


def test_a_file_without_costs_and_a_sheet_without_channels_are_errors(tmp_path):
    with pytest.raises(LostDealsError, match="no-spend"):
        channels(tmp_path, "名称,城市\n甲,上海\n")
    with pytest.raises(LostDealsError) as stop:
        channels(tmp_path, "source,cost\n广告,5\n", people().drop(columns=["source", "campaign"]))
    assert (stop.value.code, stop.value.usage) == ("no-channel", True)


def test_channels_add_up_to_all_customers():
    found = channels()
    assert sum(row.n for row in found.rows) == 32
    assert sum(row.won for row in found.rows) == 9
