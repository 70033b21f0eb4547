"""The report of ``funnel`` on the screen."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from lostdeals.trends import FORECAST
from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.funnel_facts import REST, nobody_finished
from lostdeals.write.funnel_more import channel_parts, comparison_parts, trend_parts
from lostdeals.write.funnel_names import (
    days_text,
    dimension_label,
    funnel_label,
    interval,
    percent,
    q_text,
    segment_label,
    span_text,
    step_name,
)
from lostdeals.write.mask import finding_text, mask
from lostdeals.write.screen import BAR, Column, command_text, console, fitted, quoted, wrapped

if TYPE_CHECKING:
    from pathlib import Path

    from lostdeals.funnels import Funnel, Segment
    from lostdeals.trends import FunnelReport
    from lostdeals.vocab import Words

LONGEST_BAR = 14
PER_PAGE = 4
"""Steps of one page of groups."""
LISTED = 3
"""Customers named who sit too long at a step."""
SHOWN = 20
"""Groups on the screen, of periods the latest; all are in the workbook and in --json."""
SMALL = "† "
"""Before the name of a group that is too small to be tested, because a faint line is only seen on a terminal."""
PERIODS = ("day", "week", "month", "quarter", "year")
RANKED = 6
"""Values in the line that ranks them."""


def report_screen(
    name: str, report: FunnelReport, words: Words, outputs: Sequence[Path] = (), again: str = ""
) -> RenderableType:
    """The funnel with its trend, a comparison and the channels, as far as they were asked for; then what to ask next.

    again: the sheet as the next command takes it; empty takes its name.
    """
    again = again or quoted(name)
    parts: list[RenderableType] = [funnel_screen(name, report.funnel, words, again)]
    if report.trend is not None:
        parts += trend_parts(report.trend, words)
    if report.comparison is not None:
        parts += comparison_parts(report.comparison, words)
    if report.channels is not None:
        parts += channel_parts(report.channels, words)
    if outputs:
        files = words.say("terminal.comma").join(str(path) for path in outputs)
        parts += [Text(), paragraph(words.say("funnel.written", files=files))]
    if report.next:
        parts += [Text(), command(words.say("funnel.next", command=_command(report.next, again, words)))]
    return Group(*parts)


def funnel_screen(name: str, funnel: Funnel, words: Words, again: str = "") -> RenderableType:
    """The steps with their rates and times, the bottlenecks in words, who sits too long, and the groups."""
    label = funnel_label(funnel, words)
    bare = funnel.semantics == "counts" and name.startswith(f"{label}.")  # counts are called like their file
    title = words.say("funnel.title_bare" if bare else "funnel.title", file=name, funnel=label, n=funnel.steps[0].n)
    parts: list[RenderableType] = [
        paragraph(title, "bold"),
        paragraph(semantics(funnel, words), "dim"),
        _steps_table(funnel, words),
        *(paragraph(text) for text in _bottlenecks(funnel, words)),
        *(paragraph(text, "dim") for text in _moves(funnel, words)),
        *(paragraph(finding_text(note, words), "dim") for note in funnel.notes),
    ]
    if any(one.limit is not None and one.stuck for one in funnel.ageing):
        parts += _ageing(funnel, words)
    if funnel.segments:
        parts += _segments(funnel, words)
    if funnel.name == "own" and not funnel.segments:
        parts += [Text(), command(words.say("funnel.not_right", file=again or quoted(name)))]
    return Group(*parts)


def _command(wish: str, again: str, words: Words) -> str:
    """The next command: a forecast, a dimension to split by, or a period."""
    if wish == FORECAST:
        return f"lostdeals forecast {again}"
    option, name = wish.split(" ", 1)
    known = words.vocabulary.section("messages")["funnel"]["by_word"]
    said = words.pick(known[name]) if option == "--by" and name in known else name
    return f"lostdeals funnel {again} {option} {quoted(said)}"


def paragraph(text: str, style: str = "") -> Text:
    """A text in lines of the screen's width."""
    return Text(wrapped(text, console().width), style=style)


def command(text: str) -> Text:
    """A command with its label, in lines that can be copied."""
    return command_text(text)


def semantics(funnel: Funnel, words: Words) -> str:
    """What the numbers mean, in one line."""
    if funnel.semantics != "history":
        return words.say(f"funnel.semantics.{funnel.semantics}")
    timeless = funnel.input == "events" and funnel.as_of is None
    said = [
        words.say(f"funnel.input.{'events-untimed' if timeless else funnel.input}"),
        words.say(f"funnel.order.{funnel.order}"),
    ]
    if funnel.window_days is not None:
        said.append(
            words.say(
                f"funnel.window.{'step' if funnel.per_step else 'whole'}", span=span_text(funnel.window_days, words)
            )
        )
    elif funnel.order != "reached":
        said.append(words.say("funnel.window.none"))
    return words.say("terminal.semicolon").join(said)


