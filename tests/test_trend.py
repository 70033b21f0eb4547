"""Cohorts, what is too young, comparisons of like with like, and mix against rate."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from statsmodels.duration.survfunc import SurvfuncRight

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


def steady(seed, n=300, rates=(0.25, 0.25), mean=12.0):
    """Customers of two halves of a year, won at these rates after exponential days; what lies ahead of the last day is open."""
    generator = np.random.default_rng(seed)
    born = pd.Series(pd.Timestamp("2026-01-01") + pd.to_timedelta(np.sort(generator.uniform(0, 180, n)), unit="D"))
    rate = np.where(born < pd.Timestamp("2026-04-01"), *rates)
    closed = born + pd.Series(pd.to_timedelta(generator.exponential(mean, n), unit="D"))
    seen = (generator.random(n) < rate) & (closed <= pd.Timestamp("2026-06-30"))
    frame = classified({"created_at": born.tolist(), "outcome_class": np.where(seen, "won", "open").tolist()})
    return frame.assign(closed_at=closed.where(seen), updated_at=pd.Timestamp("2026-06-30"))


def test_before_and_after_a_day_on_which_nothing_changed_seldom_differ():
    asked, n = Asked(since=date(2026, 4, 1)), 200
    found = [since(journeys(steady(seed)), VOCABULARY, asked, None).final for seed in range(n)]
    alarms = np.mean([one.p < 0.05 for one in found])
    assert alarms <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / n)
    covered = np.mean([one.ci[0] <= 0 <= one.ci[1] for one in found])
    assert covered >= 0.95 - 2 * np.sqrt(0.05 * 0.95 / n)


def test_before_and_after_a_day_that_changed_much_differ():
    asked = Asked(since=date(2026, 4, 1))
    found = [since(journeys(steady(seed, rates=(0.4, 0.15))), VOCABULARY, asked, None).final for seed in range(20)]
    assert np.mean([one.p < 0.05 and one.difference < 0 for one in found]) >= 0.9


def test_the_estimate_of_a_cohort_is_kaplan_and_meiers_within_the_usual_time():
    frame = steady(3)
    found = trend(frame)
    last = max(frame["updated_at"].max(), frame["closed_at"].max())
    for one in found.cohorts:
        mine = frame[frame["created_at"].dt.strftime("%Y-%m") == one.period]
        won = (mine["outcome_class"] == "won").to_numpy()
        days = (mine["closed_at"].where(won, last) - mine["created_at"]) / pd.Timedelta(days=1)
        expected = SurvfuncRight(days.to_numpy(), won.astype(int))
        within = expected.surv_times <= found.horizon
        if one.estimate is None:
            assert days.max() < found.horizon
        else:
            assert one.estimate == pytest.approx(1 - expected.surv_prob[within][-1], abs=1e-5)


def test_periods_that_differ_by_chance_are_not_called_different():
    assert trend(months([0.4, 0.42, 0.38, 0.4, 0.4])).alike > 0.5
    assert trend(months([0.6, 0.62, 0.1, 0.4, 0.4], n=100)).alike < 0.001
    assert trend(months([0.5])).alike is None


def test_a_falling_rate_is_said_to_fall_and_an_older_period_has_no_head_start():
    falling = trend(months([0.6, 0.5, 0.4, 0.3, 0.2, 0.2]))
    assert (falling.falling, falling.drift < 0.001) == (True, True)
    assert trend(months([0.4, 0.42, 0.38, 0.4, 0.4])).drift > 0.5
    late = months([0.4, 0.4, 0.4, 0.4])  # some of the first month come in again, months later
    early = late.index[(late["created_at"].dt.month == 1) & (late["outcome_class"] == "open")][:3]
    late.loc[early, "outcome_class"] = "won"
    late.loc[early, "closed_at"] = late.loc[early, "created_at"] + pd.Timedelta(days=85)
    found = trend(late)
    assert found.cohorts[0].won == 19
    assert found.drift == pytest.approx(1.0)


def test_one_late_win_among_the_last_who_are_watched_is_not_half_of_everybody():
    frame = months([0.5, 0.3, 0.4])
    frame.loc[0, "outcome_class"] = "won"
    frame.loc[0, "closed_at"] = frame["updated_at"].max() + pd.Timedelta(days=20)
    frame.loc[0, "created_at"] = frame["created_at"].min() - pd.Timedelta(days=60)
    curve = trend(frame).curve
    assert curve[-1][1] < 0.5
    assert curve[-1][0] <= 90
