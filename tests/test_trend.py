"""Cohorts, what is too young, comparisons of like with like, and mix against rate."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from frames import VOCABULARY, classified
from funnel_frames import funnel, journeys
from lostdeals.analyse.comparison import between, compare_funnels, since
from lostdeals.analyse.funnel_groups import Grouping
from lostdeals.analyse.trend import trend_of
from lostdeals.errors import LostDealsError
from lostdeals.funnels import Asked
from lostdeals.stats.survival import kaplan_meier


def months(rates, n=40, days=20):
    """Customers who came in evenly over months; of each month this share was won, `days` after coming in."""
    rows = []
    for month, rate in enumerate(rates):
        for place in range(n):
            born = pd.Timestamp(2026, 1 + month, 1) + pd.Timedelta(days=place % 28)
            won = int((place + 1) * rate + 1e-9) > int(place * rate + 1e-9)
            rows.append((born, born + pd.Timedelta(days=days) if won else pd.NaT, "won" if won else "open", month))
    frame = classified({"created_at": [row[0] for row in rows], "outcome_class": [row[2] for row in rows]})
    return frame.assign(closed_at=[row[1] for row in rows], updated_at=max(row[0] for row in rows))


def trend(frame, over="month"):
    return trend_of(journeys(frame, over=over), VOCABULARY, Asked(over=over))


def test_a_cohort_without_the_usual_time_is_young_and_not_ranked():
    found = trend(months([0.5, 0.3, 0.4]))
    assert [(one.period, one.n, one.won) for one in found.cohorts] == [
        ("2026-01", 40, 20),
        ("2026-02", 40, 12),
        ("2026-03", 40, 16),
    ]
    assert found.horizon == 20.0
    assert [(one.young, one.rank) for one in found.cohorts] == [(False, 1), (False, 2), (True, None)]


def test_the_estimate_counts_young_customers_only_as_long_as_they_were_watched():
    frame = months([0.5, 0.5])
    frame = frame[~((frame["outcome_class"] == "won") & (frame["closed_at"] > "2026-02-28"))]
    found = trend(frame.reset_index(drop=True))
    last = found.cohorts[-1]
    assert last.estimate is not None
    assert last.estimate > last.rate


def test_without_closing_days_a_cohort_with_many_open_is_young():
    frame = months([0.5, 0.3]).drop(columns="closed_at")
    frame.loc[frame["outcome_class"] == "open", "outcome_class"] = "lost"
    frame.loc[frame.index[-6:], "outcome_class"] = "open"
    found = trend(frame)
    assert found.horizon is None
    assert [(one.young, one.rank) for one in found.cohorts] == [(False, 1), (True, None)]
    assert [note.code for note in found.notes] == ["trend-no-days"]


def test_a_month_in_which_nobody_came_is_there_with_nothing():
    frame = months([0.5, 0.3, 0.4])
    frame = frame[frame["created_at"].dt.month != 2].reset_index(drop=True)
    assert [(one.period, one.n, one.rate) for one in trend(frame).cohorts][1] == ("2026-02", 0, None)


def test_ages_are_blank_where_not_everybody_has_been_watched():
    ages = trend(months([0.5, 0.3, 0.4])).cohorts[0].by_age
    assert ages[0] == 0.5
    assert ages[-1] is None


def test_the_curve_is_kaplan_and_meiers():
    frame = months([0.5, 0.3, 0.4])
    found = trend(frame)
    last = max(frame["closed_at"].max(), frame["created_at"].max())
    happened = (frame["outcome_class"] == "won").to_numpy()
    watched = np.where(happened, 20.0, (last - frame["created_at"]) / pd.Timedelta(days=1))
    expected = kaplan_meier(watched.astype(float), happened)
    assert [point[:2] for point in found.curve] == [(20.0, round(float(1 - expected.survival[0]), 6))]


def test_a_month_that_broke_down_is_marked_with_the_chance_of_a_false_alarm():
    found = trend(months([0.4, 0.42, 0.38, 0.4, 0.41, 0.39, 0.4, 0.05, 0.4], n=200))
    assert [one.period for one in found.cohorts if one.odd] == ["2026-08"]
    assert (found.false_alarm, found.tested) == (0.05, 3)


def test_a_sheet_without_dates_has_no_trend():
    with pytest.raises(LostDealsError, match="trend-needs-dates"):
        trend(classified({"outcome_class": ["won", "lost"]}))


def test_before_and_after_are_followed_for_equally_long():
    found = since(journeys(months([0.5, 0.5, 0.5, 0.5])), VOCABULARY, Asked(since=date(2026, 3, 1)), None)
    assert found.within_days == 20.0
    assert abs(found.final.difference) < 0.02
    assert found.final.p > 0.9
    # without that, the youngest would look worse than they are
    day = pd.Timestamp("2026-04-20")
    frame = months([0.5, 0.5, 0.5, 0.5])
    frame = frame[frame["created_at"] <= day].reset_index(drop=True).assign(updated_at=day)
    late = frame["closed_at"] > day
    frame.loc[late, ["outcome_class", "closed_at"]] = ["open", pd.NaT]
    found = since(journeys(frame), VOCABULARY, Asked(since=date(2026, 3, 1)), None)
    assert found.final.p > 0.9
    assert found.notes[-1].code == "compare-too-young"


def test_too_few_on_a_side_are_not_compared():
    with pytest.raises(LostDealsError, match="nothing-to-compare"):
        since(journeys(months([0.5, 0.5])), VOCABULARY, Asked(since=date(2025, 1, 1)), None)


def test_simpsons_case_is_seen_and_said():
    rows = [("王", "转介绍", 10, 20), ("王", "广告", 8, 80), ("李", "转介绍", 36, 80), ("李", "广告", 1, 20)]
    owner, source, outcome = [], [], []
    for who, where, won, n in rows:
        owner += [who] * n
        source += [where] * n
        outcome += ["won"] * won + ["lost"] * (n - won)
    frame = classified({"owner": owner, "source": source, "outcome_class": outcome})
    found = journeys(frame)
    by = Grouping("source", (found.per_person(frame["source"]),))
    compared = between(found, VOCABULARY, Asked(between=("owner", "王", "李")), found.per_person(frame["owner"]), by)
    mix = compared.mix
    assert compared.final.difference == pytest.approx(37 / 100 - 18 / 100)
    assert mix.simpson
    assert mix.rate < 0 < mix.mix
    assert mix.mix + mix.rate == pytest.approx(compared.final.difference, abs=1e-6)
    assert all(part.rate_after < part.rate_before for part in mix.parts)


def test_two_funnels_of_the_same_steps_are_compared_step_by_step():
    one = funnel(months([0.5]))
    two = funnel(months([0.25]))
    found = compare_funnels(one, two, ("上月", "本月"))
    assert [(change.n_before, change.n_after) for change in found.changes] == [(40, 40), (20, 10)]
    assert found.final.difference == -0.25
    assert found.final.ci[0] < -0.25 < found.final.ci[1]
