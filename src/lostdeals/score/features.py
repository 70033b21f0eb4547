"""The columns of a sheet as a model may look at them: numbers, texts, and what dates and notes tell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.model import Layout, LeftOut, Options
from lostdeals.schema import OVERRIDE
from lostdeals.stats.dates import ENTRY
from lostdeals.stats.money import in_main_currency
from lostdeals.vocab import Phrases, Vocabulary, normalise, unknown_words

PART = ":"
"""Between a column's key and what is derived from it: ``created_at:month``."""
GLUE = "\x1f"
"""Between the columns of which a feature is made: ``amount⟨GLUE⟩visit_count:ratio``; no header holds it."""
PERSONAL = ("id", "name", "company", "phone", "email", "wechat", "website", "address", "deal", "currency", OVERRIDE)
"""Roles that name a customer instead of describing one."""
TALK_ONLY = ("personality",)
"""What is used for how to talk to somebody, and for nothing else."""
TEXTS = ("notes",)
"""Free text; only its classes are learned from."""
LONGEST_TEXT, MOST_DISTINCT = 40, 0.5
"""A text column whose cells are longer on average, or mostly different, is prose or an identifier."""
ALWAYS_WITHIN = 50
"""So few different texts are never identifiers."""
PLACEHOLDER_ROWS = 20


@dataclass(frozen=True)
class Features:
    """Candidate columns of all rows, and what was not even a candidate."""

    frame: pd.DataFrame
    """One column per feature: float64, or object with text and None."""
    left_out: tuple[LeftOut, ...]
    """Columns whose role forbids learning from them."""
    sensitive: tuple[str, ...]
    """The features that are sensitive traits."""
    dated: tuple[str, ...]
    """The features that say when a customer came in."""
    fills: Mapping[str, float]
    """What stands for a missing number, by feature, where missing numbers are filled."""


def origin(feature: str) -> str:
    """The LEADS column that a feature is made of.

    >>> origin("created_at:month"), origin("extra.车型")
    ('created_at', 'extra.车型')
    """
    return feature.rpartition(PART)[0] if part_of(feature) in PARTS else feature


def members(feature: str) -> tuple[str, ...]:
    """The features that a feature is made of, itself where it is made of none.

    >>> members(f"amount{GLUE}visit_count:ratio"), members("created_at:month")
    (('amount', 'visit_count'), ('created_at:month',))
    """
    return tuple(feature.rpartition(PART)[0].split(GLUE)) if part_of(feature) in TOGETHER else (feature,)


TOGETHER = ("sum", "ratio", "pair")
"""What can be made of several features."""
PARTS = ("month", "weekday", "wait", "years", "zeros", "need", "missing")
"""What can be derived from a column; ``feature.<part>`` of the messages names it."""


def part_of(feature: str) -> str:
    """What of its column, or of its columns, a feature is; ``""`` for the column itself."""
    head, _, part = feature.rpartition(PART)
    return part if head and (part in PARTS or (part in TOGETHER and GLUE in head)) else ""


def find_features(
    leads: pd.DataFrame,
    layout: Layout,
    vocabulary: Vocabulary,
    options: Options,
    forbidden: dict[str, LeftOut],
    changes: pd.DataFrame | None = None,
) -> Features:
    """What a model may look at.

    forbidden: LEADS columns that hold the outcome or come after it. changes: what cleaning did; a placeholder such as Unknown
    or 无 that it emptied is told apart from an empty cell where a column has both.
    """
    columns: dict[str, pd.Series[Any]] = {}
    unknown = unknown_words(vocabulary)
    emptied = emptied_by(changes)
    for column in layout.columns:
        key, role = column.key, schema.role_of(column.key)
        if key not in leads or key in forbidden or role in (*PERSONAL, *TEXTS, *TALK_ONLY, "ignore"):
            continue
        values = leads[key]
        if values.dtype.kind == "M":
            columns |= of_dates(leads, key, options)
            continue
        if role in schema.MONEY:
            values = in_main_currency(leads, values, options.rates)
            if role in ("amount", "budget"):
                columns[f"{key}{PART}zeros"] = zeros_of(values)
        else:
            values = _without(unknown, values)
        made = _as_feature(values)
        if made is not None and made.dtype.kind == "f":
            made = made.replace([np.inf, -np.inf], np.nan)
        if made is not None:
            columns[key] = _with_placeholders(made, emptied.get(key))
    columns |= of_notes(leads, layout, columns)
    frame = pd.DataFrame(columns, index=leads.index)
    frame = frame[[name for name in frame if frame[name].nunique(dropna=False) > 1]]
    fills = fill_values(frame, options.missing)
    frame = filled(frame, fills)
    traits = _sensitive(list(map(str, frame)), layout, vocabulary)
    dated = tuple(name for name in map(str, frame) if part_of(name) in ("month", "weekday"))
    return Features(frame, tuple(forbidden.values()), traits, dated, fills)


