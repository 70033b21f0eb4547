"""Keep a learned model as arrays in a JSON file of our own, and score other sheets with it, without scikit-learn."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import __version__
from lostdeals.errors import LostDealsError
from lostdeals.evaluation import CalibrationGroup, Drift, LeftOut, Together
from lostdeals.model import Evaluation, Finding, Layout, Options, OutcomeReading
from lostdeals.score.features import Features, members, origin, part_of
from lostdeals.score.features_like import features_like
from lostdeals.score.joint import SIGNS, is_made
from lostdeals.score.learned import Learned
from lostdeals.score.models.additive import Tables
from lostdeals.score.models.forest import Forest
from lostdeals.score.models.ladder import WinModel
from lostdeals.stats.coding import as_object, coded, from_object
from lostdeals.stats.roc import quality
from lostdeals.vocab import Vocabulary

FORMAT, VERSION = "lostdeals-model", 1
DRIFTED = 0.1
"""A population stability index from which a column is named (the usual rule of thumb; 0.25 is a large shift)."""
KEPT = (
    "auc",
    "auc_low",
    "auc_high",
    "brier",
    "ece",
    "top_decile_lift",
    "brier_gain",
    "ece_floor",
    "top_rate",
    "base_rate",
)
TREE_PARTS = ("roots", "feature", "threshold", "missing_left", "left", "right", "value", "depth")


@dataclass(frozen=True)
class SavedModel:
    """A model with what a later reader needs to know of it."""

    model: WinModel
    headers: Mapping[str, str]
    """Feature -> the header it was made of."""
    shares: Mapping[str, tuple[float, ...]]
    """Feature -> the share of the rows with each code, to see drift."""
    fills: Mapping[str, float]
    about: Mapping[str, Any]
    """``rows``, ``outcome``, ``evaluation`` …"""


def kept_model(learned: Learned, leads: pd.DataFrame, layout: Layout, outcome: OutcomeReading) -> SavedModel:
    """What is to be kept of a learned model."""
    codes = coded(learned.model.columns, learned.frame)
    closed = leads["outcome_class"].isin(["won", "lost"]).to_numpy()
    shares = {}
    for place, column in enumerate(learned.model.columns):
        counts = np.bincount(codes[closed, place], minlength=column.size)
        shares[column.column] = tuple(float(round(share, 6)) for share in counts / max(1, counts.sum()))
    evaluation = learned.evaluation
    about = {
        "rows": int(closed.sum()),
        "won": evaluation.values["won"],
        "lost": evaluation.values["lost"],
        "outcome": outcome.header,
        "validation": evaluation.validation,
        "step": evaluation.step,
        "rarer": evaluation.rarer,
        "tested": evaluation.tested,
        "quality": {name: getattr(evaluation, name) for name in KEPT},
        "calibration": [[group.n, group.expected, group.won] for group in evaluation.calibration],
        "left_out": [[left.column, left.why, dict(left.values)] for left in evaluation.leaky_columns],
        "recentred": evaluation.recentred,
        "untimed": evaluation.untimed,
        "together": [[both.how, list(both.columns)] for both in evaluation.together],
    }
    names = [column.column for column in learned.model.columns]
    headers = {name: SIGNS[part_of(name)].join(layout.header(origin(one)) for one in members(name)) for name in names}
    return SavedModel(learned.model, headers, shares, dict(learned.features.fills), about)


def model_text(saved: SavedModel, made: str) -> str:
    """The model as the text of a JSON file. made: the day, ISO."""
    model = saved.model
    features = [
        {
            **as_object(column),
            "header": saved.headers[column.column],
            "adds": model.additive.tables[place].tolist(),
            "evidence": model.evidence[place].tolist(),
            "shares": list(saved.shares[column.column]),
        }
        for place, column in enumerate(model.columns)
    ]
    trees = None
    if model.forest is not None:
        trees = {part: getattr(model.forest, part).tolist() for part in TREE_PARTS} | {
            "baseline": model.forest.baseline
        }
    return json.dumps(
        {
            "format": FORMAT,
            "version": VERSION,
            "program": f"lostdeals {__version__}",
            "made": made,
            "about": dict(saved.about),
            "base": model.base,
            "offset": model.offset,
            "intercept": model.additive.intercept,
            "weights": list(model.weights),
            "fills": dict(saved.fills),
            "features": features,
            "trees": trees,
        },
        ensure_ascii=False,
    )


def read_model(path: Path) -> tuple[SavedModel, str]:
    """A model file, and the day it was made.

    Raises LostDealsError ``model-unreadable`` for a file that is none.
    """
    try:
        raw = json.loads(path.read_text(encoding="utf-8"))
        if raw["format"] != FORMAT or raw["version"] != VERSION:
            raise ValueError(f"{raw['format']} {raw['version']}")
        return _from_object(raw), str(raw["made"])
    except OSError as error:
        raise LostDealsError("model-unreadable", where=str(path), usage=True, reason=error.strerror or "") from None
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        reason = f"{type(error).__name__}: {error}"[:200]
        raise LostDealsError("model-unreadable", where=str(path), usage=True, reason=reason) from None


def is_model(path: Path) -> bool:
    """A file that `read_model` can read, which may therefore be replaced by a new one."""
    try:
        read_model(path)
    except LostDealsError:
        return False
    return True


def _from_object(raw: Mapping[str, Any]) -> SavedModel:
    columns = tuple(from_object(feature) for feature in raw["features"])
    tables, evidence = (
        tuple(np.asarray(feature[name], dtype=float) for feature in raw["features"]) for name in ("adds", "evidence")
    )
    for column, table, known in zip(columns, tables, evidence, strict=True):
        if len(table) != column.size or len(known) != column.size:
            raise ValueError(column.column)
    names = {column.column for column in columns}
    if not all(names.issuperset(members(name)) for name in names):
        raise ValueError("members")
    forest = _forest(raw["trees"], len(columns)) if raw["trees"] is not None else None
    weights = tuple(float(weight) for weight in raw["weights"])
    if len(weights) != (3 if forest else 2):
        raise ValueError("weights")
    model = WinModel(
        columns,
        Tables(float(raw["intercept"]), tables),
        evidence,
        forest,
        weights,
        float(raw["base"]),
        float(raw["offset"]),
    )
    return SavedModel(
        model,
        {column.column: str(feature["header"]) for column, feature in zip(columns, raw["features"], strict=True)},
        {column.column: tuple(feature["shares"]) for column, feature in zip(columns, raw["features"], strict=True)},
        {str(name): float(value) for name, value in raw["fills"].items()},
        dict(raw["about"]),
    )


def _forest(raw: Mapping[str, Any], features: int) -> Forest:
    """The trees; ValueError where they point outside of themselves."""
    kinds = {"threshold": float, "value": float, "missing_left": bool}
    parts = {name: np.asarray(raw[name], dtype=kinds.get(name, np.int32)) for name in TREE_PARTS}
    nodes = len(parts["feature"])
    inside = all(len(parts[name]) == nodes for name in TREE_PARTS[1:-1]) and len(parts["depth"]) == len(parts["roots"])
    for name, most in (("left", nodes), ("right", nodes), ("roots", nodes), ("feature", features)):
        inside = inside and bool(((parts[name] >= 0) & (parts[name] < most)).all())
    if not inside:
        raise ValueError("trees")
    return Forest(baseline=float(raw["baseline"]), **parts)


def apply_model(
    read: tuple[SavedModel, str],
    leads: pd.DataFrame,
    layout: Layout,
    vocabulary: Vocabulary,
    options: Options,
    changes: pd.DataFrame | None,
) -> Learned:
    """Score a sheet with a saved model.

    Raises LostDealsError ``model-does-not-fit`` where the sheet lacks a column of the model, or has words where the model
    knows numbers.
    """
    saved, made = read
    frame, missing = features_like(saved.model.columns, leads, layout, vocabulary, options, saved.fills, changes)
    if missing:
        headers = tuple(dict.fromkeys(saved.headers[name] for name in missing))
        raise LostDealsError(
            "model-does-not-fit", where=str(options.model), columns=headers, n=len(saved.model.columns)
        )
    probability = pd.Series(saved.model.predict(frame), index=leads.index)
    result = leads["outcome_class"]
    closed = result.isin(["won", "lost"]).to_numpy()
    won = (result[closed] == "won").to_numpy()
    doubts: list[Finding] = []
    if min(won.sum(), (~won).sum()) >= 6:
        here = quality(won, np.asarray(probability[closed], dtype=float), saved.model.base)
        told = {
            "auc": here.auc,
            "low": here.auc_low,
            "high": here.auc_high,
            "expected": float(probability[closed].mean()),
        }
        doubts.append(Finding("model-here", len(won), values={**told, "rate": float(won.mean())}))
    drift = drifted(saved, frame)
    about = saved.about
    evaluation = Evaluation(
        method="learned",
        why="saved-model",
        values={"made": made, "won": about["won"], "lost": about["lost"]},
        validation=about["validation"],
        used_columns=tuple(dict.fromkeys(header for name, header in saved.headers.items() if not is_made(name))),
        together=tuple(Together(how, tuple(columns)) for how, columns in about.get("together", ())),
        leaky_columns=tuple(LeftOut(column, why, values) for column, why, values in about["left_out"]),
        calibration=tuple(CalibrationGroup(int(n), float(p), int(w)) for n, p, w in about["calibration"]),
        step=about["step"],
        rarer=about["rarer"],
        tested=about["tested"],
        recentred=about["recentred"],
        untimed=str(about.get("untimed", "")),
        drift=drift,
        **{name: about["quality"][name] for name in KEPT},
    )
    if drift:
        named = tuple(one.column for one in drift[:4])
        doubts.append(Finding("model-drift", len(drift), values={"psi": drift[0].psi, "columns": named}))
    probability[result.isin(["won", "invalid"])] = np.nan
    found = Features(frame, (), (), (), dict(saved.fills))
    return Learned(probability, saved.model, frame, replace(evaluation, doubts=tuple(doubts)), found)


def drifted(saved: SavedModel, frame: pd.DataFrame) -> tuple[Drift, ...]:
    """The columns spread otherwise than in the training sheet, the most shifted first: Σ (q - p) · ln(q / p) over the codes."""
    codes = coded(saved.model.columns, frame)
    found: dict[str, float] = {}
    for place, column in enumerate(saved.model.columns):
        if part_of(column.column) == "missing":
            continue
        before = np.asarray(saved.shares[column.column])
        now = np.bincount(codes[:, place], minlength=column.size) / max(1, len(codes))
        floor = max(1e-4, 0.5 / max(1, len(codes)))
        p, q = np.maximum(before, floor), np.maximum(now, floor)
        psi = float(((q - p) * np.log(q / p)).sum())
        by_chance = 2 * (column.size - 1) * (1 / max(1, len(codes)) + 1 / max(1, saved.about["rows"]))
        header = saved.headers[column.column]
        if psi > max(DRIFTED, by_chance):
            found[header] = max(psi, found.get(header, 0.0))
    return tuple(Drift(header, psi) for header, psi in sorted(found.items(), key=lambda pair: -pair[1]))
