"""Columns by their distinct values."""

import numpy as np
import pandas as pd
import pytest

from lostdeals.distinct import (
    alike,
    any_filled,
    by_distinct,
    combined,
    factorized,
    filled,
    made_of,
    one_object,
    remembering,
)


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


def shuffled(values, times=50):
    return np.array(
        [value for place in range(times) for value in values[place % 3 :] + values[: place % 3]], dtype=object
    )


def test_few_objects_are_told_apart_by_where_they_lie_as_they_are_by_their_values():
    equal = "".join(["a", "b"])
    for values in (
        ["a", None, "b"],
        ["ab", equal, None],
        [True, 1, 1.0],
        [float("nan"), None, "x"],
        [(1, 2), "a", "b"],
    ):
        array = shuffled(values)
        codes, objects = alike(array)
        assert all(one is other for one, other in zip(objects[codes], array, strict=True))
        expected_codes, expected = pd.factorize(array)
        found = by_distinct(column(array), lambda value: (value,))
        assert found.tolist() == [(expected[code],) if code >= 0 else None for code in expected_codes]
        codes, distinct = factorized(column(array))
        assert [type(distinct[code]) for code in codes if code >= 0] == [type(cell) for cell in array if pd.notna(cell)]


def test_cells_that_have_their_own_object_each_are_not_looked_at_so():
    assert alike(np.array([f"{place}" for place in range(3_000)], dtype=object)) is None
    assert alike(np.arange(3_000) / 7) is None
    assert alike(np.empty(0, dtype=object)) is None
    assert alike(shuffled(["a", "b", "c"])[::2]) is None


def test_a_column_whose_first_cells_alone_are_few_is_found_out():
    assert alike(np.array(["a"] * 1_000 + [f"{place}" for place in range(3_000)], dtype=object)) is None


def test_what_holds_something_is_what_pandas_says():
    for values in (
        ["a", None, float("nan"), pd.NaT, 0, ""],
        [f"{place}" if place % 7 else None for place in range(3_000)],
    ):
        cells = column(values)
        assert filled(cells).tolist() == cells.notna().tolist()
        with remembering():
            factorized(cells)
            assert filled(cells).tolist() == filled(cells).tolist() == cells.notna().tolist()
    dates = pd.Series(["2026-11-20", None], dtype="datetime64[ns]")
    assert filled(dates).tolist() == [True, False]


def test_which_cells_hold_something_is_asked_anew_for_other_cells_of_the_same_name():
    with remembering():
        assert filled(column(["a", None])).tolist() == [True, False]
        assert filled(column([None, "b"])).tolist() == [False, True]


def test_a_value_behind_many_blanks_counts_too():
    assert (any_filled(column([None] * 2_000 + ["a"])), any_filled(column([None] * 2_000))) == (True, False)


def test_the_same_object_is_known_again_and_its_equal_is_not():
    text = "ab" * 3
    first, second = (
        np.array([text, text, 1, None], dtype=object),
        np.array([text, "ab" * int("3"), 1, None], dtype=object),
    )
    assert one_object(first, second).tolist() == [True, False, True, True]
    assert one_object(first[::2], second[::2]).tolist() == [False, False]
    assert one_object(np.array([1.0]), np.array([1.0])).tolist() == [False]
