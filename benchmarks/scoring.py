"""How good the score is on real sheets, beside plain models in the same run, with CPU seconds.

    python benchmarks/scoring.py DATA [SET …]        DATA: the folder with the sheets; SET: some of them only
    python benchmarks/scoring.py DATA small          samples of 200 rows
    python benchmarks/scoring.py DATA shuffled [N]   how often shuffled outcomes look like a signal (default 100)
    python benchmarks/scoring.py DATA speed          45,000 rows: fit, guard, evaluation and reasons; prediction from a file

Protocol: stratified 5-fold (seed 0), and the newest 30 % where there is a date; one thread. A set's honest columns are what
its leak guard leaves, less those known to be written late (LATE); month and weekday of entry are in where the tool's own test
on the training rows says that they help rows of the dates to be scored. Every model sees the same columns; logistic regression and naive Bayes get them as one 0/1 feature per value and five ranges per number.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.model import LeftOut, Options
from lostdeals.pipeline.prepare import Prepared, opened, prepare
from lostdeals.score import score
from lostdeals.score.closed import apart, closed_rows
from lostdeals.score.evaluate import as_dates, dates_help
from lostdeals.score.features import find_features, origin
from lostdeals.score.leakage import find_leaks, role_leaks
from lostdeals.score.learned import Learned, learn
from lostdeals.score.models.ladder import climb
from lostdeals.score.saved import apply_model, kept_model, model_text, read_model
from lostdeals.stats.coding import Coder, coded
from lostdeals.stats.dates import entry_dates
from lostdeals.stats.roc import auc, quality
from lostdeals.stats.threads import one_thread
from lostdeals.vocab import Words, load

TODAY = date(2026, 1, 15)
VOCABULARY = load()
SETS: dict[str, tuple[str, tuple[str, ...]]] = {
    "xeducation": ("xeducation/Leads.csv", ()),
    "bank": ("bank/bank.csv", ()),
    "ibm-winloss": ("ibm-winloss/sales-win-loss.csv", ()),
    "telco": ("telco-churn-reason/Telco_customer_churn.xlsx", ()),
    "olist": ("olist/olist_marketing_qualified_leads_dataset.csv", ()),
    "maven-crm": (
        "maven-crm/sales_pipeline.csv",
        ("maven-crm/accounts.csv", "maven-crm/products.csv", "maven-crm/sales_teams.csv"),
    ),
}
LATE = {
    "xeducation": ("Lead Profile", "Last Activity", "Last Notable Activity", "Asymmetrique"),
    "ibm-winloss": ("Elapsed Days", "Sales Stage Change Count", "Total Days", "Ratio Days"),
    "telco": ("CLTV",),
}
"""Beginnings of headers that are known, by the makers of the set, to be written after the lead has entered."""
ORDER = {"xeducation": "extra.Lead Number"}
"""Columns that stand for the order in time where no date does."""


@dataclass(frozen=True)
class Set:
    """One sheet, ready to be learned from."""

    frame: pd.DataFrame
    won: np.ndarray
    groups: np.ndarray
    dates: np.ndarray
    removed: list[LeftOut]
    asked: list[LeftOut]
    dropped: list[str]
    ready: Prepared
    options: Options
    guard_seconds: float
    dated: tuple[str, ...]
    """Features that say when a customer came in; the tool tests whether they help the rows to be scored."""

    def columns_for(self, learn: np.ndarray, test: np.ndarray) -> pd.DataFrame:
        """The features for learning from these rows and scoring those, as the tool would choose them."""
        rows = (self.frame.iloc[learn], self.dated, self.won[learn], self.groups[learn], self.dates[learn])
        return self.frame if dates_help(*rows, self.dates[test], seed=7) else self.frame.drop(columns=list(self.dated))


def main() -> None:
    """Print what was asked for."""
    with one_thread():
        run(Path(sys.argv[1]), sys.argv[2:])


def run(folder: Path, wanted: list[str]) -> None:
    """One of the four jobs."""
    if wanted[:1] == ["small"]:
        small(folder)
    elif wanted[:1] == ["shuffled"]:
        shuffled(folder, int(wanted[1]) if len(wanted) > 1 else 100)
    elif wanted[:1] == ["speed"]:
        speed(folder)
    else:
        table(folder, wanted or list(SETS))


def table(folder: Path, names: list[str]) -> None:
    """The guard's findings, then a line per set and model."""
    sets = {name: prepared(folder, name) for name in names}
    for name, one in sets.items():
        print(f"{name}: {len(one.won):,} closed, {one.won.mean():.1%} won, guard {one.guard_seconds:.1f} CPU s")
        print("   removed:", ", ".join(f"{left.column} ({left.why})" for left in one.removed) or "–")
        print("   asked:  ", ", ".join(left.column for left in one.asked) or "–")
        print("   late by the set's own description:", ", ".join(one.dropped) or "–")
    head = f"{'set':<12}{'model':<16}{'AUC':>8}{'Brier':>8}{'base':>8}{'ECE':>8}{'floor':>8}{'CPU s':>8}{'in time':>9}"
    print("\n" + head)
    for name, one in sets.items():
        for model, fit in MODELS.items():
            print(line(name, model, one, fit), flush=True)