def _bottlenecks(funnel: Funnel, words: Words) -> list[str]:
    loss, rate = funnel.largest_loss, funnel.lowest_rate
    if loss is None:
        return [words.say("funnel.unsure")] if any(step.high is not None for step in funnel.steps) else []
    said = []
    known = words.say("funnel.known_only") if len(funnel.steps) > 1 and funnel.steps[1].hidden else ""
    if loss[1] > 0:
        said.append(words.say("funnel.largest_loss", step=step_name(loss[0].key, funnel, words), n=loss[1]) + known)
    if rate is not None:
        step = step_name(rate[0].key, funnel, words)
        said.append(words.say("funnel.lowest_rate", step=step, rate=rate[1], n=rate[0].n) + known)
    return said


def _moves(funnel: Funnel, words: Words) -> list[str]:
    """Skipped steps, steps back, and how long the lost had waited where most were lost."""
    said = []
    if funnel.skipped or (funnel.skipped is not None and funnel.backward):
        said.append(words.say("funnel.moves", skipped=funnel.skipped, backward=funnel.backward or 0))
    elif funnel.backward:
        said.append(words.say("funnel.moves_back", backward=funnel.backward))
    timed = [one for one in funnel.dropped if one.took is not None]
    if timed:
        most = max(timed, key=lambda one: one.n)
        assert most.took is not None
        step = step_name(most.step, funnel, words)
        said.append(words.say("funnel.dropped", step=step, n=most.took.n, median=most.took.median, p90=most.took.p90))
    return said


def _steps_table(funnel: Funnel, words: Words) -> Table:
    timed = any(step.took is not None for step in funnel.steps)
    banded = any(step.high is not None for step in funnel.steps)
    columns = [
        Column(words.say("funnel.column.step"), 19 if timed else 22),
        *(Column(words.say(f"funnel.column.{key}"), 22, number=True) for key in ("n", "from_first", "from_previous")),
        *(
            [Column(words.say(f"funnel.column.{key}"), 7, number=True) for key in ("median", "p75", "p90")]
            if timed
            else ([] if banded else [Column("", LONGEST_BAR)])
        ),
    ]
    lines = []
    for place, step in enumerate(funnel.steps):
        band = f" ({step.low:,}–{step.high:,})" if step.high is not None else ""
        name = step_name(step.key, funnel, words)
        ci = f" ({interval(step.ci_previous)})" if place and step.ci_previous else ""
        rates = [percent(step.from_first), f"{percent(step.from_previous)}{ci}"]
        took = step.took
        times = [days_text(took.median), days_text(took.p75), days_text(took.p90)] if took else ["", "", ""]
        bar = [BAR * round(LONGEST_BAR * min(step.from_first or 0, 1))]
        rest = times if timed else [] if banded else bar
        lines.append((name, f"{step.n:,}{band}", *rates, *rest))
    return fitted(columns, lines, grow=True)


def _ageing(funnel: Funnel, words: Words) -> list[RenderableType]:
    least = words.vocabulary.section("funnels")["settings"]["least_moved"]
    columns = [
        Column(words.say("funnel.column.step"), 24),
        *(Column(words.say(f"funnel.column.{key}"), 16, number=True) for key in ("open", "median", "limit", "stuck")),
    ]
    lines = [
        (
            step_name(one.step, funnel, words),
            f"{one.n:,}",
            days_text(one.median),
            days_text(one.limit),
            f"{len(one.stuck):,}" if one.limit is not None else "–",
        )
        for one in funnel.ageing
    ]
    parts: list[RenderableType] = [
        Text(),
        paragraph(words.say("funnel.ageing", day=funnel.as_of), "bold"),
        fitted(columns, lines, grow=True),
    ]
    worst = max((one for one in funnel.ageing if one.stuck), key=lambda one: len(one.stuck))
    people = words.say("terminal.comma").join(
        words.say(
            "funnel.stuck_one" if row >= 0 else "funnel.stuck_user",
            called=mask(called, funnel.called),
            days=days,
            row=row,
        )
        for called, row, days in worst.stuck[:LISTED]
    )
    parts.append(paragraph(words.say("funnel.stuck", step=step_name(worst.step, funnel, words), people=people)))
    note = "ageing_note_won" if funnel.semantics == "reached-at-least" else "ageing_note"
    parts.append(paragraph(words.say(f"funnel.{note}", least=least), "dim"))
    return parts


