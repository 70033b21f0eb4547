"""Made-up events of a web shop with the counts of a published exercise: home, search, payment, confirmation by device.

Published: 90,400 > 45,200 > 6,030 > 452; desktop 60,200 > 30,100 > 3,010 > 150; mobile 30,200 > 15,100 > 3,020 > 302.
"""

import json

import numpy as np
import pandas as pd
import pytest
from scipy.stats import fisher_exact
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint

from lostdeals.cli import main

PAGES = ["home", "search", "payment", "confirmation"]
COUNTS = {"desktop": [60_200, 30_100, 3_010, 150], "mobile": [30_200, 15_100, 3_020, 302]}
TOTAL = [90_400, 45_200, 6_030, 452]
SLOW = 10
"""One in so many payers needed two days for it; the others an hour."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The events as one table with times, as a table a page with and without times, and the people."""
    place = tmp_path_factory.mktemp("shop")
    events, people, first = [], [], 100_000
    for device, counts in COUNTS.items():
        users = np.arange(first, first + counts[0])
        first += counts[0]
        day = pd.Timestamp("2026-01-01") + pd.to_timedelta(users % 120, unit="D")
        people.append(pd.DataFrame({"user_id": users, "date": day.strftime("%Y-%m-%d"), "device": device}))
        for number, (page, n) in enumerate(zip(PAGES, counts, strict=True)):
            hours = np.where(np.arange(n) % SLOW == 0, 48, 1) if number > 1 else 1
            moment = day[:n] + pd.to_timedelta(9 + number * hours, unit="h")
            events.append(pd.DataFrame({"user_id": users[:n], "page": page, "time": moment, "device": device}))
    table = pd.concat(events).sample(frac=1, random_state=1)
    table.to_csv(place / "events.csv", index=False)
    pd.concat(people).sample(frac=1, random_state=2).to_csv(place / "user_table.csv", index=False)
    for page in PAGES:
        rows = table[table["page"] == page]
        rows[["user_id", "page"]].to_csv(place / f"{page}_page_table.csv", index=False)
        rows[["user_id"]].to_csv(place / f"{page}.csv", index=False)
    return place


def funnel(capsys, folder, name, *more):
    code = main(["funnel", str(folder / name), "--json", "--today", "2026-11-20", *map(str, more)])
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return json.loads(out)


def counts(found):
    return [step["n"] for step in found["steps"]]


def test_one_table_of_events_gives_the_published_counts_rates_and_the_difference_of_the_devices(folder, capsys):
    found = funnel(capsys, folder, "events.csv", "--by", "device", "--between", "device=desktop,mobile")
    assert [step["step"] for step in found["total"]["steps"]] == PAGES
    assert counts(found["total"]) == TOTAL
    assert {one["value"]: counts(one) for one in found["segments"]} == COUNTS
    rates = {one["value"]: [step["from_previous"] for step in one["steps"]] for one in found["segments"]}
    assert rates["desktop"] == pytest.approx([1, 0.5, 0.1, 0.049834], abs=1e-6)
    assert rates["mobile"] == pytest.approx([1, 0.5, 0.2, 0.1], abs=1e-6)
    assert found["bottlenecks"]["largest_loss"] == {"step": "search", "lost": 45_200}
    assert found["bottlenecks"]["lowest_rate"] == {"step": "confirmation", "rate": pytest.approx(452 / 6_030, abs=1e-4)}
    expected = fisher_exact([[150, 60_050], [302, 29_898]])[1]
    for one in found["segments"]:
        own = COUNTS[one["value"]]
        assert one["ci"] == pytest.approx(proportion_confint(own[-1], own[0], method="wilson"), abs=1e-6)
        assert one["p"] == pytest.approx(expected, rel=1e-4)
        assert [step["ci_previous"] for step in one["steps"]][2] == pytest.approx(
            proportion_confint(own[2], own[1], method="wilson"), abs=1e-6
        )
    assert [one["value"] for one in sorted(found["segments"], key=lambda one: one["rank"])] == ["mobile", "desktop"]
    whole = found["comparison"]["first_to_last"]
    assert whole["difference"] == pytest.approx(302 / 30_200 - 150 / 60_200, abs=1e-6)
    assert whole["ci"] == pytest.approx(
        confint_proportions_2indep(302, 30_200, 150, 60_200, method="newcomb"), abs=1e-6
    )


@pytest.mark.parametrize("tables", ["{page}.csv", "{page}_page_table.csv"])
def test_a_table_per_page_and_one_of_the_people_are_joined_by_user(folder, capsys, tables):
    files = [folder / tables.format(page=page) for page in PAGES]
    further = [word for file in files[1:] for word in ("--with", file)]
    found = funnel(capsys, folder, files[0].name, *further, "--with", folder / "user_table.csv", "--by", "device")
    assert (found["input"], found["semantics"], found["order"]) == ("events", "history", "any")
    assert [step["step"] for step in found["total"]["steps"]] == PAGES
    assert counts(found["total"]) == TOTAL
    assert {one["value"]: counts(one) for one in found["segments"]} == COUNTS


def test_a_window_leaves_out_those_who_took_longer(folder, capsys):
    found = funnel(capsys, folder, "events.csv", "--by", "device", "--window", "1d")
    quick = {device: [n - -(-n // SLOW) for n in ns[2:]] for device, ns in COUNTS.items()}
    assert {one["value"]: counts(one)[2:] for one in found["segments"]} == quick
    assert counts(found["total"]) == [*TOTAL[:2], *(sum(pair) for pair in zip(*quick.values(), strict=True))]
    assert counts(funnel(capsys, folder, "events.csv", "--window", "7d")["total"]) == TOTAL


def test_two_periods_are_compared_and_the_difference_is_split_by_device(folder, capsys):
    found = funnel(capsys, folder, "events.csv", "--by", "device", "--since", "2026-03-01", "--window", "4h")
    whole = found["comparison"]
    table = pd.read_csv(folder / "events.csv", parse_dates=["time"])
    came = table.groupby("user_id")["time"].min()
    early = came < pd.Timestamp("2026-03-01")
    searched = came.index.isin(table.loc[table["page"] == "search", "user_id"])
    assert (whole["steps"][0]["n_before"], whole["steps"][0]["n_after"]) == (int(early.sum()), int((~early).sum()))
    assert whole["steps"][1]["n_before"] == int((early & searched).sum())
    assert whole["steps"][1]["ci"] == pytest.approx(
        confint_proportions_2indep(
            int((~early & searched).sum()), int((~early).sum()),
            int((early & searched).sum()), int(early.sum()), method="newcomb",
        ),
        abs=1e-6,
    )  # fmt: skip
    mix = whole["mix"]
    assert mix["rate"] != 0
    assert mix["mix"] + mix["rate"] == pytest.approx(whole["first_to_last"]["difference"], abs=2e-6)
