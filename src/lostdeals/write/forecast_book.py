"""A workbook of the forecast: what to expect, from which steps, and how the same would have gone before."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from lostdeals.write.fields import Field, Table
from lostdeals.write.forecast import verdict
from lostdeals.write.forecast_facts import forecast_fact, stages_fact
from lostdeals.write.funnel_book import write_pages
from lostdeals.write.funnel_names import step_label
from lostdeals.write.mask import finding_text
from lostdeals.write.pages import ChartOf, Page

if TYPE_CHECKING:
    from lostdeals.trends import Forecast
    from lostdeals.vocab import Words


def write_forecast_book(found: Forecast, words: Words, funnel: str, path: Path, today: date) -> Path:
    """Write the workbook; the same forecast gives the same bytes. Raises LostDealsError ``cannot-write``.

    funnel: the name of the funnel, whose steps it is by. Where nothing can be forecast, the reason is all it holds.
    """
    return write_pages(forecast_pages(found, words, funnel), words, path, today)


def forecast_pages(found: Forecast, words: Words, funnel: str) -> list[Page]:
    """The sheets, in their order; one without rows is left out."""
    if found.expected is None:
        return [Page("forecast", (_meaning(found, words),))]
    pages = [Page("forecast", (_summary(found, words), _meaning(found, words)))]
    if found.by_stage:
        fact = stages_fact(found, words, funnel)
        chart = ChartOf(0, 0, 2, fact, [one.step for one in found.by_stage])
        pages.append(Page("by_stage", (_stages(found, words, funnel),), {"by_stage": chart} if fact.sentence else {}))
    if found.backtest:
        pages.append(Page("backtest", (_backtest(found, words),)))
    return pages


def _summary(found: Forecast, words: Words) -> Table:
    """What is expected, a line each with its interval where there is one."""
    say, speed = words.say, found.velocity
    lines: list[tuple[str, float | None, float | None, float | None]] = [
        ("won", found.expected, found.low, found.high),
        ("from_open", found.from_open, None, None),
        ("from_new", found.from_new, None, None),
        ("amount", found.expected_amount, found.amount_low, found.amount_high),
        ("weighted", found.stage_weighted, None, None),
        ("wins_per_day", None if speed is None else speed.wins_per_day, None, None),
        ("per_day", None if speed is None else speed.per_day, None, None),
    ]
    lines = [line for line in lines if line[1] is not None]
    fields = (
        Field("", [say(f"forecast.line.{key}", days=found.horizon_days) for key, *_ in lines], width=44),
        Field(say("forecast.column.said"), [value for _, value, *_ in lines], "decimal", 14),
        Field(say("funnel.column.low"), [low for _, _, low, _ in lines], "decimal", 12),
        Field(say("funnel.column.high"), [high for *_, high in lines], "decimal", 12),
    )
    return Table(forecast_fact(found, words).sentence, fields)


def _meaning(found: Forecast, words: Words) -> Table:
    """How far it can be trusted, or why nothing can be said."""
    said = [verdict(found, words), *(finding_text(note, words) for note in found.notes)]
    if found.expected is not None:
        said.append(words.say("forecast.how", day=found.as_of, days=found.horizon_days))
    return Table(words.say("funnel.meaning"), (Field("", said),))


def _stages(found: Forecast, words: Words, funnel: str) -> Table:
    say, stages = words.say, found.by_stage
    fields = [
        Field(say("funnel.column.step"), [step_label(words, one.step, funnel) for one in stages], width=24),
        Field(say("forecast.column.open"), [one.n for one in stages], "number", 10),
        Field(say("forecast.column.expected"), [one.expected for one in stages], "decimal", 12),
        Field(say("forecast.column.amount"), [one.amount for one in stages], "number", 14),
        Field(say("forecast.column.ever_rate"), [one.rate_ever for one in stages], "exact percent", 16),
        Field(say("forecast.column.closed"), [one.closed for one in stages], "number", 12),
    ]
    if all(one.amount is None for one in stages):
        fields = [one for one in fields if one.header != say("forecast.column.amount")]
    heading = stages_fact(found, words, funnel).sentence or say("forecast.by_stage")
    return Table(heading, tuple(fields))


def _backtest(found: Forecast, words: Words) -> Table:
    say, past = words.say, found.backtest
    inside = ["" if one.low <= one.actual <= one.high else "!" for one in past]
    fields = (
        Field(say("forecast.column.day"), [one.day for one in past], "day", 13),
        Field(say("forecast.column.said"), [one.expected for one in past], "decimal", 11),
        Field(say("funnel.column.low"), [one.low for one in past], "decimal", 10),
        Field(say("funnel.column.high"), [one.high for one in past], "decimal", 10),
        Field(say("forecast.column.actual"), [one.actual for one in past], "number", 11),
        Field("", inside, "centre", 6),
        Field(say("forecast.column.naive"), [one.naive for one in past], "number", 11),
    )
    return Table(say("forecast.backtest", days=found.horizon_days), fields)
