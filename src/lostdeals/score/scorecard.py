"""Points by a scorecard: a TOML file of conditions, points, knock-outs and cut-offs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from lostdeals.errors import LostDealsError
from lostdeals.model import Layout
from lostdeals.schema import role_of
from lostdeals.vocab import Phrases, Vocabulary, Words, matches, normalise
from lostdeals.vocab.loading import read_toml

DEFAULT = "default"


@dataclass(frozen=True)
class Scorecard:
    """A scorecard as its file says; the file's own comments explain each key."""

    name: str
    label: Mapping[str, str]
    absent: str
    """``drop`` or ``zero``: what an item is whose fields the sheet lacks."""
    unit: str
    """``percent`` of the maximum or ``points``: what the cut-offs count."""
    cutoffs: tuple[tuple[str, float], ...]
    """Grade and lowest total, the best grade first; a total on the cut-off has the grade."""
    items: tuple[Mapping[str, Any], ...]
    knockouts: tuple[Mapping[str, Any], ...]
    fields: Mapping[str, Mapping[str, Any]]
    """The card's own fields, found by header."""
    settings: Mapping[str, Any]


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
    sheet: Mapping[str, Any]
    """The card as a table: ``items`` (label, its maximum, points per row, NaN where unknown), ``knocked`` (the grade that a
    knock-out gave, else None), ``total``, ``maximum``, ``grade``, ``notes``, ``unit``, ``cutoffs``."""