def line(name: str, model: str, one: Set, fit: Callable[..., Callable[[pd.DataFrame], np.ndarray]]) -> str:
    """Five folds and the newest 30 % of one set with one model."""
    areas, out = [], np.empty(len(one.won))
    start = time.process_time()
    for test in folds(one.won):
        learn_rows = ~test
        frame = one.columns_for(np.flatnonzero(learn_rows), np.flatnonzero(test))
        predict = fit(frame[learn_rows], one.won[learn_rows], one.groups[learn_rows])
        out[test] = predict(frame[test])
        areas.append(auc(one.won[test], out[test]))
    seconds = (time.process_time() - start) / 5
    whole = quality(one.won, out, float(one.won.mean()))
    base = float(one.won.mean() * (1 - one.won.mean()))
    later = "–"
    if not np.isnat(one.dates).all():
        order = np.argsort(one.dates, kind="stable")
        old, new = order[: int(len(order) * 0.7)], order[int(len(order) * 0.7) :]
        frame = one.columns_for(old, new)
        predict = fit(frame.iloc[old], one.won[old], one.groups[old])
        later = f"{auc(one.won[new], predict(frame.iloc[new])):.4f}"
    return (
        f"{name:<12}{model:<16}{np.mean(areas):>8.4f}{whole.brier:>8.4f}{base:>8.4f}{whole.ece:>8.4f}"
        f"{whole.ece_floor:>8.4f}{seconds:>8.1f}{later:>9}"
    )


def prepared(folder: Path, name: str, mapping: Mapping[str, str] | None = None) -> Set:
    """Read, clean and classify a set, and let the guard choose its columns; mapping: header -> role, where it is given."""
    file, joins = SETS[name]
    path = folder / file
    if name == "olist":  # who bought is a row in the second table
        leads = pd.read_csv(path, dtype=str)
        bought = pd.read_csv(folder / "olist/olist_closed_deals_dataset.csv", dtype=str)["mql_id"]
        path = Path(tempfile.mkdtemp()) / "olist.csv"
        leads.assign(won=np.where(leads["mql_id"].isin(bought), "won", "lost")).to_csv(path, index=False)
    options = Options(today=TODAY, joins=tuple(folder / other for other in joins), mapping=mapping or {})
    sheets, options = opened(path, VOCABULARY, options)
    ready = prepare(sheets, VOCABULARY, options)
    leads, layout, outcome = ready.classified.leads, ready.layout, ready.classified.outcome
    start = time.process_time()
    found = find_features(
        leads, layout, VOCABULARY, options, role_leaks(leads, layout, VOCABULARY), ready.cleaned.changes
    )
    frame = found.frame.drop(columns=[key for key in found.frame if key == outcome.key])
    closed = closed_rows(leads)
    guard = find_leaks(frame, leads["outcome_class"], layout, outcome.header or "", VOCABULARY, groups=closed.groups)
    seconds = time.process_time() - start
    late = [
        key
        for key in frame
        if key not in guard.left_out and layout.header(origin(str(key))).startswith(LATE.get(name, ("\0",)))
    ]
    honest = frame.drop(columns=[*guard.left_out, *late])
    closed = apart(honest, closed, options.seed)
    honest = honest[closed.rows].reset_index(drop=True)
    dates = as_dates(entry_dates(leads))[closed.rows]
    if name in ORDER:
        order = leads.loc[closed.rows, ORDER[name]].astype(float).to_numpy()
        dates = (np.datetime64("2000-01-01", "ns") + order.astype("timedelta64[m]")).astype("datetime64[ns]")
    dated = tuple(key for key in found.dated if key in honest)
    once = {left.column: left for left in guard.left_out.values()}
    asked = {left.column: left for left in guard.questions.values()}
    dropped = [layout.header(origin(str(key))) for key in late]
    return Set(
        honest,
        closed.won,
        closed.groups,
        dates,
        list(once.values()),
        list(asked.values()),
        dropped,
        ready,
        options,
        seconds,
        dated,
    )


