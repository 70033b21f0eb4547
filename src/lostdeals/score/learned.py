"""Learn the chance to win from the sheet's own closed customers, and say honestly whether that is worth anything."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.evaluation import Evaluation, Guarded, LeftOut
from lostdeals.model import Finding, Layout, Options, OutcomeReading
from lostdeals.score import sensitive
from lostdeals.score.closed import Closed, apart, closed_rows
from lostdeals.score.evaluate import as_dates, dates_help, next_step, quality_fields, recentring, tested
from lostdeals.score.features import Features, find_features, origin
from lostdeals.score.joint import put_together
from lostdeals.score.leakage import Guard, find_leaks, role_leaks
from lostdeals.score.models.ladder import FEW, FEWEST, MANY, WinModel, climb
from lostdeals.score.models.stack import sigmoid
from lostdeals.score.quick import quick_auc
from lostdeals.score.repeats import guard_repeats, says_one_of, told_repeats
from lostdeals.stats.dates import entry_dates
from lostdeals.stats.repeats import repeats
from lostdeals.stats.threads import one_thread
from lostdeals.vocab import Vocabulary, normalise

TOO_GOOD = 0.97
"""An AUC that honest columns of a customer sheet do not reach (the best measured set has 0.88)."""
MISSING_WAYS = ("own", "mean", "median", "drop")
Ask = Callable[[tuple[LeftOut, ...]], Collection[str]]
"""Asks the user about suspicious columns; gives the headers to leave out."""
Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Learned:
    """A fitted model and what it says of every row."""

    probability: pd.Series[Any]
    """0-1: open rows by the model, lost rows out of fold, NaN for won and invalid rows."""
    model: WinModel
    frame: pd.DataFrame
    """The features the model uses, of every row."""
    evaluation: Evaluation
    features: Features
    """All candidates."""


def learn(
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    changes: pd.DataFrame | None = None,
    ask: Ask | None = None,
) -> Learned | Evaluation:
    """A model with its evaluation, or only the evaluation that says why there is none.

    ask: asks the user about suspicious columns. Learned from closed rows alone; open rows are never counted as lost. Duplicates of one customer stay in one fold.
    """
    if options.missing not in MISSING_WAYS:
        known = tuple(MISSING_WAYS)
        raise LostDealsError("bad-option", usage=True, option="--missing", value=options.missing, wanted=known)
    closed = closed_rows(leads)
    if outcome.key is None:
        return (
            _too_few(closed)
            if closed.lost_customers and not closed.won_customers
            else Evaluation("scorecard", "no-outcome")
        )
    if closed.rarer < FEWEST:
        return _too_few(closed)
    with one_thread():
        return _learned(leads, layout, outcome, vocabulary, options, changes, ask, closed)


def _learned(
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    changes: pd.DataFrame | None,
    ask: Ask | None,
    closed: Closed,
) -> Learned | Evaluation:
    forbidden = role_leaks(leads, layout, vocabulary)
    kept = _kept(forbidden, options, layout)
    found = find_features(
        leads, layout, vocabulary, options, {k: v for k, v in forbidden.items() if k not in kept}, changes
    )
    frame = found.frame.drop(columns=[name for name in found.frame if origin(str(name)) == outcome.key])
    guard = _guarded(frame, leads, layout, outcome, vocabulary, options, closed)
    asked = _effects(guard, frame.drop(columns=list(guard.left_out)), closed, options.seed)
    if ask is not None and asked:
        answered = tuple(ask(asked))
        options = replace(options, drop=(*options.drop, *answered), keep=(*options.keep, *_others(guard, answered)))
        guard, asked = _guarded(frame, leads, layout, outcome, vocabulary, options, closed), ()
    honest = frame.drop(columns=list(guard.left_out))
    same = repeats(honest)
    traits = tuple(name for name in map(str, honest) if says_one_of(found.sensitive, name, same))
    if options.without_sensitive:
        honest = honest.drop(columns=list(traits))
    closed = apart(honest, closed, options.seed)
    dates = as_dates(entry_dates(leads))
    dated = tuple(name for name in found.dated if name in honest)
    open_dates = dates[(leads["outcome_class"] == "open").to_numpy()]
    known, when = honest[closed.rows], dates[closed.rows]
    if not dates_help(known, dated, closed.won, closed.groups, when, open_dates, options.seed):
        honest = honest.drop(columns=list(dated))
    left_out = _named(found, guard, traits if options.without_sensitive else (), layout)
    if honest.shape[1] == 0:
        why = "no-honest-column" if any(left.why != "role-status" for left in left_out) else "no-column"
        return Evaluation("scorecard", why, leaky_columns=left_out)
    if options.missing == "drop":
        closed = apart(honest, closed_rows(leads, honest.notna().all(axis=1).to_numpy()), options.seed)
        if closed.rarer < FEWEST:
            return _too_few(closed)
    known, won, groups = honest[closed.rows], closed.won, closed.groups
    headers = {str(key): layout.header(origin(str(key))) for key in honest}
    climbed = climb(known, won, groups, options.seed, headers=headers)
    checked = tested(known, won, groups, dates[closed.rows], climbed, options.seed, headers)
    moved = recentring(climbed, won, dates[closed.rows], open_dates)
    model = replace(climbed.model, offset=moved[0] if moved else 0.0)
    evaluation = Evaluation(
        method="learned" if checked.signal else "scorecard",
        why="learned" if checked.signal else "no-signal",
        values={"won": int(won.sum()), "lost": int((~won).sum())},
        **quality_fields(checked),
        leaky_columns=left_out,
        used_columns=tuple(
            dict.fromkeys(layout.header(origin(str(key))) for key in honest if key not in climbed.repeats)
        ),
        repeats=told_repeats(climbed.repeats, layout),
        together=put_together((column.column for column in model.columns), layout),
        doubts=(Finding("too-good", values={"auc": checked.quality.auc}),)
        if checked.signal and checked.quality.auc >= TOO_GOOD
        else (),
        questions=asked,
        guarded=_both_ways(frame, honest, leads, forbidden, outcome, closed, options.seed)
        if any(left.why != "role-status" for left in left_out)
        else None,
        twins=closed.twins,
        step=climbed.step,
        rarer=closed.rarer,
        next_step=next_step(closed.rarer, {"linear": FEWEST, "blend": FEW, "stack": MANY}),
        recentred=moved[1] if moved and checked.signal else None,
    )
    if traits:
        both = honest.join(frame[[name for name in traits if name not in honest]])
        effect = sensitive.effect(both, traits, climbed, leads, layout, closed, options)
        evaluation = replace(evaluation, sensitive=effect)
    if not checked.signal:
        return evaluation
    probability = pd.Series(model.predict(honest), index=leads.index)
    probability[closed.rows] = sigmoid(climbed.held_out + model.offset)
    probability[leads["outcome_class"].isin(["won", "invalid"])] = np.nan
    return Learned(probability, model, model.seen(honest), evaluation, found)


def _too_few(closed: Closed) -> Evaluation:
    side = "too-few-won" if closed.won_customers <= closed.lost_customers else "too-few-lost"
    none = "only-lost" if closed.won_customers == 0 and closed.lost_customers > 0 else side
    have = closed.rarer
    return Evaluation(
        "scorecard",
        none,
        {"have": have, "need": FEWEST, "missing": FEWEST - have, "full": MANY},
        rarer=have,
        next_step=FEWEST - have,
    )


def _kept(forbidden: dict[str, LeftOut], options: Options, layout: Layout) -> set[str]:
    """Role leaks that the user brings back by `--keep`, except the outcome's own."""
    names = {name.strip().casefold() for name in options.keep}
    return {k for k, v in forbidden.items() if layout.header(k).casefold() in names and v.why != "role-status"}