def load_card(name: str | None, vocabulary: Vocabulary) -> Scorecard:
    """A shipped (or user vocabulary's) card by name, or one by the path of its TOML file.

    Raises LostDealsError ``unknown-card`` and ``card-unreadable``.
    """
    name = name or DEFAULT
    if name in vocabulary.names("scorecards"):
        raw = vocabulary.section(f"scorecards/{name}")
    elif name.endswith(".toml"):
        raw = read_toml(Path(name), "card-unreadable")
    else:
        raise LostDealsError("unknown-card", usage=True, card=name, known=", ".join(vocabulary.names("scorecards")))
    try:
        _check(raw)
        return Scorecard(
            name=name,
            label=raw["label"],
            absent=raw.get("absent", "zero"),
            unit=raw.get("unit", "points"),
            cutoffs=tuple(sorted(((c["grade"], c["at"]) for c in raw["cutoffs"]), key=lambda pair: -pair[1])),
            items=tuple(raw["items"]),
            knockouts=tuple(raw.get("knockouts", ())),
            fields=raw.get("fields", {}),
            settings=raw.get("settings", {}),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise LostDealsError("card-unreadable", where=name, reason=f"{type(error).__name__}: {error}") from None


def _check(raw: Mapping[str, Any]) -> None:
    """KeyError, TypeError or ValueError where a card's parts are missing or of the wrong kind."""
    texts = [raw["label"], *(item["label"] for item in raw["items"])]
    conditions = [knockout["when"] for knockout in raw.get("knockouts", ())]
    texts += [knockout["say"] for knockout in raw.get("knockouts", ())]
    for item in raw["items"]:
        _need(item["key"], str, "key")
        _need(item["fields"], list, f"{item['key']}.fields")
        if not item["rules"]:
            raise ValueError(f"{item['key']}.rules = []")
        for rule in item["rules"]:
            _need(rule["points"], (int, float), f"{item['key']}.points")
            texts.append(rule["say"])
            conditions.append(rule["when"])
    for cutoff in raw["cutoffs"]:
        _need(cutoff["at"], (int, float), "cutoffs.at")
        _need(cutoff["grade"], str, "cutoffs.grade")
    for field in raw.get("fields", {}).values():
        _need(field["headers"], list, "headers")
        _need(field["words"] if field["kind"] == "words" else {}, dict, "words")
    for text in texts:
        if not isinstance(text, dict) or not {"zh", "en"} & set(text):
            raise TypeError(f"{text!r}: {{ zh = …, en = … }}")
    for condition in conditions:
        matches(condition, pd.DataFrame())


def _need(value: object, kind: type | tuple[type, ...], name: str) -> None:
    if not isinstance(value, kind) or isinstance(value, bool):
        raise TypeError(f"{name} = {value!r}")


def card_columns(card: Scorecard, layout: Layout) -> dict[str, str]:
    """Which LEADS column holds each of the card's own fields, by header.

    A field that is neither a role nor a class nor one of the card's own is looked for among the headers as it stands.
    """
    found: dict[str, str] = {}
    for field in _named_fields(card):
        key = next((c.key for c in layout.columns if field in (c.header, _plain(c.header), normalise(c.header))), None)
        if key is not None and key != field:
            found[field] = key
    for field, entry in card.fields.items():
        headers = [normalise(header) for header in entry["headers"]]
        for header in headers:
            match = next((c.key for c in layout.columns if _plain(c.header) == header and c.role != "ignore"), None)
            if match is not None and match not in found.values():
                found[field] = match
                break
    return found


def _named_fields(card: Scorecard) -> list[str]:
    """The fields that a card's conditions name and its ``[fields]`` do not."""

    def inside(condition: Mapping[str, Any]) -> list[str]:
        parts = [*condition.get("all", ()), *condition.get("any", ())]
        own = [str(condition["field"])] if "field" in condition else []
        return own + [field for part in parts for field in inside(part)]

    conditions = [rule["when"] for item in card.items for rule in item["rules"]]
    conditions += [knockout["when"] for knockout in card.knockouts]
    named = [field for condition in conditions for field in inside(condition)]
    named += [field for item in card.items for field in item["fields"]]
    return [field for field in dict.fromkeys(named) if field not in card.fields]


def amount_columns(card: Scorecard, layout: Layout) -> list[str]:
    """The LEADS columns without a role that the card wants as money, for the cleaning stage to read."""
    found = card_columns(card, layout)
    wanted = [found[field] for field, entry in card.fields.items() if field in found and entry["kind"] == "money"]
    return [key for key in wanted if role_of(key) == "extra"]


def apply_card(card: Scorecard, leads: pd.DataFrame, layout: Layout, words: Words) -> Carded:
    """Points, grade and notes of every row.

    An item counts the first of its rules that a row meets. Items of one ``group`` whose setting is ``once`` count as one:
    the first of them that is known. A missing item scores nothing; it is named in the notes.
    """
    frame = _with_fields(card, leads, layout)
    lines: list[pd.DataFrame] = []
    table: list[tuple[str, float, pd.Series[Any]]] = []
    knocked = pd.Series(None, index=leads.index, dtype=object)
    total = pd.Series(0.0, index=leads.index)
    maximum = pd.Series(0.0, index=leads.index)
    missing = pd.Series("", index=leads.index, dtype=object)
    notes = pd.Series("", index=leads.index, dtype=object)
    groups = _grouped(card)
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
            lines.append(_lines(item, points[here], say[here], most, words))
            table.append((words.pick(item["label"]), most, points.where(here)))
        maximum += most if not optional else taken * most
        if not optional:
            missing = _added(missing, (~taken).map({True: words.pick(items[0]["label"]), False: ""}), ", ")
    share = (total / maximum.where(maximum > 0)).clip(upper=1.0)
    basis = share * 100 if card.unit == "percent" else total
    grade = pd.Series(None, index=leads.index, dtype=object)
    for name, at in card.cutoffs:
        grade = grade.where(grade.notna(), (basis.round(9) >= at).map({True: name, False: None}))
    grade = grade.where(share.notna(), None)
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
    return Carded(total, maximum, share, grade, notes, points_frame[columns], sheet)


def item_headers(card: Scorecard, layout: Layout, words: Words) -> dict[str, str]:
    """Item (in words) -> the header of the sheet's own column that could tell it; items without such a column are left out."""
    own = card_columns(card, layout)
    by_class = {"intent_class": "intent", "stage_class": "stage", "source_class": "source", "value_class": "amount"}
    found: dict[str, str] = {}
    for item in card.items:
        if item.get("optional", False):
            continue
        keys = [own.get(field) or by_class.get(field, field) for field in item["fields"]]
        key = next((key for key in keys if any(column.key == key for column in layout.columns)), None)
        if key is not None:
            found[words.pick(item["label"])] = layout.header(key)
    return found


def _grouped(card: Scorecard) -> list[list[Mapping[str, Any]]]:
    """Items that count together; a group whose setting is not ``once`` falls apart."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for item in card.items:
        group = item.get("group", "")
        name = f"group {group}" if group and card.settings.get(group) == "once" else str(item["key"])
        groups.setdefault(name, []).append(item)
    return list(groups.values())


def _in_sheet(item: Mapping[str, Any], frame: pd.DataFrame) -> bool:
    return any(field in frame and bool(frame[field].notna().any()) for field in item["fields"])


def _item(item: Mapping[str, Any], frame: pd.DataFrame, words: Words) -> tuple[pd.Series[Any], ...]:
    """Points (NaN where no rule is met), words and note of one item."""
    points = pd.Series(float("nan"), index=frame.index)
    say = pd.Series("", index=frame.index, dtype=object)
    note = pd.Series("", index=frame.index, dtype=object)
    for rule in item["rules"]:
        met = points.isna() & matches(rule["when"], frame)
        points = points.where(~met, float(rule["points"]))
        say = say.where(~met, words.pick(rule["say"]))
        if "note" in rule:
            note = note.where(~met, words.pick(rule["note"]))
    return points, say, note


def _lines(
    item: Mapping[str, Any], points: pd.Series[Any], say: pd.Series[Any], most: float, words: Words
) -> pd.DataFrame:
    lift = words.pick(item["lift"]) if "lift" in item else ""
    return pd.DataFrame(
        {
            "lead": points.index,
            "factor": words.pick(item["label"]),
            "points": points,
            "say": say,
            "most": most,
            "lift": lift,
        }
    )


def _added(texts: pd.Series[Any], more: pd.Series[Any], joint: str = "; ") -> pd.Series[Any]:
    """Texts with more texts after them where there are any."""
    both = (texts != "") & (more != "")
    return texts + both.map({True: joint, False: ""}) + more


def _with_fields(card: Scorecard, leads: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """The leads plus the card's own fields, read as words or numbers."""
    columns = card_columns(card, layout)
    extra: dict[str, pd.Series[Any]] = {
        field: _as_it_stands(leads[key])
        for field, key in columns.items()
        if field not in card.fields and field not in leads
    }
    if not card.fields and not extra:
        return leads
    for field, entry in card.fields.items():
        if field not in columns:
            extra[field] = pd.Series(None, index=leads.index, dtype=object)
        elif entry["kind"] == "words":
            extra[field] = _by_words(leads[columns[field]], entry)
        else:
            extra[field] = _numbers(leads[columns[field]])
    return leads.drop(columns=[c for c in extra if c in leads]).assign(**extra)


def _as_it_stands(values: pd.Series[Any]) -> pd.Series[Any]:
    """A column named by its header: numbers where nearly all of it is numbers (20人, 3 年), else its texts."""
    if values.dtype.kind in "fiu":
        return values
    numbers = _numbers(values)
    known = int(values.notna().sum())
    plain = values.map(str, na_action="ignore").astype(object).str.fullmatch(r"\s*\d+(?:\.\d+)?\s*\D{0,3}", na=False)
    return numbers if known and int(plain.sum()) >= 0.9 * known else values


def _numbers(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers as they stand, or the first one of a text: 20人, 3 年."""
    if values.dtype.kind in "fiu":
        return values.astype(float)
    first = values.map(str, na_action="ignore").astype(object).str.extract(r"(\d+(?:\.\d+)?)", expand=False)
    return pd.to_numeric(first, errors="coerce").astype(float)


def _by_words(values: pd.Series[Any], entry: Mapping[str, Any]) -> pd.Series[Any]:
    phrases = Phrases(entry["words"])
    several = entry.get("several", False)

    def read(text: str) -> str | None:
        whole = phrases.whole(text)
        if whole is not None:
            return whole
        hits = phrases.find(text)
        if several:
            return "; ".join(dict.fromkeys(hit.category for hit in hits)) or None
        return max(hits, key=lambda hit: len(hit.phrase)).category if hits else None

    texts = values.map(lambda value: str(value) if isinstance(value, str | bool) else None)
    return texts.map({text: read(text) for text in texts.dropna().unique()}).astype(object).where(texts.notna(), None)


def _plain(header: str) -> str:
    """A header without its units in brackets."""
    return re.sub(r"[(\[【].*?[)\]】]", "", normalise(header)).strip(" :*")
