"""How the score came about: what it was learned from or which card gave it, how well it was tested, and what counts in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from lostdeals.distinct import factorized
from lostdeals.write.columns import header
from lostdeals.write.facts import scoring_lines
from lostdeals.write.fields import Field, Table
from lostdeals.write.model_card import once

if TYPE_CHECKING:
    from lostdeals.model import Report
    from lostdeals.vocab import Words

EXAMPLES = 6
"""What is said of a factor: so many of its values."""


def scoring_tables(report: Report, words: Words) -> tuple[Table, ...]:
    """The tables of the sheet 评分说明: the method, its tests, what counts, and what was left out."""
    return _method(report, words), _factors(report, words), _left_out(report, words)


def _method(report: Report, words: Words) -> Table:
    scoring = report.evaluation
    lines = [(words.say("model-card.method"), line) for line in scoring_lines(report, words)]
    figures = {
        "brier": scoring.brier,
        "ece": scoring.ece,
        "lift": scoring.top_decile_lift,
    }
    lines += [
        (words.say(f"model-card.{key}"), words.say(f"model-card.{key}-text", value=value))
        for key, value in figures.items()
        if value is not None
    ]
    if scoring.used_columns:
        said = words.say("terminal.comma").join(scoring.used_columns)
        lines.append((words.say("model-card.used"), said))
    lines += [
        (
            words.say("model-card.together"),
            words.say(f"together.{both.how}", first=both.columns[0], other=both.columns[1:]),
        )
        for both in scoring.together
    ]
    lines.append((words.say("model-card.reading"), words.say(f"model-card.reading-{scoring.method}")))
    fields = (
        Field(header(words, "topic"), once([topic for topic, _ in lines]), width=24),
        Field(header(words, "text"), [text for _, text in lines], "wrapped", 90),
    )
    return Table(words.say("heading.scoring"), fields)


def _factors(report: Report, words: Words) -> Table:
    """Each factor with how far it moves the score, the strongest first."""
    points = report.points
    factor = points["factor"].astype("category")  # the names are looked at once
    table = points["points"].groupby(factor, observed=True).agg(["size", "min", "max"])
    table["range"] = table["max"] - table["min"]
    table["weight"] = points["points"].abs().groupby(factor, observed=True).sum()
    table.index = table.index.astype(object)
    table = table.sort_values(["range", "weight"], ascending=False, kind="stable")
    examples = _examples(points, factor, words, signed=report.evaluation.method == "learned")
    fields = (
        Field(header(words, "factor"), list(table.index), "wrapped", 24),
        Field(header(words, "examples"), [examples[name] for name in table.index], "wrapped", 90),
        Field(header(words, "n"), table["size"], "number", 9),
        Field(header(words, "lowest_points"), table["min"], "points", 11),
        Field(header(words, "highest_points"), table["max"], "points", 11),
    )
    return Table(words.say(f"heading.factors-{report.evaluation.method}"), fields)


def _examples(points: pd.DataFrame, factor: pd.Series[Any], words: Words, *, signed: bool) -> dict[object, str]:
    """Factor -> its values with the mean points of those who have them; of many the best and the worst."""
    codes, texts = factorized(points["say"])
    both, first = pd.factorize(factor.cat.codes.to_numpy(dtype=np.int64) * (len(texts) + 1) + codes)
    mean = np.bincount(both, weights=points["points"].to_numpy(dtype=float)) / np.bincount(both)
    out: dict[object, str] = {}
    for number, name in enumerate(factor.cat.categories):
        own = np.flatnonzero(first // (len(texts) + 1) == number)
        own = own[np.argsort(-mean[own], kind="stable")]
        shown = own if len(own) <= EXAMPLES else np.concatenate([own[: EXAMPLES - 2], own[-2:]])
        said = [
            words.say(
                "model-card.example",
                value=_value(str(texts[first[one] % (len(texts) + 1)]), str(name), words),
                points=f"{mean[one]:+.1f}" if signed else f"{mean[one]:g}",
            )
            for one in shown
        ]
        if len(shown) < len(own):
            said.insert(EXAMPLES - 2, "…")
        out[name] = words.listed(said)
    return out


def _value(text: str, factor: str, words: Words) -> str:
    """A value without its factor's name, which stands beside it.

    >>> from lostdeals.vocab import Words, load
    >>> zh, en = (Words(load(), lang) for lang in ("zh", "en"))
    >>> _value("来源=转介绍", "来源", zh), _value("Visits ≥7", "Visits", en), _value("Came on a Friday", "Came (weekday)", en)
    ('转介绍', '≥7', 'Friday')
    """
    ways = [("why.factor", factor), ("why.range", factor)]
    for part in words.vocabulary.section("messages")["why"]["of"]:
        end = words.say("why.part", header="", part=words.say(f"feature.{part}"))
        if factor.endswith(end):
            ways.insert(0, (f"why.of.{part}", factor.removesuffix(end)))
    for key, name in ways:
        start, end = words.say(key, header=name, level="\0").split("\0")
        if text.startswith(start) and text.endswith(end) and len(text) > len(start) + len(end):
            return text[len(start) : len(text) - len(end)]
    return text


def _left_out(report: Report, words: Words) -> Table:
    leaks = report.evaluation.leaky_columns
    fields = (
        Field(header(words, "column"), [leak.column for leak in leaks], width=24),
        Field(
            header(words, "why_left_out"), [words.say(f"leak.{leak.why}", **leak.values) for leak in leaks], "wrapped"
        ),
    )
    return Table(words.say("heading.left-out"), fields)
