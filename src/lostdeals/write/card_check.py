"""The scorecard's check-up in words: which items separate won from lost, who stands on an edge, what a cut-off would move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.write.columns import header
from lostdeals.write.fields import Field, Table

if TYPE_CHECKING:
    from lostdeals.evaluation import ItemCheck
    from lostdeals.model import Report
    from lostdeals.vocab import Words

WEAK = 0.05
"""An AUC this near to 0.5 makes little difference, however sure it is."""


def check_lines(report: Report, words: Words) -> list[tuple[str, str]]:
    """Topic and sentence; nothing where the sheet has too few outcomes to judge a card."""
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
    lines = [("whole", say("doctor.whole", **values))]
    for grade, won, lost in check.grades:
        if won + lost:
            lines.append(("grades", say("doctor.grade", grade=grade, n=won + lost, won=won, rate=won / (won + lost))))
    lines += [("items", _item(item, words)) for item in check.items]
    for edge in check.edges:
        values = {"grade": edge.grade, "at": edge.at, "n": edge.on_edge, "moved": edge.moved, "won": edge.moved_won}
        lines.append(("edges", say("doctor.edge", **values)))
    return [(say(f"doctor.topic.{topic}"), text) for topic, text in lines]


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


def check_table(report: Report, words: Words) -> Table:
    """The page 评分卡体检."""
    lines = check_lines(report, words)
    topics = [topic if place == 0 or lines[place - 1][0] != topic else "" for place, (topic, _) in enumerate(lines)]
    fields = (
        Field(header(words, "topic"), topics, width=16),
        Field(header(words, "text"), [text for _, text in lines], "wrapped", 110),
    )
    return Table(words.say("doctor.heading"), fields)