def _segments(funnel: Funnel, words: Words) -> list[RenderableType]:
    """The groups: from first to last on one page, the steps between on as many as they need."""
    by = dimension_label(funnel.by, words)
    smallest = words.vocabulary.section("funnels")["settings"]["smallest_group"]
    note = words.say(
        "funnel.q_note_baseline" if funnel.baseline else "funnel.q_note", baseline=funnel.baseline, smallest=smallest
    )
    if not any(one.enough for one in funnel.segments if one.value not in (UNKNOWN, REST)):
        few = replace(funnel, segments=funnel.segments[:LISTED])
        said = words.say("funnel.all_small", n=len(funnel.segments), smallest=smallest)
        return [Text(), paragraph(words.say("funnel.by", by=by), "bold"), _first_page(few, words), paragraph(said)]
    whole, groups = funnel.segments, funnel.segments[-SHOWN:] if funnel.by in PERIODS else funnel.segments[:SHOWN]
    funnel = replace(funnel, segments=groups)
    parts: list[RenderableType] = [Text(), paragraph(words.say("funnel.by", by=by), "bold"), _first_page(funnel, words)]
    order = _ranking(funnel, words)
    if nobody_finished(funnel):
        parts.append(paragraph(words.say("funnel.nobody_finished", by=by)))
    elif order:
        parts.append(paragraph(order))
    places = list(range(1, len(funnel.steps)))
    if len(places) > 1:
        for start in range(0, len(places), PER_PAGE):
            page = _step_page(funnel, places[start : start + PER_PAGE], words)
            parts += [Text(), paragraph(words.say("funnel.page", by=by), "bold"), page]
    if len(whole) > len(groups):
        parts.append(paragraph(words.say("funnel.more_groups", n=len(whole) - len(groups)), "dim"))
    return [*parts, paragraph(note, "dim")]


def _first_page(funnel: Funnel, words: Words) -> Table:
    """Each group from first to last; q and rank only where they tell anything."""
    tested = any(one.q is not None for one in funnel.segments) and not nobody_finished(funnel)
    columns = [
        Column(words.say("funnel.column.value"), 24),
        Column(words.say("funnel.column.first"), 10, number=True),
        Column(words.say("funnel.column.last"), 10, number=True),
        Column(words.say("funnel.column.rate"), 12, number=True),
        Column(words.say("funnel.column.ci"), 12, number=True),
        *([Column("q", 8, number=True), Column(words.say("funnel.column.rank"), 5, number=True)] if tested else []),
    ]
    lines = [
        (
            _group_name(one, funnel, words),
            f"{one.steps[0].n:,}",
            f"{one.steps[-1].n:,}",
            percent(one.final_rate),
            interval(one.ci),
            *([q_text(one.q), "" if one.rank is None else str(one.rank)] if tested else []),
        )
        for one in funnel.segments
    ]
    return fitted(columns, lines, [not one.enough for one in funnel.segments], grow=True)


def _step_page(funnel: Funnel, places: list[int], words: Words) -> Table:
    """Of each group the rates of some steps from the one before, with their n."""
    columns = [
        Column(words.say("funnel.column.value"), 16),
        *(Column(step_name(funnel.steps[place].key, funnel, words), 15, number=True) for place in places),
    ]
    lines = [
        (_group_name(one, funnel, words), *(_step_cell(one, place) for place in places)) for one in funnel.segments
    ]
    return fitted(columns, lines, [not one.enough for one in funnel.segments], grow=True)


def _group_name(one: Segment, funnel: Funnel, words: Words) -> str:
    return ("" if one.enough else SMALL) + segment_label(one.value, funnel.by, words)


def _step_cell(segment: Segment, place: int) -> str:
    step = segment.steps[place]
    test = segment.tests[place - 1] if place <= len(segment.tests) else None
    star = "*" if test and test.q is not None and test.q < 0.05 else ""
    rate = "–" if step.from_previous is None else f"{step.from_previous:.0%}"
    return f"{rate}{star} ({step.n:,})"


def _ranking(funnel: Funnel, words: Words) -> str:
    """The groups from the best to the worst, equal ones with =, as far as the line holds them."""
    known = [one for one in funnel.segments if one.rank is not None and one.value != UNKNOWN]
    known.sort(key=lambda one: one.rank or 0)
    if not 2 <= len(known) <= RANKED:
        return ""
    text = segment_label(known[0].value, funnel.by, words)
    for before, one in itertools.pairwise(known):
        text += f" {'=' if one.rank == before.rank else '>'} {segment_label(one.value, funnel.by, words)}"
    return words.say("funnel.ranking", order=text)