def fill_values(frame: pd.DataFrame, how: str) -> dict[str, float]:
    """The mean or median of each number column with gaps; nothing where missing is a value of its own."""
    if how not in ("mean", "median"):
        return {}
    gaps = [name for name in frame if frame[name].dtype.kind == "f" and frame[name].isna().any()]
    return {str(name): float(frame[name].mean() if how == "mean" else frame[name].median()) for name in gaps}


def filled(frame: pd.DataFrame, fills: Mapping[str, float]) -> pd.DataFrame:
    """Numbers with their gaps filled, and a mark beside each column that had gaps.

    >>> people = pd.DataFrame({"age": [20.0, None, 40.0]})
    >>> filled(people, fill_values(people, "mean")).to_dict("list")
    {'age': [20.0, 30.0, 40.0], 'age:missing': ['no', 'yes', 'no']}
    """
    out: dict[str, pd.Series[Any]] = {}
    for name in map(str, frame):
        values = frame[name]
        out[name] = values.fillna(fills[name]) if name in fills else values
        if name in fills:
            out[f"{name}{PART}missing"] = values.isna().map({True: "yes", False: "no"}).astype(object)
    return pd.DataFrame(out, index=frame.index)


def of_dates(leads: pd.DataFrame, key: str, options: Options, *, always: bool = False) -> dict[str, pd.Series[Any]]:
    """Month and weekday of the day a customer came in, days until the first contact, years since birth.

    Never a date itself, because the next customer's date has not been seen yet.
    """
    role, dates = schema.role_of(key), leads[key]
    if role == "birthday":
        years = (pd.Timestamp(options.today) - dates).dt.days / 365.25
        return {f"{key}{PART}years": np.floor(years.where((years > 0) & (years < 120)))}
    if role not in ENTRY:
        return {}
    out: dict[str, pd.Series[Any]] = {}
    first = next(column for column in ENTRY if column in leads)
    if key == first and (always or dates.notna().mean() >= 0.5):
        for part, numbers in (("month", dates.dt.month), ("weekday", dates.dt.day_of_week + 1)):
            out[f"{key}{PART}{part}"] = numbers.astype("Int64").astype(str).astype(object).where(dates.notna(), None)
    elif key != first:
        days = (dates.dt.normalize() - leads[first].dt.normalize()).dt.days.astype(float)
        out[f"{key}{PART}wait"] = days.where((days >= 0) & (days < 365))
    return out


def zeros_of(amounts: pd.Series[Any]) -> pd.Series[Any]:
    """How many zeros an amount ends with, 0-6: a round figure is a guess, an exact one was calculated for somebody."""
    whole = amounts.where(amounts.notna() & (amounts != 0)).to_numpy(dtype=float)
    zeros = np.where(np.isnan(whole), np.nan, 0.0)
    with np.errstate(invalid="ignore"):
        for power in range(1, 7):
            zeros = np.where(np.mod(np.abs(whole), 10.0**power) == 0, float(power), zeros)
    return pd.Series(zeros, index=amounts.index)


