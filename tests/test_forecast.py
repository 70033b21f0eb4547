"""Forecasts: right on made-up processes whose truth is known, honest where nothing can be said."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest
from openpyxl import load_workbook

from frames import VOCABULARY, classified
from funnel_frames import journeys
from lostdeals.analyse.deals import deals_of
from lostdeals.analyse.forecast import forecast_of
from lostdeals.cli import main
from lostdeals.vocab import Words
from lostdeals.write.forecast_book import write_forecast_book
from lostdeals.write.forecast_charts import forecast_pictures, write_forecast_charts
from lostdeals.write.forecast_facts import forecast_fact

START = pd.Timestamp("2025-01-01")


def process(seed, days=400, per_day=2.0, rate=0.3, mean=25.0, amount=None):
    """Customers who come in at a steady pace; a share is won after exponential days, the others are lost later on."""
    generator = np.random.default_rng(seed)
    born = np.sort(generator.uniform(0, days, generator.poisson(days * per_day)))
    won = generator.random(len(born)) < rate
    closed = born + generator.exponential(np.where(won, mean, 2 * mean))
    seen = closed <= days
    outcome = np.where(~seen, "open", np.where(won, "won", "lost"))
    frame = classified({"outcome_class": outcome.tolist(), "stage_class": ["initial"] * len(born)})
    frame = frame.assign(
        created_at=START + pd.to_timedelta(born, unit="D"),
        closed_at=pd.Series(START + pd.to_timedelta(closed, unit="D")).where(seen),
        updated_at=START + pd.Timedelta(days=days),
    )
    if amount is not None:
        frame["amount"] = float(amount)
    return frame, int((won & (closed > days) & (closed <= days + 60)).sum())


def test_the_interval_holds_what_happens_about_as_often_as_it_says():
    inside, misses, n = 0, [], 24
    for seed in range(n):
        frame, from_open = process(seed)
        found = forecast_of(journeys(frame), 60)
        truth = from_open + np.random.default_rng(seed + 1000).poisson(2.0 * 0.3 * (60 - 25 * (1 - np.exp(-60 / 25))))
        inside += found.low <= truth <= found.high
        misses.append(found.expected - truth)
    assert inside >= n * 0.75
    assert abs(np.mean(misses)) < 4  # of about 35


def test_the_forecast_is_tried_on_earlier_windows_with_what_was_known_then():
    frame, _ = process(3)
    found = forecast_of(journeys(frame), 60)
    assert [one.day.isoformat() for one in found.backtest][:2] == ["2025-12-07", "2025-10-08"]
    day = pd.Timestamp(found.backtest[0].day)
    later = frame["closed_at"].between(day + pd.Timedelta(seconds=1), day + pd.Timedelta(days=60))
    assert found.backtest[0].actual == int((later & (frame["outcome_class"] == "won")).sum())
    known = frame[frame["created_at"] <= day].copy()
    hidden = known["closed_at"] > day
    known.loc[hidden, "outcome_class"] = "open"
    known.loc[hidden, "closed_at"] = pd.NaT
    then = forecast_of(journeys(known.assign(updated_at=day).reset_index(drop=True)), 60)
    assert found.backtest[0].expected == pytest.approx(then.expected, rel=0.03)


def test_amounts_and_velocity_are_of_the_won():
    found = forecast_of(journeys(process(4, amount=1000.0)[0]), 60)
    assert found.expected_amount == pytest.approx(1000 * found.expected, rel=1e-4)
    assert found.amount_from == "own"
    speed = found.velocity
    assert speed.per_day == pytest.approx(speed.n * 1000 * speed.win_rate / speed.days, rel=1e-3)


def test_the_same_sheet_gives_the_same_forecast():
    frame = process(5)[0]
    assert forecast_of(journeys(frame), 60) == forecast_of(journeys(frame), 60)


def log():
    """A log in which customers in 报价 win and customers in 沟通 rarely do."""
    generator = np.random.default_rng(2)
    rows = []
    for number in range(600):
        born = generator.uniform(0, 360)
        rows.append((number, "沟通", born, "open"))
        if generator.random() < 0.5:
            quoted = born + generator.exponential(10)
            rows.append((number, "报价", quoted, "open"))
            end = quoted + generator.exponential(15)
            rows.append((number, *(("签约", end, "won") if generator.random() < 0.6 else ("输单", end, "lost"))))
        elif generator.random() < 0.9:
            rows.append((number, "输单", born + generator.exponential(20), "lost"))
    rows = [row for row in rows if row[2] <= 365]
    return classified(
        {
            "id": [f"D{row[0]}" for row in rows],
            "stage": [row[1] for row in rows],
            "outcome_class": [row[3] for row in rows],
            "created_at": [START + pd.Timedelta(days=row[2]) for row in rows],
        }
    )


def test_customers_further_on_are_expected_to_win_more_often():
    found = forecast_of(journeys(log()), 30)
    by_step = {one.step: one for one in found.by_stage}
    assert by_step["报价"].expected / by_step["报价"].n > 2 * by_step["沟通"].expected / by_step["沟通"].n
    assert by_step["报价"].rate_ever == pytest.approx(0.6, abs=0.1)
    assert found.stage_weighted == pytest.approx(sum(one.n * one.rate_ever for one in found.by_stage), abs=0.01)
    assert sum(one.expected for one in found.by_stage) == pytest.approx(found.from_open, abs=0.01)


def test_without_the_stage_of_the_lost_there_is_no_stage_weight():
    frame, _ = process(6)
    frame.loc[frame["outcome_class"] == "lost", "stage_class"] = None
    found = forecast_of(journeys(frame), 60)
    assert found.stage_weighted is None
    assert found.expected > 0


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda frame: frame.drop(columns=["created_at"]), "no-dates"),
        (lambda frame: frame.drop(columns=["closed_at"]), "no-closing-days"),
        (lambda frame: frame[frame["outcome_class"] != "won"].reset_index(drop=True), "few-won"),
    ],
)
def test_what_cannot_be_forecast_is_said_with_its_reason(change, code):
    found = forecast_of(journeys(change(process(7)[0])), 60)
    assert (found.verdict, found.expected, found.low) == (code, None, None)


def test_a_history_shorter_than_two_horizons_is_not_enough():
    assert forecast_of(journeys(process(8)[0]), 300).verdict == "short-history"


def test_an_expected_closing_day_of_an_open_customer_is_no_closing():
    frame, _ = process(9)
    is_open = frame["outcome_class"] == "open"
    frame.loc[is_open, "closed_at"] = START + pd.Timedelta(days=390)
    assert deals_of(journeys(frame)).closed[is_open.to_numpy()].min() == float("inf")


def test_nobody_new_for_weeks_is_said():
    frame, _ = process(10)
    frame = frame[frame["created_at"] < START + pd.Timedelta(days=370)].reset_index(drop=True)
    assert "forecast-no-new" in [note.code for note in forecast_of(journeys(frame), 60).notes]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_forecast_has_a_workbook_and_charts_of_the_same_figures(lang, tmp_path):
    found = forecast_of(journeys(process(3)[0]), 60)
    said = Words(VOCABULARY, lang)
    path = write_forecast_book(found, said, "sales", tmp_path / "f.xlsx", date(2026, 11, 20))
    book = load_workbook(path)
    assert book.sheetnames == [said.say(f"sheet.{key}") for key in ("forecast", "by_stage", "backtest")]
    lines = list(book.worksheets[0].iter_rows(min_row=3, max_col=4, values_only=True))
    assert lines[0][1:] == (found.expected, found.low, found.high)
    tried = list(book.worksheets[2].iter_rows(min_row=3, max_col=7, values_only=True))
    assert [(line[0].date(), line[1], line[4]) for line in tried] == [
        (one.day, one.expected, one.actual) for one in found.backtest
    ]
    pictures = forecast_pictures(found, said, "sales")
    assert f"{found.expected:,.0f}" in pictures[0].title
    made = write_forecast_charts(found, said, "sales", tmp_path / "charts")
    assert [one.name for one in made] == [f"{place:02d}_{one.name}.png" for place, one in enumerate(pictures, start=1)]


def test_a_sheet_that_cannot_be_forecast_gets_a_workbook_with_the_reason_and_no_chart(tmp_path):
    frame, _ = process(3)
    found = forecast_of(journeys(frame.drop(columns="closed_at")), 60)
    said = Words(VOCABULARY, "en")
    book = load_workbook(write_forecast_book(found, said, "sales", tmp_path / "f.xlsx", date(2026, 11, 20)))
    texts = [cell for row in book.worksheets[0].iter_rows(values_only=True) for cell in row if cell]
    assert any(text.startswith("cannot be forecast from this sheet") for text in texts)
    assert forecast_pictures(found, said, "sales") == []


def test_a_forecast_that_is_not_proven_says_so_in_its_title():
    found = forecast_of(journeys(process(3)[0]), 60)
    titles = {
        verdict: forecast_fact(replace(found, verdict=verdict), Words(VOCABULARY, "en")).sentence
        for verdict in ("proven", "no-better", "unproven")
    }
    assert [title.endswith("a rough guess") for title in titles.values()] == [False, True, True]


def test_lost_customers_without_a_closing_day_are_lost_on_the_day_they_were_last_heard_of():
    frame, _ = process(3)
    dated = forecast_of(journeys(frame), 60)
    lost = frame["outcome_class"] == "lost"
    silent = frame.assign(
        closed_at=frame["closed_at"].where(~lost), last_contact_at=frame["closed_at"].where(lost), updated_at=pd.NaT
    )
    silent["updated_at"] = pd.to_datetime(silent["updated_at"])
    silent.loc[silent.index[~lost][-1], "last_contact_at"] = frame["updated_at"].iloc[0]
    found = forecast_of(journeys(silent), 60)
    assert found.expected == pytest.approx(dated.expected, rel=0.02)
    assert [(one.code, one.count) for one in found.notes] == [("forecast-by-last-contact", int(lost.sum()))]


def test_a_sheet_that_dates_only_the_won_is_not_forecast_by_them_alone():
    frame, _ = process(3)
    lost = frame["outcome_class"] == "lost"
    only_won = frame.assign(closed_at=frame["closed_at"].where(~lost)).drop(columns="updated_at")
    found = forecast_of(journeys(only_won), 60)
    assert (found.verdict, found.expected) == ("lost-undated", None)


def test_where_nobody_is_lost_no_win_rate_is_made_up():
    frame, _ = process(3)
    frame.loc[frame["outcome_class"] == "lost", ["outcome_class", "closed_at"]] = ["open", pd.NaT]
    found = forecast_of(journeys(frame), 60)
    assert (found.velocity, found.stage_weighted, found.lost) == (None, None, 0)
    assert all(one.rate_ever is None for one in found.by_stage)


def test_a_day_of_winning_and_one_of_losing_in_two_columns_are_both_closing_days(tmp_path, capsys):
    frame, _ = process(3)
    table = pd.DataFrame(
        {
            "Deal - Status": frame["outcome_class"],
            "Deal - Deal created": frame["created_at"].dt.strftime("%Y-%m-%d %H:%M:%S"),
            "Deal - Won time": frame["closed_at"].where(frame["outcome_class"] == "won").dt.strftime("%Y-%m-%d"),
            "Deal - Lost time": frame["closed_at"].where(frame["outcome_class"] == "lost").dt.strftime("%Y-%m-%d"),
            "Person - Name": [f"Person {number}" for number in range(len(frame))],
        }
    )
    table.to_csv(tmp_path / "deals.csv", index=False)
    assert main(["forecast", str(tmp_path / "deals.csv"), "--horizon", "60d", "--json", "--today", "2026-02-05"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["velocity"]["win_rate"] == pytest.approx(
        (frame["outcome_class"] == "won").sum() / frame["outcome_class"].isin(["won", "lost"]).sum(), abs=1e-4
    )
    assert found["backtest"]["windows"]
