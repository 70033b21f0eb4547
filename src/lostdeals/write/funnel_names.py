"""Steps, groups and durations of a funnel in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lostdeals.vocab.words import UNKNOWN
from lostdeals.write.mask import mask

if TYPE_CHECKING:
    from lostdeals.funnels import Funnel
    from lostdeals.vocab import Words


SMALL = 0.01
"""Rates below this need a digit more."""


def step_name(key: str, funnel: Funnel, words: Words) -> str:
    """A step in words: as its funnel calls it, a stage, an outcome, or the sheet's own wording."""
    if funnel.semantics == "counts":
        return " ".join(key.split())
    return step_label(words, key, funnel.name)


def step_label(words: Words, key: str, funnel: str = "sales") -> str:
    """The label of a step's key; the key itself, on one line, where it is the sheet's own wording."""
    funnels = words.vocabulary.section("funnels")
    own = funnels.get(funnel, {}).get("step", {}).get(key, {}).get("label")
    if own is None and key == "entry":
        own = funnels["entry"]["label"]
    if own is not None:
        return words.pick(own)
    label = words.label("stage", key)
    return label if label != key else " ".join(words.label("outcome", key).split())


def funnel_label(funnel: Funnel, words: Words) -> str:
    """What the funnel is called."""
    if funnel.semantics == "counts":
        return funnel.name
    label = words.vocabulary.section("funnels").get(funnel.name, {}).get("label")
    if label is not None and funnel.name != "own":
        return words.pick(label)
    known = words.vocabulary.section("messages")["funnel"]["name"]
    return words.say(f"funnel.name.{funnel.name}") if funnel.name in known else funnel.name


def segment_label(value: str, by: str | None, words: Words) -> str:
    """A segment in words: a category by its label, what names a person masked; each part of two."""
    dimensions = (by or "").split(",")
    if len(dimensions) == 2 and " × " in value:
        parts = value.split(" × ", 1)
        return " × ".join(segment_label(part, one, words) for part, one in zip(parts, dimensions, strict=True))
    if value == UNKNOWN:
        return words.say("word.unknown")
    dimension = {"reason": "loss_reason"}.get(by or "", by or "")
    return words.label(dimension, str(mask(value, dimension)))


def dimension_label(by: str | None, words: Words) -> str:
    """What it is split by; a class by its label."""
    said = []
    for one in (by or "").split(","):
        labels = words.vocabulary.section("dimensions").get(one, {}).get("label")
        known = words.vocabulary.section("messages")["funnel"]["by_word"]
        role = {"reason": "loss_reason"}.get(one, one.split(".", 1)[0])
        roles = words.vocabulary.section("columns").get(role, {}).get("label")
        if labels or one in known:
            said.append(words.pick(labels or known[one]))
        else:
            said.append(one.removeprefix("extra.") if one.startswith("extra.") or not roles else words.pick(roles))
    return words.listed(said)


def percent(value: float | None) -> str:
    """A rate to a tenth of a percent, below one percent to a hundredth; a dash where there is no rate.

    >>> percent(0.4423), percent(0.00249), percent(0.0), percent(None)
    ('44.2%', '0.25%', '0.0%', '–')
    """
    if value is None:
        return "–"
    return f"{value:.2%}" if 0 < value < SMALL else f"{value:.1%}"


def points(value: float | None, *, small: bool = False) -> str:
    """Percentage points with their sign; small: of rates that need a digit more."""
    digits = 2 if small else 1
    return "–" if value is None else f"{round(value * 100, digits) + 0.0:+.{digits}f}"


def points_pair(ci: tuple[float, float] | None, *, small: bool = False) -> str:
    """The two ends of a difference."""
    return "" if ci is None else f"{points(ci[0], small=small)} … {points(ci[1], small=small)}"


def are_small(*rates: float | None) -> bool:
    """Whether all these rates are so small that a tenth of a point says nothing."""
    return all(rate is None or rate < 2 * SMALL for rate in rates)


def interval(ci: tuple[float, float] | None) -> str:
    """``40–48%``, with a digit more where both ends would look alike."""
    if ci is None:
        return ""
    if round(ci[1], 3) == 1 and round(ci[0], 2) == 1:
        return f"≥{ci[0]:.1%}"
    digits = 2 if ci[1] < 2 * SMALL else 0 if round(ci[0], 2) != round(ci[1], 2) else 1
    return f"{ci[0] * 100:.{digits}f}–{ci[1]:.{digits}%}"


def q_text(q: float | None) -> str:
    """``0.03*``; a dash where nothing was tested."""
    if q is None:
        return "–"
    return f"{p_text(q)}{'*' if q < 0.05 else ''}"


def p_text(p: float) -> str:
    """``0.03``, ``<0.001``."""
    return "<0.001" if p < 0.001 else f"{p:.2g}"


def days_text(days: float | None) -> str:
    """Days to two digits, less than one in hours or minutes; a dash where they are not known.

    >>> days_text(12.4), days_text(1.25), days_text(0.25), days_text(0.01), days_text(None)
    ('12', '1.2', '6.0 h', '14 min', '–')
    """
    if days is None:
        return "–"
    if days >= 10:
        return f"{days:,.0f}"
    if days >= 1:
        return f"{days:.1f}"
    hours = 24 * days
    return f"{hours:.1f} h" if hours >= 1 else f"{60 * hours:.0f} min"


def span_text(days: float, words: Words) -> str:
    """A length of time as a sentence has it: days to two digits, less than one in hours or minutes."""
    if days >= 1:
        return words.say(
            "funnel.span.day" if days == 1 else "funnel.span.days", n=f"{days:,.0f}" if days >= 10 else f"{days:.2g}"
        )
    hours = 24 * days
    return (
        words.say("funnel.span.hours", n=f"{hours:.2g}")
        if hours >= 1
        else words.say("funnel.span.minutes", n=f"{60 * hours:.0f}")
    )
