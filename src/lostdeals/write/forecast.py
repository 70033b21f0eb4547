"""The forecast on the screen and as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.text import Text

from lostdeals.write.funnel import command
from lostdeals.write.funnel_names import percent, step_label
from lostdeals.write.json import finding_object, rounded
from lostdeals.write.mask import finding_text
from lostdeals.write.screen import Column, console, fitted, quoted, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from lostdeals.trends import Forecast
    from lostdeals.vocab import Words

WIDENED = 1.05
"""An interval that is widened by less shows the same figure."""


def forecast_screen(
    name: str, found: Forecast, words: Words, funnel: str, outputs: Sequence[Path] = (), again: str = ""
) -> RenderableType:
    """What to expect, from whom, how fast, and how the same would have gone before; or why nothing can be said."""
    title = "forecast.title" if found.as_of else "forecast.title_undated"
    parts: list[RenderableType] = [
        _line(words.say(title, file=name, days=found.horizon_days, day=found.as_of), "bold"),
    ]
    if found.expected is None:
        parts.append(_line(verdict(found, words)))
        parts += [_line(finding_text(note, words), "dim") for note in found.notes]
        return Group(*parts, *_written(outputs, words))
    said = words.say("forecast.expected", expected=found.expected, low=found.low, high=found.high)
    parts += [
        _line(said),
        _line(words.say("forecast.of_these", open=found.from_open, new=found.from_new)),
    ]
    if found.expected_amount is not None:
        amount = words.say(
            "forecast.amount", expected=found.expected_amount, low=found.amount_low, high=found.amount_high
        )
        parts.append(_line(amount + words.say(f"forecast.amount_from.{found.amount_from}")))
    parts.append(_line(verdict(found, words)))
    parts += _stages(found, words, funnel)
    if found.velocity is not None:
        speed = found.velocity
        key = "forecast.velocity" if speed.per_day is not None else "forecast.velocity_wins"
        parts.append(
            _line(
                words.say(
                    key,
                    n=speed.n,
                    value=speed.value or 0,
                    rate=speed.win_rate,
                    days=speed.days,
                    per_day=speed.per_day or 0,
                    wins=speed.wins_per_day,
                )
            )
        )
    parts += _backtest(found, words)
    parts += [_line(finding_text(note, words), "dim") for note in found.notes]
    parts += _written(outputs, words)
    parts += [
        Text(),
        command(words.say("funnel.next", command=f"lostdeals funnel {again or quoted(name)} --over month")),
    ]
    return Group(*parts)


def verdict(found: Forecast, words: Words) -> str:
    """How far the forecast can be trusted, or why there is none."""
    return words.say(
        f"forecast.verdict.{found.verdict}",
        error=found.error or 0.0,
        naive=found.naive_error or 0.0,
        n=len(found.backtest),
        covered=found.covered,
        days=found.horizon_days,
    )


def forecast_object(found: Forecast, words: Words) -> dict[str, Any]:
    """What ``forecast --json`` prints."""
    speed = found.velocity
    return {
        "horizon_days": found.horizon_days,
        "as_of": found.as_of.isoformat() if found.as_of else None,
        "input": found.input,
        "expected": found.expected,
        "low": found.low,
        "high": found.high,
        "level": 0.9,
        "from_open": found.from_open,
        "from_new": found.from_new,
        "expected_amount": found.expected_amount,
        "amount_low": found.amount_low,
        "amount_high": found.amount_high,
        "amount_from": found.amount_from,
        "stage_weighted": found.stage_weighted,
        "by_stage": [
            {
                "step": one.step,
                "open": one.n,
                "expected": one.expected,
                "rate_ever": rounded(one.rate_ever, 6),
                "closed": one.closed,
                "amount": one.amount,
            }
            for one in found.by_stage
        ],
        "velocity": None
        if speed is None
        else {
            "n": speed.n,
            "value": speed.value,
            "win_rate": speed.win_rate,
            "days": speed.days,
            "per_day": speed.per_day,
            "wins_per_day": speed.wins_per_day,
        },
        "backtest": {
            "windows": [
                {
                    "day": one.day.isoformat(),
                    "expected": one.expected,
                    "low": one.low,
                    "high": one.high,
                    "actual": one.actual,
                    "naive": one.naive,
                }
                for one in found.backtest
            ],
            "error": found.error,
            "naive_error": found.naive_error,
            "covered": found.covered,
            "widened": found.widened,
        },
        "verdict": found.verdict,
        "verdict_text": verdict(found, words),
        "findings": [finding_object(note, words) for note in found.notes],
    }


def _stages(found: Forecast, words: Words, funnel: str) -> list[RenderableType]:
    if not found.by_stage:
        return []
    money = any(one.amount is not None for one in found.by_stage)
    keys = ["open", "expected", *(["amount"] if money else []), "ever"]
    columns = [
        Column(words.say("funnel.column.step"), 24),
        *(Column(words.say(f"forecast.column.{key}"), 16, number=True) for key in keys),
    ]
    lines = []
    for one in found.by_stage:
        ever = "–" if one.rate_ever is None else f"{percent(one.rate_ever)} ({one.closed:,})"
        amount = [f"{one.amount:,.0f}" if one.amount is not None else "–"] if money else []
        lines.append((step_label(words, one.step, funnel), f"{one.n:,}", f"{one.expected:,.1f}", *amount, ever))
    unknown = "forecast.unweighted" if found.lost else "forecast.nobody_lost"
    key = "forecast.weighted" if found.stage_weighted is not None else unknown
    return [
        Text(),
        fitted(columns, lines, grow=True),
        _line(words.say(key, n=found.stage_weighted or 0.0), "dim"),
    ]


def _backtest(found: Forecast, words: Words) -> list[RenderableType]:
    if not found.backtest:
        return []
    columns = [
        Column(words.say("forecast.column.day"), 12),
        *(
            Column(words.say(f"forecast.column.{key}"), 18, number=True)
            for key in ("said", "interval", "actual", "naive")
        ),
    ]
    lines = [
        (
            one.day.isoformat(),
            f"{one.expected:,.0f}",
            f"{one.low:,.0f}–{one.high:,.0f}",
            f"{one.actual:,}{'' if one.low <= one.actual <= one.high else ' !'}",
            f"{one.naive:,}",
        )
        for one in found.backtest
    ]
    widened = words.say("forecast.widened", times=found.widened) if found.widened >= WIDENED else ""
    note = words.say("forecast.backtest_note", covered=found.covered, n=len(found.backtest), widened=widened)
    return [
        Text(),
        _line(words.say("forecast.backtest", days=found.horizon_days), "bold"),
        fitted(columns, lines),
        _line(note, "dim"),
    ]


def _written(outputs: Sequence[Path], words: Words) -> list[RenderableType]:
    if not outputs:
        return []
    files = words.say("terminal.comma").join(str(path) for path in outputs)
    return [Text(), _line(words.say("funnel.written", files=files))]


def _line(text: str, style: str = "") -> Text:
    return Text(wrapped(text, console().width), style=style)
