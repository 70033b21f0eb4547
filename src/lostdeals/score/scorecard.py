"""Points, grades and notes of every row by a scorecard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from lostdeals.distinct import any_filled, repeated
from lostdeals.model import Layout
from lostdeals.score.card_fields import card_columns, with_fields
from lostdeals.score.card_file import Scorecard
from lostdeals.vocab import Words, matches

RARELY = "low_value"
"""The tier whose customers are to be contacted rarely: more contact with them is no advice."""
CONTACT = frozenset({"days_since_contact", "contact_count", "visit_count", "page_views"})
"""Fields of items that more contact raises."""


@dataclass(frozen=True)
class Carded:
    """What a card gives every row of a frame."""

    total: pd.Series[Any]
    maximum: pd.Series[Any]
    """What the row could have reached."""
    share: pd.Series[Any]
    """total / maximum, 0-1; NaN where the card has nothing to go by."""
    grade: pd.Series[Any]
    notes: pd.Series[Any]
    """Why a grade is provisional or was decided by a knock-out; None otherwise."""
    points: pd.DataFrame
    """``schema.POINTS`` plus ``most`` (the item's maximum) and ``lift`` (what would raise it)."""
    absent: tuple[str, ...]
    """Labels of the items that the sheet has no column for."""
    sheet: Mapping[str, Any]
    """The card as a table: ``items`` (label, its maximum, points per row, NaN where unknown), ``knocked`` (the grade that a
    knock-out gave, else None), ``total``, ``maximum``, ``grade``, ``notes``, ``unit``, ``cutoffs``."""


def apply_card(card: Scorecard, leads: pd.DataFrame, layout: Layout, words: Words) -> Carded:
    """Points, grade and notes of every row.

    An item counts the first of its rules that a row meets. Items of one ``group`` whose setting is ``once`` count as one:
    the first of them that is known. A missing item scores nothing; it is named in the notes.
    """
    frame, found = with_fields(card, leads, layout), card_columns(card, layout)
    lines: list[pd.DataFrame] = []
    table: list[tuple[str, float, pd.Series[Any]]] = []
    knocked = pd.Series(None, index=leads.index, dtype=object)
    total = pd.Series(0.0, index=leads.index)
    maximum = pd.Series(0.0, index=leads.index)
    missing = pd.Series("", index=leads.index, dtype=object)
    notes = pd.Series("", index=leads.index, dtype=object)
    groups = _grouped(card)
    absent = tuple(
        words.pick(items[0]["label"]) for items in groups if not any(_has_column(item, frame, found) for item in items)
    )
    for items in groups:
        if card.absent == "drop" and not any(_in_sheet(item, frame) for item in items):
            continue
        taken = pd.Series(False, index=leads.index)
        most = max(float(rule["points"]) for item in items for rule in item["rules"])
        optional = all(item.get("optional", False) for item in items)
        for item in items:
            points, say, note = _item(item, frame, words)
            here = points.notna() & ~taken
            taken |= here
            total += points.where(here, 0.0)
            notes = _added(notes, note.where(here, ""))
            lines.append(
                _lines(points[here], say[here], most, _lift(item, frame[here], words), words.pick(item["label"]))
            )
            table.append((words.pick(item["label"]), most, points.where(here)))
        maximum += most if not optional else taken * most
        if not optional:
            missing = _added(missing, _where(~taken, words.pick(items[0]["label"])), ", ")
    share = (total / maximum.where(maximum > 0)).clip(upper=1.0)
    basis = share * 100 if card.unit == "percent" else total
    grades, reached = repeated(None, len(leads)), basis.round(9).to_numpy()
    for name, at in reversed(card.cutoffs):
        grades[reached >= at] = name
    grades[share.isna().to_numpy()] = None
    grade = pd.Series(grades, index=leads.index, dtype=object)
    if card.absent == "zero":
        provisional = missing.map(lambda items: words.say("scoring.provisional", items=items) if items else "")
        notes = _added(notes, provisional)
    for knockout in card.knockouts:
        hit = matches(knockout["when"], frame)
        grade = grade.where(~hit, knockout["grade"])
        knocked = knocked.where(~hit, knockout["grade"])
        notes = notes.where(~hit, words.pick(knockout["say"]))
    columns = ["lead", "factor", "points", "say", "most", "lift"]
    points_frame = pd.concat(lines, ignore_index=True) if lines else pd.DataFrame(columns=columns)
    notes = notes.astype(object).where(notes != "", None)
    sheet = {
        "items": table,
        "knocked": knocked,
        "total": total,
        "maximum": maximum,
        "grade": grade,
        "notes": notes,
        "unit": card.unit,
        "cutoffs": card.cutoffs,
    }
    return Carded(total, maximum, share, grade, notes, points_frame[columns], absent, sheet)


def _grouped(card: Scorecard) -> list[list[Mapping[str, Any]]]:
    """Items that count together; a group whose setting is not ``once`` falls apart."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for item in card.items:
        group = item.get("group", "")
        name = f"group {group}" if group and card.settings.get(group) == "once" else str(item["key"])
        groups.setdefault(name, []).append(item)
    return list(groups.values())


def _in_sheet(item: Mapping[str, Any], frame: pd.DataFrame) -> bool:
    return any(field in frame and any_filled(frame[field]) for field in item["fields"])


def _has_column(item: Mapping[str, Any], frame: pd.DataFrame, found: Mapping[str, str]) -> bool:
    """Whether the sheet has a column for an item, or the item needs none."""
    return not item["fields"] or _in_sheet(item, frame) or any(field in found for field in item["fields"])


def _item(item: Mapping[str, Any], frame: pd.DataFrame, words: Words) -> tuple[pd.Series[Any], ...]:
    """Points (NaN where no rule is met), words and note of one item."""
    points = np.full(len(frame), np.nan)
    say, note = repeated("", len(frame)), repeated("", len(frame))
    for rule in item["rules"]:
        met = np.isnan(points) & matches(rule["when"], frame).to_numpy()
        points[met], say[met] = float(rule["points"]), words.pick(rule["say"])
        if "note" in rule:
            note[met] = words.pick(rule["note"])
    texts = (pd.Series(column, index=frame.index, dtype=object) for column in (say, note))
    return pd.Series(points, index=frame.index), *texts


def _lines(points: pd.Series[Any], say: pd.Series[Any], most: float, lift: pd.Series[Any], label: str) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "lead": points.index,
            "factor": _repeated(label, points.index),
            "points": points,
            "say": say,
            "most": most,
            "lift": lift,
        }
    )


def _lift(item: Mapping[str, Any], frame: pd.DataFrame, words: Words) -> pd.Series[Any]:
    """What would raise the points of an item; no more contact with customers of the tier that is to be contacted rarely."""
    text = words.pick(item["lift"]) if "lift" in item else ""
    if not text or "tier" not in frame or not CONTACT.issuperset(item["fields"]):
        return _repeated(text, frame.index)
    return _where(frame["tier"] != RARELY, text)


def _repeated(text: str, index: pd.Index[Any]) -> pd.Series[Any]:
    """The same text in every row, itself kept once; left as it is, because another form of it takes time and room."""
    return pd.Series(repeated(text, len(index)), index=index, dtype=object)


def _where(which: pd.Series[bool], text: str) -> pd.Series[Any]:
    return pd.Series(np.where(which.to_numpy(), np.array(text, dtype=object), ""), index=which.index, dtype=object)


def _added(texts: pd.Series[Any], more: pd.Series[Any], joint: str = "; ") -> pd.Series[Any]:
    """Texts with more texts after them where there are any."""
    old, new = texts.to_numpy(dtype=object), more.to_numpy(dtype=object)
    rows = np.flatnonzero(new != "")
    if not len(rows):
        return texts
    out = old.copy()
    out[rows] = [
        f"{text}{joint}{text_more}" if text else text_more for text, text_more in zip(old[rows], new[rows], strict=True)
    ]
    return pd.Series(out, index=texts.index, dtype=object)
