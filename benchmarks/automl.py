"""How the score compares with an AutoML package that has sixty CPU seconds a fit, on sheets of your own.

    python benchmarks/automl.py FOLDER [--python PYTHON] [--seconds 60] [SET …]

FOLDER holds one ``.csv`` per set, with a column ``outcome`` of won and lost. PYTHON is an interpreter that has flaml (with
lightgbm, xgboost and catboost) and pandas; by default this one. What AutoML found is kept in ``FOLDER/automl.json`` and not
fitted again, so that a long job can be stopped and gone on with.

Protocol: the first of five folds (seed 0) that keep copies and near-copies of a row together, as a row that all but repeats one
learned from tells nothing; one thread. AutoML gets the sheet's columns as they are, less those that
the leak guard leaves out and those that hold dates; the tool chooses its own. Headers are taken as nothing but names, because
the sets are no customer sheets. FLAML's clock is made to count CPU seconds, so that a busy machine takes nothing away from it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LEARNERS = ["lgbm", "xgboost", "catboost", "rf", "extra_tree", "xgb_limitdepth", "lrl1"]
NEAR = 0.005
"""An area so little smaller counts as equal."""


def main() -> None:
    """Compare, or be the process that has flaml."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("folder", type=Path)
    asked.add_argument("sets", nargs="*")
    asked.add_argument("--python", default=sys.executable)
    asked.add_argument("--seconds", type=int, default=60)
    asked.add_argument("--fit", action="store_true", help=argparse.SUPPRESS)
    options = asked.parse_intermixed_args()
    if options.fit:
        fit(options.folder, options.seconds)
    else:
        compare(options.folder, options.sets, options.python, options.seconds)


def compare(folder: Path, names: list[str], python: str, seconds: int) -> None:
    """A line per set: both areas, their difference, both costs; then the mean difference."""
    kept = folder / "automl.json"
    known = json.loads(kept.read_text()) if kept.exists() else {}
    print(f"{'set':<14}{'rows':>7}{'m':>7}{'lostdeals':>11}{'AutoML':>9}{'ahead':>9}{'CPU s':>8}{'AutoML':>8}  found")
    ahead, cheaper = [], []
    for path in sorted(folder.glob("*.csv")):
        if names and path.stem not in names:
            continue
        rows, rarer, area, cost, prepared = ours(path)
        if path.stem not in known:
            known[path.stem] = theirs(prepared, python, seconds)
            kept.write_text(json.dumps(known, indent=1))
        other = known[path.stem]
        print(
            f"{path.stem:<14}{rows:>7,}{rarer:>7,}{area:>11.4f}{other['auc']:>9.4f}{area - other['auc']:>+9.4f}"
            f"{cost:>8.1f}{other['cpu']:>8.1f}  {other['best']}",
            flush=True,
        )
        ahead.append(area - other["auc"])
        cheaper.append(other["cpu"] / cost)
    if len(ahead) > 1:
        near = sum(one >= -NEAR for one in ahead)
        print(
            f"mean {sum(ahead) / len(ahead):+.4f}; ahead or within {NEAR} on {near} of {len(ahead)} sets; "
            f"AutoML takes {min(cheaper):.0f} to {max(cheaper):.0f} times the CPU seconds"
        )


def ours(path: Path):
    """Rows, customers of the rarer outcome, AUC and CPU seconds of the tool; and what AutoML is given."""
    import pandas as pd
    import scoring

    from lostdeals.score.models.ladder import climb
    from lostdeals.stats.folds import grouped_folds
    from lostdeals.stats.roc import auc
    from lostdeals.stats.threads import one_thread

    raw = pd.read_csv(path)
    headers = {header: "outcome" if header == "outcome" else "extra" for header in raw}
    scoring.SETS[path.name] = (path.name, ())
    one = scoring.prepared(path.parent, path.name, mapping=headers)
    frame = one.frame.drop(columns=list(one.dated))
    test = grouped_folds(one.won, one.groups, 5, seed=0) == 0
    with one_thread():
        start = time.process_time()
        model = climb(frame[~test], one.won[~test], one.groups[~test], seed=7).model
        cost = time.process_time() - start
        area = auc(one.won[test], model.predict(frame[test]))
    leads, layout = one.ready.classified.leads, one.ready.layout
    dates = [c.header for c in layout.columns if c.key in leads and leads[c.key].dtype.kind == "M"]
    gone = ["outcome", *dates, *(left.column for left in one.removed)]
    return (
        len(one.won),
        int(min(one.won.sum(), (~one.won).sum())),
        area,
        cost,
        (raw.drop(columns=gone), one.won, test),
    )


def theirs(prepared, python: str, seconds: int) -> dict:
    """What AutoML reaches on the same rows, in a process of its own."""
    columns, won, test = prepared
    with tempfile.TemporaryDirectory() as place:
        columns.assign(**{"\0won": won, "\0test": test}).to_csv(Path(place) / "fold.csv", index=False)
        command = [python, str(Path(__file__).resolve()), place, "--fit", "--seconds", str(seconds)]
        said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=place).stdout
    return json.loads(said.splitlines()[-1])


def fit(folder: Path, seconds: int) -> None:
    """Fit on the learning rows of a fold, print the area on the others."""
    began = time.time()
    time.time = lambda: began + time.process_time()  # flaml's budget in CPU seconds
    import pandas as pd
    from flaml import AutoML
    from sklearn.metrics import roc_auc_score

    frame = pd.read_csv(folder / "fold.csv")
    won, test = frame.pop("\0won").astype(int).to_numpy(), frame.pop("\0test").to_numpy(dtype=bool)
    for name in frame:
        if frame[name].dtype.kind not in "fiu":
            frame[name] = frame[name].astype(object).where(frame[name].notna(), "").astype(str).astype("category")
    start = time.process_time()
    model = AutoML()
    model.fit(
        frame[~test],
        won[~test],
        task="classification",
        metric="roc_auc",
        time_budget=seconds,
        n_jobs=1,
        verbose=0,
        seed=0,
        estimator_list=LEARNERS,
    )
    cost = time.process_time() - start
    area = roc_auc_score(won[test], model.predict_proba(frame[test])[:, 1])
    print(json.dumps({"auc": float(area), "cpu": cost, "best": model.best_estimator}))


if __name__ == "__main__":
    main()
