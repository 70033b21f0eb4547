"""Read journeys from tables of events: a user, what happened, and when; or one event per table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from lostdeals.analyse.funnel_reach import NEVER, Moves, first_times
from lostdeals.analyse.funnel_steps import Steps, asked_steps, best_fitting, own_steps
from lostdeals.analyse.journeys import Journeys, by_first, last_moment, nanoseconds
from lostdeals.errors import LostDealsError
from lostdeals.findings import Finding
from lostdeals.funnels import Asked
from lostdeals.stats.stage_order import in_order_of_time
from lostdeals.vocab import Vocabulary, normalise

FEWER = 0.9
"""Users per row below which a lone table holds events and not users."""
KINDS = 0.5
"""Different events per row above which a column holds something else."""
FEW = 12
"""Different events that are few whatever the number of rows."""
USER, EVENT, TIME = "user", "event", "time"
ROLES = {"id": USER, "stage": EVENT, "created_at": TIME}
"""How ``--map`` names the three columns."""

ReadTimes: TypeAlias = "Callable[[pd.Series[Any]], pd.Series[Any]]"


@dataclass(frozen=True)
class EventTable:
    """One table of events, or of the people."""

    name: str
    """Of its file or sheet, which names its event where no column does."""
    cells: pd.DataFrame
    """A column per header, values as found."""
    user: str
    """Headers of the three columns."""
    event: str | None
    time: str | None

    @property
    def others(self) -> list[str]:
        """Headers of what else is told of a user."""
        return [str(column) for column in self.cells if column not in (self.user, self.event, self.time)]


def find_events(
    name: str, cells: pd.DataFrame, vocabulary: Vocabulary, mapping: Mapping[str, str], *, alone: bool
) -> EventTable | None:
    """The table of events that these cells are; None where they are none.

    alone: no other table is given with it, so that it must have an event per row, and users who come back.
    mapping: header -> role, as the user names them: ``id`` for the user, ``stage`` for the event, ``created_at`` for the time.
    """
    words = vocabulary.section("funnels")["events"]
    given = {ROLES[role]: header for header, role in mapping.items() if role in ROLES and header in cells}
    listed = {
        part: [*words[part], *([] if alone else words.get(f"{part}_among_others", []))] for part in (USER, EVENT, TIME)
    }
    found = {part: given.get(part) or _by_header(cells, listed[part]) for part in (USER, EVENT, TIME)}
    user, event = found[USER], found[EVENT]
    if user is None or (event is None and alone):
        return None
    if event is not None:
        kinds = cells[event].nunique()
        few = FEW if found[TIME] else 0  # a small table with all three headers is one all the same
        if kinds == 0 or (alone and kinds > max(KINDS * len(cells), few)):
            return None
    if alone and not _come_back(cells[user]):
        return None
    return EventTable(name, cells, user, event, found[TIME])


def read_event_journeys(
    tables: Sequence[EventTable], vocabulary: Vocabulary, asked: Asked, today: pd.Timestamp, read_times: ReadTimes
) -> tuple[Journeys, pd.DataFrame]:
    """The journeys of users through events, and what else is told of them per row of all tables.

    Raises LostDealsError (usage) ``too-many-steps``.
    """
    named_by_table = len(tables) > 1
    all_timed = all(table.time is not None for table in tables)
    users = pd.concat([table.cells[table.user] for table in tables], ignore_index=True)
    names = _users(users)
    person, known = pd.factorize(names)
    events = pd.concat([_events(table, vocabulary, named_by_table, all_timed) for table in tables], ignore_index=True)
    parts = [
        read_times(table.cells[table.time])
        if table.time
        else pd.Series(pd.NaT, index=table.cells.index, dtype="datetime64[ns]")
        for table in tables
    ]
    times = pd.concat([part.astype("datetime64[ns]") for part in parts], ignore_index=True)
    described = pd.concat(
        [table.cells[table.others] if table.others else pd.DataFrame(index=table.cells.index) for table in tables],
        ignore_index=True,
    )
    counts = person >= 0
    codes, wordings = pd.factorize(events)
    stamps = nanoseconds(times)
    steps, unplaced = _steps(wordings, codes, person, stamps, len(known), vocabulary, asked)
    place = np.array([_place(steps, str(word)) for word in wordings] or [-1], dtype=np.int64)
    step = np.where(codes >= 0, place[codes], -1)
    moves = Moves(person[counts], step[counts], stamps[counts], len(known), len(steps.keys))
    dated = bool((stamps[codes >= 0] != NEVER).any())
    unread = int(((stamps == NEVER) & (codes >= 0)).sum()) if dated else 0
    notes = [Finding("funnel-events-undated", unread)] if unread else []
    if not counts.all():
        notes.append(Finding("funnel-events-nobody", int((~counts).sum())))
    finished = np.zeros(len(known), dtype=bool)
    finished[person[counts & (step == len(steps.keys) - 1)]] = True
    nothing = pd.Series(pd.NaT, index=range(len(known)), dtype="datetime64[ns]")
    people = pd.DataFrame(
        {
            "outcome": np.where(finished, "won", "open"),
            "born": by_first(person[counts], times[counts].reset_index(drop=True), len(known), "min"),
            "closed": nothing,
            "amount": np.nan,
            "row": -1,
            "called": np.asarray(known, dtype=object),
            "called_role": "id",
        }
    )
    journeys = Journeys(
        "events",
        steps.name,
        steps.keys,
        people,
        person,
        moves,
        as_of=last_moment(today, times[codes >= 0]) if dated else None,
        notes=tuple(notes),
        unplaced=unplaced,
        strangers=len(unplaced) > 0 and len(unplaced) == len(wordings),
    )
    return journeys, described


def _steps(
    wordings: pd.Index[Any],
    codes: np.ndarray[Any, Any],
    person: np.ndarray[Any, Any],
    stamps: np.ndarray[Any, Any],
    people: int,
    vocabulary: Vocabulary,
    asked: Asked,
) -> tuple[Steps, tuple[str, ...]]:
    texts = [str(word) for word in wordings]
    steps = asked_steps(asked, vocabulary)
    if steps is not None:
        return steps, tuple(text for text in texts if steps.place(text) is None)
    most = vocabulary.section("funnels")["settings"]["most_steps"]
    if len(texts) > most:
        raise LostDealsError("too-many-steps", usage=True, n=len(texts), most=most, first=tuple(texts[:4]))
    if len(texts) < 2:
        raise LostDealsError("too-few-steps", n=len(texts), first=tuple(texts))
    kept = (codes >= 0) & (person >= 0)
    first = first_times(Moves(person[kept], codes[kept], stamps[kept], people, len(texts)))
    reached = np.zeros((people, len(texts)), dtype=bool)
    reached[person[kept], codes[kept]] = True
    named = best_fitting(texts, vocabulary)
    worth = [named.place(text) or 0 for text in texts] if named else (-reached.sum(axis=0)).tolist()
    by_worth = sorted(range(len(texts)), key=lambda place: (worth[place], texts[place]))
    rank = [by_worth.index(place) for place in range(len(texts))]
    order = in_order_of_time(first, rank)
    return own_steps([texts[place] for place in order], None), ()


def _come_back(users: pd.Series[Any]) -> bool:
    """Whether a tenth of the rows at least are of users who have been there before.

    Who comes back within some rows comes back in all of them, so that a part may do.
    """
    known = users.dropna()
    least = (1 - FEWER) * len(known)
    return any(len(some) - some.nunique() >= least for some in (known.iloc[: len(known) // 4], known))


def _users(users: pd.Series[Any]) -> pd.Series[Any]:
    """Users as text, so that 7, 7.0 and "7" are one; None for a blank."""
    if users.dtype.kind in "iuO" and pd.api.types.infer_dtype(users, skipna=True) in ("string", "integer"):
        return users
    out = users.astype(object)
    whole = out.map(
        lambda cell: str(int(cell)) if isinstance(cell, float) and cell == int(cell) else cell, na_action="ignore"
    )
    return whole.map(lambda cell: str(cell).strip() or None, na_action="ignore")


def _events(table: EventTable, vocabulary: Vocabulary, several: bool, all_timed: bool) -> pd.Series[Any]:
    """The wording of each row's event: what the column says, else the name of the table; None for a table of the people.

    A table without events that tells more of each user and has each once is one of the people, unless all tables have times.
    """
    if table.event is not None:
        return table.cells[table.event]
    once = len(table.others) > 0 and not table.cells[table.user].duplicated().any()
    people = not several or (once and not all_timed)
    return pd.Series([None if people else _table_name(table.name, vocabulary)] * len(table.cells), dtype=object)


def _table_name(name: str, vocabulary: Vocabulary) -> str:
    words = vocabulary.section("funnels")["events"]["tables"]
    text = name.replace("_", " ").strip()
    for word in words:
        if text.casefold().endswith(word) and len(text) > len(word):
            text = text[: -len(word)].strip()
    return text


def _by_header(cells: pd.DataFrame, words: Sequence[str]) -> str | None:
    """The column whose header is one of the words, the word that stands first deciding between several."""
    rank = {normalise(word.replace("_", " ")): place for place, word in reversed(list(enumerate(words)))}
    found = [
        (rank[form], str(column)) for column in cells if (form := normalise(str(column).replace("_", " "))) in rank
    ]
    return min(found)[1] if found else None


def _place(steps: Steps, text: str) -> int:
    place = steps.place(text)
    return -1 if place is None else place
