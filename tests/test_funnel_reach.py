"""Orders and windows of a funnel against a slow way to count that anybody can read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lostdeals.analyse.funnel_reach import DAY, NEVER, Moves, backward, in_order, reach

PEOPLE, STEPS = 3, 3
EVENTS = st.lists(
    st.tuples(st.integers(0, PEOPLE - 1), st.integers(-1, STEPS - 1), st.integers(0, 6)), min_size=0, max_size=14
)


def moves(events):
    person, step, day = (np.array([event[place] for event in events], dtype=np.int64) for place in range(3))
    return Moves(person, step, day * DAY, PEOPLE, STEPS)


def slow_depth(events, order, window, per_step):
    """How far one person comes, by trying every way."""
    steps = [(step, day) for step, day in events if step >= 0]
    if order == "any":
        best = 0
        for _, start in steps if window is not None else steps[:1]:
            near = {step for step, day in steps if window is None or start <= day <= start + window}
            best = max(best, next((place for place in range(STEPS) if place not in near), STEPS))
        return best
    if order == "strict":
        best = 0
        line = sorted(set(events), key=lambda event: (event[1], event[0]))
        for begin in range(len(line)):
            depth = 0
            while begin + depth < len(line) and depth < STEPS and line[begin + depth][0] == depth:
                day, first = line[begin + depth][1], line[begin][1]
                since = line[begin + depth - 1][1] if per_step and depth else first
                if window is not None and day - since > window:
                    break
                depth += 1
            best = max(best, depth)
        return best

    def furthest(place, first, last):
        if place == STEPS:
            return place
        best = place
        for step, day in steps:
            since = last if per_step else first
            if step == place and (place == 0 or (day >= last and (window is None or day - since <= window))):
                best = max(best, furthest(place + 1, day if place == 0 else first, day))
        return best

    return furthest(0, 0, 0)


@pytest.mark.parametrize("order", ["ordered", "any", "strict"])
@pytest.mark.parametrize(("window", "per_step"), [(None, False), (2, False), (2, True)])
@given(events=EVENTS)
def test_every_order_and_window_counts_as_trying_every_way_does(order, window, per_step, events):
    if order == "any" and per_step:
        return
    found = reach(moves(events), order, window, per_step=per_step).reached.sum(axis=1).tolist()
    own = [[event[1:] for event in events if event[0] == person] for person in range(PEOPLE)]
    assert found == [slow_depth(one, order, window, per_step) for one in own]


@given(events=EVENTS)
def test_a_later_step_implies_those_before_it(events):
    found = reach(moves(events), "reached")
    deepest = [max((event[1] + 1 for event in events if event[0] == person), default=0) for person in range(PEOPLE)]
    assert found.reached.sum(axis=1).tolist() == deepest
    assert found.own.sum() == len({event[:2] for event in events if event[1] >= 0})


@pytest.mark.parametrize("order", ["reached", "ordered", "any", "strict"])
@given(events=EVENTS, window=st.sampled_from([None, 0, 1, 3]))
def test_counts_never_rise_down_and_a_wider_window_never_counts_fewer(order, events, window):
    counts = reach(moves(events), order, window).reached.sum(axis=0).tolist()
    assert counts == sorted(counts, reverse=True)
    wider = reach(moves(events), order, None if window is None else window + 1).reached.sum(axis=0).tolist()
    assert all(more >= n for more, n in zip(wider, counts, strict=True))


@given(events=EVENTS, seed=st.integers(0, 9))
def test_the_order_of_the_rows_changes_nothing(events, seed):
    mixed = [events[place] for place in np.random.default_rng(seed).permutation(len(events))]
    for order in ("reached", "ordered", "any", "strict"):
        for window in (None, 2):
            one, two = reach(moves(events), order, window), reach(moves(mixed), order, window)
            assert np.array_equal(one.reached, two.reached)
            assert np.array_equal(one.took, two.took, equal_nan=True)
    assert np.array_equal(backward(moves(events)), backward(moves(mixed)))


@given(events=EVENTS, unit=st.sampled_from([1, 10**3, 10**6, 10**9, DAY]), unknown=st.sets(st.integers(0, 13)))
def test_moves_are_sorted_as_by_three_keys_in_whatever_unit_their_times_are(events, unit, unknown):
    some = moves(events)
    time = some.time // DAY * unit + 1_767_225_600 * 10**9 + (unit == 1)
    time = np.where(np.isin(np.arange(len(time)), list(unknown)), NEVER, time)
    for people in (PEOPLE, 2**40):  # so many do not fit into one number with the rest
        mixed = Moves(some.person, some.step, time, people, STEPS)
        order = np.lexsort((mixed.step, mixed.time, mixed.person))
        expected = [part[order].tolist() for part in (mixed.person, mixed.step, mixed.time)]
        assert [part.tolist() for part in in_order(mixed)] == expected


def test_a_step_is_timed_from_the_one_before():
    visits = [(0, 0, 1), (0, 1, 3), (0, 2, 3), (1, 0, 0), (1, 0, 5), (1, 1, 6)]
    took = reach(moves(visits), "ordered").took
    assert took[0].tolist()[1:] == [2.0, 0.0]
    assert took[1, 1] == 6.0
    assert reach(moves(visits), "ordered", 2).took[1, 1] == 1.0
    assert reach(moves(visits), "reached").took[1, 1] == 6.0


def test_going_back_is_told():
    assert backward(moves([(0, 0, 0), (0, 2, 1), (0, 1, 2), (1, 0, 3), (1, 1, 3)])).tolist() == [True, False, False]


def test_many_people_over_many_years_fit_beside_their_moments():
    n = 2_000_000
    person = np.repeat(np.arange(n), 2)
    step, time = np.tile([0, 1], n), np.tile([0, 20_000 * DAY], n)
    time[1] = DAY
    found = reach(Moves(person, step, time, n, 2), "ordered", 7.0)
    assert found.reached[:, 1].sum() == 1
    assert found.took[0, 1] == 1.0
