"""The scorecard's check-up in words: which items separate won from lost, who stands on an edge, what a cut-off would move."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import pandas as pd

from lostdeals.write.columns import customers, header, heading, labels, masked_names, place
from lostdeals.write.facts import ENOUGH_TO_TELL, fine_percent
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.evaluation import Edge, ItemCheck
    from lostdeals.model import Report
    from lostdeals.vocab import Words

WEAK = 0.05
"""An AUC this near to 0.5 makes little difference, however sure it is."""
NAMED = 5
"""Customers of an edge that a sentence names."""


def check_lines(report: Report, words: Words, *, named: bool = True) -> list[tuple[str, str]]:
    """Topic and sentence, some with `named` customers; nothing where the sheet has too few outcomes to judge a card."""
    check = report.evaluation.card_check
    if check is None:
        return []
    say = words.say
    values = {
        "card": report.card,
        "won": check.won,
        "lost": check.lost,
        "auc": check.auc,
        "low": check.low,
        "high": check.high,
    }
    without = say("doctor.whole-without", items=check.one_sided) if check.one_sided else ""
    few = say("doctor.few", enough=ENOUGH_TO_TELL) if min(check.won, check.lost) < ENOUGH_TO_TELL else ""
    lines = [("whole", say("doctor.whole", **values) + without + few)]
    for grade, won, lost in check.grades:
        if won + lost:
            rate = fine_percent(won / (won + lost))
            lines.append(("grades", say("doctor.grade", grade=grade, n=won + lost, won=won, rate=rate)))
    lines += [("items", _item(item, words)) for item in check.items]
    for edge in check.edges:
        values = {"grade": edge.grade, "at": edge.at, "n": edge.on_edge, "moved": edge.moved, "won": edge.moved_won}
        key = "edge" if edge.moved else "edge-open" if edge.on_edge else "edge-none"
        lines.append(("edges", say(f"doctor.{key}", **values)))
        if edge.callable and named:
            lines.append(("edges", _named(edge, report, words)))
    return [(say(f"doctor.topic.{topic}"), text) for topic, text in lines]


def _named(edge: Edge, report: Report, words: Words) -> str:
    """The customers on an edge who can still be called, masked, open ones first."""
    leads = report.leads
    shown = [lead for lead, _ in edge.callable[:NAMED]]
    names = masked_names(leads.loc[shown])
    rows = leads.loc[shown, "src_row"]
    unit = words.say(f"card.unit_{report.extras.card['unit']}") if report.extras and report.extras.card else ""
    said = [
        words.say("doctor.edge-customer", who=place(words, row, name), points=f"{_down(points)}{unit}")
        for row, name, (_, points) in zip(rows, names, edge.callable, strict=False)
    ]
    more = len(edge.callable) - len(said)
    key = "edge-named-more" if more else "edge-named"
    return words.say(f"doctor.{key}", grade=edge.grade, customers=words.say("terminal.comma").join(said), n=more)


def _down(points: float) -> str:
    """Points with one decimal, never rounded up to the cut-off they miss."""
    return f"{math.floor(points * 10 + 1e-6) / 10:g}"


def _item(item: ItemCheck, words: Words) -> str:
    if item.auc is None or item.low is None or item.high is None:
        return words.say("doctor.item-few", item=item.item, n=item.known)
    verdict = "for" if item.low > 0.5 else "against" if item.high < 0.5 else "none"
    if verdict != "none" and abs(item.auc - 0.5) < WEAK:
        verdict = "weak"
    said = words.say(
        f"doctor.item-{verdict}",
        item=item.item,
        n=item.known,
        auc=item.auc,
        low=item.low,
        high=item.high,
        won=item.mean_won,
        lost=item.mean_lost,
    )
    if item.twin and item.twin_correlation is not None:
        said += words.say("doctor.twin", twin=item.twin, r=item.twin_correlation)
    return said


def edge_table(report: Report, words: Words) -> Table | None:
    """Every customer who stands one step below a cut-off and can still be called; None where there is nobody."""
    check = report.evaluation.card_check
    edges = [(edge, lead, points) for edge in check.edges for lead, points in edge.callable] if check else []
    if not edges:
        return None
    of = [lead for _, lead, _ in edges]
    leads = report.leads
    owner = [Field(header(words, "owner"), leads.loc[of, "owner"].tolist(), width=16)] if "owner" in leads else []
    outcomes = labels(leads["outcome_class"], words, "outcome").loc[of].tolist()
    unit = words.say(f"card.unit_{report.extras.card['unit']}") if report.extras and report.extras.card else ""
    names = pd.Series(customers(leads).loc[of].tolist())
    who = [place(words, row, name) for row, name in zip(leads.loc[of, "src_row"], names, strict=True)]
    cuts = [words.say("doctor.cutoff-at", grade=edge.grade, at=f"{edge.at:g}{unit}") for edge, _, _ in edges]
    first = owner or [Field(heading(words, "grade"), [edge.grade for edge, _, _ in edges], width=16)]
    fields = (
        *first,
        Field(header(words, "customer"), who, width=110),
        Field(header(words, "outcome_class"), outcomes, width=11),
        Field(words.say("doctor.now"), [f"{_down(points)}{unit}" for _, _, points in edges], "centre", 12),
        Field(words.say("doctor.cutoff"), cuts, "centre", 12),
    )
    return Table(words.say("doctor.edges", n=len(of)), fields)


def check_table(report: Report, words: Words) -> Table:
    """The page 评分卡体检."""
    lines = check_lines(report, words, named=False)  # all of them stand below
    topics = [topic if place == 0 or lines[place - 1][0] != topic else "" for place, (topic, _) in enumerate(lines)]
    fields = (
        Field(header(words, "topic"), topics, width=16),
        Field(header(words, "text"), [text for _, text in lines], "wrapped", 110),
    )
    return Table(words.say("doctor.heading"), fields)
