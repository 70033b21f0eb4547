"""Columns by their distinct values."""

import numpy as np
import pandas as pd
import pytest

from lostdeals.distinct import by_distinct, combined, factorized, made_of, remembering


def column(values, name="x"):
    return pd.Series(values, dtype=object, name=name)


def test_a_yes_and_a_one_are_two_values_and_a_blank_is_none():
    codes, distinct = factorized(column([True, 1, None, "1", float("nan"), True]))
    assert codes.tolist() == [0, 1, -1, 2, -1, 0]
    assert [(value, type(value)) for value in distinct] == [(True, bool), (1, int), ("1", str)]


def test_a_column_of_the_same_name_with_other_cells_is_looked_at_anew():
    first, second = column(["a", "b"]), column(["b", "a"])
    assert factorized(first)[1] == ["a", "b"]
    assert factorized(second)[1] == ["b", "a"]
    assert factorized(first)[1] == ["a", "b"]


def test_part_of_a_column_is_another_column():
    whole = column(["a", "b", "c", "b"])
    assert factorized(whole)[0].tolist() == [0, 1, 2, 1]
    assert factorized(whole[:2])[0].tolist() == [0, 1]
    assert factorized(whole[::2])[1] == ["a", "c"]
    assert factorized(whole)[1] == ["a", "b", "c"]


def test_what_is_found_of_a_column_is_let_go_with_its_stage_even_where_that_fails():
    cells = column(["a", "b"])
    assert factorized(cells)[0] is not factorized(cells)[0]
    known = []

    @remembering()
    def stage():
        with remembering():
            known.append(factorized(cells)[0])
        assert factorized(cells)[0] is known[0]
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        stage()
    assert factorized(cells)[0] is not known[0]


def test_a_column_is_worked_on_once_and_anew_where_its_cells_are_others():
    asked = []

    def work(distinct):
        asked.append(list(distinct))
        return len(distinct)

    with remembering():
        for values in (["a", "b", "a"], ["c", None]):
            cells = column(values)
            assert made_of(cells, work)[1] == made_of(cells, work)[1] == len(asked[-1])
    assert asked == [["a", "b"], ["c"]]


def test_each_distinct_value_is_asked_about_once():
    asked = []
    said = by_distinct(column(["a", None, "b", "a"]), lambda value: asked.append(value) or value * 2)
    assert (asked, said.tolist()) == (["a", "b"], ["aa", None, "bb", "aa"])


def test_rows_are_alike_where_all_their_columns_are():
    texts = np.array(["a", None, "a", None, "b"], dtype=object)
    numbers = np.array([1.0, np.nan, 1.0, np.nan, 1.0])
    codes, first = combined([texts, numbers], 5)
    assert (codes.tolist(), first.tolist()) == ([0, 1, 0, 1, 2], [0, 1, 4])


def test_without_columns_all_rows_are_alike():
    codes, first = combined([], 3)
    assert (codes.tolist(), first.tolist()) == ([0, 0, 0], [0])
    assert [len(part) for part in combined([], 0)] == [0, 0]
