"""How many customers reach each step, and where they are lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from lostdeals.model import Finding, Funnel, Segment, Step
from lostdeals.stats.rates import benjamini_hochberg, fisher, wilson
from lostdeals.vocab import Vocabulary
from lostdeals.vocab.words import UNKNOWN

MOST_SEGMENTS = 30
"""Values shown of one dimension; the rest are added up."""
REST = "…"


def sales_funnel(leads: pd.DataFrame, vocabulary: Vocabulary, by: str | None = None) -> Funnel:
    """The four stages and won, from the stage each customer stands at now.

    semantics ``reached-at-least``: a customer counts for its stage and all before it; won counts for every step. A customer
    whose stage is unknown counts for the first step only, and opens the band ``low``-``high`` of the later ones if it was
    lost. Invalid rows and the second row of a duplicate do not count.
    `by` is a LEADS column to split by.
    """
    order = {key: entry["order"] for key, entry in vocabulary.section("stages").items()}
    steps: list[str] = vocabulary.section("funnels")["sales"]["steps"]
    counted = leads[(leads["outcome_class"] != "invalid") & leads["duplicate_of"].isna()]
    won = counted["outcome_class"] == "won"
    reached = counted["stage_class"].map(order).astype(float)
    unknown = reached.isna() & ~won
    depth = reached.where(~won, len(steps)).fillna(1).astype(int)
    notes = []
    if reached.notna().sum() == 0:
        steps = [steps[0], steps[-1]]
        depth = won.map({True: 2, False: 1}).astype(int)
        notes.append(Finding("funnel-no-stages", len(counted)))
    elif unknown.any():
        notes.append(Finding("funnel-unknown-stage", int(unknown.sum())))
    could = unknown & (counted["outcome_class"] == "lost") if len(steps) > 2 else won & False
    total = _steps(steps, depth, could)
    funnel = Funnel("sales", "reached-at-least", total, notes=tuple(notes))
    if by is None:
        return funnel
    return by_dimension(
        funnel, counted[by], depth, could, vocabulary.section("funnels")["settings"]["smallest_group"], by
    )


def counted_funnel(name: str, steps: Sequence[tuple[str, int]]) -> Funnel:
    """A funnel from counts that somebody else made.

    >>> [step.from_first for step in counted_funnel("web", [("a", 520), ("b", 230)]).steps]
    [1.0, 0.4423076923076923]
    """
    first = steps[0][1]
    out = []
    before = first
    for key, n in steps:
        out.append(Step(key, n, n / first if first else None, n / before if before else None))
        before = n
    return Funnel(name, "counts", tuple(out))


def by_dimension(
    funnel: Funnel, values: pd.Series[Any], depth: pd.Series[Any], could: pd.Series[bool], smallest: int, by: str
) -> Funnel:
    """The funnel with one segment per value, the largest first; p against all others, q after Benjamini-Hochberg.

    values: the dimension per customer; depth: how many steps each has reached; smallest: fewer customers are marked.
    """
    keys = [step.key for step in funnel.steps]
    groups = values.map(lambda value: str(value) if value is not None and value == value else UNKNOWN)
    counts = groups.value_counts()
    if len(counts) > MOST_SEGMENTS:
        groups = groups.where(groups.isin(counts.index[:MOST_SEGMENTS]), REST)
    all_n, all_final = len(depth), int((depth >= len(keys)).sum())
    segments = []
    for value, rows in groups.groupby(groups):
        here = depth[rows.index]
        n, final = len(here), int((here >= len(keys)).sum())
        segments.append(
            Segment(
                value=str(value),
                steps=_steps(keys, here, could[rows.index]),
                final_rate=final / n,
                ci=wilson(final, n),
                p=fisher(final, n, all_final - final, all_n - n),
                q=None,
                enough=n >= smallest,
            )
        )
    segments.sort(key=lambda segment: (segment.value in (UNKNOWN, REST), -segment.steps[0].n, segment.value))
    q_values = benjamini_hochberg([segment.p if segment.enough else None for segment in segments])
    with_q = tuple(replace(segment, q=q) for segment, q in zip(segments, q_values, strict=True))
    return replace(funnel, by=by, segments=with_q)


def _steps(keys: Sequence[str], depth: pd.Series[Any], could: pd.Series[bool]) -> tuple[Step, ...]:
    counts = [int((depth >= place).sum()) for place in range(1, len(keys) + 1)]
    unsure = int(could.sum())
    out = []
    for place, (key, n) in enumerate(zip(keys, counts, strict=True)):
        open_band = unsure > 0 and 0 < place < len(keys) - 1
        out.append(
            Step(
                key=key,
                n=n,
                from_first=n / counts[0] if counts[0] else None,
                from_previous=(n / counts[place - 1] if counts[place - 1] else None) if place else (1.0 if n else None),
                low=n if open_band else None,
                high=n + unsure if open_band else None,
            )
        )
    return tuple(out)
