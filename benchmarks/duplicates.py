"""How well and how fast duplicates are found, on made-up sheets with known truth; beside splink where it is installed.

    python benchmarks/duplicates.py [quality] [speed] [ROWS ...]

default: quality, then speed on 10,000 and 100,000 rows. Add 1000000 for the large one (some minutes, most of them to
make the sheet). Quality is pairwise: precision, recall and F1 of the groups that are marked, and of the listed pairs.
splink gets settings for each kind of sheet and the threshold that suits it best by the truth, so its figure is an upper
bound. Speed is user + system time of a process that matches a cleaned sheet, and its largest size.
"""

from __future__ import annotations

import datetime
import importlib.util
import resource
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
from duplicate_sheets import branches, organisations, people

from lostdeals.clean import pairs
from lostdeals.model import Options
from lostdeals.pipeline.prepare import prepare
from lostdeals.read import read_book
from lostdeals.stats.copies import customer_of
from lostdeals.vocab import load

ROWS, TUNED, HELD_OUT = 4000, 1, 101
"""The seeds: what the defaults were chosen on, and what they were not."""
FAKE = Path(__file__).parents[2] / "shared" / "data" / "splink" / "fake_1000.csv"


def main() -> None:
    """Print the tables asked for."""
    words = sys.argv[1:]
    if words[:1] == ["--match"]:
        match(Path(words[1]))
        return
    sizes = [int(word) for word in words if word.isdigit()] or [10_000, 100_000]
    both = not {"quality", "speed"} & set(words)
    if both or "quality" in words:
        quality()
    if both or "speed" in words:
        speed(sizes)


def quality() -> None:
    """A line per sheet."""
    print(f"{'sheet':<28}{'rows':>7}  {'marked P':>8}{'R':>7}{'F1':>7}{'listed F1':>11}{'splink F1':>11}")
    for name, sheet, truth in sheets():
        leads = cleaned(sheet)
        mine = scores(pairs_of(customer_of(leads).to_numpy()), truth)
        listed = pairs(leads)
        place = pd.Series(np.arange(len(leads)), index=leads["src_row"])
        there = place[listed["row_a"]].to_numpy() * len(leads) + place[listed["row_b"]].to_numpy()
        other = splink(sheet, truth)
        print(
            f"{name:<28}{len(sheet):>7}  {mine[0]:>8.3f}{mine[1]:>7.3f}{mine[2]:>7.3f}"
            f"{scores(there, truth)[2]:>11.3f}{'' if other is None else format(other, '11.3f')}"
        )


def sheets() -> list[tuple[str, pd.DataFrame, np.ndarray]]:
    """Name, sheet, the true pairs."""
    out = []
    for label, seed in (("", TUNED), ("held out ", HELD_OUT)):
        for lang in ("en", "zh"):
            for name, (sheet, whom) in {
                "people": people(ROWS, lang, seed),
                "people, no contacts": people(ROWS, lang, seed, contacts=False),
                "people, twice as dirty": people(ROWS, lang, seed, dirt=2),
                "organisations": organisations(ROWS, lang, seed),
                "branches": branches(ROWS, lang, seed),
                "people, small": people(150, lang, seed),
            }.items():
                out.append((f"{label}{name} {lang}", sheet, pairs_of(whom)))
    if FAKE.is_file():
        fake = pd.read_csv(FAKE, dtype=str)
        out.append(("fake_1000", fake.drop(columns=["unique_id", "cluster"]), pairs_of(fake["cluster"].to_numpy())))
    return out


