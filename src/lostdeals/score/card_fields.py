"""Find and read the fields of a scorecard: by the card's own headers, or by a header that a condition names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.distinct import with_columns
from lostdeals.model import Layout
from lostdeals.schema import role_of
from lostdeals.vocab import Phrases, Words, normalise

if TYPE_CHECKING:
    from lostdeals.score.scorecard import Scorecard


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


def with_fields(card: Scorecard, leads: pd.DataFrame, layout: Layout) -> pd.DataFrame:
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
    return with_columns(leads.drop(columns=[c for c in extra if c in leads]), extra)


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
