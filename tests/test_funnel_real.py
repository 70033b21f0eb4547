"""Real sheets beside the project: the funnel's counts against a plain group-by of the same file, made independently."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from lostdeals.cli import main

DATA = Path(__file__).parents[2] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the real sheets are not here")

LOG = "bi-sales-funnel/funnel_stage_history.csv"
ORDER = ["New", "Attempted", "Working", "Contacted", "Qualified", "SQL", "Demo Completed", "Proposal", "Closed Won"]


def printed(capsys, *argv):
    code = main([str(word) for word in argv])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return json.loads(out)


def funnel(capsys, name, *more):
    return printed(capsys, "funnel", DATA / name, "--json", "--today", "2026-09-01", *more)


@pytest.fixture(scope="module")
def log():
    table = pd.read_csv(DATA / LOG)
    return table.assign(entered_at=pd.to_datetime(table["entered_at"]))


def test_a_stage_log_counts_as_a_group_by_does(capsys, log):
    steps = funnel(capsys, LOG)["total"]["steps"]
    assert [step["step"] for step in steps] == ORDER
    seen = log.groupby("stage")["lead_id"].nunique()
    assert [step["entered"] for step in steps] == seen[ORDER].tolist()
    furthest = log["stage"].map({stage: place for place, stage in enumerate(ORDER)}).groupby(log["lead_id"]).max()
    assert [step["n"] for step in steps] == [int((furthest >= place).sum()) for place in range(len(ORDER))]


def test_a_stage_log_in_order_counts_as_a_walk_through_it_does(capsys, log):
    steps = funnel(capsys, LOG, "--steps", "New,Contacted,Qualified,SQL", "--order", "ordered")["total"]["steps"]
    times = log.pivot_table(index="lead_id", columns="stage", values="entered_at", aggfunc="min")
    alive, last, expected = times["New"].notna(), times["New"], []
    for stage in ("New", "Contacted", "Qualified", "SQL"):
        alive = alive & times[stage].notna() & (times[stage] >= last)
        last = times[stage]
        expected.append(int(alive.sum()))
    assert [step["n"] for step in steps] == expected


def test_a_window_counts_those_who_were_quick(capsys, log):
    steps = funnel(capsys, LOG, "--steps", "New,Qualified", "--order", "ordered", "--window", "5d")["total"]["steps"]
    times = log.pivot_table(index="lead_id", columns="stage", values="entered_at", aggfunc="min")
    took = times["Qualified"] - times["New"]
    quick = (took >= pd.Timedelta(0)) & (took <= pd.Timedelta(days=5))
    assert [step["n"] for step in steps] == [int(times["New"].notna().sum()), int(quick.sum())]


def test_times_between_stages_are_those_of_the_log(capsys, log):
    steps = funnel(capsys, LOG)["total"]["steps"]
    times = log.pivot_table(index="lead_id", columns="stage", values="entered_at", aggfunc="min")
    took = (times["SQL"] - times["Qualified"]).dropna() / pd.Timedelta(days=1)
    took = took[took >= 0]
    (sql,) = [step for step in steps if step["step"] == "SQL"]
    assert sql["timed"] == len(took)
    expected = np.quantile(took, [0.5, 0.75, 0.9])
    assert [sql["median_days"], sql["p75_days"], sql["p90_days"]] == pytest.approx(expected, abs=1e-4)


def test_a_stage_log_by_owner_adds_up(capsys, log):
    found = funnel(capsys, LOG, "--by", "owner")
    first = log.groupby("lead_id")["owner_rep_id"].first().value_counts()
    assert {one["value"]: one["steps"][0]["n"] for one in found["segments"]} == first.to_dict()
    sums = [sum(one["steps"][place]["n"] for one in found["segments"]) for place in range(len(ORDER))]
    assert sums == [step["n"] for step in found["total"]["steps"]]


def test_the_four_stages_of_the_same_log(capsys, log):
    steps = funnel(capsys, LOG, "--funnel", "sales")["total"]["steps"]
    assert [step["step"] for step in steps] == ["initial", "interest", "in_depth", "decision", "won"]
    won = log.loc[log["stage"] == "Closed Won", "lead_id"].nunique()
    assert (steps[0]["n"], steps[-1]["n"]) == (log["lead_id"].nunique(), won)


def test_cohorts_by_month_are_a_group_by_of_the_first_day(capsys, log):
    found = funnel(capsys, LOG, "--over", "month")["trend"]
    born = log.groupby("lead_id")["entered_at"].min().dt.strftime("%Y-%m")
    won = set(log.loc[log["stage"] == "Closed Won", "lead_id"])
    expected = {month: (len(ids), len(won & set(ids))) for month, ids in born.groupby(born).groups.items()}
    assert {one["period"]: (one["n"], one["finished"]) for one in found["cohorts"]} == expected


def test_leads_and_deals_in_two_files_by_origin(capsys):
    leads = pd.read_csv(DATA / "olist/olist_marketing_qualified_leads_dataset.csv")
    deals = pd.read_csv(DATA / "olist/olist_closed_deals_dataset.csv")
    found = funnel(
        capsys,
        "olist/olist_marketing_qualified_leads_dataset.csv",
        *("--with", DATA / "olist/olist_closed_deals_dataset.csv", "--by", "origin", "--order", "reached"),
        *("--map", "mql_id=id", "--map", "first_contact_date=created_at", "--map", "won_date=created_at"),
    )
    assert [step["n"] for step in found["total"]["steps"]] == [len(leads), len(deals)]
    both = leads.assign(won=leads["mql_id"].isin(deals["mql_id"]))
    by = both.groupby(both["origin"].fillna("unknown"))["won"].agg(["size", "sum"])
    counted = {one["value"]: [step["n"] for step in one["steps"]] for one in found["segments"]}
    assert counted == {origin: [int(row["size"]), int(row["sum"])] for origin, row in by.iterrows()}


def test_dated_stages_of_a_chinese_sheet(capsys):
    table = pd.read_csv(DATA / "zh-convertiq/sample_lead_followup.csv")
    found = funnel(capsys, "zh-convertiq/sample_lead_followup.csv")
    columns = [column for column in table if column.endswith("_time")]
    assert found["input"] == "dated-stages"
    assert [step["n"] for step in found["total"]["steps"]] == table[columns].notna().sum().tolist()
    quote = (pd.to_datetime(table["quote_time"]) - pd.to_datetime(table["inspection_done_time"])).median()
    assert found["total"]["steps"][3]["median_days"] == pytest.approx(quote / pd.Timedelta(days=1), abs=1e-4)


def test_a_crms_stage_history_of_codes_with_one_row_each_is_no_history(capsys):
    path = "crm-exports/hubspot/deal_stage_data.csv"
    table = pd.read_csv(DATA / path)
    codes = table["value"].value_counts()
    found = funnel(
        capsys,
        path,
        *("--map", "deal_id=id", "--map", "value=stage", "--map", "date_entered=created_at"),
        *("--steps", ",".join(codes.index[:2])),
    )
    assert table["deal_id"].is_unique
    assert (found["input"], found["semantics"]) == ("current-stage", "reached-at-least")
    assert [step["n"] for step in found["total"]["steps"]] == [len(table), codes.iloc[1]]
    assert found["unplaced"] == codes.index[2:].tolist()


def test_a_crms_history_of_opportunities_with_one_row_each_tells_who_won_and_no_stage(capsys):
    path = "crm-exports/salesforce/sf_opportunity_history_data.csv"
    table = pd.read_csv(DATA / path)
    assert table["id"].is_unique  # the versions before were cut off, and the names of the stages are scrambled
    found = funnel(capsys, path)
    assert (found["input"], found["semantics"]) == ("current-stage", "reached-at-least")
    last = table.sort_values("_fivetran_start").groupby("id").last()
    assert [step["n"] for step in found["total"]["steps"]] == [len(last), int(last["is_won"].sum())]
    assert [one["code"] for one in found["findings"]] == ["funnel-no-stages"]


def test_present_stages_of_a_salesforce_sheet_open_no_band_they_cannot_know(capsys):
    found = funnel(capsys, "crm-exports/salesforce-mock/opportunities.csv")
    table = pd.read_csv(DATA / "crm-exports/salesforce-mock/opportunities.csv")
    assert found["semantics"] == "reached-at-least"
    assert found["total"]["steps"][0]["n"] == len(table)


def test_the_lost_of_a_sheet_without_their_stage_open_a_band(capsys):
    found = funnel(capsys, "maven-crm/sales_pipeline.csv")
    table = pd.read_csv(DATA / "maven-crm/sales_pipeline.csv")
    lost = int((table["deal_stage"] == "Lost").sum())
    steps = found["total"]["steps"]
    assert all(step["high"] - step["low"] == lost for step in steps[1:-1])
    assert steps[-1]["n"] == int((table["deal_stage"] == "Won").sum())


def test_a_forecast_of_a_real_sheet_beats_last_times_figure(capsys):
    found = printed(capsys, "forecast", DATA / LOG, "--horizon", "30d", "--json", "--today", "2026-08-10")
    table = pd.read_csv(DATA / LOG)
    when = pd.to_datetime(table.loc[table["stage"] == "Closed Won"].groupby("lead_id")["entered_at"].min())
    window = found["backtest"]["windows"][1]
    start = pd.Timestamp(pd.to_datetime(table["entered_at"]).max()) - pd.Timedelta(days=60)
    assert window["actual"] == int(((when > start) & (when <= start + pd.Timedelta(days=30))).sum())
    assert found["backtest"]["error"] < found["backtest"]["naive_error"]
