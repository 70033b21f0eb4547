"""What somebody wrote on an earlier plan, put beside the same customers on the new one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from lostdeals.schema import FOLLOW_UPS
from lostdeals.stats.keys import KNOWN_BY, candidates, keys_of, secret

if TYPE_CHECKING:
    from lostdeals.model import Report

FILLED_IN = ("contacted", "result", "next_date", "remarks")
"""The columns of the plan that are the user's."""


def carried(report: Report) -> tuple[dict[str, list[Any]], pd.DataFrame]:
    """What stands in the user's columns of each line of the plan, and the lines whose customers are not on it any more.

    A line of the same action comes first, then the customer's first free one.
    """
    todo, before = report.plan, report.follow_ups
    cells: dict[str, list[Any]] = {key: [None] * len(todo) for key in FILLED_IN}
    if before is None or before.empty:
        return cells, pd.DataFrame(columns=list(FOLLOW_UPS))
    leads = report.leads
    kept = leads.loc[leads["duplicate_of"].isna(), [role for role in KNOWN_BY if role in leads]]
    wanted = set(before["customer_key"].dropna())
    known = {
        key: lead
        for column in candidates(kept)
        for lead, key in zip(column.index, secret(column), strict=True)
        if key in wanted
    }
    places: dict[Any, list[int]] = {}
    for number, lead in enumerate(todo["lead"]):
        places.setdefault(lead, []).append(number)
    actions, taken = todo["action"].tolist(), set[int]()
    left: list[int] = []
    for place, line in enumerate(before.to_dict("records")):
        free = [one for one in places.get(known.get(line["customer_key"]), []) if one not in taken]
        at = next((one for one in free if actions[one] == line["action"]), free[0] if free else None)
        if at is None:
            left.append(place)
            continue
        taken.add(at)
        for key in FILLED_IN:
            cells[key][at] = line[key] if line[key] == line[key] else None
    return cells, before.iloc[left]


def customer_keys(report: Report) -> Mapping[Any, str | None]:
    """Lead -> the key by which the next run knows the customer, for everybody on the plan."""
    leads = report.leads
    kept = leads.loc[leads["duplicate_of"].isna(), [role for role in KNOWN_BY if role in leads]]
    keys = keys_of(kept).reindex(report.plan["lead"].unique())
    return dict(zip(keys.index, secret(keys), strict=True))