def folds(won: np.ndarray) -> list[np.ndarray]:
    """Five stratified folds as masks of their test rows."""
    from sklearn.model_selection import StratifiedKFold

    masks = []
    for _, test in StratifiedKFold(5, shuffle=True, random_state=0).split(won, won):
        mask = np.zeros(len(won), dtype=bool)
        mask[test] = True
        masks.append(mask)
    return masks


Predictor = Callable[[pd.DataFrame], np.ndarray]


def lostdeals(frame: pd.DataFrame, won: np.ndarray, groups: np.ndarray) -> Predictor:
    """The tool's own ladder."""
    return climb(frame, won, groups, seed=7).model.predict


def hgb(frame: pd.DataFrame, won: np.ndarray, groups: np.ndarray) -> Predictor:
    """Scikit-learn's gradient boosting as it comes: numbers as they are, texts as native categories."""
    from sklearn.ensemble import HistGradientBoostingClassifier

    texts = [name for name in frame if frame[name].dtype.kind not in "fiu"]
    known = {name: {text: code for code, text in enumerate(frame[name].dropna().unique()[:254])} for name in texts}

    def matrix(some: pd.DataFrame) -> np.ndarray:
        return some.assign(**{name: some[name].map(known[name]).astype(float) for name in texts}).to_numpy(dtype=float)

    mask = [name in texts for name in frame]
    model = HistGradientBoostingClassifier(categorical_features=mask, random_state=0).fit(matrix(frame), won)
    return lambda some: model.predict_proba(matrix(some))[:, 1]


def logistic(frame: pd.DataFrame, won: np.ndarray, groups: np.ndarray) -> Predictor:
    """Logistic regression on one 0/1 feature per value."""
    from sklearn.linear_model import LogisticRegression

    columns = Coder(bins=5, smallest=2).fit(frame).columns_
    model = LogisticRegression(max_iter=500).fit(one_hot(frame, columns), won)
    return lambda some: model.predict_proba(one_hot(some, columns))[:, 1]


def naive_bayes(frame: pd.DataFrame, won: np.ndarray, groups: np.ndarray) -> Predictor:
    """Odoo's way: each value's share among won and among lost, 0.1 added to every count, multiplied as if independent."""
    columns = Coder(bins=5, smallest=1, most_levels=10_000).fit(frame).columns_
    codes = coded(columns, frame)
    tables = []
    for place, column in enumerate(columns):
        wins = np.bincount(codes[won, place], minlength=column.size) + 0.1
        losses = np.bincount(codes[~won, place], minlength=column.size) + 0.1
        tables.append(np.log(wins / wins.sum()) - np.log(losses / losses.sum()))
    prior = np.log(won.sum() / (~won).sum())

    def predict(some: pd.DataFrame) -> np.ndarray:
        found = coded(columns, some)
        logit = prior + sum(table[found[:, place]] for place, table in enumerate(tables))
        return np.asarray(1 / (1 + np.exp(-np.clip(logit, -30, 30))))

    return predict


def one_hot(frame: pd.DataFrame, columns: list[Any]) -> Any:
    """0/1 features of codes, sparse."""
    from scipy.sparse import csr_matrix

    codes = coded(columns, frame)
    starts = np.concatenate([[0], np.cumsum([column.size for column in columns])])
    n, width = codes.shape
    return csr_matrix(
        (np.ones(n * width), (codes + starts[:-1]).ravel(), np.arange(0, n * width + 1, width)),
        shape=(n, int(starts[-1])),
    )


MODELS = {"lostdeals": lostdeals, "logistic": logistic, "HGB default": hgb, "naive Bayes": naive_bayes}