def _guarded(
    frame: pd.DataFrame,
    leads: pd.DataFrame,
    layout: Layout,
    outcome: OutcomeReading,
    vocabulary: Vocabulary,
    options: Options,
    closed: Closed,
) -> Guard:
    result, header = leads["outcome_class"], outcome.header or ""
    said = {normalise(header) for header in (*options.keep, *options.drop)}
    own = {normalise(column.header) for column in layout.columns} - said
    settled = {header: kept for header, kept in options.settled.items() if normalise(header) in own}
    keep = (*options.keep, *(header for header, kept in settled.items() if kept))
    drop = (*options.drop, *(header for header, kept in settled.items() if not kept))
    guard = find_leaks(frame, result, layout, header, vocabulary, keep, drop, closed.groups, options.seed)
    stays = {normalise(header) for header in keep}
    kept = frozenset(name for name in map(str, frame) if normalise(layout.header(origin(name))) in stays)
    return guard_repeats(guard, repeats(frame), kept, layout)


def _others(guard: Guard, answered: Collection[str]) -> list[str]:
    return [asked.column for asked in guard.questions.values() if asked.column not in answered]


def _named(found: Features, guard: Guard, traits: tuple[str, ...], layout: Layout) -> tuple[LeftOut, ...]:
    """Every column that was left out, once, by its header."""
    by_trait = [LeftOut(layout.header(origin(name)), "sensitive") for name in traits]
    every = [*found.left_out, *guard.left_out.values(), *by_trait]
    return tuple({left.column: left for left in reversed(every)}.values())[::-1]


def _effects(guard: Guard, frame: pd.DataFrame, closed: Closed, seed: int) -> tuple[LeftOut, ...]:
    """The questions, with what the quality would be without the column (``without``) and without all of them (``all_out``).

    By one quick model. Several columns that say the same hide behind one another, which is why both are told.
    """
    if not guard.questions:
        return ()
    known = frame[closed.rows]

    def area(names: list[str]) -> float:
        return quick_auc(known.drop(columns=names), closed.won, closed.groups, seed)

    now, all_out = area([]), area(list(guard.questions))
    out: dict[str, LeftOut] = {}
    for name, left in guard.questions.items():
        if left.column not in out:
            told = {**left.values, "now": now, "without": area([name]), "all_out": all_out}
            out[left.column] = LeftOut(left.column, left.why, told)
    return tuple(out.values())


def _both_ways(
    frame: pd.DataFrame,
    honest: pd.DataFrame,
    leads: pd.DataFrame,
    forbidden: dict[str, LeftOut],
    outcome: OutcomeReading,
    closed: Closed,
    seed: int,
) -> Guarded | None:
    """The quality with everything that was left out, and without, by one quick model."""
    extra: dict[str, pd.Series[Any]] = {}
    for key, left in forbidden.items():
        if key == outcome.key or left.why == "role-status" or key in frame:
            continue
        values = leads[key]
        if values.dtype.kind == "M" or values.nunique() > 200:
            values = values.notna().map({True: "yes", False: "no"})
        extra[f"{key}:left"] = (
            values if values.dtype.kind in "fiu" else values.map(str, na_action="ignore").astype(object)
        )
    everything = frame.assign(**extra)
    if everything.shape[1] <= honest.shape[1] and not extra:
        return None
    known = closed.rows
    return Guarded(
        quick_auc(everything[known], closed.won, closed.groups, seed),
        quick_auc(honest[known], closed.won, closed.groups, seed),
    )


__all__ = ["FEWEST", "Ask", "Learned", "learn"]