def of_notes(
    leads: pd.DataFrame, layout: Layout, columns: dict[str, pd.Series[Any]], *, always: bool = False
) -> dict[str, pd.Series[Any]]:
    """What customers want by their notes. Not the reason: in a closed row the note says why it was lost."""
    notes = layout.keys("notes")
    if not notes or "need" in columns or "need_class" not in leads:
        return {}
    need = leads["need_class"].map(lambda text: text.split("; ")[0], na_action="ignore").astype(object)
    return {f"{notes[0]}{PART}need": need.where(need.notna(), None)} if always or need.notna().mean() >= 0.05 else {}


def _without(unknown: frozenset[str], values: pd.Series[Any]) -> pd.Series[Any]:
    """The column with 未知 and the like as missing."""
    if values.dtype != object:
        return values
    said = [text for text in values.dropna().unique() if isinstance(text, str) and normalise(text) in unknown]
    if not said or values.isna().any():  # beside empty cells, somebody's “unknown” is an answer of its own
        return values
    return values.mask(values.isin(said), None)


def _as_feature(values: pd.Series[Any]) -> pd.Series[Any] | None:
    """A column as numbers or texts; None for identifiers, free text and columns that never vary."""
    if values.dtype.kind in "fiu":
        if values.nunique() > ALWAYS_WITHIN and _looks_like_a_counter(values):
            return None
        return values.astype(float) if values.nunique(dropna=False) > 1 else None
    known = values.dropna()
    numbers = pd.to_numeric(known, errors="coerce") if len(known) else known
    if len(known) and numbers.notna().mean() >= 0.95 and known.nunique() > 2:
        as_numbers = pd.to_numeric(values, errors="coerce").astype(float)
        counter = as_numbers.nunique() > ALWAYS_WITHIN and _looks_like_a_counter(as_numbers)
        return None if counter else as_numbers
    texts = known.map(str)
    prose = len(texts) > 0 and texts.str.len().mean() > LONGEST_TEXT and texts.nunique() > ALWAYS_WITHIN
    if prose or texts.nunique() > max(ALWAYS_WITHIN, len(texts) * MOST_DISTINCT):
        return None
    made = values.map(str, na_action="ignore").astype(object)
    made = made.where(made.notna(), None)
    return made if made.nunique(dropna=False) > 1 else None


def _looks_like_a_counter(values: pd.Series[Any]) -> bool:
    """Whole numbers that never repeat are identifiers or row numbers."""
    known = values.dropna()
    return bool(known.is_unique and (known == known.round()).all() and len(known) > ALWAYS_WITHIN)


def emptied_by(changes: pd.DataFrame | None) -> dict[str, pd.Series[Any]]:
    """LEADS column -> the placeholders that cleaning emptied, by lead."""
    if changes is None or changes.empty or "was" not in changes:
        return {}
    gone = changes[changes["rule"].eq("blanks") & changes["after"].isna() & changes["was"].eq("text")]
    return {str(key): lines.set_index("lead")["before"] for key, lines in gone.groupby("column")}


def _with_placeholders(made: pd.Series[Any], said: pd.Series[Any] | None) -> pd.Series[Any]:
    """A text column with its placeholders back where it has empty cells besides; several empty cells mean another thing."""
    if said is None or made.dtype != object:
        return made
    empty = int(made.isna().sum()) - len(said)
    if min(len(said), empty) < PLACEHOLDER_ROWS:
        return made
    return made.where(~made.index.isin(said.index), said.reindex(made.index).astype(object))


def _sensitive(features: list[str], layout: Layout, vocabulary: Vocabulary) -> tuple[str, ...]:
    """Features of roles and headers that ``vocab/scoring.toml`` calls sensitive."""
    section = vocabulary.section("scoring")["sensitive"]
    words = Phrases({"sensitive": section["words"]})
    return tuple(
        name
        for name in features
        if schema.role_of(origin(name)) in section["roles"] or words.find(layout.header(origin(name)).replace("_", " "))
    )
