"""Turn classes and scores into next actions, from an editable playbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from lostdeals import schema
from lostdeals.distinct import combined, remembering, repeated, with_columns
from lostdeals.plan.calendar import next_working_day
from lostdeals.stats.refusals import person, refusals
from lostdeals.vocab import Phrases, Vocabulary, Words, matches


@dataclass(frozen=True)
class Planned:
    """Leads with their next action and date, and the list to work through."""

    leads: pd.DataFrame
    plan: pd.DataFrame
    """``schema.PLAN``."""


@remembering()
def plan(leads: pd.DataFrame, vocabulary: Vocabulary, words: Words, today: date, language: str) -> Planned:
    """The next action and the next contact date of every customer who may be called.

    The action is what the reason asks for, then what the stage asks for. A date in the future that the sheet itself gives
    (``next_contact_at``) is kept; otherwise the next contact is the last one plus the tier's interval (open rows) or the
    reason's cool-off (lost rows), never before today, on a working day. Invalid and do-not-contact rows get neither; won
    rows get an after-sales action without a date.
    """
    book = vocabulary.section("playbooks/default")
    result = leads["outcome_class"]
    quiet = (result == "invalid") | refusals(leads).any(axis=1)
    closed_side = result == "lost"
    by_reason = _first_tactic(book["reason"], leads, words)
    by_stage = _first_tactic(book["stage"], with_columns(leads, {"score_rank": _places(leads, quiet)}), words)
    action = _joined(by_reason, by_stage, words.say("plan.joint"))
    action = action.where(result != "won", _first_tactic(book["won"], leads, words))
    tips = talking_tips(leads, book["talk"], words)
    action = action.where(action.isna() | tips.isna(), action + tips)
    days = leads["tier"].map(book["intervals"]).astype(float).fillna(book["intervals"]["general"])
    cool = (
        leads["main_reason"].fillna("unknown").map(book["cool_off"]).astype(float).fillna(book["cool_off"]["unknown"])
    )
    wait = days.where(~closed_side, cool)
    dates = _dates(leads, wait, today, "CN" if language == "zh" else "").where(~(quiet | (result == "won")))
    out = with_columns(leads, {"next_action": action.where(~quiet, None), "next_contact": dates})
    return Planned(schema.check(out, schema.SCORED), schema.check(_queue(out, quiet), schema.PLAN))


def _places(leads: pd.DataFrame, quiet: pd.Series[bool]) -> pd.Series[Any]:
    """The customer's place by score among those who may be called, 0-1, the first 1; NaN for the others."""
    called = leads["outcome_class"].isin(["open", "lost"]) & ~quiet
    return leads["score"].where(called).rank(pct=True)


def _first_tactic(tactics: list[dict[str, Any]], leads: pd.DataFrame, words: Words) -> pd.Series[Any]:
    """The first tactic of a part that each row meets, in words; None where it meets none."""
    action = repeated(None, len(leads))
    left = np.ones(len(leads), dtype=bool)
    for tactic in tactics:
        met = left & matches(tactic["when"], leads).to_numpy()
        action[met], left[met] = words.pick(tactic["do"]), False
    return pd.Series(action, index=leads.index, dtype=object)


def _joined(first: pd.Series[Any], second: pd.Series[Any], joint: str) -> pd.Series[Any]:
    """Both texts, or the one that is there."""
    codes, places = combined([first.to_numpy(), second.to_numpy()], len(first))
    pairs = zip(first.to_numpy()[places], second.to_numpy()[places], strict=True)
    texts = np.array([joint.join(text for text in pair if text) or None for pair in pairs], dtype=object)
    return pd.Series(texts[codes], index=first.index, dtype=object)


def talking_tips(leads: pd.DataFrame, talk: Mapping[str, Mapping[str, Any]], words: Words) -> pd.Series[Any]:
    """How to talk to each customer, where the sheet's own personality column says what they are like; None elsewhere."""
    tips = pd.Series(None, index=leads.index, dtype=object)
    if "personality" not in leads:
        return tips
    whole = Phrases({key: entry["values"] for key, entry in talk.items()})
    anywhere = Phrases({key: entry["words"] for key, entry in talk.items()})
    said = {}
    for text in leads["personality"].dropna().unique():
        hits = anywhere.find(str(text))
        key = whole.whole(str(text)) or (hits[0].category if hits else None)
        said[text] = words.say("plan.talk", tip=words.pick(talk[key]["say"])) if key else None
    return leads["personality"].map(said).astype(object).where(leads["personality"].notna(), None)


def _dates(leads: pd.DataFrame, wait: pd.Series[Any], today: date, country: str) -> pd.Series[Any]:
    now = pd.Timestamp(today)
    elapsed = leads["days_since_contact"].fillna(1e6)
    due = now + pd.to_timedelta((wait - elapsed).clip(lower=0, upper=3650), unit="D")
    if "next_contact_at" in leads:
        asked = leads["next_contact_at"].dt.normalize()
        due = asked.where(asked >= now, due)
    working = {day: next_working_day(day.date(), country) for day in due.dropna().unique()}
    return pd.to_datetime(due.map(working)).astype("datetime64[ns]")


QUEUED = ("src_row", "next_action", "why", "next_contact", "owner")
"""What a line of the queue is made of."""


def _queue(leads: pd.DataFrame, quiet: pd.Series[bool]) -> pd.DataFrame:
    """The customers to call, in falling order of score, ties by amount (where all are in one currency), then by row.

    Rows of one customer are one line: an open row before a lost one, and no win-back for a customer who has bought.
    """
    customer, result = person(leads), leads["outcome_class"]
    is_open = (result == "open") & ~quiet
    settled = (is_open | (result == "won")).groupby(customer).transform("any")
    nothing = pd.Series(np.nan, index=leads.index)
    amount = leads["amount_base"] if "amount_base" in leads else leads.get("amount", nothing)
    needed = leads[[column for column in QUEUED if column in leads]]
    sortable = needed.assign(_amount=amount.fillna(0.0), _score=leads["score"].fillna(-1.0), _customer=customer)
    ordered = sortable[is_open | ((result == "lost") & ~quiet & ~settled)]
    ordered = ordered.sort_values(["_score", "_amount", "src_row"], ascending=[False, False, True], kind="stable")
    ordered = ordered.drop_duplicates("_customer")
    owner = ordered["owner"] if "owner" in ordered else pd.Series(None, index=ordered.index, dtype=object)
    return pd.DataFrame(
        {
            "lead": ordered.index.astype("int64"),
            "priority": np.arange(1, len(ordered) + 1),
            "action": _plain(ordered["next_action"]),
            "why": _plain(ordered["why"]),
            "due": ordered["next_contact"].to_numpy(),
            "owner": _plain(owner),
        }
    )


def _plain(texts: pd.Series[Any]) -> pd.Series[Any]:
    """Texts as they are, numbered anew; an array of them would be copied into another form."""
    return pd.Series(texts.to_numpy(dtype=object), dtype=object)
