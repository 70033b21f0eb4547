"""CPU seconds of a funnel by group over made-up events, and their ratio to a plain group-by of the same counts.

    python benchmarks/funnel.py [EVENTS] [USERS]        default: 1000000 100000

Frames are in memory; the group-by counts the different users per source and event, which is less than a funnel in order
does. polars and duckdb are measured where they are installed. Best of three; quote the ratios.
"""

from __future__ import annotations

import importlib.util
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from lostdeals.analyse import by_headers, find_events, funnel_of, grouping, read_event_journeys
from lostdeals.funnels import Asked, Order
from lostdeals.vocab import load

STEPS = ("home", "product", "cart", "order", "paid")
SHARES = {"home": 0.4, "product": 0.3, "cart": 0.12, "order": 0.08, "paid": 0.04, "help": 0.06}
SOURCES = ("ads", "seo", "friend", "fair", "mail")


def main(events: int = 1_000_000, users: int = 100_000) -> None:
    """Print a line per way of counting."""
    table = made_up(events, users)
    print(f"{events:,} events of {users:,} users, by source")
    plain = best(lambda: table.groupby(["source", "event"])["user_id"].nunique())
    say("pandas group-by", plain, plain)
    for order, window in (("ordered", None), ("any", None), ("reached", None), ("strict", None), ("ordered", 7.0)):
        seconds = best(lambda order=order, window=window: funnel(table, order, window))
        say(f"funnel, {order}{'' if window is None else f', within {window:g} days'}", seconds, plain)
    if importlib.util.find_spec("polars"):
        import polars as pl

        frame = pl.from_pandas(table)
        say("polars group-by", best(lambda: frame.group_by("source", "event").agg(pl.col("user_id").n_unique())), plain)
    if importlib.util.find_spec("duckdb"):
        import duckdb

        query = "select source, event, count(distinct user_id) from table_ group by all"
        connection = duckdb.connect()
        connection.register("table_", table)
        say("duckdb group-by", best(lambda: connection.execute(query).fetchall()), plain)


def funnel(table: pd.DataFrame, order: Order, window: float | None) -> object:
    """The funnel as the command counts it, from the frame on."""
    vocabulary = load()
    asked = Asked(by=("source",), steps=STEPS, order=order, window_days=window)
    found = find_events("events", table, vocabulary, {}, alone=True)
    assert found is not None
    journeys, described = read_event_journeys(
        [found], vocabulary, asked, pd.Timestamp("2026-11-20"), lambda column: column
    )
    return funnel_of(
        journeys,
        vocabulary,
        asked,
        grouping(asked.by, journeys, by_headers(described, vocabulary), vocabulary, asked.bins),
    )


def made_up(events: int, users: int) -> pd.DataFrame:
    """Events of users over ninety days, in no order."""
    generator = np.random.default_rng(1)
    user = generator.integers(0, users, events)
    event = np.array(list(SHARES))[generator.choice(len(SHARES), events, p=list(SHARES.values()))]
    moment = pd.Timestamp("2026-08-01") + pd.to_timedelta(generator.integers(0, 90 * 86_400, events), unit="s")
    source = np.array(SOURCES)[generator.integers(0, len(SOURCES), users)][user]
    names = np.char.mod("u%06d", user)
    return pd.DataFrame({"user_id": names, "event": event, "time": moment, "source": source})


def best(run: Callable[[], object]) -> float:
    """CPU seconds of all threads, the least of three runs."""
    seconds = []
    for _ in range(3):
        start = time.process_time()
        run()
        seconds.append(time.process_time() - start)
    return min(seconds)


def say(what: str, seconds: float, plain: float) -> None:
    """One line."""
    print(f"{what:<36}{seconds:>8.2f} s{seconds / plain:>8.1f} ×")


if __name__ == "__main__":
    main(*(int(word) for word in sys.argv[1:]))
