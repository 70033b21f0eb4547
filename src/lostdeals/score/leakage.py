"""Find the columns that were filled in because of the outcome, so that the score does not learn from the answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from lostdeals import schema
from lostdeals.errors import LostDealsError, likest
from lostdeals.model import Layout, LeftOut
from lostdeals.score.features import origin, part_of
from lostdeals.stats.coding import said_number
from lostdeals.stats.folds import grouped_folds
from lostdeals.stats.roc import auc
from lostdeals.vocab import Phrases, Vocabulary, normalise

MOST_LEVELS = 60
"""Numbers with more distinct values are looked at in so many ranges."""
RANGES = 20
Truth = npt.NDArray[np.bool_]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Guard:
    """What the tests say of each feature."""

    left_out: Mapping[str, LeftOut]
    """Features that must not be learned from."""
    questions: Mapping[str, LeftOut]
    """Features that may have been filled in afterwards; only the user knows."""


def find_leaks(
    features: pd.DataFrame,
    outcome: pd.Series[Any],
    layout: Layout,
    outcome_header: str,
    vocabulary: Vocabulary,
    keep: tuple[str, ...] = (),
    drop: tuple[str, ...] = (),
    groups: Ints | None = None,
    seed: int = 0,
) -> Guard:
    """The features to leave out and those to ask about, each with the reason.

    features: candidate columns of all rows; outcome: won / lost / open / invalid of the same rows; groups: which closed rows
    are one customer. `keep` names headers that stay and `drop` headers that go, whatever the tests say.
    Raises LostDealsError ``unknown-column`` where one of these is no header of the sheet.
    """
    section = vocabulary.section("leaks")
    rules: Mapping[str, float] = section["rules"]
    late, state = Phrases({"late": section["late"]["words"]}), Phrases({"state": section["state"]["words"]})
    kept, dropped = _headers(keep, "--keep", layout), _headers(drop, "--drop", layout)
    closed = outcome.isin(["won", "lost"])
    won = (outcome[closed] == "won").to_numpy()
    half = grouped_folds(won, np.arange(len(won)) if groups is None else groups, 2, seed)
    telling = _telling_words(outcome_header, [column.header for column in layout.columns])
    left_out: dict[str, LeftOut] = {}
    questions: dict[str, LeftOut] = {}
    for key in features:
        header = layout.header(origin(str(key)))
        plain = normalise(header)
        if plain in dropped:
            left_out[str(key)] = LeftOut(header, "asked-out")
        if plain in dropped or plain in kept:
            continue
        values = features[key]
        area = single_auc(values[closed], won, half)
        words = re.sub(r"[_\-/]", " ", header)
        why, told = _verdict(values, closed, won, area, rules)
        if not why and area >= rules["named_auc"] and late.find(words):
            why, told = "late-name", {"auc": area}
        if not why and area >= rules["related_auc"] and telling & _latin_words(words):
            why, told = "related-name", {"auc": area}
        if why:
            left_out[str(key)] = LeftOut(header, why, told)
            continue
        entered = part_of(str(key)) in ("month", "weekday")  # known before anything else is
        pure = pure_level(values[closed], won, rules) if area >= rules["pure_auc"] and not entered else None
        if pure is not None:
            questions[str(key)] = LeftOut(
                header, "pure-levels", {"auc": area, "value": pure[0], "share": pure[1], **pure[2]}
            )
        elif (
            schema.role_of(str(key)) in section["state"]["roles"]
            and area >= rules["state_auc"]
            and (state.find(words) or late.find(words))
        ):
            questions[str(key)] = LeftOut(header, "state-name", {"auc": area})
    return Guard(left_out, questions)


def role_leaks(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> dict[str, LeftOut]:
    """LEADS columns that hold the outcome or come after it: by their role, or as dates after every other date of their rows."""
    roles: Mapping[str, list[str]] = vocabulary.section("leaks")["roles"]
    found = {
        column: LeftOut(layout.header(column), f"role-{why}")
        for why, names in roles.items()
        for role in names
        for column in schema.columns_of(leads, role)
    }
    return found | _last_dates(leads.drop(columns=list(found)), layout, vocabulary)


def _last_dates(leads: pd.DataFrame, layout: Layout, vocabulary: Vocabulary) -> dict[str, LeftOut]:
    """Date columns that lie after at least two other dates of their rows, nearly always, in closed rows."""
    section = vocabulary.section("leaks")
    closed = leads["outcome_class"].isin(["won", "lost"])
    dates = {
        column.key: leads.loc[closed, column.key]
        for column in layout.columns
        if column.key in leads
        and leads[column.key].dtype.kind == "M"
        and schema.role_of(column.key) not in section["dates"]["personal"]
    }
    found: dict[str, LeftOut] = {}
    for key, own in dates.items():
        others = [other for name, other in dates.items() if name != key]
        if len(others) < 2 or schema.role_of(key) in section["dates"]["entry"]:
            continue
        latest = pd.concat(others, axis=1).max(axis=1)
        both = own.notna() & latest.notna()
        n = int(both.sum())
        if (
            n >= section["rules"]["one_sided_rows"]
            and (own[both] > latest[both]).mean() >= section["rules"]["last_date"]
        ):
            found[key] = LeftOut(layout.header(key), "last-date", {"share": float((own[both] > latest[both]).mean())})
    return found


def single_auc(values: pd.Series[Any], won: Truth, half: Ints) -> float:
    """How well one column alone ranks won before lost: rates by level (or range) of one half tried on the other, 0.5-1."""
    codes, size = _levels(values)
    areas = []
    for side in (0, 1):
        learn, test = half == side, half != side
        if not learn.any() or not test.any():
            continue
        n = np.bincount(codes[learn], minlength=size)
        wins = np.bincount(codes[learn], weights=won[learn], minlength=size)
        rate = (wins + won[learn].mean()) / (n + 1)
        areas.append(auc(won[test], rate[codes[test]]))
    area = float(np.mean(areas)) if areas else 0.5
    return max(area, 1 - area)


def pure_level(
    values: pd.Series[Any], won: Truth, rules: Mapping[str, float]
) -> tuple[str, float, dict[str, object]] | None:
    """The commonest value that all but decides the outcome, its own win rate, and how many of won and lost have such values.

    None where such values hold less than ``pure_won`` of the won and ``pure_lost`` of the lost rows. A real predictor can
    have such values, so nothing is left out because of it. Where hardly anybody buys, a value nobody bought with says
    nothing: it must be rarer by chance than ``pure_p`` (binomial).
    """
    from scipy.special import bdtrc

    codes, size = _levels(values)
    n = np.bincount(codes, minlength=size)
    wins = np.bincount(codes, weights=won, minlength=size)
    rate = np.divide(wins, n, out=np.full(size, 0.5), where=n > 0)
    base = won.mean()
    enough = n >= rules["one_sided_rows"]
    high = enough & (rate >= rules["pure"]) & (rate >= base + (1 - base) * 0.5)
    low = enough & (rate <= 1 - rules["pure"]) & (rate <= base * 0.5)
    high &= bdtrc(wins - 1, n, base) < rules["pure_p"]
    low &= bdtrc(n - wins - 1, n, 1 - base) < rules["pure_p"]
    of_won, of_lost = wins[high].sum() / max(1, won.sum()), (n - wins)[low].sum() / max(1, (~won).sum())
    if of_won < rules["pure_won"] and of_lost < rules["pure_lost"]:
        return None
    side = high if of_won >= rules["pure_won"] else low
    best = int(np.argmax(np.where(side, n, -1)))
    names = _level_names(values)
    return names[best], float(rate[best]), {"n": int(n[best]), "of_won": float(of_won), "of_lost": float(of_lost)}


def _levels(values: pd.Series[Any]) -> tuple[Ints, int]:
    codes, names = pd.factorize(_ranged(values), use_na_sentinel=False)
    return np.asarray(codes, dtype=np.int64), len(names)


def _level_names(values: pd.Series[Any]) -> list[str]:
    _, names = pd.factorize(_ranged(values), use_na_sentinel=False)
    return ["" if pd.isna(name) else str(name) for name in names]


def _ranged(values: pd.Series[Any]) -> pd.Series[Any]:
    if values.dtype.kind in "fiu" and values.nunique() > MOST_LEVELS:
        ranges = pd.qcut(values, RANGES, labels=False, duplicates="drop")
        ends = values.groupby(ranges).agg(["min", "max"])
        names = {at: f"{said_number(low)}–{said_number(high)}" for at, low, high in ends.itertuples()}
        return ranges.map(names, na_action="ignore").astype(object).where(values.notna(), None)
    return values


def _verdict(
    values: pd.Series[Any], closed: pd.Series[bool], won: Truth, area: float, rules: Mapping[str, float]
) -> tuple[str, dict[str, object]]:
    """The rules that leave a column out at once."""
    if area >= rules["single_auc"]:
        return "alone", {"auc": area}
    filled = values.notna()
    open_rows = ~closed
    in_closed = float(filled[closed].mean())
    in_open = float(filled[open_rows].mean()) if int(open_rows.sum()) >= 10 else 1.0
    if in_closed >= rules["filled_closed"] and 1 - in_open >= rules["empty_open"]:
        return "filled-when-closed", {"closed": in_closed, "open": in_open}
    one_sided = _one_sided(filled[closed].to_numpy(), won, rules)
    return (one_sided, {}) if one_sided else ("", {})


def _one_sided(filled: Truth, won: Truth, rules: Mapping[str, float]) -> str:
    """Whether having a value, or having none, all but decides the outcome."""
    from scipy.special import bdtrc

    for rows, why in ((filled, "filled-one-sided"), (~filled, "empty-one-sided")):
        n = int(rows.sum())
        if n < rules["one_sided_rows"] or n == len(won):
            continue
        wins = int(won[rows].sum())
        for hits, base in ((wins, won.mean()), (n - wins, 1 - won.mean())):
            by_chance = float(bdtrc(hits - 1, n, base))
            if hits / n >= rules["one_sided"] and by_chance < rules["one_sided_p"]:
                return why
    return ""


def _headers(given: tuple[str, ...], option: str, layout: Layout) -> set[str]:
    """Headers as they are compared; LostDealsError ``unknown-column`` for one that the sheet does not have."""
    headers = {normalise(column.header): column.header for column in layout.columns}
    for header in given:
        if normalise(header) not in headers:
            near = likest(header, list(headers.values()))
            raise LostDealsError("unknown-column", where=option, usage=True, column=header, near=near)
    return {normalise(header) for header in given}


def _telling_words(outcome_header: str, headers: list[str]) -> set[str]:
    """Words of the outcome's header that at most one other header has; a prefix such as “Deal -” tells nothing."""
    return {
        word for word in _latin_words(outcome_header) if sum(word in _latin_words(header) for header in headers) <= 2
    }


def _latin_words(header: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", normalise(header)))
