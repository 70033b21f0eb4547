"""Rows that repeat another row with shifted numbers share a fold; rows that are alike by chance do not."""

import numpy as np
import pandas as pd
import pytest

from lostdeals.score.closed import Closed, apart
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.twins import with_twins


def customers(n, seed=0):
    """Customers of a shop for machines: places, sizes, amounts and visits that go together a little."""
    rng = np.random.default_rng(seed)
    city = rng.choice(["苏州", "杭州", "宁波", "无锡", "南京"], n)
    amount = rng.lognormal(10, 1, n) * np.where(city == "苏州", 2, 1)
    return pd.DataFrame(
        {
            "city": city,
            "source": rng.choice(["展会", "广告", "转介绍", None], n),
            "model": rng.choice([f"型号{number}" for number in range(12)], n),
            "amount": amount.round(),
            "visits": rng.poisson(4, n).astype(float),
        }
    )


def test_a_sheet_whose_second_half_repeats_its_first_with_shifted_numbers_is_put_together():
    first = customers(400)
    both = pd.concat([first, first.assign(amount=first["amount"] * 1.03)], ignore_index=True)
    groups = with_twins(both, np.arange(800), seed=7)
    together = groups[:400] == groups[400:]
    assert together.mean() > 0.95
    won = np.random.default_rng(1).random(800) < 0.4
    folds = grouped_folds(won, groups, 5, seed=0)
    assert (folds[:400] == folds[400:])[together].all()


def test_different_customers_stay_apart():
    groups = with_twins(customers(800), np.arange(800), seed=7)
    assert len(set(groups)) == 800


@pytest.mark.parametrize("levels", [2, 3])
def test_a_sheet_of_few_common_values_has_many_equal_rows_by_chance_and_stays_apart(levels):
    rng = np.random.default_rng(3)
    rows = pd.DataFrame({name: rng.choice(list("甲乙丙")[:levels], 1000) for name in ("a", "b", "c", "d")})
    assert len(set(with_twins(rows, np.arange(1000), seed=7))) == 1000


def test_columns_that_say_the_same_do_not_make_twins():
    rng = np.random.default_rng(4)
    city = rng.choice(["苏州", "杭州", "宁波"], 900)
    same = {"province": pd.Series(city).map({"苏州": "江苏", "杭州": "浙江", "宁波": "浙江"}), "office": city + "店"}
    rows = pd.DataFrame({"city": city, **same, "visits": rng.poisson(3, 900).astype(float)})
    assert len(set(with_twins(rows, np.arange(900), seed=7))) == 900


def test_marked_duplicates_stay_together_and_take_their_twins_along():
    first = customers(300)
    both = pd.concat([first, first], ignore_index=True)
    known = np.arange(600)
    known[1] = known[0]
    groups = with_twins(both, known, seed=7)
    assert groups[0] == groups[1] == groups[300] == groups[301]


def test_twins_are_counted_once_as_customers_and_named_in_number():
    first = customers(300)
    both = pd.concat([first, first], ignore_index=True)
    won = np.tile(np.random.default_rng(5).random(300) < 0.3, 2)
    closed = Closed(np.ones(600, dtype=bool), won, np.arange(600), int(won.sum()), int((~won).sum()))
    found = apart(both, closed, seed=7)
    assert found.twins == 600
    assert found.won_customers == won.sum() / 2
    assert apart(first, Closed(np.ones(300, dtype=bool), won[:300], np.arange(300), 1, 1), seed=7).twins == 0


def test_missing_numbers_and_columns_without_a_value_are_no_obstacle():
    rows = customers(200).assign(gone=np.nan)
    rows.loc[:50, "amount"] = np.nan
    both = pd.concat([rows, rows], ignore_index=True)
    assert len(set(with_twins(both, np.arange(400), seed=7))) <= 200


def test_a_sheet_with_two_columns_or_hardly_a_row_says_nothing_about_twins():
    rows = pd.DataFrame({"a": ["x", "y"] * 50, "b": ["u", "v"] * 50})
    assert (with_twins(rows, np.arange(100), seed=7) == np.arange(100)).all()
    assert (with_twins(customers(5), np.arange(5), seed=7) == np.arange(5)).all()