def cleaned(sheet: pd.DataFrame) -> pd.DataFrame:
    """The leads of the whole program, nothing set."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "sheet.csv"
        sheet.to_csv(path, index=False)
        ready = prepare(read_book(path), load(), Options(today=datetime.date(2026, 11, 20)))
    return ready.cleaned.leads


def pairs_of(whom: np.ndarray) -> np.ndarray:
    """Every two rows of the same group, as one number each."""
    codes = pd.factorize(whom)[0]
    order = np.argsort(codes, kind="stable")
    found = [np.empty(0, dtype=np.int64)]
    for step in range(1, int(np.bincount(codes).max(initial=0))):
        same = codes[order][step:] == codes[order][:-step]
        a, b = order[:-step][same], order[step:][same]
        found.append(np.minimum(a, b) * len(codes) + np.maximum(a, b))
    return np.concatenate(found)


def scores(found: np.ndarray, truth: np.ndarray) -> tuple[float, float, float]:
    """Precision, recall, F1."""
    right = np.isin(found, truth).sum()
    precision, recall = right / max(len(found), 1), right / max(len(truth), 1)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def splink(sheet: pd.DataFrame, truth: np.ndarray) -> float | None:
    """The best F1 that splink reaches at any threshold, with comparisons and blocking rules chosen for the columns."""
    if importlib.util.find_spec("splink") is None:
        return None
    import logging

    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    logging.disable(logging.WARNING)
    known = {
        **dict.fromkeys(("First Name", "first_name", "Last Name", "surname", "姓名", "联系人", "Contact Name"), "name"),
        **dict.fromkeys(("Company", "公司名称", "客户公司"), "name"),
        **dict.fromkeys(("Street Address", "Address", "联系地址", "公司地址", "地址"), "address"),
        **dict.fromkeys(("Date of Birth", "dob", "出生日期"), "date"),
        **dict.fromkeys(("Phone", "手机", "电话", "联系电话", "Website", "网址"), "exact"),
        **dict.fromkeys(("Email", "email", "邮箱"), "email"),
    }
    kinds = {column: known.get(column, "place") for column in sheet}
    plain = {column: f"c{place}" for place, column in enumerate(sheet)}
    frame = sheet.rename(columns=plain)
    frame = frame.map(lambda cell: str(cell).strip().lower() if isinstance(cell, str) else None)
    frame.insert(0, "unique_id", np.arange(len(frame)))
    make = {
        "name": lambda c: cl.JaroWinklerAtThresholds(c, [0.92, 0.8]).configure(term_frequency_adjustments=True),
        "address": lambda c: cl.JaroWinklerAtThresholds(c, [0.95, 0.88]),
        "date": lambda c: cl.DamerauLevenshteinAtThresholds(c, [1, 2]),
        "exact": lambda c: cl.DamerauLevenshteinAtThresholds(c, [1]),
        "email": lambda c: cl.JaroWinklerAtThresholds(c, [0.92, 0.8]),
        "place": lambda c: cl.ExactMatch(c).configure(term_frequency_adjustments=True),
    }
    single = [plain[c] for c in sheet if kinds[c] in ("exact", "email", "address", "date")]
    names = [plain[c] for c in sheet if kinds[c] == "name"]
    places = [plain[c] for c in sheet if kinds[c] == "place"]
    rules = [block_on(c) for c in single] + [
        block_on(a, b) for a in names for b in (*places, *names) if a < b or b in places
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=[make[kinds[c]](plain[c]) for c in sheet],
        blocking_rules_to_generate_predictions=rules,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        linker = Linker(DuckDBAPI().register(frame), settings)
        sure = [block_on(a, b) for a in names[:1] for b in single[:2]]
        linker.training.estimate_probability_two_random_records_match(sure, recall=0.7)
        linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
        for column in single[:3]:
            try:
                linker.training.estimate_parameters_using_expectation_maximisation(block_on(column))
            except Exception as error:  # a rule without pairs teaches nothing
                print(f"  splink could not learn from {column}: {type(error).__name__}", file=sys.stderr)
        found = linker.inference.predict(threshold_match_probability=0.01).as_pandas_dataframe()
    a, b = found["unique_id_l"].to_numpy(), found["unique_id_r"].to_numpy()
    numbers = np.minimum(a, b) * len(frame) + np.maximum(a, b)
    chance = found["match_probability"].to_numpy()
    return max(
        scores(numbers[chance >= at], truth)[2] for at in (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.95, 0.99, 0.999, 0.9999)
    )


def speed(sizes: list[int]) -> None:
    """A line per size: the first is what the others are measured by."""
    print(f"{'match a cleaned sheet':<28}{'rows':>9}{'CPU s':>8}{'x rows':>8}{'x time':>8}{'MiB':>7}")
    first: tuple[int, float] | None = None
    with tempfile.TemporaryDirectory() as folder:
        for rows in sizes:
            path = Path(folder) / f"{rows}.pkl"
            many_people(rows).to_pickle(path)
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            said = subprocess.run(
                [sys.executable, __file__, "--match", str(path)], check=True, capture_output=True, text=True
            )
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
            path.unlink()
            cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
            first = first or (rows, cpu)
            found, size = said.stdout.split()
            print(
                f"{'people, ' + found + ' copies':<28}{rows:>9}{cpu:>8.1f}{rows / first[0]:>8.0f}{cpu / first[1]:>8.1f}{size:>7}"
            )


def many_people(rows: int) -> pd.DataFrame:
    """A cleaned LEADS frame; blocks of 50,000 people with names, numbers and addresses of their own seed."""
    block = min(rows, 50_000)
    parts = [people(block, "zh", seed)[0] for seed in range(rows // block)]
    roles = {
        "姓名": "name",
        "手机": "phone",
        "邮箱": "email",
        "出生日期": "birthday",
        "联系地址": "address",
        "城市": "region",
    }
    leads = pd.concat(parts, ignore_index=True).rename(columns=roles).astype(object)
    leads["birthday"] = pd.to_datetime(leads["birthday"])
    leads.insert(0, "src_row", np.arange(2, len(leads) + 2))
    leads.insert(0, "src_sheet", "客户")
    return leads.astype({column: object for column in leads if leads[column].dtype == "str"})


def match(path: Path) -> None:
    """In a process of its own: match, mark, list; print the copies and the largest size in MiB."""
    from lostdeals.clean.duplicates import contacts, find, mark_duplicates
    from lostdeals.clean.emails import Emails
    from lostdeals.clean.phones import Phones

    leads, vocabulary = pd.read_pickle(path), load()
    emails = Emails(vocabulary)
    found = find(leads, contacts(leads, Phones(vocabulary), emails), vocabulary, emails)
    marked = mark_duplicates(leads, found)
    pairs(marked, vocabulary, "zh", found)
    print(int(marked["duplicate_of"].notna().sum()), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


if __name__ == "__main__":
    main()
