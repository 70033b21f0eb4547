"""The trend, a comparison and the channels on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import RenderableType
from rich.text import Text

from lostdeals.write.funnel_facts import differ, drifts
from lostdeals.write.funnel_names import (
    are_small,
    dimension_label,
    interval,
    p_text,
    percent,
    points,
    points_pair,
    q_text,
    segment_label,
    span_text,
    step_name,
)
from lostdeals.write.mask import finding_text
from lostdeals.write.screen import Column, console, fitted, wrapped

if TYPE_CHECKING:
    from lostdeals.trends import Change, Channels, Comparison, Mix, Trend
    from lostdeals.vocab import Words

LATEST = 24
"""Periods on the screen; all are in the workbook and the JSON."""
MOST_PARTS = 8
"""Groups of a mix on the screen."""
RANKED = 6
SMALL = "† "
"""Before the name of a channel that is too small to be tested."""


def trend_parts(trend: Trend, words: Words) -> list[RenderableType]:
    """Cohorts, what is young, the ranking, and what is unusual with the chance of a false alarm."""
    over = words.pick(words.vocabulary.section("messages")["funnel"]["by_word"][trend.over])
    shown = trend.cohorts[-LATEST:]
    columns = [
        Column(over, 12),
        *(
            Column(words.say(f"trend.column.{key}"), 14, number=True)
            for key in ("n", "won", "rate", "ci", "estimate", "rank")
        ),
        Column("", 10),
    ]
    lines = [
        (
            one.period,
            f"{one.n:,}{'!' if one.odd_n else ''}",
            f"{one.won:,}",
            f"{percent(one.rate)}{'!' if one.odd else ''}",
            interval(one.ci),
            percent(one.estimate) if one.estimate is not None else "",
            "" if one.rank is None else str(one.rank),
            words.say("trend.young") if one.young else "",
        )
        for one in shown
    ]
    parts: list[RenderableType] = [
        Text(),
        _line(words.say("trend.title", over=over), "bold"),
        fitted(columns, lines, [one.young for one in shown]),
    ]
    if len(trend.cohorts) > len(shown):
        parts.append(_line(words.say("trend.earlier", n=len(trend.cohorts) - len(shown)), "dim"))
    ranked = sorted((one for one in trend.cohorts if one.rank is not None), key=lambda one: (one.rank or 0, one.period))
    if len(ranked) >= 2:
        text = ranked[0].period
        for number, one in enumerate(ranked[1:RANKED]):
            text += f" {'=' if one.rank == ranked[number].rank else '>'} {one.period}"
        more = f" > … ({len(ranked)})" if len(ranked) > RANKED else ""
        parts.append(_line(words.say("funnel.ranking", order=text + more)))
        if trend.alike is not None:
            if drifts(trend):
                key = "trend.falling" if trend.falling else "trend.rising"
                parts.append(_line(words.say(key, n=len(ranked), p=p_text(trend.drift or 0.0))))
            else:
                key = "trend.differ" if differ(trend) else "trend.alike"
                parts.append(_line(words.say(key, n=len(ranked), p=p_text(trend.alike)), "dim"))
    if trend.horizon is not None:
        parts.append(_line(words.say("trend.horizon", span=span_text(trend.horizon, words)), "dim"))
    odd = [one for one in trend.cohorts if one.odd]
    odd_n = [one for one in trend.cohorts if one.odd_n]
    for one in odd[-3:]:
        assert one.usual is not None
        said = words.say("trend.odd", period=one.period, rate=percent(one.rate), usual=interval(one.usual))
        parts.append(_line(said))
    for one in odd_n[-3:]:
        assert one.usual_n is not None
        low, high = one.usual_n
        parts.append(_line(words.say("trend.odd_n", period=one.period, n=one.n, low=low, high=high)))
    key = "trend.alarm" if odd or odd_n else "trend.quiet" if trend.tested else "trend.short"
    least = words.vocabulary.section("funnels")["settings"]["least_history"]
    parts.append(_line(words.say(key, chance=trend.false_alarm, tested=trend.tested, least=least), "dim"))
    parts += [_line(finding_text(note, words), "dim") for note in trend.notes]
    return parts


def comparison_parts(found: Comparison, words: Words) -> list[RenderableType]:
    """Step by step before and after, then how much is mix."""
    before, after = found.names
    columns = [
        Column(words.say("funnel.column.step"), 20),
        *(Column(words.say(f"compare.column.{key}"), 17, number=True) for key in ("before", "after", "points", "ci")),
        Column("q", 8, number=True),
    ]
    lines = [_change_line(change, step_name(change.step, found.after, words)) for change in found.changes]
    whole = _change_line(found.final, words.say("compare.whole"))
    parts: list[RenderableType] = [
        Text(),
        _line(words.say("compare.title", before=before, after=after), "bold"),
        fitted(columns, [*lines, (*whole[:-1], "")], grow=True),  # its p stands in the sentence below
        _line(_verdict(found, words)),
        *([_line(words.say("compare.q_note"), "dim")] if any(change.q is not None for change in found.changes) else []),
    ]
    if found.within_days is not None:
        parts.append(_line(words.say("compare.within", span=span_text(found.within_days, words)), "dim"))
    if found.mix is not None:
        parts += _mix_parts(found.mix, words, small=are_small(found.final.before, found.final.after))
    return [*parts, *(_line(finding_text(note, words), "dim") for note in found.notes)]


def channel_parts(found: Channels, words: Words) -> list[RenderableType]:
    """What each channel brought and cost."""
    costs = any(row.cost is not None for row in found.rows)
    keys = ["n", "won", "rate", "ci", *(["cost", "per_win", "returned"] if costs else ["q", "worth"])]
    columns = [
        Column(dimension_label(found.by, words), 16),
        *(Column(words.say(f"channels.column.{key}"), 13, number=True) for key in keys),
    ]
    lines = []
    for row in found.rows:
        cells = {
            "n": f"{row.n:,}",
            "won": f"{row.won:,}",
            "rate": f"{percent(row.rate)}{'*' if costs and row.q is not None and row.q < 0.05 else ''}",
            "ci": interval(row.ci),
            "q": q_text(row.q),
            "cost": _money(row.cost),
            "per_lead": _money(row.per_lead),
            "per_win": _money(row.per_win),
            "returned": "–" if row.returned is None else f"{row.returned:.1f}×",
            "worth": _money(row.worth),
        }
        lines.append(
            (("" if row.enough else SMALL) + segment_label(row.value, found.by, words), *(cells[key] for key in keys))
        )
    parts: list[RenderableType] = [
        Text(),
        _line(words.say("channels.title", by=dimension_label(found.by, words)), "bold"),
        fitted(columns, lines, [not row.enough for row in found.rows], grow=True),
    ]
    if costs:
        priced = [row for row in found.rows if row.per_win is not None and row.enough]
        if len(priced) > 1:
            best, worst = min(priced, key=lambda row: row.per_win or 0), max(priced, key=lambda row: row.per_win or 0)
            said = words.say(
                "channels.best",
                best=segment_label(best.value, found.by, words),
                best_cost=_money(best.per_win),
                worst=segment_label(worst.value, found.by, words),
                worst_cost=_money(worst.per_win),
            )
            parts.append(_line(said))
    else:
        parts.append(_line(words.say("channels.no_cost"), "dim"))
    parts.append(_line(words.say("channels.note" if costs else "channels.note_q"), "dim"))
    if found.period is not None:
        parts.append(_line(words.say("channels.period", start=found.period[0], end=found.period[1]), "dim"))
    return [*parts, *(_line(finding_text(note, words), "dim") for note in found.notes)]


def _mix_parts(mix: Mix, words: Words, *, small: bool) -> list[RenderableType]:
    columns = [
        Column(dimension_label(mix.by, words), 18),
        *(Column(words.say(f"compare.column.{key}"), 17, number=True) for key in ("before", "after", "mix", "rate")),
    ]
    lines = [
        (
            segment_label(part.value, mix.by, words),
            f"{percent(part.rate_before)} ({part.n_before:,})",
            f"{percent(part.rate_after)} ({part.n_after:,})",
            points(part.mix, small=small),
            points(part.rate, small=small),
        )
        for part in mix.parts[:MOST_PARTS]
    ]
    said = words.say(
        "compare.mix",
        difference=points(mix.difference, small=small),
        mix=points(mix.mix, small=small),
        mix_ci=points_pair(mix.mix_ci, small=small),
        rate=points(mix.rate, small=small),
        rate_ci=points_pair(mix.rate_ci, small=small),
    )
    parts: list[RenderableType] = [
        Text(),
        _line(words.say("compare.mix_title", by=dimension_label(mix.by, words)), "bold"),
        fitted(columns, lines, grow=True),
        _line(said),
    ]
    if mix.simpson:
        parts.append(_line(words.say("compare.simpson")))
    return parts


def _change_line(change: Change, name: str) -> tuple[str, ...]:
    if change.before is None and change.after is None:
        return name, f"{change.n_before:,}", f"{change.n_after:,}", "", "", ""
    small = are_small(change.before, change.after)
    return (
        name,
        f"{percent(change.before)} ({change.n_before:,})",
        f"{percent(change.after)} ({change.n_after:,})",
        points(change.difference, small=small),
        points_pair(change.ci, small=small),
        q_text(change.q),
    )


def _verdict(found: Comparison, words: Words) -> str:
    final = found.final
    if final.p is None or final.difference is None or final.ci is None:
        return words.say("compare.untested")
    key = "compare.same" if final.p >= 0.05 else "compare.better" if final.difference > 0 else "compare.worse"
    small = are_small(final.before, final.after)
    return words.say(
        key,
        points=points(final.difference, small=small),
        ci=points_pair(final.ci, small=small),
        p=p_text(final.p),
    )


def _money(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.2f}"


def _line(text: str, style: str = "") -> Text:
    return Text(wrapped(text, console().width), style=style)