def small(folder: Path, repeats: int = 20, rows: int = 200) -> None:
    """Brier skill of 200 rows on all the others, repeated; how often it is below the base rate where m is 20 and more."""
    skills = {}
    for name in SETS:
        one = prepared(folder, name)
        dice = np.random.default_rng(0)
        found = []
        for _ in range(repeats):
            chosen = dice.permutation(len(one.won))
            learn_rows, test = chosen[:rows], chosen[rows : rows + 5000]
            won = one.won[learn_rows]
            rarer = int(min(won.sum(), (~won).sum()))
            if rarer < 6:
                found.append((rarer, 0.0))
                continue
            predict = climb(one.frame.iloc[learn_rows], won, one.groups[learn_rows], seed=7).model.predict
            p, truth, base = predict(one.frame.iloc[test]), one.won[test], won.mean()
            found.append((rarer, 1 - np.mean((p - truth) ** 2) / np.mean((base - truth) ** 2)))
        enough = [skill for rarer, skill in found if rarer >= 20]
        skills[name] = np.mean([skill for _, skill in found])
        below = sum(skill < 0 for skill in enough)
        print(
            f"{name:<12} mean Brier skill {skills[name]:.3f}, m {np.mean([m for m, _ in found]):.0f}, "
            f"below the base rate {below} of {len(enough)} samples with m ≥ 20",
            flush=True,
        )
    signal = [skill for name, skill in skills.items() if name != "maven-crm"]
    print(f"mean over the sets with signal: {np.mean(signal):.3f}")


def shuffled(folder: Path, tries: int) -> None:
    """How often a sheet whose outcomes were dealt anew is still said to have a signal."""
    alarms = {}
    for name, rows in (("bank", 1500), ("xeducation", 800), ("olist", 1500), ("maven-crm", 1500)):
        one = prepared(folder, name)
        leads = one.ready.classified.leads
        closed = leads.index[leads["outcome_class"].isin(["won", "lost"])]
        options = replace(one.options, drop=tuple(dict.fromkeys(one.dropped)))
        count = 0
        for seed in range(tries // 4):
            dice = np.random.default_rng(seed)
            part = leads.loc[np.sort(dice.choice(closed, rows, replace=False))].reset_index(drop=True)
            part = part.assign(duplicate_of=np.nan, outcome_class=dice.permutation(part["outcome_class"].to_numpy()))
            result = learn(part, one.ready.layout, one.ready.classified.outcome, VOCABULARY, options)
            count += isinstance(result, Learned)
        alarms[name] = count
        print(f"{name:<12} {count} of {tries // 4} shuffled sheets of {rows:,} rows said to have a signal", flush=True)
    print(f"together {sum(alarms.values())} of {4 * (tries // 4)}")


def speed(folder: Path, rows: int = 45_000) -> None:
    """CPU seconds of everything that scoring does to a sheet of 45,000 rows, and rows a second from a saved model."""
    one = prepared(folder, "ibm-winloss")
    leads = one.ready.classified.leads.head(rows)
    open_rows = leads.index[::10]
    leads = leads.assign(outcome_class=leads["outcome_class"].mask(leads.index.isin(open_rows), "open"))
    options = replace(one.options, drop=tuple(dict.fromkeys(one.dropped)))
    layout, outcome, changes = one.ready.layout, one.ready.classified.outcome, one.ready.cleaned.changes
    start = time.process_time()
    score(leads, layout, outcome, VOCABULARY, options, Words(VOCABULARY, "en"), changes)
    print(
        f"fit, guard, evaluation and reasons of {rows:,} × {len(layout.columns)}: {time.process_time() - start:.1f} CPU s"
    )
    learned = learn(leads, layout, outcome, VOCABULARY, options, changes)
    if not isinstance(learned, Learned):
        print("no signal")
        return
    path = Path(tempfile.mkdtemp()) / "model.json"
    path.write_text(model_text(kept_model(learned, leads, layout, outcome), TODAY.isoformat()), encoding="utf-8")
    start = time.process_time()
    saved = read_model(path)
    loaded = time.process_time() - start
    start = time.process_time()
    saved[0].model.predict(learned.frame)
    bare = time.process_time() - start
    start = time.process_time()
    apply_model(saved, leads, layout, VOCABULARY, replace(options, model=path), changes)
    whole = time.process_time() - start
    print(f"model file {path.stat().st_size / 1e6:.1f} MB, read in {loaded:.2f} CPU s")
    print(
        f"prediction {rows / bare:,.0f} rows a CPU s; with coding, drift and a check against outcomes {rows / whole:,.0f}"
    )


if __name__ == "__main__":
    main()
